//! The walls of the house: who may know whom. A wall that falls is a design decision, not an accident.
#![allow(clippy::expect_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(under: &str) -> Vec<(PathBuf, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(under);
    if path.is_file() {
        return vec![(path.clone(), code(&path))];
    }
    let entries = fs::read_dir(&path).unwrap_or_else(|_| panic!("{} is there", path.display()));
    entries
        .flat_map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("ours").to_string_lossy().into_owned();
            if path.is_dir() || path.extension().is_some_and(|ext| ext == "rs") { sources(&name) } else { vec![] }
        })
        .collect()
}

/// The text without comments and without its own tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn nothing_in(places: &[&str], names: &[&str]) {
    for (path, text) in places.iter().flat_map(|place| sources(place)) {
        for name in names {
            assert!(!text.contains(name), "{} names {name}", path.display());
        }
    }
}

const SCREEN: &[&str] = &[
    "src/panels",
    "src/overlay",
    "src/widgets",
    "src/app",
    "src/header.rs",
    "src/footer.rs",
    "src/app",
    "src/keymap",
    "src/layout.rs",
    "src/theme.rs",
    "src/text.rs",
];

#[test]
fn the_screen_knows_neither_kafka_nor_a_runtime_nor_a_clock() {
    nothing_in(SCREEN, &["rdkafka", "kafka_protocol", "tokio", "crate::kafka", "Timestamp::now", "Instant", "std::fs"]);
}

#[test]
fn kafka_knows_no_screen() {
    nothing_in(&["src/kafka"], &["ratatui", "crossterm", "crate::app", "crate::panels", "crate::text"]);
}

#[test]
fn the_nouns_know_nobody() {
    let nouns = ["src/topic.rs", "src/group", "src/record", "src/lag", "src/reset", "src/failure.rs"];
    nothing_in(&nouns, &["rdkafka", "kafka_protocol", "tokio", "ratatui", "crossterm", "crate::kafka", "crate::bus"]);
}

#[test]
fn panels_draw_through_the_pen_and_name_no_colour() {
    nothing_in(
        &["src/panels", "src/overlay", "src/header.rs", "src/footer.rs"],
        &["Color", "Paragraph", "Span::", "Buffer", "Frame<"],
    );
}

#[test]
fn nothing_is_unsafe_and_the_lints_say_so() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("the manifest");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    nothing_in(&["src", "demo-broker/src"], &["unsafe {", "unsafe fn", "unsafe impl"]);
}

#[test]
fn big_matches_over_commands_and_events_name_every_case() {
    for (path, text) in ["src/app", "src/kafka/mod.rs", "src/bus"].iter().flat_map(|place| sources(place)) {
        for arms in ["match event {", "match command {", "match doing {"] {
            for (_, body) in text.match_indices(arms).map(|(at, _)| text.split_at(at)) {
                let end = body.find("\n        }\n").unwrap_or(body.len());
                assert!(!body[..end].contains("\n            _ =>"), "{}: {arms} has a wildcard", path.display());
            }
        }
    }
}
