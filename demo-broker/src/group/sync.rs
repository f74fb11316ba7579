//! SyncGroup: the leader says who reads what, the others wait for it.

use super::{Group, Phase};
use crate::call::{Call, Reply};
use crate::codes;
use crate::state::State;
use bytes::Bytes;
use kafka_protocol::messages::{SyncGroupRequest, SyncGroupResponse};
use std::collections::HashMap;
use tokio::sync::oneshot;
use tokio::time::Instant;

type Answer = Reply<SyncGroupResponse>;

pub(crate) fn answer(state: &mut State, call: &Call, request: SyncGroupRequest) -> Answer {
    if let Err(code) = state.coordinated(call, &request.group_id) {
        return refuse(code);
    }
    match state.groups.get_mut(request.group_id.as_str()) {
        Some(group) => group.sync(request, Instant::now()),
        None => refuse(codes::UNKNOWN_MEMBER_ID),
    }
}

fn refuse(code: i16) -> Answer {
    Reply::Now(SyncGroupResponse::default().with_error_code(code))
}

impl Group {
    fn sync(&mut self, request: SyncGroupRequest, now: Instant) -> Answer {
        let id = &request.member_id;
        if let Err(code) = self.hear(id, request.generation_id, request.group_instance_id.as_ref(), now) {
            return refuse(code);
        }
        match self.phase {
            Phase::Empty => return refuse(codes::UNKNOWN_MEMBER_ID),
            Phase::PreparingRebalance => return refuse(codes::REBALANCE_IN_PROGRESS),
            Phase::CompletingRebalance if *id == self.leader => {
                let given = request.assignments.into_iter();
                self.assign(given.map(|a| (a.member_id, Bytes::copy_from_slice(&a.assignment))).collect(), now);
            }
            Phase::CompletingRebalance => {
                let (syncing, answer) = oneshot::channel();
                if let Some(member) = self.members.get_mut(id) {
                    member.syncing = Some(syncing);
                }
                return Reply::Later(answer);
            }
            Phase::Stable => {}
        }
        let own = self.members.get(id).map(|m| m.assignment.clone());
        Reply::Now(self.assigned(own.unwrap_or_default()))
    }

    /// The leader has spoken: the group is stable, and whoever waits hears its part.
    fn assign(&mut self, mut given: HashMap<kafka_protocol::protocol::StrBytes, Bytes>, now: Instant) {
        self.phase = Phase::Stable;
        let answer = self.assigned(Bytes::new());
        for (id, member) in &mut self.members {
            member.assignment = given.remove(id).unwrap_or_default();
            member.expires = now + member.session;
            if let Some(syncing) = member.syncing.take() {
                let _ = syncing.send(answer.clone().with_assignment(member.assignment.clone()));
            }
        }
    }

    fn assigned(&self, assignment: Bytes) -> SyncGroupResponse {
        SyncGroupResponse::default()
            .with_protocol_type(Some(self.protocol_type.clone()))
            .with_protocol_name(Some(self.protocol.clone()))
            .with_assignment(assignment)
    }
}
