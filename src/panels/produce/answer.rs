//! What became of the last record, in the words of one line.
use crate::{
    panels::Session,
    text::Safe,
    theme::Theme,
    widgets::{Word, format},
};
use jiff::Timestamp;
use std::time::Duration;

/// Nobody has to be told that something takes as long as a blink.
const BLINK: Duration = Duration::from_millis(300);

#[derive(Debug, Default)]
pub enum Answer {
    #[default]
    Nothing,
    /// The box itself says no.
    Refused(&'static str),
    Sending {
        since: Timestamp,
    },
    Acknowledged {
        id: u64,
        partition: i32,
        offset: i64,
        took: Duration,
    },
    Failed {
        why: String,
        maybe_written: bool,
    },
}

impl Answer {
    pub fn words(&self, session: &Session, theme: &Theme) -> Vec<Word> {
        match self {
            Self::Nothing => vec![],
            Self::Refused(words) => vec![(Safe::literal(words), theme.warn)],
            Self::Sending { since } => {
                let waited = format::since(*since, session.now);
                let waited = if waited < BLINK { String::new() } else { format!(" {}", format::span(waited)) };
                vec![(Safe::from(format!("… sending{waited}")), theme.muted)]
            }
            Self::Acknowledged { id, partition, offset, took } => {
                let seen = session.sent.iter().find(|sent| sent.id == *id).and_then(|sent| sent.arrived);
                let seen = seen.map(|took| format!(", in tail after {}", format::span(took))).unwrap_or_default();
                let offset = format::grouped(*offset);
                vec![(Safe::from(format!("✓ p{partition} @ {offset} in {}{seen}", format::span(*took))), theme.good)]
            }
            Self::Failed { why, maybe_written: false } => vec![(Safe::text(&format!("✗ {why}")), theme.bad)],
            Self::Failed { why, maybe_written: true } => {
                vec![(Safe::text(&format!("✗ may have been written: {why}")), theme.bad)]
            }
        }
    }
}
