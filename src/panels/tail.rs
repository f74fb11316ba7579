//! What arrives: the records of the open topic, the newest at the bottom.
use super::{Cx, Look, Panel};
use crate::{
    bus::{Command, Generation, Where},
    failure::Failure,
    keymap::{Action, Context},
    record::{Batch, ring::Ring},
    text::Safe,
    topic::TopicName,
    widgets::Pen,
};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Tail {
    area: Rect,
    ring: Ring,
    generation: Generation,
}

impl Tail {
    pub fn new(ring_bytes: usize) -> Self {
        Self { area: Rect::ZERO, ring: Ring::new(ring_bytes, usize::MAX), generation: 0 }
    }

    pub fn open(&mut self, topic: TopicName, cx: &mut Cx) {
        self.generation += 1;
        self.ring.clear();
        let from = Where::Last(usize::from(self.area.height.saturating_sub(3)).max(1));
        cx.send(Command::OpenTail { topic, from, generation: self.generation });
    }

    pub fn on_opened(&mut self, _generation: Generation, _topic: TopicName, _partitions: Vec<i32>) {}

    pub fn on_records(&mut self, generation: Generation, batch: Batch, _cx: &mut Cx) {
        if generation == self.generation {
            self.ring.push(batch);
        }
    }

    pub fn on_behind(&mut self, _generation: Generation, _behind: Option<u64>) {}

    pub fn on_partition_failed(&mut self, _g: Generation, _partition: i32, _failure: Failure, _cx: &mut Cx) {}

    pub fn on_recovered(&mut self, _generation: Generation, _partition: i32) {}

    pub fn on_start_moved(&mut self, _g: Generation, _partition: i32, _from: i64, _to: i64, _cx: &mut Cx) {}

    pub fn on_unreadable(&mut self, _g: Generation, _partition: i32, _batches: u64, _failure: Failure, _cx: &mut Cx) {}

    pub fn on_recreated(&mut self, _g: Generation, _partitions: Vec<i32>) {}

    /// A record sent from here was acknowledged; it may already stand in the ring.
    pub fn on_produced(&mut self, _cx: &mut Cx) {}

    pub fn on_failed(&mut self, _generation: Generation, _why: Failure) {}
}

impl Panel for Tail {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Tail, Context::List]
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
    }

    fn on_action(&mut self, _action: Action, _cx: &mut Cx) {}

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let title = [(Safe::literal(" 2 Tail "), pen.theme.title)];
        pen.frame(self.area, look.focused, &title);
    }
}
