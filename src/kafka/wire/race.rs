//! Trying several things in order without waiting for each to fail: the next starts when one failed or after a moment.
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::{future::Future, time::Duration};

/// The first success, or every error in the order they came.
pub async fn race<T, E, F>(tries: Vec<F>, stagger: Duration) -> Result<T, Vec<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut tries = tries.into_iter();
    let (mut running, mut errors) = (FuturesUnordered::new(), Vec::new());
    loop {
        let more = tries.next().map(|next| running.push(next)).is_some();
        if !more && running.is_empty() {
            return Err(errors);
        }
        tokio::select! {
            Some(result) = running.next() => match result {
                Ok(won) => return Ok(won),
                Err(error) => errors.push(error),
            },
            () = tokio::time::sleep(stagger), if more => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, sleep};

    async fn answer(after: u64, result: Result<u8, u8>) -> Result<u8, u8> {
        sleep(Duration::from_millis(after)).await;
        result
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_starts_the_next_at_once() {
        let began = Instant::now();
        let won = race(vec![answer(5, Err(1)), answer(10, Ok(2))], Duration::from_millis(200)).await;
        assert_eq!((won, began.elapsed().as_millis()), (Ok(2), 15));
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_first_costs_one_stagger() {
        let began = Instant::now();
        let won = race(vec![answer(60_000, Ok(1)), answer(10, Ok(2))], Duration::from_millis(200)).await;
        assert_eq!((won, began.elapsed().as_millis()), (Ok(2), 210));
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_fail_every_reason_is_told() {
        let lost = race(vec![answer(1, Err(1)), answer(1, Err(2))], Duration::from_millis(200)).await;
        assert_eq!(lost, Err(vec![1, 2]));
        assert_eq!(race(Vec::<std::future::Ready<Result<u8, u8>>>::new(), Duration::ZERO).await, Err(vec![]));
    }
}
