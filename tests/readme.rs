//! README, help and the key table agree.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
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

#[test]
fn the_config_of_the_readme_is_the_default_one() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), block("toml")).expect("to write it");
    let config = kafscope::config::load(Some(file.path())).expect("a good config");
    assert_eq!(kafscope::config::Config { theme: None, ..config }, kafscope::config::Config::default());
}
