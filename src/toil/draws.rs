//! Draws of a mean that is known as a range.
//!
//! Promises that the draws of a row depend on the seed and the row's name alone, so that no other row moves them, and
//! that they are stratified: each of the equal slices of the distribution is hit once, in shuffled order, and the
//! range's own quantiles come back out almost exactly.

use rand::distributions::Open01;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

use crate::chance::{Z90, normal_quantile};
use crate::taxonomy::ThreePoint;

/// Draws of a simulation: enough for two digits of a 10 or 90 % quantile.
pub(super) const DRAWS: usize = 2_000;

/// Draws the mean from its 10, 50 and 90 % quantiles by a two-piece log-normal distribution, which meets all three.
pub(super) fn draws(range: ThreePoint, seed: u64, name: &str) -> Vec<f64> {
    let ThreePoint { low, likely, high } = range;
    let (below, above) = ((likely / low).ln() / Z90, (high / likely).ln() / Z90);
    let draw = |z: f64| likely * (z * if z < 0.0 { below } else { above }).exp();
    normals(&mut stream(seed, name)).into_iter().map(draw).collect()
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
#[expect(clippy::cast_precision_loss, reason = "a few thousand slices")]
fn normals(rng: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let within = |slice: usize| (slice as f64 + rng.sample::<f64, _>(Open01)) / DRAWS as f64;
    let mut draws: Vec<f64> = (0..DRAWS).map(within).map(normal_quantile).collect();
    draws.shuffle(rng);
    draws
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chance::Marks;

    fn range(low: f64, likely: f64, high: f64) -> ThreePoint {
        ThreePoint { low, likely, high }
    }

    fn near(value: f64, expected: f64, tolerance: f64) -> bool {
        (value - expected).abs() <= tolerance * expected.abs()
    }

    #[test]
    fn a_range_gives_back_its_own_quantiles() {
        for given in [
            range(8.0, 15.0, 45.0),
            range(10.0, 20.0, 25.0),
            range(5.0, 5.0, 5.0),
        ] {
            let [low, likely, high] = Marks::of(&draws(given, 1, "account.github")).quantiles();
            assert!(
                near(low, given.low, 0.005)
                    && near(likely, given.likely, 0.005)
                    && near(high, given.high, 0.005)
            );
        }
    }

    #[test]
    fn draws_depend_on_the_seed_and_the_name() {
        let draw = |seed, name| draws(range(8.0, 15.0, 45.0), seed, name);
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn draws_are_finite_and_positive(low in 0.01..100.0, up in 1.0..50.0, more in 1.0..50.0, seed: u64) {
            let draws = draws(range(low, low * up, low * up * more), seed, "row");
            prop_assert_eq!(draws.len(), DRAWS);
            prop_assert!(draws.iter().all(|draw| draw.is_finite() && *draw > 0.0));
        }
    }
}
