use super::super::calls::Call;
use super::*;
use bytes::{BufMut, BytesMut};
use kafka_protocol::{
    messages::{
        api_versions_response::*, consumer_group_describe_response as consumer, describe_configs_response::*,
        describe_groups_response as classic, find_coordinator_response::*, list_groups_response::*,
        list_offsets_response::*, metadata_response::*, offset_fetch_response::*,
        share_group_describe_response as share, *,
    },
    protocol::{Encodable, StrBytes, VersionRange},
};

/// Mutations of each version of each answer. Enough to have found every hole there was; 20 times as many ran by hand.
const MUTATIONS: u64 = 400;

/// A small generator (xorshift64*), so that a failure repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }

    /// A byte that lengths are made of, more often than chance would give.
    fn byte(&mut self) -> u8 {
        const LARGE: [u8; 8] = [0, 0xff, 0x7f, 1, 2, 0x80, 0x0f, 0xfe];
        if self.roll(2) == 0 { LARGE[self.roll(8)] } else { self.roll(256) as u8 }
    }

    fn mutate(&mut self, frame: &mut BytesMut) {
        for _ in 0..=self.roll(4) {
            let at = self.roll(frame.len());
            match self.roll(4) {
                0 if !frame.is_empty() => frame.truncate(at),
                1 => (at..frame.len().min(at + 5)).for_each(|i| frame[i] = self.byte()),
                _ if !frame.is_empty() => frame[at] = self.byte(),
                _ => frame.put_u8(self.byte()),
            }
        }
    }
}

/// Decodes the answer as it is, then mutated, then noise, in every version. Surviving is the point: a reservation the
/// system refuses ends the whole test run.
fn torment<R: Call>(range: VersionRange, answer: impl Fn(i16) -> R::Reply)
where
    R::Reply: Encodable,
{
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for version in range.min..=range.max {
        let mut frame = BytesMut::new();
        answer(version).encode(&mut frame, version).unwrap();
        let whole = frame.clone().freeze();
        decode::<R::Reply>(whole, version).unwrap();
        for _ in 0..MUTATIONS {
            let mut mutated = frame.clone();
            dice.mutate(&mut mutated);
            let _ = decode::<R::Reply>(mutated.freeze(), version);
            let noise: Bytes = (0..dice.roll(80)).map(|_| dice.byte()).collect();
            let _ = decode::<R::Reply>(noise, version);
        }
    }
}

fn text(text: &'static str) -> StrBytes {
    StrBytes::from_static_str(text)
}

#[test]
fn answers_about_the_cluster_are_survived_however_mutated() {
    torment::<ApiVersionsRequest>(ApiVersionsRequest::RANGE, |version| {
        let reply = ApiVersionsResponse::default().with_api_keys(vec![ApiVersion::default(); 3]);
        if version < 3 { reply } else { reply.with_supported_features(vec![SupportedFeatureKey::default()]) }
    });
    torment::<MetadataRequest>(MetadataRequest::RANGE, |_| {
        let partition = MetadataResponsePartition::default().with_replica_nodes(vec![1.into(), 2.into()]);
        let topic = MetadataResponseTopic::default().with_name(Some(text("orders").into()));
        MetadataResponse::default()
            .with_brokers(vec![MetadataResponseBroker::default().with_host(text("kafka-1")); 3])
            .with_topics(vec![topic.with_partitions(vec![partition; 2]); 2])
    });
    torment::<DescribeConfigsRequest>(DescribeConfigsRequest::RANGE, |_| {
        let config =
            DescribeConfigsResourceResult::default().with_name(text("retention.ms")).with_value(Some(text("1")));
        let result = DescribeConfigsResult::default().with_resource_name(text("orders")).with_configs(vec![config; 2]);
        DescribeConfigsResponse::default().with_results(vec![result; 2])
    });
}

#[test]
fn answers_with_offsets_are_survived_however_mutated() {
    torment::<ListOffsetsRequest>(ListOffsetsRequest::RANGE, |_| {
        let topic = ListOffsetsTopicResponse::default().with_name(text("orders").into());
        let topic = topic.with_partitions(vec![ListOffsetsPartitionResponse::default(); 3]);
        ListOffsetsResponse::default().with_topics(vec![topic; 2])
    });
    torment::<OffsetFetchRequest>(OffsetFetchRequest::RANGE, |version| {
        let (one, many) = (OffsetFetchResponseTopic::default(), OffsetFetchResponseTopics::default());
        let one = one.with_name(text("t").into()).with_partitions(vec![OffsetFetchResponsePartition::default(); 2]);
        let many = many.with_name(text("t").into()).with_partitions(vec![OffsetFetchResponsePartitions::default(); 2]);
        let group =
            OffsetFetchResponseGroup::default().with_group_id(text("billing").into()).with_topics(vec![many; 2]);
        let reply = OffsetFetchResponse::default();
        if version < 8 { reply.with_topics(vec![one; 2]) } else { reply.with_groups(vec![group; 2]) }
    });
}

#[test]
fn answers_about_groups_are_survived_however_mutated() {
    torment::<FindCoordinatorRequest>(FindCoordinatorRequest::RANGE, |version| {
        let reply = FindCoordinatorResponse::default();
        if version < 4 { reply } else { reply.with_coordinators(vec![Coordinator::default(); 2]) }
    });
    torment::<ListGroupsRequest>(ListGroupsRequest::RANGE, |_| {
        ListGroupsResponse::default().with_groups(vec![ListedGroup::default().with_group_id(text("billing").into()); 3])
    });
    torment::<DescribeGroupsRequest>(DescribeGroupsRequest::RANGE, |_| {
        let member = classic::DescribedGroupMember::default().with_member_assignment(Bytes::from_static(&[0; 30]));
        let group = classic::DescribedGroup::default().with_members(vec![member; 2]);
        DescribeGroupsResponse::default().with_groups(vec![group; 2])
    });
    torment::<ConsumerGroupDescribeRequest>(ConsumerGroupDescribeRequest::RANGE, |_| {
        let topic = consumer::TopicPartitions::default().with_partitions(vec![0, 1]);
        let assignment = consumer::Assignment::default().with_topic_partitions(vec![topic; 2]);
        let member = consumer::Member::default().with_assignment(assignment);
        let group = consumer::DescribedGroup::default().with_members(vec![member; 2]);
        ConsumerGroupDescribeResponse::default().with_groups(vec![group; 2])
    });
    torment::<ShareGroupDescribeRequest>(ShareGroupDescribeRequest::RANGE, |_| {
        let group = share::DescribedGroup::default().with_members(vec![share::Member::default(); 2]);
        ShareGroupDescribeResponse::default().with_groups(vec![group; 2])
    });
}

#[test]
fn a_claim_of_two_thousand_million_brokers_fails_without_allocating() {
    let fixed = [&i32::MAX.to_be_bytes()[..], &[0; 10]].concat();
    assert!(decode::<MetadataResponse>(fixed.into(), 0).is_err());
    let compact = [&[0; 4][..], &[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]].concat();
    assert!(decode::<MetadataResponse>(compact.into(), 9).is_err());
}

/// A guard that rewrites a suspicious varint would here rewrite half of the next one, and let its claim through.
#[test]
fn a_boolean_that_looks_like_the_start_of_a_length_hides_no_claim() {
    let mut frame = BytesMut::new();
    frame.put_i32(0); // throttle
    frame.put_slice(&[2, 0, 0, 2, b't']); // one topic, named t
    frame.put_u8(0x81); // is it internal?
    frame.put_slice(&[0xff, 0xff, 0xff, 0x7f, 0, 0]); // 268 million partitions
    assert!(decode::<MetadataResponse>(frame.freeze(), 9).is_err());
}

#[test]
fn an_ordinary_number_as_large_as_a_wild_length_keeps_its_value() {
    let broker = MetadataResponseBroker::default().with_node_id(1_182_374_092.into()).with_host(text("h"));
    let mut frame = BytesMut::new();
    MetadataResponse::default().with_brokers(vec![broker]).encode(&mut frame, 1).unwrap();
    let read: MetadataResponse = decode(frame.freeze(), 1).unwrap();
    assert_eq!(read.brokers[0].node_id.0, 1_182_374_092);
}

#[test]
fn bytes_after_the_end_of_an_answer_are_an_error() {
    let mut frame = BytesMut::new();
    ListGroupsResponse::default().encode(&mut frame, 0).unwrap();
    frame.put_u8(0);
    assert_eq!(decode::<ListGroupsResponse>(frame.freeze(), 0), Err("1 bytes too many".into()));
}
