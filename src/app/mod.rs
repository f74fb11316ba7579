//! The whole screen as plain data: keys and events in, commands and requests out. No I/O, no channels, no clock.
mod events;
mod files;
mod groups;
mod mouse;
mod overlays;

use crate::{
    bus::Command,
    failure::Failure,
    footer::Footer,
    group::GroupName,
    header::Header,
    keymap::{self, Action, Context, Key},
    layout::{self, Areas, Borders, Edge, Focus},
    overlay::{Overlay, help::Help, notices, palette::Palette},
    panels::{Cx, Look, Panel, Panels, Request, Resets, Session, Wish},
    text::Safe,
    theme::Theme,
    topic::TopicName,
    widgets::Pen,
};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
};

/// What the program was started with, as far as the screen cares.
#[derive(Debug, Clone)]
pub struct Start {
    pub theme: Theme,
    /// What the header calls the cluster.
    pub cluster: String,
    pub read_only: bool,
    /// Leave out records of aborted transactions (`--isolation committed`).
    pub committed: bool,
    pub mouse: bool,
    pub zone: TimeZone,
    pub now: Timestamp,
    /// Opened at once, whether the list shows it or not.
    pub topic: Option<TopicName>,
    /// Opened once the list shows it.
    pub last_topic: Option<TopicName>,
    pub borders: Borders,
    /// Bounds of the records kept for scrolling.
    pub ring_bytes: usize,
    pub ring_records: usize,
    /// Where undo files of resets go.
    pub undo: PathBuf,
}

#[derive(Debug)]
pub struct App {
    pub panels: Panels,
    pub session: Session,
    pub focus: Focus,
    pub window: Window,
    /// Commands that Kafka has not taken yet.
    pub outbox: Vec<Command>,
    /// What the terminal is to do.
    pub requests: Vec<Request>,
    pub quit: bool,
    overlays: Vec<Overlay>,
    header: Header,
    notices: notices::Log,
    wishes: Vec<Wish>,
    /// A word of a panel's own, until the next key.
    said: Option<Safe>,
    start: Start,
}

/// The size of the screen and how it is cut up.
#[derive(Debug, Default)]
pub struct Window {
    screen: Rect,
    pub borders: Borders,
    zoom: bool,
    areas: Areas,
    drag: Option<Edge>,
}

impl Window {
    pub fn screen(&self) -> Rect {
        self.screen
    }
}

impl App {
    pub fn new(start: Start) -> Self {
        let session = Session {
            now: start.now,
            zone: start.zone.clone(),
            topic: None,
            partitions: None,
            read_only: start.read_only,
            committed: start.committed,
            unreachable: false,
            sent: VecDeque::new(),
            resets: Resets { directory: start.undo.clone(), undos: BTreeMap::new(), generation: 0 },
        };
        let mut app = Self {
            panels: Panels::new(start.ring_bytes, start.ring_records),
            session,
            focus: Focus::default(),
            window: Window { borders: start.borders, ..Window::default() },
            outbox: vec![],
            requests: vec![],
            quit: false,
            overlays: vec![],
            header: Header::new(&start.cluster, start.now),
            notices: notices::Log::default(),
            wishes: vec![],
            said: None,
            start,
        };
        if let Some(topic) = app.start.topic.clone() {
            app.wishes.push(Wish::Open(topic));
        }
        app
    }

    /// The time, said before every key, event and tick.
    pub fn on_tick(&mut self, now: Timestamp) {
        self.session.now = now;
        self.panels.tail.on_tick(now);
        self.panels.lag.on_tick(now);
    }

    pub fn resize(&mut self, screen: Rect) {
        self.window.screen = screen;
        let alone = self.window.zoom || layout::is_small(screen);
        self.window.areas = layout::areas(screen, self.focus, alone, self.window.borders);
        for focus in Focus::ALL {
            self.panels.get_mut(focus).resize(self.window.areas.of(focus));
        }
        for overlay in &mut self.overlays {
            overlay.resize(screen);
        }
        self.settle();
    }

    pub fn on_key(&mut self, key: Key) {
        self.said = None;
        let contexts = self.contexts();
        let action = match keymap::is_text(contexts) {
            true => keymap::lookup(&contexts[..1], key),
            false => keymap::lookup(contexts, key).or_else(|| keymap::lookup(&[Context::Global], key)),
        };
        match action {
            Some(action) => self.on_action(action),
            None => self.with_top(|panel, cx| panel.on_text(key, cx)),
        }
        self.settle();
    }

    pub fn on_paste(&mut self, text: &str) {
        self.with_top(|panel, cx| panel.on_paste(text, cx));
        self.settle();
    }

    /// A text comes back from `$EDITOR`.
    pub fn on_edited(&mut self, text: &str) {
        self.panels.produce.on_edited(text);
    }

    /// Something outside Kafka went wrong: the editor, the clipboard.
    pub fn on_failure(&mut self, failure: Failure) {
        self.notices.push(failure, self.session.now);
    }

    /// Contexts of what has the keys now.
    fn contexts(&self) -> &'static [Context] {
        self.overlays.last().map_or_else(|| self.panels.get(self.focus).contexts(), Overlay::contexts)
    }

    fn with_top(&mut self, act: impl FnOnce(&mut dyn Panel, &mut Cx)) {
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        match self.overlays.last_mut() {
            Some(overlay) => act(overlay, &mut cx),
            None => act(self.panels.get_mut(self.focus), &mut cx),
        }
    }

    fn on_action(&mut self, action: Action) {
        match action {
            Action::QuitAtOnce => self.quit = true,
            Action::Suspend => self.requests.push(Request::Suspend),
            Action::Redraw => self.requests.push(Request::Redraw),
            Action::Refresh => self.outbox.push(Command::Refresh),
            Action::Help if !matches!(self.overlays.last(), Some(Overlay::Help(_))) => {
                let covered = !self.overlays.is_empty();
                self.show(Overlay::Help(Help::new(self.contexts(), covered, self.start.mouse)));
            }
            _ if !self.overlays.is_empty() => self.with_top(|panel, cx| panel.on_action(action, cx)),
            Action::Palette => self.show(Overlay::Palette(Box::new(Palette::new(self.contexts())))),
            Action::Notices => {
                self.notices.unseen = 0;
                self.show(Overlay::Notices(notices::Notices::new(self.notices.clone(), self.session.zone.clone())));
            }
            action => self.on_panel_action(action),
        }
    }

    fn on_panel_action(&mut self, action: Action) {
        match action {
            Action::Quit => self.quit = true,
            Action::NextPanel => self.focus_on(self.focus.next()),
            Action::PreviousPanel => self.focus_on(self.focus.previous()),
            Action::FocusTopics => self.focus_on(Focus::Topics),
            Action::FocusTail => self.focus_on(Focus::Tail),
            Action::FocusLag => self.focus_on(Focus::Lag),
            Action::FocusProduce => self.focus_on(Focus::Produce),
            Action::Zoom => self.zoom(!self.window.zoom),
            Action::Back if self.window.zoom && !self.panels.get(self.focus).holds_back() => self.zoom(false),
            Action::Grow => self.grow(1),
            Action::Shrink => self.grow(-1),
            Action::Write => {
                self.focus_on(Focus::Produce);
                self.with_top(|panel, cx| panel.on_action(action, cx));
            }
            action => self.with_top(|panel, cx| panel.on_action(action, cx)),
        }
    }

    fn focus_on(&mut self, focus: Focus) {
        self.focus = focus;
        if focus != Focus::Produce {
            self.panels.produce.leave();
        }
        self.resize(self.window.screen);
    }

    fn zoom(&mut self, zoom: bool) {
        self.window.zoom = zoom;
        self.resize(self.window.screen);
    }

    fn grow(&mut self, by: i16) {
        self.window.borders = layout::grow(self.window.borders, &self.window.areas, self.focus, by);
        self.resize(self.window.screen);
    }

    fn show(&mut self, mut overlay: Overlay) {
        overlay.resize(self.window.screen);
        self.overlays.push(overlay);
        overlays::tell(&mut self.overlays, &self.panels.lag);
    }

    /// Carries out what panels wished, until nobody wishes anything more; then Kafka is told which groups are in view.
    fn settle(&mut self) {
        while !self.wishes.is_empty() {
            for wish in std::mem::take(&mut self.wishes) {
                self.grant(wish);
            }
        }
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.panels.lag.watch(&mut cx);
    }

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Open(topic) => self.open(topic),
            Wish::TailAt { topic, partition, offset, group } => self.open_at(topic, (partition, offset), group),
            Wish::Focus(focus) => self.focus_on(focus),
            Wish::Show(overlay) => self.show(*overlay),
            Wish::Close => drop(self.overlays.pop()),
            Wish::Run { panel, action } => {
                self.focus_on(panel.unwrap_or(self.focus));
                self.on_action(action);
            }
            Wish::Neighbour { of, newer } => self.turn(|tail, cx| tail.neighbour(of, newer, cx)),
            Wish::PartitionNeighbour { of, newer } => self.turn(|tail, cx| tail.partition_neighbour(of, newer, cx)),
            Wish::SameKey { of, key } => self.turn(|tail, cx| tail.same_key(of, key.as_deref(), cx)),
            Wish::Turn(beside) => self.turn(|_, _| beside),
            Wish::StopLooking => self.turn(|tail, cx| tail.stop_beside(cx)),
            Wish::ReadAs { key, value } => self.panels.tail.read_as(key, value),
            Wish::Say(words) => self.said = Some(Safe::from(words)),
            Wish::Notice(failure) => self.notices.push(failure, self.session.now),
            Wish::Terminal(request) => self.requests.push(request),
        }
    }

    fn open(&mut self, topic: TopicName) {
        self.session.partitions = self.panels.topics.partitions(&topic);
        self.session.topic = Some(topic.clone());
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.panels.tail.open(topic, &mut cx);
        self.panels.lag.on_topic(None, &mut cx);
    }

    /// Tail takes the keys: whoever asks for a record wants to look at it.
    fn open_at(&mut self, topic: TopicName, place: (i32, i64), group: GroupName) {
        self.session.partitions = self.panels.topics.partitions(&topic);
        self.session.topic = Some(topic.clone());
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.panels.tail.open_at(topic, place, &group, &mut cx);
        self.panels.lag.on_topic(Some(&group), &mut cx);
        self.focus_on(Focus::Tail);
    }

    /// Draws one frame; returns where the cursor is to stand.
    pub fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        let mut pen = Pen::new(buffer, &self.start.theme);
        let pen = &mut pen;
        let areas = &self.window.areas;
        let rate = self.panels.topics.total_rate();
        self.header.draw(pen, areas.header, &self.session, rate, self.only().then_some(self.focus));
        for focus in Focus::ALL {
            if !areas.of(focus).is_empty() {
                let focused = focus == self.focus && self.overlays.is_empty();
                self.panels.get(focus).draw(pen, &Look { session: &self.session, focused });
            }
        }
        self.footer().draw(pen, areas.footer);
        for overlay in &self.overlays {
            overlay.draw(pen, &Look { session: &self.session, focused: true });
        }
        pen.cursor()
    }

    fn footer(&self) -> Footer<'_> {
        Footer {
            contexts: self.contexts(),
            covered: !self.overlays.is_empty(),
            read_only: self.session.read_only,
            busy: !self.outbox.is_empty(),
            unseen: self.notices.unseen,
            said: self.said.as_ref(),
        }
    }

    /// Is only one panel on the screen?
    fn only(&self) -> bool {
        self.window.zoom || layout::is_small(self.window.screen)
    }
}
