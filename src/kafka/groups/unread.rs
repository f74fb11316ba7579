//! The oldest record that a group has not read, partition by partition: its age is how far behind the group is in time.
//! Reads one record where it must, few at once, and remembers for a while what it read.
use crate::{
    group::{GroupLag, GroupName},
    kafka::{fetch, offsets::Spot, wire::Cluster},
    lag::{LagState, PartitionLag, Unread, UnreadRead},
    record::{Head, TimestampType},
};
use futures_util::{Stream, StreamExt, stream};
use std::collections::{BTreeSet, HashMap};
use tokio::time::{Duration, Instant};

/// Looks at a time.
pub const AT_ONCE: usize = 4;
/// A record that was found stays the oldest unread one of whoever stands there.
const KEPT: Duration = Duration::from_secs(60);
/// Nothing readable, or a failure: that changes sooner. Also how often a group that moves is looked at anew.
const AGAIN: Duration = Duration::from_secs(10);

/// A partition and where its reader stands: the commit, or the start where retention passed it.
pub type Place = (Spot, i64);

/// One place that a group stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub group: GroupName,
    pub place: Place,
}

/// What is to be looked at for a group: every partition that has something to read.
pub fn asks(lag: &GroupLag) -> Vec<Ask> {
    let rows = lag.partitions.iter().flatten();
    rows.filter_map(place).map(|place| Ask { group: lag.group.name.clone(), place }).collect()
}

fn place(row: &PartitionLag) -> Option<Place> {
    let from = match row.state() {
        LagState::Ok | LagState::Rebalancing => row.committed,
        LagState::Lost => row.start,
        LagState::Unknown | LagState::NoCommit | LagState::Ahead => None,
    };
    row.lag().filter(|lag| *lag > 0)?;
    Some(((row.topic.clone(), row.partition), from?))
}

/// For whoever asks once: every lagging partition of these groups, each place once. `committed`: as a read-committed
/// consumer would find it.
pub async fn of(cluster: &Cluster, groups: &[GroupLag], committed: bool) -> Vec<UnreadRead> {
    let places: BTreeSet<Place> =
        groups.iter().flat_map(|lag| lag.partitions.iter().flatten()).filter_map(place).collect();
    read(cluster, places.into_iter().collect(), committed).collect().await
}

/// As they come.
pub fn read(cluster: &Cluster, places: Vec<Place>, committed: bool) -> impl Stream<Item = UnreadRead> {
    stream::iter(places).map(move |place| one(cluster, place, committed)).buffer_unordered(AT_ONCE)
}

async fn one(cluster: &Cluster, (spot, from): Place, committed: bool) -> UnreadRead {
    let record = fetch::first::first(cluster, &spot, from, committed).await.map(|head| head.map(unread));
    let (topic, partition) = spot;
    UnreadRead { topic, partition, from, record }
}

fn unread(head: Head) -> Unread {
    let timestamp = Some(head.timestamp).filter(|ms| *ms >= 0 && head.timestamp_type != TimestampType::None);
    Unread { offset: head.offset, timestamp, append: head.timestamp_type == TimestampType::Append }
}

/// What was read lately.
#[derive(Debug, Default)]
pub struct Reads {
    places: HashMap<Place, (Instant, UnreadRead)>,
    /// When a group was last looked at on a partition.
    groups: HashMap<(GroupName, Spot), Instant>,
}

impl Reads {
    /// What is known of these, and at most so many that have to be looked at, each once, in the order asked.
    pub fn sort(&mut self, asks: Vec<Ask>, most: usize) -> (Vec<UnreadRead>, Vec<Place>) {
        self.forget();
        let (mut known, mut due, mut met) = (vec![], vec![], BTreeSet::new());
        for Ask { group, place } in asks {
            match self.places.get(&place) {
                _ if met.contains(&place) => {}
                Some((_, read)) => known.push(read.clone()),
                None if due.len() >= most => continue,
                None if self.groups.contains_key(&(group.clone(), place.0.clone())) => continue,
                None => {
                    self.groups.insert((group, place.0.clone()), Instant::now());
                    due.push(place.clone());
                }
            }
            met.insert(place);
        }
        (known, due)
    }

    pub fn keep(&mut self, read: UnreadRead) {
        let place = ((read.topic.clone(), read.partition), read.from);
        self.places.insert(place, (Instant::now(), read));
    }

    fn forget(&mut self) {
        self.places
            .retain(|_, (at, read)| at.elapsed() < if matches!(read.record, Ok(Some(_))) { KEPT } else { AGAIN });
        self.groups.retain(|_, at| at.elapsed() < AGAIN);
    }
}
