//! Where the samples of a group are written: the name of the file, asked for in one line.
use crate::{
    failure::Failure,
    keymap::Key,
    panels::{Cx, Request, Wish},
    text::Safe,
    widgets::{Pen, field::Field},
};
use ratatui::layout::Rect;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub struct Saving {
    field: Field,
    /// Why `enter` is to be pressed again, or why nothing was written.
    refused: Option<String>,
    /// The file that may be written over.
    over: Option<PathBuf>,
    /// How many are being written.
    pub samples: usize,
}

impl Saving {
    /// Offers a name made of the group's.
    pub fn new(group: &str) -> Self {
        let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
        // A group's id may be longer than any file's name.
        let name: String = group.chars().take(60).map(safe).collect();
        Self { field: Field::with(&format!("lag-{name}.csv")), refused: None, over: None, samples: 0 }
    }

    fn file(&self) -> PathBuf {
        PathBuf::from(self.field.text().trim())
    }

    pub fn key(&mut self, key: Key) {
        if self.field.key(key) {
            (self.refused, self.over) = (None, None);
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.field.paste_line(text);
        (self.refused, self.over) = (None, None);
    }

    /// A file that is there already is asked about once more. Returns the file that is to be written now.
    pub fn enter(&mut self, cx: &mut Cx) -> Option<PathBuf> {
        let file = self.file();
        if file.as_os_str().is_empty() {
            self.refused = Some("a file needs a name".into());
        } else if self.over.as_ref() == Some(&file) {
            return Some(file);
        } else {
            cx.wish(Wish::Terminal(Request::LookFor(file)));
        }
        None
    }

    /// Is there such a file? `true` when it can be written without asking.
    pub fn on_file(&mut self, file: &Path, exists: bool) -> bool {
        if self.file() != file {
            return false;
        }
        self.over = Some(file.to_owned());
        if exists {
            self.refused = Some("this file is there already; enter again writes over it".into());
        }
        !exists
    }

    /// Nothing was written: the name stays, to be corrected.
    pub fn on_failed(&mut self, why: &Failure) {
        (self.refused, self.over) = (Some(why.to_string()), None);
    }

    /// In the lower border of a frame, and what is wrong in the row above it.
    pub fn draw(&self, pen: &mut Pen, frame: Rect) {
        let theme = *pen.theme;
        if frame.width < 20 || frame.height < 3 {
            return;
        }
        let y = frame.bottom() - 1;
        let width = frame.width - 4;
        let used = pen.put(frame.x + 2, y, width, &Safe::literal(" samples to "), theme.key);
        let line = Rect { x: frame.x + 2 + used, y, width: width - used, height: 1 };
        pen.put(line.x, y, line.width, &Safe::from(" ".repeat(usize::from(line.width))), theme.input);
        self.field.draw(pen, line, theme.input, true);
        if let Some(words) = &self.refused {
            let above = Rect { x: frame.x + 2, y: y - 1, width, height: 1 };
            pen.clear(above);
            pen.paragraph(above, &Safe::text(words), theme.bad);
        }
    }
}
