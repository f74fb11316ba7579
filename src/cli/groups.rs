//! `kafscope groups`.
use crate::group::GroupState;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub struct Groups {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List groups: state, members, topics, lag.
    #[command(long_flag = "list")]
    List(List),
    /// Show the lag of every partition of some groups.
    #[command(long_flag = "describe", alias = "describe")]
    Show(Show),
}

/// What is asked for; a list unless something else was named.
#[derive(Debug)]
pub enum Wanted {
    List(List),
    Show(Show),
}

#[derive(Debug, Args)]
pub struct List {
    /// Only names that fit, `*` and `?` stand for anything.
    pub glob: Option<String>,
    /// Only groups in these states: stable, empty, preparing_rebalance, …
    #[arg(long, value_name = "STATE,…", value_delimiter = ',', value_parser = state)]
    pub state: Vec<GroupState>,
    /// The largest lag first: the same as `--sort lag`.
    #[arg(long, conflicts_with = "sort")]
    pub lag: bool,
    /// The order of the list.
    #[arg(long, value_enum, default_value_t)]
    pub sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Sort {
    /// The largest first; unknown lags and groups without commits come last.
    Lag,
    #[default]
    Name,
    State,
}

#[derive(Debug, Args)]
pub struct Show {
    #[arg(value_name = "NAME", required_unless_present_any = ["group", "all_groups"])]
    names: Vec<String>,
    #[arg(short, long, hide = true, value_name = "NAME")]
    group: Vec<String>,
    /// Every group there is.
    #[arg(long, conflicts_with_all = ["names", "group"])]
    pub all_groups: bool,
    /// What is shown anyway, by the name of Kafka's tool.
    #[arg(long, hide = true, conflicts_with = "members")]
    offsets: bool,
    /// The members and what they own, instead of lags.
    #[arg(long)]
    pub members: bool,
}

impl Groups {
    pub fn wanted(self) -> Wanted {
        match self.what {
            None => Wanted::List(self.list),
            Some(What::List(list)) => Wanted::List(list),
            Some(What::Show(show)) => Wanted::Show(show),
        }
    }
}

impl List {
    pub fn order(&self) -> Sort {
        if self.lag { Sort::Lag } else { self.sort }
    }
}

impl Show {
    pub fn names(&self) -> Vec<&str> {
        self.names.iter().chain(&self.group).map(String::as_str).collect()
    }
}

const STATES: [GroupState; 8] = [
    GroupState::Stable,
    GroupState::Empty,
    GroupState::PreparingRebalance,
    GroupState::CompletingRebalance,
    GroupState::Assigning,
    GroupState::Reconciling,
    GroupState::NotReady,
    GroupState::Dead,
];

/// Ours (`preparing_rebalance`) and Kafka's spelling (`PreparingRebalance`).
fn state(text: &str) -> Result<GroupState, String> {
    let plain = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    let known = STATES.iter().find(|state| plain(state.word()) == plain(text));
    known.copied().ok_or_else(|| format!("the states are {}", STATES.map(GroupState::word).join(", ")))
}
