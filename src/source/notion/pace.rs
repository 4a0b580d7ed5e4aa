//! How fast requests may follow each other: a token bucket that slows down when Notion asks for it.
//!
//! Notion's documented limit is an average of three requests a second for each connection, with short bursts. Newer
//! pages speak of budgets by plan instead, so the rate is adapted: halved when a request was limited, and raised
//! slowly again while all goes well (additive increase, multiplicative decrease). Knows no clock: the caller says
//! what time it is.

use std::time::{Duration, Instant};

/// The lowest rate that adapting goes down to, in requests a second.
const SLOWEST: f64 = 0.2;

/// What one answered request adds to the rate, as a share of the rate that was asked for.
const RECOVERY: f64 = 0.02;

/// A token bucket.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// Requests a second that the user allows.
    allowed: f64,
    /// Requests a second at present.
    rate: f64,
    /// Requests that may be sent at once: what a second allows, at least one.
    burst: f64,
    /// Requests that may be sent now.
    tokens: f64,
    /// When `tokens` was counted.
    counted: Option<Instant>,
}

impl Pace {
    /// Starts with a full bucket.
    pub(super) fn new(requests_per_second: f64) -> Self {
        let burst = requests_per_second.max(1.0);
        Self {
            allowed: requests_per_second,
            rate: requests_per_second,
            burst,
            tokens: burst,
            counted: None,
        }
    }

    /// Takes the right to send one request; returns how long to wait before sending it.
    pub(super) fn take(&mut self, now: Instant) -> Duration {
        let since = self
            .counted
            .map_or(Duration::ZERO, |counted| now.saturating_duration_since(counted));
        self.tokens = (self.tokens + since.as_secs_f64() * self.rate).min(self.burst);
        self.counted = Some(self.counted.map_or(now, |counted| counted.max(now)));
        self.tokens -= 1.0;
        if self.tokens >= 0.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64(-self.tokens / self.rate)
        }
    }

    /// A request was refused for its rate: go slower, and without a burst.
    pub(super) fn limited(&mut self) {
        self.rate = (self.rate / 2.0).max(SLOWEST.min(self.allowed));
        self.tokens = self.tokens.min(0.0);
    }

    /// A request was answered.
    pub(super) fn answered(&mut self) {
        self.rate = (self.rate + RECOVERY * self.allowed).min(self.allowed);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sends `count` requests one after the other, each taking `each`; returns how long all of it took.
    fn send(pace: &mut Pace, count: u32, each: Duration) -> Duration {
        let start = Instant::now();
        let mut now = start;
        for _ in 0..count {
            now += pace.take(now) + each;
        }
        now - start
    }

    #[test]
    fn a_burst_is_what_a_second_allows() {
        let mut pace = Pace::new(3.0);
        assert_eq!(send(&mut pace, 3, Duration::ZERO), Duration::ZERO);
        let more = send(&mut pace, 30, Duration::ZERO).as_secs_f64();
        assert!((9.9..10.1).contains(&more), "{more}");
    }

    #[test]
    fn slow_answers_cost_no_extra_wait() {
        let took = send(&mut Pace::new(3.0), 30, Duration::from_millis(500));
        assert_eq!(took, Duration::from_secs(15));
    }

    #[test]
    fn a_limited_pace_halves_and_recovers() {
        let mut pace = Pace::new(4.0);
        send(&mut pace, 4, Duration::ZERO);
        pace.limited();
        let took = send(&mut pace, 10, Duration::ZERO).as_secs_f64();
        assert!((4.9..5.1).contains(&took), "{took}");
        (0..50).for_each(|_| pace.answered());
        assert!((pace.rate - 4.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_average_never_passes_what_is_allowed(rate in 0.1_f64..50.0, count in 1_u32..200, each in 0_u64..400) {
            let took = send(&mut Pace::new(rate), count, Duration::from_millis(each)).as_secs_f64();
            let least = (f64::from(count) - rate.max(1.0)) / rate;
            prop_assert!(took >= least - 1e-6, "{} < {}", took, least);
        }
    }
}
