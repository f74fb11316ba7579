//! Which fields of a record an expression can look at, so that a value which nobody asks for is never parsed.
use jaq_core::{
    load::parse::{BinaryOp, Term},
    path::{Part, Path},
};

/// Fields that cost something to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    pub key: bool,
    pub value: bool,
    pub headers: bool,
}

impl Wants {
    const ALL: Self = Self { key: true, value: true, headers: true };

    fn and(self, other: Self) -> Self {
        Self { key: self.key | other.key, value: self.value | other.value, headers: self.headers | other.headers }
    }
}

/// All of them wherever the terms do not prove less.
pub fn wants(term: &Term<&str>) -> Wants {
    let none = Wants::default();
    match term {
        Term::Num(_) => none,
        Term::Neg(of) => wants(of),
        Term::Str(..) if super::literal::text(term).is_some() => none,
        Term::Path(of, Path(parts)) if matches!(**of, Term::Id) => path(parts.iter().map(|(part, _)| part)),
        Term::BinOp(left, op, right) => match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Cmp(_) | BinaryOp::Alt => wants(left).and(wants(right)),
            BinaryOp::Pipe(None) if leaves(left) => wants(left),
            _ => Wants::ALL,
        },
        Term::Call("true" | "false" | "null" | "empty", _) => none,
        Term::Call("any" | "all", terms) => match terms.as_slice() {
            [of, _] if leaves(of) => wants(of),
            _ => Wants::ALL,
        },
        Term::Call("header", terms) => Wants { headers: true, ..terms.iter().map(wants).fold(none, Wants::and) },
        _ => Wants::ALL,
    }
}

/// Is what comes behind this term never the record itself?
fn leaves(term: &Term<&str>) -> bool {
    match term {
        Term::Path(of, Path(parts)) => matches!(**of, Term::Id) && !parts.is_empty(),
        Term::BinOp(_, BinaryOp::And | BinaryOp::Or | BinaryOp::Cmp(_), _) => true,
        _ => false,
    }
}

/// The first step chooses a field; what is computed within brackets may look at others.
fn path<'a, 's: 'a>(mut parts: impl Iterator<Item = &'a Part<Term<&'s str>>>) -> Wants {
    let Some(Part::Index(name)) = parts.next() else { return Wants::ALL };
    let first = match super::literal::text(name).as_deref() {
        Some("key") => Wants { key: true, ..Wants::default() },
        Some("value") => Wants { value: true, ..Wants::default() },
        Some("headers") => Wants { headers: true, ..Wants::default() },
        Some(_) => Wants::default(),
        None => Wants::ALL,
    };
    parts.fold(first, |all, part| match part {
        Part::Index(of) => all.and(wants(of)),
        Part::Range(from, to) => [from, to].into_iter().flatten().map(wants).fold(all, Wants::and),
    })
}
