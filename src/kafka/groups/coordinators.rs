//! Asking each group's coordinator, many groups a request, and again where one moved or is still loading.
use crate::{
    group::{Group, GroupName},
    kafka::wire::{
        Cluster, Connection, Error, Result,
        error::{On, check_on},
    },
};
use futures_util::{StreamExt, future::join_all, stream};
use kafka_protocol::{messages::FindCoordinatorRequest, protocol::StrBytes};
use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
};
use tokio::time::{Duration, Instant, sleep};

/// Groups in one request; the answers of as many stay far below the largest frame.
pub const PORTION: usize = 200;
/// Requests at once to one broker where each carries a single group.
pub const AT_ONCE: usize = 16;
/// Pauses before a group whose coordinator moved or loads is asked again; then its row carries the error.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(800), Duration::from_millis(1500)];
/// `CoordinatorType.GROUP`
const GROUP: i8 = 0;

/// What came back for each group.
pub type Answers<T> = HashMap<GroupName, Result<T>>;

/// Calls `ask` with a broker and at most [`PORTION`] of its groups until every group has an answer worth keeping.
pub async fn ask<T, F, Fut>(cluster: &Cluster, groups: &[&Group], deadline: Instant, ask: F) -> Answers<T>
where
    F: Fn(i32, Vec<GroupName>) -> Fut,
    Fut: Future<Output = Vec<(GroupName, Result<T>)>>,
{
    let mut done = HashMap::with_capacity(groups.len());
    let mut located: Vec<_> = groups.iter().map(|group| (group.name.clone(), Ok(group.coordinator))).collect();
    let mut pauses = PAUSES.iter().enumerate();
    loop {
        let (portions, mut answers) = portions(located);
        let asked = join_all(portions.into_iter().map(|(broker, names)| ask(broker, names))).await;
        answers.extend(asked.into_iter().flatten());
        let pause = pauses.next().filter(|(_, pause)| Instant::now() + **pause < deadline);
        let mut again = Vec::new();
        for (name, answer) in answers {
            match &answer {
                Err(error) if pause.is_some_and(|(round, _)| helps(error, round)) => again.push(name),
                _ => drop(done.insert(name, answer)),
            }
        }
        let Some((_, pause)) = pause.filter(|_| !again.is_empty()) else { return done };
        sleep(*pause).await;
        // A coordinator on a new broker is reached through a new snapshot; where that fails the next question says so.
        let _ = cluster.refresh().await;
        located = find(cluster, again, deadline).await;
    }
}

/// Loading takes a while; what moved is found at once or not at all.
fn helps(error: &Error, round: usize) -> bool {
    error.loading() || (round < 2 && (error.moved() || error.unreached()))
}

type Portions = Vec<(i32, Vec<GroupName>)>;

/// Groups by coordinator, cut to size; and those that have none, whose answer is the reason.
fn portions<T>(located: Vec<(GroupName, Result<i32>)>) -> (Portions, Vec<(GroupName, Result<T>)>) {
    let (mut by_broker, mut nowhere) = (BTreeMap::<i32, Vec<GroupName>>::new(), Vec::new());
    for (name, broker) in located {
        match broker {
            Ok(broker) => by_broker.entry(broker).or_default().push(name),
            Err(error) => nowhere.push((name, Err(error))),
        }
    }
    let cut = |(broker, names): (i32, Vec<GroupName>)| {
        names.chunks(PORTION).map(|names| (broker, names.to_vec())).collect::<Vec<_>>()
    };
    (by_broker.into_iter().flat_map(cut).collect(), nowhere)
}

/// The same error for everyone who was asked for.
pub fn all_failed<T>(names: Vec<GroupName>, error: &Error) -> Vec<(GroupName, Result<T>)> {
    names.into_iter().map(|name| (name, Err(error.clone()))).collect()
}

/// The coordinator of one group. Asked again while a new cluster makes the topic that it needs for that.
pub async fn of(cluster: &Cluster, name: &GroupName, deadline: Instant) -> Result<i32> {
    let mut pauses = PAUSES.iter();
    loop {
        let found = find(cluster, vec![name.clone()], deadline).await.into_iter().next();
        let answer = found.map_or_else(|| Err(Error::left_out(looking(name))), |(_, answer)| answer);
        let again = answer.as_ref().is_err_and(|error| helps(error, 0));
        match pauses.next().filter(|pause| again && Instant::now() + **pause < deadline) {
            Some(pause) => sleep(*pause).await,
            None => return answer,
        }
    }
}

/// All in one request since Kafka 3.0 (KIP-699), one a group before.
async fn find(cluster: &Cluster, names: Vec<GroupName>, deadline: Instant) -> Vec<(GroupName, Result<i32>)> {
    let connection = match cluster.any().await {
        Ok(connection) => connection,
        Err(error) => return all_failed(names, &error),
    };
    match connection.version::<FindCoordinatorRequest>() {
        Err(error) => all_failed(names, &error),
        Ok(4..) => find_together(cluster, names, deadline).await,
        Ok(_) => {
            let one = async |name| (find_one(&connection, &name, deadline).await, name);
            let found: Vec<_> = stream::iter(names).map(one).buffer_unordered(AT_ONCE).collect().await;
            found.into_iter().map(|(answer, name)| (name, answer)).collect()
        }
    }
}

async fn find_together(cluster: &Cluster, names: Vec<GroupName>, deadline: Instant) -> Vec<(GroupName, Result<i32>)> {
    let keys = names.iter().map(|name| text(name)).collect();
    let request = FindCoordinatorRequest::default().with_key_type(GROUP).with_coordinator_keys(keys);
    let reply = match cluster.ask_any(deadline, |_| request.clone()).await {
        Ok(reply) => reply,
        Err(error) => return all_failed(names, &error),
    };
    let told: HashMap<&str, _> = reply.coordinators.iter().map(|told| (told.key.as_str(), told)).collect();
    let one = |name: &GroupName| match told.get(&**name) {
        None => Err(Error::left_out(looking(name))),
        Some(told) => {
            let on = On::Group(name);
            check_on(on, told.error_code, told.error_message.as_deref(), || looking(name)).map(|()| told.node_id.0)
        }
    };
    names.iter().map(|name| (name.clone(), one(name))).collect()
}

async fn find_one(connection: &Connection, name: &GroupName, deadline: Instant) -> Result<i32> {
    let reply = connection.call_by(&FindCoordinatorRequest::default().with_key(text(name)), deadline).await?;
    check_on(On::Group(name), reply.error_code, reply.error_message.as_deref(), || looking(name))?;
    Ok(reply.node_id.0)
}

fn looking(name: &str) -> String {
    format!("looking for the coordinator of group {name}")
}

pub fn text(name: &str) -> StrBytes {
    StrBytes::from_string(name.to_owned())
}
