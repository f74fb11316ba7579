//! The keys as a person finds them: footer, help, palette, notices.
mod common;
use common::Screen;
use kafscope::{
    bus::{Command, Event},
    failure::Failure,
    panels::Request,
};

fn footer(s: &Screen) -> String {
    s.screen().lines().last().unwrap_or_default().to_owned()
}

fn noticed(s: &mut Screen, n: usize) {
    for i in 0..n {
        let why = Failure::new(format!("asking broker {i}"), format!("broker {i} did not answer"), "see its log");
        s.hear(Event::Failed { doing: Command::Refresh, why });
    }
}

/// At 80 columns nothing on the screen told a new user how to find the other keys.
#[test]
fn help_is_in_the_footer_at_every_width_and_in_every_panel() {
    for (width, height) in [(40, 10), (60, 16), (80, 24), (100, 30), (160, 45)] {
        let mut s = Screen::new(width, height);
        s.with_topics(&[("orders", 6, 200)]);
        for panel in ["1", "2", "3", "4"] {
            s.press(panel);
            assert!(footer(&s).contains("? help"), "{width} {panel} {}", footer(&s));
        }
    }
}

/// Whoever wrote a value at 80 columns could not read how to leave it.
#[test]
fn the_way_out_of_a_text_is_in_the_footer_at_every_width() {
    for width in [40, 60, 80, 160] {
        let mut s = Screen::new(width, 24);
        s.with_topics(&[("orders", 6, 200)]).press("p");
        assert!(footer(&s).contains("esc leave"), "{width} {}", footer(&s));
        s.press("<esc> 1 /");
        assert!(footer(&s).contains("esc clear"), "{width} {}", footer(&s));
    }
}

/// The footer offered to write where nothing may be written.
#[test]
fn read_only_offers_no_writing() {
    let mut s = Screen::with(kafscope::app::Start { read_only: true, ..common::start() }, 160, 45);
    s.with_topics(&[("orders", 6, 200)]).press("4");
    assert!(!footer(&s).contains("produce"), "{}", footer(&s));
}

/// Help and notices offered filter, sort and copy, which did nothing there, and two ways to say that esc closes them.
#[test]
fn what_lies_over_the_panels_offers_only_keys_that_work_there() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200)]);
    for open in ["?", "!"] {
        s.press(open);
        let footer = footer(&s);
        assert!(footer.contains("esc close"), "{footer}");
        for dead in ["filter", "sort", "order", "zoom", "produce", "esc back"] {
            assert!(!footer.contains(dead), "{open} {footer}");
        }
        s.press("<esc>");
    }
    let mut small = Screen::new(60, 16);
    small.with_topics(&[("orders", 6, 200)]).press(": notices <enter>");
    assert!(footer(&small).contains("esc close") && footer(&small).contains("? help"), "{}", footer(&small));
    s.press("! ?").shows("notices").shows("copy all").hides("grow panel").hides("produce");
}

/// The mouse's words were cut in the middle of the sentence.
#[test]
fn help_is_whole_and_says_what_is_above_and_below() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]).press("?").shows(" more, j ");
    s.press("G").shows("shift-drag selects text.").shows(" above, k ");
    s.press("g").shows("│ Topics").shows(" more, j ");
}

/// It said "keep filter" and opened the topic.
#[test]
fn enter_in_a_filter_says_what_it_does() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]).press("/ pay");
    assert!(footer(&s).contains("enter open"), "{}", footer(&s));
    s.press("<enter>").shows("2 Tail  payments");
}

/// Sentences that took more rows than expected could not be scrolled into view.
#[test]
fn the_last_notice_can_be_reached_and_all_are_copied() {
    let mut s = Screen::new(40, 12);
    noticed(&mut s, 20);
    s.press("!").shows("asking broker 19").shows(" more, j ");
    s.press("G").shows("asking broker 0").hides("asking broker 19").hides(" more, j ");
    s.press("y");
    let Some(Request::Copy(text)) = s.app.requests.pop() else { panic!("nothing copied") };
    assert!(text.contains("asking broker 0\nbroker 0 did not answer\nsee its log\n"), "{text}");
    s.press("q").hides("Notices");
}

/// A click on the blank part of the palette ran the last command in it.
#[test]
fn a_click_beside_the_commands_runs_nothing() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]).press(": quit").shows("quit at once");
    for (x, y) in [(0, 12), (79, 12), (30, 18)] {
        s.click(x, y).shows("quit at once");
        assert!(!s.app.quit, "{x} {y}");
    }
}
