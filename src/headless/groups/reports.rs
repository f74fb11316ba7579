//! The JSON objects of groups, their partitions and their members.
use super::look::Seen;
use crate::{
    failure::Failure,
    group::{GroupLag, Member, label},
    lag::{Behind, PartitionLag, Total},
};
use serde::Serialize;
use std::{collections::BTreeSet, time::Duration};

/// A group of the list.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    pub group: &'a str,
    pub state: &'static str,
    #[serde(rename = "type")]
    pub group_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    pub members: Option<usize>,
    pub topics: Option<usize>,
    lag: Option<i64>,
    lag_exact: bool,
    #[serde(flatten)]
    behind: Age,
    pub status: Option<&'static str>,
    coordinator: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl<'a> Line<'a> {
    pub fn of(seen: Seen<'a>) -> Self {
        let told = seen.lag;
        let (group, rows) = (&told.group, told.partitions.as_ref().ok());
        let total = rows.map(|rows| Total::of(rows));
        Self {
            group: &group.name,
            state: group.state.word(),
            group_type: group.kind.word(),
            kind: label::kind(told),
            members: told.members.as_ref().ok().map(Vec::len),
            topics: rows.map(|rows| rows.iter().map(|row| &row.topic).collect::<BTreeSet<_>>().len()),
            lag: total.and_then(|total| total.lag),
            lag_exact: total.is_some_and(|total| total.is_exact()),
            behind: Age::of(seen.history.behind(seen.now)),
            status: seen.history.verdict().map(|verdict| verdict.status.word()),
            coordinator: group.coordinator,
            error: told.partitions.as_ref().err().or(told.members.as_ref().err()).map(Failure::to_string),
        }
    }
}

/// How long the oldest unread record has been waiting.
#[derive(Debug, Serialize)]
struct Age {
    /// Milliseconds; null where it was not read or cannot be known.
    behind_ms: Option<u128>,
    /// False where it is a lower bound or an estimate; absent else.
    #[serde(skip_serializing_if = "Option::is_none")]
    behind_exact: Option<bool>,
}

impl Age {
    fn of(behind: Behind) -> Self {
        let (age, exact) = match behind {
            Behind::CaughtUp => (Some(Duration::ZERO), true),
            Behind::Exact { age, .. } => (Some(age), true),
            Behind::AtLeast { age, .. } | Behind::Estimated(age) => (Some(age), false),
            Behind::Skewed(_) | Behind::Unknown => (None, true),
        };
        Self { behind_ms: age.map(|age| age.as_millis()), behind_exact: (!exact).then_some(false) }
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
    #[serde(flatten)]
    behind: Age,
    member: Option<&'a str>,
    client_id: Option<&'a str>,
    host: Option<&'a str>,
    metadata: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    watched: Option<Watched>,
}

/// What a row has in a watch alone: one look tells no course.
#[derive(Debug, Serialize)]
struct Watched {
    status: Option<&'static str>,
    /// When it was seen, in milliseconds since 1970.
    at: i64,
}

pub fn rows(seen: Seen<'_>, watched: bool) -> impl Iterator<Item = Row<'_>> {
    let rows = seen.lag.partitions.as_ref().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(move |row| row_of(seen, row, watched))
}

fn row_of<'a>(seen: Seen<'a>, row: &'a PartitionLag, watched: bool) -> Row<'a> {
    let owner = owner(seen.lag, row);
    let course = seen.history.partition(&row.topic, row.partition);
    let status = || course.and_then(|course| course.verdict()).map(|verdict| verdict.status.word());
    Row {
        group: &seen.lag.group.name,
        topic: &row.topic,
        partition: row.partition,
        start: row.start,
        end: row.end,
        stable_end: row.stable_end,
        committed: row.committed,
        lag: row.lag(),
        state: row.state().word(),
        behind: Age::of(course.map_or(Behind::Unknown, |course| course.behind(seen.now))),
        member: owner.map(|member| &*member.id),
        client_id: owner.map(|member| &*member.client_id),
        host: owner.map(|member| &*member.host),
        metadata: &row.metadata,
        error: row.error.as_ref().map(Failure::to_string),
        watched: watched.then(|| Watched { status: status(), at: seen.lag.ends_at.as_millisecond() }),
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

pub fn members(told: &GroupLag) -> impl Iterator<Item = MemberLine<'_>> {
    let members = told.members.as_ref().map(Vec::as_slice).unwrap_or_default();
    members.iter().map(|member| MemberLine {
        group: &told.group.name,
        member: &member.id,
        instance: member.instance.as_deref(),
        client_id: &member.client_id,
        host: &member.host,
        assigned: member.assigned.iter().map(|(topic, ids)| Assigned { topic, partitions: ids }).collect(),
    })
}
