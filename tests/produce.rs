//! The Produce panel as a person meets it.
mod common;
#[path = "produce/history.rs"]
mod history;
#[path = "produce/writing.rs"]
mod writing;
use common::{Screen, start};
use kafscope::{
    bus::{Command, Draft, Event},
    failure::Failure,
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
fn p_writes_from_every_panel_with_the_cursor_in_the_value() {
    for panel in ["1", "2", "3", "4"] {
        let mut s = writing(160, 45);
        s.press("<tab> <esc>").press(panel).press("p tea <enter>");
        assert_eq!(draft(&mut s), value("tea"));
    }
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
