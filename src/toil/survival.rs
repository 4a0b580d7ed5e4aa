//! How long something takes when part of it is not over yet: the Kaplan–Meier curve and its quantiles.
//!
//! Leaving open tickets out would make a team look faster the more it leaves lying. Knows durations only; what they
//! are the durations of is left to `lead`.

/// A duration that ended, or one that was still running when it was last seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Duration {
    pub(super) hours: f64,
    pub(super) ended: bool,
}

/// The share that is still running after each duration at which one ended.
///
/// The product-limit estimator of Kaplan and Meier (1958). A duration that ended and one that was still running at
/// the same time are taken in this order, as usual.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// Duration and share still running after it, by duration.
    steps: Vec<(f64, f64)>,
}

impl Curve {
    pub(super) fn fit(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable_by(|a, b| a.hours.total_cmp(&b.hours));
        let mut at_risk = durations.len();
        let mut running = 1.0;
        let mut steps = Vec::new();
        for tied in durations.chunk_by(|a, b| a.hours.total_cmp(&b.hours).is_eq()) {
            let ended = tied.iter().filter(|duration| duration.ended).count();
            if ended > 0 {
                running *= ratio(at_risk - ended, at_risk);
                steps.push((tied[0].hours, running));
            }
            at_risk -= tied.len();
        }
        Self { steps }
    }

    /// Returns the duration within which the share `p` (0 to 1) has ended, or `None` if the curve never gets there.
    ///
    /// Where the curve lies flat on the wanted share the middle of the flat part is returned, so that without running
    /// durations the median is the ordinary one.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        /// Shares are products of fractions; closer than this they are the same share.
        const SAME: f64 = 1e-9;
        let wanted = 1.0 - p;
        let first = self
            .steps
            .iter()
            .position(|(_, running)| *running <= wanted + SAME)?;
        let (hours, running) = self.steps[first];
        let flat = (running - wanted).abs() <= SAME;
        let next = self.steps.get(first + 1).filter(|_| flat);
        Some(next.map_or(hours, |(next, _)| f64::midpoint(hours, *next)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ended(hours: f64) -> Duration {
        Duration { hours, ended: true }
    }

    fn running(hours: f64) -> Duration {
        Duration { hours, ended: false }
    }

    /// Remission of 21 patients under 6-MP: Freireich et al. (1963), the example of most textbooks.
    fn remission() -> Vec<Duration> {
        let over = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(ended);
        let open = [
            6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0,
        ]
        .map(running);
        over.into_iter().chain(open).collect()
    }

    #[test]
    fn the_textbook_curve_is_reproduced() {
        let curve = Curve::fit(remission());
        let expected = [
            (6.0, 0.857),
            (7.0, 0.807),
            (10.0, 0.753),
            (13.0, 0.690),
            (16.0, 0.627),
            (22.0, 0.538),
            (23.0, 0.448),
        ];
        assert_eq!(curve.steps.len(), expected.len());
        for ((hours, share), (at, known)) in curve.steps.iter().zip(expected) {
            assert!(
                (hours - at).abs() < 1e-9 && (share - known).abs() < 5e-4,
                "{hours}: {share}"
            );
        }
        assert_eq!(curve.quantile(0.5), Some(23.0));
        assert_eq!(curve.quantile(0.25), Some(13.0));
        assert_eq!(curve.quantile(0.9), None);
    }

    #[test]
    fn without_running_durations_the_median_is_the_ordinary_one() {
        assert_eq!(
            Curve::fit([4.0, 1.0, 3.0, 2.0].map(ended).to_vec()).quantile(0.5),
            Some(2.5)
        );
        assert_eq!(
            Curve::fit([3.0, 1.0, 2.0].map(ended).to_vec()).quantile(0.5),
            Some(2.0)
        );
        assert_eq!(Curve::fit(vec![ended(2.0)]).quantile(0.5), Some(2.0));
    }

    #[test]
    fn a_curve_that_never_falls_low_enough_has_no_quantile() {
        assert_eq!(Curve::fit(Vec::new()).quantile(0.5), None);
        assert_eq!(Curve::fit(vec![running(5.0)]).quantile(0.5), None);
        assert_eq!(
            Curve::fit(vec![ended(1.0), running(5.0), running(6.0)]).quantile(0.5),
            None
        );
    }

    proptest! {
        #[test]
        fn the_curve_falls_and_ignores_order(
            mut durations in proptest::collection::vec((0_u8..20, any::<bool>()), 0..60),
        ) {
            let fit = |list: &[(u8, bool)]| {
                Curve::fit(list.iter().map(|(h, ended)| Duration { hours: f64::from(*h), ended: *ended }).collect())
            };
            let curve = fit(&durations);
            durations.reverse();
            prop_assert_eq!(&curve, &fit(&durations));
            prop_assert!(curve.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 > b.1));
            prop_assert!(curve.steps.iter().all(|step| (0.0..1.0).contains(&step.1)));
        }

        #[test]
        fn a_running_duration_never_shortens_the_median(hours in proptest::collection::vec(0_u8..20, 1..40)) {
            let all: Vec<_> = hours.iter().map(|h| ended(f64::from(*h))).collect();
            let known = Curve::fit(all.clone()).quantile(0.5).unwrap();
            let with_open = Curve::fit(all.into_iter().chain([running(100.0)]).collect()).quantile(0.5);
            prop_assert!(with_open.is_none_or(|median| median >= known));
        }
    }
}
