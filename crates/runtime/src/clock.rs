//! The time, from one place: the system's, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Where a process takes the time from. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since 1970; `None` is the system's clock.
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until it is set; clones are set with it.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self {
            set: Some(Arc::new(AtomicI64::new(time.timestamp_micros()))),
        }
    }

    /// The time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.set {
            None => Utc::now(),
            Some(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::Acquire)).unwrap_or_default()
            }
        }
    }

    /// Moves a clock made by [`Clock::at`]; the system's stays.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(micros) = &self.set {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::AcqRel);
        }
    }
}
