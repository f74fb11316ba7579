//! Serves the whole demo until its input ends or Ctrl-C, without the screen:
//! `cargo run -p kafscope-demo-broker --example demo [RATE [SEED [FAST]]] </dev/tty`.

use kafscope_demo_broker::demo::{Options, Until, serve};
use std::io;

#[tokio::main]
async fn main() -> io::Result<()> {
    let number = |n: usize| std::env::args().nth(n).and_then(|text| text.parse::<u32>().ok());
    let usual = Options::default();
    let options = Options {
        rate: number(1).unwrap_or(usual.rate),
        seed: number(2).map_or(usual.seed, u64::from),
        fast: number(3).unwrap_or(usual.fast),
        ..usual
    };
    serve(options, Until::StdinCloses, &mut io::stdout()).await.map_err(io::Error::other)
}
