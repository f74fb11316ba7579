//! What looks through many records: a page of older ones, the newest that match, the next match. One at a time; it says how
//! far it is, and `esc` ends it with what it came to.
use super::{Beside, Flow, Stage, Tail};
use crate::{
    bus::{Command, Generation, Reading, Searched},
    failure::Failure,
    panels::{Cx, Look, Wish},
    place::Positions,
    record::Batch,
    text::Safe,
    widgets::{format, sparkline::STEPS},
};
use jiff::Timestamp;
use std::time::Duration;

/// What takes longer says how long.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);
/// Screens of older records that are read at once.
const SCREENS: usize = 3;
/// Partitions whose share is drawn.
const DRAWN: usize = 32;

#[derive(Debug)]
pub(super) struct Search {
    pub generation: Generation,
    what: What,
    since: Timestamp,
    searched: Searched,
    stopping: bool,
    /// It takes so long that it is worth a word.
    pub long: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// The newest that match, when a tail opens with a filter.
    Newest,
    /// A page of the records before these places; the rows that the person still wants to go up.
    Older {
        beyond: u64,
        before: Positions,
    },
    Match {
        newer: bool,
    },
    /// The record beside the one that is looked at; what is said when there is none.
    Beside {
        none: &'static str,
    },
}

impl Tail {
    /// Reads older records, unless something is looked for already.
    pub(super) fn look_back(&mut self, beyond: u64, cx: &mut Cx) {
        let beyond = beyond.min(self.view.height());
        if let Some(Search { what: What::Older { beyond: more, .. }, .. }) = &mut self.search {
            *more = (*more + beyond).min(self.view.height());
        }
        let Some(reading) = self.reading.clone() else { return };
        if self.search.is_some() || self.ring.is_start() || self.ring.low().is_empty() {
            return;
        }
        let generation = self.next_generation();
        let (before, count) = (self.ring.low().clone(), SCREENS * self.screenful());
        self.begin_search(generation, What::Older { beyond, before: before.clone() }, cx.session.now);
        cx.send(Command::ReadOlder { reading, before, count, generation });
    }

    /// Looks for the nearest match of the last filter, in all that the list shows.
    pub(super) fn look_for_match(&mut self, from: Positions, newer: bool, cx: &mut Cx) {
        self.stop_search(cx);
        let Some(mut reading) = self.reading.clone() else { return };
        reading.filter = self.filtered.clone();
        let generation = self.next_generation();
        self.begin_search(generation, What::Match { newer }, cx.session.now);
        cx.send(Command::Find { reading, from, newer, generation });
    }

    fn begin_search(&mut self, generation: Generation, what: What, since: Timestamp) {
        self.search =
            Some(Search { generation, what, since, searched: Searched::default(), stopping: false, long: false });
        self.fit();
    }

    pub fn on_searching(&mut self, generation: Generation, searched: Searched, cx: &mut Cx) {
        if generation == self.generation && self.search.is_none() && self.ring.is_empty() {
            self.begin_search(generation, What::Newest, cx.session.now);
        }
        if let Some(search) = self.search.as_mut().filter(|search| search.generation == generation) {
            search.searched = searched;
        }
    }

    /// The tail goes on by itself from here.
    pub(super) fn end_opening_search(&mut self) {
        if let Some(search) = self.search.as_ref().filter(|search| search.what == What::Newest) {
            self.cut_short = search.stopping;
            self.end_search();
        }
    }

    pub(super) fn end_search(&mut self) -> Option<Search> {
        let ended = self.search.take();
        // What the opening came to the tail itself tells, as it does with what arrives later.
        if let Some(Search { searched, .. }) = ended.as_ref().filter(|search| search.what != What::Newest) {
            self.looked_at += searched.records;
            self.failures += searched.failures;
        }
        self.fit();
        ended
    }

    pub(super) fn is_searching(&self, generation: Generation) -> bool {
        self.search.as_ref().is_some_and(|search| search.generation == generation)
    }

    fn take_search(&mut self, generation: Generation) -> Option<Search> {
        if self.is_searching(generation) { self.end_search() } else { None }
    }

    /// What is not needed any more.
    pub(super) fn stop_search(&mut self, cx: &mut Cx) {
        if let Some(search) = self.end_search() {
            cx.send(Command::StopLooking { generation: search.generation });
        }
    }

    /// `esc`: it ends, and says what it came to. `false`: nothing is looked for.
    pub(super) fn give_up_search(&mut self, cx: &mut Cx) -> bool {
        let Some(search) = &mut self.search else { return false };
        search.stopping = true;
        cx.send(Command::StopLooking { generation: search.generation });
        true
    }

    /// A page of older records.
    pub fn on_older(
        &mut self,
        generation: Generation,
        page: Vec<Batch>,
        from: &Positions,
        end: (bool, bool),
        cx: &mut Cx,
    ) {
        let (start, stopped) = end;
        let Some(Search { what: What::Older { beyond, before }, .. }) = self.take_search(generation) else { return };
        // Whoever follows needs no older ones, and they would push out the newest.
        if self.view.following {
            return;
        }
        // The oldest left meanwhile: between the page and what is held there would be a hole.
        if *self.ring.low() != before {
            return if stopped { self.say_stopped(cx) } else { self.look_back(beyond, cx) };
        }
        self.received += page.iter().map(Batch::len).sum::<usize>() as u64;
        page.iter().for_each(|batch| self.see(batch));
        let cursor = self.view.cursor(&self.ring.positions());
        let newest_left = self.ring.push_front(page, from);
        if start && !self.ring.is_empty() {
            self.ring.set_start();
        }
        if newest_left {
            self.detach(cx);
        }
        if beyond > 0 {
            self.view.select(cursor.saturating_sub(beyond), &self.ring.positions());
        }
        if stopped {
            self.say_stopped(cx);
        }
    }

    fn say_stopped(&mut self, cx: &Cx) {
        self.say("stopped; page up looks further back".into(), false, cx);
    }

    /// The nearest match, or none.
    pub fn on_found(
        &mut self,
        generation: Generation,
        found: Option<(i32, i64)>,
        to: Positions,
        stopped: bool,
        cx: &mut Cx,
    ) {
        let newer = match self.take_search(generation) {
            Some(Search { what: What::Match { newer }, .. }) => newer,
            Some(Search { what: What::Beside { none }, .. }) => return self.on_beside(found, none, cx),
            _ => return,
        };
        match (found, stopped) {
            (Some(place), _) => match self.ring.find(place) {
                Some(at) => self.choose(at, cx),
                None => self.show_at(place, to, cx),
            },
            (None, true) => self.say("the search was stopped".into(), false, cx),
            (None, false) => {
                let which = if newer { "newer" } else { "older" };
                self.say(format!("no {which} record matches"), false, cx);
            }
        }
    }

    /// Looks in Kafka for the record beside the one that is looked at; `none` is said when there is none.
    pub(super) fn look_beside(
        &mut self,
        reading: Reading,
        from: Positions,
        newer: bool,
        none: &'static str,
        cx: &mut Cx,
    ) -> Beside {
        self.stop_search(cx);
        let generation = self.next_generation();
        self.begin_search(generation, What::Beside { none }, cx.session.now);
        cx.send(Command::Find { reading, from, newer, generation });
        Beside::Looking
    }

    /// The list is read anew where the record stands, of its partition alone: its time is not known before it is there.
    fn on_beside(&mut self, found: Option<(i32, i64)>, none: &'static str, cx: &mut Cx) {
        match found.map(|place| (place, self.ring.find(place))) {
            None => cx.wish(Wish::Turn(Beside::Nothing(none))),
            Some((_, Some(at))) => self.turn_to(at, cx),
            Some((place, None)) => {
                self.show_at(place, Positions::new(), cx);
                self.turning = true;
            }
        }
    }

    /// What was looked for beside a record is not wanted any more.
    pub(super) fn end_beside(&mut self, cx: &mut Cx) {
        self.turning = false;
        if matches!(self.search, Some(Search { what: What::Beside { .. }, .. })) {
            self.stop_search(cx);
        }
    }

    pub fn stop_beside(&mut self, cx: &mut Cx) -> Beside {
        self.end_beside(cx);
        Beside::Nothing("stopped")
    }

    pub fn on_search_failed(&mut self, generation: Generation, why: &Failure, cx: &mut Cx) {
        let Some(search) = self.take_search(generation) else { return };
        self.say(why.to_string(), true, cx);
        if matches!(search.what, What::Beside { .. }) {
            cx.wish(Wish::Turn(Beside::Nothing("Kafka could not be asked; Tail says why")));
        }
    }

    pub(super) fn choose(&mut self, position: u64, cx: &mut Cx) {
        self.view.select(position, &self.ring.positions());
        self.arrive(0, cx);
    }

    /// Newer records left the ring: reading goes on where it ends when the person comes there.
    fn detach(&mut self, cx: &mut Cx) {
        if self.flow != Flow::Detached && matches!(self.stage, Stage::Open { .. }) {
            self.generation = self.next_generation();
            (self.flow, self.behind) = (Flow::Detached, None);
            cx.send(Command::CloseTail);
        }
    }

    /// A search that takes long is worth a word, and a row of the list.
    pub(super) fn note_long_search(&mut self, now: Timestamp) {
        let patient = |search: &&mut Search| !search.long && format::since(search.since, now) >= PATIENCE;
        if let Some(search) = self.search.as_mut().filter(patient) {
            search.long = true;
            self.fit();
        }
    }
}

impl Search {
    /// How far it is, as much of it as fits into `width`.
    pub(super) fn words(&self, look: &Look, width: usize) -> Safe {
        let found = &self.searched;
        let what = match self.what {
            What::Newest => "looking back for matches",
            What::Older { .. } => "reading older records",
            What::Match { newer: true } => "looking for the next match",
            What::Match { newer: false } => "looking for the match before",
            What::Beside { .. } => "looking for the record beside",
        };
        let spent = format::span(format::since(self.since, look.session.now));
        let mut parts = vec![format!("{what} {spent}")];
        let end = if self.stopping { "stopping" } else { "esc stops" };
        let mut add = |part: String| {
            let used: usize = parts.iter().map(|part| part.chars().count() + 3).sum();
            if used + part.chars().count() + end.len() + 3 <= width {
                parts.push(part);
            }
        };
        if found.records > 0 {
            add(format!("{:.0} %", found.share.clamp(0.0, 1.0) * 100.0));
            add(format!("{} matched", format::grouped(found.matched as i64)));
            found.left.into_iter().for_each(|left| add(format!("{} left", format::span(left))));
            add(format!("{} records", format::grouped(found.records as i64)));
            add(format::bytes(found.bytes as usize));
            add(format!(
                "partitions {}",
                found.partitions.iter().take(DRAWN).map(|(_, share)| bar(*share)).collect::<String>()
            ));
        }
        parts.push(end.into());
        Safe::from(parts.join(" · "))
    }
}

/// A share as one letter.
fn bar(share: f64) -> char {
    STEPS[((share.clamp(0.0, 1.0) * 6.0).round() as usize).min(STEPS.len() - 1)]
}
