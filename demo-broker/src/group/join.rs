//! JoinGroup: members come, with an id given out first (KIP-394), or under a name of their own (KIP-345).

use super::{Group, Member, Phase};
use crate::call::{Call, Reply, text};
use crate::codes;
use crate::state::State;
use bytes::Bytes;
use kafka_protocol::messages::{JoinGroupRequest, JoinGroupResponse};
use kafka_protocol::protocol::StrBytes;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

/// `group.min.session.timeout.ms` is 6 s in Kafka; tests want members that expire sooner.
const SHORTEST_SESSION: Duration = Duration::from_millis(500);
/// `group.max.session.timeout.ms`.
const LONGEST_SESSION: Duration = Duration::from_secs(1_800);
/// Versions from this on must come back with the id that the first answer gives out.
const ID_FIRST: i16 = 4;
/// Versions from this on say how long a rebalance may take.
const WITH_REBALANCE_TIMEOUT: i16 = 1;
/// Versions from this on let a static leader keep its assignment (KIP-814).
const SKIPS_ASSIGNMENT: i16 = 9;
/// Members of one group, and ids promised to it.
const MOST_MEMBERS: usize = 1_000;

type Answer = Reply<JoinGroupResponse>;

pub(crate) fn answer(state: &mut State, call: &Call, request: JoinGroupRequest) -> Answer {
    if let Err(code) = state.coordinated(call, &request.group_id) {
        return refuse(code, request.member_id);
    }
    match state.group(&request.group_id) {
        Some(group) => group.join(call, request, Instant::now()),
        None => refuse(codes::POLICY_VIOLATION, request.member_id),
    }
}

fn refuse(code: i16, id: StrBytes) -> Answer {
    Reply::Now(JoinGroupResponse::default().with_error_code(code).with_generation_id(-1).with_member_id(id))
}

fn millis(n: i32) -> Duration {
    Duration::from_millis(u64::try_from(n).unwrap_or(0))
}

impl Group {
    fn join(&mut self, call: &Call, request: JoinGroupRequest, now: Instant) -> Answer {
        match self.admit(call, &request, now) {
            Err((code, id)) => refuse(code, id),
            Ok(Admitted::Member(id)) => self.seat(id, call, request, now),
            Ok(Admitted::Successor { of, id }) => self.succeed(&of, id, call, request, now),
        }
    }

    /// Who this is, or the code and member id of a refusal.
    fn admit(&mut self, call: &Call, request: &JoinGroupRequest, now: Instant) -> Result<Admitted, (i16, StrBytes)> {
        let id = text(request.member_id.as_str());
        let session = millis(request.session_timeout_ms);
        if !(SHORTEST_SESSION..=LONGEST_SESSION).contains(&session) {
            return Err((codes::INVALID_SESSION_TIMEOUT, id));
        }
        if !self.understands(request) {
            return Err((codes::INCONSISTENT_GROUP_PROTOCOL, id));
        }
        if id.is_empty() && self.members.len() + self.promised.len() >= MOST_MEMBERS {
            return Err((codes::GROUP_MAX_SIZE_REACHED, id));
        }
        let owner = request.group_instance_id.as_ref().and_then(|i| self.member_of(i));
        if !id.is_empty() {
            let other = owner.is_some_and(|owner| owner != id);
            return match other {
                true => Err((codes::FENCED_INSTANCE_ID, id)),
                false if self.members.contains_key(&id) || self.promised.remove(&id).is_some() => {
                    Ok(Admitted::Member(id))
                }
                false => Err((codes::UNKNOWN_MEMBER_ID, id)),
            };
        }
        let name = request.group_instance_id.as_ref().unwrap_or(&call.client_id);
        let id = text(format!("{}-{}", name.as_str(), Uuid::new_v4()));
        if let Some(of) = owner {
            return Ok(Admitted::Successor { of, id });
        }
        if call.version >= ID_FIRST && request.group_instance_id.is_none() {
            self.promised.insert(id.clone(), now + session);
            return Err((codes::MEMBER_ID_REQUIRED, id));
        }
        Ok(Admitted::Member(id))
    }

    /// Whether the other members know one of its protocols.
    fn understands(&self, request: &JoinGroupRequest) -> bool {
        let others: Vec<&Member> =
            self.members.iter().filter(|(id, _)| **id != request.member_id).map(|(_, m)| m).collect();
        let shared = |name: &str| others.iter().all(|m| m.knows(name));
        let same_type = others.is_empty() || request.protocol_type == self.protocol_type;
        same_type && request.protocols.iter().any(|p| shared(&p.name))
    }

    /// A member joins, anew or again, and waits for the others.
    fn seat(&mut self, id: StrBytes, call: &Call, request: JoinGroupRequest, now: Instant) -> Answer {
        let (joining, answer) = oneshot::channel();
        self.protocol_type = text(request.protocol_type.as_str());
        let before = self.members.remove(&id).map(|m| m.assignment);
        let member = member(call, request, now, before.unwrap_or_default(), Some(joining));
        self.members.insert(id, member);
        if self.phase != Phase::PreparingRebalance {
            self.prepare_rebalance(now);
        }
        self.tick(now);
        Reply::Later(answer)
    }

    /// A static member is back with a new id. Without news it takes its old seat and nobody rebalances.
    fn succeed(&mut self, of: &StrBytes, id: StrBytes, call: &Call, request: JoinGroupRequest, now: Instant) -> Answer {
        let Some(mut old) = self.members.remove(of) else { return refuse(codes::UNKNOWN_MEMBER_ID, id) };
        if let Some(joining) = old.joining.take() {
            let _ = joining.send(JoinGroupResponse::default().with_error_code(codes::FENCED_INSTANCE_ID));
        }
        let led = self.leader == *of;
        let unchanged = self.phase == Phase::Stable && old.protocols == protocols(&request);
        if led {
            self.leader = id.clone();
        }
        if !unchanged {
            return self.seat(id, call, request, now);
        }
        self.members.insert(id.clone(), member(call, request, now, old.assignment, None));
        let leads = led && call.version >= SKIPS_ASSIGNMENT;
        let leader = if led && !leads { of.clone() } else { self.leader.clone() };
        let members = if leads { self.everybody() } else { Vec::new() };
        Reply::Now(
            JoinGroupResponse::default()
                .with_generation_id(self.generation)
                .with_protocol_type(Some(self.protocol_type.clone()))
                .with_protocol_name(Some(self.protocol.clone()))
                .with_leader(leader)
                .with_skip_assignment(leads)
                .with_members(members)
                .with_member_id(id),
        )
    }
}

enum Admitted {
    Member(StrBytes),
    /// The static member `of` is back, as `id`.
    Successor {
        of: StrBytes,
        id: StrBytes,
    },
}

/// Copies, as all that a group keeps: a piece of a frame would keep the whole frame in memory.
fn protocols(request: &JoinGroupRequest) -> Vec<(StrBytes, Bytes)> {
    request.protocols.iter().map(|p| (text(p.name.as_str()), Bytes::copy_from_slice(&p.metadata))).collect()
}

fn member(
    call: &Call,
    request: JoinGroupRequest,
    now: Instant,
    assignment: Bytes,
    joining: Option<oneshot::Sender<JoinGroupResponse>>,
) -> Member {
    let session = millis(request.session_timeout_ms);
    let rebalance = if call.version >= WITH_REBALANCE_TIMEOUT { millis(request.rebalance_timeout_ms) } else { session };
    Member {
        protocols: protocols(&request),
        instance: request.group_instance_id.map(|i| text(i.as_str())),
        client_id: call.client_id.clone(),
        host: call.host.clone(),
        session,
        rebalance,
        assignment,
        expires: now + session,
        joining,
        syncing: None,
    }
}
