//! ListGroups, DescribeGroups, DeleteGroups: each broker speaks for the groups it coordinates.

use super::{Group, Member};
use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::metadata::NO_OPERATIONS;
use crate::state::State;
use kafka_protocol::messages::delete_groups_response::DeletableGroupResult;
use kafka_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse, GroupId,
    ListGroupsRequest, ListGroupsResponse,
};
use kafka_protocol::protocol::StrBytes;

const CLASSIC: &str = "classic";
/// DescribeGroups from this version on says that a group is not found; before, it is "Dead" (KIP-1043).
const SAYS_NOT_FOUND: i16 = 6;

pub(crate) fn list(state: &mut State, call: &Call, request: ListGroupsRequest) -> ListGroupsResponse {
    if let Err(code) = state.unforced(call, About::default()) {
        return ListGroupsResponse::default().with_error_code(code);
    }
    let within = |filter: &[StrBytes], word: &str| {
        filter.is_empty() || filter.iter().any(|wanted| wanted.as_str().eq_ignore_ascii_case(word))
    };
    let wanted = |(name, group): &(&String, &Group)| {
        group.exists()
            && state.coordinator(name) == Some(call.broker)
            && within(&request.types_filter, CLASSIC)
            && within(&request.states_filter, group.phase.name())
    };
    let listed = state.groups.iter().filter(wanted).map(|(name, group)| {
        ListedGroup::default()
            .with_group_id(GroupId(text(name)))
            .with_protocol_type(group.protocol_type.clone())
            .with_group_state(text(group.phase.name()))
            .with_group_type(text(CLASSIC))
    });
    ListGroupsResponse::default().with_groups(listed.collect())
}

pub(crate) fn answer(state: &mut State, call: &Call, request: DescribeGroupsRequest) -> DescribeGroupsResponse {
    let groups = request.groups.into_iter().map(|name| {
        let answer = DescribedGroup::default().with_group_id(name.clone()).with_authorized_operations(NO_OPERATIONS);
        if let Err(code) = state.coordinated(call, &name) {
            return answer.with_error_code(code);
        }
        match state.groups.get(name.as_str()).filter(|g| g.exists()) {
            Some(group) => described(answer, group),
            None => {
                let code = if call.version >= SAYS_NOT_FOUND { codes::GROUP_ID_NOT_FOUND } else { codes::NONE };
                answer.with_group_state(text("Dead")).with_error_code(code)
            }
        }
    });
    DescribeGroupsResponse::default().with_groups(groups.collect())
}

fn described(answer: DescribedGroup, group: &Group) -> DescribedGroup {
    let member = |(id, member): (&StrBytes, &Member)| {
        DescribedGroupMember::default()
            .with_member_id(id.clone())
            .with_group_instance_id(member.instance.clone())
            .with_client_id(member.client_id.clone())
            .with_client_host(member.host.clone())
            .with_member_metadata(member.metadata(&group.protocol))
            .with_member_assignment(member.assignment.clone())
    };
    answer
        .with_group_state(text(group.phase.name()))
        .with_protocol_type(group.protocol_type.clone())
        .with_protocol_data(group.protocol.clone())
        .with_members(group.members.iter().map(member).collect())
}

pub(crate) fn delete(state: &mut State, call: &Call, request: DeleteGroupsRequest) -> DeleteGroupsResponse {
    let results = request.groups_names.into_iter().map(|name| {
        let code = state.coordinated(call, &name).and_then(|()| delete_one(state, &name)).err();
        DeletableGroupResult::default().with_group_id(name).with_error_code(code.unwrap_or(codes::NONE))
    });
    DeleteGroupsResponse::default().with_results(results.collect())
}

fn delete_one(state: &mut State, name: &str) -> Result<(), i16> {
    match state.groups.get(name).filter(|g| g.exists()) {
        None => Err(codes::GROUP_ID_NOT_FOUND),
        Some(group) if !group.members.is_empty() => Err(codes::NON_EMPTY_GROUP),
        Some(_) => {
            state.groups.remove(name);
            Ok(())
        }
    }
}
