//! Deleting a group, or its commits on one topic: asked for by name, done, and told. What is deleted is what was under
//! the cursor when the key was pressed.
use super::{
    below_header, centred,
    confirm::{self, Question},
    reset::Subject,
};
use crate::{
    bus::{Command, Generation},
    failure::Failure,
    group::GroupName,
    keymap::{Action, Context, Key},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Wish},
    reset::Scope,
    text::Safe,
    topic::TopicName,
    widgets::{Pen, format, list::List},
};
use jiff::Timestamp;
use ratatui::layout::{Margin, Rect};
use std::time::Duration;

/// Waiting longer than this shows for how long.
const PATIENCE: Duration = Duration::from_millis(300);
/// Columns that sentences read well in, and rows of the whole.
const SIZE: (u16, u16) = (76, 14);

/// What became of each commit that was to be deleted.
pub type Forgotten = Vec<(TopicName, i32, Result<(), Failure>)>;

#[derive(Debug)]
pub struct Remove {
    area: Rect,
    group: GroupName,
    generation: Generation,
    /// The topic whose commits go; nothing where the whole group does.
    topic: Option<TopicName>,
    stage: Stage,
    list: List,
}

#[derive(Debug)]
enum Stage {
    /// It is not offered; why.
    Refused(String),
    Asking(Box<Question>),
    Waiting {
        since: Timestamp,
    },
    Failed(Failure),
    Deleted,
    Forgotten(Forgotten),
}

impl Remove {
    /// `D`: not while the group has members.
    pub fn delete(subject: Subject, cx: &mut Cx) -> Self {
        let name = &subject.group.name;
        let shown = confirm::shown(name);
        let stage = match &subject.held {
            Some(held) => Stage::Refused(format!(
                "{shown} has members, and Kafka deletes no group that has: {held}. Stop them, then delete it."
            )),
            None => {
                let what = format!(
                    "The group {shown} will be deleted with all its commits; no key brings them back. Who joins under this \
                     name begins by its auto.offset.reset."
                );
                Stage::Asking(Box::new(Question::new(what, confirm::word(name, "delete", subject.commits()))))
            }
        };
        Self::new(&subject, None, stage, cx)
    }

    /// `F`: the commits of the topic that is meant.
    pub fn forget(subject: Subject, cx: &mut Cx) -> Self {
        let meant = subject.topic(cx.session.topic.as_ref()).and_then(|at| subject.topics.get(at)).cloned();
        let shown = confirm::shown(&subject.group.name);
        let Some((topic, commits)) = meant else {
            let words = format!(
                "Of which topic? Open the topic, or open {shown} with enter and choose one of its partitions; then F."
            );
            return Self::new(&subject, None, Stage::Refused(words), cx);
        };
        let stage = match commits {
            Some(0) => Stage::Refused(format!("{shown} has no commits on {topic}: there is nothing to forget.")),
            _ => {
                let known = commits.map(|n| format!("{} of ", super::reset::count(n, "commit"))).unwrap_or_default();
                let what = format!(
                    "{known}{shown} on {} will be deleted; no key brings them back. Its readers would begin there by their \
                     auto.offset.reset.",
                    confirm::shown(&topic)
                );
                Stage::Asking(Box::new(Question::new(what, confirm::word(&topic, "forget", commits.unwrap_or(0)))))
            }
        };
        Self::new(&subject, Some(topic), stage, cx)
    }

    fn new(subject: &Subject, topic: Option<TopicName>, stage: Stage, cx: &mut Cx) -> Self {
        cx.session.resets.generation += 1;
        let generation = cx.session.resets.generation;
        let (group, list) = (subject.group.name.clone(), List::default());
        Self { area: Rect::ZERO, group, generation, topic, stage, list }
    }

    fn answer(&mut self, cx: &mut Cx) {
        let Stage::Asking(question) = &mut self.stage else { return };
        if !question.answer() {
            return;
        }
        let (group, generation) = (self.group.clone(), self.generation);
        cx.send(match self.topic.clone() {
            None => Command::DeleteGroup { group, generation },
            Some(topic) => {
                let scope = Scope::Topics(vec![(topic, None)]);
                Command::ForgetOffsets { group, scope, generation }
            }
        });
        self.stage = Stage::Waiting { since: cx.session.now };
    }

    fn waits_for(&self, generation: Generation) -> bool {
        generation == self.generation && matches!(self.stage, Stage::Waiting { .. })
    }

    /// `true` when this is where the answer was waited for.
    pub fn on_deleted(&mut self, generation: Generation) -> bool {
        let mine = self.waits_for(generation);
        if mine {
            self.stage = Stage::Deleted;
        }
        mine
    }

    /// The same for commits.
    pub fn on_forgotten(&mut self, generation: Generation, partitions: &Forgotten) -> bool {
        let mine = self.waits_for(generation);
        if mine {
            self.list.set_len(partitions.len());
            self.stage = Stage::Forgotten(partitions.clone());
        }
        mine
    }

    pub fn on_failed(&mut self, generation: Generation, why: &Failure) {
        if self.waits_for(generation) {
            self.stage = Stage::Failed(why.clone());
        }
    }

    fn draw_forgotten(&self, pen: &mut Pen, inner: Rect, partitions: &Forgotten) {
        let theme = *pen.theme;
        let role = if partitions.iter().all(|(.., it)| it.is_ok()) { theme.good } else { theme.warn };
        pen.put(inner.x, inner.y, inner.width, &Safe::from(sum(partitions)), role);
        for (y, row) in (inner.y + 1..inner.bottom()).zip(self.list.view()) {
            let Some((topic, partition, it)) = partitions.get(row) else { continue };
            let (words, role) = match it {
                Ok(()) => ("deleted".to_owned(), theme.text),
                Err(why) => (format!("refused: {}", why.answered), theme.bad),
            };
            pen.put(inner.x, y, inner.width, &Safe::from(format!("{topic}/{partition}  {words}")), role);
            if row == self.list.cursor() {
                pen.tint(Rect { y, height: 1, ..inner }, theme.selection);
            }
        }
    }
}

/// `3 of 4 commits deleted`
pub fn sum(partitions: &Forgotten) -> String {
    let gone = partitions.iter().filter(|(.., it)| it.is_ok()).count();
    format!("{gone} of {} deleted", super::reset::count(partitions.len(), "commit"))
}

impl Panel for Remove {
    fn contexts(&self) -> &'static [Context] {
        match self.stage {
            Stage::Asking(_) => &[Context::Question],
            Stage::Forgotten(_) => &[Context::Told, Context::Rows],
            _ => &[Context::Told],
        }
    }

    fn resize(&mut self, screen: Rect) {
        self.area = centred(below_header(screen), SIZE.0, SIZE.1);
        self.list.set_height(usize::from(self.area.height.saturating_sub(3)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Back | Action::Quit => cx.wish(Wish::Close),
            Action::Open => self.answer(cx),
            movement => drop(self.list.on_action(movement)),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if let Stage::Asking(question) = &mut self.stage {
            question.key(key);
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        if let Stage::Asking(question) = &mut self.stage {
            question.paste(text);
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        let first = self.area.y + 2;
        match mouse.kind {
            MouseKind::Wheel(rows) => self.list.scroll(isize::from(rows)),
            MouseKind::Click if mouse.y >= first && self.area.contains((mouse.x, mouse.y).into()) => {
                self.list.select(self.list.view().start + usize::from(mouse.y - first));
            }
            MouseKind::Click => {}
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        pen.clear(self.area);
        let what = if self.topic.is_some() { " Forget commits " } else { " Delete group " };
        let room = usize::from(self.area.width.saturating_sub(22));
        let name = Safe::text(&self.group).fit(room).join(&" ".into());
        pen.frame(self.area, true, &[(Safe::literal(what), theme.title), (name, theme.text)]);
        let inner = self.area.inner(Margin::new(2, 1));
        match &self.stage {
            Stage::Asking(question) => question.draw(pen, inner),
            Stage::Forgotten(partitions) => self.draw_forgotten(pen, inner, partitions),
            Stage::Refused(words) => drop(pen.paragraph(inner, &Safe::text(words), theme.warn)),
            Stage::Failed(why) => drop(pen.paragraph(inner, &Safe::from(why.to_string()), theme.bad)),
            Stage::Deleted => {
                let words = format!("{} is deleted.", confirm::shown(&self.group));
                pen.paragraph(inner, &Safe::from(words), theme.good);
            }
            Stage::Waiting { since } => {
                let waited = format::since(*since, look.session.now);
                let long = if waited > PATIENCE { format!(" {}", format::span(waited)) } else { String::new() };
                pen.put(inner.x, inner.y, inner.width, &Safe::from(format!("Deleting …{long}")), theme.muted);
            }
        }
    }
}
