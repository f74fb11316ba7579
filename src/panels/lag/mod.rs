//! Who is behind: every group with its state, members and lag, the groups of the open topic first.
//! Plain facts only, each as old as it says; what a trend means is not judged here.
mod row;

use super::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish};
use crate::{
    bus::{Command, Generation},
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    keymap::{Action, Context, Key},
    overlay::{Overlay, group::Group as GroupOverlay},
    text::Safe,
    topic::TopicName,
    widgets::{Pen, Word, filter::Filter, format, fuzzy, list::List, table::Slots},
};
use jiff::Timestamp;
use ratatui::layout::{Margin, Rect};
use row::Row;
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    time::Duration,
};

/// Lag is read every two seconds where that is cheap; numbers this old are not worth a word yet.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub struct Lag {
    area: Rect,
    list: List,
    rows: Vec<Row>,
    /// Indexes into `rows`, filtered and sorted.
    shown: Vec<usize>,
    filter: Filter,
    /// When lag was read last, and how long after the time before.
    read: Option<Timestamp>,
    round: Duration,
    sort: (usize, bool),
    /// The open topic: its groups come first, or alone.
    topic: Option<TopicName>,
    only_topic: bool,
    /// The person chose a row; until then the cursor stays at the top while numbers arrive.
    chose: bool,
    listed: bool,
    /// Brokers that did not answer: their groups are not in the list.
    missing: Vec<(i32, Failure)>,
    generation: Generation,
}

impl Lag {
    /// Names first. Groups that are no longer listed go, unless a broker that may know them is silent.
    pub fn on_groups(&mut self, groups: Vec<Group>, missing: Vec<(i32, Failure)>, _at: Timestamp, cx: &mut Cx) {
        let chosen = self.chosen();
        let mut known: HashMap<GroupName, Row> = self.rows.drain(..).map(|row| (row.group.name.clone(), row)).collect();
        // Two brokers may both name a group whose coordinator is moving.
        let mut seen = HashSet::new();
        let once = groups.into_iter().filter(|group| seen.insert(group.name.clone()));
        self.rows = once.map(|group| Row::listed(known.remove(&group.name), group)).collect();
        let silent = |row: &Row| missing.iter().any(|(broker, _)| *broker == row.group.coordinator);
        self.rows.extend(known.into_values().filter(silent));
        for (_, failure) in &missing {
            cx.wish(Wish::Notice(failure.clone()));
        }
        (self.listed, self.missing) = (true, missing);
        self.arrange(chosen);
    }

    pub fn on_lag(&mut self, groups: Vec<GroupLag>, at: Timestamp, _cx: &mut Cx) {
        let chosen = self.chosen();
        let rows: HashMap<GroupName, usize> =
            self.rows.iter().enumerate().map(|(i, row)| (row.group.name.clone(), i)).collect();
        for lag in groups {
            if let Some(row) = rows.get(&lag.group.name).and_then(|i| self.rows.get_mut(*i)) {
                row.sample(lag, at);
            }
        }
        self.round = self.read.map_or(Duration::ZERO, |before| format::since(before, at));
        self.read = Some(at);
        self.arrange(chosen);
    }

    /// Two rounds and a little, as long as rounds take on this cluster.
    fn fresh(&self) -> Duration {
        (self.round * 5 / 2).max(FRESH)
    }

    /// Another topic is open: its groups come first, and the cursor goes to the first of them, or to the group that the
    /// topic was opened for.
    pub fn on_topic(&mut self, group: Option<GroupName>, cx: &mut Cx) {
        self.topic = cx.session.topic.clone();
        self.chose = group.is_some();
        self.arrange(group);
    }

    /// The group under the cursor, if a person put the cursor there.
    fn chosen(&self) -> Option<GroupName> {
        self.row().filter(|_| self.chose).map(|row| row.group.name.clone())
    }

    fn row(&self) -> Option<&Row> {
        self.shown.get(self.list.cursor()).and_then(|i| self.rows.get(*i))
    }

    /// Filters and sorts anew: groups of the open topic first, then by the sort. The cursor stays on its group.
    fn arrange(&mut self, chosen: Option<GroupName>) {
        let needle = self.filter.needle();
        let rows = &self.rows;
        let reads: Vec<bool> = rows.iter().map(|row| row.reads(self.topic.as_ref())).collect();
        let mut shown = fuzzy::rank(&needle, rows.iter().map(|row| &*row.group.name));
        shown.retain(|i| !self.only_topic || reads[*i]);
        let (column, reverse) = self.sort;
        let ranked = !needle.is_empty() && self.sort == (row::GROUP, false);
        shown.sort_by(|a, b| {
            let sorted = || if ranked { Ordering::Equal } else { rows[*a].order(&rows[*b], column, reverse) };
            reads[*b].cmp(&reads[*a]).then_with(sorted)
        });
        self.shown = shown;
        self.list.set_len(self.shown.len());
        let at = chosen.and_then(|name| self.shown.iter().position(|i| self.rows[*i].group.name == name));
        match at {
            Some(at) => self.list.select(at),
            None if !self.chose => self.list.select(0),
            None => {}
        }
    }

    fn rearrange(&mut self) {
        let chosen = self.chosen();
        self.arrange(chosen);
    }

    /// Heads and rows: inside the frame, a blank column before them.
    fn table(&self) -> Rect {
        let inner = self.area.inner(Margin::new(1, 1));
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }
    }

    fn slots(&self) -> Slots {
        let width = self.table().width;
        Slots::fit(&row::columns(width), width)
    }

    /// The next column that can be sorted by and is on the screen.
    fn sort_step(&mut self, step: usize) {
        let slots = self.slots();
        let columns: Vec<usize> = row::SORTED.into_iter().filter(|column| slots.width(*column).is_some()).collect();
        let at = columns.iter().position(|column| *column == self.sort.0).unwrap_or(0);
        if let Some(column) = columns.get((at + step) % columns.len().max(1)) {
            self.sort = (*column, self.sort.1);
        }
        self.rearrange();
    }

    fn sort_reverse(&mut self) {
        self.sort.1 = !self.sort.1;
        self.rearrange();
    }

    fn close_filter(&mut self, keep: bool) {
        self.filter.close(keep);
        self.rearrange();
    }

    /// Shows the chosen group at once and asks for its partitions.
    fn open(&mut self, cx: &mut Cx) {
        let Some(group) = self.row().map(|row| row.group.clone()) else { return };
        self.generation += 1;
        let generation = self.generation;
        cx.send(Command::OpenGroup { group: group.name.clone(), generation });
        cx.wish(Wish::Show(Box::new(Overlay::Group(Box::new(GroupOverlay::new(group, generation, cx.session.now))))));
    }

    /// Tails what the chosen group reads next.
    fn tail(&mut self, cx: &mut Cx) {
        let Some(row) = self.row() else { return };
        let group = row.group.name.clone();
        match row.next().cloned() {
            Some((topic, partition, offset)) => cx.wish(Wish::TailAt { topic, partition, offset, group }),
            None => cx.wish(Wish::Say(format!("{group} has no commit to tail from"))),
        }
    }

    fn on_click(&mut self, mouse: Mouse, cx: &mut Cx) {
        let first = self.area.y + 2;
        if mouse.y + 1 == first {
            let column = self.slots().at(mouse.x.saturating_sub(self.table().x));
            match column.filter(|column| row::SORTED.contains(column)) {
                Some(column) if column == self.sort.0 => self.sort_reverse(),
                Some(column) => {
                    self.sort = (column, false);
                    self.rearrange();
                }
                None => {}
            }
        } else if mouse.y >= first {
            let at = self.list.view().start + usize::from(mouse.y - first);
            let again = at == self.list.cursor() && self.chose;
            if at < self.list.view().end {
                self.chose = true;
                self.list.select(at);
                if again {
                    self.open(cx);
                }
            }
        }
    }

    fn title(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let mut title = vec![(Safe::literal(" 3 Lag "), theme.title)];
        if let Some(topic) = &self.topic {
            let how = if self.only_topic { "only" } else { "first" };
            // A long name leaves room for the count behind it.
            let topic = Safe::text(topic).fit(usize::from(self.area.width.saturating_sub(40).max(8)));
            title.push((Safe::from(format!(" groups on {topic} {how} ")), theme.text));
        }
        if self.listed {
            let bound = if self.missing.is_empty() { "" } else { "≥ " };
            let count = match (self.shown.len(), self.rows.len()) {
                (shown, all) if shown < all => format!(" {shown} of {bound}{all} "),
                (_, all) => format!(" {bound}{all} "),
            };
            title.push((Safe::from(count), theme.text));
        }
        title
    }

    /// Which brokers are silent, in one line.
    fn silent(&self) -> Option<Safe> {
        let (_, why) = self.missing.first()?;
        let brokers: Vec<String> = self.missing.iter().map(|(broker, _)| broker.to_string()).collect();
        let (word, verb) = if brokers.len() == 1 { ("broker", "does") } else { ("brokers", "do") };
        Some(Safe::from(format!(" {word} {} {verb} not list groups: {} ", brokers.join(", "), why.answered)))
    }

    /// What stands where there are no rows: never nothing.
    fn empty(&self, look: &Look) -> Safe {
        let waits = self.rows.iter().any(Row::is_unread);
        match (&self.topic, self.rows.is_empty()) {
            _ if !self.listed && look.session.unreachable => Safe::literal("Groups appear once the cluster answers."),
            _ if !self.listed => Safe::literal("Asking for groups …"),
            _ if self.filter.is_open() => Safe::literal("No group has these letters; esc clears the filter."),
            (_, true) if !self.missing.is_empty() => Safe::literal("No groups known so far: not every broker answers."),
            (_, true) => Safe::literal("No groups yet. A consumer that joins or commits appears here."),
            (Some(topic), false) if waits => Safe::from(format!("Asking which groups read {topic} …")),
            (Some(topic), false) => Safe::from(format!("No group reads {topic}; T shows all groups.")),
            (None, false) => Safe::literal("No topic is open; T shows all groups."),
        }
    }

    fn draw_rows(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let table = self.table();
        let (columns, slots) = (row::columns(table.width), self.slots());
        pen.heads(Rect { height: 1, ..table }, &columns, &slots, Some(self.sort));
        for (i, at) in self.list.view().enumerate() {
            let area = Rect { y: table.y + 1 + i as u16, height: 1, ..table };
            let Some(row) = self.shown.get(at).and_then(|i| self.rows.get(*i)) else { continue };
            let ink =
                row::Ink { theme: &theme, fresh: self.fresh(), now: look.session.now, topic: self.topic.as_ref() };
            pen.row(area, &columns, &slots, |column| row.cell(column, &ink, slots.width(column).unwrap_or(0)));
            if at == self.list.cursor() {
                let area = Rect { x: inner.x, width: inner.width, ..area };
                pen.tint(area, if look.focused { theme.selection } else { theme.selection_unfocused });
            }
        }
    }

    /// The filter, or which brokers are silent, in the lower border.
    fn draw_foot(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        match (self.filter.is_open(), self.silent()) {
            (true, _) => self.filter.draw(pen, self.area, look.focused),
            (false, Some(words)) => pen.foot(self.area, &[(words, theme.warn)]),
            (false, None) => {}
        }
    }
}

impl Panel for Lag {
    fn contexts(&self) -> &'static [Context] {
        if self.filter.is_typing() { &[Context::Field] } else { &[Context::Lag, Context::List] }
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
            Action::SortNext => self.sort_step(1),
            Action::SortPrevious => self.sort_step(row::SORTED.len() - 1),
            Action::Reverse => self.sort_reverse(),
            Action::Copy => {
                if let Some(row) = self.row() {
                    cx.wish(Wish::Say(format!("copied {}", row.group.name)));
                    cx.wish(Wish::Terminal(Request::Copy(row.group.name.to_string())));
                }
            }
            movement => self.chose |= self.list.on_action(movement),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if self.filter.key(key) {
            self.chose = false;
            self.arrange(None);
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        if self.filter.paste(text) {
            self.chose = false;
            self.arrange(None);
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) => {
                self.chose = true;
                self.list.scroll(isize::from(rows));
            }
            MouseKind::Click => self.on_click(mouse, cx),
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        let title = self.title(pen);
        let inner = pen.frame(self.area, look.focused, &title);
        if inner.is_empty() {
            return;
        }
        if self.shown.is_empty() {
            let table = self.table();
            let area = Rect { y: table.y + 1, height: table.height.saturating_sub(1), ..table };
            pen.paragraph(area, &self.empty(look), theme.muted);
        } else {
            self.draw_rows(pen, inner, look);
        }
        self.draw_foot(pen, look);
    }
}
