//! JSON broken into indented rows, found as far as somebody looked. Every token stands as it was written.
use super::{
    Row, Shade,
    json::{self, Token},
    text,
};
use crate::text::Safe;
use std::{collections::VecDeque, ops::Range};

/// Columns that one level is indented by.
const INDENT: usize = 2;

/// Where each row of checked JSON begins.
#[derive(Debug, Clone)]
pub struct Pretty {
    width: usize,
    starts: Vec<Start>,
    /// Tokens are read up to here, and how deep it is there.
    at: usize,
    depth: usize,
    line: Line,
}

/// What is not yet broken into rows of `"key": value,` or of a bracket.
#[derive(Debug, Clone, Default)]
struct Line {
    depth: usize,
    pieces: VecDeque<Piece>,
    /// The first piece began in a row above.
    inside: bool,
    /// Columns that are free in the row begun last.
    left: usize,
}

#[derive(Debug, Clone, Copy)]
struct Start {
    at: usize,
    depth: u32,
    /// Shade of the token here.
    shade: Shade,
    /// The token began in a row above.
    inside: bool,
}

/// A token of a row to be.
type Piece = (Range<usize>, Shade);

impl Pretty {
    /// For bytes that [`json::check`] found to be JSON.
    pub fn new(width: usize) -> Self {
        Self { width: width.max(1), starts: vec![], at: 0, depth: 0, line: Line::default() }
    }

    /// Finds rows until there are `rows` of them or the value ends.
    pub fn index(&mut self, bytes: &[u8], rows: usize) {
        while !self.is_complete(bytes) {
            if self.line.pieces.is_empty() {
                self.line = self.next_line(bytes);
            }
            if !self.break_up(bytes, rows) {
                break;
            }
        }
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    pub fn is_complete(&self, bytes: &[u8]) -> bool {
        self.line.pieces.is_empty() && json::blanks(bytes, self.at) >= bytes.len()
    }

    /// Where the row found last ends.
    fn end(&self) -> usize {
        self.line.pieces.front().map_or(self.at, |(range, _)| range.start)
    }

    fn next_line(&mut self, bytes: &[u8]) -> Line {
        let mut pieces = VecDeque::new();
        let mut depth = self.depth;
        while let Some((token, piece)) = self.take(bytes) {
            pieces.push_back(piece);
            match token {
                Token::Close => self.depth = self.depth.saturating_sub(1),
                Token::Open => self.depth += 1,
                Token::Comma => break,
                Token::Colon => continue,
                Token::String | Token::Number | Token::Word => {}
            }
            depth = depth.min(self.depth);
            let goes_on = match self.peek(bytes) {
                Some(Token::Close) => token == Token::Open,
                Some(Token::Comma | Token::Colon) => true,
                _ => false,
            };
            if !goes_on {
                break;
            }
        }
        Line { depth, pieces, inside: false, left: 0 }
    }

    fn take(&mut self, bytes: &[u8]) -> Option<(Token, Piece)> {
        let from = json::blanks(bytes, self.at);
        // Checked JSON has only whole tokens; should it not, the rest stands in one piece.
        let Ok((token, to)) = json::token(bytes, from) else {
            self.at = bytes.len();
            return (from < bytes.len()).then_some((Token::Comma, (from..bytes.len(), Shade::Plain)));
        };
        self.at = to;
        let is_key = token == Token::String && bytes.get(json::blanks(bytes, to)) == Some(&b':');
        Some((token, (from..to, if is_key { Shade::Key } else { shade(token) })))
    }

    /// What kind of token comes next, by its first byte.
    fn peek(&self, bytes: &[u8]) -> Option<Token> {
        match bytes.get(json::blanks(bytes, self.at))? {
            b'}' | b']' => Some(Token::Close),
            b',' => Some(Token::Comma),
            b':' => Some(Token::Colon),
            _ => Some(Token::Word),
        }
    }

    /// Breaks the line into rows; `false` when there are enough before it ends.
    fn break_up(&mut self, bytes: &[u8], rows: usize) -> bool {
        let line = &mut self.line;
        let room = self.width - indent(line.depth, self.width).min(self.width - 1);
        while let Some((range, shade)) = line.pieces.front_mut() {
            let (next, used) = part(bytes, range.start, range.end, line.left);
            if used > line.left && line.left < room {
                if self.starts.len() >= rows {
                    return false;
                }
                let depth = u32::try_from(line.depth).unwrap_or(u32::MAX);
                self.starts.push(Start { at: range.start, depth, shade: *shade, inside: line.inside });
                line.left = room;
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

    pub fn row(&self, bytes: &[u8], row: usize) -> Row {
        let Some(start) = self.starts.get(row) else { return vec![] };
        let end = self.starts.get(row + 1).map_or_else(|| self.end(), |next| next.at);
        let depth = start.depth as usize;
        let mut shown = vec![(margin(depth, self.width), Shade::Quiet)];
        let mut at = start.at;
        while at < end {
            let (to, shade) = if at == start.at { start.first(bytes, end) } else { following(bytes, at, end) };
            shown.push((Safe::bytes(bytes.get(at..to).unwrap_or_default()), shade));
            if is_colon(bytes, &(at..to)) {
                shown.push((Safe::literal(" "), Shade::Quiet));
            }
            at = json::blanks(bytes, to).max(at + 1);
        }
        shown
    }
}

impl Start {
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

/// Beyond half the width rows are indented no further; the depth is written there instead.
fn indent(depth: usize, width: usize) -> usize {
    (depth.saturating_mul(INDENT)).min(width / 2)
}

fn margin(depth: usize, width: usize) -> Safe {
    let cells = indent(depth, width);
    if depth * INDENT <= cells {
        return Safe::from(" ".repeat(cells));
    }
    Safe::from(format!("{:<cells$}", format!("level {depth}"))).fit(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Found in three steps, as a person scrolls.
    fn rows(text: &[u8], width: usize) -> Vec<String> {
        let mut pretty = Pretty::new(width);
        for rows in [1, 5, usize::MAX] {
            pretty.index(text, rows);
            assert!(pretty.len() <= rows);
        }
        let line = |i| pretty.row(text, i).iter().map(|(text, _)| text.as_str().to_owned()).collect();
        (0..pretty.len()).map(line).collect()
    }

    #[test]
    fn a_value_is_indented_and_every_token_stands_as_it_was_written() {
        let text = br#"{"id":18446744073709551616 ,"a":[ 1e400,{}, [ ]],"a":"\ud800","on":true}"#;
        let want = [
            "{",
            "  \"id\": 18446744073709551616,",
            "  \"a\": [",
            "    1e400,",
            "    {},",
            "    []",
            "  ],",
            "  \"a\": \"\\ud800\",",
            "  \"on\": true",
            "}",
        ];
        assert_eq!(rows(text, 80), want);
    }

    #[test]
    fn a_long_string_is_broken_but_never_inside_an_escape() {
        assert_eq!(rows(br#"["abcdef\\\"gh"]"#, 10), ["[", "  \"abcdef", "  \\\\\\\"gh\"", "]"]);
        let narrow = rows(br#"["\\\\\\"]"#, 5);
        assert!(narrow.iter().all(|row| row.trim_start().matches('\\').count() % 2 == 0), "{narrow:?}");
    }

    #[test]
    fn the_shade_of_a_broken_string_goes_on_in_the_next_row() {
        let text = br#"{"a long key":"a long value","n":12345678901234567890}"#;
        let mut pretty = Pretty::new(9);
        pretty.index(text, usize::MAX);
        let shades = |i: usize| pretty.row(text, i).into_iter().skip(1).map(|(_, shade)| shade).collect::<Vec<_>>();
        assert!((1..3).all(|i| shades(i)[0] == Shade::Key), "{:?}", rows(text, 9));
        let last = pretty.len() - 2;
        assert_eq!(shades(last)[0], Shade::Number);
    }

    #[test]
    fn ten_thousand_levels_cost_a_row_each_and_say_how_deep_they_are() {
        let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
        let rows = rows(&deep, 60);
        assert_eq!(rows.len(), 19_999);
        assert_eq!(rows[9_000].trim_end(), "level 9000                    [");
    }

    /// JSON of any shape, with blanks in odd places.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "(0|-?[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?",
            Just("true".to_owned()),
            Just("null".to_owned()),
            r#""(\\\\|\\"|\\ud800|\\n|[a-z 朝é,:\[\]{}]){0,12}""#,
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            let key = r#""([a-z:朝]|\\\\|\\"){0,6}""#;
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(|v| format!("[ {}]", v.join(" ,\n"))),
                prop::collection::vec((key, inner), 0..5).prop_map(|v| {
                    let fields: Vec<String> = v.into_iter().map(|(k, v)| format!("{k} : {v}")).collect();
                    format!("{{{}\t}}", fields.join(","))
                }),
            ]
        })
    }

    fn tokens(text: &str) -> Vec<String> {
        json::Tokens::new(text.as_bytes())
            .map(|token| token.map(|(_, from, to)| text[from..to].to_owned()).expect("a token"))
            .collect()
    }

    proptest! {
        #[test]
        fn pretty_rows_hold_the_very_tokens_of_the_value(text in json(), width in 1usize..60) {
            let mut pretty = Pretty::new(width);
            pretty.index(text.as_bytes(), usize::MAX);
            let pieces = (0..pretty.len()).flat_map(|i| pretty.row(text.as_bytes(), i).into_iter().skip(1));
            let together: String = pieces.filter(|(text, shade)| text.as_str() != " " || *shade != Shade::Quiet).map(|(text, _)| text.to_string()).collect();
            prop_assert_eq!(together, tokens(&text).concat());
        }

        #[test]
        fn no_row_is_wider_than_the_screen(text in json(), width in 8usize..60) {
            for row in rows(text.as_bytes(), width) {
                prop_assert!(Safe::text(&row).width() <= width + 1, "{}", row);
            }
        }

        #[test]
        fn bytes_that_are_not_json_at_all_never_panic_nor_hang(bytes: Vec<u8>, width in 1usize..20) {
            rows(&bytes, width);
        }
    }
}
