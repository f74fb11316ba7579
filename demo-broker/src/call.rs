//! One request's head and the answer's shape: who asks whom, for what, in which version.

use kafka_protocol::messages::ApiKey;
use kafka_protocol::protocol::StrBytes;
use tokio::sync::oneshot;

/// Who asks which broker for what.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) broker: i32,
    pub(crate) api: ApiKey,
    pub(crate) version: i16,
    pub(crate) correlation: i32,
    pub(crate) client_id: StrBytes,
    /// As brokers write it: a slash and the address.
    pub(crate) host: StrBytes,
    /// Counts the requests of the whole cluster, so that a forced error is counted once for each of them.
    pub(crate) number: u64,
}

/// An answer that is there, or one that comes when the group is ready.
pub(crate) enum Reply<T> {
    Now(T),
    Later(oneshot::Receiver<T>),
}

/// Text of the wire from text of ours.
pub(crate) fn text(s: impl Into<String>) -> StrBytes {
    StrBytes::from_string(s.into())
}
