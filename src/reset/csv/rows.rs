//! Lines and fields of comma-separated text, with the place of each. Quotes as RFC 4180 has them.
use super::Mistake;
use std::{iter::Peekable, str::Chars, str::FromStr};

/// One field and the place where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub text: String,
    line: usize,
    column: usize,
}

/// One line; a quoted field may go on over several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub fields: Vec<Field>,
    line: usize,
}

/// Every line. Empty ones at the end are none; an empty one between others is a mistake, as it is to Kafka's tool.
pub fn rows(text: &str) -> Result<Vec<Row>, Mistake> {
    // The file's own byte order mark alone: a name may begin with another.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches(['\n', '\r']);
    let mut reader = Reader { rest: text.chars().peekable(), line: 1, column: 1 };
    let mut rows = Vec::new();
    while reader.rest.peek().is_some() {
        rows.push(reader.row()?);
    }
    Ok(rows)
}

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
    line: usize,
    column: usize,
}

impl Reader<'_> {
    fn row(&mut self) -> Result<Row, Mistake> {
        let line = self.line;
        let mut fields = vec![self.field()?];
        while self.take(',') {
            fields.push(self.field()?);
        }
        self.take('\r');
        if !self.take('\n') && self.rest.peek().is_some() {
            return Err(self.mistake("text after a closing quote, expected a comma or the end of the line"));
        }
        let row = Row { fields, line };
        let empty = row.fields.len() == 1 && row.fields.iter().all(|field| field.text.is_empty());
        if empty { Err(row.mistake("an empty line, expected offsets".into())) } else { Ok(row) }
    }

    fn field(&mut self) -> Result<Field, Mistake> {
        let (line, column) = (self.line, self.column);
        let text = if self.take('"') { self.quoted(line, column)? } else { self.plain() };
        Ok(Field { text, line, column })
    }

    fn plain(&mut self) -> String {
        let mut text = String::new();
        while let Some(letter) = self.rest.peek().copied().filter(|letter| !matches!(letter, ',' | '\n')) {
            text.push(letter);
            self.next();
        }
        // The line ends as Windows has it.
        if text.ends_with('\r') && self.rest.peek() != Some(&',') {
            text.pop();
        }
        text
    }

    fn quoted(&mut self, line: usize, column: usize) -> Result<String, Mistake> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') if !self.take('"') => return Ok(text),
                Some(letter) => text.push(letter),
                None => return Err(Mistake { line, column, why: "an open quote, expected a closing one".into() }),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        (self.line, self.column) = if letter == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        Some(letter)
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.rest.peek() == Some(&wanted);
        if there {
            self.next();
        }
        there
    }

    fn mistake(&self, why: &str) -> Mistake {
        Mistake { line: self.line, column: self.column, why: why.into() }
    }
}

impl Row {
    /// So many, or the mistake that there are others.
    pub fn fields(&self, count: usize, form: &str) -> Result<&[Field], Mistake> {
        let found = self.fields.len();
        let counted = if found == 1 { "one field".to_owned() } else { format!("{found} fields") };
        if found == count { Ok(&self.fields) } else { Err(self.mistake(format!("{counted}, expected {form}"))) }
    }

    pub fn mistake(&self, why: String) -> Mistake {
        Mistake { line: self.line, column: 1, why }
    }
}

impl Field {
    /// A name, which is never empty.
    pub fn some(&self, what: &str) -> Result<&str, Mistake> {
        if self.text.is_empty() { Err(self.mistake(format!("no {what}, expected its name"))) } else { Ok(&self.text) }
    }

    /// A number from 0 on, digits alone.
    pub fn number<N: FromStr>(&self, what: &str) -> Result<N, Mistake> {
        let digits = !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| self.text.parse().ok()).flatten();
        number.ok_or_else(|| self.mistake(format!("{:?} is no {what}, expected a number from 0", self.shown())))
    }

    /// Enough of it to be recognised.
    fn shown(&self) -> String {
        self.text.chars().take(40).collect()
    }

    pub fn mistake(&self, why: String) -> Mistake {
        Mistake { line: self.line, column: self.column, why }
    }
}
