//! Config and theme files that are wrong, each with what must be said about it.
use crate::stage::{Ran, program};
use std::{fs, path::Path};

/// The first line of each file is `# must say: PHRASE`.
#[test]
fn every_bad_config_is_refused_with_its_place_and_its_reason() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut seen = 0;
    for file in fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let phrase = text.lines().next().and_then(|line| line.strip_prefix("# must say: ")).unwrap();
        let ran = Ran::of(program().arg("--config").arg(&path).arg("themes").spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (2, ""), "{}", path.display());
        assert!(ran.stderr.starts_with(&format!("kafscope: {}:", path.display())), "{}", ran.stderr);
        assert!(ran.stderr.contains(phrase), "{}: {}", path.display(), ran.stderr);
        seen += 1;
    }
    assert!(seen >= 7, "only {seen} files");
}

#[test]
fn a_theme_of_ones_own_is_found_and_a_mistake_in_it_is_placed() {
    let home = tempfile::tempdir().unwrap();
    let themes = home.path().join("kafscope/themes");
    fs::create_dir_all(&themes).unwrap();
    fs::write(themes.join("mine.toml"), "text = {}\nmutde = {}\n").unwrap();
    let run = |args: &[&str]| Ran::of(program().env("XDG_CONFIG_HOME", home.path()).args(args).spawn().unwrap());
    assert!(run(&["themes"]).text().lines().any(|name| name == "mine"));
    let ran = run(&["--theme", "mine", "keys"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("mine.toml:2:1: unknown field `mutde`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `muted`?"), "{}", ran.stderr);
}

#[test]
fn the_log_goes_to_its_file_and_nowhere_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kafscope.log");
    let ran = Ran::of(program().args(["-vv", "-b", "127.0.0.1:1", "topics", "--log"]).arg(&path).spawn().unwrap());
    assert_eq!((ran.code, ran.text()), (3, ""));
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(path.exists());
}
