//! The life of a classic group, as its members and those who look at it see it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use bytes::Bytes;
use client::{Client, group, text, topic};
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse,
    LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest, OffsetDeleteRequest, SyncGroupRequest,
    SyncGroupResponse, leave_group_request, offset_commit_request, offset_delete_request,
};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};
use std::time::Duration;

/// Far more than any rebalance here takes.
const PATIENCE: Duration = Duration::from_secs(20);
const UNKNOWN_MEMBER_ID: i16 = 25;
const REBALANCE_IN_PROGRESS: i16 = 27;
const MEMBER_ID_REQUIRED: i16 = 79;
const FENCED_INSTANCE_ID: i16 = 82;

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    cluster
}

fn joining(member: &str) -> JoinGroupRequest {
    // Version 0, one topic "t", no user data.
    let subscription = Bytes::from_static(&[0, 0, 0, 0, 0, 1, 0, 1, b't', 0xff, 0xff, 0xff, 0xff]);
    let protocol = JoinGroupRequestProtocol::default().with_name(text("range")).with_metadata(subscription);
    JoinGroupRequest::default()
        .with_group_id(group("g"))
        .with_member_id(text(member))
        .with_session_timeout_ms(10_000)
        .with_rebalance_timeout_ms(10_000)
        .with_protocol_type(text("consumer"))
        .with_protocols(vec![protocol])
}

/// Gets an id and asks to join with it; the answer is for `receive`.
async fn join(client: &mut Client) -> String {
    let refused = client.ask(5, &joining("")).await;
    assert_eq!(refused.error_code, MEMBER_ID_REQUIRED);
    client.send(5, &joining(&refused.member_id)).await;
    refused.member_id.to_string()
}

async fn joined(client: &mut Client) -> JoinGroupResponse {
    client.receive::<JoinGroupRequest>(5).await.unwrap()
}

/// The leader gives every member its own id as assignment.
async fn sync(client: &mut Client, joined: &JoinGroupResponse) -> SyncGroupResponse {
    let assignment = |m: &kafka_protocol::messages::join_group_response::JoinGroupResponseMember| {
        let own = Bytes::copy_from_slice(m.member_id.as_bytes());
        SyncGroupRequestAssignment::default().with_member_id(m.member_id.clone()).with_assignment(own)
    };
    let request = SyncGroupRequest::default()
        .with_group_id(group("g"))
        .with_generation_id(joined.generation_id)
        .with_member_id(joined.member_id.clone())
        .with_assignments(joined.members.iter().map(assignment).collect());
    client.ask(3, &request).await
}

async fn heartbeat(client: &mut Client, joined: &JoinGroupResponse) -> i16 {
    let request = HeartbeatRequest::default()
        .with_group_id(group("g"))
        .with_generation_id(joined.generation_id)
        .with_member_id(joined.member_id.clone());
    client.ask(3, &request).await.error_code
}

async fn leave(client: &mut Client, member: &str) -> i16 {
    let member = leave_group_request::MemberIdentity::default().with_member_id(text(member));
    let request = LeaveGroupRequest::default().with_group_id(group("g")).with_members(vec![member]);
    client.ask(3, &request).await.members[0].error_code
}

async fn state(client: &mut Client) -> String {
    let answer = client.ask(5, &DescribeGroupsRequest::default().with_groups(vec![group("g")])).await;
    answer.groups[0].group_state.to_string()
}

#[tokio::test]
async fn a_group_is_born_rebalances_and_ends_empty() {
    let cluster = cluster().await;
    let (mut one, mut two, mut eye) =
        (Client::to(&cluster, 1).await, Client::to(&cluster, 1).await, Client::to(&cluster, 1).await);
    assert_eq!(state(&mut eye).await, "Dead");
    let first = join(&mut one).await;
    let alone = joined(&mut one).await;
    assert_eq!((alone.leader.as_str(), alone.members.len()), (first.as_str(), 1));
    assert_eq!(state(&mut eye).await, "CompletingRebalance");
    assert_eq!(sync(&mut one, &alone).await.assignment, first);
    assert_eq!((state(&mut eye).await.as_str(), heartbeat(&mut one, &alone).await), ("Stable", 0));

    let second = join(&mut two).await;
    while heartbeat(&mut one, &alone).await != REBALANCE_IN_PROGRESS {}
    assert_eq!(state(&mut eye).await, "PreparingRebalance");
    one.send(5, &joining(&first)).await;
    let (a, b) = (joined(&mut one).await, joined(&mut two).await);
    assert_eq!((a.generation_id, b.generation_id), (2, 2));
    assert_eq!((a.members.len(), b.members.len()), (2, 0), "only the leader hears who is there");
    let (own, other) = tokio::join!(sync(&mut one, &a), sync(&mut two, &b));
    assert_eq!((own.assignment, other.assignment), (Bytes::from(first.clone()), Bytes::from(second.clone())));

    assert_eq!(leave(&mut one, &first).await, 0);
    assert_eq!(leave(&mut two, &second).await, 0);
    assert_eq!(leave(&mut two, &second).await, UNKNOWN_MEMBER_ID);
    assert_eq!(state(&mut eye).await, "Empty");
}

/// A member that died silently is gone when its session ends, long before the rebalance would give it up.
#[tokio::test]
async fn a_silent_member_is_given_up() {
    let cluster = cluster().await;
    let (mut one, mut two) = (Client::to(&cluster, 1).await, Client::to(&cluster, 1).await);
    let refused = one.ask(5, &joining("").with_session_timeout_ms(500)).await;
    one.send(5, &joining(&refused.member_id).with_session_timeout_ms(500)).await;
    let alone = joined(&mut one).await;
    sync(&mut one, &alone).await;
    join(&mut two).await;
    let answer = joined(&mut two).await;
    assert_eq!((answer.members.len(), answer.leader.as_str()), (1, answer.member_id.as_str()));
    assert_eq!(heartbeat(&mut one, &alone).await, UNKNOWN_MEMBER_ID);
}

/// A member that lives but never joins again must not hold up the others longer than the rebalance may take.
#[tokio::test]
async fn a_member_that_does_not_join_again_is_left_behind() {
    let cluster = cluster().await;
    let (mut one, mut two) = (Client::to(&cluster, 1).await, Client::to(&cluster, 1).await);
    let refused = one.ask(5, &joining("")).await;
    let lives_long = joining(&refused.member_id).with_session_timeout_ms(1_000_000).with_rebalance_timeout_ms(100);
    one.send(5, &lives_long).await;
    let alone = joined(&mut one).await;
    sync(&mut one, &alone).await;
    let refused = two.ask(5, &joining("")).await;
    let request = joining(&refused.member_id).with_rebalance_timeout_ms(100);
    let answer = tokio::time::timeout(PATIENCE, two.ask(5, &request)).await.expect("the rebalance never ended");
    assert_eq!((answer.members.len(), answer.leader.as_str()), (1, answer.member_id.as_str()));
    assert_eq!(heartbeat(&mut one, &alone).await, UNKNOWN_MEMBER_ID);
}

#[tokio::test]
async fn a_static_member_comes_back_without_a_rebalance_and_fences_its_past() {
    let cluster = cluster().await;
    let mut client = Client::to(&cluster, 1).await;
    let named = |member: &str| joining(member).with_group_instance_id(Some(text("sink-1")));
    let before = client.ask(5, &named("")).await;
    sync(&mut client, &before).await;
    let after = client.ask(5, &named("")).await;
    assert_eq!((after.error_code, after.generation_id), (0, before.generation_id));
    assert_ne!(after.member_id, before.member_id);
    assert_eq!(state(&mut client).await, "Stable");
    assert_eq!(client.ask(5, &named(&before.member_id)).await.error_code, FENCED_INSTANCE_ID);
}

#[tokio::test]
async fn only_members_commit_while_there_are_members() {
    let cluster = cluster().await;
    let mut client = Client::to(&cluster, 1).await;
    let commit = |generation, member: &str| {
        let partition = offset_commit_request::OffsetCommitRequestPartition::default().with_committed_offset(999);
        let topics = offset_commit_request::OffsetCommitRequestTopic::default();
        OffsetCommitRequest::default()
            .with_group_id(group("g"))
            .with_generation_id_or_member_epoch(generation)
            .with_member_id(text(member))
            .with_topics(vec![topics.with_name(topic("t")).with_partitions(vec![partition])])
    };
    assert_eq!(client.ask(7, &commit(-1, "")).await.topics[0].partitions[0].error_code, 0);
    assert_eq!(cluster.committed("g", "t", 0), Some(999), "nobody checks the number");
    join(&mut client).await;
    let member = joined(&mut client).await;
    sync(&mut client, &member).await;
    let stranger = client.ask(7, &commit(-1, "")).await;
    assert_eq!(stranger.topics[0].partitions[0].error_code, UNKNOWN_MEMBER_ID);
    let own = client.ask(7, &commit(member.generation_id, &member.member_id)).await;
    assert_eq!(own.topics[0].partitions[0].error_code, 0);

    let wanted = offset_delete_request::OffsetDeleteRequestTopic::default()
        .with_name(topic("t"))
        .with_partitions(vec![Default::default()]);
    let delete = OffsetDeleteRequest::default().with_group_id(group("g")).with_topics(vec![wanted]);
    assert_eq!(client.ask(0, &delete).await.topics[0].partitions[0].error_code, 86, "a member subscribes to it");
    leave(&mut client, &member.member_id).await;
    assert_eq!(client.ask(0, &delete).await.topics[0].partitions[0].error_code, 0);
    assert_eq!(cluster.committed("g", "t", 0), None);
}

#[tokio::test]
async fn groups_are_listed_by_state_and_type_and_deleted_when_empty() {
    let cluster = cluster().await;
    cluster.create_group("idle").unwrap();
    let mut client = Client::to(&cluster, 1).await;
    join(&mut client).await;
    let member = joined(&mut client).await;
    sync(&mut client, &member).await;
    let mut list = async |states: &[&str], types: &[&str]| {
        let texts = |all: &[&str]| all.iter().map(|s| text(s)).collect();
        let request = ListGroupsRequest::default().with_states_filter(texts(states)).with_types_filter(texts(types));
        let names = client.ask(5, &request).await.groups.into_iter().map(|g| g.group_id.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(list(&[], &[]).await, ["g", "idle"]);
    assert_eq!(list(&["Empty"], &["Classic"]).await, ["idle"]);
    assert_eq!(list(&[], &["consumer"]).await, Vec::<String>::new());
    let delete = DeleteGroupsRequest::default().with_groups_names(["g", "idle", "nope"].map(group).to_vec());
    let codes: Vec<_> = client.ask(2, &delete).await.results.iter().map(|r| r.error_code).collect();
    assert_eq!(codes, [68, 0, 69]);
}
