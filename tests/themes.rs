//! Themes are complete, and follow what their first lines promise.
use kafscope::theme::{BUILTIN, Theme};
use std::{collections::BTreeSet, fs};

#[test]
fn every_file_in_themes_is_compiled_in_and_parses() {
    let entries = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/themes")).expect("themes");
    let stem = |entry: fs::DirEntry| entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
    let on_disk: BTreeSet<_> = entries.map(|entry| stem(entry.expect("an entry"))).collect();
    assert_eq!(on_disk, BUILTIN.iter().map(|(name, _)| (*name).to_owned()).collect());
    for (name, toml) in BUILTIN {
        Theme::parse(toml).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_default_names_only_the_terminals_own_colours_and_mono_none() {
    let text = |name: &str| BUILTIN.iter().find(|(n, _)| *n == name).expect(name).1;
    assert!(!text("default").contains("\"#"));
    assert!(!text("mono").contains("fg =") && !text("mono").contains("bg ="));
}

#[test]
fn a_role_that_is_missing_misspelt_or_wrong_is_pointed_at() {
    let text = BUILTIN[0].1;
    let wrong = [
        (text.replace("muted =", "mutted ="), "mutted"),
        (text.replace("\nhead =", "\n# head ="), "head"),
        (text.replace("\"green\"", "\"gren\""), "gren"),
        (text.replace("bold = true", "bold = 3"), "boolean"),
    ];
    for (text, phrase) in wrong {
        let error = Theme::parse(&text).expect_err("must fail");
        assert!(error.to_string().contains(phrase), "{error}");
        assert!(error.span().is_some() || phrase == "head", "{error}");
    }
}
