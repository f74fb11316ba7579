//! Which records are on the screen, by their positions in the ring: what is shown stays where it is while new records
//! come in and old ones leave.
use crate::keymap::Action;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The newest record is chosen, whatever arrives.
    pub following: bool,
    cursor: u64,
    top: u64,
    /// Rows of the screen, never 0.
    height: u64,
}

impl Default for View {
    fn default() -> Self {
        Self { following: true, cursor: 0, top: 0, height: 1 }
    }
}

impl View {
    pub fn set_height(&mut self, rows: u16) {
        self.height = u64::from(rows.max(1));
    }

    pub fn cursor(&self, kept: &Range<u64>) -> u64 {
        let last = kept.end.saturating_sub(1).max(kept.start);
        if self.following { last } else { self.cursor.clamp(kept.start, last) }
    }

    /// Positions on the screen, the oldest first.
    pub fn rows(&self, kept: &Range<u64>) -> Range<u64> {
        let highest = kept.end.saturating_sub(self.height).max(kept.start);
        let cursor = self.cursor(kept);
        let lowest = (cursor + 1).saturating_sub(self.height);
        let top = if self.following { highest } else { self.top.clamp(lowest, cursor).min(highest).max(kept.start) };
        top..(top + self.height).min(kept.end)
    }

    /// Stops following; what is on the screen stays there.
    pub fn stay(&mut self, kept: &Range<u64>) {
        (self.top, self.cursor) = (self.rows(kept).start, self.cursor(kept));
        self.following = false;
    }

    pub fn select(&mut self, position: u64, kept: &Range<u64>) {
        self.stay(kept);
        self.cursor = position;
        self.stay(kept);
    }

    /// This row is chosen and the rows stand as far up as they go.
    pub fn go_top(&mut self, position: u64) {
        (self.top, self.cursor, self.following) = (0, position, false);
    }

    /// The wheel moves the rows; the cursor is dragged along. Down from the end follows again. Returns the rows that there
    /// were not enough of above.
    pub fn scroll(&mut self, rows: i64, kept: &Range<u64>) -> u64 {
        if rows > 0 && self.rows(kept).end >= kept.end {
            self.following = true;
            return 0;
        }
        self.stay(kept);
        let highest = kept.end.saturating_sub(self.height).max(kept.start);
        let to = self.top.saturating_add_signed(rows);
        self.top = to.clamp(kept.start, highest);
        self.cursor = self.cursor.clamp(self.top, self.top + self.height - 1);
        kept.start.saturating_sub(to)
    }

    /// Moves by an action; nothing when it is not a movement, else the rows that there were not enough of above. Down from
    /// the newest record follows again.
    pub fn on_action(&mut self, action: Action, kept: &Range<u64>) -> Option<u64> {
        let page = (self.height - 1).max(1);
        let cursor = self.cursor(kept);
        let to = match action {
            Action::Down => cursor + 1,
            Action::Up => cursor.saturating_sub(1),
            Action::Top => kept.start,
            Action::Bottom => kept.end,
            Action::PageDown => cursor + page,
            Action::PageUp => cursor.saturating_sub(page),
            _ => return None,
        };
        self.select(to, kept);
        self.following = to >= kept.end && to > cursor;
        Some(kept.start.saturating_sub(to))
    }

    /// Rows of the screen.
    pub fn height(&self) -> u64 {
        self.height
    }
}

/// A movement in a list that is drawn from its end: what goes up goes down.
pub fn turned(action: Action) -> Action {
    match action {
        Action::Up => Action::Down,
        Action::Down => Action::Up,
        Action::PageUp => Action::PageDown,
        Action::PageDown => Action::PageUp,
        Action::Top => Action::Bottom,
        Action::Bottom => Action::Top,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(height: u16) -> View {
        let mut view = View::default();
        view.set_height(height);
        view
    }

    #[test]
    fn following_shows_the_newest_and_scrolling_up_stays() {
        let mut v = view(10);
        assert_eq!((v.rows(&(0..100)), v.cursor(&(0..100))), (90..100, 99));
        v.on_action(Action::Up, &(0..100));
        assert_eq!((v.rows(&(5..200)), v.cursor(&(5..200))), (90..100, 98));
        v.on_action(Action::PageUp, &(5..200));
        assert_eq!((v.rows(&(5..300)), v.cursor(&(5..300))), (89..99, 89));
    }

    #[test]
    fn down_from_the_newest_follows_again_and_so_does_the_wheel() {
        let mut v = view(10);
        v.on_action(Action::Up, &(0..100));
        v.on_action(Action::Down, &(0..100));
        assert!(!v.following);
        v.on_action(Action::Down, &(0..100));
        assert!(v.following);
        v.scroll(-3, &(0..100));
        assert!(!v.following);
        v.scroll(3, &(0..100));
        v.scroll(3, &(0..100));
        assert!(v.following);
    }

    #[test]
    fn what_left_the_ring_is_never_shown() {
        let mut v = view(10);
        v.on_action(Action::Top, &(0..100));
        assert_eq!((v.rows(&(40..140)), v.cursor(&(40..140))), (40..50, 40));
        assert_eq!((v.rows(&(7..7)), v.rows(&(0..0)), v.rows(&(5..8))), (7..7, 0..0, 5..8));
    }
}
