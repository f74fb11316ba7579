//! The partitions of groups as a table, with the column names of Kafka's tool, and a line for each group.
use super::{look::Seen, reports, total};
use crate::{
    group::Member,
    headless::{Done, Out, account::plural, table::Table},
    lag::{Clears, PartitionLag, Status, Verdict},
    text::Safe,
    widgets::format,
};

/// Columns that are not always there.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub behind: bool,
    /// Only several looks tell more than that it is observed.
    pub status: bool,
}

const HEADS: [&str; 12] = [
    "GROUP",
    "TOPIC",
    ">PARTITION",
    ">CURRENT-OFFSET",
    ">LOG-END-OFFSET",
    ">LAG",
    "STATE",
    BEHIND,
    STATUS,
    "CONSUMER-ID",
    "HOST",
    "CLIENT-ID",
];
const BEHIND: &str = ">BEHIND";
const STATUS: &str = "STATUS";

impl Columns {
    fn have(self, head: &str) -> bool {
        match head {
            BEHIND => self.behind,
            STATUS => self.status,
            _ => true,
        }
    }
}

pub fn print(groups: &[Seen<'_>], columns: Columns, out: &mut Out) -> Done {
    let heads: Vec<_> = HEADS.into_iter().filter(|head| columns.have(head)).collect();
    let mut table = Table::new(&heads);
    for seen in groups {
        for row in seen.lag.partitions.as_ref().map(Vec::as_slice).unwrap_or_default() {
            let cells = cells(*seen, row).into_iter().zip(HEADS);
            table.row(cells.filter(|(_, head)| columns.have(head)).map(|(cell, _)| cell));
        }
    }
    if !table.is_empty() {
        out.table(&table)?;
    }
    groups.iter().try_for_each(|seen| out.line(&Safe::from(summary(*seen, columns))))
}

fn cells(seen: Seen<'_>, row: &PartitionLag) -> [Safe; 12] {
    let number = |n: Option<i64>, absent| n.map_or(Safe::literal(absent), |n| Safe::from(n.to_string()));
    let owner = reports::owner(seen.lag, row);
    let of_owner = |part: fn(&Member) -> &str| owner.map_or(Safe::literal("–"), |member| Safe::text(part(member)));
    let unknown = if row.error.is_some() { "?" } else { "–" };
    let course = seen.history.partition(&row.topic, row.partition);
    let behind = course.map_or_else(String::new, |course| course.behind(seen.now).phrase());
    let status = course.and_then(|course| course.verdict()).map_or("–", |verdict| verdict.status.phrase());
    [
        Safe::text(&seen.lag.group.name),
        Safe::text(&row.topic),
        Safe::from(row.partition.to_string()),
        number(row.committed, unknown),
        number(row.end, "?"),
        number(row.lag(), unknown),
        state(row),
        Safe::from(behind),
        Safe::literal(status),
        of_owner(|member| &member.id),
        of_owner(|member| &member.host),
        of_owner(|member| &member.client_id),
    ]
}

/// The state's word, and what makes it more than a word.
fn state(row: &PartitionLag) -> Safe {
    let word = row.state().word();
    let more = match (row.ahead(), row.lost(), &row.error) {
        (ahead @ 1.., _, _) => format!(" +{ahead}"),
        (_, lost @ 1.., _) => format!(" {lost}"),
        (_, _, Some(failure)) => format!(": {}", failure.answered),
        _ => String::new(),
    };
    let held = match row.held_back() {
        0 => String::new(),
        held => format!(", {held} held back by an open transaction"),
    };
    Safe::text(&format!("{word}{more}{held}"))
}

/// `billing: stable, 2 members, lag 1200, falling behind, 2m 14s behind, in 40/s, out 12/s, not catching up`
fn summary(seen: Seen<'_>, columns: Columns) -> String {
    let told = seen.lag;
    let members = told.members.as_ref().map_or_else(|_| "?".to_owned(), |members| members.len().to_string());
    let lag = told.partitions.as_ref().map_or(Safe::literal("?"), |rows| total(rows));
    let mut words = vec![told.group.state.word().to_owned(), plural(&members, "member"), format!("lag {lag}")];
    words.extend(seen.history.verdict().as_ref().map(verdict));
    if columns.behind {
        words.push(format!("behind {}", seen.history.behind(seen.now).phrase()));
    }
    if let Some(rates) = seen.history.rates().filter(|_| columns.status) {
        words.push(format!("in {}/s, out {}/s", format::rate(rates.arriving), format::rate(rates.reading)));
        words.extend(clears(seen.history.clears()));
    }
    words.extend(seen.label());
    format!("{}: {}", Safe::text(&told.group.name), Safe::text(&words.join(", ")))
}

/// `stuck at orders 3@812`: the record that is next is the one to look at.
fn verdict(verdict: &Verdict) -> String {
    match &verdict.at {
        Some((topic, partition, offset)) if matches!(verdict.status, Status::Stuck | Status::Stopped) => {
            format!("{} at {topic} {partition}@{offset}", verdict.status.phrase())
        }
        _ => verdict.status.phrase().to_owned(),
    }
}

fn clears(clears: Clears) -> Option<String> {
    match clears {
        Clears::In(time) => Some(format!("caught up in {}", format::span(time))),
        Clears::Never => Some("not catching up".into()),
        Clears::Level => Some("keeping level".into()),
        Clears::CaughtUp | Clears::Observing | Clears::Unknown => None,
    }
}
