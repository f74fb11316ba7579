//! The functions a person may use: jq's own, without those that reach outside of the record, and with bounds.
use super::bounds::{self, Run};
use jaq_core::{
    load::parse::{Def, Term},
    native::Fun,
};

/// Left out by name: environment, clock, zone of the machine, output, other inputs, the end of the program. Of these,
/// what is written in jq goes as well.
const OUTSIDE: [&str; 14] = [
    "env",
    "now",
    "localtime",
    "strflocaltime",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "halt",
    "halt_error",
    "input",
    "inputs",
    "input_filename",
    "input_line_number",
];
/// Written anew, with bounds.
const ANEW: [&str; 2] = ["range", "fromjson"];

/// `range` in steps that are counted, and the values of a header by its name.
const OURS: &str = r#"
def range($from; $to; $by):
    def up: if . < $to then ., (. + $by | up) else empty end;
    def down: if . > $to then ., (. + $by | down) else empty end;
    $from | if $by > 0 then up elif $by < 0 then down else empty end;
def range($from; $to): range($from; $to; 1);
def range($to): range(0; $to; 1);
def header($name): first(.headers[] | select(.name == $name) | .value);
"#;

fn allowed(name: &str) -> bool {
    !OUTSIDE.contains(&name) && !ANEW.contains(&name)
}

/// jq's definitions, each of which counts its calls.
pub fn defs<'a>() -> impl Iterator<Item = Def<&'a str>> {
    let ours = parse_defs(OURS);
    let theirs = jaq_core::defs().filter(|def| allowed(def.name)).chain(ours);
    let theirs = theirs.chain(jaq_std::defs().chain(jaq_json::defs()).filter(|def| allowed(def.name)));
    theirs.filter_map(|def| bounds::bound_def(def).ok())
}

fn parse_defs(text: &'static str) -> Vec<Def<&'static str>> {
    jaq_core::load::parse(text, |parser| parser.defs()).unwrap_or_default()
}

/// `main`, which is all that jaq is given to parse.
pub fn entry(of: &str) -> Def<&str> {
    Def { name: "main", args: vec![], body: Term::Call(of, vec![]) }
}

pub fn funs() -> impl Iterator<Item = Fun<Run>> {
    let theirs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    theirs.filter(|(name, ..)| allowed(name)).chain(bounds::funs())
}
