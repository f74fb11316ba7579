//! One value as rows, in one of its views. Rows are found as far as somebody looks, so that a value of many megabytes
//! costs no more than the rows in view.
use super::{
    Decoded, Form, Kind, Row, Shade, Why, base64, decoded, hex, json, kind,
    pretty::Pretty,
    text::{self, Lines},
};
use crate::{text::Safe, widgets::format};
use std::ops::Range;

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
    width: usize,
    /// Why the value is not shown as one might expect.
    pub remark: Option<Safe>,
}

#[derive(Debug)]
enum Body {
    Pretty(Pretty),
    Lines(Lines),
    /// Every row shows the same number of bytes: hex, base64.
    Even {
        per_row: usize,
        rows: usize,
        /// Bytes, where the row begins, bytes in a row.
        row: fn(&[u8], usize, usize) -> Row,
    },
    Fixed(Vec<Row>),
}

/// A header as [`crate::record::OwnedRecord`] holds it.
pub type Header = (Vec<u8>, Option<Vec<u8>>);

impl Sheet {
    fn new(body: Body, width: usize) -> Self {
        Self { body, width, remark: None }
    }

    /// In a form: JSON pretty, text as text, numbers in digits. What does not fit its form is shown as it looks, and the
    /// remark says why. What looks like JSON is checked while it is laid out, and is text from then on if it is none.
    pub fn decoded(form: Form, value: Option<&[u8]>, width: usize) -> Self {
        let Some(bytes) = value.filter(|bytes| !bytes.is_empty()) else { return Self::absent(value, width) };
        match form {
            Form::Auto if !text::is_text(bytes) => {
                Self { remark: Some(Safe::from(not_text(bytes))), ..Self::hex(value, width) }
            }
            Form::Auto if json::looks_like(bytes) => Self::new(Body::Pretty(Pretty::new(width)), width),
            Form::Auto => Self::text(value, width),
            Form::Hex => Self::hex(value, width),
            Form::Base64 => Self::even(bytes, base64::per_row(width), base64::row, width),
            Form::Text | Form::Json => match std::str::from_utf8(bytes) {
                Ok(_) if form == Form::Json => Self::new(Body::Pretty(Pretty::new(width)), width),
                Ok(_) => Self::text(value, width),
                Err(wrong) => Self::misfit(form, &Why::NotText { at: wrong.valid_up_to() }, value, width),
            },
            _ => match decoded(form, value) {
                Ok(it) => Self::one(&it, width),
                Err(why) => Self::misfit(form, &why, value, width),
            },
        }
    }

    fn one(decoded: &Decoded, width: usize) -> Self {
        Self::new(Body::Fixed(vec![vec![(Safe::text(decoded.text()), Shade::Number)]]), width)
    }

    fn misfit(form: Form, why: &Why, value: Option<&[u8]>, width: usize) -> Self {
        let looks = Self::decoded(Form::Auto, value, width);
        let shown = if matches!(looks.body, Body::Even { .. }) { "hex" } else { "text" };
        Self { remark: Some(Safe::from(format!("not {form}: {why}; shown as {shown}"))), ..looks }
    }

    pub fn text(value: Option<&[u8]>, width: usize) -> Self {
        match value {
            None | Some([]) => Self::absent(value, width),
            Some(bytes) => {
                let remark = (std::str::from_utf8(bytes).is_err()).then(|| Safe::from(not_text(bytes)));
                Self { remark, ..Self::new(Body::Lines(Lines::new(width)), width) }
            }
        }
    }

    pub fn hex(value: Option<&[u8]>, width: usize) -> Self {
        match value {
            None | Some([]) => Self::absent(value, width),
            Some(bytes) => Self::even(bytes, hex::per_row(width), hex::row, width),
        }
    }

    fn even(bytes: &[u8], per_row: usize, row: fn(&[u8], usize, usize) -> Row, width: usize) -> Self {
        Self::new(Body::Even { per_row, rows: bytes.len().div_ceil(per_row), row }, width)
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
        Self::new(Body::Fixed(rows), width)
    }

    fn absent(value: Option<&[u8]>, width: usize) -> Self {
        let row = match value {
            None => vec![
                (super::NULL, Shade::Absent),
                (Safe::literal("  null: in a compacted topic it deletes what has this key"), Shade::Quiet),
            ],
            Some(_) => {
                vec![(super::EMPTY, Shade::Absent), (Safe::literal("  empty: no bytes, but not null"), Shade::Quiet)]
            }
        };
        Self::new(Body::Fixed(vec![row]), width)
    }

    /// Finds rows until there are `rows` of them, if there are so many.
    pub fn index(&mut self, value: &[u8], rows: usize) {
        let rows = rows.min(MOST_ROWS);
        match &mut self.body {
            Body::Pretty(pretty) => {
                pretty.index(value, rows);
                if let Some(wrong) = pretty.wrong() {
                    self.is_no_json(wrong);
                    self.index(value, rows);
                }
            }
            Body::Lines(lines) => lines.index(value, rows),
            Body::Even { .. } | Body::Fixed(_) => {}
        }
    }

    fn is_no_json(&mut self, wrong: json::Wrong) {
        let at = format::grouped(wrong.at as i64);
        let why = Safe::from(format!("not JSON: at byte {at}, {}; shown as text", wrong.why));
        self.remark = Some(self.remark.take().map_or(Safe::default(), |said| said.join(&"; ".into())).join(&why));
        self.body = Body::Lines(Lines::new(self.width));
    }

    /// The rows that can be folded.
    pub fn pretty(&mut self) -> Option<&mut Pretty> {
        if let Body::Pretty(pretty) = &mut self.body { Some(pretty) } else { None }
    }

    /// Rows to show, of those found so far.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Pretty(pretty) => pretty.len(),
            _ => self.found(),
        }
    }

    /// Rows found so far, folded ones among them.
    pub fn found(&self) -> usize {
        match &self.body {
            Body::Pretty(pretty) => pretty.laid_out(),
            Body::Lines(lines) => lines.len(),
            Body::Even { rows, .. } => *rows,
            Body::Fixed(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Are these all rows?
    pub fn is_complete(&self, value: &[u8]) -> bool {
        match &self.body {
            Body::Pretty(pretty) => pretty.is_complete(),
            Body::Lines(lines) => lines.is_complete(value),
            Body::Even { .. } | Body::Fixed(_) => true,
        }
    }

    /// No more rows will be found.
    pub fn is_done(&self, value: &[u8]) -> bool {
        self.found() >= MOST_ROWS || self.is_complete(value)
    }

    /// Bytes of the value that rows were found for.
    pub fn read(&self, value: &[u8]) -> usize {
        match &self.body {
            Body::Pretty(pretty) => pretty.read(),
            Body::Lines(lines) => lines.read(),
            Body::Even { .. } | Body::Fixed(_) => value.len(),
        }
    }

    /// The bytes that a row shows; `None` where rows are our own words.
    pub fn span(&self, row: usize) -> Option<Range<usize>> {
        match &self.body {
            Body::Pretty(pretty) => Some(pretty.span(row)),
            Body::Lines(lines) => Some(lines.span(row)),
            Body::Even { per_row, .. } => Some(row * per_row..(row + 1) * per_row),
            Body::Fixed(_) => None,
        }
    }

    /// The row that shows the byte at `at`; what it is folded into is unfolded.
    pub fn reveal(&mut self, at: usize) -> usize {
        match &mut self.body {
            Body::Pretty(pretty) => pretty.reveal(at),
            Body::Lines(lines) => lines.row_of(at),
            Body::Even { per_row, .. } => at / *per_row,
            Body::Fixed(_) => 0,
        }
    }

    /// `found`: what was looked for, as ranges of the value's bytes in order.
    pub fn row(&self, value: &[u8], row: usize, found: &[Range<usize>]) -> Row {
        match &self.body {
            Body::Pretty(pretty) => pretty.row(value, row, found),
            Body::Lines(lines) => lines.row(value, row, found),
            Body::Even { per_row, row: show, .. } => show(value, row * per_row, *per_row),
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
    for (i, piece) in value_rows(Form::Auto, value.as_deref(), room, HEADER_ROWS).into_iter().enumerate() {
        let name = if i == 0 { std::mem::take(&mut name) } else { Safe::default() };
        let gap = Safe::from(" ".repeat(column.saturating_sub(name.width()) + 2));
        rows.push([vec![(name, Shade::Key), (gap, Shade::Quiet)], piece].concat());
    }
}

/// A short value in at most `most` rows of `width`: text as text, other bytes as hex digits, unless its form says how.
/// One more row says what is left out, or why the form does not fit.
pub fn value_rows(form: Form, value: Option<&[u8]>, width: usize, most: usize) -> Vec<Row> {
    let absent = |sign: Safe| vec![vec![(sign, Shade::Absent)]];
    let Some(bytes) = value else { return absent(super::NULL) };
    if bytes.is_empty() {
        return absent(super::EMPTY);
    }
    match form {
        Form::Auto if !text::is_text(bytes) => return hex_rows(bytes, width, most),
        Form::Auto => {}
        _ => match decoded(form, value) {
            Ok(it) if kind(form, value) == Kind::Letters => {
                return value_rows(Form::Text, Some(it.text().as_bytes()), width, most);
            }
            Ok(_) => {}
            Err(why) => {
                let mut rows = value_rows(Form::Auto, value, width, most);
                rows.push(vec![(Safe::from(format!("not {form}: {why}")), Shade::Misfit)]);
                return rows;
            }
        },
    }
    let mut lines = Lines::new(width);
    lines.index(bytes, most);
    let mut rows: Vec<Row> = (0..lines.len()).map(|row| lines.row(bytes, row, &[])).collect();
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
