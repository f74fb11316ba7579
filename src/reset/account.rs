//! What became of a reset, in words for standard error.
use super::{Done, Move, Outcome};
use std::path::Path;

impl Outcome {
    /// Why the partition is not where it should be.
    pub fn failure(&self, step: &Move) -> Option<String> {
        match (&self.written, &self.stands, &step.new) {
            (Err(why), ..) => Some(why.to_string()),
            (_, Err(why), _) => Some(format!("written, but not read back: {why}")),
            (_, Ok(stands), Ok(new)) if stands != new => Some(format!("written, but {} stands there", offset(*stands))),
            _ => None,
        }
    }
}

impl Done {
    /// Moves that did not come out as planned, each with its name.
    pub fn failures(&self) -> Vec<String> {
        let moves = self.plan.moves.iter().zip(&self.outcomes);
        let told = moves.filter_map(|(step, outcome)| Some((step, outcome.failure(step)?)));
        told.map(|(step, why)| format!("{}: {why}", step.name(&self.plan.group))).collect()
    }

    /// `billing: 5 of 6 partitions as planned; back with: kafscope groups undo FILE --execute (…)`
    pub fn words(&self) -> String {
        let all = self.plan.moves.len();
        let plural = if all == 1 { "" } else { "s" };
        let planned = all - self.failures().len().min(all);
        format!("{}: {planned} of {all} partition{plural} as planned; {}", self.plan.group, back(&self.undo))
    }
}

impl Move {
    /// `group billing, topic orders, partition 3`
    pub fn name(&self, group: &str) -> String {
        format!("group {group}, topic {}, partition {}", self.topic, self.partition)
    }
}

/// How a reset is taken back, and what that does not bring back: the CSV of Kafka's tool has no room for metadata.
pub fn back(undo: &Path) -> String {
    format!("back with: kafscope groups undo {} --execute (offsets, without the metadata of commits)", shell(undo))
}

/// `–` is no commit.
pub fn offset(offset: Option<i64>) -> String {
    offset.map_or_else(|| "–".to_owned(), |offset| offset.to_string())
}

/// A path that a shell takes as one word.
fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
