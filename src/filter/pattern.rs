//! A text or a regular expression, compiled twice: exactly, for one field, and relaxed, for the bytes of many records.
use super::query::Pattern;
use crate::mistake::Mistake;
use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Capture, Hir, HirKind, Repetition},
};
use std::ops::Range;

/// A compiled expression takes at most this many bytes; a larger one is refused.
const SIZE: usize = 512 << 10;

/// Looks for a pattern in bytes, in time linear in them.
#[derive(Debug, Clone)]
pub enum Seeker {
    Text(Box<Finder<'static>>),
    Regex(Regex),
}

impl Seeker {
    pub fn text(bytes: &[u8]) -> Self {
        Self::Text(Box::new(Finder::new(bytes).into_owned()))
    }

    pub fn find(&self, bytes: &[u8]) -> Option<Range<usize>> {
        match self {
            Self::Text(finder) => finder.find(bytes).map(|at| at..at + finder.needle().len()),
            Self::Regex(regex) => regex.find(bytes).map(|found| found.range()),
        }
    }

    pub fn occurs(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Text(finder) => finder.find(bytes).is_some(),
            Self::Regex(regex) => regex.is_match(bytes),
        }
    }

    /// Every place in order; they do not overlap.
    pub fn all<'a>(&'a self, bytes: &'a [u8]) -> Box<dyn Iterator<Item = Range<usize>> + 'a> {
        match self {
            Self::Text(finder) => Box::new(finder.find_iter(bytes).map(|at| at..at + finder.needle().len())),
            Self::Regex(regex) => Box::new(regex.find_iter(bytes).map(|found| found.range())),
        }
    }
}

/// A pattern that is judged on one field, and what the bytes around many fields must hold for it.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub exact: Seeker,
    /// Found in a field wherever `exact` is, at the same place or before; `None` when it could be of no bytes.
    pub relaxed: Option<Seeker>,
}

impl Compiled {
    pub fn new(pattern: &Pattern) -> Result<Self, Mistake> {
        if !pattern.regex && !pattern.ignore_case {
            let exact = Seeker::text(pattern.text.as_bytes());
            return Ok(Self { relaxed: Some(exact.clone()), exact });
        }
        let text = if pattern.regex { pattern.text.clone() } else { regex::escape(&pattern.text) };
        let hir = parsed(&text, pattern.ignore_case).map_err(|(at, words)| Mistake::at_byte(&text, at, words))?;
        let exact = built(&text, pattern.ignore_case).map_err(|words| Mistake::at(&text, 0, words))?;
        let relaxed = if hir.properties().look_set().is_empty() {
            Some(exact.clone())
        } else {
            built(&without_looks(&hir).to_string(), false).ok()
        };
        let some_bytes = hir.properties().minimum_len().is_none_or(|least| least > 0);
        Ok(Self { exact: Seeker::Regex(exact), relaxed: relaxed.filter(|_| some_bytes).map(Seeker::Regex) })
    }
}

fn built(text: &str, ignore_case: bool) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).case_insensitive(ignore_case).size_limit(SIZE).build();
    built.map_err(|wrong| match wrong {
        regex::Error::CompiledTooBig(_) => "this would take too much memory: use smaller counts".to_owned(),
        other => other.to_string(),
    })
}

/// What the expression is made of, or the byte where it is wrong.
fn parsed(text: &str, ignore_case: bool) -> Result<Hir, (usize, String)> {
    let parsed = ParserBuilder::new().utf8(false).case_insensitive(ignore_case).build().parse(text);
    parsed.map_err(|wrong| match wrong {
        regex_syntax::Error::Parse(wrong) => (wrong.span().start.offset, wrong.kind().to_string()),
        regex_syntax::Error::Translate(wrong) => (wrong.span().start.offset, wrong.kind().to_string()),
        _ => (0, "this is no regular expression".to_owned()),
    })
}

/// The same without `^ $ \b` and their like, which ask what stands beside a match and so mean one thing at the border
/// of a field and another in the middle of a buffer. Matches wherever the original does, and more.
fn without_looks(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(_) => Hir::empty(),
        HirKind::Repetition(of) => Hir::repetition(Repetition { sub: Box::new(without_looks(&of.sub)), ..of.clone() }),
        HirKind::Capture(of) => Hir::capture(Capture { sub: Box::new(without_looks(&of.sub)), ..of.clone() }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_looks).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(without_looks).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
    }
}
