//! One value as rows, in one of its views. Rows are found as far as somebody looks, so that a value of many megabytes
//! costs no more than the rows in view.
use super::{Form, Kind, Row, Shade, hex, json, kind, pretty::Pretty, text::Lines};
use crate::{text::Safe, widgets::format};

/// Rows that are found at most; 16 bytes each. Hex has no such bound.
pub const MOST_ROWS: usize = 1_000_000;
/// Rows that one header's value is given at most, and all headers together.
const HEADER_ROWS: usize = 64;
const ALL_HEADER_ROWS: usize = 10_000;
/// The widest column of header names; a longer name has its row to itself.
const NAME: usize = 24;

#[derive(Debug)]
pub struct Sheet {
    body: Body,
    /// Why the value is not shown as one might expect.
    pub remark: Option<Safe>,
}

#[derive(Debug)]
enum Body {
    Pretty(Pretty),
    Lines(Lines),
    Hex { per_row: usize, rows: usize },
    Fixed(Vec<Row>),
}

/// A header as [`crate::record::OwnedRecord`] holds it.
pub type Header = (Vec<u8>, Option<Vec<u8>>);

impl Sheet {
    /// JSON pretty, text as text, what is neither as hex.
    pub fn decoded(value: Option<&[u8]>, width: usize) -> Self {
        let Some(bytes) = value.filter(|bytes| !bytes.is_empty()) else { return Self::absent(value) };
        match kind(Form::Auto, value) {
            Kind::Json => Self { body: Body::Pretty(Pretty::new(width)), remark: None },
            Kind::Binary => Self { remark: Some(Safe::from(not_text(bytes))), ..Self::hex(value, width) },
            _ => {
                let wrong = json::looks_like(bytes).then(|| json::check(bytes).err()).flatten();
                let why = |wrong: json::Wrong| {
                    format!("not JSON: at byte {}, {}; shown as text", format::grouped(wrong.at as i64), wrong.why)
                };
                Self { remark: wrong.map(why).map(Safe::from), ..Self::text(value, width) }
            }
        }
    }

    pub fn text(value: Option<&[u8]>, width: usize) -> Self {
        match value {
            None | Some([]) => Self::absent(value),
            Some(bytes) => {
                let remark = (std::str::from_utf8(bytes).is_err()).then(|| Safe::from(not_text(bytes)));
                Self { body: Body::Lines(Lines::new(width)), remark }
            }
        }
    }

    pub fn hex(value: Option<&[u8]>, width: usize) -> Self {
        match value {
            None | Some([]) => Self::absent(value),
            Some(bytes) => {
                let per_row = hex::per_row(width);
                Self { body: Body::Hex { per_row, rows: bytes.len().div_ceil(per_row) }, remark: None }
            }
        }
    }

    /// In order, doubles kept; null and empty apart.
    pub fn headers(headers: &[Header], width: usize) -> Self {
        let longest = headers.iter().map(|(name, _)| Safe::preview(name, NAME).width()).max().unwrap_or(0);
        let column = longest.min(NAME).min(width / 2);
        let mut rows = vec![];
        for (i, header) in headers.iter().enumerate() {
            if rows.len() >= ALL_HEADER_ROWS {
                rows.push(quiet(format!("… {} more headers", format::grouped((headers.len() - i) as i64))));
                break;
            }
            header_rows(header, column, width, &mut rows);
        }
        if headers.is_empty() {
            rows.push(quiet("This record has no headers.".into()));
        }
        Self { body: Body::Fixed(rows), remark: None }
    }

    fn absent(value: Option<&[u8]>) -> Self {
        let row = match value {
            None => vec![
                (super::NULL, Shade::Absent),
                (Safe::literal("  null: in a compacted topic it deletes what has this key"), Shade::Quiet),
            ],
            Some(_) => {
                vec![(super::EMPTY, Shade::Absent), (Safe::literal("  empty: no bytes, but not null"), Shade::Quiet)]
            }
        };
        Self { body: Body::Fixed(vec![row]), remark: None }
    }

    /// Finds rows until there are `rows` of them, if there are so many.
    pub fn index(&mut self, value: &[u8], rows: usize) {
        let rows = rows.min(MOST_ROWS);
        match &mut self.body {
            Body::Pretty(pretty) => pretty.index(value, rows),
            Body::Lines(lines) => lines.index(value, rows),
            Body::Hex { .. } | Body::Fixed(_) => {}
        }
    }

    /// Rows found so far.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Pretty(pretty) => pretty.len(),
            Body::Lines(lines) => lines.len(),
            Body::Hex { rows, .. } => *rows,
            Body::Fixed(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Are these all rows?
    pub fn is_complete(&self, value: &[u8]) -> bool {
        match &self.body {
            Body::Pretty(pretty) => pretty.is_complete(value),
            Body::Lines(lines) => lines.is_complete(value),
            Body::Hex { .. } | Body::Fixed(_) => true,
        }
    }

    pub fn row(&self, value: &[u8], row: usize) -> Row {
        match &self.body {
            Body::Pretty(pretty) => pretty.row(value, row),
            Body::Lines(lines) => lines.row(value, row),
            Body::Hex { per_row, .. } => hex::row(value, row * per_row, *per_row),
            Body::Fixed(rows) => rows.get(row).cloned().unwrap_or_default(),
        }
    }
}

fn not_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Err(wrong) => format!("not text: byte {} is not UTF-8", format::grouped(wrong.valid_up_to() as i64)),
        Ok(_) => "not text: it begins with a zero byte or is mostly control characters".into(),
    }
}

fn quiet(words: String) -> Row {
    vec![(Safe::from(words), Shade::Quiet)]
}

/// The name, then the value beside it, broken into rows.
fn header_rows((name, value): &Header, column: usize, width: usize, rows: &mut Vec<Row>) {
    let mut name = if name.is_empty() { super::EMPTY } else { Safe::bytes(name) };
    if name.width() > column {
        rows.push(vec![(name, Shade::Key)]);
        name = Safe::default();
    }
    let room = width.saturating_sub(column + 2).max(1);
    for (i, piece) in value_rows(value.as_deref(), room, HEADER_ROWS).into_iter().enumerate() {
        let name = if i == 0 { std::mem::take(&mut name) } else { Safe::default() };
        let gap = Safe::from(" ".repeat(column.saturating_sub(name.width()) + 2));
        rows.push([vec![(name, Shade::Key), (gap, Shade::Quiet)], piece].concat());
    }
}

/// A short value in at most `most` rows of `width`: text as text, other bytes as hex digits. One more row says what is
/// left out.
pub fn value_rows(value: Option<&[u8]>, width: usize, most: usize) -> Vec<Row> {
    let absent = |sign: Safe| vec![vec![(sign, Shade::Absent)]];
    let Some(bytes) = value else { return absent(super::NULL) };
    if bytes.is_empty() {
        return absent(super::EMPTY);
    }
    if kind(Form::Auto, value) == Kind::Binary {
        return hex_rows(bytes, width, most);
    }
    let mut lines = Lines::new(width);
    lines.index(bytes, most);
    let mut rows: Vec<Row> = (0..lines.len()).map(|row| lines.row(bytes, row)).collect();
    if !lines.is_complete(bytes) {
        rows.push(quiet(format!("… the rest of {} is not shown", format::bytes(bytes.len()))));
    }
    rows
}

fn hex_rows(bytes: &[u8], width: usize, most: usize) -> Vec<Row> {
    let per_row = (width / 2).saturating_sub(1).max(1);
    let row = |(i, chunk): (usize, &[u8])| {
        let sign = if i == 0 { "0x" } else { "  " };
        vec![(Safe::from(format!("{sign}{}", hex::digits(chunk))), Shade::Quiet)]
    };
    let mut rows: Vec<Row> = bytes.chunks(per_row).take(most).enumerate().map(row).collect();
    if bytes.len() > per_row * most {
        rows.push(quiet(format!("… the rest of {} is not shown", format::bytes(bytes.len()))));
    }
    rows
}
