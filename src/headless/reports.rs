//! The JSON objects of groups, their partitions and their members.
use crate::{
    failure::Failure,
    group::{GroupLag, GroupType, Member, label::kind},
    kafka::offsets::{Reading, Spot},
    lag::{LagState, PartitionLag, Total},
};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// A group of the list.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    pub group: &'a str,
    pub state: &'static str,
    #[serde(rename = "type")]
    group_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    pub members: Option<usize>,
    pub topics: Option<usize>,
    lag: Option<i64>,
    lag_exact: bool,
    pub status: Option<&'static str>,
    coordinator: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl<'a> Line<'a> {
    pub fn of(told: &'a GroupLag) -> Self {
        let (group, rows) = (&told.group, told.partitions.as_ref().ok());
        let total = rows.map(|rows| Total::of(rows));
        Self {
            group: &group.name,
            state: group.state.word(),
            group_type: type_word(group.kind),
            kind: kind(told),
            members: told.members.as_ref().ok().map(Vec::len),
            topics: rows.map(|rows| rows.iter().map(|row| &row.topic).collect::<BTreeSet<_>>().len()),
            lag: total.and_then(|total| total.lag),
            lag_exact: total.is_some_and(|total| total.is_exact()),
            status: rows.and_then(|rows| status(rows)),
            coordinator: group.coordinator,
            error: told.partitions.as_ref().err().or(told.members.as_ref().err()).map(Failure::to_string),
        }
    }

    pub fn kind_of_group(&self) -> Option<&'static str> {
        self.group_type
    }
}

fn type_word(kind: GroupType) -> Option<&'static str> {
    match kind {
        GroupType::Classic => Some("classic"),
        GroupType::Consumer => Some("consumer"),
        GroupType::Share => Some("share"),
        GroupType::Streams => Some("streams"),
        GroupType::Unknown => None,
    }
}

/// One look shows no movement: `observing`, unless a commit alone says more. `None` for a group without partitions.
fn status(rows: &[PartitionLag]) -> Option<&'static str> {
    let any = |state| rows.iter().any(|row| row.state() == state);
    match rows {
        [] => None,
        _ if any(LagState::Lost) => Some("lost"),
        _ if any(LagState::Ahead) => Some("ahead"),
        _ if rows.iter().all(|row| row.state() == LagState::NoCommit) => Some("no_commit"),
        _ => Some("observing"),
    }
}

/// One partition of a group.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    group: &'a str,
    topic: &'a str,
    partition: i32,
    start: Option<i64>,
    end: Option<i64>,
    stable_end: Option<i64>,
    committed: Option<i64>,
    lag: Option<i64>,
    state: &'static str,
    member: Option<&'a str>,
    client_id: Option<&'a str>,
    host: Option<&'a str>,
    metadata: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub fn rows<'a>(groups: &'a [GroupLag], stable: &'a HashMap<Spot, Reading>) -> impl Iterator<Item = Row<'a>> {
    groups.iter().flat_map(move |group| {
        let rows = group.partitions.as_ref().map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(move |row| row_of(group, row, stable))
    })
}

fn row_of<'a>(group: &'a GroupLag, row: &'a PartitionLag, stable: &HashMap<Spot, Reading>) -> Row<'a> {
    let owner = owner(group, row);
    let stable_end = stable.get(&(row.topic.clone(), row.partition));
    Row {
        group: &group.group.name,
        topic: &row.topic,
        partition: row.partition,
        start: row.start,
        end: row.end,
        stable_end: stable_end.and_then(|reading| reading.offset.as_ref().ok().copied()),
        committed: row.committed,
        lag: row.lag(),
        state: row.state().word(),
        member: owner.map(|member| &*member.id),
        client_id: owner.map(|member| &*member.client_id),
        host: owner.map(|member| &*member.host),
        metadata: &row.metadata,
        error: row.error.as_ref().map(Failure::to_string),
    }
}

/// The member that owns the partition now.
pub fn owner<'a>(group: &'a GroupLag, row: &PartitionLag) -> Option<&'a Member> {
    group.members.as_ref().ok()?.get(row.owner?)
}

/// One member of a group.
#[derive(Debug, Serialize)]
pub struct MemberLine<'a> {
    group: &'a str,
    member: &'a str,
    instance: Option<&'a str>,
    client_id: &'a str,
    host: &'a str,
    assigned: Vec<Assigned<'a>>,
}

#[derive(Debug, Serialize)]
struct Assigned<'a> {
    topic: &'a str,
    partitions: &'a [i32],
}

pub fn members(groups: &[GroupLag]) -> impl Iterator<Item = MemberLine<'_>> {
    groups.iter().flat_map(|group| {
        let members = group.members.as_ref().map(Vec::as_slice).unwrap_or_default();
        members.iter().map(|member| MemberLine {
            group: &group.group.name,
            member: &member.id,
            instance: member.instance.as_deref(),
            client_id: &member.client_id,
            host: &member.host,
            assigned: member.assigned.iter().map(|(topic, ids)| Assigned { topic, partitions: ids }).collect(),
        })
    })
}
