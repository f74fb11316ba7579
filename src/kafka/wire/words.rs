//! The one place where an error of the wire becomes sentences for a person: what was seen, and what to try next.
use super::error::{Cause, Error, Speech, Way};
use crate::failure::Failure;
use kafka_protocol::error::ResponseError;
use std::{fmt, time::Duration};

const LISTENERS: &str =
    "the brokers advertise this address (advertised.listeners), and this machine must be able to reach it";
const DOWN: &str = "is this broker down? it is tried again";

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let advice = match error.way {
            Way::Advertised if error.cause.is_about_reaching() => LISTENERS.to_owned(),
            Way::Confirmed if error.cause.is_about_reaching() => DOWN.to_owned(),
            _ => advice(&error.cause),
        };
        Self::new(&error.attempted, error.cause.to_string(), advice)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Failure::from(self).fmt(f)
    }
}

impl std::error::Error for Error {}

impl Cause {
    fn is_about_reaching(&self) -> bool {
        matches!(self, Self::NoName(_) | Self::Refused | Self::Unreachable(_) | Self::NoConnection(_) | Self::Silent(_))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress(why) | Self::Unreachable(why) | Self::Broken(why) => f.write_str(why),
            Self::NoName(why) => write!(f, "the name cannot be resolved ({why})"),
            Self::Refused => f.write_str("connection refused"),
            Self::NoConnection(within) => write!(f, "no connection within {}", Seconds(*within)),
            Self::Silent(within) => write!(f, "the port is open but said nothing within {}", Seconds(*within)),
            Self::Late(within) => write!(f, "no answer within {}", Seconds(*within)),
            Self::Throttled(wait) => write!(f, "the broker's quota asks for {} of silence", Seconds(*wait)),
            Self::Foreign(speech) => speech.fmt(f),
            Self::Controller => f.write_str("this port is a KRaft controller's, which answers brokers only"),
            Self::Closed { answers: 0 } => f.write_str("the other side closed the connection without an answer"),
            Self::Closed { answers: 1 } => f.write_str("the broker closed the connection at the first request"),
            Self::Closed { .. } => f.write_str("the broker closed the connection"),
            Self::Cut => f.write_str("the connection was cut in the middle of an answer"),
            Self::Ended => f.write_str("the connection was given up"),
            Self::Garbled(why) => write!(f, "the answer cannot be read: {why}"),
            Self::Lacks { call, since } => write!(f, "this broker has no {call}, which came with Kafka {since}"),
            Self::NoVersion { call, broker, ours } => write!(
                f,
                "this broker has {call} in versions {} to {}, and this program speaks {} to {}",
                broker.0, broker.1, ours.0, ours.1
            ),
            Self::Unwritable(why) => write!(f, "the request cannot be written: {why}"),
            Self::Code { code, text } => code_words(f, *code, text.as_deref()),
            Self::Gone => f.write_str("the topic or partition no longer exists"),
            Self::NoTopic => f.write_str("the topic no longer exists"),
            Self::NoLeader => f.write_str("the partition has no leader now"),
            Self::NoBroker => f.write_str("the cluster lists no such broker now"),
            Self::Nobody(errors) => nobody(f, errors),
        }
    }
}

impl fmt::Display for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "this port speaks HTTP, not Kafka",
            Self::Tls => "this port speaks TLS, and was spoken to without",
            Self::Ssh => "this port speaks SSH, not Kafka",
            Self::Unknown => "this port answers, but not as Kafka does",
        })
    }
}

fn advice(cause: &Cause) -> String {
    match cause {
        Cause::BadAddress(_) => "write HOST:PORT, for example localhost:9092",
        Cause::NoName(_) => "check the spelling of the host, or try its IP address: -b HOST:PORT",
        Cause::Refused => "is Kafka running there? try -b HOST:PORT",
        Cause::Unreachable(_) | Cause::NoConnection(_) => "is the host up, and no firewall between? try -b HOST:PORT",
        Cause::Silent(_) => "is this a Kafka broker's port? a busy broker answers later: it is tried again",
        Cause::Late(_) | Cause::Throttled(_) => "the broker is busy or stuck: it is asked again",
        Cause::Foreign(Speech::Tls) => "use the broker's PLAINTEXT listener",
        Cause::Foreign(_) => "give the port of a Kafka broker, usually 9092",
        Cause::Controller => "give a broker's port instead",
        Cause::Closed { answers: 0 } => "this may be a TLS port, or no Kafka broker",
        Cause::Closed { answers: 1 } => "the port may want a login (SASL)",
        Cause::Garbled(_) => "is there a proxy between, or a program that only resembles Kafka?",
        Cause::Code { code, .. } => return code_advice(*code).to_owned(),
        Cause::Nobody(errors) => return errors.first().map(|e| Failure::from(e).advice.clone()).unwrap_or_default(),
        Cause::NoLeader => "is one of its brokers down? it is asked again",
        Cause::Closed { .. } | Cause::Cut | Cause::Ended | Cause::Broken(_) | Cause::NoBroker => "it is tried again",
        Cause::Gone | Cause::NoTopic | Cause::Lacks { .. } | Cause::NoVersion { .. } | Cause::Unwritable(_) => "",
    }
    .to_owned()
}

fn known(code: i16) -> Option<ResponseError> {
    ResponseError::try_from_code(code).filter(|error| !matches!(error, ResponseError::Unknown(_)))
}

/// The broker's own text if it sent one, and always the code: it is what people search for.
fn code_words(f: &mut fmt::Formatter<'_>, code: i16, text: Option<&str>) -> fmt::Result {
    let Some(known) = known(code) else {
        write!(f, "error {code}, which this program does not know")?;
        return text.map_or(Ok(()), |text| write!(f, " ({text})"));
    };
    let plain = text.or(plain_words(known));
    match plain {
        Some(plain) => write!(f, "{plain} (error {code}, {})", shout(known)),
        None => write!(f, "error {code}, {}", shout(known)),
    }
}

fn plain_words(error: ResponseError) -> Option<&'static str> {
    Some(match error {
        ResponseError::UnknownTopicOrPartition => "the topic or partition does not exist",
        ResponseError::LeaderNotAvailable => "the partition has no leader now",
        ResponseError::NotLeaderOrFollower => "the partition's leader has moved",
        ResponseError::CoordinatorLoadInProgress => "the coordinator is still loading",
        ResponseError::CoordinatorNotAvailable => "the group's coordinator is not available",
        ResponseError::NotCoordinator => "the group's coordinator has moved",
        ResponseError::TopicAuthorizationFailed => "this user may not describe the topic",
        ResponseError::GroupAuthorizationFailed => "this user may not describe the group",
        ResponseError::ClusterAuthorizationFailed => "this user may not describe the cluster",
        ResponseError::GroupIdNotFound => "the group does not exist",
        ResponseError::UnsupportedVersion => "the broker has this call switched off",
        ResponseError::UnstableOffsetCommit => "a transaction is still committing offsets",
        ResponseError::KafkaStorageError => "the broker cannot read its disk",
        _ => return None,
    })
}

fn code_advice(code: i16) -> &'static str {
    match known(code) {
        Some(ResponseError::TopicAuthorizationFailed) => "ask for the right DESCRIBE on the topic",
        Some(ResponseError::GroupAuthorizationFailed) => "ask for the right DESCRIBE on the group",
        Some(ResponseError::ClusterAuthorizationFailed) => "ask for the right DESCRIBE on the cluster",
        Some(ResponseError::UnknownTopicOrPartition) => "check its name; once it is there it opens by itself",
        Some(error) if error.is_retriable() => "it is asked again",
        Some(_) => "",
        None => "it may be newer than this program",
    }
}

/// Kafka's own spelling: `NotLeaderOrFollower` → `NOT_LEADER_OR_FOLLOWER`.
fn shout(error: ResponseError) -> String {
    let mut name = String::new();
    for letter in format!("{error:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn nobody(f: &mut fmt::Formatter<'_>, errors: &[Error]) -> fmt::Result {
    for (i, error) in errors.iter().enumerate() {
        let between = if i == 0 { "" } else { "; " };
        write!(f, "{between}{}: {}", error.attempted.trim_start_matches("connecting to "), error.cause)?;
    }
    Ok(())
}

/// `3 s`, `1.5 s`, `250 ms`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.as_millis() + 50) / 100;
        match (tenths / 10, tenths % 10) {
            (0, _) => write!(f, "{} ms", self.0.as_millis()),
            (whole, 0) => write!(f, "{whole} s"),
            (whole, tenth) => write!(f, "{whole}.{tenth} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cause: Cause) -> String {
        Error::new("connecting to localhost:9092", cause).to_string()
    }

    #[test]
    fn a_code_nobody_knows_is_shown_as_its_number() {
        assert_eq!(
            said(Cause::Code { code: 1234, text: None }),
            "connecting to localhost:9092: error 1234, which this program does not know; it may be newer than this program"
        );
    }

    #[test]
    fn a_known_code_is_told_in_words_and_in_kafkas_own_name() {
        let words = said(Cause::Code { code: 30, text: None });
        assert!(words.contains("may not describe the group (error 30, GROUP_AUTHORIZATION_FAILED)"), "{words}");
        let words = said(Cause::Code { code: 42, text: Some("no such thing".into()) });
        assert!(words.contains("no such thing (error 42, INVALID_REQUEST)"), "{words}");
    }

    #[test]
    fn times_are_told_as_people_say_them() {
        let said = |ms| Seconds(Duration::from_millis(ms)).to_string();
        assert_eq!([said(250), said(2_999), said(1_500), said(10_000)], ["250 ms", "3 s", "1.5 s", "10 s"]);
    }

    #[test]
    fn a_refused_connection_names_the_address_and_the_next_step() {
        assert_eq!(
            said(Cause::Refused),
            "connecting to localhost:9092: connection refused; is Kafka running there? try -b HOST:PORT"
        );
    }

    #[test]
    fn an_advertised_address_that_cannot_be_reached_is_blamed_on_the_listeners() {
        let mut error = Error::new("connecting to broker 2 at kafka-2:9092", Cause::NoName("no such host".into()));
        error.way = Way::Advertised;
        assert!(error.to_string().contains("the brokers advertise this address"), "{error}");
    }

    #[test]
    fn one_broker_that_is_down_is_no_reason_to_give_another_address() {
        let mut error = Error::new("connecting to broker 2 at localhost:9094", Cause::Refused);
        error.way = Way::Confirmed;
        assert!(error.to_string().ends_with("connection refused; is this broker down? it is tried again"), "{error}");
    }

    #[test]
    fn a_call_the_broker_lacks_names_the_version_it_came_with() {
        let words = said(Cause::Lacks { call: "DescribeConfigs", since: "0.11" });
        assert!(words.contains("this broker has no DescribeConfigs, which came with Kafka 0.11"), "{words}");
    }
}
