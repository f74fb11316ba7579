//! A mistake in a line that a person typed: a filter, a place, a format, columns. Says what is wrong and where.
use std::fmt;

/// Who draws a mark under the letter shows `words`; the whole, where nothing is marked, tells the column too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The letter at which it is, counted from 0; at the end when something is missing there.
    pub column: usize,
    pub words: String,
    /// What the column counts in, where it may be a part of what was typed; `None`: all of it.
    pub text: Option<String>,
}

impl Mistake {
    pub fn new(column: usize, words: impl Into<String>) -> Self {
        Self { column, words: words.into(), text: None }
    }

    /// In one text of several that were typed.
    pub fn at(text: &str, column: usize, words: impl Into<String>) -> Self {
        Self { text: Some(text.to_owned()), ..Self::new(column, words) }
    }

    pub fn at_byte(text: &str, byte: usize, words: impl Into<String>) -> Self {
        Self::at(text, letters_before(text, byte), words)
    }

    /// The same in a longer text that has this one's text at `byte`.
    pub fn within(self, text: &str, byte: usize) -> Self {
        Self::at(text, self.column + letters_before(text, byte), self.words)
    }
}

fn letters_before(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count()
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (column {})", self.words, self.column + 1)
    }
}

impl std::error::Error for Mistake {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_part_is_counted_in_letters_of_the_whole() {
        let part = Mistake::at_byte("ä x", 3, "odd");
        assert_eq!((part.column, part.text.as_deref()), (2, Some("ä x")));
        let whole = part.within("für ä x", 5);
        assert_eq!((whole.column, whole.text.as_deref()), (6, Some("für ä x")));
        assert_eq!(whole.to_string(), "odd (column 7)");
    }
}
