//! A thread that writes blocks, so that reading goes on while a pipe or a disk takes its time and Ctrl-C is heard while it
//! takes none.
use super::{
    Ended,
    block::{Block, Reached},
};
use crate::output::Whole;
use std::{
    fs::File,
    io::{self, ErrorKind, Write, stdout},
    path::{Path, PathBuf},
};
use tokio::{
    sync::{mpsc, watch},
    task,
};

/// Blocks that may wait to be written.
const WAITING: usize = 4;

/// Where lines go.
#[derive(Debug)]
enum Place {
    Stdout,
    File(Whole<File>, PathBuf),
}

#[derive(Debug)]
pub struct Sink {
    blocks: mpsc::Sender<Block>,
    /// Buffers to be used again.
    spare: mpsc::Receiver<Vec<u8>>,
    /// What is written so far.
    reached: watch::Receiver<Reached>,
    writing: task::JoinHandle<Option<Ended>>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Written {
    pub reached: Reached,
    /// Why no more was written.
    pub failed: Option<Ended>,
}

impl Sink {
    /// To stdout, or to a file in place of what stood there.
    pub fn open(file: Option<&Path>) -> Result<Self, Ended> {
        let place = match file {
            None => Place::Stdout,
            Some(path) => {
                let whole = Whole::create(path);
                let whole = whole.map_err(|error| Ended::Wrong(format!("--output {}: {error}", path.display())))?;
                Place::File(whole, path.to_owned())
            }
        };
        let (blocks, todo) = mpsc::channel(WAITING);
        let (done, spare) = mpsc::channel(WAITING);
        let (grows, reached) = watch::channel(Reached::default());
        Ok(Self { blocks, spare, reached, writing: task::spawn_blocking(move || place.write(todo, &done, &grows)) })
    }

    /// Waits while too many others wait. False = nothing is written any more; [`Sink::close`] tells why.
    pub async fn send(&self, block: Block) -> bool {
        self.blocks.send(block).await.is_ok()
    }

    pub fn buffer(&mut self) -> Vec<u8> {
        self.spare.try_recv().unwrap_or_default()
    }

    /// For whoever does not wait for [`Sink::close`].
    pub fn reached(&self) -> watch::Receiver<Reached> {
        self.reached.clone()
    }

    /// Waits for what is on its way.
    pub async fn close(self) -> Written {
        drop(self.blocks);
        let failed = self.writing.await.unwrap_or_default();
        Written { reached: self.reached.borrow().clone(), failed }
    }
}

impl Place {
    /// Why no more was written.
    fn write(
        mut self,
        mut blocks: mpsc::Receiver<Block>,
        done: &mpsc::Sender<Vec<u8>>,
        reached: &watch::Sender<Reached>,
    ) -> Option<Ended> {
        while let Some(block) = blocks.blocking_recv() {
            if let Err(error) = self.block(&block.bytes) {
                return Some(self.ended(error));
            }
            reached.send_modify(|reached| reached.add(&block));
            let _ = done.try_send(block.bytes); // one more or less
        }
        self.finish()
    }

    fn block(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => {
                let mut stdout = stdout().lock();
                stdout.write_all(bytes)?;
                stdout.flush()
            }
            Self::File(whole, _) => whole.write(bytes),
        }
    }

    fn finish(self) -> Option<Ended> {
        let Self::File(whole, path) = self else { return None };
        let settled = whole.finish();
        settled.err().map(|error| Ended::Wrong(format!("writing {}: {error}", path.display())))
    }

    fn ended(&self, error: io::Error) -> Ended {
        match (error.kind(), self) {
            (ErrorKind::BrokenPipe, _) => Ended::Pipe,
            (_, Self::Stdout) => Ended::Wrong(format!("writing to stdout: {error}")),
            (_, Self::File(_, path)) => {
                Ended::Wrong(format!("writing {}: {error}; what stands in it is whole lines", path.display()))
            }
        }
    }
}
