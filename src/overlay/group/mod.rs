//! One group in full: its partitions with the six states of lag, its members, and in sentences what is known of the
//! chosen one. It is read anew every two seconds while it is open.
mod areas;
mod head;
mod member;
mod partition;

use crate::{
    bus::{Command, Generation},
    failure::Failure,
    group::{self, GroupLag},
    keymap::{Action, Context},
    lag::PartitionLag,
    overlay::reset::Subject,
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    text::Safe,
    theme::Role,
    widgets::{
        Pen, format,
        list::List,
        table::{Column, Slots},
    },
};
use areas::Areas;
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::time::Duration;

/// It is read every two seconds; older than two rounds it says so.
const FRESH: Duration = Duration::from_secs(5);
#[derive(Debug)]
pub struct Group {
    areas: Areas,
    generation: Generation,
    group: group::Group,
    opened: Timestamp,
    read: Option<(GroupLag, Timestamp)>,
    /// Why the last reading failed; what was read before stands.
    failure: Option<Failure>,
    /// It is no longer listed.
    gone: bool,
    partitions: List,
    members: List,
    /// Members have the keys.
    on_members: bool,
    /// Columns of the numbers, so that no offset is cut.
    widths: partition::Widths,
}

impl Group {
    pub fn new(group: group::Group, generation: Generation, opened: Timestamp) -> Self {
        Self {
            areas: Areas::default(),
            generation,
            group,
            opened,
            read: None,
            failure: None,
            gone: false,
            partitions: List::default(),
            members: List::default(),
            on_members: false,
            widths: partition::Widths::default(),
        }
    }

    pub fn on_read(&mut self, generation: Generation, lag: &GroupLag, at: Timestamp) {
        if generation != self.generation {
            return;
        }
        let chosen = self.partition().map(|p| (p.topic.clone(), p.partition));
        self.group = lag.group.clone();
        let partitions = lag.partitions.as_deref().unwrap_or_default();
        self.widths = partition::Widths::of(partitions);
        self.partitions.set_len(partitions.len());
        self.members.set_len(lag.members.as_ref().map_or(0, Vec::len));
        let same = |p: &PartitionLag| chosen.as_ref().is_some_and(|c| c.0 == p.topic && c.1 == p.partition);
        if let Some(row) = partitions.iter().position(same) {
            self.partitions.select(row);
        }
        (self.read, self.failure) = (Some((lag.clone(), at)), None);
        self.resize(self.areas.screen);
    }

    pub fn on_failed(&mut self, generation: Generation, why: &Failure) {
        if generation == self.generation {
            self.failure = Some(why.clone());
        }
    }

    /// `complete`: every broker listed its groups, so that a missing one is gone.
    pub fn on_listed(&mut self, groups: &[group::Group], complete: bool) {
        let listed = groups.iter().any(|group| group.name == self.group.name);
        self.gone = !listed && (complete || self.gone);
    }

    fn lag(&self) -> Option<&GroupLag> {
        self.read.as_ref().map(|(lag, _)| lag)
    }

    fn partition(&self) -> Option<&PartitionLag> {
        self.lag()?.partitions.as_ref().ok()?.get(self.partitions.cursor())
    }

    fn member(&self) -> Option<&group::Member> {
        self.lag()?.members.as_ref().ok()?.get(self.members.cursor())
    }

    /// What keys about its offsets are about.
    fn subject(&self) -> Subject {
        let chosen = self.partition().map(|p| (p.topic.clone(), p.partition));
        self.lag().map_or_else(|| Subject::listed(self.group.clone()), |lag| Subject::of(lag, chosen))
    }

    fn list(&mut self) -> &mut List {
        if self.on_members { &mut self.members } else { &mut self.partitions }
    }

    fn copy(&self, cx: &mut Cx) {
        let text = match self.member().filter(|_| self.on_members) {
            Some(member) => member.id.clone(),
            None => self.group.name.to_string(),
        };
        cx.wish(Wish::Say(format!("copied {text}")));
        cx.wish(Wish::Terminal(Request::Copy(text)));
    }

    fn on_click(&mut self, mouse: Mouse) {
        let Areas { partitions, members, .. } = self.areas;
        let at = (mouse.x, mouse.y).into();
        if members.contains(at) || partitions.contains(at) {
            self.on_members = members.contains(at);
            let area = if self.on_members { members } else { partitions };
            let list = self.list();
            if mouse.y > area.y {
                list.select(list.view().start + usize::from(mouse.y - area.y - 1));
            }
        }
    }

    fn selection(&self, pen: &Pen, members: bool) -> Role {
        if self.on_members == members { pen.theme.selection } else { pen.theme.selection_unfocused }
    }

    fn draw_partitions(&self, pen: &mut Pen, lag: &GroupLag) {
        let (area, theme, selection) = (self.areas.partitions, *pen.theme, self.selection(pen, false));
        let Ok(partitions) = &lag.partitions else { return };
        if partitions.is_empty() {
            let words = "No partition belongs to this group: it has no commits and owns nothing.";
            pen.paragraph(area, &Safe::literal(words), theme.muted);
            return;
        }
        let members = lag.members.as_deref();
        let columns = partition::columns(&self.widths, area.width);
        draw_table(pen, area, &columns, &self.partitions, selection, |row, column| {
            partitions.get(row).map(|it| partition::cell(it, members, column, &theme))
        });
    }

    fn draw_members(&self, pen: &mut Pen, lag: &GroupLag) {
        let (area, theme, selection) = (self.areas.members, *pen.theme, self.selection(pen, true));
        let members = lag.members.as_deref().unwrap_or_default();
        if members.is_empty() {
            let (words, role) = match &lag.members {
                Ok(_) => (Safe::literal("No members now."), theme.muted),
                Err(why) => (Safe::from(format!("Members unknown: {why}")), theme.warn),
            };
            pen.paragraph(area, &words, role);
            return;
        }
        draw_table(pen, area, &member::COLUMNS, &self.members, selection, |row, column| {
            members.get(row).map(|it| member::cell(it, column, &theme))
        });
    }

    /// Sentences about the chosen partition or member.
    fn draw_words(&self, pen: &mut Pen, lag: &GroupLag) {
        let words = match (self.on_members, self.partition(), self.member()) {
            (true, _, Some(member)) => member::explain(member),
            (false, Some(partition), _) => partition::explain(partition, lag.members.as_deref()),
            _ => return,
        };
        let role = pen.theme.text;
        pen.paragraph(self.areas.words, &Safe::from(words), role);
    }

    /// How old the reading is, or why there is none.
    fn draw_foot(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        let age = self.read.as_ref().map(|(_, at)| format::since(*at, look.session.now));
        let words = match (&self.failure, age) {
            (Some(why), Some(_)) => (Safe::from(format!(" {why} ")), theme.bad),
            (None, Some(age)) if age > FRESH => (Safe::from(format!(" read {} ago ", format::span(age))), theme.warn),
            (None, Some(_)) => (Safe::literal(" read every 2 s "), theme.muted),
            (_, None) => return,
        };
        pen.foot(self.areas.frame, &[words]);
    }
}

/// Heads, the rows in view, and the cursor. `cell(row, column)` is nothing beyond the rows.
fn draw_table(
    pen: &mut Pen,
    area: Rect,
    columns: &[Column],
    list: &List,
    selection: Role,
    cell: impl Fn(usize, usize) -> Option<(Safe, Role)>,
) {
    let slots = Slots::fit(columns, area.width);
    pen.heads(Rect { height: 1, ..area }, columns, &slots, None);
    for (i, row) in list.view().enumerate() {
        let line = Rect { y: area.y + 1 + i as u16, height: 1, ..area };
        pen.row(line, columns, &slots, |column| cell(row, column).unwrap_or_default());
        if row == list.cursor() {
            pen.tint(line, selection);
        }
    }
}

impl Panel for Group {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Group, Context::Rows]
    }

    fn resize(&mut self, screen: Rect) {
        self.areas = Areas::of(screen, self.members.len(), self.partitions.len(), self.on_members);
        self.partitions.set_height(usize::from(self.areas.partitions.height.saturating_sub(1)));
        self.members.set_height(usize::from(self.areas.members.height.saturating_sub(1)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Back | Action::Quit => {
                cx.send(Command::CloseGroup);
                cx.wish(Wish::Close);
            }
            Action::NextPanel | Action::PreviousPanel => {
                self.on_members = !self.on_members;
                self.resize(self.areas.screen);
            }
            Action::Copy => self.copy(cx),
            Action::ResetOffsets | Action::UndoReset | Action::ForgetCommits | Action::DeleteGroup => {
                self.subject().ask(action, cx);
            }
            movement => drop(self.list().on_action(movement)),
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) if self.areas.members.contains((mouse.x, mouse.y).into()) => {
                self.members.scroll(isize::from(rows));
            }
            MouseKind::Wheel(rows) => self.partitions.scroll(isize::from(rows)),
            MouseKind::Click => self.on_click(mouse),
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        pen.clear(self.areas.frame);
        let title =
            [(Safe::literal(" Group "), theme.title), (Safe::from(format!("{} ", self.group.name)), theme.text)];
        pen.frame(self.areas.frame, true, &title);
        self.draw_head(pen, look);
        if let Some(lag) = self.lag() {
            if !self.areas.partitions.is_empty() {
                self.draw_partitions(pen, lag);
            }
            if !self.areas.members.is_empty() {
                self.draw_members(pen, lag);
            }
            self.draw_words(pen, lag);
        } else if let Some(why) = &self.failure {
            pen.paragraph(self.areas.partitions, &Safe::from(why.to_string()), theme.bad);
        }
        self.draw_foot(pen, look);
    }
}
