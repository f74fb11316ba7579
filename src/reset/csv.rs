//! The comma-separated form of offsets that Kafka's own tool reads and writes (`CsvUtils` of `ConsumerGroupCommand`):
//! `topic,partition,offset` where one group is meant, else `group,topic,partition,offset`. No head line.
//!
//! Stricter than the tool where it would guess: a partition named twice or a line with too few fields is a mistake.
mod rows;

use super::Target;
use crate::{failure::Failure, group::GroupName};
use rows::{Field, Row};
use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    path::Path,
};

pub(super) use rows::rows;

/// What is wrong in a file, and where; lines and columns begin at 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub column: usize,
    /// `a7 is no partition, expected a number from 0`.
    pub why: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.why)
    }
}

impl std::error::Error for Mistake {}

impl Mistake {
    /// `FILE:LINE:COLUMN: what, expected what`.
    pub fn of(&self, file: &Path) -> Failure {
        let answered = format!("{}:{self}", file.display());
        Failure::new("reading offsets from a file", answered, "nothing was changed; correct the file")
    }
}

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `topic,partition,offset`, where exactly one group was named.
    Short,
    /// `group,topic,partition,offset`
    Long,
}

/// What a file holds, by group.
pub type Groups = BTreeMap<GroupName, Vec<Target>>;

/// Reads either form: the short one where exactly one group is meant and the first line has three fields, as the tool
/// decides it.
///
/// # Errors
/// The first mistake; nothing of the file is used then.
pub fn read(text: &str, groups: &[GroupName]) -> Result<Groups, Mistake> {
    let rows = rows(text)?;
    let one = match (groups, rows.first()) {
        ([one], Some(first)) if first.fields.len() == 3 => Some(one),
        _ => None,
    };
    let mut collected = Collected::default();
    for row in &rows {
        match one {
            Some(group) => collected.keep(group.clone(), row, target(row.fields(3, "topic,partition,offset")?)?)?,
            None => collected.long(row)?,
        }
    }
    Ok(collected.groups)
}

/// The lines of one group.
///
/// # Errors
/// The file does not name the group: nothing may be written for it.
pub fn of(groups: &Groups, group: &GroupName, file: &Path) -> Result<Vec<Target>, Failure> {
    groups.get(group).cloned().ok_or_else(|| {
        let attempted = format!("looking for group {group} in {}", file.display());
        Failure::new(attempted, "the file has no line of this group", "is it the file of another group?")
    })
}

/// One line, with its end. Fields are quoted only where they must be. `None` is no line of this form.
pub fn line(form: Form, group: &str, target: &Target) -> Option<String> {
    let (topic, partition, offset) = (field(&target.topic), target.partition, target.offset?);
    Some(match form {
        Form::Short => format!("{topic},{partition},{offset}\n"),
        Form::Long => format!("{},{topic},{partition},{offset}\n", field(group)),
    })
}

/// U+FEFF at the beginning of a file is no letter to a reader; behind a quote it is one.
pub(super) fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with('\u{feff}') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The lines read so far, each partition once.
#[derive(Default)]
pub(super) struct Collected {
    pub groups: Groups,
    seen: HashSet<(GroupName, crate::topic::TopicName, i32)>,
}

impl Collected {
    pub fn long(&mut self, row: &Row) -> Result<(), Mistake> {
        let fields = row.fields(4, "group,topic,partition,offset")?;
        let [group, rest @ ..] = fields else { return Ok(()) };
        self.keep(group.some("group")?.into(), row, target(rest)?)
    }

    pub fn keep(&mut self, group: GroupName, row: &Row, target: Target) -> Result<(), Mistake> {
        if !self.seen.insert((group.clone(), target.topic.clone(), target.partition)) {
            let why = format!("partition {} of topic {} again, expected each once", target.partition, target.topic);
            return Err(row.mistake(why));
        }
        self.groups.entry(group).or_default().push(target);
        Ok(())
    }
}

/// Topic, partition and offset.
fn target(fields: &[Field]) -> Result<Target, Mistake> {
    match fields {
        [topic, partition, offset] => {
            let topic = topic.some("topic")?.into();
            Ok(Target { topic, partition: partition.number("partition")?, offset: Some(offset.number("offset")?) })
        }
        _ => Err(Mistake { line: 1, column: 1, why: "no line of offsets".into() }),
    }
}

#[cfg(test)]
mod tests;
