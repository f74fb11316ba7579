//! The topics whose records are plain text: sentences, scripts of the world, and lines that get deleted.

use super::{Random, TopicSeed, base_time};
use crate::batch::{Codec, Record};

/// Sentences in the fixed part of `test`; live ones go on from here.
pub const FIXED_SENTENCES: u64 = 100;
const INTERVAL_MS: i64 = 1_000;

/// The sentences of the word count everyone has run once.
pub(super) const SENTENCES: [&str; 5] = [
    "the cow jumped over the moon",
    "an apple a day keeps the doctor away",
    "four score and seven years ago",
    "snow white and the seven dwarfs",
    "i am at two with nature",
];

/// One text a script, with its language as the key. The last fills 79 columns and then wants two more.
const LANGUAGES: [(&str, &str); 24] = [
    ("zh", "中文消息：消费者组延迟"),
    ("ja", "日本語のメッセージ"),
    ("ko", "한국어"),
    ("fr", "l’année où l’été"),
    ("de", "Überprüfung"),
    ("nl", "één bericht"),
    ("ru", "Привет"),
    ("hi", "नमस्ते"),
    ("ar", "مرحبا بالعالم"),
    ("he", "שלום"),
    ("combining", "e\u{301}te\u{301} avec e + U+0301"),
    ("full-width", "ＡＢＣ１２３"),
    ("family", "👨‍👩‍👧‍👦 one cell pair, seven code points"),
    ("flags", "🇳🇱 🇫🇷 🇨🇳 🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
    ("el", "Καλημέρα κόσμε"),
    ("th", "สวัสดีชาวโลก"),
    ("ta", "வணக்கம்"),
    ("ka", "გამარჯობა"),
    ("hy", "Բարեւ"),
    ("am", "ሰላም ልዑል"),
    ("vi", "Tiếng Việt có dấu"),
    ("tr", "İstanbul ılık, ırmak İri"),
    ("bn", "ওহে বিশ্ব"),
    ("edge", "0123456789012345678901234567890123456789012345678901234567890123456789012345678中"),
];

/// `test`: two replicas instead of three.
pub fn sentences(seed: u64) -> TopicSeed {
    let sentences = (0..FIXED_SENTENCES).map(|n| sentence(seed, n + 1, base_time(seed) + n as i64 * INTERVAL_MS));
    let topic = TopicSeed { replication: 2, ..TopicSeed::new("test", 8) };
    topic.packed(Codec::Snappy, 4).capped().filled(sentences)
}

/// Sentence number `n`, from 1, said at `at` (milliseconds since 1970). The key is null.
pub fn sentence(seed: u64, n: u64, at: i64) -> Record {
    Record::at(at).value(Random::new(seed, "test", n).pick(&SENTENCES))
}

/// Record number `n` of `fast`: 100 bytes. The key is null.
pub fn fast(seed: u64, n: u64, at: i64) -> Record {
    let mut random = Random::new(seed, "fast", n);
    let numbers: String = (0..5).map(|_| format!(" {:016x}", random.number())).collect();
    Record::at(at).value(format!("{n:015}{numbers}"))
}

/// `mytopic`: both records on partition 0, so that their order is sure.
pub fn mytopic(seed: u64) -> TopicSeed {
    let mut topic = TopicSeed::new("mytopic", 3);
    for (n, text) in (0..).zip(["This is a message", "This is another message"]) {
        topic.put(0, Record::at(base_time(seed) + n * INTERVAL_MS).value(text));
    }
    topic
}

pub fn languages(seed: u64) -> TopicSeed {
    let records = (0..).zip(LANGUAGES).map(|(n, (language, text))| {
        let at = base_time(seed) + n * INTERVAL_MS;
        Record::at(at).key(language).value(text)
    });
    TopicSeed::new("languages", 2).filled(records)
}

/// `retained`: 1,000 lines of which the first 700 are deleted; the new start is inside a batch.
pub fn retained(seed: u64) -> TopicSeed {
    let topic = TopicSeed::new("retained", 1).packed(Codec::Gzip, 64).config("segment.bytes", 1_048_576);
    TopicSeed { deleted_before: 700, ..topic }.filled(lines(seed, 1_000))
}

/// `drained`: 50 lines, all of them deleted.
pub fn drained(seed: u64) -> TopicSeed {
    TopicSeed { deleted_before: 50, ..TopicSeed::new("drained", 1) }.filled(lines(seed, 50))
}

fn lines(seed: u64, count: i64) -> impl Iterator<Item = Record> {
    (0..count).map(move |n| Record::at(base_time(seed) + n * INTERVAL_MS).value(format!("line {n}")))
}
