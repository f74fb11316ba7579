//! What a person asked for, as plain data: nothing here is compiled or checked.
use crate::mistake::Mistake;

/// Conditions that must all hold; none holds for every record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Each occurs in the key, the value or the value of a header.
    pub grep: Vec<Pattern>,
    /// The key is exactly these bytes; a null key never is.
    pub key: Option<Vec<u8>>,
    /// Each is a header that the record has.
    pub headers: Vec<(String, Wanted)>,
    /// A jq expression that gives `true`.
    pub jq: Option<String>,
}

/// A text, or a regular expression.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    pub text: String,
    pub regex: bool,
    pub ignore_case: bool,
}

/// What the value of a header must be; of several headers by one name any may be it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Any value, null too.
    Any,
    Null,
    Is(Vec<u8>),
}

impl Wanted {
    pub fn holds(&self, value: Option<&[u8]>) -> bool {
        match self {
            Self::Any => true,
            Self::Null => value.is_none(),
            Self::Is(wanted) => value == Some(wanted.as_slice()),
        }
    }
}

impl Query {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `NAME=VALUE`, split at the first `=`, or `NAME` alone for any value.
    pub fn header(text: &str) -> Result<(String, Wanted), Mistake> {
        let (name, wanted) = match text.split_once('=') {
            Some((name, value)) => (name, Wanted::Is(value.into())),
            None => (text, Wanted::Any),
        };
        if name.is_empty() {
            return Err(Mistake::at(text, 0, "a header needs a name: NAME=VALUE, or NAME for any value"));
        }
        Ok((name.to_owned(), wanted))
    }

    /// What to show of it, in the words of the screen's line.
    pub fn words(&self) -> String {
        let key = self.key.iter().map(|key| format!("key:{}", value(key)));
        let headers = self.headers.iter().map(|(name, wanted)| match wanted {
            Wanted::Any => format!("header:{}", name),
            Wanted::Null => format!("header:{}={NULL}", name),
            Wanted::Is(bytes) => format!("header:{}={}", name, value(bytes)),
        });
        let jq = self.jq.iter().map(|jq| format!("= {jq}"));
        let parts: Vec<_> = key.chain(headers).chain(self.grep.iter().map(Pattern::words)).chain(jq).collect();
        parts.join(AND)
    }
}

impl Pattern {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn words(&self) -> String {
        match (self.regex, self.ignore_case) {
            (false, false) => self.text.clone(),
            (true, false) => format!("/{}/", self.text),
            (true, true) => format!("/{}/i", self.text),
            (false, true) => format!("/{}/i", regex::escape(&self.text)),
        }
    }
}

/// Between the parts of a line.
pub const AND: &str = " & ";
/// How the screen writes null.
pub const NULL: &str = "␀";

/// As it would be typed: in quotes where it would be read as something else.
fn value(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let plain = !text.is_empty() && !text.starts_with('"') && text != NULL && text.trim() == text;
    if plain && !text.contains(AND) { text.into_owned() } else { serde_json::Value::from(text).to_string() }
}
