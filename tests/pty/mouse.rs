//! The mouse as terminals report it (SGR), and what `y` puts into the clipboard.
use crate::{
    bytes::{Token, is_plain, tokens},
    program::Terminal,
    stage,
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// A report of button `code` at a cell, counted from 0.
fn mouse(terminal: &mut Terminal, code: u8, (x, y): (usize, usize), end: char) {
    terminal.keys(format!("\x1b[<{code};{};{}{end}", x + 1, y + 1));
}

fn click(terminal: &mut Terminal, at: (usize, usize)) {
    mouse(terminal, 0, at, 'M');
    mouse(terminal, 0, at, 'm');
}

/// The first cell of a text on the screen.
fn cell(terminal: &Terminal, text: &str) -> (usize, usize) {
    let screen = terminal.text();
    let found = screen.lines().enumerate().find_map(|(y, row)| {
        let at = row.find(text)?;
        Some((row[..at].chars().count(), y))
    });
    found.unwrap_or_else(|| panic!("no {text:?}:\n{screen}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_opens_a_topic_the_wheel_scrolls_and_a_border_can_be_dragged() {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until("both topics", |screen| screen.contains("cake") && screen.contains("  payments"));
    let at = cell(&terminal, "payments");
    click(&mut terminal, at);
    click(&mut terminal, at);
    terminal.until("payments open", |screen| screen.contains("● payments") && screen.contains("paid in full"));
    let corner = cell(&terminal, "╭ 2 Tail");
    mouse(&mut terminal, 0, (corner.0, corner.1 + 3), 'M');
    mouse(&mut terminal, 32, (corner.0 + 20, corner.1 + 3), 'M');
    mouse(&mut terminal, 0, (corner.0 + 20, corner.1 + 3), 'm');
    terminal.until_all("the border moved", |terminal| cell(terminal, "╭ 2 Tail").0 > corner.0 + 15);
    let hostile = cell(&terminal, "hostile");
    click(&mut terminal, hostile);
    click(&mut terminal, hostile);
    terminal.until_shown("● hostile");
    terminal.until_shown("title taken");
    terminal.resize(160, 24);
    terminal.until("the last record, not the first", |s| s.contains("^[[2J") && !s.contains("title taken"));
    let tail = cell(&terminal, "^[[2J");
    for _ in 0..10 {
        mouse(&mut terminal, 64, tail, 'M');
    }
    terminal.until_shown("title taken");
    terminal.keys("q");
    assert_eq!(terminal.end().code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn y_puts_the_value_into_the_clipboard_and_nothing_else() {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("2Gy");
    terminal.until_all("a copy", |terminal| terminal.raw.windows(5).any(|bytes| bytes == b"]52;c"));
    terminal.keys("q");
    let raw = terminal.end().raw;
    let strange: Vec<_> = tokens(&raw).into_iter().filter(|token| !is_plain(token)).collect();
    assert_eq!(strange, [Token::Osc(format!("52;c;{}\x07", STANDARD.encode("{\"item\":\"cake\"}")))]);
}
