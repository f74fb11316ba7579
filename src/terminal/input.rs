//! What is typed, clicked and pasted, read by a thread of its own: crossterm reads on for ever where a terminal is gone,
//! and waits for the rest of half an escape sequence. Neither may keep the loop from hearing anything else.
use crossterm::event::{Event, EventStream, poll};
use futures_util::StreamExt;
use std::{collections::VecDeque, time::Duration};
use tokio::{
    runtime::Handle,
    sync::mpsc::{Receiver, Sender, channel},
    task::spawn_blocking,
    time::timeout,
};

/// Events that wait for the loop; the terminal keeps what comes after them.
const WAITING: usize = 64;
/// How long the thread may take to let go. It does not where crossterm is stuck, and nobody waits for it then.
const LET_GO: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub struct Reader {
    /// `None`: somebody else may read.
    events: Option<Receiver<Event>>,
    /// Read but not taken when the terminal was let go.
    left: VecDeque<Event>,
}

impl Reader {
    /// Begins to read, and to hear that the terminal changes its size.
    pub fn new() -> Self {
        let stream = EventStream::new();
        Self { events: Some(start(|| stream)), left: VecDeque::new() }
    }

    /// `None`: the terminal cannot be read any more. Safe to drop halfway.
    pub async fn next(&mut self) -> Option<Event> {
        match self.left.pop_front() {
            None => self.events.get_or_insert_with(|| start(EventStream::new)).recv().await,
            event => event,
        }
    }

    /// Leaves the terminal to somebody else, until the next [`Reader::next`].
    pub async fn let_go(&mut self) {
        let Some(mut events) = self.events.take() else { return };
        events.close();
        let rest = async {
            while let Some(event) = events.recv().await {
                self.left.push_back(event);
            }
        };
        let _ = timeout(LET_GO, rest).await;
    }
}

/// Opened by the thread itself, which may have to wait for one that did not let go.
fn start(open: impl FnOnce() -> EventStream + Send + 'static) -> Receiver<Event> {
    let (sender, events) = channel(WAITING);
    let runtime = Handle::current();
    spawn_blocking(move || runtime.block_on(read(open(), &sender)));
    events
}

/// Until nobody wants more, or nothing more comes.
async fn read(mut stream: EventStream, sender: &Sender<Event>) {
    // The room comes first: what was read has a place then, also when nobody wants more.
    while let Ok(room) = sender.reserve().await {
        let event = tokio::select! {
            event = stream.next() => event,
            () = sender.closed() => None,
        };
        let Some(Ok(event)) = event else { break };
        room.send(event);
    }
    drop(stream);
    // The end of a stream leaves a wake-up behind, and one that is met together with a key swallows the key.
    let _ = poll(Duration::ZERO);
}
