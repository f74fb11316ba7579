//! What keys and the mouse do in a group.
use super::{Group, Part, partition, saving::Saving, trend};
use crate::{
    bus::Command,
    failure::Failure,
    keymap::{Action, Context, Key},
    overlay::group::areas::Areas,
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    widgets::{Pen, format, table::Slots},
};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::path::{Path, PathBuf};

impl Group {
    fn copy(&self, cx: &mut Cx) {
        let text = match self.member().filter(|_| self.part == Part::Members) {
            Some(member) => member.id.clone(),
            None => self.group.name.to_string(),
        };
        cx.wish(Wish::Say(format!("copied {text}")));
        cx.wish(Wish::Terminal(Request::Copy(text)));
    }

    fn close(&self, cx: &mut Cx) {
        cx.send(Command::CloseGroup);
        cx.wish(Wish::Close);
    }

    /// Tails the chosen partition from where the group stands in it.
    fn tail(&self, cx: &mut Cx) {
        let Some(p) = self.partition() else { return };
        let Some(offset) = p.position() else {
            return cx.wish(Wish::Say(format!("{}/{} has no commit to tail from", p.topic, p.partition)));
        };
        let (topic, partition, group) = (p.topic.clone(), p.partition, self.group.name.clone());
        self.close(cx);
        cx.wish(Wish::TailAt { topic, partition, offset, group });
    }

    /// Sorts by the column beside this one, of those on the screen.
    fn sort_step(&mut self, next: bool, now: Timestamp) {
        let slots = self.slots();
        let shown: Vec<usize> = partition::SORTED.into_iter().filter(|it| slots.width(*it).is_some()).collect();
        self.sort.step(next, &shown);
        self.arrange(self.chosen(), now);
    }

    fn turn_around(&mut self, now: Timestamp) {
        self.sort.turned = !self.sort.turned;
        self.arrange(self.chosen(), now);
    }

    fn slots(&self) -> Slots {
        let width = self.areas.partitions.width;
        Slots::fit(&partition::columns(&self.widths, width), width)
    }

    fn on_head(&mut self, x: u16, now: Timestamp) {
        let column = self.slots().at(x - self.areas.partitions.x);
        match column.filter(|column| partition::SORTED.contains(column)) {
            Some(column) if column == self.sort.column => self.turn_around(now),
            Some(column) => {
                self.sort = super::table::Sort { column, turned: false };
                self.arrange(self.chosen(), now);
            }
            None => {}
        }
    }

    fn on_click(&mut self, mouse: Mouse, now: Timestamp) {
        let Areas { partitions, members, .. } = self.areas;
        let at = (mouse.x, mouse.y).into();
        if members.contains(at) || partitions.contains(at) {
            self.part = if members.contains(at) { Part::Members } else { Part::Partitions };
            let area = if self.part == Part::Members { members } else { partitions };
            if mouse.y > area.y {
                let list = self.list();
                list.select(list.view().start + usize::from(mouse.y - area.y - 1));
            } else if self.part == Part::Partitions {
                self.on_head(mouse.x, now);
            }
        }
    }

    fn save(&mut self, file: PathBuf, cx: &mut Cx) {
        let (Some(history), Some(saving)) = (&self.history, &mut self.saving) else { return };
        let text = history.series().csv();
        saving.samples = text.lines().count().saturating_sub(1);
        cx.wish(Wish::Terminal(Request::Save { file, text }));
    }

    /// The keys of the line that asks for a file.
    fn on_saving(&mut self, action: Action, cx: &mut Cx) {
        let Some(saving) = &mut self.saving else { return };
        match action {
            Action::Leave => self.saving = None,
            Action::Open => {
                if let Some(file) = saving.enter(cx) {
                    self.save(file, cx);
                }
            }
            _ => {}
        }
    }

    /// Is there a file where the samples are to be written?
    pub fn on_file(&mut self, file: &Path, exists: bool, cx: &mut Cx) {
        if self.saving.as_mut().is_some_and(|saving| saving.on_file(file, exists)) {
            self.save(file.to_owned(), cx);
        }
    }

    pub fn on_saved(&mut self, file: &Path, saved: &Result<(), Failure>) {
        let Some(saving) = &mut self.saving else { return };
        match saved {
            Err(why) => saving.on_failed(why),
            Ok(()) => {
                let samples = format::grouped(saving.samples as i64);
                self.saved = Some(format!("{samples} samples to {}", file.display()));
                self.saving = None;
            }
        }
    }
}

impl Panel for Group {
    fn contexts(&self) -> &'static [Context] {
        if self.saving.is_some() { &[Context::FileName] } else { &[Context::Group, Context::Rows] }
    }

    fn resize(&mut self, screen: Rect) {
        self.areas = Areas::of(screen, self.members.len(), self.partitions.len(), self.part);
        self.partitions.set_height(usize::from(self.areas.partitions.height.saturating_sub(1)));
        self.members.set_height(usize::from(self.areas.members.height.saturating_sub(1)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.saved = None;
        let now = cx.session.now;
        match action {
            action if self.saving.is_some() => self.on_saving(action, cx),
            Action::Back | Action::Quit => self.close(cx),
            Action::NextPanel | Action::PreviousPanel => self.turn(action == Action::NextPanel),
            Action::ResetOffsets | Action::UndoReset | Action::ForgetCommits | Action::DeleteGroup => {
                self.subject().ask(action, cx);
            }
            Action::Copy => self.copy(cx),
            Action::TailFrom => self.tail(cx),
            Action::Window => self.window = trend::next(self.window),
            Action::Export if self.history.is_none() => cx.wish(Wish::Say("no sample of this group yet".into())),
            Action::Export => self.saving = Some(Saving::new(&self.group.name)),
            Action::SortNext | Action::SortPrevious => self.sort_step(action == Action::SortNext, now),
            Action::Reverse => self.turn_around(now),
            movement => drop(self.list().on_action(movement)),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        self.saving.iter_mut().for_each(|saving| saving.key(key));
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        self.saving.iter_mut().for_each(|saving| saving.paste(text));
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) if self.areas.members.contains((mouse.x, mouse.y).into()) => {
                self.members.scroll(isize::from(rows));
            }
            MouseKind::Wheel(rows) => self.partitions.scroll(isize::from(rows)),
            MouseKind::Click => self.on_click(mouse, cx.session.now),
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.draw_all(pen, look);
    }
}
