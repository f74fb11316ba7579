//! Several ways to the same records, in turn, round after round, and what was promised of them.
use crate::{
    piped::Ran,
    samples::Samples,
    target::{self, MB},
    way::{Missing, Way},
};
use anyhow::{Result, ensure};

const ROUNDS: usize = 5;

/// A promise about ways, which it names.
pub enum Claim {
    /// At most so many milliseconds.
    Within(&'static str, f64),
    /// At most so many MB resident.
    Holds(&'static str, f64),
    /// At least so many times as fast as the other.
    Faster(&'static str, &'static str, f64),
    /// The other takes at least so many times the processor time.
    Spares(&'static str, &'static str, f64),
}

pub struct Race {
    pub name: &'static str,
    /// Records that each must see in every round.
    pub want: u64,
    /// Of all records that are read, matching or not, in 10⁶ bytes.
    pub megabytes: f64,
    pub ways: Vec<Way>,
    pub claims: Vec<Claim>,
}

#[derive(Default)]
struct Rounds {
    took: Samples,
    cpu: Samples,
    /// MB, the most of all rounds.
    resident: f64,
    missing: Option<Missing>,
}

impl Race {
    /// How many of our own ways were refused.
    pub fn run(&self) -> Result<usize> {
        let mut rounds: Vec<Rounds> = self.ways.iter().map(|_| Rounds::default()).collect();
        for round in 0..ROUNDS {
            for (way, rounds) in self.ways.iter().zip(&mut rounds) {
                if round < way.rounds && rounds.missing.is_none() {
                    self.round(way, rounds)?;
                }
            }
        }
        self.ways.iter().zip(&rounds).for_each(|(way, rounds)| self.say(way, rounds));
        self.claims.iter().for_each(|claim| self.check(claim, &rounds));
        Ok(rounds.iter().filter(|rounds| matches!(rounds.missing, Some(Missing::Refused(_)))).count())
    }

    fn round(&self, way: &Way, rounds: &mut Rounds) -> Result<()> {
        match way.run()? {
            Ok((saw, ran)) => {
                ensure!(saw == self.want, "{}: {} saw {saw} records of {}", self.name, way.name, self.want);
                rounds.add(&ran);
            }
            Err(missing) => rounds.missing = Some(missing),
        }
        Ok(())
    }

    fn say(&self, way: &Way, rounds: &Rounds) {
        let (what, name) = (self.name, way.name);
        match &rounds.missing {
            Some(Missing::NotHere(program)) => println!("{what}, {name}: {program} is not here"),
            Some(Missing::Refused(why)) => println!("{what}, {name}: kafscope refuses this: {why}"),
            None => {
                let pace = self.megabytes / rounds.took.median().unwrap_or(f64::NAN) * 1e3;
                println!("{what}, {name}: {}; {pace:.0} MB/s", rounds.took);
                println!("{what}, {name}: processor {}; at most {:.0} MB", rounds.cpu, rounds.resident);
            }
        }
    }

    fn check(&self, claim: &Claim, rounds: &[Rounds]) {
        let of =
            |name: &str| self.ways.iter().zip(rounds).find_map(|(way, rounds)| (way.name == name).then_some(rounds));
        let named = |words: &str| format!("{}, {words}", self.name);
        let took = |name| of(name)?.took.median();
        let cpu = |name| of(name)?.cpu.median();
        let held = |name| of(name).and_then(|rounds| rounds.took.median().map(|_| rounds.resident));
        let ratio = |other: Option<f64>, ours: Option<f64>| Some(other? / ours?);
        match *claim {
            Claim::Within(a, ms) => target::at_most(&named(a), took(a), ms, " ms"),
            Claim::Holds(a, mb) => target::at_most(&named(a), held(a), mb, " MB"),
            Claim::Faster(a, b, times) => {
                target::at_least(&named(&format!("{a} against {b}")), ratio(took(b), took(a)), times, "×");
            }
            Claim::Spares(a, b, times) => {
                target::at_least(&named(&format!("{a} against {b}, processor")), ratio(cpu(b), cpu(a)), times, "×");
            }
        }
    }
}

impl Rounds {
    fn add(&mut self, ran: &Ran) {
        self.took.push(ran.took);
        self.cpu.push(ran.cpu);
        self.resident = self.resident.max(ran.resident * MB);
    }
}
