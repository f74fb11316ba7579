//! Places as people type them, and the mistakes they make.
use super::*;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-20T14:03:22Z".parse().unwrap()
}

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(1))
}

fn read(text: &str) -> Where {
    Where::read(text, now(), &zone()).unwrap_or_else(|mistake| panic!("{text:?}: {mistake}"))
}

fn ms(text: &str) -> Where {
    Where::Time(text.parse::<Timestamp>().unwrap().as_millisecond())
}

#[test]
fn every_form_is_read() {
    let forms = [
        ("start", Where::Start),
        ("earliest", Where::Start),
        ("latest", Where::End),
        ("last:25", Where::Last(25)),
        ("last 1,000", Where::Last(1000)),
        ("offset:0", Where::Offset(0)),
        (" offset 1,234 ", Where::Offset(1234)),
        ("0:1200,1:900", Where::Offsets([(0, 1200), (1, 900)].into())),
        ("7:5", Where::Offsets([(7, 5)].into())),
        ("group:billing", Where::Group("billing".into())),
        ("group:a b:c", Where::Group("a b:c".into())),
    ];
    for (text, wanted) in forms {
        assert_eq!(read(text), wanted, "{text}");
    }
}

#[test]
fn times_are_absolute_local_or_ago() {
    let times = [
        ("@2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("@2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z"),
        ("@2026-11-20T10:00:00.250Z", "2026-11-20T10:00:00.250Z"),
        ("@2026-11-20", "2026-11-19T23:00:00Z"),
        ("@2026-11-20T10:00", "2026-11-20T09:00:00Z"),
        ("@2026-11-20 10:00:30", "2026-11-20T09:00:30Z"),
        ("@10:00", "2026-11-20T09:00:00Z"),
        ("@1760000000123", "2025-10-09T08:53:20.123Z"),
        ("@1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("-15m", "2026-11-20T13:48:22Z"),
        ("-1h30m", "2026-11-20T12:33:22Z"),
        ("-2d", "2026-11-18T14:03:22Z"),
        ("-45s", "2026-11-20T14:02:37Z"),
    ];
    for (text, wanted) in times {
        assert_eq!(read(text), ms(wanted), "{text}");
    }
}

/// Clocks in Berlin skip 02:30 on that day.
#[test]
fn a_local_time_that_clocks_skip_is_the_one_after() {
    let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    assert_eq!(Where::read("@2026-03-29T02:30", now(), &berlin), Ok(ms("2026-03-29T01:30:00Z")));
}

#[test]
fn a_mistake_says_at_which_letter() {
    let mistakes = [
        ("", 0, "start, end"),
        ("strat", 0, "start, end"),
        ("last:x", 5, "number"),
        ("last:", 5, "missing"),
        ("  last:1x", 8, "number"),
        ("offset:-5", 7, "from 0 on"),
        ("offset:99999999999999999999", 7, "not that large"),
        ("0:12,1", 5, "0:1200"),
        ("0:12,1:x", 7, "number"),
        ("0:12,0:13", 5, "twice"),
        ("0:1,9999999999:2", 4, "smaller"),
        ("1200", 0, "offset:1200"),
        ("group:", 6, "which group"),
        ("@", 1, "2026-11-20"),
        ("@yesterday", 1, "2026-11-20"),
        ("@2026-13-01", 1, "no such date"),
        ("@2026-02-30T10:00:00Z", 1, "no such date"),
        ("@2026-11-20Tnoon", 1, "2026-11-20"),
        ("-15", 3, "last:N"),
        ("-15y", 3, "s, m, h or d"),
        ("-m", 1, "missing"),
    ];
    for (text, column, words) in mistakes {
        let mistake = Where::read(text, now(), &zone()).expect_err(text);
        assert_eq!(mistake.column, column, "{text:?}: {mistake}");
        assert!(mistake.words.contains(words), "{text:?}: {mistake}");
    }
}

#[test]
fn kcats_offsets_mean_what_they_mean_there() {
    let from = |place| Bounds { from: Some(place), to: None };
    assert_eq!(Where::kcat("beginning"), Ok(from(Where::Start)));
    assert_eq!(Where::kcat("1200"), Ok(from(Where::Offset(1200))));
    assert_eq!(Where::kcat("-10"), Ok(from(Where::LastEach(10))));
    assert_eq!(Where::kcat("s@1760000000000"), Ok(from(Where::Time(1_760_000_000_000))));
    assert_eq!(Where::kcat("e@5"), Ok(Bounds { from: None, to: Some(Where::Time(5)) }));
    assert!(Where::kcat("stored").unwrap_err().words.contains("group:NAME"));
    assert_eq!(Where::kcat("s@x").unwrap_err().column, 2);
    assert_eq!(Where::kcat("-1x").unwrap_err().column, 2);
}

#[test]
fn a_title_is_short() {
    assert_eq!(Where::Last(20).to_string(), "last 20");
    assert_eq!(Where::Offset(1000).to_string(), "offset 1,000");
    assert_eq!(read("@2026-11-20T10:00:00Z").to_string(), "2026-11-20 10:00:00Z");
    assert_eq!(read("@2026-11-20T10:00:00Z").title(&zone()), "2026-11-20 11:00:00");
    assert_eq!(read("0:1200,1:900").to_string(), "0:1200,1:900");
    assert_eq!(Where::Group("billing".into()).to_string(), "group billing");
}

#[test]
fn what_was_moved_says_to_where() {
    let moved = |asked, nearest| Moved { partition: 2, asked, nearest }.to_string();
    assert!(moved(Asked::Offset(5), Some(1200)).ends_with("its first is 1,200"));
    assert!(moved(Asked::Offset(5000), Some(1200)).ends_with("it ends at 1,200"));
    assert!(moved(Asked::Partition { of: 2 }, None).ends_with("the last of 2 is 1"));
    let backwards = moved(Asked::Backwards { from: 1720, to: 710 }, None);
    assert_eq!(backwards, "partition 2 is to be read from 1,720 to 710, which is before it: nothing is read");
}

fn places() -> impl Strategy<Value = Where> {
    prop_oneof![
        Just(Where::Start),
        Just(Where::End),
        (0..=i64::MAX as usize).prop_map(Where::Last),
        (0..=i64::MAX as u64).prop_map(Where::LastEach),
        (0..=i64::MAX).prop_map(Where::Offset),
        prop::collection::btree_map(0..=i32::MAX, 0..=i64::MAX, 1..5).prop_map(Where::Offsets),
        (0..4_000_000_000_000i64).prop_map(Where::Time),
        "[a-z][a-z .:-]{0,9}[a-z]".prop_map(|name| Where::Group(name.into())),
    ]
}

proptest! {
    #[test]
    fn anything_may_be_typed(text in "\\PC*") {
        let _ = Where::read(&text, now(), &zone());
        let _ = Where::kcat(&text);
    }

    #[test]
    fn what_nearly_is_a_place_may_be_typed(text in "(@|-|last:|offset:|group:|0:|)[0-9a-zé:,. TZ@+-]{0,24}") {
        if let Err(mistake) = Where::read(&text, now(), &zone()) {
            prop_assert!(mistake.column <= text.chars().count());
        }
    }

    #[test]
    fn a_title_is_read_as_the_place_it_names(place in places()) {
        prop_assert_eq!(Where::read(&place.to_string(), now(), &zone()), Ok(place.clone()));
        prop_assert_eq!(Where::read(&place.title(&zone()), now(), &zone()), Ok(place));
    }
}
