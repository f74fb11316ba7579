//! `kafscope topics`: what there is, and some topics in detail.
use super::{Done, Ended, Out, Setup, account::plural, complain, connect, glob, groups, table::Table, topics_exist};
use crate::{
    cli::topics::{List, Wanted},
    failure::Failure,
    group::GroupLag,
    kafka::{
        configs,
        offsets::Offsets,
        topics,
        wire::{Cluster, Metadata},
    },
    lag::PartitionLag,
    text::Safe,
    topic::{Partition, PartitionOffsets, Setting, Topic, TopicName, TopicOffsets},
};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};
use tokio::time::Instant;

pub async fn run(wanted: Wanted, setup: &Setup, out: &mut Out) -> Done {
    match wanted {
        Wanted::List(wanted) => list(&wanted, setup, out).await,
        Wanted::Show(wanted) => show(&wanted.names(), setup, out).await,
    }
}

async fn list(wanted: &List, setup: &Setup, out: &mut Out) -> Done {
    let cluster = connect(setup)?;
    let mut metadata = Metadata::clone(&topics::list(&cluster).await?.metadata);
    let plain = wanted.glob.as_deref().filter(|name| glob::is_plain(name));
    topics_exist(plain.as_slice(), &metadata)?;
    metadata.topics = metadata.topics.iter().filter(|topic| is_wanted(wanted, topic)).cloned().collect();
    let offsets = Offsets::new(cluster.clone()).of_topics(&metadata, Instant::now()).await;
    let lines: Vec<_> = metadata.topics.iter().zip(&offsets).map(|(topic, offsets)| Line::of(topic, offsets)).collect();
    if setup.json { lines.iter().try_for_each(|line| out.json(line)) } else { out.table(&listed(&lines)) }
}

/// Kafka's own topics are shown when they are asked for, by option or by name.
fn is_wanted(wanted: &List, topic: &Topic) -> bool {
    let named = wanted.glob.as_deref();
    let hidden = topic.internal && !wanted.internal && named != Some(&*topic.name);
    !hidden && named.is_none_or(|pattern| glob::fits(pattern, &topic.name))
}

/// The topic object of `--json`; sums over partitions that are not all known are null.
#[derive(Debug, Serialize)]
struct Line<'a> {
    topic: &'a str,
    partitions: usize,
    replication: usize,
    under_replicated: usize,
    internal: bool,
    start: Option<i64>,
    end: Option<i64>,
    records: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Records of the partitions that are known, and how many are not.
    #[serde(skip)]
    known: (i64, usize),
}

impl<'a> Line<'a> {
    fn of(topic: &'a Topic, offsets: &TopicOffsets) -> Self {
        let known = offsets.records();
        Self {
            topic: &topic.name,
            partitions: topic.partitions.len(),
            replication: topic.replication(),
            under_replicated: topic.under_replicated(),
            internal: topic.internal,
            start: sum(offsets, |partition| partition.start.as_ref().ok()),
            end: sum(offsets, |partition| partition.end.as_ref().ok()),
            records: (known.1 == 0).then_some(known.0),
            error: topic.error.as_ref().or_else(|| first_error(offsets)).map(Failure::to_string),
            known,
        }
    }
}

fn sum(offsets: &TopicOffsets, of: impl Fn(&PartitionOffsets) -> Option<&i64>) -> Option<i64> {
    offsets.partitions.iter().try_fold(0i64, |sum, partition| Some(sum.saturating_add(*of(partition)?)))
}

fn first_error(offsets: &TopicOffsets) -> Option<&Failure> {
    offsets.partitions.iter().find_map(|partition| partition.start.as_ref().err().or(partition.end.as_ref().err()))
}

fn listed(lines: &[Line<'_>]) -> Table {
    let mut table = Table::new(&["TOPIC", ">PARTITIONS", ">REPLICATION", ">UNDER-REPLICATED", ">RECORDS", "ERROR"]);
    for line in lines {
        let counts = [line.partitions, line.replication, line.under_replicated].map(|n| Safe::from(n.to_string()));
        let [partitions, replication, under] = counts;
        let error = Safe::text(line.error.as_deref().unwrap_or_default());
        table.row([Safe::text(line.topic), partitions, replication, under, at_least(line.known), error]);
    }
    table
}

/// `≥ N` while something is unknown, `?` when everything is.
fn at_least((records, unknown): (i64, usize)) -> Safe {
    match unknown {
        0 => Safe::from(records.to_string()),
        _ if records == 0 => Safe::literal("?"),
        _ => Safe::from(format!("≥ {records}")),
    }
}

async fn show(names: &[&str], setup: &Setup, out: &mut Out) -> Done {
    let cluster = connect(setup)?;
    let mut metadata = Metadata::clone(&topics::list(&cluster).await?.metadata);
    let missing = topics_exist(names, &metadata);
    metadata.topics = metadata.topics.iter().filter(|topic| names.contains(&&*topic.name)).cloned().collect();
    let cache = Offsets::new(cluster.clone());
    let offsets = cache.of_topics(&metadata, Instant::now()).await;
    let shown = metadata.topics.iter().zip(&offsets);
    if setup.json {
        shown.clone().try_for_each(|(topic, offsets)| objects(topic, offsets, out))?;
    } else if !metadata.topics.is_empty() {
        let around = Around::ask(&cluster, &cache, &metadata).await?;
        shown.clone().try_for_each(|(topic, offsets)| page(topic, offsets, &around, out))?;
    }
    missing
}

fn objects(topic: &Topic, offsets: &TopicOffsets, out: &mut Out) -> Done {
    out.json(&Line::of(topic, offsets))?;
    let partitions = topic.partitions.iter().zip(&offsets.partitions);
    partitions.map(|(partition, offsets)| PartitionLine::of(topic, partition, offsets)).try_for_each(|l| out.json(&l))
}

/// The partition object of `--json`.
#[derive(Debug, Serialize)]
struct PartitionLine<'a> {
    topic: &'a str,
    partition: i32,
    leader: Option<i32>,
    replicas: &'a [i32],
    isr: &'a [i32],
    start: Option<i64>,
    end: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> PartitionLine<'a> {
    fn of(topic: &'a Topic, partition: &'a Partition, offsets: &PartitionOffsets) -> Self {
        let unread = offsets.start.as_ref().err().or(offsets.end.as_ref().err());
        Self {
            topic: &topic.name,
            partition: partition.id,
            leader: partition.leader,
            replicas: &partition.replicas,
            isr: &partition.in_sync,
            start: offsets.start.as_ref().ok().copied(),
            end: offsets.end.as_ref().ok().copied(),
            error: partition.error.as_ref().or(unread).map(Failure::to_string),
        }
    }
}

/// What stands around a topic: its settings and the groups that read it.
struct Around {
    settings: HashMap<TopicName, Result<Vec<Setting>, Failure>>,
    groups: Vec<GroupLag>,
}

impl Around {
    async fn ask(cluster: &Arc<Cluster>, cache: &Offsets, metadata: &Metadata) -> Result<Self, Ended> {
        let names: Vec<_> = metadata.topics.iter().map(|topic| topic.name.clone()).collect();
        let (settings, groups) = tokio::join!(configs::of_topics(cluster, &names), groups::all(cluster, cache));
        let groups = groups.unwrap_or_else(|error| {
            complain(&format!("the groups are missing: {error}"));
            Vec::new()
        });
        Ok(Self { settings, groups })
    }
}

fn page(topic: &Topic, offsets: &TopicOffsets, around: &Around, out: &mut Out) -> Done {
    let (count, copies) = (plural(&topic.partitions.len().to_string(), "partition"), topic.replication());
    let records = at_least(offsets.records());
    let head = format!("{}: {count}, replication {copies}, {records} records", Safe::text(&topic.name));
    out.line(&Safe::from(head))?;
    out.table(&partitions(topic, offsets))?;
    match around.settings.get(&topic.name) {
        Some(Ok(settings)) => section(&differing(settings), out)?,
        Some(Err(failure)) => complain(&failure.to_string()),
        None => {}
    }
    section(&readers(topic, &around.groups), out)?;
    out.line(&Safe::literal(""))
}

fn section(table: &Table, out: &mut Out) -> Done {
    if table.is_empty() {
        return Ok(());
    }
    out.line(&Safe::literal(""))?;
    out.table(table)
}

fn partitions(topic: &Topic, offsets: &TopicOffsets) -> Table {
    let mut table = Table::new(&[">PARTITION", ">LEADER", "REPLICAS", "IN-SYNC", ">START", ">END", "ERROR"]);
    for (partition, offsets) in topic.partitions.iter().zip(&offsets.partitions) {
        let line = PartitionLine::of(topic, partition, offsets);
        let number = |n: Option<i64>| n.map_or(Safe::literal("?"), |n| Safe::from(n.to_string()));
        let leader = line.leader.map_or(Safe::literal("none"), |id| Safe::from(id.to_string()));
        let error = Safe::text(line.error.as_deref().unwrap_or_default());
        let id = Safe::from(line.partition.to_string());
        table.row([id, leader, ids(line.replicas), ids(line.isr), number(line.start), number(line.end), error]);
    }
    table
}

fn ids(brokers: &[i32]) -> Safe {
    Safe::from(brokers.iter().map(i32::to_string).collect::<Vec<_>>().join(","))
}

fn differing(settings: &[Setting]) -> Table {
    let mut table = Table::new(&["SETTING", "VALUE"]);
    for setting in settings.iter().filter(|setting| setting.differs) {
        table.row([Safe::text(&setting.name), setting.value.as_deref().map_or(Safe::literal("(secret)"), Safe::text)]);
    }
    table
}

fn readers(topic: &Topic, all: &[GroupLag]) -> Table {
    let mut table = Table::new(&["GROUP", "STATE", ">LAG"]);
    for group in all {
        let rows = group.partitions.as_ref().map(Vec::as_slice).unwrap_or_default();
        let here: Vec<PartitionLag> = rows.iter().filter(|row| row.topic == topic.name).cloned().collect();
        if !here.is_empty() {
            let state = Safe::literal(group.group.state.word());
            table.row([Safe::text(&group.group.name), state, groups::total(&here)]);
        }
    }
    table
}
