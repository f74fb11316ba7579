//! kafscope, a full-screen console for Apache Kafka. The map of the house, in the order data flows:
//!
//! - [`bus`]: the two bounded streets between the screen and Kafka, and every [`bus::Command`] and [`bus::Event`].
//! - [`kafka`]: everything that speaks with Kafka.
//! - [`topic`], [`group`], [`record`], [`lag`], [`failure`]: the nouns that both sides share, plain values without I/O.
pub mod bus;
pub mod failure;
pub mod group;
pub mod kafka;
pub mod lag;
pub mod record;
pub mod topic;
