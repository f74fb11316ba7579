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
    match words.next().as_deref() {
        Some("demo") => start::demo().and_then(|()| idle::demo()),
        Some("start") => start::real(),
        Some("keys") => keys::run(),
        Some("idle") => idle::real(),
        Some("read") => read::run(),
        Some("lag") => lag::run(),
        _ => {
            println!("{USAGE}");
            Ok(())
        }
    }
}
