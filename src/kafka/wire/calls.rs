//! Every request we send: its number, the words for it, the versions we speak, and where its answer says "slow down".
use kafka_protocol::{
    messages::*,
    protocol::{Decodable, Encodable, HeaderVersion, Message, VersionRange},
};

/// One kind of request and its answer.
pub trait Call: Encodable + Clone + Send + Sync {
    const KEY: i16;
    const NAME: &'static str;
    /// What it asks a broker for, to stand after "asking … for".
    const ASKS: &'static str;
    /// The Kafka version it came with.
    const SINCE: &'static str;
    /// The versions we can write and read.
    const RANGE: VersionRange;
    type Reply: Decodable + Send;
    fn header(version: i16) -> i16;
    fn reply_header(version: i16) -> i16;
    /// Milliseconds for which the broker wants silence (KIP-219).
    fn throttle(reply: &Self::Reply) -> i32;
}

macro_rules! calls {
    ($($name:ident $request:ident $reply:ident $since:literal $asks:literal;)*) => {$(
        impl Call for $request {
            const KEY: i16 = ApiKey::$name as i16;
            const NAME: &'static str = stringify!($name);
            const ASKS: &'static str = $asks;
            const SINCE: &'static str = $since;
            const RANGE: VersionRange = <$request as Message>::VERSIONS;
            type Reply = $reply;
            fn header(version: i16) -> i16 {
                <$request as HeaderVersion>::header_version(version)
            }
            fn reply_header(version: i16) -> i16 {
                <$reply as HeaderVersion>::header_version(version)
            }
            fn throttle(reply: &$reply) -> i32 {
                reply.throttle_time_ms
            }
        }
    )*};
}

calls! {
    ApiVersions ApiVersionsRequest ApiVersionsResponse "0.10.0" "the calls it knows";
    Metadata MetadataRequest MetadataResponse "0.8" "topics and brokers";
    Fetch FetchRequest FetchResponse "0.8" "records";
    ListOffsets ListOffsetsRequest ListOffsetsResponse "0.8" "offsets";
    FindCoordinator FindCoordinatorRequest FindCoordinatorResponse "0.8.2" "the coordinators of groups";
    ListGroups ListGroupsRequest ListGroupsResponse "0.9" "its groups";
    DescribeGroups DescribeGroupsRequest DescribeGroupsResponse "0.9" "the members of groups";
    ConsumerGroupDescribe ConsumerGroupDescribeRequest ConsumerGroupDescribeResponse "4.0" "the members of consumer groups";
    ShareGroupDescribe ShareGroupDescribeRequest ShareGroupDescribeResponse "4.1" "the members of share groups";
    OffsetFetch OffsetFetchRequest OffsetFetchResponse "0.8.2" "committed offsets";
    OffsetCommit OffsetCommitRequest OffsetCommitResponse "0.8.2" "writing offsets of a group";
    OffsetDelete OffsetDeleteRequest OffsetDeleteResponse "2.4" "deleting offsets of a group";
    DeleteGroups DeleteGroupsRequest DeleteGroupsResponse "1.1" "deleting a group";
    DescribeConfigs DescribeConfigsRequest DescribeConfigsResponse "0.11" "settings";
}
