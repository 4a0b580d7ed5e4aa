//! Refines the seeds of a stratum with linfa's k-means; the only file that knows linfa and ndarray.
//!
//! One run from given centres: no random start, so no seed can change what is found. linfa counts the old centre as
//! one more member when it moves a centre, so the centres returned are the means of the labels, not linfa's.

use linfa::prelude::{Fit, Predict};
use linfa::{DatasetBase, ParamGuard};
use linfa_clustering::{KMeans, KMeansInit};
use linfa_nn::distance::Distance;
use ndarray::{Array2, ArrayView, Dimension};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256Plus;

use super::dense::{Dense, squared_distance};
use super::sample::spread;
use super::strata::{Stratum, centres, units};

/// Most rows k-means is fitted on: centres are means of many rows and hardly move when there are more.
const MOST_FIT_ROWS: usize = 4_000;

/// Most steps; a bound for the worst case, as the seeds of linkage are near where the centres end.
const MOST_STEPS: u64 = 20;

/// Total movement of the centres, in the space of unit vectors, at which they count as still.
const STILL: f64 = 1e-3;

/// Moves the centres of the seeds to where k-means puts them, scaled to length one.
///
/// Only rows with a label in `reached` take part. A centre that ends without rows becomes zero and will attract none.
/// Should linfa refuse, the seeds stay as they are.
pub(super) fn refine(stratum: &Stratum, seeds: &Dense, reached: &[Option<usize>], seed: u64) -> Dense {
    let rows: Vec<usize> = (0..reached.len()).filter(|&row| reached[row].is_some()).collect();
    let sample = spread(&rows, &stratum.weights, MOST_FIT_ROWS);
    let Some(labels) = fit(&stratum.vectors.select(&sample), seeds, seed) else {
        return units(seeds);
    };
    centres(&stratum.vectors, sample.into_iter().zip(labels), seeds.height())
}

/// Runs k-means and labels the rows; `None` when there is nothing to run it on.
fn fit(rows: &Dense, seeds: &Dense, seed: u64) -> Option<Vec<usize>> {
    // With more centres than rows linfa returns empty clusters without a word.
    if seeds.height() == 0 || seeds.height() > rows.height() {
        return None;
    }
    let records = DatasetBase::from(to_array(rows)?);
    let random = Xoshiro256Plus::seed_from_u64(seed);
    let model = KMeans::params_with(seeds.height(), random, InLanes)
        .init_method(KMeansInit::Precomputed(to_array(seeds)?))
        .n_runs(1)
        .max_n_iterations(MOST_STEPS)
        .tolerance(STILL)
        .check()
        .ok()?
        .fit(&records)
        .ok()?;
    Some(model.predict(records).targets.to_vec())
}

/// Euclidean distance, added up as in `dense`: four times as fast as linfa's, which waits for one sum after another.
#[derive(Debug, Clone)]
struct InLanes;

impl Distance<f64> for InLanes {
    fn distance<D: Dimension>(&self, left: ArrayView<'_, f64, D>, right: ArrayView<'_, f64, D>) -> f64 {
        self.rdistance(left, right).sqrt()
    }

    fn rdistance<D: Dimension>(&self, left: ArrayView<'_, f64, D>, right: ArrayView<'_, f64, D>) -> f64 {
        match (left.as_slice(), right.as_slice()) {
            (Some(left), Some(right)) => squared_distance(left, right),
            _ => left.iter().zip(&right).map(|(a, b)| (a - b) * (a - b)).sum(),
        }
    }

    fn rdist_to_dist(&self, rdistance: f64) -> f64 {
        rdistance.sqrt()
    }

    fn dist_to_rdist(&self, distance: f64) -> f64 {
        distance * distance
    }
}

fn to_array(rows: &Dense) -> Option<Array2<f64>> {
    Array2::from_shape_vec((rows.height(), rows.width()), rows.values().to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(rows: &[[f64; 2]]) -> Stratum {
        Stratum::of(Dense::from_values(2, rows.concat()), vec![1; rows.len()])
    }

    fn refined(rows: &[[f64; 2]], seeds: &[[f64; 2]]) -> Dense {
        refine(
            &stratum(rows),
            &Dense::from_values(2, seeds.concat()),
            &vec![Some(0); rows.len()],
            1,
        )
    }

    #[test]
    fn centres_are_exact_means_of_their_rows() {
        let moved = refined(&[[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0]], &[[1.0, 0.0], [-0.5, 0.0]]);
        let expected = units(&Dense::from_values(2, vec![0.9, 0.3, -1.0, 0.0]));
        assert!(
            moved
                .values()
                .iter()
                .zip(expected.values())
                .all(|(a, b)| (a - b).abs() < 1e-12)
        );
    }

    #[test]
    fn rows_out_of_reach_pull_no_centre() {
        let rows = stratum(&[[1.0, 0.0], [0.0, 1.0]]);
        let moved = refine(&rows, &Dense::from_values(2, vec![1.0, 0.0]), &[Some(0), None], 1);
        assert_eq!(moved.values(), [1.0, 0.0]);
    }

    #[test]
    fn a_seed_without_rows_attracts_none() {
        let moved = refined(
            &[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
            &[[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]],
        );
        assert_eq!(moved.row(2), [0.0, 0.0]);
        assert!(moved.values().iter().all(|value| value.is_finite()));
    }

    #[test]
    fn more_seeds_than_rows_stay_as_they_are() {
        let moved = refined(&[[1.0, 0.0]], &[[1.0, 0.0], [0.0, 2.0]]);
        assert_eq!(moved.values(), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn no_seed_is_no_centre() {
        assert_eq!(refined(&[[1.0, 0.0]], &[]).height(), 0);
    }
}
