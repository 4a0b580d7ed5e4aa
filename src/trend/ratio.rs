//! The rate ratio of two small counts: how much a quarter differs from another, whether chance could do it, and the
//! interval that says the same.
//!
//! Conditional on the sum of both counts, so that no rate has to be known: binomial for Poisson counts (Przyborowski and
//! Wilenski 1940), beta-binomial for counts that scatter more than that. p and interval come from one function, the
//! mid-p tail, so that p below 10 % and a 90 % interval without 1 are the same statement.

use crate::trend::gamma::ln_gamma;

/// Chance of error of the interval, and the p below which a change is possible.
pub const ALPHA: f64 = 0.10;

/// Dispersion from which counts are more than Poisson; below it the beta-binomial is the binomial to many digits.
const POISSON: f64 = 1.0001;

/// A count with what it arose from: working days, or working days times people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposed {
    /// Tickets or request events.
    pub count: usize,
    /// Above 0; the unit does not matter as long as both sides have the same.
    pub exposure: f64,
}

/// How the second rate relates to the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Second rate over first; `None` if the first count is 0.
    pub ratio: Option<f64>,
    /// Lower end of the interval; 0 if the second count is 0.
    pub lo: f64,
    /// Upper end; `None` if there is none, since the first count is 0.
    pub hi: Option<f64>,
    /// Two-sided mid-p of "no change".
    pub p: f64,
}

impl Ratio {
    /// Returns whether the second rate is the greater one; `None` if both are equal.
    pub(super) fn rose(&self) -> Option<bool> {
        match self.ratio {
            Some(ratio) if ratio > 1.0 => Some(true),
            Some(ratio) if ratio < 1.0 => Some(false),
            Some(_) => None,
            None => Some(true),
        }
    }
}

/// Compares two rates whose counts vary `dispersion` times as much as Poisson counts (below 1 counts as 1).
///
/// Twice the smaller mid-p tail, and the interval at level 1 − `alpha` that the same tails give. `None` where there is
/// nothing to compare: both counts 0, or an exposure that is not above 0.
///
/// With dispersion d both counts are taken as negative binomial with variance d times the mean, which given their sum
/// makes the second beta-binomial; for d = 1 that is the binomial.
///
/// # Examples
///
/// ```
/// use toilscope::trend::{ALPHA, Exposed, compare};
///
/// let quarter = |count| Exposed { count, exposure: 61.0 };
/// let halved = compare(quarter(40), quarter(20), 1.0, ALPHA).expect("there is something to compare");
/// assert!(halved.p < 0.01 && halved.hi < Some(0.8));
/// ```
#[must_use]
pub fn compare(before: Exposed, after: Exposed, dispersion: f64, alpha: f64) -> Option<Ratio> {
    let is_usable = |side: Exposed| side.exposure.is_finite() && side.exposure > 0.0;
    let sum = before.count + after.count;
    if sum == 0 || !is_usable(before) || !is_usable(after) {
        return None;
    }
    let share = after.exposure / (before.exposure + after.exposure);
    // At rate ratio exp(log), the share of the second count in both.
    let at = |log: f64| {
        let odds = log.exp() * share / (1.0 - share);
        Split::new(sum, odds / (1.0 + odds), dispersion).mid_tail(after.count)
    };
    let tail = at(0.0);
    let lo = if after.count == 0 {
        0.0
    } else {
        root(|log| at(log) < 1.0 - alpha / 2.0).exp()
    };
    let hi = (before.count > 0).then(|| root(|log| at(log) < alpha / 2.0).exp());
    Some(Ratio {
        ratio: (before.count > 0)
            .then(|| real(after.count) / real(before.count) * before.exposure / after.exposure),
        lo,
        hi,
        p: (2.0 * tail.min(1.0 - tail)).min(1.0),
    })
}

/// Farthest logarithm of a ratio that is looked at.
const FARTHEST: f64 = 40.0;

/// Finds where a statement that is false for small and true for large logarithms turns true, by halving.
pub(super) fn root(is_above: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (-FARTHEST, FARTHEST);
    for _ in 0..56 {
        let middle = 0.5 * (low + high);
        if is_above(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

/// How a sum of two counts splits when chance decides.
struct Split {
    sum: f64,
    share: f64,
    /// Shapes of the beta distribution of the share; `None` for a fixed share.
    shapes: Option<(f64, f64)>,
}

impl Split {
    fn new(sum: usize, share: f64, dispersion: f64) -> Self {
        let sum = real(sum);
        let weight = sum / (dispersion - 1.0);
        let shapes = (dispersion > POISSON).then_some((share * weight, (1.0 - share) * weight));
        Self { sum, share, shapes }
    }

    /// Chance of fewer than `count` plus half the chance of exactly `count`.
    fn mid_tail(&self, count: usize) -> f64 {
        let count = real(count);
        let here = self.ln_chance(count).exp();
        // Away from the middle the chances fall, so that few of them are summed however large the counts are.
        if count <= self.sum * self.share {
            here / 2.0
                + self.sum_of_tail(here, count, |at| {
                    (at > 0.0).then(|| (at - 1.0, 1.0 / self.growth(at - 1.0)))
                })
        } else {
            let above = self.sum_of_tail(here, count, |at| {
                (at < self.sum).then(|| (at + 1.0, self.growth(at)))
            });
            1.0 - here / 2.0 - above
        }
    }

    fn sum_of_tail(&self, here: f64, count: f64, step: impl Fn(f64) -> Option<(f64, f64)>) -> f64 {
        let (mut at, mut chance, mut sum) = (count, here, 0.0);
        while let Some((next, factor)) = step(at) {
            at = next;
            chance *= factor;
            sum += chance;
            if chance <= sum * 1e-17 {
                break;
            }
        }
        sum
    }

    /// Chance of `at` + 1 over that of `at`.
    fn growth(&self, at: f64) -> f64 {
        let chosen = (self.sum - at) / (at + 1.0);
        match self.shapes {
            Some((a, b)) => chosen * (at + a) / (self.sum - at - 1.0 + b),
            None => chosen * self.share / (1.0 - self.share),
        }
    }

    fn ln_chance(&self, count: f64) -> f64 {
        let rest = self.sum - count;
        let chosen = ln_gamma(self.sum + 1.0) - ln_gamma(count + 1.0) - ln_gamma(rest + 1.0);
        let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
        let power = |base: f64, times: f64| if times == 0.0 { 0.0 } else { base.ln() * times };
        chosen
            + match self.shapes {
                Some((a, b)) => ln_beta(count + a, rest + b) - ln_beta(a, b),
                None => power(self.share, count) + power(1.0 - self.share, rest),
            }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn over(before: usize, after: usize) -> Ratio {
        let quarter = |count| Exposed { count, exposure: 1.0 };
        compare(quarter(before), quarter(after), 1.0, 0.05).unwrap()
    }

    /// The counts that a next quarter needs for p below 5 %, from `toil-and-automation` section 5.2 of the design facts.
    #[test]
    fn the_needed_counts_are_those_of_the_table() {
        let table = [
            (5, 0, 14),
            (8, 1, 19),
            (10, 2, 22),
            (15, 5, 28),
            (20, 9, 35),
            (30, 16, 48),
            (40, 24, 60),
            (60, 40, 84),
            (80, 57, 107),
            (120, 91, 153),
        ];
        for (base, fall, rise) in table {
            let is_needed = |after: usize| over(base, after).p < 0.05;
            assert!(
                is_needed(fall) && !is_needed(fall + 1),
                "fall from {base} to {fall}"
            );
            assert!(
                is_needed(rise) && !is_needed(rise - 1),
                "rise from {base} to {rise}"
            );
        }
    }

    /// The trap: a mid-p below 5 % beside a Clopper-Pearson interval that contains 1.
    #[test]
    fn interval_and_p_say_the_same_of_42_and_27() {
        let side = |count, exposure| Exposed { count, exposure };
        let ratio = compare(side(42, 60.0), side(27, 63.5), 1.0, 0.05).unwrap();
        assert!((ratio.p - 0.042).abs() < 0.001, "{ratio:?}");
        assert!(ratio.hi.unwrap() < 1.0, "{ratio:?}");
        assert!(over(42, 27).p > 0.05 && over(42, 27).hi.unwrap() > 1.0);
    }

    /// Power of a halving at 5 %, summed over all outcomes, against the simulated figures of the design facts.
    #[test]
    fn a_true_halving_is_seen_as_often_as_theory_says() {
        let chance =
            |mean: f64, count: usize| (real(count) * mean.ln() - mean - ln_gamma(real(count) + 1.0)).exp();
        for (base, power) in [(10.0, 0.24), (20.0, 0.44), (40.0, 0.74)] {
            let mut seen = 0.0;
            for before in 0..90 {
                for after in 0..60 {
                    let weight = chance(base, before) * chance(base / 2.0, after);
                    if weight > 1e-9 && before + after > 0 && over(before, after).p < 0.05 {
                        seen += weight;
                    }
                }
            }
            assert!((seen - power).abs() < 0.03, "{base}: {seen}");
        }
    }

    #[test]
    fn nothing_before_has_no_ratio_and_no_upper_end() {
        let ratio = over(0, 9);
        assert_eq!((ratio.ratio, ratio.hi), (None, None));
        assert!(ratio.lo > 1.0 && ratio.p < 0.01);
        assert!(over(9, 0).lo.abs() < 1e-300);
    }

    #[test]
    fn nothing_at_all_is_no_comparison() {
        let side = |count, exposure| Exposed { count, exposure };
        assert_eq!(compare(side(0, 1.0), side(0, 1.0), 1.0, ALPHA), None);
        assert_eq!(compare(side(3, 0.0), side(4, 1.0), 1.0, ALPHA), None);
        assert_eq!(compare(side(3, f64::NAN), side(4, 1.0), 1.0, ALPHA), None);
    }

    #[test]
    fn large_counts_agree_with_the_normal_approximation() {
        let ratio = over(1_000_000, 1_003_000);
        // z = 3000 / sqrt(2003000), two-sided 0.0340.
        assert!((ratio.p - 0.0340).abs() < 5e-4, "{ratio:?}");
        assert!(ratio.lo > 1.0 && (ratio.ratio.unwrap() - 1.003).abs() < 1e-9);
    }

    #[test]
    fn scatter_widens_by_the_root_of_the_dispersion() {
        let quarter = |count| Exposed { count, exposure: 1.0 };
        let width = |dispersion| {
            let ratio = compare(quarter(400), quarter(400), dispersion, ALPHA).unwrap();
            (ratio.hi.unwrap() / ratio.lo).ln()
        };
        assert!(
            (width(4.0) / width(1.0) - 2.0).abs() < 0.02,
            "{}",
            width(4.0) / width(1.0)
        );
    }

    proptest! {
        #[test]
        fn p_and_interval_say_the_same(
            before in 0_usize..400, after in 0_usize..400,
            days in 40.0..70.0_f64, dispersion in 1.0..4.0_f64, alpha in 0.01..0.2_f64,
        ) {
            let side = |count, exposure| Exposed { count, exposure };
            if let Some(ratio) = compare(side(before, 60.0), side(after, days), dispersion, alpha)
                && (ratio.p - alpha).abs() > 1e-9
            {
                let holds_one = ratio.lo <= 1.0 && ratio.hi.is_none_or(|hi| hi >= 1.0);
                prop_assert_eq!(ratio.p > alpha, holds_one, "{:?}", ratio);
                if let (Some(mid), Some(hi)) = (ratio.ratio, ratio.hi) {
                    prop_assert!(ratio.lo <= mid && mid <= hi, "{:?}", ratio);
                }
            }
        }

        #[test]
        fn time_reversed_is_the_inverse(before in 1_usize..300, after in 1_usize..300, dispersion in 1.0..3.0_f64) {
            let side = |count| Exposed { count, exposure: 1.0 };
            let there = compare(side(before), side(after), dispersion, ALPHA).unwrap();
            let back = compare(side(after), side(before), dispersion, ALPHA).unwrap();
            prop_assert!((there.p - back.p).abs() < 1e-9);
            prop_assert!((there.lo * back.hi.unwrap() - 1.0).abs() < 1e-6);
        }

        #[test]
        fn more_scatter_is_never_more_certain(before in 0_usize..300, after in 0_usize..300, more in 0.01..3.0_f64) {
            let side = |count| Exposed { count, exposure: 1.0 };
            if before + after > 0 {
                let p = |dispersion| compare(side(before), side(after), dispersion, ALPHA).unwrap().p;
                prop_assert!(p(1.0 + more) >= p(1.0) - 1e-9);
            }
        }
    }
}
