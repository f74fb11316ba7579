//! `kafscope read`: from where it was told to begin to the end as it is now. Joins no group and commits nothing.
use super::{Done, Ended, Out, Setup, complain, connect, glob, print::Print, topics_exist};
use crate::{
    bus::Where,
    cli::read::Read,
    failure::Failure,
    kafka::{
        scan::{Found, Plan, Scan},
        topics,
        wire::{Cluster, Metadata},
    },
    topic::TopicName,
};
use serde::Serialize;
use std::sync::Arc;

pub async fn run(wanted: &Read, setup: &Setup, out: &mut Out) -> Done {
    let cluster = connect(setup)?;
    let mut print = Print::new(wanted, setup, out);
    let whole = tokio::select! {
        whole = scan(&cluster, wanted, setup, &mut print) => whole,
        _ = tokio::signal::ctrl_c() => Err(Ended::Interrupted),
    };
    print.finish(matches!(whole, Err(Ended::Interrupted)))?;
    whole
}
