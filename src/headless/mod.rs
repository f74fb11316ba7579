//! The engine without the screen: one file a command. Data goes to stdout and nothing else does; progress, warnings and
//! errors go to stderr. A command says how it ended, `main` makes an exit code of it.
mod account;
mod block;
mod glob;
mod groups;
mod keys;
mod lines;
mod out;
mod places;
mod print;
mod produce;
mod progress;
mod read;
mod row;
mod sheet;
mod sink;
mod table;
mod tail;
mod topics;
mod wanted;

use crate::{
    cli::{self, Command},
    config::{Wrong, nearest},
    failure::Failure,
    kafka::wire::{Cluster, Error, Metadata, Settings},
    run::End,
};
use std::sync::Arc;

pub use out::{Out, complain};

/// What every command needs to know.
#[derive(Debug, Clone)]
pub struct Setup {
    pub settings: Settings,
    pub committed: bool,
    pub read_only: bool,
    pub json: bool,
}

/// Why a command did not simply come to its end.
#[derive(Debug)]
pub enum Ended {
    /// Whoever read stdout has read enough.
    Pipe,
    /// The answer is no: there is no such topic, a record was refused.
    No(String),
    /// A file or the command line is wrong.
    Wrong(String),
    /// Kafka cannot be reached or refuses.
    Kafka(Failure),
    /// Ctrl-C.
    Interrupted,
    /// SIGHUP, or the terminal of the screen is gone.
    HungUp,
    /// SIGTERM while the screen was open.
    Terminated,
}

impl Ended {
    /// The exit code; scripts rely on it.
    pub fn code(&self) -> u8 {
        match self {
            Self::Pipe => 0,
            Self::No(_) => 1,
            Self::Wrong(_) => 2,
            Self::Kafka(_) => 3,
            // 128 and the signal's number, as shells report who is ended by one.
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// What a person should read on stderr, if anything.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Pipe | Self::Interrupted | Self::HungUp | Self::Terminated => None,
            Self::No(words) | Self::Wrong(words) => Some(words.clone()),
            Self::Kafka(failure) => Some(failure.to_string()),
        }
    }
}

impl From<End> for Ended {
    fn from(end: End) -> Self {
        match end {
            End::Interrupted => Self::Interrupted,
            End::Terminated => Self::Terminated,
            End::HungUp => Self::HungUp,
        }
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Kafka(failure)
    }
}

impl From<Wrong> for Ended {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong.0)
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Kafka(error.into())
    }
}

type Done = Result<(), Ended>;

/// Runs a command that needs no screen; `topics` is dropped at Ctrl-C, the others end by themselves.
pub async fn run(command: Command, setup: &Setup) -> Done {
    let out = &mut Out::open();
    let done = match command {
        Command::Topics(topics) => or_interrupted(topics::run(topics.wanted(), setup, out)).await,
        Command::Groups(groups) => groups::run(groups.wanted(), setup, out).await,
        Command::Read(read) => read::run(&read, setup, out).await,
        Command::Tail(tail) => tail::run(&tail, setup, out).await,
        Command::Produce(produce) => produce::run(produce, setup, out).await,
        Command::Keys => keys::run(setup, out),
        Command::Themes => keys::themes(setup, out),
        Command::Demo(demo) | Command::DemoChild(demo) => serve(&demo, true).await,
    };
    out.flush().and(done)
}

/// The demo's cluster in this process. A child ends with its stdin, one that a person started with Ctrl-C.
pub async fn serve(demo: &cli::demo::Demo, child: bool) -> Done {
    use kafscope_demo_broker::demo::{Until, serve};
    let until = if child { Until::StdinCloses } else { Until::Signal };
    let served = serve(demo.into(), until, &mut std::io::stdout()).await;
    served.map_err(|error| Ended::Kafka(Failure::new("serving the demo cluster", format!("{error:#}"), "")))
}

async fn or_interrupted<T>(work: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => Err(Ended::Interrupted),
    }
}

fn connect(setup: &Setup) -> Result<Arc<Cluster>, Ended> {
    Cluster::new(setup.settings.clone()).map(Arc::new).map_err(|error| Ended::Wrong(error.to_string()))
}

/// Every name that is not there gets a sentence; `Err` when there was one.
fn all_exist<'a>(what: &str, names: &[&str], known: impl Iterator<Item = &'a str> + Clone) -> Done {
    let missing = names.iter().filter(|name| !known.clone().any(|known| known == **name));
    let sentence = |name: &&str| {
        let near = nearest(name, known.clone()).map(|near| format!("; did you mean {near}?"));
        format!("there is no {what} {name}{}", near.unwrap_or_default())
    };
    let sentences: Vec<_> = missing.map(sentence).collect();
    if sentences.is_empty() { Ok(()) } else { Err(Ended::No(sentences.join("\n"))) }
}

fn topics_exist(names: &[&str], metadata: &Metadata) -> Done {
    all_exist("topic", names, metadata.topics.iter().map(|topic| &*topic.name))
}
