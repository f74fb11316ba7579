//! Numbers, ages and times as a person reads them.
pub use crate::number::{grouped, span};
use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

/// At most seven columns: `88,012`, `1.21M`, `40.2G`.
pub fn short(n: i64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    if n.unsigned_abs() < 1_000_000 {
        return grouped(n);
    }
    let value = n as f64;
    let (size, unit) = UNITS.iter().find(|(size, _)| value.abs() >= *size).unwrap_or(&UNITS[3]);
    let scaled = value / size;
    let places = if scaled.abs() < 9.995 { 2 } else { usize::from(scaled.abs() < 99.95) };
    format!("{scaled:.places$}{unit}")
}

/// Records a second: `0`, `0.4`, `120`, `1,204`. Something is never rounded to nothing.
pub fn rate(per_second: f64) -> String {
    match per_second {
        r if r <= 0.0 => "0".into(),
        r if r < 0.1 => "<0.1".into(),
        r if r < 9.95 => format!("{r:.1}").trim_end_matches(".0").into(),
        r => short(r.round() as i64),
    }
}

/// The same in at most five columns: `9,999`, `30.5k`, `101k`, `1.2M`.
pub fn short_rate(per_second: f64) -> String {
    match per_second.round() {
        r if r < 10_000.0 => rate(per_second),
        r if r < 99_950.0 => format!("{:.1}k", r / 1e3),
        r if r < 999_500.0 => format!("{:.0}k", r / 1e3),
        r if r < 99_950_000.0 => format!("{:.1}M", r / 1e6),
        r => format!("{:.0}M", r / 1e6),
    }
}

/// `52 KiB`, `64 MiB`
pub fn bytes(n: usize) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if n < 1024 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1023.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let places = usize::from(value < 9.95 && value.fract() > 0.049);
    format!("{value:.places$} {}", UNITS[unit])
}

/// `14:03:22`
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// How long ago `then` was; nothing for a time that has not come yet.
pub fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_and_nothing_rounds_to_nothing() {
        assert_eq!(
            [999_999, 1_000_000, 1_214_000, 40_233_000, 999_999_999].map(short),
            ["999,999", "1.00M", "1.21M", "40.2M", "1000M"]
        );
        assert_eq!([0.0, 0.04, 0.4, 4.0, 120.2, 1204.0].map(rate), ["0", "<0.1", "0.4", "4", "120", "1,204"]);
        assert_eq!([17, 52_224, 67_108_864].map(bytes), ["17 B", "51 KiB", "64 MiB"]);
    }

    /// A rate of five digits was cut: `30,5…`.
    #[test]
    fn a_short_rate_fits_five_columns() {
        assert_eq!(
            [0.4, 9_999.0, 30_517.0, 99_960.0, 100_900.0, 999_600.0, 1_234_567.0, 250e6].map(short_rate),
            ["0.4", "9,999", "30.5k", "100k", "101k", "1.0M", "1.2M", "250M"]
        );
    }
}
