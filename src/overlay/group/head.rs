//! The lines at the head of a group: what it is, how far behind all of it is, how that is spread, and where it goes.
use super::{Group, spread};
use crate::{
    group::{GroupState, GroupType, label::label},
    lag::{Behind, Clears, History, PartitionLag, Status, Total, Verdict},
    panels::Look,
    text::Safe,
    widgets::{Pen, Word, format},
};
use jiff::Timestamp;
use std::time::Duration;

/// Waiting longer than this shows for how long.
const PATIENCE: Duration = Duration::from_millis(300);

impl Group {
    /// What the group is, in one line.
    fn identity(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let kind = match self.group.kind {
            GroupType::Classic => "classic",
            GroupType::Consumer => "consumer (KIP-848)",
            GroupType::Share => "share",
            GroupType::Streams => "streams",
            GroupType::Unknown => "type not told",
        };
        let members = match self.lag().map(|lag| &lag.members) {
            None => "… members".into(),
            Some(Err(_)) => "? members".into(),
            Some(Ok(members)) if members.len() == 1 => "1 member".into(),
            Some(Ok(members)) => format!("{} members", members.len()),
        };
        let protocol = match self.group.protocol_type.as_str() {
            "" => "no protocol".into(),
            protocol => format!("protocol {protocol}"),
        };
        let state = self.group.state.word().replace('_', " ");
        let state = if self.group.state == GroupState::Unknown { "state unknown".into() } else { state };
        let rest = format!(" · {kind} · {protocol} · coordinator {} · {members}", self.group.coordinator);
        let moving = self.history.as_ref().is_some_and(|history| history.moves_without_members());
        let label = self.lag().and_then(|lag| label(lag, moving)).map(|label| format!(" · {label}"));
        vec![
            (Safe::from(state), theme.title),
            (Safe::from(rest), theme.text),
            (Safe::from(label.unwrap_or_default()), theme.mark),
        ]
    }

    /// The total, or why there is none.
    fn total(&self, pen: &Pen, look: &Look) -> Word {
        let theme = pen.theme;
        match self.lag().map(|lag| &lag.partitions) {
            _ if self.gone => (Safe::literal("This group is gone. What was read last stands below."), theme.bad),
            None if self.failure.is_some() => (Safe::literal("lag ?"), theme.null),
            None => self.waiting(pen, look),
            Some(Err(why)) if self.group.kind == GroupType::Share => {
                (Safe::from(format!("lag – · {}", why.answered)), theme.text)
            }
            Some(Err(why)) => (Safe::from(format!("lag ? · {why}")), theme.warn),
            Some(Ok(partitions)) => (Safe::from(sum(partitions)), theme.text),
        }
    }

    fn waiting(&self, pen: &Pen, look: &Look) -> Word {
        let waited = format::since(self.opened, look.session.now);
        let since = if waited > PATIENCE { format!(" {}", format::span(waited)) } else { String::new() };
        (Safe::from(format!("Asking for its partitions …{since}")), pen.theme.muted)
    }

    pub(super) fn draw_head(&self, pen: &mut Pen, look: &Look) {
        let area = self.areas.head;
        let lines = [self.identity(pen), vec![self.total(pen, look)], self.spread(pen), self.outlook(pen, look)];
        for (y, words) in (area.y..area.bottom()).zip(lines) {
            pen.line(area.x, y, area.width, &words);
        }
    }

    fn spread(&self, pen: &Pen) -> Vec<Word> {
        match self.lag().and_then(|lag| lag.partitions.as_ref().ok()) {
            Some(partitions) if !partitions.is_empty() => {
                vec![(Safe::from(spread::words(partitions).join(" · ")), pen.theme.text)]
            }
            _ => vec![],
        }
    }

    /// Where it goes: what is judged of it and since when, offsets in and out a second, when it clears, how old the oldest
    /// unread record is.
    fn outlook(&self, pen: &Pen, look: &Look) -> Vec<Word> {
        let (theme, now) = (*pen.theme, look.session.now);
        let Some(history) = &self.history else { return vec![] };
        let verdict = history.verdict();
        let role = verdict.as_ref().map_or(theme.muted, |verdict| match verdict.status {
            Status::Ok => theme.good,
            Status::Observing | Status::NoCommit => theme.muted,
            Status::FallingBehind | Status::Ahead => theme.warn,
            Status::Stuck | Status::Stopped | Status::Rewound | Status::Lost => theme.bad,
        });
        let judged = verdict.map_or("observing…".into(), |verdict| judged(&verdict, look));
        vec![(Safe::from(judged), role), (Safe::from(goes(history, now)), theme.text)]
    }
}

/// `stuck at orders/3@812 since 14:01:08 (2m 14s)`
fn judged(verdict: &Verdict, look: &Look) -> String {
    let (now, zone) = (look.session.now, &look.session.zone);
    let at = verdict.at.as_ref().map(|(topic, partition, offset)| format!(" at {topic}/{partition}@{offset}"));
    let at = at.filter(|_| verdict.status == Status::Stuck).unwrap_or_default();
    let since = verdict.since.filter(|_| !matches!(verdict.status, Status::Ok | Status::Observing | Status::NoCommit));
    let since = since
        .map(|since| format!(" since {} ({})", format::clock(since, zone), format::span(format::since(since, now))));
    let since = since.unwrap_or_default();
    format!("{}{at}{since}", verdict.status.phrase())
}

/// ` · in 12/s · out 4/s · not catching up · oldest unread ≥ 2m 14s old`
fn goes(history: &History, now: Timestamp) -> String {
    let mut words = String::new();
    if let Some(rates) = history.rates() {
        words = format!(" · in {}/s · out {}/s", format::rate(rates.arriving), format::rate(rates.reading));
    }
    words += &match history.clears() {
        Clears::In(time) => format!(" · clears in {}", format::span(time)),
        Clears::Never => " · not catching up".into(),
        Clears::Level => " · keeping level".into(),
        Clears::CaughtUp | Clears::Observing | Clears::Unknown => String::new(),
    };
    words += &match history.behind(now) {
        Behind::CaughtUp => " · caught up".into(),
        Behind::Unknown => String::new(),
        behind => format!(" · oldest unread record {} old", behind.phrase()),
    };
    words
}

/// `lag ≥ 12,331 offsets (+3 without commit) · 1 unknown · 90 lost`, the gravest first.
fn sum(partitions: &[PartitionLag]) -> String {
    let total = Total::of(partitions);
    let lag = match (total.lag, total.is_exact()) {
        (Some(lag), true) => format::grouped(lag),
        (Some(lag), false) => format!("≥ {}", format::grouped(lag)),
        (None, true) => "–".into(),
        (None, false) => "?".into(),
    };
    let mut words = vec![format!("lag {lag}{}", if total.lag.is_some() { " offsets" } else { "" })];
    if total.no_commit > 0 {
        words[0].push_str(&format!(" (+{} without commit)", total.no_commit));
    }
    let mut say = |n: i64, sign: &str, what: &str| {
        if n > 0 {
            words.push(format!("{sign}{} {what}", format::grouped(n)));
        }
    };
    say(total.unknown as i64, "", "unknown");
    say(total.lost, "", "lost");
    say(total.ahead, "+", "ahead");
    words.join(" · ")
}
