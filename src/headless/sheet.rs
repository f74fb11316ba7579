//! The columns of records as aligned lines for a person, under a line of heads.
use crate::{
    columns::Cell,
    mistake::Mistake,
    output::{Cells, Decoding, Failures},
    record::Record,
    text::Safe,
};

/// A column takes at most this much of a terminal; the last takes what is left.
const MOST: usize = 40;
/// And at least this much, so that a number that grows does not move what is beside it.
const LEAST: usize = 6;
/// Between columns.
const GAP: &str = "  ";

/// Lines up what it has seen so far: columns grow, they never shrink.
#[derive(Debug)]
pub struct Sheet {
    cells: Cells,
    decoding: Decoding,
    widths: Vec<usize>,
    columns: Option<usize>,
    headed: bool,
}

impl Sheet {
    /// `columns`: of the terminal; without one nothing is cut.
    ///
    /// # Errors
    /// With the column of what is no name of a column.
    pub fn new(names: &str, columns: Option<usize>, decoding: Decoding) -> Result<Self, Mistake> {
        let cells = Cells::read(names)?;
        let widths = cells.heads().map(|head| Safe::text(head).width().max(LEAST)).collect();
        Ok(Self { cells, decoding, widths, columns, headed: false })
    }

    /// Keys and values that were not what they were said to be.
    pub fn failures(&self) -> &Failures {
        self.decoding.failures()
    }

    /// The line of a record and a newline; before the first, whose cells they stand over, the heads.
    pub fn line(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let cells = self.cells.of(record, &mut self.decoding);
        let cells: Vec<_> = cells.iter().map(|cell| (self.shown(cell), cell.is_right())).collect();
        for (width, (cell, _)) in self.widths.iter_mut().zip(&cells).rev().skip(1) {
            *width = (*width).max(cell.width());
        }
        if !std::mem::replace(&mut self.headed, true) {
            let heads = self.cells.heads().map(Safe::text).zip(cells.iter().map(|(_, right)| *right));
            self.write(&heads.collect::<Vec<_>>(), out);
        }
        self.write(&cells, out);
    }

    fn shown(&self, cell: &Cell) -> Safe {
        let text = match cell {
            Cell::Missing => return Safe::default(),
            Cell::Null => return Safe::literal("␀"),
            Cell::Text(text) if text.is_empty() => return Safe::literal("∅"),
            cell => Safe::text(cell.text()),
        };
        if self.columns.is_some() { text.fit(MOST) } else { text }
    }

    /// `true`: at the right of its column.
    fn write(&self, cells: &[(Safe, bool)], out: &mut Vec<u8>) {
        let mut line = String::new();
        for (at, ((cell, right), width)) in cells.iter().zip(&self.widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if *right { (&*blanks, "") } else { ("", &*blanks) };
            line.extend([if at > 0 { GAP } else { "" }, before, cell.as_str(), after]);
        }
        let line = Safe::from(line.trim_end().to_owned());
        let line = self.columns.map_or_else(|| line.clone(), |columns| line.fit(columns));
        out.extend_from_slice(line.as_str().as_bytes());
        out.push(b'\n');
    }
}
