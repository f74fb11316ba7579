//! Programs that list every lag and end: ours, Kafka's own and kafkatop, in turn.
use super::set::Set;
use crate::{PROGRAM, piped, samples::Samples, target, way};
use anyhow::{Result, ensure};
use std::{env, process::Command};

const ROUNDS: usize = 10;
/// A tool that takes seconds is not asked more often.
const FEW_ROUNDS: usize = 3;
const TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/tool");
/// Where kafkatop is, when it is not on the path.
const KAFKATOP: &str = "KAFSCOPE_BENCH_KAFKATOP";

struct Program {
    name: &'static str,
    command: Command,
    /// Lines that it prints at least.
    least: u64,
    rounds: usize,
    took: Samples,
    cpu: Samples,
    /// MiB, the most of all rounds.
    resident: f64,
}

impl Program {
    fn new<'a>(name: &'static str, program: &str, words: impl IntoIterator<Item = &'a str>, least: u64) -> Self {
        let mut command = Command::new(program);
        command.args(words);
        let (took, cpu) = Default::default();
        Self { name, command, least, rounds: ROUNDS, took, cpu, resident: 0.0 }
    }

    fn run(&mut self) -> Result<()> {
        let ran = piped::run(&mut self.command)?;
        let (name, least) = (self.name, self.least);
        ensure!(ran.lines >= least, "{name} printed {} lines instead of {least}", ran.lines);
        self.took.push(ran.took);
        self.cpu.push(ran.cpu);
        self.resident = self.resident.max(ran.resident);
        Ok(())
    }

    fn say(&self, set: &Set) {
        let Self { name, took, cpu, resident, .. } = self;
        println!("lag, {} groups on {} partitions, {name}: {took}", set.count, set.partitions());
        println!("lag, {name}: processor {cpu}; at most {resident:.0} MiB");
    }
}

fn ours(bootstrap: &str, set: &Set) -> [Program; 2] {
    let all = ["-b", bootstrap, "groups", "list", "--lag", "--json"];
    let one = ["-b", bootstrap, "groups", "show", "lag-0000", "--json"];
    let rows = set.rows() / set.count; // of one group, or nearly
    [Program::new("groups list --lag", PROGRAM, all, set.count), Program::new("groups show", PROGRAM, one, rows)]
}

fn kafkas(bootstrap: &str, set: &Set) -> Program {
    let words = ["consumer.group.ConsumerGroupCommand", "--bootstrap-server", bootstrap];
    let words = words.into_iter().chain(["--describe", "--all-groups", "--timeout", "60000"]);
    Program { rounds: FEW_ROUNDS, ..Program::new("kafka-consumer-groups --describe", TOOL, words, set.rows()) }
}

/// Its summary of every group, as JSON; it knows one broker and finds the others.
fn kafkatop(bootstrap: &str, set: &Set) -> Result<Option<Program>> {
    let program = env::var(KAFKATOP).unwrap_or_else(|_| "kafkatop".into());
    if !way::is_here(&program) {
        println!("lag, kafkatop: {program} is not here; {KAFKATOP} may say where it is");
        return Ok(None);
    }
    let version = Command::new(&program).arg("--version").output()?;
    println!("lag, beside {}", String::from_utf8_lossy(&version.stdout).trim());
    let broker = bootstrap.split(',').next().unwrap_or_default();
    let words = ["--kafka-broker", broker, "--summary-json", "--all"];
    Ok(Some(Program::new("kafkatop --summary-json", &program, words, set.count)))
}

pub fn beside_peers(bootstrap: &str, set: &Set) -> Result<()> {
    let [list, show] = ours(bootstrap, set);
    let mut programs = vec![list, show, kafkas(bootstrap, set)];
    programs.extend(kafkatop(bootstrap, set)?);
    in_turn(&mut programs, set)?;
    let median = |name: &str| programs.iter().find(|program| program.name.starts_with(name))?.took.median();
    let list = median("groups list");
    let times = |peer: &str| Some(median(peer)? / list?);
    target::at_most("lag, groups list --lag", list, 40.0, " ms");
    target::at_most("lag, groups show of one", median("groups show"), 25.0, " ms");
    target::at_least("lag, against kafkatop", times("kafkatop"), 10.0, "×");
    target::at_least("lag, against Kafka's tool", times("kafka-consumer-groups"), 60.0, "×");
    Ok(())
}

/// Ours alone; only the list is complete here, for rows are counted where peers are.
pub fn alone(bootstrap: &str, set: &Set) -> Result<()> {
    in_turn(&mut ours(bootstrap, set), set)
}

fn in_turn(programs: &mut [Program], set: &Set) -> Result<()> {
    for round in 0..ROUNDS {
        programs.iter_mut().filter(|program| round < program.rounds).try_for_each(Program::run)?;
    }
    programs.iter().for_each(|program| program.say(set));
    Ok(())
}
