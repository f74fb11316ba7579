//! One group in full: its partitions with the six states of lag, its members, in sentences what is known of the chosen
//! one, and its lag over time. It is read anew every two seconds while it is open.
mod areas;
mod draw;
mod head;
mod keys;
mod member;
mod partition;
mod saving;
mod spread;
mod table;
mod trend;

use crate::{
    bus::Generation,
    failure::Failure,
    group::{self, GroupLag, GroupName},
    lag::{Course, History, PartitionLag, Window},
    overlay::reset::Subject,
    panels::Panel,
    topic::TopicName,
    widgets::list::List,
};
use areas::Areas;
use jiff::Timestamp;
use partition::Facts;
use saving::Saving;
use std::time::Duration;
use table::Sort;

/// It is read every two seconds; older than two rounds it says so.
const FRESH: Duration = Duration::from_secs(5);

/// What has the keys, and all the room where there is little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Partitions,
    Members,
    Chart,
}

#[derive(Debug)]
pub struct Group {
    areas: Areas,
    generation: Generation,
    group: group::Group,
    opened: Timestamp,
    read: Option<(GroupLag, Timestamp)>,
    /// Why the last reading failed; what was read before stands.
    failure: Option<Failure>,
    /// It is no longer listed.
    gone: bool,
    /// What was seen of it so far, kept by the Lag panel.
    history: Option<Box<History>>,
    partitions: List,
    sort: Sort,
    /// Indexes of the partitions as they are sorted.
    order: Vec<usize>,
    members: List,
    part: Part,
    window: Window,
    /// Columns of the numbers, so that no offset is cut.
    widths: partition::Widths,
    saving: Option<Saving>,
    /// What was written, until the next key.
    saved: Option<String>,
}

impl Group {
    pub fn new(group: group::Group, generation: Generation, opened: Timestamp) -> Self {
        Self {
            areas: Areas::default(),
            generation,
            group,
            opened,
            read: None,
            failure: None,
            gone: false,
            history: None,
            partitions: List::default(),
            sort: Sort::default(),
            order: vec![],
            members: List::default(),
            part: Part::Partitions,
            window: Window::FiveMinutes,
            widths: partition::Widths::default(),
            saving: None,
            saved: None,
        }
    }

    pub fn name(&self) -> &GroupName {
        &self.group.name
    }

    pub fn on_read(&mut self, generation: Generation, lag: &GroupLag, at: Timestamp) {
        if generation != self.generation {
            return;
        }
        let chosen = self.chosen();
        self.group = lag.group.clone();
        let partitions = lag.partitions.as_deref().unwrap_or_default();
        self.widths = partition::Widths::of(partitions);
        self.partitions.set_len(partitions.len());
        self.members.set_len(lag.members.as_ref().map_or(0, Vec::len));
        (self.read, self.failure) = (Some((lag.clone(), at)), None);
        self.arrange(chosen, at);
        self.resize(self.areas.screen);
    }

    /// What the panel knows of this group by now.
    /// `true` when it says something new.
    pub fn on_history(&mut self, history: &History) -> bool {
        let news = self.history.as_deref() != Some(history);
        if news {
            self.history = Some(Box::new(history.clone()));
        }
        news
    }

    pub fn on_failed(&mut self, generation: Generation, why: &Failure) {
        if generation == self.generation {
            self.failure = Some(why.clone());
        }
    }

    /// `complete`: every broker listed its groups, so that a missing one is gone.
    pub fn on_listed(&mut self, groups: &[group::Group], complete: bool) {
        let listed = groups.iter().any(|group| group.name == self.group.name);
        self.gone = !listed && (complete || self.gone);
    }

    fn lag(&self) -> Option<&GroupLag> {
        self.read.as_ref().map(|(lag, _)| lag)
    }

    fn course(&self, p: &PartitionLag) -> Option<&Course> {
        self.history.as_ref()?.partition(&p.topic, p.partition)
    }

    fn partition(&self) -> Option<&PartitionLag> {
        self.lag()?.partitions.as_ref().ok()?.get(*self.order.get(self.partitions.cursor())?)
    }

    fn member(&self) -> Option<&group::Member> {
        self.lag()?.members.as_ref().ok()?.get(self.members.cursor())
    }

    /// What keys about its offsets are about.
    fn subject(&self) -> Subject {
        let chosen = self.chosen();
        self.lag().map_or_else(|| Subject::listed(self.group.clone()), |lag| Subject::of(lag, chosen))
    }

    fn chosen(&self) -> Option<(TopicName, i32)> {
        self.partition().map(|p| (p.topic.clone(), p.partition))
    }

    /// Sorts anew; the cursor stays on its partition.
    fn arrange(&mut self, chosen: Option<(TopicName, i32)>, now: Timestamp) {
        let partitions = self.lag().and_then(|lag| lag.partitions.as_deref().ok()).unwrap_or_default();
        let behind = |p: &PartitionLag| self.facts(p, now).time_behind();
        let order = self.sort.order(partitions, behind);
        let same = |i: &usize| {
            partitions.get(*i).zip(chosen.as_ref()).is_some_and(|(p, c)| c.0 == p.topic && c.1 == p.partition)
        };
        let at = order.iter().position(same);
        self.order = order;
        if let Some(row) = at {
            self.partitions.select(row);
        }
    }

    fn facts<'a>(&'a self, partition: &'a PartitionLag, now: Timestamp) -> Facts<'a> {
        let members = self.lag().map_or(Ok(&[][..]), |lag| lag.members.as_deref());
        Facts { partition, members, course: self.course(partition), now }
    }

    fn list(&mut self) -> &mut List {
        if self.part == Part::Members { &mut self.members } else { &mut self.partitions }
    }

    /// The chart has the keys only where it has the room of the others.
    fn turn(&mut self, next: bool) {
        let parts: &[Part] = match self.areas.chart.is_empty() || self.part == Part::Chart {
            true => &[Part::Partitions, Part::Members, Part::Chart],
            false => &[Part::Partitions, Part::Members],
        };
        let at = parts.iter().position(|part| *part == self.part).unwrap_or(0);
        self.part = parts[(at + if next { 1 } else { parts.len() - 1 }) % parts.len()];
        self.resize(self.areas.screen);
    }
}
