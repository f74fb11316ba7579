//! The one error of what a topic, partition or batch may not be: a Kafka code and a sentence.

/// Why the cluster refused something: what a client would get as `error_code` and `error_message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why} (Kafka error {code})")]
pub struct Refused {
    /// Kafka's error code, from `org.apache.kafka.common.protocol.Errors`.
    pub code: i16,
    /// A sentence for a person.
    pub why: String,
}

impl Refused {
    pub(crate) fn new(code: i16, why: impl Into<String>) -> Self {
        Self { code, why: why.into() }
    }
}
