//! Deleting a group with all its commits.
use super::{
    coordinators::{self, text},
    refused::{Doing, refusal},
    standing::standing,
};
use crate::{
    failure::Failure,
    group::GroupName,
    kafka::{
        wire::{Cluster, Error},
        writes::Writes,
    },
};
use kafka_protocol::{error::ResponseError, messages::DeleteGroupsRequest};

/// # Errors
/// It has members, which are named; it does not exist; no right; or no answer came, and it may be deleted all the same.
pub async fn delete(cluster: &Cluster, _: Writes, group: &GroupName) -> Result<(), Failure> {
    cluster.metadata().await?;
    let attempted = || format!("deleting group {group}");
    let coordinator = coordinators::of(cluster, group, cluster.deadline()).await?;
    let request = DeleteGroupsRequest::default().with_groups_names(vec![text(group).into()]);
    let reply =
        cluster.tell(coordinator, &request, cluster.deadline()).await.map_err(|error| unanswered(&error, group))?;
    let told = reply.results.iter().find(|told| *told.group_id == **group);
    let code = told.ok_or_else(|| Error::left_out(attempted()))?.error_code;
    match refusal(code, Doing::Delete, attempted) {
        Err(why) if code == ResponseError::NonEmptyGroup.code() => Err(held(cluster, group, why).await),
        answer => answer,
    }
}

/// The same refusal, with the members' names where they can be told.
async fn held(cluster: &Cluster, group: &GroupName, why: Failure) -> Failure {
    match standing(cluster, group, None).await {
        Ok(told) => told.refused.map_or(why.clone(), |refused| why.answering(&*refused.answered)),
        Err(_) => why,
    }
}

fn unanswered(error: &Error, group: &str) -> Failure {
    let told = Failure::from(error);
    if !error.sent() {
        return told;
    }
    let answered = format!("unknown, it may have been done: {}", told.answered);
    Failure::new(format!("deleting group {group}"), answered, "list the groups before trying again")
}
