//! An error as a person reads it: what was attempted, what was answered, what to try next.
//! Built where the error happens, in words; nobody parses it back.
use std::{fmt, ops::Deref, sync::Arc};

/// Three short sentences' worth of an error. Texts from brokers are kept raw here and made safe where they are drawn. It
/// takes the room of one pointer, for thousands of numbers stand where it might stand instead.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Failure(Arc<Words>);

/// What a [`Failure`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Words {
    /// What the program tried, e.g. `connecting to localhost:9092`.
    pub attempted: String,
    /// What was seen or said in return, e.g. `connection refused`.
    pub answered: String,
    /// What a person can do now; empty where there is nothing.
    pub advice: String,
}

impl Failure {
    pub fn new(attempted: impl Into<String>, answered: impl Into<String>, advice: impl Into<String>) -> Self {
        Self(Arc::new(Words { attempted: attempted.into(), answered: answered.into(), advice: advice.into() }))
    }

    /// The same answer to another attempt.
    pub fn attempting(&self, attempted: impl Into<String>) -> Self {
        Self::new(attempted, &*self.answered, &*self.advice)
    }

    /// Another answer to the same attempt.
    pub fn answering(&self, answered: impl Into<String>) -> Self {
        Self::new(&*self.attempted, answered, &*self.advice)
    }

    /// The same with something better to try next.
    pub fn advising(&self, advice: impl Into<String>) -> Self {
        Self::new(&*self.attempted, &*self.answered, advice)
    }
}

impl Deref for Failure {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.attempted, self.answered)?;
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
