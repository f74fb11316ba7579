//! Who is in which group, as last described: coordinators are not asked again in every round. Forgets groups that are
//! gone.
use super::members::Described;
use crate::{
    failure::Failure,
    group::{Group, GroupName, GroupState},
    kafka::wire::Error,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::time::{Duration, Instant};

/// Members of a group that nobody looks at are at most this old, where its state did not change.
const OLD: Duration = Duration::from_secs(60);

/// Share it by reference; one for as long as groups are watched.
#[derive(Debug, Default)]
pub struct Roster(Mutex<HashMap<GroupName, Entry>>);

#[derive(Debug)]
struct Entry {
    /// As the list told it when the group was described.
    listed: GroupState,
    at: Instant,
    told: Described,
}

impl Roster {
    /// Which of them have to be described: all that have members when looked at `closely`; else those never described,
    /// of another state than then, or described long ago. One that is listed as empty has no members to ask for.
    pub fn due(&self, groups: &[&Group], closely: bool) -> Vec<Group> {
        let known = self.known();
        let stale = |group: &Group| match known.get(&group.name) {
            Some(entry) => entry.listed != group.state || entry.at.elapsed() > OLD,
            None => true,
        };
        let due = |group: &&&Group| {
            group.state != GroupState::Empty && (closely || group.state == GroupState::Unknown || stale(group))
        };
        groups.iter().filter(due).map(|group| (*group).clone()).collect()
    }

    /// Takes in what was told now, and says of each group what is known, in the same order.
    pub fn take_in(
        &self,
        groups: &[&Group],
        mut told: HashMap<GroupName, Result<Described, Failure>>,
    ) -> Vec<Result<Described, Failure>> {
        let mut known = self.known();
        groups
            .iter()
            .map(|group| match told.remove(&group.name) {
                Some(Ok(now)) => {
                    let entry = Entry { listed: group.state, at: Instant::now(), told: now.clone() };
                    known.insert(group.name.clone(), entry);
                    Ok(now)
                }
                Some(Err(why)) => Err(why),
                None => from_before(group, known.get(&group.name)),
            })
            .collect()
    }

    /// The state last described, for brokers whose list tells none.
    pub fn fill_states(&self, groups: &mut [Group]) {
        let known = self.known();
        for group in groups.iter_mut().filter(|group| group.state == GroupState::Unknown) {
            group.state = known.get(&group.name).map_or(GroupState::Unknown, |entry| entry.told.state);
        }
    }

    /// Only these are still there.
    pub fn keep(&self, groups: &[Group]) {
        let mut known = self.known();
        if known.len() > groups.len() || groups.iter().any(|group| !known.contains_key(&group.name)) {
            let names: HashSet<&str> = groups.iter().map(|group| &*group.name).collect();
            known.retain(|name, _| names.contains(&**name));
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<GroupName, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The list is younger than the description.
fn from_before(group: &Group, entry: Option<&Entry>) -> Result<Described, Failure> {
    if group.state == GroupState::Empty {
        return Ok(Described { state: group.state, protocol_type: group.protocol_type.clone(), members: vec![] });
    }
    match entry {
        Some(entry) => Ok(Described { state: group.state, ..entry.told.clone() }),
        None => Err(Error::left_out(format!("asking for the members of group {}", group.name)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::GroupType;
    use GroupState::*;

    fn group(name: &str, state: GroupState) -> Group {
        Group { name: name.into(), kind: GroupType::Classic, state, protocol_type: "consumer".into(), coordinator: 1 }
    }

    fn due(roster: &Roster, state: GroupState, closely: bool) -> bool {
        !roster.due(&[&group("g", state)], closely).is_empty()
    }

    fn tell(roster: &Roster, state: GroupState) {
        let told = Described { state, protocol_type: "consumer".into(), members: vec![] };
        roster.take_in(&[&group("g", state)], HashMap::from([("g".into(), Ok(told))]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_is_described_once_and_again_when_its_state_changed_or_it_is_long_ago() {
        let roster = Roster::default();
        assert!(due(&roster, Stable, false), "never described");
        tell(&roster, Stable);
        assert!(!due(&roster, Stable, false));
        assert!(due(&roster, PreparingRebalance, false), "its state changed");
        assert!(due(&roster, Stable, true), "it is looked at");
        assert!(!due(&roster, Empty, true), "the empty have no members");
        tokio::time::advance(OLD + Duration::from_secs(1)).await;
        assert!(due(&roster, Stable, false), "long ago");
    }

    #[test]
    fn a_broker_that_lists_no_states_is_asked_each_time() {
        let roster = Roster::default();
        tell(&roster, Unknown);
        assert!(due(&roster, Unknown, false));
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let roster = Roster::default();
        tell(&roster, Stable);
        roster.keep(&[group("other", Stable)]);
        assert!(due(&roster, Stable, false));
    }
}
