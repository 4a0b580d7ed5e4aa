//! Draws of a mean that is not known exactly: from a prior in three points, or from timed tickets.
//!
//! Promises that the draws of a row depend on the seed and the row's name alone, so that no other row moves them, and
//! that they are stratified: each of the equal slices of the distribution is hit once, in shuffled order, and a
//! prior's own quantiles come back out almost exactly.

use rand::distributions::Open01;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

use crate::toil::case::Prior;

/// Draws of a simulation: enough for two digits of a 10 or 90 % quantile.
pub(super) const DRAWS: usize = 2_000;
/// The standard normal quantile at 90 %.
const Z90: f64 = 1.281_551_565_545;
/// Timed tickets up to which their mean is resampled; with more, the bootstrap distribution is a normal one.
const MAX_RESAMPLED: usize = 200;

/// Draws the mean from a prior's 10, 50 and 90 % quantiles by a two-piece log-normal distribution, which meets all
/// three. Returns `None` unless `0 < low <= likely <= high`, all finite.
pub(super) fn from_prior(prior: Prior, seed: u64, name: &str) -> Option<Vec<f64>> {
    let (low, likely, high) = prior;
    if !(0.0 < low && low <= likely && likely <= high && high.is_finite()) {
        return None;
    }
    let (below, above) = ((likely / low).ln() / Z90, (high / likely).ln() / Z90);
    let draw = |z: f64| likely * (z * if z < 0.0 { below } else { above }).exp();
    Some(normals(&mut stream(seed, name)).into_iter().map(draw).collect())
}

/// Draws the mean from timed tickets, in sorted order, by the bootstrap. Returns `None` below two of them, which say
/// nothing of how much they vary.
pub(super) fn from_timed(sorted: &[f64], seed: u64, name: &str) -> Option<Vec<f64>> {
    if sorted.len() < 2 {
        return None;
    }
    let mut rng = stream(seed, name);
    if sorted.len() > MAX_RESAMPLED {
        let (mean, error) = mean_and_error(sorted);
        return Some(
            normals(&mut rng)
                .into_iter()
                .map(|z| (mean + error * z).max(0.0))
                .collect(),
        );
    }
    let mut resampled = || {
        (0..sorted.len())
            .map(|_| sorted[rng.gen_range(0..sorted.len())])
            .sum::<f64>()
    };
    Some((0..DRAWS).map(|_| resampled() / count(sorted.len())).collect())
}

/// The draws on both sides of the 10, 50 and 90 % quantiles: all that the quantiles are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marks([Mark; 3]);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    below: f64,
    above: f64,
    /// How far the quantile lies from the one below to the one above, 0 to 1.
    part: f64,
}

impl Marks {
    /// Finds the marks of some draws, which it reorders; all are 0 for none.
    pub(super) fn of(draws: &mut [f64]) -> Self {
        // What lies below one quantile is left out of the search for the next.
        let mut settled = 0;
        Self([0.1, 0.5, 0.9].map(|p| mark(draws, p, &mut settled)))
    }

    /// Returns the marks of the draws with `rising` done to each. It must not put two draws into another order.
    pub(super) fn map(self, rising: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(|mark| Mark {
            below: rising(mark.below),
            above: rising(mark.above),
            ..mark
        }))
    }

    /// Returns the quantiles by linear interpolation (type 7 of Hyndman and Fan 1996).
    pub(super) fn quantiles(self) -> [f64; 3] {
        self.0
            .map(|mark| mark.below + (mark.above - mark.below) * mark.part)
    }
}

/// Finds the mark of a quantile in draws whose first `settled` are no higher than any other, and settles those below.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index between 0 and the length"
)]
fn mark(draws: &mut [f64], p: f64, settled: &mut usize) -> Mark {
    let place = p * count(draws.len().saturating_sub(1));
    let (index, part) = (place.floor() as usize, place - place.floor());
    let open = &mut draws[*settled..];
    if open.is_empty() {
        return Mark {
            below: 0.0,
            above: 0.0,
            part,
        };
    }
    let (_, &mut below, rest) = open.select_nth_unstable_by(index - *settled, f64::total_cmp);
    *settled = index;
    let above = rest.iter().copied().reduce(f64::min).unwrap_or(below);
    Mark { below, above, part }
}

/// A random stream of its own for each name.
fn stream(seed: u64, name: &str) -> Xoshiro256PlusPlus {
    let digest = Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(name)
        .finalize();
    Xoshiro256PlusPlus::from_seed(digest.into())
}

/// Standard normal draws, one from each of [`DRAWS`] slices of equal probability, shuffled.
fn normals(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let within = |slice| (count(slice) + rng.sample::<f64, _>(Open01)) / count(DRAWS);
    let mut draws: Vec<f64> = (0..DRAWS).map(within).map(normal_quantile).collect();
    draws.shuffle(rng);
    draws
}

/// Mean, and the standard deviation of the bootstrap mean.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / count(values.len());
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count(values.len());
    (mean, (variance / count(values.len())).sqrt())
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

/// Inverse of the standard normal distribution for 0 < p < 1: Acklam's rational approximation (2003), relative error
/// below 1.2e-9.
fn normal_quantile(p: f64) -> f64 {
    const CENTRE: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const CENTRE_BELOW: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const TAIL: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const TAIL_BELOW: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    const EDGE: f64 = 0.024_25;
    if p > 1.0 - EDGE {
        return -normal_quantile(1.0 - p);
    }
    if p < EDGE {
        let q = (-2.0 * p.ln()).sqrt();
        return polynomial(&TAIL, q) / polynomial(&TAIL_BELOW, q);
    }
    let q = p - 0.5;
    q * polynomial(&CENTRE, q * q) / polynomial(&CENTRE_BELOW, q * q)
}

/// Coefficients from the highest power down.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients
        .iter()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantiles(mut draws: Vec<f64>) -> [f64; 3] {
        Marks::of(&mut draws).quantiles()
    }

    fn near(value: f64, expected: f64, tolerance: f64) -> bool {
        (value - expected).abs() <= tolerance * expected.abs()
    }

    #[test]
    fn normal_quantiles_agree_with_the_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.9, Z90),
            (0.975, 1.959_963_984_540),
            (0.001, -3.090_232_306_168),
        ] {
            assert!(
                (normal_quantile(p) - z).abs() < 1e-7,
                "{p}: {}",
                normal_quantile(p)
            );
            assert!((normal_quantile(1.0 - p) + z).abs() < 1e-7);
        }
    }

    #[test]
    fn a_prior_gives_back_its_own_quantiles() {
        for prior in [(8.0, 15.0, 45.0), (10.0, 20.0, 25.0), (5.0, 5.0, 5.0)] {
            let [low, likely, high] = quantiles(from_prior(prior, 1, "account.github").unwrap());
            assert!(near(low, prior.0, 0.005) && near(likely, prior.1, 0.005) && near(high, prior.2, 0.005));
        }
    }

    #[test]
    fn what_is_no_prior_draws_nothing() {
        for prior in [
            (0.0, 5.0, 9.0),
            (-1.0, 5.0, 9.0),
            (6.0, 5.0, 9.0),
            (2.0, 5.0, 4.0),
            (2.0, f64::NAN, 9.0),
            (2.0, 5.0, f64::INFINITY),
        ] {
            assert_eq!(from_prior(prior, 1, "row"), None, "{prior:?}");
        }
    }

    #[test]
    fn draws_depend_on_the_seed_and_the_name() {
        let draw = |seed, name| from_prior((8.0, 15.0, 45.0), seed, name).unwrap();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }

    #[test]
    fn the_bootstrap_of_a_mean_is_as_wide_as_its_standard_error() {
        let timed: Vec<f64> = (1..=25).map(f64::from).collect();
        let [low, middle, high] = quantiles(from_timed(&timed, 7, "row").unwrap());
        let (mean, error) = mean_and_error(&timed); // 13 and 7.21 / 5
        assert!(near(middle, mean, 0.02));
        assert!(near(high - low, 2.0 * Z90 * error, 0.1), "{low} {high}");
    }

    #[test]
    fn many_timed_tickets_go_over_to_the_normal_limit_without_a_jump() {
        let timed =
            |copies: usize| -> Vec<f64> { (1..=50).flat_map(|m| vec![f64::from(m); copies]).collect() };
        let resampled = quantiles(from_timed(&timed(4), 7, "row").unwrap());
        let limit = quantiles(from_timed(&timed(5), 7, "row").unwrap());
        assert!(
            resampled.iter().zip(limit).all(|(a, b)| near(*a, b, 0.03)),
            "{resampled:?} {limit:?}"
        );
    }

    #[test]
    fn one_timed_ticket_is_no_sample() {
        assert_eq!(from_timed(&[12.0], 1, "row"), None);
    }

    #[test]
    fn quantiles_interpolate_between_values() {
        let found = quantiles(vec![8.0, 1.0, 4.0, 2.0]);
        assert!(
            found.iter().zip([1.3, 3.0, 6.8]).all(|(a, b)| near(*a, b, 1e-12)),
            "{found:?}"
        );
        assert!(quantiles(vec![7.0]).iter().all(|q| (q - 7.0).abs() < 1e-12));
        assert!(quantiles(Vec::new()).iter().all(|q| q.abs() < 1e-12));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_rises_with_the_draws_keeps_its_marks(draws in proptest::collection::vec(0.0..1e4, 0..60), base in 0.0..1e4) {
            let rising = |draw: f64| base + 7.0 * draw;
            let mut moved: Vec<f64> = draws.iter().copied().map(rising).collect();
            prop_assume!(!draws.is_empty());
            prop_assert_eq!(Marks::of(&mut draws.clone()).map(rising), Marks::of(&mut moved));
        }

        #[test]
        fn draws_are_finite_and_positive(low in 0.01..100.0, up in 1.0..50.0, more in 1.0..50.0, seed: u64) {
            let draws = from_prior((low, low * up, low * up * more), seed, "row").unwrap();
            prop_assert_eq!(draws.len(), DRAWS);
            prop_assert!(draws.iter().all(|draw| draw.is_finite() && *draw > 0.0));
        }
    }
}
