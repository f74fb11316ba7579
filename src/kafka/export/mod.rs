//! Records between two places to a file, in place of what stood there. However it ends, the file holds whole lines, and
//! it is said where to go on. Reads the cluster and writes nothing to it.
mod file;

use super::{
    look::{Look, Pace},
    offsets::Spot,
    scan::{Found, Plan, Scan, Totals},
    whereabouts::locate,
    wire::Cluster,
};
use crate::{
    bus::{Event, Reading},
    failure::Failure,
    output::Form,
    place::{Positions, Where},
};
use file::{Sink, Written};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// What is to be written where.
#[derive(Debug, Clone)]
pub struct Export {
    pub id: u64,
    pub reading: Reading,
    pub from: Where,
    pub to: Where,
    pub file: PathBuf,
    pub form: Form,
}

/// The last word of an export.
pub async fn export(cluster: Arc<Cluster>, wanted: Export, mut look: Look) -> Vec<Event> {
    let (id, file) = (wanted.id, wanted.file.clone());
    let Done { written, next, why } = write(&cluster, wanted, &mut look).await;
    vec![Event::ExportEnded { id, file, records: written.records, bytes: written.bytes, next, why }]
}

#[derive(Default)]
struct Done {
    written: Written,
    next: Positions,
    why: Option<Failure>,
}

async fn write(cluster: &Arc<Cluster>, wanted: Export, look: &mut Look) -> Done {
    let failed = |why| Done { why: Some(why), ..Done::default() };
    let mut scan = match Scan::open(cluster.clone(), plan(&wanted)).await {
        Ok(scan) => scan,
        Err(why) => return failed(why),
    };
    let begins = scan.totals().next.clone();
    let mut sink = match Sink::create(wanted.file.clone(), wanted.form.clone()).await {
        Ok(sink) => sink,
        Err(why) => return failed(why),
    };
    let mut pace = pace(cluster, &wanted, &begins).await;
    let trouble = copy(&mut scan, &mut sink, &mut pace, look).await;
    let written = sink.finish().await;
    let next = match &written.failed {
        None => scan.totals().next.clone(),
        Some(_) => begins.into_iter().chain(written.next.clone()).collect(),
    };
    let why = written.failed.clone().or(trouble).or_else(|| look.is_stopped().then(|| stopped(&wanted)));
    Done { written, next: next.into_iter().map(|((_, id), offset)| (id, offset)).collect(), why }
}

fn stopped(wanted: &Export) -> Failure {
    Failure::new(format!("writing {}", wanted.file.display()), "it was stopped", "")
}

fn plan(wanted: &Export) -> Plan {
    let reading = wanted.reading.clone();
    Plan {
        partitions: reading.only.map(|only| only.into_iter().collect()),
        from: wanted.from.clone(),
        to: wanted.to.clone(),
        committed: reading.committed,
        filter: reading.filter,
        ..Plan::all(vec![reading.topic])
    }
}

/// Until it is over, stopped, or the file takes no more. What kept it from being whole is answered.
async fn copy(scan: &mut Scan, sink: &mut Sink, pace: &mut Pace, look: &mut Look) -> Option<Failure> {
    let mut trouble = None;
    loop {
        let found = tokio::select! {
            found = scan.next() => found,
            () = look.stopped() => return trouble,
        };
        match found {
            None => return trouble,
            Some(Found::Records(batch)) => {
                if !sink.take(batch).await {
                    return trouble;
                }
            }
            Some(Found::Failed { failure, given_up: true, .. } | Found::Broken(failure)) => {
                trouble.get_or_insert(failure);
            }
            Some(Found::Unreadable(unreadable)) => {
                trouble.get_or_insert(unreadable.failure());
            }
            Some(Found::TooLarge { records }) => {
                trouble.get_or_insert(too_large(records));
            }
            Some(Found::Moved { moved, .. }) => {
                trouble.get_or_insert(Failure::new("going to the place", moved.to_string(), ""));
            }
            // Tried again; how many the filter failed on is told with the numbers.
            Some(Found::Failed { .. } | Found::Undecided(_) | Found::StartMoved { .. }) => {}
        }
        if look.is_due() {
            learn(pace, scan.totals());
            look.say(pace).await;
        }
    }
}

fn too_large(records: usize) -> Failure {
    let answered = format!("they are too large to be held together; the newest {records} were written");
    Failure::new("writing the last records", answered, "write from an offset or a time instead")
}

fn learn(pace: &mut Pace, totals: &Totals) {
    (pace.records, pace.matched) = (totals.looked, totals.records);
    (pace.failures, pace.bytes) = (totals.undecided, totals.looked_bytes);
    totals.next.iter().for_each(|(spot, next)| pace.reached(spot, *next));
}

async fn pace(cluster: &Cluster, wanted: &Export, begins: &BTreeMap<Spot, i64>) -> Pace {
    let spots: Vec<Spot> = begins.keys().cloned().collect();
    let ends = locate(cluster, &spots, &wanted.to, wanted.reading.committed).await.at;
    let offsets = |spot: &Spot, begin: i64| ends.get(spot).map_or(0, |end| end.saturating_sub(begin).max(0));
    let all = begins.iter().map(|(spot, begin)| (spot.clone(), offsets(spot, *begin).unsigned_abs()));
    let mut pace = Pace::new(all);
    begins.iter().for_each(|(spot, begin)| pace.begin(spot, *begin));
    pace
}

#[cfg(test)]
mod tests;
