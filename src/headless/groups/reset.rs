//! `kafscope groups reset`: where groups would be moved to, and moving them.
use super::{all_there, carry::Carry, listing, moves, scope};
use crate::{
    cli::groups::{Reset, To},
    failure::Failure,
    group::{Group, GroupName, GroupType},
    headless::{Done, Ended, Out, Setup, complain, connect, or_interrupted, topics_exist, wanted::wrong},
    kafka::{
        groups::{Listing, reset},
        wire::{Cluster, Metadata},
        writes::Writes,
    },
    reset::{
        Plan, Scope, Strategy,
        csv::{self, Form},
        file, time,
    },
};
use jiff::Timestamp;
use std::{path::PathBuf, sync::Arc};

pub async fn run(wanted: &Reset, setup: &Setup, out: &mut Out) -> Done {
    let asked = Asked::read(wanted)?;
    let printed = matches!(wanted.export, Some(None));
    if printed && setup.json {
        return Err(Ended::Wrong("--export prints CSV: with --json, name a file for it".into()));
    }
    let writes = may_write(wanted.execute, setup, "resetting groups")?;
    let cluster = connect(setup)?;
    let (plans, listing) = or_interrupted(plan(wanted, &asked, &cluster)).await?;
    if let Some(file) = &wanted.export {
        export(file.as_ref(), &plans, form(wanted), out)?;
    }
    let carry =
        Carry { cluster, listing: Some(listing), writes, moving: wanted.yes, json: setup.json, silent: printed };
    carry.out(&plans, out).await
}

/// The right to write, where something is to be written.
pub fn may_write(execute: bool, setup: &Setup, doing: &str) -> Result<Option<Writes>, Ended> {
    let allowed = execute.then(|| Writes::allowed(setup.read_only, doing));
    allowed.transpose().map_err(|refused| Ended::No(refused.to_string()))
}

fn form(wanted: &Reset) -> Form {
    match wanted.names.given() {
        Some(names) if names.len() == 1 => Form::Short,
        _ => Form::Long,
    }
}

fn export(file: Option<&PathBuf>, plans: &[Plan], form: Form, out: &mut Out) -> Done {
    let text = moves::csv(plans, form);
    match file {
        None => out.text(&text),
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Ended::Wrong(format!("writing {}: {error}", path.display())))
        }
    }
}

/// The command line, understood before anybody is connected to.
struct Asked {
    scope: Scope,
    to: Where,
}

/// A file is read once it is known which groups are meant.
enum Where {
    Strategy(Strategy),
    File(PathBuf, String),
}

impl Asked {
    fn read(wanted: &Reset) -> Result<Self, Ended> {
        let scope = if wanted.topic.is_empty() { Scope::All } else { scope::read(&wanted.topic)? };
        Ok(Self { scope, to: to(&wanted.to)? })
    }

    fn strategy(&self, group: &GroupName, file: Option<&csv::Groups>) -> Result<Strategy, Failure> {
        match (&self.to, file) {
            (Where::File(path, _), Some(groups)) => csv::of(groups, group, path).map(Strategy::File),
            (Where::File(..), None) => Ok(Strategy::File(Vec::new())),
            (Where::Strategy(strategy), _) => Ok(strategy.clone()),
        }
    }
}

fn to(to: &To) -> Result<Where, Ended> {
    let ms = |option: &str, text: &String, read: Result<i64, crate::mistake::Mistake>| {
        read.map(Strategy::Time).map_err(|mistake| wrong(option, text, &mistake))
    };
    let strategy = match to {
        To { from_file: Some(path), .. } => {
            let text = file::read(path).map_err(|failure| Ended::Wrong(failure.to_string()))?;
            return Ok(Where::File(path.clone(), text));
        }
        To { to_offset: Some(offset), .. } => Strategy::Offset(*offset),
        To { shift_by: Some(by), .. } => Strategy::ShiftBy(*by),
        To { to_datetime: Some(text), .. } => ms("--to-datetime", text, time::datetime(text))?,
        To { by_duration: Some(text), .. } => ms("--by-duration", text, time::ago(text, Timestamp::now()))?,
        To { to_earliest: true, .. } => Strategy::Earliest,
        To { to_latest: true, .. } => Strategy::Latest,
        To { .. } => Strategy::Current,
    };
    Ok(Where::Strategy(strategy))
}

async fn plan(wanted: &Reset, asked: &Asked, cluster: &Arc<Cluster>) -> Result<(Vec<Plan>, Listing), Ended> {
    let metadata = cluster.metadata().await?;
    partitions_exist(&asked.scope, &metadata)?;
    let listing = listing(cluster).await?;
    let groups = groups(wanted, &listing);
    let file = match &asked.to {
        Where::File(path, text) => {
            let read = csv::read(text, &groups).map_err(|mistake| mistake.of(path));
            Some(read.map_err(|failure| Ended::Wrong(failure.to_string()))?)
        }
        Where::Strategy(_) => None,
    };
    let steps = groups.into_iter().map(|group| asked.strategy(&group, file.as_ref()).map(|to| (group, to)));
    let steps = steps.collect::<Result<Vec<_>, _>>().map_err(|failure| Ended::Wrong(failure.to_string()))?;
    let plans = reset::plans(cluster, Some(&listing), &asked.scope, steps).await;
    match plans.and_then(|plans| with_moves(plans, wanted.names.given().is_none())) {
        Ok(plans) => Ok((plans, listing)),
        Err(failure) => Err(no(cluster, failure).await),
    }
}

/// Of all groups, those without commits are told and left alone, as Kafka's tool does it; one that was named is a no.
fn with_moves(plans: Vec<Plan>, all: bool) -> Result<Vec<Plan>, Failure> {
    let mut moving = Vec::with_capacity(plans.len());
    for plan in plans {
        match reset::some(plan) {
            Ok(plan) => moving.push(plan),
            Err(why) if all => complain(&why.to_string()),
            Err(why) => return Err(why),
        }
    }
    Ok(moving)
}

/// A plan fails because it cannot be, unless Kafka cannot be reached at all.
pub async fn no(cluster: &Cluster, failure: Failure) -> Ended {
    if cluster.refresh().await.is_ok() { Ended::No(failure.to_string()) } else { Ended::Kafka(failure) }
}

fn partitions_exist(scope: &Scope, metadata: &Metadata) -> Done {
    let Scope::Topics(topics) = scope else { return Ok(()) };
    let names: Vec<_> = topics.iter().map(|(topic, _)| &**topic).collect();
    topics_exist(&names, metadata)
}

/// One that does not exist is made by its first commit, as Kafka's tool does it; that is said.
fn groups(wanted: &Reset, listing: &Listing) -> Vec<GroupName> {
    let Some(names) = wanted.names.given() else {
        return listing.groups.iter().filter(|group| commits(group)).map(|group| group.name.clone()).collect();
    };
    let mut groups: Vec<GroupName> = Vec::with_capacity(names.len());
    for name in names {
        if all_there(&[name], listing).is_err() {
            complain(&format!("there is no group {name} yet: writing offsets makes it"));
        }
        if !groups.iter().any(|known| **known == *name) {
            groups.push(name.into());
        }
    }
    groups
}

/// Those that Kafka's tool means by all groups.
fn commits(group: &Group) -> bool {
    !matches!(group.kind, GroupType::Share | GroupType::Streams) && matches!(&*group.protocol_type, "" | "consumer")
}
