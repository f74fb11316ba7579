//! Leaving by a key, a signal or because the terminal goes: the terminal is given back, and the exit code tells.
use crate::{
    bytes::assert_plain,
    demo::assert_ends,
    program::{Program, Terminal},
    stage,
};
use kafscope_demo_broker::{ApiKey, Force};
use rustix::process::Signal;
use std::{
    process::Command,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn q_and_ctrl_c_leave_with_success() {
    let cluster = stage::cluster().await;
    for key in ["q", "\x03"] {
        let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
        terminal.until_shown("cake");
        assert!(terminal.is_taken());
        terminal.keys(key);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.text.trim()), (0, ""));
        assert_plain(&ended.raw);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_gives_the_terminal_back_and_names_itself_in_the_exit_code() {
    let cluster = stage::cluster().await;
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut terminal = stage::screen(&cluster, &[]).start();
        terminal.until_shown("orders");
        terminal.signal(signal);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.text.trim()), (code, ""), "{signal:?}");
    }
}

/// Tells the copy of this file that it is a terminal window, and for which brokers.
const WINDOW: &str = "KAFSCOPE_TEST_WINDOW";

/// Not a test by itself: a window with the program in it, that is closed.
#[test]
fn the_window_that_goes() {
    let Ok(bootstrap) = std::env::var(WINDOW) else { return };
    let mut terminal = Program::new(&["-b", &bootstrap]).start();
    terminal.until_shown("orders");
    println!("pid {} ", terminal.pid().as_raw_nonzero());
    std::process::exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_goes_ends_the_program() {
    let cluster = stage::cluster().await;
    let mut window = Command::new(std::env::current_exe().unwrap());
    window.args(["--exact", "leaving::the_window_that_goes", "--nocapture"]).env(WINDOW, cluster.bootstrap());
    let said = String::from_utf8(window.output().unwrap().stdout).unwrap();
    let pid = said.split_once("pid ").and_then(|(_, rest)| rest.split(' ').next()).unwrap();
    assert_ends(pid.parse().unwrap());
}

/// Librdkafka has the record and no answer comes: leaving waits a second and no longer, and says what is open.
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_waits_a_second_for_a_record_in_flight_and_names_it() {
    let cluster = stage::cluster().await;
    cluster.force(Force::hang(ApiKey::Produce));
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("p");
    terminal.keys("one more\r");
    terminal.until_shown("sending");
    cluster.asked(ApiKey::Produce).await;
    terminal.keys("\x03");
    let asked = Instant::now();
    let ended = terminal.end();
    let took = asked.elapsed();
    println!("ctrl-c with a record in flight: {took:?}");
    assert!((Duration::from_millis(900)..Duration::from_secs(3)).contains(&took), "{took:?}");
    let said = "kafscope: the record to orders had no acknowledgement yet; it may have been written";
    assert_eq!((ended.code, ended.text.trim()), (0, said));
}

/// The wait is a second long; a busy machine may need as long to end a process, so one quick end of three proves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_ctrl_c_waits_for_nothing() {
    let mut took = vec![];
    while took.len() < 3 && took.iter().all(|took| *took > Duration::from_millis(900)) {
        took.push(leaving_twice().await);
    }
    assert!(took.iter().any(|took| *took < Duration::from_millis(900)), "{took:?}");
}

/// From the second ctrl-c to the end, with a record in flight that nobody acknowledges.
async fn leaving_twice() -> Duration {
    let cluster = stage::cluster().await;
    cluster.force(Force::hang(ApiKey::Produce));
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("pone more\r");
    cluster.asked(ApiKey::Produce).await;
    terminal.keys("\x03");
    terminal.until_given_back();
    terminal.keys("\x03");
    let asked = Instant::now();
    let ended = terminal.end();
    assert!(ended.text.contains("it may have been written"), "{}", ended.text);
    asked.elapsed()
}

/// One that is acknowledged while we leave is no reason to worry anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_acknowledged_in_the_last_second_is_not_complained_about() {
    let cluster = stage::cluster().await;
    cluster.force(Force::delay(ApiKey::Produce, Duration::from_millis(400)));
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("pone more\r");
    cluster.asked(ApiKey::Produce).await;
    terminal.keys("\x03");
    let ended = terminal.end();
    assert_eq!((ended.code, ended.text.trim()), (0, ""));
    assert_eq!(cluster.end("orders", 0), Some(4));
}

/// The screen with a reset of the group `g` under way; its undo files are below `home`.
async fn resetting(cluster: &kafscope_demo_broker::Cluster) -> Terminal {
    cluster.create_group("g").unwrap();
    cluster.commit("g", "orders", 0, 3, "").unwrap();
    let mut terminal = stage::screen(cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("3");
    terminal.until_shown("empty");
    terminal.keys("R");
    terminal.until_shown("earliest");
    terminal.keys("\r");
    terminal.until_shown("of 1 partition move");
    terminal.keys("\r");
    terminal.until_shown("will be written");
    terminal.keys("g\r");
    cluster.asked(ApiKey::OffsetCommit).await;
    terminal
}

/// Leaving while a reset was on its way said nothing of what became of it, nor where the undo file is.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_ends_while_we_leave_is_accounted_for() {
    let cluster = stage::cluster().await;
    cluster.force(Force::delay(ApiKey::OffsetCommit, Duration::from_millis(1_500)));
    let mut terminal = resetting(&cluster).await;
    terminal.keys("\x03");
    let ended = terminal.end();
    assert_eq!(cluster.committed("g", "orders", 0), Some(0));
    let said = "kafscope: g: 1 of 1 partition as planned; back with: kafscope groups undo ";
    assert!(ended.code == 0 && ended.text.trim().replace("\r\n", " ").starts_with(said), "{}", ended.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_without_an_answer_is_unknown_and_its_undo_file_is_named() {
    for hurry in [false, true] {
        let cluster = stage::cluster().await;
        cluster.force(Force::hang(ApiKey::OffsetCommit));
        let mut terminal = resetting(&cluster).await;
        terminal.keys("\x03");
        terminal.until_given_back();
        let asked = Instant::now();
        if hurry {
            terminal.keys("\x03");
        }
        let ended = terminal.end();
        let said = ended.text.replace("\r\n", "");
        assert!(said.contains("the reset of group g: no answer yet") && said.contains("the undo file is"), "{said}");
        assert!(said.contains("groups undo") && !said.contains("the record"), "{said}");
        assert_eq!(hurry, asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }
}
