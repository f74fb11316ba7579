//! Whether a group may be changed now: what kind it is, its state, and who holds it.
use super::{Described, coordinators, describe, list};
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
    /// As its coordinator lists it; `None`: it does not exist.
    pub listed: Option<Group>,
    /// Why its offsets cannot be moved now.
    pub refused: Option<Failure>,
}

/// One that does not exist may be changed: it comes into being. `known`: as it was listed in this run; whoever is not
/// known is looked for in its coordinator's list.
///
/// # Errors
/// Its coordinator cannot be found or does not answer.
pub async fn standing(cluster: &Cluster, name: &GroupName, known: Option<&Group>) -> Result<Standing, Failure> {
    let coordinator = coordinators::of(cluster, name, cluster.deadline()).await?;
    let listed = match known {
        Some(group) => Some(Group { coordinator, ..group.clone() }),
        None => list::on(cluster, coordinator).await?.into_iter().find(|group| group.name == *name),
    };
    let refused = match &listed {
        Some(group) => refused(cluster, group).await,
        None => None,
    };
    Ok(Standing { coordinator, listed, refused })
}

async fn refused(cluster: &Cluster, group: &Group) -> Option<Failure> {
    if let Some(why) = by_kind(group) {
        return Some(why);
    }
    match describe(cluster, std::slice::from_ref(group)).await.remove(&group.name)? {
        Err(why) => Some(why),
        Ok(told) => by_state(&group.name, &told),
    }
}

/// Groups whose offsets are no commits of consumers.
fn by_kind(group: &Group) -> Option<Failure> {
    let tool = |answered, tool| {
        Some(Failure::new(attempt(&group.name), answered, format!("use Kafka's own {tool} --reset-offsets")))
    };
    match group.kind {
        GroupType::Streams => tool("this is a streams group", "kafka-streams-groups"),
        GroupType::Share => tool("this is a share group", "kafka-share-groups"),
        _ if matches!(&*group.protocol_type, "" | "consumer") => None,
        _ => {
            let answered = format!("this is no group of consumers but of type {}", group.protocol_type);
            Some(Failure::new(
                attempt(&group.name),
                answered,
                "such groups do not keep their offsets in Kafka's commits",
            ))
        }
    }
}

/// The rule of `ConsumerGroupCommand`: Empty or Dead.
fn by_state(name: &str, told: &Described) -> Option<Failure> {
    if matches!(told.state, GroupState::Empty | GroupState::Dead) {
        return None;
    }
    let state = told.state.word().replace('_', " ");
    Some(Failure::new(
        attempt(name),
        format!("the group is {state}: {}", holders(&told.members)),
        "stop its members first",
    ))
}

fn attempt(group: &str) -> String {
    format!("changing the offsets of group {group}")
}

/// The members that hold a group, for a sentence: `held by billing-0-5b1a (client billing-0 at /10.0.0.4) and 2 more`.
pub fn holders(members: &[Member]) -> String {
    let named = members.iter().take(NAMED).map(|m| format!("{} (client {} at {})", m.id, m.client_id, m.host));
    let more = members.len().saturating_sub(NAMED);
    match (members.len(), more) {
        (0, _) => "its members are not told".into(),
        (_, 0) => format!("held by {}", named.collect::<Vec<_>>().join(", ")),
        _ => format!("held by {} and {more} more", named.collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(kind: GroupType, protocol_type: &str) -> Group {
        let (name, protocol_type) = ("billing".into(), protocol_type.into());
        Group { name, kind, state: GroupState::Empty, protocol_type, coordinator: 1 }
    }

    fn members(count: usize) -> Vec<Member> {
        let member = |nth| Member {
            id: format!("m{nth}"),
            instance: None,
            client_id: "till".into(),
            host: "/10.0.0.4".into(),
            assigned: Vec::new(),
        };
        (0..count).map(member).collect()
    }

    #[test]
    fn t24_groups_of_another_kind_are_sent_to_their_own_tool() {
        let said = |kind, protocol| by_kind(&group(kind, protocol)).map(|why| why.to_string()).unwrap_or_default();
        assert!(said(GroupType::Streams, "streams").ends_with("use Kafka's own kafka-streams-groups --reset-offsets"));
        assert!(said(GroupType::Share, "share").contains("this is a share group; use Kafka's own kafka-share-groups"));
        assert!(said(GroupType::Classic, "connect").contains("of type connect"));
        for kind in [GroupType::Classic, GroupType::Consumer, GroupType::Unknown] {
            assert_eq!(said(kind, "consumer") + &said(kind, ""), "", "{kind:?}");
        }
    }

    #[test]
    fn t24_only_an_empty_or_a_dead_group_may_be_moved() {
        let told = |state| Described { state, protocol_type: "consumer".into(), members: members(1) };
        for state in [GroupState::Empty, GroupState::Dead] {
            assert_eq!(by_state("billing", &told(state)), None);
        }
        let others = [
            GroupState::Stable,
            GroupState::PreparingRebalance,
            GroupState::CompletingRebalance,
            GroupState::Assigning,
            GroupState::Reconciling,
            GroupState::NotReady,
            GroupState::Unknown,
        ];
        for state in others {
            let why = by_state("billing", &told(state)).unwrap();
            let expected =
                format!("the group is {}: held by m0 (client till at /10.0.0.4)", state.word().replace('_', " "));
            assert_eq!(why.answered, expected);
        }
    }

    #[test]
    fn many_members_are_named_in_part() {
        assert_eq!(holders(&members(2)), "held by m0 (client till at /10.0.0.4), m1 (client till at /10.0.0.4)");
        assert!(holders(&members(7)).ends_with("m4 (client till at /10.0.0.4) and 2 more"));
        assert_eq!(holders(&[]), "its members are not told");
    }
}
