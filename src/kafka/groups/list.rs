//! Which groups there are: every broker is asked, because each knows only those it coordinates.
use super::members;
use crate::{
    failure::Failure,
    group::{Group, GroupState, GroupType},
    kafka::{
        wave,
        wire::{Cause, Cluster, Error, Result, error::check},
    },
};
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use kafka_protocol::messages::{ListGroupsRequest, list_groups_response::ListedGroup};
use std::collections::BTreeMap;
use tokio::time::{Duration, Instant, sleep};

/// Pauses before a broker that is still loading its groups is asked again.
const PAUSES: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1000)];

/// The groups of a cluster.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Ordered by name.
    pub groups: Vec<Group>,
    /// Brokers that did not answer: the list is a lower bound then.
    pub missing: Vec<(i32, Failure)>,
    pub at: Timestamp,
}

/// As [`names`], and brokers before Kafka 2.6, which tell no state here, are asked for it.
pub async fn list(cluster: &Cluster) -> Result<Listing> {
    let mut listing = names(cluster).await?;
    members::fill_states(cluster, &mut listing.groups).await;
    Ok(listing)
}

/// One request a broker. Fails only when no broker is known at all; one that is later than the others by more than
/// [`wave::GRACE`] is missing.
pub async fn names(cluster: &Cluster) -> Result<Listing> {
    let (metadata, deadline) = (cluster.metadata().await?, cluster.deadline());
    let ids = metadata.broker_ids();
    let mut asked: FuturesUnordered<_> =
        ids.iter().map(async |id| (*id, patiently(cluster, *id, deadline).await)).collect();
    let mut answers: BTreeMap<_, _> = wave::next(&mut asked).await.into_iter().collect();
    let (mut groups, mut missing) = (BTreeMap::new(), Vec::new());
    for broker in metadata.broker_ids() {
        match answers.remove(&broker).unwrap_or_else(|| Err(Error::new(asking(broker), Cause::Late(wave::GRACE)))) {
            Ok(listed) => listed.into_iter().for_each(|told| keep(&mut groups, group(told, broker))),
            Err(error) => missing.push((broker, error.into())),
        }
    }
    Ok(Listing { groups: groups.into_values().collect(), missing, at: Timestamp::now() })
}

fn asking(broker: i32) -> String {
    format!("asking broker {broker} for its groups")
}

/// The groups that one broker coordinates, as [`list`] tells them.
pub(super) async fn on(cluster: &Cluster, broker: i32) -> Result<Vec<Group>> {
    let listed = patiently(cluster, broker, cluster.deadline()).await?;
    Ok(listed.into_iter().map(|told| group(told, broker)).collect())
}

async fn patiently(cluster: &Cluster, broker: i32, deadline: Instant) -> Result<Vec<ListedGroup>> {
    for pause in PAUSES {
        match once(cluster, broker, deadline).await {
            Err(error) if error.loading() && Instant::now() + pause < deadline => sleep(pause).await,
            answer => return answer,
        }
    }
    once(cluster, broker, deadline).await
}

async fn once(cluster: &Cluster, broker: i32, deadline: Instant) -> Result<Vec<ListedGroup>> {
    let reply = cluster.ask(broker, &ListGroupsRequest::default(), deadline).await?;
    check(reply.error_code, None, || asking(broker))?;
    Ok(reply.groups)
}

/// While a group moves between brokers two may list it; the one that does not call it dead is right.
fn keep(groups: &mut BTreeMap<crate::group::GroupName, Group>, group: Group) {
    match groups.get(&group.name) {
        Some(_) if group.state == GroupState::Dead => {}
        _ => drop(groups.insert(group.name.clone(), group)),
    }
}

fn group(told: ListedGroup, coordinator: i32) -> Group {
    Group {
        name: told.group_id.as_str().into(),
        kind: kind(&told.group_type),
        state: GroupState::parse(&told.group_state),
        protocol_type: told.protocol_type.to_string(),
        coordinator,
    }
}

/// Kafka's `GroupType`, whose spelling ignores case.
fn kind(text: &str) -> GroupType {
    match text.to_ascii_lowercase().as_str() {
        "classic" => GroupType::Classic,
        "consumer" => GroupType::Consumer,
        "share" => GroupType::Share,
        "streams" => GroupType::Streams,
        _ => GroupType::Unknown,
    }
}

impl Listing {
    /// Brokers that did not answer may still have the groups they had: those stay, so that their rows do not vanish.
    pub fn keep_missing(&mut self, before: &Self) {
        let missing = |group: &&Group| self.missing.iter().any(|(broker, _)| *broker == group.coordinator);
        let lost: Vec<_> =
            before.groups.iter().filter(missing).filter(|group| self.find(&group.name).is_none()).cloned().collect();
        if !lost.is_empty() {
            self.groups.extend(lost);
            self.groups.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

    pub fn find(&self, name: &str) -> Option<&Group> {
        let at = self.groups.binary_search_by(|group| (*group.name).cmp(name)).ok()?;
        self.groups.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::coordinators::text, *};

    fn listed(state: &str) -> Group {
        let told = ListedGroup::default().with_group_id(text("g").into()).with_group_state(text(state));
        group(told, 1)
    }

    #[test]
    fn a_group_listed_twice_is_the_living_one() {
        for order in [["Stable", "Dead"], ["Dead", "Stable"]] {
            let mut groups = BTreeMap::new();
            order.iter().for_each(|state| keep(&mut groups, listed(state)));
            assert_eq!(groups["g"].state, GroupState::Stable);
        }
    }

    /// The rows of a broker that was restarted vanished from the screen, and came back.
    #[test]
    fn the_groups_of_a_broker_that_does_not_answer_stay_where_they_were() {
        let at = Timestamp::UNIX_EPOCH;
        let named = |name: &str, coordinator| Group { name: name.into(), coordinator, ..listed("Stable") };
        let failure = || Failure::new("asking", "no answer", "");
        let before = Listing { groups: vec![named("a", 1), named("b", 2), named("c", 2)], missing: vec![], at };
        let groups = vec![named("a", 1), named("c", 1)];
        let mut now = Listing { groups: groups.clone(), missing: vec![(2, failure())], at };
        now.keep_missing(&before);
        let told: Vec<_> = now.groups.iter().map(|group| (&*group.name, group.coordinator)).collect();
        assert_eq!(told, [("a", 1), ("b", 2), ("c", 1)]);
        let mut whole = Listing { groups, missing: vec![], at };
        whole.keep_missing(&before);
        assert_eq!(whole.groups.len(), 2, "what a broker does not list any more is gone");
    }
}
