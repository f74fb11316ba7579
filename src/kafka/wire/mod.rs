//! Speaking Kafka: frames over TCP, many requests in flight, versions both sides know, and the right broker for each
//! question. Owns sockets and deadlines; knows nothing of what the answers mean to a person.
mod absent;
mod address;
pub mod calls;
mod cluster;
mod connection;
mod drive;
pub mod error;
mod frames;
mod guard;
mod link;
mod metadata;
mod negotiate;
mod pace;
mod probe;
mod race;
mod requests;
mod spare;
mod versions;
mod words;

pub use absent::hidden;
pub use address::Address;
pub use cluster::{Cluster, Settings};
pub use connection::Connection;
pub use error::{Cause, Error, Result};
pub use metadata::Metadata;
