//! One task per broker on a connection of its own: ask, take the answer, ask again, and meanwhile hand the answer over.
//! While nobody takes it nobody asks: the broker waits. Knows nothing of leaders; what it cannot read it gives back.
use super::{
    decoder::{Load, Work},
    fetcher::{Fetcher, Outcome, Part, Trouble},
    request::Fetch,
};
use crate::{
    kafka::wire::{Cause, Cluster, Connection, Error},
    topic::TopicName,
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::{
    sync::mpsc,
    time::{Duration, Instant},
};

/// What a broker may take for an answer beyond the wait it was asked for. Long enough for 2 MiB over a slow line, short
/// enough that a broker that hangs is noticed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A live answer that is not full is asked after no sooner than this. At 50,000 records/s a broker that holds nothing back
/// answers hundreds of times a second, and the asking costs more than the records; a screen shows none of them sooner.
const PACE: Duration = Duration::from_millis(15);

/// What a reader says to whoever gave it its partitions.
#[derive(Debug)]
pub enum Back {
    /// Partitions that came to their stop.
    Ended(usize),
    /// Partitions that it cannot go on with.
    Lost(Vec<(Part, Trouble)>),
    /// The connection is gone and the reader with it.
    Broken { broker: i32, parts: Vec<Part>, error: Error },
}

/// See the module.
pub struct Reader {
    pub cluster: Arc<Cluster>,
    pub broker: i32,
    pub topics: Arc<[TopicName]>,
    pub fetcher: Fetcher,
    /// More partitions to read.
    pub inbox: mpsc::Receiver<Part>,
    pub work: mpsc::Sender<Work>,
    pub back: mpsc::Sender<Back>,
}

/// Nobody takes the records any more, or nobody gives partitions.
struct Over;

enum Stopped {
    Over,
    Broken(Error),
}

impl From<Over> for Stopped {
    fn from(Over: Over) -> Self {
        Self::Over
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl Reader {
    /// Until the stream is dropped or the connection breaks.
    pub async fn run(mut self) {
        let Err(Stopped::Broken(error)) = self.read().await else { return };
        let mut parts = self.fetcher.give_up();
        self.inbox.close();
        while let Some(part) = self.inbox.recv().await {
            parts.push(part);
        }
        let _ = self.back.send(Back::Broken { broker: self.broker, parts, error }).await;
    }

    async fn read(&mut self) -> Result<(), Stopped> {
        let connection = self.cluster.own_connection(self.broker).await?;
        self.fetcher.speak(connection.version::<Fetch>()?);
        let mut load = None;
        loop {
            self.take_in().await?;
            let started = Instant::now();
            let request = Fetch(self.fetcher.request());
            let (answer, handed_over) =
                tokio::join!(ask(&connection, &request, &self.fetcher), hand_over(&self.work, load.take()));
            handed_over?;
            let (body, took) = answer?;
            tracing::trace!(broker = self.broker, bytes = body.len(), ?took, waited = ?started.elapsed(), "fetched");
            let full = self.fetcher.is_full(body.len());
            let outcome = self.fetcher.answer(&body, took).map_err(|why| garbled(&connection, &why.to_string()))?;
            load = self.sort_out(body, outcome).await?;
            if self.fetcher.is_live() && !full && took < PACE {
                hand_over(&self.work, load.take()).await?;
                tokio::time::sleep_until(started + PACE).await;
            }
        }
    }

    /// New partitions; waits for the first while there is nothing to read.
    async fn take_in(&mut self) -> Result<(), Over> {
        if self.fetcher.is_idle() {
            self.fetcher.add([self.inbox.recv().await.ok_or(Over)?]);
        }
        let more: Vec<Part> = std::iter::from_fn(|| self.inbox.try_recv().ok()).collect();
        if !more.is_empty() {
            self.fetcher.add(more);
        }
        Ok(())
    }

    /// What is given back is handed over first, so that the order within a partition holds for its next reader.
    async fn sort_out(&mut self, body: Bytes, outcome: Outcome) -> Result<Option<Load>, Over> {
        let Outcome { slices, lost, ended, throttle } = outcome;
        let load = (!slices.is_empty()).then(|| Load { topics: self.topics.clone(), body, slices });
        let settled = lost.is_empty() && ended.is_empty();
        let load = if settled { load } else { hand_over(&self.work, load).await.map(|()| None)? };
        if !lost.is_empty() {
            self.back.send(Back::Lost(lost)).await.map_err(|_| Over)?;
        }
        if !ended.is_empty() {
            self.back.send(Back::Ended(ended.len())).await.map_err(|_| Over)?;
        }
        if !throttle.is_zero() {
            // A sleep of nothing lasts up to a millisecond.
            tokio::time::sleep(throttle).await;
        }
        Ok(load)
    }
}

async fn ask(connection: &Connection, request: &Fetch, fetcher: &Fetcher) -> Result<(Bytes, Duration), Error> {
    let (asked, version) = (Instant::now(), fetcher.version());
    let body = connection.body(request, version, asked + fetcher.max_wait() + PATIENCE).await?;
    Ok((body, asked.elapsed()))
}

async fn hand_over(work: &mpsc::Sender<Work>, load: Option<Load>) -> Result<(), Over> {
    match load {
        Some(load) => work.send(Work::Load(load)).await.map_err(|_| Over),
        None => Ok(()),
    }
}

fn garbled(connection: &Connection, why: &str) -> Error {
    Error::new(format!("asking {} for records", connection.peer()), Cause::Garbled(why.into()))
}
