//! How a tail begins: the topic is looked at until it answers, then what is asked for of the past is read, and every
//! partition has a position or a reason why not.
use super::{
    Following, Go, Gone, OpenTail,
    identity::{self, Identity},
    judged::Judged,
    said,
};
use crate::{
    bus::{Command, Event, Reading},
    kafka::{
        fetch::bounds::{self, Told},
        look::{Look, Said},
        offsets::Spot,
        page::{self, Ahead},
        whereabouts::{Extent, Whereabouts, locate},
        wire::Cluster,
    },
    place::Where,
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
    stop: watch::Receiver<bool>,
) -> Go {
    let OpenTail { mut reading, from, generation, .. } = asked.clone();
    narrow(&mut reading, &from);
    let identity = look(&cluster, &asked, &events).await?.only(reading.only.as_ref());
    let (topic, partitions) = (reading.topic.clone(), identity.partitions.clone());
    send(&events, Event::TailOpened { generation, topic, partitions }).await?;
    let mut following = Following::new(cluster, OpenTail { reading, ..asked }, events, pause, stop, identity);
    following.positions(from).await?;
    following.follow().await
}

/// Partitions that no offset is named of are not read.
fn narrow(reading: &mut Reading, from: &Where) {
    if let Where::Offsets(positions) = from {
        let wanted = |id: &i32| reading.only.as_ref().is_none_or(|only| only.contains(id));
        reading.only = Some(positions.keys().copied().filter(wanted).collect());
    }
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
pub async fn ask(cluster: &Cluster, reading: &Reading, wanted: &[(i32, Where)]) -> Whereabouts {
    let mut places: Vec<(&Where, Vec<Spot>)> = vec![];
    for (id, from) in wanted {
        let spot = (reading.topic.clone(), *id);
        match places.iter_mut().find(|(place, _)| *place == from) {
            Some((_, spots)) => spots.push(spot),
            None => places.push((from, vec![spot])),
        }
    }
    let mut found = Whereabouts::default();
    for (place, spots) in places {
        let some = locate(cluster, &spots, place, reading.committed).await;
        found.at.extend(some.at);
        found.moved.extend(some.moved);
        found.failed.extend(some.failed);
    }
    found
}

impl Following {
    /// Nothing has a position yet but what is known.
    pub fn new(
        cluster: Arc<Cluster>,
        asked: OpenTail,
        events: mpsc::Sender<Event>,
        pause: watch::Receiver<bool>,
        stop: watch::Receiver<bool>,
        identity: Identity,
    ) -> Self {
        let OpenTail { reading, known, page, generation, .. } = asked;
        Self {
            cluster,
            reading,
            generation,
            events,
            pause,
            identity,
            next: known,
            page,
            ends: BTreeMap::new(),
            homeless: BTreeMap::new(),
            failing: HashMap::new(),
            suspect: false,
            stop,
            moved: vec![],
            judged: Judged::default(),
            questions: JoinSet::new(),
            ticks: 0,
        }
    }

    async fn positions(&mut self, from: Where) -> Go {
        match from {
            from if !self.next.is_empty() => self.rest(from).await,
            Where::Last(count) => self.page_back(count).await,
            from => self.at(from).await,
        }
    }

    /// The past was shown already; partitions that did not answer then are asked for again.
    async fn rest(&mut self, from: Where) -> Go {
        let rest = self.identity.partitions.iter().filter(|id| !self.next.contains_key(id));
        self.homeless = rest.map(|id| (*id, from.clone())).collect();
        let ends = self.ends(true).await;
        self.page_ahead(ends).await
    }

    async fn at(&mut self, from: Where) -> Go {
        self.homeless = self.identity.partitions.iter().map(|id| (*id, from.clone())).collect();
        let wanted: Vec<_> = self.homeless.clone().into_iter().collect();
        let in_the_past = !matches!(from, Where::End | Where::LastEach(_));
        let (begins, ends) = tokio::join!(ask(&self.cluster, &self.reading, &wanted), self.ends(in_the_past));
        self.settle(begins, None).await?;
        self.page_ahead(ends).await
    }

    /// Asked beside the beginnings, so that a page costs one question less; nothing where there will be none.
    async fn ends(&self, wanted: bool) -> Vec<Told> {
        if !wanted || self.page == 0 || self.reading.filter.is_some() {
            return vec![];
        }
        let spots = self.identity.partitions.iter().map(|id| (self.reading.topic.clone(), *id));
        bounds::ask(&self.cluster, self.end(), spots.collect()).await
    }

    /// Neighbours are looked at by time: what comes after the place is merged, as far as a page goes. A single partition
    /// is in order by itself.
    async fn page_ahead(&mut self, ends: Vec<Told>) -> Go {
        let extent = |((_, id), end): Told| Some((id, Extent { start: *self.next.get(&id)?, end: end.ok()? }));
        let mut extents: BTreeMap<i32, Extent> = ends.into_iter().filter_map(extent).collect();
        extents.retain(|_, extent| extent.start < extent.end);
        if extents.len() < 2 {
            return Ok(());
        }
        let Reading { topic, committed, .. } = self.reading.clone();
        let page = page::after(&self.cluster, Ahead { topic, extents, count: self.page, committed }).await;
        for batch in page.batches {
            self.say(Event::RecordsArrived { generation: self.generation, batch }).await?;
        }
        for unreadable in page.unreadable {
            self.say(said::unreadable(self.generation, unreadable)).await?;
        }
        self.next.extend(page.next);
        Ok(())
    }

    /// With a filter this may take long; who stops it keeps what was found and goes on live.
    async fn page_back(&mut self, count: usize) -> Go {
        self.homeless = self.identity.partitions.iter().map(|id| (*id, Where::Last(count))).collect();
        let spots: Vec<Spot> = self.identity.partitions.iter().map(|id| (self.reading.topic.clone(), *id)).collect();
        let mut look = Look::new(self.events.clone(), Said::Looking(self.generation), self.stop.clone());
        let Reading { committed, filter, .. } = self.reading.clone();
        let page = page::last_that_match(&self.cluster, &spots, count, committed, filter, &mut look).await;
        self.began(page.from).await?;
        for batch in page.batches {
            self.say(Event::RecordsArrived { generation: self.generation, batch }).await?;
        }
        if let Some(records) = page.too_large {
            self.say(Event::PageCut { generation: self.generation, records }).await?;
        }
        for unreadable in page.unreadable {
            self.say(said::unreadable(self.generation, unreadable)).await?;
        }
        self.judged.add(page.searched.records, 0);
        for undecided in page.undecided {
            self.undecided(undecided).await?;
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

    /// What is older can be asked for from here.
    pub async fn began(&self, from: BTreeMap<Spot, i64>) -> Go {
        if from.is_empty() {
            return Ok(());
        }
        let from = from.into_iter().map(|((_, id), offset)| (id, offset)).collect();
        self.say(Event::TailBegan { generation: self.generation, from }).await
    }
}
