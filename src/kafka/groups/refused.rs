//! Why a broker does not change a group, in words: the same codes mean something else than they do where groups are read.
use crate::{failure::Failure, kafka::wire::error::check};
use kafka_protocol::error::ResponseError;

/// Where it is not sure that nothing was done.
const LOOK: &str = "read what stands there now before trying again";

/// Which rights a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Commit,
    Forget,
    Delete,
}

impl Doing {
    /// The rights as `KafkaApis` and `AuthHelper` ask for them.
    fn right(self) -> &'static str {
        if self == Self::Commit {
            "ask for the right READ on the group"
        } else {
            "ask for the right DELETE on the group"
        }
    }

    /// Words for a code whose plain words speak of reading.
    fn words(self, code: i16) -> Option<(&'static str, &'static str)> {
        const STOP: &str = "stop its members, then plan again";
        Some(match ResponseError::try_from_code(code)? {
            ResponseError::UnknownMemberId | ResponseError::IllegalGeneration | ResponseError::StaleMemberEpoch => {
                ("a member has joined the group meanwhile", STOP)
            }
            ResponseError::RebalanceInProgress => ("the group is rebalancing: a member has joined meanwhile", STOP),
            ResponseError::GroupSubscribedToTopic => ("a member of the group subscribes to the topic", STOP),
            ResponseError::NonEmptyGroup => ("the group has members", STOP),
            ResponseError::GroupIdNotFound => ("the group does not exist", "check its name"),
            ResponseError::GroupAuthorizationFailed => ("this user may not change the group", self.right()),
            ResponseError::TopicAuthorizationFailed => {
                ("this user may not change offsets of the topic", "ask for the right READ on the topic")
            }
            ResponseError::UnknownTopicOrPartition => ("the topic or partition does not exist", ""),
            ResponseError::InvalidCommitOffsetSize => {
                ("the commits are too large for the broker", "move fewer at once")
            }
            ResponseError::CoordinatorLoadInProgress => {
                ("not done: the coordinator is still loading", "try again soon")
            }
            ResponseError::NotCoordinator => ("the group's coordinator has moved", LOOK),
            // Also the answer where the coordinator wrote it and its copies did not follow in time.
            ResponseError::CoordinatorNotAvailable => ("unknown, it may have been done: the coordinator gave up", LOOK),
            _ => return None,
        })
    }
}

/// `Ok` for code 0, else the broker's refusal in words.
pub fn refusal(code: i16, doing: Doing, attempted: impl FnOnce() -> String) -> Result<(), Failure> {
    let words = doing.words(code);
    let advice = words.map_or(LOOK, |(_, advice)| advice);
    let refused = check(code, words.map(|(answered, _)| answered), attempted);
    refused.map_err(|error| Failure::from(error).advising(advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t24_each_refusal_says_what_to_do_and_keeps_kafkas_own_name() {
        let table = [
            (
                Doing::Commit,
                25,
                "a member has joined the group meanwhile (error 25, UNKNOWN_MEMBER_ID)",
                "stop its members",
            ),
            (Doing::Commit, 27, "rebalancing: a member has joined meanwhile (error 27", "stop its members"),
            (Doing::Commit, 3, "the topic or partition does not exist (error 3", ""),
            (Doing::Commit, 29, "may not change offsets of the topic (error 29", "READ on the topic"),
            (Doing::Commit, 30, "may not change the group (error 30", "READ on the group"),
            (Doing::Forget, 30, "may not change the group (error 30", "DELETE on the group"),
            (Doing::Forget, 86, "a member of the group subscribes to the topic (error 86", "stop its members"),
            (Doing::Forget, 68, "the group has members (error 68, NON_EMPTY_GROUP)", "stop its members"),
            (Doing::Delete, 69, "the group does not exist (error 69", "check its name"),
            (Doing::Commit, 15, "unknown, it may have been done", "read what stands there"),
            (Doing::Commit, 12, "error 12, OFFSET_METADATA_TOO_LARGE", ""),
            (Doing::Commit, 1_234, "error 1234, which this program does not know", "read what stands there"),
        ];
        for (doing, code, answered, advice) in table {
            let why = refusal(code, doing, || "writing".into()).unwrap_err();
            assert!(why.answered.contains(answered) && why.advice.contains(advice), "{why}");
        }
        assert_eq!(refusal(0, Doing::Commit, String::new), Ok(()));
    }
}
