//! The last line: the keys of this place, as many as fit, and on the right what needs attention.
use crate::{
    keymap::{self, Action, Context},
    text::Safe,
    widgets::{Pen, Word},
};
use ratatui::layout::Rect;

/// Columns that a panel's word may take.
const SAID: usize = 40;

/// What the footer is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Footer<'a> {
    /// Of what has the keys now, the narrowest first.
    pub contexts: &'static [Context],
    /// Something lies over the panels: of the keys of everywhere only help and the way back work there.
    pub covered: bool,
    /// Nothing may be written.
    pub read_only: bool,
    /// Commands wait that Kafka has not taken.
    pub busy: bool,
    /// Notices nobody has looked at.
    pub unseen: usize,
    /// What the last key did, where nothing else shows it.
    pub said: Option<&'a Safe>,
}

impl Footer<'_> {
    pub fn draw(&self, pen: &mut Pen, area: Rect) {
        let theme = *pen.theme;
        let right = self.attention(pen);
        let taken: usize = right.iter().map(|(text, _)| text.width() + 2).sum();
        let hints = self.hints();
        let mut x = area.x + 1;
        for hint in fitting(&hints, usize::from(area.width).saturating_sub(taken + 1)) {
            let key = pen.put(x, area.y, area.width, &hint.keys, theme.key);
            pen.put(x + key + 1, area.y, area.width, &hint.help, theme.muted);
            x += hint.width() as u16;
        }
        pen.line_right(area.x, area.y, area.width, &right);
    }

    fn attention(&self, pen: &Pen) -> Vec<Word> {
        if let Some(said) = self.said {
            return vec![(said.fit(SAID), pen.theme.good), (Safe::literal(" "), pen.theme.text)];
        }
        let words = match (self.busy, self.unseen) {
            (true, _) => "Kafka is busy ".to_owned(),
            (false, 0) => return vec![],
            (false, 1) => "! 1 notice ".to_owned(),
            (false, n) => format!("! {n} notices "),
        };
        vec![(Safe::from(words), pen.theme.warn)]
    }

    /// Keys and what they do, movements left out; of a key that two contexts bind only what it does here.
    fn hints(&self) -> Vec<Hint> {
        let everywhere: &[Context] = if keymap::is_text(self.contexts) { &[] } else { &[Context::Global] };
        let mut seen = vec![];
        let mut hints: Vec<Hint> = vec![];
        for context in self.contexts.iter().chain(everywhere) {
            for binding in keymap::bindings(*context).filter(|binding| self.is_worth(*context, binding.action)) {
                let known = hints.iter().any(|hint| hint.help.as_str() == binding.help);
                if !known && !seen.contains(&binding.key) {
                    hints.push(Hint::new(binding, self.is_way_out(binding.action)));
                }
                seen.push(binding.key);
            }
        }
        hints
    }

    /// What a person needs who knows nothing else: the way to all other keys, or out of a text.
    fn is_way_out(&self, action: Action) -> bool {
        match keymap::is_text(self.contexts) {
            true => matches!(action, Action::Leave | Action::Back),
            false => action == Action::Help || self.covered && action == Action::Back,
        }
    }

    fn is_worth(&self, context: Context, action: Action) -> bool {
        use Action as A;
        // Told beside the line it is about.
        let told = action == A::ExportRange;
        // Known to everybody who uses a terminal.
        let movement = matches!(action, A::Down | A::Up | A::Top | A::Bottom | A::PageDown | A::PageUp);
        let terminal = matches!(action, A::QuitAtOnce | A::Suspend | A::Redraw);
        // Told by the other of the two.
        let twin = matches!(
            action,
            A::PreviousPanel | A::PreviousField | A::SortPrevious | A::PreviousMatch | A::Left | A::Right
        );
        let reachable = !self.covered || context != Context::Global || keymap::reaches_overlays(action);
        // Told by the number in each panel's title.
        let titled = matches!(action, A::FocusTopics | A::FocusTail | A::FocusLag | A::FocusProduce);
        let writes = matches!(
            action,
            A::Write | A::ResetOffsets | A::UndoReset | A::ForgetCommits | A::DeleteGroup | A::Execute
        );
        let refused = self.read_only && writes;
        !(movement || terminal || twin || titled || told || refused) && reachable
    }
}

/// One key and what it does.
#[derive(Debug)]
struct Hint {
    keys: Safe,
    help: Safe,
    /// Shown before all others, in its place.
    needed: bool,
}

impl Hint {
    fn new(binding: &keymap::Binding, needed: bool) -> Self {
        Self { keys: Safe::from(binding.key.to_string()), help: Safe::literal(binding.help), needed }
    }

    /// With the blanks between the two and after them.
    fn width(&self) -> usize {
        self.keys.width() + self.help.width() + 4
    }
}

/// As many as fit into `room`, in their order; room for the needed ones is kept.
fn fitting(hints: &[Hint], room: usize) -> impl Iterator<Item = &Hint> {
    let needed: usize = hints.iter().filter(|hint| hint.needed).map(Hint::width).sum();
    let mut free = room.saturating_sub(needed);
    let mut full = false;
    hints.iter().filter(move |hint| {
        full |= !hint.needed && hint.width() > free;
        if !hint.needed && !full {
            free -= hint.width();
        }
        hint.needed || !full
    })
}
