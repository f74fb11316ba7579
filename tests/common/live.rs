//! The whole program but the terminal: the screen on one end of the bus, Kafka's side on the other.
use super::{named, start};
use jiff::Timestamp;
use kafscope::{
    app::{App, Start},
    bus::{Command, Desk, Event, bus},
    kafka::{self, Settings, wire},
    text::Safe,
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// What a test waits for at most; a real broker takes seconds to notice that another one is gone.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Live {
    pub app: App,
    desk: Desk,
    size: Rect,
    /// Every event, counted by its name, and the records that arrived, as (partition, offset, value).
    pub records: Vec<(i32, i64, String)>,
    pub serving: tokio::task::JoinHandle<Result<kafka::leaving::Left, kafscope::failure::Failure>>,
}

impl Live {
    pub fn open(bootstrap: &str, topic: Option<&str>) -> Self {
        Self::with(bootstrap, Start { topic: topic.map(Into::into), ..start() })
    }

    pub fn with(bootstrap: &str, start: Start) -> Self {
        let (desk, dock) = bus();
        let wire =
            wire::Settings { bootstrap: bootstrap.split(',').map(Into::into).collect(), ..wire::Settings::default() };
        let settings = Settings { wire, read_only: start.read_only, committed: start.committed };
        let mut app = App::new(start);
        let size = Rect::new(0, 0, 160, 45);
        app.resize(size);
        Self { app, desk, size, records: vec![], serving: tokio::spawn(kafka::serve(dock, settings)) }
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = Rect::new(0, 0, columns, rows);
        self.app.resize(self.size);
    }

    /// As in `common::Screen`.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for word in script.split_whitespace() {
            match word.strip_prefix('<').and_then(|w| w.strip_suffix('>')) {
                Some(name) => self.app.on_key(named(name)),
                None => word.chars().for_each(|c| self.app.on_key(named(&c.to_string()))),
            }
        }
        self
    }

    /// Lets things happen until the screen is as wanted.
    #[track_caller]
    pub fn until(&mut self, wanted: &str, ok: impl Fn(&str) -> bool) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let deadline = Instant::now() + PATIENCE;
            loop {
                let screen = self.screen();
                if ok(&screen) {
                    return screen;
                }
                assert!(Instant::now() < deadline, "{place}: waited in vain for {wanted}:\n{screen}");
                self.step().await;
            }
        }
    }

    pub async fn until_shown(&mut self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text)).await
    }

    /// Lets things happen until these many records arrived.
    pub async fn until_records(&mut self, count: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.records.len() < count {
            assert!(Instant::now() < deadline, "{} of {count} records:\n{}", self.records.len(), self.screen());
            self.step().await;
        }
    }

    /// One event, or a tick when none comes.
    async fn step(&mut self) {
        for command in std::mem::take(&mut self.app.outbox) {
            self.desk.commands.try_send(command).expect("Kafka's side takes commands");
        }
        let event = timeout(Duration::from_millis(100), self.desk.news.recv()).await;
        self.app.on_tick(Timestamp::now());
        if let Ok(event) = event {
            let event = event.expect("Kafka's side is there");
            self.note(&event);
            self.app.on_event(event);
        }
    }

    fn note(&mut self, event: &Event) {
        if let Event::RecordsArrived { batch, .. } = event {
            let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
            self.records.extend(batch.records().map(|r| (r.head.partition, r.head.offset, text(r.value()))));
        }
    }

    pub fn sent(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.app.outbox)
    }

    pub fn screen(&self) -> String {
        let mut buffer = Buffer::empty(self.size);
        self.app.draw(&mut buffer);
        let row = |y| {
            let cells = (0..self.size.width).map(|x| buffer[(x, y)].symbol());
            let mut wide = 0;
            let shown = cells.filter(|symbol| {
                let hidden = wide > 0;
                wide = if hidden { wide - 1 } else { Safe::text(symbol).width().max(1) - 1 };
                !hidden
            });
            shown.collect::<String>().trim_end().to_owned() + "\n"
        };
        (0..self.size.height).map(row).collect()
    }
}
