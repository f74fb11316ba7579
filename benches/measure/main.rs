//! Measures the program as a person meets it: in a pseudo-terminal or a pipe, against a real Kafka or the demo. It says
//! what it saw, beside what was promised; `benches/README.md` tells more. Nothing here is a test.
//!
//! `tests/kafka/run cargo bench --bench measure -- start`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what was measured is what it prints")]
mod flood;
mod idle;
mod keys;
mod lag;
mod link;
mod live;
mod open;
mod partitions;
mod piped;
mod process;
mod race;
mod rdkafka_reader;
mod read;
mod relay;
mod samples;
mod scale;
mod sets;
mod stage;
mod start;
mod target;
mod terminal;
mod way;

use anyhow::Result;
use std::process::ExitCode;

/// The program under measurement, built by cargo beside this one.
const PROGRAM: &str = env!("CARGO_BIN_EXE_kafscope");

const USAGE: &str = "\
cargo bench --bench measure -- WHAT    with WHAT one of
  demo         start of the demo, and what it costs while it runs
  groups       5,000 groups on the demo's brokers, and how many requests groups cost
then, on a real cluster (tests/kafka/run cargo bench --bench measure -- WHAT):
  start        first frame and first full screen
  keys         keys while 100,000 records/s arrive, and whether all of them are counted
  idle         processor and memory on a quiet cluster
  lag          500 groups: `kafscope groups` beside Kafka's own tool and kafkatop, and the screen
  read [SET]   `kafscope read` beside kcat and rdkafka; only on the set small, json or needles
  link         one partition over a link of 20 ms, beside rdkafka
  open         a topic opened, an offset and a time gone to, of 5,000,000 records
  live         how old the newest record on the screen is at 50,000/s; nothing lost at 300,000/s
  partitions   a topic of 2,000 partitions
KAFSCOPE_BENCH_SCALE=0.01 does a hundredth of it, to see whether it works";

type Measure = fn(&[String]) -> Result<()>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect(); // cargo's own
    let [what, more @ ..] = &*words else {
        println!("{USAGE}");
        return Ok(());
    };
    match what.as_str() {
        way::READER => return rdkafka_reader::run(more),
        lag::served::WORD => return lag::served::run(more),
        _ => {}
    }
    let Some(measure) = measure(what) else { anyhow::bail!("there is no {what:?}\n{USAGE}") };
    if !scale::is_whole() {
        println!("only a part, {}, of everything: the numbers mean nothing", scale::part()?);
    }
    println!("the machine's load before: {}", load()?);
    measure(more)?;
    println!("the machine's load after: {}", load()?);
    Ok(())
}

fn measure(what: &str) -> Option<Measure> {
    match what {
        "demo" => Some(|_| start::demo().and_then(|()| idle::demo())),
        "start" => Some(|_| start::real()),
        "keys" => Some(|_| keys::run()),
        "idle" => Some(|_| idle::real()),
        "groups" => Some(|_| lag::many()),
        "lag" => Some(|_| lag::run()),
        "read" => Some(read::run),
        "link" => Some(|_| link::run()),
        "open" => Some(|_| open::run()),
        "live" => Some(|_| live::run()),
        "partitions" => Some(|_| partitions::run()),
        _ => None,
    }
}

/// Processes that ran or wanted to, on average, in the last minute: calm is well below the number of cores.
fn load() -> Result<String> {
    let load = std::fs::read_to_string("/proc/loadavg")?;
    Ok(load.split(' ').next().unwrap_or_default().to_owned())
}
