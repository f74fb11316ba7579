//! `kafscope demo`.
use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// No screen: print `bootstrap HOST:PORT,…` once ready and run until Ctrl-C.
    #[arg(long)]
    pub serve: bool,
    /// The first broker's port, the others have the next ones; any free ones without it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=65533))]
    pub port: Option<u16>,
    /// Orders a second; the other live topics keep their share. With 0 nothing moves.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub rate: u32,
    /// The same seed gives the same records.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}
