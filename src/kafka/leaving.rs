//! What is still on its way when the screen has gone: it is waited for, and what became of it is told in words.
use crate::{
    bus::{Command, Event},
    reset::account,
};
use futures_util::FutureExt;
use std::path::Path;
use tokio::task::{JoinHandle, JoinSet};

/// What leaving came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Records that stay without an acknowledgement.
    pub records: usize,
    /// What became of every change of a group that the screen did not hear of.
    pub changes: Vec<String>,
}

/// A change of a group on its way, and the event that answers it where nobody took that.
#[derive(Debug)]
pub struct Changing {
    pub doing: Command,
    pub task: JoinHandle<Option<Event>>,
}

/// Records that were not acknowledged before the time was `over`.
pub async fn unacknowledged(sending: &mut JoinSet<bool>, over: impl Future<Output = ()>) -> usize {
    let mut failed = 0;
    let all = async {
        while let Some(acknowledged) = sending.join_next().await {
            failed += usize::from(!acknowledged.unwrap_or(false));
        }
    };
    tokio::select! { biased;
        () = all => {}
        () = over => {}
    }
    failed + sending.len()
}

/// Every change comes to its end, or is given up on when the time is `over`.
pub async fn changes(changing: Vec<Changing>, over: impl Future<Output = ()>) -> Vec<String> {
    let over = over.shared();
    let mut told = Vec::new();
    for Changing { doing, mut task } in changing {
        let ended = tokio::select! { biased;
            ended = &mut task => ended,
            () = over.clone() => {
                task.abort();
                task.await
            }
        };
        match ended {
            Ok(event) => told.extend(event.iter().flat_map(words)),
            Err(_) => told.extend(unknown(&doing)),
        }
    }
    told
}

/// What an event tells of a change; nothing where it is about something else. A plan that took the place of a reset wrote
/// nothing.
pub fn words(event: &Event) -> Vec<String> {
    match event {
        Event::ResetEnded { done, .. } => [done.failures(), vec![done.words()]].concat(),
        Event::OffsetsForgotten { group, partitions, .. } => {
            let refused = partitions.iter().filter_map(|(.., answer)| Some(answer.as_ref().err()?.to_string()));
            let refused: Vec<_> = refused.collect();
            let (all, gone) = (partitions.len(), partitions.len() - refused.len());
            [refused, vec![format!("{group}: {gone} of {all} commits deleted")]].concat()
        }
        Event::GroupDeleted { group, .. } => vec![format!("group {group} was deleted")],
        Event::Failed { doing, why } if is_change(doing) => vec![why.to_string()],
        _ => vec![],
    }
}

fn is_change(doing: &Command) -> bool {
    matches!(doing, Command::Reset { .. } | Command::ForgetOffsets { .. } | Command::DeleteGroup { .. })
}

fn unknown(doing: &Command) -> Option<String> {
    match doing {
        Command::Reset { plan, undo, .. } => Some(cut_off(&plan.group, undo)),
        Command::ForgetOffsets { group, .. } => Some(format!("deleting offsets of group {group}: {UNKNOWN}")),
        Command::DeleteGroup { group, .. } => Some(format!("deleting group {group}: {UNKNOWN}")),
        _ => None,
    }
}

const UNKNOWN: &str = "no answer yet, so what became of it is unknown; it may have been done";

/// The undo file is there before anything is written.
fn cut_off(group: &str, undo: &Path) -> String {
    if undo.exists() {
        format!("the reset of group {group}: {UNKNOWN}; the undo file is {}; {}", undo.display(), account::back(undo))
    } else {
        format!("the reset of group {group} was given up on before anything was written")
    }
}
