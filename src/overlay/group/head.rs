//! The two lines at the head of a group: what it is, and how far behind all of it is.
use super::Group;
use crate::{
    group::{GroupState, GroupType},
    lag::{PartitionLag, Total},
    panels::Look,
    text::Safe,
    widgets::{Pen, Word, format},
};
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
        vec![(Safe::from(state), theme.title), (Safe::from(rest), theme.text)]
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
        let identity = self.identity(pen);
        pen.line(area.x, area.y, area.width, &identity);
        if area.height > 1 {
            let (text, role) = self.total(pen, look);
            pen.put(area.x, area.y + 1, area.width, &text, role);
        }
    }
}

/// `lag ≥ 12,331 offsets (+3 without commit) · 1 unknown · 2 of 6 partitions behind`, the gravest first.
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
    words.push(format!("{} of {} partitions behind", total.behind, partitions.len()));
    words.join(" · ")
}
