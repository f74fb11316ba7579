//! The oldest record that a group has not read, partition by partition: its age is how far behind the group is in time.
//! Reads one record where it must, few at once, and remembers for a while what it read.
use crate::{
    group::{GroupLag, GroupName},
    kafka::{fetch, offsets::Spot, wire::Cluster},
    lag::{LagState, PartitionLag, Unread, UnreadRead},
    record::{Head, TimestampType},
};
use futures_util::{Stream, StreamExt, stream};
use jiff::Timestamp;
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
    let began = Timestamp::now();
    let record = fetch::first::first(cluster, &spot, from, committed).await.map(|head| head.map(unread));
    let (topic, partition) = spot;
    UnreadRead { topic, partition, from, began, record }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(group: &str, offset: i64) -> Ask {
        Ask { group: group.into(), place: (("t".into(), 0), offset) }
    }

    fn read(offset: i64, found: bool) -> UnreadRead {
        let unread = Unread { offset, timestamp: Some(5), append: false };
        let began = Timestamp::from_millisecond(7).unwrap();
        UnreadRead { topic: "t".into(), partition: 0, from: offset, began, record: Ok(found.then_some(unread)) }
    }

    fn due(reads: &mut Reads, asks: &[Ask]) -> usize {
        reads.sort(asks.to_vec(), 9).1.len()
    }

    async fn pass(seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_record_that_was_found_is_not_read_again_for_a_minute_whoever_stands_there() {
        let mut reads = Reads::default();
        assert_eq!(due(&mut reads, &[ask("a", 7), ask("b", 7)]), 1);
        reads.keep(read(7, true));
        assert_eq!(reads.sort(vec![ask("a", 7), ask("b", 7)], 9), (vec![read(7, true)], vec![]));
        pass(59).await;
        assert_eq!(due(&mut reads, &[ask("b", 7)]), 0);
        pass(2).await;
        assert_eq!(due(&mut reads, &[ask("b", 7)]), 1);
    }

    /// Groups that come into view later hear of them too, and of when they were read: not of now.
    #[tokio::test(start_paused = true)]
    async fn groups_that_stand_apart_on_a_partition_each_have_their_record_told_again_and_again() {
        let mut reads = Reads::default();
        assert_eq!(due(&mut reads, &[ask("a", 7), ask("b", 90), ask("c", 7)]), 2);
        reads.keep(read(7, true));
        reads.keep(read(90, true));
        for asks in [vec![ask("a", 7), ask("b", 90)], vec![ask("b", 90), ask("late", 7)]] {
            pass(20).await;
            let (mut told, due) = reads.sort(asks, 9);
            told.sort_by_key(|read| read.from);
            assert_eq!((told, due), (vec![read(7, true), read(90, true)], vec![]));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_nothing_was_readable_a_record_may_come_soon() {
        let mut reads = Reads::default();
        assert_eq!(due(&mut reads, &[ask("a", 7)]), 1);
        reads.keep(read(7, false));
        pass(9).await;
        assert_eq!(due(&mut reads, &[ask("a", 7)]), 0);
        pass(2).await;
        assert_eq!(due(&mut reads, &[ask("a", 7)]), 1);
    }

    /// A busy group commits many times a second, and every place would be a new one.
    #[tokio::test(start_paused = true)]
    async fn a_group_that_moves_is_looked_at_every_ten_seconds() {
        let mut reads = Reads::default();
        assert_eq!(due(&mut reads, &[ask("a", 7)]), 1);
        assert_eq!(due(&mut reads, &[ask("a", 8)]), 0);
        assert_eq!(due(&mut reads, &[ask("other", 8)]), 1, "another group is another matter");
        pass(11).await;
        assert_eq!(due(&mut reads, &[ask("a", 9)]), 1);
    }
}
