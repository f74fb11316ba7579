//! Serves an empty cluster until Enter or the end of input, to be tried with other Kafka clients:
//! `cargo run -p kafscope-demo-broker --example serve [PORT]`.

use kafscope_demo_broker::{Cluster, Setup, TopicSpec};
use std::io::{self, Write};

#[tokio::main]
async fn main() -> io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let cluster = Cluster::start(Setup { port, ..Setup::default() }).await?;
    cluster.create_topic("t", &TopicSpec::new(3).replication(3)).map_err(io::Error::other)?;
    writeln!(io::stdout(), "{}", cluster.bootstrap())?;
    tokio::task::spawn_blocking(|| io::stdin().read_line(&mut String::new())).await??;
    cluster.shutdown().await;
    Ok(())
}
