//! Where reading begins or ends, as a person says it: the grammar of `--from`, `--to` and of `s` in Tail.
use crate::{group::GroupName, mistake::Mistake};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;

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
    /// The first record of each partition whose timestamp is not earlier, in milliseconds since 1970.
    Time(i64),
    /// Where this group has committed; where it has not, the start.
    Group(GroupName),
}

impl Where {
    /// `now` and `zone`: what `-15m` and local dates count from.
    ///
    /// # Errors
    /// With the column of what is no place.
    pub fn read(text: &str, _now: Timestamp, _zone: &TimeZone) -> Result<Self, Mistake> {
        match text {
            "start" | "beginning" | "earliest" => Ok(Self::Start),
            "end" | "latest" => Ok(Self::End),
            _ => match text.strip_prefix("last:").map(str::parse) {
                Some(Ok(records)) => Ok(Self::Last(records)),
                _ => Err(Mistake::new(0, "write start, end or last:N")),
            },
        }
    }
}
