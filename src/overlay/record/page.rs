//! Rows of one sheet with a cursor in them: which are in view, and where the person is on the way to. Rows of a long
//! value are found a slice at a time, so that no key waits for all of them.
use crate::{decode::sheet::Sheet, keymap::Action};
use std::ops::Range;

/// Rows that are found at once: some milliseconds at most. The end of all but the longest records is known with them.
const SLICE: usize = 2_000;

#[derive(Debug)]
pub struct Page {
    pub sheet: Sheet,
    /// Of the rows that are shown.
    cursor: usize,
    top: usize,
    height: usize,
    goal: Option<Goal>,
}

/// A place beyond the rows that are found by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    End,
    /// The row of this byte of the value.
    Byte(usize),
}

impl Page {
    pub fn new(sheet: Sheet, value: &[u8]) -> Self {
        let mut page = Self { sheet, cursor: 0, top: 0, height: 1, goal: None };
        page.work(value);
        page
    }

    pub fn set_height(&mut self, height: u16) {
        self.height = usize::from(height).max(1);
        self.keep_in_view();
    }

    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn rows(&self) -> Range<usize> {
        self.top..(self.top + self.height).min(self.sheet.len())
    }

    pub fn has_work(&self, value: &[u8]) -> bool {
        !self.sheet.is_done(value)
    }

    /// One slice more of rows, and nearer to the goal.
    pub fn work(&mut self, value: &[u8]) {
        self.sheet.index(value, self.sheet.found() + SLICE);
        self.pursue(value);
    }

    fn pursue(&mut self, value: &[u8]) {
        let done = self.sheet.is_done(value);
        match self.goal {
            Some(Goal::End) => self.cursor = self.sheet.len().saturating_sub(1),
            Some(Goal::Byte(at)) if done || at < self.sheet.read(value) => self.cursor = self.sheet.reveal(at),
            _ => return,
        }
        if done || self.goal != Some(Goal::End) {
            self.goal = None;
        }
        self.keep_in_view();
    }

    /// To the row of this byte, now or as soon as it is found.
    pub fn go_to_byte(&mut self, at: usize, value: &[u8]) {
        self.goal = Some(Goal::Byte(at));
        self.pursue(value);
    }

    pub fn select(&mut self, row: usize) {
        self.goal = None;
        self.cursor = row;
        self.keep_in_view();
    }

    /// The wheel: rows in view move, the cursor stays among them.
    pub fn scroll(&mut self, rows: isize, value: &[u8]) {
        self.goal = None;
        self.ahead(value);
        let last = self.sheet.len().saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(rows).min(last);
        self.cursor = self.cursor.clamp(self.top, self.top + self.height - 1);
        self.keep_in_view();
    }

    pub fn on_action(&mut self, action: Action, value: &[u8]) {
        self.goal = None;
        self.ahead(value);
        let page = self.height.saturating_sub(1).max(1);
        match action {
            Action::Down => self.cursor += 1,
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::PageDown => (self.cursor, self.top) = (self.cursor + page, self.top + page),
            Action::PageUp => {
                (self.cursor, self.top) = (self.cursor.saturating_sub(page), self.top.saturating_sub(page));
            }
            Action::Top => self.cursor = 0,
            Action::Bottom => {
                self.goal = Some(Goal::End);
                self.pursue(value);
            }
            _ => {}
        }
        self.keep_in_view();
    }

    /// Rows that the next key may need are found.
    fn ahead(&mut self, value: &[u8]) {
        if self.cursor + 3 * self.height >= self.sheet.len() {
            self.sheet.index(value, self.sheet.found() + SLICE);
        }
    }

    fn keep_in_view(&mut self) {
        let rows = self.sheet.len();
        self.cursor = self.cursor.min(rows.saturating_sub(1));
        let first = (self.cursor + 1).saturating_sub(self.height);
        self.top = self.top.clamp(first, self.cursor).min(rows.saturating_sub(self.height));
    }
}
