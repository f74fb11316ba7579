//! What a plan amounts to, in offsets: markers and compacted records count too.
use super::{Move, Plan};

impl Move {
    /// New − old; `None` where either is unknown or no commit.
    pub fn delta(&self) -> Option<i64> {
        Some(self.to()?.saturating_sub(self.old?))
    }

    /// Offsets that the group will never read. What retention took already is not in it.
    pub fn skipped(&self) -> i64 {
        self.way().map_or(0, |(to, from)| to.saturating_sub(from).max(0))
    }

    /// Offsets that the group will read once more.
    pub fn read_again(&self) -> i64 {
        self.way().map_or(0, |(to, from)| from.saturating_sub(to).max(0))
    }

    /// Offsets that retention took before the group read them; 0 unless the commit stands below the start.
    pub fn lost(&self) -> i64 {
        self.start.zip(self.old).map_or(0, |(start, old)| start.saturating_sub(old).max(0))
    }

    /// Offsets that the commit stands beyond the end; 0 unless the topic was made anew, or a leader lost records.
    pub fn ahead(&self) -> i64 {
        self.old.zip(self.end).map_or(0, |(old, end)| old.saturating_sub(end).max(0))
    }

    /// The commit will stand elsewhere than it does.
    pub fn changes(&self) -> bool {
        self.new.as_ref().is_ok_and(|new| *new != self.old)
    }

    /// The new commit lies outside of what the partition holds: in an undo, where such a one stood before, and
    /// `--to-current`.
    pub fn outside(&self) -> Option<&'static str> {
        let to = self.to()?;
        match (self.start, self.end) {
            (Some(start), _) if to < start => Some("below the start"),
            (_, Some(end)) if to > end => Some("beyond the end"),
            _ => None,
        }
    }

    fn to(&self) -> Option<i64> {
        self.new.as_ref().ok().copied().flatten()
    }

    /// Where a reader at this commit goes on.
    fn inside(&self, offset: i64) -> i64 {
        let offset = self.end.map_or(offset, |end| offset.min(end));
        self.start.map_or(offset, |start| offset.max(start))
    }

    /// Where the group would go on reading with the move, and without it.
    fn way(&self) -> Option<(i64, i64)> {
        Some((self.inside(self.to()?), self.inside(self.old?)))
    }
}

impl Plan {
    /// Over all partitions.
    pub fn skipped(&self) -> i64 {
        self.moves.iter().fold(0, |sum, step| sum.saturating_add(step.skipped()))
    }

    /// Over all partitions.
    pub fn read_again(&self) -> i64 {
        self.moves.iter().fold(0, |sum, step| sum.saturating_add(step.read_again()))
    }

    /// Partitions whose commit will stand elsewhere.
    pub fn changes(&self) -> usize {
        self.moves.iter().filter(|step| step.changes()).count()
    }
}
