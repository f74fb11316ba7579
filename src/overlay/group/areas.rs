//! How the overlay of a group is cut up.
use crate::overlay::centred;
use ratatui::layout::{Margin, Rect};

/// Rows of the head: what the group is, and its total.
const HEAD: u16 = 2;
/// Rows for the sentences about the chosen row.
const WORDS: u16 = 3;

/// The parts of the overlay; members have none while partitions need the room.
#[derive(Debug, Default, Clone, Copy)]
pub struct Areas {
    pub screen: Rect,
    pub frame: Rect,
    pub head: Rect,
    pub partitions: Rect,
    pub members: Rect,
    pub words: Rect,
}

impl Areas {
    /// Partitions get what members leave; where there is no room for both, only the list with the keys is shown.
    pub fn of(screen: Rect, members: usize, partitions: usize, on_members: bool) -> Self {
        let frame = centred(screen, screen.width, screen.height.saturating_sub(2));
        let inner = frame.inner(Margin::new(2, 1));
        let head = Rect { height: HEAD.min(inner.height), ..inner };
        let words = if inner.height >= 12 { WORDS } else { 0 };
        let words = Rect { y: inner.bottom() - words, height: words, ..inner };
        let body = Rect { y: head.bottom() + u16::from(words.height > 0), ..inner };
        let body = Rect { height: words.y.saturating_sub(body.y + u16::from(words.height > 0)), ..body };
        let mut areas = Self { screen, frame, head, words, partitions: body, members: Rect { height: 0, ..body } };
        let rows = |n: usize| u16::try_from(n.max(1) + 1).unwrap_or(u16::MAX);
        if body.height >= 12 {
            let below = rows(members).min((body.height / 3).max(body.height.saturating_sub(rows(partitions) + 1)));
            areas.partitions.height = body.height - below - 1;
            areas.members = Rect { y: body.bottom() - below, height: below, ..body };
        } else if on_members {
            std::mem::swap(&mut areas.partitions, &mut areas.members);
        }
        areas
    }
}
