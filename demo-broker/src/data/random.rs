//! The demo's own source of chance: SplitMix64 (Steele, Lea, Flood 2014), so that a seed gives the same bytes on every
//! machine and with every version of every crate. Not for secrets.

/// A stream of numbers fixed by a seed, a name and an index.
pub struct Random(u64);

impl Random {
    /// Streams of different names, and of different items of one name, do not touch each other: a topic that is
    /// added or changed leaves the bytes of the others as they were.
    pub fn new(seed: u64, stream: &str, item: u64) -> Self {
        let name = stream.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).number());
        Self(name ^ item.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included. The slight favour of the remainder does not matter here.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.number() % (high.saturating_sub(low) + 1)
    }

    /// True in about `percent` of 100 calls.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    pub fn pick<T: Copy, const N: usize>(&mut self, from: &[T; N]) -> T {
        from[self.number() as usize % N]
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_numbers_are_those_of_the_published_algorithm() {
        let mut random = Random(1234567);
        let first: Vec<u64> = (0..3).map(|_| random.number()).collect();
        assert_eq!(first, [6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    #[test]
    fn another_seed_name_or_item_is_another_stream() {
        let first = |seed, name, item| Random::new(seed, name, item).number();
        let one = first(1, "orders", 1);
        assert_eq!(one, first(1, "orders", 1));
        assert!([first(2, "orders", 1), first(1, "tweets", 1), first(1, "orders", 2)].iter().all(|n| *n != one));
    }
}
