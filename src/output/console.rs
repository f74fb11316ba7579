//! The properties of Kafka's DefaultMessageFormatter (`kafka-console-consumer --property print.key=true`) as a format.
use super::{
    Decode, Tokens,
    tokens::{Headers, Token},
};
use crate::mistake::Mistake;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Console {
    pub decode: Decode,
    /// Columns that are printed, in the formatter's own order.
    columns: [(Column, bool); 6],
    key_separator: Vec<u8>,
    line_separator: Vec<u8>,
    headers_separator: Vec<u8>,
    null: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Timestamp,
    Partition,
    Offset,
    Headers,
    Key,
    Value,
}

impl Default for Console {
    fn default() -> Self {
        use Column::{Headers, Key, Offset, Partition, Timestamp, Value};
        Self {
            decode: Decode::default(),
            columns: [Timestamp, Partition, Offset, Headers, Key, Value].map(|column| (column, column == Value)),
            key_separator: b"\t".to_vec(),
            line_separator: b"\n".to_vec(),
            headers_separator: b",".to_vec(),
            null: b"null".to_vec(),
        }
    }
}

impl Console {
    /// Reads `print.key=true`.
    ///
    /// # Errors
    /// With the column of what has no meaning here.
    pub fn set(&mut self, text: &str) -> Result<(), Mistake> {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Mistake::new(text.chars().count(), "write NAME=VALUE, as in print.key=true"));
        };
        let at = name.chars().count() + 1;
        let form = || value.parse().map(Some).map_err(|error| Mistake::new(at, format!("{error}")));
        match name {
            "key.separator" => self.key_separator = value.into(),
            "line.separator" => self.line_separator = value.into(),
            "headers.separator" => self.headers_separator = value.into(),
            "null.literal" => self.null = value.into(),
            "key.deserializer" => self.decode.key = form()?,
            "value.deserializer" => self.decode.value = form()?,
            _ => {
                let shown = self.column(name)?;
                *shown = truth(value, at)?;
            }
        }
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<&mut bool, Mistake> {
        let wanted = name.strip_prefix("print.");
        let known = self.columns.iter_mut().find(|(column, _)| Some(column.name()) == wanted);
        known.map(|(_, shown)| shown).ok_or_else(|| {
            let words = format!("{name} has no meaning here; --format has tokens for what it printed");
            Mistake::new(0, words)
        })
    }

    /// Columns between separators, the last followed by the line's end.
    pub fn tokens(&self) -> Tokens {
        let mut tokens = Tokens::default();
        for (at, (column, _)) in self.columns.iter().filter(|(_, shown)| *shown).enumerate() {
            if at > 0 {
                tokens.push(Token::Literal(self.key_separator.clone()));
            }
            self.tokens_of(*column).into_iter().for_each(|token| tokens.push(token));
        }
        tokens.push(Token::Literal(self.line_separator.clone()));
        tokens
    }

    fn tokens_of(&self, column: Column) -> Vec<Token> {
        let null = self.null.clone();
        match column {
            Column::Timestamp => vec![Token::NamedTimestamp],
            Column::Partition => vec![Token::Literal(b"Partition:".to_vec()), Token::Partition],
            Column::Offset => vec![Token::Literal(b"Offset:".to_vec()), Token::Offset],
            Column::Headers => vec![Token::Headers(Headers {
                between: self.headers_separator.clone(),
                separator: b":".to_vec(),
                null,
                none: b"NO_HEADERS".to_vec(),
            })],
            Column::Key => vec![Token::Key { null }],
            Column::Value => vec![Token::Value { null }],
        }
    }
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Partition => "partition",
            Self::Offset => "offset",
            Self::Headers => "headers",
            Self::Key => "key",
            Self::Value => "value",
        }
    }
}

fn truth(value: &str, at: usize) -> Result<bool, Mistake> {
    match value.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Mistake::new(at, "write true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn console(properties: &[&str]) -> Result<Console, Mistake> {
        let mut console = Console::default();
        properties.iter().try_for_each(|property| console.set(property)).map(|()| console)
    }

    #[test]
    fn without_a_word_it_is_the_value_and_a_newline() {
        let null = b"null".to_vec();
        let mut wanted = Tokens::default();
        [Token::Value { null }, Token::Literal(b"\n".to_vec())].into_iter().for_each(|token| wanted.push(token));
        assert_eq!(Console::default().tokens(), wanted);
    }

    #[test]
    fn a_property_without_meaning_is_placed() {
        for (text, column) in [("print.key", 9), ("print.key=yes", 10), ("print.epoch=true", 0), ("schema=x", 0)] {
            assert_eq!(console(&[text]).unwrap_err().column, column, "{text}");
        }
    }
}
