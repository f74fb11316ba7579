//! A small line of the last five minutes, made of the samples that were seen and of nothing else: where there was none it
//! is blank, where none of them knew a number it has a gap, and a bound looks like no number.
use super::chart::BOUND;
use crate::text::Safe;
use jiff::Timestamp;

/// Bins of one line: 60 of 5 s are the five minutes that the head promises.
const BINS: i64 = 60;
/// Seconds of one bin.
const BIN: i64 = 5;
/// Seven steps and not eight: a full block would touch the row above.
pub const STEPS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
/// A bin that was asked for and not known.
const GAP: char = '·';

/// What came of asking, the least telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    Unknown,
    /// At least some number; how high it would stand nobody knows.
    Bound,
    Number(i64),
}

/// What was seen in the five seconds from this time on.
pub type Sample = (Timestamp, Seen);

/// The line as it stands now, `width` columns, the newest at the right. A column of several bins shows the highest.
/// `samples`: one a bin, the newest last; bins in which nothing was seen are left out.
pub fn line(samples: &[Sample], now: Timestamp, width: u16) -> Safe {
    let each = BINS.div_euclid(i64::from(width.max(1))).max(1);
    let last = end(samples, now).div_euclid(each);
    // Columns stand on fixed bins, so that a line moves on and never changes what it has shown.
    let columns = (last - i64::from(width).min(BINS / each) + 1)..=last;
    let peaks: Vec<Option<Seen>> = columns.map(|column| peak(samples, column, each)).collect();
    let number = |peak: &Option<Seen>| if let Some(Seen::Number(value)) = peak { Some(*value) } else { None };
    let scale = Scale::of(peaks.iter().filter_map(number));
    let letter = |peak: Option<Seen>| match peak {
        None => ' ',
        Some(Seen::Unknown) => GAP,
        Some(Seen::Bound) => BOUND,
        Some(Seen::Number(value)) => scale.step(value),
    };
    Safe::from(peaks.into_iter().map(letter).collect::<String>())
}

fn bin(at: Timestamp) -> i64 {
    at.as_second().div_euclid(BIN)
}

/// The bin at the right end: now, or the newest sample while the next is not due.
fn end(samples: &[Sample], now: Timestamp) -> i64 {
    let now = bin(now);
    samples.last().map(|(at, _)| bin(*at)).filter(|last| *last == now - 1).unwrap_or(now)
}

/// The most telling of one column, and of its numbers the highest; `None` without a sample.
fn peak(samples: &[Sample], column: i64, each: i64) -> Option<Seen> {
    samples.iter().filter(|(at, _)| bin(*at).div_euclid(each) == column).map(|(_, value)| *value).max()
}

/// From the least to the most of a line, but never magnified more than four times: a change of one in a thousand stays
/// flat. A level line is drawn low (`▃`), nothing at all lowest (`▁`).
#[derive(Debug, Clone, Copy)]
struct Scale {
    low: f64,
    span: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = i64>) -> Self {
        let (low, high) = values.fold((f64::MAX, 0.0f64), |(low, high), v| (low.min(v as f64), high.max(v as f64)));
        let span = (high - low).max(high / 4.0);
        Self { low: low - (span - (high - low)) / 3.0, span }
    }

    fn step(self, value: i64) -> char {
        let most = (STEPS.len() - 1) as f64;
        let part = if self.span > 0.0 { (value as f64 - self.low) / self.span } else { 0.0 };
        STEPS[(part * most).round().clamp(0.0, most) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    fn line(samples: &[(i64, Option<i64>)], now: i64, width: u16) -> String {
        let at = |s: i64| Timestamp::UNIX_EPOCH + (3_000 + s).seconds();
        let seen = |value: Option<i64>| value.map_or(Seen::Unknown, Seen::Number);
        let samples: Vec<Sample> = samples.iter().map(|(s, value)| (at(*s), seen(*value))).collect();
        super::line(&samples, at(now), width).as_str().to_owned()
    }

    #[test]
    fn a_line_shows_growth_and_a_level_stays_level() {
        let every = |f: fn(i64) -> i64| (0..60).map(|i| (i * 5, Some(f(i)))).collect::<Vec<_>>();
        assert_eq!(line(&every(|i| i * 10), 295, 6), "▁▂▃▅▆▇");
        assert_eq!(line(&every(|_| 88_012), 295, 6), "▃▃▃▃▃▃");
        assert_eq!(line(&every(|i| 88_012 + i), 295, 6), "▃▃▃▃▃▃");
        assert_eq!(line(&every(|_| 0), 295, 6), "▁▁▁▁▁▁");
    }

    #[test]
    fn no_sample_is_blank_what_was_not_known_is_a_gap_and_a_bound_is_no_number() {
        assert_eq!(line(&[(280, Some(4)), (285, None), (290, None), (295, Some(4))], 295, 60).trim_start(), "▃··▃");
        assert_eq!(line(&[(280, Some(4)), (295, Some(4))], 295, 60).trim_start(), "▃  ▃");
        assert_eq!(line(&[], 295, 6), "      ");
        let at = |s: i64| Timestamp::UNIX_EPOCH + (3_000 + s).seconds();
        let samples = [(at(280), Seen::Number(4)), (at(285), Seen::Bound), (at(290), Seen::Unknown)];
        assert_eq!(super::line(&samples, at(290), 60).as_str().trim_start(), "▃▒·");
    }

    #[test]
    fn the_end_does_not_flicker_before_the_next_sample_is_due() {
        assert_eq!(line(&[(290, Some(4)), (295, Some(4))], 301, 60).trim_start(), "▃▃");
        assert_eq!(line(&[(290, Some(4)), (295, Some(4))], 305, 60).trim_start(), "▃▃  ");
    }

    #[test]
    fn what_is_older_than_five_minutes_is_gone() {
        assert_eq!(line(&[(0, Some(9)), (299, Some(4))], 299, 60).trim_start().chars().count(), 60);
        assert_eq!(line(&[(0, Some(9)), (301, Some(4))], 301, 60).trim_start(), "▃");
        assert_eq!(line(&[(0, Some(9))], 900, 6).trim_start(), "");
    }

    #[test]
    fn a_line_moves_on_and_never_changes_what_it_has_shown() {
        let samples: Vec<_> = (0..=60).map(|i| (i * 5, Some(i / 6 % 4))).collect();
        let (before, after) = (line(&samples[..60], 299, 10), line(&samples, 304, 10));
        assert_eq!(before.chars().skip(1).collect::<String>(), after.chars().take(9).collect::<String>());
    }

    #[test]
    fn no_number_and_no_width_breaks_it() {
        for width in [0, 1, 7, 59, 60, 61, 400] {
            let text = line(&[(0, Some(i64::MAX)), (5, Some(0)), (10, Some(i64::MIN))], 10, width);
            assert!(text.chars().count() <= usize::from(width.max(1)), "{width} {text:?}");
        }
    }
}
