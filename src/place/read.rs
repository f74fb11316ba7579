//! A place as it is typed. Every mistake says at which letter it is.
use super::{Positions, Where, time};
use crate::mistake::Mistake;
use jiff::{Timestamp, tz::TimeZone};

const FORMS: &str = "write start, end, last:N, offset:N, 0:1200,1:900, @2026-11-20T10:00:00Z, -15m or group:NAME";

/// What one of kcat's `-o` says: it may be a beginning, or an end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    pub from: Option<Where>,
    pub to: Option<Where>,
}

impl Where {
    /// `now` and `zone`: what `-15m` and local dates count from.
    ///
    /// # Errors
    /// With the column of what is no place.
    pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, Mistake> {
        let indent = text.chars().take_while(|letter| letter.is_whitespace()).count();
        place(text.trim(), now, zone).map_err(|mistake| Mistake { column: mistake.column + indent, ..mistake })
    }

    /// What kcat's `-o` takes: `beginning`, `end`, `N`, `-N` (before the end, each partition), `s@MS` and `e@MS`.
    ///
    /// # Errors
    /// With the column of what kcat would not take.
    pub fn kcat(text: &str) -> Result<Bounds, Mistake> {
        let from = |place| Ok(Bounds { from: Some(place), to: None });
        if let Some(ms) = text.strip_prefix("s@") {
            return from(Self::Time(count(ms, 2, "milliseconds since 1970")?));
        }
        if let Some(ms) = text.strip_prefix("e@") {
            return Ok(Bounds { from: None, to: Some(Self::Time(count(ms, 2, "milliseconds since 1970")?)) });
        }
        if let Some(before) = text.strip_prefix('-') {
            return from(Self::LastEach(count(before, 1, "records before the end")?.unsigned_abs()));
        }
        match text {
            "beginning" | "earliest" | "start" => from(Self::Start),
            "end" | "latest" => from(Self::End),
            "stored" => Err(Mistake::new(0, "nothing is stored here: no group is joined; write --from group:NAME")),
            _ if text.starts_with(|letter: char| letter.is_ascii_digit()) => {
                from(Self::Offset(count(text, 0, "an offset")?))
            }
            _ => Err(Mistake::new(0, "write beginning, end, N, -N, s@MS or e@MS")),
        }
    }
}

fn place(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Where, Mistake> {
    match text {
        "" => return Err(Mistake::new(0, FORMS)),
        "start" | "beginning" | "earliest" => return Ok(Where::Start),
        "end" | "latest" => return Ok(Where::End),
        _ => {}
    }
    if let Some((name, at)) = after(text, "group") {
        return group(name, at);
    }
    if let Some((count, at)) = after(text, "last") {
        return last(count, at);
    }
    if let Some((offset, at)) = after(text, "offset") {
        return count(offset, at, "an offset").map(Where::Offset);
    }
    match text.chars().next() {
        Some('@') => time::read(&text[1..], 1, now, zone).map(Where::Time),
        Some('-') => time::ago(&text[1..], 1, now).map(Where::Time),
        Some('0'..='9') if text.contains(':') && !text.contains('-') => positions(text).map(Where::Offsets),
        Some('0'..='9') if text.contains('-') => time::read(text, 0, now, zone).map(Where::Time),
        Some('0'..='9') => Err(Mistake::new(0, format!("for an offset write offset:{text}, for a time @{text}"))),
        _ => Err(Mistake::new(0, FORMS)),
    }
}

/// What follows `word:`, or `word ` as titles have it, and at which letter.
fn after<'a>(text: &'a str, word: &str) -> Option<(&'a str, usize)> {
    let rest = text.strip_prefix(word)?;
    let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?;
    Some((rest, word.len() + 1))
}

fn group(name: &str, at: usize) -> Result<Where, Mistake> {
    if name.is_empty() {
        return Err(Mistake::new(at, "which group? write group:NAME"));
    }
    Ok(Where::Group(name.into()))
}

fn last(text: &str, at: usize) -> Result<Where, Mistake> {
    if let Some(each) = text.strip_suffix(" of each partition") {
        return Ok(Where::LastEach(count(each, at, "a number of records")?.unsigned_abs()));
    }
    let records = count(text, at, "a number of records")?;
    Ok(Where::Last(usize::try_from(records).unwrap_or(usize::MAX)))
}

fn positions(text: &str) -> Result<Positions, Mistake> {
    let (mut positions, mut at) = (Positions::new(), 0);
    for part in text.split(',') {
        let Some((partition, offset)) = part.split_once(':') else {
            return Err(Mistake::new(at, "write a partition and its offset, as in 0:1200,1:900"));
        };
        let id = partition.trim_start();
        let before = partition.chars().count() - id.chars().count();
        let known = i32::try_from(count(id, at + before, "a partition")?);
        let known = known.map_err(|_| Mistake::new(at + before, "a partition is smaller than that"))?;
        let offset = count(offset, at + partition.chars().count() + 1, "an offset")?;
        if positions.insert(known, offset).is_some() {
            return Err(Mistake::new(at + before, format!("partition {known} is named twice")));
        }
        at += part.chars().count() + 1;
    }
    Ok(positions)
}

/// A number from 0 on, with or without commas between its thousands. `at`: the letter it begins with.
pub fn count(text: &str, at: usize, what: &str) -> Result<i64, Mistake> {
    let odd = text.chars().position(|letter| !letter.is_ascii_digit() && letter != ',');
    match (odd, text.replace(',', "").parse::<i64>()) {
        (Some(odd), _) => Err(Mistake::new(at + odd, format!("{what} is a number from 0 on"))),
        (None, Ok(number)) => Ok(number),
        (None, Err(_)) if text.is_empty() => Err(Mistake::new(at, format!("{what} is missing"))),
        (None, Err(_)) => Err(Mistake::new(at, format!("{what} is not that large"))),
    }
}
