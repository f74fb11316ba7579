//! Librdkafka's errors as sentences, and whether a broker may have the record all the same.
use super::Unsent;
use crate::failure::Failure;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

/// `reason`: what librdkafka said last about its connections, which tells more than "timed out".
pub fn unsent(topic: &str, error: &KafkaError, reason: Option<String>) -> Unsent {
    let attempted = format!("sending a record to {topic}");
    let Some(code) = error.rdkafka_error_code() else {
        return Unsent { failure: Failure::new(attempted, error.to_string(), ""), maybe_written: false };
    };
    let maybe_written = maybe_written(code);
    let last = reason.filter(|_| is_about_reaching(code)).map(|reason| format!(" ({reason})")).unwrap_or_default();
    let answered = format!("{}{last}", answered(code));
    Unsent { failure: Failure::new(attempted, answered, advice(code, maybe_written)), maybe_written }
}

/// The producer was closed before an answer came.
pub fn closed(topic: &str) -> Unsent {
    let failure = Failure::new(
        format!("sending a record to {topic}"),
        "the program ended before the acknowledgement came",
        "it may have been written: look at the topic before sending it again",
    );
    Unsent { failure, maybe_written: true }
}

/// Errors after which nobody knows. A broker's plain refusal, and what never left this machine, are sure.
fn maybe_written(code: Code) -> bool {
    matches!(
        code,
        Code::MessageTimedOut
            | Code::OperationTimedOut
            | Code::BrokerTransportFailure
            | Code::PurgeInflight
            | Code::Fatal
            | Code::RequestTimedOut
            | Code::NotEnoughReplicasAfterAppend
            | Code::NetworkException
            | Code::OutOfOrderSequenceNumber
            | Code::UnknownProducerId
    )
}

fn is_about_reaching(code: Code) -> bool {
    matches!(
        code,
        Code::MessageTimedOut | Code::OperationTimedOut | Code::BrokerTransportFailure | Code::AllBrokersDown
    )
}

fn answered(code: Code) -> String {
    match code {
        Code::MessageTimedOut => "no broker acknowledged it in time".into(),
        Code::UnknownTopic | Code::UnknownTopicOrPartition => "the topic does not exist".into(),
        Code::UnknownPartition => "the topic has no such partition".into(),
        Code::MessageSizeTooLarge => "the record is larger than the topic takes (max.message.bytes)".into(),
        Code::TopicAuthorizationFailed => "this user may not write to the topic".into(),
        Code::PurgeQueue => "the program ended before it was sent".into(),
        Code::PurgeInflight => "the program ended before the acknowledgement came".into(),
        code => format!("{code}"),
    }
}

fn advice(code: Code, maybe_written: bool) -> &'static str {
    match code {
        _ if maybe_written => "it may have been written: look at the topic before sending it again",
        Code::UnknownTopic | Code::UnknownTopicOrPartition => "create it first: sending never creates a topic",
        Code::MessageSizeTooLarge => "send a smaller one, or raise max.message.bytes of the topic",
        _ => "",
    }
}
