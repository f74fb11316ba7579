//! What a reset is to do, as a person chooses it: which partitions, and where to. What is wrong is said at its letter.
use super::{choice::To, subject::Subject};
use crate::{
    keymap::Key,
    mistake::Mistake,
    panels::Session,
    reset::{Scope, Strategy},
    widgets::field::Field,
};
use std::{collections::BTreeSet, path::PathBuf};

/// One line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Which,
    Partitions,
    To,
    Value,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    Plan(Scope, Strategy),
    /// The file has to be read first.
    File(PathBuf),
    Undo(PathBuf),
}

#[derive(Debug)]
pub struct Form {
    pub subject: Subject,
    pub at: Line,
    pub to: To,
    /// 0: every topic with commits; else one more than the topic's number.
    which: usize,
    pub partitions: Field,
    pub value: Field,
    pub mistake: Option<(Line, Mistake)>,
}

impl Form {
    /// Asks about the topic that is meant, every topic where none is.
    pub fn new(subject: Subject, session: &Session) -> Self {
        let which = subject.topic(session.topic.as_ref()).map_or(0, |at| at + 1);
        Self {
            which,
            at: Line::To,
            to: To::Earliest,
            partitions: Field::default(),
            value: Field::default(),
            mistake: None,
            subject,
        }
    }

    /// Asks for an undo file; preset with that of the group's last reset here.
    pub fn undo(subject: Subject, session: &Session) -> Self {
        let last = session.resets.undos.get(&subject.group.name);
        let value = last.map(|file| Field::with(&file.to_string_lossy())).unwrap_or_default();
        Self { to: To::Undo, at: Line::Value, value, ..Self::new(subject, session) }
    }

    /// The lines that matter now.
    pub fn lines(&self) -> Vec<Line> {
        let all = [Line::Which, Line::Partitions, Line::To, Line::Value];
        let matters = |line: &Line| match line {
            Line::Which => !self.to.is_file(),
            Line::Partitions => !self.to.is_file() && self.which > 0,
            Line::To => self.to != To::Undo,
            Line::Value => self.to.field().is_some(),
        };
        all.into_iter().filter(matters).collect()
    }

    /// A field has the keys.
    pub fn is_writing(&self) -> bool {
        matches!(self.at, Line::Partitions | Line::Value)
    }

    pub fn step(&mut self, next: bool) {
        let lines = self.lines();
        let at = lines.iter().position(|line| *line == self.at).unwrap_or(0);
        let by = if next { 1 } else { lines.len().saturating_sub(1) };
        self.at = lines.get((at + by) % lines.len().max(1)).copied().unwrap_or(self.at);
    }

    /// The next choice of this line, or the one before.
    pub fn turn(&mut self, next: bool, session: &Session) {
        let around = |at: usize, all: usize| (at + if next { 1 } else { all - 1 }) % all;
        match self.at {
            Line::Which => self.which = around(self.which, self.subject.topics.len() + 1),
            Line::To => {
                let at = To::ALL.iter().position(|to| *to == self.to).unwrap_or(0);
                self.to = To::ALL.get(around(at, To::ALL.len())).copied().unwrap_or(self.to);
            }
            Line::Partitions | Line::Value => {}
        }
        self.check(session);
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.at {
            Line::Partitions => Some(&mut self.partitions),
            Line::Value => Some(&mut self.value),
            Line::Which | Line::To => None,
        }
    }

    pub fn key(&mut self, key: Key, session: &Session) {
        if self.field().is_some_and(|field| field.key(key)) {
            self.check(session);
        }
    }

    pub fn paste(&mut self, text: &str, session: &Session) {
        if let Some(field) = self.field() {
            field.paste_line(text);
            self.check(session);
        }
    }

    /// Says while one writes what is wrong; what is still empty is not wrong yet.
    fn check(&mut self, session: &Session) {
        let empty = |field: &Field| field.text().trim().is_empty();
        self.mistake = self.read(session).err().filter(|(line, _)| match line {
            Line::Value => !empty(&self.value),
            _ => true,
        });
    }

    /// What was chosen; what is wrong is kept to be said.
    pub fn asked(&mut self, session: &Session) -> Option<Asked> {
        match self.read(session) {
            Ok(asked) => Some(asked),
            Err((line, mistake)) => {
                (self.at, self.mistake) = (line, Some((line, mistake)));
                None
            }
        }
    }

    fn read(&self, session: &Session) -> Result<Asked, (Line, Mistake)> {
        let scope = self.scope().map_err(|mistake| (Line::Partitions, mistake))?;
        let text = self.value.text();
        let strategy = self.to.read(text.trim(), session.now, &session.zone);
        let strategy = strategy.map_err(|mistake| (Line::Value, indented(mistake, &text)))?;
        match (strategy, self.to, text.trim()) {
            (Some(strategy), ..) => Ok(Asked::Plan(scope, strategy)),
            (None, _, "") => Err((Line::Value, Mistake::new(0, "which file?"))),
            (None, To::Undo, file) => Ok(Asked::Undo(file.into())),
            (None, _, file) => Ok(Asked::File(file.into())),
        }
    }

    fn scope(&self) -> Result<Scope, Mistake> {
        match self.which.checked_sub(1).and_then(|at| self.subject.topics.get(at)) {
            Some((topic, _)) if !self.to.is_file() => {
                Ok(Scope::Topics(vec![(topic.clone(), numbers(&self.partitions.text())?)]))
            }
            _ => Ok(Scope::All),
        }
    }

    /// The chosen words of the first line, and how many there are to choose among.
    pub fn which(&self) -> String {
        match self.which.checked_sub(1).and_then(|at| self.subject.topics.get(at)) {
            Some((topic, _)) => format!("topic {topic}"),
            None => "all topics with commits".into(),
        }
    }

    pub fn topics(&self) -> usize {
        self.subject.topics.len()
    }
}

fn indented(mistake: Mistake, text: &str) -> Mistake {
    let indent = text.chars().take_while(|letter| letter.is_whitespace()).count();
    Mistake { column: mistake.column + indent, ..mistake }
}

/// `0,2`; nothing is all of them.
fn numbers(text: &str) -> Result<Option<BTreeSet<i32>>, Mistake> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let (mut numbers, mut at) = (BTreeSet::new(), 0);
    for part in text.split(',') {
        let number = part.trim();
        let column = at + part.chars().take_while(|letter| letter.is_whitespace()).count();
        let odd = number.chars().position(|letter| !letter.is_ascii_digit());
        let parsed = number.parse::<i32>();
        let (Ok(parsed), None) = (parsed, odd) else {
            return Err(Mistake::new(column + odd.unwrap_or(0), "write partitions as in 0,2; nothing is all of them"));
        };
        numbers.insert(parsed);
        at += part.chars().count() + 1;
    }
    Ok(Some(numbers))
}
