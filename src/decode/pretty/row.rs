//! One row of JSON as it is shown: its margin, then its tokens in their shades.
use super::{
    super::{Row, Shade, json, pieces},
    INDENT, Start, is_colon, shade,
};
use crate::text::Safe;
use std::ops::Range;

impl Start {
    /// The row that begins here and ends at `end`.
    pub(super) fn show(&self, bytes: &[u8], end: usize, width: usize, found: &[Range<usize>]) -> Row {
        let mut shown = vec![(margin(self.depth as usize, width), Shade::Quiet)];
        let mut at = self.at;
        while at < end {
            let (to, shade) = if at == self.at { self.first(bytes, end) } else { following(bytes, at, end) };
            pieces(bytes, at..to, shade, found, &mut shown);
            if is_colon(bytes, &(at..to)) {
                shown.push((Safe::literal(" "), Shade::Quiet));
            }
            at = json::blanks(bytes, to).max(at + 1);
        }
        shown
    }

    /// Where the first token of the row ends, at `end` at the latest.
    fn first(&self, bytes: &[u8], end: usize) -> (usize, Shade) {
        let to = match (self.inside, self.shade) {
            (false, _) => following(bytes, self.at, end).0,
            (true, Shade::Key | Shade::String) => string_end(bytes, self.at, end),
            (true, _) => {
                let rest = bytes.get(self.at..end).unwrap_or_default();
                self.at + rest.iter().position(|b| b",:]} \t\r\n".contains(b)).unwrap_or(rest.len())
            }
        };
        (to, self.shade)
    }
}

/// The token at `at`, as far as `end`; one that ends in a later row ends there.
fn following(bytes: &[u8], at: usize, end: usize) -> (usize, Shade) {
    match bytes.get(at) {
        Some(b'"') => (string_end(bytes, at + 1, end), Shade::String),
        _ => match json::token(bytes.get(..end).unwrap_or(bytes), at) {
            Ok((token, to)) => (to, shade(token)),
            Err(_) => {
                (end, if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) { Shade::Word } else { Shade::Number })
            }
        },
    }
}

/// After the closing quote, or `end`.
fn string_end(bytes: &[u8], mut at: usize, end: usize) -> usize {
    while at < end {
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            _ => at += 1,
        }
    }
    end
}

/// Beyond half the width rows are indented no further; the depth is written there instead.
pub(super) fn indent(depth: usize, width: usize) -> usize {
    (depth.saturating_mul(INDENT)).min(width / 2)
}

fn margin(depth: usize, width: usize) -> Safe {
    let cells = indent(depth, width);
    if depth * INDENT <= cells {
        return Safe::from(" ".repeat(cells));
    }
    Safe::from(format!("{:<cells$}", format!("level {depth}"))).fit(cells)
}
