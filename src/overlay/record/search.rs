//! The `/` of a record: words looked for in the bytes of its value, a piece at a time.
use crate::{
    decode::{Row, sheet::Sheet},
    keymap::Key,
    widgets::{Pen, filter::Filter},
};
use ratatui::layout::Rect;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;

/// Bytes looked through at once: some milliseconds at most.
const PIECE: usize = 1 << 20;
/// A letter in another case takes at most so many times the bytes.
const CASE: usize = 4;

#[derive(Debug, Default)]
pub struct Search {
    field: Filter,
    words: Option<Words>,
    hunt: Option<Hunt>,
}

/// Small letters find both cases, as in less and vim.
#[derive(Debug)]
struct Words {
    text: String,
    regex: Regex,
    /// Bytes that a hit takes at most.
    most: usize,
}

/// On the way to the next hit.
#[derive(Debug, Clone, Copy)]
struct Hunt {
    at: usize,
    back: bool,
    /// Bytes that were not looked through yet.
    left: usize,
}

/// How a piece of the way ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The byte that the hit begins with.
    Hit(usize),
    Nothing,
    More,
}

impl Search {
    /// Empty: what was looked for before is found on with `n`.
    pub fn open(&mut self) {
        self.field.close(false);
        self.field.open();
    }

    pub fn is_typing(&self) -> bool {
        self.field.is_typing()
    }

    pub fn key(&mut self, key: Key) {
        self.field.key(key);
    }

    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }

    /// Takes what was typed; `false` when nothing is looked for.
    pub fn settle(&mut self) -> bool {
        let text = self.field.needle();
        self.field.close(true);
        self.words = Words::new(text);
        self.words.is_some()
    }

    pub fn clear(&mut self) {
        self.field.close(false);
        (self.words, self.hunt) = (None, None);
    }

    /// What is looked for.
    pub fn text(&self) -> Option<&str> {
        self.words.as_ref().map(|words| words.text.as_str())
    }

    pub fn is_hunting(&self) -> bool {
        self.hunt.is_some()
    }

    pub fn stop(&mut self) {
        self.hunt = None;
    }

    /// Begins at a byte of a value of `length`, once around.
    pub fn hunt(&mut self, at: usize, back: bool, length: usize) {
        self.hunt = Some(Hunt { at, back, left: length });
    }

    /// Looks through some bytes more.
    pub fn step(&mut self, value: &[u8]) -> Option<Step> {
        let (words, hunt) = (self.words.as_ref()?, self.hunt.as_mut()?);
        let mut room = PIECE;
        while room > 0 && hunt.left > 0 {
            let piece = hunt.piece(value.len(), room);
            room -= piece.len();
            if let Some(at) = words.look(value, piece, hunt.back) {
                self.hunt = None;
                return Some(Step::Hit(at));
            }
        }
        if hunt.left > 0 {
            return Some(Step::More);
        }
        self.hunt = None;
        Some(Step::Nothing)
    }

    /// The row with a hit, from `row` on or back from it, once around; for rows that are our own words.
    pub fn row(&self, sheet: &Sheet, row: usize, back: bool) -> Option<usize> {
        let (words, rows) = (self.words.as_ref()?, sheet.len());
        let text = |row: Row| row.iter().map(|(text, _)| text.as_str()).collect::<String>();
        let order = (0..rows).map(|n| if back { (row + 2 * rows - n - 1) % rows } else { (row + n) % rows });
        order.into_iter().find(|row| words.regex.is_match(text(sheet.row(&[], *row, &[])).as_bytes()))
    }

    /// What is found in these bytes of the value, for one row of it.
    pub fn found(&self, value: &[u8], span: Range<usize>) -> Vec<Range<usize>> {
        let Some(words) = &self.words else { return vec![] };
        let from = span.start.saturating_sub(words.most);
        let to = span.end.saturating_add(words.most).min(value.len());
        let near = value.get(from..to).unwrap_or_default();
        words.regex.find_iter(near).map(|hit| from + hit.start()..from + hit.end()).collect()
    }

    pub fn draw(&self, pen: &mut Pen, frame: Rect) {
        if self.is_typing() {
            self.field.draw(pen, frame, true);
        }
    }
}

impl Words {
    /// `None` for no words, and for more than can be looked for.
    fn new(text: String) -> Option<Self> {
        let small = !text.chars().any(char::is_uppercase);
        let regex = RegexBuilder::new(&regex::escape(&text)).case_insensitive(small).build();
        let most = text.len().saturating_mul(CASE);
        regex.ok().filter(|_| !text.is_empty()).map(|regex| Self { text, regex, most })
    }

    /// The first hit that begins in a piece, or the last one on the way back.
    fn look(&self, value: &[u8], piece: Range<usize>, back: bool) -> Option<usize> {
        let to = piece.end.saturating_add(self.most).min(value.len());
        let bytes = value.get(piece.start..to).unwrap_or_default();
        let mut hits = self.regex.find_iter(bytes).map(|hit| piece.start + hit.start()).filter(|at| *at < piece.end);
        if back { hits.last() } else { hits.next() }
    }
}

impl Hunt {
    /// The next piece of the way, of at most `most` bytes; goes on at the other end of the value where one end is reached.
    fn piece(&mut self, length: usize, most: usize) -> Range<usize> {
        let size = most.min(self.left);
        let piece = if self.back {
            self.at = if self.at == 0 { length } else { self.at };
            self.at.saturating_sub(size)..self.at
        } else {
            self.at = if self.at >= length { 0 } else { self.at };
            self.at..(self.at + size).min(length)
        };
        self.left -= piece.len();
        self.at = if self.back { piece.start } else { piece.end };
        piece
    }
}
