//! Measures the program as a person meets it: in a pseudo-terminal or a pipe, against a real Kafka or the demo. It says
//! what it saw; whether that is good enough, `benches/README.md` tells. Nothing here is a test.
//!
//! `tests/kafka/run cargo bench --bench measure -- start`
#![allow(clippy::print_stdout, reason = "what was measured is what it prints")]
mod flood;
mod idle;
mod keys;
mod lag;
mod piped;
mod process;
mod read;
mod samples;
mod stage;
mod start;
mod terminal;

use anyhow::Result;

/// The program under measurement, built by cargo beside this one.
const PROGRAM: &str = env!("CARGO_BIN_EXE_kafscope");

const USAGE: &str = "\
cargo bench --bench measure -- WHAT    with WHAT one of
  demo         start of the demo, and what it costs while it runs
then, on a real cluster (tests/kafka/run cargo bench --bench measure -- WHAT):
  start        first frame and first full screen
  keys         keys while 100,000 records/s arrive, and whether all of them are counted
  idle         processor and memory on a quiet cluster
  read         `kafscope read` beside kcat
  lag          `kafscope groups` over 500 groups";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench"); // cargo's own
    let Some(measure) = words.next().as_deref().and_then(measure) else {
        println!("{USAGE}");
        return Ok(());
    };
    println!("the machine's load before: {}", load()?);
    measure()?;
    println!("the machine's load after: {}", load()?);
    Ok(())
}

fn measure(what: &str) -> Option<fn() -> Result<()>> {
    match what {
        "demo" => Some(|| start::demo().and_then(|()| idle::demo())),
        "start" => Some(start::real),
        "keys" => Some(keys::run),
        "idle" => Some(idle::real),
        "read" => Some(read::run),
        "lag" => Some(lag::run),
        _ => None,
    }
}

/// Processes that ran or wanted to, on average, in the last minute: calm is well below the number of cores.
fn load() -> Result<String> {
    let load = std::fs::read_to_string("/proc/loadavg")?;
    Ok(load.split(' ').next().unwrap_or_default().to_owned())
}
