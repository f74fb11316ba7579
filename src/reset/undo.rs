//! Undo files: what stood before a reset. The long form of [`super::csv`], so that Kafka's tool can read it too; a
//! partition without a commit is a line of its own that the tool takes for another group's:
//! `# no commit before: group,topic,partition`.
use super::{
    Move, Target,
    csv::{self, Collected, Form, Groups, Mistake},
};
use jiff::{Timestamp, tz::TimeZone};

/// What begins a line of a partition that had no commit.
const NONE: &str = "# no commit before: ";
/// Letters of a group's id in a file name: file systems end at 255 bytes, and a person still knows it.
const NAME: usize = 80;

/// What puts a group back, to be written before it is moved.
pub fn text(group: &str, moves: &[Move]) -> String {
    // Partitions without a commit come last: Kafka's tool tells the form of a file by its first line.
    let (there, missing): (Vec<_>, Vec<_>) = moves.iter().partition(|step| step.old.is_some());
    there.into_iter().chain(missing).map(|step| line(group, step)).collect()
}

fn line(group: &str, step: &Move) -> String {
    let target = Target { topic: step.topic.clone(), partition: step.partition, offset: step.old };
    csv::line(Form::Long, group, &target).unwrap_or_else(|| {
        let (group, topic) = (csv::field(&format!("{NONE}{group}")), csv::field(&step.topic));
        format!("{group},{topic},{}\n", step.partition)
    })
}

/// Every group of an undo file. A file of offsets in the long form is one as well.
///
/// # Errors
/// The first mistake; nothing of the file is used then.
pub fn read(text: &str) -> Result<Groups, Mistake> {
    let mut collected = Collected::default();
    for row in &csv::rows(text)? {
        match row.fields.as_slice() {
            [group, topic, partition] => {
                let Some(group) = group.text.strip_prefix(NONE).filter(|group| !group.is_empty()) else {
                    return Err(row.mistake(format!("3 fields, expected group,topic,partition,offset or {NONE}…")));
                };
                let (topic, partition) = (topic.some("topic")?.into(), partition.number("partition")?);
                collected.keep(group.into(), row, Target { topic, partition, offset: None })?;
            }
            _ => collected.long(row)?,
        }
    }
    if collected.groups.is_empty() {
        return Err(Mistake { line: 1, column: 1, why: "no line, expected group,topic,partition,offset".into() });
    }
    Ok(collected.groups)
}

/// `20261120T101500.123Z-orders.csv`: sorted by time, safe in every file system whatever the group is called. Ids that
/// become the same name are told apart by a number made of the whole id.
pub fn file_name(group: &str, at: Timestamp) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let safe: String = group.chars().take(NAME).map(|letter| if allowed(letter) { letter } else { '_' }).collect();
    let told = if safe == group { String::new() } else { format!("-{:08x}", fnv(group)) };
    format!("{}-{safe}{told}.csv", at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%S%.3fZ"))
}

/// FNV-1a, 32 bits: the same on every machine and in every version.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
