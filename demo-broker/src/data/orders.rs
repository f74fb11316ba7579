//! Orders of a small shop: the topic that tail, filter and lag are shown on.

use super::{Random, TopicSeed, base_time};
use crate::batch::{Codec, Record};
use serde_json::{Value, json};

/// Orders in the fixed part; live orders go on from here.
pub const FIXED: u64 = 1_200;
/// Milliseconds between two orders of the fixed part: together they cover an hour.
const INTERVAL_MS: u64 = 3_000;
const USERS: u64 = 50;
/// Every order with such a number has the header `tag` twice.
const TAGGED: u64 = 40;

/// What the shop sells: article number, name, price in cents.
const ARTICLES: [(&str, &str, u64); 12] = [
    ("MUG-01", "Coffee mug", 850),
    ("TEA-07", "Green tea, 100 g", 640),
    ("BAG-03", "Canvas bag", 1_990),
    ("PEN-12", "Fountain pen", 3_450),
    ("INK-02", "Blue ink", 720),
    ("LMP-05", "Desk lamp", 5_900),
    ("CHR-09", "Café chair", 12_900),
    ("BLK-04", "Notebook, dotted", 1_190),
    ("SOX-08", "Wool socks", 990),
    ("UMB-06", "Umbrella", 2_490),
    ("CLK-11", "Wall clock", 4_200),
    ("BRD-10", "Bread board", 2_750),
];

pub fn topic(seed: u64) -> TopicSeed {
    let first = base_time(seed);
    let orders = (1..=FIXED).map(|n| order(seed, n, first + ((n - 1) * INTERVAL_MS) as i64));
    TopicSeed::new("orders", 6).packed(Codec::Lz4, 20).capped().filled(orders)
}

/// Order number `n`, from 1, placed at `at` (milliseconds since 1970).
pub fn order(seed: u64, n: u64, at: i64) -> Record {
    let mut random = Random::new(seed, "orders", n);
    let user = format!("user-{}", random.between(1, USERS));
    let (items, cents) = items(&mut random);
    let value = json!({
        "id": n,
        "user": user,
        "items": items,
        "amount": price(cents),
        "currency": random.pick(&["EUR", "EUR", "EUR", "USD", "GBP", "SEK"]),
        "at": jiff::Timestamp::from_millisecond(at).map(|time| time.to_string()).unwrap_or_default(),
    });
    let trace = format!("{:016x}{:016x}", random.number(), random.number());
    let source = random.pick(&["web", "web", "app", "shop", "partner"]);
    let record = Record::at(at).key(user).value(value.to_string()).header("trace-id", trace);
    if n.is_multiple_of(TAGGED) {
        return record.header("tag", "gift").header("source", source).header("tag", "express");
    }
    record.header("source", source)
}

fn items(random: &mut Random) -> (Vec<Value>, u64) {
    let mut sum = 0;
    let items = (0..random.between(1, 4)).map(|_| {
        let (article, name, cents) = random.pick(&ARTICLES);
        let quantity = random.between(1, 3);
        sum += cents * quantity;
        json!({ "article": article, "name": name, "quantity": quantity, "price": price(cents) })
    });
    (items.collect(), sum)
}

fn price(cents: u64) -> f64 {
    cents as f64 / 100.0
}
