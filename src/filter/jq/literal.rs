//! What the bytes of a record must hold for an expression to be true, where that can be proven from its terms. What
//! cannot be proven is left out: numbers (42 may be written 4.2e1), `or`, `!=`, everything that computes.
use crate::filter::pattern::Seeker;
use base64::{Engine, engine::general_purpose::STANDARD};
use jaq_core::{
    load::{
        lex::StrPart,
        parse::{BinaryOp, Term},
    },
    ops::Cmp,
    path::{Part, Path},
};

/// Where in the record the value stands that a term looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The whole record.
    Record,
    /// The whole key, value or header value, which may be base64.
    Whole,
    /// Something inside of JSON.
    Inside,
    Unknown,
}

/// How a text is compared with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Equal,
    Part,
}

/// All must be found in the bytes of a record for which `term` gives something that counts as true.
pub fn needles(term: &Term<&str>) -> Vec<Seeker> {
    let mut found = vec![];
    truthy(term, Place::Record, &mut found);
    found.iter().filter_map(|text| needle(text)).collect()
}

/// JSON may write a letter as `\uXXXX`, so that the text or such an escape must be there; around what has a short
/// escape too (`\n`, `\/`) the text is cut, and the longest piece counts.
fn needle(text: &str) -> Option<Seeker> {
    let pieces = text.split(|c: char| matches!(c, '"' | '\\' | '/') || c.is_control());
    let piece = pieces.max_by_key(|piece| piece.len()).filter(|piece| !piece.is_empty())?;
    let escape = if piece.is_ascii() { r"\\u00" } else { r"\\u" };
    regex::bytes::Regex::new(&format!("{}|{escape}", regex::escape(piece))).ok().map(Seeker::Regex)
}

type Texts = Vec<String>;

/// What a result that counts as true needs.
fn truthy(term: &Term<&str>, at: Place, found: &mut Texts) {
    match term {
        Term::BinOp(left, BinaryOp::And, right) => {
            truthy(left, at, found);
            truthy(right, at, found);
        }
        Term::BinOp(left, BinaryOp::Pipe(None), right) => {
            any(left, at, found);
            truthy(right, place(left, at), found);
        }
        Term::BinOp(left, BinaryOp::Cmp(Cmp::Eq), right) => {
            let sides = [(left, right), (right, left)];
            let texts = sides.into_iter().filter_map(|(a, b)| at_place(text(a)?, How::Equal, place(b, at)));
            found.extend(texts);
        }
        Term::Call(name, terms) => call(name, terms, at, found),
        _ => any(term, at, found),
    }
}

fn call(name: &str, terms: &[Term<&str>], at: Place, found: &mut Texts) {
    match (name, terms) {
        ("any", [of, condition]) => {
            any(of, at, found);
            truthy(condition, place(of, at), found);
        }
        ("any", [condition]) => truthy(condition, each(at), found),
        ("select", [condition]) => truthy(condition, at, found),
        ("contains" | "startswith" | "endswith", [part]) => {
            found.extend(text(part).and_then(|text| at_place(text, How::Part, at)));
        }
        ("test", [part]) => {
            let plain = text(part).filter(|text| !text.chars().any(regex_syntax::is_meta_character));
            found.extend(plain.and_then(|text| at_place(text, How::Part, at)));
        }
        _ => {}
    }
}

/// What any result at all needs.
fn any(term: &Term<&str>, at: Place, found: &mut Texts) {
    match term {
        Term::BinOp(left, BinaryOp::Pipe(None), right) => {
            any(left, at, found);
            any(right, place(left, at), found);
        }
        Term::Call("select", terms) => call("select", terms, at, found),
        Term::Path(of, _) => any(of, at, found),
        _ => {}
    }
}

/// Where the results of a term stand.
fn place(term: &Term<&str>, at: Place) -> Place {
    match term {
        Term::Id => at,
        Term::BinOp(left, BinaryOp::Pipe(None), right) => place(right, place(left, at)),
        Term::Call("select", terms) if terms.len() == 1 => at,
        Term::Call("header", terms) if terms.len() == 1 && at == Place::Record => Place::Whole,
        Term::Path(of, Path(parts)) => parts.iter().fold(place(of, at), |at, (part, _)| step(part, at)),
        _ => Place::Unknown,
    }
}

fn step(part: &Part<Term<&str>>, at: Place) -> Place {
    match (at, part) {
        (Place::Record, Part::Index(name)) => match text(name).as_deref() {
            Some("key" | "value") => Place::Whole,
            _ => Place::Unknown,
        },
        (Place::Whole | Place::Inside, Part::Index(Term::Str(..) | Term::Num(_))) => Place::Inside,
        (at, Part::Range(None, None)) => each(at),
        _ => Place::Unknown,
    }
}

/// The entries of what stands there. Bytes that are not JSON have none.
fn each(at: Place) -> Place {
    match at {
        Place::Whole | Place::Inside => Place::Inside,
        Place::Record | Place::Unknown => Place::Unknown,
    }
}

/// A string without anything computed in it.
pub fn text(term: &Term<&str>) -> Option<String> {
    let Term::Str(None, parts) = term else { return None };
    let part = |part: &StrPart<&str, _>| match part {
        StrPart::Str(text) => Some((*text).to_owned()),
        StrPart::Char(letter) => Some(letter.to_string()),
        StrPart::Term(_) => None,
    };
    parts.iter().map(part).collect()
}

/// The text when it must be in the bytes; bytes that are not UTF-8 show as base64, which is not what they hold.
fn at_place(text: String, how: How, at: Place) -> Option<String> {
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let safe = match (at, how) {
        (Place::Inside, _) => true,
        (Place::Whole, How::Equal) => STANDARD.decode(&text).is_err(),
        (Place::Whole, How::Part) => !text.chars().all(base64),
        (Place::Record | Place::Unknown, _) => false,
    };
    safe.then_some(text)
}
