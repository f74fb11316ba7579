//! CreateTopics, DeleteTopics, CreatePartitions. Any broker takes them, as with KRaft.

use crate::call::{Call, text};
use crate::codes;
use crate::configs;
use crate::force::About;
use crate::refused::Refused;
use crate::state::State;
use crate::topic::TopicSpec;
use kafka_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use kafka_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;
use kafka_protocol::messages::create_topics_request::CreatableTopic;
use kafka_protocol::messages::create_topics_response::CreatableTopicResult;
use kafka_protocol::messages::delete_topics_response::DeletableTopicResult;
use kafka_protocol::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, TopicName,
};
use uuid::Uuid;

/// DeleteTopics from this version on names topics by name or by id.
const BY_ID: i16 = 6;
/// "The cluster's default", for partitions and replicas.
const DEFAULT: i32 = -1;

pub(crate) fn create_topics(state: &mut State, call: &Call, request: CreateTopicsRequest) -> CreateTopicsResponse {
    let dry = request.validate_only;
    let topics = request.topics.into_iter().map(|wanted| {
        let result = CreatableTopicResult::default().with_name(wanted.name.clone());
        match create_one(state, call, &wanted, dry) {
            Err(e) => result.with_error_code(e.code).with_error_message(Some(text(e.why))),
            Ok((id, spec)) => result
                .with_topic_id(id)
                .with_num_partitions(spec.partitions)
                .with_replication_factor(spec.replication)
                .with_configs(Some(configs::created(&spec.configs))),
        }
    });
    CreateTopicsResponse::default().with_topics(topics.collect())
}

fn create_one(
    state: &mut State,
    call: &Call,
    wanted: &CreatableTopic,
    dry: bool,
) -> Result<(Uuid, TopicSpec), Refused> {
    forced(state, call, &wanted.name)?;
    let spec = spec(wanted);
    if dry {
        state.may_create(&wanted.name, &spec)?;
        return Ok((Uuid::nil(), spec));
    }
    state.create_topic(&wanted.name, &spec)?;
    Ok((state.topics.get(wanted.name.as_str()).map_or(Uuid::nil(), |t| t.id), spec))
}

/// Replicas chosen by hand count, where they are is the cluster's own choice.
fn spec(wanted: &CreatableTopic) -> TopicSpec {
    let (partitions, replication) = match wanted.assignments.first() {
        Some(first) => (
            i32::try_from(wanted.assignments.len()).unwrap_or(i32::MAX),
            i16::try_from(first.broker_ids.len()).unwrap_or(i16::MAX),
        ),
        None => (wanted.num_partitions, wanted.replication_factor),
    };
    let configs = wanted.configs.iter().filter_map(|c| Some((c.name.to_string(), c.value.as_ref()?.to_string())));
    TopicSpec {
        partitions: if partitions == DEFAULT { 1 } else { partitions },
        replication: if i32::from(replication) == DEFAULT { 1 } else { replication },
        configs: configs.collect(),
    }
}

fn forced(state: &mut State, call: &Call, topic: &str) -> Result<(), Refused> {
    let about = About { topic: Some(topic), ..About::default() };
    state.unforced(call, about).map_err(|code| Refused::new(code, "forced"))
}

pub(crate) fn delete_topics(state: &mut State, call: &Call, request: DeleteTopicsRequest) -> DeleteTopicsResponse {
    let named = request.topic_names.into_iter().map(|name| (Some(name), Uuid::nil()));
    let wanted: Vec<_> = match call.version < BY_ID {
        true => named.collect(),
        false => request.topics.into_iter().map(|t| (t.name, t.topic_id)).collect(),
    };
    let responses = wanted.into_iter().map(|(name, id)| delete_one(state, call, name, id));
    DeleteTopicsResponse::default().with_responses(responses.collect())
}

fn delete_one(state: &mut State, call: &Call, name: Option<TopicName>, id: Uuid) -> DeletableTopicResult {
    let unknown = if name.is_some() { codes::UNKNOWN_TOPIC_OR_PARTITION } else { codes::UNKNOWN_TOPIC_ID };
    let name = name.or_else(|| state.name_of(id).map(|n| TopicName(text(n))));
    let result = DeletableTopicResult::default().with_name(name.clone()).with_topic_id(id);
    let Some(name) = name else { return result.with_error_code(unknown) };
    if let Err(e) = forced(state, call, &name) {
        return result.with_error_code(e.code);
    }
    let id = state.topics.get(name.as_str()).map_or(id, |t| t.id);
    let gone = state.delete_topic(&name);
    result.with_topic_id(id).with_error_code(if gone { codes::NONE } else { unknown })
}

pub(crate) fn create_partitions(
    state: &mut State,
    call: &Call,
    request: CreatePartitionsRequest,
) -> CreatePartitionsResponse {
    let dry = request.validate_only;
    let results = request.topics.into_iter().map(|wanted| {
        let outcome = grow_one(state, call, &wanted, dry).err();
        CreatePartitionsTopicResult::default()
            .with_name(wanted.name)
            .with_error_code(outcome.as_ref().map_or(codes::NONE, |e| e.code))
            .with_error_message(outcome.map(|e| text(e.why)))
    });
    CreatePartitionsResponse::default().with_results(results.collect())
}

fn grow_one(state: &mut State, call: &Call, wanted: &CreatePartitionsTopic, dry: bool) -> Result<(), Refused> {
    forced(state, call, &wanted.name)?;
    let Some(topic) = state.topics.get(wanted.name.as_str()) else {
        let why = format!("No topic {}.", wanted.name.as_str());
        return Err(Refused::new(codes::UNKNOWN_TOPIC_OR_PARTITION, why));
    };
    state.may_have(topic.partitions.len(), wanted.count)?;
    if !dry {
        state.grow(&wanted.name, wanted.count);
    }
    Ok(())
}
