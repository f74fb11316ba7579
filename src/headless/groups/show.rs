//! `kafscope groups show`: some groups in detail, once or again and again, and held against what is expected of them.
use super::{
    all_there, list, listing,
    look::{Looks, Seen, Wants},
    members, reports, rows,
};
use crate::{
    cli::groups::Show,
    expect::{self, Expectation},
    failure::Failure,
    group::GroupLag,
    headless::{Done, Ended, Out, Setup, complain, wanted::wrong},
    text::Safe,
    widgets::format,
};
use jiff::tz::TimeZone;
use std::ops::ControlFlow;
use tokio::time::{Duration, Instant, sleep_until};

pub async fn run(wanted: &Show, setup: &Setup, out: &mut Out) -> Done {
    let mut showing = Showing::read(wanted, setup)?;
    let Some(every) = wanted.watch else { return showing.round(out).await.and_then(Unmet::done) };
    let deadline = showing.limit.map(|limit| Instant::now() + limit);
    loop {
        let began = Instant::now();
        let told = showing.round(out).await;
        out.flush()?;
        let over = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        match showing.goes_on(told) {
            ControlFlow::Break(done) => return done,
            ControlFlow::Continue(done) if over => return done,
            ControlFlow::Continue(_) => showing.rounds += 1,
        }
        let next = began + every;
        sleep_until(deadline.map_or(next, |deadline| next.min(deadline))).await;
    }
}

/// What is expected and not so, in words.
struct Unmet(Vec<String>);

impl Unmet {
    fn done(self) -> Done {
        if self.0.is_empty() { Ok(()) } else { Err(Ended::No(self.0.join("\n"))) }
    }
}

struct Showing<'a> {
    wanted: &'a Show,
    expected: Vec<Expectation>,
    limit: Option<Duration>,
    looks: Looks,
    json: bool,
    rounds: u64,
    /// What was wrong in the last round, so that it is said once.
    said: Vec<String>,
}

impl<'a> Showing<'a> {
    fn read(wanted: &'a Show, setup: &Setup) -> Result<Self, Ended> {
        let expected = |text: &String| Expectation::read(text).map_err(|mistake| wrong("--expect", text, &mistake));
        let limit = |text: &String| expect::time(text).map_err(|mistake| wrong("--for", text, &mistake));
        Ok(Self {
            wanted,
            expected: wanted.expect.iter().map(expected).collect::<Result<_, _>>()?,
            limit: wanted.limit.as_ref().map(limit).transpose()?,
            looks: Looks::new(setup)?,
            json: setup.json,
            rounds: 0,
            said: Vec::new(),
        })
    }

    /// Goes on, with what it comes to when the time is over. A cluster that was there and is not now is waited for; a
    /// group that is not there is not.
    fn goes_on(&mut self, told: Result<Unmet, Ended>) -> ControlFlow<Done, Done> {
        match told {
            Ok(unmet) if unmet.0.is_empty() && !self.expected.is_empty() => ControlFlow::Break(Ok(())),
            Ok(unmet) => ControlFlow::Continue(unmet.done()),
            Err(Ended::Kafka(failure)) if self.rounds > 0 => {
                self.say(vec![failure.to_string()]);
                ControlFlow::Continue(Err(Ended::Kafka(failure)))
            }
            Err(ended) => ControlFlow::Break(Err(ended)),
        }
    }

    /// One look at all that is wanted, printed.
    async fn round(&mut self, out: &mut Out) -> Result<Unmet, Ended> {
        let mut listing = listing(&self.looks.cluster).await?;
        self.looks.forget_gone(&listing);
        let names = self.wanted.names.given();
        let there = all_there(names.as_deref().unwrap_or_default(), &listing);
        listing.groups.retain(|group| names.as_ref().is_none_or(|names| names.contains(&&*group.name)));
        let told = self.looks.look(&listing.groups, self.wants()).await;
        self.say(told.iter().flat_map(failures).map(Failure::to_string).collect());
        let seen = self.looks.seen(&told);
        if !seen.is_empty() {
            self.print(&seen, out)?;
        }
        there.map(|()| self.judge(&seen))
    }

    fn wants(&self) -> Wants {
        let rows = !self.wanted.members && !self.wanted.state;
        // Who looks again and again has to know a reader that waits at an open transaction.
        let closely = rows || self.wanted.watch.is_some();
        Wants { closely, unread: self.wanted.behind || self.expected.iter().any(Expectation::reads_records) }
    }

    /// What did not change since the last round is not said again.
    fn say(&mut self, wrong: Vec<String>) {
        wrong.iter().filter(|words| !self.said.contains(words)).for_each(|words| complain(words));
        self.said = wrong;
    }

    fn judge(&self, seen: &[Seen<'_>]) -> Unmet {
        let judge = |seen: &Seen<'_>| {
            let behind = seen.history.behind(seen.now);
            self.expected.iter().filter_map(|expected| expected.judge(seen.lag, &behind).err()).collect::<Vec<_>>()
        };
        Unmet(seen.iter().flat_map(judge).collect())
    }

    fn print(&self, seen: &[Seen<'_>], out: &mut Out) -> Done {
        let watched = self.wanted.watch.is_some();
        if let Some(first) = seen.first().filter(|_| watched && !self.json) {
            if self.rounds > 0 {
                out.line(&Safe::literal(""))?;
            }
            out.line(&Safe::from(format::clock(first.now, &TimeZone::system())))?;
        }
        match (self.wanted.members, self.wanted.state, self.json) {
            (true, _, true) => seen.iter().flat_map(|seen| reports::members(seen.lag)).try_for_each(|m| out.json(&m)),
            (true, _, false) => out.table(&members::table(seen)),
            (_, true, true) => seen.iter().try_for_each(|seen| out.json(&reports::Line::of(*seen))),
            (_, true, false) => out.table(&list::table(seen, self.wanted.behind)),
            (_, _, true) => seen.iter().flat_map(|seen| reports::rows(*seen, watched)).try_for_each(|r| out.json(&r)),
            (_, _, false) => rows::print(seen, rows::Columns { behind: self.wanted.behind, status: watched }, out),
        }
    }
}

fn failures(told: &GroupLag) -> impl Iterator<Item = &Failure> {
    [told.members.as_ref().err(), told.partitions.as_ref().err()].into_iter().flatten()
}
