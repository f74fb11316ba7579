//! kcat's format strings, parsed once: `%t %p %o %k …` and its escapes.
use super::{decoding::Decoding, escape::number};
use crate::{
    mistake::Mistake,
    record::{Record, TimestampType},
};
use std::borrow::Cow;

/// What a format says, in order. Nothing is added to it: a newline is written where one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Literal(Vec<u8>),
    Topic,
    Partition,
    Offset,
    /// Milliseconds since 1970; −1 = none.
    Timestamp,
    /// What stands for null.
    Key {
        null: Vec<u8>,
    },
    Value {
        null: Vec<u8>,
    },
    /// Bytes of it as sent, −1 for null.
    KeyLength,
    ValueLength,
    /// The same as four bytes, the highest first.
    ValueLengthBytes,
    /// `n=v` joined by commas, and what stands for a null value.
    Headers(Headers),
    /// `CreateTime:1700000000000` as Kafka's own formatter writes it.
    NamedTimestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    pub between: Vec<u8>,
    pub separator: Vec<u8>,
    pub null: Vec<u8>,
    pub none: Vec<u8>,
}

const KNOWN: &str = "%t %p %o %k %K %s %S %h %T %R and %%";

impl Tokens {
    /// # Errors
    /// With the column of what kcat does not know either.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let mut tokens = Self::default();
        let mut letters = Letters { text, at: 0 };
        while let Some(letter) = letters.next() {
            match letter {
                '%' => tokens.push(letters.token()?),
                '\\' => tokens.push(Token::Literal(letters.escape()?)),
                letter => tokens.push(Token::Literal(letter.to_string().into_bytes())),
            }
        }
        Ok(tokens)
    }

    /// Literals beside each other become one.
    pub fn push(&mut self, token: Token) {
        match (self.0.last_mut(), token) {
            (Some(Token::Literal(before)), Token::Literal(more)) => before.extend(more),
            (_, token) => self.0.push(token),
        }
    }

    /// `clean`: what is done to text from outside before it is written.
    pub fn write(&self, record: &Record<'_>, decoding: &mut Decoding, clean: Clean, out: &mut Vec<u8>) {
        for token in &self.0 {
            match token {
                Token::Literal(text) => out.extend_from_slice(text),
                Token::Topic => out.extend_from_slice(&clean(record.topic.as_bytes())),
                Token::Partition => number(record.head.partition, out),
                Token::Offset => number(record.head.offset, out),
                Token::Timestamp => number(record.head.timestamp, out),
                Token::Key { null } => shown(decoding.key(record), null, clean, out),
                Token::Value { null } => shown(decoding.value(record), null, clean, out),
                Token::KeyLength => number(length(record.key()), out),
                Token::ValueLength => number(length(record.value()), out),
                Token::ValueLengthBytes => length_bytes(record.value(), out),
                Token::Headers(headers) => headers.write(record, clean, out),
                Token::NamedTimestamp => named_timestamp(record, out),
            }
        }
    }
}

/// Nothing for a pipe, safe text for a terminal.
pub type Clean = fn(&[u8]) -> Cow<'_, [u8]>;

fn shown(bytes: Option<Cow<'_, [u8]>>, null: &[u8], clean: Clean, out: &mut Vec<u8>) {
    match bytes {
        Some(bytes) => out.extend_from_slice(&clean(&bytes)),
        None => out.extend_from_slice(null),
    }
}

fn length(bytes: Option<&[u8]>) -> i64 {
    bytes.map_or(-1, |bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX))
}

fn length_bytes(value: Option<&[u8]>, out: &mut Vec<u8>) {
    let length = i32::try_from(length(value)).unwrap_or(i32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
}

fn named_timestamp(record: &Record<'_>, out: &mut Vec<u8>) {
    let name: &[u8] = match record.head.timestamp_type {
        TimestampType::None => return out.extend_from_slice(b"NO_TIMESTAMP"),
        TimestampType::Create => b"CreateTime:",
        TimestampType::Append => b"LogAppendTime:",
    };
    out.extend_from_slice(name);
    number(record.head.timestamp, out);
}

impl Headers {
    /// kcat's `%h`.
    fn kcat() -> Self {
        Self { between: b",".to_vec(), separator: b"=".to_vec(), null: b"NULL".to_vec(), none: vec![] }
    }

    fn write(&self, record: &Record<'_>, clean: Clean, out: &mut Vec<u8>) {
        let mut headers = record.headers().peekable();
        if headers.peek().is_none() {
            out.extend_from_slice(&self.none);
        }
        while let Some((name, value)) = headers.next() {
            out.extend_from_slice(&clean(name));
            out.extend_from_slice(&self.separator);
            shown(value.map(Cow::Borrowed), &self.null, clean, out);
            if headers.peek().is_some() {
                out.extend_from_slice(&self.between);
            }
        }
    }
}

/// The letters of a format that are still to be read.
struct Letters<'a> {
    text: &'a str,
    /// Letters read.
    at: usize,
}

impl Letters<'_> {
    fn token(&mut self) -> Result<Token, Mistake> {
        let at = self.at - 1;
        Ok(match self.next() {
            Some('t') => Token::Topic,
            Some('p') => Token::Partition,
            Some('o') => Token::Offset,
            Some('T') => Token::Timestamp,
            Some('k') => Token::Key { null: vec![] },
            Some('s') => Token::Value { null: vec![] },
            Some('K') => Token::KeyLength,
            Some('S') => Token::ValueLength,
            Some('R') => Token::ValueLengthBytes,
            Some('h') => Token::Headers(Headers::kcat()),
            Some('%') => Token::Literal(b"%".to_vec()),
            Some(other) => return Err(Mistake::new(at, format!("there is no token %{other}; known are {KNOWN}"))),
            None => return Err(Mistake::new(at, format!("a token is missing after %; known are {KNOWN}"))),
        })
    }

    /// kcat reads `\10` as the byte 10 and `\010` as the byte 8, as C does.
    fn escape(&mut self) -> Result<Vec<u8>, Mistake> {
        let at = self.at - 1;
        let Some(letter) = self.next() else { return Ok(b"\\".to_vec()) };
        let (digits, radix) = match letter {
            'n' => return Ok(b"\n".to_vec()),
            'r' => return Ok(b"\r".to_vec()),
            't' => return Ok(b"\t".to_vec()),
            'x' => (self.digits(2, 16), 16),
            '0' => (format!("0{}", self.digits(3, 8)), 8),
            '1'..='9' => (format!("{letter}{}", self.digits(2, 10)), 10),
            other => return Ok(other.to_string().into_bytes()),
        };
        let byte = u8::from_str_radix(&digits, radix);
        byte.map(|byte| vec![byte]).map_err(|_| Mistake::new(at, "a byte is written \\xHH, or \\NNN up to \\255"))
    }

    fn digits(&mut self, most: usize, radix: u32) -> String {
        let digits: String = self.text.chars().take(most).take_while(|letter| letter.is_digit(radix)).collect();
        self.at += digits.len();
        self.text = self.text.get(digits.len()..).unwrap_or_default();
        digits
    }
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut letters = self.text.chars();
        let letter = letters.next()?;
        self.text = letters.as_str();
        self.at += 1;
        Some(letter)
    }
}
