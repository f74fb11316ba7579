//! What keeps an expression from running forever, from overflowing the stack and from eating the memory. jaq has no
//! such bounds, so the terms are rewritten before they are compiled: each definition counts its calls, and `+` and `*`
//! look at what they would make.
use super::input;
use jaq_core::{
    Cv, DataT, Error, Exn, Native, RunPtr, ValR,
    data::HasLut,
    load::{
        lex::StrPart,
        parse::{BinaryOp, Def, Pattern, Term},
    },
    native::{self, Fun, bome, v},
    ops::Math,
    path::{Part, Path},
};
use jaq_json::{Num, Val};
use std::cell::Cell;

/// Calls that one record may take: some, and more for a larger record, so that a long array can be walked.
const STEPS: usize = 100_000;
const STEPS_A_BYTE: usize = 8;
/// Bytes of stack that calls of functions may take; a thread has 2 MiB.
const STACK: usize = 384 << 10;
/// Terms in each other; evaluating recurses over them.
const LEVELS: usize = 128;
/// Bytes of a string or entries of an array that an expression makes.
const SIZE: usize = 16 << 20;
/// Bits of an integer that an expression makes.
const BITS: u64 = 1 << 16;

const ENDLESS: i32 = 1;
const DEEP: i32 = 2;

/// What it means that jq was stopped.
pub fn words(stopped: Option<i32>) -> &'static str {
    match stopped {
        Some(ENDLESS) => "took too many steps",
        Some(DEEP) => "called itself too deep",
        _ => "was stopped",
    }
}

/// One record's run: what is left of its bounds.
pub struct Course<'a> {
    lut: &'a jaq_core::Lut<Run>,
    steps: Cell<usize>,
    /// An address on the stack where the run began.
    stack: usize,
}

impl<'a> Course<'a> {
    pub fn new(lut: &'a jaq_core::Lut<Run>, bytes: usize) -> Self {
        let steps = Cell::new(STEPS.saturating_add(bytes.saturating_mul(STEPS_A_BYTE)));
        Self { lut, steps, stack: here() }
    }

    /// Called by every definition of jq.
    fn tick(&self) -> Result<(), i32> {
        let left = self.steps.get().checked_sub(1).ok_or(ENDLESS)?;
        self.steps.set(left);
        if here().abs_diff(self.stack) > STACK { Err(DEEP) } else { Ok(()) }
    }
}

/// Where on the stack we are.
#[inline(never)]
fn here() -> usize {
    let local = 0u8;
    std::ptr::from_ref(&local).addr()
}

pub struct Run;

impl DataT for Run {
    type V<'a> = Val;
    type Data<'a> = &'a Course<'a>;
}

impl<'a> HasLut<'a, Run> for &'a Course<'a> {
    fn lut(&self) -> &'a jaq_core::Lut<Run> {
        self.lut
    }
}

const TICK: &str = "tick!";
const PLUS: &str = "plus!";
const TIMES: &str = "times!";
const OPERAND: &str = "$operand!";

/// The functions that rewritten terms call, and those that are bounded by themselves.
pub fn funs() -> impl Iterator<Item = Fun<Run>> {
    let tick = Native::<Run>::new(|cv| stopped(&cv.0.data().tick(), Ok(cv.1)))
        .with_paths(|cv| match cv.0.data().tick() {
            Ok(()) => Box::new(std::iter::once(Ok(cv.1))),
            Err(code) => Box::new(std::iter::once(Err(Exn::halt(code)))),
        })
        .with_update(|cv, update| update(cv.1));
    let math: [native::Filter<RunPtr<Run>>; 3] =
        [(PLUS, v(2), plus), (TIMES, v(2), times), ("fromjson", v(0), fromjson)];
    math.into_iter().map(native::run::<Run>).chain([(TICK, v(0), tick)])
}

type Results<'a> = jaq_core::ValXs<'a, Val>;

fn stopped<'a>(tick: &Result<(), i32>, then: ValR<Val>) -> Results<'a> {
    match tick {
        Ok(()) => bome(then),
        Err(code) => Box::new(std::iter::once(Err(Exn::halt(*code)))),
    }
}

fn plus<'a>(mut cv: Cv<'a, Run>) -> Results<'a> {
    let tick = cv.0.data().tick();
    let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
    let large = match (&left, &right) {
        (Val::TStr(a) | Val::BStr(a), Val::TStr(b) | Val::BStr(b)) => a.len() + b.len() > SIZE,
        (Val::Arr(a), Val::Arr(b)) => a.len() + b.len() > SIZE,
        _ => false,
    };
    stopped(&tick, if large { too_large() } else { left + right })
}

fn times<'a>(mut cv: Cv<'a, Run>) -> Results<'a> {
    let tick = cv.0.data().tick();
    let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
    let large = match (&left, &right) {
        (Val::TStr(text) | Val::BStr(text), Val::Num(times)) | (Val::Num(times), Val::TStr(text) | Val::BStr(text)) => {
            repeats(times).is_none_or(|times| text.len().saturating_mul(times) > SIZE)
        }
        (Val::Num(a), Val::Num(b)) => bits(a) + bits(b) > BITS,
        _ => false,
    };
    stopped(&tick, if large { too_large() } else { left * right })
}

/// How often a string would be repeated; `None` = too often.
fn repeats(times: &Num) -> Option<usize> {
    match times {
        Num::Int(times) => Some(usize::try_from(*times).unwrap_or(0)),
        Num::BigInt(_) => None,
        Num::Float(_) | Num::Dec(_) => Some(0),
    }
}

fn bits(number: &Num) -> u64 {
    match number {
        Num::BigInt(number) => number.bits(),
        _ => 0,
    }
}

fn too_large() -> ValR<Val> {
    Err(Error::str("this would make more than 16 MiB"))
}

fn fromjson<'a>(cv: Cv<'a, Run>) -> Results<'a> {
    let parsed = cv.1.try_as_utf8_bytes_owned().and_then(|bytes| match input::parsed(&bytes) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(Error::str("fromjson: this is not JSON")),
        Err(why) => Err(Error::str(why)),
    });
    bome(parsed)
}

/// The words of a refusal.
type Refused = &'static str;

/// The same term, bounded.
pub fn bound(term: Term<&str>) -> Result<Term<&str>, Refused> {
    walk(term, 0)
}

/// The same definition, bounded; each call of it counts.
pub fn bound_def(def: Def<&str>) -> Result<Def<&str>, Refused> {
    ticking(def, 0)
}

fn ticking(def: Def<&str>, level: usize) -> Result<Def<&str>, Refused> {
    let body = binary(Term::Call(TICK, vec![]), BinaryOp::Pipe(None), walk(def.body, level)?);
    Ok(Def { body, ..def })
}

fn binary<'a>(left: Term<&'a str>, op: BinaryOp<&'a str>, right: Term<&'a str>) -> Term<&'a str> {
    Term::BinOp(Box::new(left), op, Box::new(right))
}

fn walk(term: Term<&str>, level: usize) -> Result<Term<&str>, Refused> {
    let level = level + 1;
    if level > LEVELS {
        return Err("this expression is nested too deep");
    }
    let boxed = |term: Box<Term<_>>| walk(*term, level).map(Box::new);
    let all = |terms: Vec<_>| terms.into_iter().map(|term| walk(term, level)).collect::<Result<Vec<_>, _>>();
    Ok(match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => term,
        Term::Str(format, parts) => Term::Str(format, strings(parts, level)?),
        Term::Arr(of) => Term::Arr(of.map(boxed).transpose()?),
        Term::Obj(fields) => {
            let field = |(name, value): (_, Option<_>)| {
                Ok((walk(name, level)?, value.map(|value| walk(value, level)).transpose()?))
            };
            Term::Obj(fields.into_iter().map(field).collect::<Result<_, Refused>>()?)
        }
        Term::Neg(of) => Term::Neg(boxed(of)?),
        Term::BinOp(left, op, right) => operation(*boxed(left)?, op, *boxed(right)?, level)?,
        Term::Label(name, of) => Term::Label(name, boxed(of)?),
        Term::Fold(name, of, pattern, terms) => {
            Term::Fold(name, boxed(of)?, self::pattern(pattern, level)?, all(terms)?)
        }
        Term::TryCatch(of, catch) => Term::TryCatch(boxed(of)?, catch.map(boxed).transpose()?),
        Term::IfThenElse(cases, otherwise) => {
            let case = |(when, then)| Ok((walk(when, level)?, walk(then, level)?));
            let cases = cases.into_iter().map(case).collect::<Result<_, Refused>>()?;
            Term::IfThenElse(cases, otherwise.map(boxed).transpose()?)
        }
        Term::Def(defs, of) => {
            let defs = defs.into_iter().map(|def| ticking(def, level)).collect::<Result<_, _>>()?;
            Term::Def(defs, boxed(of)?)
        }
        Term::Call(name, terms) => Term::Call(name, all(terms)?),
        Term::Path(of, path) => Term::Path(boxed(of)?, self::path(path, level)?),
    })
}

type Strings<'a> = Vec<StrPart<&'a str, Term<&'a str>>>;

fn strings(parts: Strings<'_>, level: usize) -> Result<Strings<'_>, Refused> {
    let part = |part| match part {
        StrPart::Term(term) => walk(term, level).map(StrPart::Term),
        other => Ok(other),
    };
    parts.into_iter().map(part).collect()
}

fn operation<'a>(
    left: Term<&'a str>,
    op: BinaryOp<&'a str>,
    right: Term<&'a str>,
    level: usize,
) -> Result<Term<&'a str>, Refused> {
    let operand = || Term::Var(OPERAND);
    Ok(match op {
        BinaryOp::Math(Math::Add) => Term::Call(PLUS, vec![left, right]),
        BinaryOp::Math(Math::Mul) => Term::Call(TIMES, vec![left, right]),
        // `l += r` is `r as $x | l |= . + $x`.
        BinaryOp::UpdateMath(math @ (Math::Add | Math::Mul)) => {
            let name = if math == Math::Add { PLUS } else { TIMES };
            let update = binary(left, BinaryOp::Update, Term::Call(name, vec![Term::Id, operand()]));
            binary(right, BinaryOp::Pipe(Some(Pattern::Var(OPERAND))), update)
        }
        BinaryOp::Pipe(Some(pattern)) => binary(left, BinaryOp::Pipe(Some(self::pattern(pattern, level)?)), right),
        other => binary(left, other, right),
    })
}

fn pattern(of: Pattern<&str>, level: usize) -> Result<Pattern<&str>, Refused> {
    Ok(match of {
        Pattern::Var(name) => Pattern::Var(name),
        Pattern::Arr(parts) => {
            Pattern::Arr(parts.into_iter().map(|part| pattern(part, level)).collect::<Result<_, _>>()?)
        }
        Pattern::Obj(fields) => {
            let field = |(name, value)| Ok((walk(name, level)?, pattern(value, level)?));
            Pattern::Obj(fields.into_iter().map(field).collect::<Result<_, Refused>>()?)
        }
    })
}

fn path(of: Path<Term<&str>>, level: usize) -> Result<Path<Term<&str>>, Refused> {
    let bound = |of: Option<_>| of.map(|term| walk(term, level)).transpose();
    let part = |(part, optional)| {
        let part = match part {
            Part::Index(of) => Part::Index(walk(of, level)?),
            Part::Range(from, to) => Part::Range(bound(from)?, bound(to)?),
        };
        Ok((part, optional))
    };
    of.0.into_iter().map(part).collect::<Result<_, _>>().map(Path)
}
