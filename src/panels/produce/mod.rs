//! What I send: key, headers, partition and value of one record, aimed at the open topic. A record that failed stays in
//! the box with its reason.
mod answer;
mod headers;
mod history;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Sent, Wish};
use crate::{
    bus::{Command, Draft},
    failure::Failure,
    keymap::{Action, Context, Key},
    text::Safe,
    topic::TopicName,
    widgets::{Pen, Word, field::Field},
};
use answer::Answer;
use history::History;
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::time::Duration;

/// Records sent from here whose arrival in Tail is waited for.
const SENT: usize = 100;

#[derive(Debug, Default)]
pub struct Produce {
    area: Rect,
    key: Field,
    headers: Field,
    partition: Field,
    value: Field,
    /// Null is not an empty text: each is said by a mark of its own. An untouched key is null.
    empty_key: bool,
    null_value: bool,
    at: Part,
    writing: bool,
    answer: Answer,
    in_flight: Option<Flight>,
    last_id: u64,
    history: History,
}

/// A field of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    Key,
    Headers,
    Partition,
    #[default]
    Value,
}

/// The record on its way.
#[derive(Debug, Clone)]
struct Flight {
    id: u64,
    topic: TopicName,
    draft: Draft,
    at: Timestamp,
}

impl Part {
    const ALL: [Self; 4] = [Self::Key, Self::Headers, Self::Partition, Self::Value];

    fn step(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % 4]
    }
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

    pub fn on_produced(&mut self, id: u64, partition: i32, offset: i64, took: Duration, cx: &mut Cx) {
        let Some(flight) = self.landed(id) else { return };
        let sent = Sent { id, topic: flight.topic, partition, offset, at: flight.at, arrived: None };
        cx.session.sent.push_back(sent);
        while cx.session.sent.len() > SENT {
            cx.session.sent.pop_front();
        }
        self.history.push(flight.draft);
        self.value.set("");
        self.null_value = false;
        self.answer = Answer::Acknowledged { id, partition, offset, took };
    }

    pub fn on_failed(&mut self, id: u64, failure: Failure, maybe_written: bool, cx: &mut Cx) {
        if self.landed(id).is_some() {
            cx.wish(Wish::Notice(failure.clone()));
            self.answer = Answer::Failed { why: failure.answered, maybe_written };
        }
    }

    fn landed(&mut self, id: u64) -> Option<Flight> {
        self.in_flight.take_if(|flight| flight.id == id)
    }

    /// The value comes back from `$EDITOR`.
    pub fn on_edited(&mut self, text: &str) {
        self.value.set(text);
        (self.writing, self.at, self.null_value) = (true, Part::Value, false);
    }

    fn field(&mut self) -> &mut Field {
        match self.at {
            Part::Key => &mut self.key,
            Part::Headers => &mut self.headers,
            Part::Partition => &mut self.partition,
            Part::Value => &mut self.value,
        }
    }

    /// The record as it stands in the box.
    fn draft(&self) -> Result<Draft, &'static str> {
        let key = self.key.text();
        let partition = match self.partition.text().trim() {
            "" => None,
            number => match number.parse() {
                Ok(partition) if partition >= 0 => Some(partition),
                _ => return Err("partition is a number, or empty for: by key"),
            },
        };
        Ok(Draft {
            key: (!key.is_empty() || self.empty_key).then(|| key.into_bytes()),
            value: (!self.null_value).then(|| self.value.text().into_bytes()),
            headers: headers::parse(&self.headers.text()),
            partition,
        })
    }

    fn fill(&mut self, draft: &Draft) {
        let text = |bytes: &Option<Vec<u8>>| String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
        self.key.set(&text(&draft.key));
        self.empty_key = draft.key.as_ref().is_some_and(Vec::is_empty);
        self.value.set(&text(&draft.value));
        self.null_value = draft.value.is_none();
        self.headers.set(&headers::write(&draft.headers));
        self.partition.set(&draft.partition.map(|p| p.to_string()).unwrap_or_default());
    }

    fn send(&mut self, cx: &mut Cx) {
        let refused = match (&cx.session.topic, &self.in_flight) {
            _ if cx.session.read_only => Some("read-only: nothing can be sent"),
            (None, _) => Some("open a topic first"),
            (_, Some(_)) => Some("still sending the record before"),
            _ if self.value.is_empty() && !self.null_value => Some("nothing to send: type a value, or ctrl-n for null"),
            _ => None,
        };
        let draft = refused.map_or_else(|| self.draft(), Err);
        match (draft, cx.session.topic.clone()) {
            (Ok(draft), Some(topic)) => self.dispatch(topic, draft, cx),
            (Err(words), _) => self.answer = Answer::Refused(words),
            (Ok(_), None) => {}
        }
    }

    fn dispatch(&mut self, topic: TopicName, draft: Draft, cx: &mut Cx) {
        self.last_id += 1;
        let id = self.last_id;
        self.in_flight = Some(Flight { id, topic: topic.clone(), draft: draft.clone(), at: cx.session.now });
        self.answer = Answer::Sending { since: cx.session.now };
        cx.send(Command::Produce { id, topic, draft });
    }

    /// `ctrl-n`: the value null and back; in the key field the empty key, which is not null.
    fn toggle_null(&mut self) {
        match self.at {
            Part::Key => self.empty_key = self.key.is_empty() && !self.empty_key,
            _ => self.null_value = !self.null_value,
        }
    }

    fn look_back(&mut self, action: Action) {
        let at_edge = match action {
            Action::Older => self.field().row() == 0,
            _ => self.field().row() + 1 == self.field().lines(),
        };
        if !at_edge {
            let code =
                if action == Action::Older { crossterm::event::KeyCode::Up } else { crossterm::event::KeyCode::Down };
            self.field().key(Key(code, crossterm::event::KeyModifiers::NONE));
            return;
        }
        let draft = match action {
            Action::Older => self.draft().ok().and_then(|draft| self.history.older(draft)),
            _ => self.history.newer(),
        };
        if let Some(draft) = draft {
            self.fill(&draft);
        }
    }

    fn write(&mut self, session: &super::Session) {
        self.writing = !session.read_only;
        if session.read_only {
            self.answer = Answer::Refused("read-only: nothing can be sent");
        }
    }

    /// Where each field stands: three in the first row, the value below, and what is left for the answer.
    fn places(&self) -> Places {
        let inner = self.area.inner(ratatui::layout::Margin::new(1, 1));
        let row = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        // A third of what the answer leaves, at most what a person writes there.
        let fields = if row.width >= 100 { row.width * 55 / 100 } else { row.width * 7 / 10 };
        let (key, headers, partition) = (fields * 3 / 10, fields * 45 / 100, fields * 25 / 100);
        let cut = |x: u16, width: u16, label: u16| Rect {
            x: row.x + x + label,
            width: width.saturating_sub(label + 1),
            ..row
        };
        Places {
            key: cut(0, key, 4),
            headers: cut(key, headers, if row.width >= 100 { 8 } else { 2 }),
            partition: cut(key + headers, partition, if row.width >= 100 { 10 } else { 2 }),
            answer: Rect { x: row.x + fields, width: row.width.saturating_sub(fields), ..row },
            value: Rect {
                y: inner.y + 1,
                height: inner.height.saturating_sub(1),
                x: inner.x + 1,
                width: inner.width.saturating_sub(2),
            },
            labels: if row.width >= 100 { ["key", "headers", "partition"] } else { ["key", "h", "p"] },
        }
    }

    fn draw_field(&self, pen: &mut Pen, part: Part, area: Rect, focused: bool) {
        let theme = *pen.theme;
        let (field, hint) = match part {
            Part::Key if self.empty_key => (&self.key, Safe::literal("∅")),
            Part::Key => (&self.key, Safe::literal("␀")),
            Part::Headers => (&self.headers, Safe::literal("–")),
            Part::Partition => (&self.partition, Safe::literal("by key")),
            Part::Value if self.null_value => (&self.value, Safe::literal("␀ null, a tombstone; ctrl-n takes it back")),
            Part::Value if self.writing => (&self.value, Safe::literal("")),
            Part::Value => (&self.value, Safe::literal("p to write a record")),
        };
        let here = focused && self.writing && self.at == part;
        if here {
            pen.tint(area, theme.input);
        }
        if field.is_empty() || part == Part::Value && self.null_value {
            pen.put(area.x, area.y, area.width, &hint, theme.null);
            if here {
                pen.place_cursor(area.x, area.y);
            }
        } else {
            field.draw(pen, area, if here { theme.input } else { theme.text }, here);
        }
    }

    fn title(&self, pen: &Pen, look: &Look) -> Vec<Word> {
        let theme = pen.theme;
        let mut title = vec![(Safe::literal(" 4 Produce "), theme.title)];
        match &look.session.topic {
            _ if look.session.read_only => title.push((Safe::literal("read-only "), theme.good)),
            Some(topic) => title.push((Safe::text(&format!("→ {topic} ")), theme.text)),
            None => {}
        }
        title
    }
}

/// See [`Produce::places`].
struct Places {
    key: Rect,
    headers: Rect,
    partition: Rect,
    answer: Rect,
    value: Rect,
    labels: [&'static str; 3],
}

impl Places {
    fn of(&self, part: Part) -> Rect {
        match part {
            Part::Key => self.key,
            Part::Headers => self.headers,
            Part::Partition => self.partition,
            Part::Value => self.value,
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
        let many_lines = self.at == Part::Value && self.value.lines() > 1;
        match action {
            Action::Write => self.write(cx.session),
            Action::Send if many_lines => self.value.new_line(),
            Action::Send | Action::SendAnyway => self.send(cx),
            Action::NewLine if self.at == Part::Value => self.value.new_line(),
            Action::NextField => self.at = self.at.step(1),
            Action::PreviousField => self.at = self.at.step(3),
            Action::NullValue => self.toggle_null(),
            Action::Editor => cx.wish(Wish::Terminal(Request::Edit(self.value.text()))),
            Action::Older | Action::Newer => self.look_back(action),
            Action::Leave => self.writing = false,
            _ => {}
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if self.writing && self.field().key(key) && self.at == Part::Value {
            self.null_value = false;
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        match self.at {
            _ if !self.writing => {}
            Part::Value => {
                self.value.paste(text);
                self.null_value = false;
            }
            _ => self.field().paste_line(text),
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        let places = self.places();
        let hit = Part::ALL.into_iter().find(|part| places.of(*part).contains((mouse.x, mouse.y).into()));
        if let Some(part) = hit.filter(|_| mouse.kind == MouseKind::Click) {
            self.at = part;
            self.write(cx.session);
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        let title = self.title(pen, look);
        pen.frame(self.area, look.focused, &title);
        let places = self.places();
        for (label, part) in places.labels.into_iter().zip(Part::ALL) {
            let area = places.of(part);
            let width = label.len() as u16 + 1;
            pen.put(area.x.saturating_sub(width), area.y, width, &Safe::literal(label), theme.muted);
            self.draw_field(pen, part, area, look.focused);
        }
        self.draw_field(pen, Part::Value, places.value, look.focused);
        let words = self.answer.words(look.session, &theme);
        pen.line_right(places.answer.x, places.answer.y, places.answer.width, &words);
    }
}
