//! Which of a topic's records the list shows: those that match a filter, of one partition, of one key; and from match to
//! match when it shows them all.
use super::Tail;
use crate::{
    bus::Generation,
    decode,
    failure::Failure,
    filter::{Filter, Verdict},
    keymap::Action,
    panels::{Cx, Wish},
    record::ring::Row,
    widgets::format,
};

/// Rows and bytes that are looked through at once for the next match; what lies further is looked for by Kafka's side, so
/// that a key answers at once.
const NEAR: u64 = 2_000;
const NEAR_BYTES: usize = 1 << 20;

impl Tail {
    /// Shows only what matches: the newest, then what arrives.
    pub(super) fn set_filter(&mut self, filter: Filter, cx: &mut Cx) {
        let Some(reading) = &mut self.reading else { return };
        reading.filter = Some(filter.clone());
        self.filtered = Some(filter);
        self.read_newest(cx);
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.filter.is_some())
    }

    /// Shows all records again, with the chosen one among its neighbours.
    pub(super) fn clear_filter(&mut self, cx: &mut Cx) {
        if let Some(reading) = &mut self.reading {
            reading.filter = None;
        }
        self.show_chosen_among_others(cx);
    }

    fn show_chosen_among_others(&mut self, cx: &mut Cx) {
        match self.chosen().map(|(_, record)| (record.place(), record.head.timestamp)) {
            Some((place, timestamp)) => self.show_around(place, timestamp, cx),
            None => self.read_newest(cx),
        }
    }

    /// Only the partition of the chosen record, or all again.
    pub(super) fn only_partition(&mut self, cx: &mut Cx) {
        let partition = self.chosen().map(|(_, record)| record.head.partition);
        let Some(reading) = &mut self.reading else { return };
        self.placed = false;
        match (reading.only.take(), partition) {
            (Some(_), _) | (None, None) => {}
            (None, Some(partition)) => reading.only = Some([partition].into()),
        }
        self.show_chosen_among_others(cx);
    }

    /// With the records of aborted transactions, or without.
    pub(super) fn isolation(&mut self, cx: &mut Cx) {
        cx.session.committed = !cx.session.committed;
        let Some(reading) = &mut self.reading else { return };
        reading.committed = cx.session.committed;
        match self.follows() {
            true => self.read_newest(cx),
            false => self.show_chosen_among_others(cx),
        }
    }

    /// Only records with the key of the chosen one.
    pub(super) fn filter_key(&mut self, cx: &mut Cx) {
        let line = match self.chosen().map(|(_, record)| record.key()) {
            None => return,
            Some(None) => return self.say("the key is null: nothing to look for".into(), false, cx),
            Some(Some(key)) => std::str::from_utf8(key).ok().and_then(|key| serde_json::to_string(key).ok()),
        };
        match line.map(|key| Filter::read(&format!("key:{key}"))) {
            Some(Ok(filter)) => self.set_filter(filter, cx),
            Some(Err(mistake)) => self.say(mistake.to_string(), true, cx),
            None => self.say("the key is not text, and a filter is".into(), true, cx),
        }
    }

    /// From match to match. While only matches are shown, the next row is one.
    pub(super) fn go_to_match(&mut self, newer: bool, cx: &mut Cx) {
        if self.is_filtered() {
            return self.travel(if newer { Action::Down } else { Action::Up }, cx);
        }
        let Some(filter) = self.filtered.clone() else {
            return self.say("nothing was looked for yet: / asks for it".into(), false, cx);
        };
        let from = self.view.cursor(&self.ring.positions());
        match self.near(&filter, from, newer) {
            Near::Match(at) => self.choose(at, cx),
            Near::End(at) => {
                let places = self.ring.places(at);
                self.look_for_match(places, newer, cx);
            }
        }
    }

    /// The nearest match of those held, or the row up to which there is none.
    fn near(&self, filter: &Filter, from: u64, newer: bool) -> Near {
        let kept = self.ring.positions();
        // An expression may take long for each record.
        let most = if filter.query().jq.is_some() { 0 } else { NEAR };
        let mut bytes = 0;
        for step in 1..=most {
            let at = if newer { from + step } else { from.saturating_sub(step) };
            let Some(row) = kept.contains(&at).then(|| self.ring.row(at)).flatten() else {
                return Near::End(if newer { kept.end } else { kept.start });
            };
            let Row::Record(record) = row else { continue };
            bytes += record.size();
            match filter.judge(&record) {
                Verdict::Match => return Near::Match(at),
                Verdict::No | Verdict::Failed(_) if bytes > NEAR_BYTES => return Near::End(at + u64::from(newer)),
                Verdict::No | Verdict::Failed(_) => {}
            }
        }
        Near::End(if newer { from + most + 1 } else { from.saturating_sub(most) })
    }

    /// Records looked at by a tail with a filter.
    pub fn on_read(&mut self, generation: Generation, records: u64, failures: u64) {
        if generation == self.generation {
            self.looked_at += records;
            self.failures += failures;
        }
    }

    /// A filter that cannot be asked of a record shows nothing of it: that is counted, and the first one told.
    pub fn on_filter_failed(
        &mut self,
        generation: Generation,
        (partition, offset): (i32, i64),
        why: &str,
        cx: &mut Cx,
    ) {
        if generation != self.generation && !self.is_searching(generation) {
            return;
        }
        let topic = self.topic().map_or("", |topic| topic);
        let attempted = format!("filtering {topic}, partition {partition}, offset {}", format::grouped(offset));
        cx.wish(Wish::Notice(Failure::new(attempted, why, "records like this one count as failed and are not shown")));
    }

    pub(super) fn copy(&mut self, cx: &mut Cx) {
        let words = match self.chosen().map(|(_, record)| record.value()) {
            None => return,
            Some(None) => "the value is null: there is nothing to copy".to_owned(),
            Some(Some(bytes)) => {
                cx.wish(Wish::Terminal(crate::panels::Request::Copy(decode::copy(bytes))));
                format!("copied the value, {}", format::bytes(bytes.len()))
            }
        };
        self.say(words, false, cx);
    }
}

enum Near {
    Match(u64),
    /// There is none up to this row.
    End(u64),
}
