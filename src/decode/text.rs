//! Bytes as text: what counts as text, and rows of a given width.
use super::{Row, Shade};
use crate::text::Safe;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// A letter with its marks takes at most this many bytes of a row; a longer pile is broken up.
const LETTER: usize = 64;

/// Valid UTF-8 that is mostly letters. Bytes that begin with NUL are numbers or a schema's mark, and text that is
/// mostly control characters is none.
pub fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let blank = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x1b);
    let controls = bytes.iter().filter(|b| b.is_ascii_control() && !blank(b)).count();
    !text.starts_with('\0') && controls * 2 <= bytes.len()
}

/// The beginning of `bytes` that a row of `cells` could show, cut between two letters.
pub fn beginning(bytes: &[u8], cells: usize) -> &[u8] {
    // Nine characters of four bytes is the most that one cell shows.
    let Some(cut) = bytes.get(..cells.saturating_mul(36).max(LETTER)) else { return bytes };
    let half = cut.utf8_chunks().last().map_or(0, |chunk| chunk.invalid().len());
    let half =
        if half < 4 && cut.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count() == 1 { half } else { 0 };
    cut.get(..cut.len() - half).unwrap_or(cut)
}

/// Takes letters from `bytes[at..end]` until `cells` are full; returns where it stopped and the cells used. Takes at
/// least one letter, so that a narrow screen never stops it.
pub fn take(bytes: &[u8], at: usize, end: usize, cells: usize) -> (usize, usize) {
    let ascii = at.saturating_add(cells).min(end);
    let plain = |b: &u8| (0x20..0x7f).contains(b);
    let alone = ascii == end || bytes.get(ascii).is_some_and(u8::is_ascii);
    if ascii > at && alone && bytes.get(at..ascii).is_some_and(|row| row.iter().all(plain)) {
        return (ascii, ascii - at);
    }
    let most = at.saturating_add(LETTER.saturating_mul(cells + 1)).min(end);
    let (mut next, mut used) = (at, 0);
    for letter in letters(bytes.get(at..most).unwrap_or_default()) {
        let width = letter.map_or(1, width);
        if used + width > cells && next > at {
            break;
        }
        next += letter.map_or(1, str::len);
        used += width;
    }
    (next, used)
}

/// Letters with their marks; `None` is one byte that is not UTF-8.
fn letters(bytes: &[u8]) -> impl Iterator<Item = Option<&str>> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid().graphemes(true).flat_map(pieces).map(Some);
        valid.chain(chunk.invalid().iter().map(|_| None))
    })
}

/// One letter, or its pieces where it is a pile of marks.
fn pieces(letter: &str) -> impl Iterator<Item = &str> {
    let mut rest = letter;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at_checked(rest.floor_char_boundary(LETTER))?;
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn width(letter: &str) -> usize {
    let mut chars = letter.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_alphanumeric() => c.width().unwrap_or(1).max(1),
        _ => Safe::text(letter).width().max(1),
    }
}

/// Where each row of a text begins, found as far as somebody looked.
#[derive(Debug, Clone)]
pub struct Lines {
    width: usize,
    starts: Vec<usize>,
    /// Read up to here.
    at: usize,
}

impl Lines {
    pub fn new(width: usize) -> Self {
        Self { width: width.max(1), starts: vec![], at: 0 }
    }

    /// Finds rows until there are `rows` of them or the text ends.
    pub fn index(&mut self, bytes: &[u8], rows: usize) {
        while self.starts.len() < rows && self.at < bytes.len() {
            self.starts.push(self.at);
            let most = self.at.saturating_add(LETTER.saturating_mul(self.width + 1)).min(bytes.len());
            let ahead = bytes.get(self.at..most).unwrap_or_default();
            let line = memchr::memchr(b'\n', ahead).map(|n| self.at + n);
            let (next, _) = match line {
                Some(end) if end == self.at => (end, 0),
                _ => take(bytes, self.at, line.unwrap_or(bytes.len()), self.width),
            };
            self.at = if line == Some(next) { next + 1 } else { next };
        }
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    pub fn is_complete(&self, bytes: &[u8]) -> bool {
        self.at >= bytes.len()
    }

    pub fn row(&self, bytes: &[u8], row: usize) -> Row {
        let Some(start) = self.starts.get(row) else { return vec![] };
        let end = self.starts.get(row + 1).copied().unwrap_or(self.at);
        let line = bytes.get(*start..end).unwrap_or_default();
        vec![(Safe::bytes(line.strip_suffix(b"\n").unwrap_or(line)), Shade::Plain)]
    }
}
