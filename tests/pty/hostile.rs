//! Records that try to take over the terminal, and colours where none are wanted.
use crate::{
    bytes::{assert_plain, colours},
    program::Terminal,
    stage,
};

/// Waits until a key was answered by a frame with this text.
fn press(terminal: &mut Terminal, keys: &str, shown: &str) {
    terminal.keys(keys);
    terminal.until_shown(shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn t14_hostile_records_put_nothing_but_letters_on_the_terminal() {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &["-t", "hostile"]).size(160, 60).start();
    terminal.until_shown("hostile header name");
    press(&mut terminal, "2z", "screen cleared");
    press(&mut terminal, "g\r", "offset");
    for view in ["1", "2", "3", "4"] {
        terminal.keys(view);
    }
    for _ in 0..30 {
        terminal.keys("J1234");
    }
    terminal.keys("\x1b");
    press(&mut terminal, "?", "help");
    terminal.keys("qq");
    assert_plain(&terminal.end().raw);
}

async fn colours_of(theme: &[&str], no_color: &str) -> (Vec<String>, Vec<u8>) {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &[&["-t", "orders"], theme].concat()).env("NO_COLOR", no_color).start();
    terminal.until_shown("cake");
    terminal.keys("2");
    terminal.keys("?");
    terminal.until_shown("help");
    terminal.keys("qq");
    let raw = terminal.end().raw;
    (colours(&raw), raw)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_color_takes_the_colours_and_leaves_bold_and_reverse() {
    let (colours, raw) = colours_of(&[], "1").await;
    assert_eq!(colours, [""; 0]);
    let text = String::from_utf8(raw).unwrap();
    assert!(text.contains("\x1b[1m") && text.contains("\x1b[7m"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_theme_uses_the_sixteen_colours_of_the_terminal_alone() {
    let (colours, _) = colours_of(&[], "").await;
    let named = |colour: &String| colour.strip_prefix("5;").is_some_and(|n| n.parse::<u8>().is_ok_and(|n| n < 16));
    assert!(colours.len() > 3 && colours.iter().all(named), "{colours:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dusk_is_drawn_in_true_colour_also_under_no_color_when_it_is_asked_for() {
    let (colours, _) = colours_of(&["--theme", "dusk"], "1").await;
    assert!(colours.iter().any(|colour| colour.starts_with("2;")), "{colours:?}");
}
