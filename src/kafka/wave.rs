//! Many answers, of which a late one must not hold up the others.
use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::time::{Duration, sleep};

/// How long the first answer waits for the others. Counted from the first: on a long way all are late together.
pub const GRACE: Duration = Duration::from_millis(1500);

/// All that come within [`GRACE`] of the first; who is later stays in `asked`. Nothing only when nobody is asked.
pub async fn next<F: Future>(asked: &mut FuturesUnordered<F>) -> Vec<F::Output> {
    let Some(first) = asked.next().await else { return vec![] };
    let (mut wave, late) = (vec![first], sleep(GRACE));
    tokio::pin!(late);
    loop {
        tokio::select! {
            biased;
            answer = asked.next() => match answer {
                Some(answer) => wave.push(answer),
                None => return wave,
            },
            () = &mut late => return wave,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn after(ms: u64) -> u64 {
        sleep(Duration::from_millis(ms)).await;
        ms
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_late_comes_with_the_next_wave_and_a_long_way_is_not_late() {
        let mut asked: FuturesUnordered<_> =
            [after(2_000), after(2_100), after(9_000), after(3_400)].into_iter().collect();
        assert_eq!(next(&mut asked).await, [2_000, 2_100, 3_400]);
        assert_eq!(next(&mut asked).await, [9_000]);
        assert!(next(&mut asked).await.is_empty());
    }
}
