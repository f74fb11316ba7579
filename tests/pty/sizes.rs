//! Every size of a terminal, changes of it, and a great deal of pasted text.
use crate::{bytes::assert_plain, program::Terminal, stage};
use kafscope_demo_broker::Cluster;

async fn opened(columns: u16, rows: u16) -> (Cluster, Terminal) {
    let cluster = stage::cluster().await;
    let terminal = stage::screen(&cluster, &["-t", "orders"]).size(columns, rows).start();
    (cluster, terminal)
}

/// Exactly one frame, and the header says which panel it is.
fn alone(screen: &str, panel: &str) -> bool {
    screen.matches('╭').count() == 1 && screen.lines().next().is_some_and(|header| header.contains(panel))
}

#[tokio::test(flavor = "multi_thread")]
async fn t31_every_size_is_drawn_whole_and_a_small_one_shows_one_panel() {
    let (_cluster, mut terminal) = opened(80, 24).await;
    terminal.until("four panels", |screen| screen.matches('╭').count() == 4 && screen.contains("cake"));
    terminal.resize(20, 5);
    terminal.until("Topics alone", |screen| alone(screen, "1 Topics"));
    terminal.keys("2");
    terminal.until("Tail alone", |screen| alone(screen, "2 Tail"));
    terminal.resize(400, 100);
    terminal.until("four large panels", |screen| {
        screen.matches('╭').count() == 4 && screen.lines().next().is_some_and(|header| header.chars().count() > 390)
    });
    terminal.keys("z");
    terminal.until("Tail zoomed", |screen| alone(screen, "2 Tail") && screen.contains("cake"));
    terminal.keys("\x1b");
    terminal.until("four again", |screen| screen.matches('╭').count() == 4);
    terminal.keys("q");
    let ended = terminal.end();
    assert_eq!(ended.code, 0);
    assert_plain(&ended.raw);
}

#[tokio::test(flavor = "multi_thread")]
async fn t31_a_storm_of_resizes_ends_in_a_right_screen() {
    let (_cluster, mut terminal) = opened(160, 45).await;
    terminal.until_shown("cake");
    for n in 0..50 {
        terminal.resize(10 + (n * 37) % 200, 3 + (n * 13) % 60);
    }
    terminal.resize(81, 25);
    terminal.keys("\x0c");
    terminal.until("a right screen", |screen| {
        let rows: Vec<&str> = screen.lines().collect();
        let body = &rows[1..rows.len() - 1];
        rows.len() == 25 && screen.matches('╭').count() == 4 && body.iter().all(|row| row.chars().count() == 81)
    });
    terminal.keys("q");
    let ended = terminal.end();
    assert_eq!(ended.code, 0);
    assert_plain(&ended.raw);
}

/// A megabyte of text with keys and sequences in it is text and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn t31_a_large_paste_is_text_in_the_box_and_acts_as_no_key() {
    let (cluster, mut terminal) = opened(120, 40).await;
    terminal.until_shown("cake");
    terminal.keys("p");
    let line = "tea q \x1b[A \x03 \x1b]0;title\x07 :quit\n";
    let text = line.repeat((1 << 20) / line.len());
    terminal.keys(format!("\x1b[200~{text}last words\x1b[201~"));
    terminal.until_shown("last words");
    println!("a pasted megabyte: in the box after {:?}", terminal.began.elapsed());
    terminal.keys("\x03");
    let ended = terminal.end();
    assert_eq!(ended.code, 0);
    assert_plain(&ended.raw);
    assert_eq!(cluster.end("orders", 0), Some(3), "nothing was sent");
}
