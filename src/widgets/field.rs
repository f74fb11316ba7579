//! A text field, of one line or many: the well-kept textarea crate edits, we draw, because what is pasted or taken from
//! a record is foreign text.
use super::Pen;
use crate::{keymap::Key, text::Safe, theme::Role};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui_textarea::{CursorMove, DataCursor, TextArea};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Letters looked at before and after the cursor when its line is drawn: more than any screen is wide, marks included.
const WINDOW: usize = 4096;

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

    /// Editing keys as a shell has them; others do nothing. Line ends come by [`Field::new_line`] only. `true` when the
    /// text changed.
    pub fn key(&mut self, key: Key) -> bool {
        let DataCursor(row, column) = self.text.cursor();
        let length = self.text.lines().get(row).map_or(0, |line| line.chars().count());
        match key {
            Key(KeyCode::Char('u'), KeyModifiers::CONTROL) => column > 0 && self.text.delete_line_by_head(),
            Key(KeyCode::Char('k'), KeyModifiers::CONTROL) => column < length && self.text.delete_line_by_end(),
            Key(KeyCode::Char('w'), KeyModifiers::CONTROL) => self.cut_word(),
            // Terminals send ctrl-_ as ctrl-7.
            Key(KeyCode::Char('_' | '7'), KeyModifiers::CONTROL) => self.text.undo(),
            key if is_editing(key) => self.text.input(KeyEvent::new(key.0, key.1)),
            _ => false,
        }
    }

    /// Takes away what stands before the cursor back to a blank, as a shell does.
    fn cut_word(&mut self) -> bool {
        let DataCursor(row, column) = self.text.cursor();
        let before: Vec<char> = self.text.lines().get(row).map_or(vec![], |line| line.chars().take(column).collect());
        let blanks = before.iter().rev().take_while(|c| c.is_whitespace()).count();
        let letters = before.iter().rev().skip(blanks).take_while(|c| !c.is_whitespace()).count();
        self.text.start_selection();
        (0..blanks + letters).for_each(|_| self.text.move_cursor(CursorMove::Back));
        let cut = self.text.cut();
        self.text.cancel_selection();
        cut
    }

    /// Pasted text with its line ends, which terminals send as `\r`; the one that copying a line brings along is left
    /// out, or the text would seem to be gone.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.text.insert_str(text.strip_suffix('\n').unwrap_or(&text));
    }

    /// Pasted into a field of one line: line ends become blanks, those at the end go.
    pub fn paste_line(&mut self, text: &str) {
        self.text.insert_str(text.trim_end_matches(['\r', '\n']).replace("\r\n", " ").replace(['\r', '\n'], " "));
    }

    pub fn new_line(&mut self) {
        self.text.insert_newline();
    }

    /// Draws the part around the cursor; with `focused` the terminal's cursor stands in it.
    pub fn draw(&self, pen: &mut Pen, area: Rect, role: Role, focused: bool) {
        if area.is_empty() {
            return;
        }
        let DataCursor(row, column) = self.text.cursor();
        let top = (row + 1).saturating_sub(usize::from(area.height));
        for (y, (at, line)) in (area.y..area.bottom()).zip(self.text.lines().iter().enumerate().skip(top)) {
            let (text, cursor) = view(line, if at == row { column } else { 0 }, usize::from(area.width));
            pen.put(area.x, y, area.width, &text, role);
            if focused && at == row {
                pen.place_cursor(area.x + cursor as u16, y);
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

/// Letters, and the keys of the textarea that mean the same in a shell.
fn is_editing(Key(code, modifiers): Key) -> bool {
    match code {
        KeyCode::Char(_) if modifiers.is_empty() => true,
        KeyCode::Char(c) if modifiers == KeyModifiers::CONTROL => "abdefhy".contains(c),
        KeyCode::Char(c) if modifiers == KeyModifiers::ALT => "bdf".contains(c),
        KeyCode::Backspace | KeyCode::Delete | KeyCode::Home | KeyCode::End => true,
        KeyCode::Left | KeyCode::Right | KeyCode::Up | KeyCode::Down => true,
        _ => false,
    }
}

/// The part of a line that is drawn in `width` columns, and the cursor's column in it, which is less than `width`. It
/// moves on by half a width, so that the text stands still under a moving cursor.
fn view(line: &str, column: usize, width: usize) -> (Safe, usize) {
    let from = (column / WINDOW).saturating_sub(1) * WINDOW;
    let part: String = line.chars().skip(from).take(3 * WINDOW).collect();
    let cursor = cells_before(&part, column - from);
    // Behind the cursor a wide letter and the mark of a cut have room, before it the mark of the other cut.
    let room = width.saturating_sub(2).max(1);
    let step = (width / 2).min(room - 1).max(1);
    let hidden = if cursor < room { 0 } else { (cursor - room) / step * step + step };
    (skip(Safe::text(&part), hidden), cursor - hidden)
}

/// Columns before the letter with this number.
fn cells_before(text: &str, letter: usize) -> usize {
    let start = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (here, after) = (start(letter), start(letter + 1));
    // With the letter itself: a joiner shows or not by what follows it.
    cells(&text[..after]).saturating_sub(cells(&text[here..after]))
}

fn cells(text: &str) -> usize {
    Safe::text(text).as_str().graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// What is left after the first columns, with a `…` in their place; a wide letter that would be halved is a blank.
pub fn skip(text: Safe, columns: usize) -> Safe {
    if columns == 0 {
        return text;
    }
    let mut rest = String::from("…");
    let mut at = 0;
    for grapheme in text.as_str().graphemes(true) {
        let end = at + grapheme.width();
        match at {
            _ if at > columns => rest.push_str(grapheme),
            _ => rest.extend(std::iter::repeat_n(' ', end.saturating_sub(columns + 1))),
        }
        at = end;
    }
    Safe::text(&rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;
    use ratatui::buffer::Buffer;

    fn key(name: char, modifiers: KeyModifiers) -> Key {
        Key(KeyCode::Char(name), modifiers)
    }

    fn left(field: &mut Field, times: usize) {
        for _ in 0..times {
            field.key(Key(KeyCode::Left, KeyModifiers::NONE));
        }
    }

    /// The row as it stands in this many columns, and the cursor's column.
    fn drawn(field: &Field, width: u16) -> (String, u16) {
        let (cells, cursor) = drawn_cells(field, width);
        (cells.concat().trim_end().to_owned(), cursor)
    }

    fn drawn_cells(field: &Field, width: u16) -> (Vec<String>, u16) {
        let theme = Theme::builtin("mono").unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        let mut pen = Pen::new(&mut buffer, &theme);
        field.draw(&mut pen, Rect::new(0, 0, width, 1), theme.text, true);
        let cursor = pen.cursor().unwrap().x;
        ((0..width).map(|x| buffer[(x, 0)].symbol().to_owned()).collect(), cursor)
    }

    #[test]
    fn the_cursor_stands_on_its_letter_among_wide_letters_tabs_and_marks() {
        for (text, back, cell) in
            [("朝日", 1, 2), ("朝日", 0, 4), ("a\tb", 1, 2), ("e\u{301}x", 1, 1), ("👨\u{200d}👩", 1, 2)]
        {
            let mut field = Field::with(text);
            left(&mut field, back);
            assert_eq!(drawn(&field, 10).1, cell, "{text} {back}");
        }
    }

    #[test]
    fn a_long_line_is_drawn_around_the_cursor_and_both_cuts_are_shown() {
        let mut field = Field::with("0123456789abcdefghij");
        assert_eq!(drawn(&field, 10), ("…ghij".into(), 5));
        left(&mut field, 4);
        assert_eq!(drawn(&field, 10), ("…bcdefghij".into(), 6));
        left(&mut field, 16);
        assert_eq!(drawn(&field, 10), ("012345678…".into(), 0));
        assert_eq!(drawn(&Field::with("朝日新聞朝日新聞"), 7).0, "… 聞");
    }

    #[test]
    fn the_keys_of_a_shell_do_what_they_do_there() {
        let ctrl = |name| key(name, KeyModifiers::CONTROL);
        let mut field = Field::with("one two=2");
        assert!(field.key(ctrl('w')) && field.text() == "one ");
        assert!(field.key(ctrl('y')) && field.text() == "one two=2");
        left(&mut field, 3);
        assert!(field.key(ctrl('k')) && field.text() == "one tw");
        assert!(field.key(ctrl('u')) && field.text().is_empty());
        assert!(field.key(ctrl('_')) && field.text() == "one tw");
        let mut lines = Field::with("one\n");
        for c in "ukjmrxcvpng".chars() {
            assert!(!lines.key(ctrl(c)), "ctrl-{c}");
        }
        for code in [KeyCode::Enter, KeyCode::Tab, KeyCode::F(7), KeyCode::PageUp] {
            assert!(!lines.key(Key(code, KeyModifiers::NONE)));
        }
        assert_eq!(lines.text(), "one\n");
    }

    #[test]
    fn a_paste_keeps_its_lines_but_not_the_end_of_a_copied_one() {
        let mut field = Field::default();
        field.paste("a\r\tb\r\nc\n");
        assert_eq!(field.text(), "a\n\tb\nc");
        field.set("");
        field.paste_line("cust-\r\n17\r");
        assert_eq!(field.text(), "cust- 17");
    }

    proptest::proptest! {
        #[test]
        fn the_cursor_is_never_beside_its_letter(text in "[a-z朝新é\t ]{0,60}", back in 0usize..60, width in 4u16..40) {
            let mut field = Field::with(&text);
            left(&mut field, back);
            let DataCursor(_, column) = field.text.cursor();
            let under = text.chars().nth(column).map_or(" ".into(), |c| Safe::text(&c.to_string()).as_str().to_owned());
            let (row, cursor) = drawn_cells(&field, width);
            proptest::prop_assert_eq!(row.get(usize::from(cursor)), Some(&under));
        }

        #[test]
        fn no_text_and_no_width_breaks_the_drawing(text: String, more in "[朝🇩🇪é👨\u{200d}\u{301}\t\n ]*", back in 0usize..40, width in 1u16..60, height in 1u16..4) {
            let theme = Theme::builtin("mono").unwrap();
            let mut field = Field::with(&format!("{text}{more}"));
            left(&mut field, back);
            let area = Rect::new(0, 0, width, height);
            let mut buffer = Buffer::empty(area);
            let mut pen = Pen::new(&mut buffer, &theme);
            field.draw(&mut pen, area, theme.text, true);
            proptest::prop_assert!(area.contains(pen.cursor().unwrap()));
        }
    }
}
