//! The Topics panel as a person meets it.
mod common;
use common::{Screen, connected, offsets, topic};
use kafscope::{
    bus::{Command, Event},
    failure::Failure,
    topic::TopicName,
};

const TOPICS: &[(&str, i32, i64)] =
    &[("orders", 6, 200), ("payments", 3, 100), ("__consumer_offsets", 50, 9), ("empty", 1, 0)];

fn opened(screen: &mut Screen) -> Vec<TopicName> {
    let tails = screen.sent().into_iter();
    tails.filter_map(|c| if let Command::OpenTail { reading, .. } = c { Some(reading.topic) } else { None }).collect()
}

#[test]
fn names_come_before_their_numbers() {
    let mut s = Screen::new(160, 45);
    s.shows("Asking for topics …").hear(connected());
    let now = s.now();
    s.hear(Event::TopicsListed { topics: vec![topic("orders", 6)], at: now });
    s.shows("  orders             6         …").shows("3 brokers").shows("Kafka 4.3").shows("● live");
    s.hear(Event::OffsetsRead { topics: vec![offsets("orders", 6, 0, 200_000)], at: now });
    s.shows("● orders             6     1.20M");
}

#[test]
fn the_first_topic_with_records_is_opened_without_a_key() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("aaa", 1, 0), ("orders", 6, 5), ("zzz", 1, 5)]);
    assert_eq!(opened(&mut s), ["orders".into()]);
    s.shows("● orders");
}

#[test]
fn enter_opens_and_moving_changes_nothing() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS);
    opened(&mut s);
    s.press("j j k");
    assert!(s.sent().is_empty());
    s.press("G <enter>");
    assert_eq!(opened(&mut s), ["payments".into()]);
}

#[test]
fn internal_topics_are_hidden_until_asked_for() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS).hides("__consumer_offsets").shows("1 Topics  3 ");
    s.press("i").shows("__consumer_o…").shows("1 Topics  4 ");
}

#[test]
fn the_filter_finds_letters_in_order_and_esc_clears_it() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS).press("/ pmt").shows("payments").hides("empty").shows("1 of 3");
    s.press("<esc>").shows("empty");
    s.press("/ xyz").shows("No topic has these letters");
}

#[test]
fn a_letter_of_the_filter_never_quits_or_opens_help() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS).press("/ q?:");
    assert!(!s.app.quit);
    s.shows("No topic has these letters");
}

#[test]
fn columns_sort_both_ways_and_the_cursor_stays_on_its_topic() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS).press("> > o");
    let screen = s.screen();
    let at = |name| screen.lines().position(|line| line.contains(name)).expect(name);
    assert!(at(" orders") < at(" payments") && at(" payments") < at(" empty"), "{screen}");
}

#[test]
fn a_rate_comes_from_two_samples_and_is_complete_when_all_are_in() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200), ("empty", 1, 0)]).wait(2_000);
    let now = s.now();
    s.hear(Event::OffsetsRead { topics: vec![offsets("orders", 6, 0, 240)], at: now });
    s.shows("~ 120 records/s");
    s.hear(Event::OffsetsRead { topics: vec![offsets("empty", 1, 0, 0)], at: now });
    s.shows("  120 records/s").hides("~");
}

/// A `?` stood there without a reason, and an empty topic with one unread partition was as unknown as one with none read.
#[test]
fn a_partition_that_cannot_be_read_makes_the_number_doubtful_never_zero() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 2, 0)]);
    let mut broken = offsets("orders", 2, 0, 500);
    broken.partitions[0].end = Err(Failure::new("reading the end of orders/0", "no leader", ""));
    let now = s.now();
    s.hear(Event::OffsetsRead { topics: vec![broken.clone()], at: now }).shows("~500");
    s.shows("╰─ 1 of 2 unread: no leader ─");
    broken.partitions[1].end = Err(Failure::new("reading the end of orders/1", "no leader", ""));
    s.hear(Event::OffsetsRead { topics: vec![broken.clone()], at: now });
    s.shows("╰─ 2 of 2 unread: no leader ─");
    assert!(s.screen().lines().any(|line| line.contains("orders") && line.contains(" ? ")), "{}", s.screen());
}

#[test]
fn a_cluster_that_does_not_answer_is_said_in_the_panel_and_in_the_header() {
    let mut s = Screen::new(160, 45);
    let why =
        Failure::new("connecting to localhost:9092", "connection refused", "is Kafka running there? try -b HOST:PORT");
    s.hear(Event::ConnectionFailed { failure: why }).shows("connecting to localhost:9092").shows("connection refused");
    s.shows("✗ not connected").shows("! 1 notice").press("!").shows("is Kafka running there?");
    s.press("<esc>").with_topics(TOPICS).hides("connection refused").shows("● live");
}

#[test]
fn an_empty_cluster_says_so_and_what_to_do() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[]).shows("This cluster has no topics yet.");
}

#[test]
fn the_mouse_chooses_opens_and_sorts() {
    let mut s = Screen::new(160, 45);
    s.with_topics(TOPICS);
    opened(&mut s);
    s.click(5, 5);
    assert!(opened(&mut s).is_empty());
    s.click(5, 5);
    assert_eq!(opened(&mut s), ["payments".into()]);
    s.click(28, 2).shows("↑RECORDS≤");
    s.drag((39, 10), (49, 10));
    assert_eq!(s.app.window.borders.topics, Some(50));
}

/// The name went to the clipboard without a word.
#[test]
fn copying_a_name_says_so_until_the_next_key() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]).press("y").shows("copied orders").press("j").hides("copied orders");
}

/// At 80 columns two of three steps sorted by columns that are not on the screen: nothing seemed to happen.
#[test]
fn sorting_steps_only_through_the_columns_on_the_screen() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]).press(">").shows("↑/S").press(">").shows("TOPIC↑");
    s.press("<").shows("↑/S").press("z >").shows("TOPIC↑").press(">").shows("↑PARTS").press("<").shows("TOPIC↑");
}

/// Where there are none, nothing told that the key had worked.
#[test]
fn internal_topics_say_whether_they_are_shown() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]).press("i").shows("internal topics shown");
    s.press("i").shows("internal topics hidden");
}

/// Names that begin alike could not be told from each other.
#[test]
fn a_name_that_is_cut_stands_whole_below_when_it_is_chosen() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("eu.shop.checkout.v1", 1, 5), ("eu.shop.checkout.v2", 1, 5), ("short", 1, 5)]);
    s.press("g").shows("╰─ eu.shop.checkout.v1 ─").press("j").shows("╰─ eu.shop.checkout.v2 ─").press("j").hides("╰─ ");
}
