//! What arrives, follows, waits and fails.
use super::*;

#[test]
fn a_screenful_is_asked_for_and_shown_with_every_column() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200)]);
    let asked =
        Command::OpenTail { reading: Reading::of("orders".into(), false), from: Where::Last(22), generation: 1 };
    assert!(s.sent().contains(&asked));
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: (0..6).collect() });
    s.hear(arrived(1, "orders", [record(2, 201_233, "cust-17", r#"{"id": 1833, "item": "tea", "qty": 2}"#)]));
    s.hear(behind(0)).shows("2 Tail  orders  6 partitions  from last 22 ");
    s.shows("│ TIME          P   OFFSET  KEY       VALUE ");
    s.shows(r#"│ 14:03:21.981  2  201,233  cust-17   {"id":1833,"item":"tea","qty":2} "#);
    s.shows("╰─ 1 received · 1 kept (").shows(" · 0 behind · following ─");
}

#[test]
fn the_small_standard_screen_drops_the_offset_and_the_lesser_counters() {
    let mut s = open(80, 24);
    s.hear(values(201_000, 201_400)).hear(behind(0)).shows("│ TIME          P  KEY       VALUE ").hides("OFFSET");
    s.shows("╰─ 400 received · 0 behind · following ─").press("k");
    s.shows("╰─ 400 received · not following · f follows ─").hides("kept");
}

#[test]
fn no_size_is_too_small() {
    for (width, height) in [(20, 5), (0, 0), (1, 1), (8, 4), (61, 17), (400, 100)] {
        let mut s = open(width, height);
        s.screen();
        s.hear(values(0, 50)).press("k k t <enter>");
        s.screen();
        s.press("3 j 4 J <esc>");
        s.screen();
    }
    open(20, 5).hear(values(0, 50)).shows("value 49.");
}

#[test]
fn the_newest_stands_at_the_bottom_and_what_was_shown_keeps_its_order() {
    let mut s = open(160, 45);
    let later = record(1, 9, "k", "value 100.");
    let earlier = Spec { timestamp: TIME - 60_000, ..record(3, 1, "k", "value 101.") };
    s.hear(arrived(1, "orders", [later])).hear(arrived(1, "orders", [earlier]));
    assert_eq!(rows(&s), [100, 101], "an older timestamp changes no order");
    s.hear(values(0, 40));
    assert_eq!(rows(&s), (18..40).collect::<Vec<_>>());
}

#[test]
fn scrolling_up_stops_following_and_the_rows_stay_while_more_arrive() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("k");
    let before = rows(&s);
    s.hear(values(100, 1_300)).shows("1,200 newer below · f follows");
    assert_eq!(rows(&s), before);
    s.press("f").shows("following");
    assert_eq!(rows(&s).last(), Some(&1_299));
    s.press("<pgup> <pgup>").hides("· following").press("G").shows("· following");
}

#[test]
fn down_from_the_newest_follows_again() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("k j").hides("· following").press("j").shows("· following");
}

#[test]
fn pause_stops_reading_says_what_waits_and_goes_on_where_it_was() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("<space>");
    assert_eq!(s.sent(), [Command::PauseTail { generation: 1 }]);
    s.hear(behind(1_204)).shows("paused · 1,204 wait in Kafka · space reads them, f skips them ─").hides("behind");
    let before = rows(&s);
    s.hear(values(100, 110));
    assert_eq!(rows(&s), before, "what was under way does not move the rows");
    s.press("<space>");
    assert_eq!(s.sent(), [Command::ResumeTail { generation: 1 }]);
    s.shows("· following");
    assert_eq!(rows(&s).last(), Some(&109));
}

#[test]
fn scrolling_while_paused_stays_paused_and_stays_there_afterwards() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("<space> k k").shows("paused");
    s.sent();
    s.press("<space>").shows("not following");
    assert_eq!(s.sent(), [Command::ResumeTail { generation: 1 }]);
    s.press("<space> f").shows("· following");
    assert_eq!(s.sent(), [Command::PauseTail { generation: 1 }, Command::ResumeTail { generation: 1 }]);
}

/// A ring of 64 KiB, opened.
fn small_ring() -> Screen {
    open_with(Screen::with(kafscope::app::Start { ring_bytes: 64 << 10, ..start() }, 160, 45))
}

#[test]
fn reading_waits_before_the_row_on_the_screen_would_leave() {
    let mut s = small_ring();
    s.hear(values(0, 100)).press("<pgup> <pgup> <pgup> <pgup> <pgup>");
    for n in 1..100 {
        s.hear(values(n * 100, n * 100 + 100));
        if said(&mut s) == [Command::PauseTail { generation: 1 }] {
            break;
        }
    }
    s.hear(behind(9_000)).shows("waiting, or these rows go · 9,000 wait in Kafka · f goes on");
    assert_eq!(rows(&s)[..3], [0, 1, 2]);
    s.resize(80, 24).shows("─ waiting, or these rows go · 9,000 wait in Kafka ─").resize(160, 45);
    s.press("j");
    assert!(said(&mut s).is_empty(), "the oldest row is still on the screen");
    s.press("<pgdn>").press("<pgdn>").press("<pgdn>").press("<pgdn>").press("<pgdn>").press("<pgdn>");
    assert_eq!(said(&mut s), [Command::ResumeTail { generation: 1 }]);
    s.hides("waiting");
}

#[test]
fn following_never_waits_and_the_ring_stays_within_its_bound() {
    let mut s = small_ring();
    for n in 0..100 {
        s.hear(values(n * 100, n * 100 + 100));
    }
    assert!(s.sent().is_empty());
    assert_eq!(rows(&s).last(), Some(&9_999));
    s.shows("10,000 received").hides("10,000 kept");
}

#[test]
fn the_ring_stays_within_its_number_of_records_too() {
    let mut s = open_with(Screen::with(kafscope::app::Start { ring_records: 500, ..start() }, 160, 45));
    for n in 0..20 {
        s.hear(values(n * 100, n * 100 + 100));
    }
    s.shows("2,000 received · 500 kept (");
}

#[test]
fn late_answers_to_an_older_question_are_dropped() {
    let mut s = open(160, 45);
    s.hear(values(0, 3)).press("1 j <enter> 2");
    assert!(s.sent().contains(&Command::OpenTail {
        reading: Reading::of("payments".into(), false),
        from: Where::Last(22),
        generation: 2
    }));
    let failure = Failure::new("reading", "nobody there", "");
    s.hear(values(3, 6)).hear(behind(7)).shows("Opening payments …").hides("value");
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: vec![0] });
    s.hear(Event::PartitionFailed { generation: 1, partition: 0, failure: failure.clone() });
    s.hear(Event::StartMoved { generation: 1, partition: 0, from: 0, to: 5 });
    s.shows("Opening payments …").hides("nobody there").hides("offsets").hides("6 partitions");
    let doing = Command::OpenTail { reading: Reading::of("orders".into(), false), from: Where::End, generation: 1 };
    s.hear(Event::Failed { doing, why: failure }).shows("Opening payments …");
}

#[test]
fn opening_says_how_long_and_esc_gives_up() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200)]).press("2").shows("Opening orders … ").hides("esc gives up");
    s.sent();
    s.wait(2_100).shows("Opening orders … 2.1 s; esc gives up.").press("<esc>");
    assert_eq!(s.sent(), [Command::CloseTail]);
    s.shows("orders is not open; f opens it.");
    s.hear(values(0, 3)).hides("value");
    s.press("f").shows("Opening orders …");
}

#[test]
fn an_unknown_topic_is_said_in_the_panel() {
    let mut s = open(160, 45);
    let doing = Command::OpenTail { reading: Reading::of("orders".into(), false), from: Where::End, generation: 1 };
    let why = Failure::new("opening orders", "the cluster has no such topic", "look in Topics for its name");
    s.hear(Event::Failed { doing, why }).shows("opening orders").shows("the cluster has no such topic");
    s.shows("look in Topics for its name").shows("! 1 notice");
}

#[test]
fn a_tail_that_fails_later_keeps_its_rows_and_says_why() {
    let mut s = open(160, 45);
    s.hear(values(0, 3));
    let doing = Command::ResumeTail { generation: 1 };
    s.hear(Event::Failed { doing, why: Failure::new("reading orders", "it was deleted", "") });
    s.shows("value 2.").shows("reading orders: it was deleted").shows("stopped");
}

#[test]
fn a_topic_without_records_says_so_and_what_to_do() {
    let mut s = open(160, 45);
    s.shows("Reading orders …").hear(behind(0)).shows("orders has no records; p writes the first one.");
    let mut s = open_with(Screen::with(kafscope::app::Start { read_only: true, ..start() }, 160, 45));
    s.hear(behind(0)).shows("orders has no records; what is written appears here.");
}

#[test]
fn a_partition_that_fails_is_one_line_and_recovery_clears_it() {
    let mut s = open(160, 45);
    s.hear(values(0, 100));
    let fail = |partition| Event::PartitionFailed {
        generation: 1,
        partition,
        failure: Failure::new("reading orders/2", "broker 2 (127.0.0.1:9093) does not answer", ""),
    };
    s.hear(fail(2)).shows("partition 2: broker 2 (127.0.0.1:9093) does not answer; others go on");
    s.shows("! 1 notice").shows("value 99.").hear(Event::TailBehind { generation: 1, behind: None }).shows("? behind");
    s.hear(fail(4)).shows("partitions 2, 4: broker 2 (127.0.0.1:9093) does not answer; others go on");
    s.hear(Event::PartitionRecovered { generation: 1, partition: 2 }).shows("partition 4: ").hides("partition 2: ");
    s.hear(Event::PartitionRecovered { generation: 1, partition: 4 }).hides("does not answer").shows("value 99.");
}

#[test]
fn offsets_that_kafka_deleted_are_said_for_a_while_and_noted() {
    let mut s = open(160, 45);
    s.hear(Event::StartMoved { generation: 1, partition: 3, from: 1_000, to: 2_500 });
    s.shows("partition 3: Kafka deleted offsets 1,000 to 2,499 before they were read").shows("! 1 notice");
    s.wait(11_000).hear(values(2_500, 2_503)).hides("partition 3: Kafka deleted");
    s.shows("┄ Kafka deleted 1,500 records before they were read ┄").press("!").shows("reading orders, partition 3");
}

/// "Kafka deleted offsets 30 to 9" was said, and what was written anew at offsets that had been read was not shown.
#[test]
fn a_log_that_became_shorter_goes_on_with_what_is_written_anew() {
    let mut s = open(160, 45);
    s.hear(values(0, 30)).hear(Event::StartMoved { generation: 1, partition: 0, from: 30, to: 10 });
    s.shows("partition 0 became shorter: it goes on at 10").hides("deleted").shows("! 1 notice");
    let anew = (10..13).map(|offset| record(0, offset, "k", format!("anew {offset}.")));
    s.hear(arrived(1, "orders", anew)).shows("anew 10.").shows("anew 12.");
    s.shows("┄ partition 0 became shorter: it goes on at 10 ┄").press("!").shows("reading orders, partition 0");
}

/// Batches in a compression we do not know left the screen without a word.
#[test]
fn batches_that_cannot_be_read_are_said_counted_and_noted() {
    let mut s = open(160, 45);
    let failure =
        Failure::new("reading offset 7 of orders partition 2", "compression 6 is not known", "reading went on");
    s.hear(values(0, 5)).hear(Event::BatchesUnreadable { generation: 1, partition: 2, batches: 1, failure });
    s.shows("partition 2: a batch could not be read: compression 6 is not known").shows("! 1 notice");
    s.wait(11_000).hear(values(5, 6)).hides("compression 6").shows(" · 1 batch unreadable · ");
    s.press("!").shows("reading offset 7 of orders partition 2");
}

/// A topic made anew under its name went on as if nothing had happened, its offsets beginning again at 0.
#[test]
fn a_topic_created_again_is_said_with_its_new_partitions() {
    let mut s = open(160, 45);
    s.hear(values(100, 105)).hear(Event::TopicRecreated { generation: 1, partitions: vec![0, 1] });
    s.shows("orders was deleted and created again; its new records follow from their start").shows("2 partitions");
}

/// It stayed until the next record, and on a quiet topic none came.
#[test]
fn a_word_goes_after_a_while_on_a_quiet_topic_too() {
    let mut s = open(160, 45);
    s.hear(values(0, 5)).press("y").shows("copied the value").wait(11_000).hides("copied the value");
}

/// "Choose one in Topics" stood there while there was nothing to choose and nobody to ask.
#[test]
fn without_a_cluster_tail_and_lag_say_what_they_wait_for() {
    let mut s = Screen::new(160, 45);
    let failure = Failure::new("connecting to localhost:9092", "connection refused", "is Kafka running there?");
    s.hear(Event::ConnectionFailed { failure }).shows("A topic opens here once the cluster answers.");
    s.shows("Groups appear once the cluster answers.");
    s.with_topics(&[("orders", 6, 200)]).hides("once the cluster answers").shows("Asking for groups");
}

/// "Reading" stood there for seconds without a number.
#[test]
fn reading_says_how_long_nothing_has_come() {
    let mut s = open(160, 45);
    s.shows("Reading orders … ").wait(1_200).shows("Reading orders … 1.2 s");
}

#[test]
fn the_time_has_four_forms() {
    let mut s = open(160, 45);
    s.hear(arrived(1, "orders", [value(0), Spec { timestamp: -1, timestamp_type: TimestampType::None, ..value(1) }]));
    assert!(row(&s, "value 1.").contains("│ –     "), "{}", s.screen());
    s.shows(" 14:03:21.981 ").press("t").shows("2026-11-20 14:03:21.981").press("t").shows("1795183401981");
    s.press("t").shows("AGE").shows(" 19 ms ").press("t").shows(" 14:03:21.981 ");
}

#[test]
fn y_copies_the_value_byte_for_byte_or_as_hex() {
    let mut s = open(160, 45);
    s.hear(arrived(1, "orders", [record(0, 1, "k", "a\tb\r\n\u{1b}朝")])).press("y").shows("copied the value, 9 B");
    assert_eq!(copied(&mut s).expect("a text"), "a\tb\r\n\u{1b}朝");
    s.hear(arrived(1, "orders", [record(0, 2, "k", [0, 255])])).press("y");
    assert_eq!(copied(&mut s).expect("hex"), "00ff");
    s.hear(arrived(1, "orders", [value(3).null()])).press("y").shows("the value is null");
    assert_eq!(copied(&mut s), None);
}

fn sent(s: &mut Screen, partition: i32, offset: i64) {
    let at = s.now();
    s.app.session.sent.push_back(Sent { id: 1, topic: "orders".into(), partition, offset, at, arrived: None });
}

#[test]
fn what_was_sent_from_here_is_marked_when_it_arrives_after_its_acknowledgement() {
    let mut s = open(160, 45);
    sent(&mut s, 2, 7);
    s.hear(arrived(1, "orders", [record(2, 5, "k", "same partition"), record(4, 7, "k", "same offset")]));
    assert_eq!(s.app.session.sent[0].arrived, None);
    s.wait(5).hear(arrived(
        1,
        "orders",
        [record(2, 6, "k", "before"), record(2, 7, "k", "mine"), record(3, 7, "k", "other")],
    ));
    assert!(row(&s, "mine").trim_end_matches([' ', '│']).ends_with("◂ sent here, 5 ms"), "{}", s.screen());
    assert!(!row(&s, "other").contains("sent here"));
    assert_eq!(s.app.session.sent[0].arrived, Some(Duration::from_millis(5)));
    s.wait(60_000).hear(arrived(1, "orders", [record(2, 8, "k", "later")])).shows("◂ sent here, 5 ms");
}

#[test]
fn what_was_sent_from_here_is_marked_when_its_acknowledgement_comes_last() {
    let mut s = open(160, 45);
    s.hear(arrived(1, "orders", [record(2, 7, "k", "mine"), record(2, 8, "k", "other")])).hides("sent here");
    sent(&mut s, 2, 7);
    s.wait(8).hear(Event::Produced { id: 1, partition: 2, offset: 7, took: Duration::from_millis(3) });
    assert!(row(&s, "mine").contains("◂ sent here, 8 ms"), "{}", s.screen());
    assert!(!row(&s, "other").contains("sent here"));
}

#[test]
fn the_same_place_in_another_topic_is_not_marked() {
    let mut s = open(160, 45);
    let at = s.now();
    s.app.session.sent.push_back(Sent { id: 1, topic: "payments".into(), partition: 0, offset: 1, at, arrived: None });
    s.hear(values(0, 3)).hides("sent here");
    assert_eq!(s.app.session.sent[0].arrived, None);
}

#[test]
fn the_mouse_chooses_opens_and_scrolls() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).click(60, 5).hides("· following").hides("Record");
    s.click(60, 5).shows(" Record  orders  partition 0  offset 80 ").press("<esc>");
    s.wheel(60, 10, -3);
    assert_eq!(rows(&s).first(), Some(&75));
    s.wheel(60, 10, 3).hides("· following").wheel(60, 10, 3).shows("· following");
}

#[test]
fn keys_that_do_nothing_here_are_not_offered() {
    let mut s = open(160, 45);
    s.shows(" enter whole record   / filter   s start at   f follow   space pause   E export ").hides("sort");
}
