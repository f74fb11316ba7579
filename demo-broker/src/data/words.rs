//! The counts that the word count everyone has run once writes: a word and how often it came so far.

use super::{Random, TopicSeed, base_time, texts};
use crate::batch::Record;

const FIXED: usize = 60;
const INTERVAL_MS: i64 = 500;
/// Where a value stands that is eight letters and a number at once.
const LETTERS_AT: usize = 41;
const LETTERS: &str = "eternity";

pub fn topic(seed: u64) -> TopicSeed {
    let mut random = Random::new(seed, "wordcounts", 0);
    let words: Vec<&str> = (0..FIXED).flat_map(|_| random.pick(&texts::SENTENCES).split(' ')).take(FIXED).collect();
    let record = |(n, word): (usize, &&'static str)| {
        let at = Record::at(base_time(seed) + n as i64 * INTERVAL_MS).key(*word);
        let count = words.iter().take(n + 1).filter(|w| *w == word).count() as i64;
        if n == LETTERS_AT { at.value(LETTERS) } else { at.value(count.to_be_bytes().to_vec()) }
    };
    TopicSeed::new("wordcounts", 1).filled(words.iter().enumerate().map(record))
}
