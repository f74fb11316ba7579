//! What became of a group's offsets, told to the overlay that waits for it. Whoever closed that overlay reads it in the
//! notices: nothing that was written goes unsaid.
use super::App;
use crate::{
    bus::Generation,
    failure::Failure,
    group::GroupName,
    overlay::{Overlay, remove, reset},
    reset::{Done, Plan},
};

impl App {
    /// A plan that nobody waits for any more is of no use; one that is refused is also told in full.
    pub(super) fn on_planned(&mut self, generation: Generation, plan: Plan) {
        let taken = self.took(|overlay| overlay.on_planned(generation, &plan));
        if let Some(why) = plan.refused.filter(|_| taken) {
            self.on_failure(why);
        }
    }

    pub(super) fn on_reset(&mut self, generation: Generation, done: Done) {
        self.panels.lag.on_moved_by_hand(&done.plan.group);
        self.session.resets.undos.insert(done.plan.group.clone(), done.undo.clone());
        if !self.took(|overlay| overlay.on_reset(generation, &done)) {
            let advice = format!("what stood there before is in {}", done.undo.display());
            let attempted = format!("moving offsets of {}", done.plan.group);
            self.on_failure(Failure::new(attempted, reset::outcome(&done), advice));
        }
        for why in done.outcomes.into_iter().filter_map(|outcome| outcome.written.err()) {
            self.on_failure(why);
        }
    }

    pub(super) fn on_forgotten(&mut self, generation: Generation, group: &GroupName, partitions: &remove::Forgotten) {
        self.panels.lag.on_moved_by_hand(group);
        if !self.took(|overlay| overlay.on_forgotten(generation, partitions)) {
            let attempted = format!("forgetting commits of {group}");
            self.on_failure(Failure::new(attempted, remove::sum(partitions), ""));
        }
        for why in partitions.iter().filter_map(|(.., it)| it.as_ref().err()) {
            self.on_failure(why.clone());
        }
    }

    pub(super) fn on_deleted(&mut self, generation: Generation, group: &GroupName) {
        if !self.took(|overlay| overlay.on_deleted(generation)) {
            self.on_failure(Failure::new(format!("deleting group {group}"), "it is deleted", ""));
        }
    }

    fn took(&mut self, tell: impl FnMut(&mut Overlay) -> bool) -> bool {
        self.overlays.iter_mut().any(tell)
    }
}
