//! Setting the stage: topics, records and commits that come from us and not from a client. Checks only what a log needs.

use crate::batch_header::BatchHeader;
use crate::cluster::Cluster;
use crate::codes;
use crate::damage::Damage;
use crate::group::Committed;
use crate::refused::Refused;
use crate::state::State;
use crate::topic::{Partition, TopicSpec};
use bytes::Bytes;
use kafka_protocol::protocol::StrBytes;

impl Cluster {
    /// Creates a topic; it has leaders at once.
    pub fn create_topic(&self, name: &str, spec: &TopicSpec) -> Result<(), Refused> {
        self.shared.lock().create_topic(name, spec)
    }

    /// Deletes a topic, and what groups committed for it. An unknown topic is refused.
    pub fn delete_topic(&self, name: &str) -> Result<(), Refused> {
        if self.shared.lock().delete_topic(name) { Ok(()) } else { Err(unknown(name, None)) }
    }

    /// Deletes a topic and leaves what groups committed for it, as brokers do for a while that were away meanwhile.
    pub fn delete_topic_but_keep_commits(&self, name: &str) -> Result<(), Refused> {
        if self.shared.lock().remove_topic(name) { Ok(()) } else { Err(unknown(name, None)) }
    }

    /// Gives a topic more partitions: `count` is how many it has then.
    pub fn add_partitions(&self, topic: &str, count: i32) -> Result<(), Refused> {
        let mut state = self.shared.lock();
        let before = state.topics.get(topic).ok_or_else(|| unknown(topic, None))?.partitions.len();
        state.may_have(before, count)?;
        state.grow(topic, count);
        Ok(())
    }

    /// Appends encoded version 2 record batches, one or more, and answers the first one's base offset.
    ///
    /// Offset and leader epoch are set, all else stays as it is: timestamps (also in a topic with LogAppendTime),
    /// producer id, the transactional and control flags. Transactions follow from those flags: what a control batch
    /// aborts is told to readers, what is open holds back the last stable offset. `max.message.bytes` is not checked.
    pub fn append(&self, topic: &str, partition: i32, mut batches: Bytes) -> Result<i64, Refused> {
        let mut state = self.shared.lock();
        if state.is_full(batches.len()) {
            return Err(Refused::new(codes::POLICY_VIOLATION, "The cluster's memory for records is full."));
        }
        let found = find(&mut state, topic, partition)?;
        let base = found.log.end();
        while !batches.is_empty() {
            let (header, batch) = BatchHeader::split(&mut batches)
                .map_err(|code| Refused::new(code, format!("What is appended to {topic} is no record batch.")))?;
            found.log.append(&header, &batch, found.epoch, None);
        }
        state.appended(topic, partition);
        Ok(base)
    }

    /// Leaves a hole as compaction does: the next record of the partition gets `offset`. Never moves backwards.
    pub fn skip_to(&self, topic: &str, partition: i32, offset: i64) -> Result<(), Refused> {
        let mut state = self.shared.lock();
        find(&mut state, topic, partition)?.log.skip_to(offset);
        state.changed.notify_waiters();
        Ok(())
    }

    /// Moves the start of the partition to `offset`, as DeleteRecords does; not beyond the end.
    pub fn delete_records_before(&self, topic: &str, partition: i32, offset: i64) -> Result<(), Refused> {
        find(&mut self.shared.lock(), topic, partition)?.log.delete_before(offset);
        Ok(())
    }

    /// Spoils the stored batch that holds the offset; refused where there is none.
    pub fn damage(&self, topic: &str, partition: i32, offset: i64, damage: Damage) -> Result<(), Refused> {
        let mut state = self.shared.lock();
        let rewritten = find(&mut state, topic, partition)?.log.rewrite(offset, |batch| damage.apply(batch));
        let none = || Refused::new(codes::OFFSET_OUT_OF_RANGE, format!("{topic} has no batch with offset {offset}."));
        rewritten.ok_or_else(none)
    }

    /// Commits any number for any partition, also of a topic that does not exist. The group is made when it is new.
    pub fn commit(&self, group: &str, topic: &str, partition: i32, offset: i64, metadata: &str) -> Result<(), Refused> {
        let metadata = StrBytes::from_string(metadata.to_owned());
        let mut state = self.shared.lock();
        let group = found_group(&mut state, group)?;
        group.found();
        group.commit(topic, partition, Committed { offset, epoch: -1, metadata });
        Ok(())
    }

    /// Makes a group known that has neither members nor commits.
    pub fn create_group(&self, group: &str) -> Result<(), Refused> {
        found_group(&mut self.shared.lock(), group)?.found();
        Ok(())
    }

    /// The offset of the next record.
    pub fn end(&self, topic: &str, partition: i32) -> Option<i64> {
        self.shared.lock().partition(topic, partition).map(|p| p.log.end())
    }

    /// The first offset that is still there.
    pub fn start_offset(&self, topic: &str, partition: i32) -> Option<i64> {
        self.shared.lock().partition(topic, partition).map(|p| p.log.start())
    }

    /// What the group committed for the partition.
    pub fn committed(&self, group: &str, topic: &str, partition: i32) -> Option<i64> {
        self.shared.lock().groups.get(group)?.committed(topic, partition).map(|c| c.offset)
    }

    /// The broker that leads the partition.
    pub fn leader(&self, topic: &str, partition: i32) -> Option<i32> {
        self.shared.lock().partition(topic, partition)?.leader
    }

    /// Makes another broker lead the partition, or none.
    pub fn set_leader(&self, topic: &str, partition: i32, leader: Option<i32>) -> Result<(), Refused> {
        let mut state = self.shared.lock();
        find(&mut state, topic, partition)?.lead(leader);
        state.changed.notify_waiters();
        Ok(())
    }

    /// The broker that coordinates the group.
    pub fn coordinator(&self, group: &str) -> Option<i32> {
        self.shared.lock().coordinator(group)
    }
}

fn unknown(topic: &str, partition: Option<i32>) -> Refused {
    let partition = partition.map(|p| format!(" with a partition {p}")).unwrap_or_default();
    Refused::new(codes::UNKNOWN_TOPIC_OR_PARTITION, format!("The cluster has no topic {topic}{partition}."))
}

fn find<'a>(state: &'a mut State, topic: &str, partition: i32) -> Result<&'a mut Partition, Refused> {
    state.partition_mut(topic, partition).ok_or_else(|| unknown(topic, Some(partition)))
}

fn found_group<'a>(state: &'a mut State, group: &str) -> Result<&'a mut crate::group::Group, Refused> {
    let full = || Refused::new(codes::POLICY_VIOLATION, "The cluster has as many groups as it may.");
    state.group(group).ok_or_else(full)
}
