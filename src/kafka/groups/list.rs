//! Which groups there are: every broker is asked, because each knows only those it coordinates.
use super::members;
use crate::{
    failure::Failure,
    group::{Group, GroupState, GroupType},
    kafka::wire::{Cluster, Result, error::check},
};
use futures_util::future::join_all;
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

/// Fails only when no broker is known at all. Brokers before Kafka 2.6 tell no state here and are asked for it.
pub async fn list(cluster: &Cluster) -> Result<Listing> {
    let (metadata, deadline) = (cluster.metadata().await?, cluster.deadline());
    let asked = metadata.broker_ids().into_iter().map(async |id| (id, patiently(cluster, id, deadline).await));
    let (mut groups, mut missing) = (BTreeMap::new(), Vec::new());
    for (broker, answer) in join_all(asked).await {
        match answer {
            Ok(listed) => listed.into_iter().for_each(|told| keep(&mut groups, group(told, broker))),
            Err(error) => missing.push((broker, error.into())),
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    members::fill_states(cluster, &mut groups).await;
    Ok(Listing { groups, missing, at: Timestamp::now() })
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
    check(reply.error_code, None, || format!("asking broker {broker} for its groups"))?;
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
}
