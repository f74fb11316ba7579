//! Columns that a person chooses: what Kafka says of a record, and fields of its JSON. Numbers keep every digit, a
//! field that is not there is not null, and what is not JSON has no fields.
mod fields;
mod read;

use crate::{mistake::Mistake, record::Record};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Columns in the order they were named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    head: String,
    source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Topic,
    Partition,
    Offset,
    Timestamp,
    Key,
    Value,
    Header(String),
    KeyField(Vec<Step>),
    ValueField(Vec<Step>),
}

/// One step into JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    /// From 0.
    Index(usize),
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The record has no such field.
    Missing,
    Null,
    /// As it is, foreign and unescaped; bytes that are not UTF-8 as base64.
    Text(String),
    /// Digits as they were written.
    Number(String),
    /// An object, an array, `true` or `false`, without blanks between its tokens.
    Json(String),
}

impl Cell {
    /// Numbers line up at their right.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// What a file holds: nothing for what is missing and for null.
    pub fn text(&self) -> &str {
        match self {
            Self::Missing | Self::Null => "",
            Self::Text(text) | Self::Number(text) | Self::Json(text) => text,
        }
    }

    fn bytes(bytes: Option<&[u8]>) -> Self {
        match bytes.map(|bytes| (bytes, std::str::from_utf8(bytes))) {
            None => Self::Null,
            Some((_, Ok(text))) => Self::Text(text.to_owned()),
            Some((bytes, Err(_))) => Self::Text(STANDARD.encode(bytes)),
        }
    }
}

impl Columns {
    /// Names parted by commas: `topic partition offset timestamp key value headers.NAME` are the record's own; others
    /// are fields of the value, as are names after a leading dot (`.topic`): `user.name`, `items[0].sku`,
    /// `'odd name'.x`. `key.id` and `value.id` say where the field is looked for.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        read::columns(text).map(Self)
    }

    /// As they were written.
    pub fn heads(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|column| column.head.as_str())
    }

    /// One for each column. Key and value are walked once each, whatever the number of columns.
    pub fn cells(&self, record: &Record<'_>) -> Vec<Cell> {
        let mut of_key = self.fields(record.key(), |source| match source {
            Source::KeyField(steps) => Some(steps),
            _ => None,
        });
        let mut of_value = self.fields(record.value(), |source| match source {
            Source::ValueField(steps) => Some(steps),
            _ => None,
        });
        let cell = |column: &Column| match &column.source {
            Source::KeyField(_) => of_key.next().unwrap_or(Cell::Missing),
            Source::ValueField(_) => of_value.next().unwrap_or(Cell::Missing),
            own => own.cell(record),
        };
        self.0.iter().map(cell).collect()
    }

    /// The cells of all columns that `steps` finds steps in.
    fn fields<'a>(
        &'a self,
        bytes: Option<&[u8]>,
        steps: impl Fn(&'a Source) -> Option<&'a Vec<Step>>,
    ) -> std::vec::IntoIter<Cell> {
        let paths: Vec<_> = self.0.iter().filter_map(|column| steps(&column.source)).map(Vec::as_slice).collect();
        match bytes {
            Some(bytes) if !paths.is_empty() => fields::cells(bytes, &paths).into_iter(),
            _ => vec![].into_iter(),
        }
    }
}

impl Source {
    /// What is not found in JSON.
    fn cell(&self, record: &Record<'_>) -> Cell {
        match self {
            Self::Topic => Cell::Text(record.topic.to_string()),
            Self::Partition => Cell::Number(record.head.partition.to_string()),
            Self::Offset => Cell::Number(record.head.offset.to_string()),
            Self::Timestamp if record.head.timestamp < 0 => Cell::Missing,
            Self::Timestamp => Cell::Number(record.head.timestamp.to_string()),
            Self::Key => Cell::bytes(record.key()),
            Self::Value => Cell::bytes(record.value()),
            Self::Header(name) => {
                let last = record.headers().filter(|(of, _)| *of == name.as_bytes()).last();
                last.map_or(Cell::Missing, |(_, value)| Cell::bytes(value))
            }
            Self::KeyField(_) | Self::ValueField(_) => Cell::Missing,
        }
    }
}

#[cfg(test)]
mod tests;
