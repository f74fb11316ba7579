//! `kafscope read` and `kafscope tail`: one grammar, two defaults.
use crate::place::Where;
use clap::Args;
use std::collections::BTreeSet;

#[derive(Debug, Args)]
pub struct Read {
    /// Topics; in a name `*` and `?` stand for anything.
    #[arg(value_name = "TOPIC", required_unless_present = "topic")]
    topics: Vec<String>,
    #[arg(short, long, hide = true, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Where to begin: start, end, or last:N, the last N records over all partitions. `read` begins at start, `tail` at
    /// last:10, or last:N with a smaller -n.
    #[arg(long, value_name = "WHERE", value_parser = place)]
    from: Option<Where>,
    /// The same as `--from start`.
    #[arg(long, conflicts_with = "from")]
    from_beginning: bool,
    /// Stop after this many records.
    #[arg(short = 'n', long, alias = "max-messages", value_name = "N")]
    pub max: Option<u64>,
    /// Only these partitions, as in 0,2-4.
    #[arg(short, long, value_name = "0,2-4", value_parser = partitions)]
    pub partition: Option<BTreeSet<i32>>,
    /// Print the bytes of each value and a newline.
    #[arg(long, conflicts_with_all = ["json", "count"])]
    pub raw: bool,
    /// Print only how many records there are.
    #[arg(long)]
    pub count: bool,
}

impl Read {
    pub fn topics(&self) -> Vec<&str> {
        self.topics.iter().chain(&self.topic).map(String::as_str).collect()
    }

    pub fn from(&self) -> Option<Where> {
        if self.from_beginning { Some(Where::Start) } else { self.from.clone() }
    }
}

fn place(text: &str) -> Result<Where, String> {
    match text {
        "start" | "beginning" | "earliest" => Ok(Where::Start),
        "end" | "latest" => Ok(Where::End),
        _ => match text.strip_prefix("last:").map(str::parse) {
            Some(Ok(records)) => Ok(Where::Last(records)),
            _ => Err("write start, end or last:N".into()),
        },
    }
}

/// No topic has more partitions than this; a longer range is a slip of the finger.
const MOST_PARTITIONS: i32 = 1_000_000;

fn partitions(text: &str) -> Result<BTreeSet<i32>, String> {
    let mut wanted = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match (first.trim().parse::<i32>(), last.trim().parse::<i32>()) {
            (Ok(first), Ok(last)) if 0 <= first && first <= last && last < MOST_PARTITIONS => {
                wanted.extend(first..=last)
            }
            _ => return Err(format!("{part:?} is no partition and no range; write 0,2-4")),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_numbers_and_ranges() {
        assert_eq!(partitions("0,2-4, 7").unwrap(), BTreeSet::from([0, 2, 3, 4, 7]));
        for wrong in ["", "-1", "4-2", "a", "0-99999999", "1,,2"] {
            assert!(partitions(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_place_is_named_in_our_words_and_in_kafkas() {
        assert_eq!(place("earliest"), Ok(Where::Start));
        assert_eq!(place("latest"), Ok(Where::End));
        assert_eq!(place("last:25"), Ok(Where::Last(25)));
        assert!(place("last:-1").is_err() && place("newest").is_err());
    }
}
