//! A file of what the list shows, with the same filter: from its oldest row or from the start of the topic, to the end as it
//! is now.
use super::{
    Tail,
    prompt::{Ask, Prompt},
};
use crate::{
    bus::{Command, Searched},
    failure::Failure,
    output::Form,
    panels::{Cx, Wish},
    place::{Positions, Where},
    text::Safe,
    widgets::format,
};
use std::path::{Path, PathBuf};

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Export {
    id: u64,
    file: PathBuf,
    searched: Searched,
    stopping: bool,
}

/// The columns of a .csv while none are chosen: all that a record has of its own.
const OWN: &str = "partition,offset,timestamp,key,value";

/// The name that is offered.
pub(super) fn usual(topic: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    format!("{}.jsonl", topic.chars().map(safe).collect::<String>())
}

/// How a file is written, by the end of its name.
pub(super) fn form(file: &Path, columns: &str) -> Result<Form, &'static str> {
    match file.extension().and_then(|end| end.to_str()) {
        Some("jsonl" | "json" | "ndjson") => Ok(Form::Json),
        Some("csv") => Ok(Form::Csv(if columns.is_empty() { OWN } else { columns }.to_owned())),
        Some("txt" | "raw") => Ok(Form::Raw),
        _ => Err("end the name with .jsonl, .csv or .txt: it says how records are written"),
    }
}

impl Tail {
    pub(super) fn begin_export(&mut self, file: PathBuf, form: Form, (from, to): (Where, Where), cx: &mut Cx) {
        let Some(reading) = self.reading.clone() else { return };
        let id = self.next_generation();
        self.export = Some(Export { id, file: file.clone(), searched: Searched::default(), stopping: false });
        self.fit();
        cx.send(Command::Export { id, reading, from, to, file, form });
    }

    /// From mark to mark, else from the start of the topic or of the list to the end as it is now.
    pub(super) fn export_range(&self) -> (Where, Where) {
        let whole = self.prompt.as_ref().is_some_and(|prompt| prompt.whole) || self.holds_the_start();
        let from = || if whole { Where::Start } else { Where::Offsets(self.ring.low().clone()) };
        self.marked_range().unwrap_or_else(|| (from(), Where::End))
    }

    fn holds_the_start(&self) -> bool {
        self.ring.is_start() || self.ring.low().is_empty()
    }

    /// What will be written, while one writes where.
    pub(super) fn export_hint(&self, file: &str) -> String {
        let form = match form(Path::new(file), &self.columns_text()) {
            Err(words) => return words.into(),
            Ok(Form::Csv(columns)) => format!("columns {columns}"),
            Ok(Form::Raw) => "values, one a line".into(),
            Ok(_) => "records as JSON, one a line".into(),
        };
        match self.marked_range() {
            Some(_) => format!("from mark to mark; unmark one for all · {form}"),
            None => format!("{} · {form} · .csv writes columns · .txt writes values", self.range_words()),
        }
    }

    fn range_words(&self) -> &'static str {
        let whole = self.prompt.as_ref().is_some_and(|prompt| prompt.whole);
        match (self.holds_the_start(), whole) {
            (true, _) => "the whole topic",
            (false, true) => "the whole topic · tab: from the oldest row kept",
            (false, false) => "from the oldest row kept · tab: the whole topic",
        }
    }

    pub fn on_export(&mut self, id: u64, searched: Searched) {
        if let Some(export) = self.export.as_mut().filter(|export| export.id == id) {
            export.searched = searched;
        }
    }

    /// `false`: nothing is written.
    pub(super) fn give_up_export(&mut self, cx: &mut Cx) -> bool {
        let Some(export) = &mut self.export else { return false };
        export.stopping = true;
        cx.send(Command::StopExport { id: export.id });
        true
    }

    pub fn on_exported(
        &mut self,
        id: u64,
        done: (&Path, u64, u64),
        next: &Positions,
        why: Option<Failure>,
        cx: &mut Cx,
    ) {
        let Some(export) = self.export.take_if(|export| export.id == id) else { return };
        self.fit();
        let (file, records, bytes) = done;
        let written = format!(
            "{} records, {}, in {}",
            format::grouped(records as i64),
            format::bytes(bytes as usize),
            file.display()
        );
        let places: Vec<String> = next.iter().map(|(id, offset)| format!("{id}:{offset}")).collect();
        match why {
            Some(why) if places.is_empty() => {
                self.ask_for_file_again(file, &why, cx);
                cx.wish(Wish::Notice(why));
            }
            Some(why) => {
                self.say(format!("it ended early: {}; {written}", why.answered), true, cx);
                let go_on = format!("{written}; go on with --from {}", places.join(","));
                cx.wish(Wish::Notice(why.advising(go_on)));
            }
            None if export.stopping && !places.is_empty() => {
                self.say(format!("stopped: {written}; s {} goes on there", places.join(",")), false, cx)
            }
            None => self.say(format!("written: {written}"), false, cx),
        }
    }

    pub fn on_export_failed(&mut self, id: u64, why: &Failure, cx: &mut Cx) {
        if let Some(export) = self.export.take_if(|export| export.id == id) {
            self.ask_for_file_again(&export.file, why, cx);
        }
    }

    /// Nothing was begun: the name is there again, to be corrected. Not over what the person writes now.
    fn ask_for_file_again(&mut self, file: &Path, why: &Failure, cx: &mut Cx) {
        if self.prompt.is_some() {
            return self.say(why.to_string(), true, cx);
        }
        self.open_prompt(Ask::Export, cx);
        self.on_prompt_text(&file.display().to_string(), cx);
        let advice = if why.advice.is_empty() { "enter tries again" } else { &why.advice };
        self.refuse(0, &format!("{}; {advice}", why.answered));
        self.prompt.iter_mut().for_each(Prompt::warn);
    }
}

impl Export {
    pub(super) fn words(&self) -> Safe {
        let share = format!("{:.0} %", self.searched.share.clamp(0.0, 1.0) * 100.0);
        let left = self.searched.left.map_or_else(String::new, |left| format!(" · {} left", format::span(left)));
        let end = if self.stopping { "stopping" } else { "esc stops" };
        let matched = format::grouped(self.searched.matched as i64);
        Safe::from(format!("writing {} · {share} · {matched} records{left} · {end}", self.file.display()))
    }
}
