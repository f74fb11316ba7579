//! Where to: the eight strategies of Kafka's own tool as a person chooses them, and an undo file; each with what its
//! field takes. Times and durations are read as they are everywhere here, and as Kafka's tool writes them.
use crate::{
    mistake::Mistake,
    place::Where,
    reset::{Strategy, time},
};
use jiff::{Timestamp, tz::TimeZone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Earliest,
    Latest,
    Current,
    Offset,
    ShiftBy,
    Time,
    Duration,
    File,
    /// Back to what an undo file holds.
    Undo,
}

impl To {
    /// Those that a person chooses among.
    pub const ALL: [Self; 8] = [
        Self::Earliest,
        Self::Latest,
        Self::Current,
        Self::Offset,
        Self::ShiftBy,
        Self::Time,
        Self::Duration,
        Self::File,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::Current => "current",
            Self::Offset => "an offset",
            Self::ShiftBy => "shift by",
            Self::Time => "a time",
            Self::Duration => "a duration ago",
            Self::File => "from a CSV file",
            Self::Undo => "undo file",
        }
    }

    /// What it means, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Earliest => "the oldest record that is still there",
            Self::Latest => "the end: only what comes from now on",
            Self::Current => "where it stands; without a commit the end",
            Self::Offset => "the same offset in every partition",
            Self::ShiftBy => "back (-) or on (+) from each commit",
            Self::Time => "the first record of that time or later",
            Self::Duration => "the first record that is no older",
            Self::File => "lines of topic,partition,offset",
            Self::Undo => "what stood there before a reset",
        }
    }

    /// What its field is called; nothing where it needs none.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Earliest | Self::Latest | Self::Current => None,
            Self::Offset => Some("offset"),
            Self::ShiftBy => Some("by"),
            Self::Time => Some("time"),
            Self::Duration => Some("ago"),
            Self::File | Self::Undo => Some("file"),
        }
    }

    /// Examples of what it takes.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Earliest | Self::Latest | Self::Current => "",
            Self::Offset => "1200",
            Self::ShiftBy => "-100 · +100",
            Self::Time => "2026-11-20T10:00:00Z · 2026-11-20 · 10:00",
            Self::Duration => "15m · 1h30m · 2d · P1DT2H",
            Self::File => "offsets.csv",
            Self::Undo => "the file that a reset named",
        }
    }

    /// Does the field name a file? Its text is no strategy yet.
    pub fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Undo)
    }

    /// What the field says. Files say nothing before they are read.
    pub fn read(self, text: &str, now: Timestamp, zone: &TimeZone) -> Result<Option<Strategy>, Mistake> {
        let place = |prefix: &str, text: &str| {
            let cut = prefix.chars().count();
            let read = Where::read(&format!("{prefix}{text}"), now, zone);
            read.map_err(|mistake| Mistake::new(mistake.column.saturating_sub(cut), mistake.words))
        };
        Ok(match self {
            Self::Earliest => Some(Strategy::Earliest),
            Self::Latest => Some(Strategy::Latest),
            Self::Current => Some(Strategy::Current),
            Self::Offset => offset(place("offset:", text)?),
            Self::ShiftBy => Some(Strategy::ShiftBy(shift(text)?)),
            Self::Time => moment(place("@", text)?),
            Self::Duration if text.starts_with(['P', 'p']) => Some(Strategy::Time(time::ago(text, now)?)),
            Self::Duration if text.is_empty() => return Err(Mistake::new(0, DURATION)),
            Self::Duration => {
                let ago = text.strip_prefix('-').unwrap_or(text);
                let cut = text.chars().count() - ago.chars().count();
                moment(place("-", ago).map_err(|it| Mistake::new(it.column + cut, DURATION))?)
            }
            Self::File | Self::Undo => None,
        })
    }
}

const DURATION: &str = "write how long ago, as in 15m, 1h30m or P1DT2H";
const SHIFT: &str = "a shift is a number, as in -100 or +100";

fn offset(place: Where) -> Option<Strategy> {
    if let Where::Offset(offset) = place { Some(Strategy::Offset(offset)) } else { None }
}

fn moment(place: Where) -> Option<Strategy> {
    if let Where::Time(ms) = place { Some(Strategy::Time(ms)) } else { None }
}

fn shift(text: &str) -> Result<i64, Mistake> {
    let signed = usize::from(text.starts_with(['+', '-']));
    let odd = text.chars().skip(signed).position(|c| !c.is_ascii_digit() && c != ',');
    match (odd, text.replace(',', "").parse()) {
        (Some(odd), _) => Err(Mistake::new(signed + odd, SHIFT)),
        (None, Ok(by)) => Ok(by),
        (None, Err(_)) if text.chars().count() == signed => Err(Mistake::new(signed, SHIFT)),
        (None, Err(_)) => Err(Mistake::new(signed, "a shift is not that large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(to: To, text: &str) -> Result<Option<Strategy>, (usize, String)> {
        let now = "2026-11-20T14:00:00Z".parse().unwrap();
        to.read(text, now, &TimeZone::UTC).map_err(|it| (it.column, it.words))
    }

    #[test]
    fn each_strategy_reads_its_field() {
        let at = |text: &str| Ok(Some(Strategy::Time(text.parse::<Timestamp>().unwrap().as_millisecond())));
        assert_eq!(read(To::Offset, "1,200"), Ok(Some(Strategy::Offset(1_200))));
        assert_eq!(read(To::ShiftBy, "-100"), Ok(Some(Strategy::ShiftBy(-100))));
        assert_eq!(read(To::ShiftBy, "+1,000"), Ok(Some(Strategy::ShiftBy(1_000))));
        assert_eq!(read(To::Time, "2026-11-20T10:00:00Z"), at("2026-11-20T10:00:00Z"));
        assert_eq!(read(To::Time, "10:00"), at("2026-11-20T10:00:00Z"));
        for hour in ["1h", "-1h", "60m", "PT1H", "P0DT1H0M"] {
            assert_eq!(read(To::Duration, hour), at("2026-11-20T13:00:00Z"), "{hour}");
        }
        assert_eq!(read(To::Duration, "P1D"), at("2026-11-19T14:00:00Z"));
        assert_eq!(read(To::File, "x.csv"), Ok(None));
    }

    #[test]
    fn a_mistake_stands_at_its_letter() {
        let wrong = |to, text| read(to, text).unwrap_err().0;
        assert_eq!((wrong(To::Offset, "12x"), wrong(To::Offset, "-1"), wrong(To::Offset, "")), (2, 0, 0));
        assert_eq!((wrong(To::ShiftBy, "-1x"), wrong(To::ShiftBy, "-"), wrong(To::ShiftBy, "")), (2, 1, 0));
        assert_eq!(wrong(To::ShiftBy, "99999999999999999999"), 0);
        assert_eq!((wrong(To::Time, "soon"), wrong(To::Time, "")), (0, 0));
        assert_eq!((wrong(To::Duration, "15x"), wrong(To::Duration, "-15x"), wrong(To::Duration, "Pfoo")), (2, 3, 0));
    }
}
