//! `kafscope groups list`: the names alone are one request a broker; lags are read only where they are shown.
use super::{
    all_there, listing,
    look::{Looks, Seen, Wants},
    reports::Line,
    said, total,
};
use crate::{
    cli::groups::{List, Sort},
    group::Group,
    headless::{Done, Out, Setup, glob, table::Table},
    kafka::groups,
    lag::Total,
    text::Safe,
};
use std::cmp::Reverse;

pub async fn run(wanted: &List, setup: &Setup, out: &mut Out) -> Done {
    let mut looks = Looks::new(setup)?;
    let lags = wanted.reads_lag() || setup.json;
    let mut listing = if lags && wanted.state.is_empty() {
        listing(&looks.cluster).await?
    } else {
        said(groups::list(&looks.cluster).await?)
    };
    let named = wanted.glob.as_deref();
    let plain = named.filter(|name| glob::is_plain(name));
    all_there(plain.as_slice(), &listing)?;
    listing.groups.retain(|group| named.is_none_or(|pattern| glob::fits(pattern, &group.name)));
    listing.groups.retain(|group| is_wanted(wanted, group));
    if !lags {
        sort_names(&mut listing.groups, wanted.order());
        return out.table(&listed(&listing.groups));
    }
    let by_time = wanted.order() == Sort::Behind;
    let mut told = looks.look(&listing.groups, Wants { closely: false, unread: by_time }).await;
    told.retain(|told| is_wanted(wanted, &told.group));
    let mut seen = looks.seen(&told);
    sort(&mut seen, wanted.order());
    if setup.json {
        seen.iter().try_for_each(|seen| out.json(&Line::of(*seen)))
    } else {
        out.table(&table(&seen, by_time))
    }
}

fn is_wanted(wanted: &List, group: &Group) -> bool {
    wanted.state.is_empty() || wanted.state.contains(&group.state)
}

fn sort_names(groups: &mut [Group], order: Sort) {
    match order {
        Sort::State => groups.sort_by_key(|group| (group.state, group.name.clone())),
        Sort::Name | Sort::Lag | Sort::Behind => groups.sort_by(|a, b| a.name.cmp(&b.name)),
    }
}

fn sort(groups: &mut [Seen<'_>], order: Sort) {
    let name = |seen: &Seen<'_>| seen.lag.group.name.clone();
    match order {
        Sort::Name => groups.sort_by_key(name),
        Sort::State => groups.sort_by_key(|seen| (seen.lag.group.state, name(seen))),
        Sort::Lag => groups.sort_by_key(|seen| (Reverse(lag(seen)), name(seen))),
        Sort::Behind => groups.sort_by_key(|seen| (Reverse(seen.history.behind(seen.now)), name(seen))),
    }
}

fn lag(seen: &Seen<'_>) -> Option<i64> {
    Total::of(seen.lag.partitions.as_ref().ok()?).lag
}

/// What the list of groups tells by itself.
fn listed(groups: &[Group]) -> Table {
    let mut table = Table::new(&["GROUP", "STATE", "TYPE", "PROTOCOL", ">COORDINATOR"]);
    for group in groups {
        table.row([
            Safe::text(&group.name),
            Safe::literal(group.state.word()),
            Safe::literal(group.kind.word().unwrap_or("–")),
            or_dash(&group.protocol_type),
            Safe::from(group.coordinator.to_string()),
        ]);
    }
    table
}

fn or_dash(text: &str) -> Safe {
    if text.is_empty() { Safe::literal("–") } else { Safe::text(text) }
}

/// A line a group, with everything that was read of it.
pub fn table(groups: &[Seen<'_>], behind: bool) -> Table {
    const HEADS: [&str; 9] = ["GROUP", "STATE", "TYPE", ">MEMBERS", ">TOPICS", ">LAG", ">BEHIND", "STATUS", "WHAT"];
    let heads: Vec<_> = HEADS.into_iter().filter(|head| behind || *head != ">BEHIND").collect();
    let mut table = Table::new(&heads);
    for seen in groups {
        table.row(
            cells(*seen).into_iter().zip(HEADS).filter(|(_, head)| behind || *head != ">BEHIND").map(|(cell, _)| cell),
        );
    }
    table
}

fn cells(seen: Seen<'_>) -> [Safe; 9] {
    let line = Line::of(seen);
    let count = |n: Option<usize>| n.map_or(Safe::literal("?"), |n| Safe::from(n.to_string()));
    let what = line.error.clone().or_else(|| seen.label()).unwrap_or_default();
    [
        Safe::text(line.group),
        Safe::literal(line.state),
        Safe::literal(line.group_type.unwrap_or("–")),
        count(line.members),
        count(line.topics),
        seen.lag.partitions.as_ref().map_or(Safe::literal("?"), |rows| total(rows)),
        Safe::from(seen.history.behind(seen.now).phrase()),
        Safe::literal(line.status.unwrap_or("–")),
        Safe::text(&what),
    ]
}
