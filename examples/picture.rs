//! Makes the README's picture: the real screen over the real demo cluster, drawn as SVG.
//!
//! `cargo run --release --example picture > docs/screen.svg`
#![allow(clippy::print_stdout, reason = "the picture is what it prints")]
use anyhow::{Context, Result};
use crossterm::event::{KeyCode, KeyModifiers};
use jiff::{Timestamp, tz::TimeZone};
use kafscope::{
    app::{App, Start},
    bus::{Desk, bus},
    kafka::{self, Settings, wire},
    keymap::Key,
    layout::Borders,
    theme::Theme,
};
use kafscope_demo_broker::demo::{Demo, Options};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Color, Modifier},
};
use std::{fmt::Write, time::Duration};
use tokio::time::{Instant, timeout};

const SIZE: Rect = Rect::new(0, 0, 160, 45);
/// A cell, in pixels.
const CELL: (f32, f32) = (8.0, 17.0);
/// Ground and letters where the theme leaves them to the terminal.
const GROUND: &str = "#20242d";
const LETTERS: &str = "#d8dee9";
/// Long enough for rates and a minute's beginning of lag.
const WATCH: Duration = Duration::from_secs(25);

#[tokio::main]
async fn main() -> Result<()> {
    let demo = Demo::start(Options::default()).await?;
    let (mut desk, dock) = bus();
    let bootstrap = demo.bootstrap().split(',').map(Into::into).collect();
    let wire = wire::Settings { bootstrap, ..wire::Settings::default() };
    tokio::spawn(kafka::serve(dock, Settings { wire, read_only: false, committed: false }));
    let mut app = App::new(start()?);
    app.resize(SIZE);
    watch(&mut app, &mut desk, WATCH).await?;
    app.on_key(Key(KeyCode::Char('p'), KeyModifiers::NONE));
    watch(&mut app, &mut desk, Duration::from_secs(2)).await?;
    for c in "{\"id\": 1835, \"item\": \"tea\", \"qty\": 1}".chars() {
        app.on_key(Key(KeyCode::Char(c), KeyModifiers::NONE));
    }
    app.on_key(Key(KeyCode::Enter, KeyModifiers::NONE));
    watch(&mut app, &mut desk, Duration::from_millis(500)).await?;
    let mut buffer = Buffer::empty(SIZE);
    app.draw(&mut buffer);
    println!("{}", svg(&buffer));
    demo.stop().await;
    Ok(())
}

fn start() -> Result<Start> {
    Ok(Start {
        theme: Theme::builtin("dusk").context("a theme called dusk")?,
        cluster: "demo".into(),
        read_only: false,
        committed: false,
        mouse: true,
        zone: TimeZone::UTC,
        now: Timestamp::now(),
        topic: Some("orders".into()),
        last_topic: None,
        borders: Borders::default(),
        ring_bytes: 64 << 20,
        ring_records: 1_000_000,
        undo: std::path::PathBuf::new(),
    })
}

/// The loop of the program without its terminal.
async fn watch(app: &mut App, desk: &mut Desk, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        for command in std::mem::take(&mut app.outbox) {
            desk.commands.send(command).await?;
        }
        let event = timeout(Duration::from_millis(100), desk.news.recv()).await;
        app.on_tick(Timestamp::now());
        if let Ok(event) = event {
            app.on_event(event.context("Kafka's side ended")?);
        }
    }
    Ok(())
}

fn svg(buffer: &Buffer) -> String {
    let (width, height) = (f32::from(SIZE.width) * CELL.0, f32::from(SIZE.height) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"13.3\" \
         font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\"><rect width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{GROUND}\"/>\n"
    );
    for y in 0..SIZE.height {
        for (x, cells) in runs(buffer, y) {
            run(&mut out, x, y, &cells);
        }
    }
    out + "</svg>"
}

/// Neighbours of one style, and where they begin; blanks of the plain ground are left out.
fn runs(buffer: &Buffer, y: u16) -> Vec<(u16, Vec<&Cell>)> {
    let mut runs: Vec<(u16, Vec<&Cell>)> = vec![];
    for x in 0..SIZE.width {
        let Some(cell) = buffer.cell((x, y)) else { continue };
        match runs.last_mut().filter(|(_, run)| run.last().is_some_and(|last| last.style() == cell.style())) {
            Some((_, run)) => run.push(cell),
            None => runs.push((x, vec![cell])),
        }
    }
    runs.retain(|(_, run)| run.iter().any(|cell| cell.symbol() != " " || cell.bg != Color::Reset || reversed(cell)));
    runs
}

fn reversed(cell: &Cell) -> bool {
    cell.modifier.contains(Modifier::REVERSED)
}

fn run(out: &mut String, x: u16, y: u16, cells: &[&Cell]) {
    let Some(first) = cells.first() else { return };
    let (left, top) = (f32::from(x) * CELL.0, f32::from(y) * CELL.1);
    let width = cells.len() as f32 * CELL.0;
    if first.bg != Color::Reset {
        let ground = colour(first.bg, GROUND);
        let _ =
            writeln!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{ground}\"/>", CELL.1);
    }
    let text: String = cells.iter().map(|cell| cell.symbol()).collect();
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let weight = if first.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let slant = if first.modifier.contains(Modifier::ITALIC) { " font-style=\"italic\"" } else { "" };
    let ink = colour(first.fg, LETTERS);
    let _ = writeln!(
        out,
        "<text x=\"{left}\" y=\"{}\" textLength=\"{width}\" fill=\"{ink}\" xml:space=\"preserve\"{weight}{slant}>{text}</text>",
        top + CELL.1 - 4.5
    );
}

fn colour(colour: Color, otherwise: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => otherwise.into(),
    }
}
