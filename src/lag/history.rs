//! What was seen of one group since it was first sampled: its partitions' courses and its lag over time, bounded.
use super::{
    Behind, Clears, Course, PartitionLag, Rates, Series, Status, Total, UnreadRead, Verdict,
    behind::oldest,
    bins::{Level, Passed},
    course::{Activity, Change, Owner},
    rates::clears,
    rounds::{Round, Rounds},
    series::Point,
    whole::{Sum, Trend, Whole},
};
use crate::group::{GroupLag, GroupState};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

/// How long a single commit of nobody counts as movement, and how long several do (Flink commits at its checkpoints).
const ONE_MOVE: i64 = 120_000;
const MOVES: i64 = 600_000;

/// The history of one group. Quiet partitions keep a handful of numbers; nothing in it grows without bound.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    rounds: Rounds,
    /// Ordered by topic and partition.
    courses: Vec<Course>,
    whole: Whole,
    series: Series,
    /// The last sample showed no member.
    deserted: bool,
    /// Commits that moved on between two samples without members.
    moves: u32,
    last_move: i64,
}

impl History {
    /// One more look at the group. Rounds that cannot be held against the last one are left out: ends that were not read
    /// after their commits, and answers that a later one has overtaken.
    pub fn sample(&mut self, told: &GroupLag) {
        let Ok(partitions) = &told.partitions else { return };
        let before = self.rounds.last();
        let (commits, ends) = (told.commits_at.as_millisecond(), told.ends_at.as_millisecond());
        let Some(round) = self.rounds.next(commits, ends) else { return };
        let changes = self.follow(told, partitions, round);
        self.note_moves(told, &changes, round.ends);
        let passed = before.filter(|before| !round.fresh && round.ends - before <= round.gap);
        self.add_up(told, partitions, round, passed.is_some());
        let total = Total::of(partitions);
        self.series.push(&Point {
            at: round.ends,
            gap: round.gap,
            level: Level {
                lag: total.lag,
                exact: total.is_exact(),
                members: told.members.as_ref().ok().map(Vec::len),
                state: told.group.state,
                rebalanced: told.group.state.is_rebalancing() || changes.iter().any(|change| change.handed),
                rewound: changes.iter().any(|change| change.back),
            },
            passed: passed.map(|from| Passed { from, rates: rates(&changes, round.ends - from) }),
        });
    }

    /// Its offsets were moved by hand: what its readers did before says nothing of what follows. The chart stays.
    pub fn moved_by_hand(&mut self) {
        let series = std::mem::take(&mut self.series);
        *self = Self { series, rounds: std::mem::take(&mut self.rounds), ..Self::default() };
    }

    /// What came of looking for the next record of a partition, for this group or for another one there.
    pub fn unread(&mut self, read: &UnreadRead) {
        if let Ok(place) = self.place(&read.topic, read.partition)
            && let Some(course) = self.courses.get_mut(place)
        {
            course.looked(read);
        }
    }

    fn follow(&mut self, told: &GroupLag, partitions: &[PartitionLag], round: Round) -> Vec<Change> {
        if !self.lines_up_with(partitions) {
            self.arrange(partitions);
        }
        let rows = partitions.iter().filter_map(|partition| {
            let place = self.place(&partition.topic, partition.partition).ok()?;
            let owner = owner(told, partition);
            let change = self.courses.get_mut(place)?.sample(partition, owner, round);
            Some((change, (place, owner, partition)))
        });
        let (changes, rows): (Vec<Change>, Vec<_>) = rows.unzip();
        let owners = self.activities(rows.iter().map(|(place, owner, _)| (*place, *owner)));
        for (place, owner, partition) in rows {
            if let Some(course) = self.courses.get_mut(place) {
                course.judge(partition, owner, owners.get(&owner).copied());
            }
        }
        changes
    }

    /// What each owner did last, on whichever partition.
    fn activities(&self, rows: impl Iterator<Item = (usize, Owner)>) -> HashMap<Owner, Activity> {
        let mut owners: HashMap<Owner, Activity> = HashMap::new();
        for (place, owner) in rows.filter(|(_, owner)| owner.owned) {
            if let Some(activity) = self.courses.get(place).and_then(Course::activity) {
                owners.entry(owner).and_modify(|known| *known = known.or_later(activity)).or_insert(activity);
            }
        }
        owners
    }

    /// The group as one reader.
    fn add_up(&mut self, told: &GroupLag, partitions: &[PartitionLag], round: Round, goes_on: bool) {
        if !goes_on {
            self.whole.restart();
        }
        let handed = partitions.iter().any(|partition| partition.rebalancing && partition.owner.is_none());
        let sum = self.courses.iter().filter_map(Course::share).fold(Sum::default(), Sum::plus);
        self.whole.sample(sum, round.ends, handed || told.group.state.is_rebalancing());
    }

    fn lines_up_with(&self, partitions: &[PartitionLag]) -> bool {
        self.courses.len() == partitions.len() && self.courses.iter().zip(partitions).all(|(c, p)| c.is_of(p))
    }

    /// Partitions that vanished are dropped, new ones begin.
    fn arrange(&mut self, partitions: &[PartitionLag]) {
        let mut courses: Vec<Course> = partitions.iter().map(Course::new).collect();
        courses.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        courses.dedup_by(|a, b| (&a.topic, a.partition) == (&b.topic, b.partition));
        let mut before = std::mem::replace(&mut self.courses, courses);
        for old in before.drain(..) {
            if let Ok(place) = self.place(&old.topic, old.partition)
                && let Some(course) = self.courses.get_mut(place)
            {
                *course = old;
            }
        }
    }

    fn place(&self, topic: &str, partition: i32) -> Result<usize, usize> {
        self.courses.binary_search_by(|course| (&*course.topic, course.partition).cmp(&(topic, partition)))
    }

    /// A commit that moves on although the group had no members, in this sample and the one before.
    fn note_moves(&mut self, told: &GroupLag, changes: &[Change], at: i64) {
        let members = told.members.as_ref().map(Vec::len).unwrap_or(0);
        let deserted = members == 0 && told.group.state == GroupState::Empty;
        if deserted && self.deserted && changes.iter().any(|change| change.forward) {
            self.moves = self.moves.saturating_add(1);
            self.last_move = at;
        }
        if !deserted {
            self.moves = 0;
        }
        self.deserted = deserted;
    }

    /// Commits are moving although nobody is a member: someone reads by `assign` (Flink, Storm, a script). Moving the
    /// offsets under such a reader is dangerous.
    pub fn moves_without_members(&self) -> bool {
        let since = self.rounds.last().unwrap_or(0).saturating_sub(self.last_move);
        self.deserted && since <= if self.moves > 1 { MOVES } else { ONE_MOVE } && self.moves > 0
    }

    /// That of the worst partition, or that its partitions together fall behind. Of a group that keeps level as a whole,
    /// those that fall behind for a while or were read too seldom to tell do not speak. `None` where nothing is known.
    pub fn verdict(&self) -> Option<Verdict> {
        let worst = self.worst(|_| true)?;
        match (worst.status, self.whole.trend()) {
            (Status::Ok | Status::Observing | Status::NoCommit | Status::FallingBehind, Trend::Grows(since)) => {
                let at = self.courses.iter().rev().max_by_key(|course| course.waiting()).and_then(Course::next);
                Some(Verdict { status: Status::FallingBehind, at, since: Timestamp::from_millisecond(since).ok() })
            }
            (Status::FallingBehind | Status::Observing, _) if self.whole.is_level() => {
                let well = self.worst(|status| status == Status::Ok);
                Some(well.unwrap_or(Verdict { status: Status::Ok, at: None, since: None }))
            }
            _ => Some(worst),
        }
    }

    /// The worst partition; among equals the one with the most to read. Those without a commit speak only where there are
    /// no others (the total counts them already), and so do those whose owner reads others first.
    fn worst(&self, counts: impl Fn(Status) -> bool) -> Option<Verdict> {
        let told = || self.courses.iter().filter(|course| course.status().is_some_and(&counts));
        let mute = |course: &Course| course.status() == Some(Status::NoCommit) || course.is_in_turn();
        let bare = told().all(mute);
        let heard = told().filter(|course| bare || !mute(course));
        let rank = |course: &Course| {
            let status = course.status().unwrap_or(Status::Ok);
            // The group is well since its last partition is.
            let tie = if status == Status::Ok { course.since() } else { course.lag().unwrap_or(0) };
            (status.severity(), tie)
        };
        heard.max_by_key(|course| rank(course))?.verdict()
    }

    /// The sum over the partitions whose rates are known.
    pub fn rates(&self) -> Option<Rates> {
        self.courses.iter().filter_map(Course::rates).reduce(Rates::plus)
    }

    pub fn clears(&self) -> Clears {
        let lagging = || self.courses.iter().filter(|course| course.waiting().is_some_and(|lag| lag > 0));
        let lag = lagging().filter_map(Course::waiting).fold(0, i64::saturating_add);
        match () {
            () if self.courses.iter().all(|course| course.waiting().is_none()) => Clears::Unknown,
            () if lag == 0 && self.courses.iter().any(Course::is_unknown) => Clears::Unknown,
            () if lag == 0 => Clears::CaughtUp,
            () if self.deserted && !self.moves_without_members() => Clears::Unknown,
            () => {
                let rates = self.rates().filter(|_| lagging().all(Course::is_watched));
                let level = self.whole.trend() == Trend::Level;
                clears(self.verdict().map(|verdict| verdict.status), rates, level, lag)
            }
        }
    }

    /// Time behind of the oldest unread record of all lagging partitions.
    pub fn behind(&self, now: Timestamp) -> Behind {
        if self.courses.iter().all(|course| course.lag().is_none()) {
            return Behind::Unknown;
        }
        let lagging = self.courses.iter().filter(|course| course.may_wait());
        oldest(lagging.map(|course| course.behind(now)))
    }

    pub fn partition(&self, topic: &str, partition: i32) -> Option<&Course> {
        self.courses.get(self.place(topic, partition).ok()?)
    }

    pub fn series(&self) -> &Series {
        &self.series
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        let courses = self.courses.iter().map(Course::bytes).sum::<usize>();
        let spare = self.courses.capacity() - self.courses.len();
        size_of::<Self>() + courses + spare * size_of::<Course>() + self.series.bytes() + self.whole.bytes()
    }
}

/// Offsets a second over all partitions that took the step; `None` where none did.
fn rates(changes: &[Change], ms: i64) -> Option<(f64, f64)> {
    let steps = changes.iter().filter_map(|change| change.step);
    let (arrived, read) =
        steps.map(|(arrived, read)| (arrived as f64, read as f64)).reduce(|a, b| (a.0 + b.0, a.1 + b.1))?;
    (ms > 0).then(|| (arrived * 1e3 / ms as f64, read * 1e3 / ms as f64))
}

/// Where the members could not be asked, a group that is not empty has somebody.
fn owner(told: &GroupLag, partition: &PartitionLag) -> Owner {
    let Ok(members) = &told.members else {
        let owned = !matches!(told.group.state, GroupState::Empty | GroupState::Dead | GroupState::Unknown);
        return Owner { key: None, owned };
    };
    let member = partition.owner.and_then(|owner| members.get(owner));
    let key = member.map(|member| {
        let mut hasher = DefaultHasher::new();
        member.id.hash(&mut hasher);
        hasher.finish()
    });
    Owner { key, owned: partition.owner.is_some() }
}
