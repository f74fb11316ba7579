//! The partitions of a plan and of what became of it: where they stand on the screen, their cells, and what is known of
//! the chosen one in sentences.
use super::account::{End, signed};
use crate::{
    reset::{Move, Outcome},
    text::Safe,
    theme::{Role, Theme},
    widgets::{format::grouped, table::Column},
};
use ratatui::layout::Rect;

/// The parts of the overlay; what has no room is empty.
#[derive(Debug, Default, Clone, Copy)]
pub struct Areas {
    pub frame: Rect,
    pub head: Rect,
    /// Sentences about the whole.
    pub notes: Rect,
    pub table: Rect,
    /// The question, or sentences about the chosen partition.
    pub foot: Rect,
}

impl Areas {
    /// From the top: one row, the notes, the table, the foot; notes and foot give way before the table has two rows.
    pub fn of(frame: Rect, notes: u16, foot: u16) -> Self {
        let inner = frame.inner(ratatui::layout::Margin::new(2, 1));
        let head = Rect { height: inner.height.min(1), ..inner };
        let room = inner.height.saturating_sub(1);
        let foot = foot.min(room);
        let notes = notes.min(room.saturating_sub(foot).saturating_sub(if foot > 2 { 0 } else { 3 }));
        let notes = Rect { y: head.bottom(), height: notes, ..inner };
        let table = Rect { y: notes.bottom(), height: room - notes.height - foot, ..inner };
        Self { frame, head, notes, table, foot: Rect { y: table.bottom(), height: foot, ..inner } }
    }

    /// The rows below the table's heads.
    pub fn rows(&self) -> Rect {
        let table = self.table;
        Rect { y: table.y + table.height.min(1), height: table.height.saturating_sub(1), ..table }
    }
}

const TOPIC: usize = 0;
const PARTITION: usize = 1;
const OLD: usize = 2;
const NEW: usize = 3;
const FOURTH: usize = 4;

/// Columns that the longest cell of each needs; `ended`: what stands takes the place of the difference.
pub fn columns(moves: &[Move], ended: bool) -> [Column; 6] {
    let widest = |text: &dyn Fn(&Move) -> usize| moves.iter().map(text).max().unwrap_or(0).min(24) as u16;
    let topic = widest(&|step| Safe::text(&step.topic).width());
    let old = widest(&|step| number(step.old).len());
    let new = widest(&|step| new(step).len());
    let fourth = if ended { new } else { widest(&|step| delta(step).len()) };
    [
        Column::left("TOPIC", topic.max(8), 0),
        Column::right("P", 4, 0),
        Column::right("OLD", old.max(6), 2),
        Column::right("NEW", new.max(6), 0),
        Column::right(if ended { "STANDS" } else { "DELTA" }, fourth.max(6), if ended { 1 } else { 3 }),
        Column::growing("", 12),
    ]
}

/// A cell of a plan.
pub fn planned(step: &Move, before: Option<&Move>, column: usize, theme: &Theme) -> (Safe, Role) {
    match column {
        FOURTH => (Safe::from(delta(step)), if step.changes() { theme.text } else { theme.muted }),
        TOPIC..FOURTH => same(step, column, theme),
        _ => marks(step, before, theme),
    }
}

/// A cell of what became of it.
pub fn ended(step: &Move, outcome: Option<&Outcome>, column: usize, theme: &Theme) -> (Safe, Role) {
    match (column, outcome) {
        (TOPIC..FOURTH, _) => same(step, column, theme),
        (FOURTH, Some(Outcome { stands: Ok(stands), .. })) => (Safe::from(number(*stands)), theme.text),
        (FOURTH, _) => (Safe::literal("?"), theme.null),
        (_, None) => (Safe::literal("no answer"), theme.bad),
        (_, Some(outcome)) => end(step, outcome, theme),
    }
}

fn end(step: &Move, outcome: &Outcome, theme: &Theme) -> (Safe, Role) {
    let why = |failure: &crate::failure::Failure| failure.answered.clone();
    match (End::of(step, outcome), &outcome.written, &outcome.stands) {
        (End::Stands, ..) if step.new == Ok(None) => (Safe::literal("deleted"), theme.good),
        (End::Stands, ..) => (Safe::literal("written"), theme.good),
        (End::Changed, ..) => (Safe::literal("written, and changed under it"), theme.warn),
        (End::Refused, Err(failure), _) => (Safe::from(format!("refused: {}", why(failure))), theme.bad),
        (End::Unread, _, Err(failure)) => (Safe::from(format!("written, not read back: {}", why(failure))), theme.warn),
        _ => (Safe::literal("left alone"), theme.muted),
    }
}

fn same(step: &Move, column: usize, theme: &Theme) -> (Safe, Role) {
    let known = |known: bool| if known { theme.text } else { theme.null };
    match column {
        TOPIC => (Safe::text(&step.topic), theme.text),
        PARTITION => (Safe::from(step.partition.to_string()), theme.text),
        OLD => (Safe::from(number(step.old)), known(step.old.is_some())),
        NEW => (Safe::from(new(step)), known(matches!(step.new, Ok(Some(_))))),
        _ => (Safe::default(), theme.text),
    }
}

/// An offset; `–` is no commit.
fn number(offset: Option<i64>) -> String {
    offset.map_or("–".into(), grouped)
}

fn new(step: &Move) -> String {
    step.new.as_ref().map_or("?".into(), |new| number(*new))
}

fn delta(step: &Move) -> String {
    step.delta().map_or_else(String::new, signed)
}

/// Every mark that applies, the gravest first; its role colours all of them.
fn marks(step: &Move, before: Option<&Move>, theme: &Theme) -> (Safe, Role) {
    let mut marks: Vec<(String, Role)> = vec![];
    let mut say = |applies: bool, words: String, role| {
        if applies {
            marks.push((words, role));
        }
    };
    if let Err(why) = &step.new {
        say(true, format!("unknown: {}", why.answered), theme.bad);
    }
    if let Some(before) = before {
        let moved = before.old != step.old || before.new != step.new;
        say(moved, format!("was {} → {}", number(before.old), new(before)), theme.warn);
    }
    let asked = step.clamped.map(grouped).unwrap_or_default();
    say(step.clamped.is_some(), format!("clamped from {asked}"), theme.warn);
    let outside = step.outside().filter(|_| step.changes());
    say(outside.is_some(), format!("{}, as it stood", outside.unwrap_or_default()), theme.warn);
    say(step.nothing_since, "nothing that new: the end".into(), theme.warn);
    say(step.lost() > 0, format!("{} lost", grouped(step.lost())), theme.bad);
    say(step.ahead() > 0, format!("{} ahead", grouped(step.ahead())), theme.warn);
    match (step.old, &step.new) {
        (None, Ok(Some(_))) => say(true, "no commit before".into(), theme.muted),
        (Some(_), Ok(None)) => say(true, "delete the commit".into(), theme.warn),
        (_, Ok(_)) => say(!step.changes(), "stays".into(), theme.muted),
        (_, Err(_)) => {}
    }
    let role = marks.first().map_or(theme.muted, |(_, role)| *role);
    let words: Vec<String> = marks.into_iter().map(|(words, _)| words).collect();
    (Safe::from(words.join(" · ")), role)
}

/// What is known of one partition, in sentences.
pub fn explain(step: &Move, outcome: Option<&Outcome>) -> String {
    let place = format!("{}/{}:", step.topic, step.partition);
    let ends = match (step.start, step.end) {
        (Some(start), Some(end)) => format!("It holds offsets from {} to the end {}.", grouped(start), grouped(end)),
        _ => "Where it begins or ends is not known.".into(),
    };
    let mut words = vec![place, will(step), ends];
    if let Some(asked) = step.clamped {
        words.push(format!("Asked for was {}, which lies outside.", grouped(asked)));
    }
    match outcome {
        Some(Outcome { written: Err(why), .. }) | Some(Outcome { stands: Err(why), .. }) => {
            words.push(format!("{why}."))
        }
        _ => {}
    }
    words.join(" ")
}

fn will(step: &Move) -> String {
    match (step.old, &step.new) {
        (_, Err(why)) => format!("{why}."),
        (Some(old), Ok(Some(new))) if old == *new => format!("It stays at {}.", grouped(old)),
        (Some(old), Ok(Some(new))) => {
            let way = match (step.skipped(), step.read_again()) {
                (0, 0) => String::new(),
                (0, again) => format!(": {} offsets are read again", grouped(again)),
                (skipped, _) => format!(": {} offsets are skipped", grouped(skipped)),
            };
            format!("From {} to {}{way}.", grouped(old), grouped(*new))
        }
        (None, Ok(Some(new))) => format!("It had no commit; one is made at {}.", grouped(*new)),
        (Some(old), Ok(None)) => format!("Its commit {} is deleted: there was none before.", grouped(old)),
        (None, Ok(None)) => "It has no commit, and none is made.".into(),
    }
}
