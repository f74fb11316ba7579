//! Where Tail reads: the topic is one list from its start to its end, of which the ring holds a part. Moving beyond what is
//! held reads on at either end; going elsewhere begins the list anew there.
use super::{Flow, Stage, Tail, Widths};
use crate::{
    bus::{Command, Generation, Reading},
    keymap::Action,
    panels::Cx,
    place::{Positions, Where},
    record::{
        Batch,
        ring::{Gap, Why},
    },
    topic::TopicName,
    widgets::format,
};

/// A tail that is not on the screen, or hardly, opens with so many records.
const FEW: usize = 5;
/// Records that are read sooner than a person misses them: with more to come, going to the end skips them.
const FAR: u64 = 10_000;

/// A record that is to be chosen when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub partition: i32,
    pub offset: i64,
    /// Begin exactly there once it is known where the other partitions stand at its time.
    pub exactly: bool,
}

impl Tail {
    /// A screenful of the newest records, then what arrives.
    pub fn open(&mut self, topic: TopicName, cx: &mut Cx) {
        self.turn_over(topic, cx);
        self.read_newest(cx);
    }

    /// One partition from where a group stands in it on; the record that the group reads next is chosen and marked.
    pub fn open_at(&mut self, topic: TopicName, place: (i32, i64), group: &str, cx: &mut Cx) {
        if self.topic() != Some(&topic) {
            self.turn_over(topic, cx);
        }
        (self.filtered, self.placed) = (None, true);
        if let Some(reading) = &mut self.reading {
            (reading.only, reading.filter) = (Some([place.0].into()), None);
        }
        self.show_at(place, Positions::new(), cx);
        self.next_of = Some(group.into());
    }

    /// Another topic: nothing of how the one before was read is left.
    fn turn_over(&mut self, topic: TopicName, cx: &Cx) {
        self.reading = Some(Reading::of(topic, cx.session.committed));
        (self.filtered, self.placed) = (None, false);
        self.marks.clear();
        self.read_as_before();
        self.columns_as_before();
    }

    pub(super) fn read_newest(&mut self, cx: &mut Cx) {
        self.read_from(Where::Last(self.screenful()), cx);
    }

    pub(super) fn screenful(&self) -> usize {
        usize::from(self.area.height.saturating_sub(3)).max(FEW)
    }

    /// Begins the list anew.
    pub(super) fn read_from(&mut self, from: Where, cx: &mut Cx) {
        self.stop_search(cx);
        self.ring.clear();
        self.began.clear();
        self.from = from;
        self.stage = Stage::Opening;
        self.asked = cx.session.now;
        (self.said, self.widths, self.wanted, self.turning) = (None, Widths::default(), None, false);
        self.next_of = None;
        (self.received, self.looked_at, self.failures, self.unreadable) = (0, 0, 0, 0);
        self.cut_short = false;
        self.view.following = matches!(self.from, Where::End | Where::Last(_) | Where::LastEach(_));
        self.catching_up = !self.view.following;
        self.ask(self.from.clone(), cx);
    }

    /// Reads on where the list ends; what it holds stays.
    pub(super) fn go_on(&mut self, cx: &mut Cx) {
        self.catching_up = true;
        let (at, from) = (self.ring.high().clone(), self.from.clone());
        self.ask_with(cx, |reading, generation| Command::GoOnTail { reading, at, from, generation });
    }

    /// Goes on at the newest records; a line says what was left out.
    fn skip_to_end(&mut self, cx: &mut Cx) {
        self.stop_search(cx);
        (self.skipping, self.catching_up) = (true, false);
        self.ask(Where::Last(self.screenful()), cx);
        self.skipping = true;
        self.view.following = true;
    }

    fn ask(&mut self, from: Where, cx: &mut Cx) {
        self.ask_with(cx, |reading, generation| Command::OpenTail { reading, from, generation });
    }

    fn ask_with(&mut self, cx: &mut Cx, command: impl FnOnce(Reading, Generation) -> Command) {
        let Some(reading) = self.reading.clone() else { return };
        // Whatever was looked for ends with the tail before.
        self.end_search();
        self.generation = self.next_generation();
        (self.flow, self.behind, self.skipping) = (Flow::Running, None, false);
        self.troubles.clear();
        self.fit();
        cx.send(command(reading, self.generation));
    }

    pub(super) fn next_generation(&mut self) -> Generation {
        self.asked_last += 1;
        self.asked_last
    }

    /// Follows the newest. Reads what waits, or skips it when it is much.
    pub(super) fn go_to_end(&mut self, cx: &mut Cx) {
        if matches!(self.stage, Stage::Closed) {
            return self.read_newest(cx);
        }
        let most = if matches!(self.flow, Flow::Paused { .. }) { self.view.height() } else { FAR };
        let far = self.behind.flatten().is_some_and(|behind| behind > most);
        if self.flow == Flow::Detached || self.catching_up || far {
            return self.skip_to_end(cx);
        }
        self.view.following = true;
        self.resume(cx);
    }

    /// To the first record of the topic.
    pub(super) fn go_to_start(&mut self, cx: &mut Cx) {
        if self.ring.is_start() {
            let first = self.ring.positions().start;
            self.view.go_top(first + 1);
            self.moved(cx);
        } else if self.reading.is_some() {
            self.read_from(Where::Start, cx);
        }
    }

    /// Shows a record among its neighbours: with other partitions where they stood at its time.
    pub(super) fn show_around(&mut self, (partition, offset): (i32, i64), timestamp: i64, cx: &mut Cx) {
        let alone = self.is_alone(timestamp);
        let from = if alone { Where::Offsets([(partition, offset)].into()) } else { Where::Time(timestamp) };
        self.read_from(from, cx);
        self.wanted = Some(Wanted { partition, offset, exactly: !alone });
    }

    /// Are a record's neighbours those of its partition? Without a time it has no others.
    pub(super) fn is_alone(&self, timestamp: i64) -> bool {
        let only = self.reading.as_ref().and_then(|reading| reading.only.as_ref());
        only.is_some_and(|only| only.len() == 1) || timestamp < 0
    }

    /// Reads from these offsets on, with this record chosen.
    pub(super) fn show_at(&mut self, (partition, offset): (i32, i64), mut from: Positions, cx: &mut Cx) {
        from.insert(partition, offset);
        self.read_from(Where::Offsets(from), cx);
        self.wanted = Some(Wanted { partition, offset, exactly: false });
    }

    /// Where partitions begin to be read.
    pub fn on_began(&mut self, generation: Generation, from: Positions, cx: &mut Cx) {
        if generation != self.generation {
            return;
        }
        self.end_opening_search();
        if self.skipping {
            self.note_skipped(&from);
        }
        self.ring.begin(&from);
        self.began.extend(from);
        self.begin_exactly(cx);
    }

    fn note_skipped(&mut self, from: &Positions) {
        let mut gap = Gap::new(Why::Skipped);
        for (id, to) in from {
            if let Some(high) = self.ring.high().get(id).filter(|high| *high < to) {
                gap.from.insert(*id, *high);
                gap.to.insert(*id, *to);
            }
        }
        if !gap.to.is_empty() {
            self.ring.push_gap(gap);
        }
    }

    /// Once all partitions are known at the time of a record, its own begins with it.
    pub(super) fn begin_exactly(&mut self, cx: &mut Cx) {
        let Some(Wanted { partition, offset, exactly: true }) = self.wanted else { return };
        let Stage::Open { partitions } = self.stage else { return };
        if self.began.len() >= partitions {
            let from = std::mem::take(&mut self.began);
            self.show_at((partition, offset), from, cx);
        }
    }

    /// The first records of a list that begins at its top, and the one that is waited for.
    pub(super) fn settle(&mut self, batch: &Batch, was_empty: bool, cx: &mut Cx) {
        if was_empty && !self.view.following {
            self.view.go_top(self.ring.positions().start);
        }
        if was_empty && self.from == Where::Start {
            self.ring.set_start();
        }
        let Some(Wanted { partition, offset, .. }) = self.wanted else { return };
        let nearest = batch.heads.iter().find(|head| head.partition == partition && head.offset >= offset);
        let Some(at) = nearest.and_then(|head| self.ring.find((partition, head.offset))) else { return };
        if let Some(head) = nearest.filter(|head| head.offset > offset) {
            let (asked, next) = (format::grouped(offset), format::grouped(head.offset));
            self.say(
                format!("partition {partition} has no record at offset {asked}; the next one is {next}"),
                true,
                cx,
            );
        }
        self.wanted = None;
        self.view.select(at, &self.ring.positions());
        self.mark_next(at, offset, cx);
        match self.turning {
            true => self.turn_to(at, cx),
            false => self.look_beyond(0, cx),
        }
    }

    /// A movement, by key.
    pub(super) fn travel(&mut self, action: Action, cx: &mut Cx) {
        let kept = self.ring.positions();
        match action {
            Action::Top => return self.go_to_start(cx),
            Action::Bottom if !matches!(self.flow, Flow::Paused { .. }) => return self.go_to_end(cx),
            _ => {}
        }
        if let Some(beyond) = self.view.on_action(action, &kept) {
            self.arrive(beyond, cx);
        }
    }

    /// After a movement that found `beyond` rows too few above.
    pub(super) fn arrive(&mut self, beyond: u64, cx: &mut Cx) {
        if self.view.following && (self.flow == Flow::Detached || self.catching_up) {
            self.view.stay(&self.ring.positions());
        }
        self.moved(cx);
        self.look_beyond(beyond, cx);
    }

    /// Within a screen of either end of what is held, more is read there.
    fn look_beyond(&mut self, beyond: u64, cx: &mut Cx) {
        let kept = self.ring.positions();
        let rows = self.view.rows(&kept);
        if !self.view.following && rows.start < kept.start + self.view.height() {
            self.look_back(beyond, cx);
        }
        if self.flow == Flow::Detached && rows.end + self.view.height() > kept.end {
            self.go_on(cx);
        }
    }
}
