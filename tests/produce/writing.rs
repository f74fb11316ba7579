//! The fields of the box: what they hold, and what is seen of it.
use super::*;
use kafscope::panels::Request;

fn cursor(s: &Screen) -> Option<(u16, u16)> {
    let mut buffer = s.buffer();
    s.app.draw(&mut buffer).map(|at| (at.x, at.y))
}

#[test]
fn all_of_it_is_on_the_standard_screens() {
    let mut s = writing(160, 45);
    s.press("tea <tab> cust-17 <tab> trace=4f2");
    s.shows("4 Produce → orders")
        .shows(" key cust-17 ")
        .shows(" headers trace=4f2")
        .shows(" partition by key")
        .shows("│ tea");
    s.resize(80, 24)
        .shows("4 Produce → orders")
        .shows(" key cust-17 ")
        .shows(" hdr trace=4f2")
        .shows(" part by key")
        .shows("│ tea");
}

#[test]
fn in_the_smallest_box_the_field_with_the_cursor_is_the_one_that_is_seen() {
    let mut s = writing(24, 5);
    s.press("tea").shows("│ tea").press("<tab> k1").shows("key k1").hides("tea");
    s.press("<tab> a=1").shows("hdr a=1").press("<tab> 3").shows("part 3").press("<tab>").shows("│ tea");
}

#[test]
fn a_box_too_small_for_its_fields_names_those_that_are_set() {
    let mut s = writing(60, 16);
    s.press("tea <tab> k1 <tab> a=1").shows("hdr a=1").shows(" +key ").press("<tab> 3 <tab>").shows(" +hdr +part ");
    s.hides("+value").resize(24, 5).shows(" +key +hdr +part ").press("<tab>").shows(" +value");
}

#[test]
fn no_size_of_the_screen_breaks_the_box() {
    let mut s = writing(160, 45);
    s.paste(&"朝日\t".repeat(90)).press("<ctrl-j> x <tab> k").hear(failed(9, "late", false));
    for width in (0..70).chain([80, 119, 120, 121, 160, 400]) {
        for height in [0, 1, 2, 3, 4, 5, 10, 15, 16, 24, 45] {
            s.resize(width, height).screen();
            if let Some((x, y)) = cursor(&s) {
                assert!(x < width && y < height, "{width}×{height}");
            }
        }
    }
}

#[test]
fn an_untouched_key_is_null_and_an_empty_key_is_asked_for() {
    let mut s = writing(80, 24);
    s.shows("key ␀").shows("part any").press("tea <tab> <ctrl-n>").shows("key ∅").shows("part by key").press("<enter>");
    assert_eq!(draft(&mut s).key, Some(vec![]));
    s.hear(produced(1)).press("<ctrl-n>").shows("key ␀").press("<tab> <tab> <tab> tea <enter>");
    assert_eq!(draft(&mut s).key, None);
}

#[test]
fn a_key_that_is_written_can_be_null_for_once_and_comes_back() {
    let mut s = writing(80, 24);
    s.press("tea <tab> k1 <ctrl-n>").shows("key ␀").press("<ctrl-n>").shows("key ∅").press("<ctrl-n>").shows("key k1");
    s.press("<ctrl-n> k2").shows("key k2").hides("k1");
}

#[test]
fn the_text_below_a_mark_comes_back_and_typing_replaces_the_mark() {
    let mut s = writing(80, 24);
    s.press("tea <ctrl-n>").shows("␀ null").hides("tea").press("<backspace>").shows("│ tea");
    s.press("<ctrl-n> <left> <ctrl-n>").shows("∅ empty").press("x").shows("│ x").hides("tea");
    s.press("<ctrl-n>").paste("pasted").press("<enter>");
    assert_eq!(draft(&mut s), value("pasted"));
}

#[test]
fn with_many_lines_enter_is_a_line_end_and_the_box_says_what_sends() {
    let mut s = writing(80, 24);
    s.press("one <ctrl-j> two <enter>").shows("line 3 of 3, alt-enter sends");
    assert!(drafts(&mut s).is_empty());
    s.press("<tab> <enter>").shows("many lines: alt-enter sends them").shows("3/3");
    assert!(drafts(&mut s).is_empty());
    s.press("<alt-enter>");
    assert_eq!(draft(&mut s), value("one\ntwo\n"));
}

#[test]
fn a_paste_is_safe_on_the_screen_and_exact_in_the_record() {
    let hostile = "\u{1b}]0;x\u{7}\u{1b}[2J朝\u{202e}\t\u{0}é";
    for (width, height) in SIZES {
        let mut s = writing(width, height);
        s.paste(hostile).shows("␛]0;x␇␛[2J朝·␉␀é");
        assert!(!s.screen().contains(['\u{1b}', '\u{202e}', '\t', '\0']));
        s.press("<tab>").paste(hostile).press("<tab>").paste("a=\u{1b}朝").press("<enter>");
        let draft = draft(&mut s);
        assert_eq!((draft.value, draft.key), (Some(hostile.into()), Some(hostile.into())));
        assert_eq!(draft.headers, [("a".into(), Some("\u{1b}朝".into()))]);
    }
}

#[test]
fn a_pasted_line_is_one_line_and_pasted_lines_stay_lines() {
    let mut s = writing(80, 24);
    s.paste("{\"id\":1}\r").shows("│ {\"id\":1}").press("<enter>");
    assert_eq!(draft(&mut s), value("{\"id\":1}"));
    s.hear(produced(1)).paste("{\r\"id\":1\r}\r").shows("3/3, alt-enter sends").press("<ctrl-d>");
    assert_eq!(draft(&mut s), value("{\n\"id\":1\n}"));
}

#[test]
fn the_cursor_stands_behind_wide_letters_where_the_next_one_comes() {
    let mut s = writing(80, 24);
    let (x, y) = cursor(&s).expect("writing");
    s.paste("朝é");
    assert_eq!(cursor(&s), Some((x + 3, y)));
    s.press("<left> <left> <right>");
    assert_eq!(cursor(&s), Some((x + 2, y)));
}

#[test]
fn the_editor_takes_the_value_and_brings_it_back() {
    let mut s = writing(80, 24);
    s.press("tea <tab> <ctrl-e>");
    assert_eq!(std::mem::take(&mut s.app.requests), [Request::Edit("tea".into())]);
    s.app.on_edited("{\n}");
    s.shows("line 2 of 2").press("<ctrl-d>");
    assert_eq!(draft(&mut s), value("{\n}"));
}

#[test]
fn an_editor_closed_without_a_change_leaves_null_null() {
    let mut s = writing(80, 24);
    s.press("<ctrl-n> <ctrl-e>");
    s.app.on_edited("");
    s.shows("␀ null").press("<ctrl-e>");
    s.app.on_edited("tea");
    s.shows("│ tea");
}

#[test]
fn the_mouse_chooses_the_field() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 1)]);
    s.sent();
    let key = s.screen().lines().position(|line| line.contains("key ␀")).expect("the key's row") as u16;
    s.click(30, key).press("k1").click(30, key + 1).press("tea <enter>");
    assert_eq!(draft(&mut s), Draft { key: Some(b"k1".to_vec()), ..value("tea") });
}

#[test]
fn headers_keep_their_order_their_doubles_and_null_apart_from_empty() {
    let mut s = writing(160, 45);
    s.press("tea <tab> <tab>").paste("b=2 a=1 a= a note=\"two words\"").press("<enter>");
    let header = |name: &str, value: Option<&str>| (name.to_owned(), value.map(|value| value.as_bytes().to_vec()));
    let expected = [
        header("b", Some("2")),
        header("a", Some("1")),
        header("a", Some("")),
        header("a", None),
        header("note", Some("two words")),
    ];
    assert_eq!(draft(&mut s).headers, expected);
}

#[test]
fn the_wheel_goes_through_the_lines_of_the_value() {
    let mut s = writing(80, 24);
    s.press("a <ctrl-j> b <ctrl-j> c")
        .wheel(30, 21, -1)
        .shows("line 2 of 3")
        .shows("│ b")
        .wheel(30, 21, -3)
        .shows("│ a");
    s.wheel(30, 21, 3).shows("line 3 of 3").press("<ctrl-n>").wheel(30, 21, -1).shows("␀ null");
}
