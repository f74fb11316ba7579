//! A panel is one region of the screen: its state, its reactions and its drawing in one file. It knows no I/O and no
//! clock: keys and events come in, commands and wishes go out.
pub mod lag;
pub mod produce;
pub mod tail;
pub mod topics;

use crate::{
    bus::{Command, Generation},
    decode::Form,
    failure::Failure,
    group::GroupName,
    keymap::{Action, Context, Key},
    layout::Focus,
    overlay::Overlay,
    topic::TopicName,
    widgets::Pen,
};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::layout::Rect;
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    time::Duration,
};
use tail::{Beside, Standing};

pub trait Panel {
    /// Where keys are looked up, the narrowest first. One of [`Context::Field`] or [`Context::Writing`] in front means
    /// that printable keys are text.
    fn contexts(&self) -> &'static [Context];

    /// The panel's area, frame included; said again whenever it changes.
    fn resize(&mut self, area: Rect);

    fn on_action(&mut self, action: Action, cx: &mut Cx);

    /// Keys that no binding claimed. Only open fields care.
    fn on_text(&mut self, _key: Key, _cx: &mut Cx) {}

    /// Pasted text, whole.
    fn on_paste(&mut self, _text: &str, _cx: &mut Cx) {}

    fn on_mouse(&mut self, _mouse: Mouse, _cx: &mut Cx) {}

    /// Does `esc` end something here before it closes what lies around it?
    fn holds_back(&self) -> bool {
        false
    }

    /// Is something left to do that no key has to wait for?
    fn has_work(&self) -> bool {
        false
    }

    /// Does a slice of it, some milliseconds at most.
    fn work(&mut self) {}

    fn draw(&self, pen: &mut Pen, look: &Look);
}

/// What a panel may touch besides itself.
#[derive(Debug)]
pub struct Cx<'a> {
    pub session: &'a mut Session,
    pub outbox: &'a mut Vec<Command>,
    pub wishes: &'a mut Vec<Wish>,
}

impl Cx<'_> {
    pub fn send(&mut self, command: Command) {
        self.outbox.push(command);
    }

    pub fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }
}

/// What a panel asks of the screen around it.
#[derive(Debug)]
pub enum Wish {
    /// Open a topic: Tail reads it, Produce aims at it, Lag puts its groups first.
    Open(TopicName),
    /// Open a topic where a group stands in this partition, with the record it reads next chosen and marked.
    TailAt {
        topic: TopicName,
        partition: i32,
        /// The commit, or the start where that is higher.
        offset: i64,
        group: GroupName,
    },
    Focus(Focus),
    Show(Box<Overlay>),
    /// Close the overlay that wishes it.
    Close,
    /// Run an action as if its key had been pressed (the palette).
    Run {
        /// The panel to go to first.
        panel: Option<Focus>,
        action: Action,
    },
    /// Show the record beside this one in the open record view.
    Neighbour {
        of: Standing,
        newer: bool,
    },
    /// The same within its partition.
    PartitionNeighbour {
        of: Standing,
        newer: bool,
    },
    /// The record before this one that has this key; `None` is the null key.
    SameKey {
        of: Standing,
        key: Option<Vec<u8>>,
    },
    /// What was looked for beside the record of the open record view.
    Turn(Beside),
    /// Look no further for it.
    StopLooking,
    /// Keys and values of the open topic are to be read so.
    ReadAs {
        key: Form,
        value: Form,
    },
    /// A word beside the keys, until the next key.
    Say(String),
    /// An error for the notices.
    Notice(Failure),
    Terminal(Request),
}

/// What only the terminal can do; carried out by `run.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Suspend,
    Redraw,
    /// Put text into the clipboard (OSC 52).
    Copy(String),
    /// Is there such a file? The answer comes by [`crate::app::App::on_file`].
    LookFor(PathBuf),
    /// What does this file say? The answer comes by [`crate::app::App::on_text_read`].
    Read(PathBuf),
    /// Write a text as a whole file, in place of what stood there. What came of it is said by
    /// [`crate::app::App::on_saved`].
    Save {
        file: PathBuf,
        text: String,
    },
    /// Let the person write in `$EDITOR`; the text comes back by [`crate::app::App::on_edited`].
    Edit(String),
}

/// What more than one panel reads.
#[derive(Debug)]
pub struct Session {
    /// The time of the last tick, key or event: nobody else asks a clock.
    pub now: Timestamp,
    pub zone: TimeZone,
    /// The open topic, marked `●`.
    pub topic: Option<TopicName>,
    /// Partitions of the open topic; `None` while they are not known.
    pub partitions: Option<usize>,
    pub read_only: bool,
    /// Records of aborted transactions are left out.
    pub committed: bool,
    /// The last attempt to reach the cluster failed.
    pub unreachable: bool,
    /// What was sent from here and is to be marked in Tail, the newest last.
    pub sent: VecDeque<Sent>,
    pub resets: Resets,
}

/// What resets of offsets leave for those after them.
#[derive(Debug, Default)]
pub struct Resets {
    /// Where undo files go.
    pub directory: PathBuf,
    /// The undo file of each group's last reset here.
    pub undos: BTreeMap<GroupName, PathBuf>,
    /// Of the last question about a group's offsets.
    pub generation: Generation,
}

/// A record that was acknowledged, waiting to be seen in Tail or seen there.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The id of its [`Command::Produce`].
    pub id: u64,
    pub topic: TopicName,
    pub partition: i32,
    pub offset: i64,
    /// When it left the box.
    pub at: Timestamp,
    /// From leaving the box to standing in Tail.
    pub arrived: Option<Duration>,
}

/// How a panel is drawn this time.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub session: &'a Session,
    pub focused: bool,
}

/// A mouse event inside a panel; the cell is the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    pub kind: MouseKind,
    pub x: u16,
    pub y: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    Click,
    /// Rows, down positive.
    Wheel(i8),
}

/// The four, by name.
#[derive(Debug)]
pub struct Panels {
    pub topics: topics::Topics,
    pub tail: tail::Tail,
    pub lag: lag::Lag,
    pub produce: produce::Produce,
}

impl Panels {
    /// Bounds of the records kept for scrolling.
    pub fn new(ring_bytes: usize, ring_records: usize) -> Self {
        Self {
            topics: topics::Topics::default(),
            tail: tail::Tail::new(ring_bytes, ring_records),
            lag: lag::Lag::default(),
            produce: produce::Produce::default(),
        }
    }

    pub fn get(&self, focus: Focus) -> &dyn Panel {
        match focus {
            Focus::Topics => &self.topics,
            Focus::Tail => &self.tail,
            Focus::Lag => &self.lag,
            Focus::Produce => &self.produce,
        }
    }

    pub fn get_mut(&mut self, focus: Focus) -> &mut dyn Panel {
        match focus {
            Focus::Topics => &mut self.topics,
            Focus::Tail => &mut self.tail,
            Focus::Lag => &mut self.lag,
            Focus::Produce => &mut self.produce,
        }
    }
}
