//! What a classic consumer owns, as its leader wrote it: bytes from a stranger, read without trust. Kafka's
//! `ConsumerProtocolAssignment`: version `i16`, then topics with their partitions, then user data we do not need.
use crate::topic::TopicName;
use bytes::Buf;

/// More partitions than the largest clusters have: what a member claims beyond is not believed.
const MOST: usize = 200_000;

/// As much as can be read: cut or foreign bytes give fewer topics, never an error and never memory by a claimed count.
pub fn parse(mut bytes: &[u8]) -> Vec<(TopicName, Vec<i32>)> {
    let (mut topics, mut left) = (Vec::new(), MOST);
    if bytes.try_get_i16().is_err() {
        return topics;
    }
    for _ in 0..count(&mut bytes) {
        match topic(&mut bytes, &mut left) {
            Some(topic) => topics.push(topic),
            None => break,
        }
    }
    topics
}

fn topic(bytes: &mut &[u8], left: &mut usize) -> Option<(TopicName, Vec<i32>)> {
    let length = usize::try_from(bytes.try_get_i16().ok()?).ok()?;
    let (name, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    let name = std::str::from_utf8(name).ok()?.into();
    let claimed = usize::try_from(count(bytes)).unwrap_or(0).min(*left);
    let partitions: Vec<_> = (0..claimed).map_while(|_| bytes.try_get_i32().ok()).collect();
    *left -= partitions.len();
    Some((name, partitions))
}

fn count(bytes: &mut &[u8]) -> i32 {
    bytes.try_get_i32().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Version 1, orders 0 and 2, clicks 7, no user data.
    const TWO_TOPICS: &[u8] =
        b"\0\x01\0\0\0\x02\0\x06orders\0\0\0\x02\0\0\0\0\0\0\0\x02\0\x06clicks\0\0\0\x01\0\0\0\x07\xff\xff\xff\xff";

    #[test]
    fn topics_and_partitions_are_read() {
        assert_eq!(parse(TWO_TOPICS), vec![("orders".into(), vec![0, 2]), ("clicks".into(), vec![7])]);
    }

    #[test]
    fn what_is_cut_gives_what_was_there() {
        assert_eq!(parse(&TWO_TOPICS[..26]), vec![("orders".into(), vec![0, 2])]);
        assert_eq!(parse(b""), vec![]);
    }

    #[test]
    fn a_claim_of_two_thousand_million_partitions_takes_no_memory() {
        let parsed = parse(b"\0\x01\0\0\0\x01\0\x01t\x7f\xff\xff\xff\0\0\0\x05");
        assert_eq!(parsed, vec![("t".into(), vec![5])]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..40, byte: u8) {
            let _ = parse(&bytes);
            let mut mutated = TWO_TOPICS.to_vec();
            mutated[at] = byte;
            let read: usize = parse(&mutated).iter().map(|(_, partitions)| partitions.len()).sum();
            prop_assert!(read <= mutated.len() / 4);
        }
    }
}
