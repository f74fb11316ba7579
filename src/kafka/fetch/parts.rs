//! Partitions of a request, to be found again by what an answer names.
use super::fetcher::Part;
use std::collections::HashMap;

/// See the module. An answer names them in the order in which they were asked for, nearly always.
pub struct Parts {
    parts: Vec<Option<Part>>,
    next: usize,
    /// Made when one is not where it was expected.
    places: Option<HashMap<(usize, i32), usize>>,
}

impl Parts {
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts: parts.into_iter().map(Some).collect(), next: 0, places: None }
    }

    /// Each once; `topic` is the index into the topics of the plan.
    pub fn take(&mut self, topic: usize, id: i32) -> Option<Part> {
        let here = self.parts.get(self.next).and_then(Option::as_ref);
        let at = if here.is_some_and(|part| (part.topic, part.id) == (topic, id)) {
            self.next
        } else {
            *self.places().get(&(topic, id))?
        };
        self.next = at + 1;
        self.parts.get_mut(at)?.take()
    }

    fn places(&mut self) -> &HashMap<(usize, i32), usize> {
        let parts = self.parts.iter().enumerate();
        self.places.get_or_insert_with(|| {
            parts.filter_map(|(at, part)| part.as_ref().map(|part| ((part.topic, part.id), at))).collect()
        })
    }

    pub fn rest(self) -> impl Iterator<Item = Part> {
        self.parts.into_iter().flatten()
    }
}
