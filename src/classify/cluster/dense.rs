//! Dense rows of numbers and the few operations the clustering needs on them.
//!
//! Every sum runs in one fixed order, in eight lanes the compiler can vectorise: a result does not depend on threads,
//! nor, as with a tuned matrix product, on what the processor offers. Work is spread over whole rows only.

use rayon::prelude::*;

/// A matrix stored row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dense {
    width: usize,
    values: Vec<f64>,
}

impl Dense {
    /// Fills `height` rows, each on its own; `fill` gets the row's number and the row, all zero.
    pub(super) fn build(height: usize, width: usize, fill: impl Fn(usize, &mut [f64]) + Sync) -> Self {
        let mut values = vec![0.0; height * width];
        values
            .par_chunks_mut(width.max(1))
            .enumerate()
            .for_each(|(row, into)| fill(row, into));
        Self { width, values }
    }

    /// Takes over numbers laid out row by row.
    pub(super) fn from_values(width: usize, values: Vec<f64>) -> Self {
        Self { width, values }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.width..(row + 1) * self.width]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// All numbers, row after row.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Copies the chosen rows, in the order given.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let values = rows.iter().flat_map(|&row| self.row(row)).copied().collect();
        Self {
            width: self.width,
            values,
        }
    }

    /// Splits at a row: the rows before it, and those from it on.
    pub(super) fn split_at_mut(&mut self, row: usize) -> (&mut [f64], &mut [f64]) {
        self.values.split_at_mut(row * self.width)
    }

    pub(super) fn transposed(&self) -> Self {
        let column = |column| (0..self.height()).map(move |row| self.row(row)[column]);
        Self {
            width: self.height(),
            values: (0..self.width).flat_map(column).collect(),
        }
    }

    /// Stacks two matrices; the rows of the narrower one end in zeros.
    pub(super) fn above(&self, below: &Self) -> Self {
        let width = self.width.max(below.width);
        Self::build(self.height() + below.height(), width, |row, into| {
            let from = match row.checked_sub(self.height()) {
                Some(row) => below.row(row),
                None => self.row(row),
            };
            into[..from.len()].copy_from_slice(from);
        })
    }

    /// Appends the rows of another matrix of the same width.
    pub(super) fn append(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
    }
}

/// Multiplies two rows; of two unit rows this is their cosine.
#[inline]
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    in_lanes(left, right, |a, b| a * b)
}

/// Squares the distance between two rows.
#[inline]
pub(super) fn squared_distance(left: &[f64], right: &[f64]) -> f64 {
    in_lanes(left, right, |a, b| (a - b) * (a - b))
}

/// Adds up a term for each pair of numbers, in eight sums side by side.
#[inline]
fn in_lanes(left: &[f64], right: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let (left, left_rest) = left.as_chunks::<8>();
    let (right, right_rest) = right.as_chunks::<8>();
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(&a, &b)| term(a, b)).sum();
    let mut lanes = [0.0; 8];
    for (a, b) in left.iter().zip(right) {
        for lane in 0..8 {
            lanes[lane] += term(a[lane], b[lane]);
        }
    }
    rest + lanes.iter().sum::<f64>()
}

/// Adds `factor` times a row to another.
pub(super) fn add_scaled(into: &mut [f64], row: &[f64], factor: f64) {
    for (sum, value) in into.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

/// Scales a row to length one; a row shorter than `shortest` has no direction worth keeping and becomes zero.
pub(super) fn normalise(row: &mut [f64], shortest: f64) {
    let length = dot(row, row).sqrt();
    let factor = if length > shortest { 1.0 / length } else { 0.0 };
    row.iter_mut().for_each(|value| *value *= factor);
}

/// Says whether a normalised row has a direction at all.
pub(super) fn has_direction(row: &[f64]) -> bool {
    row.iter().any(|value| value.abs() > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_product_counts_lanes_and_remainder() {
        let ones = vec![1.0; 19];
        assert!((dot(&ones, &ones) - 19.0).abs() < 1e-12);
    }

    #[test]
    fn a_short_row_loses_its_direction() {
        let mut row = [3.0, 4.0];
        normalise(&mut row, 1e-9);
        assert!((row[0] - 0.6).abs() < 1e-12 && has_direction(&row));
        let mut nothing = [1e-12, 0.0];
        normalise(&mut nothing, 1e-9);
        assert!(!has_direction(&nothing));
    }

    #[test]
    fn transposing_twice_is_the_same_matrix() {
        let matrix = Dense::from_values(3, (0..12).map(f64::from).collect());
        assert_eq!(matrix.transposed().height(), 3);
        assert_eq!(matrix.transposed().transposed(), matrix);
    }

    #[test]
    fn a_matrix_without_columns_is_empty() {
        let matrix = Dense::build(4, 0, |_, _| {});
        assert_eq!((matrix.height(), matrix.rows().count()), (0, 0));
    }
}
