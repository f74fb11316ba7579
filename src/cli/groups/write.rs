//! What moves, forgets or deletes: `kafscope groups reset`, `undo`, `forget` and `delete`.
use super::Names;
use clap::{Args, ValueHint};
use std::path::PathBuf;

pub const AFTER_RESET: &str = "\
Nothing is written without --execute. With it, what is replaced is written to a file first, which `groups undo` takes:
offsets, not the metadata that consumers put beside them, which no reset keeps.
A group with members is refused. CSV is that of kafka-consumer-groups: topic,partition,offset for one group,
group,topic,partition,offset for several.

    kafscope groups reset billing --topic orders --to-datetime 2026-11-20T10:00:00.000
    kafscope groups reset billing --topic orders:0,1 --shift-by -10 --execute";

#[derive(Debug, Args)]
pub struct Reset {
    #[command(flatten)]
    pub names: Names,
    /// Only this topic, or these partitions of it; may be repeated.
    #[arg(short, long, value_name = "T[:0,1,…]", required_unless_present_any = ["all_topics", "from_file"])]
    pub topic: Vec<String>,
    /// Every partition that has a commit.
    #[arg(long, conflicts_with = "topic")]
    pub all_topics: bool,
    #[command(flatten)]
    pub to: To,
    /// Say what would be done, and do nothing: what happens anyway without --execute.
    #[arg(long, conflicts_with = "execute")]
    pub dry_run: bool,
    /// Write it.
    #[arg(long)]
    pub execute: bool,
    /// Print the new offsets as CSV instead of the table, or write them to FILE beside it.
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_hint = ValueHint::FilePath)]
    pub export: Option<Option<PathBuf>>,
    /// Move a group without members although its commits are moving: somebody reads without being a member.
    #[arg(long, requires = "execute")]
    pub yes: bool,
}

/// Where to: exactly one of the eight of kafka-consumer-groups.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Strategy (exactly one)")]
pub struct To {
    /// The first offset that is still there.
    #[arg(long)]
    pub to_earliest: bool,
    /// The end.
    #[arg(long)]
    pub to_latest: bool,
    /// Where it is now; the end where there is no commit.
    #[arg(long)]
    pub to_current: bool,
    /// This offset, or the nearest one there is.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub to_offset: Option<i64>,
    /// So many offsets on from the commit, or back.
    #[arg(long, value_name = "±N", allow_negative_numbers = true)]
    pub shift_by: Option<i64>,
    /// The first record with this time or a later one, as in 2026-11-20T10:00:00.000; UTC unless it names a zone.
    #[arg(long, value_name = "TIME")]
    pub to_datetime: Option<String>,
    /// The same, counted back from now, as in P1DT2H30M.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub by_duration: Option<String>,
    /// What the lines of this file say.
    #[arg(long, value_name = "CSV", conflicts_with_all = ["topic", "all_topics"], value_hint = ValueHint::FilePath)]
    pub from_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// What a reset wrote before it began. Each offset is put back exactly, also where it lies outside of what the partition
    /// holds; the metadata of commits is not.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Write it.
    #[arg(long)]
    pub execute: bool,
    /// Also a group without members whose commits are moving: somebody reads without being a member.
    #[arg(long, requires = "execute")]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Forget {
    #[command(flatten)]
    pub name: Name,
    /// What it committed for this topic, or for these partitions of it; may be repeated.
    #[arg(short, long, value_name = "T[:0,1,…]", required = true)]
    pub topic: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Delete {
    #[command(flatten)]
    pub names: Named,
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
}

/// One group.
#[derive(Debug, Args)]
pub struct Name {
    #[arg(value_name = "NAME", required_unless_present = "group")]
    name: Option<String>,
    #[arg(short, long, hide = true, value_name = "NAME", conflicts_with = "name")]
    group: Option<String>,
}

impl Name {
    pub fn given(&self) -> &str {
        self.name.as_deref().or(self.group.as_deref()).unwrap_or_default()
    }
}

/// Some groups, each by its name: what cannot be undone is never done to all there are.
#[derive(Debug, Args)]
pub struct Named {
    #[arg(value_name = "NAME", required_unless_present = "group")]
    names: Vec<String>,
    #[arg(short, long, hide = true, value_name = "NAME")]
    group: Vec<String>,
}

impl Named {
    pub fn given(&self) -> Vec<&str> {
        self.names.iter().chain(&self.group).map(String::as_str).collect()
    }
}
