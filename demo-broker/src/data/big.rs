//! Values of every size up to 20 MB. They are made of pages that repeat themselves and are packed page by page, so the
//! demo has them at once and keeps only what they are packed.

use super::{Layout, Random, TopicSeed, base_time, texts};
use crate::batch::Record;
use crate::prepared::Prepared;
use bytes::Bytes;
use std::iter;

/// Above the largest value with its key.
const MAX_BYTES: usize = 25 << 20;
const PAGE: usize = 64 << 10;
/// Levels of the deep value, and the bytes of one: together a little less than 1 MB.
const LEVELS: usize = 10_000;
const LEVEL_BYTES: usize = 104;
const INTERVAL_MS: i64 = 1_000;

pub fn topic(seed: u64) -> TopicSeed {
    let mut log = Layout::default();
    for (n, (key, value)) in (0..).zip(values(seed)) {
        let record = Record::at(base_time(seed) + n * INTERVAL_MS).key(key);
        log.push(Prepared::Long { record, value });
    }
    TopicSeed { laid: vec![log], ..TopicSeed::new("big", 1).config("max.message.bytes", MAX_BYTES) }
}

/// What each value is, and its parts.
fn values(seed: u64) -> [(&'static str, Vec<Bytes>); 6] {
    let (line, lines) = (filler(seed, " / "), filler(seed, "\n"));
    [
        ("0 B", Vec::new()),
        ("10 KB", vec![lines.slice(..10 << 10)]),
        ("1 MB in one line", pages(16, &line, |n| format!("part {n} of 16 "), |_| "")),
        ("1 MB of JSON, 10,000 levels deep", deep(&line)),
        ("5 MB of JSON", pages(80, &line, json_head, |n| if n == 80 { "\"}]" } else { "\"}" })),
        ("20 MB of text", pages(320, &lines, |n| format!("page {n} of 320\n"), |_| "\n")),
    ]
}

fn json_head(n: usize) -> String {
    format!("{}{{\"page\":{n},\"text\":\"", if n == 1 { "[" } else { "," })
}

/// So many pages, each of exactly `PAGE` bytes, of `filler` between a head and a tail.
fn pages(count: usize, filler: &Bytes, head: fn(usize) -> String, tail: fn(usize) -> &'static str) -> Vec<Bytes> {
    let page = |n| {
        let (head, tail) = (Bytes::from(head(n)), Bytes::from(tail(n)));
        let room = PAGE - head.len() - tail.len();
        [head, filler.slice(..room), tail]
    };
    (1..=count).flat_map(page).collect()
}

/// An object in an object, 10,000 times, with text in each.
fn deep(filler: &Bytes) -> Vec<Bytes> {
    const HEAD: &[u8] = b"{\"text\":\"";
    const TAIL: &[u8] = b"\",\"in\":";
    let text = filler.slice(..LEVEL_BYTES - HEAD.len() - TAIL.len() - 1);
    let level = [HEAD, &text, TAIL].concat().into();
    let levels = iter::repeat_n(level, LEVELS);
    levels.chain([Bytes::from_static(b"null"), vec![b'}'; LEVELS].into()]).collect()
}

/// At least a page of sentences.
fn filler(seed: u64, between: &str) -> Bytes {
    let mut random = Random::new(seed, "big", 0);
    let mut text = String::new();
    while text.len() < PAGE {
        text.push_str(random.pick(&texts::SENTENCES));
        text.push_str(between);
    }
    text.into()
}
