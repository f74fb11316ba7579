//! The cursor of a virtual list: which row is chosen and which are in view. It holds no rows; the panel draws only those
//! in view, so a list of a million costs a screenful.
use crate::keymap::Action;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct List {
    cursor: usize,
    top: usize,
    len: usize,
    height: usize,
}

impl List {
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Rows in view.
    pub fn view(&self) -> std::ops::Range<usize> {
        self.top..(self.top + self.height).min(self.len)
    }

    pub fn set_len(&mut self, len: usize) {
        self.len = len;
        self.select(self.cursor);
    }

    pub fn set_height(&mut self, height: usize) {
        self.height = height;
        self.select(self.cursor);
    }

    /// Chooses a row and brings it into view.
    pub fn select(&mut self, row: usize) {
        self.cursor = row.min(self.len.saturating_sub(1));
        let lowest = (self.cursor + 1).saturating_sub(self.height);
        self.top = self.top.clamp(lowest, self.cursor.max(lowest)).min(self.len.saturating_sub(self.height));
    }

    /// The wheel moves the view; the cursor is dragged along.
    pub fn scroll(&mut self, rows: isize) {
        let most = self.len.saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(rows).min(most);
        self.cursor = self.cursor.clamp(self.top, (self.top + self.height).saturating_sub(1).max(self.top));
        self.cursor = self.cursor.min(self.len.saturating_sub(1));
    }

    /// Moves by an action; `false` when it is not a movement.
    pub fn on_action(&mut self, action: Action) -> bool {
        let page = self.height.saturating_sub(1).max(1);
        let row = match action {
            Action::Down => self.cursor + 1,
            Action::Up => self.cursor.saturating_sub(1),
            Action::Top => 0,
            Action::Bottom => self.len,
            Action::PageDown => self.cursor + page,
            Action::PageUp => self.cursor.saturating_sub(page),
            _ => return false,
        };
        self.select(row);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(len: usize, height: usize) -> List {
        let mut list = List::default();
        list.set_height(height);
        list.set_len(len);
        list
    }

    #[test]
    fn the_cursor_stays_in_view_and_in_the_list() {
        let mut l = list(100, 10);
        l.on_action(Action::Bottom);
        assert_eq!((l.cursor(), l.view()), (99, 90..100));
        l.on_action(Action::PageUp);
        assert_eq!((l.cursor(), l.view()), (90, 90..100));
        l.on_action(Action::Up);
        assert_eq!((l.cursor(), l.view()), (89, 89..99));
        l.set_len(3);
        assert_eq!((l.cursor(), l.view()), (2, 0..3));
        l.set_len(0);
        assert_eq!((l.cursor(), l.view()), (0, 0..0));
    }

    #[test]
    fn the_wheel_moves_the_view_and_drags_the_cursor() {
        let mut l = list(100, 10);
        l.scroll(5);
        assert_eq!((l.cursor(), l.view()), (5, 5..15));
        l.scroll(-50);
        assert_eq!((l.cursor(), l.view()), (5, 0..10));
        l.scroll(1000);
        assert_eq!((l.cursor(), l.view()), (90, 90..100));
    }
}
