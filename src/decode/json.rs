//! JSON as it is written, token by token: numbers keep every digit, keys their order and their doubles, escapes their
//! spelling. Values are never built, so that depth and size cost nothing.

/// Bytes that are looked at without a stop.
const PIECE: usize = 1024;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Open,
    Close,
    Colon,
    Comma,
    String,
    Number,
    Word,
}

/// Where and why bytes are not JSON (RFC 8259).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    pub at: usize,
    pub why: &'static str,
    /// The bytes end where more was due.
    pub ended: bool,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Due {
    #[default]
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
    Nothing,
}

/// Does it begin as an object or an array does?
pub fn looks_like(bytes: &[u8]) -> bool {
    matches!(bytes.get(blanks(bytes, 0)), Some(b'{' | b'['))
}

/// Is all of it one JSON value?
pub fn check(bytes: &[u8]) -> Result<(), Wrong> {
    Tokens::new(bytes).try_for_each(|token| token.map(drop))
}

/// A JSON value without the blanks between its tokens. `whole`: the bytes are all there is; else they may end anywhere.
/// `None` when it is not JSON after all.
pub fn one_line(bytes: &[u8], whole: bool) -> Option<Vec<u8>> {
    let mut line = Vec::with_capacity(bytes.len());
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        match token {
            Ok((_, from, to)) => line.extend_from_slice(bytes.get(from..to)?),
            Err(wrong) if wrong.ended && !whole => {
                line.extend_from_slice(bytes.get(tokens.walk.at..)?);
                break;
            }
            Err(_) => return None,
        }
    }
    Some(line)
}

/// The first byte at or after `at` that is not blank.
pub fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len())
}

/// Walks over tokens and checks their order; ends after the first thing that is wrong.
#[derive(Debug)]
pub struct Tokens<'a> {
    bytes: &'a [u8],
    walk: Walk,
    failed: bool,
}

impl<'a> Tokens<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, walk: Walk::default(), failed: false }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<(Token, usize, usize), Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = if self.failed { None } else { self.walk.step(self.bytes) };
        self.failed |= matches!(step, Some(Err(_)));
        step
    }
}

/// How far a value was walked, for whoever goes on later with the same bytes.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// Begin of the token that is looked at.
    at: usize,
    /// One letter a level: `{` or `[`.
    levels: Vec<u8>,
    due: Due,
}

impl Walk {
    /// Read up to here.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Levels that are open here.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// The next token, from where to where; `None` after the end of a whole value.
    pub fn step(&mut self, bytes: &[u8]) -> Option<Result<(Token, usize, usize), Wrong>> {
        self.at = blanks(bytes, self.at);
        let from = self.at;
        let Some(first) = bytes.get(from) else {
            let early = Wrong { at: from, why: "it ends too early", ended: true };
            return (self.due != Due::Nothing).then_some(Err(early));
        };
        if self.due == Due::Nothing {
            return Some(Err(Wrong { at: from, why: "something follows after the end", ended: false }));
        }
        let token = token(bytes, from).and_then(|(token, to)| {
            self.accept(token, *first).map_err(|why| Wrong { at: from, why, ended: false })?;
            self.at = to;
            Ok((token, from, to))
        });
        Some(token)
    }

    fn accept(&mut self, token: Token, first: u8) -> Result<(), &'static str> {
        self.due = match (self.due, token) {
            (Due::Value | Due::ValueOrClose, Token::Open) => self.open(first),
            (Due::Value | Due::ValueOrClose, Token::String | Token::Number | Token::Word) => self.after_value(),
            (Due::Key | Due::KeyOrClose, Token::String) => Due::Colon,
            (Due::Colon, Token::Colon) => Due::Value,
            (Due::CommaOrClose, Token::Comma) if self.levels.last() == Some(&b'{') => Due::Key,
            (Due::CommaOrClose, Token::Comma) => Due::Value,
            (Due::CommaOrClose | Due::KeyOrClose | Due::ValueOrClose, Token::Close) => self.close(first)?,
            (Due::Value | Due::ValueOrClose, _) => return Err("a value is missing here"),
            (Due::Key | Due::KeyOrClose, _) => return Err("a key in quotes is missing here"),
            (Due::Colon, _) => return Err("a colon is missing here"),
            (Due::CommaOrClose | Due::Nothing, _) => return Err("a comma or a closing bracket is missing here"),
        };
        Ok(())
    }

    fn open(&mut self, bracket: u8) -> Due {
        self.levels.push(bracket);
        if bracket == b'{' { Due::KeyOrClose } else { Due::ValueOrClose }
    }

    fn close(&mut self, bracket: u8) -> Result<Due, &'static str> {
        match (self.levels.pop(), bracket) {
            (Some(b'{'), b'}') | (Some(b'['), b']') => Ok(self.after_value()),
            _ => Err("this bracket closes nothing"),
        }
    }

    fn after_value(&self) -> Due {
        if self.levels.is_empty() { Due::Nothing } else { Due::CommaOrClose }
    }
}

/// The token that begins at `at`, and where it ends.
pub fn token(bytes: &[u8], at: usize) -> Result<(Token, usize), Wrong> {
    match bytes.get(at) {
        Some(b'{' | b'[') => Ok((Token::Open, at + 1)),
        Some(b'}' | b']') => Ok((Token::Close, at + 1)),
        Some(b':') => Ok((Token::Colon, at + 1)),
        Some(b',') => Ok((Token::Comma, at + 1)),
        Some(b'"') => string(bytes, at).map(|end| (Token::String, end)),
        Some(b'-' | b'0'..=b'9') => number(bytes, at).map(|end| (Token::Number, end)),
        _ => word(bytes, at).map(|end| (Token::Word, end)),
    }
}

fn string(bytes: &[u8], at: usize) -> Result<usize, Wrong> {
    let ended = |at| Wrong { at, why: "a string without an end", ended: true };
    let mut next = at + 1;
    loop {
        match bytes.get(next) {
            Some(b'"') => return Ok(next + 1),
            // One after the other, without a search between them.
            Some(b'\\') => next = escape(bytes, next)?,
            _ => next = letters(bytes, next)?.ok_or(ended(at))?,
        }
    }
}

/// Where the letters of a string end: at a quote or a backslash; `None` where the bytes end first.
fn letters(bytes: &[u8], at: usize) -> Result<Option<usize>, Wrong> {
    let rest = bytes.get(at..).unwrap_or_default();
    let end = memchr::memchr2(b'"', b'\\', rest);
    let letters = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    // A piece at a time without a way out of it: the processor looks at many bytes at once.
    let controls = |piece: &[u8]| piece.iter().fold(false, |found, b| found | (*b < 0x20));
    match letters.chunks(PIECE).any(controls) {
        true => {
            let control = letters.iter().position(|b| *b < 0x20).unwrap_or(0);
            Err(Wrong { at: at + control, why: "a raw control character in a string", ended: false })
        }
        false => Ok(end.map(|end| at + end)),
    }
}

fn escape(bytes: &[u8], at: usize) -> Result<usize, Wrong> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match bytes.get(at + 2..at + 6) {
            Some(hex) if hex.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            hex => Err(Wrong { at, why: "an escape without four hex digits", ended: hex.is_none() }),
        },
        next => Err(Wrong { at, why: "an escape that JSON does not know", ended: next.is_none() }),
    }
}

fn number(bytes: &[u8], at: usize) -> Result<usize, Wrong> {
    let digits = |at: usize| at + bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let wrong = |at: usize| Wrong { at, why: "a digit is missing here", ended: at >= bytes.len() };
    let some = |at: usize| Some(digits(at)).filter(|end| *end > at).ok_or(wrong(at));
    let from = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = if bytes.get(from) == Some(&b'0') { from + 1 } else { some(from)? };
    if bytes.get(end) == Some(&b'.') {
        end = some(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end = some(end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-'))))?;
    }
    Ok(end)
}

fn word(bytes: &[u8], at: usize) -> Result<usize, Wrong> {
    let rest = bytes.get(at..).unwrap_or_default();
    let words: [&[u8]; 3] = [b"true", b"false", b"null"];
    match words.into_iter().find(|word| rest.starts_with(word)) {
        Some(word) => Ok(at + word.len()),
        None => {
            let ended = words.into_iter().any(|word| word.starts_with(rest));
            Err(Wrong { at, why: "this begins no JSON value", ended })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_json_and_what_is_not_agrees_with_the_standard() {
        let good =
            ["{}", "[]", "[1,2]", r#"{"a":[{"b":null}],"a":true}"#, "0", "-0.5e+10", "1e400", r#""\ud800""#, " [ ] "];
        for text in good {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
        let bad = [
            "",
            "{",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{a:1}",
            "[1 2]",
            "[01]",
            "[1.]",
            "[-]",
            "[.5]",
            "NaN",
            "[1]]",
            "{]",
            "[}",
            "\"\n\"",
            r#""\x""#,
            r#""\u12g4""#,
            "[INFO] begin",
            "\u{feff}{}",
        ];
        for text in bad {
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn ten_million_levels_do_not_overflow_the_stack_t13() {
        let deep = [vec![b'['; 10_000_000], vec![b']'; 10_000_000]].concat();
        assert_eq!(check(&deep), Ok(()));
    }

    #[test]
    fn one_line_keeps_every_token_and_no_blank_between_them() {
        let text = b"{ \"id\" : 18446744073709551616,\n\t\"a b\" : [ 1e400 , \"x  y\" ] }";
        assert_eq!(one_line(text, true).unwrap(), br#"{"id":18446744073709551616,"a b":[1e400,"x  y"]}"#);
        assert_eq!(one_line(b"{ \"a\" : \"long tex", false).unwrap(), br#"{"a":"long tex"#);
        assert_eq!(one_line(b"[INFO] it is not", true), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_walked_without_a_panic_t17(bytes: Vec<u8>) {
            let _ = (check(&bytes), one_line(&bytes, true), one_line(&bytes, false));
        }

        #[test]
        fn bytes_that_almost_are_json_agree_with_another_parser(text in r#"[\[\]{}:,"\\ eu0-9.trufalsn\-+]{0,12}"#) {
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(check(text.as_bytes()).is_ok(), theirs, "{}", text);
        }
    }
}
