//! `kafscope groups list`.
use crate::group::GroupState;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct List {
    /// Only names that fit, `*` and `?` stand for anything.
    pub glob: Option<String>,
    /// Only groups in these states: stable, empty, preparing_rebalance, …
    #[arg(long, value_name = "STATE,…", value_delimiter = ',', value_parser = GroupState::read)]
    pub state: Vec<GroupState>,
    /// Members, topics, lag and status too, the largest lag first unless --sort says otherwise.
    #[arg(long)]
    pub lag: bool,
    /// The order of the list; by lag and by behind read what they need.
    #[arg(long, value_enum)]
    pub sort: Option<Sort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The largest first; unknown lags and groups without commits come last.
    Lag,
    Name,
    State,
    /// The longest behind first: reads the oldest unread record of every partition that lags.
    Behind,
}

impl List {
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(if self.lag { Sort::Lag } else { Sort::Name })
    }

    /// Without these the names are enough, and no group is asked about.
    pub fn reads_lag(&self) -> bool {
        self.lag || matches!(self.order(), Sort::Lag | Sort::Behind)
    }
}
