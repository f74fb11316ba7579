//! The four forms of a record's time.
use crate::{text::Safe, widgets::format};
use jiff::{Timestamp, tz::TimeZone};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// `14:03:21.981` where the person is.
    #[default]
    Local,
    /// `2026-11-20 14:03:21.981`
    Utc,
    /// Milliseconds since 1970.
    Epoch,
    /// `2m 14s`
    Age,
}

impl TimeForm {
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Epoch,
            Self::Epoch => Self::Age,
            Self::Age => Self::Local,
        }
    }

    pub fn head(self) -> &'static str {
        match self {
            Self::Local => "TIME",
            Self::Utc => "TIME UTC",
            Self::Epoch => "TIME MS",
            Self::Age => "AGE",
        }
    }

    pub fn width(self) -> u16 {
        match self {
            Self::Local => 12,
            Self::Utc => 23,
            Self::Epoch => 13,
            Self::Age => 8,
        }
    }

    /// `None` where the record has no time. A time beyond the calendar is shown as the number it is.
    pub fn show(self, ms: i64, now: Timestamp, zone: &TimeZone) -> Option<Safe> {
        if ms < 0 {
            return None;
        }
        let at = Timestamp::from_millisecond(ms).ok().filter(|_| self != Self::Epoch);
        let Some(at) = at else { return Some(Safe::from(ms.to_string())) };
        let form = |zone: &TimeZone, form| at.to_zoned(zone.clone()).strftime(form).to_string();
        Some(Safe::from(match self {
            Self::Local => form(zone, "%H:%M:%S.%3f"),
            Self::Utc => form(&TimeZone::UTC, "%Y-%m-%d %H:%M:%S.%3f"),
            Self::Age if at > now => format!("in {}", format::span(format::since(now, at))),
            _ => format::span(format::since(at, now)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_four_forms_and_no_time_has_none() {
        let now = Timestamp::from_millisecond(1_795_183_402_000).unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let show = |form: TimeForm, ms| form.show(ms, now, &zone).map(|safe| safe.to_string());
        let ms = 1_795_183_401_981;
        assert_eq!(show(TimeForm::Local, ms).unwrap(), "16:03:21.981");
        assert_eq!(show(TimeForm::Utc, ms).unwrap(), "2026-11-20 14:03:21.981");
        assert_eq!(show(TimeForm::Epoch, ms).unwrap(), "1795183401981");
        assert_eq!(show(TimeForm::Age, ms).unwrap(), "19 ms");
        assert_eq!(show(TimeForm::Age, ms + 5_019).unwrap(), "in 5.0 s");
        assert_eq!(show(TimeForm::Local, -1), None);
        assert_eq!(show(TimeForm::Local, i64::MAX).unwrap(), i64::MAX.to_string());
    }
}
