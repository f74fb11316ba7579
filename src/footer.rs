//! The last line: the keys of this place, as many as fit, and on the right what needs attention.
use crate::{
    keymap::{self, Action, Context},
    text::Safe,
    widgets::{Pen, Word},
};
use ratatui::layout::Rect;

/// What the footer is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Footer {
    /// Of what has the keys now, the narrowest first.
    pub contexts: &'static [Context],
    /// Something lies over the panels: of the keys of everywhere only help and the way back work there.
    pub covered: bool,
    /// Commands wait that Kafka has not taken.
    pub busy: bool,
    /// Notices nobody has looked at.
    pub unseen: usize,
}

impl Footer {
    pub fn draw(&self, pen: &mut Pen, area: Rect) {
        let theme = *pen.theme;
        let right = self.attention(pen);
        let taken: usize = right.iter().map(|(text, _)| text.width() + 2).sum();
        let room = usize::from(area.width).saturating_sub(taken);
        let mut used = 1;
        for (keys, help) in self.hints() {
            let width = keys.width() + help.width() + 4;
            if used + width > room {
                break;
            }
            let x = area.x + used as u16;
            let key = pen.put(x, area.y, area.width, &keys, theme.key);
            pen.put(x + key + 1, area.y, area.width, &help, theme.muted);
            used += width;
        }
        pen.line_right(area.x, area.y, area.width, &right);
    }

    fn attention(&self, pen: &Pen) -> Vec<Word> {
        let words = match (self.busy, self.unseen) {
            (true, _) => "Kafka is busy ".to_owned(),
            (false, 0) => return vec![],
            (false, 1) => "! 1 notice ".to_owned(),
            (false, n) => format!("! {n} notices "),
        };
        vec![(Safe::from(words), pen.theme.warn)]
    }

    /// Keys and what they do, movements left out.
    fn hints(&self) -> Vec<(Safe, Safe)> {
        let everywhere: &[Context] = if keymap::is_text(self.contexts) { &[] } else { &[Context::Global] };
        let mut seen: Vec<&str> = vec![];
        let mut hints = vec![];
        for context in self.contexts.iter().chain(everywhere) {
            for binding in keymap::bindings(*context).filter(|binding| self.is_worth(*context, binding.action)) {
                if !seen.contains(&binding.help) {
                    seen.push(binding.help);
                    hints.push((Safe::from(binding.key.to_string()), Safe::literal(binding.help)));
                }
            }
        }
        hints
    }

    fn is_worth(&self, context: Context, action: Action) -> bool {
        use Action as A;
        // Known to everybody who uses a terminal.
        let movement = matches!(action, A::Down | A::Up | A::Top | A::Bottom | A::PageDown | A::PageUp);
        let terminal = matches!(action, A::QuitAtOnce | A::Suspend | A::Redraw);
        let reachable = !self.covered || context != Context::Global || matches!(action, A::Back | A::Help);
        !movement && !terminal && reachable
    }
}
