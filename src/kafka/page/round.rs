//! One round of a look back: the stretches of all walks, read at once. A stretch counts when it was read whole.
use super::{FIRST_BYTES, Looking, MOST_PAGE, pick::prune, walk::Met};
use crate::{
    kafka::{
        fetch::{
            decoder::Want,
            fetcher::{Part, Stop},
            news::{News, Progress, Undecided, Unreadable},
            stream::{Plan, Stream},
        },
        look::Look,
        offsets::Spot,
    },
    record::Batch,
    topic::TopicName,
};
use std::collections::{HashMap, HashSet};
use tokio::time::{Instant, sleep_until};

/// Reasons that are told apart; the texts may be foreign.
const MOST_REASONS: usize = 20;

/// Why a round is over.
enum Over {
    Done,
    Silence,
    Stopped,
}

impl Looking<'_> {
    pub async fn read_stretches(&mut self, look: &mut Look) {
        let mut reading = Reading::new(self);
        let over = reading.run(self, look).await;
        let silent = matches!(over, Over::Silence);
        self.older.stopped |= matches!(over, Over::Stopped);
        for at in reading.index.into_values() {
            let Some(walk) = self.walks.get_mut(at) else { continue };
            let whole = matches!(over, Over::Done) || reading.whole.contains(&at);
            match whole {
                true => walk.settle(),
                false => {
                    walk.forget_stretch();
                    self.pace.forget(&walk.spot);
                }
            }
            if !whole && silent {
                walk.silent = true;
                let unread = if walk.high == walk.begin { walk.low } else { walk.begin };
                self.older.silent.insert(walk.spot.clone(), unread);
            }
        }
    }

    fn meet(&mut self, batch: Batch, index: &HashMap<Spot, usize>) {
        self.held += batch.bytes();
        let topic = batch.topic.clone();
        for (partition, met) in Met::all(batch) {
            let walk = index.get(&(topic.clone(), partition)).and_then(|at| self.walks.get_mut(*at));
            if let Some(walk) = walk {
                walk.meet(met);
            }
        }
        if self.held > 2 * MOST_PAGE {
            self.held = prune(&mut self.walks, self.count, MOST_PAGE);
        }
    }

    /// Once, also where two stretches meet in it.
    fn unreadable(&mut self, unreadable: Unreadable) {
        if !self.older.unreadable.contains(&unreadable) {
            self.older.unreadable.push(unreadable);
        }
    }

    fn undecided(&mut self, undecided: Undecided) {
        self.pace.failures += undecided.failures;
        let known = &mut self.older.undecided;
        match known.iter().position(|known| known.why == undecided.why) {
            Some(at) => known[at].failures += undecided.failures,
            None if known.len() < MOST_REASONS => known.push(undecided),
            None => {}
        }
    }
}

struct Reading {
    stream: Stream,
    /// The walk of each partition that is read.
    index: HashMap<Spot, usize>,
    /// Walks whose stretch was read to its end.
    whole: HashSet<usize>,
}

impl Reading {
    fn new(looking: &mut Looking<'_>) -> Self {
        let (mut topics, mut parts, mut index) = (Vec::<TopicName>::new(), vec![], HashMap::new());
        for (at, walk) in looking.walks.iter().enumerate().filter(|(_, walk)| walk.low < walk.high && !walk.silent) {
            let topic = topics.iter().position(|topic| *topic == walk.spot.0).unwrap_or_else(|| {
                topics.push(walk.spot.0.clone());
                topics.len() - 1
            });
            parts.push(Part::new(topic, walk.spot.1, walk.low, Stop::At(walk.high)).with_limit(FIRST_BYTES));
            index.insert(walk.spot.clone(), at);
            looking.pace.begin(&walk.spot, walk.low);
        }
        let plan = plan(topics, parts, looking);
        Self { stream: Stream::open(looking.cluster.clone(), plan), index, whole: HashSet::new() }
    }

    /// Failures do not count as a word: who fails for long is silent.
    async fn run(&mut self, looking: &mut Looking<'_>, look: &mut Look) -> Over {
        let mut patience = Instant::now() + looking.patience;
        loop {
            let news = tokio::select! {
                news = self.stream.next() => news,
                () = look.stopped() => return Over::Stopped,
                () = sleep_until(patience) => return Over::Silence,
            };
            match news {
                None => return Over::Done,
                Some(News::Records(batch)) => looking.meet(batch, &self.index),
                Some(News::Read(progress)) => self.reached(looking, &progress),
                Some(News::Unreadable(unreadable)) => looking.unreadable(unreadable),
                Some(News::Undecided(undecided)) => looking.undecided(undecided),
                // Whoever reads on meets it again and says so.
                Some(News::Failed { .. } | News::StartMoved { .. }) => continue,
            }
            look.say(&looking.pace).await;
            patience = Instant::now() + looking.patience;
        }
    }

    fn reached(&mut self, looking: &mut Looking<'_>, progress: &[Progress]) {
        for progress in progress {
            looking.pace.read(progress);
            let Some(at) = self.index.get(&(progress.topic.clone(), progress.partition)) else { continue };
            if looking.walks.get(*at).is_some_and(|walk| progress.next >= walk.high) {
                self.whole.insert(*at);
            }
        }
    }
}

fn plan(topics: Vec<TopicName>, parts: Vec<Part>, looking: &Looking<'_>) -> Plan {
    Plan {
        topics: topics.into(),
        parts,
        committed: looking.committed,
        want: Want::Records,
        filter: looking.filter.clone(),
        max_wait: std::time::Duration::ZERO,
        own: true,
        give_up_after: None,
        stays_open: false,
    }
}
