//! What Kafka's side says of the open topic. Late words of a tail before it are dropped.
use super::{Stage, Tail, gaps::shortened, sent};
use crate::{
    bus::Generation,
    failure::Failure,
    panels::{Cx, Wish},
    place::Moved,
    record::{
        Batch,
        ring::{Gap, Why},
    },
    topic::TopicName,
    widgets::format,
};

impl Tail {
    pub fn on_opened(&mut self, generation: Generation, topic: &TopicName, partitions: &[i32], cx: &mut Cx) {
        if generation == self.generation && self.topic() == Some(topic) {
            self.stage = Stage::Open { partitions: partitions.len() };
            self.begin_exactly(cx);
        }
    }

    /// Costs the same for one record and for a thousand, unless a record sent from here is awaited.
    pub fn on_records(&mut self, generation: Generation, batch: Batch, cx: &mut Cx) {
        if generation != self.generation {
            return;
        }
        sent::note(cx.session, std::iter::once(&batch));
        self.end_opening_search();
        self.received += batch.len() as u64;
        self.see(&batch);
        let (under_way, was_empty) = (2 * batch.bytes(), self.ring.is_empty());
        let waited_for = (was_empty || self.wanted.is_some()).then(|| batch.clone());
        self.ring.push(batch);
        if let Some(batch) = waited_for {
            self.settle(&batch, was_empty, cx);
        }
        self.hold(under_way, cx);
    }

    /// How wide columns must be for these.
    pub(super) fn see(&mut self, batch: &Batch) {
        self.widths.see(batch);
        self.fields.iter_mut().for_each(|fields| fields.see(batch));
    }

    pub fn knows(&self, generation: Generation, behind: Option<u64>) -> bool {
        generation == self.generation && self.behind == Some(behind)
    }

    pub fn on_behind(&mut self, generation: Generation, behind: Option<u64>, cx: &mut Cx) {
        if generation != self.generation {
            return;
        }
        self.behind = Some(behind);
        if behind.is_some_and(|behind| behind <= self.view.height()) {
            self.catching_up = false;
        }
        if let (Some(0), Some(wanted)) = (behind, self.wanted.take_if(|wanted| !wanted.exactly && behind == Some(0))) {
            let (partition, offset) = (wanted.partition, format::grouped(wanted.offset));
            self.say(
                format!("partition {partition} ends before offset {offset}: page up shows its last records"),
                true,
                cx,
            );
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
        match from < to {
            true => self.note_deleted(partition, from, to, cx),
            false => self.note_shortened(partition, from, to, cx),
        }
    }

    fn note_deleted(&mut self, partition: i32, from: i64, to: i64, cx: &mut Cx) {
        let (first, last) = (format::grouped(from), format::grouped(to.saturating_sub(1)));
        let gone = format!("Kafka deleted offsets {first} to {last} before they were read");
        self.say(format!("partition {partition}: {gone}"), true, cx);
        let (from, to) = ([(partition, from)].into(), [(partition, to)].into());
        self.ring.push_gap(Gap { why: Why::Deleted, from, to });
        cx.wish(Wish::Notice(Failure::new(
            self.reading_of(partition),
            gone,
            "a longer retention keeps them; reading goes on",
        )));
    }

    /// A leader that did not have all records makes a log shorter; what is written next takes offsets that were read.
    fn note_shortened(&mut self, partition: i32, from: i64, to: i64, cx: &mut Cx) {
        self.say(shortened((&partition, &to)), true, cx);
        self.ring.cut_back(partition, from, to);
        let lost =
            format!("its log ended before offset {} and ends at {} now", format::grouped(from), format::grouped(to));
        cx.wish(Wish::Notice(Failure::new(
            self.reading_of(partition),
            lost,
            "a leader without the newest records took over (unclean.leader.election.enable); reading goes on at its end",
        )));
    }

    fn reading_of(&self, partition: i32) -> String {
        format!("reading {}, partition {partition}", self.topic().map_or("", |topic| topic))
    }

    /// What cannot be read is not on the screen: that is said now, counted below, and told in full in the notices.
    pub fn on_unreadable(&mut self, generation: Generation, place: i32, batches: u64, failure: Failure, cx: &mut Cx) {
        if generation == self.generation || self.is_searching(generation) {
            self.unreadable += batches;
            self.say(format!("partition {place}: a batch could not be read: {}", failure.answered), true, cx);
            cx.wish(Wish::Notice(failure));
        }
    }

    /// A place that is not there: what was taken for it.
    pub fn on_place_moved(&mut self, generation: Generation, moved: &Moved, cx: &mut Cx) {
        if generation == self.generation {
            self.say(moved.to_string(), true, cx);
        }
    }

    pub fn on_page_cut(&mut self, generation: Generation, records: usize, cx: &mut Cx) {
        if generation == self.generation {
            let words =
                format!("the records are large: only the newest {} of them are shown", format::grouped(records as i64));
            self.say(words, false, cx);
        }
    }

    pub fn on_recreated(&mut self, generation: Generation, partitions: Vec<i32>, cx: &mut Cx) {
        if let (true, Some(topic)) = (generation == self.generation, self.topic().cloned()) {
            self.say(
                format!("{topic} was deleted and created again; its new records follow from their start"),
                true,
                cx,
            );
            self.stop_search(cx);
            self.ring.begin_anew();
            self.troubles.clear();
            self.stage = Stage::Open { partitions: partitions.len() };
            self.fit();
        }
    }

    /// A record sent from here was acknowledged; it may already stand in the ring.
    pub fn on_produced(&mut self, cx: &mut Cx) {
        sent::note(cx.session, self.ring.batches().rev());
    }

    pub fn on_failed(&mut self, generation: Generation, why: Failure, cx: &mut Cx) {
        if generation == self.generation {
            self.stop_search(cx);
            self.stage = Stage::Failed { why };
            self.fit();
        }
    }
}
