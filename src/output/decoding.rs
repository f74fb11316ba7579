//! What a person said that keys and values are. A record that is not so is counted and shown as its bytes, never hidden.
use super::escape;
use crate::{
    decode::{self, Form, decoded},
    record::Record,
};
use std::borrow::Cow;

/// The form of keys and of values; `None`: nobody said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decode {
    pub key: Option<Form>,
    pub value: Option<Form>,
}

/// Reads in these forms, and remembers what it could not read.
#[derive(Debug, Clone, Default)]
pub struct Decoding {
    decode: Decode,
    failures: Failures,
}

/// Keys and values that were not what they were said to be, and the first of them in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures {
    pub count: u64,
    pub first: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Field {
    Key,
    Value,
}

impl Decoding {
    pub fn new(decode: Decode) -> Self {
        Self { decode, failures: Failures::default() }
    }

    pub fn decode(&self) -> Decode {
        self.decode
    }

    pub fn failures(&self) -> &Failures {
        &self.failures
    }

    /// The key for a person; its bytes where nobody said what it is, and where it is something else. `None` is null.
    pub fn key<'a>(&mut self, record: &Record<'a>) -> Option<Cow<'a, [u8]>> {
        self.text(Field::Key, record)
    }

    pub fn value<'a>(&mut self, record: &Record<'a>) -> Option<Cow<'a, [u8]>> {
        self.text(Field::Value, record)
    }

    /// `,"decoded_key":…,"decoded_value":…` of a record object, or why not.
    pub fn fields(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        for field in [Field::Key, Field::Value] {
            let Some(form) = self.form(field) else { continue };
            match decoded(form, field.of(record)) {
                Ok(decoded) => {
                    out.extend_from_slice(field.name());
                    out.extend_from_slice(decoded.json().as_bytes());
                }
                Err(why) => {
                    out.extend_from_slice(field.name_of_error());
                    escape::string(&why.to_string(), out);
                    self.failed(field, form, record, &why);
                }
            }
        }
    }

    fn form(&self, field: Field) -> Option<Form> {
        match field {
            Field::Key => self.decode.key,
            Field::Value => self.decode.value,
        }
    }

    fn text<'a>(&mut self, field: Field, record: &Record<'a>) -> Option<Cow<'a, [u8]>> {
        let bytes = field.of(record)?;
        let Some(form) = self.form(field) else { return Some(bytes.into()) };
        match decoded(form, Some(bytes)) {
            Ok(decoded) => Some(decoded.text().as_bytes().to_vec().into()),
            Err(why) => {
                self.failed(field, form, record, &why);
                Some(bytes.into())
            }
        }
    }

    fn failed(&mut self, field: Field, form: Form, record: &Record<'_>, why: &decode::Why) {
        self.failures.count += 1;
        let (partition, offset) = record.place();
        let words = || format!("the {} of {} {partition}/{offset} as {form}: {why}", field.noun(), record.topic);
        self.failures.first.get_or_insert_with(words);
    }
}

impl Field {
    fn of<'a>(self, record: &Record<'a>) -> Option<&'a [u8]> {
        match self {
            Self::Key => record.key(),
            Self::Value => record.value(),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Value => "value",
        }
    }

    fn name(self) -> &'static [u8] {
        match self {
            Self::Key => b",\"decoded_key\":",
            Self::Value => b",\"decoded_value\":",
        }
    }

    fn name_of_error(self) -> &'static [u8] {
        match self {
            Self::Key => b",\"decoded_key_error\":",
            Self::Value => b",\"decoded_value_error\":",
        }
    }
}
