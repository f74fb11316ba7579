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
/// Functions whose arithmetic overflows at its ends, and the names that [`OURS`] calls them by.
const GUARDED: [(&str, &str); 5] = [
    ("length", "length_"),
    ("implode", "implode_"),
    ("gmtime", "gmtime_"),
    ("mktime", "mktime_"),
    ("strftime", "strftime_"),
];

/// `range` in steps that are counted, the values of a header by its name, and what keeps arithmetic within its ends.
const OURS: &str = r#"
def range($from; $to; $by):
    def up: if . < $to then ., (. + $by | up) else empty end;
    def down: if . > $to then ., (. + $by | down) else empty end;
    $from | if $by > 0 then up elif $by < 0 then down else empty end;
def range($from; $to): range($from; $to; 1);
def range($to): range(0; $to; 1);
def header($name): first(.headers[] | select(.name == $name) | .value);
def least: -9223372036854775808;
def length: if . == least then -least else length_ end;
def implode: if any(.[]; . == least) then error("this is no character") else implode_ end;
def time: if isnumber and (. > 1e12 or . < -1e12) or isarray and .[1] > 11 then error("this is no time") end;
def gmtime: time | gmtime_;
def mktime: time | mktime_;
def strftime($format): time | strftime_($format);
"#;

fn allowed(name: &str) -> bool {
    !OUTSIDE.contains(&name) && !ANEW.contains(&name)
}

/// jq's definitions, each of which counts its calls.
pub fn defs<'a>() -> impl Iterator<Item = Def<&'a str>> {
    let first = jaq_core::defs().chain(jaq_std::defs()).filter(|def| allowed(def.name));
    let last = jaq_json::defs().filter(|def| allowed(def.name));
    first.chain(parse_defs(OURS)).chain(last).filter_map(|def| bounds::bound_def(def).ok())
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
    let renamed = |(name, binds, run): Fun<Run>| {
        let guarded = GUARDED.iter().find(|(theirs, _)| *theirs == name);
        (guarded.map_or(name, |(_, ours)| ours), binds, run)
    };
    theirs.filter(|(name, ..)| allowed(name)).map(renamed).chain(bounds::funs())
}
