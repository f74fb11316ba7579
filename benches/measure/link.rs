//! Reading one partition over a link of 20 ms, beside librdkafka's best settings.
use crate::{
    race::{Claim::Faster, Race},
    relay, sets,
    stage::{self, Stage},
    way::Way,
};
use anyhow::{Result, ensure};
use std::time::Duration;

/// One way.
const LATE: Duration = Duration::from_millis(10);
const OURS: &str = "kafscope read --count";
const OURS_RAW: &str = "kafscope read --raw";
const MOST: [&str; 3] = ["rdkafka, 1 MiB a partition", "rdkafka, 16 MiB a partition", "rdkafka, 64 MiB a partition"];

pub fn run() -> Result<()> {
    let stage = Stage::find()?;
    let set = sets::one()?;
    set.put_on(&stage)?;
    let far = relay::before(&stage::brokers("KAFSCOPE_TEST_KAFKA_FAR")?, LATE)?;
    println!("link, a byte there and back: {:.1?}", relay::round_trip(LATE)?);
    let mut ways =
        vec![Way::ours(OURS, &far, &set.topic, &["--count"]), Way::ours(OURS_RAW, &far, &set.topic, &["--raw"])];
    for (name, mib) in MOST.into_iter().zip([1, 16, 64]) {
        ways.push(Way::reader(name, &far, &set.topic, &settings(mib).each_ref().map(String::as_str))?);
    }
    let claims = MOST.into_iter().map(|peer| Faster(OURS, peer, 1.0)).collect();
    let race = Race { name: "link", want: set.records, megabytes: set.megabytes(), ways, claims };
    ensure!(race.run()? == 0, "kafscope refused some of these, see above");
    Ok(())
}

/// An answer that brings so much of a partition, and room for it.
fn settings(mib: u32) -> [String; 3] {
    let bytes = mib << 20;
    [
        format!("fetch.message.max.bytes={bytes}"),
        format!("fetch.max.bytes={}", bytes.max(50 << 20)),
        format!("receive.message.max.bytes={}", bytes.max(50 << 20) + (1 << 20)),
    ]
}
