//! What a filter came to: counted, and told a few times a second at most.
use super::{Following, Go};
use crate::{bus::Event, kafka::fetch::news::Undecided};
use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

/// Between two words of how many records were looked at.
const EVERY: Duration = Duration::from_millis(100);
/// Reasons that are told; their texts may be foreign.
const MOST_REASONS: usize = 100;

#[derive(Debug, Default)]
pub struct Judged {
    records: u64,
    failures: u64,
    told: Option<Instant>,
    reasons: HashSet<String>,
}

impl Judged {
    pub fn add(&mut self, records: u64, failures: u64) {
        self.records += records;
        self.failures += failures;
    }

    /// True = it was not told before.
    pub fn is_new(&mut self, why: &str) -> bool {
        self.reasons.len() < MOST_REASONS && self.reasons.insert(why.to_owned())
    }

    /// Records and failures since this was last asked, if it is time to tell them.
    pub fn due(&mut self) -> Option<(u64, u64)> {
        let waited = self.told.is_none_or(|told| told.elapsed() >= EVERY);
        if !waited || (self.records, self.failures) == (0, 0) {
            return None;
        }
        self.told = Some(Instant::now());
        Some((std::mem::take(&mut self.records), std::mem::take(&mut self.failures)))
    }
}

impl Following {
    /// With a filter alone: without one every record is shown.
    pub async fn tell_judged(&mut self) -> Go {
        match self.judged.due().filter(|_| self.reading.filter.is_some()) {
            Some((records, failures)) => {
                self.say(Event::TailRead { generation: self.generation, records, failures }).await
            }
            None => Ok(()),
        }
    }

    pub async fn undecided(&mut self, undecided: Undecided) -> Go {
        let Undecided { spot: (_, partition), offset, failures, why } = undecided;
        self.judged.add(0, failures);
        if self.judged.is_new(&why) {
            self.say(Event::FilterFailed { generation: self.generation, partition, offset, why }).await?;
        }
        Ok(())
    }
}
