//! `kafscope groups`.
mod list;
mod show;
mod write;

use clap::{Args, Subcommand};

pub use list::{List, Sort};
pub use show::Show;
pub use write::{Delete, Forget, Reset, To, Undo};

#[derive(Debug, Args)]
pub struct Groups {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List groups; with --lag also their members, topics and lag.
    #[command(long_flag = "list")]
    List(List),
    /// Show the lag of every partition of some groups, once or again and again.
    #[command(long_flag = "describe", alias = "describe", after_help = show::AFTER)]
    Show(Show),
    /// Say where groups would be moved to, or move them with --execute.
    #[command(long_flag = "reset-offsets", after_help = write::AFTER_RESET)]
    Reset(Reset),
    /// Say what would bring back what a reset replaced, or bring it back with --execute.
    Undo(Undo),
    /// Delete what a group committed for some partitions.
    #[command(long_flag = "delete-offsets", alias = "delete-offsets")]
    Forget(Forget),
    /// Delete groups and everything that they committed.
    #[command(long_flag = "delete")]
    Delete(Delete),
}

/// What is asked for; a list unless something else was named.
#[derive(Debug)]
pub enum Wanted {
    List(List),
    Show(Show),
    Reset(Reset),
    Undo(Undo),
    Forget(Forget),
    Delete(Delete),
}

impl Groups {
    pub fn wanted(self) -> Wanted {
        match self.what {
            None => Wanted::List(self.list),
            Some(What::List(list)) => Wanted::List(list),
            Some(What::Show(show)) => Wanted::Show(show),
            Some(What::Reset(reset)) => Wanted::Reset(reset),
            Some(What::Undo(undo)) => Wanted::Undo(undo),
            Some(What::Forget(forget)) => Wanted::Forget(forget),
            Some(What::Delete(delete)) => Wanted::Delete(delete),
        }
    }
}

/// Groups by name, also as Kafka's tool has them named.
#[derive(Debug, Args)]
pub struct Names {
    #[arg(value_name = "NAME", required_unless_present_any = ["group", "all_groups"])]
    names: Vec<String>,
    #[arg(short, long, hide = true, value_name = "NAME")]
    group: Vec<String>,
    /// Every group there is.
    #[arg(long, conflicts_with_all = ["names", "group"])]
    all_groups: bool,
}

impl Names {
    /// `None`: every group there is.
    pub fn given(&self) -> Option<Vec<&str>> {
        let names = self.names.iter().chain(&self.group).map(String::as_str);
        (!self.all_groups).then(|| names.collect())
    }
}
