//! What a script expects of a group: `lag<1000`, `behind<=5m`, `members>=2`, `state=stable`. Says why it is not so, and
//! never takes a bound for a number: what is not known exactly meets nothing that it could break.
mod known;
mod read;

use crate::{
    group::{GroupLag, GroupState},
    lag::Behind,
};
use known::Known;

pub use read::time;

/// One thing that is expected of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// As it was typed.
    text: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// A number; of [`Of::Behind`] in milliseconds.
    Number(Of, Comparison, i64),
    State(GroupState),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Lag,
    Behind,
    Members,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Below,
    AtMost,
    Is,
    AtLeast,
    Above,
}

impl Expectation {
    /// Can it be judged only by reading the oldest unread records?
    pub fn reads_records(&self) -> bool {
        matches!(self.what, What::Number(Of::Behind, ..))
    }

    /// # Errors
    /// Why it is not met, in words that name the group.
    pub fn judge(&self, told: &GroupLag, behind: &Behind) -> Result<(), String> {
        let found = match &self.what {
            What::State(wanted) if told.group.state == *wanted => return Ok(()),
            What::State(_) => format!("its state is {}", told.group.state.word()),
            What::Number(of, comparison, wanted) => {
                let known = of.known(told, behind);
                if known.always(*comparison, *wanted) {
                    return Ok(());
                }
                known.words
            }
        };
        Err(format!("group {}: {} is not met: {found}", told.group.name, self.text))
    }
}

impl Of {
    fn known(self, told: &GroupLag, behind: &Behind) -> Known {
        match self {
            Self::Lag => Known::lag(told),
            Self::Behind => Known::behind(told, behind),
            Self::Members => Known::members(told),
        }
    }
}
