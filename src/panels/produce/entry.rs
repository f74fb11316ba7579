//! One field of the box: text that is written, or what stands in its place and is sent as it is. Typing replaces what
//! is not text; nothing that cannot be shown as text is ever turned into something else.
use super::headers::{self, Headers};
use crate::{
    keymap::Key,
    widgets::{field::Field, format},
};
use crossterm::event::{KeyCode, KeyModifiers};

#[derive(Debug, Default, Clone)]
pub struct Entry {
    text: Field,
    /// Sent byte for byte instead of the text.
    kept: Option<Kept>,
    /// Over both: what is below comes back when the mark goes.
    mark: Option<Mark>,
}

/// What one line of text cannot say.
#[derive(Debug, Clone)]
enum Kept {
    Bytes(Vec<u8>),
    Headers(Headers),
}

/// Null and empty have no letters of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Null,
    Empty,
}

/// What a key or a value comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing was said: null for a key, no record for a value.
    Nothing,
    Null,
    Bytes(Vec<u8>),
}

impl Entry {
    pub fn of_text(text: &str) -> Self {
        Self { text: Field::with(text), ..Self::default() }
    }

    /// As text where text says it exactly. `lines`: may it have more than one?
    pub fn of_bytes(bytes: &[u8], lines: bool) -> Self {
        match std::str::from_utf8(bytes) {
            Ok("") => Self::of_mark(Mark::Empty),
            Ok(text) if lines || !text.contains('\n') => Self::of_text(text),
            _ => Self { kept: Some(Kept::Bytes(bytes.to_vec())), ..Self::default() },
        }
    }

    pub fn of_headers(headers: &Headers) -> Self {
        let text = headers::write(headers);
        if headers::parse(&text) == *headers && !text.contains('\n') {
            return Self::of_text(&text);
        }
        Self { kept: Some(Kept::Headers(headers.clone())), ..Self::default() }
    }

    pub fn of_mark(mark: Mark) -> Self {
        Self { mark: Some(mark), ..Self::default() }
    }

    pub fn content(&self) -> Content {
        match (self.mark, &self.kept) {
            (Some(Mark::Null), _) => Content::Null,
            (Some(Mark::Empty), _) => Content::Bytes(vec![]),
            (None, Some(Kept::Bytes(bytes))) => Content::Bytes(bytes.clone()),
            _ if self.text.is_empty() => Content::Nothing,
            _ => Content::Bytes(self.text.text().into_bytes()),
        }
    }

    pub fn headers(&self) -> Headers {
        match &self.kept {
            Some(Kept::Headers(headers)) => headers.clone(),
            _ => headers::parse(&self.text.text()),
        }
    }

    pub fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// The text as it stands there; `None` where something else does.
    pub fn text(&self) -> Option<&Field> {
        (self.mark.is_none() && self.kept.is_none()).then_some(&self.text)
    }

    pub fn is_untouched(&self) -> bool {
        self.text().is_some_and(Field::is_empty)
    }

    /// What stands there instead of text, in words.
    pub fn kept(&self) -> Option<String> {
        match self.kept.as_ref()? {
            Kept::Bytes(bytes) => {
                let why = if std::str::from_utf8(bytes).is_ok() { "many lines" } else { "not text" };
                Some(format!("{}, {why}", counted(bytes.len(), "byte")))
            }
            Kept::Headers(headers) => {
                let text = |(_, value): &(String, Option<Vec<u8>>)| {
                    value.as_ref().is_none_or(|value| std::str::from_utf8(value).is_ok())
                };
                let why = if headers.iter().all(text) { "many lines" } else { "not text" };
                Some(format!("{}, {why}", counted(headers.len(), "header")))
            }
        }
    }

    /// Lines and the cursor's row; what is not text has one.
    pub fn lines(&self) -> (usize, usize) {
        self.text().map_or((1, 0), |text| (text.lines(), text.row()))
    }

    /// Editing keys; `true` when something changed.
    pub fn key(&mut self, key: Key) -> bool {
        if self.text().is_some() {
            return self.text.key(key);
        }
        let mut text = Field::default();
        match () {
            () if text.key(key) => *self = Self { text, ..Self::default() },
            () if !erases(key) => return false,
            () if self.mark.is_some() => self.mark = None,
            () => *self = Self::default(),
        }
        true
    }

    pub fn paste(&mut self, text: &str, lines: bool) {
        let field = self.writable();
        if lines { field.paste(text) } else { field.paste_line(text) }
    }

    pub fn new_line(&mut self) {
        self.writable().new_line();
    }

    /// What is there → null → empty → what was there. `null_below`: nothing written is null already.
    pub fn cycle(&mut self, null_below: bool) {
        self.mark = match self.mark {
            None if null_below && self.content() == Content::Nothing => Some(Mark::Empty),
            None => Some(Mark::Null),
            Some(Mark::Null) => Some(Mark::Empty),
            Some(Mark::Empty) => None,
        };
    }

    /// The text, emptied of what is not.
    fn writable(&mut self) -> &mut Field {
        if self.text().is_none() {
            *self = Self::default();
        }
        &mut self.text
    }
}

/// Keys that take something away in a text.
fn erases(key: Key) -> bool {
    match key.0 {
        KeyCode::Backspace | KeyCode::Delete => true,
        KeyCode::Char(c) => key.1 == KeyModifiers::CONTROL && "hkuw".contains(c),
        _ => false,
    }
}

fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", format::grouped(n as i64), if n == 1 { "" } else { "s" })
}
