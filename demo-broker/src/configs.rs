//! Configs of topics and brokers: names, defaults, types, and the requests that read and change them.

use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::refused::Refused;
use crate::state::State;
use kafka_protocol::messages::create_topics_response::CreatableTopicConfigs;
use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use kafka_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use kafka_protocol::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use kafka_protocol::messages::{
    DescribeConfigsRequest, DescribeConfigsResponse, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};
use std::collections::BTreeMap;

/// The type of a config's value, with its number on the wire (`DescribeConfigsResponse.ConfigType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean = 1,
    Text = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// A config that the cluster knows.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) default: &'static str,
    kind: Kind,
}

const fn known(name: &'static str, default: &'static str, kind: Kind) -> Known {
    Known { name, default, kind }
}

/// Topic configs and their defaults in Kafka 4.
pub(crate) const TOPIC: &[Known] = &[
    known("cleanup.policy", "delete", Kind::List),
    known("compression.type", "producer", Kind::Text),
    known("delete.retention.ms", "86400000", Kind::Long),
    known("file.delete.delay.ms", "60000", Kind::Long),
    known("flush.messages", "9223372036854775807", Kind::Long),
    known("flush.ms", "9223372036854775807", Kind::Long),
    known("index.interval.bytes", "4096", Kind::Int),
    known("max.compaction.lag.ms", "9223372036854775807", Kind::Long),
    known("max.message.bytes", "1048588", Kind::Int),
    known("message.timestamp.after.max.ms", "3600000", Kind::Long),
    known("message.timestamp.before.max.ms", "9223372036854775807", Kind::Long),
    known("message.timestamp.type", "CreateTime", Kind::Text),
    known("min.cleanable.dirty.ratio", "0.5", Kind::Double),
    known("min.compaction.lag.ms", "0", Kind::Long),
    known("min.insync.replicas", "1", Kind::Int),
    known("preallocate", "false", Kind::Boolean),
    known("retention.bytes", "-1", Kind::Long),
    known("retention.ms", "604800000", Kind::Long),
    known("segment.bytes", "1073741824", Kind::Int),
    known("segment.index.bytes", "10485760", Kind::Int),
    known("segment.jitter.ms", "0", Kind::Long),
    known("segment.ms", "604800000", Kind::Long),
    known("unclean.leader.election.enable", "false", Kind::Boolean),
];

/// Broker configs, those that a person looks at.
const BROKER: &[Known] = &[
    known("auto.create.topics.enable", "false", Kind::Boolean),
    known("compression.type", "producer", Kind::Text),
    known("default.replication.factor", "1", Kind::Int),
    known("delete.topic.enable", "true", Kind::Boolean),
    known("log.cleanup.policy", "delete", Kind::List),
    known("log.retention.bytes", "-1", Kind::Long),
    known("log.retention.ms", "604800000", Kind::Long),
    known("message.max.bytes", "1048588", Kind::Int),
    known("min.insync.replicas", "1", Kind::Int),
    known("num.partitions", "1", Kind::Int),
    known("offsets.retention.minutes", "10080", Kind::Int),
];

const TOPIC_RESOURCE: i8 = 2;
const BROKER_RESOURCE: i8 = 4;
/// Where a value comes from (`DescribeConfigsResponse.ConfigSource`).
const DYNAMIC_TOPIC: i8 = 1;
const DYNAMIC_BROKER: i8 = 2;
const DEFAULT: i8 = 5;

impl Known {
    fn allows(&self, value: &str) -> bool {
        match self.kind {
            Kind::Boolean => matches!(value, "true" | "false"),
            Kind::Int => value.parse::<i32>().is_ok(),
            Kind::Long => value.parse::<i64>().is_ok(),
            Kind::Double => value.parse::<f64>().is_ok_and(f64::is_finite),
            Kind::List => value.split(',').all(|v| matches!(v, "delete" | "compact")),
            Kind::Text if self.name == "message.timestamp.type" => matches!(value, "CreateTime" | "LogAppendTime"),
            Kind::Text => matches!(value, "producer" | "uncompressed" | "gzip" | "snappy" | "lz4" | "zstd"),
        }
    }
}

/// Whether a topic may have this config.
pub(crate) fn check_topic(name: &str, value: &str) -> Result<(), Refused> {
    check(TOPIC, name, value)
}

fn check(table: &[Known], name: &str, value: &str) -> Result<(), Refused> {
    match table.iter().find(|k| k.name == name) {
        None => Err(Refused::new(codes::INVALID_CONFIG, format!("Unknown config name: {name}."))),
        Some(known) if known.allows(value) => Ok(()),
        Some(_) => Err(Refused::new(codes::INVALID_CONFIG, format!("Invalid value {value} for config {name}."))),
    }
}

/// The table, the values set, and the source of those, of one resource.
struct Resource<'a> {
    table: &'static [Known],
    set: &'a mut BTreeMap<String, String>,
    source: i8,
}

fn resource<'a>(state: &'a mut State, call: &Call, kind: i8, name: &str) -> Result<Resource<'a>, Refused> {
    let about = About { topic: (kind == TOPIC_RESOURCE).then_some(name), ..About::default() };
    state.unforced(call, about).map_err(|code| Refused::new(code, "forced"))?;
    let is_broker = name.is_empty() || name.parse().is_ok_and(|id| state.brokers.contains_key(&id));
    match kind {
        TOPIC_RESOURCE => match state.topics.get_mut(name) {
            Some(topic) => Ok(Resource { table: TOPIC, set: &mut topic.configs, source: DYNAMIC_TOPIC }),
            None => Err(Refused::new(codes::UNKNOWN_TOPIC_OR_PARTITION, format!("No topic {name}."))),
        },
        BROKER_RESOURCE if is_broker => {
            Ok(Resource { table: BROKER, set: &mut state.broker_configs, source: DYNAMIC_BROKER })
        }
        _ => Err(Refused::new(codes::INVALID_REQUEST, format!("No resource {name} of type {kind} here."))),
    }
}

pub(crate) fn describe(state: &mut State, call: &Call, request: DescribeConfigsRequest) -> DescribeConfigsResponse {
    let synonyms = request.include_synonyms;
    let results = request.resources.into_iter().map(|wanted| {
        let result = DescribeConfigsResult::default()
            .with_resource_type(wanted.resource_type)
            .with_resource_name(wanted.resource_name.clone());
        match resource(state, call, wanted.resource_type, &wanted.resource_name) {
            Ok(found) => result.with_configs(rows(&found, &wanted, synonyms)),
            Err(e) => result.with_error_code(e.code).with_error_message(Some(text(e.why))),
        }
    });
    DescribeConfigsResponse::default().with_results(results.collect())
}

fn rows(found: &Resource<'_>, wanted: &DescribeConfigsResource, synonyms: bool) -> Vec<DescribeConfigsResourceResult> {
    let asked = |k: &&Known| match &wanted.configuration_keys {
        Some(keys) => keys.iter().any(|key| key.as_str() == k.name),
        None => true,
    };
    found.table.iter().filter(asked).map(|k| row(k, found, synonyms)).collect()
}

fn row(known: &Known, found: &Resource<'_>, synonyms: bool) -> DescribeConfigsResourceResult {
    let synonym = |value: &str, source| {
        DescribeConfigsSynonym::default().with_name(text(known.name)).with_value(Some(text(value))).with_source(source)
    };
    let own = found.set.get(known.name).map(|value| synonym(value, found.source));
    let all: Vec<_> = own.into_iter().chain([synonym(known.default, DEFAULT)]).collect();
    let (value, source) = all.first().map_or((None, DEFAULT), |s| (s.value.clone(), s.source));
    DescribeConfigsResourceResult::default()
        .with_name(text(known.name))
        .with_value(value)
        .with_config_source(source)
        .with_config_type(known.kind as i8)
        .with_synonyms(if synonyms { all } else { Vec::new() })
}

/// The configs of a topic that was just created; Java's AdminClient falls over a null here.
pub(crate) fn created(set: &[(String, String)]) -> Vec<CreatableTopicConfigs> {
    let row = |known: &Known| {
        let own = set.iter().find(|(name, _)| name == known.name).map(|(_, value)| value.as_str());
        CreatableTopicConfigs::default()
            .with_name(text(known.name))
            .with_value(Some(text(own.unwrap_or(known.default))))
            .with_config_source(if own.is_some() { DYNAMIC_TOPIC } else { DEFAULT })
    };
    TOPIC.iter().map(row).collect()
}

pub(crate) fn alter(
    state: &mut State,
    call: &Call,
    request: IncrementalAlterConfigsRequest,
) -> IncrementalAlterConfigsResponse {
    let dry = request.validate_only;
    let responses = request.resources.into_iter().map(|wanted| {
        let outcome = alter_one(state, call, &wanted, dry).err();
        AlterConfigsResourceResponse::default()
            .with_error_code(outcome.as_ref().map_or(codes::NONE, |e| e.code))
            .with_error_message(outcome.map(|e| text(e.why)))
            .with_resource_type(wanted.resource_type)
            .with_resource_name(wanted.resource_name)
    });
    IncrementalAlterConfigsResponse::default().with_responses(responses.collect())
}

/// All changes of one resource or none of them.
fn alter_one(state: &mut State, call: &Call, wanted: &AlterConfigsResource, dry: bool) -> Result<(), Refused> {
    let found = resource(state, call, wanted.resource_type, &wanted.resource_name)?;
    let mut next = found.set.clone();
    wanted.configs.iter().try_for_each(|change| apply(&mut next, found.table, change))?;
    if !dry {
        *found.set = next;
    }
    Ok(())
}

/// Operations of KIP-339: 0 set, 1 delete, 2 append to a list, 3 take from a list.
fn apply(set: &mut BTreeMap<String, String>, table: &[Known], change: &AlterableConfig) -> Result<(), Refused> {
    let name = change.name.as_str();
    let value = change.value.as_ref().map_or("", |v| v.as_str());
    let default = table.iter().find(|k| k.name == name).map_or("", |k| k.default);
    let current = set.get(name).map_or(default, String::as_str);
    let next = match change.config_operation {
        0 => value.to_owned(),
        1 => {
            set.remove(name);
            return Ok(());
        }
        2 => current.split(',').filter(|v| *v != value && !v.is_empty()).chain([value]).collect::<Vec<_>>().join(","),
        3 => current.split(',').filter(|v| *v != value).collect::<Vec<_>>().join(","),
        other => return Err(Refused::new(codes::INVALID_REQUEST, format!("No config operation {other}."))),
    };
    check(table, name, &next)?;
    set.insert(name.to_owned(), next);
    Ok(())
}
