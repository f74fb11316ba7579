//! What Kafka's side says of the open topic. Late words of a tail before it are dropped.
use super::{Stage, Tail, marks};
use crate::{
    bus::Generation,
    failure::Failure,
    panels::{Cx, Wish},
    record::Batch,
    topic::TopicName,
    widgets::format,
};

impl Tail {
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
        marks::note(cx.session, std::iter::once(&batch));
        self.received += batch.len() as u64;
        self.widths.see(&batch);
        let under_way = 2 * batch.bytes();
        self.ring.push(batch);
        self.hold(under_way, cx);
    }

    pub fn knows(&self, generation: Generation, behind: Option<u64>) -> bool {
        generation == self.generation && self.behind == Some(behind)
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
        self.say(format!("partition {partition}: {gone}"), true, cx);
        let topic = self.topic().map_or("", |topic| topic);
        let attempted = format!("reading {topic}, partition {partition}");
        cx.wish(Wish::Notice(Failure::new(attempted, gone, "a longer retention keeps them; reading goes on")));
    }

    /// What cannot be read is not on the screen: that is said now, counted below, and told in full in the notices.
    pub fn on_unreadable(&mut self, generation: Generation, place: i32, batches: u64, failure: Failure, cx: &mut Cx) {
        if generation == self.generation {
            self.unreadable += batches;
            self.say(format!("partition {place}: a batch could not be read: {}", failure.answered), true, cx);
            cx.wish(Wish::Notice(failure));
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
            self.troubles.clear();
            self.stage = Stage::Open { topic, partitions: partitions.len() };
            self.fit();
        }
    }

    /// A record sent from here was acknowledged; it may already stand in the ring.
    pub fn on_produced(&mut self, cx: &mut Cx) {
        marks::note(cx.session, self.ring.batches().rev());
    }

    pub fn on_failed(&mut self, generation: Generation, why: Failure) {
        if generation == self.generation
            && let Some(topic) = self.topic().cloned()
        {
            self.stage = Stage::Failed { topic, why };
            self.fit();
        }
    }
}
