//! Finds the seeds of a stratum's groups by average linkage.
//!
//! The number of groups is never asked for: two sets of tickets are one group as long as the average cosine distance
//! between them is at most the cut. Measured on labelled tickets, a cut of 0.7 found 35 to 39 groups where people had
//! made 35, and 86 for 77, where silhouette or eigengap ran to the edge of what was offered.

use kodama::Method;
use rayon::prelude::*;

use super::dense::{Dense, add_scaled, dot};
use super::sample::spread;
use super::sets::DisjointSets;
use super::strata::{FAR, Stratum, nearest, units};

/// Most rows one linkage sees; its cost grows with their square (2,000 rows: 16 MB, 0.1 s).
const MOST_ROWS: usize = 2_000;

/// Times the rows far from every seed are sampled again. A theme of twenty tickets among twenty thousand is not in the
/// first sample often enough to be seen, but it is among what the first seeds leave over.
const ROUNDS: usize = 3;

/// Seeds of groups: their centroids, and which rows linkage itself put together.
pub(super) struct Seeds {
    /// Plain means of the seed's rows, not scaled.
    pub(super) centroids: Dense,
    /// One entry a row; `None` where linkage did not look, or found too few tickets.
    pub(super) labels: Vec<Option<usize>>,
}

/// Finds every set of at least `min_size` tickets within the cut.
pub(super) fn seed(stratum: &Stratum, cut: f64, min_size: usize) -> Seeds {
    let vectors = &stratum.vectors;
    let mut seeds = Seeds {
        centroids: Dense::from_values(vectors.width(), Vec::new()),
        labels: vec![None; stratum.weights.len()],
    };
    let mut open: Vec<usize> = stratum.visible();
    for _ in 0..ROUNDS {
        let sample = spread(&open, &stratum.weights, MOST_ROWS);
        let sets = cut_tree(&vectors.select(&sample), cut);
        let before = seeds.centroids.height();
        for set in sets {
            let rows: Vec<usize> = set.into_iter().map(|place| sample[place]).collect();
            if stratum.holds(&rows, min_size) {
                seeds.add(vectors, &rows);
            }
        }
        if sample.len() == open.len() || seeds.centroids.height() == before {
            break;
        }
        // What is open still is far from every earlier seed.
        let new: Vec<usize> = (before..seeds.centroids.height()).collect();
        let new = units(&seeds.centroids.select(&new));
        let far = |row: usize| nearest(&new, vectors.row(row)).is_none_or(|(_, cosine)| cosine < FAR);
        open = open
            .into_par_iter()
            .filter(|&row| seeds.labels[row].is_none() && far(row))
            .collect();
    }
    seeds
}

impl Seeds {
    fn add(&mut self, vectors: &Dense, rows: &[usize]) {
        let mut mean = vec![0.0; vectors.width()];
        for &row in rows {
            add_scaled(&mut mean, vectors.row(row), 1.0 / rows.len() as f64);
            self.labels[row] = Some(self.centroids.height());
        }
        self.centroids.append(&Dense::from_values(vectors.width(), mean));
    }
}

/// Joins unit rows bottom-up while their average cosine distance is at most `cut`; sets by their first row.
fn cut_tree(rows: &Dense, cut: f64) -> Vec<Vec<usize>> {
    let count = rows.height();
    if count < 2 {
        return (0..count).map(|row| vec![row]).collect();
    }
    let mut distances = distances(rows);
    let tree = kodama::linkage(&mut distances, count, Method::Average);
    let mut sets = DisjointSets::new(count);
    // A step names earlier sets by their number; a member of each stands for it.
    let mut member: Vec<usize> = (0..count).collect();
    for step in tree.steps() {
        let (left, right) = (member[step.cluster1], member[step.cluster2]);
        member.push(left);
        if step.dissimilarity <= cut {
            sets.join(left, right);
        }
    }
    let mut gathered: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..count).for_each(|row| gathered[sets.find(row)].push(row));
    gathered.retain(|set| !set.is_empty());
    gathered
}

/// Cosine distances of all pairs: the upper triangle, row by row.
fn distances(rows: &Dense) -> Vec<f64> {
    let count = rows.height();
    let mut distances = vec![0.0; count * (count - 1) / 2];
    let mut rest = distances.as_mut_slice();
    let mut lines = Vec::with_capacity(count);
    for left in 1..=count {
        let (line, below) = rest.split_at_mut(count - left);
        lines.push(line);
        rest = below;
    }
    lines.into_par_iter().enumerate().for_each(|(left, line)| {
        for (distance, right) in line.iter_mut().zip(left + 1..) {
            *distance = (1.0 - dot(rows.row(left), rows.row(right))).max(0.0);
        }
    });
    distances
}

#[cfg(test)]
mod tests {
    use super::super::dense::normalise;
    use super::*;

    /// Unit rows in the plane at the given angles, in degrees.
    fn fan(angles: &[f64]) -> Dense {
        let row = |angle: &f64| [angle.to_radians().cos(), angle.to_radians().sin()];
        Dense::from_values(2, angles.iter().flat_map(row).collect())
    }

    #[test]
    fn the_cut_decides_the_number_of_sets() {
        let rows = fan(&[0.0, 10.0, 80.0, 90.0]);
        assert_eq!(cut_tree(&rows, 0.1), [vec![0, 1], vec![2, 3]]);
        assert_eq!(cut_tree(&rows, 0.9), [vec![0, 1, 2, 3]]);
        assert_eq!(cut_tree(&rows, 0.001).len(), 4);
    }

    #[test]
    fn average_distance_counts_not_the_nearest_pair() {
        // Single linkage would walk along this chain to the end.
        let rows = fan(&[0.0, 25.0, 50.0, 75.0, 100.0, 125.0]);
        assert!(cut_tree(&rows, 0.15).len() >= 3);
    }

    #[test]
    fn no_row_and_one_row_need_no_tree() {
        assert!(cut_tree(&fan(&[]), 0.7).is_empty());
        assert_eq!(cut_tree(&fan(&[30.0]), 0.7), [vec![0]]);
    }

    #[test]
    fn tickets_make_a_seed_not_rows() {
        let stratum = Stratum::of(fan(&[0.0, 90.0, 91.0]), vec![5, 1, 1]);
        let seeds = seed(&stratum, 0.3, 3);
        assert_eq!(seeds.labels, [Some(0), None, None]);
        assert!((seeds.centroids.row(0)[0] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn rows_without_direction_are_not_linked() {
        let mut vectors = fan(&[0.0, 1.0, 2.0, 3.0]);
        normalise(vectors.row_mut(2), 2.0);
        let seeds = seed(&Stratum::of(vectors, vec![1; 4]), 0.7, 3);
        assert_eq!(seeds.labels, [Some(0), Some(0), None, Some(0)]);
    }

    #[test]
    fn a_small_theme_among_thousands_is_found_in_what_is_left() {
        // Eight small themes, each on an axis of its own, beside one theme of 6,000 rows: one row in three is seen.
        let width = 10;
        let vectors = Dense::build(6_040, width, |row, into| {
            let axis = if row < 6_000 { 0 } else { 1 + (row - 6_000) / 5 };
            into[axis] = 1.0;
            into[9] = 0.01 * (row % 7) as f64;
            normalise(into, 0.0);
        });
        let seeds = seed(&Stratum::of(vectors, vec![1; 6_040]), 0.7, 3);
        assert_eq!(seeds.centroids.height(), 9);
    }
}
