//! What is known of a number: between which bounds it lies, and in words.
use super::Comparison;
use crate::{
    group::GroupLag,
    lag::{Behind, LagState, PartitionLag, Total},
};
use std::time::Duration;

/// The number is one of `low..=high`; `None` where it has no bound on that side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub words: String,
}

impl Known {
    fn exactly(number: i64, words: String) -> Self {
        Self { low: Some(number), high: Some(number), words }
    }

    fn at_least(number: i64, words: String) -> Self {
        Self { low: Some(number), high: None, words }
    }

    fn not(words: String) -> Self {
        Self { low: None, high: None, words }
    }

    /// Does it hold for whatever the number may be?
    pub fn always(&self, comparison: Comparison, wanted: i64) -> bool {
        let low = |holds: fn(&i64, &i64) -> bool| self.low.is_some_and(|low| holds(&low, &wanted));
        let high = |holds: fn(&i64, &i64) -> bool| self.high.is_some_and(|high| holds(&high, &wanted));
        match comparison {
            Comparison::Below => high(i64::lt),
            Comparison::AtMost => high(i64::le),
            Comparison::Is => low(i64::eq) && high(i64::eq),
            Comparison::AtLeast => low(i64::ge),
            Comparison::Above => low(i64::gt),
        }
    }

    /// Partitions without a commit have no lag; while they hold records they are no reason to call a group caught up.
    pub fn lag(told: &GroupLag) -> Self {
        let rows = match &told.partitions {
            Ok(rows) => rows,
            Err(failure) => return Self::not(format!("the lag is not known: {failure}")),
        };
        let total = Total::of(rows);
        let doubts = doubts(rows, &total);
        match total.lag {
            Some(lag) if doubts.is_empty() => Self::exactly(lag, format!("the lag is {lag}")),
            Some(lag) => Self::at_least(lag, format!("the lag is {lag}, but the total is not exact: {doubts}")),
            None if doubts.is_empty() => Self::not("the group has no commits, so it has no lag".into()),
            None => Self::not(format!("the lag is not known: {doubts}")),
        }
    }

    /// What makes a lag a bound makes its age one: nobody knows how long records without a commit have waited.
    pub fn behind(told: &GroupLag, behind: &Behind) -> Self {
        let rows = match &told.partitions {
            Ok(rows) => rows,
            Err(failure) => return Self::not(format!("the time behind is not known: {failure}")),
        };
        let (known, doubts) = (Self::age(behind), doubts(rows, &Total::of(rows)));
        match known.low {
            _ if doubts.is_empty() => known,
            Some(low) => Self::at_least(low, format!("{}, but that is not all: {doubts}", known.words)),
            None => Self::not(format!("{}: {doubts}", known.words)),
        }
    }

    fn age(behind: &Behind) -> Self {
        match behind {
            Behind::CaughtUp => Self::exactly(0, "it is caught up".into()),
            Behind::Exact { age, .. } => Self::exactly(ms(*age), format!("it is {} behind", behind.phrase())),
            Behind::AtLeast { age, .. } => {
                let words = format!("it is {} behind, and how much more is not known", behind.phrase());
                Self::at_least(ms(*age), words)
            }
            Behind::Estimated(_) => Self::not(format!("it is {} behind, which is only an estimate", behind.phrase())),
            Behind::Skewed(_) => Self::not("its oldest unread record is from the future: a clock is wrong".into()),
            Behind::Unknown => Self::not("the time of its oldest unread record is not known".into()),
        }
    }

    pub fn members(told: &GroupLag) -> Self {
        match &told.members {
            Ok(members) => {
                let count = members.len();
                let plural = if count == 1 { "" } else { "s" };
                Self::exactly(i64::try_from(count).unwrap_or(i64::MAX), format!("it has {count} member{plural}"))
            }
            Err(failure) => Self::not(format!("its members are not known: {failure}")),
        }
    }
}

fn ms(age: Duration) -> i64 {
    i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
}

/// Why a total is only a bound; empty where it is exact.
fn doubts(rows: &[PartitionLag], total: &Total) -> String {
    let uncommitted = rows.iter().filter(|row| row.state() == LagState::NoCommit && row.readable() != Some(0));
    let uncommitted = match uncommitted.count() {
        0 => None,
        count => Some(format!(
            "{} without a commit with records in {}",
            partitions(count),
            if count == 1 { "it" } else { "them" }
        )),
    };
    let unknown = (total.unknown > 0).then(|| {
        let why = rows.iter().find_map(|row| row.error.as_ref()).map(|failure| format!(" ({})", failure.answered));
        format!("{} unknown{}", partitions(total.unknown), why.unwrap_or_default())
    });
    [unknown, uncommitted].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn partitions(count: usize) -> String {
    format!("{count} partition{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::*;

    /// An estimate, a lower bound or a wrong clock must not pass for a short time.
    #[test]
    fn only_an_age_that_was_read_is_held_against_an_upper_bound() {
        let minute = Duration::from_secs(60);
        let age = |age| Behind::Exact { age, append: false };
        for (behind, comparison, wanted, met) in [
            (Behind::CaughtUp, Below, 1, true),
            (Behind::CaughtUp, Is, 0, true),
            (age(minute), Below, 60_001, true),
            (age(minute), Below, 60_000, false),
            (age(minute), AtMost, 60_000, true),
            (Behind::AtLeast { age: minute, append: true }, Below, i64::MAX, false),
            (Behind::AtLeast { age: minute, append: true }, AtLeast, 60_000, true),
            (Behind::AtLeast { age: minute, append: true }, Above, 60_000, false),
            (Behind::Estimated(minute), Below, i64::MAX, false),
            (Behind::Skewed(minute), Below, i64::MAX, false),
            (Behind::Unknown, Below, i64::MAX, false),
            (Behind::Unknown, AtLeast, 0, false),
            (age(Duration::MAX), Above, 0, true),
        ] {
            assert_eq!(Known::age(&behind).always(comparison, wanted), met, "{behind:?} {comparison:?} {wanted}");
        }
    }
}
