//! How a group stands in the columns of the panel.
use super::{row::Row, status};
use crate::{
    group::GroupState,
    lag::{Behind, Bin, Clears, Total, Window},
    text::Safe,
    theme::{Role, Theme},
    topic::TopicName,
    widgets::{
        format,
        sparkline::{self, Seen},
        table::{Column, Slots},
    },
};
use jiff::Timestamp;

pub const GROUP: usize = 0;
pub const STATE: usize = 1;
pub const MEMBERS: usize = 2;
pub const LAG: usize = 3;
pub const TREND: usize = 4;
pub const BEHIND: usize = 5;
pub const CLEARS: usize = 6;
pub const STATUS: usize = 7;

/// Is there room for a second blank between columns?
fn is_wide(width: u16) -> bool {
    width >= 100
}

/// Where the columns stand at this width.
pub fn slots(width: u16, names: u16) -> Slots {
    Slots::spaced(&columns(width, names), width, if is_wide(width) { 2 } else { 1 })
}

/// The columns at this width, the first to go with the highest number: on a small screen group, lag, trend and status
/// are left. `names`: columns of the longest name; what it does not need the status gets.
pub fn columns(width: u16, names: u16) -> [Column; 8] {
    let wide = is_wide(width);
    [
        Column::left("GROUP", names.clamp(16, (width / 5).clamp(16, 40)), 0),
        Column::left("STATE", 10, 4),
        Column::right("MEMBERS", 8, 5),
        Column::right("LAG", 9, 0),
        Column::left("5 MIN", if wide { 10 } else { 6 }, 1),
        Column::left("BEHIND", 10, 2),
        Column::left("CLEARS IN", 9, 3),
        Column::growing("STATUS", 15),
    ]
}

/// What a cell means; the theme has a role for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Text,
    Muted,
    Good,
    Warn,
    Bad,
    /// A value that is not there.
    Null,
}

impl Tone {
    pub fn role(self, theme: &Theme) -> Role {
        match self {
            Self::Text => theme.text,
            Self::Muted => theme.muted,
            Self::Good => theme.good,
            Self::Warn => theme.warn,
            Self::Bad => theme.bad,
            Self::Null => theme.null,
        }
    }
}

pub type Cell = (Safe, Tone);

/// What cells are told with.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    pub now: Timestamp,
    /// The open topic.
    pub topic: Option<&'a TopicName>,
}

const NONE: Safe = Safe::literal("–");
const UNKNOWN: Safe = Safe::literal("?");
const AWAITED: Cell = (Safe::literal("…"), Tone::Muted);

/// A group's state in one short word; its view has it in full.
fn state(state: GroupState) -> &'static str {
    match state {
        GroupState::PreparingRebalance => "preparing",
        GroupState::CompletingRebalance => "completing",
        GroupState::Reconciling => "reconciles",
        GroupState::NotReady => "not ready",
        state => state.word(),
    }
}

impl Row {
    /// Numbers that are older than they should be are dimmed, not blanked.
    pub fn cell(&self, column: usize, sight: &Sight, width: u16) -> Cell {
        let (text, tone) = match column {
            GROUP => return self.name_cell(sight),
            STATE => return (Safe::literal(state(self.group.state)), self.state_tone()),
            MEMBERS => self.members_cell(),
            LAG => self.lag_cell(),
            TREND => (self.trend(sight.now, width), Tone::Text),
            BEHIND => self.behind_cell(sight.now),
            CLEARS => self.clears_cell(),
            _ => return status::cell(self, sight),
        };
        (text, if self.age(sight.now).is_some() { Tone::Muted } else { tone })
    }

    fn name_cell(&self, sight: &Sight) -> Cell {
        let elsewhere = sight.topic.is_some() && !self.is_unread() && !self.reads(sight.topic);
        (Safe::text(&self.group.name), if elsewhere { Tone::Muted } else { Tone::Text })
    }

    fn state_tone(&self) -> Tone {
        match self.group.state {
            state if state.is_rebalancing() => Tone::Warn,
            GroupState::Unknown => Tone::Null,
            _ => Tone::Text,
        }
    }

    fn members_cell(&self) -> Cell {
        match self.reading.as_ref().map(|reading| &reading.members) {
            None => AWAITED,
            Some(Err(_)) => (UNKNOWN, Tone::Null),
            Some(Ok(n)) => (Safe::from(n.to_string()), Tone::Text),
        }
    }

    fn lag_cell(&self) -> Cell {
        let Some(reading) = &self.reading else { return AWAITED };
        match &reading.total {
            Ok(Total { lag: Some(lag), unknown: 0, .. }) => (Safe::from(format::short(*lag)), Tone::Text),
            Ok(Total { lag: Some(lag), .. }) => (Safe::from(format!("≥ {}", format::short(*lag))), Tone::Warn),
            Ok(Total { unknown: 0, .. }) => (NONE, Tone::Null),
            Ok(_) | Err(_) => (UNKNOWN, Tone::Null),
        }
    }

    fn trend(&self, now: Timestamp, width: u16) -> Safe {
        let bins = self.history.series().bins(Window::FiveMinutes, now);
        let sample = |bin: &Bin| {
            let seen = match bin.lag {
                Some(lag) if bin.exact => Seen::Number(lag),
                Some(_) => Seen::Bound,
                None if bin.unknown => Seen::Unknown,
                None => return None,
            };
            Some((bin.at, seen))
        };
        sparkline::line(&bins.iter().filter_map(sample).collect::<Vec<_>>(), now, width)
    }

    fn behind_cell(&self, now: Timestamp) -> Cell {
        let Some(reading) = &self.reading else { return AWAITED };
        match self.history.behind(now) {
            _ if reading.has_no_commit() => (NONE, Tone::Null),
            Behind::CaughtUp => (NONE, Tone::Muted),
            Behind::Unknown => (UNKNOWN, Tone::Null),
            Behind::Skewed(_) => (Safe::literal("skewed"), Tone::Warn),
            told => (Safe::from(told.phrase()), Tone::Text),
        }
    }

    fn clears_cell(&self) -> Cell {
        let Some(reading) = &self.reading else { return AWAITED };
        match &reading.clears {
            _ if reading.has_no_commit() => (NONE, Tone::Muted),
            Clears::CaughtUp => (NONE, Tone::Muted),
            Clears::In(time) => (Safe::from(format::span(*time)), Tone::Text),
            Clears::Never => (Safe::literal("never"), Tone::Warn),
            Clears::Level => (Safe::literal("level"), Tone::Text),
            Clears::Observing => AWAITED,
            // Nobody is there to read.
            Clears::Unknown if reading.has_lag() => (NONE, Tone::Muted),
            Clears::Unknown => (UNKNOWN, Tone::Null),
        }
    }
}
