//! kafscope, a full-screen console for Apache Kafka. The map of the house, in the order data flows:
//!
//! - [`cli`], [`config`], [`state`], [`log`]: what the user said, now, in a file and last time; what is written down.
//!   `main.rs` puts the house together from them; [`mod@demo`] starts the demo cluster beside it.
//! - [`bus`]: the two bounded streets between the screen and Kafka, and every [`bus::Command`] and [`bus::Event`].
//! - [`kafka`]: everything that speaks with Kafka; it has a map of its own.
//! - [`topic`], [`group`], [`record`], [`lag`], [`failure`]: the nouns that both sides share, plain values without I/O;
//!   [`reset`]: moving a group's offsets, planned before it is done.
//! - [`number`]: numbers and spans of time in words, for both sides.
//! - [`place`], [`filter`], [`columns`]: what a person types about records, here and on the command line: where to
//!   begin, which to show, which fields of them; [`expect`]: what a script expects of a group; [`mistake`]: what is
//!   wrong in any of it, and at which letter.
//! - [`run`]: the loop, the only place that knows terminal, clock and bus together; `files`: what it reads and writes on
//!   threads of their own; [`terminal`]: taken and given back.
//! - [`keymap`]: every key, once; [`app`]: the screen as plain data; [`panels`] and [`overlay`]: its parts, one file each;
//!   [`layout`]: every rectangle; [`header`] and [`footer`]: the first and the last line; [`widgets`]: what they draw
//!   with; [`theme`]: the roles.
//! - [`decode`]: bytes to what a person reads, one file a format; [`text`]: the one door between foreign text and the
//!   terminal.
//! - [`output`]: records as lines of a file or a pipe, for commands and exports alike.
//! - [`headless`]: the same engine without the screen, one file a sub-command.
pub mod app;
pub mod bus;
pub mod cli;
pub mod columns;
pub mod config;
pub mod decode;
pub mod demo;
pub mod expect;
pub mod failure;
mod files;
pub mod filter;
pub mod footer;
pub mod group;
pub mod header;
pub mod headless;
pub mod kafka;
pub mod keymap;
pub mod lag;
pub mod layout;
pub mod log;
pub mod mistake;
pub mod number;
pub mod output;
pub mod overlay;
pub mod panels;
pub mod place;
pub mod record;
pub mod reset;
pub mod run;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod topic;
pub mod widgets;
