//! Quantile functions: each bends a standard normal score into one kind of uncertain figure.
//!
//! All of them rise with the score, and with the evidence that is meant to raise them. Two runs that share their
//! scores can therefore be compared draw by draw: one more ticket never looks worse by chance.

use crate::chance::Z90;
use crate::taxonomy::ThreePoint;

/// Beyond this a figure has left any team's life; it keeps products of hostile estimates finite.
const CEILING: f64 = 1e9;

/// Below this a gamma quantile counts as this, so that no share is 0 divided by 0.
const FLOOR: f64 = 1e-12;

/// Shares at the very ends have no logit: an estimate of "all" is read as 999 in 1,000.
const SHARE_EDGE: f64 = 0.001;

/// A positive figure given as a range: log-normal on each side of its middle.
///
/// The two halves meet at the median, so all three figures are hit exactly and nothing has to be fitted.
pub(super) fn positive(range: ThreePoint) -> impl Fn(f64) -> f64 + Copy {
    let below = (range.likely / range.low).ln() / Z90;
    let above = (range.high / range.likely).ln() / Z90;
    move |score| (range.likely * (score * if score < 0.0 { below } else { above }).exp()).min(CEILING)
}

/// A share given as a range: the same two halves, on the logit.
pub(super) fn share(range: ThreePoint) -> impl Fn(f64) -> f64 + Copy {
    let (low, likely, high) = (logit(range.low), logit(range.likely), logit(range.high));
    let (below, above) = ((likely - low) / Z90, (high - likely) / Z90);
    move |score| 1.0 / (1.0 + (-(likely + score * if score < 0.0 { below } else { above })).exp())
}

fn logit(share: f64) -> f64 {
    let share = share.clamp(SHARE_EDGE, 1.0 - SHARE_EDGE);
    (share / (1.0 - share)).ln()
}

/// A gamma variable of rate 1, by the cube of Wilson and Hilferty (1931).
///
/// Within 1 % of the true quantile between the 10th and 90th percentile for shapes from 3, within 0.08 for smaller
/// ones. Rises with the shape at every score below 5.6, which no draw here exceeds.
pub(super) fn gamma(shape: f64) -> impl Fn(f64) -> f64 + Copy {
    let (middle, slope) = (1.0 - 1.0 / (9.0 * shape), 1.0 / (3.0 * shape.sqrt()));
    move |score| (shape * (middle + slope * score).max(0.0).powi(3)).max(FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(low: f64, likely: f64, high: f64) -> ThreePoint {
        ThreePoint { low, likely, high }
    }

    fn assert_close(found: f64, wanted: f64, tolerance: f64) {
        assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted}");
    }

    #[test]
    fn ranges_are_hit_at_their_three_points() {
        let minutes = positive(range(8.0, 15.0, 45.0));
        let rate = share(range(0.5, 0.75, 0.92));
        for (score, wanted, absorbed) in [(-Z90, 8.0, 0.5), (0.0, 15.0, 0.75), (Z90, 45.0, 0.92)] {
            assert_close(minutes(score), wanted, 1e-9);
            assert_close(rate(score), absorbed, 1e-9);
        }
    }

    #[test]
    fn a_range_without_width_is_its_middle() {
        let minutes = positive(range(12.0, 12.0, 12.0));
        assert_close(minutes(-3.0), 12.0, 1e-12);
        assert_close(share(range(0.5, 0.5, 0.5))(3.0), 0.5, 1e-12);
    }

    #[test]
    fn gamma_quantiles_are_those_of_the_tables() {
        // Half the chi-square quantiles with twice the degrees of freedom, from any table of them.
        for (shape, p10, p50, p90) in [
            (3.0, 1.1021, 2.6741, 5.3223),
            (5.0, 2.4326, 4.6709, 7.9936),
            (20.0, 14.5253, 19.6677, 25.9025),
        ] {
            let quantile = gamma(shape);
            assert_close(quantile(-Z90), p10, 0.01 * p10);
            assert_close(quantile(0.0), p50, 0.01 * p50);
            assert_close(quantile(Z90), p90, 0.01 * p90);
        }
        assert_close(gamma(0.5)(-Z90), 0.0079, 0.08);
        assert_close(gamma(0.5)(Z90), 1.3528, 0.08);
    }

    #[test]
    fn hostile_ranges_stay_finite() {
        let wild = positive(range(f64::MIN_POSITIVE, 1.0, f64::MAX));
        assert!(wild(3.7).is_finite() && wild(-3.7) >= 0.0);
        let sure = share(range(f64::MIN_POSITIVE, 1.0, 1.0));
        assert!((0.0..=1.0).contains(&sure(3.7)) && (0.0..=1.0).contains(&sure(-3.7)));
    }

    proptest! {
        #[test]
        fn a_wider_range_encloses_the_narrower_one(
            likely in 0.1..500.0_f64, low in 0.01..1.0_f64, high in 1.0..50.0_f64, wider in 1.0..9.0_f64, score in -4.0..4.0_f64,
        ) {
            let narrow = positive(range(likely * low, likely, likely * high))(score);
            let wide = positive(range(likely * low / wider, likely, likely * high * wider))(score);
            let outward = (wide - narrow) * score.signum();
            prop_assert!(outward >= 0.0, "{wide} is inside of {narrow}");
        }

        #[test]
        fn more_evidence_never_lowers_a_gamma_quantile(shape in 0.5..400.0_f64, more in 0.0..3.0_f64, score in -4.0..4.0_f64) {
            prop_assert!(gamma(shape + more)(score) >= gamma(shape)(score) - 1e-9);
        }
    }
}
