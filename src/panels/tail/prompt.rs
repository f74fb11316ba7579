//! One line that a person writes in Tail: a place, a filter, columns, the name of a file. What is wrong is said under the
//! letter where it is, while one writes.
use crate::{
    keymap::{Action, Key},
    mistake::Mistake,
    text::Safe,
    widgets::{Pen, field::Field, wrap},
};
use ratatui::layout::Rect;

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Start,
    Filter,
    Columns,
    Export,
}

impl Ask {
    fn label(self) -> &'static str {
        match self {
            Self::Start => "start at ",
            Self::Filter => "filter ",
            Self::Columns => "columns ",
            Self::Export => "export to ",
        }
    }

    /// Examples, shown while nothing is wrong.
    fn hint(self) -> &'static str {
        match self {
            Self::Start => {
                "start · end · last:100 · -15m · @14:00 · @2026-11-20T10:00:00Z · offset:7 · 0:1200 · group:NAME"
            }
            Self::Filter => "text · key:cust-17 · header:trace=4f2 · = .value.qty > 2 · empty shows all again",
            Self::Columns => "id, user.name · items[0].sku · key.id · headers.trace · empty shows the value again",
            Self::Export => "",
        }
    }
}

/// Rows that words about a mistake take at most.
const WORDS: usize = 2;

#[derive(Debug)]
pub struct Prompt {
    pub ask: Ask,
    field: Field,
    pub mistake: Option<Mistake>,
    /// What `enter` would do, in place of examples.
    pub hint: Option<String>,
    /// What was written here before, the oldest first.
    history: Vec<String>,
    /// Which of them is shown; `None`: the person's own.
    shown: Option<usize>,
    own: String,
    /// What `enter` does was said, and it is to be pressed again.
    warned: bool,
    /// A file is to hold the whole topic, not only what is kept and newer.
    pub whole: bool,
}

impl Prompt {
    /// Rows it takes of the panel: the line, and what is wrong with it; more where the words do not fit beside the caret.
    pub fn rows(&self, width: u16) -> u16 {
        let width = usize::from(width);
        match &self.mistake {
            Some(mistake) if self.beside(mistake, width).is_none() => {
                2 + wrap(&Safe::text(&mistake.words), width).len().clamp(1, WORDS) as u16
            }
            _ => 2,
        }
    }

    /// The caret's column.
    fn caret(&self, mistake: &Mistake) -> usize {
        let before: String = self.field.text().chars().take(mistake.column).collect();
        Safe::literal(self.ask.label()).width() + Safe::text(&before).width()
    }

    /// Where the words begin that stand behind the caret or before it, if there is room.
    fn beside(&self, mistake: &Mistake, room: usize) -> Option<(usize, Safe)> {
        let (words, caret) = (Safe::text(&mistake.words), self.caret(mistake));
        let long = words.width() + 2;
        match caret {
            caret if caret + long <= room => Some((caret, Safe::literal("^ ").join(&words))),
            caret if caret < room && long <= caret + 1 => Some((caret + 1 - long, words.join(&Safe::literal(" ^")))),
            _ => None,
        }
    }

    pub fn new(ask: Ask, text: &str, history: Vec<String>) -> Self {
        let (field, own) = (Field::with(text), String::new());
        Self { ask, field, mistake: None, hint: None, history, shown: None, own, warned: false, whole: false }
    }

    pub fn text(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// `true` when the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        let changed = self.field.key(key);
        self.warned &= !changed;
        changed
    }

    pub fn paste(&mut self, text: &str) {
        self.warned = false;
        self.field.paste_line(text);
    }

    pub fn set(&mut self, text: &str) {
        self.warned = false;
        self.field.set(text);
    }

    /// What comes is asked for once more.
    pub fn warn(&mut self) {
        self.warned = true;
    }

    pub fn is_warned(&self) -> bool {
        self.warned
    }

    /// What was written before, and back to what one was writing. `true` when the text changed.
    pub fn turn(&mut self, action: Action) -> bool {
        let newest = self.history.len();
        let at = self.shown.unwrap_or(newest);
        let to = if action == Action::Older { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to <= newest) };
        let Some(to) = to else { return false };
        if self.shown.is_none() {
            self.own = self.field.text();
        }
        self.shown = Some(to).filter(|to| *to < newest);
        let text = self.history.get(to).unwrap_or(&self.own).clone();
        self.field.set(&text);
        true
    }

    pub fn draw(&self, pen: &mut Pen, area: Rect, focused: bool) {
        let theme = *pen.theme;
        let label = Safe::literal(self.ask.label());
        let used = pen.put(area.x, area.y, area.width, &label, theme.key);
        let line = Rect { x: area.x + used, width: area.width.saturating_sub(used), height: 1, ..area };
        pen.put(line.x, line.y, line.width, &Safe::from(" ".repeat(usize::from(line.width))), theme.input);
        self.field.draw(pen, line, theme.input, focused);
        if area.height > 1 {
            self.draw_below(pen, Rect { y: area.y + 1, height: area.height - 1, ..area });
        }
    }

    /// The mistake with a caret under its letter, before or behind it as there is room; else examples, as many as fit.
    fn draw_below(&self, pen: &mut Pen, area: Rect) {
        let theme = *pen.theme;
        let Some(mistake) = &self.mistake else {
            let hint = self.hint.as_deref().unwrap_or(self.ask.hint());
            pen.put(area.x, area.y, area.width, &examples(hint, area.width), theme.muted);
            return;
        };
        let (room, caret) = (usize::from(area.width), self.caret(mistake));
        if caret < room {
            pen.tint(Rect { x: area.x + caret as u16, y: area.y.saturating_sub(1), width: 1, height: 1 }, theme.bad);
        }
        if let Some((at, text)) = self.beside(mistake, room) {
            pen.put(area.x + at as u16, area.y, area.width - at as u16, &text, theme.bad);
            return;
        }
        let below = area.height.saturating_sub(1).min(1);
        if below > 0 {
            let caret = caret.min(room.saturating_sub(1)) as u16;
            pen.put(area.x + caret, area.y, 1, &Safe::literal("^"), theme.bad);
        }
        let line = Rect { y: area.y + below, height: area.height - below, ..area };
        pen.paragraph(line, &Safe::text(&mistake.words), theme.bad);
    }
}

/// As many of the examples as fit whole.
fn examples(hint: &str, width: u16) -> Safe {
    let mut shown = String::new();
    for example in hint.split(" · ") {
        let longer = if shown.is_empty() { example.to_owned() } else { format!("{shown} · {example}") };
        if longer.chars().count() > usize::from(width) {
            break;
        }
        shown = longer;
    }
    Safe::from(shown)
}
