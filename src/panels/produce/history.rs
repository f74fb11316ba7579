//! Records sent before, for `↑` and `↓`: kept exactly, null apart from empty.
use crate::bus::Draft;

/// Drafts kept; the oldest goes first.
const KEPT: usize = 100;

#[derive(Debug, Default)]
pub struct History {
    /// The oldest first.
    drafts: Vec<Draft>,
    /// Which one is in the box; `None`: what the person was writing.
    shown: Option<usize>,
    /// What the person was writing when looking back began.
    own: Draft,
}

impl History {
    pub fn new(drafts: Vec<Draft>) -> Self {
        let from = drafts.len().saturating_sub(KEPT);
        Self { drafts: drafts[from..].to_vec(), ..Self::default() }
    }

    pub fn drafts(&self) -> &[Draft] {
        &self.drafts
    }

    /// Takes a record that was sent; the same one twice in a row is kept once.
    pub fn push(&mut self, draft: Draft) {
        self.shown = None;
        if self.drafts.last() != Some(&draft) {
            self.drafts.push(draft);
        }
        if self.drafts.len() > KEPT {
            self.drafts.remove(0);
        }
    }

    /// The one before; `current` is what is in the box now.
    pub fn older(&mut self, current: Draft) -> Option<Draft> {
        let at = self.shown.unwrap_or(self.drafts.len()).checked_sub(1)?;
        if self.shown.is_none() {
            self.own = current;
        }
        self.shown = Some(at);
        self.drafts.get(at).cloned()
    }

    /// The one after; beyond the last what the person was writing.
    pub fn newer(&mut self) -> Option<Draft> {
        let at = self.shown? + 1;
        self.shown = (at < self.drafts.len()).then_some(at);
        Some(self.shown.and_then(|at| self.drafts.get(at)).unwrap_or(&self.own).clone())
    }
}
