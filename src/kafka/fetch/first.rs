//! The first readable record from an offset on, and nothing of what follows: a few small answers over the connection
//! that others use too, so that nobody waits for it.
use super::{
    decoder::{Decoder, Load, Style},
    fetcher::{Fetcher, Manner, Outcome, Part, Stop, Trouble},
    news::News,
    request::Fetch,
    trouble,
};
use crate::{
    failure::Failure,
    kafka::{
        offsets::Spot,
        wire::{Cause, Cluster, Error},
    },
    record::Head,
    topic::TopicName,
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::time::{Duration, timeout};

/// Bytes to ask for. Brokers since Kafka 0.10.1 send a first batch that is larger all the same (KIP-74).
const LIMIT: i32 = 256 << 10;
/// For one look.
const PATIENCE: Duration = Duration::from_secs(5);
/// Answers without a record (markers, aborted records, holes) after which the look is given up.
const ANSWERS: usize = 16;
/// Answers that name another leader.
const MOVES: usize = 2;

/// `None`: nothing readable up to the end, which is the last stable one when `committed`.
///
/// # Errors
/// The partition cannot be read, it takes longer than five seconds, or too much lies before the record.
pub async fn first(cluster: &Cluster, spot: &Spot, from: i64, committed: bool) -> Result<Option<Head>, Failure> {
    let late = || Error::new(attempt(spot, from), Cause::Late(PATIENCE)).into();
    timeout(PATIENCE, look(cluster, spot, from, committed)).await.unwrap_or_else(|_| Err(late()))
}

async fn look(cluster: &Cluster, spot: &Spot, from: i64, committed: bool) -> Result<Option<Head>, Failure> {
    let topics: Arc<[TopicName]> = [spot.0.clone()].into();
    let manner = Manner { committed, max_wait: Duration::ZERO, start: 2 * LIMIT, budget: 2 * LIMIT };
    let mut fetcher = Fetcher::new(topics.clone(), manner);
    fetcher.add([Part::new(0, spot.1, from, Stop::FirstEnd).with_limit(LIMIT)]);
    let mut moves = 0;
    for _ in 0..ANSWERS {
        let (body, Outcome { slices, lost, ended, .. }) = ask(cluster, spot, &mut fetcher).await?;
        let cut = slices.is_empty() && body.len() > LIMIT as usize / 2;
        let load = Load { topics: topics.clone(), body, slices };
        match tokio::task::spawn_blocking(move || decode(&load, committed)).await {
            Ok(Some(found)) => return found.map(Some),
            Ok(None) => {}
            Err(_) => return Err(Failure::new(attempt(spot, from), "its batch could not be decoded", "")),
        }
        if !ended.is_empty() {
            return Ok(None);
        }
        for (part, why) in lost {
            moves += 1;
            again(cluster, spot, why, moves < MOVES).await?;
            fetcher.add([part]);
        }
        if cut {
            let why = format!("the record is larger than {} KiB", LIMIT >> 10);
            return Err(Failure::new(attempt(spot, from), why, "brokers since Kafka 0.10.1 send it all the same"));
        }
    }
    Err(Failure::new(attempt(spot, from), "no record within many batches of markers or aborted records", ""))
}

async fn ask(cluster: &Cluster, spot: &Spot, fetcher: &mut Fetcher) -> Result<(Bytes, Outcome), Failure> {
    let metadata = cluster.metadata().await?;
    let (leader, _) = trouble::leader(&metadata, &spot.0, spot.1)?;
    let write = |version| {
        fetcher.speak(version);
        Fetch(fetcher.request())
    };
    let body = cluster.body(leader, cluster.deadline(), write).await?;
    let outcome = fetcher.answer(&body, Duration::ZERO);
    let garbled =
        |_| Error::new(format!("asking broker {leader} for records"), Cause::Garbled("it is cut short".into()));
    Ok((body, outcome.map_err(garbled)?))
}

/// `Ok` when asking again may help.
async fn again(cluster: &Cluster, (topic, id): &Spot, why: Trouble, patient: bool) -> Result<(), Failure> {
    match why {
        Trouble::Code(code) => {
            let error = trouble::refused(topic, *id, code);
            if !patient || !error.moved() {
                return Err(error.into());
            }
            cluster.refresh().await?;
            Ok(())
        }
        Trouble::Shorter(end) => Err(trouble::shorter(topic, *id, end, end)),
        Trouble::Malformed(why) => Err(trouble::malformed(topic, *id, 0, why)),
    }
}

/// The first record, or the first thing that cannot be read before it.
fn decode(load: &Load, committed: bool) -> Option<Result<Head, Failure>> {
    let mut found = None;
    Decoder::new(Style { committed, ..Style::default() }).decode(load, &mut |news| {
        match news {
            News::Records(batch) => found = batch.heads.first().copied().map(Ok),
            News::Unreadable(unreadable) => found = Some(Err(unreadable.failure())),
            _ => {}
        }
        found.is_none()
    });
    found
}

fn attempt((topic, id): &Spot, from: i64) -> String {
    format!("reading the record at offset {from} of {topic} partition {id}")
}
