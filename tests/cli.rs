//! The program as scripts and people call it: what it prints, where, and how it exits. Against the demo, in this process.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
#[path = "cli/bounds.rs"]
mod bounds;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/days.rs"]
mod days;
#[path = "cli/demo_groups.rs"]
mod demo_groups;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/forms.rs"]
mod forms;
#[path = "cli/groups/mod.rs"]
mod groups;
#[path = "cli/lives.rs"]
mod lives;
#[path = "../demo-broker/tests/seen/numbers.rs"]
mod numbers;
#[path = "cli/places.rs"]
mod places;
#[path = "cli/records.rs"]
mod records;
#[path = "cli/shapes.rs"]
mod shapes;
#[path = "cli/stage.rs"]
mod stage;
