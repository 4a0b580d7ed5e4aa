//! What is known before anything is simulated: volume, growth, completeness and minutes of each sub-pattern.
//!
//! Small counts are pulled towards the usual, rates keep the doubt of their sample, and recorded minutes take over
//! from a prior as they come in (see [`Minutes`]). Growth counts only where it is clear (see [`grown`]).

use crate::taxonomy::{Control, Estimation, SubPattern};
use crate::toil::{Minutes, Origin, Prior};

use super::growth::{Grown, grown};
use super::model::{Demand, Growth};

/// Quarters of tickets that make the volume; older ones describe another year.
pub(super) const MAX_QUARTERS: usize = 4;

/// One sub-pattern as the simulation sees it.
pub(super) struct Flow<'a> {
    pub(super) sub: &'a SubPattern,
    pub(super) demand: &'a Demand<'a>,
    pub(super) tickets: usize,
    /// Expected tickets a quarter, growth included.
    pub(super) volume: Volume,
    pub(super) growth: Option<Growth>,
    pub(super) completeness: Completeness,
    pub(super) minutes: Minutes,
    pub(super) lead_hours: Option<f64>,
}

/// What all sub-patterns of a run share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    pub(super) volume: UsualVolume,
    /// Quarters that make the volume.
    pub(super) quarters: usize,
    /// Quarters that are known at all.
    pub(super) history: usize,
    pub(super) estimation: Estimation,
}

/// Longest wait in hours that is one, ten thousand years: beyond it sums of waits are no numbers any more.
const LONGEST_WAIT: f64 = 1e8;

impl<'a> Flow<'a> {
    /// Gathers what is known of a sub-pattern; `None` if nothing tells its minutes.
    pub(super) fn new(sub: &'a SubPattern, demand: &'a Demand<'a>, usual: &Usual) -> Option<Self> {
        let tickets = tickets(demand);
        let supposed = sub.minutes.map(|range| Prior {
            range,
            origin: Origin::Prior,
        });
        let prior = demand.prior.or(supposed);
        let min_timed = usual.estimation.min_timed_tickets as usize;
        let Grown {
            tickets: counted,
            growth,
        } = grown(demand.tickets_per_quarter, usual.history);
        Some(Self {
            sub,
            demand,
            tickets,
            volume: usual.volume.seen(counted, usual.quarters),
            growth,
            completeness: Completeness::of(demand.complete, demand.tickets),
            minutes: Minutes::of(demand.timed_minutes, prior, min_timed)?,
            // A request for somebody who leaves is filed ahead of the day and stops nobody who asked: it is a risk.
            lead_hours: demand
                .lead_p50
                .filter(|hours| hours.abs() <= LONGEST_WAIT && sub.control != Some(Control::Leaver)),
        })
    }

    /// Returns the expected tickets a quarter, growth included.
    pub(super) fn volume_mean(&self) -> f64 {
        self.volume.mean()
    }
}

/// Tickets in the quarters that make the volume.
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
    /// ticket of Jeffreys. The counts, growth included, come in a stable order: a sum of floats depends on it.
    pub(super) fn fit(counts: &[f64], quarters: usize) -> Self {
        let (sub_patterns, quarters) = (counts.len() as f64, quarters as f64);
        if counts.len() < 2 {
            return Self {
                shape: 0.5,
                rate: 0.0,
            };
        }
        let mean = counts.iter().sum::<f64>() / sub_patterns;
        let squares = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>();
        let variance = squares / (sub_patterns - 1.0);
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

    /// Updates the usual by the tickets of one sub-pattern, growth included: it is known as well as if so many had been
    /// seen. Scaled are the tickets and not the draws, for a draw rises with the tickets at every percentile; were the
    /// draws scaled, a ticket that narrows the doubt could lower the upper ones.
    pub(super) fn seen(self, tickets: f64, quarters: usize) -> Volume {
        Volume {
            shape: self.shape + tickets,
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_volume_by_moments_on_paper() {
        // Counts 2, 4, 12 of 4 quarters: mean 6, variance 28, rate 4 * 6 / 22, shape 6 * rate / 4.
        let usual = UsualVolume::fit(&[2.0, 4.0, 12.0], 4);
        assert!((usual.rate - 12.0 / 11.0).abs() < 1e-12);
        assert!((usual.shape - 18.0 / 11.0).abs() < 1e-12);
        // 12 tickets in 4 quarters, pulled from 3 a quarter towards 1.5.
        assert!((usual.seen(12.0, 4).mean() - (18.0 / 11.0 + 12.0) / (12.0 / 11.0 + 4.0)).abs() < 1e-12);
    }

    #[test]
    fn equal_counts_weigh_the_usual_like_the_tickets() {
        let usual = UsualVolume::fit(&[8.0; 3], 4);
        assert_eq!(
            usual.seen(8.0, 4),
            Volume {
                shape: 16.0,
                rate: 8.0
            }
        );
    }

    #[test]
    fn a_lone_sub_pattern_is_its_own_measure() {
        assert_eq!(
            UsualVolume::fit(&[20.0], 4).seen(20.0, 4),
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
            ..Demand::default()
        };
        assert_eq!(tickets(&demand), 10);
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
        fn one_more_ticket_never_lowers_the_expected_volume(counts in prop::collection::vec(0..200_usize, 2..20), quarters in 1..5_usize) {
            let mean = |counts: &[usize]| {
                let counts: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
                UsualVolume::fit(&counts, quarters).seen(counts[0], quarters).mean()
            };
            let mut more = counts.clone();
            more[0] += 1;
            prop_assert!(mean(&more) >= mean(&counts) - 1e-9);
        }
    }
}
