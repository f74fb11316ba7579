//! The question before something that cannot be undone, and work that must not be dropped half-way.
use crate::{
    headless::{Ended, complain, lines},
    text::Safe,
};
use std::io::{IsTerminal, Write, stderr, stdin};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Has each of these names typed again, on the terminal.
///
/// # Errors
/// There is no terminal, or another name was typed: nothing may be done then.
pub async fn names(doing: &str, names: &[&str]) -> Result<(), Ended> {
    if !(stdin().is_terminal() && stderr().is_terminal()) {
        return Err(Ended::Wrong(format!("{doing} cannot be undone, and nobody can be asked here: add --yes")));
    }
    let mut typed = lines::of_stdin();
    for name in names {
        ask(&Safe::text(&format!("{doing} cannot be undone; type the name {name} to go on: ")));
        let line = tokio::select! {
            line = typed.recv() => line,
            _ = tokio::signal::ctrl_c() => return Err(Ended::Interrupted),
        };
        let line = line.and_then(Result::ok).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        if !is(name, line.trim_end_matches('\r')) {
            return Err(Ended::No(format!("that is not {name}: nothing was done")));
        }
    }
    Ok(())
}

/// Nobody can type a control character: what the screen shows for it will do.
fn is(name: &str, typed: &str) -> bool {
    typed == name || typed == Safe::text(name).as_str()
}

fn ask(question: &Safe) {
    let mut stderr = stderr().lock();
    // Who cannot be asked does not answer either.
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
}

/// Work that is on its way at the brokers: the first Ctrl-C lets it come to its end, so that what became of it can be
/// told; the second gives up on it.
pub async fn finish<T>(work: impl Future<Output = T>) -> Finished<T> {
    // One listener, from before the work begins to its end: a Ctrl-C behind its first request, or behind the answer to
    // the first Ctrl-C, would meet nobody else.
    match signal(SignalKind::interrupt()) {
        Ok(mut interrupts) => finish_unless(&mut interrupts, complain, work).await,
        Err(error) => {
            tracing::warn!(%error, "ctrl-c cannot be heard");
            Finished { done: Some(work.await), interrupted: false }
        }
    }
}

async fn finish_unless<T>(
    interrupts: &mut Signal,
    answer: impl FnOnce(&str),
    work: impl Future<Output = T>,
) -> Finished<T> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        _ = interrupts.recv() => answer("what was asked of Kafka is waited for; ctrl-c again to leave at once"),
        done = &mut work => return Finished { done: Some(done), interrupted: false },
    }
    tokio::select! {
        biased;
        _ = interrupts.recv() => Finished { done: None, interrupted: true },
        done = work => Finished { done: Some(done), interrupted: true },
    }
}

pub struct Finished<T> {
    /// `None`: given up on; it may have been done.
    pub done: Option<T>,
    pub interrupted: bool,
}

#[cfg(test)]
mod tests {
    use super::{finish_unless, is};
    use rustix::process::{Signal, getpid, kill_process};
    use std::{future::pending, time::Duration};
    use tokio::{
        runtime::Handle,
        signal::unix::{SignalKind, signal},
        task::block_in_place,
        time::timeout,
    };

    fn ctrl_c() {
        kill_process(getpid(), Signal::INT).unwrap();
    }

    /// It was lost, and the program went on waiting: nobody listened between the answer to the first and the wait for
    /// the second.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_ctrl_c_counts_while_the_first_is_answered() {
        let mut interrupts = signal(SignalKind::interrupt()).unwrap();
        let mut heard = signal(SignalKind::interrupt()).unwrap();
        let work = async {
            ctrl_c();
            pending::<()>().await;
        };
        let answer = |_: &str| {
            let again = async {
                heard.recv().await;
                ctrl_c();
                heard.recv().await
            };
            block_in_place(|| Handle::current().block_on(again));
        };
        let finished = timeout(Duration::from_secs(10), finish_unless(&mut interrupts, answer, work)).await.unwrap();
        assert!(finished.done.is_none() && finished.interrupted);
    }

    #[test]
    fn a_name_is_typed_as_it_is_or_as_it_is_shown() {
        assert!(is("billing", "billing") && !is("billing", "Billing") && !is("billing", "billing "));
        let hostile = "evil\u{1b}[31m";
        let shown = crate::text::Safe::text(hostile);
        assert!(is(hostile, shown.as_str()) && !is(hostile, "evil"));
    }
}
