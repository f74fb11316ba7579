//! Records that try to take over the terminal, and colours where none are wanted.
use crate::{
    bytes::{assert_plain, colours},
    program::Terminal,
    stage,
};
use vt100::Cell;

/// Waits until a key was answered by a frame with this text.
fn press(terminal: &mut Terminal, keys: &str, shown: &str) {
    terminal.keys(keys);
    terminal.until_shown(shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_records_put_nothing_but_letters_on_the_terminal_t14() {
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

fn has(terminal: &Terminal, look: impl Fn(&Cell) -> bool) -> bool {
    let (rows, columns) = terminal.screen().size();
    (0..rows).any(|y| (0..columns).any(|x| terminal.screen().cell(y, x).is_some_and(&look)))
}

/// The colours that were set, and whether letters are bold and reversed on the screen.
async fn colours_of(theme: &[&str], no_color: &str) -> (Vec<String>, [bool; 2]) {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &[&["-t", "orders"], theme].concat()).env("NO_COLOR", no_color).start();
    terminal.until_shown("cake");
    terminal.keys("2?");
    terminal.until_shown("help");
    let looks = [has(&terminal, Cell::bold), has(&terminal, Cell::inverse)];
    terminal.keys("qq");
    (colours(&terminal.end().raw), looks)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_color_takes_the_colours_and_leaves_bold_and_reverse() {
    let (colours, looks) = colours_of(&[], "1").await;
    assert_eq!(colours, [""; 0]);
    assert_eq!(looks, [true, true]);
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
