//! `kafscope groups`: which groups there are, how far behind they are, and some in detail.
use super::{
    Done, Out, Setup, account::plural, all_exist, complain, connect, glob, reports, reports::Line, table::Table,
};
use crate::{
    cli::groups::{List, Show, Sort, Wanted},
    failure::Failure,
    group::{GroupLag, Member},
    kafka::{
        groups,
        offsets::{At, Offsets, Reading, Spot},
        wire::Cluster,
    },
    lag::{PartitionLag, Total},
    text::Safe,
};
use std::{cmp::Reverse, collections::HashMap, sync::Arc};
use tokio::time::Instant;

pub async fn run(wanted: Wanted, setup: &Setup, out: &mut Out) -> Done {
    let cluster = connect(setup)?;
    let listing = groups::list(&cluster).await?;
    for (broker, failure) in &listing.missing {
        complain(&format!("the groups of broker {broker} are missing: {failure}"));
    }
    match wanted {
        Wanted::List(wanted) => list(&wanted, &cluster, listing, setup, out).await,
        Wanted::Show(wanted) => show(&wanted, &cluster, listing, setup, out).await,
    }
}

/// Every group with its lag, for whoever shows what is around a topic.
pub async fn all(cluster: &Arc<Cluster>, offsets: &Offsets) -> Result<Vec<GroupLag>, Failure> {
    let listing = groups::list(cluster).await?;
    Ok(groups::lag(cluster, offsets, &listing.groups).await)
}

async fn list(
    wanted: &List,
    cluster: &Arc<Cluster>,
    mut listing: groups::Listing,
    setup: &Setup,
    out: &mut Out,
) -> Done {
    let named = wanted.glob.as_deref();
    let plain = named.filter(|name| glob::is_plain(name));
    all_exist("group", plain.as_slice(), listing.groups.iter().map(|group| &*group.name))?;
    listing.groups.retain(|group| named.is_none_or(|pattern| glob::fits(pattern, &group.name)));
    let mut groups = groups::lag(cluster, &Offsets::new(cluster.clone()), &listing.groups).await;
    groups.retain(|group| wanted.state.is_empty() || wanted.state.contains(&group.group.state));
    sort(&mut groups, wanted.order());
    if setup.json {
        groups.iter().try_for_each(|group| out.json(&Line::of(group)))
    } else {
        out.table(&listed(&groups))
    }
}

fn sort(groups: &mut [GroupLag], order: Sort) {
    match order {
        Sort::Name => groups.sort_by(|a, b| a.group.name.cmp(&b.group.name)),
        Sort::State => groups.sort_by_key(|group| (group.group.state, group.group.name.clone())),
        Sort::Lag => groups.sort_by_key(|group| (Reverse(lag(group)), group.group.name.clone())),
    }
}

fn lag(group: &GroupLag) -> Option<i64> {
    Total::of(group.partitions.as_ref().ok()?).lag
}

fn listed(groups: &[GroupLag]) -> Table {
    let mut table = Table::new(&["GROUP", "STATE", "TYPE", ">MEMBERS", ">TOPICS", ">LAG", "STATUS", "ERROR"]);
    for group in groups {
        let line = Line::of(group);
        let count = |n: Option<usize>| n.map_or(Safe::literal("?"), |n| Safe::from(n.to_string()));
        let lag = group.partitions.as_ref().map_or(Safe::literal("?"), |rows| total(rows));
        table.row([
            Safe::text(line.group),
            Safe::literal(line.state),
            Safe::literal(line.kind_of_group().unwrap_or("–")),
            count(line.members),
            count(line.topics),
            lag,
            Safe::literal(line.status.unwrap_or("–")),
            Safe::text(line.error.as_deref().unwrap_or_default()),
        ]);
    }
    table
}

/// `1200`, `≥ 1200` over something unknown, `–` without any commit, and what has no commit counted apart.
pub fn total(partitions: &[PartitionLag]) -> Safe {
    let total = Total::of(partitions);
    let lag = match total.lag {
        None => "–".to_owned(),
        Some(lag) if total.is_exact() => lag.to_string(),
        Some(lag) => format!("≥ {lag}"),
    };
    let apart = if total.no_commit > 0 && total.lag.is_some() {
        format!(" (+{} without commit)", total.no_commit)
    } else {
        String::new()
    };
    Safe::from(lag + &apart)
}

async fn show(
    wanted: &Show,
    cluster: &Arc<Cluster>,
    mut listing: groups::Listing,
    setup: &Setup,
    out: &mut Out,
) -> Done {
    let names = wanted.names();
    let missing = all_exist("group", &names, listing.groups.iter().map(|group| &*group.name));
    listing.groups.retain(|group| wanted.all_groups || names.contains(&&*group.name));
    if listing.groups.is_empty() {
        return missing;
    }
    let offsets = Offsets::new(cluster.clone());
    let groups = groups::lag(cluster, &offsets, &listing.groups).await;
    for group in &groups {
        for failure in [group.members.as_ref().err(), group.partitions.as_ref().err()].into_iter().flatten() {
            complain(&failure.to_string());
        }
    }
    match (wanted.members, setup.json) {
        (true, true) => reports::members(&groups).try_for_each(|line| out.json(&line))?,
        (true, false) => out.table(&members(&groups))?,
        (false, true) => {
            let stable = stable_ends(&offsets, &groups).await;
            reports::rows(&groups, &stable).try_for_each(|line| out.json(&line))?;
        }
        (false, false) => lags(&groups, out)?,
    }
    missing
}

async fn stable_ends(offsets: &Offsets, groups: &[GroupLag]) -> HashMap<Spot, Reading> {
    let rows = groups.iter().filter_map(|group| group.partitions.as_ref().ok()).flatten();
    let spots: Vec<Spot> = rows.map(|row| (row.topic.clone(), row.partition)).collect();
    offsets.read(At::StableEnd, &spots, Instant::now()).await
}

fn lags(groups: &[GroupLag], out: &mut Out) -> Done {
    let mut table = Table::new(&[
        "GROUP",
        "TOPIC",
        ">PARTITION",
        ">CURRENT-OFFSET",
        ">LOG-END-OFFSET",
        ">LAG",
        "STATE",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ]);
    for group in groups {
        for row in group.partitions.as_ref().map(Vec::as_slice).unwrap_or_default() {
            table.row(cells(group, row));
        }
    }
    out.table(&table)?;
    groups.iter().try_for_each(|group| out.line(&Safe::from(summary(group))))
}

fn cells(group: &GroupLag, row: &PartitionLag) -> [Safe; 10] {
    let number = |n: Option<i64>, absent| n.map_or(Safe::literal(absent), |n| Safe::from(n.to_string()));
    let owner = reports::owner(group, row);
    let of_owner = |part: fn(&Member) -> &str| owner.map_or(Safe::literal("–"), |member| Safe::text(part(member)));
    let unknown = if row.error.is_some() { "?" } else { "–" };
    [
        Safe::text(&group.group.name),
        Safe::text(&row.topic),
        Safe::from(row.partition.to_string()),
        number(row.committed, unknown),
        number(row.end, "?"),
        number(row.lag(), unknown),
        state(row),
        of_owner(|member| &member.id),
        of_owner(|member| &member.host),
        of_owner(|member| &member.client_id),
    ]
}

/// The state's word, and what makes it more than a word.
fn state(row: &PartitionLag) -> Safe {
    let word = row.state().word();
    let distance = |from: Option<i64>, to: Option<i64>| Some(to?.saturating_sub(from?)).filter(|n| *n > 0);
    let more = match (distance(row.end, row.committed), distance(row.committed, row.start), &row.error) {
        (Some(ahead), _, _) => format!(" +{ahead}"),
        (_, Some(lost), _) => format!(" {lost}"),
        (_, _, Some(failure)) => format!(": {}", failure.answered),
        _ => String::new(),
    };
    Safe::from(format!("{word}{more}"))
}

fn summary(group: &GroupLag) -> String {
    let members = group.members.as_ref().map_or_else(|_| "?".to_owned(), |members| members.len().to_string());
    let lag = group.partitions.as_ref().map_or(Safe::literal("?"), |rows| total(rows));
    format!(
        "{}: {}, {}, lag {lag}",
        Safe::text(&group.group.name),
        group.group.state.word(),
        plural(&members, "member")
    )
}

fn members(groups: &[GroupLag]) -> Table {
    let heads = ["GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", ">#PARTITIONS", "ASSIGNMENT"];
    let mut table = Table::new(&heads);
    for group in groups {
        for member in group.members.as_ref().map(Vec::as_slice).unwrap_or_default() {
            table.row([
                Safe::text(&group.group.name),
                Safe::text(&member.id),
                member.instance.as_deref().map_or(Safe::literal("–"), Safe::text),
                Safe::text(&member.host),
                Safe::text(&member.client_id),
                Safe::from(member.assigned.iter().map(|(_, ids)| ids.len()).sum::<usize>().to_string()),
                Safe::from(assignment(member)),
            ]);
        }
    }
    table
}

/// `orders:0,1;payments:2`, as Kafka's tool writes it.
fn assignment(member: &Member) -> String {
    let topic = |(topic, ids): &(_, Vec<i32>)| {
        format!("{topic}:{}", ids.iter().map(i32::to_string).collect::<Vec<_>>().join(","))
    };
    member.assigned.iter().map(topic).collect::<Vec<_>>().join(";")
}
