//! The Kafka side of the bus.
pub mod fetch;
