//! `kafscope groups show`.
use super::Names;
use clap::Args;
use std::time::Duration;

pub const AFTER: &str = "\
Expectations: lag and behind (90s, 5m, 1h30m) and members with < <= = >= >, and state=stable. Each group must meet all
of them, else the exit code is 1 and the reason is on stderr. What is known only as a lower bound never meets an upper
one: unknown partitions, partitions that hold records and have no commit, an oldest record that could not be read.

With --watch they are waited for: the command ends with 0 once they are met, and with 1 when --for is over before.

    kafscope groups show billing --watch 5 --expect 'lag<=0' --for 10m     # after a deploy";

#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    pub names: Names,
    /// What is shown anyway, by the name of Kafka's tool.
    #[arg(long, hide = true, conflicts_with_all = ["members", "state"])]
    offsets: bool,
    /// The members and what they own, instead of lags.
    #[arg(long, conflicts_with_all = ["state", "behind"])]
    pub members: bool,
    /// One line a group, instead of lags.
    #[arg(long)]
    pub state: bool,
    /// How long the oldest unread records have been waiting; reads one record of each partition that lags.
    #[arg(long)]
    pub behind: bool,
    /// Again every so many seconds, until Ctrl-C, until everything expected is so, or as long as --for.
    #[arg(long, value_name = "SECONDS", value_parser = crate::cli::seconds)]
    pub watch: Option<Duration>,
    /// How long to watch at most: 90s, 10m, 1h30m.
    #[arg(long = "for", value_name = "TIME", requires = "watch")]
    pub limit: Option<String>,
    /// What must be so, as in 'lag<1000' or 'behind<5m'; may be repeated.
    #[arg(long, value_name = "EXPR")]
    pub expect: Vec<String>,
}
