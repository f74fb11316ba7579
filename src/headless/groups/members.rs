//! The members of groups as a table, with the column names of Kafka's tool.
use super::look::Seen;
use crate::{group::Member, headless::table::Table, text::Safe};

pub fn table(groups: &[Seen<'_>]) -> Table {
    let heads = ["GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", ">#PARTITIONS", "ASSIGNMENT"];
    let mut table = Table::new(&heads);
    for seen in groups {
        for member in seen.lag.members.as_ref().map(Vec::as_slice).unwrap_or_default() {
            table.row([
                Safe::text(&seen.lag.group.name),
                Safe::text(&member.id),
                member.instance.as_deref().map_or(Safe::literal("–"), Safe::text),
                Safe::text(&member.host),
                Safe::text(&member.client_id),
                Safe::from(member.assigned.iter().map(|(_, ids)| ids.len()).sum::<usize>().to_string()),
                Safe::text(&assignment(member)),
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
