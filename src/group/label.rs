//! Who reads here: what a group's protocol, name, members and commits tell about the engine behind it.
use super::{GroupLag, GroupType, Member};
use serde::Deserialize;

/// A commit's metadata is any text a client chose: longer than this it is nobody's label.
const METADATA_AT_MOST: usize = 4_096;

/// The engine that reads with a group, as far as it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine<'a> {
    Streams,
    /// The executors of the DStream group of that name.
    SparkExecutors(&'a str),
    Spark,
    /// The topology that a commit names.
    Storm,
    ConnectSink(&'a str),
    ConnectWorkers,
    MirrorMaker,
    /// `console-consumer-<n>`: made by the console tools, seldom missed.
    Console,
    /// Belongs to the cluster or to a service beside it.
    Internal,
    /// A protocol type that is none of the above.
    Other(&'a str),
}

/// What its protocol, its name, its members and its commits tell; the surest sign first.
pub fn engine(told: &GroupLag) -> Option<Engine<'_>> {
    let (group, name) = (&told.group, &*told.group.name);
    let members = members(told);
    let any = |part: &str| members.iter().any(|member| member.client_id.contains(part));
    let numbered = |prefix| name.strip_prefix(prefix).is_some_and(is_number);
    match &*group.protocol_type {
        _ if group.kind == GroupType::Streams || any("-StreamThread-") => Some(Engine::Streams),
        "connect" => Some(Engine::ConnectWorkers),
        "sr" => Some(Engine::Internal),
        _ if is_internal(name) => Some(Engine::Internal),
        _ if name.starts_with("spark-executor-") => name.strip_prefix("spark-executor-").map(Engine::SparkExecutors),
        _ if is_spark(name) || any("spark-executor") => Some(Engine::Spark),
        _ if topology(told).is_some() => Some(Engine::Storm),
        _ if is_mirror(name, members) => Some(Engine::MirrorMaker),
        _ if name.starts_with("connect-") => name.strip_prefix("connect-").map(Engine::ConnectSink),
        _ if numbered("console-consumer-") || numbered("console-share-consumer-") => Some(Engine::Console),
        "" | "consumer" | "share" => None,
        protocol => Some(Engine::Other(protocol)),
    }
}

/// The word of the JSON field `kind`; a protocol type that nobody knows is its own word.
pub fn kind(told: &GroupLag) -> Option<&str> {
    engine(told).map(|engine| match engine {
        Engine::Streams => "streams",
        Engine::SparkExecutors(_) | Engine::Spark => "spark",
        Engine::Storm => "storm",
        Engine::ConnectSink(_) | Engine::ConnectWorkers => "connect",
        Engine::MirrorMaker => "mirrormaker",
        Engine::Console => "console",
        Engine::Internal if matches!(&*told.group.protocol_type, "" | "consumer") => "internal",
        Engine::Internal => &told.group.protocol_type,
        Engine::Other(protocol) => protocol,
    })
}

/// For people: who reads here, and what is odd about it. `moving`: commits move though nobody is a member
/// ([`crate::lag::History::moves_without_members`]). Holds foreign text: made safe where it is drawn.
pub fn label(told: &GroupLag, moving: bool) -> Option<String> {
    let engine = engine(told);
    let name = match engine {
        Some(Engine::Streams) => Some("Streams app".into()),
        Some(Engine::SparkExecutors(of)) => Some(format!("Spark executors of {of}")),
        Some(Engine::Spark) => Some("Spark".into()),
        Some(Engine::Storm) => topology(told).map(|topology| format!("Storm {topology}")),
        Some(Engine::ConnectSink(sink)) => Some(format!("Connect sink {sink}")),
        Some(Engine::ConnectWorkers) => Some("Connect workers".into()),
        Some(Engine::MirrorMaker) => Some("MirrorMaker".into()),
        Some(Engine::Console) => Some("console leftover".into()),
        Some(Engine::Internal) => Some("internal".into()),
        Some(Engine::Other(protocol)) => Some(format!("protocol {protocol}")),
        None => None,
    };
    let habit = habit(told, moving, engine);
    match (name, habit) {
        (Some(name), Some(habit)) => Some(format!("{name}, {habit}")),
        (name, habit) => name.or(habit),
    }
}

/// What it does that a group of plain consumers does not.
fn habit(told: &GroupLag, moving: bool, engine: Option<Engine<'_>>) -> Option<String> {
    if moving {
        return Some("commits periodically, no members".into());
    }
    reads_without_committing(told).then(|| match engine {
        Some(_) => "reads without committing".into(),
        None => "reads without committing (Spark?)".into(),
    })
}

/// Members own partitions, and none of them has a commit: its offsets are kept elsewhere, or it commits nothing.
pub fn reads_without_committing(told: &GroupLag) -> bool {
    let owns = members(told).iter().any(|member| !member.assigned.is_empty());
    let rows = told.partitions.as_ref().map(Vec::as_slice).unwrap_or_default();
    let none = rows.iter().all(|row| row.committed.is_none() && row.error.is_none());
    owns && none && !rows.is_empty() && told.group.kind != GroupType::Share
}

fn members(told: &GroupLag) -> &[Member] {
    told.members.as_ref().map(Vec::as_slice).unwrap_or_default()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Structured Streaming makes a group of its own at each start, up to Spark 3.3.
fn is_spark(name: &str) -> bool {
    name.starts_with("spark-kafka-source-") || name.starts_with("spark-kafka-relation-")
}

/// Names that services keep for themselves.
fn is_internal(name: &str) -> bool {
    const PREFIXES: [&str; 4] = ["_confluent-", "KMOffsetCache-", "__amazon_msk_canary", "__"];
    name == "schema-registry" || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// MirrorMaker 2 reads by `assign`; version 1 and its followers are told by their client ids.
fn is_mirror(name: &str, members: &[Member]) -> bool {
    let mm =
        |text: &str| text.starts_with("mirrormaker") || text.starts_with("mirror-maker") || text.starts_with("mm2-");
    mm(name) || members.iter().any(|member| mm(&member.client_id))
}

/// What Storm's Kafka client writes beside every commit.
#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(rename = "topologyId", borrow)]
    topology: std::borrow::Cow<'a, str>,
}

/// The topology named by the first commit that names one.
fn topology(told: &GroupLag) -> Option<String> {
    let rows = told.partitions.as_ref().ok()?;
    let candidates = rows.iter().map(|row| &*row.metadata).filter(|text| text.starts_with('{'));
    let short = candidates.filter(|text| text.len() <= METADATA_AT_MOST);
    short.filter_map(|text| serde_json::from_str::<Commit<'_>>(text).ok()).map(|it| it.topology.into_owned()).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        group::{Group, GroupState},
        lag::{Account, PartitionLag},
    };

    /// A stable group with one member of this client id and one committed partition.
    fn group(name: &str, protocol_type: &str, client_id: &str) -> GroupLag {
        let group = Group {
            name: name.into(),
            kind: GroupType::Classic,
            state: GroupState::Stable,
            protocol_type: protocol_type.into(),
            coordinator: 1,
        };
        let member = Member {
            id: "m".into(),
            instance: None,
            client_id: client_id.into(),
            host: "/10.0.0.4".into(),
            assigned: vec![("orders".into(), vec![0])],
        };
        let at = jiff::Timestamp::UNIX_EPOCH;
        let partitions = Ok(vec![committed("")]);
        GroupLag { group, members: Ok(vec![member]), partitions, commits_at: at, ends_at: at }
    }

    fn committed(metadata: &str) -> PartitionLag {
        PartitionLag {
            topic: "orders".into(),
            partition: 0,
            start: Some(0),
            end: Some(9),
            stable_end: None,
            committed: Some(4),
            account: Account::Committed,
            commit_epoch: None,
            metadata: metadata.into(),
            owner: Some(0),
            rebalancing: false,
            error: None,
        }
    }

    /// Nobody is a member; a commit carries this text.
    fn deserted(metadata: &str) -> GroupLag {
        let told = group("customers-reader", "", "");
        GroupLag { members: Ok(Vec::new()), partitions: Ok(vec![committed(metadata)]), ..told }
    }

    #[test]
    fn t20_who_reads_is_told_by_protocol_name_or_members() {
        for (name, protocol, client, word, text) in [
            ("billing", "consumer", "billing-0", None, None),
            ("app", "consumer", "app-1f-StreamThread-1-consumer", Some("streams"), Some("Streams app")),
            ("test1", "consumer", "spark-executor-test1", Some("spark"), Some("Spark")),
            ("spark-executor-test1", "consumer", "c", Some("spark"), Some("Spark executors of test1")),
            ("spark-kafka-source-5e1c-239852260-driver-0", "consumer", "c", Some("spark"), Some("Spark")),
            ("spark-kafka-relation-5e1c", "consumer", "c", Some("spark"), Some("Spark")),
            (
                "connect-orders-sink",
                "consumer",
                "connector-consumer-0",
                Some("connect"),
                Some("Connect sink orders-sink"),
            ),
            ("workers", "connect", "w", Some("connect"), Some("Connect workers")),
            ("console-consumer-41237", "", "", Some("console"), Some("console leftover")),
            ("console-consumer-of-mine", "consumer", "c", None, None),
            ("schema-registry", "sr", "sr-1", Some("sr"), Some("internal")),
            ("_confluent-controlcenter", "consumer", "c", Some("internal"), Some("internal")),
            ("KMOffsetCache-host", "consumer", "c", Some("internal"), Some("internal")),
            ("__amazon_msk_canary", "", "", Some("internal"), Some("internal")),
            ("copy", "consumer", "mirrormaker-0", Some("mirrormaker"), Some("MirrorMaker")),
            ("gremlins", "gremlin", "g", Some("gremlin"), Some("protocol gremlin")),
        ] {
            let told = group(name, protocol, client);
            assert_eq!((kind(&told), label(&told, false).as_deref()), (word, text), "{name}");
        }
    }

    #[test]
    fn t20_streams_groups_of_the_new_protocol_need_no_member_to_be_known() {
        let mut told = group("app", "streams", "");
        told.group.kind = GroupType::Streams;
        told.members = Err(crate::failure::Failure::new("asking for members", "no words for it", ""));
        assert_eq!(label(&told, false).as_deref(), Some("Streams app"));
    }

    #[test]
    fn t20_storm_is_told_by_what_it_writes_beside_its_commits() {
        let text = r#"{"topologyId":"demo-1","taskId":7,"threadName":"w-1"}"#;
        assert_eq!(label(&deserted(text), false).as_deref(), Some("Storm demo-1"));
        let moving = label(&deserted(text), true);
        assert_eq!(moving.as_deref(), Some("Storm demo-1, commits periodically, no members"));
    }

    #[test]
    fn t20_hostile_metadata_is_nobodys_label() {
        let long = format!(r#"{{"topologyId":"{}"}}"#, "x".repeat(METADATA_AT_MOST));
        let deep = "{\"a\":".repeat(2_000);
        for text in ["", "{", "{}", "[1]", r#"{"topologyId":7}"#, r#"{"topologyId":null}"#, "\u{1b}]0;x", &long, &deep]
        {
            assert_eq!((kind(&deserted(text)), label(&deserted(text), false)), (None, None), "{text:.20}");
        }
        let escaped = label(&deserted("{\"topologyId\":\"a\\u001b[31m\"}"), false);
        assert_eq!(escaped.as_deref(), Some("Storm a\u{1b}[31m"), "raw here, made safe where it is drawn");
    }

    #[test]
    fn t20_commits_that_move_without_members_are_said_so() {
        assert_eq!(label(&deserted(""), true).as_deref(), Some("commits periodically, no members"));
        assert_eq!(label(&deserted(""), false), None);
    }

    #[test]
    fn t20_members_without_commits_read_without_committing() {
        let bare = |name: &str| {
            let told = group(name, "consumer", "c");
            GroupLag { partitions: Ok(vec![PartitionLag { committed: None, ..committed("") }]), ..told }
        };
        assert_eq!(label(&bare("fresh"), false).as_deref(), Some("reads without committing (Spark?)"));
        let spark = label(&bare("spark-kafka-source-5e1c-1-driver-0"), false);
        assert_eq!(spark.as_deref(), Some("Spark, reads without committing"));
        let mut unread = bare("fresh");
        unread.partitions = Err(crate::failure::Failure::new("reading commits", "not authorized", ""));
        assert_eq!(label(&unread, false), None, "commits that could not be read are not missing");
    }

    #[test]
    fn a_group_of_any_name_has_a_label_or_none() {
        for name in ["", "connect-", "spark-executor-", "console-consumer-", &"x".repeat(1_000), "\u{202e}\u{0}"] {
            let told = group(name, "", "");
            let _ = (kind(&told), label(&told, true));
        }
    }
}
