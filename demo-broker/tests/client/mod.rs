//! A client that says exactly what a test wants said, right or wrong.
#![allow(dead_code)] // each test file uses a part of it

pub mod samples;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::fetch_response::PartitionData;
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::produce_response::PartitionProduceResponse;
use kafka_protocol::messages::{
    ApiKey, ApiVersionsRequest, FetchRequest, GroupId, ProduceRequest, RequestHeader, ResponseHeader, TopicName,
};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, Request, StrBytes};
use kafka_protocol::records::{Compression, Record, RecordBatchEncoder, RecordEncodeOptions, TimestampType};
use kafscope_demo_broker::Cluster;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub fn text(s: &str) -> StrBytes {
    StrBytes::from_string(s.to_owned())
}

pub fn topic(name: &str) -> TopicName {
    TopicName(text(name))
}

pub fn group(name: &str) -> GroupId {
    GroupId(text(name))
}

/// A frame without its length.
pub fn frame(api: ApiKey, version: i16, correlation: i32, body: &[u8]) -> BytesMut {
    let mut frame = BytesMut::new();
    RequestHeader::default()
        .with_request_api_key(api as i16)
        .with_request_api_version(version)
        .with_correlation_id(correlation)
        .with_client_id(Some(text("tester")))
        .encode(&mut frame, api.request_header_version(version))
        .unwrap();
    frame.extend_from_slice(body);
    frame
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    correlation: i32,
}

impl Client {
    pub async fn to(cluster: &Cluster, broker: i32) -> Self {
        let address = cluster.address(broker).expect("a broker of the cluster");
        Self { stream: TcpStream::connect(address).await.unwrap(), correlation: 0 }
    }

    pub async fn send_frame(&mut self, frame: &[u8]) {
        let mut out = BytesMut::new();
        out.put_i32(i32::try_from(frame.len()).unwrap());
        out.extend_from_slice(frame);
        self.send_raw(&out).await;
    }

    /// The other side may have hung up already; what it says to that is for `receive_frame`.
    pub async fn send_raw(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// `None` when the broker hung up.
    pub async fn receive_frame(&mut self) -> Option<Bytes> {
        let length = self.stream.read_i32().await.ok()?;
        let mut frame = vec![0; usize::try_from(length).unwrap()];
        self.stream.read_exact(&mut frame).await.ok()?;
        Some(frame.into())
    }

    /// All that comes until the broker hangs up.
    pub async fn receive_rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).await.unwrap();
        rest
    }

    pub async fn send<Q: Request>(&mut self, version: i16, request: &Q) {
        let mut body = BytesMut::new();
        request.encode(&mut body, version).unwrap();
        self.correlation += 1;
        let frame = frame(ApiKey::try_from(Q::KEY).unwrap(), version, self.correlation, &body);
        self.send_frame(&frame).await;
    }

    pub async fn receive<Q: Request>(&mut self, version: i16) -> Option<Q::Response> {
        let mut frame = self.receive_frame().await?;
        let header = if Q::KEY == ApiVersionsRequest::KEY { 0 } else { Q::Response::header_version(version) };
        let head = ResponseHeader::decode(&mut frame, header).unwrap();
        assert_eq!(head.correlation_id, self.correlation);
        Some(Q::Response::decode(&mut frame, version).unwrap())
    }

    pub async fn ask<Q: Request>(&mut self, version: i16, request: &Q) -> Q::Response {
        self.send(version, request).await;
        self.receive::<Q>(version).await.expect("an answer")
    }

    pub async fn produce(&mut self, name: &str, partition: i32, records: Bytes) -> PartitionProduceResponse {
        let answer = self.ask(9, &produce(name, partition, records)).await;
        answer.responses[0].partition_responses[0].clone()
    }

    pub async fn fetch(&mut self, name: &str, partition: i32, offset: i64) -> PartitionData {
        let answer = self.ask(12, &fetch(name, partition, offset)).await;
        answer.responses[0].partitions[0].clone()
    }
}

pub fn produce(name: &str, partition: i32, records: Bytes) -> ProduceRequest {
    let data = PartitionProduceData::default().with_index(partition).with_records(Some(records));
    ProduceRequest::default()
        .with_acks(-1)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![TopicProduceData::default().with_name(topic(name)).with_partition_data(vec![data])])
}

/// Waits for nothing.
pub fn fetch(name: &str, partition: i32, offset: i64) -> FetchRequest {
    let partition =
        FetchPartition::default().with_partition(partition).with_fetch_offset(offset).with_partition_max_bytes(1 << 20);
    FetchRequest::default()
        .with_max_bytes(1 << 20)
        .with_session_epoch(-1)
        .with_topics(vec![FetchTopic::default().with_topic(topic(name)).with_partitions(vec![partition])])
}

/// What a batch of a test is made of.
#[derive(Clone)]
pub struct Batch {
    pub times: Vec<i64>,
    pub producer_id: i64,
    pub sequence: i32,
    pub transactional: bool,
    /// A marker: commit or abort.
    pub marker: Option<bool>,
}

pub fn batch(times: &[i64]) -> Batch {
    Batch { times: times.to_vec(), producer_id: -1, sequence: -1, transactional: false, marker: None }
}

impl Batch {
    pub fn producer(mut self, id: i64, sequence: i32) -> Self {
        (self.producer_id, self.sequence) = (id, sequence);
        self
    }

    pub fn transactional(mut self, producer: i64) -> Self {
        (self.producer_id, self.transactional) = (producer, true);
        self
    }

    pub fn marker(mut self, commit: bool) -> Self {
        self.marker = Some(commit);
        self
    }

    pub fn bytes(&self) -> Bytes {
        let records: Vec<Record> = (0..).zip(&self.times).map(|(i, time)| self.record(i, *time)).collect();
        let mut out = BytesMut::new();
        let options = RecordEncodeOptions { version: 2, compression: Compression::None };
        RecordBatchEncoder::encode(&mut out, &records, &options).unwrap();
        out.freeze()
    }

    fn record(&self, i: i32, timestamp: i64) -> Record {
        let marker = self.marker.map(|commit| Bytes::copy_from_slice(&[0, 0, 0, u8::from(commit)]));
        Record {
            transactional: self.transactional,
            control: self.marker.is_some(),
            delete_horizon: false,
            partition_leader_epoch: -1,
            producer_id: self.producer_id,
            producer_epoch: if self.producer_id < 0 { -1 } else { 0 },
            timestamp_type: TimestampType::Creation,
            offset: i64::from(i),
            sequence: self.sequence + i, // the encoder makes one batch of consecutive ones
            timestamp,
            key: marker,
            value: Some(Bytes::from(format!("value {i}"))),
            headers: Default::default(),
        }
    }
}
