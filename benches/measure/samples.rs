//! Times, and what is said of many of them.
use std::{fmt, time::Duration};

#[derive(Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn push(&mut self, sample: Duration) {
        let at = self.0.partition_point(|other| *other <= sample);
        self.0.insert(at, sample);
    }

    /// Milliseconds; nothing where there are no samples.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    pub fn p99(&self) -> Option<f64> {
        self.quantile(0.99)
    }

    /// The sample below which this part of all of them lies, `0.5` for the median.
    fn quantile(&self, part: f64) -> Option<f64> {
        let at = (self.0.len() as f64 * part) as usize;
        self.0.get(at.min(self.0.len().saturating_sub(1))).map(|sample| sample.as_secs_f64() * 1e3)
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, p99, min, max] = [0.5, 0.99, 0.0, 1.0].map(|part| self.quantile(part).unwrap_or(f64::NAN));
        write!(f, "median {median:.1} ms, min {min:.1}, p99 {p99:.1}, max {max:.1} of {}", self.0.len())
    }
}
