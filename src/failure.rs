//! An error as a person reads it: what was attempted, what was answered, what to try next.
//! Built where the error happens, in words; nobody parses it back.
use std::fmt;

/// Three short sentences' worth of an error. Texts from brokers are kept raw here and made safe where they are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Failure {
    /// What the program tried, e.g. `connecting to localhost:9092`.
    pub attempted: String,
    /// What was seen or said in return, e.g. `connection refused`.
    pub answered: String,
    /// What a person can do now; empty where there is nothing.
    pub advice: String,
}

impl Failure {
    pub fn new(attempted: impl Into<String>, answered: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { attempted: attempted.into(), answered: answered.into(), advice: advice.into() }
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
