//! The mean hands-on minutes of a kind of ticket: what was recorded, what people said, what the taxonomy supposes.
//!
//! One rule for the hours of today and the savings of tomorrow. Minutes are never derived from lead times.

use crate::chance::Z90;
use crate::taxonomy::ThreePoint;

/// Timed tickets at which a prior and the record weigh the same.
const TIMED_HALF_WEIGHT: f64 = 5.0;

/// Spread of single tickets around their mean that is assumed before they show their own, as a share of the mean.
/// Hands-on times are skewed; a few equal readings do not prove that they are not.
const ASSUMED_SPREAD: f64 = 0.8;

/// Where an effort comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Recorded minutes of these tickets, or the mean of enough timed tickets of the same kind.
    Timed,
    /// A range that the people who do the work stated in the settings.
    ThreePoint,
    /// A prior of the taxonomy.
    Prior,
    /// Some of several.
    Mixed,
}

impl Origin {
    /// Returns the origin as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timed => "timed",
            Self::ThreePoint => "three_point",
            Self::Prior => "prior",
            Self::Mixed => "mixed",
        }
    }

    /// Returns the origin of a sum of two figures.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        if self == other { self } else { Self::Mixed }
    }
}

/// What is believed of the mean minutes of a kind of ticket before its own times are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// The 10, 50 and 90 % quantiles of the mean.
    pub range: ThreePoint,
    /// Who believes it: [`Origin::ThreePoint`] or [`Origin::Prior`].
    pub origin: Origin,
}

/// Mean hands-on minutes of a ticket and where the figure is from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minutes {
    /// The 10, 50 and 90 % quantiles of the mean.
    pub range: ThreePoint,
    /// Where it comes from.
    pub origin: Origin,
    /// Timed tickets that are in it.
    pub timed_tickets: usize,
}

impl Minutes {
    /// Combines recorded minutes with a prior; figures that are not above 0 are ignored.
    ///
    /// From `min_timed` tickets on the record stands alone. Below, record and prior are pooled on the log scale with
    /// the weight n / (n + 5) on the record, each of the three points for itself. `None` if there is neither.
    #[must_use]
    pub fn of(timed: &[f64], prior: Option<Prior>, min_timed: usize) -> Option<Self> {
        let mut timed: Vec<f64> = timed
            .iter()
            .copied()
            .filter(|minutes| minutes.is_finite() && *minutes > 0.0)
            .collect();
        timed.sort_unstable_by(f64::total_cmp);
        let prior = prior.filter(|prior| is_range(prior.range));
        let Some(recorded) = recorded_mean(&timed) else {
            return prior.map(|prior| Self {
                range: prior.range,
                origin: prior.origin,
                timed_tickets: 0,
            });
        };
        let (range, origin) = match prior {
            Some(prior) if timed.len() < min_timed => {
                let weight = count(timed.len()) / (count(timed.len()) + TIMED_HALF_WEIGHT);
                (pool(prior.range, recorded, weight), Origin::Mixed)
            }
            _ => (recorded, Origin::Timed),
        };
        Some(Self {
            range,
            origin,
            timed_tickets: timed.len(),
        })
    }
}

/// Says whether a range can be drawn from: `0 < low <= likely <= high`, all finite.
fn is_range(range: ThreePoint) -> bool {
    0.0 < range.low && range.low <= range.likely && range.likely <= range.high && range.high.is_finite()
}

/// The mean of a sample with its sampling error on the log scale, which is what a bootstrap of the mean comes to.
///
/// The spread of single tickets counts one imagined ticket that lies [`ASSUMED_SPREAD`] away from the mean.
fn recorded_mean(timed: &[f64]) -> Option<ThreePoint> {
    let tickets = count(timed.len());
    let mean = timed.iter().map(|minutes| minutes / tickets).sum::<f64>();
    if timed.is_empty() || !mean.is_finite() {
        return None;
    }
    let scatter: f64 = timed.iter().map(|minutes| (minutes / mean - 1.0).powi(2)).sum();
    let spread = ((scatter + ASSUMED_SPREAD.powi(2)) / tickets).sqrt();
    let stretch = (Z90 * spread / tickets.sqrt()).exp();
    Some(ThreePoint {
        low: mean / stretch,
        likely: mean,
        high: mean * stretch,
    })
}

fn pool(prior: ThreePoint, recorded: ThreePoint, weight: f64) -> ThreePoint {
    let between = |from: f64, to: f64| (from.ln() * (1.0 - weight) + to.ln() * weight).exp();
    ThreePoint {
        low: between(prior.low, recorded.low),
        likely: between(prior.likely, recorded.likely),
        high: between(prior.high, recorded.high),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PRIOR: Prior = Prior {
        range: ThreePoint {
            low: 8.0,
            likely: 15.0,
            high: 45.0,
        },
        origin: Origin::Prior,
    };

    fn minutes(timed: &[f64], prior: Option<Prior>) -> Minutes {
        Minutes::of(timed, prior, 10).unwrap()
    }

    #[test]
    fn nothing_recorded_leaves_the_prior_with_its_origin() {
        assert_eq!(
            minutes(&[], Some(PRIOR)),
            Minutes {
                range: PRIOR.range,
                origin: Origin::Prior,
                timed_tickets: 0
            }
        );
        let stated = Prior {
            origin: Origin::ThreePoint,
            ..PRIOR
        };
        assert_eq!(
            minutes(&[0.0, -3.0, f64::NAN], Some(stated)).origin,
            Origin::ThreePoint
        );
        assert_eq!(Minutes::of(&[], None, 10), None);
    }

    #[test]
    fn what_is_no_range_is_no_prior() {
        for (low, likely, high) in [
            (0.0, 5.0, 9.0),
            (-1.0, 5.0, 9.0),
            (6.0, 5.0, 9.0),
            (2.0, 5.0, 4.0),
            (2.0, f64::NAN, 9.0),
            (2.0, 5.0, f64::INFINITY),
        ] {
            let range = ThreePoint { low, likely, high };
            assert_eq!(Minutes::of(&[], Some(Prior { range, ..PRIOR }), 10), None);
        }
    }

    #[test]
    fn five_timed_tickets_weigh_like_the_prior() {
        let pooled = minutes(&[60.0; 5], Some(PRIOR));
        assert_eq!((pooled.origin, pooled.timed_tickets), (Origin::Mixed, 5));
        assert!((pooled.range.likely - (15.0_f64 * 60.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn enough_timed_tickets_replace_the_prior() {
        let timed = minutes(
            &[10.0, 20.0, 30.0, 40.0, 50.0, 10.0, 20.0, 30.0, 40.0, 50.0],
            Some(PRIOR),
        );
        assert_eq!(timed.origin, Origin::Timed);
        assert!((timed.range.likely - 30.0).abs() < 1e-9);
        assert!(timed.range.low > 20.0 && timed.range.high < 40.0);
    }

    #[test]
    fn one_reading_alone_is_a_wide_figure() {
        let lone = minutes(&[30.0], None);
        assert!(lone.range.low < 12.0 && lone.range.high > 80.0);
    }

    proptest! {
        #[test]
        fn minutes_are_ordered_and_free_of_the_order_of_tickets(mut timed in prop::collection::vec(0.0..9e5_f64, 0..30)) {
            let found = minutes(&timed, Some(PRIOR));
            prop_assert!(found.range.low > 0.0);
            prop_assert!(found.range.low <= found.range.likely && found.range.likely <= found.range.high);
            timed.reverse();
            prop_assert_eq!(minutes(&timed, Some(PRIOR)), found);
        }
    }
}
