//! Which of the records that were met belong in the page: the newest, taken from the ends, so that what is taken of a
//! partition is whole. Within a partition offsets decide, between partitions times.
use super::walk::{Met, Walk};
use crate::{
    kafka::{
        fetch::chunk::{MOST_BYTES, MOST_RECORDS},
        offsets::Spot,
    },
    record::{Batch, Record, gather::gather},
};
use std::collections::BinaryHeap;

/// What was picked so far.
#[derive(Debug, Default)]
pub struct Picked {
    /// The newest first: walk, and how far from its end.
    order: Vec<(usize, usize)>,
    /// How many of each walk.
    pub taken: Vec<usize>,
    /// Nothing more fits, by number or by bytes.
    pub full: bool,
    /// There was room for more by number, not by bytes.
    pub too_large: bool,
    /// Walks that must be gone further before the next can be picked.
    pub needs: Vec<usize>,
}

/// `strict`: a walk that may lead to more must be gone on before an older record of another is picked.
pub fn pick(walks: &[Walk], count: usize, most_bytes: usize, strict: bool) -> Picked {
    let mut picked = Picked { taken: vec![0; walks.len()], ..Picked::default() };
    if !strict && walks.iter().map(Walk::found).sum::<usize>() < count {
        picked.needs = open(walks);
    }
    let mut heap: BinaryHeap<_> = (0..walks.len()).filter_map(|walk| candidate(walks, walk, 0)).collect();
    let mut bytes = 0usize;
    if strict {
        picked.needs =
            open(walks).into_iter().filter(|walk| walks.get(*walk).is_some_and(|w| w.found() == 0)).collect();
    }
    while picked.order.len() < count && (picked.needs.is_empty() || !strict) {
        let Some((_, _, _, walk, nth)) = heap.pop() else { return picked };
        bytes = bytes.saturating_add(size(walks, walk, nth));
        if bytes > most_bytes && !picked.order.is_empty() {
            (picked.full, picked.too_large) = (true, true);
            picked.needs.clear();
            return picked;
        }
        picked.take(walk, nth);
        match candidate(walks, walk, nth + 1) {
            Some(next) => heap.push(next),
            None if strict && walks.get(walk).is_some_and(Walk::is_open) => picked.needs.push(walk),
            None => {}
        }
    }
    picked.full = picked.order.len() >= count;
    picked
}

fn open(walks: &[Walk]) -> Vec<usize> {
    (0..walks.len()).filter(|walk| walks.get(*walk).is_some_and(Walk::is_open)).collect()
}

/// By time, partition and offset; last the walk and how far from its end.
type Candidate<'a> = (i64, &'a Spot, i64, usize, usize);

fn candidate(walks: &[Walk], walk: usize, nth: usize) -> Option<Candidate<'_>> {
    let found = walks.get(walk)?;
    let met = found.nth_newest(nth)?;
    Some((met.timestamp(), &found.spot, met.offset(), walk, nth))
}

fn size(walks: &[Walk], walk: usize, nth: usize) -> usize {
    let met = walks.get(walk).and_then(|found| found.nth_newest(nth));
    met.and_then(Met::record).map_or(0, |record| record.size())
}

impl Picked {
    fn take(&mut self, walk: usize, nth: usize) {
        self.order.push((walk, nth));
        if let Some(taken) = self.taken.get_mut(walk) {
            *taken += 1;
        }
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// The oldest first, in batches of their own.
    pub fn batches(&self, walks: &[Walk]) -> Vec<Batch> {
        let record =
            |(walk, nth): &(usize, usize)| -> Option<Record<'_>> { walks.get(*walk)?.nth_newest(*nth)?.record() };
        gather(self.order.iter().rev().filter_map(record), MOST_RECORDS, MOST_BYTES)
    }
}

/// Throws away what cannot be in the page any more, and frees its memory. Answers the bytes that are left.
pub fn prune(walks: &mut [Walk], count: usize, most_bytes: usize) -> usize {
    let picked = pick(walks, count, most_bytes, false);
    let batches = picked.batches(walks);
    let bytes = batches.iter().map(Batch::bytes).sum();
    let mut kept: Vec<Vec<Met>> = walks.iter().map(|_| vec![]).collect();
    let copies = batches.into_iter().flat_map(Met::all);
    for ((walk, _), (_, met)) in picked.order.iter().rev().zip(copies) {
        if let Some(kept) = kept.get_mut(*walk) {
            kept.push(met);
        }
    }
    walks.iter_mut().zip(kept).for_each(|(walk, kept)| walk.keep(kept));
    bytes
}
