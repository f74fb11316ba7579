//! JSON broken into indented rows, found as far as somebody looked and checked on the way. Every token stands as it was
//! written; an object or array can be folded into one row.
mod folds;
mod row;

use super::{
    Row, Shade,
    json::{self, Token, Walk, Wrong},
    text,
};
use folds::Folds;
pub use folds::NoFold;
use std::{collections::VecDeque, ops::Range};

/// Columns that one level is indented by.
const INDENT: usize = 2;

/// Where each row of JSON begins, and which of them are folded away. A row below is one that is laid out; a row for the
/// caller is one that is shown.
#[derive(Debug, Clone)]
pub struct Pretty {
    width: usize,
    starts: Vec<Start>,
    walk: Walk,
    line: Line,
    /// The value was walked to its end, or to where it is no JSON.
    ended: bool,
    wrong: Option<Wrong>,
    folds: Folds,
}

/// What is not yet broken into rows of `"key": value,` or of a bracket.
#[derive(Debug, Clone, Default)]
struct Line {
    depth: usize,
    pieces: VecDeque<Piece>,
    /// It has a row already.
    begun: bool,
    /// It begins with a closing bracket.
    closes: bool,
    /// The first piece began in a row above.
    inside: bool,
    /// Columns that are free in the row begun last.
    left: usize,
}

/// 16 bytes a row.
#[derive(Debug, Clone, Copy)]
struct Start {
    at: usize,
    depth: u32,
    /// Shade of the token here.
    shade: Shade,
    /// The token began in a row above.
    inside: bool,
    /// A line begins here, not the rest of one.
    begins: bool,
    closes: bool,
}

/// A token of a row to be.
type Piece = (Range<usize>, Shade);

impl Pretty {
    pub fn new(width: usize) -> Self {
        Self {
            width: width.max(1),
            starts: vec![],
            walk: Walk::default(),
            line: Line::default(),
            ended: false,
            wrong: None,
            folds: Folds::default(),
        }
    }

    /// Lays out rows until there are `rows` of them or the value ends.
    pub fn index(&mut self, bytes: &[u8], rows: usize) {
        while !self.is_complete() {
            if self.line.pieces.is_empty() {
                self.line = self.next_line(bytes);
            }
            if !self.break_up(bytes, rows) {
                break;
            }
        }
    }

    /// Rows that are shown of those laid out.
    pub fn len(&self) -> usize {
        self.starts.len() - self.folds.hidden()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Rows that are laid out, folded or not.
    pub fn laid_out(&self) -> usize {
        self.starts.len()
    }

    /// All of it is laid out.
    pub fn is_complete(&self) -> bool {
        self.ended && self.line.pieces.is_empty()
    }

    /// Why it is not JSON after all, as far as it was walked.
    pub fn wrong(&self) -> Option<Wrong> {
        self.wrong
    }

    /// Bytes that are laid out.
    pub fn read(&self) -> usize {
        self.end()
    }

    /// The bytes of a row, without what is folded into it.
    pub fn span(&self, row: usize) -> Range<usize> {
        let row = self.folds.below(row);
        let end = self.starts.get(row + 1).map_or_else(|| self.end(), |next| next.at);
        self.starts.get(row).map_or(end..end, |start| start.at..end)
    }

    /// The row that shows the byte at `at`, as far as it is laid out.
    pub fn row_of(&self, at: usize) -> usize {
        self.folds.above(self.below(at))
    }

    /// The row laid out that holds the byte at `at`.
    fn below(&self, at: usize) -> usize {
        self.starts.partition_point(|start| start.at <= at).saturating_sub(1)
    }

    /// Where the row laid out last ends.
    fn end(&self) -> usize {
        self.line.pieces.front().map_or(self.walk.at(), |(range, _)| range.start)
    }

    fn next_line(&mut self, bytes: &[u8]) -> Line {
        let mut pieces = VecDeque::new();
        let mut depth = self.walk.depth();
        while let Some((token, piece)) = self.take(bytes) {
            pieces.push_back(piece);
            depth = depth.min(self.walk.depth());
            let goes_on = match self.peek(bytes) {
                _ if token == Token::Comma => false,
                _ if token == Token::Colon => true,
                Some(b'}' | b']') => token == Token::Open,
                Some(b',' | b':') => true,
                _ => false,
            };
            if !goes_on {
                break;
            }
        }
        let closes = pieces.front().is_some_and(|(range, _)| matches!(bytes.get(range.start), Some(b'}' | b']')));
        Line { depth, pieces, closes, ..Line::default() }
    }

    fn take(&mut self, bytes: &[u8]) -> Option<(Token, Piece)> {
        match self.walk.step(bytes) {
            Some(Ok((token, from, to))) => {
                let is_key = token == Token::String && self.peek(bytes) == Some(b':');
                Some((token, (from..to, if is_key { Shade::Key } else { shade(token) })))
            }
            end => {
                self.wrong = end.and_then(Result::err);
                self.ended = true;
                None
            }
        }
    }

    /// The first byte of the next token.
    fn peek(&self, bytes: &[u8]) -> Option<u8> {
        bytes.get(json::blanks(bytes, self.walk.at())).copied()
    }

    /// Breaks the line into rows; `false` when there are enough before it ends.
    fn break_up(&mut self, bytes: &[u8], rows: usize) -> bool {
        let line = &mut self.line;
        let room = self.width - row::indent(line.depth, self.width).min(self.width - 1);
        while let Some((range, shade)) = line.pieces.front_mut() {
            let (next, used) = part(bytes, range.start, range.end, line.left);
            if used > line.left && line.left < room {
                if self.starts.len() >= rows {
                    return false;
                }
                self.starts.push(Start {
                    at: range.start,
                    depth: u32::try_from(line.depth).unwrap_or(u32::MAX),
                    shade: *shade,
                    inside: line.inside,
                    begins: !line.begun,
                    closes: line.closes && !line.begun,
                });
                (line.left, line.begun) = (room, true);
                continue;
            }
            let blank = usize::from(is_colon(bytes, range));
            line.left = line.left.saturating_sub(used + blank);
            range.start = next;
            line.inside = next < range.end;
            if !line.inside {
                line.pieces.pop_front();
            }
        }
        true
    }

    /// `found`: what was looked for, as ranges of bytes in order.
    pub fn row(&self, bytes: &[u8], row: usize, found: &[Range<usize>]) -> Row {
        let below = self.folds.below(row);
        let Some(start) = self.starts.get(below) else { return vec![] };
        let mut shown = start.show(bytes, self.span(row).end, self.width, found);
        if let Some(fold) = self.folds.at(below) {
            let end = self.starts.get(fold.last + 1).map_or_else(|| self.end(), |next| next.at);
            let close = self.starts.get(fold.last).map_or(end, |close| close.at);
            shown.extend(fold.words(bytes.get(close..end).unwrap_or_default()));
        }
        shown
    }
}

/// As much of a token as `cells` hold, at least one letter; never between a backslash and what it escapes. A token that
/// goes on takes all cells.
fn part(bytes: &[u8], at: usize, end: usize, cells: usize) -> (usize, usize) {
    let (next, used) = text::take(bytes, at, end, cells);
    let slashes = bytes.get(at..next).unwrap_or_default().iter().rev().take_while(|b| **b == b'\\').count();
    match slashes % 2 {
        1 if next < end && next > at + 1 => (next - 1, cells),
        1 if next < end => (next + 1, used + 1),
        _ if next < end => (next, used.max(cells)),
        _ => (next, used),
    }
}

fn is_colon(bytes: &[u8], range: &Range<usize>) -> bool {
    range.len() == 1 && bytes.get(range.start) == Some(&b':')
}

fn shade(token: Token) -> Shade {
    match token {
        Token::Open | Token::Close | Token::Colon | Token::Comma => Shade::Quiet,
        Token::String => Shade::String,
        Token::Number => Shade::Number,
        Token::Word => Shade::Word,
    }
}

#[cfg(test)]
mod tests;
