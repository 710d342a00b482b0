//! Counting what happened: latencies in a histogram, errors with the first one kept.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::report::Figures;

/// Longest time told apart, in microseconds; what takes longer counts as this.
const LONGEST: u64 = 3_600_000_000;

/// Times of one kind of thing.
pub struct Times(Histogram<u64>);

impl Times {
    /// None yet.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST, 3)?))
    }

    /// One more.
    pub fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(LONGEST);
        self.0.saturating_record(micros);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// A percentile, in milliseconds; nothing if there are no times.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        (self.count() > 0).then(|| millis(self.0.value_at_percentile(percent)))
    }

    /// The longest, in milliseconds.
    pub fn max(&self) -> Option<f64> {
        (self.count() > 0).then(|| millis(self.0.max()))
    }

    /// The mean, in milliseconds.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.0.mean() / 1000.0)
    }
}

fn millis(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64() * 1000.0
}

/// Failures: how many, and what the first one said.
#[derive(Debug, Default)]
pub struct Errors {
    count: u64,
    first: Option<String>,
}

impl Errors {
    /// One more.
    pub fn add(&mut self, error: &anyhow::Error) {
        self.add_text(|| format!("{error:#}"));
    }

    /// One more, in words.
    pub fn add_text(&mut self, text: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(text);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What the first one said.
    pub fn first(self) -> Option<String> {
        self.first
    }
}

/// What a run of requests did.
pub struct Tally {
    /// Of the requests that were answered with 200.
    pub times: Times,
    /// Of the others.
    pub errors: Errors,
    /// From the first request to the last answer.
    pub wall: Duration,
}

impl Tally {
    /// As figures, named as `loadgen.py` names them.
    pub fn figures(self) -> Figures {
        let mut figures = Figures::default();
        let seconds = self.wall.as_secs_f64();
        figures.add("n", self.times.count() as f64);
        figures.add("errors", self.errors.count() as f64);
        figures.add("wall_s", seconds);
        if seconds > 0.0 {
            figures.add("per_s", self.times.count() as f64 / seconds);
        }
        for (name, percent) in [("p50_ms", 50.0), ("p90_ms", 90.0), ("p99_ms", 99.0)] {
            figures.add_known(name, self.times.percentile(percent));
        }
        figures.add_known("max_ms", self.times.max());
        figures.add_known("mean_ms", self.times.mean());
        figures.first_error = self.errors.first();
        figures
    }
}
