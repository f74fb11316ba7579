//! Who is behind, since when and whether it will clear: every group with its state, members and lag, the groups of the open
//! topic first and of those the worst. What a trend means is judged in [`crate::lag`].
mod cells;
mod draw;
mod go;
mod order;
mod row;
mod seen;
mod status;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish};
use crate::{
    bus::Generation,
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    keymap::{Action, Context, Key},
    lag::{History, UnreadRead},
    text::Safe,
    topic::TopicName,
    widgets::{Pen, filter::Filter, list::List},
};
use jiff::Timestamp;
use order::Sort;
use ratatui::layout::Rect;
use row::{Reads, Row};
use std::{collections::HashMap, ops::Range};

#[derive(Debug, Default)]
pub struct Lag {
    area: Rect,
    list: List,
    rows: Vec<Row>,
    /// Indexes into `rows`, by name.
    places: HashMap<GroupName, usize>,
    /// Indexes into `rows`, filtered and sorted.
    shown: Vec<usize>,
    /// Columns of the terminal that the longest name takes, of all groups: a filter moves no column.
    names: u16,
    filter: Filter,
    sort: Sort,
    /// The open topic: its groups come first, or alone.
    topic: Option<TopicName>,
    only_topic: bool,
    /// The person chose a row; until then the cursor stays at the top while numbers arrive.
    chose: bool,
    /// When a person moved among the rows last.
    touched: Option<Timestamp>,
    /// Numbers changed since the rows were sorted.
    unsorted: bool,
    listed: bool,
    /// Brokers that did not answer: their groups are not in the list.
    missing: Vec<(i32, Failure)>,
    /// Rows that were in view when Kafka was told last; nothing once they were arranged anew.
    seen: Option<Range<usize>>,
    /// The groups that Kafka was told are in view, by name.
    watched: Vec<GroupName>,
    /// The group whose view was opened last.
    opened: Option<GroupName>,
    generation: Generation,
}

impl Lag {
    /// `true` when the rows in view look different now.
    pub fn on_groups(&mut self, groups: Vec<Group>, missing: Vec<(i32, Failure)>, cx: &mut Cx) -> bool {
        for (_, failure) in &missing {
            cx.wish(Wish::Notice(failure.clone()));
        }
        let same = self.listed && missing.is_empty() && self.missing.is_empty() && self.has_names(&groups);
        // Most lists of a quiet cluster tell nothing new.
        if same && self.rows.iter().zip(&groups).all(|(row, group)| row.group == *group) {
            return false;
        }
        if same {
            return self.learn(cx.session.now, |lag| {
                lag.rows.iter_mut().zip(groups).for_each(|(row, group)| row.group = group);
                false
            });
        }
        self.relist(groups, missing);
        true
    }

    fn has_names(&self, groups: &[Group]) -> bool {
        let same = |(row, group): (&Row, &Group)| row.group.name == group.name;
        groups.len() == self.rows.len() && self.rows.iter().zip(groups).all(same)
    }

    /// Names first. Groups that are no longer listed go, unless a broker that may know them is silent.
    fn relist(&mut self, groups: Vec<Group>, missing: Vec<(i32, Failure)>) {
        let chosen = self.chosen();
        let mut known: HashMap<GroupName, Row> = self.rows.drain(..).map(|row| (row.group.name.clone(), row)).collect();
        self.places.clear();
        self.shown.clear();
        for group in groups {
            self.place(Row::listed(known.remove(&group.name), group));
        }
        for row in known.into_values().filter(|row| missing.iter().any(|(broker, _)| *broker == row.group.coordinator))
        {
            self.place(row);
        }
        (self.listed, self.missing) = (true, missing);
        let longest = self.rows.iter().map(|row| Safe::text(&row.group.name).width()).max();
        self.names = u16::try_from(longest.unwrap_or(0)).unwrap_or(u16::MAX);
        self.arrange(chosen.as_ref());
    }

    /// Two brokers may both name a group whose coordinator is moving: it stands once.
    fn place(&mut self, row: Row) {
        let next = self.rows.len();
        match self.places.entry(row.group.name.clone()) {
            std::collections::hash_map::Entry::Occupied(_) => {}
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(next);
                self.rows.push(row);
            }
        }
    }

    /// `true` when the rows in view look different now.
    pub fn on_lag(&mut self, groups: &[GroupLag], at: Timestamp, now: Timestamp) -> bool {
        self.learn(now, |lag| {
            let mut is_first = false;
            for told in groups {
                if let Some(row) = lag.row_of(&told.group.name) {
                    is_first |= row.is_unread();
                    row.sample(told, at);
                }
            }
            is_first
        })
    }

    /// `true` when the rows in view look different now.
    ///
    /// Those on the screen are who it was asked for, and each hears of the places that it stands at.
    pub fn on_unread(&mut self, reads: &[UnreadRead], at: Timestamp, now: Timestamp) -> bool {
        let seen: Vec<GroupName> = self.watched.iter().chain(&self.opened).cloned().collect();
        let reads: Reads = reads.iter().map(|read| ((&*read.topic, read.partition, read.from), read)).collect();
        self.learn(now, |lag| {
            for name in &seen {
                if let Some(row) = lag.row_of(name) {
                    row.unread(&reads, at);
                }
            }
            false
        })
    }

    /// Takes new numbers in; those of groups that had none yet are sorted in at once, whatever a person does.
    fn learn(&mut self, now: Timestamp, take: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.face(now);
        match take(self) {
            true => self.rearrange(),
            false => self.settle(now),
        }
        self.face(now) != before
    }

    fn row_of(&mut self, group: &str) -> Option<&mut Row> {
        self.places.get(group).and_then(|i| self.rows.get_mut(*i))
    }

    /// A person moved or deleted its commits here: no reader did.
    pub fn on_moved_by_hand(&mut self, group: &GroupName) {
        let row = self.places.get(group).and_then(|i| self.rows.get_mut(*i));
        row.into_iter().for_each(|row| row.history.moved_by_hand());
    }

    /// What was seen of a group since it was listed.
    pub fn history(&self, group: &str) -> Option<&History> {
        self.places.get(group).and_then(|i| self.rows.get(*i)).map(|row| &row.history)
    }

    /// Another topic is open: its groups come first, and the cursor goes to the first of them, or to the group that the
    /// topic was opened for.
    pub fn on_topic(&mut self, group: Option<&GroupName>, cx: &mut Cx) {
        self.topic = cx.session.topic.clone();
        self.chose = group.is_some();
        self.arrange(group);
    }

    fn row(&self) -> Option<&Row> {
        self.shown.get(self.list.cursor()).and_then(|i| self.rows.get(*i))
    }

    fn close_filter(&mut self, keep: bool) {
        self.filter.close(keep);
        self.rearrange();
    }

    fn on_needle(&mut self, changed: bool) {
        if changed {
            self.chose = false;
            self.arrange(None);
        }
    }

    fn on_movement(&mut self, action: Action, cx: &Cx) {
        if self.list.on_action(action) {
            self.touch(cx);
        }
    }

    /// A person moved among the rows.
    fn touch(&mut self, cx: &Cx) {
        (self.chose, self.touched) = (true, Some(cx.session.now));
    }
}

impl Panel for Lag {
    fn contexts(&self) -> &'static [Context] {
        if self.filter.is_typing() { &[Context::Field] } else { &[Context::Lag, Context::List] }
    }

    /// `esc` clears the filter before it leaves the zoom.
    fn holds_back(&self) -> bool {
        self.filter.is_open()
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
        self.list.set_height(usize::from(area.height.saturating_sub(3)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => {
                if self.filter.is_typing() {
                    self.close_filter(true);
                }
                self.open(cx);
            }
            Action::Back => self.close_filter(false),
            Action::Filter => self.filter.open(),
            Action::OnlyTopic => {
                self.only_topic = !self.only_topic;
                self.rearrange();
            }
            Action::TailFrom => self.tail(cx),
            Action::ResetOffsets | Action::UndoReset | Action::ForgetCommits | Action::DeleteGroup => {
                if let Some(row) = self.row() {
                    row.subject().ask(action, cx);
                }
            }
            Action::SortNext => self.sort_step(1),
            Action::SortPrevious => self.sort_step(order::SORTED.len() - 1),
            Action::Reverse => self.sort_by(self.sort.column),
            Action::Copy => {
                if let Some(row) = self.row() {
                    cx.wish(Wish::Say(format!("copied {}", row.group.name)));
                    cx.wish(Wish::Terminal(Request::Copy(row.group.name.to_string())));
                }
            }
            movement => self.on_movement(movement, cx),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        let changed = self.filter.key(key);
        self.on_needle(changed);
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        let changed = self.filter.paste(text);
        self.on_needle(changed);
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) => {
                self.touch(cx);
                self.list.scroll(isize::from(rows));
            }
            MouseKind::Click => self.on_click(mouse, cx),
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.draw_panel(pen, look);
    }
}
