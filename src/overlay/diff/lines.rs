//! Two records as rows with a sign: what only the first has, what only the second has, what both have.
use super::compare::{Step, compare};
use crate::{
    decode::{Form, Row, Shade, sheet::Header, sheet::Sheet, sheet::value_rows},
    record::OwnedRecord,
    text::Safe,
    widgets::format,
};

/// Rows of each side that are compared at most.
pub const MOST_ROWS: usize = 20_000;
/// Rows of one key that are compared.
const KEY_ROWS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The name of a part, and whether it differs.
    Part,
    Same,
    Removed,
    Added,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub sign: Sign,
    pub row: Row,
}

/// How records are laid out to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub key: Form,
    pub value: Form,
    pub width: usize,
}

/// All rows of both, and what was not compared.
#[derive(Debug, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
    pub remarks: Vec<String>,
}

impl Lines {
    pub fn of(a: &OwnedRecord, b: &OwnedRecord, layout: Layout) -> Self {
        let mut lines = Self::default();
        let key = |record: &OwnedRecord| value_rows(layout.key, record.key.as_deref(), layout.width, KEY_ROWS);
        lines.part("key", a.key == b.key, (key(a), key(b)));
        let headers = |record: &OwnedRecord| header_rows(&record.headers, layout.width);
        lines.part("headers", a.headers == b.headers, (headers(a), headers(b)));
        let value = |record: &OwnedRecord| rows(record.value.as_deref(), layout);
        let ((rows_a, cut_a), (rows_b, cut_b)) = (value(a), value(b));
        lines.part("value", a.value == b.value, (rows_a, rows_b));
        if cut_a || cut_b {
            let most = format::grouped(MOST_ROWS as i64);
            lines.remarks.push(format!("only the first {most} rows of each value are compared"));
        }
        lines
    }

    fn part(&mut self, name: &'static str, equal: bool, (a, b): (Vec<Row>, Vec<Row>)) {
        let (steps, rough) = compare(&texts(&a), &texts(&b));
        let alike = steps.iter().all(|step| matches!(step, Step::Same(..)));
        let words = match (equal, alike) {
            (true, _) => "the same",
            (false, false) => "differs",
            // Blanks in JSON, a comma, or what lies beyond the rows that are compared.
            (false, true) => "differs, but not in the rows below",
        };
        let head = vec![(Safe::literal(name), Shade::Key), (Safe::from(format!("  {words}")), Shade::Quiet)];
        self.lines.push(Line { sign: Sign::Part, row: head });
        let row = |rows: &[Row], at: usize| rows.get(at).cloned().unwrap_or_default();
        self.lines.extend(steps.into_iter().map(|step| match step {
            Step::Same(_, at) => Line { sign: Sign::Same, row: row(&b, at) },
            Step::Removed(at) => Line { sign: Sign::Removed, row: row(&a, at) },
            Step::Added(at) => Line { sign: Sign::Added, row: row(&b, at) },
        }));
        if rough.is_some() {
            self.remarks.push(format!("{name}: too little in common to be matched row by row"));
        }
    }

    pub fn count(&self, sign: Sign) -> usize {
        self.lines.iter().filter(|line| line.sign == sign).count()
    }
}

/// What is compared of rows: their letters. The comma behind the last field is no difference.
fn texts(rows: &[Row]) -> Vec<String> {
    let text = |row: &Row| row.iter().map(|(text, _)| text.as_str()).collect::<String>();
    rows.iter().map(text).map(|text| text.strip_suffix(',').map_or(text.clone(), str::to_owned)).collect()
}

fn header_rows(headers: &[Header], width: usize) -> Vec<Row> {
    let sheet = Sheet::headers(headers, width);
    (0..sheet.len().min(MOST_ROWS)).map(|row| sheet.row(&[], row, &[])).collect()
}

/// `true` beside the rows when there are more of them.
fn rows(value: Option<&[u8]>, layout: Layout) -> (Vec<Row>, bool) {
    let bytes = value.unwrap_or_default();
    let mut sheet = Sheet::decoded(layout.value, value, layout.width);
    sheet.index(bytes, MOST_ROWS);
    let rows = (0..sheet.len().min(MOST_ROWS)).map(|row| sheet.row(bytes, row, &[])).collect();
    (rows, sheet.len() > MOST_ROWS || !sheet.is_complete(bytes))
}
