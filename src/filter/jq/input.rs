//! A record as jq sees it: the object that `--json` prints, with key and value decoded.
use super::wants::Wants;
use crate::{
    decode::json::{self, Token, Tokens},
    record::Record,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jaq_json::{Map, Num, Val, read};

/// Deeper JSON is a failure: jq recurses over its values.
const LEVELS: usize = 256;
/// A longer number is a failure: reading it takes time that grows with the square of its digits.
const DIGITS: usize = 1000;

const DEEP: &str = "the JSON is nested more than 256 levels deep";
const LONG: &str = "the JSON holds a number of more than 1,000 digits";

/// Key: JSON when it is an object or an array, else text, so that keys which are numbers stay names. Value: JSON,
/// except the lone word `null`, which stays text, so that only a tombstone is null. Bytes that are not UTF-8 are
/// base64. What is not wanted is null. Of doubled names in an object the last one counts; numbers keep every digit.
pub fn of(record: &Record<'_>, wants: Wants) -> Result<Val, &'static str> {
    let head = record.head;
    let key = match record.key().filter(|_| wants.key) {
        Some(bytes) if json::looks_like(bytes) => decoded(bytes)?,
        bytes => text(bytes),
    };
    let value = match record.value().filter(|_| wants.value) {
        Some(bytes) if begins_json(bytes) => decoded(bytes)?,
        bytes => text(bytes),
    };
    let headers = record
        .headers()
        .filter(|_| wants.headers)
        .map(|(name, value)| object([("name", text(Some(name))), ("value", text(value))]));
    Ok(object([
        ("topic", string(record.topic.as_bytes())),
        ("partition", number(head.partition.into())),
        ("offset", number(head.offset)),
        ("timestamp", number(head.timestamp)),
        ("key", key),
        ("value", value),
        ("headers", headers.collect()),
    ]))
}

fn object<const N: usize>(fields: [(&'static str, Val); N]) -> Val {
    let fields = fields.into_iter().map(|(name, value)| (Val::utf8_str(name.as_bytes()), value));
    Val::obj(fields.collect::<Map>())
}

fn number(number: i64) -> Val {
    Val::Num(Num::from_integral(number))
}

fn string(bytes: &[u8]) -> Val {
    Val::utf8_str(bytes.to_vec())
}

fn text(bytes: Option<&[u8]>) -> Val {
    match bytes.map(|bytes| (bytes, std::str::from_utf8(bytes).is_ok())) {
        None => Val::Null,
        Some((bytes, true)) => string(bytes),
        Some((bytes, false)) => Val::utf8_str(STANDARD.encode(bytes)),
    }
}

/// An object, an array, a string, a number, `true` or `false`.
fn begins_json(bytes: &[u8]) -> bool {
    matches!(bytes.get(json::blanks(bytes, 0)), Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f'))
}

/// JSON where it is JSON, else text.
fn decoded(bytes: &[u8]) -> Result<Val, &'static str> {
    Ok(parsed(bytes)?.unwrap_or_else(|| text(Some(bytes))))
}

/// `None` when it is not JSON (RFC 8259): what jaq reads beyond that, comments and NaN, is none.
pub fn parsed(bytes: &[u8]) -> Result<Option<Val>, &'static str> {
    let mut levels = 0usize;
    for token in Tokens::new(bytes) {
        match token {
            Ok((Token::Open, ..)) => levels += 1,
            Ok((Token::Close, ..)) => levels = levels.saturating_sub(1),
            Ok((Token::Number, from, to)) if to - from > DIGITS => return Err(LONG),
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
        if levels > LEVELS {
            return Err(DEEP);
        }
    }
    let text = std::str::from_utf8(bytes).is_ok();
    Ok(if text { read::parse_single(bytes).ok() } else { None })
}
