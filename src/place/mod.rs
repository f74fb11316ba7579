//! Where reading begins or ends, as a person says it: the grammar of `--from`, `--to` and of `s` in Tail. Knows nothing
//! of what is in a topic.
mod moved;
mod read;
mod time;

pub use moved::{Asked, Moved};
pub use read::Bounds;

use crate::{group::GroupName, widgets::format::grouped};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, fmt};

/// An offset for each partition: everything before it, and everything from it on.
pub type Positions = BTreeMap<i32, i64>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    Start,
    End,
    /// The last records over all partitions together.
    Last(usize),
    /// The last records of each partition, kcat's `-N`.
    LastEach(u64),
    /// The same offset in every partition.
    Offset(i64),
    /// Partitions without one are not read.
    Offsets(Positions),
    /// The first record of each partition whose timestamp is not earlier, in milliseconds since 1970; where none is that
    /// late, the end.
    Time(i64),
    /// Where this group has committed; where it has not, the start.
    Group(GroupName),
}

impl Where {
    /// Short, for titles, with times as this zone's clocks show them. [`Where::read`] understands it in the same zone.
    pub fn title(&self, zone: &TimeZone) -> String {
        match self {
            Self::Time(ms) => match Timestamp::from_millisecond(*ms) {
                Ok(at) => time::short(at, zone),
                Err(_) => format!("@{ms}"),
            },
            other => other.to_string(),
        }
    }
}

/// Short and the same in every zone: times end with `Z`.
impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Last(count) => write!(f, "last {}", number(*count as u64)),
            Self::LastEach(count) => write!(f, "last {} of each partition", number(*count)),
            Self::Offset(offset) => write!(f, "offset {}", grouped(*offset)),
            Self::Offsets(positions) => f.write_str(&list(positions)),
            Self::Time(_) => write!(f, "{}Z", self.title(&TimeZone::UTC)),
            Self::Group(name) => write!(f, "group {name}"),
        }
    }
}

/// As `--from` takes it: `0:1200,1:900`.
pub fn list(positions: &Positions) -> String {
    let one = |(partition, offset): (&i32, &i64)| format!("{partition}:{offset}");
    positions.iter().map(one).collect::<Vec<_>>().join(",")
}

fn number(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
