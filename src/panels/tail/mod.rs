//! What arrives, and what was there before it: the records of the open topic, the newest at the bottom. Keeps raw bytes;
//! decodes only rows in view.
mod ask;
mod beside;
mod border;
mod columns;
mod draw;
mod export;
mod fields;
mod flow;
mod forms;
mod gaps;
mod hear;
mod keys;
mod marks;
mod prompt;
mod search;
mod seek;
mod sent;
mod sift;
mod start;
mod time;
mod view;
mod whole;

pub use beside::{Beside, Standing};

use super::{Cx, Look, Mouse, MouseKind, Panel};
use crate::{
    bus::{Generation, Reading},
    decode::Form,
    failure::Failure,
    filter::Filter,
    group::GroupName,
    keymap::{Action, Context, Key},
    place::{Positions, Where},
    record::{Record, ring::Ring},
    state::Habits,
    text::Safe,
    topic::TopicName,
    widgets::Pen,
};
use columns::Widths;
use export::Export;
use fields::Fields;
use flow::Flow;
use jiff::{Timestamp, ToSpan};
use marks::Marks;
use prompt::Prompt;
use ratatui::layout::Rect;
use search::Search;
use seek::Wanted;
use std::collections::BTreeMap;
use time::TimeForm;
use view::View;

#[derive(Debug)]
pub struct Tail {
    area: Rect,
    ring: Ring,
    view: View,
    stage: Stage,
    flow: Flow,
    /// What is read; nothing before the first topic.
    reading: Option<Reading>,
    /// The filter that is on, or was on last: what the next match is of.
    filtered: Option<Filter>,
    from: Where,
    /// A place chose the partition that is read, not `P`.
    placed: bool,
    /// When the open topic was asked for.
    asked: Timestamp,
    /// Of the tail that runs, and of the last thing asked for.
    generation: Generation,
    asked_last: Generation,
    /// Where partitions began to be read, as far as told.
    began: Positions,
    wanted: Option<Wanted>,
    /// The group that reads the wanted record next.
    next_of: Option<GroupName>,
    /// The open record view is to turn to the wanted record.
    turning: bool,
    /// Between here and the end there is more than a person follows.
    catching_up: bool,
    /// What lies between the end of the list and where reading begins is left out, and a line says so.
    skipping: bool,
    search: Option<Search>,
    /// The look for the newest matches was ended before it came to the start.
    cut_short: bool,
    prompt: Option<Prompt>,
    export: Option<Export>,
    marks: Marks,
    /// By topic: how it was looked at.
    habits: BTreeMap<String, Habits>,
    form: TimeForm,
    /// Newest first: the list is drawn from its end.
    reversed: bool,
    /// The chosen record's value stands below the list.
    wrapped: bool,
    /// How often values, or columns of them, were moved to the left.
    aside: usize,
    /// Fields shown in place of the value.
    fields: Option<Fields>,
    received: u64,
    /// With a filter: records it was asked of, and those it could not be.
    looked_at: u64,
    failures: u64,
    /// Batches that arrived and could not be read.
    unreadable: u64,
    /// As last told; nothing before the first word.
    behind: Option<Option<u64>>,
    /// Partitions that cannot be read now.
    troubles: BTreeMap<i32, Failure>,
    /// Our own words to the person, for a while.
    said: Option<Said>,
    widths: Widths,
    /// What keys and values of the open topic are read as.
    forms: (Form, Form),
}

/// How far the open topic is.
#[derive(Debug)]
enum Stage {
    Nothing,
    Opening,
    Open { partitions: usize },
    Closed,
    Failed { why: Failure },
}

/// Our own words to the person.
#[derive(Debug)]
struct Said {
    words: Safe,
    bad: bool,
    at: Timestamp,
}

/// A remark is on the screen this long.
const SAID_SECONDS: i64 = 10;

impl Tail {
    pub fn new(ring_bytes: usize, ring_records: usize) -> Self {
        Self {
            area: Rect::ZERO,
            ring: Ring::new(ring_bytes, ring_records),
            view: View::default(),
            stage: Stage::Nothing,
            flow: Flow::Running,
            reading: None,
            filtered: None,
            from: Where::End,
            placed: false,
            asked: Timestamp::default(),
            generation: 0,
            asked_last: 0,
            began: Positions::new(),
            wanted: None,
            next_of: None,
            turning: false,
            catching_up: false,
            skipping: false,
            search: None,
            cut_short: false,
            prompt: None,
            export: None,
            marks: Marks::default(),
            habits: BTreeMap::new(),
            form: TimeForm::default(),
            reversed: false,
            wrapped: false,
            aside: 0,
            fields: None,
            received: 0,
            looked_at: 0,
            failures: 0,
            unreadable: 0,
            behind: None,
            troubles: BTreeMap::new(),
            said: None,
            widths: Widths::default(),
            forms: Default::default(),
        }
    }

    /// How topics were looked at, for the next time.
    pub fn habits(&self) -> &BTreeMap<String, Habits> {
        &self.habits
    }

    pub fn set_habits(&mut self, habits: BTreeMap<String, Habits>) {
        self.habits = habits;
    }

    fn habits_of_topic(&mut self) -> Option<&mut Habits> {
        let topic = self.reading.as_ref()?.topic.to_string();
        Some(self.habits.entry(topic).or_default())
    }

    fn topic(&self) -> Option<&TopicName> {
        self.reading.as_ref().map(|reading| &reading.topic)
    }

    fn say(&mut self, words: String, bad: bool, cx: &Cx) {
        self.said = Some(Said { words: Safe::from(words), bad, at: cx.session.now });
        self.fit();
    }

    /// A word that was said long ago goes, also where nothing arrives.
    pub fn on_tick(&mut self, now: Timestamp) {
        self.note_long_search(now);
        if self.said.as_ref().is_some_and(|said| now > said.at + SAID_SECONDS.seconds()) {
            self.said = None;
            self.fit();
        }
    }

    /// Rows left for records: frame, heads, the value, a remark and the prompt taken away.
    fn fit(&mut self) {
        let taken = 2 + self.heads() + self.value_rows() + self.remark_rows() + self.prompt_rows();
        self.view.set_height(self.area.height.saturating_sub(taken));
    }

    /// Rows of column heads: where there is one row, a record has it.
    fn heads(&self) -> u16 {
        u16::from(self.area.height > 3)
    }

    fn prompt_rows(&self) -> u16 {
        let most = self.area.height.saturating_sub(2);
        self.prompt.as_ref().map_or(0, |prompt| prompt.rows(self.words_width()).min(most))
    }

    /// Columns for words: the frame and a blank at each side taken away.
    fn words_width(&self) -> u16 {
        self.area.width.saturating_sub(4)
    }

    fn has_remark(&self) -> bool {
        let failed = matches!(self.stage, Stage::Failed { .. }) && !self.ring.is_empty();
        failed
            || self.said.is_some()
            || self.search.as_ref().is_some_and(|search| search.long)
            || self.export.is_some()
            || !self.troubles.is_empty()
    }

    fn chosen(&self) -> Option<(u64, Record<'_>)> {
        let at = self.view.cursor(&self.ring.positions());
        self.ring.get(at).map(|record| (at, record))
    }
}

impl Panel for Tail {
    fn contexts(&self) -> &'static [Context] {
        if self.prompt.is_some() { &[Context::Prompt] } else { &[Context::Tail, Context::Rows] }
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
        self.fit();
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.said = None;
        self.fit();
        if self.prompt.is_some() {
            self.on_prompt_action(action, cx);
        } else {
            self.obey(action, cx);
        }
    }

    fn on_text(&mut self, key: Key, cx: &mut Cx) {
        self.on_prompt_key(key, cx);
    }

    fn on_paste(&mut self, text: &str, cx: &mut Cx) {
        self.on_prompt_paste(text, cx);
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        let kept = self.ring.positions();
        match mouse.kind {
            MouseKind::Wheel(rows) => {
                let rows = i64::from(rows);
                let beyond = self.view.scroll(if self.reversed { -rows } else { rows }, &kept);
                self.arrive(beyond, cx);
            }
            MouseKind::Click => match self.row_at(mouse.y) {
                Some(at) if at == self.view.cursor(&kept) => self.show_chosen(cx),
                Some(at) => {
                    self.view.select(at, &kept);
                    self.arrive(0, cx);
                }
                None => {}
            },
        }
    }

    fn holds_back(&self) -> bool {
        self.search.is_some() || self.export.is_some() || matches!(self.stage, Stage::Opening) || self.is_filtered()
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.draw_panel(pen, look);
    }
}
