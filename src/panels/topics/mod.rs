//! What is there: every topic, first its name, then its partitions, records and records a second.
mod row;

use super::{Cx, Look, Mouse, MouseKind, Panel, Wish};
use crate::{
    failure::Failure,
    keymap::{Action, Context, Key},
    panels::Request,
    text::Safe,
    topic::{Topic, TopicName, TopicOffsets},
    widgets::{Pen, Word, filter::Filter, format, fuzzy, list::List, table::Slots},
};
use jiff::Timestamp;
use ratatui::layout::{Margin, Rect};
use row::{COLUMNS, Row, TOPIC};
use std::{collections::HashMap, time::Duration};

/// Numbers older than two of the slowest rounds say so.
const STALE: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub struct Topics {
    area: Rect,
    list: List,
    rows: Vec<Row>,
    /// Indexes into `rows`, filtered and sorted.
    shown: Vec<usize>,
    filter: Filter,
    internal: bool,
    sort: (usize, bool),
    /// Why nothing is there; gone once the cluster answers.
    failure: Option<Failure>,
    listed: bool,
}

impl Topics {
    /// Are these the topics that are listed, in every detail?
    pub fn knows(&self, topics: &[Topic]) -> bool {
        let same = || self.rows.iter().map(|row| &row.topic).eq(topics);
        self.listed && self.failure.is_none() && same()
    }

    pub fn on_listed(&mut self, topics: Vec<Topic>, _at: Timestamp) {
        let chosen = self.chosen().map(|row| row.topic.name.clone());
        let mut known: HashMap<TopicName, Row> = self.rows.drain(..).map(|row| (row.topic.name.clone(), row)).collect();
        self.rows = topics
            .into_iter()
            .map(|topic| match known.remove(&topic.name) {
                Some(row) => Row { topic, ..row },
                None => Row::new(topic),
            })
            .collect();
        (self.listed, self.failure) = (true, None);
        self.arrange(chosen);
    }

    pub fn on_offsets(&mut self, topics: Vec<TopicOffsets>, at: Timestamp) {
        let chosen = self.chosen().map(|row| row.topic.name.clone());
        let rows: HashMap<TopicName, usize> =
            self.rows.iter().enumerate().map(|(i, row)| (row.topic.name.clone(), i)).collect();
        for offsets in topics {
            if let Some(row) = rows.get(&offsets.topic).and_then(|i| self.rows.get_mut(*i)) {
                row.sample(&offsets, at);
            }
        }
        self.arrange(chosen);
    }

    pub fn on_connected(&mut self) {
        self.failure = None;
    }

    pub fn on_connection_failed(&mut self, failure: Failure) {
        self.failure = Some(failure);
    }

    /// The topic to open without being asked: the last one used, if it is there; else the first with records.
    pub fn first(&self, last: Option<&str>) -> Option<TopicName> {
        let named = |name: &str| self.rows.iter().find(|row| &*row.topic.name == name);
        let used = last.and_then(named);
        let filled = || {
            let mut rows: Vec<&Row> = self.rows.iter().filter(|row| !row.topic.internal).collect();
            rows.sort_by_key(|row| row.topic.name.clone());
            rows.into_iter().find(|row| row.offsets.is_some_and(|o| o.records > 0))
        };
        used.or_else(filled).map(|row| row.topic.name.clone())
    }

    /// Records a second over all topics, and whether every topic is in it.
    pub fn total_rate(&self) -> Option<(f64, bool)> {
        let known: Vec<f64> = self.rows.iter().filter_map(|row| row.rate).collect();
        (!known.is_empty()).then(|| (known.iter().sum(), known.len() == self.rows.len()))
    }

    /// How many partitions a topic has; `None` while that is not known.
    pub fn partitions(&self, topic: &str) -> Option<usize> {
        let row = self.rows.iter().find(|row| &*row.topic.name == topic)?;
        Some(row.topic.partitions.len()).filter(|count| *count > 0)
    }

    fn chosen(&self) -> Option<&Row> {
        self.shown.get(self.list.cursor()).and_then(|i| self.rows.get(*i))
    }

    /// Filters and sorts anew; the cursor stays on its topic.
    fn arrange(&mut self, chosen: Option<TopicName>) {
        let needle = self.filter.needle();
        let candidates: Vec<usize> =
            (0..self.rows.len()).filter(|i| self.internal || !self.rows[*i].topic.internal).collect();
        let matched = fuzzy::rank(&needle, candidates.iter().map(|i| &*self.rows[*i].topic.name));
        self.shown = matched.into_iter().map(|i| candidates[i]).collect();
        if needle.is_empty() || self.sort != (TOPIC, false) {
            let (rows, (column, reverse)) = (&self.rows, self.sort);
            self.shown.sort_by(|a, b| {
                let order = rows[*a].compare(&rows[*b], column);
                if reverse { order.reverse() } else { order }
                    .then_with(|| rows[*a].topic.name.cmp(&rows[*b].topic.name))
            });
        }
        self.list.set_len(self.shown.len());
        if let Some(at) = chosen.and_then(|name| self.shown.iter().position(|i| self.rows[*i].topic.name == name)) {
            self.list.select(at);
        }
    }

    fn rearrange(&mut self) {
        let chosen = self.chosen().map(|row| row.topic.name.clone());
        self.arrange(chosen);
    }

    fn slots(&self) -> Slots {
        Slots::fit(&COLUMNS, self.area.width.saturating_sub(2))
    }

    /// The whole name under the cursor, where its row has no room for it.
    fn cut_name(&self) -> Option<Safe> {
        let name = Safe::text(&self.chosen()?.topic.name);
        let room = usize::from(self.slots().width(TOPIC)?.saturating_sub(row::MARK));
        (name.width() > room).then(|| Safe::literal(" ").join(&name).join(&Safe::literal(" ")))
    }

    fn sort_by(&mut self, column: usize, reverse: bool) {
        self.sort = (column, reverse);
        self.rearrange();
    }

    fn open(&self, cx: &mut Cx) {
        if let Some(row) = self.chosen() {
            cx.wish(Wish::Open(row.topic.name.clone()));
        }
    }

    fn close_filter(&mut self, keep: bool) {
        self.filter.close(keep);
        self.rearrange();
    }

    fn title(&self, pen: &Pen, look: &Look) -> Vec<Word> {
        let theme = pen.theme;
        let mut title = vec![(Safe::literal(" 1 Topics "), theme.title)];
        if self.listed {
            let visible = self.rows.iter().filter(|row| self.internal || !row.topic.internal).count();
            let count = match self.filter.is_open() {
                true => format!(" {} of {visible} ", self.shown.len()),
                false => format!(" {visible} "),
            };
            title.push((Safe::from(count), theme.text));
        }
        title.extend(self.age(look).map(|age| (Safe::from(format!("{} old ", format::span(age))), theme.warn)));
        title
    }

    /// How old the numbers are, once that is worth a word.
    fn age(&self, look: &Look) -> Option<Duration> {
        let newest = self.rows.iter().filter_map(|row| row.offsets.map(|offsets| offsets.at)).max()?;
        Some(format::since(newest, look.session.now)).filter(|age| *age > STALE)
    }

    fn draw_rows(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let slots = self.slots();
        pen.heads(Rect { height: 1, ..inner }, &COLUMNS, &slots, Some(self.sort));
        for (row, at) in self.list.view().enumerate() {
            let area = Rect { y: inner.y + 1 + row as u16, height: 1, ..inner };
            let Some(it) = self.shown.get(at).and_then(|i| self.rows.get(*i)) else { continue };
            pen.row(area, &COLUMNS, &slots, |column| it.cell(column, look, &theme));
            if at == self.list.cursor() {
                pen.tint(area, if look.focused { theme.selection } else { theme.selection_unfocused });
            }
        }
    }

    /// What stands where there are no rows: never nothing.
    fn draw_empty(&self, pen: &mut Pen, inner: Rect) {
        let theme = *pen.theme;
        let inner = inner.inner(Margin::new(1, 0));
        let area = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let words = match (&self.failure, self.listed, self.filter.is_open()) {
            (Some(failure), ..) => return draw_failure(pen, area, failure),
            (None, false, _) => "Asking for topics …",
            (None, true, true) => "No topic has these letters; esc clears the filter.",
            (None, true, false) if self.rows.is_empty() => {
                "This cluster has no topics yet. Create one, and it appears here."
            }
            (None, true, false) => "Only internal topics here; i shows them.",
        };
        pen.paragraph(area, &Safe::literal(words), theme.muted);
    }
}

/// Attempted, answered, what to try, in the room there is.
pub(super) fn draw_failure(pen: &mut Pen, area: Rect, failure: &Failure) {
    let theme = *pen.theme;
    let mut left = area;
    for (text, role) in
        [(&failure.attempted, theme.title), (&failure.answered, theme.bad), (&failure.advice, theme.text)]
    {
        let used = pen.paragraph(left, &Safe::text(text), role);
        left = Rect { y: left.y + used, height: left.height.saturating_sub(used), ..left };
    }
}

impl Panel for Topics {
    fn contexts(&self) -> &'static [Context] {
        if self.filter.is_typing() { &[Context::Field] } else { &[Context::Topics, Context::List] }
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
        let (column, reverse) = self.sort;
        match action {
            Action::Open if self.filter.is_typing() => {
                self.close_filter(true);
                self.open(cx);
            }
            Action::Open => self.open(cx),
            Action::Back => self.close_filter(false),
            Action::Filter => self.filter.open(),
            Action::Internal => {
                self.internal = !self.internal;
                cx.wish(Wish::Say(format!("internal topics {}", if self.internal { "shown" } else { "hidden" })));
                self.rearrange();
            }
            Action::SortNext => self.sort_by(self.slots().after(column, true), reverse),
            Action::SortPrevious => self.sort_by(self.slots().after(column, false), reverse),
            Action::Reverse => self.sort_by(column, !reverse),
            Action::Copy => {
                if let Some(row) = self.chosen() {
                    cx.wish(Wish::Say(format!("copied {}", row.topic.name)));
                    cx.wish(Wish::Terminal(Request::Copy(row.topic.name.to_string())));
                }
            }
            movement => drop(self.list.on_action(movement)),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if self.filter.key(key) {
            self.arrange(None);
            self.list.select(0);
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        if self.filter.paste(text) {
            self.arrange(None);
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        let first = self.area.y + 2;
        match mouse.kind {
            MouseKind::Wheel(rows) => self.list.scroll(isize::from(rows)),
            MouseKind::Click if mouse.y + 1 == first => {
                if let Some(column) = self.slots().at(mouse.x.saturating_sub(self.area.x + 1)) {
                    let reverse = self.sort.0 == column && !self.sort.1;
                    self.sort_by(column, reverse);
                }
            }
            MouseKind::Click if mouse.y >= first => {
                let row = self.list.view().start + usize::from(mouse.y - first);
                if row < self.list.view().end {
                    let again = row == self.list.cursor();
                    self.list.select(row);
                    if again {
                        self.open(cx);
                    }
                }
            }
            MouseKind::Click => {}
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let title = self.title(pen, look);
        let inner = pen.frame(self.area, look.focused, &title);
        if self.shown.is_empty() {
            self.draw_empty(pen, inner);
        } else {
            self.draw_rows(pen, inner, look);
        }
        match (self.filter.is_open(), self.chosen().and_then(Row::doubt), self.cut_name()) {
            (true, ..) => self.filter.draw(pen, self.area, look.focused),
            (false, Some(why), _) => pen.foot(self.area, &[(why, pen.theme.warn)]),
            (false, None, Some(name)) => pen.foot(self.area, &[(name, pen.theme.muted)]),
            (false, None, None) => {}
        }
    }
}
