//! `--to-datetime` and `--by-duration` as Kafka's tool has them (`Utils.getDateTime`, `java.time.Duration`), in ms since
//! 1970. What the tool takes for something else than it says is refused: `.5` is 5 ms to it, `-PT1H` an hour ahead.
use crate::mistake::Mistake;
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

const DATE: &str = "no time; write YYYY-MM-DDTHH:mm:SS.sss and a zone (Z, +02:00), or none for UTC";
const FRACTION: &str = "write milliseconds with three digits";
const DURATION: &str = "no duration; write PnDTnHnMnS, as in PT1H30M or P7D (no weeks, months or years)";

/// A date and a time, with a zone or in UTC. Seconds and their fraction may be left out.
///
/// # Errors
/// What is wrong and at which letter.
pub fn datetime(text: &str) -> Result<i64, Mistake> {
    let Some((date, rest)) = text.split_once('T') else { return Err(Mistake::at(text, 0, DATE)) };
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone_at);
    let begins = date.len() + 1;
    let date = day(date).ok_or_else(|| Mistake::at(text, 0, DATE))?;
    let time = clock(time).map_err(|words| Mistake::at_byte(text, begins, words))?;
    let offset =
        offset(zone).ok_or_else(|| Mistake::at_byte(text, begins + zone_at, "no zone; write Z, +02 or +02:00"))?;
    let moment = offset.to_timestamp(DateTime::from_parts(date, time));
    moment.map(Timestamp::as_millisecond).map_err(|_| Mistake::at(text, 0, "a time outside the years 0 to 9999"))
}

fn day(text: &str) -> Option<Date> {
    let [year, month, day] = numbers(text, '-', &[4, 2, 2])?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `HH:mm`, `HH:mm:SS` or `HH:mm:SS.sss`.
fn clock(text: &str) -> Result<Time, &'static str> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let ms = match fraction {
        None => 0,
        Some(fraction) => numbers::<1>(fraction, '.', &[3]).ok_or(FRACTION)?[0],
    };
    let minutes =
        || numbers::<2>(whole, ':', &[2, 2]).filter(|_| fraction.is_none()).map(|[hour, minute]| [hour, minute, 0]);
    let [hour, minute, second] = numbers(whole, ':', &[2, 2, 2]).or_else(minutes).ok_or(DATE)?;
    let small = |number: i32| i8::try_from(number).unwrap_or(i8::MAX);
    Time::new(small(hour), small(minute), small(second), ms * 1_000_000).map_err(|_| "no such time of day")
}

/// Nothing or `Z` is UTC; `+02`, `+0200` and `+02:00` are the same, as ISO 8601 has them.
fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "" | "Z") {
        return Some(Offset::UTC);
    }
    let (sign, digits) = (if text.starts_with('-') { -1 } else { 1 }, text.get(1..)?);
    let [hours, minutes] = match digits.len() {
        2 => numbers::<1>(digits, ':', &[2]).map(|[hours]| [hours, 0])?,
        4 => [numbers::<1>(digits.get(..2)?, ':', &[2])?[0], numbers::<1>(digits.get(2..)?, ':', &[2])?[0]],
        _ => numbers(digits, ':', &[2, 2])?,
    };
    let right = hours <= 23 && minutes <= 59;
    right.then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()).flatten()
}

/// So many numbers with so many digits each, nothing else between them.
fn numbers<const N: usize>(text: &str, between: char, digits: &[usize; N]) -> Option<[i32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == *digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// So long before `now`: `PnDTnHnMn.nS`, each number with a sign of its own, as `java.time.Duration.parse` takes them.
///
/// # Errors
/// What is wrong; also a time ahead, where no record can be.
pub fn ago(text: &str, now: Timestamp) -> Result<i64, Mistake> {
    let duration = duration(text).ok_or_else(|| Mistake::at(text, 0, DURATION))?;
    if duration.is_negative() {
        return Err(Mistake::at(text, 0, "this is a time ahead; write it without the minus"));
    }
    let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Ok(now.as_millisecond().saturating_sub(ms).max(0))
}

/// Letters of any case; a `T` with nothing behind it, or nothing at all, is none.
fn duration(text: &str) -> Option<SignedDuration> {
    let upper = text.to_ascii_uppercase();
    let (sign, rest) = signed(&upper);
    let (days, clock) = match rest.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((days, clock)) => (days, clock),
        None => (rest.strip_prefix('P')?, ""),
    };
    if days.is_empty() && clock.is_empty() {
        return None;
    }
    let (days, rest) = part(days, 'D', 86_400)?;
    let (hours, clock) = part(clock, 'H', 3_600)?;
    let (minutes, clock) = part(clock, 'M', 60)?;
    let (seconds, end) = seconds(clock)?;
    let total = days.checked_add(hours)?.checked_add(minutes)?.checked_add(seconds)?;
    let total = if sign < 0 { total.checked_neg()? } else { total };
    (rest.is_empty() && end.is_empty()).then_some(total)
}

fn signed(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A number with this unit at the front, if there is one, and what follows it.
fn part(text: &str, unit: char, seconds: i64) -> Option<(SignedDuration, &str)> {
    let Some((number, rest)) = text.split_once(unit) else { return Some((SignedDuration::ZERO, text)) };
    let seconds = whole(number)?.checked_mul(seconds)?;
    Some((SignedDuration::from_secs(seconds), rest))
}

fn whole(text: &str) -> Option<i64> {
    let (sign, digits) = signed(text);
    let right = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| digits.parse::<i64>().ok()).flatten().map(|number| sign * number)
}

/// Seconds with up to nine digits behind a point or a comma.
fn seconds(text: &str) -> Option<(SignedDuration, &str)> {
    let Some((number, rest)) = text.split_once('S') else { return Some((SignedDuration::ZERO, text)) };
    let (number, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let right = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let nanos = right.then(|| format!("{fraction:0<9}").parse::<i32>().ok()).flatten()?;
    let sign = if number.starts_with('-') { -1 } else { 1 };
    Some((SignedDuration::new(whole(number)?, sign * nanos), rest))
}

#[cfg(test)]
mod tests;
