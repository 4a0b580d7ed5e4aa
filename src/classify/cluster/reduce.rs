//! Brings the sparse rows into a space of few dimensions in which cosine means likeness.
//!
//! The space is spanned by the leading right singular vectors of the TF-IDF matrix, found by subspace iteration from a
//! seeded start, with sparse products only. Everything after works with cosines, which no rotation of the basis can
//! change: the span is what matters, so single vectors are neither separated nor given a sign.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;
use rayon::prelude::*;

use super::dense::{Dense, add_scaled, dot, normalise};
use super::sample::spread;
use super::vectors::Sparse;

/// Most rows the space is fitted on; the rest is only projected.
const MOST_FIT_ROWS: usize = 20_000;

/// Rounds of the iteration: eight capture all but 2 % of the energy that forty more would (held by a test below). What
/// still moves are the last directions, where neighbouring singular values hardly differ.
const ROUNDS: usize = 8;

/// Vectors multiplied at a time: as many as fit into registers.
const STRIP: usize = 8;

/// Shortest projection, of a row of length one, that still says a direction.
const SHORTEST: f64 = 1e-6;

/// Dimensions for so many rows of known patterns. Few rows need few dimensions: an eighth of the rows but at least 8 and
/// at most 30 under 500 rows, 50 up to 2,000, 100 above (measured with 71, 140, 300 and 3,000 tickets).
pub(super) fn of_strata(rows: usize) -> usize {
    match rows {
        0..500 => (rows / 8).clamp(8, 30),
        500..=2_000 => 50,
        _ => 100,
    }
}

/// Dimensions for so many rows of the pool: two thirds of their square root, so 9 for 180 rows, 30 for 2,000. Themes are
/// few, and each is worded in many ways: with 15 dimensions for 180 rows two thirds as many came out in one piece, with
/// 30 a third.
pub(super) fn of_pool(rows: usize) -> usize {
    let root = (rows as f64).sqrt();
    ((root * 2.0 / 3.0).round() as usize).clamp(8, 100)
}

/// Returns every row as a unit vector; a row the space does not see becomes zero.
///
/// With fewer rows or columns than dimensions there is nothing to reduce, and rows keep their columns.
pub(super) fn reduce(matrix: &Sparse, weights: &[usize], dimensions: usize, seed: u64) -> Dense {
    if matrix.height().min(matrix.width()) <= dimensions {
        return Dense::build(matrix.height(), matrix.width(), |row, into| {
            matrix
                .row(row)
                .iter()
                .for_each(|&(column, value)| into[column as usize] = f64::from(value));
            normalise(into, SHORTEST);
        });
    }
    let rows: Vec<usize> = (0..matrix.height()).collect();
    let sample = matrix.select(&spread(&rows, weights, MOST_FIT_ROWS));
    let basis = leading(&sample, dimensions, seed).transposed();
    Dense::build(matrix.height(), dimensions, |row, into| {
        for &(column, value) in matrix.row(row) {
            add_scaled(into, basis.row(column as usize), f64::from(value));
        }
        normalise(into, SHORTEST);
    })
}

/// Finds an orthonormal basis of the leading right singular vectors, one vector a row.
fn leading(matrix: &Sparse, dimensions: usize, seed: u64) -> Dense {
    let mut random = Xoshiro256Plus::seed_from_u64(seed);
    let start = (0..matrix.width() * dimensions)
        .map(|_| random.gen_range(-1.0..1.0))
        .collect();
    let mut basis = Dense::from_values(dimensions, start).transposed();
    orthonormalise(&mut basis);
    for _ in 0..ROUNDS {
        basis = product(matrix, &basis);
        orthonormalise(&mut basis);
    }
    basis
}

/// Multiplies each vector by the matrix and then by its transpose.
///
/// Several vectors at a time, so that a row of the matrix is read once for both products and what lies between them
/// stays in registers. Threads share out the vectors: every sum runs over the rows of the matrix in their order.
fn product(matrix: &Sparse, vectors: &Dense) -> Dense {
    let strips: Vec<Vec<f64>> = vectors
        .values()
        .par_chunks(STRIP * matrix.width())
        .map(|strip| strip_product(matrix, strip))
        .collect();
    Dense::from_values(matrix.width(), strips.concat())
}

/// Multiplies at most [`STRIP`] vectors, which stand side by side for it.
fn strip_product(matrix: &Sparse, vectors: &[f64]) -> Vec<f64> {
    let mut from = vec![[0.0; STRIP]; matrix.width()];
    for (lane, vector) in vectors.chunks_exact(matrix.width()).enumerate() {
        from.iter_mut()
            .zip(vector)
            .for_each(|(lanes, &value)| lanes[lane] = value);
    }
    let mut into = vec![[0.0; STRIP]; matrix.width()];
    for row in 0..matrix.height() {
        let mut along = [0.0; STRIP];
        for &(column, value) in matrix.row(row) {
            add_lanes(&mut along, &from[column as usize], f64::from(value));
        }
        for &(column, value) in matrix.row(row) {
            add_lanes(&mut into[column as usize], &along, f64::from(value));
        }
    }
    let lanes = 0..vectors.len() / matrix.width();
    lanes
        .flat_map(|lane| into.iter().map(move |lanes| lanes[lane]))
        .collect()
}

fn add_lanes(into: &mut [f64; STRIP], lanes: &[f64; STRIP], factor: f64) {
    for lane in 0..STRIP {
        into[lane] += factor * lanes[lane];
    }
}

/// Makes the vectors orthonormal by modified Gram-Schmidt; one that depends on those before it becomes zero.
///
/// Each vector is cleared of its predecessors twice: once loses orthogonality when vectors are nearly parallel, as they
/// are after a round of the iteration, twice is enough (Giraud, Langou and Rozložník, 2005).
fn orthonormalise(vectors: &mut Dense) {
    let width = vectors.width();
    for row in 0..vectors.height() {
        let (before, from) = vectors.split_at_mut(row);
        let current = &mut from[..width];
        let length = dot(current, current).sqrt();
        for _ in 0..2 {
            for earlier in before.chunks_exact(width) {
                let along = dot(earlier, current);
                add_scaled(current, earlier, -along);
            }
        }
        normalise(current, length * 1e-10);
    }
}

#[cfg(test)]
mod tests {
    use super::super::discovery::Item;
    use super::super::rows::Rows;
    use super::super::vectors::weigh;
    use super::*;

    /// `count` texts of four words each, from `themes` themes with twenty words of their own.
    fn themed(count: usize, themes: usize) -> Sparse {
        let items: Vec<Item> = (0..count)
            .map(|id| {
                let word =
                    |nth: usize| format!("theme{}-{}", id % themes, (id / themes * 7 + nth * nth) % 20);
                Item {
                    id: format!("t{id}"),
                    tokens: (0..4).map(word).collect(),
                    ..Item::default()
                }
            })
            .collect();
        let rows = Rows::collect(&items);
        weigh(&rows, 0..rows.list.len())
    }

    #[test]
    fn the_basis_is_orthonormal() {
        let basis = leading(&themed(200, 3), 30, 7);
        for (left, right) in (0..30).flat_map(|left| (0..=left).map(move |right| (left, right))) {
            let expected = if left == right { 1.0 } else { 0.0 };
            assert!((dot(basis.row(left), basis.row(right)) - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn more_rounds_would_capture_hardly_more() {
        let matrix = themed(300, 4);
        // Of unit vectors v the sum of |Av|² = v·AᵀAv.
        let energy = |basis: &Dense| dot(basis.values(), product(&matrix, basis).values());
        let found = leading(&matrix, 10, 1);
        let mut best = found.clone();
        for _ in 0..40 {
            best = product(&matrix, &best);
            orthonormalise(&mut best);
        }
        assert!(energy(&found) > 0.98 * energy(&best));
    }

    #[test]
    fn themes_are_apart_after_reduction() {
        let matrix = themed(240, 3);
        let reduced = reduce(&matrix, &vec![1; matrix.height()], 8, 1);
        assert_eq!((matrix.height(), reduced.width()), (60, 8));
        assert!(reduced.rows().all(|row| (dot(row, row) - 1.0).abs() < 1e-9));
        let theme = |row: usize| matrix.row(row)[0].0 / 20;
        for (left, right) in (0..matrix.height())
            .step_by(7)
            .flat_map(|left| (0..left).map(move |right| (left, right)))
        {
            let cosine = dot(reduced.row(left), reduced.row(right));
            assert!(
                theme(left) == theme(right) || cosine.abs() < 0.2,
                "{left} {right} {cosine}"
            );
        }
    }

    #[test]
    fn a_few_rows_keep_their_columns() {
        let matrix = themed(6, 2);
        let reduced = reduce(&matrix, &[1; 6], 8, 1);
        assert_eq!(reduced.width(), matrix.width());
        assert!(reduced.rows().all(|row| (dot(row, row) - 1.0).abs() < 1e-9));
    }
}
