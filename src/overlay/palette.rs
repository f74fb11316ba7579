//! `:`: every action by name, those of this place first, found fuzzily, run by `enter` where they belong.
use super::centred;
use crate::{
    keymap::{self, Action, Context, Key},
    layout::Focus,
    panels::{Cx, Look, Mouse, MouseKind, Panel, Wish},
    text::Safe,
    widgets::{Pen, field::Field, fuzzy, list::List},
};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Palette {
    area: Rect,
    field: Field,
    list: List,
    all: Vec<Entry>,
    /// Indexes into `all`, the best match first.
    shown: Vec<usize>,
}

#[derive(Debug)]
struct Entry {
    /// The panel it is an action of; `None`: it works in this place.
    panel: Option<Focus>,
    action: Action,
    name: String,
    keys: String,
}

/// Where the actions of each panel belong.
const PANELS: [(Context, Focus); 4] = [
    (Context::Topics, Focus::Topics),
    (Context::Tail, Focus::Tail),
    (Context::Lag, Focus::Lag),
    (Context::Produce, Focus::Produce),
];

fn entries(context: Context, panel: Option<Focus>) -> impl Iterator<Item = Entry> {
    let named = move |(action, keys, help)| Entry { panel, action, name: format!("{}: {help}", context.title()), keys };
    keymap::actions(context).into_iter().filter(|(action, ..)| *action != Action::Palette).map(named)
}

impl Palette {
    /// The actions of these contexts, of everywhere, and of the other panels.
    pub fn new(contexts: &[Context]) -> Self {
        let mut all: Vec<Entry> = vec![];
        for context in contexts.iter().copied().chain([Context::Global]) {
            let new = |entry: &Entry, all: &[Entry]| all.iter().all(|known| known.action != entry.action);
            let entries: Vec<Entry> = entries(context, None).filter(|entry| new(entry, &all)).collect();
            all.extend(entries);
        }
        for (context, focus) in PANELS.into_iter().filter(|(context, _)| !contexts.contains(context)) {
            all.extend(entries(context, Some(focus)));
        }
        let mut palette = Self { area: Rect::ZERO, field: Field::default(), list: List::default(), all, shown: vec![] };
        palette.find();
        palette
    }

    fn find(&mut self) {
        self.shown = fuzzy::rank(&self.field.text(), self.all.iter().map(|entry| entry.name.as_str()));
        self.list.set_len(self.shown.len());
        self.list.select(0);
    }

    fn run(&self, cx: &mut Cx) {
        cx.wish(Wish::Close);
        if let Some(entry) = self.shown.get(self.list.cursor()).and_then(|i| self.all.get(*i)) {
            cx.wish(Wish::Run { panel: entry.panel, action: entry.action });
        }
    }
}

impl Panel for Palette {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Palette]
    }

    fn resize(&mut self, area: Rect) {
        self.area = centred(area, 56, 20);
        self.list.set_height(usize::from(self.area.height.saturating_sub(4)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => self.run(cx),
            Action::Back => cx.wish(Wish::Close),
            movement => drop(self.list.on_action(movement)),
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        if self.field.key(key) {
            self.find();
        }
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        self.field.paste_line(text);
        self.find();
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) => self.list.scroll(isize::from(rows)),
            MouseKind::Click => {
                let first = Rect { y: self.area.y + 3, height: self.list.view().len() as u16, ..self.area };
                if first.contains((mouse.x, mouse.y).into()) {
                    self.list.select(self.list.view().start + usize::from(mouse.y - first.y));
                    self.run(cx);
                }
            }
        }
    }

    fn draw(&self, pen: &mut Pen, _: &Look) {
        let theme = *pen.theme;
        pen.clear(self.area);
        let inner = pen.frame(self.area, true, &[(Safe::literal(" Commands "), theme.title)]);
        pen.put(inner.x + 1, inner.y, 1, &Safe::literal(":"), theme.key);
        let line = Rect { x: inner.x + 2, width: inner.width.saturating_sub(3), height: 1, ..inner };
        self.field.draw(pen, line, theme.text, true);
        if self.shown.is_empty() {
            pen.put(inner.x + 1, inner.y + 2, inner.width, &Safe::literal("no command has these letters"), theme.muted);
        }
        for (row, at) in self.list.view().enumerate() {
            let Some(entry) = self.all.get(self.shown[at]) else { continue };
            let area = Rect { y: inner.y + 2 + row as u16, height: 1, ..inner };
            pen.put(area.x + 1, area.y, area.width.saturating_sub(20), &Safe::text(&entry.name), theme.text);
            pen.put_right(area.x, area.y, area.width.saturating_sub(1), &Safe::text(&entry.keys).fit(18), theme.key);
            if at == self.list.cursor() {
                pen.tint(area, theme.selection);
            }
        }
    }
}
