//! The first line: which cluster, what it is, how much arrives, and whether it answers.
use crate::{
    bus::KafkaVersion,
    layout::Focus,
    panels::Session,
    text::Safe,
    topic::Broker,
    widgets::{Pen, Word, format},
};
use jiff::Timestamp;
use ratatui::layout::Rect;

/// Columns on the left that the words on the right leave free: enough to tell where one is.
const LEAST: usize = 24;

#[derive(Debug)]
pub struct Header {
    cluster: Safe,
    brokers: usize,
    /// As many as this cluster ever had while we looked.
    most: usize,
    kafka: Safe,
    link: Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Connecting { since: Timestamp },
    Live,
    Lost { since: Timestamp },
}

impl Header {
    pub fn new(cluster: &str, now: Timestamp) -> Self {
        let link = Link::Connecting { since: now };
        Self { cluster: Safe::text(cluster), brokers: 0, most: 0, kafka: Safe::default(), link }
    }

    pub fn on_connected(&mut self, brokers: &[Broker], kafka: KafkaVersion) {
        self.brokers = brokers.len();
        self.most = self.most.max(self.brokers);
        self.kafka = Safe::from(kafka.text);
        self.link = Link::Live;
    }

    pub fn on_failed(&mut self, now: Timestamp) {
        if !matches!(self.link, Link::Lost { .. }) {
            self.link = Link::Lost { since: now };
        }
    }

    /// `rate`: records a second over all topics and whether it is complete. `only`: the one panel on the screen.
    pub fn draw(&self, pen: &mut Pen, area: Rect, session: &Session, rate: Option<(f64, bool)>, only: Option<Focus>) {
        let mut left = self.name(pen, only);
        let right = self.right(pen, session, usize::from(area.width).saturating_sub(columns(&left).min(LEAST)));
        let room = area.width.saturating_sub(columns(&right) as u16);
        for word in self.about(pen) {
            // Whole words or none.
            if columns(&left) + word.0.width() <= usize::from(room) {
                left.push(word);
            }
        }
        let used = pen.line(area.x, area.y, room, &left);
        pen.line_right(area.x + room, area.y, area.width - room, &right);
        if let Some((rate, complete)) = rate {
            let about = if complete { "" } else { "~ " };
            let words = Safe::from(format!("{about}{} records/s", format::rate(rate)));
            let middle = (used + 2).max(room.saturating_sub(words.width() as u16 + 3));
            if usize::from(room.saturating_sub(middle)) > words.width() {
                pen.put(area.x + middle, area.y, room - middle, &words, pen.theme.text);
            }
        }
    }

    fn name(&self, pen: &Pen, only: Option<Focus>) -> Vec<Word> {
        let theme = pen.theme;
        let mut words = vec![(Safe::literal(" "), theme.text)];
        if let Some(focus) = only {
            words.push((Safe::from(format!("{} {}   ", focus as usize + 1, focus.title())), theme.title));
        }
        words.push((self.cluster.clone(), theme.title));
        words
    }

    /// What the cluster is, as far as it is known.
    fn about(&self, pen: &Pen) -> Vec<Word> {
        let mut words = vec![];
        match (self.brokers, self.most) {
            (0, _) => {}
            (n, most) if n < most => words.push((Safe::from(format!("   {n} of {most} brokers")), pen.theme.warn)),
            (1, _) => words.push((Safe::literal("   1 broker"), pen.theme.text)),
            (n, _) => words.push((Safe::from(format!("   {n} brokers")), pen.theme.text)),
        }
        if self.kafka.width() > 0 {
            words.push((Safe::from(format!("   Kafka {}", self.kafka)), pen.theme.text));
        }
        words
    }

    /// As much as `room` columns take; the clock goes first, then the mode.
    fn right(&self, pen: &Pen, session: &Session, room: usize) -> Vec<Word> {
        let theme = pen.theme;
        let mode = if session.read_only { ("  read-only", theme.good) } else { ("  read-write", theme.warn) };
        let ago = |since| format::span(format::since(since, session.now));
        let link = match self.link {
            Link::Live => (Safe::literal("   ● live"), theme.good),
            Link::Connecting { since } => (Safe::from(format!("   ○ connecting {}", ago(since))), theme.warn),
            Link::Lost { since } => (Safe::from(format!("   ✗ not connected, {}", ago(since))), theme.bad),
        };
        let clock = Safe::from(format!("   {} ", format::clock(session.now, &session.zone)));
        let mut words = vec![(Safe::literal(mode.0), mode.1), link, (clock, theme.muted)];
        for goes in [2, 0, 0] {
            if columns(&words) > room {
                words.remove(goes);
            }
        }
        words
    }
}

fn columns(words: &[Word]) -> usize {
    words.iter().map(|(text, _)| text.width()).sum()
}
