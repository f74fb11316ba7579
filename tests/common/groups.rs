//! Groups as the Kafka side tells them, in a few words each.
#![allow(clippy::panic, reason = "a test says what it misses")]
use super::Screen;
use jiff::Timestamp;
use kafscope::{
    bus::Event,
    failure::Failure,
    group::{Group, GroupLag, GroupState, GroupType, Member},
    lag::{Account, PartitionLag},
};

pub fn group(name: &str, state: GroupState) -> Group {
    Group { name: name.into(), kind: GroupType::Classic, state, protocol_type: "consumer".into(), coordinator: 2 }
}

pub fn partition(topic: &str, partition: i32, start: i64, end: i64, committed: Option<i64>) -> PartitionLag {
    PartitionLag {
        topic: topic.into(),
        partition,
        start: Some(start),
        end: Some(end),
        stable_end: None,
        committed,
        account: Account::Committed,
        commit_epoch: None,
        metadata: String::new(),
        owner: None,
        rebalancing: false,
        error: None,
    }
}

/// Its end could not be read.
pub fn unknown(topic: &str, number: i32, why: &str) -> PartitionLag {
    let error = Some(Failure::new(format!("reading the end of {topic}/{number}"), why, "it is tried again"));
    PartitionLag { end: None, error, ..partition(topic, number, 0, 0, Some(7)) }
}

pub fn member(client: &str, assigned: &[(&str, &[i32])]) -> Member {
    Member {
        id: format!("{client}-5b1a"),
        instance: None,
        client_id: client.into(),
        host: "/10.0.0.4".into(),
        assigned: assigned.iter().map(|(topic, partitions)| ((*topic).into(), partitions.to_vec())).collect(),
    }
}

pub fn lag(name: &str, state: GroupState, members: usize, partitions: Vec<PartitionLag>) -> GroupLag {
    let members = (0..members).map(|i| member(&format!("{name}-{i}"), &[])).collect();
    whole(group(name, state), Ok(members), Ok(partitions))
}

/// As one reading at the time where the stories begin; [`Screen::hear_lag`] makes it a reading of now.
pub fn whole(
    group: Group,
    members: Result<Vec<Member>, Failure>,
    partitions: Result<Vec<PartitionLag>, Failure>,
) -> GroupLag {
    GroupLag { group, members, partitions, commits_at: Timestamp::UNIX_EPOCH, ends_at: Timestamp::UNIX_EPOCH }
}

/// One group on one partition, so many offsets behind.
pub fn behind(name: &str, topic: &str, offsets: i64) -> GroupLag {
    lag(name, GroupState::Stable, 1, vec![partition(topic, 0, 0, 1_000_000, Some(1_000_000 - offsets))])
}

impl Screen {
    pub fn hear_groups(&mut self, groups: &[Group]) -> &mut Self {
        let at = self.now();
        self.hear(Event::GroupsListed { groups: groups.to_vec(), missing: vec![], at })
    }

    pub fn hear_lag(&mut self, groups: Vec<GroupLag>) -> &mut Self {
        let at = self.now();
        let read = |lag| GroupLag { commits_at: at, ends_at: at, ..lag };
        self.hear(Event::LagRead { groups: groups.into_iter().map(read).collect(), at })
    }

    /// Lists these groups and tells their lag.
    pub fn with_groups(&mut self, groups: Vec<GroupLag>) -> &mut Self {
        self.hear_groups(&groups.iter().map(|lag| lag.group.clone()).collect::<Vec<_>>());
        self.hear_lag(groups)
    }

    /// The line of the screen that holds this text.
    #[track_caller]
    pub fn line(&self, text: &str) -> String {
        let screen = self.screen();
        let line = screen.lines().find(|line| line.contains(text));
        line.unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{screen}")).to_owned()
    }
}
