//! Everything that speaks with Kafka. No type of the protocol crate leaves this module: the rest of the program sees
//! plain values from [`crate::topic`], [`crate::group`] and [`crate::lag`], and errors that are already sentences.
pub mod configs;
pub mod fetch;
pub mod groups;
pub mod offsets;
pub mod produce;
pub mod topics;
pub mod wire;
