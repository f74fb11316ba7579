//! Rounds of topics and their offsets; also who says that nobody answers.
use super::{Open, RETRY, ROUND, Watch};
use crate::{
    bus::{Event, KafkaVersion},
    failure::Failure,
    kafka::topics,
    topic::Broker,
};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::time::{Duration, Instant, sleep};

/// A topic made elsewhere appears within 5 s: rounds are never further apart than this.
const SLOWEST: Duration = Duration::from_secs(4);
/// A round that took long is followed by a pause this many times as long, to cost brokers and this machine little.
const REST: u32 = 40;

impl Watch {
    /// Topics and offsets, until the screen leaves.
    pub async fn topics(self: Arc<Self>) -> Open {
        let mut told = Told::default();
        loop {
            let began = Instant::now();
            match topics::list(&self.cluster).await {
                Ok(listing) => {
                    self.tell_listing(&mut told, listing).await?;
                    self.rest((began.elapsed() * REST).clamp(ROUND, SLOWEST)).await;
                }
                Err(error) => {
                    self.tell_failure(&mut told, error.into()).await?;
                    sleep(RETRY).await;
                }
            }
        }
    }

    async fn tell_listing(&self, told: &mut Told, listing: topics::Listing) -> Open {
        let metadata = listing.metadata;
        if told.is_new(&metadata.brokers, &listing.kafka) {
            self.send(Event::Connected { brokers: metadata.brokers.clone(), kafka: listing.kafka }).await?;
        }
        self.send(Event::TopicsListed { topics: metadata.topics.to_vec(), at: metadata.at }).await?;
        self.reached.send_replace(true);
        let topics = self.offsets.of_topics(&metadata, metadata.read).await;
        self.send(Event::OffsetsRead { topics, at: Timestamp::now() }).await
    }

    async fn tell_failure(&self, told: &mut Told, failure: Failure) -> Open {
        if told.is_new_failure(&failure) {
            self.send(Event::ConnectionFailed { failure }).await?;
        }
        Ok(())
    }
}

/// What the screen knows of the cluster, so that it is told only what is new.
#[derive(Debug, Default)]
struct Told {
    connected: Option<(Vec<Broker>, KafkaVersion)>,
    failure: Option<Failure>,
}

impl Told {
    fn is_new(&mut self, brokers: &[Broker], kafka: &KafkaVersion) -> bool {
        self.failure = None;
        let now = (brokers.to_vec(), kafka.clone());
        let new = self.connected.as_ref() != Some(&now);
        self.connected = Some(now);
        new
    }

    fn is_new_failure(&mut self, failure: &Failure) -> bool {
        self.connected = None;
        let new = self.failure.as_ref() != Some(failure);
        self.failure = Some(failure.clone());
        new
    }
}
