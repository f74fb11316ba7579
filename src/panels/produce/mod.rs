//! What I send: key, headers, partition and value of one record, aimed at the open topic. A record that failed stays in
//! the box with its reason; one that is on its way is sent once.
mod answer;
mod drawing;
mod entry;
mod form;
mod headers;
mod history;
mod places;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Sent, Session, Wish};
use crate::{
    bus::{Command, Draft},
    failure::Failure,
    keymap::{Action, Context, Key},
    topic::TopicName,
    widgets::Pen,
};
use answer::Answer;
use crossterm::event::{KeyCode, KeyModifiers};
use entry::{Content, Entry, Mark};
use form::{Form, Part};
use history::History;
use jiff::Timestamp;
use places::Places;
use ratatui::layout::Rect;
use std::time::Duration;

/// Records sent from here whose arrival in Tail is waited for.
const SENT: usize = 100;

#[derive(Debug, Default)]
pub struct Produce {
    area: Rect,
    form: Form,
    at: Part,
    writing: bool,
    answer: Answer,
    in_flight: Option<Flight>,
    last_id: u64,
    history: History,
    /// What the editor was opened with.
    lent: String,
}

/// The record on its way.
#[derive(Debug, Clone)]
struct Flight {
    id: u64,
    topic: TopicName,
    draft: Draft,
    at: Timestamp,
}

impl Produce {
    /// What was sent, the oldest first, for the next session.
    pub fn history(&self) -> &[Draft] {
        self.history.drafts()
    }

    pub fn set_history(&mut self, drafts: Vec<Draft>) {
        self.history = History::new(drafts);
    }

    /// The topic of a record that is on its way.
    pub fn in_flight(&self) -> Option<&TopicName> {
        self.in_flight.as_ref().map(|flight| &flight.topic)
    }

    /// The focus goes elsewhere; what is written stays.
    pub fn leave(&mut self) {
        self.writing = false;
    }

    /// An answer to another record than the one on its way changes nothing.
    pub fn on_produced(&mut self, id: u64, partition: i32, offset: i64, took: Duration, cx: &mut Cx) {
        let Some(Flight { topic, draft, at, .. }) = self.landed(id) else { return };
        cx.session.sent.push_back(Sent { id, topic: topic.clone(), partition, offset, at, arrived: None });
        while cx.session.sent.len() > SENT {
            cx.session.sent.pop_front();
        }
        self.answer = Answer::Acknowledged { id, topic, partition, offset, took };
        // What was written while it was on its way is the next record.
        if self.form.value.content() == draft.value.clone().map_or(Content::Null, Content::Bytes) {
            self.form.value = Entry::default();
            self.history.leave();
        }
        self.history.push(draft);
    }

    pub fn on_failed(&mut self, id: u64, failure: Failure, maybe_written: bool, cx: &mut Cx) {
        if self.landed(id).is_some() {
            cx.wish(Wish::Notice(failure.clone()));
            self.answer = Answer::Failed { why: failure.answered.clone(), maybe_written };
        }
    }

    fn landed(&mut self, id: u64) -> Option<Flight> {
        self.in_flight.take_if(|flight| flight.id == id)
    }

    /// The value comes back from `$EDITOR`; closed without a change it is what it was, null or not.
    pub fn on_edited(&mut self, text: &str) {
        if text != std::mem::take(&mut self.lent) {
            self.form.value = Entry::of_text(text);
            self.changed();
        }
        (self.writing, self.at) = (true, Part::Value);
    }

    fn open_editor(&mut self, cx: &mut Cx) {
        let value = &self.form.value;
        if value.mark().is_none() && value.text().is_none() {
            self.refuse("not text: an editor would change it");
            return;
        }
        self.lent = value.text().map(|text| text.text()).unwrap_or_default();
        cx.wish(Wish::Terminal(Request::Edit(self.lent.clone())));
    }

    fn refuse(&mut self, words: impl Into<String>) {
        self.answer = Answer::Refused(words.into());
    }

    /// A refusal is about what stood there before.
    fn changed(&mut self) {
        if matches!(self.answer, Answer::Refused(_)) {
            self.answer = Answer::Nothing;
        }
    }

    fn send(&mut self, cx: &mut Cx) {
        // The answer goes on saying how long the record before takes.
        if self.in_flight.is_some() {
            return;
        }
        match self.ready(cx.session) {
            Ok((topic, draft)) => self.dispatch(topic, draft, cx),
            Err(words) => self.refuse(words),
        }
    }

    fn ready(&self, session: &Session) -> Result<(TopicName, Draft), String> {
        if session.read_only {
            return Err("read-only: nothing can be sent".into());
        }
        let Some(topic) = session.topic.clone() else { return Err("open a topic first".into()) };
        let draft = self.form.draft()?;
        self.form.check_partition(&topic, session.partitions)?;
        Ok((topic, draft))
    }

    fn dispatch(&mut self, topic: TopicName, draft: Draft, cx: &mut Cx) {
        self.last_id += 1;
        let (id, at) = (self.last_id, cx.session.now);
        self.in_flight = Some(Flight { id, topic: topic.clone(), draft: draft.clone(), at });
        self.answer = Answer::Sending { topic: topic.clone(), since: at };
        cx.send(Command::Produce { id, topic, draft });
    }

    /// `enter`: a line end where there are lines, else the record goes out. Never from another field while the value has
    /// lines: there nobody sees what is sent.
    fn enter(&mut self, cx: &mut Cx) {
        match (self.form.value.lines(), self.at) {
            ((1, _), _) => self.send(cx),
            (_, Part::Value) => self.new_line(),
            _ => self.refuse("many lines: alt-enter sends them"),
        }
    }

    fn new_line(&mut self) {
        if self.at == Part::Value {
            self.form.value.new_line();
            self.changed();
        }
    }

    /// `ctrl-n`: in the key field about the key, elsewhere about the value.
    fn cycle_null(&mut self) {
        match self.at {
            Part::Key => self.form.key.cycle(true),
            _ => self.form.value.cycle(false),
        }
        self.changed();
    }

    fn has_key(&self) -> bool {
        self.form.key.mark() != Some(Mark::Null) && !self.form.key.is_untouched()
    }

    /// `↑` and `↓` move in a text of many lines, and beyond its ends through what was sent.
    fn look_back(&mut self, back: bool) {
        let (lines, row) = self.form.of(self.at).lines();
        match back {
            true if row > 0 => drop(self.form.of_mut(self.at).key(Key(KeyCode::Up, KeyModifiers::NONE))),
            false if row + 1 < lines => drop(self.form.of_mut(self.at).key(Key(KeyCode::Down, KeyModifiers::NONE))),
            true => self.history.older(&mut self.form),
            false => self.history.newer(&mut self.form),
        }
        self.changed();
    }

    /// Through the lines of the value.
    fn scroll(&mut self, rows: i8) {
        let code = if rows < 0 { KeyCode::Up } else { KeyCode::Down };
        for _ in 0..rows.unsigned_abs() {
            self.form.value.key(Key(code, KeyModifiers::NONE));
        }
    }

    fn write(&mut self, at: Part, session: &Session) {
        (self.at, self.writing) = (at, !session.read_only);
        if session.read_only {
            self.refuse("read-only: nothing can be sent");
        }
    }
}

impl Panel for Produce {
    fn contexts(&self) -> &'static [Context] {
        if self.writing { &[Context::Writing] } else { &[Context::Produce] }
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Write => {
                self.write(Part::Value, cx.session);
                if let Some(topic) = cx.session.topic.clone().filter(|_| self.writing) {
                    cx.send(Command::OpenProducer { topic });
                }
            }
            Action::Send => self.enter(cx),
            Action::SendAnyway => self.send(cx),
            Action::NewLine => self.new_line(),
            Action::NextField => self.at = self.at.step(1),
            Action::PreviousField => self.at = self.at.step(3),
            Action::NullValue => self.cycle_null(),
            Action::Editor => self.open_editor(cx),
            Action::Older => self.look_back(true),
            Action::Newer => self.look_back(false),
            Action::Leave => self.leave(),
            _ => {}
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if self.writing && self.form.of_mut(self.at).key(key) {
            self.changed();
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        if self.writing {
            self.form.of_mut(self.at).paste(text, self.at == Part::Value);
            self.changed();
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match (mouse.kind, Places::of(self.area, self.at).at(mouse.x, mouse.y)) {
            (MouseKind::Wheel(rows), _) => self.scroll(rows),
            (MouseKind::Click, Some(part)) => self.write(part, cx.session),
            (MouseKind::Click, None) => {}
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.paint(pen, look);
    }
}
