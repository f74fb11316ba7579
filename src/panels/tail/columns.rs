//! Tail's columns and how wide the records seen so far need them.
use super::time::TimeForm;
use crate::{
    decode,
    record::Batch,
    widgets::{format, table::Column},
};

pub const TIME: usize = 0;
pub const PARTITION: usize = 1;
pub const OFFSET: usize = 2;
pub const KEY: usize = 3;
pub const VALUE: usize = 4;
/// Blank columns between two.
pub const GAP: u16 = 2;
/// The least of a value that is worth a column before it.
const VALUE_LEAST: u16 = 24;
/// Short keys leave this much, so that the first longer one moves nothing; longer ones are cut.
const KEY_LEAST: u16 = 8;
const KEY_MOST: u16 = 36;

/// Only grows, so that columns never jump back and forth.
#[derive(Debug, Clone, Copy, Default)]
pub struct Widths {
    offset: u16,
    key: u16,
}

impl Widths {
    /// Looks at the first and the last record of a batch only.
    pub fn see(&mut self, batch: &Batch) {
        for record in [batch.record(0), batch.record(batch.len().saturating_sub(1))].into_iter().flatten() {
            let offset = format::grouped(record.head.offset).len() as u16;
            let key = decode::preview(decode::Form::Auto, record.key(), usize::from(KEY_MOST)).0.width() as u16;
            (self.offset, self.key) = (self.offset.max(offset), self.key.max(key));
        }
    }

    /// For a table of `width`. The highest `drop` goes first: at 80 columns the offset.
    pub fn columns(self, form: TimeForm, partitions: usize, width: u16) -> [Column; 5] {
        let digits = partitions.saturating_sub(1).to_string().len() as u16;
        let others = form.width() + digits + VALUE_LEAST + 3 * GAP;
        let room = width.saturating_sub(others).min(width / 4).min(KEY_MOST);
        let key = self.key.clamp(KEY_LEAST, room.max(KEY_LEAST));
        [
            Column::left(form.head(), form.width(), 1),
            Column::right("P", digits, 3),
            Column::right("OFFSET", self.offset.max(6), 4),
            Column::left("KEY", key, 2),
            Column::growing("VALUE", VALUE_LEAST),
        ]
    }
}
