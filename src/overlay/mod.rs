//! What lies over the panels for a while: help, palette, notices, one record, two of them, one
//! group, a reset of its offsets, what is deleted of it. `esc` and `q` close them.
pub mod confirm;
pub mod diff;
pub mod group;
pub mod help;
pub mod notices;
pub mod palette;
pub mod record;
pub mod remove;
pub mod reset;

use crate::{
    bus::Generation,
    failure::Failure,
    group::GroupLag,
    keymap::{Action, Context, Key},
    lag::History,
    panels::{Cx, Look, Mouse, Panel},
    reset::{Done, Plan},
    widgets::Pen,
};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::path::Path;

/// One of them; each answers as a panel does.
#[derive(Debug)]
pub enum Overlay {
    Diff(Box<diff::Diff>),
    Group(Box<group::Group>),
    Help(help::Help),
    Notices(notices::Notices),
    Palette(Box<palette::Palette>),
    Record(Box<record::RecordView>),
    Remove(Box<remove::Remove>),
    Reset(Box<reset::Reset>),
}

impl Overlay {
    fn panel(&self) -> &dyn Panel {
        match self {
            Self::Diff(it) => &**it,
            Self::Group(it) => &**it,
            Self::Help(it) => it,
            Self::Notices(it) => it,
            Self::Palette(it) => &**it,
            Self::Record(it) => &**it,
            Self::Remove(it) => &**it,
            Self::Reset(it) => &**it,
        }
    }

    fn panel_mut(&mut self) -> &mut dyn Panel {
        match self {
            Self::Diff(it) => &mut **it,
            Self::Group(it) => &mut **it,
            Self::Help(it) => it,
            Self::Notices(it) => it,
            Self::Palette(it) => &mut **it,
            Self::Record(it) => &mut **it,
            Self::Remove(it) => &mut **it,
            Self::Reset(it) => &mut **it,
        }
    }
}

impl Panel for Overlay {
    fn contexts(&self) -> &'static [Context] {
        self.panel().contexts()
    }

    fn resize(&mut self, area: Rect) {
        self.panel_mut().resize(area);
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.panel_mut().on_action(action, cx);
    }

    fn on_text(&mut self, key: Key, cx: &mut Cx) {
        self.panel_mut().on_text(key, cx);
    }

    fn on_paste(&mut self, text: &str, cx: &mut Cx) {
        self.panel_mut().on_paste(text, cx);
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        self.panel_mut().on_mouse(mouse, cx);
    }

    fn has_work(&self) -> bool {
        self.panel().has_work()
    }

    fn work(&mut self) {
        self.panel_mut().work();
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.panel().draw(pen, look);
    }
}

impl Overlay {
    /// A group was read; the overlay that asked takes it.
    pub fn on_group(&mut self, generation: Generation, lag: &GroupLag, at: Timestamp) {
        if let Self::Group(it) = self {
            it.on_read(generation, lag, at);
        }
    }

    pub fn on_group_failed(&mut self, generation: Generation, why: &Failure) {
        if let Self::Group(it) = self {
            it.on_failed(generation, why);
        }
    }

    /// A plan was made. `true` when this overlay waited for it.
    pub fn on_planned(&mut self, generation: Generation, plan: &Plan) -> bool {
        if let Self::Reset(it) = self { it.on_planned(generation, plan) } else { false }
    }

    /// A reset was tried. `true` when this overlay waited for it.
    pub fn on_reset(&mut self, generation: Generation, done: &Done) -> bool {
        if let Self::Reset(it) = self { it.on_ended(generation, done) } else { false }
    }

    pub fn on_forgotten(&mut self, generation: Generation, partitions: &remove::Forgotten) -> bool {
        if let Self::Remove(it) = self { it.on_forgotten(generation, partitions) } else { false }
    }

    pub fn on_deleted(&mut self, generation: Generation) -> bool {
        if let Self::Remove(it) = self { it.on_deleted(generation) } else { false }
    }

    /// What was asked about a group's offsets could not be done.
    pub fn on_offsets_failed(&mut self, generation: Generation, why: &Failure) {
        match self {
            Self::Reset(it) => it.on_failed(generation, why),
            Self::Remove(it) => it.on_failed(generation, why),
            _ => {}
        }
    }

    /// A file was read that an overlay named.
    pub fn on_text_read(&mut self, file: &Path, text: &Result<String, Failure>, cx: &mut Cx) {
        if let Self::Reset(it) = self {
            it.on_text_read(file, text, cx);
        }
    }

    /// What the Lag panel saw of this group so far. `true` when it is a group.
    pub fn on_history<'a>(&mut self, of: impl FnOnce(&str) -> Option<&'a History>) -> bool {
        let Self::Group(it) = self else { return false };
        let history = of(it.name());
        history.is_some_and(|history| it.on_history(history))
    }

    /// Is there a file where one is to be written?
    pub fn on_file(&mut self, file: &Path, exists: bool, cx: &mut Cx) {
        if let Self::Group(it) = self {
            it.on_file(file, exists, cx);
        }
    }

    pub fn on_saved(&mut self, file: &Path, saved: &Result<(), Failure>) {
        if let Self::Group(it) = self {
            it.on_saved(file, saved);
        }
    }

    /// The groups that are there now; `complete` when every broker answered.
    pub fn on_groups(&mut self, groups: &[crate::group::Group], complete: bool) {
        if let Self::Group(it) = self {
            it.on_listed(groups, complete);
        }
    }
}

/// The screen without header and footer, where there is room: cluster and keys stay in sight.
pub fn below_header(screen: Rect) -> Rect {
    let edge = u16::from(screen.height > 6);
    Rect { y: screen.y + edge, height: screen.height - 2 * edge, ..screen }
}

/// A centred area of at most this many columns and rows, leaving a little of what lies below.
pub fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height }
}
