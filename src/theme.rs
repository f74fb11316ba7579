//! Roles the panels draw with, and the TOML files that colour them. Never a colour in a panel.
use crate::decode::Shade;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// Every file in `themes/`, compiled in; a test keeps the list complete.
pub const BUILTIN: &[(&str, &str)] = &[
    ("default", include_str!("../themes/default.toml")),
    ("mono", include_str!("../themes/mono.toml")),
    ("dusk", include_str!("../themes/dusk.toml")),
    ("paper", include_str!("../themes/paper.toml")),
];

/// What a style means. One file field each, all of them required.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub text: Role,
    /// Hints, units, what is less important.
    pub muted: Role,
    pub border: Role,
    pub border_focused: Role,
    pub title: Role,
    /// Column heads.
    pub head: Role,
    pub selection: Role,
    /// The cursor's row in a panel without focus.
    pub selection_unfocused: Role,
    /// Keys in the footer and the help.
    pub key: Role,
    pub good: Role,
    pub warn: Role,
    pub bad: Role,
    /// `␀`, `∅`, `–`, `?`: a value that is not there.
    pub null: Role,
    /// A match of a filter, the row just sent.
    pub mark: Role,
    pub json_key: Role,
    pub json_string: Role,
    pub json_number: Role,
    /// `true`, `false`, `null`.
    pub json_word: Role,
    /// The text field one is writing in.
    pub input: Role,
}

/// One role's looks.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Role {
    fg: Option<Color>,
    bg: Option<Color>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

impl From<Role> for Style {
    fn from(role: Role) -> Self {
        let mut modifiers = Modifier::empty();
        modifiers.set(Modifier::BOLD, role.bold);
        modifiers.set(Modifier::DIM, role.dim);
        modifiers.set(Modifier::ITALIC, role.italic);
        modifiers.set(Modifier::UNDERLINED, role.underline);
        modifiers.set(Modifier::REVERSED, role.reverse);
        Self { fg: role.fg, bg: role.bg, ..Self::new().add_modifier(modifiers) }
    }
}

impl Theme {
    /// Errors carry the byte span of what is wrong.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(toml)
    }

    /// The role of a piece of decoded text.
    pub fn shade(&self, shade: Shade) -> Role {
        match shade {
            Shade::Plain => self.text,
            Shade::Absent => self.null,
            Shade::Quiet => self.muted,
            Shade::Key => self.json_key,
            Shade::String => self.json_string,
            Shade::Number => self.json_number,
            Shade::Word => self.json_word,
            Shade::Misfit => self.warn,
        }
    }

    /// `None` for a name that is not compiled in.
    pub fn builtin(name: &str) -> Option<Self> {
        BUILTIN.iter().find(|(n, _)| *n == name).and_then(|(_, toml)| Self::parse(toml).ok())
    }
}
