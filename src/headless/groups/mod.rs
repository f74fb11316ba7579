//! `kafscope groups`: which groups there are, how far behind they are, and what moves or deletes them. One file a command.
mod ask;
mod carry;
mod delete;
mod forget;
mod list;
mod look;
mod members;
mod moves;
mod reports;
mod reset;
mod rows;
mod scope;
mod show;
mod undo;

use super::{Done, Ended, Out, Setup, all_exist, complain, or_interrupted};
use crate::{
    cli::groups::Wanted,
    failure::Failure,
    group::GroupLag,
    kafka::{groups, offsets::Offsets, wire::Cluster},
    lag::{PartitionLag, Total},
    text::Safe,
};
use groups::Listing;
use std::sync::Arc;

/// What only reads is dropped at Ctrl-C; what writes tells what it came to.
pub async fn run(wanted: Wanted, setup: &Setup, out: &mut Out) -> Done {
    match wanted {
        Wanted::List(wanted) => or_interrupted(list::run(&wanted, setup, out)).await,
        Wanted::Show(wanted) => or_interrupted(show::run(&wanted, setup, out)).await,
        Wanted::Forget(wanted) => forget::run(&wanted, setup, out).await,
        Wanted::Delete(wanted) => delete::run(&wanted, setup, out).await,
        Wanted::Reset(wanted) => reset::run(&wanted, setup, out).await,
        Wanted::Undo(wanted) => undo::run(&wanted, setup, out).await,
    }
}

/// Every group with its lag, for whoever shows what is around a topic.
pub async fn all(cluster: &Arc<Cluster>, offsets: &Offsets) -> Result<Vec<GroupLag>, Failure> {
    let listing = groups::list(cluster).await?;
    Ok(groups::lag(cluster, offsets, &listing.groups).await)
}

/// `1200`, `≥ 1200` over something unknown, `–` without any commit, `?` where nothing is known, and what has no commit counted apart.
pub fn total(partitions: &[PartitionLag]) -> Safe {
    let total = Total::of(partitions);
    let lag = match total.lag {
        None if total.unknown > 0 => "?".to_owned(),
        None => "–".to_owned(),
        Some(lag) if total.is_exact() => lag.to_string(),
        Some(lag) => format!("≥ {lag}"),
    };
    let apart = if total.no_commit > 0 && total.lag.is_some() {
        format!(" (+{} without commit)", total.no_commit)
    } else {
        String::new()
    };
    Safe::from(lag + &apart)
}

/// The groups of the cluster, without the states that brokers before Kafka 2.6 do not list.
async fn listing(cluster: &Cluster) -> Result<Listing, Ended> {
    Ok(said(groups::names(cluster).await?))
}

/// Brokers that did not tell their groups are said.
fn said(listing: Listing) -> Listing {
    for (broker, failure) in &listing.missing {
        complain(&format!("the groups of broker {broker} are missing: {failure}"));
    }
    listing
}

/// Are all of these there? While a broker does not tell its groups, nobody knows what is not there.
fn all_there(names: &[&str], listing: &Listing) -> Done {
    let known = listing.groups.iter().map(|group| &*group.name);
    match (all_exist("group", names, known), listing.missing.first()) {
        (Err(_), Some((_, failure))) => {
            let attempted = format!("looking for {}", names.join(", "));
            Err(Failure::new(attempted, "a broker that may have it does not answer", failure.to_string()).into())
        }
        (done, _) => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of which nothing could be read looked like one that never committed.
    #[test]
    fn what_is_not_known_is_no_group_without_commits() {
        let row = |failed: bool| PartitionLag {
            topic: "orders".into(),
            partition: 0,
            start: (!failed).then_some(0),
            end: (!failed).then_some(9),
            stable_end: None,
            committed: None,
            account: crate::lag::Account::Committed,
            commit_epoch: None,
            metadata: String::new(),
            owner: None,
            rebalancing: false,
            error: failed.then(|| Failure::new("asking", "no answer", "")),
        };
        assert_eq!(total(&[row(true)]).as_str(), "?");
        assert_eq!(total(&[row(false)]).as_str(), "–");
        assert_eq!(total(&[row(false), row(true)]).as_str(), "?");
    }
}
