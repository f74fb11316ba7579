//! `kafscope groups` on clusters that nobody else touches.
mod cut;
mod expect;
mod gone;
mod list;
mod reset;

use crate::stage::{Own, Ran};
use kafscope_demo_broker::batch::{self, Clock, Codec, Record};
use serde_json::Value;
use std::process::{Child, Command};

/// When the first record was written, 2001-09-09T01:46:40Z; each offset is a second later, whatever the partition.
pub const BEGAN: i64 = 1_000_000_000_000;

/// Records at the end of a partition.
pub fn add(own: &Own, partition: i32, records: i64) {
    let begin = own.cluster.end("t", partition).unwrap();
    let records: Vec<_> = (begin..begin + records).map(|offset| Record::at(BEGAN + 1000 * offset).value("v")).collect();
    own.cluster.append("t", partition, batch::write(&records, Codec::None, Clock::Producer).unwrap()).unwrap();
}

/// A cluster with the topic `t`, so many records in each partition, and the group `g` at these commits.
pub fn stage(records: &[i64], commits: &[Option<i64>]) -> Own {
    let own = Own::set(i32::try_from(records.len()).unwrap());
    for (partition, records) in (0..).zip(records).filter(|(_, records)| **records > 0) {
        add(&own, partition, *records);
    }
    own.cluster.create_group("g").unwrap();
    for (partition, commit) in (0..).zip(commits) {
        commit.iter().for_each(|offset| own.cluster.commit("g", "t", partition, *offset, "").unwrap());
    }
    own
}

/// The arguments one by one, for names that hold blanks and worse.
pub fn command(own: &Own, args: &[&str]) -> Command {
    let mut command = own.program();
    command.args(args);
    command
}

pub fn run(own: &Own, args: &[&str]) -> Ran {
    Ran::of(command(own, args).spawn().unwrap())
}

pub fn begin(own: &Own, args: &[&str]) -> Child {
    command(own, args).spawn().unwrap()
}

/// The values of one field, in the order of the lines.
pub fn column(objects: &[Value], field: &str) -> Vec<Value> {
    objects.iter().map(|object| object[field].clone()).collect()
}

/// The cells of every line of a table but its heads, as far as they hold no blanks.
pub fn cells(ran: &Ran) -> Vec<Vec<&str>> {
    ran.text().lines().skip(1).map(|line| line.split_whitespace().collect()).collect()
}
