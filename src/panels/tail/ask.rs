//! The lines a person writes in Tail: which one opens, what it begins with, and what is done with it.
use super::{
    Tail, export,
    prompt::{Ask, Prompt},
};
use crate::{
    columns::Columns,
    filter::Filter,
    keymap::{Action, Key},
    mistake::Mistake,
    panels::{Cx, Request, Wish},
    state::Habits,
};
use std::path::{Path, PathBuf};

impl Tail {
    pub(super) fn open_prompt(&mut self, ask: Ask, cx: &Cx) {
        let Some(topic) = self.topic().cloned() else { return };
        let habits = self.habits.get(&*topic).cloned().unwrap_or_default();
        let (text, history) = match ask {
            Ask::Start => (String::new(), habits.starts),
            Ask::Filter => (self.filter_words(), habits.filters),
            Ask::Columns => (self.columns_text(), vec![]),
            Ask::Export => (export::usual(&topic), vec![]),
        };
        let mut prompt = Prompt::new(ask, &text, history);
        prompt.whole = self.is_filtered();
        self.prompt = Some(prompt);
        self.check(cx);
        self.fit();
    }

    /// The filter as it was typed: what is on, else nothing.
    fn filter_words(&self) -> String {
        let on = self.reading.as_ref().and_then(|reading| reading.filter.as_ref());
        on.map(Filter::words).unwrap_or_default()
    }

    /// Says while one writes what is wrong.
    pub(super) fn check(&mut self, cx: &Cx) {
        let Some((ask, text)) = self.prompt.as_ref().map(|prompt| (prompt.ask, prompt.text())) else { return };
        let hint = (ask == Ask::Export).then(|| self.export_hint(&text));
        let checked = match ask {
            _ if text.is_empty() => Ok(()),
            Ask::Start => self.place(&text, cx).map(drop),
            Ask::Filter => Filter::read(&text).map(drop),
            Ask::Columns => Columns::read(&text).map(drop),
            Ask::Export => Ok(()),
        };
        if let Some(prompt) = &mut self.prompt {
            (prompt.hint, prompt.mistake) = (hint, checked.err());
        }
        self.fit();
    }

    pub(super) fn on_prompt_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => self.take_prompt(cx),
            Action::Older | Action::Newer => {
                if self.prompt.as_mut().is_some_and(|prompt| prompt.turn(action)) {
                    self.check(cx);
                }
            }
            Action::ExportRange => self.turn_range(cx),
            _ => self.close_prompt(),
        }
    }

    pub(super) fn on_prompt_key(&mut self, key: Key, cx: &Cx) {
        if self.prompt.as_mut().is_some_and(|prompt| prompt.key(key)) {
            self.check(cx);
        }
    }

    pub(super) fn on_prompt_paste(&mut self, text: &str, cx: &Cx) {
        if let Some(prompt) = &mut self.prompt {
            prompt.paste(text);
            self.check(cx);
        }
    }

    pub(super) fn close_prompt(&mut self) {
        self.prompt = None;
        self.fit();
    }

    /// In place of what stands in the line.
    pub(super) fn on_prompt_text(&mut self, text: &str, cx: &Cx) {
        if let Some(prompt) = &mut self.prompt {
            prompt.set(text);
            self.check(cx);
        }
    }

    pub(super) fn refuse(&mut self, column: usize, words: &str) {
        if let Some(prompt) = &mut self.prompt {
            prompt.mistake = Some(Mistake::new(column, words));
        }
        self.fit();
    }

    /// What is wrong stays in the line, to be corrected.
    fn take_prompt(&mut self, cx: &mut Cx) {
        let Some(prompt) = self.prompt.as_ref() else { return };
        let (ask, text) = (prompt.ask, prompt.text());
        if prompt.mistake.is_some() && !prompt.is_warned() {
            return;
        }
        match ask {
            Ask::Start => self.take_start(&text, cx),
            Ask::Filter => self.take_filter(&text, cx),
            Ask::Columns => {
                self.close_prompt();
                self.set_columns(&text, cx);
            }
            Ask::Export => self.take_export(&text, cx),
        }
    }

    /// `tab`, where a file is asked for: how much of the topic.
    fn turn_range(&mut self, cx: &Cx) {
        if let Some(prompt) = self.prompt.as_mut().filter(|prompt| prompt.ask == Ask::Export) {
            prompt.whole = !prompt.whole;
            self.check(cx);
        }
    }

    fn take_filter(&mut self, text: &str, cx: &mut Cx) {
        self.close_prompt();
        match Filter::read(text) {
            _ if text.is_empty() && self.is_filtered() => self.clear_filter(cx),
            Ok(filter) if !text.is_empty() => {
                self.remember(|habits| &mut habits.filters, text);
                self.set_filter(filter, cx);
            }
            _ => {}
        }
    }

    /// A file that is there already is asked about once more.
    fn take_export(&mut self, text: &str, cx: &mut Cx) {
        let file = PathBuf::from(text);
        match export::form(&file, &self.columns_text()) {
            Err(words) => self.refuse(text.chars().count(), words),
            Ok(form) if self.prompt.as_ref().is_some_and(Prompt::is_warned) => {
                let range = self.export_range();
                self.close_prompt();
                self.begin_export(file, form, range, cx);
            }
            Ok(_) => cx.wish(Wish::Terminal(Request::LookFor(file))),
        }
    }

    /// Is there a file where one is to be written?
    pub fn on_file(&mut self, file: &Path, exists: bool, cx: &mut Cx) {
        let Some(prompt) = self.prompt.as_mut().filter(|prompt| prompt.ask == Ask::Export) else { return };
        if Path::new(&prompt.text()) != file {
            return;
        }
        prompt.warn();
        if exists {
            self.refuse(0, "this file is there already; enter again writes over it");
        } else {
            self.take_prompt(cx);
        }
    }

    pub(super) fn remember(&mut self, of: impl Fn(&mut Habits) -> &mut Vec<String>, text: &str) {
        if let Some(list) = self.habits_of_topic().map(of) {
            list.retain(|old| old != text);
            list.push(text.to_owned());
        }
    }
}
