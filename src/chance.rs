//! What every simulation here stands on: the inverse normal distribution and the quantiles of draws.
//!
//! One room, so that hours of today and savings of tomorrow are measured with the same ruler. Knows no ticket.

/// Score of the 90th percentile of a standard normal; that of the 10th is its negative.
pub(crate) const Z90: f64 = 1.281_551_565_544_600_4;

/// The shares of all intervals that are shown: 10, 50 and 90 %.
pub(crate) const SHARES: [f64; 3] = [0.1, 0.5, 0.9];

/// The draws on both sides of the 10, 50 and 90 % quantiles: all that the quantiles are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Marks([Mark; 3]);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    below: f64,
    above: f64,
    /// How far the quantile lies from the one below to the one above, 0 to 1.
    part: f64,
}

impl Marks {
    /// Finds the marks of some draws; all are 0 for none.
    pub(crate) fn of(draws: &[f64]) -> Self {
        let [low, middle, high] = SHARES.map(|share| Place::of(draws.len(), share));
        if draws.is_empty() {
            return Self([low, middle, high].map(|place| place.mark(0.0, 0.0)));
        }
        // Whole numbers are put into their order in half the time.
        let mut ordered: Vec<i64> = draws.iter().map(|draw| in_order(*draw)).collect();
        // The middle first: each of the outer two is then looked for in one half only.
        let (left, &mut at, right) = ordered.select_nth_unstable(middle.index);
        let above = right.iter().copied().min().unwrap_or(at);
        let outer = |half: &mut [i64], index: usize, next: Option<i64>| {
            let (_, &mut below, rest) = half.select_nth_unstable(index);
            (below, rest.iter().copied().min().or(next).unwrap_or(below))
        };
        let (first, second) = if low.index < middle.index {
            outer(left, low.index, Some(at))
        } else {
            (at, above)
        };
        let (last, end) = match high.index.checked_sub(middle.index + 1) {
            Some(index) => outer(right, index, None),
            None => (at, above),
        };
        let mark = |place: Place, (below, above)| place.mark(drawn(below), drawn(above));
        Self([
            mark(low, (first, second)),
            mark(middle, (at, above)),
            mark(high, (last, end)),
        ])
    }

    /// Returns the marks of the draws with `rising` done to each. It must not put two draws into another order.
    pub(crate) fn map(self, rising: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(|mark| Mark {
            below: rising(mark.below),
            above: rising(mark.above),
            ..mark
        }))
    }

    /// Returns the quantiles by linear interpolation (type 7 of Hyndman and Fan 1996).
    pub(crate) fn quantiles(self) -> [f64; 3] {
        self.0
            .map(|mark| mark.below + (mark.above - mark.below) * mark.part)
    }
}

/// Where a quantile lies among draws in their order.
#[derive(Clone, Copy)]
struct Place {
    /// The draw below it.
    index: usize,
    /// How far it lies from that to the next.
    part: f64,
}

impl Place {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index between 0 and the length"
    )]
    fn of(draws: usize, share: f64) -> Self {
        let place = share * draws.saturating_sub(1) as f64;
        Self {
            index: place.floor() as usize,
            part: place - place.floor(),
        }
    }

    fn mark(self, below: f64, above: f64) -> Mark {
        Mark {
            below,
            above,
            part: self.part,
        }
    }
}

/// A whole number for each draw, in the order of [`f64::total_cmp`].
fn in_order(draw: f64) -> i64 {
    turned(draw.to_bits().cast_signed())
}

/// The draw of a whole number.
fn drawn(ordered: i64) -> f64 {
    f64::from_bits(turned(ordered).cast_unsigned())
}

/// Turns the order of negative numbers round, which their bits have the wrong way; done twice it does nothing.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The inverse of the standard normal distribution for 0 < share < 1, by the rational approximation of Acklam (2003),
/// whose relative error is below 1.2e-9.
pub(crate) fn normal_quantile(share: f64) -> f64 {
    const TAIL: f64 = 0.024_25;
    if share < TAIL {
        tail((-2.0 * share.ln()).sqrt())
    } else if share > 1.0 - TAIL {
        -tail((-2.0 * (1.0 - share).ln()).sqrt())
    } else {
        centre(share - 0.5)
    }
}

fn centre(from_middle: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const BELOW: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    let square = from_middle * from_middle;
    polynomial(&ABOVE, square) * from_middle / polynomial(&BELOW, square)
}

fn tail(depth: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const BELOW: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    polynomial(&ABOVE, depth) / polynomial(&BELOW, depth)
}

/// Horner's scheme, highest power first.
fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients
        .iter()
        .fold(0.0, |sum, coefficient| sum * at + coefficient)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (share, wanted) in [
            (0.5, 0.0),
            (0.9, Z90),
            (0.975, 1.959_963_985),
            (0.999, 3.090_232_306),
            (0.01, -2.326_347_874),
        ] {
            assert!((normal_quantile(share) - wanted).abs() < 1e-8, "{share}");
        }
    }

    #[test]
    fn quantiles_interpolate_between_values() {
        let quantiles = |draws: &[f64]| Marks::of(draws).quantiles();
        let found = quantiles(&[8.0, 1.0, 4.0, 2.0]);
        assert!(
            found
                .iter()
                .zip([1.3, 3.0, 6.8])
                .all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?}"
        );
        assert!(quantiles(&[7.0]).iter().all(|q| (q - 7.0).abs() < 1e-12));
        assert!(quantiles(&[]).iter().all(|q| q.abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn draws_have_whole_numbers_in_their_order(one: f64, other: f64) {
            prop_assert_eq!(in_order(one).cmp(&in_order(other)), one.total_cmp(&other));
            prop_assert_eq!(drawn(in_order(one)).to_bits(), one.to_bits());
        }

        #[test]
        fn marks_are_those_of_the_sorted_draws(draws in proptest::collection::vec(-9_i8..9, 1..40)) {
            let mut sorted: Vec<f64> = draws.iter().map(|&draw| f64::from(draw)).collect();
            let found = Marks::of(&sorted);
            sorted.sort_by(f64::total_cmp);
            let wanted = SHARES.map(|share| {
                let place = Place::of(sorted.len(), share);
                place.mark(sorted[place.index], sorted[(place.index + 1).min(sorted.len() - 1)])
            });
            prop_assert_eq!(found, Marks(wanted));
        }

        #[test]
        fn what_rises_with_the_draws_keeps_its_marks(draws in proptest::collection::vec(0.0..1e4, 1..60), base in 0.0..1e4) {
            let rising = |draw: f64| base + 7.0 * draw;
            let moved: Vec<f64> = draws.iter().copied().map(rising).collect();
            prop_assert_eq!(Marks::of(&draws).map(rising), Marks::of(&moved));
        }
    }
}
