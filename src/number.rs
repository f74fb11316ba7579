//! Numbers and spans of time as a person reads them, for the nouns and the screen alike.
use std::time::Duration;

/// `1,233,112`
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// `5 ms`, `3.1 s`, `2m 14s`, `3h 02m`, `4d 03h`
pub fn span(duration: Duration) -> String {
    let (ms, s) = (duration.as_millis(), duration.as_secs());
    match s {
        0 if ms == 0 => "<1 ms".into(),
        0 => format!("{ms} ms"),
        1..=9 => format!("{:.1} s", duration.as_secs_f64()),
        10..=59 => format!("{s} s"),
        60..=3_599 => format!("{}m {:02}s", s / 60, s % 60),
        3_600..=86_399 => format!("{}h {:02}m", s / 3_600, s / 60 % 60),
        _ => format!("{}d {:02}h", s / 86_400, s / 3_600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!([0, 999, 1_000, -1_233_112].map(grouped), ["0", "999", "1,000", "-1,233,112"]);
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn ages_have_two_units_at_most() {
        assert_eq!(span(Duration::from_micros(400)), "<1 ms");
        let ages = [5, 3_100, 42_000, 134_000, 10_920_000, 356_400_000].map(|ms| span(Duration::from_millis(ms)));
        assert_eq!(ages, ["5 ms", "3.1 s", "42 s", "2m 14s", "3h 02m", "4d 03h"]);
    }
}
