//! A throw-away Kafka cluster in memory, real enough that a client which asks the wrong broker is caught.
//!
//! In the order data flows: `cluster` starts brokers; each `broker` owns a port and its connections; a `connection` reads
//! frames, notes them in `requests`, obeys `force`, and decodes through `guard` or `produce_request`; `apis` says what is
//! served and `dispatch` which function answers. Those look at one `state`: topics with partitions, each a `log` of record batches
//! (`batch_header`, `records`, `compression`, `sequences`, `transactions`), and groups. `produce`, `fetch`, `offsets`,
//! `metadata`, `topics`, `log_dirs`, `admin`, `configs`, `coordinator` and `group` answer one family of requests each.
//! `stage` is the other way in, for tests and the demo; `damage` spoils what is stored.
//!
//! `demo` puts a play on that stage: `data` makes every record from a seed, `batch` and `prepared` write them, `members`
//! are real consumers in the groups, `traffic` keeps records coming, `follower` commits without a member.
//!
//! Not served, and not listed in ApiVersions: transactional producers (transactions come as prepared batches), KIP-848
//! groups, share groups, ACLs.

mod admin;
mod apis;
pub mod batch;
mod batch_header;
mod broker;
mod call;
mod cluster;
mod codes;
mod compression;
mod configs;
mod connection;
mod coordinator;
mod damage;
pub mod data;
pub mod demo;
mod dispatch;
mod fetch;
mod follower;
mod force;
mod group;
mod guard;
mod log;
mod log_dirs;
mod members;
mod metadata;
mod offsets;
pub mod prepared;
mod produce;
mod produce_request;
mod records;
mod refused;
mod requests;
mod sequences;
mod stage;
mod state;
mod topic;
mod topics;
mod traffic;
mod transactions;

pub use cluster::{Cluster, Setup};
pub use damage::Damage;
pub use force::Force;
pub use kafka_protocol::messages::ApiKey;
pub use refused::Refused;
pub use requests::RequestSeen;
pub use topic::TopicSpec;
