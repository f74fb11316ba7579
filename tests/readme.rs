//! README, help and the key table agree.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
use clap::{CommandFactory, Parser};
use kafscope::keymap;

/// What stands in the README's block of this kind.
fn block(kind: &str) -> &'static str {
    let after = include_str!("../README.md").split_once(&format!("```{kind}\n")).expect("such a block").1;
    after.split_once("```").expect("its end").0
}

#[test]
fn the_key_table_of_the_readme_is_the_one_in_the_code() {
    let readme = include_str!("../README.md");
    assert!(readme.contains(&keymap::markdown()), "put this into README.md:\n\n{}", keymap::markdown());
}

#[test]
fn the_two_commands_stand_on_lines_of_their_own() {
    let readme = include_str!("../README.md");
    for command in ["cargo run --release -- demo", "cargo test --workspace"] {
        assert!(readme.lines().any(|line| line.trim() == command), "{command}");
    }
}

#[test]
fn the_filters_of_the_readme_are_read() {
    let block = block("filters");
    let wrong: Vec<_> = block.lines().filter_map(|line| kafscope::filter::Filter::read(line).err()).collect();
    assert!(wrong.is_empty() && block.lines().count() == 5, "{wrong:?}");
}

/// As a shell takes a line with single quotes in it.
fn words(line: &str) -> Vec<String> {
    let quoted = |(nth, part): (usize, &str)| if nth % 2 == 1 { part.replace(' ', "\0") } else { part.to_owned() };
    let line: String = line.split('\'').enumerate().map(quoted).collect();
    line.split(' ').map(|word| word.replace('\0', " ")).collect()
}

/// `--expect lag<=0` had the shell read a file.
#[test]
fn no_command_of_the_readme_or_the_help_redirects_anything() {
    let mut help = kafscope::cli::Cli::command();
    let groups = help.find_subcommand_mut("groups").expect("the command");
    let help: String = groups.get_subcommands_mut().map(|verb| verb.render_long_help().to_string()).collect();
    let text = format!("{}\n{help}", include_str!("../README.md"));
    let commands: Vec<_> = text.lines().map(str::trim).filter(|line| line.starts_with("kafscope ")).collect();
    assert!(commands.len() > 12, "{commands:?}");
    for command in commands {
        let bare: String = command.split('\'').step_by(2).collect();
        assert!(!bare.contains(['<', '>']), "{command}");
    }
}

#[test]
fn the_commands_for_groups_of_the_readme_are_understood() {
    let block = block("groups");
    let parse = |line: &str| kafscope::cli::Cli::try_parse_from(words(line));
    let wrong: Vec<_> = block.lines().filter_map(|line| parse(line).err()).collect();
    assert!(wrong.is_empty() && block.lines().count() == 8, "{wrong:?}");
}

#[test]
fn every_command_for_groups_and_every_strategy_stands_in_the_readme() {
    let command = kafscope::cli::Cli::command();
    let groups = command.find_subcommand("groups").expect("the command");
    let readme = include_str!("../README.md");
    for verb in groups.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let name = verb.get_name();
        assert!(readme.contains(&format!("groups {name}")) || readme.contains(&format!("groups [{name}]")), "{name}");
    }
    let reset = groups.find_subcommand("reset").expect("the command");
    let strategies = reset.get_groups().find(|group| group.get_id() == "To").expect("the strategies");
    assert_eq!(strategies.get_args().count(), 8);
    for strategy in strategies.get_args() {
        assert!(readme.contains(&format!("--{}", strategy.as_str().replace('_', "-"))), "{strategy}");
    }
}

#[test]
fn the_config_of_the_readme_is_the_default_one() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), block("toml")).expect("to write it");
    let config = kafscope::config::load(Some(file.path())).expect("a good config");
    assert_eq!(kafscope::config::Config { theme: None, ..config }, kafscope::config::Config::default());
}
