//! The places of the command line: a group and partitions that it names must be there, and why nothing lay between two
//! places is said.
use super::{Done, all_exist, complain, read::partitions_exist, wanted::Wanted};
use crate::{
    group::GroupName,
    kafka::{groups, scan::Totals, wire::Cluster},
    place::Where,
    topic::Topic,
};

/// What a scan said of its places.
#[derive(Debug, Default)]
pub struct Said {
    /// Of ranges that end before they begin: told when it is known whether there was anything else.
    pub backwards: Vec<String>,
    /// The nearest was taken for one that is not there, and that was told.
    pub moved: bool,
}

/// Before anything is printed.
pub async fn exist(cluster: &Cluster, wanted: &Wanted, topics: &[&Topic]) -> Done {
    for place in [&wanted.from, &wanted.to].into_iter().flatten() {
        match place {
            Where::Offsets(positions) => partitions_exist(topics, positions.keys())?,
            Where::Group(group) => group_exists(cluster, group).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Who committed is there. Others are looked for in the list, where that is whole.
async fn group_exists(cluster: &Cluster, name: &GroupName) -> Done {
    let commits = groups::commits(cluster, name).await?;
    if commits.iter().any(|commit| !matches!(commit.offset, Ok(None))) {
        return Ok(());
    }
    let listing = groups::list(cluster).await?;
    if !listing.missing.is_empty() {
        return Ok(());
    }
    all_exist("group", &[name], listing.groups.iter().map(|group| &*group.name))
}

/// One sentence, when places were asked for and no record lay between them; otherwise what there was to say of ranges
/// that end before they begin.
pub fn tell_nothing(wanted: &Wanted, totals: &Totals, said: &Said) {
    let is_nothing = totals.records == 0 && totals.looked == 0 && wanted.max != Some(0);
    match why(wanted, said).filter(|_| is_nothing) {
        Some(words) => complain(&words),
        None => said.backwards.iter().for_each(|words| complain(words)),
    }
}

fn why(wanted: &Wanted, said: &Said) -> Option<String> {
    let (from, to) = (wanted.from.as_ref(), wanted.to.as_ref());
    Some(match (from, to) {
        (None, None) => return None,
        (_, Some(Where::Start)) => "nothing is read: reading was to end at the start".into(),
        (Some(from), Some(to)) if !said.backwards.is_empty() => format!("nothing is read: {to} is before {from}"),
        _ if said.moved => return None,
        (Some(Where::End), _) => {
            "nothing is read: at the end there is nothing yet; `kafscope tail` waits for it".into()
        }
        (Some(Where::Time(_)), None | Some(Where::End)) => {
            format!("nothing is read: no record is as late as {}", from?)
        }
        (Some(from), None) => format!("nothing is read: there is no record from {from} on"),
        (None, Some(to)) => format!("nothing is read: there is no record before {to}"),
        (Some(from), Some(to)) => format!("nothing is read: there is no record from {from} to {to}"),
    })
}
