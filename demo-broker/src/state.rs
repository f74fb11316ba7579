//! What the brokers of the cluster share: topics, groups, who leads and who is alive. No I/O and no waiting.

use crate::call::Call;
use crate::codes;
use crate::configs;
use crate::force::{About, Forces};
use crate::group::Group;
use crate::refused::Refused;
use crate::requests::Requests;
use crate::topic::{self, Partition, Topic, TopicSpec};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

/// Partitions that one topic may have: enough for a demo, too few to hurt it.
pub(crate) const MOST_PARTITIONS: i32 = 1_000;
/// Partitions of all topics.
const MOST_PARTITIONS_IN_ALL: usize = 20_000;
/// Groups that may exist: each costs about a kilobyte.
const MOST_GROUPS: usize = 20_000;
/// Bytes of a group's name; Kafka itself takes 32 KiB.
const LONGEST_GROUP: usize = 1_024;

#[derive(Debug)]
pub(crate) struct Broker {
    pub(crate) address: SocketAddr,
    pub(crate) live: bool,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) cluster_id: String,
    pub(crate) auto_create: bool,
    /// Bytes of records in all partitions together.
    pub(crate) memory: usize,
    pub(crate) brokers: BTreeMap<i32, Broker>,
    pub(crate) topics: BTreeMap<String, Topic>,
    pub(crate) broker_configs: BTreeMap<String, String>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) forces: Forces,
    pub(crate) requests: Requests,
    pub(crate) calls: u64,
    pub(crate) producers: i64,
    created: u64,
    /// Wakes long polls: records came, leaders moved, a fault was forced.
    pub(crate) changed: Arc<Notify>,
}

impl State {
    pub(crate) fn new(cluster_id: String, auto_create: bool, memory: usize) -> Self {
        let shown = auto_create.then(|| ("auto.create.topics.enable".to_owned(), "true".to_owned()));
        Self {
            cluster_id,
            auto_create,
            memory,
            brokers: BTreeMap::new(),
            topics: BTreeMap::new(),
            broker_configs: shown.into_iter().collect(),
            groups: BTreeMap::new(),
            forces: Forces::default(),
            requests: Requests::default(),
            calls: 0,
            producers: 0,
            created: 0,
            changed: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn live_brokers(&self) -> impl Iterator<Item = (i32, SocketAddr)> + '_ {
        self.brokers.iter().filter(|(_, b)| b.live).map(|(id, b)| (*id, b.address))
    }

    pub(crate) fn is_live(&self, broker: i32) -> bool {
        self.brokers.get(&broker).is_some_and(|b| b.live)
    }

    pub(crate) fn partition(&self, topic: &str, partition: i32) -> Option<&Partition> {
        self.topics.get(topic)?.partitions.get(usize::try_from(partition).ok()?)
    }

    pub(crate) fn partition_mut(&mut self, topic: &str, partition: i32) -> Option<&mut Partition> {
        self.topics.get_mut(topic)?.partitions.get_mut(usize::try_from(partition).ok()?)
    }

    pub(crate) fn name_of(&self, id: Uuid) -> Option<&str> {
        self.topics.iter().find(|(_, t)| t.id == id).map(|(name, _)| name.as_str())
    }

    /// The partition, when this broker leads it and no error is forced on it. Errors are Kafka's codes.
    pub(crate) fn led(&mut self, call: &Call, topic: &str, partition: i32) -> Result<&mut Partition, i16> {
        let about = About { topic: Some(topic), partition: Some(partition), group: None };
        self.unforced(call, about)?;
        let found = self.partition_mut(topic, partition).ok_or(codes::UNKNOWN_TOPIC_OR_PARTITION)?;
        if found.leader == Some(call.broker) { Ok(found) } else { Err(codes::NOT_LEADER_OR_FOLLOWER) }
    }

    /// Whether this broker coordinates the group and no error is forced on it. Errors are Kafka's codes.
    pub(crate) fn coordinated(&mut self, call: &Call, group: &str) -> Result<(), i16> {
        self.unforced(call, About { group: Some(group), ..About::default() })?;
        if group.is_empty() {
            return Err(codes::INVALID_GROUP_ID);
        }
        if self.coordinator(group) == Some(call.broker) { Ok(()) } else { Err(codes::NOT_COORDINATOR) }
    }

    /// The error that is forced on what this is about, if there is one.
    pub(crate) fn unforced(&mut self, call: &Call, about: About<'_>) -> Result<(), i16> {
        self.forces.error(call, about).map_or(Ok(()), Err)
    }

    /// The broker a group belongs to: one of all by its name, the next live one when that is down.
    pub(crate) fn coordinator(&self, group: &str) -> Option<i32> {
        let begin = topic::spread(group, self.brokers.len());
        self.brokers.keys().cycle().skip(begin).take(self.brokers.len()).copied().find(|id| self.is_live(*id))
    }

    /// The group, made when it is new. `None` when there are too many or the name is too long.
    pub(crate) fn group(&mut self, name: &str) -> Option<&mut Group> {
        let full = self.groups.len() >= MOST_GROUPS && !self.groups.contains_key(name);
        if full || name.len() > LONGEST_GROUP {
            return None;
        }
        Some(self.groups.entry(name.to_owned()).or_default())
    }

    /// Lets sessions expire and rebalances end, and forgets groups that nobody joined in the end.
    pub(crate) fn tick(&mut self, now: Instant) {
        self.groups.retain(|_, group| {
            group.tick(now);
            group.is_wanted()
        });
    }

    /// Checks what `create_topic` would do, and does nothing.
    pub(crate) fn may_create(&self, name: &str, spec: &TopicSpec) -> Result<(), Refused> {
        let refuse = |code, why: String| Err(Refused::new(code, why));
        if !topic::valid_name(name) {
            return refuse(codes::INVALID_TOPIC, format!("Topic name is invalid: '{name}'."));
        }
        if self.topics.contains_key(name) {
            return refuse(codes::TOPIC_ALREADY_EXISTS, format!("Topic '{name}' already exists."));
        }
        self.may_have(0, spec.partitions)?;
        let brokers = self.live_brokers().count();
        if usize::try_from(spec.replication).map_or(true, |r| r == 0 || r > brokers) {
            let why = format!("Replication factor {} asked, {brokers} broker(s) are there.", spec.replication);
            return refuse(codes::INVALID_REPLICATION_FACTOR, why);
        }
        spec.configs.iter().try_for_each(|(name, value)| configs::check_topic(name, value))
    }

    /// Whether a topic with `before` partitions may have `after`.
    pub(crate) fn may_have(&self, before: usize, after: i32) -> Result<(), Refused> {
        let more = usize::try_from(after).unwrap_or(0).saturating_sub(before);
        if more == 0 {
            let why = format!("The topic has {before} partition(s); {after} would not be more.");
            return Err(Refused::new(codes::INVALID_PARTITIONS, why));
        }
        let all: usize = self.topics.values().map(|t| t.partitions.len()).sum();
        if after > MOST_PARTITIONS || all + more > MOST_PARTITIONS_IN_ALL {
            let why = format!("A topic of this cluster has at most {MOST_PARTITIONS} partitions; {after} asked.");
            return Err(Refused::new(codes::POLICY_VIOLATION, why));
        }
        Ok(())
    }

    pub(crate) fn create_topic(&mut self, name: &str, spec: &TopicSpec) -> Result<(), Refused> {
        self.may_create(name, spec)?;
        self.created += 1;
        let id = Uuid::from_u64_pair(topic::hash(name) | 1, topic::hash(&self.cluster_id) ^ self.created);
        let replication = usize::try_from(spec.replication).unwrap_or(1);
        let configs = spec.configs.iter().cloned().collect();
        self.topics.insert(name.to_owned(), Topic { id, replication, configs, partitions: Vec::new() });
        self.grow(name, spec.partitions);
        Ok(())
    }

    /// Gives the topic partitions up to `count`, each with replicas and a leader.
    pub(crate) fn grow(&mut self, name: &str, count: i32) {
        let ids: Vec<i32> = self.brokers.keys().copied().collect();
        let live: Vec<i32> = self.live_brokers().map(|(id, _)| id).collect();
        let Some(topic) = self.topics.get_mut(name) else { return };
        for p in topic.partitions.len()..usize::try_from(count).unwrap_or(0) {
            let replicas = topic::place(name, p, topic.replication, &ids);
            let leader = replicas.iter().copied().find(|r| live.contains(r));
            topic.partitions.push(Partition { leader, replicas, ..Partition::default() });
        }
        self.changed.notify_waiters();
    }

    /// Removes the topic and, as Kafka does, what groups committed for it.
    pub(crate) fn delete_topic(&mut self, name: &str) -> bool {
        let gone = self.remove_topic(name);
        if gone {
            self.groups.values_mut().for_each(|g| g.forget_topic(name));
        }
        gone
    }

    /// Removes the topic alone.
    pub(crate) fn remove_topic(&mut self, name: &str) -> bool {
        let gone = self.topics.remove(name).is_some();
        if gone {
            self.changed.notify_waiters();
        }
        gone
    }

    /// Whether so many bytes more would be more than the cluster may hold.
    pub(crate) fn is_full(&self, more: usize) -> bool {
        self.topics.values().map(Topic::bytes).sum::<usize>().saturating_add(more) > self.memory
    }

    /// To be called when records came: evicts what is too much and wakes long polls.
    pub(crate) fn appended(&mut self, topic: &str, partition: i32) {
        if let (Some(topic), Ok(partition)) = (self.topics.get_mut(topic), usize::try_from(partition)) {
            topic.retain(partition);
        }
        self.changed.notify_waiters();
    }

    /// Marks a broker down and moves what it led to the next live replica, or to nobody.
    pub(crate) fn broker_down(&mut self, id: i32, moves: bool) {
        if let Some(broker) = self.brokers.get_mut(&id) {
            broker.live = false;
        }
        let live: Vec<i32> = self.live_brokers().map(|(id, _)| id).filter(|_| moves).collect();
        for partition in self.topics.values_mut().flat_map(|t| &mut t.partitions).filter(|p| p.leader == Some(id)) {
            let next = partition.replicas.iter().copied().find(|r| live.contains(r));
            partition.lead(next);
        }
        self.changed.notify_waiters();
    }

    /// Marks a broker live again; it takes the partitions of its own that nobody leads.
    pub(crate) fn broker_up(&mut self, id: i32) {
        if let Some(broker) = self.brokers.get_mut(&id) {
            broker.live = true;
        }
        let orphans = self.topics.values_mut().flat_map(|t| &mut t.partitions).filter(|p| p.leader.is_none());
        orphans.filter(|p| p.replicas.contains(&id)).for_each(|p| p.lead(Some(id)));
        self.changed.notify_waiters();
    }
}
