//! What arrives: the records of the open topic, the newest at the bottom. Keeps raw bytes; decodes only rows in view.
mod beside;
mod columns;
mod draw;
mod flow;
mod hear;
mod marks;
mod time;
mod view;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish};
use crate::{
    bus::{Command, Generation, Where},
    decode::{self, Form},
    failure::Failure,
    keymap::{Action, Context},
    overlay::{Overlay, record},
    record::{OwnedRecord, Record, ring::Ring},
    text::Safe,
    topic::TopicName,
    widgets::{Pen, format},
};
use columns::Widths;
use flow::Flow;
use jiff::{Timestamp, ToSpan};
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use time::TimeForm;
use view::View;

/// A tail that is not on the screen, or hardly, opens with so many records.
const FEW: usize = 5;

#[derive(Debug)]
pub struct Tail {
    area: Rect,
    ring: Ring,
    generation: Generation,
    stage: Stage,
    from: Where,
    /// When the open topic was asked for.
    asked: Timestamp,
    flow: Flow,
    view: View,
    form: TimeForm,
    received: u64,
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
    Opening { topic: TopicName },
    Open { topic: TopicName, partitions: usize },
    Closed { topic: TopicName },
    Failed { topic: TopicName, why: Failure },
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
    pub fn new(ring_bytes: usize) -> Self {
        Self {
            area: Rect::ZERO,
            ring: Ring::new(ring_bytes, usize::MAX),
            generation: 0,
            stage: Stage::Nothing,
            from: Where::End,
            asked: Timestamp::default(),
            flow: Flow::Running,
            view: View::default(),
            form: TimeForm::default(),
            received: 0,
            unreadable: 0,
            behind: None,
            troubles: BTreeMap::new(),
            said: None,
            widths: Widths::default(),
            forms: Default::default(),
        }
    }

    /// A screenful of the newest records, then what arrives.
    pub fn open(&mut self, topic: TopicName, cx: &mut Cx) {
        let rows = usize::from(self.area.height.saturating_sub(3)).max(FEW);
        self.ring.clear();
        self.generation += 1;
        self.from = Where::Last(rows);
        self.stage = Stage::Opening { topic: topic.clone() };
        self.asked = cx.session.now;
        (self.flow, self.view.following, self.received, self.behind) = (Flow::Running, true, 0, None);
        (self.said, self.widths, self.unreadable) = (None, Widths::default(), 0);
        self.forms = Default::default();
        self.troubles.clear();
        self.fit();
        cx.send(Command::OpenTail { topic, from: self.from, generation: self.generation });
    }

    fn topic(&self) -> Option<&TopicName> {
        match &self.stage {
            Stage::Nothing => None,
            Stage::Opening { topic }
            | Stage::Open { topic, .. }
            | Stage::Closed { topic }
            | Stage::Failed { topic, .. } => Some(topic),
        }
    }

    /// The record beside the one at `position`, newer or older; the cursor goes with it. Else why there is none.
    pub fn neighbour(&mut self, position: u64, newer: bool, cx: &mut Cx) -> Result<(u64, OwnedRecord), &'static str> {
        let kept = self.ring.positions();
        let at = if newer { position.saturating_add(1) } else { position.wrapping_sub(1) };
        match self.ring.get(at) {
            Some(record) => {
                let record = record.to_owned();
                self.view.select(at, &kept);
                self.moved(cx);
                Ok((at, record))
            }
            None if !newer => Err("no older record is kept"),
            None if at < kept.start => Err("the records after this one are no longer kept"),
            None => Err("this is the newest record so far"),
        }
    }

    fn say(&mut self, words: String, bad: bool, cx: &Cx) {
        self.said = Some(Said { words: Safe::from(words), bad, at: cx.session.now });
        self.fit();
    }

    /// A word that was said long ago goes, also where nothing arrives.
    pub fn on_tick(&mut self, now: Timestamp) {
        if self.said.as_ref().is_some_and(|said| now > said.at + SAID_SECONDS.seconds()) {
            self.said = None;
            self.fit();
        }
    }

    /// Rows left for records: frame, heads and a remark taken away.
    fn fit(&mut self) {
        self.view.set_height(self.area.height.saturating_sub(2 + self.heads() + u16::from(self.has_remark())));
    }

    /// Rows of column heads: where there is one row, a record has it.
    fn heads(&self) -> u16 {
        u16::from(self.area.height > 3)
    }

    fn has_remark(&self) -> bool {
        let failed = matches!(self.stage, Stage::Failed { .. }) && !self.ring.is_empty();
        failed || self.said.is_some() || !self.troubles.is_empty()
    }

    fn chosen(&self) -> Option<(u64, Record<'_>)> {
        let at = self.view.cursor(&self.ring.positions());
        self.ring.get(at).map(|record| (at, record))
    }

    /// Whoever looks at a record stays at it: its neighbours are kept.
    fn show_chosen(&mut self, cx: &mut Cx) {
        if let Some((at, record)) = self.chosen() {
            let overlay = record::RecordView::new(at, record.to_owned(), self.forms.0, self.forms.1);
            cx.wish(Wish::Show(Box::new(Overlay::Record(Box::new(overlay)))));
            self.view.stay(&self.ring.positions());
        }
    }

    fn copy(&mut self, cx: &mut Cx) {
        let words = match self.chosen().map(|(_, record)| record.value()) {
            None => return,
            Some(None) => "the value is null: there is nothing to copy".to_owned(),
            Some(Some(bytes)) => {
                cx.wish(Wish::Terminal(Request::Copy(decode::copy(bytes))));
                format!("copied the value, {}", format::bytes(bytes.len()))
            }
        };
        self.say(words, false, cx);
    }

    /// `esc` gives up what takes too long to open.
    fn give_up(&mut self, cx: &mut Cx) {
        if let Stage::Opening { topic } = &self.stage {
            self.stage = Stage::Closed { topic: topic.clone() };
            self.generation += 1;
            cx.send(Command::CloseTail);
        }
    }
}

impl Panel for Tail {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Tail, Context::Rows]
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
        self.fit();
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        let kept = self.ring.positions();
        self.said = None;
        self.fit();
        match action {
            Action::Open => self.show_chosen(cx),
            Action::Copy => self.copy(cx),
            Action::Pause => self.pause(cx),
            Action::TimeForm => self.form = self.form.next(),
            Action::Back => self.give_up(cx),
            Action::Follow => {
                self.view.following = true;
                self.resume(cx);
            }
            movement => {
                if self.view.on_action(movement, &kept) {
                    self.moved(cx);
                }
            }
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        let kept = self.ring.positions();
        let first = self.area.y + 1 + self.heads();
        match mouse.kind {
            MouseKind::Wheel(rows) => {
                self.view.scroll(i64::from(rows), &kept);
                self.moved(cx);
            }
            MouseKind::Click if mouse.y >= first => {
                let rows = self.view.rows(&kept);
                let at = rows.start + u64::from(mouse.y - first);
                if rows.contains(&at) && at == self.view.cursor(&kept) {
                    self.show_chosen(cx);
                } else if rows.contains(&at) {
                    self.view.select(at, &kept);
                    self.moved(cx);
                }
            }
            MouseKind::Click => {}
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.draw_panel(pen, look);
    }
}
