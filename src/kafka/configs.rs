//! The settings of topics, and which of them somebody chose.
use super::wire::{Cluster, Error, Result, error::check};
use crate::{
    failure::Failure,
    topic::{Setting, TopicName},
};
use kafka_protocol::{
    messages::{
        DescribeConfigsRequest,
        describe_configs_request::DescribeConfigsResource,
        describe_configs_response::{DescribeConfigsResourceResult, DescribeConfigsResult},
    },
    protocol::StrBytes,
};
use std::collections::HashMap;

/// Kafka's `ConfigResource.Type.TOPIC`.
const TOPIC: i8 = 2;
/// Kafka's `ConfigSource.TOPIC_CONFIG`: set on the topic itself, over the defaults of broker and Kafka.
const ON_TOPIC: i8 = 1;

/// The settings of each topic, ordered by name, or why they cannot be told (Kafka 0.11 and newer).
pub async fn of_topics(cluster: &Cluster, topics: &[TopicName]) -> HashMap<TopicName, Result<Vec<Setting>, Failure>> {
    match ask(cluster, topics).await {
        Ok(results) => topics.iter().map(|topic| (topic.clone(), told(topic, &results))).collect(),
        Err(error) => topics.iter().map(|topic| (topic.clone(), Err(Failure::from(&error)))).collect(),
    }
}

async fn ask(cluster: &Cluster, topics: &[TopicName]) -> Result<Vec<DescribeConfigsResult>> {
    let resource = |topic: &TopicName| {
        DescribeConfigsResource::default()
            .with_resource_type(TOPIC)
            .with_resource_name(StrBytes::from_string(topic.to_string()))
            .with_configuration_keys(None)
    };
    let request = DescribeConfigsRequest::default().with_resources(topics.iter().map(resource).collect());
    Ok(cluster.ask_any(cluster.deadline(), |_| request.clone()).await?.results)
}

fn told(topic: &TopicName, results: &[DescribeConfigsResult]) -> Result<Vec<Setting>, Failure> {
    let attempted = || format!("asking for the settings of topic {topic}");
    let Some(result) = results.iter().find(|result| *result.resource_name == **topic) else {
        return Err(Error::left_out(attempted()).into());
    };
    check(result.error_code, result.error_message.as_deref(), attempted)?;
    let mut settings: Vec<_> = result.configs.iter().map(setting).collect();
    settings.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(settings)
}

fn setting(told: &DescribeConfigsResourceResult) -> Setting {
    let value = told.value.as_ref().filter(|_| !told.is_sensitive).map(ToString::to_string);
    Setting { name: told.name.to_string(), value, differs: told.config_source == ON_TOPIC }
}
