//! Bytes as text: what counts as text, and rows of a given width.
use super::{Row, Shade, pieces};
use crate::text::Safe;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// A letter with its marks takes at most this many bytes of a row; a longer pile is broken up.
const LETTER: usize = 64;

/// Valid UTF-8 that is mostly letters. Bytes that begin with NUL are numbers or a schema's mark, and text that is
/// mostly control characters is none.
pub fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let control = |b: &u8| u8::from((*b < 0x20 || *b == 0x7f) && !matches!(b, b'\t' | b'\n' | b'\r' | 0x1b));
    // In pieces whose count fits a byte: the processor counts many bytes at once.
    let count = |piece: &[u8]| usize::from(piece.iter().map(control).sum::<u8>());
    let controls: usize = bytes.chunks(usize::from(u8::MAX)).map(count).sum();
    !text.starts_with('\0') && controls * 2 <= bytes.len()
}

/// At most `most` bytes from the front, cut between two characters.
pub fn beginning(bytes: &[u8], most: usize) -> &[u8] {
    let Some(cut) = bytes.get(..most) else { return bytes };
    match std::str::from_utf8(cut) {
        // The cut went through a letter.
        Err(wrong) if wrong.error_len().is_none() => cut.get(..wrong.valid_up_to()).unwrap_or(cut),
        _ => cut,
    }
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
    // As a rule a letter takes four bytes at most; only where that ends too early is more looked at.
    let often = at.saturating_add(4 * cells + LETTER).min(end);
    let taken = fill(bytes, at, often, cells);
    let most = at.saturating_add(LETTER.saturating_mul(cells + 1)).min(end);
    if taken.0 < often || often == end { taken } else { fill(bytes, at, most, cells) }
}

fn fill(bytes: &[u8], at: usize, end: usize, cells: usize) -> (usize, usize) {
    let (mut next, mut used) = (at, 0);
    for letter in letters(bytes.get(at..end).unwrap_or_default()) {
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
        let mut rest = chunk.valid();
        let valid = std::iter::from_fn(move || {
            let (letter, after) = rest.split_at_checked(letter(rest)?)?;
            rest = after;
            Some(Some(letter))
        });
        valid.chain(chunk.invalid().iter().map(|_| None))
    })
}

/// Bytes of the first letter with its marks, or of a piece of it where it is a pile of them.
fn letter(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if stands_alone(first) && chars.next().is_none_or(stands_alone) {
        return Some(first.len_utf8());
    }
    let whole = text.graphemes(true).next()?;
    (0..=LETTER.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at))
}

/// Letters of common scripts that never join with another of them: told without a table, because most text is theirs.
fn stands_alone(c: char) -> bool {
    matches!(c, ' '..='~' | 'À'..='ɏ' | 'Α'..='Ͽ' | 'Ѐ'..='ҁ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '가'..='힣')
}

fn width(letter: &str) -> usize {
    let mut chars = letter.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if stands_alone(c) => c.width().unwrap_or(1).max(1),
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
            // A line that ends soon is not measured beyond its end.
            let soon = self.at.saturating_add(4 * self.width + LETTER).min(bytes.len());
            let end = memchr::memchr(b'\n', bytes.get(self.at..soon).unwrap_or_default());
            let end = end.map_or(bytes.len(), |n| self.at + n);
            let next = if end == self.at { end } else { take(bytes, self.at, end, self.width).0 };
            let row = bytes.get(self.at..bytes.len().min(next + 1)).unwrap_or_default();
            self.at = memchr::memchr(b'\n', row).map_or(next, |end| self.at + end + 1);
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

    /// Bytes that are broken into rows.
    pub fn read(&self) -> usize {
        self.at
    }

    /// The bytes of a row, its line end among them.
    pub fn span(&self, row: usize) -> Range<usize> {
        let end = self.starts.get(row + 1).copied().unwrap_or(self.at);
        self.starts.get(row).copied().unwrap_or(end)..end
    }

    /// The row that holds the byte at `at`, as far as rows are found.
    pub fn row_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// `found`: what was looked for, as ranges of bytes in order.
    pub fn row(&self, bytes: &[u8], row: usize, found: &[Range<usize>]) -> Row {
        let Range { start, end } = self.span(row);
        let line = bytes.get(start..end).unwrap_or_default();
        let mut shown = vec![];
        pieces(bytes, start..end - usize::from(line.ends_with(b"\n")), Shade::Plain, found, &mut shown);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8], width: usize) -> Vec<String> {
        let mut lines = Lines::new(width);
        lines.index(bytes, usize::MAX);
        (0..lines.len()).map(|i| lines.row(bytes, i, &[]).iter().map(|(text, _)| text.as_str()).collect()).collect()
    }

    #[test]
    fn what_is_text() {
        let texts: [&[u8]; 5] = [b"a", "朝\u{1b}[2J".as_bytes(), b"\t\r\n", b"\xef\xbb\xbfx", b"a\0b c"];
        assert!(texts.into_iter().all(is_text));
        let others: [&[u8]; 4] = [b"\xff", b"\0\0\0\x2a", b"\x2a\0\0\0", b"\0"];
        assert!(!others.into_iter().any(is_text));
    }

    #[test]
    fn rows_break_at_line_ends_and_at_the_width_but_never_inside_a_letter() {
        assert_eq!(rows(b"tea\n\ncoffee pot\n", 6), ["tea", "", "coffee", " pot"]);
        assert_eq!(rows("朝日新聞".as_bytes(), 5), ["朝日", "新聞"]);
        assert_eq!(rows("朝日".as_bytes(), 1), ["朝", "日"]);
        assert_eq!(rows("ae\u{301}b".as_bytes(), 2), ["ae\u{301}", "b"]);
        assert_eq!(rows(b"ab\xff\xfecd", 3), ["ab·", "·cd"]);
    }

    #[test]
    fn a_beginning_never_ends_inside_a_letter() {
        let text = "朝".repeat(200);
        assert!((0..12).all(|most| std::str::from_utf8(beginning(text.as_bytes(), most)).is_ok()));
    }

    #[test]
    fn a_megabyte_of_marks_on_one_letter_is_broken_up_t13() {
        let pile = format!("a{}", "\u{301}".repeat(500_000));
        let mut lines = Lines::new(80);
        lines.index(pile.as_bytes(), 10);
        assert_eq!(lines.len(), 10);
        assert!((0..9).all(|i| lines.row(pile.as_bytes(), i, &[])[0].0.as_str().len() < 80 * LETTER));
    }

    proptest! {
        #[test]
        fn rows_hold_every_letter_in_order_and_none_is_too_wide(text in "[ -~\n朝é]{0,200}", width in 2usize..40) {
            let rows = rows(text.as_bytes(), width);
            let together: String = rows.concat();
            let letters: String = text.chars().filter(|c| *c != '\n').collect();
            prop_assert_eq!(together, letters);
            for row in rows {
                prop_assert!(Safe::text(&row).width() <= width, "{}", row);
            }
        }

        #[test]
        fn any_bytes_are_broken_into_rows_and_none_is_lost_t17(bytes: Vec<u8>, width in 0usize..20) {
            let mut lines = Lines::new(width);
            lines.index(&bytes, usize::MAX);
            prop_assert!(lines.is_complete(&bytes));
            let mut found = 0;
            for row in 0..lines.len() {
                prop_assert_eq!(lines.starts[row], found);
                found = lines.starts.get(row + 1).copied().unwrap_or(lines.at);
                prop_assert!(found > lines.starts[row]);
            }
            prop_assert_eq!(found, bytes.len());
        }

        #[test]
        fn a_preview_of_any_bytes_fits_its_row(bytes: Vec<u8>, cells in 1usize..50) {
            let (preview, _) = super::super::preview(super::super::Form::Auto, Some(&bytes), cells);
            prop_assert!(preview.width() <= cells);
            prop_assert!(!preview.as_str().chars().any(char::is_control));
        }
    }
}
