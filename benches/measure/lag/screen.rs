//! Groups on the screen: from the start of the program to names and to all lags, and what it costs while they are kept.
use super::set::{self, Set};
use crate::{
    keys, process,
    samples::Samples,
    scale, start,
    target::{self, MB},
    terminal::Terminal,
};
use anyhow::Result;
use std::time::Duration;

const ROUNDS: usize = 10;
/// Names must be there by then, milliseconds; all lags too, unless more is allowed.
const NAMES: f64 = 300.0;
const KEYS: usize = 100;
/// Until the first sweeps are over.
const SETTLE: Duration = Duration::from_secs(15);
/// Seconds in which the cost is taken.
const WATCH: u64 = 60;

/// Whether the rows of so many such groups are on the screen.
fn shows(screen: &str, least: usize, is_group: impl Fn(&str) -> bool) -> bool {
    let first = |row: Vec<&str>| row.first().is_some_and(|name| is_group(name));
    start::rows(screen).filter(|row| first(row.clone())).count() >= least
}

/// Any group, but no topic.
fn has_names(screen: &str) -> bool {
    shows(screen, 1, |name| name.starts_with("lag-") || name.starts_with("lost-"))
}

pub fn open(bootstrap: &str, names: &mut Samples) -> Result<Terminal> {
    let mut terminal = Terminal::open(&["-b", bootstrap, "-t", set::LOST])?;
    let began = terminal.began;
    names.push(terminal.until("names of groups", has_names)? - began);
    Ok(terminal)
}

/// `lags`: milliseconds within which all of them must be there, when not within those for names.
pub fn starts(case: &str, bootstrap: &str, set: &Set, lags: Option<f64>) -> Result<()> {
    let (mut names, mut all) = (Samples::default(), Samples::default());
    let lost = set.lost().count();
    for _ in 0..ROUNDS {
        let mut terminal = open(bootstrap, &mut names)?;
        let began = terminal.began;
        let is_read = |screen: &str| shows(screen, lost, |name| name.starts_with("lost-"));
        all.push(terminal.until("the groups that lost records", is_read)? - began);
        terminal.quit()?;
    }
    println!("{case}, {} groups, from the start of the program to their names: {names}", set.count);
    println!("{case}, {} groups, to all lags: {all}", set.count);
    target::at_most(&format!("{case}, names"), names.median(), NAMES, " ms");
    target::at_most(&format!("{case}, all lags"), all.median(), lags.unwrap_or(NAMES), " ms");
    Ok(())
}

/// Keys while it refreshes, then processor and memory of a minute.
pub fn stays(bootstrap: &str, set: &Set) -> Result<()> {
    let mut terminal = open(bootstrap, &mut Samples::default())?;
    let typed = keys::type_keys(&mut terminal, |typed| typed >= KEYS)?;
    println!("groups, {} of them, key to frame: {}", set.count, typed.keys);
    target::at_most("groups, key to frame, p99", typed.keys.p99(), 20.0, " ms");
    terminal.pass(SETTLE)?;
    let (pid, watch) = (terminal.pid()?, Duration::from_secs(scale::seconds(WATCH)?));
    let before = process::cpu(pid)?;
    terminal.pass(watch)?;
    let cpu = process::cpu(pid)?.saturating_sub(before).as_secs_f64() / watch.as_secs_f64() * 100.0;
    let resident = process::mib(process::status(pid, "VmHWM")?) * MB;
    println!("groups, steady state: {cpu:.2} % of a core; at most {resident:.0} MB resident");
    target::at_most("groups, steady state", Some(cpu), 2.0, " % of a core");
    target::at_most("groups, memory", Some(resident), 120.0, " MB");
    terminal.quit()
}
