//! Every rectangle of the screen, from its size and a few choices: one pure function, so that drawing keeps no state and
//! the mouse finds what it hits.
use ratatui::layout::Rect;

/// The four panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Focus {
    #[default]
    Topics,
    Tail,
    Lag,
    Produce,
}

impl Focus {
    pub const ALL: [Self; 4] = [Self::Topics, Self::Tail, Self::Lag, Self::Produce];

    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % 4]
    }

    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + 3) % 4]
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Topics => "Topics",
            Self::Tail => "Tail",
            Self::Lag => "Lag",
            Self::Produce => "Produce",
        }
    }
}

/// What a person moved; `None` is the default for the screen's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Borders {
    /// Columns of Topics, frame included.
    pub topics: Option<u16>,
    /// Rows of Lag, frame included.
    pub lag: Option<u16>,
    /// Rows of Produce, frame included.
    pub produce: Option<u16>,
}

/// Where everything stands. A panel that is not shown has an empty area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    pub header: Rect,
    pub topics: Rect,
    pub tail: Rect,
    pub lag: Rect,
    pub produce: Rect,
    pub footer: Rect,
}

impl Areas {
    pub fn of(&self, focus: Focus) -> Rect {
        match focus {
            Focus::Topics => self.topics,
            Focus::Tail => self.tail,
            Focus::Lag => self.lag,
            Focus::Produce => self.produce,
        }
    }

    fn of_mut(&mut self, focus: Focus) -> &mut Rect {
        match focus {
            Focus::Topics => &mut self.topics,
            Focus::Tail => &mut self.tail,
            Focus::Lag => &mut self.lag,
            Focus::Produce => &mut self.produce,
        }
    }

    /// The panel under a cell.
    pub fn at(&self, x: u16, y: u16) -> Option<Focus> {
        Focus::ALL.into_iter().find(|focus| self.of(*focus).contains((x, y).into()))
    }

    /// What lies between header and footer.
    pub fn body(&self) -> Rect {
        let top = self.header.bottom();
        Rect { x: self.header.x, y: top, width: self.header.width, height: self.footer.y.saturating_sub(top) }
    }
}

/// Below this only the focused panel is drawn.
const SMALL: (u16, u16) = (60, 16);
/// From here on there is room for every column.
const WIDE: u16 = 120;
/// The least that Tail and the others are left with by moved borders.
const LEAST_COLUMNS: u16 = 12;
const LEAST_ROWS: u16 = 3;

/// Is only the focused panel drawn for want of room?
pub fn is_small(area: Rect) -> bool {
    area.width < SMALL.0 || area.height < SMALL.1
}

/// All rectangles. `alone`: only the focused panel (zoom, or a small screen).
pub fn areas(screen: Rect, focus: Focus, alone: bool, borders: Borders) -> Areas {
    let header = Rect { height: screen.height.min(1), ..screen };
    let footer_rows = screen.height.saturating_sub(1).min(1);
    let footer = Rect { y: screen.bottom().saturating_sub(footer_rows), height: footer_rows, ..screen };
    let mut areas = Areas { header, footer, ..Areas::default() };
    let body = areas.body();
    if alone {
        *areas.of_mut(focus) = body;
        return areas;
    }
    let topics = borders.topics.unwrap_or(if body.width >= WIDE { 40.min(body.width / 4) } else { 24 });
    let topics =
        topics.clamp(LEAST_COLUMNS, body.width.saturating_sub(3 * LEAST_COLUMNS).max(LEAST_COLUMNS)).min(body.width);
    areas.topics = Rect { width: topics, ..body };
    let right = Rect { x: body.x + topics, width: body.width - topics, ..body };
    let produce = borders.produce.unwrap_or(4).clamp(LEAST_ROWS, (body.height / 2).max(LEAST_ROWS));
    let default_lag = if body.height >= 30 { body.height / 3 } else { 6 };
    let most_lag = body.height.saturating_sub(produce + LEAST_ROWS).max(LEAST_ROWS);
    let produce = produce.min(body.height);
    let lag = borders.lag.unwrap_or(default_lag).clamp(LEAST_ROWS, most_lag).min(body.height - produce);
    let tail = body.height.saturating_sub(lag + produce);
    areas.tail = Rect { height: tail, ..right };
    areas.lag = Rect { y: right.y + tail, height: lag, ..right };
    areas.produce = Rect { y: right.y + tail + lag, height: produce, ..right };
    areas
}

/// Grows (or shrinks, by a negative number) the focused panel.
pub fn grow(borders: Borders, shown: &Areas, focus: Focus, by: i16) -> Borders {
    let moved = |size: u16, by: i16| Some(size.saturating_add_signed(by));
    match focus {
        Focus::Topics => Borders { topics: moved(shown.topics.width, by * 2), ..borders },
        Focus::Tail => Borders { lag: moved(shown.lag.height, -by), ..borders },
        Focus::Lag => Borders { lag: moved(shown.lag.height, by), ..borders },
        Focus::Produce => Borders { produce: moved(shown.produce.height, by), ..borders },
    }
}

/// A border that the mouse can drag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    TopicsRight,
    LagTop,
    ProduceTop,
}

impl Edge {
    /// The border under a cell.
    pub fn at(shown: &Areas, x: u16, y: u16) -> Option<Self> {
        let inside = |area: Rect| area.contains((x, y).into());
        if shown.tail.is_empty() || shown.topics.is_empty() {
            return None;
        }
        match () {
            () if x + 1 == shown.topics.right() || x == shown.tail.x => Some(Self::TopicsRight),
            () if inside(shown.lag) && y == shown.lag.y => Some(Self::LagTop),
            () if inside(shown.produce) && y == shown.produce.y => Some(Self::ProduceTop),
            () => None,
        }
    }

    /// The border dragged to a cell.
    pub fn drag(self, borders: Borders, shown: &Areas, x: u16, y: u16) -> Borders {
        match self {
            Self::TopicsRight => Borders { topics: Some((x + 1).saturating_sub(shown.topics.x)), ..borders },
            Self::LagTop => Borders { lag: Some(shown.produce.y.saturating_sub(y)), ..borders },
            Self::ProduceTop => Borders { produce: Some(shown.produce.bottom().saturating_sub(y)), ..borders },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(width: u16, height: u16) -> Areas {
        areas(Rect::new(0, 0, width, height), Focus::Topics, false, Borders::default())
    }

    #[test]
    fn a_wide_screen_gives_lag_a_third_and_produce_four_rows() {
        let a = at(160, 45);
        assert_eq!((a.topics.width, a.lag.height, a.produce.height), (40, 14, 4));
        assert_eq!(a.tail.height + a.lag.height + a.produce.height, 43);
    }

    #[test]
    fn the_small_standard_screen_shows_three_groups_and_two_rows_of_produce() {
        let a = at(80, 24);
        assert_eq!((a.topics.width, a.tail.height, a.lag.height, a.produce.height), (24, 12, 6, 4));
    }

    #[test]
    fn no_size_and_no_moved_border_leaves_the_screen() {
        let borders = [None, Some(0), Some(3), Some(500)];
        for (width, height) in [(0, 0), (1, 1), (20, 5), (60, 16), (80, 24), (400, 100)] {
            for b in borders {
                let screen = Rect::new(0, 0, width, height);
                for alone in [true, false] {
                    let a = areas(screen, Focus::Tail, alone, Borders { topics: b, lag: b, produce: b });
                    for area in [a.header, a.footer, a.topics, a.tail, a.lag, a.produce] {
                        assert_eq!(area.intersection(screen).area(), area.area(), "{width}×{height} {b:?} {area:?}");
                    }
                }
            }
        }
    }
}
