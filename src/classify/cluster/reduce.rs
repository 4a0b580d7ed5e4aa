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

/// Shortest projection, of a row of length one, that still says a direction.
const SHORTEST: f64 = 1e-6;

/// Returns every row as a unit vector; a row the space does not see becomes zero.
///
/// Few rows need few dimensions: an eighth of the rows but at least 8 and at most 30 under 500 rows, 50 up to 2,000,
/// 100 above (measured with 71, 140, 300 and 3,000 tickets). With fewer rows or columns than that there is nothing to
/// reduce, and rows keep their columns.
pub(super) fn reduce(matrix: &Sparse, weights: &[usize], seed: u64) -> Dense {
    let dimensions = match matrix.height() {
        rows @ 0..500 => (rows / 8).clamp(8, 30),
        500..=2_000 => 50,
        _ => 100,
    };
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
    let basis = leading(
        &matrix.select(&spread(&rows, weights, MOST_FIT_ROWS)),
        dimensions,
        seed,
    );
    let mut reduced = product(matrix, &basis);
    reduced
        .values_mut()
        .par_chunks_mut(dimensions)
        .for_each(|row| normalise(row, SHORTEST));
    reduced
}

/// Finds an orthonormal basis of the leading right singular vectors, one row a column of the matrix.
fn leading(matrix: &Sparse, dimensions: usize, seed: u64) -> Dense {
    let by_column = matrix.transposed();
    let mut random = Xoshiro256Plus::seed_from_u64(seed);
    let start = (0..matrix.width() * dimensions)
        .map(|_| random.gen_range(-1.0..1.0))
        .collect();
    let mut basis = orthonormal(&Dense::from_values(dimensions, start));
    for _ in 0..ROUNDS {
        basis = orthonormal(&product(&by_column, &product(matrix, &basis)));
    }
    basis
}

/// Multiplies a sparse matrix by a dense one.
fn product(left: &Sparse, right: &Dense) -> Dense {
    Dense::build(left.height(), right.width(), |row, into| {
        for &(column, value) in left.row(row) {
            add_scaled(into, right.row(column as usize), f64::from(value));
        }
    })
}

/// Makes the columns orthonormal by modified Gram-Schmidt; a column that depends on those before it becomes zero.
///
/// Each column is cleared of its predecessors twice: once loses orthogonality when columns are nearly parallel, as they
/// are after a round of the iteration, twice is enough (Giraud, Langou and Rozložník, 2005).
fn orthonormal(matrix: &Dense) -> Dense {
    let mut columns = matrix.transposed();
    for column in 0..columns.height() {
        let (before, from) = columns.split_at_mut(column);
        let current = &mut from[..matrix.height()];
        let length = dot(current, current).sqrt();
        for _ in 0..2 {
            for earlier in before.chunks_exact(matrix.height()) {
                let along = dot(earlier, current);
                add_scaled(current, earlier, -along);
            }
        }
        normalise(current, length * 1e-10);
    }
    columns.transposed()
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
        weigh(&Rows::collect(&items))
    }

    #[test]
    fn the_basis_is_orthonormal() {
        let basis = leading(&themed(200, 3), 30, 7).transposed();
        for (left, right) in (0..30).flat_map(|left| (0..=left).map(move |right| (left, right))) {
            let expected = if left == right { 1.0 } else { 0.0 };
            assert!((dot(basis.row(left), basis.row(right)) - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn more_rounds_would_capture_hardly_more() {
        let matrix = themed(300, 4);
        let energy = |basis: &Dense| {
            product(&matrix, basis)
                .values()
                .iter()
                .map(|value| value * value)
                .sum::<f64>()
        };
        let found = leading(&matrix, 10, 1);
        let mut best = found.clone();
        for _ in 0..40 {
            best = orthonormal(&product(&matrix.transposed(), &product(&matrix, &best)));
        }
        assert!(energy(&found) > 0.98 * energy(&best));
    }

    #[test]
    fn themes_are_apart_after_reduction() {
        let matrix = themed(240, 3);
        let reduced = reduce(&matrix, &vec![1; matrix.height()], 1);
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
        let reduced = reduce(&matrix, &[1; 6], 1);
        assert_eq!(reduced.width(), matrix.width());
        assert!(reduced.rows().all(|row| (dot(row, row) - 1.0).abs() < 1e-9));
    }
}
