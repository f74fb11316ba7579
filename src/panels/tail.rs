//! What arrives: the records of the open topic, the newest at the bottom. Keeps raw bytes; decodes only rows in view.
mod draw;
mod time;
mod view;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Sent, Session, Wish};
use crate::{
    bus::{Command, Generation, Where},
    decode,
    failure::Failure,
    keymap::{Action, Context},
    overlay::{Overlay, record},
    record::{Batch, OwnedRecord, Record, ring::Ring},
    text::Safe,
    topic::TopicName,
    widgets::{Pen, format},
};
use jiff::{Timestamp, ToSpan};
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use time::TimeForm;
use view::View;

#[derive(Debug)]
pub struct Tail {
    area: Rect,
    ring: Ring,
    generation: Generation,
    stage: Stage,
    from: Where,
    flow: Flow,
    view: View,
    form: TimeForm,
    received: u64,
    /// As last told; nothing before the first word.
    behind: Option<Option<u64>>,
    /// Partitions that cannot be read now.
    troubles: BTreeMap<i32, Failure>,
    /// Our own words to the person, for a while.
    said: Option<(Safe, Timestamp)>,
    widths: Widths,
}

/// How far the open topic is.
#[derive(Debug)]
enum Stage {
    Nothing,
    Opening { topic: TopicName, since: Timestamp },
    Open { topic: TopicName, partitions: usize },
    Closed { topic: TopicName },
    Failed { topic: TopicName, why: Failure },
}

/// Who lets records in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Running,
    /// The person stopped it; `follow`: go on at the newest afterwards.
    Paused {
        follow: bool,
    },
    /// The row on the screen would have to leave the ring.
    Waiting,
}

/// Columns that the records seen so far need; they only grow, so that rows never jump back.
#[derive(Debug, Clone, Copy, Default)]
struct Widths {
    offset: u16,
    key: u16,
}

/// Bytes that may still be under way when reading stops: the street holds 8 batches of at most 512 KiB, one more is in
/// work, and each side may hold as much again.
const UNDER_WAY: usize = 8 << 20;
/// A remark is on the screen this long.
const SAID_SECONDS: i64 = 10;
/// The widest key column; longer keys are cut.
const KEY_MOST: usize = 36;

impl Tail {
    pub fn new(ring_bytes: usize) -> Self {
        Self {
            area: Rect::ZERO,
            ring: Ring::new(ring_bytes, usize::MAX),
            generation: 0,
            stage: Stage::Nothing,
            from: Where::End,
            flow: Flow::Running,
            view: View::default(),
            form: TimeForm::default(),
            received: 0,
            behind: None,
            troubles: BTreeMap::new(),
            said: None,
            widths: Widths::default(),
        }
    }

    /// A screenful of the newest records, then what arrives.
    pub fn open(&mut self, topic: TopicName, cx: &mut Cx) {
        let rows = usize::from(self.area.height.saturating_sub(3)).max(1);
        self.ring.clear();
        self.generation += 1;
        self.from = Where::Last(rows);
        self.stage = Stage::Opening { topic: topic.clone(), since: cx.session.now };
        (self.flow, self.view.following, self.received, self.behind) = (Flow::Running, true, 0, None);
        (self.said, self.widths) = (None, Widths::default());
        self.troubles.clear();
        self.fit();
        cx.send(Command::OpenTail { topic, from: self.from, generation: self.generation });
    }

    fn topic(&self) -> Option<&TopicName> {
        match &self.stage {
            Stage::Nothing => None,
            Stage::Opening { topic, .. }
            | Stage::Open { topic, .. }
            | Stage::Closed { topic }
            | Stage::Failed { topic, .. } => Some(topic),
        }
    }

    pub fn on_opened(&mut self, generation: Generation, topic: TopicName, partitions: Vec<i32>) {
        if generation == self.generation {
            self.stage = Stage::Open { topic, partitions: partitions.len() };
        }
    }

    /// Costs the same for one record and for a thousand, unless a record sent from here is awaited.
    pub fn on_records(&mut self, generation: Generation, batch: Batch, cx: &mut Cx) {
        if generation != self.generation {
            return;
        }
        self.forget_said(cx.session.now);
        note_arrivals(cx.session, &batch);
        self.received += batch.len() as u64;
        self.widths.see(&batch);
        let headroom = (2 * batch.bytes()).max(UNDER_WAY.min(self.ring.max_bytes() / 4));
        self.ring.push(batch);
        let kept = self.ring.positions();
        if self.flow == Flow::Running
            && !self.view.following
            && self.ring.would_evict(self.view.rows(&kept).start, headroom)
        {
            self.stop(Flow::Waiting, cx);
        }
    }

    fn stop(&mut self, flow: Flow, cx: &mut Cx) {
        if self.flow == Flow::Running {
            cx.send(Command::PauseTail { generation: self.generation });
        }
        (self.flow, self.behind) = (flow, None);
    }

    fn resume(&mut self, cx: &mut Cx) {
        if self.flow != Flow::Running {
            self.flow = Flow::Running;
            cx.send(Command::ResumeTail { generation: self.generation });
        }
    }

    pub fn on_behind(&mut self, generation: Generation, behind: Option<u64>) {
        if generation == self.generation {
            self.behind = Some(behind);
        }
    }

    pub fn on_partition_failed(&mut self, generation: Generation, partition: i32, failure: Failure, cx: &mut Cx) {
        if generation == self.generation {
            cx.wish(Wish::Notice(failure.clone()));
            self.troubles.insert(partition, failure);
            self.fit();
        }
    }

    pub fn on_recovered(&mut self, generation: Generation, partition: i32) {
        if generation == self.generation {
            self.troubles.remove(&partition);
            self.fit();
        }
    }

    pub fn on_start_moved(&mut self, generation: Generation, partition: i32, from: i64, to: i64, cx: &mut Cx) {
        if generation != self.generation {
            return;
        }
        let (first, last) = (format::grouped(from), format::grouped(to.saturating_sub(1)));
        let gone = format!("Kafka deleted offsets {first} to {last} before they were read");
        self.say(format!("partition {partition}: {gone}"), cx);
        let topic = self.topic().map_or("", |topic| topic);
        let attempted = format!("reading {topic}, partition {partition}");
        cx.wish(Wish::Notice(Failure::new(attempted, gone, "a longer retention keeps them; reading goes on")));
    }

    pub fn on_unreadable(&mut self, _g: Generation, _partition: i32, _batches: u64, _failure: Failure, _cx: &mut Cx) {}

    pub fn on_recreated(&mut self, _g: Generation, _partitions: Vec<i32>) {}

    /// A record sent from here was acknowledged; it may already stand in the ring.
    pub fn on_produced(&mut self, cx: &mut Cx) {
        let now = cx.session.now;
        let Some(topic) = self.topic().cloned() else { return };
        for sent in cx.session.sent.iter_mut().filter(|sent| sent.arrived.is_none() && sent.topic == topic) {
            let place = (sent.partition, sent.offset);
            if self.ring.positions().rev().any(|at| self.ring.get(at).is_some_and(|record| record.place() == place)) {
                sent.arrived = Some(format::since(sent.at, now));
            }
        }
    }

    pub fn on_failed(&mut self, generation: Generation, why: Failure) {
        if generation == self.generation
            && let Some(topic) = self.topic().cloned()
        {
            self.stage = Stage::Failed { topic, why };
            self.fit();
        }
    }

    /// The record beside the one at `position`, newer or older; the cursor goes with it.
    pub fn neighbour(&mut self, position: u64, newer: bool) -> Option<(u64, OwnedRecord)> {
        let at = if newer { position.checked_add(1)? } else { position.checked_sub(1)? };
        let record = self.ring.get(at)?.to_owned();
        self.view.select(at, &self.ring.positions());
        Some((at, record))
    }

    fn say(&mut self, words: String, cx: &Cx) {
        self.said = Some((Safe::from(words), cx.session.now));
        self.fit();
    }

    fn forget_said(&mut self, now: Timestamp) {
        if self.said.as_ref().is_some_and(|(_, at)| now > *at + SAID_SECONDS.seconds()) {
            self.said = None;
            self.fit();
        }
    }

    /// Rows left for records: frame, heads and a remark taken away.
    fn fit(&mut self) {
        self.view.set_height(self.area.height.saturating_sub(3 + u16::from(self.has_remark())));
    }

    fn has_remark(&self) -> bool {
        let failed = matches!(self.stage, Stage::Failed { .. }) && !self.ring.is_empty();
        failed || self.said.is_some() || !self.troubles.is_empty()
    }

    fn chosen(&self) -> Option<(u64, Record<'_>)> {
        let at = self.view.cursor(&self.ring.positions());
        self.ring.get(at).map(|record| (at, record))
    }

    fn show_chosen(&self, cx: &mut Cx) {
        if let Some((at, record)) = self.chosen() {
            let overlay = record::RecordView::new(at, record.to_owned());
            cx.wish(Wish::Show(Box::new(Overlay::Record(Box::new(overlay)))));
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
        self.say(words, cx);
    }

    fn pause(&mut self, cx: &mut Cx) {
        match self.flow {
            Flow::Paused { follow } => {
                self.view.following |= follow;
                self.resume(cx);
            }
            _ if !matches!(self.stage, Stage::Open { .. }) => {}
            _ => {
                self.stop(Flow::Paused { follow: self.view.following }, cx);
                self.view.stay(&self.ring.positions());
            }
        }
    }

    /// After a movement: while paused nothing runs away, and what waited for the screen may go on.
    fn moved(&mut self, cx: &mut Cx) {
        let kept = self.ring.positions();
        match self.flow {
            Flow::Running => {}
            Flow::Paused { .. } => {
                self.flow = Flow::Paused { follow: self.view.following };
                self.view.stay(&kept);
            }
            Flow::Waiting => {
                let headroom = UNDER_WAY.min(self.ring.max_bytes() / 4);
                if self.view.following || !self.ring.would_evict(self.view.rows(&kept).start, headroom) {
                    self.resume(cx);
                }
            }
        }
    }

    /// `esc` gives up what takes too long to open.
    fn give_up(&mut self, cx: &mut Cx) {
        if let Stage::Opening { topic, .. } = &self.stage {
            self.stage = Stage::Closed { topic: topic.clone() };
            self.generation += 1;
            cx.send(Command::CloseTail);
        }
    }
}

impl Widths {
    /// Looks at the first and the last record of a batch only.
    fn see(&mut self, batch: &Batch) {
        for record in [batch.record(0), batch.record(batch.len().saturating_sub(1))].into_iter().flatten() {
            let offset = format::grouped(record.head.offset).len() as u16;
            let key = decode::preview(record.key(), KEY_MOST).0.width() as u16;
            (self.offset, self.key) = (self.offset.max(offset), self.key.max(key));
        }
    }
}

/// Marks what was sent from here and stands in this batch.
fn note_arrivals(session: &mut Session, batch: &Batch) {
    let now = session.now;
    let stands_in = |sent: &Sent| {
        sent.topic == batch.topic && batch.records().any(|record| record.place() == (sent.partition, sent.offset))
    };
    for sent in session.sent.iter_mut().filter(|sent| sent.arrived.is_none()) {
        if stands_in(sent) {
            sent.arrived = Some(format::since(sent.at, now));
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
        let first = self.area.y + 2;
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
