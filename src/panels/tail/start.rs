//! The place that a person writes behind `s`: it must be one of the open topic.
use super::Tail;
use crate::{
    mistake::Mistake,
    panels::Cx,
    place::{Positions, Where},
};

impl Tail {
    /// # Errors
    /// What is no place, and a partition that the open topic does not have.
    pub(super) fn place(&self, text: &str, cx: &Cx) -> Result<Where, Mistake> {
        let place = Where::read(text, cx.session.now, &cx.session.zone)?;
        if let (Where::Offsets(places), Some(partitions)) = (&place, cx.session.partitions) {
            self.known(places, partitions, text)?;
        }
        Ok(place)
    }

    /// Partitions are numbered from 0 on without a hole.
    fn known(&self, places: &Positions, partitions: usize, text: &str) -> Result<(), Mistake> {
        let is_there = |id: i32| usize::try_from(id).is_ok_and(|id| id < partitions);
        let Some(odd) = places.keys().copied().find(|id| !is_there(*id)) else { return Ok(()) };
        let topic = self.topic().map_or("the topic", |topic| topic);
        Err(Mistake::new(column(text, odd), format!("there is no partition {odd}; {topic} has {partitions}")))
    }

    /// A place says which partitions are read; what `P` chose holds for places that name none.
    pub(super) fn take_start(&mut self, text: &str, cx: &mut Cx) {
        let Ok(from) = self.place(text, cx) else { return self.close_prompt() };
        self.close_prompt();
        self.remember(|habits| &mut habits.starts, text);
        let Some(reading) = &mut self.reading else { return };
        let alone = record(&from);
        if matches!(from, Where::Offsets(_)) || self.placed {
            reading.only = alone.map(|(partition, _)| [partition].into());
            self.placed = alone.is_some();
        }
        match alone {
            Some(place) => self.show_at(place, Positions::new(), cx),
            None => self.read_from(from, cx),
        }
    }
}

/// One record of one partition: it is chosen, and only its partition is shown.
fn record(from: &Where) -> Option<(i32, i64)> {
    let Where::Offsets(places) = from else { return None };
    let (partition, offset) = places.first_key_value().filter(|_| places.len() == 1)?;
    Some((*partition, *offset))
}

/// The letter at which this partition is named.
fn column(text: &str, partition: i32) -> usize {
    let mut at = 0;
    for part in text.split(',') {
        let id = part.split(':').next().unwrap_or_default();
        if id.trim().replace(',', "").parse() == Ok(partition) {
            return at + id.chars().take_while(|letter| letter.is_whitespace()).count();
        }
        at += part.chars().count() + 1;
    }
    0
}
