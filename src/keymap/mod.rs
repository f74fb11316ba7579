//! Every key in one table: it routes, fills the footer, the `?` help, the command palette and the README.
//! From a key to an [`Action`] once, here; from then on nobody sees a key.
mod bindings;
mod context;

pub use bindings::BINDINGS;
pub use context::Context;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// What the person meant: exactly what can be bound to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    // everywhere
    Help,
    Palette,
    NextPanel,
    PreviousPanel,
    FocusTopics,
    FocusTail,
    FocusLag,
    FocusProduce,
    Write,
    Zoom,
    Grow,
    Shrink,
    Back,
    Quit,
    QuitAtOnce,
    Suspend,
    Refresh,
    Notices,
    Redraw,
    // any list
    Down,
    Up,
    Top,
    Bottom,
    PageDown,
    PageUp,
    Filter,
    SortNext,
    SortPrevious,
    Reverse,
    Open,
    Copy,
    // Topics
    Internal,
    // Tail
    Follow,
    Pause,
    TimeForm,
    StartAt,
    Left,
    Right,
    OnlyPartition,
    Isolation,
    Mark,
    NextMark,
    Columns,
    Wrap,
    Compare,
    Export,
    ExportRange,
    // Record
    NextRecord,
    PreviousRecord,
    ViewDecoded,
    ViewText,
    ViewHex,
    ViewHeaders,
    NextInPartition,
    PreviousInPartition,
    SameKey,
    ReadValueAs,
    ReadKeyAs,
    NextMatch,
    PreviousMatch,
    Toggle,
    Fold,
    Unfold,
    FoldAll,
    UnfoldAll,
    // two records
    WholeDiff,
    // a group
    Window,
    // Lag, a group
    OnlyTopic,
    TailFrom,
    ResetOffsets,
    UndoReset,
    ForgetCommits,
    DeleteGroup,
    Execute,
    Replan,
    // Produce
    Send,
    NextField,
    PreviousField,
    NewLine,
    SendAnyway,
    NullValue,
    Editor,
    Older,
    Newer,
    Leave,
}

/// One row of the table. Several rows may bind the same action; the first is the one that help names first.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    pub context: Context,
    pub key: Key,
    pub action: Action,
    /// At most three words, the same wherever the action stands in one context.
    pub help: &'static str,
}

/// A key with its modifiers; shift is part of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(pub KeyCode, pub KeyModifiers);

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        match event.code {
            // Terminals report shift in three ways; the letter alone tells it.
            KeyCode::Char(_) => Self(event.code, event.modifiers - KeyModifiers::SHIFT),
            code => Self(code, event.modifiers - KeyModifiers::SHIFT),
        }
    }
}

impl Key {
    /// The letter, if this key writes one.
    pub fn letter(self) -> Option<char> {
        match self {
            Self(KeyCode::Char(c), modifiers) if modifiers.is_empty() => Some(c),
            _ => None,
        }
    }
}

/// As help, footer and README spell it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-")] {
            if self.1.contains(modifier) {
                f.write_str(word)?;
            }
        }
        match self.0 {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::PageUp => f.write_str("pgup"),
            KeyCode::PageDown => f.write_str("pgdn"),
            KeyCode::BackTab => f.write_str("shift-tab"),
            code => write!(f, "{}", format!("{code:?}").to_lowercase()),
        }
    }
}

/// The action of a key in these contexts, the narrowest first: first match wins.
pub fn lookup(contexts: &[Context], key: Key) -> Option<Action> {
    contexts.iter().find_map(|context| bindings(*context).find(|binding| binding.key == key)).map(|b| b.action)
}

/// Are printable keys text in this place, and no others looked up?
pub fn is_text(contexts: &[Context]) -> bool {
    use Context as C;
    matches!(
        contexts.first(),
        Some(C::Field | C::Search | C::Prompt | C::Writing | C::Palette | C::FormField | C::FileName | C::Question)
    )
}

/// Of the keys of everywhere: does this one work while something lies over the panels?
pub fn reaches_overlays(action: Action) -> bool {
    use Action as A;
    matches!(action, A::Help | A::Refresh | A::Back | A::QuitAtOnce | A::Suspend | A::Redraw)
}

/// The rows of one context, in the order of the table.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.context == context)
}

/// One row an action: all its keys, and its help. For help, palette and README.
pub fn actions(context: Context) -> Vec<(Action, String, &'static str)> {
    let mut rows: Vec<(Action, String, &'static str)> = vec![];
    for binding in bindings(context) {
        match rows.iter_mut().find(|(action, ..)| *action == binding.action) {
            Some((_, keys, _)) => *keys = format!("{keys} {}", binding.key),
            None => rows.push((binding.action, binding.key.to_string(), binding.help)),
        }
    }
    rows
}

/// The whole table as the README shows it, a paragraph a place.
pub fn markdown() -> String {
    let place = |context: Context| {
        let rows = actions(context).into_iter().map(|(_, keys, help)| {
            let keys = keys.split(' ').map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
            format!("{keys} {help}")
        });
        format!("| {} | {} |\n", context.title(), rows.collect::<Vec<_>>().join(" · "))
    };
    let rows: String = Context::ALL.into_iter().filter(|c| bindings(*c).next().is_some()).map(place).collect();
    format!("| where | keys |\n|---|---|\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_key_means_two_things_in_one_context() {
        let mut seen = HashSet::new();
        for b in BINDINGS {
            assert!(seen.insert((b.context, b.key)), "{:?} {}", b.context, b.key);
        }
    }

    #[test]
    fn help_is_three_words_and_the_same_for_one_action_in_one_context() {
        for b in BINDINGS {
            assert!(b.help.split_whitespace().count() <= 3, "{}", b.help);
            let others = bindings(b.context).filter(|o| o.action == b.action);
            assert!(others.into_iter().all(|o| o.help == b.help), "{:?} {:?}", b.context, b.action);
        }
    }

    #[test]
    fn every_context_has_a_place_in_the_help() {
        for b in BINDINGS {
            assert!(Context::ALL.contains(&b.context));
        }
    }

    /// ctrl-a, ctrl-b, ctrl-s, ctrl-q, ctrl-h, ctrl-i, ctrl-m, f1 and alt-digit belong to terminals, tmux and screen.
    #[test]
    fn no_action_hangs_on_a_key_that_terminals_take() {
        let taken = |key: Key| match key {
            Key(KeyCode::Char(c), KeyModifiers::CONTROL) => "absqhim".contains(c),
            Key(KeyCode::F(1), _) => true,
            Key(KeyCode::Char(c), KeyModifiers::ALT) => c.is_ascii_digit(),
            _ => false,
        };
        assert!(BINDINGS.iter().all(|b| !taken(b.key)));
    }
}
