//! `kafscope groups forget`: what a group committed for some partitions. What stood there is printed, so that it can be
//! committed again.
use super::{
    all_there,
    ask::{Finished, finish},
    listing, scope,
};
use crate::{
    cli::groups::Forget,
    failure::Failure,
    group::GroupName,
    headless::{Done, Ended, Out, Setup, complain, connect, or_interrupted, table::Table},
    kafka::{
        groups::{self, forget::forget},
        offsets::Spot,
        wire::Cluster,
        writes::Writes,
    },
    text::Safe,
    topic::TopicName,
};
use serde::Serialize;
use std::collections::HashMap;

pub async fn run(wanted: &Forget, setup: &Setup, out: &mut Out) -> Done {
    let (scope, group) = (scope::read(&wanted.topic)?, GroupName::from(wanted.name.given()));
    let doing = format!("deleting offsets of group {group}");
    let writes = Writes::allowed(setup.read_only, &doing).map_err(|refused| Ended::No(refused.to_string()))?;
    let cluster = connect(setup)?;
    let before = or_interrupted(before(&cluster, &group)).await?;
    let Finished { done, interrupted } = finish(forget(&cluster, writes, &group, &scope)).await;
    let Some(done) = done else {
        complain(&format!("{doing} was given up on: they may be deleted"));
        return Err(Ended::Interrupted);
    };
    let told = done.map_err(|why| Ended::No(why.to_string()))?;
    let lines: Vec<_> = told.iter().map(|told| Line::of(&group, told, &before)).collect();
    if setup.json {
        lines.iter().try_for_each(|line| out.json(line))?
    } else {
        out.table(&table(&lines))?
    }
    let failed: Vec<_> = lines.iter().filter_map(|line| line.error.clone()).collect();
    if interrupted {
        failed.iter().for_each(|why| complain(why));
        return Err(Ended::Interrupted);
    }
    if failed.is_empty() { Ok(()) } else { Err(Ended::No(failed.join("\n"))) }
}

/// What the group has committed; it must be there.
async fn before(cluster: &Cluster, group: &GroupName) -> Result<HashMap<Spot, i64>, Ended> {
    all_there(&[group], &listing(cluster).await?)?;
    let commits = groups::commits(cluster, group).await?;
    let offset = |commit: groups::Commit| Some(((commit.topic, commit.partition), commit.offset.ok()??));
    Ok(commits.into_iter().filter_map(offset).collect())
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    group: &'a str,
    topic: &'a str,
    partition: i32,
    /// The commit before.
    committed: Option<i64>,
    forgotten: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> Line<'a> {
    fn of(
        group: &'a str,
        (topic, partition, done): &'a (TopicName, i32, Result<(), Failure>),
        before: &HashMap<Spot, i64>,
    ) -> Self {
        Self {
            group,
            topic,
            partition: *partition,
            committed: before.get(&(topic.clone(), *partition)).copied(),
            forgotten: done.is_ok(),
            error: done.as_ref().err().map(Failure::to_string),
        }
    }
}

fn table(lines: &[Line<'_>]) -> Table {
    let mut table = Table::new(&["GROUP", "TOPIC", ">PARTITION", ">OLD-OFFSET", "FORGOTTEN"]);
    for line in lines {
        table.row([
            Safe::text(line.group),
            Safe::text(line.topic),
            Safe::from(line.partition.to_string()),
            Safe::from(line.committed.map_or_else(|| "–".to_owned(), |offset| offset.to_string())),
            Safe::text(line.error.as_deref().unwrap_or("yes")),
        ]);
    }
    table
}
