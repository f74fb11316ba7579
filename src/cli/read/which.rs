//! Which records are read.
use crate::mistake::Mistake;
use clap::Args;
use std::collections::BTreeSet;

pub const HEADING: &str = "Which";

#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub struct Which {
    /// Where to begin. `read` begins at start, `tail` at last:10, or last:N with a smaller -n.
    #[arg(long, value_name = "WHERE", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The same as `--from start`.
    #[arg(long, conflicts_with_all = ["from", "offset"])]
    pub from_beginning: bool,
    /// Where to begin, in kcat's words: beginning, end, N, s@MS; e@MS is where to end. -N means N records of each
    /// partition, where --from last:N means N over all of them.
    #[arg(short, long, value_name = "N", allow_hyphen_values = true, conflicts_with = "from")]
    pub offset: Vec<String>,
    /// Only these partitions, as in 0,2-4.
    #[arg(short, long, value_name = "0,2-4")]
    pub partition: Option<String>,
    /// Stop after this many records.
    #[arg(short = 'n', long, alias = "max-messages", value_name = "N", value_parser = records)]
    pub max: Option<u64>,
}

fn records(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "give a number of records, from 0 on".into())
}

/// No topic has more partitions than this; a longer range is a slip of the finger.
const MOST_PARTITIONS: i32 = 1_000_000;

/// Reads `0,2-4`.
///
/// # Errors
/// With the column of what is no partition.
pub fn partitions(text: &str) -> Result<BTreeSet<i32>, Mistake> {
    let mut wanted = BTreeSet::new();
    let mut at = 0;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match (first.trim().parse::<i32>(), last.trim().parse::<i32>()) {
            (Ok(first), Ok(last)) if 0 <= first && first <= last && last < MOST_PARTITIONS => {
                wanted.extend(first..=last)
            }
            _ => return Err(Mistake::new(at, format!("{part:?} is no partition and no range; write 0,2-4"))),
        }
        at += part.chars().count() + 1;
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_numbers_and_ranges() {
        assert_eq!(partitions("0,2-4, 7").unwrap(), BTreeSet::from([0, 2, 3, 4, 7]));
        for (wrong, column) in [("", 0), ("-1", 0), ("4-2", 0), ("0,a", 2), ("0-99999999", 0), ("1,,2", 2)] {
            assert_eq!(partitions(wrong).unwrap_err().column, column, "{wrong:?}");
        }
    }
}
