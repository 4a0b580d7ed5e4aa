//! What is known before anything is simulated: volume, completeness and minutes of each sub-pattern.
//!
//! Small counts are pulled towards the usual, rates keep the doubt of their sample, and recorded minutes take over
//! from the taxonomy's prior as they come in. Growth from quarter to quarter is not extrapolated.

use crate::taxonomy::{SubPattern, ThreePoint};

use super::curve::Z90;
use super::model::{Demand, Origin};

/// Quarters of tickets that count; older ones describe another year.
pub(super) const MAX_QUARTERS: usize = 4;

/// Timed tickets at which a prior and the record weigh the same.
const TIMED_HALF_WEIGHT: f64 = 5.0;

/// Spread of single tickets around their mean that is assumed before they show their own, as a share of the mean.
/// Hands-on times are skewed; a few equal readings do not prove that they are not.
const ASSUMED_SPREAD: f64 = 0.8;

/// One sub-pattern as the simulation sees it.
pub(super) struct Flow<'a> {
    pub(super) sub: &'a SubPattern,
    pub(super) tickets: usize,
    pub(super) volume: Volume,
    pub(super) completeness: Completeness,
    pub(super) minutes: Minutes,
    pub(super) lead_hours: Option<f64>,
}

impl<'a> Flow<'a> {
    /// Gathers what is known of a sub-pattern; `None` if nothing tells its minutes.
    pub(super) fn new(
        sub: &'a SubPattern,
        demand: &Demand<'_>,
        usual: UsualVolume,
        quarters: usize,
        min_timed: u32,
    ) -> Option<Self> {
        let tickets = tickets(demand);
        Some(Self {
            sub,
            tickets,
            volume: usual.seen(tickets, quarters),
            completeness: Completeness::of(demand.complete, demand.tickets),
            minutes: Minutes::of(demand.timed_minutes, sub.minutes, min_timed)?,
            lead_hours: demand.lead_p50.filter(|hours| hours.is_finite()),
        })
    }
}

/// Tickets in the quarters that count.
pub(super) fn tickets(demand: &Demand<'_>) -> usize {
    demand.tickets_per_quarter.iter().rev().take(MAX_QUARTERS).sum()
}

/// Expected tickets a quarter, known as a gamma distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Volume {
    pub(super) shape: f64,
    pub(super) rate: f64,
}

impl Volume {
    pub(super) fn mean(self) -> f64 {
        self.shape / self.rate
    }
}

/// What a sub-pattern of this team usually brings: the prior of every volume, as a gamma distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct UsualVolume {
    shape: f64,
    rate: f64,
}

impl UsualVolume {
    /// Fits the prior of the gamma-Poisson model by the method of moments over the sub-patterns.
    ///
    /// Without it the top of any list is too high: what leads by chance falls back next quarter. Where counts differ
    /// no more than chance would have it, the moments call for an infinite weight; the prior then weighs as much as
    /// the tickets seen and never more. A single sub-pattern has nothing to be compared with and gets the half
    /// ticket of Jeffreys.
    pub(super) fn fit(counts: &[usize], quarters: usize) -> Self {
        let (sub_patterns, quarters) = (counts.len() as f64, quarters as f64);
        if counts.len() < 2 {
            return Self {
                shape: 0.5,
                rate: 0.0,
            };
        }
        // Whole numbers first: sums of floats would depend on the order of the sub-patterns.
        let mean = counts.iter().sum::<usize>() as f64 / sub_patterns;
        let squares = counts.iter().map(|&count| (count as u128).pow(2)).sum::<u128>() as f64;
        let variance = (squares - sub_patterns * mean * mean) / (sub_patterns - 1.0);
        let rate = if variance > mean {
            (quarters * mean / (variance - mean)).min(quarters)
        } else {
            quarters
        };
        Self {
            shape: mean * rate / quarters,
            rate,
        }
    }

    /// Updates the usual by the tickets of one sub-pattern.
    pub(super) fn seen(self, tickets: usize, quarters: usize) -> Volume {
        Volume {
            shape: self.shape + tickets as f64,
            rate: self.rate + quarters as f64,
        }
    }
}

/// Share of tickets that give every required slot, known as a beta distribution with the prior of Jeffreys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Completeness {
    pub(super) complete: f64,
    pub(super) incomplete: f64,
}

impl Completeness {
    pub(super) fn of(complete: usize, tickets: usize) -> Self {
        Self {
            complete: complete.min(tickets) as f64 + 0.5,
            incomplete: tickets.saturating_sub(complete) as f64 + 0.5,
        }
    }

    pub(super) fn mean(self) -> f64 {
        self.complete / (self.complete + self.incomplete)
    }
}

/// Mean hands-on minutes of a ticket and where the figure is from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Minutes {
    pub(super) range: ThreePoint,
    pub(super) origin: Origin,
}

impl Minutes {
    /// Combines recorded minutes with a prior.
    ///
    /// From `min_timed` tickets on the record stands alone. Below, record and prior are pooled on the log scale with
    /// the weight n / (n + 5) on the record, each of the three points for itself. `None` if there is neither.
    pub(super) fn of(timed: &[f64], prior: Option<ThreePoint>, min_timed: u32) -> Option<Self> {
        let mut timed: Vec<f64> = timed
            .iter()
            .copied()
            .filter(|minutes| minutes.is_finite() && *minutes > 0.0)
            .collect();
        timed.sort_unstable_by(f64::total_cmp);
        let Some(recorded) = recorded_mean(&timed) else {
            return prior.map(|range| Self {
                range,
                origin: Origin::Estimate,
            });
        };
        match prior {
            Some(prior) if timed.len() < min_timed as usize => {
                let weight = timed.len() as f64 / (timed.len() as f64 + TIMED_HALF_WEIGHT);
                Some(Self {
                    range: pool(prior, recorded, weight),
                    origin: Origin::Mixed,
                })
            }
            _ => Some(Self {
                range: recorded,
                origin: Origin::Timed,
            }),
        }
    }
}

/// The mean of a sample with its sampling error on the log scale, which is what a bootstrap of the mean comes to.
///
/// The spread of single tickets counts one imagined ticket that lies [`ASSUMED_SPREAD`] away from the mean.
fn recorded_mean(timed: &[f64]) -> Option<ThreePoint> {
    let count = timed.len() as f64;
    let mean = timed.iter().map(|minutes| minutes / count).sum::<f64>();
    if timed.is_empty() || !mean.is_finite() {
        return None;
    }
    let scatter: f64 = timed.iter().map(|minutes| (minutes / mean - 1.0).powi(2)).sum();
    let spread = ((scatter + ASSUMED_SPREAD.powi(2)) / count).sqrt();
    let stretch = (Z90 * spread / count.sqrt()).exp();
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRIOR: ThreePoint = ThreePoint {
        low: 8.0,
        likely: 15.0,
        high: 45.0,
    };

    fn minutes(timed: &[f64], prior: Option<ThreePoint>) -> Minutes {
        Minutes::of(timed, prior, 10).unwrap()
    }

    #[test]
    fn usual_volume_by_moments_on_paper() {
        // Counts 2, 4, 12 of 4 quarters: mean 6, variance 28, rate 4 * 6 / 22, shape 6 * rate / 4.
        let usual = UsualVolume::fit(&[2, 4, 12], 4);
        assert!((usual.rate - 12.0 / 11.0).abs() < 1e-12);
        assert!((usual.shape - 18.0 / 11.0).abs() < 1e-12);
        // 12 tickets in 4 quarters, pulled from 3 a quarter towards 1.5.
        assert!((usual.seen(12, 4).mean() - (18.0 / 11.0 + 12.0) / (12.0 / 11.0 + 4.0)).abs() < 1e-12);
    }

    #[test]
    fn equal_counts_weigh_the_usual_like_the_tickets() {
        let usual = UsualVolume::fit(&[8, 8, 8], 4);
        assert_eq!(
            usual.seen(8, 4),
            Volume {
                shape: 16.0,
                rate: 8.0
            }
        );
    }

    #[test]
    fn a_lone_sub_pattern_is_its_own_measure() {
        assert_eq!(
            UsualVolume::fit(&[20], 4).seen(20, 4),
            Volume {
                shape: 20.5,
                rate: 4.0
            }
        );
    }

    #[test]
    fn only_the_last_four_quarters_count() {
        let demand = Demand {
            subpattern: "account.github",
            tickets_per_quarter: &[90, 1, 2, 3, 4],
            tickets: 10,
            complete: 0,
            timed_minutes: &[],
            lead_p50: None,
        };
        assert_eq!(tickets(&demand), 10);
    }

    #[test]
    fn without_a_record_the_prior_stands_as_it_is() {
        assert_eq!(
            minutes(&[], Some(PRIOR)),
            Minutes {
                range: PRIOR,
                origin: Origin::Estimate
            }
        );
        assert_eq!(
            minutes(&[f64::NAN, -3.0, 0.0, f64::INFINITY], Some(PRIOR)).origin,
            Origin::Estimate
        );
        assert_eq!(Minutes::of(&[], None, 10), None);
    }

    #[test]
    fn five_timed_tickets_weigh_as_much_as_the_prior() {
        let pooled = minutes(&[60.0; 5], Some(PRIOR));
        assert_eq!(pooled.origin, Origin::Mixed);
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

    #[test]
    fn completeness_never_passes_the_tickets() {
        assert_eq!(
            Completeness::of(9, 4),
            Completeness {
                complete: 4.5,
                incomplete: 0.5
            }
        );
        assert!((Completeness::of(0, 0).mean() - 0.5).abs() < 1e-12);
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

        #[test]
        fn one_more_ticket_never_lowers_the_expected_volume(counts in prop::collection::vec(0..200_usize, 2..20), quarters in 1..5_usize) {
            let mean = |counts: &[usize]| UsualVolume::fit(counts, quarters).seen(counts[0], quarters).mean();
            let mut more = counts.clone();
            more[0] += 1;
            prop_assert!(mean(&more) >= mean(&counts) - 1e-9);
        }
    }
}
