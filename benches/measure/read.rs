//! `kafscope read` beside what else reads Kafka: kcat as it is and with a queue large enough, and rdkafka's safe API.
use crate::{
    race::{
        Claim::{self, Faster, Holds, Spares, Within},
        Race,
    },
    sets::{self, NEEDLE, NEEDLES, NOTE, Set},
    stage::Stage,
    way::{NO_WAIT, QUEUE, Way},
};
use anyhow::{Result, ensure};

const COUNT: &str = "kafscope read --count";
const RAW: &str = "kafscope read --raw";
const JSON: &str = "kafscope read --json";
const READER: &str = "rdkafka's safe API, tuned";
const READER_CRC: &str = "rdkafka's safe API, tuned, checksums checked";
const KCAT: &str = "kcat, tuned";
const KCAT_QUEUE: &str = "kcat, 1 GiB queue alone";
const KCAT_J: &str = "kcat -J, tuned";
const PLAIN: &str = "kcat";
const GREP: &str = "kafscope read --grep --count";
const GREP_RAW: &str = "kafscope read --grep --raw";
const WHERE: &str = "kafscope read --where --count";
const KCAT_GREP: &str = "kcat | grep, tuned";
const PLAIN_GREP: &str = "kcat | grep";
const KCAT_JQ: &str = "kcat -J | jq, tuned";

/// Memory that a filter may cost: what the screen's ring holds by default.
const RING_MB: f64 = 67.1;

/// All sets, or only those that are named.
pub fn run(only: &[String]) -> Result<()> {
    let stage = Stage::find()?;
    let sets = [("small", small as fn(&Stage) -> Result<Race>), ("json", json), ("needles", needles)];
    for word in only {
        ensure!(
            sets.iter().any(|(name, _)| name == word),
            "there is no set {word:?}; there are small, json and needles"
        );
    }
    let mut refused = 0;
    for (_, set) in sets.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|word| word == name)) {
        refused += set(&stage)?.run()?;
    }
    ensure!(refused == 0, "kafscope refused {refused} of these, see above");
    Ok(())
}

/// Ways over one set, all on the same topic.
struct Ways<'a> {
    bootstrap: &'a str,
    topic: &'a str,
}

impl Ways<'_> {
    fn ours(&self, name: &'static str, words: &[&str]) -> Way {
        Way::ours(name, self.bootstrap, self.topic, words)
    }

    fn tuned(&self, name: &'static str, words: &[&str]) -> Way {
        Way::kcat(name, self.bootstrap, self.topic, &[QUEUE, NO_WAIT, words].concat())
    }

    fn queue(&self, name: &'static str) -> Way {
        Way::kcat(name, self.bootstrap, self.topic, QUEUE)
    }

    fn plain(&self, name: &'static str) -> Way {
        Way::kcat(name, self.bootstrap, self.topic, &[]).slow()
    }

    /// librdkafka leaves checksums unchecked unless told otherwise; ours are always checked.
    fn readers(&self) -> Result<[Way; 2]> {
        let reader = |name, words: &[&str]| Way::reader(name, self.bootstrap, self.topic, words);
        Ok([reader(READER, &[])?, reader(READER_CRC, &["check.crcs=true"])?])
    }
}

fn race(
    stage: &Stage,
    name: &'static str,
    set: &Set,
    want: u64,
    enter: impl Fn(Ways) -> Result<Vec<Way>>,
) -> Result<Race> {
    set.put_on(stage)?;
    let ways = enter(Ways { bootstrap: &stage.bootstrap, topic: &set.topic })?;
    Ok(Race { name, want, megabytes: set.megabytes(), ways, claims: vec![] })
}

fn small(stage: &Stage) -> Result<Race> {
    let set = sets::small()?;
    let race = race(stage, "read small", &set, set.records, |ways| {
        let ours = [ways.ours(COUNT, &["--count"]), ways.ours(RAW, &["--raw"]), ways.ours(JSON, &["--json"])];
        let kcat = [ways.tuned(KCAT, &[]), ways.queue(KCAT_QUEUE), ways.tuned(KCAT_J, &["-J"]), ways.plain(PLAIN)];
        Ok(ours.into_iter().chain(ways.readers()?).chain(kcat).collect())
    })?;
    let claims: Vec<Claim> = vec![
        Within(COUNT, 400.0),
        Holds(COUNT, 120.0),
        Faster(COUNT, KCAT, 4.0),
        Faster(COUNT, KCAT_QUEUE, 4.0),
        Faster(COUNT, READER, 4.0),
        Faster(COUNT, PLAIN, 20.0),
        Faster(RAW, KCAT, 2.5),
        Faster(JSON, KCAT_J, 5.0),
        Spares(JSON, KCAT_J, 5.0),
    ];
    Ok(Race { claims, ..race })
}

fn json(stage: &Stage) -> Result<Race> {
    let set = sets::json()?;
    let race = race(stage, "read json", &set, set.records, |ways| {
        let ours = [ways.ours(COUNT, &["--count"]), ways.ours(RAW, &["--raw"])];
        Ok(ours.into_iter().chain(ways.readers()?).chain([ways.tuned(KCAT, &[])]).collect())
    })?;
    Ok(Race { claims: vec![Faster(COUNT, KCAT, 2.0), Faster(COUNT, READER, 2.0), Faster(RAW, KCAT, 2.5)], ..race })
}

fn needles(stage: &Stage) -> Result<Race> {
    let set = sets::needles()?;
    let (ours, kcats) = (format!(".value.note == {NOTE:?}"), format!("select((.payload | fromjson).note == {NOTE:?})"));
    let race = race(stage, "read needles", &set, NEEDLES, |ways| {
        let find = ["grep", "-F", NEEDLE];
        Ok(vec![
            ways.ours(GREP, &["--grep", NEEDLE, "--count"]),
            ways.ours(GREP_RAW, &["--grep", NEEDLE, "--raw"]),
            ways.tuned(KCAT_GREP, &[]).then(&find),
            ways.plain(PLAIN_GREP).then(&find),
            ways.ours(WHERE, &["--where", &ours, "--count"]),
            ways.tuned(KCAT_JQ, &["-J"]).then(&["jq", "-c", &kcats]),
        ])
    })?;
    let claims: Vec<Claim> = vec![
        Within(GREP, 300.0),
        Faster(GREP, KCAT_GREP, 4.0),
        Faster(GREP_RAW, KCAT_GREP, 4.0),
        Faster(GREP, PLAIN_GREP, 12.0),
        Faster(WHERE, KCAT_JQ, 15.0),
        Holds(GREP, RING_MB),
        Holds(WHERE, RING_MB),
    ];
    Ok(Race { claims, ..race })
}
