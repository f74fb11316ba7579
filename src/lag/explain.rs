//! A lag in sentences: one for every fact that applies, and only what was read. Foreign text in it (names, metadata) is
//! raw and is made safe where it is drawn.
use super::{Account, Behind, Clears, Course, LagState, PartitionLag, Status};
use crate::{
    group::{GroupLag, Member},
    number::{grouped, span},
};
use jiff::Timestamp;
use std::time::Duration;

/// The sentences of one partition of this group, the commit first.
pub fn explain(told: &GroupLag, partition: &PartitionLag, course: Option<&Course>, now: Timestamp) -> Vec<String> {
    let course = course.filter(|course| course.is_of(partition));
    let mut words = Vec::new();
    words.extend(commit(told, partition, now));
    words.extend(bounds(told, partition, now));
    words.extend(standing(partition));
    words.extend(course.and_then(|course| next_record(partition, course)));
    words.push(owner(told, partition));
    words.extend(course.and_then(|course| age(course, now)));
    words.extend(course.into_iter().flat_map(|course| trend(course, now)));
    if !partition.metadata.is_empty() {
        words.push(format!("The commit carries the words “{}”.", partition.metadata));
    }
    words
}

fn ago(then: Timestamp, now: Timestamp) -> String {
    let age = Duration::try_from(now.duration_since(then)).unwrap_or_default();
    if age < Duration::from_secs(1) {
        "just now".into()
    } else {
        format!("{} ago", span(Duration::from_secs(age.as_secs())))
    }
}

fn commit(told: &GroupLag, partition: &PartitionLag, now: Timestamp) -> Option<String> {
    let offset = grouped(partition.committed?);
    let read = ago(told.commits_at, now);
    let epoch = partition.commit_epoch.map(|epoch| format!(", epoch {epoch}")).unwrap_or_default();
    Some(match partition.account {
        Account::Committed => format!("Commit {offset} (read {read}{epoch})."),
        Account::Shared { .. } => format!("The share group's start offset is {offset} (read {read}{epoch})."),
    })
}

fn bounds(told: &GroupLag, partition: &PartitionLag, now: Timestamp) -> Vec<String> {
    let start = partition.start.map(|start| format!("Start {}.", grouped(start)));
    let end = partition.end.map(|end| format!("End {} (read {}).", grouped(end), ago(told.ends_at, now)));
    let held = partition.held_back();
    let stable = partition
        .stable_end
        .filter(|_| held > 0)
        .map(|stable| format!("Stable end {}: {} held back by an open transaction.", grouped(stable), offsets(held)));
    [start, end, stable].into_iter().flatten().collect()
}

/// What the state means, and the lag.
fn standing(partition: &PartitionLag) -> Vec<String> {
    match partition.state() {
        LagState::Unknown => vec![unknown(partition)],
        LagState::NoCommit => no_commit(partition),
        LagState::Ahead => vec![
            format!(
                "The commit is {} beyond the end: the topic was made anew, a leader changed uncleanly, or the group is mirrored.",
                offsets(partition.ahead())
            ),
            tools_word(partition),
        ],
        LagState::Lost => vec![
            format!("{} lost to retention before the group read them.", offsets(partition.lost())),
            lag(partition),
            tools_word(partition),
        ],
        LagState::Rebalancing => vec!["The group is rebalancing; commits stay readable.".into(), lag(partition)],
        LagState::Ok => vec![lag(partition)],
    }
}

fn unknown(partition: &PartitionLag) -> String {
    match (&partition.error, partition.account) {
        (Some(why), _) => format!("The lag is unknown: {why}."),
        (None, Account::Shared { .. }) => "The lag is unknown: not told by this broker.".into(),
        (None, Account::Committed) => "The lag is unknown: start or end was not told.".into(),
    }
}

fn no_commit(partition: &PartitionLag) -> Vec<String> {
    if let Account::Shared { .. } = partition.account {
        return vec!["Nothing was delivered to the share group here yet.".into()];
    }
    let readable = partition.readable().map(|n| format!("{} readable.", offsets(n)));
    let begin = "No commit: a consumer would start by its auto.offset.reset.".to_owned();
    std::iter::once(begin).chain(readable).collect()
}

/// The signed difference that other tools show.
fn tools_word(partition: &PartitionLag) -> String {
    format!("Kafka's own tool prints the lag {}.", partition.difference().map_or("-".into(), grouped))
}

fn lag(partition: &PartitionLag) -> String {
    let all = partition.lag().unwrap_or(0);
    let stable = partition.stable_lag().filter(|stable| *stable < all);
    match (all, stable) {
        (0, _) => "Caught up.".into(),
        (_, Some(0)) => format!("Lag {}, none of them stable: a read-committed consumer is caught up.", offsets(all)),
        (_, Some(stable)) => format!(
            "Lag {}, {} stable: at most {} for a read-committed consumer.",
            offsets(all),
            grouped(stable),
            records(stable)
        ),
        (_, None) => format!("Lag {}: at most {}.", offsets(all), records(all)),
    }
}

fn next_record(partition: &PartitionLag, course: &Course) -> Option<String> {
    let position = partition.position()?;
    if partition.lag()? > 0 && course.is_idle() {
        let left = "markers, compacted records or an open transaction";
        return Some(match partition.lag() {
            Some(1) if partition.held_back() == 0 => "1 behind: transaction marker; nothing readable is left.".into(),
            _ => format!("Nothing readable is left up to the end, only {left}."),
        });
    }
    let next = course.next_record()?.offset;
    let passed = match next - position {
        0 => String::new(),
        1 => format!(" ({}: marker or compacted)", grouped(position)),
        _ => format!(" ({}–{}: markers or compacted)", grouped(position), grouped(next - 1)),
    };
    Some(format!("The next readable record is {}{passed}.", grouped(next)))
}

fn owner(told: &GroupLag, partition: &PartitionLag) -> String {
    match (&told.members, partition.owner) {
        (Err(why), _) => format!("Who owns it is unknown: {}.", why.answered),
        (Ok(members), Some(owner)) => match members.get(owner) {
            Some(member) => format!("Owned by {}.", name(member)),
            None => "Owned by a member that was not described.".into(),
        },
        (Ok(_), None) => "Nobody owns it now.".into(),
    }
}

fn name(member: &Member) -> String {
    let id = if member.client_id.is_empty() { &member.id } else { &member.client_id };
    let instance = member.instance.as_ref().map(|instance| format!(", static member {instance}")).unwrap_or_default();
    format!("{id} at {}{instance}", member.host)
}

fn age(course: &Course, now: Timestamp) -> Option<String> {
    let clock = |append: bool| if append { "broker's clock" } else { "producer's clock" };
    Some(match course.behind(now) {
        Behind::CaughtUp | Behind::Unknown => return None,
        Behind::Exact { age, append } => format!("The oldest unread record is {} old ({}).", span(age), clock(append)),
        Behind::AtLeast { age, append } => {
            format!("The oldest unread record is at least {} old ({}).", span(age), clock(append))
        }
        Behind::Estimated(age) => format!("The oldest unread record is about {} old (estimated).", span(age)),
        Behind::Skewed(by) => {
            format!("The oldest unread record is {} in the future: a clock is skewed, its age is unknown.", span(by))
        }
    })
}

fn trend(course: &Course, now: Timestamp) -> Vec<String> {
    let rates = course.rates().map(|rates| {
        format!("{:.1} offsets/s arrive, {:.1} are read: {}.", rates.arriving, rates.reading, ahead(course.clears()))
    });
    let verdict = course.verdict().filter(|verdict| is_trend(verdict.status)).map(|verdict| {
        let since = verdict.since.map(|since| format!(" for {}", span(since_then(since, now)))).unwrap_or_default();
        format!("It is {}{since}.", verdict.status.phrase())
    });
    rates.into_iter().chain(verdict).collect()
}

fn since_then(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// The other words are states, which were explained already.
fn is_trend(status: Status) -> bool {
    matches!(status, Status::FallingBehind | Status::Stuck | Status::Stopped | Status::Rewound)
}

fn ahead(clears: Clears) -> String {
    match clears {
        Clears::CaughtUp => "caught up".into(),
        Clears::In(left) => format!("at this pace it clears in {}", span(left)),
        Clears::Never => "not catching up".into(),
        Clears::Level => "keeping level".into(),
        Clears::Observing => "observing…".into(),
        Clears::Unknown => "when it clears is unknown".into(),
    }
}

fn offsets(n: i64) -> String {
    if n == 1 { "1 offset".into() } else { format!("{} offsets", grouped(n)) }
}

fn records(n: i64) -> String {
    if n == 1 { "1 record".into() } else { format!("{} records", grouped(n)) }
}
