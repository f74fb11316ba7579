//! What panels draw with. A [`Pen`] takes only [`Safe`] text and theme roles, so no foreign byte and no colour literal
//! reaches the screen by another way.
pub mod chart;
pub mod field;
pub mod filter;
pub mod format;
pub mod fuzzy;
pub mod list;
pub mod sparkline;
pub mod table;

use crate::{
    text::Safe,
    theme::{Role, Theme},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    symbols::border,
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One word in a line, with its role.
pub type Word = (Safe, Role);

/// Draws into one frame.
#[derive(Debug)]
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    pub theme: &'a Theme,
    cursor: Option<Position>,
}

impl<'a> Pen<'a> {
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        buffer.set_style(buffer.area, theme.text);
        Self { buffer, theme, cursor: None }
    }

    /// Where the terminal's cursor stands after this frame.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    pub fn place_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position { x, y });
    }

    /// Writes text from `x` on, cut by `…` to `width` columns; returns the columns used.
    pub fn put(&mut self, x: u16, y: u16, width: u16, text: &Safe, role: Role) -> u16 {
        if !self.buffer.area.contains(Position { x, y }) {
            return 0;
        }
        let text = text.fit(usize::from(width));
        let (end, _) = self.buffer.set_stringn(x, y, text.as_str(), usize::from(width), Style::from(role));
        self.part_clusters(x, end, y);
        end.saturating_sub(x)
    }

    /// A letter with a mark that takes a column of its own (scripts of India) stands in two cells, as terminals have it:
    /// in one, the mark would stay on the screen when the letter goes.
    fn part_clusters(&mut self, from: u16, to: u16, y: u16) {
        for x in from..to {
            let Some(columns) = self.buffer.cell((x, y)).and_then(|cell| columns(cell.symbol())) else { continue };
            for (at, column) in (x..to).zip(columns) {
                if let Some(cell) = self.buffer.cell_mut((at, y)) {
                    cell.set_symbol(&column);
                }
            }
        }
    }

    /// The same, ending at the right edge of `width` columns.
    pub fn put_right(&mut self, x: u16, y: u16, width: u16, text: &Safe, role: Role) -> u16 {
        let text = text.fit(usize::from(width));
        let used = u16::try_from(text.width()).unwrap_or(width).min(width);
        self.put(x + width - used, y, used, &text, role)
    }

    /// Words one after the other, cut at `width`; returns the columns used.
    pub fn line(&mut self, x: u16, y: u16, width: u16, words: &[Word]) -> u16 {
        words.iter().fold(0, |used, (text, role)| used + self.put(x + used, y, width - used, text, *role))
    }

    /// Words that end at the right edge of `width` columns.
    pub fn line_right(&mut self, x: u16, y: u16, width: u16, words: &[Word]) -> u16 {
        let all = words.iter().map(|(text, _)| text.width()).sum::<usize>();
        let used = u16::try_from(all).unwrap_or(width).min(width);
        self.line(x + width - used, y, used, words)
    }

    /// Gives a whole area a role without touching its letters.
    pub fn tint(&mut self, area: Rect, role: Role) {
        self.buffer.set_style(area.intersection(self.buffer.area), Style::from(role));
    }

    /// Blanks an area, for what is drawn over other panels.
    pub fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
        self.tint(area, self.theme.text);
    }

    /// A rounded frame with words in its upper border; returns what is inside.
    pub fn frame(&mut self, area: Rect, focused: bool, title: &[Word]) -> Rect {
        let role = if focused { self.theme.border_focused } else { self.theme.border };
        self.border(area, role);
        if area.width > 4 {
            self.line(area.x + 1, area.y, area.width - 2, title);
        }
        area.inner(ratatui::layout::Margin::new(1, 1))
    }

    /// Words in the lower border of a frame.
    pub fn foot(&mut self, area: Rect, words: &[Word]) {
        if area.width > 6 && area.height > 1 {
            self.line(area.x + 2, area.bottom() - 1, area.width - 4, words);
        }
    }

    fn border(&mut self, area: Rect, role: Role) {
        use ratatui::widgets::{Block, Widget};
        Block::bordered().border_set(border::ROUNDED).border_style(Style::from(role)).render(area, self.buffer);
    }

    /// Text broken into rows at blanks, as far as the area goes; returns the rows used. What does not fit is cut by `…`.
    pub fn paragraph(&mut self, area: Rect, text: &Safe, role: Role) -> u16 {
        let rows = wrap(text, usize::from(area.width));
        let last = usize::from(area.height).min(rows.len());
        for (i, row) in rows.iter().take(last).enumerate() {
            let row =
                if i + 1 == last && last < rows.len() { row.clone().join(&Safe::literal(" …")) } else { row.clone() };
            self.put(area.x, area.y + i as u16, area.width, &row, role);
        }
        last as u16
    }
}

/// The columns of one cluster, where it is made of several that a terminal keeps apart: letters, not emoji or flags.
fn columns(cluster: &str) -> Option<Vec<String>> {
    let mut letters = cluster.chars();
    if cluster.len() < 2 || !letters.next().is_some_and(char::is_alphabetic) || cluster.width() < 2 {
        return None;
    }
    let mut columns: Vec<String> = vec![];
    for c in cluster.chars() {
        match (c.width(), columns.last_mut()) {
            (Some(1), _) => columns.push(c.into()),
            (Some(0), Some(column)) => column.push(c),
            _ => return None,
        }
    }
    (columns.len() == cluster.width()).then_some(columns)
}

/// Breaks text into rows of at most `width` columns, at blanks where there are any, else within a word.
pub fn wrap(text: &Safe, width: usize) -> Vec<Safe> {
    let mut rows = vec![];
    let mut row = Safe::default();
    for word in text.as_str().split_inclusive(' ').flat_map(|word| pieces(word, width)) {
        if row.width() + trimmed(&word).width() > width && row.width() > 0 {
            rows.push(trimmed(&std::mem::take(&mut row)));
        }
        row = row.join(&word);
    }
    rows.push(trimmed(&row));
    rows
}

/// A word in pieces of at most `width` columns; the blank behind it does not count.
fn pieces(word: &str, width: usize) -> Vec<Safe> {
    let mut pieces = vec![];
    let mut piece = String::new();
    for grapheme in word.graphemes(true) {
        if width > 0 && grapheme != " " && (piece.as_str().width() + grapheme.width()) > width {
            pieces.push(Safe::from(std::mem::take(&mut piece)));
        }
        piece.push_str(grapheme);
    }
    pieces.push(Safe::from(piece));
    pieces
}

/// The blank at a break belongs to no row: it would make a full row one too wide.
fn trimmed(row: &Safe) -> Safe {
    Safe::text(row.as_str().trim_end_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of a long address was cut off where a person needs it most.
    #[test]
    fn a_word_wider_than_the_area_is_broken_and_keeps_its_end() {
        let rows = wrap(&Safe::text("to no-such.invalid:9092 朝日新聞 now"), 7);
        let rows: Vec<_> = rows.iter().map(Safe::as_str).collect();
        assert_eq!(rows, ["to", "no-such", ".invali", "d:9092", "朝日新", "聞 now"]);
    }

    /// A word that ended exactly at the edge lost its last letters to the blank behind it.
    #[test]
    fn a_row_that_just_fits_is_whole() {
        let rows = wrap(&Safe::text("two rows of ten columns"), 8);
        assert_eq!(rows.iter().map(Safe::as_str).collect::<Vec<_>>(), ["two rows", "of ten", "columns"]);
        assert!(rows.iter().all(|row| row.width() <= 8));
    }

    /// Marks of Bengali and Tamil stayed on the screen when the next topic was opened.
    #[test]
    fn a_mark_with_a_column_of_its_own_has_a_cell_of_its_own() {
        let cells = |text: &str| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
            let theme = Theme::builtin("mono").unwrap();
            Pen::new(&mut buffer, &theme).put(0, 0, 10, &Safe::text(text), theme.text);
            (0..4).map(|x| buffer[(x, 0)].symbol().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cells("ওহে"), ["ও", "হ", "ে", " "]);
        assert_eq!(cells("e\u{301}a"), ["e\u{301}", "a", " ", " "]);
        assert_eq!(cells("🇳🇱x"), ["🇳🇱", " ", "x", " "]);
        assert_eq!(cells("朝x"), ["朝", " ", "x", " "]);
    }
}
