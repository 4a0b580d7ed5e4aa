//! Growth: how far the tickets of late move what is expected of the quarters to come.
//!
//! Growth counts only where it is clear, by no more than is clear, and within bounds: the volume is multiplied by the
//! end of the 80 % interval that lies nearest to "no change". So nothing jumps where an interval comes to exclude 1,
//! and one more ticket in any of the quarters that make the volume never lowers what is expected.

use crate::chance::Z90;

use super::curve::gamma;
use super::estimate::{MAX_QUARTERS, Usual, Volume};
use super::model::{Compared, Growth, Range3};

/// Bounds of the growth that enters a volume: a rise or fall of one year is not drawn out for ever.
const BOUNDS: (f64, f64) = (0.5, 1.5);

/// Compares the last quarter with the same one a year ago; with less history what the younger half of the quarters
/// brings with what all of them do. `None` where nothing is clear.
///
/// `counts` are those of the last quarters, and `usual` says how many are known: a sub-pattern whose counts are fewer
/// had none in the others.
pub(super) fn growth(counts: &[usize], usual: &Usual) -> Option<Growth> {
    let found = if usual.history > MAX_QUARTERS {
        since_a_year_ago(counts)
    } else {
        of_the_younger_half(counts, usual)?
    };
    (found.ratio.p10 > 1.0 || found.ratio.p90 < 1.0).then_some(found)
}

/// Adds up the tickets from `from` quarters ago, the last one being 0, to before `to` quarters ago.
fn sum(counts: &[usize], from: usize, to: usize) -> usize {
    let count = |ago: usize| counts.len().checked_sub(ago + 1).map_or(0, |at| counts[at]);
    (from..to).map(count).sum()
}

/// The interval of the ratio is that of two Poisson rates on the log scale, half a ticket added to each side
/// (Haldane). The quarter of a year ago is a season to compare with; it is not among those that make the volume.
fn since_a_year_ago(counts: &[usize]) -> Growth {
    let (before, after) = (sum(counts, MAX_QUARTERS, MAX_QUARTERS + 1), sum(counts, 0, 1));
    let (old, new) = (before as f64 + 0.5, after as f64 + 0.5);
    let (ratio, stretch) = (new / old, (Z90 * (1.0 / old + 1.0 / new).sqrt()).exp());
    let ratio = Range3 {
        p10: ratio / stretch,
        p50: ratio,
        p90: ratio * stretch,
    };
    Growth {
        compared: Compared::YearAgo,
        before,
        after,
        quarters: 1,
        ratio,
        factor: nearest_to_one(ratio),
    }
}

/// The rate of the younger half against the rate of all: the half is part of the whole, so that a ticket in the older
/// half raises the one and leaves the other, and the end that is taken of the interval is no lower for it. The usual
/// counts in the half for its share of the quarters, so that what is pulled towards it does not look like growth.
fn of_the_younger_half(counts: &[usize], usual: &Usual) -> Option<Growth> {
    let half = usual.history / 2;
    if half == 0 {
        return None;
    }
    let (before, after) = (sum(counts, half, 2 * half), sum(counts, 0, half));
    let late: Volume = usual.volume.seen_in(after, half, usual.quarters);
    let all = usual.volume.seen(sum(counts, 0, usual.quarters), usual.quarters);
    let at = |score: f64| gamma(late.shape)(score) / late.rate / all.mean();
    let ratio = Range3 {
        p10: at(-Z90),
        p50: at(0.0),
        p90: at(Z90),
    };
    Some(Growth {
        compared: Compared::YoungerHalf,
        before,
        after,
        quarters: half,
        ratio,
        factor: nearest_to_one(ratio),
    })
}

/// The value within the interval that is nearest to "no change", within the bounds.
fn nearest_to_one(ratio: Range3) -> f64 {
    let nearest = 1.0_f64.max(ratio.p10).min(ratio.p90);
    nearest.max(BOUNDS.0).min(BOUNDS.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automation::estimate::UsualVolume;
    use crate::taxonomy::{Estimation, Taxonomy};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ESTIMATION: LazyLock<Estimation> = LazyLock::new(|| Taxonomy::builtin().unwrap().estimation);

    fn usual(volume: UsualVolume, history: usize) -> Usual {
        Usual {
            volume,
            quarters: history.min(MAX_QUARTERS),
            history,
            estimation: *ESTIMATION,
        }
    }

    fn alone(counts: &[usize], history: usize) -> Option<Growth> {
        growth(counts, &usual(UsualVolume::fit(&[1], history), history))
    }

    /// Tickets expected a quarter.
    fn expected(counts: &[usize], usual: &Usual) -> f64 {
        let seen = usual.volume.seen(sum(counts, 0, usual.quarters), usual.quarters);
        seen.grown(growth(counts, usual)).mean()
    }

    #[test]
    fn growth_is_a_quarter_against_the_same_a_year_ago() {
        // 4.5 against 16.5 tickets: 0.27, below 1 up to 0.27 * exp(1.28 * sqrt(1 / 4.5 + 1 / 16.5)) = 0.539.
        let fallen = alone(&[16, 9, 9, 9, 4], 5).unwrap();
        assert_eq!((fallen.before, fallen.after, fallen.quarters), (16, 4, 1));
        assert_eq!(fallen.compared, Compared::YearAgo);
        assert!((fallen.ratio.p50 - 4.5 / 16.5).abs() < 1e-12);
        assert!((fallen.ratio.p90 - 0.539).abs() < 1e-3, "{fallen:?}");
        assert!(
            (fallen.factor - fallen.ratio.p90).abs() < 1e-12,
            "the end nearest to 1"
        );
        let gone = alone(&[60, 9, 9, 9, 4], 5).unwrap();
        assert!((gone.factor - 0.5).abs() < 1e-12, "capped");
        assert_eq!(alone(&[9, 9, 9, 9, 11], 5), None, "two more are no growth");
    }

    #[test]
    fn with_less_than_a_year_the_younger_half_is_held_against_all() {
        let grown = alone(&[2, 3, 9, 12], 4).unwrap();
        assert_eq!((grown.before, grown.after, grown.quarters), (5, 21, 2));
        assert_eq!(grown.compared, Compared::YoungerHalf);
        // Alone half a ticket is added: 26.5 in four quarters, 21.25 in two. The tenth percentile of gamma(21.25) is
        // 15.60, half of it 7.80 a quarter, against 6.625.
        assert!((grown.factor - 15.60 / 2.0 / 6.625).abs() < 1e-3, "{grown:?}");
        assert_eq!(alone(&[6, 6, 7, 8], 4), None);
        assert_eq!(alone(&[90], 1), None);
        assert_eq!(alone(&[], 0), None);
    }

    #[test]
    fn what_is_pulled_towards_the_usual_is_no_growth() {
        // Others bring 20 a quarter: two tickets lie far below the usual, and so does each half of them.
        let usual = usual(UsualVolume::fit(&[2, 80, 80, 80], 4), 4);
        assert_eq!(growth(&[0, 1, 0, 1], &usual), None);
    }

    #[test]
    fn nothing_jumps_where_growth_becomes_clear() {
        let first = (9..200)
            .find_map(|last| alone(&[10, 10, 10, 10, last], 5))
            .unwrap();
        assert!(first.factor < 1.15, "{first:?}");
        let first = (9..200).find_map(|last| alone(&[20, 20, last, last], 4)).unwrap();
        assert!(first.factor < 1.15, "{first:?}");
    }

    proptest! {
        #[test]
        fn one_more_ticket_in_any_quarter_never_lowers_what_is_expected(
            counts in prop::collection::vec(0..60_usize, 1..9), at in 0..MAX_QUARTERS,
            others in prop::collection::vec(0..120_usize, 0..9),
        ) {
            let own = sum(&counts, 0, MAX_QUARTERS.min(counts.len()));
            let all: Vec<usize> = std::iter::once(own).chain(others).collect();
            let usual = usual(UsualVolume::fit(&all, counts.len().min(MAX_QUARTERS)), counts.len());
            let mut more = counts.clone();
            let last = counts.len() - 1;
            more[last - at.min(last)] += 1;
            prop_assert!(expected(&more, &usual) >= expected(&counts, &usual) - 1e-9, "{counts:?} {more:?}");
        }

        #[test]
        fn factors_stay_within_their_bounds_and_interval(counts in prop::collection::vec(0..10_000_usize, 1..9)) {
            if let Some(found) = alone(&counts, counts.len()) {
                prop_assert!((BOUNDS.0..=BOUNDS.1).contains(&found.factor));
                prop_assert!((found.ratio.p50 > 1.0) == (found.factor > 1.0), "{found:?}");
            }
        }
    }
}
