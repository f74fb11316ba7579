//! Heartbeat and LeaveGroup: who is still there, and who goes.

use super::{Group, Phase};
use crate::call::Call;
use crate::codes;
use crate::state::State;
use kafka_protocol::messages::leave_group_response::MemberResponse;
use kafka_protocol::messages::{HeartbeatRequest, HeartbeatResponse, LeaveGroupRequest, LeaveGroupResponse};
use kafka_protocol::protocol::StrBytes;
use tokio::time::Instant;

/// LeaveGroup from this version on names many members.
const BATCHED: i16 = 3;

pub(crate) fn heartbeat(state: &mut State, call: &Call, request: HeartbeatRequest) -> HeartbeatResponse {
    let outcome = state.coordinated(call, &request.group_id).and_then(|()| {
        let group = state.groups.get_mut(request.group_id.as_str()).ok_or(codes::UNKNOWN_MEMBER_ID)?;
        let instance = request.group_instance_id.as_ref();
        group.hear(&request.member_id, request.generation_id, instance, Instant::now())?;
        if group.phase == Phase::PreparingRebalance { Err(codes::REBALANCE_IN_PROGRESS) } else { Ok(()) }
    });
    HeartbeatResponse::default().with_error_code(outcome.err().unwrap_or(codes::NONE))
}

pub(crate) fn leave(state: &mut State, call: &Call, request: LeaveGroupRequest) -> LeaveGroupResponse {
    let admitted = state.coordinated(call, &request.group_id);
    let group = match admitted {
        Err(code) => return LeaveGroupResponse::default().with_error_code(code),
        Ok(()) => match state.groups.get_mut(request.group_id.as_str()) {
            None => return LeaveGroupResponse::default().with_error_code(codes::UNKNOWN_MEMBER_ID),
            Some(group) => group,
        },
    };
    let now = Instant::now();
    if call.version < BATCHED {
        return LeaveGroupResponse::default().with_error_code(group.leave(&request.member_id, None, now));
    }
    let members = request.members.into_iter().map(|m| {
        let code = group.leave(&m.member_id, m.group_instance_id.as_ref(), now);
        MemberResponse::default()
            .with_member_id(m.member_id)
            .with_group_instance_id(m.group_instance_id)
            .with_error_code(code)
    });
    LeaveGroupResponse::default().with_members(members.collect())
}

impl Group {
    /// A static member may be removed by its name alone, as Kafka's AdminClient does.
    fn leave(&mut self, id: &StrBytes, instance: Option<&StrBytes>, now: Instant) -> i16 {
        let id = match instance.map(|i| self.member_of(i)) {
            Some(None) => return codes::UNKNOWN_MEMBER_ID,
            Some(Some(owner)) if !id.is_empty() && owner != *id => return codes::FENCED_INSTANCE_ID,
            Some(Some(owner)) => owner,
            None => id.clone(),
        };
        if self.members.remove(&id).is_some() {
            self.lost_a_member(now);
            self.tick(now);
            return codes::NONE;
        }
        if self.promised.remove(&id).is_some() { codes::NONE } else { codes::UNKNOWN_MEMBER_ID }
    }
}
