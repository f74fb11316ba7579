//! Every key in one table: it routes, fills the footer, the `?` help, the command palette and the README.
//! From a key to an [`Action`] once, here; from then on nobody sees a key.
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
    // Record
    NextRecord,
    PreviousRecord,
    ViewDecoded,
    ViewText,
    ViewHex,
    ViewHeaders,
    // Lag
    OnlyTopic,
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

/// Where a binding holds. A place answers to several, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    Global,
    List,
    /// Rows that are neither filtered nor sorted.
    Rows,
    Topics,
    Tail,
    Lag,
    /// The producer box with the cursor outside it.
    Produce,
    /// Writing into the producer box: printable keys are text.
    Writing,
    Record,
    Group,
    Help,
    Palette,
    Notices,
    /// A one-line field is open (a filter): printable keys are text.
    Field,
}

impl Context {
    pub const ALL: [Self; 14] = [
        Self::Global,
        Self::List,
        Self::Rows,
        Self::Topics,
        Self::Tail,
        Self::Lag,
        Self::Produce,
        Self::Writing,
        Self::Record,
        Self::Group,
        Self::Help,
        Self::Palette,
        Self::Notices,
        Self::Field,
    ];

    /// As help and README head it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "everywhere",
            Self::List => "any list",
            Self::Rows => "any rows",
            Self::Topics => "Topics",
            Self::Tail => "Tail",
            Self::Lag => "Lag",
            Self::Produce => "Produce",
            Self::Writing => "Produce, writing",
            Self::Record => "a record",
            Self::Group => "a group",
            Self::Help => "this help",
            Self::Palette => "command palette",
            Self::Notices => "notices",
            Self::Field => "filter field",
        }
    }
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

const fn char(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::NONE)
}
const fn ctrl(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::CONTROL)
}
const fn key(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
const fn bind(context: Context, key: Key, action: Action, help: &'static str) -> Binding {
    Binding { context, key, action, help }
}

use Action as A;
use Context as C;
/// The order is the order of help and footer: what matters most first.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(C::Topics,  key(KeyCode::Enter),     A::Open,           "open"),
    bind(C::Topics,  char('i'),               A::Internal,       "internal topics"),

    bind(C::Tail,    key(KeyCode::Enter),     A::Open,           "whole record"),
    bind(C::Tail,    char('f'),               A::Follow,         "follow"),
    bind(C::Tail,    char(' '),               A::Pause,          "pause"),
    bind(C::Tail,    char('t'),               A::TimeForm,       "time form"),

    bind(C::Lag,     key(KeyCode::Enter),     A::Open,           "partitions"),
    bind(C::Lag,     char('T'),               A::OnlyTopic,      "this topic, all"),

    bind(C::Produce, key(KeyCode::Enter),     A::Write,          "write"),

    bind(C::Writing, key(KeyCode::Enter),     A::Send,           "send"),
    bind(C::Writing, key(KeyCode::Tab),       A::NextField,      "next field"),
    bind(C::Writing, key(KeyCode::BackTab),   A::PreviousField,  "previous field"),
    bind(C::Writing, ctrl('j'),               A::NewLine,        "new line"),
    bind(C::Writing, Key(KeyCode::Enter, KeyModifiers::ALT), A::SendAnyway, "send lines"),
    bind(C::Writing, ctrl('d'),               A::SendAnyway,     "send lines"),
    bind(C::Writing, ctrl('n'),               A::NullValue,      "null, empty"),
    bind(C::Writing, ctrl('e'),               A::Editor,         "open $EDITOR"),
    bind(C::Writing, key(KeyCode::Up),        A::Older,          "older record"),
    bind(C::Writing, key(KeyCode::Down),      A::Newer,          "newer record"),
    bind(C::Writing, key(KeyCode::Esc),       A::Leave,          "leave"),
    bind(C::Writing, ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Writing, ctrl('z'),               A::Suspend,        "suspend"),
    bind(C::Writing, ctrl('l'),               A::Redraw,         "redraw"),

    bind(C::Record,  char('J'),               A::NextRecord,     "next record"),
    bind(C::Record,  char('K'),               A::PreviousRecord, "previous record"),
    bind(C::Record,  char('1'),               A::ViewDecoded,    "decoded"),
    bind(C::Record,  char('2'),               A::ViewText,       "text"),
    bind(C::Record,  char('3'),               A::ViewHex,        "hex"),
    bind(C::Record,  char('4'),               A::ViewHeaders,    "headers"),

    bind(C::Group,   key(KeyCode::Tab),       A::NextPanel,      "partitions, members"),
    bind(C::Group,   key(KeyCode::BackTab),   A::NextPanel,      "partitions, members"),
    bind(C::Group,   char('y'),               A::Copy,           "copy"),
    bind(C::Group,   key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Group,   char('q'),               A::Back,           "close"),
    bind(C::Group,   char('j'),               A::Down,           "down"),
    bind(C::Group,   key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Group,   char('k'),               A::Up,             "up"),
    bind(C::Group,   key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Group,   char('g'),               A::Top,            "top"),
    bind(C::Group,   key(KeyCode::Home),      A::Top,            "top"),
    bind(C::Group,   char('G'),               A::Bottom,         "bottom"),
    bind(C::Group,   key(KeyCode::End),       A::Bottom,         "bottom"),
    bind(C::Group,   ctrl('d'),               A::PageDown,       "page down"),
    bind(C::Group,   key(KeyCode::PageDown),  A::PageDown,       "page down"),
    bind(C::Group,   ctrl('u'),               A::PageUp,         "page up"),
    bind(C::Group,   key(KeyCode::PageUp),    A::PageUp,         "page up"),

    bind(C::Palette, key(KeyCode::Enter),     A::Open,           "run"),
    bind(C::Palette, key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Palette, key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Palette, key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Palette, ctrl('c'),               A::QuitAtOnce,     "quit at once"),

    bind(C::Field,   key(KeyCode::Enter),     A::Open,           "keep filter"),
    bind(C::Field,   key(KeyCode::Esc),       A::Back,           "clear"),
    bind(C::Field,   key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Field,   key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Field,   ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Field,   ctrl('z'),               A::Suspend,        "suspend"),

    bind(C::List,    char('/'),               A::Filter,         "filter"),
    bind(C::List,    char('j'),               A::Down,           "down"),
    bind(C::List,    key(KeyCode::Down),      A::Down,           "down"),
    bind(C::List,    char('k'),               A::Up,             "up"),
    bind(C::List,    key(KeyCode::Up),        A::Up,             "up"),
    bind(C::List,    char('g'),               A::Top,            "top"),
    bind(C::List,    key(KeyCode::Home),      A::Top,            "top"),
    bind(C::List,    char('G'),               A::Bottom,         "bottom"),
    bind(C::List,    key(KeyCode::End),       A::Bottom,         "bottom"),
    bind(C::List,    ctrl('d'),               A::PageDown,       "page down"),
    bind(C::List,    key(KeyCode::PageDown),  A::PageDown,       "page down"),
    bind(C::List,    ctrl('u'),               A::PageUp,         "page up"),
    bind(C::List,    key(KeyCode::PageUp),    A::PageUp,         "page up"),
    bind(C::List,    char('<'),               A::SortPrevious,   "sort column"),
    bind(C::List,    char('>'),               A::SortNext,       "sort column"),
    bind(C::List,    char('o'),               A::Reverse,        "order"),
    bind(C::List,    char('y'),               A::Copy,           "copy"),

    bind(C::Rows,    char('y'),               A::Copy,           "copy"),
    bind(C::Rows,    char('j'),               A::Down,           "down"),
    bind(C::Rows,    key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Rows,    char('k'),               A::Up,             "up"),
    bind(C::Rows,    key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Rows,    char('g'),               A::Top,            "top"),
    bind(C::Rows,    key(KeyCode::Home),      A::Top,            "top"),
    bind(C::Rows,    char('G'),               A::Bottom,         "bottom"),
    bind(C::Rows,    key(KeyCode::End),       A::Bottom,         "bottom"),
    bind(C::Rows,    ctrl('d'),               A::PageDown,       "page down"),
    bind(C::Rows,    key(KeyCode::PageDown),  A::PageDown,       "page down"),
    bind(C::Rows,    ctrl('u'),               A::PageUp,         "page up"),
    bind(C::Rows,    key(KeyCode::PageUp),    A::PageUp,         "page up"),

    bind(C::Global,  char('p'),               A::Write,          "produce"),
    bind(C::Global,  char('z'),               A::Zoom,           "zoom"),
    bind(C::Global,  char(':'),               A::Palette,        "commands"),
    bind(C::Global,  char('?'),               A::Help,           "help"),
    bind(C::Global,  key(KeyCode::Tab),       A::NextPanel,      "next panel"),
    bind(C::Global,  key(KeyCode::BackTab),   A::PreviousPanel,  "previous panel"),
    bind(C::Global,  char('1'),               A::FocusTopics,    "Topics"),
    bind(C::Global,  char('2'),               A::FocusTail,      "Tail"),
    bind(C::Global,  char('3'),               A::FocusLag,       "Lag"),
    bind(C::Global,  char('4'),               A::FocusProduce,   "Produce"),
    bind(C::Global,  char('+'),               A::Grow,           "grow panel"),
    bind(C::Global,  char('-'),               A::Shrink,         "shrink panel"),
    bind(C::Global,  char('!'),               A::Notices,        "notices"),
    bind(C::Global,  ctrl('r'),               A::Refresh,        "refresh"),
    bind(C::Global,  key(KeyCode::F(5)),      A::Refresh,        "refresh"),
    bind(C::Global,  key(KeyCode::Esc),       A::Back,           "back"),
    bind(C::Global,  char('q'),               A::Quit,           "quit"),
    bind(C::Global,  ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Global,  ctrl('z'),               A::Suspend,        "suspend"),
    bind(C::Global,  ctrl('l'),               A::Redraw,         "redraw"),
];

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
    matches!(contexts.first(), Some(Context::Field | Context::Writing | Context::Palette))
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
