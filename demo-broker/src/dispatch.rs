//! From a request's API to the function that answers it: one line each.

use crate::call::{Call, Reply};
use crate::connection::{encode, malformed};
use crate::state::State;
use crate::{
    admin, apis, configs, coordinator, fetch, group, guard, log_dirs, metadata, offsets, produce, produce_request,
    topics,
};
use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, FetchRequest};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The state that the brokers share. A lock is held for one request's work and never across an await.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    state: Arc<Mutex<State>>,
    /// Wakes whoever waits for a request to be seen.
    pub(crate) asked: Arc<Notify>,
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self { state: Arc::new(Mutex::new(state)), asked: Arc::default() }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Exchange<'a> {
    shared: &'a Shared,
    call: &'a Call,
    body: Bytes,
}

impl Exchange<'_> {
    fn request<Q: Decodable>(&self) -> io::Result<Q> {
        guard::decode(&self.body, self.call.version).map_err(|e| malformed(e.to_string()))
    }

    fn now<Q: Decodable, A: Encodable + HeaderVersion>(
        &self,
        answer: fn(&mut State, &Call, Q) -> A,
    ) -> io::Result<Option<BytesMut>> {
        let request = self.request()?;
        let answer = answer(&mut self.shared.lock(), self.call, request);
        encode(self.call, &answer).map(Some)
    }

    async fn later<Q: Decodable, A: Encodable + HeaderVersion>(
        &self,
        answer: fn(&mut State, &Call, Q) -> Reply<A>,
    ) -> io::Result<Option<BytesMut>> {
        let request = self.request()?;
        let reply = answer(&mut self.shared.lock(), self.call, request);
        let answer = match reply {
            Reply::Now(answer) => answer,
            // The group was deleted or the cluster ends: the client hears it from the closed connection.
            Reply::Later(answer) => answer.await.map_err(io::Error::other)?,
        };
        encode(self.call, &answer).map(Some)
    }

    fn produce(&self) -> io::Result<Option<BytesMut>> {
        let request = produce_request::read(self.body.clone(), self.call.version);
        let request = request.ok_or_else(|| malformed("a Produce request that ends too soon".into()))?;
        let silent = request.acks == 0;
        let answer = produce::answer(&mut self.shared.lock(), self.call, request);
        if silent { Ok(None) } else { encode(self.call, &answer).map(Some) }
    }

    async fn fetch(&self) -> io::Result<Option<BytesMut>> {
        let request: FetchRequest = self.request()?;
        encode(self.call, &fetch::answer(self.shared, self.call, request).await).map(Some)
    }
}

/// The answer to a request; `None` when the client wants none. An error ends the connection.
pub(crate) async fn answer(shared: &Shared, call: &Call, body: Bytes) -> io::Result<Option<BytesMut>> {
    let exchange = Exchange { shared, call, body };
    match call.api {
        ApiKey::ApiVersions => exchange.now(apis::answer),
        ApiKey::Produce => exchange.produce(),
        ApiKey::InitProducerId => exchange.now(produce::init_producer_id),
        ApiKey::Fetch => exchange.fetch().await,
        ApiKey::ListOffsets => exchange.now(offsets::list),
        ApiKey::OffsetForLeaderEpoch => exchange.now(offsets::leader_epoch),
        ApiKey::DeleteRecords => exchange.now(offsets::delete_records),
        ApiKey::Metadata => exchange.now(metadata::answer),
        ApiKey::DescribeCluster => exchange.now(metadata::describe_cluster),
        ApiKey::DescribeTopicPartitions => exchange.now(topics::describe),
        ApiKey::DescribeLogDirs => exchange.now(log_dirs::describe),
        ApiKey::CreateTopics => exchange.now(admin::create_topics),
        ApiKey::DeleteTopics => exchange.now(admin::delete_topics),
        ApiKey::CreatePartitions => exchange.now(admin::create_partitions),
        ApiKey::DescribeConfigs => exchange.now(configs::describe),
        ApiKey::IncrementalAlterConfigs => exchange.now(configs::alter),
        ApiKey::FindCoordinator => exchange.now(coordinator::find),
        ApiKey::JoinGroup => exchange.later(group::join::answer).await,
        ApiKey::SyncGroup => exchange.later(group::sync::answer).await,
        ApiKey::Heartbeat => exchange.now(group::presence::heartbeat),
        ApiKey::LeaveGroup => exchange.now(group::presence::leave),
        ApiKey::OffsetCommit => exchange.now(group::commit::answer),
        ApiKey::OffsetFetch => exchange.now(group::committed::answer),
        ApiKey::OffsetDelete => exchange.now(group::commit::delete),
        ApiKey::DeleteGroups => exchange.now(group::describe::delete),
        ApiKey::ListGroups => exchange.now(group::describe::list),
        ApiKey::DescribeGroups => exchange.now(group::describe::answer),
        // `apis::takes` has refused everything else.
        other => Err(malformed(format!("{other:?}, which is not served"))),
    }
}
