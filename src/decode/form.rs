//! How a person says that bytes are to be read: one name a form, and Kafka's own class names for the same.
use crate::config::nearest;
use std::{fmt, str::FromStr};

/// What bytes are read as. More forms are a variant here, a row in [`Form::ALL`] and an arm in [`super::decoded`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// By looking: JSON objects and arrays as JSON, text as text, anything else as hex. Never a number: eight letters
    /// and an int64 look alike, and a guess would be a lie half of the time.
    #[default]
    Auto,
    /// UTF-8.
    Text,
    /// Any JSON value, also a lone number or word.
    Json,
    Hex,
    Base64,
    /// Integers and floats are big-endian, as Kafka's serializers write them.
    Int16,
    Int32,
    Int64,
    Float,
    Double,
    /// 16 bytes, or the 36 letters that Kafka's UUIDSerializer writes.
    Uuid,
}

/// A name that no form has, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no form to read bytes as{near}; known are {known}")]
pub struct UnknownForm {
    name: String,
    near: String,
    known: String,
}

impl Form {
    /// In the order that a key cycles through and help names them.
    pub const ALL: [Self; 11] = [
        Self::Auto,
        Self::Text,
        Self::Json,
        Self::Hex,
        Self::Base64,
        Self::Int16,
        Self::Int32,
        Self::Int64,
        Self::Float,
        Self::Double,
        Self::Uuid,
    ];

    /// As `--decode` and the screen spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => "text",
            Self::Json => "json",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float => "float",
            Self::Double => "double",
            Self::Uuid => "uuid",
        }
    }

    /// The one after this; after the last the first.
    pub fn next(self) -> Self {
        let after = Self::ALL.iter().skip_while(|form| **form != self).nth(1);
        after.copied().unwrap_or_default()
    }

    /// Of Kafka's serializers and deserializers, without package and suffix. Bytes say nothing of what they are.
    fn of_class(class: &str) -> Option<Self> {
        Some(match class {
            "string" | "uuid" => Self::Text,
            "short" => Self::Int16,
            "integer" => Self::Int32,
            "long" => Self::Int64,
            "float" => Self::Float,
            "double" => Self::Double,
            "bytearray" | "bytes" | "bytebuffer" => Self::Auto,
            _ => return None,
        })
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Takes the names, and Kafka's classes: `org.apache.kafka.common.serialization.LongDeserializer` is `int64`.
impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(name: &str) -> Result<Self, UnknownForm> {
        let word = name.trim().to_ascii_lowercase();
        if let Some(form) = Self::ALL.into_iter().find(|form| form.name() == word) {
            return Ok(form);
        }
        let class = word.rsplit('.').next().unwrap_or_default();
        let class = class.strip_suffix("deserializer").or(class.strip_suffix("serializer")).unwrap_or(class);
        Self::of_class(class).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            let near = nearest(&word, names).map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
            UnknownForm { name: name.to_owned(), near, known: names.join(", ") }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_name_that_leads_back_to_it_and_a_place_in_the_circle() {
        let mut seen = vec![Form::Auto];
        while seen.len() < Form::ALL.len() {
            seen.push(seen[seen.len() - 1].next());
        }
        assert_eq!(seen, Form::ALL);
        assert_eq!(Form::Uuid.next(), Form::Auto);
        assert!(Form::ALL.into_iter().all(|form| form.name().parse() == Ok(form)));
    }

    #[test]
    fn the_classes_of_kafka_are_taken_in_any_spelling() {
        let class = |name: &str| format!("org.apache.kafka.common.serialization.{name}").parse::<Form>();
        let known = [
            ("LongDeserializer", Form::Int64),
            ("ShortDeserializer", Form::Int16),
            ("IntegerSerializer", Form::Int32),
            ("FloatDeserializer", Form::Float),
            ("DoubleDeserializer", Form::Double),
            ("StringDeserializer", Form::Text),
            ("ByteArrayDeserializer", Form::Auto),
        ];
        assert!(known.into_iter().all(|(name, form)| class(name) == Ok(form)));
        assert_eq!(class("UUIDDeserializer"), Ok(Form::Text), "Kafka's class reads the 36 letters");
        assert_eq!("LongDeserializer".parse(), Ok(Form::Int64));
        assert_eq!(" INT64 ".parse(), Ok(Form::Int64));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_and_all_that_are_known() {
        let said = "itn64".parse::<Form>().unwrap_err().to_string();
        assert!(
            said.starts_with("\"itn64\" is no form to read bytes as (did you mean int64?); known are auto, "),
            "{said}"
        );
        let said = "zebra".parse::<Form>().unwrap_err().to_string();
        assert!(!said.contains("did you mean") && said.ends_with("double, uuid"), "{said}");
    }
}
