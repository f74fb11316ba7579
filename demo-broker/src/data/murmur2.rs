//! Where Java clients put a key (`Utils.murmur2`, `BuiltInPartitioner.partitionForKey`), so that a key found in the
//! demo is on the partition that every other tool expects.

const M: u32 = 0x5bd1_e995;
const SEED: u32 = 0x9747_b28c;

/// The hash with Java's seed, as Java's signed number.
pub fn murmur2(key: &[u8]) -> i32 {
    let (words, tail) = key.as_chunks::<4>();
    let mut hash = words.iter().fold(SEED ^ key.len() as u32, |hash, word| {
        let word = u32::from_le_bytes(*word).wrapping_mul(M);
        hash.wrapping_mul(M) ^ (word ^ (word >> 24)).wrapping_mul(M)
    });
    if !tail.is_empty() {
        let rest = tail.iter().rev().fold(0, |rest, byte| rest << 8 | u32::from(*byte));
        hash = (hash ^ rest).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    (hash ^ (hash >> 15)) as i32
}

/// The partition of a key; `partitions` is at least 1.
pub fn partition(key: &[u8], partitions: usize) -> usize {
    (murmur2(key) & i32::MAX) as usize % partitions.max(1)
}

#[cfg(test)]
mod tests {
    use super::{murmur2, partition};

    #[test]
    fn the_hash_is_the_one_of_java() {
        // The vectors of Kafka's UtilsTest.
        assert_eq!(murmur2(b"21"), -973932308);
        assert_eq!(murmur2(b"foobar"), -790332482);
        assert_eq!(murmur2(b"a-little-bit-long-string"), -985981536);
        assert_eq!(murmur2(b"a-little-bit-longer-string"), -1486304829);
        assert_eq!(murmur2(b"abc"), 479470107);
    }

    #[test]
    fn keys_go_where_java_clients_put_them() {
        assert_eq!((partition(b"1", 8), partition(b"2", 8)), (7, 0));
        assert_eq!((partition(b"user-1", 8), partition(b"user-1", 6)), (4, 2));
        assert_eq!((partition(b"user-42", 8), partition(b"user-42", 6)), (4, 4));
    }
}
