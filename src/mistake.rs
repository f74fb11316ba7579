//! A mistake in a line that a person typed: a filter, a place, a format, columns. Says what is wrong and where.
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The letter at which it is, counted from 0.
    pub column: usize,
    pub words: String,
}

impl Mistake {
    pub fn new(column: usize, words: impl Into<String>) -> Self {
        Self { column, words: words.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Mistake {}
