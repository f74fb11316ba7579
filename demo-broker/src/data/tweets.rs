//! Tweets as the `createdAt` / `friendsCount` JSON of a well-known Java client: deep, 4 to 8 KB, with ids above 2^53
//! and texts that test the width of a cell.

use super::{Random, TopicSeed, base_time};
use crate::batch::{Codec, Record};
use serde_json::{Value, json};

/// Tweets in the fixed part; live tweets go on from here.
pub const FIXED: u64 = 200;
/// The first id, as in the sample data of the notebooks people bring along. No double can hold it.
const FIRST_ID: u64 = 905_441_423_759_171_585;
/// Between two ids; odd, so that rounding to a double shows.
const ID_STEP: u64 = 1_048_577;
const INTERVAL_MS: u64 = 15_000;
/// A tweet is as long as this at least; a photo more never reaches 8 KB.
const MIN_BYTES: (u64, u64) = (4_100, 7_300);

const TEXTS: [&str; 10] = [
    "16 años :(\n¿Pero quién los cuenta?",
    "Rhya🌷✨ and I waited two hours for the ferry, worth it",
    "the family 👨‍👩‍👧‍👦 is finally complete\n\nwelcome home",
    "my keyboard types \u{e242} when I hold option, anyone else?",
    "Katlyn☮️ says hi 🇳🇱🇧🇪 from the border",
    "lag is zero, coffee is hot ☕️, good morning",
    "l’été est fini, rentrée demain\n– courage !",
    "月が綺麗ですね 🌕 #moon",
    "cafe\u{301} or café? search finds only one of them",
    "रात को बारिश 🌧️ और चाय",
];
const NAMES: [&str; 8] =
    ["Katlyn☮️", "Rhya🌷✨", "\u{e242} Mike", "Søren", "山田 花子", "Zoë 👩🏽‍🚀", "Ludmila", "one\u{200d}two"];
const PLACES: [&str; 5] = ["Utrecht", "Québec", "Αθήνα", "São Paulo", "東京"];
const TAGS: [&str; 6] = ["kafka", "moon", "ferry", "rentrée", "チャイ", "goodmorning"];

pub fn topic(seed: u64) -> TopicSeed {
    let first = base_time(seed);
    let tweets = (1..=FIXED).map(|n| tweet(seed, n, first + ((n - 1) * INTERVAL_MS) as i64));
    TopicSeed::new("tweets", 8).packed(Codec::Zstd, 5).capped().filled(tweets)
}

/// Tweet number `n`, from 1, sent at `at` (milliseconds since 1970). The key is null.
pub fn tweet(seed: u64, n: u64, at: i64) -> Record {
    let mut random = Random::new(seed, "tweets", n);
    let id = FIRST_ID + (n - 1) * ID_STEP;
    let mut tweet = status(&mut random, id, at);
    tweet["inReplyTo"] = json!({ "statusId": id - ID_STEP, "screenName": "kafka_fan", "hops": { "depth": 3 } });
    tweet["retweetedStatus"] = status(&mut random, id - 7 * ID_STEP, at - 86_400_000);
    let least = random.between(MIN_BYTES.0, MIN_BYTES.1) as usize;
    let missing = least.saturating_sub(tweet.to_string().len());
    tweet["mediaEntities"] = photos(&mut random, id, missing);
    Record::at(at).value(tweet.to_string())
}

fn status(random: &mut Random, id: u64, at: i64) -> Value {
    json!({
        "createdAt": spoken(at),
        "id": id,
        "text": random.pick(&TEXTS),
        "source": "<a href=\"https://example.org/app\" rel=\"nofollow\">Some App</a>",
        "truncated": false,
        "lang": random.pick(&["en", "es", "fr", "ja", "nl", "und"]),
        "retweetCount": random.between(0, 900),
        "favoriteCount": random.between(0, 4_000),
        "possiblySensitive": random.chance(3),
        "user": user(random, at),
        "place": place(random),
        "hashtagEntities": (0..random.between(0, 3)).map(|n| hashtag(random, n)).collect::<Vec<_>>(),
    })
}

fn user(random: &mut Random, at: i64) -> Value {
    let number = random.between(1, 9_999_999);
    json!({
        "id": number * 1_000_003,
        "name": random.pick(&NAMES),
        "screenName": format!("user_{number}"),
        "location": random.pick(&PLACES),
        "description": random.pick(&["", "tea, trains, streams", "je ne tweete que le dimanche", "ex-\"expert\" \\ he/him"]),
        "isVerified": random.chance(4),
        "friendsCount": random.between(0, 2_000),
        "followersCount": random.between(0, 50_000),
        "createdAt": spoken(at - random.between(1, 3_000) as i64 * 86_400_000),
    })
}

fn place(random: &mut Random) -> Value {
    if random.chance(60) {
        return Value::Null;
    }
    let (latitude, longitude) = (random.between(0, 89) as f64, random.between(0, 179) as f64);
    let corners = [[longitude, latitude], [longitude + 0.5, latitude], [longitude + 0.5, latitude + 0.25]];
    json!({ "name": random.pick(&PLACES), "boundingBox": { "type": "Polygon", "coordinates": [corners] } })
}

fn hashtag(random: &mut Random, n: u64) -> Value {
    json!({ "text": random.pick(&TAGS), "start": n * 12, "end": n * 12 + 8 })
}

/// As many photos as it takes to reach `least` bytes.
fn photos(random: &mut Random, id: u64, least: usize) -> Value {
    let mut photos = Vec::new();
    let mut bytes = 0;
    while bytes < least {
        let photo = photo(random, id);
        bytes += photo.to_string().len();
        photos.push(photo);
    }
    Value::Array(photos)
}

fn photo(random: &mut Random, id: u64) -> Value {
    let name = format!("{:012x}", random.number() >> 16);
    let size = |side: u64, resize: &str| json!({ "width": side, "height": side * 3 / 4, "resize": resize });
    json!({
        "id": id + random.between(1, ID_STEP - 1),
        "type": "photo",
        "url": format!("https://t.example.org/{name}"),
        "mediaURL": format!("https://pic.example.org/media/{name}.jpg"),
        "sizes": { "0": size(150, "crop"), "1": size(680, "fit"), "2": size(1_200, "fit"), "3": size(2_048, "fit") },
    })
}

/// The date as that client writes it: `Jun 28, 2017 9:20:52 PM`.
fn spoken(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|time| time.strftime("%b %-d, %Y %-I:%M:%S %p").to_string())
        .unwrap_or_default()
}
