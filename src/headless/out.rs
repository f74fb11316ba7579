//! Where a command prints. A terminal gets safe text cut to its width, a pipe gets everything.
use super::{Ended, table::Table};
use crate::text::Safe;
use serde::Serialize;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};

/// Bytes gathered before they are written.
const BUFFER: usize = 64 << 10;
/// Columns of a terminal that does not tell.
const COLUMNS: usize = 80;

#[derive(Debug)]
pub struct Out {
    stdout: BufWriter<Stdout>,
    /// Columns of the terminal; `None`: stdout is a pipe or a file.
    pub columns: Option<usize>,
}

impl Out {
    pub fn open() -> Self {
        let stdout = io::stdout();
        let columns = stdout
            .is_terminal()
            .then(|| crossterm::terminal::size().map_or(COLUMNS, |(columns, _)| usize::from(columns).max(1)));
        Self { stdout: BufWriter::with_capacity(BUFFER, stdout), columns }
    }

    /// A line of safe text.
    pub fn line(&mut self, text: &Safe) -> Result<(), Ended> {
        writeln!(self.stdout, "{text}").map_err(ended)
    }

    /// One JSON object and a newline.
    pub fn json(&mut self, object: &impl Serialize) -> Result<(), Ended> {
        if self.columns.is_some() {
            let text = serde_json::to_string(object).map_err(|error| ended(error.into()))?;
            return self.line(&Safe::text(&text));
        }
        serde_json::to_writer(&mut self.stdout, object).map_err(|error| ended(error.into()))?;
        self.stdout.write_all(b"\n").map_err(ended)
    }

    /// Whole lines; a pipe gets them as they are.
    pub fn text(&mut self, text: &str) -> Result<(), Ended> {
        if self.columns.is_some() {
            return text.lines().try_for_each(|line| self.line(&Safe::text(line)));
        }
        self.stdout.write_all(text.as_bytes()).map_err(ended)
    }

    pub fn table(&mut self, table: &Table) -> Result<(), Ended> {
        table.lines().try_for_each(|line| self.line(&line))
    }

    pub fn flush(&mut self) -> Result<(), Ended> {
        self.stdout.flush().map_err(ended)
    }
}

fn ended(error: io::Error) -> Ended {
    match error.kind() {
        ErrorKind::BrokenPipe => Ended::Pipe,
        _ => Ended::Wrong(format!("writing to stdout: {error}")),
    }
}

/// Sentences for a person, on stderr; lines that begin with a blank belong to the one before. Nobody can be told when
/// that fails too.
pub fn complain(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let name = if line.starts_with(' ') { "" } else { "kafscope: " };
        let _ = writeln!(stderr, "{name}{}", Safe::text(line));
    }
}

/// What a command came to, on stderr, without the name in front.
pub fn tell(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "{}", Safe::text(line));
    }
}
