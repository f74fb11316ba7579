//! The way to one address: one connection, made when first needed, shared by all who ask, made again when it died.
use super::{
    Address, Connection, Settings,
    error::{Error, Result, Way},
    requests::Requests,
};
use std::sync::{Arc, atomic::AtomicBool};
use tokio::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// The first pause after a failed connect; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// A broker that comes back is seen within this.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The lock is held while connecting, so that many askers make one connection.
#[derive(Debug)]
pub struct Link {
    address: Address,
    peer: String,
    way: Way,
    /// See [`Connection`].
    served: Arc<AtomicBool>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    open: Option<Arc<Connection>>,
    failed: Option<Failed>,
}

#[derive(Debug)]
struct Failed {
    error: Error,
    pause: Duration,
    until: Instant,
}

impl Link {
    pub fn new(address: Address, peer: String, way: Way) -> Self {
        Self { address, peer, way, served: Arc::default(), state: Mutex::default() }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The live connection if there is one and nobody is busy making it.
    pub fn live(&self) -> Option<Arc<Connection>> {
        self.state.try_lock().ok()?.live()
    }

    /// The connection, and whether it was made just now. Soon after a failure the same error is told without trying.
    pub async fn connection(
        &self,
        within: Duration,
        settings: &Settings,
        requests: &Arc<Requests>,
    ) -> Result<(Arc<Connection>, bool)> {
        let mut state = self.state.lock().await;
        if let Some(open) = state.live() {
            return Ok((open, false));
        }
        if let Some(failed) = state.failed.as_ref().filter(|failed| Instant::now() < failed.until) {
            return Err(failed.error.clone());
        }
        match self.open(within, settings, requests).await {
            Ok(open) => {
                let open = Arc::new(open);
                *state = State { open: Some(open.clone()), failed: None };
                Ok((open, true))
            }
            Err(error) => {
                state.remember(&error);
                Err(error)
            }
        }
    }

    /// A connection of one's own, for long polls: a broker answers one connection in order.
    pub async fn open(&self, within: Duration, settings: &Settings, requests: &Arc<Requests>) -> Result<Connection> {
        let (peer, served) = (self.peer.clone(), self.served.clone());
        let opened = Connection::open(&self.address, peer, within, settings, requests.clone(), served).await;
        opened.map_err(|error| Error { way: self.way, ..error })
    }
}

impl State {
    fn live(&self) -> Option<Arc<Connection>> {
        self.open.clone().filter(|open| !open.is_dead())
    }

    fn remember(&mut self, error: &Error) {
        let pause = self.failed.as_ref().map_or(FIRST_PAUSE, |failed| (failed.pause * 2).min(LONGEST_PAUSE));
        self.failed = Some(Failed { error: error.clone(), pause, until: Instant::now() + pause });
        self.open = None;
    }
}
