//! Inside one record: folds, words that are looked for, forms, and what stands beside it.
use super::{
    body,
    common::batch::{TIME, arrived, record},
    copied, opened, value,
};
use kafscope::{
    bus::{Command, Event},
    place::Where,
};

const ORDER: &str = r#"{"id":7,"lines":[{"item":"tea","qty":2},{"item":"Tea pot","qty":1}],"note":"tea","none":{}}"#;

#[test]
fn an_object_folds_into_one_row_that_says_how_much_is_inside() {
    let mut s = value(ORDER);
    s.press("j j <enter>").shows("\"lines\": [ … 2 items ],").hides("qty").shows("rows 1–6 of 6, 9 folded ");
    s.press("<enter>").shows("\"item\": \"tea\"").shows("rows 1–15 of 15 ");
    s.press("j j j h").shows("rows 1–15").press("h").shows("{ … 2 fields },").press("l").hides("fields");
    s.press("g h").shows("{ … 4 fields }").shows("rows 1–1 of 1").press("<right>").shows("rows 1–15 of 15 ");
    s.press("j <space>").shows("nothing in this row can be folded");
}

#[test]
fn everything_folds_and_unfolds_at_once_and_the_cursor_stays_where_it_was() {
    let mut s = value(ORDER);
    s.press("j j j j -").shows("[ … 2 items ],").shows("\"note\": \"tea\"").shows("\"none\": {}");
    s.press("+").hides("items").shows("rows 1–15 of 15 ");
    value("plain text").press("-").shows("only JSON can be folded");
}

/// What was folded was open again in a window of another width.
#[test]
fn folds_outlive_a_new_size_and_end_with_the_record() {
    let mut s = opened(vec![record(0, 1, "k", ORDER), record(0, 2, "k", ORDER)]);
    s.press("j j <enter>").resize(80, 24).shows("[ … 2 items ],").resize(120, 40).shows("[ … 2 items ],");
    s.press("K").hides("items");
}

#[test]
fn words_are_found_in_any_case_inside_folds_too_and_round_the_end() {
    let mut s = value(ORDER);
    s.press("- / T E A").shows("/TEA").press("<enter>").shows("\"TEA\" is not here");
    s.press("/ <ctrl-u> tea <enter>").shows("\"item\": \"tea\"");
    s.press("n").shows("\"item\": \"Tea pot\"").press("n n").shows("rows 1–15 of 15");
    s.press("N N N N").hides("is not here");
    s.press("/ <esc> n").shows("nothing is looked for; / begins");
}

#[test]
fn the_row_that_is_found_is_the_cursors_and_what_is_found_stands_out() {
    let mut s = value(ORDER);
    s.press("/ pot <enter>");
    let buffer = s.buffer();
    let row = s.screen().lines().position(|row| row.contains("Tea pot")).expect("a row") as u16;
    let x = s.screen().lines().nth(usize::from(row)).expect("it").find("pot").expect("pot") as u16;
    // Borders take three bytes and one column.
    let styles = [x - 2, x - 3].map(|x| buffer[(x, row)].modifier);
    assert_ne!(styles[0], styles[1], "{}", s.screen());
    assert!(styles[1].contains(ratatui::style::Modifier::REVERSED));
}

#[test]
fn words_are_found_in_every_view() {
    let spec = record(0, 1, "k", "x".repeat(5_000) + "needle").header("trace", Some(b"a needle"));
    let mut s = opened(vec![spec.header("other", Some(b"1"))]);
    s.press("3 / needle <enter>").shows("xneedle").press("2 n").shows("needle").press("4 n").hides("not here");
    s.press("/ <ctrl-u> nothing <enter>").shows("\"nothing\" is not here").press("3 n").shows("is not here");
}

/// While words were typed, `q` closed the record and `1` changed the view.
#[test]
fn letters_are_text_while_words_are_typed() {
    let mut s = value("tea 1 q");
    s.press("/ q 1").shows("/q1").press("<esc>").shows("Record").hides("/q1");
    s.press("/").paste("1 q\n").press("<enter>").hides("is not here");
}

#[test]
fn a_value_is_read_as_the_person_says_and_the_next_record_too() {
    let count = |offset: i64, n: i64| record(0, offset, "word", n.to_be_bytes());
    let mut s = opened(vec![count(1, 41), count(2, 42)]);
    s.shows("not text").press("v").shows("1 decoded as text").press("v").shows("as json").shows("not JSON: at byte 0");
    s.press("v v v").shows("1 decoded as int64").press("K").shows("1 decoded as int64");
    assert_eq!(body(&s), ["41"]);
    assert_eq!(copied(s.press("y")).expect("digits"), "41");
    s.press("q <enter>").shows("1 decoded as int64");
    s.press("v v").hides("decoded as").shows("not text");
}

#[test]
fn what_does_not_fit_its_form_is_shown_as_it_looks_with_the_reason() {
    let mut s = opened(vec![record(0, 1, "k", b"12345"), record(0, 2, "k", b"12345678")]);
    s.press("v v v v v v").shows("1 decoded as double").press("K");
    s.shows("not double: 5 bytes, a double has 8; shown as text").shows(" 12345 ");
    assert_eq!(copied(s.press("y")).expect("the value"), "12345");
}

#[test]
fn a_key_is_read_as_the_person_says() {
    let mut s = opened(vec![record(0, 1, "", "v").key(&7i32.to_be_bytes()), record(0, 2, "", "v").key(b"tea!")]);
    s.press("V V V V V").shows("key 4 B as int32").shows("key   1952801057 ").press("K").shows("key   7 ");
}

#[test]
fn neighbours_in_the_partition_and_with_the_key() {
    let keys = ["a", "b", "a", "c", "b", "a"];
    let mut s = opened((0..6).map(|i| record(i % 2, i64::from(i), keys[i as usize], format!("value {i}."))).collect());
    s.shows("value 5.").press("[").shows("value 3.").press("[").shows("value 1.");
    s.press("] ]").shows("value 5.");
    s.press("]").shows("this is the newest record of its partition so far");
    s.press("S").shows("value 2.").press("S").shows("value 0.").press("S").shows("looking for it in Kafka; esc stops");
    let Some(Command::Find { reading, from, newer: false, generation }) = s.sent().pop() else { panic!("not asked") };
    assert_eq!(reading.filter.map(|filter| filter.words()), Some("key:a".into()));
    assert_eq!(from, [(0, 0), (1, 1)].into());
    s.hear(Event::FindEnded { generation, found: None, to: from, stopped: false });
    s.shows("no older record has this key").hides("looking");
}

/// What was not kept was said not to be there.
#[test]
fn a_neighbour_that_is_not_kept_is_looked_for_in_kafka_and_the_list_goes_with_it() {
    let mut s =
        opened(vec![record(1, 5, "k", "value 5."), record(0, 9, "k", "value 9."), record(1, 6, "k", "value 6.")]);
    s.press("[").shows("value 5.").press("[").shows("looking for it in Kafka; esc stops");
    let Some(Command::Find { reading, from, newer: false, generation }) = s.sent().pop() else { panic!("not asked") };
    assert_eq!((reading.only, &from), (Some([1].into()), &[(1, 5)].into()));
    s.hear(Event::FindEnded { generation, found: Some((1, 3)), to: [(1, 3)].into(), stopped: false });
    let Some(Command::OpenTail { from, generation, .. }) = s.sent().pop() else { panic!("not read") };
    assert_eq!(from, Where::Offsets([(1, 3)].into()));
    s.hear(arrived(generation, "orders", [record(1, 3, "k", "value 3.")])).shows("value 3.").hides("looking");
    let Some(Command::OpenTail { from: Where::Time(TIME), .. }) = s.sent().pop() else { panic!("alone in the list") };
}

#[test]
fn esc_stops_the_look_for_a_neighbour_before_it_closes_the_record() {
    let mut s = opened(vec![record(0, 5, "k", "value 5.")]);
    s.press("[").sent();
    s.press("<esc>").shows("stopped").shows("╭ Record ");
    assert!(matches!(s.sent().as_slice(), [Command::StopLooking { .. }]));
    s.press("<esc>").hides("╭ Record ");
}

/// Every key of a person at a value of ten megabytes waited for all of its rows.
#[test]
fn a_long_value_is_laid_out_in_slices_that_any_key_may_interrupt() {
    let rows = (0..50_000).map(|i| format!("{{\"n\":{i}}}")).collect::<Vec<_>>().join(",");
    let mut s = value(format!("[{rows}]"));
    s.shows("of more than 2,000 (").press("G").shows("of more than ").press("<enter>").press("g");
    s.press("G").rest().shows("rows 149,965–150,002 of 150,002 ").press("k k h h").shows("{ … 1 field }");
    s.press("g -").shows("rows 1–38 of 50,002, 100,000 folded").shows("{ … 1 field },");
    s.press("/ 49999 <enter>").shows("\"n\": 49999").shows("99,998 folded");
}

#[test]
fn what_ends_to_be_json_far_below_is_text_from_then_on() {
    let mut s = value(format!("[{} oops]", "1, ".repeat(10_000)));
    s.hides("not JSON").rest().shows("not JSON: at byte 30,002, this begins no JSON value; shown as text");
    s.shows(" [1, 1, 1, ");
}

#[test]
fn base64_is_in_rows_that_end_with_the_value() {
    let mut s = value([0xfb; 100]);
    s.press("v v").hides("not JSON:").press("v v").shows("as base64").shows(" +/v7+/v7").shows("+w== ");
}

/// Words beyond the rows that are laid out were found at the last row, which does not have them.
#[test]
fn what_is_found_beyond_the_bound_of_rows_is_said() {
    let mut s = value("\n".repeat(1_100_000) + "needle");
    s.press("2 G").rest().press("/ needle <enter>").rest().shows("found at byte 1,100,000, which only 3 hex shows");
    s.press("3 n").rest().shows("needle");
}

/// It was called the newest record of its partition, which it was not.
#[test]
fn under_a_filter_the_neighbours_are_matches_and_said_to_be() {
    let mut s = opened(vec![record(0, 5, "k", "value 5."), record(0, 6, "k", "value 6.")]);
    s.press("<esc> / value <enter>");
    let Some(Command::OpenTail { generation, .. }) = s.sent().pop() else { panic!("not read") };
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: (0..6).collect() });
    s.hear(arrived(generation, "orders", [record(0, 5, "k", "value 5.")])).press("<enter> ]");
    s.shows("this is the newest match of its partition so far").press("J").shows("this is the newest match so far");
    s.press("[");
    let Some(Command::Find { from, generation, .. }) = s.sent().pop() else { panic!("not asked") };
    s.hear(Event::FindEnded { generation, found: None, to: from, stopped: false });
    s.shows("this is the first match of its partition");
}

/// The new words were written behind the old ones.
#[test]
fn words_are_looked_for_anew() {
    let mut s = value("tea and coffee");
    s.press("/ tea <enter> / coffee <enter>")
        .hides("is not here")
        .press("/ milk <enter>")
        .shows("\"milk\" is not here");
}
