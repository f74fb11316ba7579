//! `kafscope keys` and `kafscope themes`: what the screen knows, without the screen.
use super::{Done, Out, Setup, table::Table};
use crate::{
    config,
    keymap::{self, Context},
    text::Safe,
};
use serde::Serialize;

#[derive(Serialize)]
struct KeyLine {
    context: &'static str,
    key: String,
    does: &'static str,
}

pub fn run(setup: &Setup, out: &mut Out) -> Done {
    let lines = Context::ALL.iter().flat_map(|context| {
        keymap::bindings(*context).map(|binding| KeyLine {
            context: binding.context.title(),
            key: binding.key.to_string(),
            does: binding.help,
        })
    });
    if setup.json {
        return lines.into_iter().try_for_each(|line| out.json(&line));
    }
    let mut table = Table::new(&["WHERE", "KEY", "DOES"]);
    lines.for_each(|line| table.row([Safe::literal(line.context), Safe::from(line.key), Safe::literal(line.does)]));
    out.table(&table)
}

#[derive(Serialize)]
struct ThemeLine {
    theme: String,
}

pub fn themes(setup: &Setup, out: &mut Out) -> Done {
    let mut names = config::theme_names().into_iter();
    if setup.json {
        return names.try_for_each(|theme| out.json(&ThemeLine { theme }));
    }
    names.try_for_each(|name| out.line(&Safe::from(name)))
}
