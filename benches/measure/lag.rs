//! The lag of many groups at once, beside Kafka's own tool.
use crate::{PROGRAM, flood::Flood, piped, samples::Samples, stage::Stage};
use anyhow::{Result, ensure};
use std::process::Command;

const TOPIC: &str = "lag";
const PARTITIONS: i32 = 6;
const GROUPS: u64 = 500;
const ROUNDS: usize = 10;
const KAFKAS_ROUNDS: usize = 3;
const TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/tool");

pub fn run() -> Result<()> {
    let stage = Stage::find()?;
    let (bootstrap, topics) = (&stage.bootstrap, [TOPIC.to_owned()]);
    stage.topics(&topics, PARTITIONS)?;
    Flood::numbers(bootstrap, &topics, PARTITIONS, 6_000).run()?;
    (0..GROUPS).try_for_each(|n| stage.group(&format!("lag-{n:03}"), TOPIC, PARTITIONS, 100))?;
    let mut ours = Command::new(PROGRAM);
    ours.args(["-b", bootstrap, "groups", "list", "--lag", "--json"]);
    rounds("kafscope groups list --lag", &mut ours, ROUNDS, GROUPS)?;
    let mut kafkas = Command::new(TOOL);
    kafkas.arg("consumer.group.ConsumerGroupCommand");
    kafkas.args(["--bootstrap-server", bootstrap, "--describe", "--all-groups", "--timeout", "60000"]);
    rounds("kafka-consumer-groups --describe --all-groups", &mut kafkas, KAFKAS_ROUNDS, GROUPS * PARTITIONS as u64)
}

/// `least`: lines that it must print.
fn rounds(name: &str, command: &mut Command, rounds: usize, least: u64) -> Result<()> {
    let (mut took, mut cpu) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        let ran = piped::run(command)?;
        ensure!(ran.lines >= least, "{name} printed {} lines instead of {least}", ran.lines);
        took.push(ran.took);
        cpu.push(ran.cpu);
    }
    println!("lag, {GROUPS} groups on {PARTITIONS} partitions, {name}: {took}; processor {cpu}");
    Ok(())
}
