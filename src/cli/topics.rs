//! `kafscope topics`.
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct Topics {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List topics: partitions, replication, records.
    #[command(long_flag = "list")]
    List(List),
    /// Show partitions, configs that differ from the default, and groups.
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
    /// Kafka's own topics too.
    #[arg(long)]
    pub internal: bool,
    /// What is done anyway, by the name of Kafka's tool.
    #[arg(long, hide = true, conflicts_with = "internal")]
    exclude_internal: bool,
}

#[derive(Debug, Args)]
pub struct Show {
    #[arg(value_name = "NAME", required_unless_present = "topic")]
    names: Vec<String>,
    #[arg(short, long, hide = true, value_name = "NAME")]
    topic: Vec<String>,
}

impl Topics {
    pub fn wanted(self) -> Wanted {
        match self.what {
            None => Wanted::List(self.list),
            Some(What::List(list)) => Wanted::List(list),
            Some(What::Show(show)) => Wanted::Show(show),
        }
    }
}

impl Show {
    pub fn names(&self) -> Vec<&str> {
        self.names.iter().chain(&self.topic).map(String::as_str).collect()
    }
}
