//! A record as a line for a person: time, place, key, value.
use crate::{
    output::{Decoding, Failures},
    record::{Head, Record},
    text::Safe,
};
use jiff::{Timestamp, tz::TimeZone};

/// A key takes at most this many columns of a terminal.
const KEY: usize = 24;
/// Between columns.
const GAP: &str = "  ";

/// Lines up what it has seen so far: columns grow, they never shrink.
#[derive(Debug)]
pub struct Row {
    zone: TimeZone,
    columns: Option<usize>,
    decoding: Decoding,
    place: usize,
    key: usize,
}

impl Row {
    /// `columns`: of the terminal; without one nothing is cut.
    pub fn new(columns: Option<usize>, decoding: Decoding) -> Self {
        Self { zone: TimeZone::system(), columns, decoding, place: 0, key: 0 }
    }

    /// Keys and values that were not what they were said to be.
    pub fn failures(&self) -> &Failures {
        self.decoding.failures()
    }

    /// The line and a newline.
    pub fn line(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text(record).as_str().as_bytes());
        out.push(b'\n');
    }

    fn text(&mut self, record: &Record<'_>) -> Safe {
        let (partition, offset) = record.place();
        let place = Safe::from(format!("{} {partition}/{offset}", record.topic));
        let key = self.decoding.key(record);
        let key = self.shown(key.as_deref(), KEY);
        self.place = self.place.max(place.width());
        self.key = self.key.max(key.width());
        let (place_gap, key_gap) = (self.place - place.width(), self.key - key.width());
        let start = format!("{}{GAP}{place}{:place_gap$}{GAP}{key}{:key_gap$}{GAP}", self.time(record.head), "", "",);
        let start = Safe::from(start);
        let value = self.decoding.value(record);
        let value = self.shown(value.as_deref(), self.columns.unwrap_or(0));
        let line = start.join(&value);
        match self.columns {
            Some(columns) => line.fit(columns),
            None => line,
        }
    }

    /// Null, empty and text are three things here too.
    fn shown(&self, bytes: Option<&[u8]>, cells: usize) -> Safe {
        match bytes {
            None => Safe::literal("␀"),
            Some([]) => Safe::literal("∅"),
            Some(bytes) if self.columns.is_some() => Safe::preview(bytes, cells).fit(cells),
            Some(bytes) => Safe::bytes(bytes),
        }
    }

    fn time(&self, head: &Head) -> String {
        match Timestamp::from_millisecond(head.timestamp) {
            Ok(at) if head.timestamp >= 0 => {
                at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
            }
            _ => format!("{:<23}", "–"),
        }
    }
}
