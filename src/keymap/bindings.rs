//! The table itself: a new key is a row here, a variant of [`Action`] and an arm where it is obeyed.
use super::{Action, Binding, Context, Key};
use crossterm::event::{KeyCode, KeyModifiers};

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
    bind(C::Tail,    char('/'),               A::Filter,         "filter"),
    bind(C::Tail,    char('s'),               A::StartAt,        "start at"),
    bind(C::Tail,    char('f'),               A::Follow,         "follow"),
    bind(C::Tail,    char(' '),               A::Pause,          "pause"),
    bind(C::Tail,    char('E'),               A::Export,         "export"),
    bind(C::Tail,    char('n'),               A::NextMatch,      "next match"),
    bind(C::Tail,    char('N'),               A::PreviousMatch,  "previous match"),
    bind(C::Tail,    char('y'),               A::Copy,           "copy"),
    bind(C::Tail,    char('t'),               A::TimeForm,       "time form"),
    bind(C::Tail,    char('C'),               A::Columns,        "columns of fields"),
    bind(C::Tail,    char('h'),               A::Left,           "left"),
    bind(C::Tail,    key(KeyCode::Left),      A::Left,           "left"),
    bind(C::Tail,    char('l'),               A::Right,          "right"),
    bind(C::Tail,    key(KeyCode::Right),     A::Right,          "right"),
    bind(C::Tail,    char('m'),               A::Mark,           "mark"),
    bind(C::Tail,    char('\''),              A::NextMark,       "next mark"),
    bind(C::Tail,    char('d'),               A::Compare,        "compare two marked"),
    bind(C::Tail,    char('S'),               A::SameKey,        "same key"),
    bind(C::Tail,    char('P'),               A::OnlyPartition,  "only its partition"),
    bind(C::Tail,    char('v'),               A::ReadValueAs,    "value as"),
    bind(C::Tail,    char('V'),               A::ReadKeyAs,      "key as"),
    bind(C::Tail,    char('o'),               A::Reverse,        "newest first"),
    bind(C::Tail,    char('i'),               A::Isolation,      "committed only"),

    bind(C::Prompt,  key(KeyCode::Enter),     A::Open,           "do it"),
    bind(C::Prompt,  key(KeyCode::Up),        A::Older,          "older line"),
    bind(C::Prompt,  key(KeyCode::Down),      A::Newer,          "newer line"),
    bind(C::Prompt,  key(KeyCode::Esc),       A::Leave,          "leave"),
    bind(C::Prompt,  ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Prompt,  ctrl('z'),               A::Suspend,        "suspend"),
    bind(C::Prompt,  ctrl('l'),               A::Redraw,         "redraw"),

    bind(C::Lag,     key(KeyCode::Enter),     A::Open,           "partitions"),
    bind(C::Lag,     char('T'),               A::OnlyTopic,      "this topic, all"),

    bind(C::Produce, key(KeyCode::Enter),     A::Write,          "produce"),

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
    bind(C::Record,  key(KeyCode::Enter),     A::Toggle,         "fold, unfold"),
    bind(C::Record,  char(' '),               A::Toggle,         "fold, unfold"),
    bind(C::Record,  char('/'),               A::Filter,         "search"),
    bind(C::Record,  char('v'),               A::ReadValueAs,    "value as"),
    bind(C::Record,  char('y'),               A::Copy,           "copy"),
    bind(C::Record,  char('['),               A::PreviousInPartition, "before in partition"),
    bind(C::Record,  char(']'),               A::NextInPartition, "after in partition"),
    bind(C::Record,  char('S'),               A::SameKey,        "same key before"),
    bind(C::Record,  char('V'),               A::ReadKeyAs,      "key as"),
    bind(C::Record,  char('n'),               A::NextMatch,      "next match"),
    bind(C::Record,  char('N'),               A::PreviousMatch,  "previous match"),
    bind(C::Record,  char('h'),               A::Fold,           "fold, to parent"),
    bind(C::Record,  key(KeyCode::Left),      A::Fold,           "fold, to parent"),
    bind(C::Record,  char('l'),               A::Unfold,         "unfold"),
    bind(C::Record,  key(KeyCode::Right),     A::Unfold,         "unfold"),
    bind(C::Record,  char('-'),               A::FoldAll,        "fold all"),
    bind(C::Record,  char('+'),               A::UnfoldAll,      "unfold all"),
    bind(C::Record,  char('1'),               A::ViewDecoded,    "decoded"),
    bind(C::Record,  char('2'),               A::ViewText,       "text"),
    bind(C::Record,  char('3'),               A::ViewHex,        "hex"),
    bind(C::Record,  char('4'),               A::ViewHeaders,    "headers"),
    bind(C::Record,  key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Record,  char('q'),               A::Back,           "close"),

    bind(C::Diff,    char('a'),               A::WholeDiff,      "all, only changes"),
    bind(C::Diff,    char('n'),               A::NextMatch,      "next change"),
    bind(C::Diff,    char('N'),               A::PreviousMatch,  "previous change"),
    bind(C::Diff,    char('y'),               A::Copy,           "copy"),
    bind(C::Diff,    key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Diff,    char('q'),               A::Back,           "close"),

    bind(C::Group,   key(KeyCode::Tab),       A::NextPanel,      "partitions, members"),
    bind(C::Group,   key(KeyCode::BackTab),   A::NextPanel,      "partitions, members"),
    bind(C::Group,   char('y'),               A::Copy,           "copy"),
    bind(C::Group,    key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Group,    char('q'),               A::Back,           "close"),

    bind(C::Help,     key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Help,     char('q'),               A::Back,           "close"),
    bind(C::Help,     char('?'),               A::Back,           "close"),
    bind(C::Notices, char('y'),               A::Copy,           "copy all"),
    bind(C::Notices,  key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Notices,  char('q'),               A::Back,           "close"),

    bind(C::Palette, key(KeyCode::Enter),     A::Open,           "run"),
    bind(C::Palette, key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Palette, key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Palette, key(KeyCode::Esc),       A::Back,           "close"),
    bind(C::Palette, ctrl('c'),               A::QuitAtOnce,     "quit at once"),

    bind(C::Field,   key(KeyCode::Enter),     A::Open,           "open"),
    bind(C::Field,   key(KeyCode::Esc),       A::Back,           "clear"),
    bind(C::Field,   key(KeyCode::Down),      A::Down,           "down"),
    bind(C::Field,   key(KeyCode::Up),        A::Up,             "up"),
    bind(C::Field,   ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Field,   ctrl('z'),               A::Suspend,        "suspend"),

    bind(C::Search,  key(KeyCode::Enter),     A::Open,           "find"),
    bind(C::Search,  key(KeyCode::Esc),       A::Back,           "clear"),
    bind(C::Search,  ctrl('c'),               A::QuitAtOnce,     "quit at once"),
    bind(C::Search,  ctrl('z'),               A::Suspend,        "suspend"),

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
    bind(C::List,    char('<'),               A::SortPrevious,   "previous sort column"),
    bind(C::List,    char('>'),               A::SortNext,       "next sort column"),
    bind(C::List,    char('o'),               A::Reverse,        "order"),
    bind(C::List,    char('y'),               A::Copy,           "copy"),

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
