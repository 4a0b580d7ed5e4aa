//! Growth: how far the tickets of late move what is expected of the quarters to come.
//!
//! Growth counts only where it is clear, by no more than is clear, and within bounds: as many tickets count as the end
//! of the 80 % interval tells that lies nearest to those that were seen. So nothing jumps where an interval comes to
//! exclude "no change", and one more ticket in any of the quarters that make the volume never lowers what is expected.
//! What the volume is pulled towards is learnt from the same counts, growth included (see
//! [`UsualVolume`](super::estimate::UsualVolume)).

use crate::chance::Z90;

use super::curve::gamma;
use super::estimate::MAX_QUARTERS;
use super::model::{Compared, Growth, Range3};

/// Bounds of the growth that enters a volume: a rise or fall of one year is not drawn out for ever.
const BOUNDS: (f64, f64) = (0.5, 1.5);

/// The tickets of the quarters that make the volume, and what growth makes of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grown {
    /// As many as count for the quarters to come; those that were seen where no growth is clear.
    pub(super) tickets: f64,
    /// The growth, where it is clear.
    pub(super) growth: Option<Growth>,
}

/// Compares the last quarter with the same one a year ago; with less history what the younger half of the quarters
/// brings with what all of them do.
///
/// `counts` are those of the last quarters, and `history` says how many are known: a sub-pattern whose counts are fewer
/// had none in the others.
pub(super) fn grown(counts: &[usize], history: usize) -> Grown {
    let tickets = sum(counts, 0, history.min(MAX_QUARTERS)) as f64;
    let compared = if history > MAX_QUARTERS {
        Some(since_a_year_ago(counts, tickets))
    } else {
        of_the_younger_half(counts, history)
    };
    let plain = Grown {
        tickets,
        growth: None,
    };
    compared.map_or(plain, |(growth, range)| {
        let counted = tickets.max(range.p10).min(range.p90);
        let counted = counted.max(BOUNDS.0 * tickets).min(BOUNDS.1 * tickets);
        let is_clear = range.p10 > tickets || range.p90 < tickets;
        let to_all = |end: f64| end / tickets;
        let growth = Growth {
            ratio: Range3 {
                p10: to_all(range.p10),
                p50: to_all(range.p50),
                p90: to_all(range.p90),
            },
            factor: to_all(counted),
            ..growth
        };
        Grown {
            tickets: counted,
            growth: is_clear.then_some(growth),
        }
    })
}

/// Adds up the tickets from `from` quarters ago, the last one being 0, to before `to` quarters ago.
fn sum(counts: &[usize], from: usize, to: usize) -> usize {
    let count = |ago: usize| counts.len().checked_sub(ago + 1).map_or(0, |at| counts[at]);
    (from..to).map(count).sum()
}

/// What the tickets would be, had all quarters grown like the last one since a year ago.
///
/// The interval of the ratio is that of two Poisson rates on the log scale, half a ticket added to each side
/// (Haldane). The quarter of a year ago is a season to compare with; it is not among those that make the volume.
fn since_a_year_ago(counts: &[usize], tickets: f64) -> (Growth, Range3) {
    let (before, after) = (sum(counts, MAX_QUARTERS, MAX_QUARTERS + 1), sum(counts, 0, 1));
    let (old, new) = (before as f64 + 0.5, after as f64 + 0.5);
    let (ratio, stretch) = (new / old, (Z90 * (1.0 / old + 1.0 / new).sqrt()).exp());
    let range = Range3 {
        p10: ratio / stretch * tickets,
        p50: ratio * tickets,
        p90: ratio * stretch * tickets,
    };
    (compared(Compared::YearAgo, before, after, 1), range)
}

/// What the tickets would be at the rate of the younger half, known as a gamma distribution with the prior of Jeffreys.
///
/// The half is part of the whole: a ticket in the older half raises what was seen and leaves the interval, so what counts
/// is no lower for it.
fn of_the_younger_half(counts: &[usize], history: usize) -> Option<(Growth, Range3)> {
    let half = history / 2;
    if half == 0 {
        return None;
    }
    let (before, after) = (sum(counts, half, 2 * half), sum(counts, 0, half));
    let (late, times) = (gamma(after as f64 + 0.5), history as f64 / half as f64);
    let range = Range3 {
        p10: late(-Z90) * times,
        p50: late(0.0) * times,
        p90: late(Z90) * times,
    };
    Some((compared(Compared::YoungerHalf, before, after, half), range))
}

fn compared(compared: Compared, before: usize, after: usize, quarters: usize) -> Growth {
    Growth {
        compared,
        before,
        after,
        quarters,
        ratio: Range3::default(),
        factor: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automation::estimate::UsualVolume;
    use proptest::prelude::*;

    fn growth(counts: &[usize], history: usize) -> Option<Growth> {
        grown(counts, history).growth
    }

    #[test]
    fn growth_is_a_quarter_against_the_same_a_year_ago() {
        // 4.5 against 16.5 tickets: 0.27, below 1 up to 0.27 * exp(1.28 * sqrt(1 / 4.5 + 1 / 16.5)) = 0.539.
        let fallen = growth(&[16, 9, 9, 9, 4], 5).unwrap();
        assert_eq!((fallen.before, fallen.after, fallen.quarters), (16, 4, 1));
        assert_eq!(fallen.compared, Compared::YearAgo);
        assert!((fallen.ratio.p50 - 4.5 / 16.5).abs() < 1e-12);
        assert!((fallen.ratio.p90 - 0.539).abs() < 1e-3, "{fallen:?}");
        assert!(
            (fallen.factor - fallen.ratio.p90).abs() < 1e-12,
            "the end nearest to 1"
        );
        let gone = grown(&[60, 9, 9, 9, 4], 5);
        assert!((gone.tickets - 15.5).abs() < 1e-12, "capped at half of 31");
        assert_eq!(growth(&[9, 9, 9, 9, 11], 5), None, "two more are no growth");
    }

    #[test]
    fn with_less_than_a_year_the_younger_half_is_held_against_all() {
        let found = grown(&[2, 3, 9, 12], 4);
        let growth_found = found.growth.unwrap();
        assert_eq!(
            (growth_found.before, growth_found.after, growth_found.quarters),
            (5, 21, 2)
        );
        assert_eq!(growth_found.compared, Compared::YoungerHalf);
        // The tenth percentile of gamma(21.5) is 15.81: 31.6 in four quarters in the place of 26.
        assert!((found.tickets - 2.0 * 15.81).abs() < 0.02, "{found:?}");
        assert!((growth_found.factor - found.tickets / 26.0).abs() < 1e-12);
        assert_eq!(growth(&[6, 6, 7, 8], 4), None);
        assert_eq!(
            growth(&[9], 4).map(|growth| (growth.before, growth.after)),
            Some((0, 9))
        );
        assert_eq!(growth(&[90], 1), None);
        assert_eq!(growth(&[], 0), None);
    }

    #[test]
    fn nothing_jumps_where_growth_becomes_clear() {
        let first = (9..200).find_map(|last| growth(&[10, 10, 10, 10, last], 5));
        assert!(first.unwrap().factor < 1.15, "{first:?}");
        let first = (9..200).find_map(|last| growth(&[20, 20, last, last], 4));
        assert!(first.unwrap().factor < 1.15, "{first:?}");
    }

    proptest! {
        #[test]
        fn one_more_ticket_in_any_quarter_never_lowers_what_counts(
            counts in prop::collection::vec(0..60_usize, 1..9), at in 0..MAX_QUARTERS,
        ) {
            let mut more = counts.clone();
            let last = counts.len() - 1;
            more[last - at.min(last)] += 1;
            let (before, after) = (grown(&counts, counts.len()), grown(&more, counts.len()));
            prop_assert!(after.tickets >= before.tickets, "{counts:?} {more:?}");
        }

        #[test]
        fn nor_does_it_lower_the_volume_among_others(
            counts in prop::collection::vec(0..60_usize, 4), at in 0..4_usize,
            others in prop::collection::vec(0..120_usize, 0..9),
        ) {
            let volume = |counts: &[usize]| {
                let own = grown(counts, 4).tickets;
                let all: Vec<f64> = std::iter::once(own).chain(others.iter().map(|&n| n as f64)).collect();
                UsualVolume::fit(&all, 4).seen(own, 4).mean()
            };
            let mut more = counts.clone();
            more[at] += 1;
            prop_assert!(volume(&more) >= volume(&counts) - 1e-9, "{counts:?} {more:?}");
        }

        #[test]
        fn factors_stay_within_their_bounds_and_interval(counts in prop::collection::vec(0..10_000_usize, 1..9)) {
            if let Some(found) = growth(&counts, counts.len()) {
                prop_assert!((BOUNDS.0..=BOUNDS.1).contains(&found.factor) || counts.iter().sum::<usize>() == 0);
                prop_assert!((found.ratio.p50 > 1.0) == (found.factor > 1.0), "{found:?}");
            }
        }
    }
}
