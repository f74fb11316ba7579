//! One way to get at the records of a topic, ours or a peer's: what to type, and how it tells what it saw.
use crate::{PROGRAM, piped};
use anyhow::{Context, Result};
use std::{
    env,
    path::Path,
    process::{Command, ExitStatus},
};

/// Everything that kcat could want to hold: with less it waits for itself.
pub const QUEUE: &[&str] = &["-X", "queued.min.messages=10000000", "-X", "queued.max.messages.kbytes=1048576"];
/// And it would wait for half a second at the end of each partition.
pub const NO_WAIT: &[&str] = &["-X", "fetch.wait.max.ms=10"];
/// The hidden word of this program under which it is the reader on rdkafka's safe API.
pub const READER: &str = "rdkafka-reader";
/// A peer that needs ten seconds and more is not asked more often.
const FEW_ROUNDS: usize = 3;

#[derive(Clone)]
pub struct Way {
    pub name: &'static str,
    /// Programs in a row, each reading what the one before it prints.
    chain: Vec<Vec<String>>,
    /// It prints how many there are, instead of a line for each.
    counts: bool,
    /// Takes part in so many rounds and no more.
    pub rounds: usize,
}

/// Why there is nothing to measure.
pub enum Missing {
    /// Not installed.
    NotHere(String),
    /// Our own program does not know what was asked of it.
    Refused(String),
}

impl Way {
    fn new(name: &'static str, words: Vec<String>) -> Self {
        Self { name, chain: vec![words], counts: false, rounds: usize::MAX }
    }

    pub fn ours(name: &'static str, bootstrap: &str, topic: &str, words: &[&str]) -> Self {
        Self::new(name, owned(&[&[PROGRAM, "-b", bootstrap, "read", topic], words]))
            .counting(words.contains(&"--count"))
    }

    /// Reads to the end and leaves.
    pub fn kcat(name: &'static str, bootstrap: &str, topic: &str, words: &[&str]) -> Self {
        let all = ["kcat", "-b", bootstrap, "-C", "-q", "-e", "-t", topic, "-o", "beginning"];
        Self::new(name, owned(&[&all, words]))
    }

    pub fn reader(name: &'static str, bootstrap: &str, topic: &str, words: &[&str]) -> Result<Self> {
        let this = env::current_exe()?.to_str().context("this program lies in a directory without a name")?.to_owned();
        Ok(Self::new(name, owned(&[&[&this, READER, bootstrap, topic], words])).counting(true))
    }

    /// Through another program.
    pub fn then(mut self, words: &[&str]) -> Self {
        self.chain.push(owned(&[words]));
        self
    }

    pub fn slow(self) -> Self {
        Self { rounds: FEW_ROUNDS, ..self }
    }

    fn counting(self, counts: bool) -> Self {
        Self { counts, ..self }
    }

    /// One round, and how many records it saw.
    pub fn run(&self) -> Result<Result<(u64, piped::Ran), Missing>> {
        if let Some(missing) = self.programs().find(|program| !is_here(program)) {
            return Ok(Err(Missing::NotHere(missing.to_owned())));
        }
        match piped::chain(&mut self.commands()) {
            Ok(ran) => Ok(Ok((self.saw(&ran)?, ran))),
            Err(why) => match why.downcast_ref::<piped::BadEnd>() {
                Some(end) if self.is_refusal(end) => Ok(Err(Missing::Refused(first_line(&end.said)))),
                _ => Err(why.context(self.name)),
            },
        }
    }

    fn saw(&self, ran: &piped::Ran) -> Result<u64> {
        let number = || ran.first.trim().parse().with_context(|| format!("{} printed {:?}", self.name, ran.first));
        if self.counts { number() } else { Ok(ran.lines) }
    }

    fn programs(&self) -> impl Iterator<Item = &str> {
        self.chain.iter().filter_map(|words| words.first().map(String::as_str))
    }

    /// Text is bytes: the fastest that a grep can be.
    fn commands(&self) -> Vec<Command> {
        let command = |words: &Vec<String>| {
            let mut command = Command::new(words.first().map_or("", String::as_str));
            command.args(words.iter().skip(1)).env("LC_ALL", "C");
            command
        };
        self.chain.iter().map(command).collect()
    }

    /// Exit 2 is what our command line says to a word it does not know.
    fn is_refusal(&self, end: &piped::BadEnd) -> bool {
        self.programs().next() == Some(PROGRAM) && ExitStatus::code(&end.status) == Some(2)
    }
}

fn owned(words: &[&[&str]]) -> Vec<String> {
    words.concat().into_iter().map(str::to_owned).collect()
}

/// On the path, or where the name says.
pub fn is_here(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    Path::new(program).is_absolute() || env::split_paths(&path).any(|place| place.join(program).is_file())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
