//! One member of a group: its cells, and all of it in a sentence.
use crate::{
    group::Member,
    text::Safe,
    theme::{Role, Theme},
    topic::TopicName,
    widgets::table::Column,
};

const CLIENT: usize = 0;
const HOST: usize = 1;
const INSTANCE: usize = 2;
const ASSIGNED: usize = 3;

pub const COLUMNS: [Column; 5] = [
    Column::left("CLIENT", 20, 0),
    Column::left("HOST", 16, 1),
    Column::left("INSTANCE", 12, 3),
    Column::growing("ASSIGNED", 20),
    Column::left("MEMBER ID", 40, 4),
];

/// Client id and host, as the partitions name their owner.
pub fn name(member: &Member) -> String {
    format!("{} @ {}", client(member), member.host.trim_start_matches('/'))
}

/// The empty client id is shown as what it is.
fn client(member: &Member) -> &str {
    if member.client_id.is_empty() { "∅" } else { &member.client_id }
}

pub fn cell(member: &Member, column: usize, theme: &Theme) -> (Safe, Role) {
    match column {
        CLIENT => (Safe::text(client(member)), theme.text),
        HOST => (Safe::text(member.host.trim_start_matches('/')), theme.text),
        INSTANCE => match &member.instance {
            Some(instance) => (Safe::text(instance), theme.text),
            None => (Safe::literal("–"), theme.null),
        },
        ASSIGNED if member.assigned.is_empty() => (Safe::literal("nothing: idle member"), theme.muted),
        ASSIGNED => (Safe::from(assigned(member)), theme.text),
        _ => (Safe::text(&member.id), theme.muted),
    }
}

/// `orders 0–3, 5; payments 1`
fn assigned(member: &Member) -> String {
    let one = |(topic, partitions): &(TopicName, Vec<i32>)| format!("{topic} {}", ranges(partitions));
    member.assigned.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Partitions in a row are written as one range.
fn ranges(partitions: &[i32]) -> String {
    let mut sorted = partitions.to_vec();
    sorted.sort_unstable();
    let rows = sorted.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let word = |row: &[i32]| match row {
        [first, .., last] if row.len() > 2 => format!("{first}–{last}"),
        row => row.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
    };
    rows.map(word).collect::<Vec<_>>().join(", ")
}

/// Everything that is known of one member.
pub fn explain(member: &Member) -> String {
    let instance = member.instance.as_ref().map(|it| format!(", static instance {it}")).unwrap_or_default();
    let owns = if member.assigned.is_empty() {
        "It owns nothing: an idle member.".to_owned()
    } else {
        format!("It owns {}.", assigned(member))
    };
    format!("{}{instance}, member id {}. {owns}", name(member), member.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_in_a_row_are_one_range() {
        assert_eq!(ranges(&[5, 0, 1, 2, 3]), "0–3, 5");
        assert_eq!(ranges(&[1, 2]), "1, 2");
        assert_eq!(ranges(&[i32::MAX, i32::MAX]), "2147483647, 2147483647");
        assert_eq!(ranges(&[]), "");
    }
}
