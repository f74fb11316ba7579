//! Times as they are typed: absolute, on this machine's clock, or ago. In milliseconds since 1970, never negative, as
//! Kafka asks for them.
use super::read::count;
use crate::mistake::Mistake;
use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

const FORMS: &str =
    "no time; write @2026-11-20T10:00:00Z, @2026-11-20, @2026-11-20T10:00, @10:00 or milliseconds since 1970";
const AGO: &str = "write how long ago, as in -15m or -1h30m, with s, m, h or d";

/// What follows an `@`. `at`: the letter it begins with.
pub fn read(text: &str, at: usize, now: Timestamp, zone: &TimeZone) -> Result<i64, Mistake> {
    if text.is_empty() {
        return Err(Mistake::new(at, FORMS));
    }
    if text.chars().all(|letter| letter.is_ascii_digit()) {
        return count(text, at, "a time in milliseconds");
    }
    let moment = absolute(text).or_else(|| local(text, now, zone)).ok_or_else(|| Mistake::new(at, wrong(text)))?;
    Ok(moment.as_millisecond().max(0))
}

/// A date in the right form may still be none: there is no 13th month.
fn wrong(text: &str) -> &'static str {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let form = date.len() == 10
        && date.char_indices().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() });
    if form && date.parse::<Date>().is_err() { "no such date" } else { FORMS }
}

fn absolute(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp()))
}

/// A time that clocks show twice is the first, one that they skip is the one after.
fn local(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = || now.to_zoned(zone.clone()).date();
    let date = || text.parse::<Date>().ok().map(|date| date.to_datetime(Time::midnight()));
    let time = || text.parse::<Time>().ok().map(|time| today().to_datetime(time));
    let civil = if text.contains('-') { text.parse::<DateTime>().ok().or_else(date) } else { time() }?;
    zone.to_ambiguous_timestamp(civil).compatible().ok()
}

/// What follows a `-`, back from `now`.
pub fn ago(text: &str, at: usize, now: Timestamp) -> Result<i64, Mistake> {
    let (mut total, mut number, mut begins) = (0i64, String::new(), at);
    for (column, letter) in text.chars().enumerate().map(|(column, letter)| (at + column, letter)) {
        let Some(unit) = unit(letter) else {
            if !letter.is_ascii_digit() {
                return Err(Mistake::new(column, AGO));
            }
            number.push(letter);
            continue;
        };
        let units = count(&number, begins, "a number")?;
        total = total.saturating_add(units.saturating_mul(unit));
        number.clear();
        begins = column + 1;
    }
    if !number.is_empty() || text.is_empty() {
        let end = at + text.chars().count();
        return Err(Mistake::new(end, format!("{AGO}; the last N records are last:N")));
    }
    Ok(now.as_millisecond().saturating_sub(total).max(0))
}

fn unit(letter: char) -> Option<i64> {
    match letter {
        's' => Some(1000),
        'm' => Some(60_000),
        'h' => Some(3_600_000),
        'd' => Some(86_400_000),
        _ => None,
    }
}

/// `2026-11-20 10:00:00`, with milliseconds when there are some.
pub fn short(at: Timestamp, zone: &TimeZone) -> String {
    let form = if at.as_millisecond() % 1000 == 0 { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S%.3f" };
    at.to_zoned(zone.clone()).strftime(form).to_string()
}
