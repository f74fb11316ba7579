//! How a tail begins: the topic is looked at until it answers, then what is asked for of the past is read, and every
//! partition has a position or a reason why not.
use super::{
    Following, Go, Gone, OpenTail,
    identity::{self, Identity},
    said,
};
use crate::{
    bus::{Command, Event},
    failure::Failure,
    kafka::{
        fetch::bounds::{self, Told},
        offsets::{At, Spot},
        page,
        wire::Cluster,
    },
    place::Where,
    topic::TopicName,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::sleep,
};

/// Pause before a topic that did not answer is looked at again.
const AGAIN: Duration = Duration::from_secs(1);
pub async fn begin(
    cluster: Arc<Cluster>,
    asked: OpenTail,
    events: mpsc::Sender<Event>,
    pause: watch::Receiver<bool>,
) -> Go {
    let OpenTail { reading, from, known, generation } = asked.clone();
    let identity = look(&cluster, &asked, &events).await?.only(reading.only.as_ref());
    let (topic, partitions) = (reading.topic.clone(), identity.partitions.clone());
    send(&events, Event::TailOpened { generation, topic, partitions }).await?;
    let mut following = Following {
        cluster,
        reading,
        generation,
        events,
        pause,
        identity,
        next: known,
        ends: BTreeMap::new(),
        homeless: BTreeMap::new(),
        failing: HashMap::new(),
        suspect: false,
        questions: JoinSet::new(),
        ticks: 0,
    };
    following.positions(from).await?;
    following.follow().await
}

/// Says each new reason once, and keeps looking: the cluster may come back, the topic may be made.
async fn look(cluster: &Cluster, asked: &OpenTail, events: &mpsc::Sender<Event>) -> Go<Identity> {
    let mut told = None;
    loop {
        match identity::look(cluster, &asked.reading.topic).await {
            Ok(identity) => return Ok(identity),
            Err(failure) if told.as_ref() == Some(&failure) => {}
            Err(failure) => {
                told = Some(failure.clone());
                let OpenTail { reading, from, generation, .. } = asked.clone();
                let doing = Command::OpenTail { reading, from, generation };
                send(events, Event::Failed { doing, why: failure }).await?;
            }
        }
        sleep(AGAIN).await;
    }
}

async fn send(events: &mpsc::Sender<Event>, event: Event) -> Go {
    events.send(event).await.map_err(|_| Gone)
}

/// Where partitions are to begin, each in its own way. What is asked for late shows rather too much than too little:
/// [`Where::Last`] counts for every partition alone then.
pub async fn ask(cluster: &Cluster, topic: &TopicName, wanted: &[(i32, Where)]) -> Vec<Told> {
    let spots = |fits: fn(&Where) -> bool| -> Vec<Spot> {
        wanted.iter().filter(|(_, from)| fits(from)).map(|(id, _)| (topic.clone(), *id)).collect()
    };
    let (starts, ends) = tokio::join!(
        bounds::ask(cluster, At::Start, spots(|from| *from != Where::End)),
        bounds::ask(cluster, At::End, spots(|from| *from != Where::Start)),
    );
    let (starts, ends): (HashMap<_, _>, HashMap<_, _>) = (starts.into_iter().collect(), ends.into_iter().collect());
    let unknown = || Err(Failure::default());
    let begin = |(id, from): &(i32, Where)| {
        let spot = (topic.clone(), *id);
        let start = || starts.get(&spot).cloned().unwrap_or_else(unknown);
        let end = || ends.get(&spot).cloned().unwrap_or_else(unknown);
        let begin = match from {
            Where::Start => start(),
            Where::End => end(),
            Where::Last(count) => back(start(), end(), *count),
            _ => unknown(),
        };
        (spot, begin)
    };
    wanted.iter().map(begin).collect()
}

fn back(start: Result<i64, Failure>, end: Result<i64, Failure>, count: usize) -> Result<i64, Failure> {
    Ok(end?.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).max(start?))
}

impl Following {
    async fn positions(&mut self, from: Where) -> Go {
        match from {
            from if !self.next.is_empty() => self.rest(from),
            Where::Last(count) => self.page(count).await,
            from => self.at(from).await,
        }
    }

    /// The past was shown already; partitions that did not answer then are asked for again.
    fn rest(&mut self, from: Where) -> Go {
        let rest = self.identity.partitions.iter().filter(|id| !self.next.contains_key(id));
        self.homeless = rest.map(|id| (*id, from.clone())).collect();
        Ok(())
    }

    async fn at(&mut self, from: Where) -> Go {
        self.homeless = self.identity.partitions.iter().map(|id| (*id, from.clone())).collect();
        let wanted: Vec<_> = self.homeless.clone().into_iter().collect();
        let begins = ask(&self.cluster, &self.reading.topic, &wanted).await;
        self.settle(begins, None).await
    }

    async fn page(&mut self, count: usize) -> Go {
        self.homeless = self.identity.partitions.iter().map(|id| (*id, Where::Last(count))).collect();
        let spots: Vec<Spot> = self.identity.partitions.iter().map(|id| (self.reading.topic.clone(), *id)).collect();
        let page = page::last(&self.cluster, &spots, count, self.reading.committed).await;
        for batch in page.batches {
            self.say(Event::RecordsArrived { generation: self.generation, batch }).await?;
        }
        if let Some(records) = page.too_large {
            self.say(Event::PageCut { generation: self.generation, records }).await?;
        }
        for unreadable in page.unreadable {
            self.say(said::unreadable(self.generation, unreadable)).await?;
        }
        for ((_, id), next) in page.next {
            self.homeless.remove(&id);
            self.next.insert(id, next);
        }
        self.ends = page.ends.into_iter().map(|((_, id), end)| (id, end)).collect();
        for ((_, id), failure) in page.failed {
            self.failed(id, failure).await?;
        }
        Ok(())
    }
}
