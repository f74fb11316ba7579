//! Drives the whole screen with no runtime and no broker: keys and events in, commands and text out.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
pub mod batch;
pub mod groups;
pub mod live;
pub mod stage;

use crossterm::event::{KeyCode, KeyModifiers};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use kafscope::{
    app::{App, Start},
    bus::{Command, Event, KafkaVersion},
    keymap::Key,
    layout::Borders,
    panels::{Mouse, MouseKind},
    text::Safe,
    theme::Theme,
    topic::{Broker, Partition, PartitionOffsets, Topic, TopicOffsets},
};
use ratatui::{buffer::Buffer, layout::Rect};

pub struct Screen {
    pub app: App,
    size: Rect,
    now: Timestamp,
}

pub fn start() -> Start {
    Start {
        theme: Theme::builtin("mono").expect("mono"),
        cluster: "test".into(),
        read_only: false,
        committed: false,
        mouse: true,
        zone: TimeZone::UTC,
        now: "2026-11-20T14:03:22Z".parse().expect("time"),
        topic: None,
        last_topic: None,
        borders: Borders::default(),
        ring_bytes: 64 << 20,
        ring_records: 1_000_000,
        undo: "/undo".into(),
    }
}

impl Screen {
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(start(), width, height)
    }

    pub fn with(start: Start, width: u16, height: u16) -> Self {
        let now = start.now;
        let mut app = App::new(start);
        let size = Rect::new(0, 0, width, height);
        app.resize(size);
        Self { app, size, now }
    }

    /// `"j j <enter> hi"`: words are typed letter by letter, unless in angle brackets: `<enter>`, `<ctrl-d>`, `<space>`.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for word in script.split_whitespace() {
            match word.strip_prefix('<').and_then(|w| w.strip_suffix('>')) {
                Some(name) => self.app.on_key(named(name)),
                None => word.chars().for_each(|c| self.app.on_key(Key(KeyCode::Char(c), KeyModifiers::NONE))),
            }
        }
        self
    }

    /// Lets the screen do what no key has to wait for, to its end.
    pub fn rest(&mut self) -> &mut Self {
        while self.app.has_work() {
            self.app.work();
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.app.on_paste(text);
        self
    }

    pub fn hear(&mut self, event: Event) -> &mut Self {
        self.app.on_event(event);
        self
    }

    pub fn click(&mut self, x: u16, y: u16) -> &mut Self {
        self.app.on_mouse(Mouse { kind: MouseKind::Click, x, y });
        self.app.on_release();
        self
    }

    pub fn wheel(&mut self, x: u16, y: u16, rows: i8) -> &mut Self {
        self.app.on_mouse(Mouse { kind: MouseKind::Wheel(rows), x, y });
        self
    }

    pub fn drag(&mut self, from: (u16, u16), to: (u16, u16)) -> &mut Self {
        self.app.on_mouse(Mouse { kind: MouseKind::Click, x: from.0, y: from.1 });
        self.app.on_drag(to.0, to.1);
        self.app.on_release();
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.size = Rect::new(0, 0, width, height);
        self.app.resize(self.size);
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now += milliseconds.milliseconds();
        self.app.on_tick(self.now);
        self
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Commands since the last call.
    pub fn sent(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.app.outbox)
    }

    pub fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(self.size);
        self.app.draw(&mut buffer);
        buffer
    }

    /// The screen as text, a line a row, blanks at the ends cut.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let row = |y| {
            let mut skip = 0;
            let mut line = String::new();
            for x in 0..self.size.width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    line.push_str(symbol);
                    skip = Safe::text(symbol).width().max(1);
                }
                skip -= 1;
            }
            line.trim_end().to_owned() + "\n"
        };
        (0..self.size.height).map(row).collect()
    }

    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        assert!(self.screen().contains(text), "{text:?} is not on the screen:\n{}", self.screen());
        self
    }

    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        assert!(!self.screen().contains(text), "{text:?} is on the screen:\n{}", self.screen());
        self
    }

    /// The cluster answers with these topics: name, partitions, records in each partition.
    pub fn with_topics(&mut self, topics: &[(&str, i32, i64)]) -> &mut Self {
        self.hear(connected());
        let listed = topics.iter().map(|(name, partitions, _)| topic(name, *partitions)).collect();
        self.hear(Event::TopicsListed { topics: listed, at: self.now });
        let offsets =
            topics.iter().map(|(name, partitions, records)| offsets(name, *partitions, 0, *records)).collect();
        self.hear(Event::OffsetsRead { topics: offsets, at: self.now })
    }
}

pub fn named(name: &str) -> Key {
    let (modifiers, name) = match name.split_once('-') {
        Some(("ctrl", rest)) => (KeyModifiers::CONTROL, rest),
        Some(("alt", rest)) => (KeyModifiers::ALT, rest),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "f5" => KeyCode::F(5),
        letter => KeyCode::Char(letter.chars().next().expect("a key's name")),
    };
    Key(code, modifiers)
}

pub fn connected() -> Event {
    let brokers = (1..=3).map(|id| Broker { id, address: format!("127.0.0.1:{}", 9091 + id), rack: None }).collect();
    Event::Connected { brokers, kafka: KafkaVersion { text: "4.3".into() } }
}

pub fn topic(name: &str, partitions: i32) -> Topic {
    let partition = |id| Partition {
        id,
        leader: Some(id % 3 + 1),
        leader_epoch: 0,
        replicas: vec![1, 2, 3],
        in_sync: vec![1, 2, 3],
        error: None,
    };
    Topic {
        name: name.into(),
        internal: name.starts_with("__"),
        partitions: (0..partitions).map(partition).collect(),
        error: None,
    }
}

pub fn offsets(name: &str, partitions: i32, start: i64, end: i64) -> TopicOffsets {
    let partition = |id| PartitionOffsets { id, start: Ok(start), end: Ok(end) };
    TopicOffsets { topic: name.into(), partitions: (0..partitions).map(partition).collect() }
}
