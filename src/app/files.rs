//! What came of files that panels and overlays named.
use super::App;
use crate::{failure::Failure, panels::Cx};
use std::path::Path;

impl App {
    /// Is there a file where a panel wants to write one?
    pub fn on_file(&mut self, file: &Path, exists: bool) {
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.panels.tail.on_file(file, exists, &mut cx);
        self.overlays.iter_mut().for_each(|overlay| overlay.on_file(file, exists, &mut cx));
        self.settle();
    }

    /// What a file says that an overlay asked for.
    pub fn on_text_read(&mut self, file: &Path, text: Result<String, Failure>) {
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.overlays.iter_mut().for_each(|overlay| overlay.on_text_read(file, &text, &mut cx));
        self.settle();
    }

    /// What came of a file that a panel wanted written.
    pub fn on_saved(&mut self, file: &Path, saved: Result<(), Failure>) {
        if let Err(why) = &saved {
            self.notices.push(why.clone(), self.session.now);
        }
        self.overlays.iter_mut().for_each(|overlay| overlay.on_saved(file, &saved));
    }
}
