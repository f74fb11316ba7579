//! From the start of the program to its first frame and to its first full screen.
use crate::{flood::Flood, piped, samples::Samples, stage::Stage, terminal::Terminal};
use anyhow::Result;
use kafscope_demo_broker::data;
use std::{collections::HashSet, net::TcpListener, process::Command};

const ROUNDS: usize = 20;
const TOPICS: usize = 30;
const PARTITIONS: i32 = 3;
const RECORDS: u64 = 1_000;
const GROUPS: usize = 10;

/// What a full screen shows.
struct Wanted {
    topics: HashSet<String>,
    groups: HashSet<String>,
}

impl Wanted {
    /// All names with their counts, a record, and all groups.
    fn is_on(&self, screen: &str) -> bool {
        let topics = rows(screen).filter(|row| self.is_counted(row)).count();
        let groups = rows(screen).filter(|row| row.first().is_some_and(|name| self.groups.contains(*name))).count();
        topics == self.topics.len() && groups == self.groups.len() && received(screen).is_some_and(|n| n > 0)
    }

    /// Name, partitions, records, rate.
    fn is_counted(&self, row: &[&str]) -> bool {
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        row.first().is_some_and(|name| self.topics.contains(*name)) && row.get(2).is_some_and(is_number)
    }
}

/// The words of every row of every panel.
pub fn rows(screen: &str) -> impl Iterator<Item = Vec<&str>> {
    let cells = screen.lines().flat_map(|line| line.split('│'));
    cells.map(|cell| cell.split_whitespace().filter(|word| *word != "●").collect())
}

/// The counter in Tail's lower border.
pub fn received(screen: &str) -> Option<u64> {
    number_before(screen, " received")
}

pub fn number_before(screen: &str, word: &str) -> Option<u64> {
    let (before, _) = screen.split_once(word)?;
    before.split_whitespace().next_back()?.replace(',', "").parse().ok()
}

/// Starts the program again and again.
fn measure(case: &str, words: &[&str], wanted: Option<&Wanted>) -> Result<()> {
    let (mut first, mut full) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        let mut terminal = Terminal::open(words)?;
        let began = terminal.began;
        let frame = terminal.until("the first frame", |screen| screen.contains("1 Topics"))?;
        first.push(frame - began);
        if let Some(wanted) = wanted {
            let is_full = wanted.is_on(&terminal.screen());
            let at = if is_full { frame } else { terminal.until("a full screen", |screen| wanted.is_on(screen))? };
            full.push(at - began);
        }
        terminal.quit()?;
    }
    println!("start, {case}, first frame: {first}");
    if wanted.is_some() {
        println!("start, {case}, full screen: {full}");
    }
    Ok(())
}

pub fn demo() -> Result<()> {
    let topics = data::topics(1);
    let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_graphic());
    let groups =
        data::groups(&topics).iter().map(|group| group.group.to_owned()).filter(|name| is_plain(name)).collect();
    let wanted = Wanted { topics: topics.iter().map(|topic| topic.name.to_owned()).collect(), groups };
    measure("demo", &["demo"], Some(&wanted))
}

pub fn real() -> Result<()> {
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    measure("nothing listens", &["-b", &closed], None)?;
    let silent = TcpListener::bind("127.0.0.1:0")?;
    measure("a port that is silent", &["-b", &silent.local_addr()?.to_string()], None)?;
    let stage = Stage::find()?;
    let wanted = set_up(&stage)?;
    measure("real cluster", &["-b", &stage.bootstrap], Some(&wanted))?;
    beside_kcat(&stage)
}

fn set_up(stage: &Stage) -> Result<Wanted> {
    let topics: Vec<String> = (0..TOPICS).map(|n| format!("start.{n:02}")).collect();
    let groups: Vec<String> = (0..GROUPS).map(|n| format!("start-{n}")).collect();
    stage.topics(&topics, PARTITIONS)?;
    Flood::numbers(&stage.bootstrap, &topics, PARTITIONS, RECORDS).run()?;
    groups.iter().try_for_each(|group| stage.group(group, "start.00", PARTITIONS, 100))?;
    Ok(Wanted { topics: topics.into_iter().collect(), groups: groups.into_iter().collect() })
}

/// Names only, and no screen: the least that any client needs.
fn beside_kcat(stage: &Stage) -> Result<()> {
    let mut times = Samples::default();
    for _ in 0..ROUNDS {
        let ran = piped::run(Command::new("kcat").args(["-L", "-b", &stage.bootstrap]))?;
        times.push(ran.took);
    }
    println!("start, real cluster, `kcat -L` from start to end: {times}");
    Ok(())
}
