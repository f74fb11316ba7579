//! No more than so many requests of one kind in any second.
use std::collections::VecDeque;
use tokio::{
    sync::Mutex,
    time::{Duration, Instant, sleep_until},
};

const SECOND: Duration = Duration::from_secs(1);

/// Whoever waits for a turn gets it in the order of asking.
#[derive(Debug)]
pub struct Pace {
    most: usize,
    /// The turns of the last second, the oldest first. Held while waiting: that is the queue.
    given: Mutex<VecDeque<Instant>>,
}

impl Pace {
    /// `most`: turns in any second, at least one.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), given: Mutex::default() }
    }

    pub async fn turn(&self) {
        let mut given = self.given.lock().await;
        if let Some(first) = given.front().copied().filter(|_| given.len() >= self.most) {
            sleep_until(first + SECOND).await;
            given.pop_front();
        }
        given.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn as_many_as_allowed_go_at_once_and_the_next_a_second_later() {
        let (pace, began) = (Pace::new(3), Instant::now());
        let mut waited = vec![];
        for _ in 0..7 {
            pace.turn().await;
            waited.push(began.elapsed().as_millis());
        }
        let seconds: Vec<_> = waited.iter().map(|ms| ms / 1_000).collect();
        assert_eq!(seconds, [0, 0, 0, 1, 1, 1, 2]);
    }
}
