//! One broker's life: its port, and its connections, which end with it.

use crate::connection;
use crate::dispatch::Shared;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

/// Connections at a time; more are closed at once.
const MOST_CONNECTIONS: usize = 1_000;
/// After an error of the port itself (no file descriptors left), so that it does not spin.
const PAUSE: Duration = Duration::from_millis(50);

/// A broker that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Ends the broker and waits until its port and connections are closed.
    pub(crate) async fn stop(self) {
        drop(self.end);
        let _ = self.task.await;
    }
}

/// Starts to serve.
pub(crate) fn run(shared: Shared, listener: TcpListener, id: i32) -> Running {
    let (end, ended) = oneshot::channel();
    Running { end, task: tokio::spawn(serve(shared, listener, id, ended)) }
}

async fn serve(shared: Shared, listener: TcpListener, id: i32, mut ended: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut ended => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) if connections.len() < MOST_CONNECTIONS => {
                    let shared = shared.clone();
                    connections.spawn(async move {
                        if let Err(e) = connection::serve(shared, stream, peer, id).await {
                            tracing::debug!("broker {id} closes a connection: {e}");
                        }
                    });
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
        }
    }
    drop(listener);
    connections.shutdown().await;
}
