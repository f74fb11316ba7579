//! Taxi trips as the open data of a large city gives them: twenty fields, all of them strings, and only two keys.

use super::{Random, TopicSeed, base_time};
use crate::batch::{Codec, Record};
use serde_json::{Value, json};

const FIXED: u64 = 1_000;
const INTERVAL_MS: u64 = 2_000;

/// Eight partitions of which the keys `"1"` and `"2"` fill two.
pub fn topic(seed: u64) -> TopicSeed {
    let first = base_time(seed);
    let trips = (1..=FIXED).map(|n| trip(seed, n, first + (n * INTERVAL_MS) as i64));
    TopicSeed::new("tripdata", 8).packed(Codec::Gzip, 50).filled(trips)
}

fn trip(seed: u64, n: u64, at: i64) -> Record {
    let mut random = Random::new(seed, "tripdata", n);
    let vendor = if random.chance(22) { "1" } else { "2" };
    let trip = fields(&mut random, vendor, at);
    Record::at(at).key(vendor).value(trip.to_string())
}

fn fields(random: &mut Random, vendor: &str, at: i64) -> Value {
    let minutes = random.between(3, 55);
    let fare = 250 + minutes * 80;
    let tip = if random.chance(45) { fare / 5 } else { 0 };
    let toll = if random.chance(4) { 554 } else { 0 };
    json!({
        "dropoff_latitude": degrees(random, "40", 6),
        "dropoff_longitude": degrees(random, "-73", 8),
        "extra": random.pick(&["0", "0.5", "1"]),
        "fare_amount": dollars(fare),
        "improvement_surcharge": "0.3",
        "lpep_dropoff_datetime": moment(at),
        "lpep_pickup_datetime": moment(at - minutes as i64 * 60_000),
        "mta_tax": "0.5",
        "passenger_count": random.between(1, 6).to_string(),
        "payment_type": random.pick(&["1", "1", "2", "2", "3"]),
        "pickup_latitude": degrees(random, "40", 6),
        "pickup_longitude": degrees(random, "-73", 8),
        "ratecodeid": "1",
        "store_and_fwd_flag": random.pick(&["N", "N", "N", "Y"]),
        "tip_amount": dollars(tip),
        "tolls_amount": dollars(toll),
        "total_amount": dollars(fare + tip + toll + 80),
        "trip_distance": dollars(minutes * 21),
        "trip_type": random.pick(&["1", "1", "1", "2"]),
        "vendorid": vendor,
    })
}

/// A coordinate with the fifteen digits that a float printed as a double has.
fn degrees(random: &mut Random, whole: &str, tenth: u64) -> String {
    format!("{whole}.{tenth}{:014}", random.between(0, 99_999_999_999_999))
}

fn dollars(cents: u64) -> String {
    (cents as f64 / 100.0).to_string()
}

fn moment(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S.000").to_string())
        .unwrap_or_default()
}
