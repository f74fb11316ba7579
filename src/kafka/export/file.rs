//! The file of an export, written on a thread of its own: a slow disk holds up the brokers, never the screen.
use crate::{
    failure::Failure,
    kafka::offsets::Spot,
    output::{BLOCK, Decode, Form, Whole, Writer},
    record::Batch,
};
use std::{collections::BTreeMap, fs::File, io, path::PathBuf};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

/// Batches that wait for the disk.
const WAITING: usize = 4;

/// What is in the file.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub records: u64,
    pub bytes: u64,
    /// The offset after the last record of each partition.
    pub next: BTreeMap<Spot, i64>,
    pub failed: Option<Failure>,
}

/// Takes records for a file.
pub struct Sink {
    batches: mpsc::Sender<Batch>,
    thread: JoinHandle<Written>,
}

impl Sink {
    /// Empties the file.
    pub async fn create(path: PathBuf, form: Form) -> Result<Self, Failure> {
        let begun = spawn_blocking(move || Lines::begin(path, form)).await;
        let lines = begun.map_err(|why| Failure::new("writing a file", why.to_string(), ""))??;
        let (batches, waiting) = mpsc::channel(WAITING);
        Ok(Self { batches, thread: spawn_blocking(move || lines.run(waiting)) })
    }

    /// False = the file takes no more.
    pub async fn take(&mut self, batch: Batch) -> bool {
        self.batches.send(batch).await.is_ok()
    }

    /// Waits until all that was taken is written.
    pub async fn finish(self) -> Written {
        drop(self.batches);
        let lost = |why: tokio::task::JoinError| Failure::new("writing a file", why.to_string(), "");
        self.thread.await.unwrap_or_else(|why| Written { failed: Some(lost(why)), ..Written::default() })
    }
}

struct Lines {
    path: PathBuf,
    file: Whole<File>,
    writer: Writer,
    block: Vec<u8>,
    /// Of what is in the block.
    records: u64,
    next: BTreeMap<Spot, i64>,
    written: Written,
}

impl Lines {
    fn begin(path: PathBuf, form: Form) -> Result<Self, Failure> {
        let attempted = || format!("writing {}", path.display());
        let writer = Writer::new(form, Decode::default(), false);
        let writer = writer.map_err(|mistake| Failure::new(attempted(), mistake.to_string(), "change the columns"))?;
        let file = Whole::create(&path).map_err(|why| refused(attempted(), &why))?;
        let mut block = Vec::with_capacity(BLOCK);
        writer.heads(&mut block);
        Ok(Self { path, file, writer, block, records: 0, next: BTreeMap::new(), written: Written::default() })
    }

    fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Written {
        let done = self.take_all(&mut batches);
        self.written.bytes = self.file.length();
        let done = done.and_then(|()| self.file.finish());
        self.written.failed = done.err().map(|why| refused(format!("writing {}", self.path.display()), &why));
        self.written
    }

    fn take_all(&mut self, batches: &mut mpsc::Receiver<Batch>) -> io::Result<()> {
        while let Some(batch) = batches.blocking_recv() {
            for record in batch.records() {
                self.writer.record(&record, &mut self.block);
                self.records += 1;
                let (partition, offset) = record.place();
                self.next.insert((batch.topic.clone(), partition), offset.saturating_add(1));
                if self.block.len() >= BLOCK {
                    self.flush()?;
                }
            }
        }
        self.flush()
    }

    /// What did not find room does not count.
    fn flush(&mut self) -> io::Result<()> {
        self.file.write(&self.block)?;
        self.block.clear();
        self.written.records += std::mem::take(&mut self.records);
        self.written.next.append(&mut self.next);
        Ok(())
    }
}

fn refused(attempted: String, why: &io::Error) -> Failure {
    let advice = match why.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room and go on where it ended",
        _ => "choose another file",
    };
    Failure::new(attempted, why.to_string(), advice)
}
