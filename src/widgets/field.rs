//! A text field, of one line or many: the well-kept textarea crate edits, we draw, because what is pasted or taken from
//! a record is foreign text.
use super::Pen;
use crate::{keymap::Key, text::Safe, theme::Role};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui_textarea::{CursorMove, TextArea};
use unicode_width::UnicodeWidthStr;

/// What a person is writing. Tabs and line ends are kept as they are.
#[derive(Debug, Default, Clone)]
pub struct Field {
    text: TextArea<'static>,
}

impl Field {
    pub fn with(text: &str) -> Self {
        let mut field = Self::default();
        field.set(text);
        field
    }

    /// Replaces everything; the cursor goes to the end.
    pub fn set(&mut self, text: &str) {
        self.text = TextArea::new(text.split('\n').map(str::to_owned).collect());
        self.text.move_cursor(CursorMove::Bottom);
        self.text.move_cursor(CursorMove::End);
    }

    pub fn text(&self) -> String {
        self.text.lines().join("\n")
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn lines(&self) -> usize {
        self.text.lines().len()
    }

    /// Row of the cursor.
    pub fn row(&self) -> usize {
        self.text.cursor().0
    }

    /// Editing keys: letters, arrows, backspace, words, ends. `true` when the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        self.text.input(KeyEvent::new(key.0, key.1))
    }

    /// Pasted text, line ends and all.
    pub fn paste(&mut self, text: &str) {
        self.text.insert_str(text);
    }

    /// Pasted into a field of one line: line ends become blanks.
    pub fn paste_line(&mut self, text: &str) {
        self.paste(&text.replace(['\r', '\n'], " "));
    }

    pub fn new_line(&mut self) {
        self.text.insert_newline();
    }

    /// Draws the part around the cursor; with `focused` the terminal's cursor stands in it.
    pub fn draw(&self, pen: &mut Pen, area: Rect, role: Role, focused: bool) {
        let ratatui_textarea::DataCursor(row, column) = self.text.cursor();
        let top = (row + 1).saturating_sub(usize::from(area.height));
        for (i, line) in self.text.lines().iter().skip(top).take(usize::from(area.height)).enumerate() {
            let y = area.y + i as u16;
            let before = if top + i == row {
                Safe::text(&line.chars().take(column).collect::<String>())
            } else {
                Safe::default()
            };
            let hidden = (before.width() + 1).saturating_sub(usize::from(area.width));
            pen.put(area.x, y, area.width, &skip(&Safe::text(line), hidden), role);
            if focused && top + i == row {
                pen.place_cursor(area.x + (before.width() - hidden.min(before.width())) as u16, y);
            }
        }
    }

    /// A filter in the lower border of a frame: `/` and the text; with `focused` the terminal's cursor stands in it.
    pub fn draw_foot(&self, pen: &mut Pen, frame: Rect, focused: bool) {
        let (key, input) = (pen.theme.key, pen.theme.input);
        let (x, y) = (frame.x + 2, frame.bottom().saturating_sub(1));
        let line = Rect { x: x + 1, y, width: frame.width.saturating_sub(5), height: 1 };
        pen.put(x, y, 1, &Safe::literal("/"), key);
        pen.put(line.x, y, line.width, &Safe::from(" ".repeat(usize::from(line.width))), input);
        self.draw(pen, line, input, focused);
    }
}

/// What is left after the first `columns`.
fn skip(text: &Safe, columns: usize) -> Safe {
    let mut used = 0;
    let rest = text.as_str().char_indices().find(|(_, c)| {
        let here = used;
        used += c.encode_utf8(&mut [0; 4]).width();
        here >= columns
    });
    Safe::text(rest.map_or("", |(i, _)| &text.as_str()[i..]))
}
