//! `kafscope read` beside kcat, whose queue is as large as it needs to be fast. Both write into a pipe, in turn.
use crate::{PROGRAM, flood::Flood, piped, samples::Samples, stage::Stage};
use anyhow::{Result, ensure};
use std::process::Command;

const TOPIC: &str = "read";
const PARTITIONS: i32 = 6;
const RECORDS: u64 = 5_000_000;
const ROUNDS: usize = 5;

/// How it is called, and whether it prints a line for each record.
struct Way {
    name: &'static str,
    program: &'static str,
    words: &'static [&'static str],
}

const OURS: [&str; 2] = ["read", TOPIC];
/// Reads to the end and leaves; the queue holds everything.
const KCAT: &[&str] = &["-C", "-q", "-e", "-t", TOPIC, "-o", "beginning"];
const TUNED: &[&str] = &["-X", "queued.min.messages=10000000", "-X", "queued.max.messages.kbytes=1048576"];

const WAYS: [Way; 5] = [
    Way { name: "kafscope read --count", program: PROGRAM, words: &["--count"] },
    Way { name: "kafscope read --raw", program: PROGRAM, words: &["--raw"] },
    Way { name: "kcat, tuned", program: "kcat", words: &[] },
    Way { name: "kafscope read --json", program: PROGRAM, words: &["--json"] },
    Way { name: "kcat -J, tuned", program: "kcat", words: &["-J"] },
];

pub fn run() -> Result<()> {
    let stage = Stage::find()?;
    let (bootstrap, topics) = (&stage.bootstrap, [TOPIC.to_owned()]);
    stage.topics(&topics, PARTITIONS)?;
    let (written, took) =
        Flood { bootstrap, topics: &topics, partitions: PARTITIONS, records: RECORDS, pace: None }.run()?;
    println!("read, set up: {written} records of 100 bytes on {PARTITIONS} partitions in {took:.1?}");
    let mut rounds: Vec<Rounds> = WAYS.iter().map(|_| Rounds::default()).collect();
    for _ in 0..ROUNDS {
        for (way, rounds) in WAYS.iter().zip(&mut rounds) {
            rounds.add(way, &way.run(bootstrap)?)?;
        }
    }
    for (way, rounds) in WAYS.iter().zip(&rounds) {
        println!("read, {}: {}; processor {}; at most {:.0} MiB", way.name, rounds.took, rounds.cpu, rounds.resident);
    }
    Ok(())
}

impl Way {
    fn run(&self, bootstrap: &str) -> Result<piped::Ran> {
        let common: Vec<&str> = if self.program == PROGRAM { OURS.to_vec() } else { [KCAT, TUNED].concat() };
        piped::run(Command::new(self.program).args(["-b", bootstrap]).args(common).args(self.words))
    }
}

#[derive(Default)]
struct Rounds {
    took: Samples,
    cpu: Samples,
    /// MiB, of all rounds.
    resident: f64,
}

impl Rounds {
    /// Takes a round into account if it saw every record.
    fn add(&mut self, way: &Way, ran: &piped::Ran) -> Result<()> {
        let count = if way.words == ["--count"] { ran.first.trim().parse()? } else { ran.lines };
        ensure!(count == RECORDS, "{} saw {count} records of {RECORDS}", way.name);
        self.took.push(ran.took);
        self.cpu.push(ran.cpu);
        self.resident = self.resident.max(ran.resident);
        Ok(())
    }
}
