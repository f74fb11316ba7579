//! The names of columns as a person writes them.
use super::{Column, Source, Step};
use crate::mistake::Mistake;

const HEADERS: &str = "headers.";

pub fn columns(text: &str) -> Result<Vec<Column>, Mistake> {
    let mut cursor = Cursor { text, at: 0 };
    let mut columns = vec![];
    loop {
        cursor.blanks();
        let from = cursor.at;
        let source = cursor.source()?;
        let head = text.get(from..cursor.at).unwrap_or_default().trim().to_owned();
        columns.push(Column { head, source });
        match cursor.next() {
            None => return Ok(columns),
            Some(',') => {}
            Some(_) => {
                return Err(Mistake::at_byte(text, cursor.at - 1, "a comma between columns, or `.` or `[` is missing"));
            }
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        self.at += if there { text.len() } else { 0 };
        there
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn wrong(&self, words: &str) -> Mistake {
        Mistake::at_byte(self.text, self.at, words)
    }

    /// All up to one of `ends`, without the blanks at its end.
    fn until(&mut self, ends: &[char]) -> &'a str {
        let rest = self.rest();
        let taken = rest.split(ends).next().unwrap_or_default();
        self.at += taken.len();
        taken.trim_end()
    }

    fn source(&mut self) -> Result<Source, Mistake> {
        if self.eat(HEADERS) {
            return Ok(Source::Header(self.name(&[','])?));
        }
        let (from, fields_only) = (self.at, self.eat("."));
        let quoted = self.rest().starts_with(['\'', '"']);
        let mut steps = self.steps()?;
        if fields_only || quoted {
            return Ok(Source::ValueField(steps));
        }
        let first = match steps.first() {
            Some(Step::Name(name)) => name.clone(),
            _ => return Ok(Source::ValueField(steps)),
        };
        let own = match first.as_str() {
            "key" if steps.len() > 1 => return Ok(Source::KeyField(steps.split_off(1))),
            "value" if steps.len() > 1 => return Ok(Source::ValueField(steps.split_off(1))),
            "topic" => Source::Topic,
            "partition" => Source::Partition,
            "offset" => Source::Offset,
            "timestamp" => Source::Timestamp,
            "key" => Source::Key,
            "value" => Source::Value,
            _ => return Ok(Source::ValueField(steps)),
        };
        if steps.len() > 1 {
            let words = format!("{first} has no fields: begin with a dot for the field of the value, .{first}");
            return Err(Mistake::at_byte(self.text, from, words));
        }
        Ok(own)
    }

    fn steps(&mut self) -> Result<Vec<Step>, Mistake> {
        let mut steps = vec![];
        if !self.rest().starts_with('[') {
            steps.push(Step::Name(self.name(&[',', '.', '['])?));
        }
        loop {
            if self.eat(".") {
                steps.push(Step::Name(self.name(&[',', '.', '['])?));
            } else if self.eat("[") {
                steps.push(self.bracket()?);
            } else {
                self.blanks();
                return Ok(steps);
            }
        }
    }

    /// A number or a name in quotes, and the bracket after it.
    fn bracket(&mut self) -> Result<Step, Mistake> {
        let from = self.at;
        let step = if self.rest().starts_with(['\'', '"']) {
            Step::Name(self.name(&[])?)
        } else {
            let index = self.until(&[']', ',']).trim().parse();
            Step::Index(
                index.map_err(|_| Mistake::at_byte(self.text, from, "the number of an entry, from 0, is due here"))?,
            )
        };
        if self.eat("]") { Ok(step) } else { Err(self.wrong("a closing bracket is missing here")) }
    }

    /// A name as it stands up to one of `ends`, or in quotes.
    fn name(&mut self, ends: &[char]) -> Result<String, Mistake> {
        let from = self.at;
        for quote in ["'", "\""] {
            if self.eat(quote) {
                let name = self.rest().split(quote).next().unwrap_or_default();
                self.at += name.len();
                let closed = self.eat(quote);
                let unclosed = || Mistake::at_byte(self.text, from, "this quote has no end");
                return closed.then(|| name.to_owned()).ok_or_else(unclosed);
            }
        }
        let name = self.until(ends);
        if name.is_empty() {
            Err(Mistake::at_byte(self.text, from, "a name is missing here"))
        } else {
            Ok(name.to_owned())
        }
    }
}
