//! What keys about a group's offsets are about: pinned when they are pressed, whatever arrives afterwards.
use super::Reset;
use crate::{
    failure::Failure,
    group::{self, GroupLag, Member},
    keymap::Action,
    overlay::{Overlay, remove::Remove},
    panels::{Cx, Wish},
    topic::TopicName,
};

/// Members that are named; of more only the number is told.
const NAMED: usize = 5;

/// A group as it was known when a key was pressed.
#[derive(Debug, Clone)]
pub struct Subject {
    pub group: group::Group,
    /// Who holds it now, in words; nothing while that is not known, or where nobody does.
    pub held: Option<String>,
    /// Topics it has commits or assignments on, in order, each with its commits where they are known.
    pub topics: Vec<(TopicName, Option<usize>)>,
    /// The partition under the cursor.
    pub chosen: Option<(TopicName, i32)>,
}

impl Subject {
    /// A group of which only its name is known so far.
    pub fn listed(group: group::Group) -> Self {
        Self { group, held: None, topics: vec![], chosen: None }
    }

    /// Of a reading; the chosen partition, if there is one.
    pub fn of(lag: &GroupLag, chosen: Option<(TopicName, i32)>) -> Self {
        let mut topics: Vec<(TopicName, Option<usize>)> = vec![];
        for partition in lag.partitions.iter().flatten() {
            let commits = usize::from(partition.committed.is_some());
            match topics.iter_mut().find(|(topic, _)| *topic == partition.topic) {
                Some((_, known)) => *known = known.map(|n| n + commits),
                None => topics.push((partition.topic.clone(), Some(commits))),
            }
        }
        let held = lag.members.as_ref().ok().and_then(|members| named(members));
        Self { group: lag.group.clone(), held, topics, chosen }
    }

    /// The topic that is meant: the chosen partition's, else the open one where the group reads it, else its only one.
    pub fn topic(&self, open: Option<&TopicName>) -> Option<usize> {
        let at = |name: &TopicName| self.topics.iter().position(|(topic, _)| topic == name);
        let chosen = self.chosen.as_ref().and_then(|(topic, _)| at(topic));
        chosen.or_else(|| open.and_then(at)).or((self.topics.len() == 1).then_some(0))
    }

    /// Commits of the whole group, as far as they are known.
    pub fn commits(&self) -> usize {
        self.topics.iter().filter_map(|(_, commits)| *commits).sum()
    }

    /// What a key is to do, shown over the panels; in a read-only session a sentence.
    pub fn ask(self, action: Action, cx: &mut Cx) {
        if cx.session.read_only {
            refuse(&self, action, cx);
            return;
        }
        let overlay = match action {
            Action::ResetOffsets => Overlay::Reset(Box::new(Reset::form(self, cx))),
            Action::UndoReset => Overlay::Reset(Box::new(Reset::undo(self, cx))),
            Action::ForgetCommits => Overlay::Remove(Box::new(Remove::forget(self, cx))),
            Action::DeleteGroup => Overlay::Remove(Box::new(Remove::delete(self, cx))),
            _ => return,
        };
        cx.wish(Wish::Show(Box::new(overlay)));
    }
}

fn refuse(subject: &Subject, action: Action, cx: &mut Cx) {
    let doing = match action {
        Action::ForgetCommits => "forgetting commits of",
        Action::DeleteGroup => "deleting",
        _ => "moving offsets of",
    };
    cx.wish(Wish::Say("read-only: nothing can be written".into()));
    cx.wish(Wish::Notice(Failure::new(
        format!("{doing} {}", subject.group.name),
        "this session is read-only",
        "start without --read-only to write",
    )));
}

/// `billing-0 @ 10.0.0.4, billing-1 @ 10.0.0.5 and 3 more`
fn named(members: &[Member]) -> Option<String> {
    let name = |member: &Member| format!("{} @ {}", member.client_id, member.host.trim_start_matches('/'));
    let names: Vec<String> = members.iter().take(NAMED).map(name).collect();
    let more = members.len().saturating_sub(NAMED);
    match (members.len(), more) {
        (0, _) => None,
        (_, 0) => Some(names.join(", ")),
        (_, more) => Some(format!("{} and {more} more", names.join(", "))),
    }
}
