//! Finds fields in JSON by walking over its tokens once: nothing is built but what was asked for, so that depth and
//! size cost no memory. Of doubled names the last one counts.
use super::{Cell, Step};
use crate::decode::json::{self, Token, Tokens};
use std::borrow::Cow;

/// One for each path; all missing when the bytes are not JSON or not UTF-8.
pub fn cells(bytes: &[u8], paths: &[&[Step]]) -> Vec<Cell> {
    let mut walk = Walk { bytes, paths, found: vec![None; paths.len()], levels: vec![], dull: 0, child: None };
    let whole = std::str::from_utf8(bytes).is_ok()
        && Tokens::new(bytes).all(|token| token.is_ok_and(|token| walk.token(token)));
    let found = if whole { walk.found } else { vec![None; paths.len()] };
    found.into_iter().map(|found| found.map_or(Cell::Missing, |(from, to)| cell(bytes.get(from..to)))).collect()
}

/// An object or an array that a path leads into.
struct Level {
    /// The paths whose steps lead here.
    live: Vec<usize>,
    /// The paths that end here, which wait for its end.
    ending: Vec<usize>,
    from: usize,
    object: bool,
    /// Of an array: the entry that is due.
    index: usize,
}

/// The name of a field of an object, or the number of an entry.
enum Child<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

struct Walk<'a> {
    bytes: &'a [u8],
    paths: &'a [&'a [Step]],
    /// Where each was found last.
    found: Vec<Option<(usize, usize)>>,
    levels: Vec<Level>,
    /// Levels that no path leads into.
    dull: usize,
    /// The name that was read and whose value is due.
    child: Option<Child<'a>>,
}

impl<'a> Walk<'a> {
    fn token(&mut self, (token, from, to): (Token, usize, usize)) -> bool {
        match token {
            Token::Open => self.open(from),
            Token::Close => self.close(to),
            Token::String if self.names() => self.child = Some(Child::Name(name(self.bytes, from, to))),
            Token::String | Token::Number | Token::Word => {
                let (_, ending) = self.arrive();
                self.keep(&ending, (from, to));
            }
            Token::Colon | Token::Comma => {}
        }
        true
    }

    /// Is a string that comes now the name of a field?
    fn names(&self) -> bool {
        self.dull == 0 && self.child.is_none() && self.levels.last().is_some_and(|level| level.object)
    }

    /// Steps to the value that begins now: the paths that go on into it and those that end with it.
    fn arrive(&mut self) -> (Vec<usize>, Vec<usize>) {
        if self.dull > 0 {
            return (vec![], vec![]);
        }
        let depth = self.levels.len();
        let Some(level) = self.levels.last_mut() else {
            return ((0..self.paths.len()).collect(), vec![]);
        };
        let child = self.child.take().unwrap_or(Child::Index(level.index));
        level.index += 1;
        let step = |path: &usize| self.paths.get(*path).and_then(|steps| steps.get(depth - 1));
        let led: Vec<_> =
            level.live.iter().copied().filter(|path| step(path).is_some_and(|step| child.is(step))).collect();
        for path in &led {
            self.found.iter_mut().skip(*path).take(1).for_each(|found| *found = None);
        }
        led.into_iter().partition(|path| self.paths.get(*path).is_some_and(|steps| steps.len() > depth))
    }

    fn keep(&mut self, paths: &[usize], place: (usize, usize)) {
        for path in paths {
            if let Some(found) = self.found.get_mut(*path) {
                *found = Some(place);
            }
        }
    }

    fn open(&mut self, from: usize) {
        let (live, ending) = self.arrive();
        if live.is_empty() && ending.is_empty() {
            self.dull += 1;
            return;
        }
        let object = self.bytes.get(from) == Some(&b'{');
        self.levels.push(Level { live, ending, from, object, index: 0 });
    }

    fn close(&mut self, to: usize) {
        if self.dull > 0 {
            self.dull -= 1;
        } else if let Some(level) = self.levels.pop() {
            self.keep(&level.ending, (level.from, to));
        }
    }
}

impl Child<'_> {
    fn is(&self, step: &Step) -> bool {
        match (self, step) {
            (Self::Name(name), Step::Name(wanted)) => name == wanted,
            (Self::Index(index), Step::Index(wanted)) => index == wanted,
            _ => false,
        }
    }
}

/// A string without its quotes and escapes; where an escape is half a pair, as it was written.
fn name(bytes: &[u8], from: usize, to: usize) -> Cow<'_, str> {
    let inner = bytes.get(from + 1..to.saturating_sub(1)).unwrap_or_default();
    let whole = bytes.get(from..to).filter(|_| inner.contains(&b'\\'));
    let unescaped = whole.and_then(|whole| serde_json::from_slice::<String>(whole).ok());
    unescaped.map_or_else(|| String::from_utf8_lossy(inner), Cow::Owned)
}

fn cell(bytes: Option<&[u8]>) -> Cell {
    let bytes = bytes.unwrap_or_default();
    let text = || String::from_utf8_lossy(bytes).into_owned();
    match bytes.first() {
        Some(b'"') => Cell::Text(name(bytes, 0, bytes.len()).into_owned()),
        Some(b'n') => Cell::Null,
        Some(b'-' | b'0'..=b'9') => Cell::Number(text()),
        _ => Cell::Json(
            json::one_line(bytes, true).map_or_else(text, |line| String::from_utf8_lossy(&line).into_owned()),
        ),
    }
}
