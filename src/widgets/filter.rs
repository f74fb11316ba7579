//! The `/` of a list: letters that find rows in place. `enter` keeps it and gives the keys back, `esc` clears it.
use super::{Pen, field::Field};
use crate::keymap::Key;
use ratatui::layout::Rect;

#[derive(Debug, Default)]
pub struct Filter {
    field: Option<Field>,
    /// It has the keys: letters are text.
    typing: bool,
}

impl Filter {
    pub fn open(&mut self) {
        self.typing = true;
        self.field.get_or_insert_default();
    }

    /// An empty filter is none, kept or not.
    pub fn close(&mut self, keep: bool) {
        self.typing = false;
        if !keep || self.field.as_ref().is_some_and(Field::is_empty) {
            self.field = None;
        }
    }

    pub fn is_open(&self) -> bool {
        self.field.is_some()
    }

    pub fn is_typing(&self) -> bool {
        self.typing
    }

    /// What is looked for; empty finds everything.
    pub fn needle(&self) -> String {
        self.field.as_ref().map(Field::text).unwrap_or_default()
    }

    /// `true` when what is looked for changed.
    pub fn key(&mut self, key: Key) -> bool {
        self.typing && self.field.as_mut().is_some_and(|field| field.key(key))
    }

    /// `true` when the text was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        match self.field.as_mut().filter(|_| self.typing) {
            Some(field) => field.paste_line(text),
            None => return false,
        }
        true
    }

    /// In the lower border of its panel.
    pub fn draw(&self, pen: &mut Pen, panel: Rect, focused: bool) {
        if let Some(field) = &self.field {
            field.draw_foot(pen, panel, self.typing && focused);
        }
    }
}
