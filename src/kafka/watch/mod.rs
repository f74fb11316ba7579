//! Asks again and again what there is: topics and their offsets ([`topics`]), groups and their lag ([`groups`]), their
//! oldest unread records ([`unread`]). A round never begins before the last one ended, and slow rounds come less often.
mod groups;
mod topics;
mod unread;

use super::{
    groups::{Listing, Roster},
    offsets::Offsets,
    wire::Cluster,
};
use crate::{bus::Event, group::GroupName};
use std::sync::Arc;
use tokio::{
    sync::{Notify, mpsc::Sender, watch},
    time::{Duration, timeout},
};
use unread::Behind;

/// Between two rounds of topics, and of the groups on the screen.
const ROUND: Duration = Duration::from_secs(2);
/// After a failed attempt; a broker that comes back is seen within a second.
const RETRY: Duration = Duration::from_millis(500);

/// What the rounds share.
#[derive(Debug)]
pub struct Watch {
    pub cluster: Arc<Cluster>,
    pub offsets: Arc<Offsets>,
    pub events: Sender<Event>,
    /// Unread records are those that a read-committed consumer would read.
    committed: bool,
    /// A person asked to look now.
    again: Notify,
    /// Becomes true with the first answer, so that groups are not asked for before there is a cluster.
    reached: watch::Sender<bool>,
    /// The groups as last listed; `None` before the first list.
    listing: watch::Sender<Option<Arc<Listing>>>,
    on_screen: watch::Sender<Vec<GroupName>>,
    roster: Roster,
    behind: watch::Sender<Behind>,
}

/// Whether the street to the screen is still open; a task ends when it is not.
type Open = Result<(), Gone>;

/// The screen has left.
#[derive(Debug)]
pub struct Gone;

impl Watch {
    pub fn new(cluster: Arc<Cluster>, events: Sender<Event>, committed: bool) -> Self {
        Self {
            offsets: Arc::new(Offsets::new(cluster.clone())),
            cluster,
            events,
            committed,
            again: Notify::new(),
            reached: watch::Sender::new(false),
            listing: watch::Sender::default(),
            on_screen: watch::Sender::default(),
            roster: Roster::default(),
            behind: watch::Sender::default(),
        }
    }

    /// Look now instead of at the next round.
    pub fn look_again(&self) {
        self.again.notify_waiters();
    }

    pub async fn send(&self, event: Event) -> Open {
        self.events.send(event).await.map_err(|_| Gone)
    }

    /// A pause, cut short when a person asks to look now.
    async fn rest(&self, pause: Duration) {
        let _ = timeout(pause, self.again.notified()).await;
    }
}

/// A task that ends when its owner lets go of it.
#[derive(Debug)]
pub struct Task(tokio::task::JoinHandle<()>);

impl Task {
    pub fn spawn<T>(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(async {
            work.await;
        }))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
