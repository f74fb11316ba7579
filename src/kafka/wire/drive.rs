//! The task behind one connection: writes requests in order, hands each answer to whoever waits for it, and when the
//! connection dies tells everyone why.
use super::{error::Cause, frames::Frames};
use bytes::{Buf, Bytes};
use std::sync::{Arc, OnceLock};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    sync::{mpsc, oneshot},
    time::{Duration, Instant, timeout_at},
};

/// Requests sent and not yet answered on one connection; more wait their turn, so that nobody's broker is flooded.
const IN_FLIGHT: usize = 16;
/// Requests that may queue before the sender waits.
pub const QUEUE: usize = 16;

/// A request, encoded, and who waits for its answer.
#[derive(Debug)]
pub struct Job {
    pub frame: Bytes,
    pub waiter: Waiter,
}

#[derive(Debug)]
pub struct Waiter {
    pub id: i32,
    /// Past this the broker is taken for stuck and the connection is closed, because all later answers wait behind.
    pub deadline: Instant,
    pub within: Duration,
    pub reply: oneshot::Sender<Result<Bytes, Cause>>,
}

/// Runs until the connection dies or nobody can ask any more.
pub async fn drive<S: AsyncRead + AsyncWrite>(stream: S, mut jobs: mpsc::Receiver<Job>, dead: Arc<OnceLock<Cause>>) {
    let (read, write) = tokio::io::split(stream);
    let (sent, mut waiting) = mpsc::channel(IN_FLIGHT - 1); // one more is being waited for
    let cause = tokio::select! {
        cause = answers(read, &mut waiting) => cause,
        cause = requests(write, &mut jobs, sent) => cause,
    };
    let _ = dead.set(cause.clone());
    jobs.close();
    while let Some(waiter) = waiting.recv().await {
        let _ = waiter.reply.send(Err(cause.clone()));
    }
    while let Some(job) = jobs.recv().await {
        let _ = job.waiter.reply.send(Err(cause.clone()));
    }
}

/// A waiter is queued before its request is written, so that no answer can come before it.
async fn requests<W>(mut write: W, jobs: &mut mpsc::Receiver<Job>, sent: mpsc::Sender<Waiter>) -> Cause
where
    W: AsyncWrite + Unpin,
{
    while let Some(Job { frame, waiter }) = jobs.recv().await {
        let (deadline, within) = (waiter.deadline, waiter.within);
        if sent.send(waiter).await.is_err() {
            break;
        }
        match timeout_at(deadline, write.write_all(&frame)).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => return Cause::Broken(e.to_string()),
            Err(_) => return Cause::Late(within),
        }
    }
    Cause::Ended
}

async fn answers<R: AsyncRead + Unpin>(read: R, waiting: &mut mpsc::Receiver<Waiter>) -> Cause {
    let mut frames = Frames::new(read);
    loop {
        let waiter = tokio::select! {
            biased;
            waiter = waiting.recv() => waiter,
            early = frames.next() => return early.err().unwrap_or_else(|| Cause::Garbled("an answer to no question".into())),
        };
        let Some(waiter) = waiter else { return Cause::Ended };
        let frame = match timeout_at(waiter.deadline, frames.next()).await {
            Ok(frame) => frame,
            Err(_) => Err(Cause::Late(waiter.within)),
        };
        let answer = frame.and_then(|frame| body(frame, waiter.id));
        let failed = answer.as_ref().err().cloned();
        let _ = waiter.reply.send(answer);
        if let Some(cause) = failed {
            return cause;
        }
    }
}

/// What follows the correlation id, if it is the one that is due.
fn body(mut frame: Bytes, due: i32) -> Result<Bytes, Cause> {
    match frame.try_get_i32() {
        Ok(id) if id == due => Ok(frame),
        Ok(id) => Err(Cause::Garbled(format!("it belongs to request {id}, and {due} was due"))),
        Err(_) => Err(Cause::Garbled("it is shorter than its own header".into())),
    }
}
