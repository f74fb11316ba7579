//! Plans are shown, or carried out one group after the other; what became of every partition is told.
use super::{
    ask::{Finished, finish},
    moves::{self, Told},
};
use crate::{
    headless::{Done, Ended, Out, account::plural, complain, out::tell},
    kafka::{
        groups::{
            Listing,
            reset::{Stopped, execute_listed},
        },
        wire::Cluster,
        writes::Writes,
    },
    reset::{self, Plan, file},
};
use jiff::Timestamp;
use std::sync::Arc;

/// How plans are carried out, if they are.
pub struct Carry {
    pub cluster: Arc<Cluster>,
    /// The groups of the cluster, where they were listed.
    pub listing: Option<Listing>,
    /// `None`: they are only shown.
    pub writes: Option<Writes>,
    /// Also groups whose commits move although they have no members.
    pub moving: bool,
    pub json: bool,
    /// Whoever asked has printed the plans in another form.
    pub silent: bool,
}

impl Carry {
    /// One refused plan keeps all of them from being carried out.
    pub async fn out(&self, plans: &[Plan], out: &mut Out) -> Done {
        let refused = self.refused(plans);
        match self.writes {
            Some(writes) if refused.is_empty() => self.all(writes, plans, out).await,
            _ => {
                let told: Vec<_> = plans.iter().map(|plan| Told { plan, outcomes: None }).collect();
                self.print(&told, out)?;
                if !refused.is_empty() {
                    return Err(Ended::No(refused.join("\n")));
                }
                tell(&format!("{}: nothing was written; add --execute to write it", counted(plans)));
                Ok(())
            }
        }
    }

    fn print(&self, told: &[Told<'_>], out: &mut Out) -> Done {
        match (self.silent, self.json) {
            (true, _) => Ok(()),
            (_, true) => moves::json(told, out),
            (_, false) => moves::table(told, out),
        }
    }

    /// In words; commits that move are only said while nothing is to be written.
    fn refused(&self, plans: &[Plan]) -> Vec<String> {
        let mut refused: Vec<_> = plans.iter().filter_map(|plan| Some(plan.refused.as_ref()?.to_string())).collect();
        for plan in plans.iter().filter(|plan| plan.moving && !self.moving) {
            let words = format!(
                "group {} has no members, yet its commits are moving: somebody commits without being a member",
                plan.group
            );
            match self.writes {
                Some(_) => refused.push(format!("{words}; stop it first, or add --yes")),
                None => complain(&words),
            }
        }
        refused
    }

    async fn all(&self, writes: Writes, plans: &[Plan], out: &mut Out) -> Done {
        let mut failures = Vec::<String>::new();
        for (at, plan) in plans.iter().enumerate() {
            let done = self.one(writes, plan, out).await;
            out.flush()?;
            match done {
                Ok(failed) => failures.extend(failed),
                Err(ended) => {
                    // Only what ends the run is told by its end.
                    failures.iter().for_each(|words| complain(words));
                    let rest = plans.iter().skip(at + 1).map(|plan| &*plan.group).collect::<Vec<_>>();
                    if !rest.is_empty() {
                        complain(&format!("not tried any more: {}", rest.join(", ")));
                    }
                    return Err(ended);
                }
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Ended::No(failures.join("\n"))) }
    }

    /// What of it did not come out as planned.
    async fn one(&self, writes: Writes, plan: &Plan, out: &mut Out) -> Result<Vec<String>, Ended> {
        let (group, undo) = (&plan.group, file::place(&plan.group, Timestamp::now()));
        tell(&format!("{group}: what it replaces is written to {} first", undo.display()));
        let Finished { done, interrupted } =
            finish(execute_listed(&self.cluster, self.listing.as_ref(), writes, plan, &undo)).await;
        let failures = match done {
            Some(done) => self.account(done, out)?,
            None => {
                complain(&format!(
                    "{group} was given up on: it may have been moved; {} says where it stood",
                    undo.display()
                ));
                return Err(Ended::Interrupted);
            }
        };
        if interrupted {
            failures.iter().for_each(|words| complain(words));
            return Err(Ended::Interrupted);
        }
        Ok(failures)
    }

    fn account(&self, done: Result<reset::Done, Stopped>, out: &mut Out) -> Result<Vec<String>, Ended> {
        match done {
            Ok(done) => {
                self.print(&[Told { plan: &done.plan, outcomes: Some(&done.outcomes) }], out)?;
                tell(&done.words());
                Ok(done.failures())
            }
            Err(Stopped::Changed(plan)) => {
                self.print(&[Told { plan: &plan, outcomes: None }], out)?;
                let why = plan.refused.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                let words = format!("group {} changed since it was planned, nothing was written{why}", plan.group);
                Err(Ended::No(format!("{words}; what a reset would do now is above")))
            }
            Err(Stopped::Failed(why)) => Err(Ended::No(why.to_string())),
        }
    }
}

fn counted(plans: &[Plan]) -> String {
    let (moves, changes) =
        plans.iter().fold((0, 0), |(all, changed), plan| (all + plan.moves.len(), changed + plan.changes()));
    format!("{changes} of {} would change", plural(&moves.to_string(), "partition"))
}
