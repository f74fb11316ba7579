//! Threads that decode side by side, each in its turn, and are heard in the same turn: what is said comes in the order
//! of the work, so that the order within a partition holds.
use super::{
    decoder::{Decoder, Style, Want, Work},
    news::News,
};
use std::thread::{self, JoinHandle};
use tokio::{sync::mpsc, task::JoinSet};

/// Batches of records that wait for their taker, of each thread.
const NEWS: usize = 8;
/// The most threads: beyond, the brokers are the limit.
const MOST: usize = 4;

enum Said {
    News(News),
    /// All of one piece of work was said: the next thread's turn.
    Done,
}

/// What the threads say, in order. Dropping it ends them.
#[derive(Debug)]
pub struct Decoders {
    heard: Vec<mpsc::Receiver<Said>>,
    turn: usize,
    threads: Vec<JoinHandle<()>>,
}

/// Threads for reading to an end without a filter: one alone is slower than the brokers where records are compressed.
const FEW: usize = 2;

/// How many threads pay: a filter may take long, decompression some time, and counting or following hardly any.
pub fn threads(style: &Style) -> usize {
    let most = match (&style.filter, style.want) {
        (Some(_), _) => MOST,
        (None, Want::Records) if !style.own => FEW,
        _ => 1,
    };
    thread::available_parallelism().map_or(1, usize::from).min(most)
}

impl Decoders {
    /// They work until `work` is closed. Among `tasks` comes one that deals it out. Must be called inside a runtime.
    pub fn start(style: &Style, threads: usize, work: mpsc::Receiver<Work>, tasks: &mut JoinSet<()>) -> Self {
        let mut decoders = Self { heard: vec![], turn: 0, threads: vec![] };
        let mut inboxes = vec![];
        for _ in 0..threads.max(1) {
            let (inbox, todo) = mpsc::channel(1);
            let (said, hear) = mpsc::channel(NEWS);
            let decoder = Decoder::new(style.clone());
            decoders.threads.push(thread::spawn(move || run(decoder, todo, said)));
            decoders.heard.push(hear);
            inboxes.push(inbox);
        }
        tasks.spawn(deal(work, inboxes));
        decoders
    }

    /// `None` when all work was done and all of it was heard.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            match self.heard.get_mut(self.turn)?.recv().await {
                Some(Said::News(news)) => return Some(news),
                Some(Said::Done) => self.turn = (self.turn + 1) % self.heard.len(),
                None => return self.end(),
            }
        }
    }

    /// A thread that broke off must not look like the end of what there is to read.
    fn end(&mut self) -> Option<News> {
        let ended = self.threads.drain(..).nth(self.turn);
        if let Some(Err(panic)) = ended.map(JoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
        None
    }
}

async fn deal(mut work: mpsc::Receiver<Work>, inboxes: Vec<mpsc::Sender<Work>>) {
    for inbox in inboxes.iter().cycle() {
        let Some(next) = work.recv().await else { return };
        if inbox.send(next).await.is_err() {
            return;
        }
    }
}

/// Works until nobody sends or nobody listens any more.
fn run(mut decoder: Decoder, mut work: mpsc::Receiver<Work>, said: mpsc::Sender<Said>) {
    let mut listening = true;
    let mut say = |what| {
        listening = listening && said.blocking_send(what).is_ok();
        listening
    };
    while let Some(next) = work.blocking_recv() {
        match next {
            Work::Load(load) => decoder.decode(&load, &mut |news| say(Said::News(news))),
            Work::Say(news) => drop(say(Said::News(news))),
        }
        if !say(Said::Done) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{decoder::Load, fetcher::Slice, testing::Written},
        *,
    };
    use crate::filter::{Filter, Query};

    fn load(from: i64, count: i64) -> Work {
        let body: bytes::Bytes = Written::counted(from, count).attributes(4).bytes().into();
        let (next, records) = (from + count, 0..body.len());
        let slice = Slice { topic: 0, partition: 0, from, stop: next, next, end: next, aborted: vec![], records };
        Work::Load(Load { topics: ["t".into()].into(), body, slices: vec![slice] })
    }

    /// Small answers overtook large ones.
    #[tokio::test]
    async fn what_many_threads_say_comes_in_the_order_of_the_work() {
        let mut style = Style::default();
        for threads in [1, 3] {
            let (work, todo) = mpsc::channel(2);
            let mut tasks = JoinSet::new();
            let mut decoders = Decoders::start(&style, threads, todo, &mut tasks);
            tasks.spawn(async move {
                let mut from = 0;
                for n in 0..60 {
                    let count = if n % 7 == 0 { 3000 } else { 2 };
                    work.send(load(from, count)).await.unwrap();
                    from += count;
                }
            });
            let mut next = 0;
            while let Some(news) = decoders.next().await {
                match news {
                    News::Records(batch) => {
                        assert_eq!(batch.heads[0].offset, next);
                        next += batch.len() as i64;
                    }
                    News::Read(read) => assert_eq!(read[0].next, next, "said after its records"),
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(next, 9 * 3000 + 51 * 2);
            style.filter = Some(Filter::compile(Query::default()).unwrap());
        }
    }

    #[tokio::test]
    async fn threads_end_when_nobody_listens() {
        let (work, todo) = mpsc::channel(1);
        let mut tasks = JoinSet::new();
        drop(Decoders::start(&Style::default(), 2, todo, &mut tasks));
        while work.send(load(0, 5)).await.is_ok() {}
    }
}
