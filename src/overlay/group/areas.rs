//! How the overlay of a group is cut up.
use super::Part;
use crate::overlay::centred;
use ratatui::layout::{Margin, Rect};

/// Rows of the head: what the group is, its total, how that is spread, and where it goes; on the smallest screens the
/// first and the second of them.
const HEAD: u16 = 4;
const SHORT_HEAD: u16 = 2;
/// Rows for the sentences about the chosen row.
const WORDS: u16 = 4;
/// With as many rows for them partitions and members stand together, and with as many the chart too.
const BOTH: u16 = 10;
const ALL: u16 = 23;

/// The parts of the overlay; what has no room is empty.
#[derive(Debug, Default, Clone, Copy)]
pub struct Areas {
    pub screen: Rect,
    pub frame: Rect,
    pub head: Rect,
    pub partitions: Rect,
    pub members: Rect,
    pub words: Rect,
    pub chart: Rect,
}

impl Areas {
    /// Where there is room for one part only, it is the one that has the keys. Nothing here hangs on what was read except
    /// how partitions and members share their rows.
    pub fn of(screen: Rect, members: usize, partitions: usize, part: Part) -> Self {
        let frame = centred(screen, screen.width, screen.height.saturating_sub(2));
        let inner = frame.inner(Margin::new(2, 1));
        let tall = inner.height >= 12;
        let head = Rect { height: if tall { HEAD } else { SHORT_HEAD }.min(inner.height), ..inner };
        let body = below(inner, head.height + u16::from(tall));
        let words =
            Rect { y: inner.bottom() - if tall { WORDS } else { 0 }, height: if tall { WORDS } else { 0 }, ..inner };
        let rows = Rect { height: words.y.saturating_sub(body.y + u16::from(tall)), ..body };
        let areas = Self { screen, frame, head, words, ..Self::default() };
        match part {
            _ if rows.height >= ALL => {
                let chart = below(rows, rows.height - rows.height / 2);
                let rows = Rect { height: rows.height - chart.height - 1, ..rows };
                Self { chart, ..areas }.lists(rows, members, partitions, part)
            }
            Part::Chart => Self { chart: body, words: Rect { height: 0, ..words }, ..areas },
            part => areas.lists(rows, members, partitions, part),
        }
    }

    /// Partitions get what members leave.
    fn lists(self, area: Rect, members: usize, partitions: usize, part: Part) -> Self {
        let rows = |n: usize| u16::try_from(n.max(1) + 1).unwrap_or(u16::MAX);
        if area.height >= BOTH {
            let below = rows(members).min((area.height / 3).max(area.height.saturating_sub(rows(partitions) + 1)));
            let members = Rect { y: area.bottom() - below, height: below, ..area };
            return Self { partitions: Rect { height: area.height - below - 1, ..area }, members, ..self };
        }
        match part {
            Part::Members => Self { members: area, ..self },
            Part::Partitions | Part::Chart => Self { partitions: area, ..self },
        }
    }
}

/// What is left of an area below its first rows.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
