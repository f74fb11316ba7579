//! `kafscope groups delete`: whole groups, each pinned by the name that was typed.
use super::{
    all_there,
    ask::{self, Finished, finish},
    listing,
};
use crate::{
    cli::groups::Delete,
    failure::Failure,
    group::GroupName,
    headless::{Done, Ended, Out, Setup, complain, connect, or_interrupted},
    kafka::{groups::delete::delete, wire::Cluster, writes::Writes},
    text::Safe,
};
use serde::Serialize;

pub async fn run(wanted: &Delete, setup: &Setup, out: &mut Out) -> Done {
    let mut names = wanted.names.given();
    names.sort_unstable();
    names.dedup();
    let doing = format!("deleting {}", names.join(", "));
    let writes = Writes::allowed(setup.read_only, &doing).map_err(|refused| Ended::No(refused.to_string()))?;
    let cluster = connect(setup)?;
    or_interrupted(async { all_there(&names, &listing(&cluster).await?) }).await?;
    if !wanted.yes {
        ask::names(&doing, &names).await?;
    }
    all(&cluster, writes, &names, setup.json, out).await
}

async fn all(cluster: &Cluster, writes: Writes, names: &[&str], json: bool, out: &mut Out) -> Done {
    let mut failed = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let Finished { done, interrupted } = finish(delete(cluster, writes, &GroupName::from(*name))).await;
        match &done {
            Some(done) => tell(name, done, json, out)?,
            None => complain(&format!("{name} was given up on: it may be deleted")),
        }
        failed.extend(done.and_then(Result::err).map(|why| why.to_string()));
        if interrupted {
            failed.iter().for_each(|why| complain(why));
            names.iter().skip(at + 1).for_each(|name| complain(&format!("{name} was not tried any more")));
            return Err(Ended::Interrupted);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Ended::No(failed.join("\n"))) }
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    group: &'a str,
    deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn tell(name: &str, done: &Result<(), Failure>, json: bool, out: &mut Out) -> Done {
    let error = done.as_ref().err().map(Failure::to_string);
    match (json, done) {
        (true, _) => out.json(&Line { group: name, deleted: done.is_ok(), error })?,
        (false, Ok(())) => out.line(&Safe::literal("deleted ").join(&Safe::text(name)))?,
        (false, Err(_)) => {}
    }
    out.flush()
}
