//! What topics and brokers there are, in one request. Never names a topic, so that looking cannot create one.
use super::wire::{Cluster, Metadata, Result};
use crate::bus::KafkaVersion;
use std::sync::Arc;

/// The cluster as it is now.
#[derive(Debug, Clone)]
pub struct Listing {
    pub metadata: Arc<Metadata>,
    pub kafka: KafkaVersion,
}

/// Asks for all topics and brokers; connects first where needed.
pub async fn list(cluster: &Cluster) -> Result<Listing> {
    let metadata = cluster.refresh().await?;
    Ok(Listing { metadata, kafka: cluster.kafka().await? })
}
