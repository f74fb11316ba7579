//! The columns of records, keys and values as they were said to be read; and rows of them as comma-separated values.
use super::Decoding;
use crate::{
    columns::{Cell, Columns},
    mistake::Mistake,
    record::Record,
    text::Safe,
};

#[derive(Debug, Clone)]
pub struct Cells(Columns);

impl Cells {
    /// # Errors
    /// With the column of what is no name of a column.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        Columns::read(text).map(Self)
    }

    pub fn heads(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.heads()
    }

    /// One for each column.
    pub fn of(&self, record: &Record<'_>, decoding: &mut Decoding) -> Vec<Cell> {
        let mut cells = self.0.cells(record);
        for (cell, head) in cells.iter_mut().zip(self.0.heads()) {
            let said = match head {
                "key" if decoding.decode().key.is_some() => decoding.key(record),
                "value" if decoding.decode().value.is_some() => decoding.value(record),
                _ => continue,
            };
            if let Some(text) = said.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()) {
                *cell = Cell::Text(text.to_owned());
            }
        }
        cells
    }

    /// The line of heads.
    pub fn csv_heads(&self, out: &mut Vec<u8>) {
        self.heads().enumerate().for_each(|(at, head)| field(at, Some(head), false, out));
        out.push(b'\n');
    }

    /// A line of a record. Nothing stands for null and for what is missing, `""` for empty text.
    pub fn csv(&self, record: &Record<'_>, decoding: &mut Decoding, terminal: bool, out: &mut Vec<u8>) {
        for (at, cell) in self.of(record, decoding).iter().enumerate() {
            let there = !matches!(cell, Cell::Missing | Cell::Null);
            field(at, there.then(|| cell.text()), terminal, out);
        }
        out.push(b'\n');
    }
}

/// As RFC 4180 quotes, but for the newline alone at the end of a line.
fn field(at: usize, text: Option<&str>, terminal: bool, out: &mut Vec<u8>) {
    if at > 0 {
        out.push(b',');
    }
    let Some(text) = text else { return };
    let safe = terminal.then(|| Safe::text(text));
    let text = safe.as_ref().map_or(text, Safe::as_str);
    if !text.is_empty() && !text.contains(['"', ',', '\n', '\r']) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
