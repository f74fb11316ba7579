//! A topic is one list from its start to its end, however little of it is kept.
use super::{
    log::{Log, places},
    *,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// `orders` in a ring that holds a few screens, opened.
fn small(log: &mut Log) -> Screen {
    small_on(log, 160, 45)
}

fn small_on(log: &mut Log, width: u16, height: u16) -> Screen {
    let mut s = Screen::with(kafscope::app::Start { ring_bytes: 24 << 10, ..start() }, width, height);
    s.with_topics(&[("orders", log.ends.len() as i32, 200)]).press("2");
    log.serve(&mut s);
    s
}

fn everything(log: &Log) -> BTreeSet<(i32, i64)> {
    (0..).zip(&log.ends).flat_map(|(id, end)| (0..*end).map(move |offset| (id, offset))).collect()
}

/// Presses a key, and lets Kafka answer, until what the screen shows stays the same; what was seen on the way.
fn walk(s: &mut Screen, log: &mut Log, key: &str) -> BTreeSet<(i32, i64)> {
    let mut seen = BTreeSet::new();
    let mut before = vec![];
    let mut same = 0;
    while same < 5 {
        s.press(key);
        log.serve(s);
        let now = places(s);
        check(&now);
        seen.extend(now.iter().flatten());
        same = if now == before { same + 1 } else { 0 };
        before = now;
    }
    seen
}

/// Within a partition each offset follows the one before, unless a line says what is missing.
#[track_caller]
fn check(shown: &[Option<(i32, i64)>]) {
    let mut last: BTreeMap<i32, i64> = BTreeMap::new();
    for place in shown {
        let Some((partition, offset)) = place else {
            last.clear();
            continue;
        };
        let before = last.insert(*partition, *offset);
        assert!(before.is_none_or(|before| before + 1 == *offset), "{shown:?}");
    }
}

#[test]
fn page_up_goes_to_the_start_and_page_down_back_to_the_end_and_meets_every_record() {
    let mut log = Log::new(&[400, 100, 250]);
    let mut s = small(&mut log);
    let up = walk(&mut s, &mut log, "<pgup>");
    assert_eq!(up, everything(&log));
    s.shows("┄ start of orders ┄");
    let down = walk(&mut s, &mut log, "<pgdn>");
    assert_eq!(down, everything(&log));
    let goes_on = |command: &Command| matches!(command, Command::GoOnTail { from: Where::Last(_), .. });
    assert!(log.asked.iter().any(goes_on), "who has not told where it begins would be left out");
    s.press("<pgdn> <pgdn>").shows("· following");
    log.ends[1] += 1;
    log.serve(&mut s);
    s.shows("value 1:100.");
}

#[test]
fn the_first_page_up_shows_older_records_at_once() {
    let mut log = Log::new(&[1_000]);
    let mut s = small(&mut log);
    assert_eq!(places(&s).first(), Some(&Some((0, 978))));
    s.press("<pgup> <pgup>");
    log.serve(&mut s);
    assert_eq!(places(&s).first(), Some(&Some((0, 957))), "the second page was not there yet when it was asked for");
}

#[test]
fn g_goes_to_the_start_of_the_topic_and_capital_g_to_its_end() {
    let mut log = Log::new(&[5_000]);
    let mut s = small(&mut log);
    s.press("g");
    log.serve(&mut s);
    assert_eq!(places(&s)[..2], [None, Some((0, 0))]);
    s.shows("┄ start of orders ┄").shows("from start");
    s.press("G");
    log.serve(&mut s);
    assert_eq!(places(&s).last(), Some(&Some((0, 4_999))));
    s.shows("· following").press("<pgup> <pgup>").shows("records skipped · enter reads them");
}

#[test]
fn a_paused_list_says_what_waits_and_f_skips_it_with_a_line_that_enter_reads() {
    let mut log = Log::new(&[50]);
    let mut s = small(&mut log);
    s.press("<space>");
    log.serve(&mut s);
    log.ends[0] = 350;
    s.hear(Event::TailBehind { generation: 1, behind: Some(300) });
    s.shows("paused · 300 wait in Kafka · space reads them, f skips them").press("f");
    log.serve(&mut s);
    s.shows("· following").press("<pgup> <pgup>");
    log.serve(&mut s);
    s.shows("┄ 278 records skipped · enter reads them ┄").press("f");
    s.press(&"k ".repeat(22));
    s.press("<enter>");
    log.serve(&mut s);
    let seen = walk(&mut s, &mut log, "<pgdn>");
    assert!((50..350).all(|offset| seen.contains(&(0, offset))), "{seen:?}");
    s.hides("skipped");
}

#[test]
fn an_older_page_that_takes_long_says_so_and_esc_stops_it() {
    let mut log = Log::new(&[1_000]);
    let mut s = small(&mut log);
    s.press("<pgup>").hides("esc stops").wait(400).shows("reading older records 400 ms · esc stops").press("<esc>");
    let Some(Command::StopLooking { generation }) = s.sent().pop() else { panic!("nothing is stopped") };
    s.shows("stopping");
    let from = [(0, 970)].into();
    s.hear(Event::OlderRead { generation, batches: vec![], from, start: false, stopped: true });
    s.shows("stopped; page up looks further back");
}

/// Records that left the ring while an older page was on its way were in neither: the list had a hole nobody spoke of.
#[test]
fn an_older_page_that_comes_after_the_oldest_left_is_asked_for_again() {
    let mut log = Log::new(&[1_000]);
    let mut s = small(&mut log);
    s.press("<pgup>");
    let asked = s.sent();
    for n in 0..100 {
        s.hear(arrived(
            1,
            "orders",
            (0..10).map(|i| {
                let offset = 1_000 + n * 10 + i;
                record(0, offset, "k", format!("value 0:{offset}."))
            }),
        ));
    }
    log.ends[0] = 2_000;
    log.answer(asked, &mut s);
    let again = s.sent();
    let looks_back = |command: &Command| matches!(command, Command::ReadOlder { before, .. } if before[&0] > 978);
    assert!(again.iter().any(looks_back), "{again:?}");
    log.answer(again, &mut s);
    let up = walk(&mut s, &mut log, "<pgup>");
    assert!(up.contains(&(0, 0)), "{up:?}");
    assert_eq!(walk(&mut s, &mut log, "<pgdn>"), everything(&log));
}

/// Whoever went back to the newest while a page was on its way lost the newest records to it.
#[test]
fn a_page_that_comes_when_one_follows_again_is_not_wanted() {
    let mut log = Log::new(&[1_000]);
    let mut s = small(&mut log);
    s.press("<pgup> f");
    log.serve(&mut s);
    s.shows("· following");
    assert_eq!(places(&s).last(), Some(&Some((0, 999))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is pressed while records are written, the list has no hole that no line tells of, and nothing twice.
    #[test]
    fn whatever_one_presses_the_list_has_no_hole(steps in prop::collection::vec((0usize..10, 0i64..40, any::<bool>()), 1..60)) {
        let keys = ["<pgup>", "<pgdn>", "<up>", "<down>", "f", "<space>", "G", "g", "<pgup> <pgup>", "<enter> <esc>"];
        let mut log = Log::new(&[300, 5, 120]);
        let mut s = small_on(&mut log, 80, 24);
        for (key, written, answers) in steps {
            s.press(keys[key]);
            log.ends[key % 3] += written;
            if answers {
                log.serve(&mut s);
            }
            check(&places(&s));
        }
        s.press("<esc> f");
        (0..300).for_each(|_| log.serve(&mut s));
        let last = places(&s).pop().flatten().expect("a record");
        prop_assert_eq!(last.1 + 1, log.ends[last.0 as usize], "{}", s.screen());
    }
}
