//! Records as lines of a file or a pipe: JSON, columns, raw values, formats. The same for `read`, `tail` and an export.
//! Bytes are appended to a buffer and nothing is written here, except by [`Whole`] and [`save`], which only write.
mod cells;
mod console;
pub mod decoding;
pub mod escape;
mod json;
pub mod save;
pub mod tokens;
mod whole;

use crate::{mistake::Mistake, record::Record, text::Safe};
pub use cells::Cells;
pub use console::Console;
pub use decoding::{Decode, Decoding, Failures};
use json::Objects;
use std::borrow::Cow;
pub use tokens::Tokens;
pub use whole::{BLOCK, Shorten, Whole};

/// How a file of records is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A record object a line.
    Json,
    /// Columns, as they were typed.
    Csv(String),
    /// The bytes of each value and a newline; nothing for null.
    Raw,
    /// The same with NUL in place of the newline.
    Raw0,
    /// kcat's tokens.
    Format(Tokens),
}

/// A form ready to write records.
#[derive(Debug)]
pub struct Writer {
    lines: Lines,
    decoding: Decoding,
    terminal: bool,
}

#[derive(Debug)]
enum Lines {
    Json(Objects),
    Csv(Cells),
    Raw(u8),
    Format(Tokens),
}

impl Writer {
    /// `terminal`: what comes from outside is made safe to show.
    ///
    /// # Errors
    /// With the column of what is no column.
    pub fn new(form: Form, decode: Decode, terminal: bool) -> Result<Self, Mistake> {
        let lines = match form {
            Form::Json => Lines::Json(Objects::default()),
            Form::Csv(columns) => Lines::Csv(Cells::read(&columns)?),
            Form::Raw => Lines::Raw(b'\n'),
            Form::Raw0 => Lines::Raw(0),
            Form::Format(tokens) => Lines::Format(tokens),
        };
        Ok(Self { lines, decoding: Decoding::new(decode), terminal })
    }

    /// What stands above all records, if anything.
    pub fn heads(&self, out: &mut Vec<u8>) {
        if let Lines::Csv(cells) = &self.lines {
            cells.csv_heads(out);
        }
    }

    /// Appends one record.
    pub fn record(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let from = out.len();
        match &mut self.lines {
            Lines::Json(objects) => objects.line(record, &mut self.decoding, out),
            Lines::Csv(cells) => cells.csv(record, &mut self.decoding, self.terminal, out),
            Lines::Raw(end) => {
                let value = record.value().unwrap_or_default();
                out.extend_from_slice(&clean(self.terminal)(value));
                out.push(*end);
            }
            Lines::Format(tokens) => tokens.write(record, &mut self.decoding, clean(self.terminal), out),
        }
        if self.terminal && matches!(self.lines, Lines::Json(_)) {
            make_safe(out, from);
        }
    }

    /// What was not what it was said to be.
    pub fn failures(&self) -> &Failures {
        self.decoding.failures()
    }
}

fn clean(terminal: bool) -> tokens::Clean {
    if terminal { |bytes| Cow::Owned(Safe::bytes(bytes).as_str().as_bytes().to_vec()) } else { |bytes| bytes.into() }
}

/// The line that begins at `from` and ends with a newline.
fn make_safe(out: &mut Vec<u8>, from: usize) {
    let line = out.split_off(from);
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    out.extend_from_slice(Safe::bytes(text).as_str().as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests;
