//! The topics that are read: the same records on every machine, written once a cluster.
use crate::{
    flood::{self, Flood},
    scale,
    stage::Stage,
};
use anyhow::{Result, ensure};

/// In exactly so many records of [`needles`].
pub const NEEDLES: u64 = 37;
/// The word to look for, and the whole field in which it stands.
pub const NEEDLE: &str = "NEEDLE";
pub const NOTE: &str = "NEEDLE-in-the-hay";

pub struct Set {
    /// Names what is in it, so that another size is another topic; as long as any, so that none is found in another.
    pub topic: String,
    pub partitions: i32,
    pub records: u64,
    /// Of a value.
    pub bytes: usize,
    codec: &'static str,
    /// From the record's number, how many there are and how large it must be.
    value: fn(u64, u64, usize) -> String,
}

impl Set {
    fn new(name: &str, partitions: i32, records: u64, bytes: usize, codec: &'static str) -> Result<Self> {
        let records = scale::records(records)?;
        let topic = format!("measure.{name}.{records:07}");
        Ok(Self { topic, partitions, records, bytes, codec, value: |n, _, bytes| document(n, "plain", bytes) })
    }

    pub fn megabytes(&self) -> f64 {
        self.records as f64 * self.bytes as f64 / 1e6
    }

    /// Is there when this returns, with every record.
    pub fn put_on(&self, stage: &Stage) -> Result<()> {
        let Self { topic, records, bytes, partitions, codec, .. } = self;
        if let Some(found) = stage.records(topic)? {
            ensure!(
                found == *records,
                "{topic} has {found} records and should have {records}; delete it and come again"
            );
            println!("{topic} is there already");
            return Ok(());
        }
        let topics = [topic.clone()];
        stage.topics(&topics, *partitions)?;
        let value = |n| (self.value)(n, *records, *bytes);
        let flood = Flood { codec, value: &value, ..Flood::numbers(&stage.bootstrap, &topics, *partitions, *records) };
        let (written, took) = flood.run()?;
        println!("{topic}: {written} records of {bytes} bytes on {partitions} partitions, {codec}, in {took:.1?}");
        Ok(())
    }
}

/// Numbers; what costs is the count of records.
pub fn small() -> Result<Set> {
    Ok(Set { value: |n, _, _| flood::number(n), ..Set::new("small", 6, 5_000_000, 100, "none")? })
}

/// Documents of 1 KiB, compressed.
pub fn json() -> Result<Set> {
    Set::new("json", 6, 1_000_000, 1024, "lz4")
}

/// Documents of 300 bytes, and in a few of them a word that is nowhere else.
pub fn needles() -> Result<Set> {
    let value = |n, of, bytes| document(n, if is_needle(n, of) { NOTE } else { "plain-as-the-others" }, bytes);
    Ok(Set { value, ..Set::new("needles", 6, 1_000_000, 300, "none")? })
}

/// One partition, so that only one request at a time can be under way for it.
pub fn one() -> Result<Set> {
    Set::new("one", 1, 300_000, 1024, "none")
}

/// Few records on many partitions.
pub fn wide(partitions: i32) -> Result<Set> {
    let set = Set::new(&format!("wide{partitions}"), partitions, 10 * partitions as u64, 100, "none")?;
    Ok(Set { value: |n, _, _| flood::number(n), ..set })
}

/// One in each of as many equal stretches, a step further in from one to the next, so that every partition has some.
fn is_needle(n: u64, of: u64) -> bool {
    let stretch = n * NEEDLES / of;
    n == (stretch * of).div_ceil(NEEDLES) + stretch % 6
}

/// JSON of exactly so many bytes: an order that a shop might write.
fn document(n: u64, note: &str, bytes: usize) -> String {
    let mut words = Words(n);
    let (user, price) = (words.number() % 100_000, words.number() % 10_000);
    let head = format!(r#"{{"id":{n},"user":{{"id":{user},"name":"{}"}},"#, words.word());
    let body = format!(r#""price":{price},"paid":{},"note":"{note}","text":""#, n.is_multiple_of(3));
    let mut text = head + &body;
    while text.len() + 2 < bytes {
        text.push_str(words.word());
        text.push(' ');
    }
    text.truncate(bytes - 2);
    text + "\"}"
}

/// The same words for the same number, as varied as speech, so that a codec has its usual work.
struct Words(u64);

const WORDS: [&str; 16] = [
    "tea",
    "shipping",
    "green",
    "order",
    "warehouse",
    "customer",
    "17",
    "blue",
    "returned",
    "and",
    "the",
    "parcel",
    "express",
    "Bern",
    "2026",
    "gift",
];

impl Words {
    /// Splitmix64.
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn word(&mut self) -> &'static str {
        WORDS[(self.number() % WORDS.len() as u64) as usize]
    }
}
