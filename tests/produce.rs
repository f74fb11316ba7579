//! The Produce panel as a person meets it.
mod common;
use common::{Screen, start};
use kafscope::{
    bus::{Command, Draft, Event},
    failure::Failure,
    panels::Request,
};
use std::time::Duration;

const SIZES: [(u16, u16); 3] = [(160, 45), (80, 24), (40, 10)];

/// A cluster with `orders` open, and the cursor in the value.
fn writing(width: u16, height: u16) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]).press("p");
    s.sent();
    s
}

/// The records that went out since the last call.
fn drafts(s: &mut Screen) -> Vec<Draft> {
    let sent = s.sent().into_iter();
    sent.filter_map(|c| if let Command::Produce { draft, .. } = c { Some(draft) } else { None }).collect()
}

#[track_caller]
fn draft(s: &mut Screen) -> Draft {
    let mut drafts = drafts(s);
    assert_eq!(drafts.len(), 1, "{}", s.screen());
    drafts.remove(0)
}

fn produced(id: u64) -> Event {
    Event::Produced { id, partition: 2, offset: 201_235, took: Duration::from_millis(3) }
}

fn failed(id: u64, answered: &str, maybe_written: bool) -> Event {
    let advice = "look at the topic before sending it again";
    Event::ProduceFailed { id, failure: Failure::new("sending a record to orders", answered, advice), maybe_written }
}

fn value(text: &str) -> Draft {
    Draft { value: Some(text.into()), ..Draft::default() }
}

/// Records sent in an earlier session, the oldest first.
fn remembers(s: &mut Screen, drafts: &[Draft]) {
    s.app.panels.produce.set_history(drafts.to_vec());
}

fn cursor(s: &Screen) -> Option<(u16, u16)> {
    let mut buffer = s.buffer();
    s.app.draw(&mut buffer).map(|at| (at.x, at.y))
}

#[test]
fn a_record_is_written_sent_and_acknowledged() {
    for (width, height) in SIZES {
        let mut s = writing(width, height);
        s.press("tea <tab> cust-17 <tab> trace=4f2 <tab> 3 <enter>");
        let expected = Draft {
            key: Some(b"cust-17".to_vec()),
            value: Some(b"tea".to_vec()),
            headers: vec![("trace".into(), Some(b"4f2".to_vec()))],
            partition: Some(3),
        };
        assert_eq!(draft(&mut s), expected);
        s.shows("… sending").wait(400).shows("… sending 400 ms");
        s.hear(produced(1)).shows("✓ p2 @ 201,235 in 3 ms");
    }
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
fn p_writes_from_every_panel_with_the_cursor_in_the_value() {
    for panel in ["1", "2", "3", "4"] {
        let mut s = writing(160, 45);
        s.press("<tab> <esc>").press(panel).press("p tea <enter>");
        assert_eq!(draft(&mut s), value("tea"));
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
fn nothing_is_never_sent_as_an_empty_value_by_accident() {
    for (width, height) in SIZES {
        let mut s = writing(width, height);
        s.press("<enter>").shows("nothing to send: type a value");
        s.press("<tab> k1 <ctrl-d>");
        assert!(drafts(&mut s).is_empty());
    }
}

#[test]
fn null_and_empty_values_are_sent_on_purpose() {
    let mut s = writing(80, 24);
    s.press("<ctrl-n>").shows("│ ␀ null").press("<ctrl-n>").shows("│ ∅ empty").press("<ctrl-n>").shows("type a value");
    s.press("<ctrl-n> <enter>");
    assert_eq!(draft(&mut s).value, None);
    s.hear(produced(1)).press("<ctrl-n> <ctrl-n> <enter>");
    assert_eq!(draft(&mut s), value(""));
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
fn enter_twice_sends_once() {
    let mut s = writing(80, 24);
    s.press("tea <enter> <enter> <ctrl-d>");
    assert_eq!(drafts(&mut s).len(), 1);
    s.shows("… sending").hear(produced(1)).press("<enter>");
    assert!(drafts(&mut s).is_empty());
}

#[test]
fn answers_to_other_records_change_nothing() {
    let mut s = writing(80, 24);
    s.press("tea <enter>").hear(produced(7)).hear(failed(8, "too late", false)).shows("… sending").shows("│ tea");
    s.hear(produced(1)).hear(failed(1, "too late", false)).shows("✓ p2").hides("too late").hides("notice");
    assert_eq!(s.app.session.sent.len(), 1);
}

#[test]
fn a_record_that_failed_stays_and_its_reason_is_read() {
    let why = "the record is larger than the topic takes (max.message.bytes)";
    let mut s = writing(160, 45);
    s.press("tea <tab> k1 <enter>").sent();
    s.hear(failed(1, why, false));
    s.shows(&format!("✗ {why}")).shows("│ tea").shows("key k1").shows("! 1 notice");
    s.resize(80, 24).shows("✗ the record is larger than the topi").shows("! tells all").shows("key k1");
    s.press("<esc> !").shows("larger than the topic takes").shows("look at the topic before");
}

#[test]
fn a_record_that_may_have_been_written_says_so_before_its_reason() {
    for (width, height) in [(160, 45), (80, 24)] {
        let mut s = writing(width, height);
        s.press("tea <enter>");
        s.sent();
        s.hear(failed(1, "no broker acknowledged it in time", true));
        s.shows("✗ may have been written: no broker").shows("│ tea");
        s.press("<enter>");
        assert_eq!(draft(&mut s), value("tea"), "again only when the person says so");
    }
}

/// It was noted by the panel and once more by the screen, and the notices said it happened twice.
#[test]
fn a_record_that_could_not_even_be_handed_over_is_noted_once() {
    let mut s = writing(80, 24);
    s.press("tea <enter>");
    let doing = s.sent().remove(0);
    s.hear(Event::Failed { doing, why: Failure::new("sending", "read-only", "") })
        .shows("✗ read-only")
        .press("<esc> !");
    s.shows("read-only").hides("×").hides("2 times").hides("twice");
}

#[test]
fn after_an_acknowledgement_key_and_headers_stay_and_the_value_is_free() {
    let mut s = writing(80, 24);
    s.press("tea <tab> k1 <tab> a=1 <enter>").hear(produced(1)).shows("key k1").shows("hdr a=1").hides("│ tea");
}

/// Cleared with the acknowledgement was whatever stood there by then.
#[test]
fn what_is_written_while_a_record_is_on_its_way_is_kept() {
    let mut s = writing(80, 24);
    s.press("tea <enter> s").hear(produced(1)).shows("│ teas").press("<enter>");
    assert_eq!(drafts(&mut s).last(), Some(&value("teas")));
}

#[test]
fn what_was_sent_is_told_to_tail_with_the_time_it_left_the_box() {
    let mut s = writing(80, 24);
    let left = s.now();
    s.press("tea <enter>").wait(5_000).hear(produced(1)).shows("✓ p2");
    let sent = s.app.session.sent.back().expect("one was sent");
    assert_eq!((sent.id, &*sent.topic, sent.partition, sent.offset), (1, "orders", 2, 201_235));
    assert_eq!((sent.at, sent.arrived), (left, None));
    s.app.session.sent[0].arrived = Some(Duration::from_millis(5));
    s.shows("in 3 ms, in tail after 5 ms");
}

#[test]
fn a_partition_that_is_not_there_is_refused_in_words() {
    let mut s = writing(80, 24);
    s.press("tea <tab> <tab> <tab> 6 <enter>").shows("orders has partitions 0 to 5");
    s.press("<backspace> x <enter>").shows("partition: a number").hides("0 to 5");
    assert!(drafts(&mut s).is_empty());
    s.press("<backspace> 5 <enter>").hides("a number");
    assert_eq!(draft(&mut s).partition, Some(5));
}

#[test]
fn a_partition_added_since_is_taken_once_the_list_shows_it() {
    let mut s = writing(80, 24);
    s.press("tea <tab> <tab> <tab> 6 <enter>").shows("0 to 5").with_topics(&[("orders", 7, 1)]).press("<enter>");
    assert_eq!(draft(&mut s).partition, Some(6));
}

#[test]
fn a_topic_nobody_has_seen_yet_leaves_the_partition_to_kafka() {
    let mut s = Screen::with(kafscope::app::Start { topic: Some("orders".into()), ..start() }, 80, 24);
    s.press("p tea <tab> <tab> <tab> 70 <enter>");
    assert_eq!(draft(&mut s).partition, Some(70));
}

#[test]
fn another_topic_keeps_the_text_and_the_title_says_where_it_goes() {
    let mut s = writing(160, 45);
    s.press("tea").shows("→ orders").click(5, 4).click(5, 4).shows("→ payments").shows("│ tea").press("p <enter>");
    let topic =
        s.sent().into_iter().find_map(|c| if let Command::Produce { topic, .. } = c { Some(topic) } else { None });
    assert_eq!(topic.as_deref(), Some("payments"));
    s.press("<esc> 1 k <enter>").shows("→ orders").hear(produced(1)).shows("✓ payments p2");
}

#[test]
fn leaving_by_esc_or_for_another_panel_keeps_the_text_and_gives_letters_their_meaning_back() {
    let mut s = writing(80, 24);
    s.press("tea q <esc>").shows("│ teaq");
    assert!(!s.app.quit);
    s.press("<enter> x").shows("│ teaqx").click(3, 3).press("4 q");
    assert!(s.app.quit);
}

#[test]
fn a_read_only_screen_never_sends() {
    for (width, height) in SIZES {
        let mut s = Screen::with(kafscope::app::Start { read_only: true, ..start() }, width, height);
        s.with_topics(&[("orders", 6, 1)]).press("4").shows("read-only");
        s.press("p").shows("read-only: nothing can be sent").press("x <enter> <ctrl-d>").click(30, 22);
        assert!(drafts(&mut s).is_empty());
    }
}

#[test]
fn without_an_open_topic_the_text_is_kept_and_the_box_says_what_is_missing() {
    let mut s = Screen::new(80, 24);
    s.shows("no topic is open").press("p tea <enter>").shows("open a topic first").shows("│ tea");
    assert!(drafts(&mut s).is_empty());
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
fn up_and_down_walk_the_lines_before_the_history() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[value("older")]);
    s.press("one <ctrl-j> two <up>")
        .shows("line 1 of 2")
        .press("<up>")
        .shows("│ older")
        .press("<down>")
        .shows("line 1 of 2");
    s.press("<down>").shows("line 2 of 2");
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
fn history_goes_back_and_forth_and_what_was_being_written_waits_below() {
    let mut s = writing(80, 24);
    s.press("one <enter>").hear(produced(1)).press("two <enter>").hear(produced(2)).press("three");
    s.press("<up>").shows("│ two").press("<up>").shows("│ one").press("<up>").shows("│ one");
    s.press("<down> <down>").shows("│ three").press("<down>").shows("│ three");
    s.press("<up> ! <up> <down> <down>").shows("│ two!");
    assert_eq!(s.app.panels.produce.history(), [value("one"), value("two")]);
}

#[test]
fn history_gives_back_null_empty_headers_and_partition_as_they_were() {
    let records = [
        Draft { key: Some(vec![]), value: None, headers: vec![], partition: Some(4) },
        Draft {
            key: None,
            value: Some(vec![]),
            headers: vec![("a".into(), None), ("a".into(), Some(vec![])), ("b c".into(), Some(b"x \"y\"\\".to_vec()))],
            partition: None,
        },
        Draft { key: Some(b"null".to_vec()), value: Some(b"a\r\nb\n".to_vec()), headers: vec![], partition: None },
    ];
    for record in records {
        let mut s = writing(80, 24);
        remembers(&mut s, std::slice::from_ref(&record));
        s.press("<up> <ctrl-d>");
        assert_eq!(draft(&mut s), record);
    }
}

/// They came back as `�` and would have been sent as that.
#[test]
fn bytes_that_are_not_text_are_sent_as_they_were() {
    let record = Draft {
        key: Some(b"two\nlines".to_vec()),
        value: Some(vec![0xff; 20]),
        headers: vec![("id".into(), Some(vec![0x80])), ("flag".into(), None)],
        partition: None,
    };
    let mut s = writing(160, 45);
    remembers(&mut s, std::slice::from_ref(&record));
    s.press("<up>").shows("20 bytes, not text").shows("key 9 bytes, man").shows("2 headers, not text");
    s.press("<left> <home> <tab> <left> <ctrl-n> <ctrl-n> <ctrl-n> <enter>");
    assert_eq!(draft(&mut s), record);
}

#[test]
fn typing_replaces_bytes_that_are_not_text_and_the_editor_leaves_them_alone() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[Draft { value: Some(vec![0xff, 0xfe]), ..Draft::default() }]);
    s.press("<up> <ctrl-e>").shows("not text: an editor would change it");
    assert!(s.app.requests.is_empty());
    s.press("tea <enter>");
    assert_eq!(draft(&mut s), value("tea"));
    s.hear(produced(1))
        .press("<up> <up>")
        .shows("2 bytes, not text")
        .press("<backspace> <enter>")
        .shows("nothing to send");
}

#[test]
fn what_is_written_while_looking_back_survives_the_acknowledgement() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[value("one")]);
    s.press("two <enter> three <up>").shows("│ one").hear(produced(1)).shows("│ one");
    s.press("<down>").shows("│ two").press("<down>").shows("│ twothree");
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
