//! Two counts against two others: Fisher's exact test of a 2×2 table, with the interval that the same test gives.
//!
//! The odds ratio of treated/control × before/after is the ratio of two rate ratios: what changed beyond what changed
//! everywhere. Exposures cancel, since both rows saw the same days.

use crate::trend::gamma::ln_gamma;
use crate::trend::ratio::{Ratio, real};

/// Counts before and after of what was treated and of what was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoByTwo {
    /// Treated, before and after.
    pub treated: [usize; 2],
    /// Not treated, before and after.
    pub control: [usize; 2],
}

/// Tables at least this many times as likely as the observed one still count as no less likely: floats of equal chances
/// differ in their last digits.
const TIE: f64 = 1e-7;

/// Compares the change of the treated with the change of the control.
///
/// Fisher's two-sided p (all tables no more likely than the observed), and the interval of the ratios that this test does
/// not refuse at level `alpha`; where p is at most `alpha` the interval does not contain 1. Counts that scatter
/// `dispersion` times as much as Poisson counts make the tables flatter in the way they do in [`compare`](super::compare).
/// `None` if a row or a column is empty.
#[must_use]
pub fn compare_changes(table: TwoByTwo, dispersion: f64, alpha: f64) -> Option<Ratio> {
    let tables = Tables::new(table, dispersion)?;
    let [[a, b], [c, d]] = [table.treated, table.control].map(|row| row.map(real));
    let estimate = (b * c) / (a * d);
    let p = |log: f64| tables.p(log);
    let at_one = p(0.0);
    let middle = (((b + 0.5) * (c + 0.5)) / ((a + 0.5) * (d + 0.5))).ln();
    // Refusal is not monotone to the last digit, so that 1 is put on its side first and each end is sought beyond it.
    let end = |far: f64| {
        let one_between = (middle < 0.0 && far > 0.0) || (middle > 0.0 && far < 0.0);
        let (mut inside, mut outside) = match (one_between, at_one > alpha) {
            (true, true) => (0.0, far),
            (true, false) => (middle, 0.0),
            (false, _) => (middle, far),
        };
        for _ in 0..48 {
            let between = 0.5 * (inside + outside);
            if p(between) > alpha {
                inside = between;
            } else {
                outside = between;
            }
        }
        (0.5 * (inside + outside)).exp()
    };
    let has = |far: f64| p(far) <= alpha;
    Some(Ratio {
        ratio: (a * d > 0.0).then_some(estimate),
        lo: if has(-FAR) { end(-FAR) } else { 0.0 },
        hi: has(FAR).then(|| end(FAR)),
        p: at_one,
    })
}

/// Farthest logarithm of a ratio that is looked at.
const FAR: f64 = 14.0;

/// All tables with the observed margins.
struct Tables {
    /// Treated after, in the observed table and at its least and most.
    observed: f64,
    least: f64,
    most: f64,
    /// Treated in all, after in all, everything.
    treated: f64,
    after: f64,
    sum: f64,
    dispersion: f64,
}

impl Tables {
    fn new(table: TwoByTwo, dispersion: f64) -> Option<Self> {
        let [treated, control] = [table.treated, table.control];
        let margins = [
            treated.iter().sum(),
            control.iter().sum(),
            treated[0] + control[0],
            treated[1] + control[1],
        ];
        if margins.contains(&0_usize) {
            return None;
        }
        let b = real(treated[1]);
        let [treated, control, _, after] = margins.map(real);
        let sum = treated + control;
        Some(Self {
            observed: b,
            least: (treated + after - sum).max(0.0),
            most: treated.min(after),
            treated,
            after,
            sum,
            dispersion,
        })
    }

    /// Fisher's two-sided p that the ratio is exp(`log`).
    fn p(&self, log: f64) -> f64 {
        let weigh = self.weights(log);
        let steps = (0..)
            .map(|step| self.least + f64::from(step))
            .take_while(|at| *at <= self.most);
        let weights: Vec<f64> = steps.map(&weigh).collect();
        let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let bar = weigh(self.observed) + TIE;
        let (mut all, mut unlikely) = (0.0, 0.0);
        for weight in weights {
            let chance = (weight - top).exp();
            all += chance;
            if weight <= bar {
                unlikely += chance;
            }
        }
        unlikely / all
    }

    /// The logarithm of the weight of a table, by the count of treated after.
    fn weights(&self, log: f64) -> impl Fn(f64) -> f64 {
        let (treated, after, sum) = (self.treated, self.after, self.sum);
        let cells = move |at: f64| [at, treated - at, after - at, sum - treated - after + at];
        let scale = self.dispersion - 1.0;
        let shapes = (scale > 1e-4).then(|| cells(self.expected(log)).map(|mean| mean / scale));
        move |at: f64| match shapes {
            None => log * at - cells(at).map(|count| ln_gamma(count + 1.0)).iter().sum::<f64>(),
            Some(shapes) => cells(at)
                .iter()
                .zip(shapes)
                .map(|(count, shape)| ln_gamma(count + shape) - ln_gamma(shape) - ln_gamma(count + 1.0))
                .sum(),
        }
    }

    /// Treated after as the margins and a ratio of exp(`log`) let expect: the root of a quadratic.
    fn expected(&self, log: f64) -> f64 {
        let psi = log.exp();
        let rest = self.sum - self.treated - self.after;
        let (a, b, c) = (
            1.0 - psi,
            rest + psi * (self.treated + self.after),
            -psi * self.treated * self.after,
        );
        let root = if a.abs() < 1e-12 {
            -c / b
        } else {
            // The form that does not cancel.
            let discriminant = (b * b - 4.0 * a * c).max(0.0).sqrt();
            2.0 * -c / (b + discriminant)
        };
        let margin = 1e-9 * (self.most - self.least).max(1e-9);
        root.clamp(self.least + margin, self.most - margin)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(treated: [usize; 2], control: [usize; 2]) -> TwoByTwo {
        TwoByTwo { treated, control }
    }

    /// Both examples of `toil-and-automation` section 5.4 of the design facts.
    #[test]
    fn growth_everywhere_makes_a_fall_larger_and_a_fall_everywhere_smaller() {
        let grew = compare_changes(table([20, 8], [180, 200]), 1.0, 0.05).unwrap();
        assert!(
            (grew.ratio.unwrap() - 0.36).abs() < 1e-9 && (grew.p - 0.018).abs() < 5e-4,
            "{grew:?}"
        );
        assert!(grew.hi.unwrap() < 1.0, "{grew:?}");
        let fell = compare_changes(table([20, 8], [180, 150]), 1.0, 0.05).unwrap();
        assert!(
            (fell.ratio.unwrap() - 0.48).abs() < 1e-9 && (fell.p - 0.112).abs() < 5e-4,
            "{fell:?}"
        );
        assert!(fell.hi.unwrap() > 1.0, "{fell:?}");
    }

    #[test]
    fn an_empty_margin_is_no_comparison() {
        assert_eq!(compare_changes(table([0, 0], [5, 9]), 1.0, 0.1), None);
        assert_eq!(compare_changes(table([4, 0], [5, 0]), 1.0, 0.1), None);
    }

    #[test]
    fn nothing_after_is_a_ratio_of_zero_with_an_upper_end() {
        let gone = compare_changes(table([12, 0], [100, 100]), 1.0, 0.1).unwrap();
        assert_eq!((gone.ratio, gone.lo), (Some(0.0), 0.0));
        assert!(gone.hi.unwrap() < 0.5);
        let new = compare_changes(table([0, 12], [100, 100]), 1.0, 0.1).unwrap();
        assert_eq!((new.ratio, new.hi), (None, None));
        assert!(new.lo > 2.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn p_and_interval_say_the_same(
            a in 0_usize..60, b in 0_usize..60, c in 1_usize..300, d in 1_usize..300,
            dispersion in prop_oneof![Just(1.0), 1.0..3.0_f64],
        ) {
            if let Some(ratio) = compare_changes(table([a, b], [c, d]), dispersion, 0.1) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&ratio.p));
                let holds_one = ratio.lo <= 1.0 && ratio.hi.is_none_or(|hi| hi >= 1.0);
                prop_assert_eq!(ratio.p > 0.1, holds_one, "{:?}", ratio);
            }
        }

        #[test]
        fn sides_may_be_swapped(a in 1_usize..50, b in 1_usize..50, c in 1_usize..200, d in 1_usize..200) {
            let p = |t, c| compare_changes(table(t, c), 1.0, 0.1).unwrap().p;
            prop_assert!((p([a, b], [c, d]) - p([b, a], [d, c])).abs() < 1e-9);
            prop_assert!((p([a, b], [c, d]) - p([c, d], [a, b])).abs() < 1e-9);
        }
    }
}
