//! README, help and the key table agree.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
use kafscope::keymap;

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
fn the_config_of_the_readme_is_the_default_one() {
    let readme = include_str!("../README.md");
    let block = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of TOML");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), block).expect("to write it");
    let config = kafscope::config::load(Some(file.path())).expect("a good config");
    assert_eq!(kafscope::config::Config { theme: None, ..config }, kafscope::config::Config::default());
}
