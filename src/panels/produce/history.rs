//! Records sent before, for `↑` and `↓`: kept exactly, null apart from empty.
use super::form::Form;
use crate::bus::Draft;

/// Drafts kept, and their bytes; the oldest goes first, the newest always stays.
const KEPT: usize = 100;
const KEPT_BYTES: usize = 16 << 20;

#[derive(Debug, Default)]
pub struct History {
    /// The oldest first.
    drafts: Vec<Draft>,
    /// Which one is in the box; `None`: what the person was writing.
    shown: Option<usize>,
    /// What the person wrote last, waiting below the newest.
    own: Form,
}

impl History {
    pub fn new(drafts: Vec<Draft>) -> Self {
        let mut history = Self { drafts, ..Self::default() };
        history.bound();
        history
    }

    pub fn drafts(&self) -> &[Draft] {
        &self.drafts
    }

    /// Takes a record that was sent; the same one twice in a row is kept once.
    pub fn push(&mut self, draft: Draft) {
        if self.drafts.last() != Some(&draft) {
            self.drafts.push(draft);
        }
        self.bound();
    }

    /// The box is the person's own again.
    pub fn leave(&mut self) {
        self.shown = None;
    }

    /// The record before the one in the box.
    pub fn older(&mut self, form: &mut Form) {
        let Some(at) = self.shown.unwrap_or(self.drafts.len()).checked_sub(1) else { return };
        self.keep(form);
        self.show(at, form);
    }

    /// The one after; beyond the newest what the person wrote.
    pub fn newer(&mut self, form: &mut Form) {
        let Some(at) = self.shown.map(|at| at + 1) else { return };
        self.keep(form);
        self.show(at, form);
    }

    fn show(&mut self, at: usize, form: &mut Form) {
        let draft = self.drafts.get(at);
        self.shown = draft.is_some().then_some(at);
        *form = draft.map_or_else(|| std::mem::take(&mut self.own), Form::of_draft);
    }

    /// A record from here that was written into is the person's own again: looking on must not lose it.
    fn keep(&mut self, form: &Form) {
        let shown = self.shown.and_then(|at| self.drafts.get(at));
        if shown.is_none() || form.draft().ok().as_ref() != shown {
            self.own = form.clone();
        }
    }

    fn bound(&mut self) {
        let mut bytes: usize = self.drafts.iter().map(bytes).sum();
        let mut gone = 0;
        while self.drafts.len() - gone > KEPT || bytes > KEPT_BYTES && self.drafts.len() - gone > 1 {
            bytes -= self.drafts.get(gone).map_or(0, self::bytes);
            gone += 1;
        }
        self.drafts.drain(..gone);
        self.shown = self.shown.and_then(|at| at.checked_sub(gone));
    }
}

fn bytes(draft: &Draft) -> usize {
    let length = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
    let headers: usize = draft.headers.iter().map(|(name, value)| name.len() + length(value)).sum();
    length(&draft.key) + length(&draft.value) + headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(length: usize) -> Draft {
        Draft { value: Some(vec![b'x'; length]), ..Draft::default() }
    }

    #[test]
    fn it_is_bounded_by_records_and_by_bytes_and_the_newest_stays() {
        assert_eq!(History::new((0..300).map(draft).collect()).drafts().len(), KEPT);
        let mut history = History::new(vec![draft(KEPT_BYTES - 10)]);
        history.push(draft(10));
        assert_eq!(history.drafts().len(), 2);
        history.push(draft(11));
        assert_eq!(history.drafts(), [draft(10), draft(11)]);
        history.push(draft(2 * KEPT_BYTES));
        assert_eq!(history.drafts().len(), 1);
    }
}
