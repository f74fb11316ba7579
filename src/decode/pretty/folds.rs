//! Which rows are folded away. Rows laid out are counted below, rows shown above.
use super::{
    super::{Row, Shade},
    Pretty,
};
use crate::{text::Safe, widgets::format};

/// An object or array in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fold {
    /// The row that opens it, which is shown, and the last row that is not.
    first: usize,
    pub(super) last: usize,
    /// Fields or elements in it.
    items: usize,
    /// Rows hidden by the folds before this one.
    before: usize,
}

/// In order, none inside another.
#[derive(Debug, Clone, Default)]
pub(super) struct Folds(Vec<Fold>);

/// Why a row cannot be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFold {
    /// It opens no object and no array that holds something.
    Nothing,
    /// Where it closes is not laid out yet, or never will be.
    NoEnd,
}

impl Fold {
    fn hides(&self) -> usize {
        self.last - self.first
    }

    /// What stands behind the opening bracket: how much is inside, and `close`, the row that closes it.
    pub(super) fn words(&self, close: &[u8]) -> Row {
        let (one, many) = if close.first() == Some(&b'}') { ("field", "fields") } else { ("item", "items") };
        let what = if self.items == 1 { one } else { many };
        let inside = format!(" … {} {what} ", format::grouped(self.items as i64));
        vec![(Safe::from(inside), Shade::Absent), (Safe::bytes(close.trim_ascii_end()), Shade::Quiet)]
    }
}

impl Folds {
    pub(super) fn hidden(&self) -> usize {
        self.0.last().map_or(0, |fold| fold.before + fold.hides())
    }

    /// The row laid out that is shown as `row`.
    pub(super) fn below(&self, row: usize) -> usize {
        let passed = self.0.partition_point(|fold| fold.first - fold.before < row);
        let last = passed.checked_sub(1).and_then(|last| self.0.get(last));
        row + last.map_or(0, |fold| fold.before + fold.hides())
    }

    /// Where a row laid out is shown; one that is folded away where its fold is.
    pub(super) fn above(&self, row: usize) -> usize {
        let passed = self.0.partition_point(|fold| fold.first < row);
        match passed.checked_sub(1).and_then(|last| self.0.get(last)) {
            Some(fold) if row <= fold.last => fold.first - fold.before,
            Some(fold) => row - fold.before - fold.hides(),
            None => row,
        }
    }

    /// The fold whose first row this is.
    pub(super) fn at(&self, row: usize) -> Option<&Fold> {
        self.0.binary_search_by_key(&row, |fold| fold.first).ok().and_then(|at| self.0.get(at))
    }

    /// Takes a fold in; those inside it are forgotten.
    fn put(&mut self, fold: Fold) {
        self.0.retain(|other| other.first < fold.first || other.first > fold.last);
        let at = self.0.partition_point(|other| other.first < fold.first);
        self.0.insert(at, fold);
        self.count();
    }

    fn remove(&mut self, first: usize) {
        self.0.retain(|fold| fold.first != first);
        self.count();
    }

    fn count(&mut self) {
        let mut before = 0;
        for fold in &mut self.0 {
            fold.before = before;
            before += fold.hides();
        }
    }
}

impl Pretty {
    /// Folds what opens in a row, or unfolds it.
    ///
    /// # Errors
    /// Why there is nothing to fold.
    pub fn toggle(&mut self, row: usize) -> Result<(), NoFold> {
        if self.unfold(row) { Ok(()) } else { self.fold(row) }
    }

    /// # Errors
    /// Why there is nothing to fold.
    pub fn fold(&mut self, row: usize) -> Result<(), NoFold> {
        let fold = self.extent(self.folds.below(row))?;
        self.folds.put(fold);
        Ok(())
    }

    /// `false` when nothing was folded in this row.
    pub fn unfold(&mut self, row: usize) -> bool {
        let below = self.folds.below(row);
        let folded = self.folds.at(below).is_some();
        self.folds.remove(below);
        folded
    }

    /// Returns where this row is shown then.
    pub fn unfold_all(&mut self, row: usize) -> usize {
        let below = self.folds.below(row);
        self.folds = Folds::default();
        below
    }

    /// Folds every object and array that stands directly in the outermost one; returns where this row is shown then.
    pub fn fold_all(&mut self, row: usize) -> usize {
        let below = self.unfold_all(row);
        let mut row = 1;
        while row < self.starts.len() {
            match self.extent(row) {
                Ok(fold) => {
                    row = fold.last;
                    self.folds.0.push(fold);
                }
                Err(NoFold::NoEnd) => break,
                Err(NoFold::Nothing) => {}
            }
            row += 1;
        }
        self.folds.count();
        self.folds.above(below)
    }

    /// Shows the byte at `at`: what it is folded into is unfolded. Returns its row.
    pub fn reveal(&mut self, at: usize) -> usize {
        let below = self.below(at);
        let hides = |fold: &Fold| (fold.first + 1..=fold.last).contains(&below);
        if let Some(fold) = self.folds.0.iter().copied().find(hides) {
            self.folds.remove(fold.first);
        }
        self.folds.above(below)
    }

    /// The row that opens what this row stands in.
    pub fn parent(&self, row: usize) -> Option<usize> {
        let below = self.folds.below(row);
        let depth = self.starts.get(below)?.depth;
        let above = self.starts.get(..below)?.iter();
        let opens = above.rev().position(|start| start.begins && start.depth < depth)?;
        Some(self.folds.above(below - 1 - opens))
    }

    /// Where folded rows begin, for [`Pretty::fold_again`] on another width.
    pub fn folded(&self) -> Vec<usize> {
        self.folds.0.iter().filter_map(|fold| self.starts.get(fold.first)).map(|start| start.at).collect()
    }

    /// Folds the rows that begin at these bytes, as far as they are laid out.
    pub fn fold_again(&mut self, at: &[usize]) {
        let rows = at.iter().map(|at| self.below(*at));
        self.folds.0 = rows.filter_map(|row| self.extent(row).ok()).collect();
        self.folds.count();
    }

    /// From the row that opens something to the one that closes it, and what is between them.
    fn extent(&self, first: usize) -> Result<Fold, NoFold> {
        let depth = self.starts.get(first).filter(|start| start.begins).ok_or(NoFold::Nothing)?.depth;
        let lines = self.starts.iter().enumerate().skip(first + 1).filter(|(_, start)| start.begins);
        let mut items = 0;
        for (row, start) in lines {
            if start.depth <= depth {
                let last = if items > 0 { row + self.rest_of(row) } else { row };
                return if items > 0 { Ok(Fold { first, last, items, before: 0 }) } else { Err(NoFold::Nothing) };
            }
            items += usize::from(start.depth == depth + 1 && !start.closes);
        }
        if items > 0 { Err(NoFold::NoEnd) } else { Err(NoFold::Nothing) }
    }

    /// Rows that a line takes beyond its first.
    fn rest_of(&self, row: usize) -> usize {
        self.starts.iter().skip(row + 1).take_while(|start| !start.begins).count()
    }
}
