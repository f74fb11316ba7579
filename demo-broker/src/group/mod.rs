//! Classic consumer groups: members, generations, committed offsets (Kafka's `ClassicGroup`). One file a request.
//! Time enters as an argument; whoever waits, waits on a channel that the group answers.

pub(crate) mod commit;
pub(crate) mod committed;
pub(crate) mod describe;
pub(crate) mod join;
pub(crate) mod presence;
pub(crate) mod sync;

use crate::codes;
use bytes::Bytes;
use kafka_protocol::messages::join_group_response::JoinGroupResponseMember;
use kafka_protocol::messages::{JoinGroupResponse, SyncGroupResponse};
use kafka_protocol::protocol::StrBytes;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// How long a group that had no members waits for more of them (`group.initial.rebalance.delay.ms`, 3 s in Kafka).
const FIRST_REBALANCE: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    #[default]
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}

impl Phase {
    /// As ListGroups and DescribeGroups write it.
    fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }
}

#[derive(Debug)]
struct Member {
    instance: Option<StrBytes>,
    client_id: StrBytes,
    host: StrBytes,
    session: Duration,
    rebalance: Duration,
    protocols: Vec<(StrBytes, Bytes)>,
    assignment: Bytes,
    expires: Instant,
    joining: Option<oneshot::Sender<JoinGroupResponse>>,
    syncing: Option<oneshot::Sender<SyncGroupResponse>>,
}

impl Member {
    fn metadata(&self, protocol: &str) -> Bytes {
        self.protocols.iter().find(|p| p.0.as_str() == protocol).map(|p| p.1.clone()).unwrap_or_default()
    }

    fn knows(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|p| p.0.as_str() == protocol)
    }
}

/// What a group committed for one partition.
#[derive(Debug, Clone)]
pub(crate) struct Committed {
    pub(crate) offset: i64,
    pub(crate) epoch: i32,
    pub(crate) metadata: StrBytes,
}

#[derive(Debug, Default)]
pub(crate) struct Group {
    phase: Phase,
    generation: i32,
    protocol_type: StrBytes,
    protocol: StrBytes,
    leader: StrBytes,
    members: BTreeMap<StrBytes, Member>,
    /// Ids given out that have not joined with them yet, and until when they may.
    promised: HashMap<StrBytes, Instant>,
    /// By topic, then partition.
    offsets: BTreeMap<String, BTreeMap<i32, Committed>>,
    /// It was made on stage or has committed: it stays when its last commit is forgotten, as Kafka keeps it for a while.
    known: bool,
    /// A rebalance does not end before this …
    not_before: Option<Instant>,
    /// … and does not wait longer than this.
    deadline: Option<Instant>,
}

impl Group {
    /// Whether anybody ever joined or committed: otherwise Kafka does not know the group.
    fn exists(&self) -> bool {
        self.known || !self.members.is_empty() || self.generation > 0
    }

    /// Whether the group exists or somebody was promised a seat in it.
    pub(crate) fn is_wanted(&self) -> bool {
        self.exists() || !self.promised.is_empty()
    }

    /// Makes the group known, without members or offsets, as one that consumers have left.
    pub(crate) fn found(&mut self) {
        self.known = true;
        if self.protocol_type.is_empty() {
            self.protocol_type = StrBytes::from_static_str("consumer");
        }
    }

    /// A group that nobody ever joined keeps its empty protocol type: that of simple consumers.
    pub(crate) fn commit(&mut self, topic: &str, partition: i32, committed: Committed) {
        self.known = true;
        self.offsets.entry(topic.to_owned()).or_default().insert(partition, committed);
    }

    pub(crate) fn committed(&self, topic: &str, partition: i32) -> Option<&Committed> {
        self.offsets.get(topic)?.get(&partition)
    }

    pub(crate) fn forget_topic(&mut self, topic: &str) {
        self.offsets.remove(topic);
    }

    /// Lets members expire and rebalances end. To be called often, and after every change.
    pub(crate) fn tick(&mut self, now: Instant) {
        self.promised.retain(|_, until| *until > now);
        let before = self.members.len();
        self.members.retain(|_, m| m.joining.is_some() || m.syncing.is_some() || m.expires > now);
        if self.members.len() != before {
            self.lost_a_member(now);
        }
        if self.phase == Phase::PreparingRebalance {
            if self.deadline.is_some_and(|d| d <= now) {
                self.members.retain(|_, m| m.joining.is_some());
            }
            let due = self.not_before.is_none_or(|t| t <= now);
            if due && self.members.values().all(|m| m.joining.is_some()) {
                self.begin_generation(now);
            }
        }
    }

    fn lost_a_member(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Stable | Phase::CompletingRebalance) {
            self.prepare_rebalance(now);
        }
    }

    fn prepare_rebalance(&mut self, now: Instant) {
        if self.phase == Phase::Empty {
            self.not_before = Some(now + FIRST_REBALANCE);
        }
        self.phase = Phase::PreparingRebalance;
        self.deadline = Some(now + self.members.values().map(|m| m.rebalance).max().unwrap_or_default());
        for syncing in self.members.values_mut().filter_map(|m| m.syncing.take()) {
            let _ = syncing.send(SyncGroupResponse::default().with_error_code(codes::REBALANCE_IN_PROGRESS));
        }
    }

    /// Everybody has joined: choose protocol and leader, and tell them.
    fn begin_generation(&mut self, now: Instant) {
        (self.deadline, self.not_before) = (None, None);
        self.generation = self.generation.checked_add(1).unwrap_or(1);
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            (self.protocol, self.leader) = Default::default();
            return;
        }
        self.phase = Phase::CompletingRebalance;
        self.protocol = self.elect_protocol();
        if !self.members.contains_key(&self.leader) {
            self.leader = self.members.keys().next().cloned().unwrap_or_default();
        }
        let everybody = self.everybody();
        let answer = JoinGroupResponse::default()
            .with_generation_id(self.generation)
            .with_protocol_type(Some(self.protocol_type.clone()))
            .with_protocol_name(Some(self.protocol.clone()))
            .with_leader(self.leader.clone());
        for (id, member) in &mut self.members {
            member.expires = now + member.session;
            member.assignment = Bytes::new();
            if let Some(joining) = member.joining.take() {
                let members = if *id == self.leader { everybody.clone() } else { Vec::new() };
                let _ = joining.send(answer.clone().with_member_id(id.clone()).with_members(members));
            }
        }
    }

    /// The members as the leader hears of them.
    fn everybody(&self) -> Vec<JoinGroupResponseMember> {
        let member = |(id, m): (&StrBytes, &Member)| {
            JoinGroupResponseMember::default()
                .with_member_id(id.clone())
                .with_group_instance_id(m.instance.clone())
                .with_metadata(m.metadata(&self.protocol))
        };
        self.members.iter().map(member).collect()
    }

    /// Each member votes for the first of its protocols that all know.
    fn elect_protocol(&self) -> StrBytes {
        let mut votes: BTreeMap<&str, (usize, &StrBytes)> = BTreeMap::new();
        for member in self.members.values() {
            let shared = member.protocols.iter().find(|(name, _)| self.members.values().all(|m| m.knows(name)));
            if let Some((name, _)) = shared {
                votes.entry(name.as_str()).or_insert((0, name)).0 += 1;
            }
        }
        votes.into_values().max_by_key(|(count, _)| *count).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// Whether this is a member of this generation; if so, its session begins anew. Errors are Kafka's codes.
    fn hear(&mut self, id: &StrBytes, generation: i32, instance: Option<&StrBytes>, now: Instant) -> Result<(), i16> {
        if instance.is_some_and(|i| self.member_of(i).is_some_and(|owner| owner != *id)) {
            return Err(codes::FENCED_INSTANCE_ID);
        }
        let member = self.members.get_mut(id).ok_or(codes::UNKNOWN_MEMBER_ID)?;
        if generation != self.generation {
            return Err(codes::ILLEGAL_GENERATION);
        }
        member.expires = now + member.session;
        Ok(())
    }

    /// The member id behind a static member's instance id.
    fn member_of(&self, instance: &StrBytes) -> Option<StrBytes> {
        self.members.iter().find(|(_, m)| m.instance.as_ref() == Some(instance)).map(|(id, _)| id.clone())
    }
}
