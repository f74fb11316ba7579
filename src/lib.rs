//! kafscope, a full-screen console for Apache Kafka. The map of the house, in the order data flows:
//!
//! - [`bus`]: the two bounded streets between the screen and Kafka, and every [`bus::Command`] and [`bus::Event`].
//! - [`kafka`]: everything that speaks with Kafka.
//! - [`topic`], [`group`], [`record`], [`lag`], [`failure`]: the nouns that both sides share, plain values without I/O.
//! - [`run`]: the loop, the only place that knows terminal, clock and bus together; [`terminal`]: taken and given back.
//! - [`keymap`]: every key, once; [`app`]: the screen as plain data; [`panels`] and [`overlay`]: its parts, one file each;
//!   [`layout`]: every rectangle; [`header`] and [`footer`]: the first and
//!   the last line; [`widgets`]: what they draw with; [`theme`]: the roles.
//! - [`decode`]: bytes to what a person reads, one file a format.
//! - [`cli`]: the command line; [`config`] and [`state`]: files read and kept; [`log`]: written to a file only; [`headless`]:
//!   every command without the screen; [`mod@demo`]: a cluster as a child process.
//! - [`text`]: the one door between foreign text and the terminal.
pub mod app;
pub mod bus;
pub mod cli;
pub mod config;
pub mod decode;
pub mod demo;
pub mod failure;
pub mod footer;
pub mod group;
pub mod header;
pub mod headless;
pub mod kafka;
pub mod keymap;
pub mod lag;
pub mod layout;
pub mod log;
pub mod overlay;
pub mod panels;
pub mod record;
pub mod run;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod topic;
pub mod widgets;
