//! The screen's line: parts joined by ` & `, all of which must hold. A part is a text as it is typed, `/regex/` or
//! `/regex/i`, `key:VALUE`, `header:NAME=VALUE` or `header:NAME`; `= JQ` takes all that follows. A VALUE in quotes is
//! read as a JSON string; a text that holds ` & ` is written as an expression.
use super::{
    Filter, Pattern, Query, Wanted,
    query::{AND, NULL},
};
use crate::mistake::Mistake;

/// A part and the byte where it begins.
type Part<'a> = (&'a str, usize);

pub fn read(line: &str) -> Result<Filter, Mistake> {
    let mut query = Query::default();
    for (part, at) in parts(line) {
        take(part, &mut query).map_err(|mistake| mistake.within(line, at))?;
    }
    let places: Vec<_> = parts(line).collect();
    Filter::compile(query).map_err(|mistake| placed(mistake, line, &places))
}

/// Finds the part that a mistake of compiling is about.
fn placed(mistake: Mistake, line: &str, parts: &[Part<'_>]) -> Mistake {
    let inner = |(part, at): &Part<'_>| match jq(part) {
        Some(jq) => (mistake.text.as_deref() == Some(jq.trim())).then(|| at + part.len() - jq.trim_start().len()),
        None => Some(pattern(part))
            .filter(|of| of.regex && mistake.text.as_ref() == Some(&of.text))
            .map(|_| at + SLASH.len()),
    };
    match parts.iter().find_map(inner) {
        Some(at) => mistake.within(line, at),
        None => mistake,
    }
}

/// What follows the `=` of a part.
fn jq(part: &str) -> Option<&str> {
    part.trim_start().strip_prefix('=')
}

fn parts(line: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let at = rest?;
        let tail = line.get(at..)?;
        let end = end(tail);
        rest = tail.get(end..).filter(|after| !after.is_empty()).map(|_| at + end + AND.len());
        Some((tail.get(..end)?, at))
    })
    .filter(|(part, _)| !part.trim().is_empty())
}

/// Where the first part ends: what is quoted, between slashes or jq may hold the mark between parts.
fn end(tail: &str) -> usize {
    if jq(tail).is_some() {
        return tail.len();
    }
    let from = slashes(tail).or_else(|| quotes(tail)).unwrap_or(0);
    tail.get(from..).and_then(|rest| rest.find(AND)).map_or(tail.len(), |at| from + at)
}

/// The end of `/…/` or `/…/i` at the front of a part.
fn slashes(tail: &str) -> Option<usize> {
    let closes = |at: usize| {
        let after = tail.get(at + 1..)?;
        let after = after.strip_prefix('i').unwrap_or(after);
        (after.trim().is_empty() || after.starts_with(AND)).then_some(tail.len() - after.len())
    };
    tail.starts_with('/').then_some(())?;
    unescaped(tail, '/').skip(1).find_map(|at| (at > 1).then(|| closes(at))?)
}

/// The end of a value in quotes.
fn quotes(tail: &str) -> Option<usize> {
    let value = match tail.strip_prefix(HEADER) {
        Some(header) => header.split_once('=')?.1,
        None => tail.strip_prefix(KEY)?,
    };
    let from = tail.len() - value.len();
    unescaped(value, '"').nth(1).filter(|_| value.starts_with('"')).map(|end| from + end + 1)
}

/// Where `mark` stands without a backslash before it.
fn unescaped(text: &str, mark: char) -> impl Iterator<Item = usize> + '_ {
    let mut escaped = false;
    text.char_indices().filter_map(move |(at, letter)| {
        let bare = letter == mark && !escaped;
        escaped = letter == '\\' && !escaped;
        bare.then_some(at)
    })
}

const SLASH: &str = "/";
const KEY: &str = "key:";
const HEADER: &str = "header:";

fn take(part: &str, query: &mut Query) -> Result<(), Mistake> {
    if let Some(jq) = jq(part) {
        query.jq = Some(some(jq, part, "which expression? as in = .value.qty > 2")?.to_owned());
    } else if let Some(key) = part.strip_prefix(KEY) {
        once(query.key.is_none(), part)?;
        some(key, part, "which key? key:VALUE, or key:\"\" for the empty one")?;
        query.key = Some(quoted(key).map_err(|mistake| mistake.within(part, KEY.len()))?.into());
    } else if let Some(header) = part.strip_prefix(HEADER) {
        some(header, part, "which header? header:NAME=VALUE, or header:NAME for any value")?;
        query.headers.push(self::header(header).map_err(|mistake| mistake.within(part, HEADER.len()))?);
    } else {
        query.grep.push(pattern(part));
    }
    Ok(())
}

/// What follows a word of ours must not be empty: it would find nothing, in a look through the whole topic.
fn some<'a>(rest: &'a str, part: &str, words: &str) -> Result<&'a str, Mistake> {
    let bare = rest.trim();
    if bare.is_empty() { Err(Mistake::at_byte(part, part.trim_end().len(), words)) } else { Ok(bare) }
}

fn once(first: bool, part: &str) -> Result<(), Mistake> {
    if first { Ok(()) } else { Err(Mistake::at(part, 0, "a record has one key, and this asks for another")) }
}

fn pattern(part: &str) -> Pattern {
    let Some(end) = slashes(part) else { return Pattern::text(part) };
    let whole = part.get(..end).unwrap_or(part);
    let (text, ignore_case) = match whole.strip_suffix("/i") {
        Some(text) => (text, true),
        None => (whole.strip_suffix('/').unwrap_or(whole), false),
    };
    Pattern { text: text.strip_prefix('/').unwrap_or(text).to_owned(), regex: true, ignore_case }
}

fn header(text: &str) -> Result<(String, Wanted), Mistake> {
    let (name, wanted) = Query::header(text)?;
    let value = text.split_once('=').map_or("", |(_, value)| value);
    let wanted = match wanted {
        Wanted::Is(_) if value.trim() == NULL => Wanted::Null,
        Wanted::Is(_) => Wanted::Is(quoted(value).map_err(|wrong| wrong.within(text, name.len() + 1))?.into()),
        other => other,
    };
    Ok((name, wanted))
}

/// As typed, without the blanks around it; in quotes, with JSON's escapes.
fn quoted(text: &str) -> Result<String, Mistake> {
    let bare = text.trim();
    if !bare.starts_with('"') {
        return Ok(bare.to_owned());
    }
    serde_json::from_str(bare).map_err(|wrong| {
        let at = text.len() - text.trim_start().len();
        Mistake::at_byte(bare, wrong.column().saturating_sub(1), QUOTED).within(text, at)
    })
}

const QUOTED: &str = "a value in quotes must be one JSON string";
