//! The log: to a file of the user's choice and nowhere else, because the terminal is the screen's. Passwords and payloads
//! are never handed to it.
use crate::config::Wrong;
use std::{fs::OpenOptions, path::Path, sync::Mutex};
use tracing_subscriber::EnvFilter;

/// Starts it; `verbose` counts the `-v`. Without a path nothing is recorded.
///
/// # Errors
/// The file cannot be opened.
pub fn start(path: Option<&Path>, verbose: u8) -> Result<(), Wrong> {
    let Some(path) = path else { return Ok(()) };
    let file = options().open(path).map_err(|error| Wrong(format!("opening the log {}: {error}", path.display())))?;
    let detail = match verbose {
        0 => "info",
        1 => "info,kafscope=debug,librdkafka=debug",
        _ => "debug,kafscope=trace",
    };
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(detail)).with_ansi(false);
    log.with_writer(Mutex::new(file)).try_init().map_err(|error| Wrong(format!("starting the log: {error}")))
}

/// Readable for its owner only: names of topics and hosts are somebody's business.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
