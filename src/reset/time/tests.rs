use super::*;
use proptest::prelude::*;

/// 2026-11-20T10:00:00Z
const TEN: i64 = 1_795_168_800_000;

fn now() -> Timestamp {
    Timestamp::from_millisecond(TEN).unwrap()
}

#[test]
fn t24_a_time_without_a_zone_is_utc() {
    assert_eq!(now().to_string(), "2026-11-20T10:00:00Z");
    let table = [
        ("2026-11-20T10:00:00.000", TEN),
        ("2026-11-20T10:00:00.123", TEN + 123),
        ("2026-11-20T10:00:00.000Z", TEN),
        ("2026-11-20T10:00:00.000+02:00", TEN - 7_200_000),
        ("2026-11-20T10:00:00.000+0530", TEN - 19_800_000),
        ("2026-11-20T10:00:00.000-08", TEN + 28_800_000),
        ("2026-11-20T10:00:00", TEN),
        ("2026-11-20T10:00", TEN),
        ("2026-11-20T10:00Z", TEN),
        ("1969-12-31T23:59:59.999", -1),
    ];
    for (text, ms) in table {
        assert_eq!(datetime(text), Ok(ms), "{text}");
    }
}

#[test]
fn t24_what_is_no_time_is_told_with_the_letter_it_is_at() {
    let table = [
        ("", 0),
        ("2026-11-20", 0),
        ("2026-11-20 10:00:00.000", 0),
        ("2026-13-20T10:00:00.000", 0),
        ("2026-02-30T10:00:00.000", 0),
        ("26-11-20T10:00:00.000", 0),
        ("2026-11-20T24:00:00.000", 11),
        ("2026-11-20T10:60:00.000", 11),
        ("2026-11-20T1:00:00.000", 11),
        ("2026-11-20T10", 11),
        ("2026-11-20T", 11),
        ("2026-11-20T10:00.000", 11),
        ("2026-11-20T10:00:00.000+2", 23),
        ("2026-11-20T10:00:00.000+24:00", 23),
        ("2026-11-20T10:00:00.000ZZ", 23),
        ("2026-11-20T10:00:00.000 CET", 11),
        ("+2026-11-20T10:00:00.000", 0),
    ];
    for (text, column) in table {
        assert_eq!(datetime(text).map_err(|mistake| mistake.column), Err(column), "{text}");
    }
}

/// To Kafka's tool `.5` is 5 ms, to everybody else half a second.
#[test]
fn a_fraction_that_can_be_misread_is_refused() {
    for text in ["2026-11-20T10:00:00.5", "2026-11-20T10:00:00.50Z", "2026-11-20T10:00:00.5000", "2026-11-20T10:00:00."]
    {
        assert_eq!(datetime(text).map_err(|mistake| mistake.words), Err(FRACTION.to_owned()), "{text}");
    }
}

/// The forms of `java.time.Duration.parse`.
#[test]
fn t24_a_duration_goes_back_from_now() {
    let table = [
        ("P7D", 604_800_000),
        ("PT1H", 3_600_000),
        ("PT1H30M", 5_400_000),
        ("P1DT2H3M4.005S", 93_784_005),
        ("pt15m", 900_000),
        ("PT0S", 0),
        ("+PT5M", 300_000),
        ("P1DT-1H", 82_800_000),
        ("-PT-5M", 300_000),
        ("PT1.5S", 1_500),
        ("PT1,5S", 1_500),
        ("PT1.S", 1_000),
        ("PT36H", 129_600_000),
    ];
    for (text, ms) in table {
        assert_eq!(ago(text, now()), Ok(TEN - ms), "{text}");
    }
    assert_eq!(ago("P99999999999D", now()), Ok(0), "before the first record there could be");
}

#[test]
fn t24_what_is_no_duration_is_refused() {
    let wrong = [
        "",
        "P",
        "PT",
        "P1DT",
        "1H",
        "P1H",
        "PT1D",
        "P1W",
        "P1M",
        "P1Y",
        "PT1M1H",
        "PT1",
        "PT H",
        "PT1H ",
        " PT1H",
        "PTH",
        "PT1H2",
        "PT1.5H",
        "PT1.0000000001S",
        "PT.5S",
        "P1D1D",
        "PT--1H",
        "P99999999999999999999D",
        "PT1HT1M",
    ];
    for text in wrong {
        assert_eq!(ago(text, now()).map_err(|mistake| mistake.words), Err(DURATION.to_owned()), "{text}");
    }
}

/// Kafka's tool takes it, finds nothing there, and moves to the end: the opposite of what was meant.
#[test]
fn a_duration_ahead_is_refused() {
    for text in ["-PT1H", "PT-1H", "P1DT-25H"] {
        assert!(ago(text, now()).unwrap_err().words.contains("without the minus"), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text: String) {
        let _ = (datetime(&text), ago(&text, now()));
    }

    #[test]
    fn letters_of_durations_and_times_are_survived(time in "[0-9T:.Z+-]{0,30}", duration in "[-+]?P[0-9DTHMS.,+-]{0,20}") {
        let _ = (datetime(&time), ago(&duration, now()));
    }
}
