//! From bytes to what a person reads, one file a format. Never panics and never lies: what cannot be decoded is shown
//! as text or hex, and nothing is rounded, reordered or left out without saying so.
pub mod hex;
pub mod json;
pub mod pretty;
pub mod sheet;
pub mod text;

use crate::text::Safe;

/// What bytes are, by looking at all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Empty,
    Json,
    Text,
    Binary,
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
}

/// One row of decoded text.
pub type Row = Vec<(Safe, Shade)>;

/// What is shown for null and for empty; nothing else looks like them in this shade.
const NULL: Safe = Safe::literal("␀");
const EMPTY: Safe = Safe::literal("∅");
/// Bytes that fill a cell as a rule, and at most: nine characters of four bytes.
const BYTES_OFTEN: usize = 2;
const BYTES_MOST: usize = 36;

/// Reads all of `bytes` once. JSON means an object or an array: a lone number or word is text as much as JSON.
pub fn kind(bytes: Option<&[u8]>) -> Kind {
    match bytes {
        None => Kind::Null,
        Some([]) => Kind::Empty,
        Some(bytes) if !text::is_text(bytes) => Kind::Binary,
        Some(bytes) if json::looks_like(bytes) && json::check(bytes).is_ok() => Kind::Json,
        Some(_) => Kind::Text,
    }
}

/// One line for a row of `cells` columns. Looks only at as many bytes as such a row could show.
pub fn preview(bytes: Option<&[u8]>, cells: usize) -> (Safe, Shade) {
    let Some(bytes) = bytes else { return (NULL, Shade::Absent) };
    if bytes.is_empty() {
        return (EMPTY, Shade::Absent);
    }
    let (line, shade) = line(bytes, cells.saturating_mul(BYTES_OFTEN));
    let (line, shade) =
        if line.width() > cells { (line, shade) } else { self::line(bytes, cells.saturating_mul(BYTES_MOST)) };
    match shade {
        Shade::Quiet => (hex::preview(bytes, cells), shade),
        _ => (line.fit(cells), shade),
    }
}

/// The first `most` bytes as one line; nothing where they are no text.
fn line(bytes: &[u8], most: usize) -> (Safe, Shade) {
    let begin = text::beginning(bytes, most);
    let whole = begin.len() == bytes.len();
    if !text::is_text(begin) {
        return (Safe::default(), Shade::Quiet);
    }
    let line = if json::looks_like(begin) { json::one_line(begin, whole) } else { None };
    let safe = line.map_or_else(|| Safe::bytes(begin), |line| Safe::bytes(&line));
    (if whole { safe } else { safe.join(&Safe::literal("…")) }, Shade::Plain)
}

/// For the clipboard: text as it is, byte for byte; what is not UTF-8 as hex digits.
pub fn copy(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| hex::digits(bytes), str::to_owned)
}
