//! A made-up topic that answers Tail as Kafka's side does: partitions of records whose values name their places.
use super::*;
use crate::common::batch::batch;
use kafscope::{bus::Generation, place::Positions, record::Batch};

/// Each partition holds the offsets from 0 up to its number.
pub struct Log {
    pub ends: Vec<i64>,
    tail: Option<Open>,
    /// Everything that was asked, the last one last.
    pub asked: Vec<Command>,
}

struct Open {
    generation: Generation,
    next: Positions,
    paused: bool,
}

/// Records of one answer.
const A_BATCH: usize = 10;

impl Log {
    pub fn new(ends: &[i64]) -> Self {
        Self { ends: ends.to_vec(), tail: None, asked: vec![] }
    }

    /// Answers everything that was asked since; a running tail hands over one batch more.
    pub fn serve(&mut self, s: &mut Screen) {
        let asked = s.sent();
        self.answer(asked, s);
        self.feed(s);
    }

    /// Answers what was asked some time ago.
    pub fn answer(&mut self, asked: Vec<Command>, s: &mut Screen) {
        for command in asked {
            self.asked.push(command.clone());
            match command {
                Command::OpenTail { from, generation, .. } => self.open(&from, generation, s),
                Command::GoOnTail { at, generation, .. } => self.open(&Where::Offsets(at), generation, s),
                Command::ReadOlder { before, count, generation, .. } => older(&before, count, generation, s),
                Command::PauseTail { generation } => self.pause(generation, true),
                Command::ResumeTail { generation } => self.pause(generation, false),
                Command::CloseTail => self.tail = None,
                _ => {}
            }
        }
    }

    fn pause(&mut self, generation: Generation, paused: bool) {
        self.tail.iter_mut().filter(|open| open.generation == generation).for_each(|open| open.paused = paused);
    }

    fn all(&self, of: impl Fn(i64) -> i64) -> Positions {
        (0..).zip(&self.ends).map(|(id, end)| (id, of(*end))).collect()
    }

    fn open(&mut self, from: &Where, generation: Generation, s: &mut Screen) {
        let partitions = (0..self.ends.len() as i32).collect();
        s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions });
        let next = match from {
            Where::Start => self.all(|_| 0),
            Where::Offsets(places) => places.clone(),
            Where::Last(count) => {
                let end = self.all(|end| end);
                let (page, from) = before(&end, *count);
                s.hear(Event::TailBegan { generation, from });
                s.hear(Event::RecordsArrived { generation, batch: batch("orders", page) });
                self.tail = Some(Open { generation, next: end, paused: false });
                return;
            }
            other => panic!("{other:?}"),
        };
        s.hear(Event::TailBegan { generation, from: next.clone() });
        self.tail = Some(Open { generation, next, paused: false });
    }

    /// The next records of every partition, the one that is least far first.
    fn feed(&mut self, s: &mut Screen) {
        let Some(open) = self.tail.as_mut().filter(|open| !open.paused) else { return };
        let mut records = vec![];
        while let Some((id, next)) = open
            .next
            .iter_mut()
            .filter(|(id, next)| **next < self.ends[**id as usize])
            .min_by_key(|(_, next)| **next)
            .filter(|_| records.len() < A_BATCH)
        {
            records.push(at(*id, *next));
            *next += 1;
        }
        let behind = open.next.iter().map(|(id, next)| (self.ends[*id as usize] - next) as u64).sum();
        let generation = open.generation;
        if !records.is_empty() {
            s.hear(Event::RecordsArrived { generation, batch: batch("orders", records) });
        }
        s.hear(Event::TailBehind { generation, behind: Some(behind) });
    }
}

fn at(partition: i32, offset: i64) -> Spec {
    record(partition, offset, "k", format!("value {partition}:{offset}."))
}

/// The newest records before these places, the oldest first, and where they begin.
fn before(places: &Positions, count: usize) -> (Vec<Spec>, Positions) {
    let mut from = places.clone();
    let mut page = vec![];
    while page.len() < count {
        let Some((id, next)) = from.iter_mut().filter(|(_, next)| **next > 0).max_by_key(|(_, next)| **next) else {
            break;
        };
        *next -= 1;
        page.push(at(*id, *next));
    }
    page.reverse();
    (page, from)
}

fn older(places: &Positions, count: usize, generation: Generation, s: &mut Screen) {
    let (page, from) = before(places, count);
    let start = from.values().all(|offset| *offset == 0);
    let mut rest = page.into_iter().peekable();
    let mut batches: Vec<Batch> = vec![];
    while rest.peek().is_some() {
        batches.push(batch("orders", rest.by_ref().take(A_BATCH)));
    }
    s.hear(Event::OlderRead { generation, batches, from, start, stopped: false });
}

/// The places on the screen, from top to bottom; `None` is a line that stands for what is not there.
pub fn places(s: &Screen) -> Vec<Option<(i32, i64)>> {
    let place = |line: &str| {
        if line.contains('┄') {
            return Some(None);
        }
        let (partition, offset) = line.split("value ").nth(1)?.split('.').next()?.split_once(':')?;
        Some(Some((partition.parse().ok()?, offset.parse().ok()?)))
    };
    s.screen().lines().filter_map(place).collect()
}
