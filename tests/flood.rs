//! A million records: no more frames than the clock allows, the keyboard is never starved, and nothing is lost on the way.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
mod common;
use common::start;
use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use kafscope::{
    app::App,
    bus::{Command, Dock, Event, bus},
    failure::Failure,
    panels::Request,
    record::{Batch, Head, Span, TimestampType},
    run::{Arrival, End, FRAME, Host, run},
};
use ratatui::{Terminal, backend::TestBackend};
use std::time::Duration;
use tokio::{sync::mpsc, time::Instant};

const RECORDS: usize = 1_000_000;
const A_BATCH: usize = 500;

/// A terminal whose person is the test.
struct Hands(mpsc::Receiver<Arrival>);

impl Host for Hands {
    async fn next(&mut self) -> Arrival {
        self.0.recv().await.unwrap_or(Arrival::Ended(End::HungUp))
    }

    async fn suspend(&mut self) {}

    async fn edit(&mut self, text: &str) -> Result<String, Failure> {
        Ok(text.into())
    }

    fn copy(&mut self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

fn press(code: KeyCode) -> Arrival {
    Arrival::Input(Input::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

fn batch(first: usize) -> Batch {
    let head = |i| Head {
        offset: (first + i) as i64,
        timestamp: 1_763_647_402_000,
        key: Span::NULL,
        value: Span::new(0, 5).expect("a span"),
        headers: Span::NULL,
        header_count: 0,
        partition: 0,
        leader_epoch: 0,
        timestamp_type: TimestampType::Create,
    };
    Batch { topic: "orders".into(), buffer: "hello".into(), capacity: 5, heads: (0..A_BATCH).map(head).collect() }
}

/// Answers the first tail with a million records as fast as the street takes them, a millisecond a batch.
async fn flood(mut dock: Dock) {
    while let Some(command) = dock.todo.recv().await {
        let Command::OpenTail { generation, reading, .. } = command else { continue };
        let opened = Event::TailOpened { generation, topic: reading.topic, partitions: vec![0] };
        dock.events.send(opened).await.expect("the screen listens");
        for first in (0..RECORDS).step_by(A_BATCH) {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let event = Event::RecordsArrived { generation, batch: batch(first) };
            dock.events.send(event).await.expect("the screen listens");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_neither_starves_the_keyboard_nor_draws_per_record_t8() {
    let (mut desk, dock) = bus();
    tokio::spawn(flood(dock));
    let (hands, person) = mpsc::channel(1);
    tokio::spawn(async move {
        for code in [KeyCode::Char('?'), KeyCode::Esc, KeyCode::Char('2')] {
            tokio::time::sleep(Duration::from_millis(500)).await;
            hands.send(press(code)).await.expect("the screen reads keys");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        hands.send(press(KeyCode::Char('q'))).await.expect("the screen reads keys");
    });
    let mut app = App::new(kafscope::app::Start { topic: Some("orders".into()), ..start() });
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).expect("a terminal");
    let began = Instant::now();
    let outcome = run(&mut app, &mut desk, &mut terminal, &mut Hands(person)).await.expect("a run");
    let most = began.elapsed().as_millis() / FRAME.as_millis() + 10;
    assert!(u128::from(outcome.frames) <= most, "{} frames in {:?}", outcome.frames, began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(3), "q was answered after {:?}", began.elapsed());
    assert!(terminal.backend().to_string().contains("1,000,000 received"), "{}", terminal.backend());
}

/// On a quiet cluster the same words come again and again; drawing for each of them cost more than asking.
#[tokio::test(start_paused = true)]
async fn what_the_screen_shows_already_draws_no_frame() {
    let (mut desk, dock) = bus();
    let (hands, person) = mpsc::channel(1);
    tokio::spawn(async move {
        let Dock { events, todo } = dock;
        let topics = vec![common::topic("orders", 6)];
        let at = start().now;
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(40)).await;
            let event = Event::TopicsListed { topics: topics.clone(), at };
            events.send(event).await.expect("the screen listens");
        }
        hands.send(press(KeyCode::Char('q'))).await.expect("the screen reads keys");
        drop((todo, hands));
    });
    let mut app = App::new(start());
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
    let outcome = run(&mut app, &mut desk, &mut terminal, &mut Hands(person)).await.expect("a run");
    // The first frame, one for the news, and one a second for the clock, for eight seconds.
    assert!(outcome.frames <= 12, "{} frames", outcome.frames);
}

/// Each letter of a paste that the terminal does not mark as one drew the whole screen.
#[tokio::test(start_paused = true)]
async fn keys_that_wait_cost_one_frame() {
    let (mut desk, _dock) = bus();
    let (hands, person) = mpsc::channel(200);
    hands.send(press(KeyCode::Char('?'))).await.expect("room");
    for _ in 0..100 {
        hands.send(press(KeyCode::Char('j'))).await.expect("room");
    }
    for code in [KeyCode::Esc, KeyCode::Char('q')] {
        hands.send(press(code)).await.expect("room");
    }
    let mut app = App::new(start());
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
    let outcome = run(&mut app, &mut desk, &mut terminal, &mut Hands(person)).await.expect("a run");
    assert!(app.quit && outcome.frames <= 3, "{} frames", outcome.frames);
}

/// Files are written on a thread of their own: whoever leaves at once once had none.
#[tokio::test]
async fn a_file_that_was_asked_for_is_whole_when_the_screen_has_left() {
    let (mut desk, dock) = bus();
    let (hands, person) = mpsc::channel(1);
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("lag.csv");
    let text = "time,lag\n".repeat(1_000_000);
    let mut app = App::new(start());
    app.requests.push(Request::Save { file: file.clone(), text: text.clone() });
    hands.send(press(KeyCode::Char('q'))).await.expect("the screen reads keys");
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
    run(&mut app, &mut desk, &mut terminal, &mut Hands(person)).await.expect("a run");
    drop(dock);
    assert!(std::fs::read_to_string(file).expect("a file") == text);
}
