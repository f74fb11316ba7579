//! The records of one answer in the order of time, as far as the order within partitions allows.
use crate::{
    kafka::fetch::chunk::{MOST_BYTES, MOST_RECORDS},
    record::{Batch, Head, Record, gather::gather},
};
use std::collections::BTreeMap;

/// What is in order already stays as it is, and what lies in one buffer is not copied.
pub fn in_order(mut batches: Vec<Batch>) -> Vec<Batch> {
    if let [batch] = batches.as_mut_slice() {
        if let Some(order) = order(batch.heads.iter()) {
            batch.heads = order.into_iter().filter_map(|at| batch.heads.get(at)).copied().collect();
        }
        return batches;
    }
    let records: Vec<Record<'_>> = batches.iter().flat_map(Batch::records).collect();
    match order(records.iter().map(|record| record.head)) {
        None => batches,
        Some(order) => gather(order.into_iter().filter_map(|at| records.get(at)).copied(), MOST_RECORDS, MOST_BYTES),
    }
}

/// `None`: they are in order already. A record counts as no earlier than those before it in its partition, so that these
/// stay in the order of offsets.
fn order<'a>(heads: impl Iterator<Item = &'a Head>) -> Option<Vec<usize>> {
    let mut latest = BTreeMap::<i32, i64>::new();
    let time = |head: &Head| {
        let latest = latest.entry(head.partition).or_insert(i64::MIN);
        *latest = head.timestamp.max(*latest);
        *latest
    };
    let times: Vec<i64> = heads.map(time).collect();
    if times.is_sorted() {
        return None;
    }
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|at| times.get(*at));
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Span, TimestampType};
    use bytes::Bytes;

    /// Records as partition, offset and time; the value is the offset.
    fn batch(records: &[(i32, i64, i64)]) -> Batch {
        let mut buffer = vec![];
        let head = |(partition, offset, timestamp): &(i32, i64, i64)| {
            buffer.push(*offset as u8);
            Head {
                offset: *offset,
                timestamp: *timestamp,
                key: Span::NULL,
                value: Span::new(buffer.len() - 1, 1).unwrap(),
                headers: Span::NULL,
                header_count: 0,
                partition: *partition,
                leader_epoch: -1,
                timestamp_type: TimestampType::Create,
            }
        };
        let heads = records.iter().map(head).collect();
        Batch { topic: "t".into(), capacity: buffer.len(), buffer: Bytes::from(buffer), heads }
    }

    fn rows(batches: &[Batch]) -> Vec<(i32, i64)> {
        let records = batches.iter().flat_map(Batch::records);
        records
            .inspect(|it| assert_eq!(it.value(), Some([it.head.offset as u8].as_slice())))
            .map(|it| it.place())
            .collect()
    }

    #[test]
    fn partitions_are_merged_by_time_and_each_stays_in_its_own_order() {
        let want = [(1, 4), (0, 1), (0, 2), (1, 5), (0, 3)];
        let (zero, one) = ([(0, 1, 10), (0, 2, 5), (0, 3, 20)], [(1, 4, 7), (1, 5, 12)]);
        assert_eq!(rows(&in_order(vec![batch(&[zero.as_slice(), one.as_slice()].concat())])), want);
        assert_eq!(rows(&in_order(vec![batch(&zero), batch(&one)])), want);
    }

    #[test]
    fn what_is_in_order_is_not_touched() {
        let batches = vec![batch(&[(0, 1, 10), (0, 2, 5)]), batch(&[(1, 1, 11)])];
        let before: Vec<_> = batches.iter().map(|batch| batch.buffer.as_ptr()).collect();
        assert_eq!(in_order(batches).iter().map(|batch| batch.buffer.as_ptr()).collect::<Vec<_>>(), before);
    }
}
