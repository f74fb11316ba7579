//! What the topmost overlay needs of the screen around it: time for long work, and the records beside its own.
use super::App;
use crate::{
    overlay::Overlay,
    panels::{
        Cx, Panel,
        lag::Lag,
        tail::{Beside, Tail},
    },
};

impl App {
    /// Is something left to do that nobody has to wait for, such as the rows of a long value?
    pub fn has_work(&self) -> bool {
        self.overlays.last().is_some_and(Overlay::has_work)
    }

    /// Does a slice of it, some milliseconds at most.
    pub fn work(&mut self) {
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.work();
        }
    }

    /// The open record view turns to what Tail finds beside its record.
    pub(super) fn turn(&mut self, find: impl FnOnce(&mut Tail, &mut Cx) -> Beside) {
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        let beside = find(&mut self.panels.tail, &mut cx);
        let mut topmost = self.overlays.iter_mut().rev();
        if let Some(view) = topmost.find_map(|it| if let Overlay::Record(view) = it { Some(view) } else { None }) {
            view.on_beside(beside);
        }
    }
}

/// Groups that lie open are told what the Lag panel has seen of them by now; `true` when there are any.
pub(super) fn tell(overlays: &mut [Overlay], lag: &Lag) -> bool {
    let told = |told, overlay: &mut Overlay| overlay.on_history(|name| lag.history(name)) || told;
    overlays.iter_mut().fold(false, told)
}
