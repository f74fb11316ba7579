//! The one door between foreign text and the terminal: [`Safe`] is the only type that drawing code takes.
//! Control characters, escape sequences and bidi overrides become symbols a person can see; the bytes themselves are
//! kept elsewhere, untouched.
use std::{borrow::Cow, fmt};

/// Text that holds nothing a terminal could act on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Safe(Cow<'static, str>);

/// Combining marks on one letter beyond this many are replaced by one `·`: no script needs more, and some terminals choke.
const MARKS: usize = 8;

impl Safe {
    /// Our own words, checked by whoever wrote them.
    pub const fn literal(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Any text, made safe.
    pub fn text(text: &str) -> Self {
        Self(Cow::Owned(clean(text.chars())))
    }

    /// Any bytes: valid UTF-8 as text, what is not as `·` a byte.
    pub fn bytes(bytes: &[u8]) -> Self {
        let mut out = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            out.push_str(&clean(chunk.valid().chars()));
            out.extend(chunk.invalid().iter().map(|_| '·'));
        }
        Self(Cow::Owned(out))
    }

    /// The beginning of any bytes, enough for a row of `cells`: a row never costs more than its width.
    pub fn preview(bytes: &[u8], cells: usize) -> Self {
        // A cell takes at most MARKS + 1 letters of 4 bytes; what is cut here lies beyond the row's end.
        let most = cells.saturating_mul(4 * (MARKS + 1)).min(bytes.len());
        Self::bytes(bytes.get(..most).unwrap_or(bytes))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Columns it takes on the screen.
    pub fn width(&self) -> usize {
        unicode_width::UnicodeWidthStr::width(self.as_str())
    }

    /// The beginning that fits into `cells`; a cut is shown by `…`.
    pub fn fit(&self, cells: usize) -> Self {
        if self.width() <= cells {
            return self.clone();
        }
        let mut out = String::new();
        let mut used = 0;
        for grapheme in unicode_segmentation::UnicodeSegmentation::graphemes(self.as_str(), true) {
            let width = unicode_width::UnicodeWidthStr::width(grapheme);
            if used + width + 1 > cells {
                break;
            }
            used += width;
            out.push_str(grapheme);
        }
        if cells > 0 {
            out.push('…');
        }
        Self(Cow::Owned(out))
    }

    /// Two safe texts, one after the other.
    pub fn join(mut self, other: &Self) -> Self {
        self.0.to_mut().push_str(other.as_str());
        self
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&'static str> for Safe {
    fn from(text: &'static str) -> Self {
        Self::literal(text)
    }
}

/// Numbers and other things we format ourselves pass the same door.
impl From<String> for Safe {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

fn clean(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let (mut before, mut marks) = (' ', 0);
    let mut text = text.peekable();
    while let Some(c) = text.next() {
        let after = text.peek().copied().unwrap_or(' ');
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match visible(c, before, after) {
            Some(shown) if marks <= MARKS => out.push(shown),
            Some(_) if marks == MARKS + 1 => out.push('·'),
            _ => {}
        }
        before = c;
    }
    out
}

/// What stands on the screen for one character; `None` where it only glues emoji together, which terminals disagree about.
fn visible(c: char, before: char, after: char) -> Option<char> {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('␡'),
        '\u{200c}' | '\u{200d}' if joins(before) && after.is_alphabetic() => Some(c),
        '\u{200d}' if is_emoji(before) && is_emoji(after) => None,
        '\u{fe00}'..='\u{fe0f}' => None,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Some('·'),
        c => Some(c),
    }
}

/// A letter, or a mark on one: scripts of India and Persian need joiners there.
fn joins(c: char) -> bool {
    c.is_alphabetic() || is_mark(c) && c > '\u{2ff}' && !matches!(c, '\u{200b}'..='\u{206f}')
}

/// Takes no cell of its own: it stacks on the letter before.
fn is_mark(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_symbols() {
        assert_eq!(Safe::text("\u{1b}[2J\r\n\0\u{7f}").as_str(), "␛[2J␍␊␀␡");
        assert_eq!(Safe::bytes(b"\x9b31m\xc2\x9b").as_str(), "·31m·");
    }

    #[test]
    fn bidi_overrides_and_lone_joiners_are_shown() {
        assert_eq!(Safe::text("\u{202e}gnp.exe\u{2066}\u{200d}\u{feff}").as_str(), "·gnp.exe···");
    }

    #[test]
    fn scripts_keep_their_letters() {
        for text in ["朝日", "é", "e\u{301}", "नमस्ते", "مرحبا", "Привет", "क्\u{200d}ष"]
        {
            assert_eq!(Safe::text(text).as_str(), text);
        }
        assert_eq!(Safe::text("👨\u{200d}👩\u{200d}👧").as_str(), "👨👩👧");
    }

    #[test]
    fn a_pile_of_marks_is_cut_and_said() {
        let text = format!("a{}", "\u{301}".repeat(300));
        assert_eq!(Safe::text(&text).as_str(), format!("a{}·", "\u{301}".repeat(MARKS)));
    }

    #[test]
    fn a_cut_is_shown_and_wide_letters_are_never_halved() {
        assert_eq!(Safe::text("朝日新聞").fit(6).as_str(), "朝日…");
        assert_eq!(Safe::text("tea").fit(3).as_str(), "tea");
        assert_eq!(Safe::text("teas").fit(3).as_str(), "te…");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_put_a_control_character_on_the_screen(bytes: Vec<u8>) {
            let safe = Safe::bytes(&bytes);
            proptest::prop_assert!(!safe.as_str().chars().any(char::is_control));
            let turned = safe.as_str().contains(['\u{202e}', '\u{2066}', '\u{200e}']);
            proptest::prop_assert!(!turned);
        }
    }
}
