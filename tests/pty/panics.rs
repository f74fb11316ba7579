//! A panic of any thread: this very test file plays the program, so that the real one needs no door for it.
use crate::program::Program;
use kafscope::terminal::Guard;
use std::{io::Write, thread};

/// Says to the copy of this file that runs in the terminal what to do.
const PART: &str = "KAFSCOPE_TEST_PANICS";

/// Not a test by itself: what runs in the terminal.
#[test]
fn the_program_that_panics() {
    let Ok(part) = std::env::var(PART) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _entered = runtime.enter();
    let (_guard, mut drawn) = Guard::take(true).unwrap();
    drawn.draw(|frame| frame.render_widget("the screen", frame.area())).unwrap();
    match &*part {
        "thread" => drop(thread::Builder::new().name("worker".into()).spawn(|| panic!("a tea pot broke"))),
        "task" => drop(runtime.spawn(async { panic!("a tea pot broke") })),
        _ => panic!("a tea pot broke"),
    }
    // Draws on, as the screen would.
    for n in 0_u64.. {
        drawn.draw(|frame| frame.render_widget(n.to_string(), frame.area())).unwrap();
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn a_panic_of_any_thread_is_readable_and_ends_the_program() {
    let this = std::env::current_exe().unwrap();
    for part in ["main", "thread", "task"] {
        let args = ["--exact", "panics::the_program_that_panics", "--nocapture", "--test-threads=1"];
        let terminal = Program::of(&this, &args).env(PART, part).start();
        let ended = terminal.end();
        assert_eq!(ended.code, 101, "{part}");
        assert!(ended.text.contains("a tea pot broke") && ended.text.contains("panics.rs:"), "{part}: {}", ended.text);
        let last = ended.text.trim_end().lines().next_back().unwrap_or_default();
        assert!(last.contains("RUST_BACKTRACE") || last.contains("a tea pot broke"), "{part}: {}", ended.text);
    }
}
