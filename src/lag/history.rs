//! What was seen of one group since it was first sampled: its partitions' courses and its lag over time, bounded.
use super::{
    Behind, Clears, Course, PartitionLag, Rates, Series, Status, Total, UnreadRead, Verdict,
    behind::oldest,
    bins::{Level, Passed},
    course::{Change, Owner},
    rounds::{Round, Rounds},
    series::Point,
};
use crate::group::{GroupLag, GroupState};
use jiff::Timestamp;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How long a single commit of nobody counts as movement, and how long several do (Flink commits at its checkpoints).
const ONE_MOVE: i64 = 120_000;
const MOVES: i64 = 600_000;

/// The history of one group. Quiet partitions keep a handful of numbers; nothing in it grows without bound.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    rounds: Rounds,
    /// Ordered by topic and partition.
    courses: Vec<Course>,
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

    /// What came of looking for the next record of one of its partitions, and when it was looked for.
    pub fn unread(&mut self, read: &UnreadRead, at: Timestamp) {
        if let Ok(place) = self.place(&read.topic, read.partition)
            && let Some(course) = self.courses.get_mut(place)
        {
            course.looked(read, at.as_millisecond());
        }
    }

    fn follow(&mut self, told: &GroupLag, partitions: &[PartitionLag], round: Round) -> Vec<Change> {
        if !self.lines_up_with(partitions) {
            self.arrange(partitions);
        }
        let rows = partitions.iter().filter_map(|partition| {
            let place = self.place(&partition.topic, partition.partition).ok()?;
            Some(self.courses.get_mut(place)?.sample(partition, owner(told, partition), round))
        });
        rows.collect()
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

    /// That of the worst partition; among equals the one with the most to read. Partitions without a commit speak only
    /// where there are no others: the total counts them already. `None` where nothing is known.
    pub fn verdict(&self) -> Option<Verdict> {
        let told = || self.courses.iter().filter(|course| course.status().is_some());
        let bare = told().all(|course| course.status() == Some(Status::NoCommit));
        let heard = told().filter(|course| bare || course.status() != Some(Status::NoCommit));
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
        match self.rates() {
            _ if self.courses.iter().all(|course| course.waiting().is_none()) => Clears::Unknown,
            _ if lag == 0 && self.courses.iter().any(Course::is_unknown) => Clears::Unknown,
            _ if lag == 0 => Clears::CaughtUp,
            _ if lagging().any(|course| matches!(course.status(), Some(Status::Stuck | Status::Stopped))) => {
                Clears::Never
            }
            Some(rates) if lagging().all(Course::is_watched) => rates.clears(lag),
            _ => Clears::Observing,
        }
    }

    /// Time behind of the oldest unread record of all lagging partitions.
    pub fn behind(&self, now: Timestamp) -> Behind {
        if self.courses.iter().all(|course| course.lag().is_none()) {
            return Behind::Unknown;
        }
        let lagging =
            self.courses.iter().filter(|course| course.is_unknown() || course.lag().is_some_and(|lag| lag > 0));
        oldest(lagging.map(|course| course.behind(now)))
    }

    pub fn partition(&self, topic: &str, partition: i32) -> Option<&Course> {
        self.courses.get(self.place(topic, partition).ok()?)
    }

    pub fn series(&self) -> &Series {
        &self.series
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
