//! The lines a person writes in Tail: where to start, what to look for, which columns.
use super::*;
use kafscope::{bus::Searched, filter::Filter, output::Form, panels::Request};

/// The last tail that was asked for.
fn opened(s: &mut Screen) -> (Reading, Where, u64) {
    let last = |command| {
        if let Command::OpenTail { reading, from, generation } = command {
            Some((reading, from, generation))
        } else {
            None
        }
    };
    s.sent().into_iter().filter_map(last).next_back().expect("a tail is opened")
}

/// Types a line with blanks, and `enter`.
fn write(s: &mut Screen, key: &str, line: &str) {
    s.press(key).press("<ctrl-u>").paste(line).press("<enter>");
}

fn answer(s: &mut Screen, generation: u64, from: [(i32, i64); 2]) {
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: vec![0, 1] });
    s.hear(Event::TailBegan { generation, from: from.into() });
}

#[test]
fn s_starts_at_any_place_and_the_title_says_where() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("s").shows("start at ").shows("last:100").shows("esc leave");
    s.paste("@2026-11-20T14:00:00Z").press("<enter>");
    let (_, from, generation) = opened(&mut s);
    assert_eq!((from, generation), (Where::Time(1_795_183_200_000), 2));
    s.shows("Opening orders");
    answer(&mut s, 2, [(0, 40), (1, 7)]);
    s.hear(arrived(2, "orders", (40..140).map(value))).shows("from 2026-11-20 14:00:00").hides("following");
    assert_eq!(rows(&s)[..2], [40, 41]);
}

#[test]
fn a_place_that_is_none_is_said_under_its_letter_and_stays_to_be_corrected() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("s").paste("last:many").press("<enter>").shows("start at last:many").shows("^ ");
    assert!(said(&mut s).is_empty());
    s.press("<ctrl-u>").paste("last:7").hides("^ ").press("<enter>");
    assert_eq!(opened(&mut s).1, Where::Last(7));
    s.press("s <up>")
        .shows("start at last:7")
        .press("<down>")
        .hides("start at last")
        .press("<esc>")
        .hides("start at last");
}

#[test]
fn one_place_of_one_partition_is_shown_as_the_chosen_record() {
    let mut s = open(160, 45);
    s.hear(values(0, 100));
    write(&mut s, "s", "2:1200");
    let (reading, from, generation) = opened(&mut s);
    assert_eq!((reading.only, from), (Some([2].into()), Where::Offsets([(2, 1_200)].into())));
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: vec![2] });
    s.hear(Event::TailBegan { generation, from: [(2, 1_200)].into() });
    s.hear(arrived(generation, "orders", [record(2, 1_203, "k", "the next"), record(2, 1_204, "k", "after")]));
    s.shows("only partition 2").shows("partition 2 has no record at offset 1,200; the next one is 1,203");
    s.press("<enter>").shows("offset 1,203");
}

#[test]
fn a_filter_looks_back_for_matches_says_how_far_it_is_and_counts() {
    let mut s = open(160, 45);
    s.hear(values(0, 100));
    write(&mut s, "/", "value 7");
    let (reading, from, generation) = opened(&mut s);
    assert_eq!((reading.filter, from), (Some(Filter::read("value 7").expect("a filter")), Where::Last(22)));
    let searched = Searched {
        records: 500_000,
        matched: 12,
        bytes: 3 << 20,
        share: 0.25,
        partitions: vec![(0, 0.1), (1, 1.0)],
        left: Some(Duration::from_secs(9)),
        ..Searched::default()
    };
    s.hear(Event::Searching { generation, searched }).wait(2_000);
    s.shows("looking back for matches")
        .shows("25 % · 12 matched · 9.0 s left · 500,000 records · 3 MiB")
        .shows("esc stops");
    s.press("<esc>");
    assert_eq!(s.sent(), [Command::StopLooking { generation }]);
    answer(&mut s, generation, [(0, 7), (1, 0)]);
    s.hear(arrived(generation, "orders", [value(7), value(70)])).hear(Event::TailRead {
        generation,
        records: 500_030,
        failures: 2,
    });
    // The opening was counted twice: as a search, and by the tail that tells of it.
    s.shows("filter ").shows("500,030 looked at · 2 matched").shows("2 failed").hides("esc stops");
    let why = "cannot index a number".to_owned();
    s.hear(Event::FilterFailed { generation, partition: 1, offset: 5, why }).shows("! 1 notice");
}

#[test]
fn esc_shows_the_chosen_match_among_its_neighbours_and_n_goes_on_from_there() {
    let mut s = open(160, 45);
    write(&mut s, "/", "value 7");
    let (.., generation) = opened(&mut s);
    answer(&mut s, generation, [(0, 7), (1, 0)]);
    s.hear(arrived(generation, "orders", [value(7), value(70)])).press("<esc>");
    let (reading, from, generation) = opened(&mut s);
    assert_eq!((reading.filter, from), (None, Where::Time(TIME)));
    answer(&mut s, generation, [(0, 60), (1, 9)]);
    let (_, from, generation) = opened(&mut s);
    assert_eq!(from, Where::Offsets([(0, 70), (1, 9)].into()), "it begins with the record itself");
    answer(&mut s, generation, [(0, 70), (1, 9)]);
    s.hear(arrived(generation, "orders", (70..90).map(value))).press("<enter>").shows("offset 70").press("<esc>");
    s.press("n").press("<enter>").shows("offset 71").press("<esc> G n");
    let find = s.sent().pop().expect("a command");
    let Command::Find { reading, newer: true, from, generation } = find else { panic!("{find:?}") };
    assert_eq!((reading.filter.is_some(), &from[&0]), (true, &90));
    s.hear(Event::FindEnded { generation, found: None, to: from, stopped: false }).shows("no newer record matches");
}

#[test]
fn the_same_key_and_only_one_partition_are_a_key_away() {
    let mut s = open(160, 45);
    s.hear(arrived(1, "orders", [record(3, 5, "cust-17", "tea")])).press("P");
    assert_eq!(opened(&mut s).0.only, Some([3].into()));
    s.hear(arrived(2, "orders", [record(3, 5, "cust-17", "tea")])).press("S");
    let (reading, ..) = opened(&mut s);
    assert_eq!(reading.filter.expect("a filter").words(), "key:cust-17");
    s.press("i").shows("committed");
    assert!(opened(&mut s).0.committed);
}

#[test]
fn fields_are_columns_and_numbers_stand_at_their_right() {
    let mut s = open(160, 45);
    let json = [r#"{"id": 7, "user": {"name": "ann"}}"#, r#"{"id": 1234}"#, "no json"];
    s.hear(arrived(1, "orders", (0..).zip(json).map(|(i, value)| record(0, i, "k", value))));
    write(&mut s, "C", "id, user.name");
    s.shows("KEY         id  user.name ")
        .shows("k            7  ann ")
        .shows("k         1234  – ")
        .shows("k            –  – ");
    s.press("l").shows("KEY       user.name").press("h C").shows("columns id, user.name").press("<ctrl-u> <enter>");
    s.shows("KEY       VALUE ");
}

#[test]
fn a_file_that_is_there_is_written_over_only_when_it_is_said_twice() {
    let mut s = open(160, 45);
    s.hear(Event::TailBegan { generation: 1, from: [(0, 0)].into() }).hear(values(0, 10));
    s.press("E").shows("export to orders.jsonl").press("<enter>");
    assert_eq!(s.app.requests.pop(), Some(Request::LookFor("orders.jsonl".into())));
    s.app.on_file("orders.jsonl".as_ref(), true);
    s.shows("this file is there already; enter again writes over it");
    assert!(said(&mut s).is_empty());
    s.press("<enter>");
    let export = s.sent().pop().expect("a command");
    let Command::Export { id, from, to, .. } = export else { panic!("{export:?}") };
    assert_eq!((from, to), (Where::Offsets([(0, 0)].into()), Where::End));
    let searched = Searched { share: 0.5, matched: 5, ..Searched::default() };
    s.hear(Event::ExportGoesOn { id, searched })
        .shows("writing orders.jsonl · 50 % · 5 records · esc stops")
        .press("<esc>");
    assert_eq!(s.sent(), [Command::StopExport { id }]);
    let file = "orders.jsonl".into();
    s.hear(Event::ExportEnded { id, file, records: 6, bytes: 600, next: [(0, 6)].into(), why: None });
    s.shows("stopped: 6 records, 600 B, in orders.jsonl; s 0:6 goes on there");
}

/// It covered the newest record.
#[test]
fn a_line_one_writes_takes_its_rows_from_the_list() {
    for (width, height) in [(160, 45), (80, 24)] {
        let mut s = open(width, height);
        s.hear(values(0, 100)).press("/");
        assert_eq!(rows(&s).last(), Some(&99), "{}", s.screen());
        s.press("<esc> y").shows("copied the value");
        assert_eq!(rows(&s).last(), Some(&99), "{}", s.screen());
    }
}

/// The form and the range of an export that was written.
fn export(s: &mut Screen, file: &str) -> (Form, Where, Where) {
    s.press(&format!("E <ctrl-u> {file} <enter>"));
    s.app.on_file(file.as_ref(), false);
    match s.sent().pop() {
        Some(Command::Export { from, to, form, .. }) => (form, from, to),
        other => panic!("{other:?}"),
    }
}

/// It was refused, although every record has columns of its own.
#[test]
fn a_csv_without_chosen_columns_holds_what_every_record_has() {
    let mut s = open(160, 45);
    s.hear(values(0, 10)).press("E <ctrl-u> o.csv").shows("columns partition,offset,timestamp,key,value");
    s.press("<ctrl-u> o.odd").shows("end the name with").press("<esc>");
    assert_eq!(export(&mut s, "o.csv").0, Form::Csv("partition,offset,timestamp,key,value".into()));
}

#[test]
fn two_marks_are_the_range_of_an_export() {
    let mut s = open(160, 45);
    s.hear(values(0, 10)).hear(arrived(1, "orders", [record(1, 7, "k", "other")])).hear(values(10, 20));
    s.press("k k m k k k k k k k k k k k m E").shows("from mark to mark; unmark one for all").press("<esc>");
    let (_, from, to) = export(&mut s, "o.jsonl");
    let (begin, end) = ([(0, 7), (1, 7)].into(), [(0, 18), (1, 8)].into());
    assert_eq!((from, to), (Where::Offsets(begin), Where::Offsets(end)));
    s.press("m E").hides("from mark to mark").press("<esc>");
    assert_eq!(export(&mut s, "o.jsonl").2, Where::End);
}

/// It was accepted, and the topic was called empty.
#[test]
fn a_place_in_a_partition_that_is_not_there_is_a_mistake() {
    for (width, place, letter) in [(160, "9:100", 0), (80, "9:100", 0), (160, "0:1,2:5,9:7", 8)] {
        let mut s = open(width, 24);
        s.hear(values(0, 3)).press("s").paste(place).press("<enter>");
        s.shows(&format!("start at {place}")).shows("there is no partition 9; orders has 6");
        let column = |text: &str| row(&s, text).split(text).next().expect("what is before").chars().count();
        assert_eq!(column("^ there is no"), column("start at ") + 9 + letter, "{}", s.screen());
        assert!(said(&mut s).is_empty());
    }
}

/// "only partition 2" stayed for every later place.
#[test]
fn a_place_without_a_partition_shows_all_again_unless_p_chose_one() {
    for place in ["start", "last:3", "@2026-11-20", "end", "group:billing"] {
        let mut s = open(160, 45);
        s.hear(values(0, 3));
        write(&mut s, "s", "2:1200");
        assert_eq!(opened(&mut s).0.only, Some([2].into()));
        write(&mut s, "s", place);
        assert_eq!(opened(&mut s).0.only, None, "{place}");
    }
    let mut s = open(160, 45);
    s.hear(values(0, 3)).press("P");
    write(&mut s, "s", "start");
    assert_eq!(opened(&mut s).0.only, Some([0].into()));
    write(&mut s, "s", "0:1,3:5");
    assert_eq!(opened(&mut s).0.only, None, "they are named");
}

/// The whole topic was looked through for an empty key.
#[test]
fn a_filter_that_asks_for_nothing_is_a_mistake_and_stays_to_be_written() {
    for (line, words) in [("key:", "which key?"), ("header:", "which header?"), ("=", "which expression?")] {
        let mut s = open(160, 45);
        s.hear(values(0, 3));
        write(&mut s, "/", line);
        s.shows(&format!("filter {line}")).shows(&format!("^ {words}"));
        assert!(said(&mut s).is_empty());
    }
    let mut s = open(160, 45);
    write(&mut s, "/", "key:\"\"");
    assert_eq!(opened(&mut s).0.filter.expect("a filter").query().key, Some(vec![]));
}

/// The last export that was begun.
fn begun(s: &mut Screen) -> u64 {
    match s.sent().pop() {
        Some(Command::Export { id, .. }) => id,
        other => panic!("{other:?}"),
    }
}

/// What was typed was gone, and the notice ended in "go on with --from" and nothing.
#[test]
fn a_file_that_cannot_be_made_is_asked_for_again_with_what_was_typed() {
    for (width, height) in [(160, 45), (80, 24)] {
        let mut s = open(width, height);
        s.hear(values(0, 10)).press("E <ctrl-u> none/o.jsonl <enter>");
        s.app.on_file("none/o.jsonl".as_ref(), false);
        let id = begun(&mut s);
        s.hides("export to ");
        let why = Failure::new("writing none/o.jsonl", "No such file or directory", "choose another file");
        let file = "none/o.jsonl".into();
        s.hear(Event::ExportEnded { id, file, records: 0, bytes: 0, next: [].into(), why: Some(why) });
        s.shows("export to none/o.jsonl").shows("No such file or directory; choose another file").shows("^");
        s.press("<esc> !").shows("choose another file").hides("--from").press("<esc> E <ctrl-u> o.jsonl <enter>");
        s.app.on_file("o.jsonl".as_ref(), false);
        begun(&mut s);
    }
}

/// With a filter it began at the oldest match that happened to be shown.
#[test]
fn the_range_of_an_export_is_said_and_tab_switches_it() {
    let mut s = open(160, 45);
    s.hear(Event::TailBegan { generation: 1, from: [(0, 40)].into() }).hear(values(40, 50));
    s.press("E").shows("from the oldest row kept · tab: the whole topic").press("<tab>");
    s.shows("the whole topic · tab: from the oldest row kept").press("<esc>");
    assert_eq!(export(&mut s, "o.jsonl").1, Where::Offsets([(0, 40)].into()));
    s.press("E <tab> <enter>");
    s.app.on_file("orders.jsonl".as_ref(), false);
    assert!(matches!(s.sent().pop(), Some(Command::Export { from: Where::Start, .. })));
    write(&mut s, "/", "value");
    let generation = opened(&mut s).2;
    answer(&mut s, generation, [(0, 40), (1, 7)]);
    s.hear(arrived(generation, "orders", [value(40)])).press("E").shows("the whole topic · tab:").press("<esc>");
    assert_eq!(export(&mut s, "o.jsonl").1, Where::Start);
}

/// The end of the sentence, where the fact stands, was cut.
#[test]
fn what_is_too_long_for_one_row_has_two_and_the_caret_its_own() {
    let mut s = open(80, 24);
    s.hear(values(0, 30)).hear(Event::StartMoved { generation: 1, partition: 0, from: 1_234_567, to: 7_654_322 });
    s.shows("partition 0: Kafka deleted offsets 1,234,567 to").shows("7,654,321 before they were read");
    assert_eq!(rows(&s).last(), Some(&29), "{}", s.screen());
    s.press("s").paste("@noon").shows("^").shows("@10:00 or milliseconds since");
    assert_eq!(rows(&s).last(), Some(&29), "{}", s.screen());
}

/// Whoever followed stood still at the newest record of that moment.
#[test]
fn i_goes_on_following_and_stays_where_one_stayed() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).shows("· following").press("i");
    let (reading, from, generation) = opened(&mut s);
    assert_eq!((reading.committed, from), (true, Where::Last(22)));
    answer(&mut s, generation, [(0, 78), (1, 7)]);
    s.hear(arrived(generation, "orders", (78..100).map(value))).shows("· following").press("k k i");
    assert_eq!(opened(&mut s).1, Where::Time(TIME));
}

/// "Reading orders … 1.9 s" stood there after it had been stopped.
#[test]
fn a_look_back_that_was_stopped_is_not_said_to_go_on() {
    let mut s = open(160, 45);
    write(&mut s, "/", "nothing");
    let generation = opened(&mut s).2;
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: vec![0, 1] });
    s.hear(Event::Searching { generation, searched: Searched::default() }).wait(1_900).press("<esc>");
    s.hear(Event::TailBegan { generation, from: [(0, 7), (1, 0)].into() });
    s.shows("No record so far matches nothing; page up looks further back").hides("1.9 s");
}
