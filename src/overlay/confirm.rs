//! A question before what one key cannot take back: a word has to be typed, `enter` alone never confirms. What is to be
//! done was settled before it was asked; nothing that arrives meanwhile changes it.
use crate::{
    keymap::Key,
    mistake::Mistake,
    text::Safe,
    widgets::{Pen, field::Field, wrap},
};
use ratatui::layout::Rect;

/// Letters of a name that a person is asked to type; a longer one is asked for by a short word.
const LONGEST: usize = 40;

#[derive(Debug)]
pub struct Question {
    /// What will be done, in sentences.
    what: String,
    wanted: String,
    field: Field,
    mistake: Option<Mistake>,
}

impl Question {
    pub fn new(what: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self { what: what.into(), wanted: wanted.into(), field: Field::default(), mistake: None }
    }

    pub fn key(&mut self, key: Key) {
        if self.field.key(key) {
            self.mistake = None;
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.field.paste_line(text);
        self.mistake = None;
    }

    /// `enter`: was the word typed? If not, says at which letter it is another one.
    pub fn answer(&mut self) -> bool {
        let typed = self.field.text();
        let typed = typed.trim();
        if typed == self.wanted {
            return true;
        }
        let same = typed.chars().zip(self.wanted.chars()).take_while(|(a, b)| a == b).count();
        let words = match typed {
            "" => "nothing was typed, and nothing is done".to_owned(),
            _ => format!("this is not {}", self.wanted),
        };
        self.mistake = Some(Mistake::new(same, words));
        false
    }

    /// Rows it takes in so many columns.
    pub fn rows(&self, width: u16) -> u16 {
        wrap(&Safe::text(&self.what), usize::from(width.max(1))).len() as u16 + 3
    }

    /// What will be done, what to type, the field, and what is wrong in it. The field has its place first.
    pub fn draw(&self, pen: &mut Pen, area: Rect) {
        let theme = *pen.theme;
        let what = Rect { height: area.height.saturating_sub(3), ..area };
        let used = pen.paragraph(what, &Safe::text(&self.what), theme.warn);
        let y = area.y + used;
        let label = pen.put(area.x, y, area.width, &Safe::literal("type "), theme.text);
        let rest = area.width.saturating_sub(label);
        pen.put(area.x + label, y, rest, &Safe::text(&self.wanted), theme.key);
        let line = Rect { y: y + 1, height: 1, ..area };
        pen.put(line.x, line.y, line.width, &Safe::from(" ".repeat(usize::from(line.width))), theme.input);
        self.field.draw(pen, line, theme.input, true);
        if let Some(mistake) = &self.mistake {
            draw_mistake(pen, Rect { y: y + 2, ..line }, &self.field.text(), mistake);
        }
    }
}

/// The words under the letter they are about, before or behind the mark as there is room.
pub fn draw_mistake(pen: &mut Pen, line: Rect, text: &str, mistake: &Mistake) {
    let role = pen.theme.bad;
    let before: String = text.chars().take(mistake.column).collect();
    let (caret, words, room) = (Safe::text(&before).width(), Safe::text(&mistake.words), usize::from(line.width));
    let long = words.width() + 2;
    let (at, words) = match caret {
        caret if caret + long <= room => (caret, Safe::literal("^ ").join(&words)),
        caret if caret < room && long <= caret + 1 => (caret + 1 - long, words.join(&Safe::literal(" ^"))),
        // Nowhere whole: the mark matters more than the end of the words.
        caret => (caret.min(room / 2), Safe::literal("^ ").join(&words)),
    };
    pen.put(line.x + at as u16, line.y, line.width - at as u16, &words, role);
}

/// What has to be typed for a name: itself, where any keyboard can type it and it looks like what it is; else what is
/// done and how many it is done to, which nobody types by accident either.
pub fn word(name: &str, verb: &str, count: usize) -> String {
    let plain = name.chars().all(|c| c.is_ascii_graphic());
    match !name.is_empty() && plain && name.len() <= LONGEST {
        true => name.to_owned(),
        false => format!("{verb} {count}"),
    }
}

/// A name within a sentence: of a long one the beginning.
pub fn shown(name: &str) -> Safe {
    Safe::text(name).fit(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_name_that_no_keyboard_types_is_asked_for_by_a_word() {
        assert_eq!(word("billing", "reset", 3), "billing");
        assert_eq!(word("a/b:c_d-e.f", "reset", 3), "a/b:c_d-e.f");
        for name in ["", " ", "two words", "x\u{1b}[2J", "\u{202e}gnillib", "заказы", &"x".repeat(1_000)] {
            assert_eq!(word(name, "delete", 3), "delete 3", "{name:?}");
        }
    }
}
