//! A jq expression over a record, by jaq: compiled once, bounded in steps, depth and memory, and cut off from
//! everything outside of the record: no environment, no files, no clock, no output, no way to end the program.
mod bounds;
mod input;
mod library;
mod literal;
mod wants;

use super::{Verdict, pattern::Seeker};
use crate::{mistake::Mistake, record::Record};
use bounds::{Course, Run};
use jaq_core::{
    Ctx, Vars,
    compile::Undefined,
    load::{
        Arena, File, Lexer, Loader, Parser,
        lex::{self, StrPart, Tok, Token},
        parse::{Def, Term},
    },
};
use jaq_json::Val;
use std::{
    fmt::{self, Write},
    slice::from_ref,
};
use wants::Wants;

/// An expression has at most this many bytes, levels of brackets, and signs that open a level without one: its parser
/// recurses.
const LENGTH: usize = 4096;
const BRACKETS: usize = 64;
const OPENERS: usize = 96;
/// What is told of a failure, in bytes; a value that it quotes may be of any size.
const TOLD: usize = 160;
/// The name of the whole expression inside of jaq; no person can write it.
const MAIN: &str = "where!";

type Parsed<'a> = Term<&'a str>;

pub struct Program {
    filter: jaq_core::Filter<Run>,
    /// All are in the bytes of a record that matches.
    pub needles: Vec<Seeker>,
    wants: Wants,
}

impl Program {
    pub fn compile(text: &str) -> Result<Self, Mistake> {
        let term = parse(text)?;
        let (needles, wants) = (literal::needles(&term), wants::wants(&term));
        let term = bounds::bound(term).map_err(|words| Mistake::at(text, 0, words))?;
        let main = Def { name: MAIN, args: vec![], body: term };
        let arena = Arena::default();
        let file = File { code: "main", path: () };
        let defs = library::defs().chain([main, library::entry(MAIN)]);
        let broken = || Mistake::at(text, 0, "jq's own definitions do not load");
        let modules = Loader::new(defs).load(&arena, file).map_err(|_| broken())?;
        let compiled = jaq_core::Compiler::default().with_funs(library::funs()).compile(modules);
        compiled.map(|filter| Self { filter, needles, wants }).map_err(|files| {
            let mut wrong = files.into_iter().flat_map(|(_, undefined)| undefined);
            wrong.find_map(|(name, what)| unknown(text, name, &what)).unwrap_or_else(broken)
        })
    }

    /// Accepts exactly `true` as the first result; `false`, `null` and no result are "no", all else is a failure.
    pub fn judge(&self, record: &Record<'_>) -> Verdict {
        let input = match input::of(record, self.wants) {
            Ok(input) => input,
            Err(why) => return Verdict::Failed(why.to_owned()),
        };
        let course = Course::new(&self.filter.lut, record.size());
        let context = Ctx::<Run>::new(&course, Vars::new([]));
        let first = self.filter.id.run((context, input)).next();
        match first {
            Some(Ok(Val::Bool(true))) => Verdict::Match,
            None | Some(Ok(Val::Bool(false) | Val::Null)) => Verdict::No,
            Some(Ok(other)) => Verdict::Failed(format!("gave {}, not true or false", kind(&other))),
            Some(Err(exception)) => Verdict::Failed(match exception.get_err() {
                Ok(error) => told(&error),
                Err(exception) => bounds::words(exception.get_halt().ok()).to_owned(),
            }),
        }
    }
}

fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "a boolean",
        Val::Num(_) => "a number",
        Val::BStr(_) | Val::TStr(_) => "a string",
        Val::Arr(_) => "an array",
        Val::Obj(_) => "an object",
    }
}

/// The beginning of what it says, on one line.
fn told(what: &impl fmt::Display) -> String {
    let mut short = Short(String::new());
    // Ends early by an error of its own when there is enough.
    let cut = write!(short, "{what}").is_err();
    let line = short.0.replace(char::is_control, " ");
    if cut { line + "…" } else { line }
}

struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|letter| {
            self.0.push(letter);
            if self.0.len() < TOLD { Ok(()) } else { Err(fmt::Error) }
        })
    }
}

fn parse(text: &str) -> Result<Parsed<'_>, Mistake> {
    let refused = |at| Mistake::at_byte(text, at, "this expression is too long or too deep");
    match deep(text) {
        None if text.len() <= LENGTH => {}
        at => return Err(refused(at.unwrap_or(LENGTH))),
    }
    let tokens = Lexer::new(text).lex().map_err(|wrong| lexed(text, &wrong))?;
    if openers(&tokens) > OPENERS {
        return Err(refused(0));
    }
    Parser::new(&tokens).parse(|parser| parser.term()).map_err(|wrong| match wrong.first() {
        Some((expected, found)) => {
            let at = found.map_or(text.len(), |token| offset(text, token.0).unwrap_or(0));
            Mistake::at_byte(text, at, format!("jq expects {} here", expected.as_str()))
        }
        None => Mistake::at(text, 0, "this is no jq expression"),
    })
}

/// How many signs open a level that no bracket closes, at most all in each other.
fn openers(tokens: &[Token<&str>]) -> usize {
    let opens = |Token(text, token): &Token<&str>| match token {
        Tok::Block(inner) => openers(inner),
        Tok::Str(parts) => {
            parts.iter().map(|part| if let StrPart::Term(of) = part { openers(from_ref(of)) } else { 0 }).sum()
        }
        _ => usize::from(["-", "if", "elif", "try", "def", "as", "reduce", "foreach", "label", "catch"].contains(text)),
    };
    tokens.iter().map(opens).sum()
}

fn lexed(text: &str, wrong: &[lex::Error<&str>]) -> Mistake {
    match wrong.first() {
        Some((lex::Expect::Token, at)) => Mistake::at_byte(text, offset(text, at).unwrap_or(0), "jq has no such sign"),
        Some((expected, at)) => {
            let words = format!("jq misses a {} here", expected.as_str());
            Mistake::at_byte(text, offset(text, at).unwrap_or(0), words)
        }
        None => Mistake::at(text, 0, "this is no jq expression"),
    }
}

fn unknown(text: &str, name: &str, what: &Undefined) -> Option<Mistake> {
    let at = offset(text, name)?;
    let words = match what {
        Undefined::Var => format!("there is no variable {name} here"),
        Undefined::Label => format!("there is no label {name} here"),
        Undefined::Filter(0) => format!("there is no function {name} here"),
        Undefined::Filter(arguments) => format!("there is no function {name} of {arguments} arguments here"),
        _ => format!("there is no {name} here"),
    };
    Some(Mistake::at_byte(text, at, words))
}

/// Where `part`, a piece of `text` by its address, begins.
fn offset(text: &str, part: &str) -> Option<usize> {
    let at = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (at <= text.len()).then_some(at)
}

/// The bracket that is one level too deep.
fn deep(text: &str) -> Option<usize> {
    let mut levels = 0usize;
    text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => levels += 1,
            b')' | b']' | b'}' => levels = levels.saturating_sub(1),
            _ => {}
        }
        levels > BRACKETS
    })
}
