//! What became of the last record, in the words of one line.
use crate::{
    panels::Session,
    text::Safe,
    theme::Theme,
    topic::TopicName,
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
    Refused(String),
    Sending {
        topic: TopicName,
        since: Timestamp,
    },
    Acknowledged {
        id: u64,
        topic: TopicName,
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
    pub fn word(&self, session: &Session, theme: &Theme) -> Option<Word> {
        let (text, role) = match self {
            Self::Nothing => return None,
            Self::Refused(words) => (words.clone(), theme.warn),
            Self::Sending { topic, since } => {
                let waited = format::since(*since, session.now);
                let waited = if waited < BLINK { String::new() } else { format!(" {}", format::span(waited)) };
                (format!("… sending{}{waited}", elsewhere(topic, session)), theme.muted)
            }
            Self::Acknowledged { id, topic, partition, offset, took } => {
                let seen = session.sent.iter().find(|sent| sent.id == *id).and_then(|sent| sent.arrived);
                let seen = seen.map(|took| format!(", in tail after {}", format::span(took))).unwrap_or_default();
                let (topic, offset) = (elsewhere(topic, session), format::grouped(*offset));
                (format!("✓{topic} p{partition} @ {offset} in {}{seen}", format::span(*took)), theme.good)
            }
            Self::Failed { why, maybe_written: false } => (format!("✗ {why}"), theme.bad),
            Self::Failed { why, maybe_written: true } => (format!("✗ may have been written: {why}"), theme.bad),
        };
        Some((Safe::text(&text), role))
    }
}

/// The title names the open topic; a record that went to another one says so itself.
fn elsewhere(topic: &TopicName, session: &Session) -> String {
    if session.topic.as_ref() == Some(topic) { String::new() } else { format!(" {topic}") }
}
