//! What the command line of `read` and `tail` asks for, understood before anybody is connected to. A mistake is shown
//! under the text it is in.
use super::{Ended, Setup};
use crate::{
    cli::read::{Matching, Printed, Read, Records, Tail, partitions},
    filter::{Filter, Pattern, Query},
    kafka::scan::Order,
    mistake::Mistake,
    output::{Console, Decode, Form, Tokens},
    place::{Bounds, Where},
    text::Safe,
};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeSet, path::PathBuf};

#[derive(Debug)]
pub struct Wanted {
    pub topics: Vec<String>,
    pub partitions: Option<BTreeSet<i32>>,
    pub from: Option<Where>,
    pub to: Option<Where>,
    pub order: Order,
    /// Records to print.
    pub max: Option<u64>,
    pub filter: Option<Filter>,
    /// Only the partition that this key goes to.
    pub key: Option<Vec<u8>>,
    pub shown: Shown,
    pub decode: Decode,
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A number at the end.
    Count {
        json: bool,
    },
    /// Aligned lines for a person; with columns, these.
    Rows(Option<String>),
    Lines(Form),
}

/// Columns of CSV that nobody named.
const COLUMNS: &str = "topic,partition,offset,timestamp,key,value";

impl Wanted {
    pub fn read(args: &Read, setup: &Setup) -> Result<Self, Ended> {
        let order = match (args.newest_first, args.ordered) {
            (true, _) => Order::NewestFirst,
            (_, true) => Order::ByTime,
            _ => Order::AsItArrives,
        };
        let mut wanted = Self::of(&args.records, setup)?;
        if let Some(to) = &args.to {
            wanted.to = Some(place("--to", to)?);
        }
        Ok(Self { order, ..wanted })
    }

    pub fn tail(args: &Tail, setup: &Setup) -> Result<Self, Ended> {
        let read_has = |option: &str| {
            let words = format!("tail goes on with what arrives and has no {option}; `kafscope read` has it");
            Err(Ended::Wrong(words))
        };
        let wanted = Self::of(&args.records, setup)?;
        match (args.to.is_some() || wanted.to.is_some(), args.newest_first, args.ordered, args.exit) {
            (true, ..) => read_has("end"),
            (_, true, ..) => read_has("--newest-first"),
            (_, _, true, _) => read_has("--ordered"),
            (.., true) => read_has("-e"),
            _ => Ok(wanted),
        }
    }

    fn of(args: &Records, setup: &Setup) -> Result<Self, Ended> {
        let which = &args.which;
        let only = which.partition.as_deref().map(|text| (text, partitions(text)));
        let only = only.map(|(text, only)| only.map_err(|mistake| wrong("--partition", text, &mistake))).transpose()?;
        let bounds = bounds(args)?;
        let key = args.matching.key.as_ref().filter(|_| args.matching.key_partitioned);
        let mut console = Console::default();
        for property in &args.habits.property {
            console.set(property).map_err(|mistake| wrong("--property", property, &mistake))?;
        }
        Ok(Self {
            topics: args.topics().into_iter().map(str::to_owned).collect(),
            partitions: only,
            from: bounds.from,
            to: bounds.to,
            order: Order::default(),
            max: which.max,
            filter: filter(&args.matching)?,
            key: key.map(|key| key.as_bytes().to_vec()),
            shown: shown(args, setup.json || args.habits.json_objects, &console)?,
            decode: decode(&args.printed, console.decode),
            output: args.printed.output.clone(),
        })
    }
}

fn bounds(args: &Records) -> Result<Bounds, Ended> {
    let mut bounds = Bounds::default();
    for text in &args.which.offset {
        let said = Where::kcat(text).map_err(|mistake| wrong("--offset", text, &mistake))?;
        bounds = Bounds { from: said.from.or(bounds.from), to: said.to.or(bounds.to) };
    }
    if let Some(text) = &args.which.from {
        bounds.from = Some(place("--from", text)?);
    }
    if args.which.from_beginning {
        bounds.from = Some(Where::Start);
    }
    Ok(bounds)
}

fn place(option: &str, text: &str) -> Result<Where, Ended> {
    let said = Where::read(text, Timestamp::now(), &TimeZone::system());
    said.map_err(|mistake| wrong(option, text, &mistake))
}

fn filter(args: &Matching) -> Result<Option<Filter>, Ended> {
    let pattern = |text: &String| Pattern { text: text.clone(), regex: args.regex, ignore_case: args.ignore_case };
    let header = |text: &String| Query::header(text).map_err(|mistake| unfit("--header", &mistake));
    let query = Query {
        grep: args.grep.iter().map(pattern).collect(),
        key: args.key.as_ref().map(|key| key.as_bytes().to_vec()),
        headers: args.header.iter().map(header).collect::<Result<_, _>>()?,
        jq: args.jq.clone(),
    };
    if query.is_empty() {
        return Ok(None);
    }
    let option = |mistake: &Mistake| if args.jq.is_some() && args.jq == mistake.text { "--where" } else { "--grep" };
    Filter::compile(query).map(Some).map_err(|mistake| unfit(option(&mistake), &mistake))
}

fn unfit(option: &str, mistake: &Mistake) -> Ended {
    wrong(option, mistake.text.as_deref().unwrap_or_default(), mistake)
}

fn shown(args: &Records, json: bool, console: &Console) -> Result<Shown, Ended> {
    let (printed, habits) = (&args.printed, &args.habits);
    if printed.count {
        return Ok(Shown::Count { json });
    }
    Ok(match &printed.format {
        Some(text) => {
            let tokens = Tokens::read(text).map_err(|mistake| wrong("--format", text, &mistake))?;
            Shown::Lines(Form::Format(tokens))
        }
        None if printed.raw => Shown::Lines(Form::Raw),
        None if printed.raw0 => Shown::Lines(Form::Raw0),
        None if printed.csv => Shown::Lines(Form::Csv(printed.columns.clone().unwrap_or_else(|| COLUMNS.into()))),
        None if json => Shown::Lines(Form::Json),
        None if !habits.property.is_empty() => Shown::Lines(Form::Format(console.tokens())),
        None if habits.key_delimiter.is_some() || habits.delimiter.is_some() => {
            Shown::Lines(Form::Format(kcat(habits.key_delimiter.as_deref(), habits.delimiter.as_deref())?))
        }
        None => Shown::Rows(printed.columns.clone()),
    })
}

/// kcat's `-K` and `-D`: the key before the value, and what ends a record. Both know the escapes of a format.
fn kcat(key: Option<&str>, end: Option<&str>) -> Result<Tokens, Ended> {
    let literal = |text: &str| text.replace('%', "%%");
    let key = key.map(|delimiter| format!("%k{}", literal(delimiter))).unwrap_or_default();
    let text = format!("{key}%s{}", literal(end.unwrap_or("\\n")));
    Tokens::read(&text).map_err(|mistake| wrong("-K, -D", &text, &mistake))
}

/// An option wins over a property.
fn decode(printed: &Printed, property: Decode) -> Decode {
    Decode { key: printed.decode_key.or(property.key), value: printed.decode.or(property.value) }
}

/// What is wrong, the line it is in, and a mark under the letter where it is.
pub fn wrong(option: &str, text: &str, mistake: &Mistake) -> Ended {
    let before: String = text.chars().take(mistake.column).collect();
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let blanks = Safe::text(before.get(begin..).unwrap_or_default()).width();
    Ended::Wrong(format!("{option}: {}\n  {line}\n  {:blanks$}^", mistake.words, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_under_the_letter_in_its_own_line_and_wide_letters_count_twice() {
        for (text, column, shown) in [
            (".value.id ==", 12, "  .value.id ==\n              ^"),
            ("朝日 %q", 3, "  朝日 %q\n       ^"),
            ("one\ntwo\nthree", 5, "  two\n   ^"),
            ("", 0, "  \n  ^"),
        ] {
            let Ended::Wrong(words) = wrong("--where", text, &Mistake::new(column, "no")) else { panic!("{text}") };
            assert_eq!(words, format!("--where: no\n{shown}"));
        }
    }
}
