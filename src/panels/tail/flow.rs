//! Who lets records in: reading goes on by itself, stands still for the person, or waits for the screen.
use super::{Stage, Tail};
use crate::{bus::Command, panels::Cx};

/// Who lets records in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Running,
    /// The person stopped it; `follow`: go on at the newest afterwards.
    Paused {
        follow: bool,
    },
    /// The row on the screen would have to leave the ring.
    Waiting,
    /// Newer records left the ring for older ones; reading goes on where the list ends once the person comes there.
    Detached,
}

/// Bytes that may still be under way when reading stops: the street holds 8 batches of at most 512 KiB, one more is in
/// work, and each side may hold as much again.
const UNDER_WAY: usize = 8 << 20;

impl Tail {
    /// Stops reading before the first row of the screen would have to leave the ring.
    pub(super) fn hold(&mut self, under_way: usize, cx: &mut Cx) {
        if self.flow == Flow::Running && !self.view.following && self.is_endangered(under_way) {
            self.stop(Flow::Waiting, cx);
        }
    }

    /// Could what is under way push the first row of the screen out of the ring?
    fn is_endangered(&self, under_way: usize) -> bool {
        let first = self.view.rows(&self.ring.positions()).start;
        self.ring.would_evict(first, under_way.max(UNDER_WAY.min(self.ring.max_bytes() / 4)))
    }

    /// Does the list go with the newest, or will it when it is not paused any more?
    pub(super) fn follows(&self) -> bool {
        self.view.following || self.flow == Flow::Paused { follow: true }
    }

    fn stop(&mut self, flow: Flow, cx: &mut Cx) {
        if self.flow == Flow::Running {
            cx.send(Command::PauseTail { generation: self.generation });
        }
        (self.flow, self.behind) = (flow, None);
    }

    /// `esc` gives up what takes too long to open.
    pub(super) fn give_up(&mut self, cx: &mut Cx) {
        self.stage = Stage::Closed;
        self.generation = self.next_generation();
        cx.send(Command::CloseTail);
    }

    pub(super) fn resume(&mut self, cx: &mut Cx) {
        if matches!(self.flow, Flow::Paused { .. } | Flow::Waiting) {
            self.flow = Flow::Running;
            cx.send(Command::ResumeTail { generation: self.generation });
        }
    }

    pub(super) fn pause(&mut self, cx: &mut Cx) {
        match self.flow {
            Flow::Paused { follow } => {
                self.view.following |= follow;
                self.resume(cx);
            }
            Flow::Detached => {}
            _ if !matches!(self.stage, Stage::Open { .. }) => {}
            _ => {
                self.stop(Flow::Paused { follow: self.view.following }, cx);
                self.view.stay(&self.ring.positions());
            }
        }
    }

    /// After a movement: while paused nothing runs away, and what waited for the screen may go on.
    pub(super) fn moved(&mut self, cx: &mut Cx) {
        let kept = self.ring.positions();
        match self.flow {
            Flow::Running | Flow::Detached => {}
            Flow::Paused { .. } => {
                self.flow = Flow::Paused { follow: self.view.following };
                self.view.stay(&kept);
            }
            Flow::Waiting if self.view.following || !self.is_endangered(0) => self.resume(cx),
            Flow::Waiting => {}
        }
    }
}
