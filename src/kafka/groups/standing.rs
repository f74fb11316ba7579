//! Whether a group may be changed now: what kind it is, its state, and who holds it.
use super::{coordinators, describe, list};
use crate::{
    failure::Failure,
    group::{Group, GroupName, GroupState, GroupType, Member},
    kafka::wire::Cluster,
};

/// Members that are named one by one.
const NAMED: usize = 5;

/// What its coordinator says of a group.
#[derive(Debug)]
pub struct Standing {
    pub coordinator: i32,
    /// Why its offsets cannot be moved now.
    pub refused: Option<Failure>,
}

/// One that does not exist may be changed: it comes into being.
///
/// # Errors
/// Its coordinator cannot be found or does not answer.
pub async fn standing(cluster: &Cluster, name: &GroupName) -> Result<Standing, Failure> {
    let coordinator = coordinators::of(cluster, name, cluster.deadline()).await?;
    let listed = list::on(cluster, coordinator).await?;
    let refused = match listed.into_iter().find(|group| group.name == *name) {
        Some(group) => refused(cluster, &group).await,
        None => None,
    };
    Ok(Standing { coordinator, refused })
}

async fn refused(cluster: &Cluster, group: &Group) -> Option<Failure> {
    let attempted = format!("changing the offsets of group {}", group.name);
    let tool = |answered, tool| Some(Failure::new(&attempted, answered, format!("Kafka's own {tool} can do it")));
    match group.kind {
        GroupType::Streams => return tool("this is a streams group", "kafka-streams-groups --reset-offsets"),
        GroupType::Share => return tool("this is a share group", "kafka-share-groups --reset-offsets"),
        _ => {}
    }
    if !matches!(&*group.protocol_type, "" | "consumer") {
        let answered = format!("this is no group of consumers but of type {}", group.protocol_type);
        return Some(Failure::new(attempted, answered, "its offsets are not kept by Kafka"));
    }
    match describe(cluster, std::slice::from_ref(group)).await.remove(&group.name)? {
        Err(why) => Some(why),
        Ok(told) if matches!(told.state, GroupState::Empty | GroupState::Dead) => None,
        Ok(told) => {
            let answered = format!("the group is {}: {}", told.state.word(), holders(&told.members));
            Some(Failure::new(attempted, answered, "stop its members first"))
        }
    }
}

/// The members that hold a group, for a sentence: `held by billing-0-5b1a (client billing-0 at /10.0.0.4) and 2 more`.
pub fn holders(members: &[Member]) -> String {
    let named = members.iter().take(NAMED).map(|m| format!("{} (client {} at {})", m.id, m.client_id, m.host));
    let more = members.len().saturating_sub(NAMED);
    match (members.len(), more) {
        (0, _) => "no member is told".into(),
        (_, 0) => format!("held by {}", named.collect::<Vec<_>>().join(", ")),
        _ => format!("held by {} and {more} more", named.collect::<Vec<_>>().join(", ")),
    }
}
