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
        Engine::Internal => "internal",
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
