//! From bytes to what a person reads, one file a format. Never panics and never lies: what cannot be decoded is shown
//! as text or hex, and nothing is rounded, reordered or left out without saying so.
pub mod base64;
mod decoded;
mod form;
pub mod hex;
pub mod json;
pub mod pretty;
pub mod sheet;
pub mod text;

pub use decoded::{Decoded, Why, decoded};
pub use form::{Form, UnknownForm};

use crate::text::Safe;
use std::ops::Range;

/// What bytes are, by looking at all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Empty,
    Json,
    Text,
    Binary,
    /// One line of our own letters: a number, a uuid, hex digits, base64.
    Letters,
}

/// What a piece of decoded text means; the theme says how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    Plain,
    /// `␀` and `∅`: a value that is not there.
    Absent,
    /// Offsets, punctuation, hex in place of text, our own remarks.
    Quiet,
    Key,
    String,
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// Bytes that are not what they were said to be.
    Misfit,
    /// What was looked for.
    Found,
}

/// One row of decoded text.
pub type Row = Vec<(Safe, Shade)>;

/// What is shown for null and for empty; nothing else looks like them in this shade.
const NULL: Safe = Safe::literal("␀");
const EMPTY: Safe = Safe::literal("∅");
/// Bytes that fill a cell as a rule, and at most: nine characters of four bytes.
const BYTES_OFTEN: usize = 2;
const BYTES_MOST: usize = 36;

/// Reads all of `bytes` once. JSON means an object or an array, unless the form says that it is JSON: a lone number or
/// word is text as much as JSON. What does not fit its form is what it looks like.
pub fn kind(form: Form, bytes: Option<&[u8]>) -> Kind {
    match (form, bytes) {
        (_, None) => Kind::Null,
        (_, Some([])) => Kind::Empty,
        (Form::Auto, Some(bytes)) if !text::is_text(bytes) => Kind::Binary,
        (Form::Auto, Some(bytes)) if json::looks_like(bytes) && json::check(bytes).is_ok() => Kind::Json,
        (Form::Auto, _) => Kind::Text,
        (Form::Hex | Form::Base64, _) => Kind::Letters,
        _ => match decoded(form, bytes) {
            Ok(Decoded::Json(_)) => Kind::Json,
            Ok(Decoded::Text(_)) => Kind::Text,
            Ok(_) => Kind::Letters,
            Err(_) => kind(Form::Auto, bytes),
        },
    }
}

/// One line for a row of `cells` columns. Looks only at as many bytes as such a row could show. What does not fit its
/// form says so before it is shown as it looks.
pub fn preview(form: Form, bytes: Option<&[u8]>, cells: usize) -> (Safe, Shade) {
    let Some(bytes) = bytes else { return (NULL, Shade::Absent) };
    if bytes.is_empty() {
        return (EMPTY, Shade::Absent);
    }
    let (fits, shade) = match form {
        Form::Auto | Form::Text | Form::Json => (text_preview(form, bytes, cells), Shade::Plain),
        Form::Hex => (Some(hex::preview(bytes, cells)), Shade::Quiet),
        Form::Base64 => (decoded(form, bytes.get(..cells).or(Some(bytes))).ok().map(own), Shade::Quiet),
        _ => (decoded(form, Some(bytes)).ok().map(own), Shade::Number),
    };
    match fits {
        Some(line) => (line.fit(cells), shade),
        None if form == Form::Auto => (hex::preview(bytes, cells), Shade::Quiet),
        None => {
            let looks = preview(Form::Auto, Some(bytes), cells).0;
            (Safe::from(format!("not {form}: ")).join(&looks).fit(cells), Shade::Misfit)
        }
    }
}

fn own(decoded: Decoded) -> Safe {
    Safe::text(decoded.text())
}

/// `None` where the bytes are no such text. Most letters take a byte or two: only where that ends too early is more
/// looked at.
fn text_preview(form: Form, bytes: &[u8], cells: usize) -> Option<Safe> {
    let short = line(form, bytes, cells.saturating_mul(BYTES_OFTEN))?;
    if short.width() > cells { Some(short) } else { line(form, bytes, cells.saturating_mul(BYTES_MOST)) }
}

/// The first `most` bytes as one line; `None` where they are no text, or not the JSON they were said to be.
fn line(form: Form, bytes: &[u8], most: usize) -> Option<Safe> {
    let begin = text::beginning(bytes, most);
    let whole = begin.len() == bytes.len();
    let is_text = if form == Form::Auto { text::is_text(begin) } else { std::str::from_utf8(begin).is_ok() };
    let is_json = form == Form::Json || form == Form::Auto && json::looks_like(begin);
    let json = if is_json { json::one_line(begin, whole) } else { None };
    if !is_text || form == Form::Json && json.is_none() {
        return None;
    }
    let safe = json.map_or_else(|| Safe::bytes(begin), |line| Safe::bytes(&line));
    Some(if whole { safe } else { safe.join(&Safe::literal("…")) })
}

/// Puts `range` of the bytes into a row, what was found in it apart. `found`: ranges of bytes, in order.
fn pieces(bytes: &[u8], range: Range<usize>, shade: Shade, found: &[Range<usize>], row: &mut Row) {
    let mut put = |from: usize, to: usize, shade| {
        if from < to {
            row.push((Safe::bytes(bytes.get(from..to).unwrap_or_default()), shade));
        }
    };
    let mut at = range.start;
    for found in found.iter().filter(|found| found.end > range.start && found.start < range.end) {
        put(at, found.start, shade);
        put(found.start.max(at), found.end.min(range.end), Shade::Found);
        at = found.end.clamp(at, range.end);
    }
    put(at, range.end, shade);
}

/// For the clipboard: text as it is, byte for byte; what is not UTF-8 as hex digits.
pub fn copy(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| hex::digits(bytes), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(form: Form, bytes: &[u8], cells: usize) -> String {
        preview(form, Some(bytes), cells).0.to_string()
    }

    /// Values of counts were hex for whoever knew that they are numbers.
    #[test]
    fn a_cell_is_read_as_the_person_says_and_by_looking_else() {
        let count = 42i64.to_be_bytes();
        assert_eq!(preview(Form::Auto, Some(&count), 20), (Safe::literal("0x000000000000002a"), Shade::Quiet));
        assert_eq!(preview(Form::Int64, Some(&count), 20), (Safe::literal("42"), Shade::Number));
        assert_eq!(shown(Form::Auto, b"tea-cups", 20), "tea-cups");
        assert_eq!(shown(Form::Base64, b"tea", 20), "dGVh");
        assert_eq!(shown(Form::Hex, b"tea", 20), "0x746561");
        assert_eq!(shown(Form::Text, b"[ 1 ]", 20), "[ 1 ]");
        assert_eq!(shown(Form::Json, b"[ 1 ]", 20), "[1]");
    }

    #[test]
    fn a_cell_that_does_not_fit_its_form_says_so_and_shows_what_is_there() {
        assert_eq!(preview(Form::Int64, Some(b"tea"), 40), (Safe::literal("not int64: tea"), Shade::Misfit));
        assert_eq!(shown(Form::Text, b"\xff\x00", 40), "not text: 0xff00");
        assert_eq!(shown(Form::Json, b"tea", 40), "not json: tea");
        assert_eq!(shown(Form::Uuid, b"tea", 6), "not u…");
    }

    #[test]
    fn null_and_empty_are_signs_in_every_form_t12() {
        for form in Form::ALL {
            assert_eq!(preview(form, None, 9), (NULL, Shade::Absent));
            assert_eq!(preview(form, Some(b""), 9), (EMPTY, Shade::Absent));
        }
    }

    #[test]
    fn what_bytes_are_depends_on_the_form_only_where_it_fits() {
        assert_eq!(kind(Form::Auto, Some(b"7")), Kind::Text);
        assert_eq!(kind(Form::Json, Some(b"7")), Kind::Json);
        assert_eq!(kind(Form::Int64, Some(b"tea-cups")), Kind::Letters);
        assert_eq!(kind(Form::Int64, Some(b"{}")), Kind::Json);
        assert_eq!(kind(Form::Int64, Some(b"\xff")), Kind::Binary);
    }

    proptest::proptest! {
        #[test]
        fn a_cell_of_any_bytes_in_any_form_fits_its_row_t17(bytes: Vec<u8>, cells in 1usize..50) {
            for form in Form::ALL {
                let (cell, _) = preview(form, Some(&bytes), cells);
                proptest::prop_assert!(cell.width() <= cells);
                proptest::prop_assert!(!cell.as_str().chars().any(char::is_control));
            }
        }
    }
}
