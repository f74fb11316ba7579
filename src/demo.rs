//! The demo cluster as a child of the screen: in a process group of its own, so that Ctrl-C is the screen's alone, and
//! ending when its stdin closes, so also when the screen is killed.
use crate::{
    cli::{self, DEMO_CHILD},
    failure::Failure,
};
use kafscope_demo_broker::demo::Options;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// How long the cluster may take to be ready; usually it is within a second.
const READY: Duration = Duration::from_secs(15);
/// How long its members may take to leave.
const LEAVE: Duration = Duration::from_secs(5);
/// Bytes of its last words that are kept.
const LAST_WORDS: u64 = 4096;

/// A running child. Dropping it closes its stdin, which ends it; [`Cluster::end`] waits for that.
#[derive(Debug)]
pub struct Cluster {
    child: Child,
    bootstrap: String,
}

impl Cluster {
    /// Starts this program anew and waits for its `bootstrap` line.
    pub async fn start(demo: &cli::demo::Demo) -> Result<Self, Failure> {
        let mut child = spawn(demo).map_err(|error| failed(&error.to_string()))?;
        let Some(stdout) = child.stdout.take() else { return Err(failed("it has no output")) };
        let mut lines = BufReader::new(stdout).lines();
        match timeout(READY, lines.next_line()).await {
            Ok(Ok(Some(line))) => match line.strip_prefix("bootstrap ") {
                Some(bootstrap) => Ok(Self { bootstrap: bootstrap.to_owned(), child }),
                None => Err(failed(&format!("it said {line:?} instead of its address"))),
            },
            Ok(_) => Err(failed(&last_words(&mut child).await)),
            Err(_) => Err(failed(&format!("it was not ready within {} s", READY.as_secs()))),
        }
    }

    /// `HOST:PORT,HOST:PORT,HOST:PORT`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Ends it and waits until its ports are free again.
    pub async fn end(mut self) {
        drop(self.child.stdin.take());
        if timeout(LEAVE, self.child.wait()).await.is_err() {
            tracing::warn!("the demo did not end by itself and is killed");
            let _ = self.child.kill().await;
        }
    }
}

fn spawn(demo: &cli::demo::Demo) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(DEMO_CHILD).args(["--rate", &demo.rate.to_string(), "--seed", &demo.seed.to_string()]);
    command.args(demo.port.map(|port| format!("--port={port}")));
    #[cfg(unix)]
    command.process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

async fn last_words(child: &mut Child) -> String {
    let mut words = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(LAST_WORDS).read_to_string(&mut words).await; // what came until it broke is enough
    }
    let words = words.trim();
    if words.is_empty() { "it ended without a word".to_owned() } else { words.to_owned() }
}

fn failed(why: &str) -> Failure {
    Failure::new("starting the demo cluster", why, "try another --port, or none")
}

impl From<&cli::demo::Demo> for Options {
    fn from(demo: &cli::demo::Demo) -> Self {
        Self { port: demo.port, rate: demo.rate, seed: demo.seed, ..Self::default() }
    }
}
