//! README, help and the key table agree.
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
