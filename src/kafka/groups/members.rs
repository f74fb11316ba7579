//! Who is in a group: each kind of group is asked by its own call, for the wrong one calls a living group dead.
use super::{
    assignment,
    coordinators::{self, Answers, all_failed, text},
};
use crate::{
    failure::Failure,
    group::{Group, GroupName, GroupState, GroupType, Member},
    kafka::wire::{
        Cause, Cluster, Error, Result,
        error::{On, check_on},
    },
};
use kafka_protocol::{
    error::ResponseError,
    messages::{
        ConsumerGroupDescribeRequest, DescribeGroupsRequest, ShareGroupDescribeRequest,
        consumer_group_describe_response as consumer, describe_groups_response as classic,
        share_group_describe_response as share,
    },
};
use std::collections::HashMap;
use tokio::time::Instant;

/// A group as its coordinator describes it.
#[derive(Debug, Clone)]
pub struct Described {
    pub state: GroupState,
    pub protocol_type: String,
    pub members: Vec<Member>,
}

/// Every group asked for has an answer.
pub async fn describe(cluster: &Cluster, groups: &[Group]) -> HashMap<GroupName, Result<Described, Failure>> {
    let deadline = cluster.deadline();
    let of = |kinds: &[GroupType]| groups.iter().filter(|g| kinds.contains(&g.kind)).collect::<Vec<_>>();
    let (classic, consumer, share) = tokio::join!(
        classic_groups(cluster, of(&[GroupType::Classic, GroupType::Unknown]), deadline),
        consumer_groups(cluster, of(&[GroupType::Consumer]), deadline),
        share_groups(cluster, of(&[GroupType::Share]), deadline),
    );
    let told =
        classic.into_iter().chain(consumer).chain(share).map(|(name, answer)| (name, answer.map_err(Failure::from)));
    let untold = of(&[GroupType::Streams]).into_iter().map(|group| (group.name.clone(), Err(streams(&group.name))));
    let mut described: HashMap<_, _> = told.chain(untold).collect();
    for group in groups {
        described.entry(group.name.clone()).or_insert_with(|| Err(Error::left_out(attempt(&group.name)).into()));
    }
    described
}

/// Asks for the states that the list did not tell (brokers before Kafka 2.6). Where that fails they stay unknown.
pub(super) async fn fill_states(cluster: &Cluster, groups: &mut [Group]) {
    let untold: Vec<_> = groups.iter().filter(|group| group.state == GroupState::Unknown).collect();
    if untold.is_empty() {
        return;
    }
    let described = classic_groups(cluster, untold, cluster.deadline()).await;
    for group in groups {
        if let Some(Ok(told)) = described.get(&group.name) {
            group.state = told.state;
        }
    }
}

async fn classic_groups(cluster: &Cluster, groups: Vec<&Group>, deadline: Instant) -> Answers<Described> {
    let mut answers = coordinators::ask(cluster, &groups, deadline, async |broker, names: Vec<GroupName>| {
        let request = DescribeGroupsRequest::default().with_groups(names.iter().map(|n| text(n).into()).collect());
        let reply = cluster.ask(broker, &request, deadline).await.map(|reply| reply.groups);
        sort(names, reply, |told| told.group_id.as_str(), classic_group)
    })
    .await;
    for group in groups.into_iter().filter(|group| !matches!(group.state, GroupState::Dead | GroupState::Unknown)) {
        if let Some(answer) = answers.get_mut(&group.name).filter(|answer| answer.as_ref().is_ok_and(is_lie)) {
            *answer = Err(Error::new(attempt(&group.name), Cause::Garbled(LIE.into())));
        }
    }
    answers
}

/// What the classic call says of a group of another kind, as of one that is not there.
fn is_lie(told: &Described) -> bool {
    told.state == GroupState::Dead && told.protocol_type.is_empty() && told.members.is_empty()
}

/// Falls back to the classic call where the broker has this one not, or not switched on (Kafka 3.9 answers 35).
async fn consumer_groups(cluster: &Cluster, groups: Vec<&Group>, deadline: Instant) -> Answers<Described> {
    let mut answers = coordinators::ask(cluster, &groups, deadline, async |broker, names: Vec<GroupName>| {
        let ids = names.iter().map(|n| text(n).into()).collect();
        let request = ConsumerGroupDescribeRequest::default().with_group_ids(ids);
        let reply = cluster.ask(broker, &request, deadline).await.map(|reply| reply.groups);
        sort(names, reply, |told| told.group_id.as_str(), consumer_group)
    })
    .await;
    let without = |group: &&Group| answers.get(&group.name).is_some_and(|a| a.as_ref().is_err_and(is_without));
    let fallback: Vec<_> = groups.into_iter().filter(without).collect();
    if !fallback.is_empty() {
        answers.extend(classic_groups(cluster, fallback, deadline).await);
    }
    answers
}

async fn share_groups(cluster: &Cluster, groups: Vec<&Group>, deadline: Instant) -> Answers<Described> {
    coordinators::ask(cluster, &groups, deadline, async |broker, names: Vec<GroupName>| {
        let ids = names.iter().map(|n| text(n).into()).collect();
        let request = ShareGroupDescribeRequest::default().with_group_ids(ids);
        let reply = cluster.ask(broker, &request, deadline).await.map(|reply| reply.groups);
        sort(names, reply, |told| told.group_id.as_str(), share_group)
    })
    .await
}

const LIE: &str = "the broker lists the group as living and describes it as dead: of another kind, or gone just now";

fn is_without(error: &Error) -> bool {
    matches!(error.cause, Cause::Lacks { .. } | Cause::NoVersion { .. })
        || error.code() == Some(ResponseError::UnsupportedVersion.code())
}

/// One answer for each name, whatever the broker sent.
fn sort<D>(
    names: Vec<GroupName>,
    reply: Result<Vec<D>>,
    id: impl Fn(&D) -> &str,
    read: impl Fn(&D) -> Result<Described>,
) -> Vec<(GroupName, Result<Described>)> {
    let told = match reply {
        Ok(told) => told,
        Err(error) => return all_failed(names, &error),
    };
    let told: HashMap<&str, &D> = told.iter().map(|group| (id(group), group)).collect();
    let one =
        |name: &GroupName| told.get(&**name).map_or_else(|| Err(Error::left_out(attempt(name))), |group| read(group));
    names.iter().map(|name| (name.clone(), one(name))).collect()
}

fn classic_group(told: &classic::DescribedGroup) -> Result<Described> {
    let group = On::Group(&told.group_id);
    check_on(group, told.error_code, told.error_message.as_deref(), || attempt(&told.group_id))?;
    let protocol_type = told.protocol_type.to_string();
    let assigned = |bytes: &[u8]| if protocol_type == "consumer" { assignment::parse(bytes) } else { Vec::new() };
    let member = |told: &classic::DescribedGroupMember| Member {
        id: told.member_id.to_string(),
        instance: told.group_instance_id.as_ref().map(ToString::to_string),
        client_id: told.client_id.to_string(),
        host: told.client_host.to_string(),
        assigned: assigned(&told.member_assignment),
    };
    let members = told.members.iter().map(member).collect();
    Ok(Described { state: GroupState::parse(&told.group_state), members, protocol_type })
}

fn consumer_group(told: &consumer::DescribedGroup) -> Result<Described> {
    let group = On::Group(&told.group_id);
    check_on(group, told.error_code, told.error_message.as_deref(), || attempt(&told.group_id))?;
    let topics = |told: &consumer::Assignment| {
        told.topic_partitions.iter().map(|t| (t.topic_name.as_str().into(), t.partitions.clone())).collect()
    };
    let member = |told: &consumer::Member| Member {
        id: told.member_id.to_string(),
        instance: told.instance_id.as_ref().map(ToString::to_string),
        client_id: told.client_id.to_string(),
        host: told.client_host.to_string(),
        assigned: topics(&told.assignment),
    };
    let members = told.members.iter().map(member).collect();
    Ok(Described { state: GroupState::parse(&told.group_state), protocol_type: "consumer".into(), members })
}

fn share_group(told: &share::DescribedGroup) -> Result<Described> {
    let group = On::Group(&told.group_id);
    check_on(group, told.error_code, told.error_message.as_deref(), || attempt(&told.group_id))?;
    let topics = |told: &share::Assignment| {
        told.topic_partitions.iter().map(|t| (t.topic_name.as_str().into(), t.partitions.clone())).collect()
    };
    let member = |told: &share::Member| Member {
        id: told.member_id.to_string(),
        instance: None,
        client_id: told.client_id.to_string(),
        host: told.client_host.to_string(),
        assigned: topics(&told.assignment),
    };
    let members = told.members.iter().map(member).collect();
    Ok(Described { state: GroupState::parse(&told.group_state), protocol_type: "share".into(), members })
}

fn attempt(group: &str) -> String {
    format!("asking for the members of group {group}")
}

fn streams(group: &str) -> Failure {
    let answered = "this is a streams group, whose members this program cannot ask for yet";
    Failure::new(attempt(group), answered, "its state and its lag are right all the same")
}
