//! Groups the rows of one stratum: seeds by linkage, refined by k-means, the better of the two kept.
//!
//! A stratum is a pattern the rules are sure of, or the pool of all other tickets. A row with several tickets counts
//! once where places are computed and with its tickets where sizes are. Works on unit vectors only; what the rows say
//! is left to `groups` and `naming`.

use rayon::prelude::*;

use super::dense::{Dense, add_scaled, dot, has_direction, normalise};
use super::discovery::Options;
use super::linkage::{Seeds, seed};
use super::quality::{Method, Quality, measure};
use super::{kmeans, quality};

/// Smallest cosine between a ticket and the centre of its group. Below it a ticket shares less with the group than a
/// chance ticket of another theme often does; carrying centres from one half-year to the next worked best at 0.4 too.
pub(super) const FAR: f64 = 0.4;

/// One stratum as numbers.
pub(super) struct Stratum {
    /// One unit vector a row, in content order; all zero where the reduction saw nothing.
    pub(super) vectors: Dense,
    /// Tickets of each row.
    pub(super) weights: Vec<usize>,
}

impl Stratum {
    /// Rows that have a direction.
    pub(super) fn visible(&self) -> Vec<usize> {
        (0..self.weights.len())
            .filter(|&row| has_direction(self.vectors.row(row)))
            .collect()
    }

    /// Counts the tickets of some rows.
    pub(super) fn tickets(&self, rows: &[usize]) -> usize {
        rows.iter().map(|&row| self.weights[row]).sum()
    }
}

/// The groups of a stratum, and how both ways to them compare.
pub(super) struct Partition {
    /// One entry a row: its group, or `None` when it belongs to none.
    pub(super) labels: Vec<Option<usize>>,
    pub(super) linkage: Quality,
    pub(super) kmeans: Quality,
    pub(super) chosen: Method,
}

/// Groups the rows of a stratum; `cut` is the average cosine distance up to which tickets are one group.
pub(super) fn partition(stratum: &Stratum, cut: f64, options: &Options) -> Partition {
    let min_size = options.min_size.max(1);
    let seeds = seed(stratum, cut, min_size);
    let refined = kmeans::refine(stratum, &seeds.centroids, options.seed);
    let refined = assign(stratum, &refined, min_size);
    let linked = absorb(stratum, seeds);
    let (linkage, kmeans) = (measure(stratum, &linked), measure(stratum, &refined));
    let chosen = quality::choose(&linkage, &kmeans);
    let labels = match chosen {
        Method::Linkage => linked,
        Method::KMeans => refined,
    };
    Partition {
        labels,
        linkage,
        kmeans,
        chosen,
    }
}

/// Gives the rows linkage left out to the nearest seed, so that both ways leave out by the same rule.
fn absorb(stratum: &Stratum, seeds: Seeds) -> Vec<Option<usize>> {
    let near = label(stratum, &units(&seeds.centroids));
    seeds
        .labels
        .into_iter()
        .zip(near)
        .map(|(linked, near)| linked.or(near))
        .collect()
}

/// Gives every row to the nearest centre; centres left with fewer than `min_size` tickets are dropped first.
fn assign(stratum: &Stratum, centres: &Dense, min_size: usize) -> Vec<Option<usize>> {
    let labels = label(stratum, centres);
    let mut sizes = vec![0; centres.height()];
    for (label, weight) in labels.iter().zip(&stratum.weights) {
        label.iter().for_each(|&label| sizes[label] += weight);
    }
    let kept: Vec<usize> = (0..sizes.len())
        .filter(|&centre| sizes[centre] >= min_size)
        .collect();
    if kept.len() == sizes.len() {
        labels
    } else {
        label(stratum, &centres.select(&kept))
    }
}

/// Finds the nearest centre of every row, `None` where all are [`FAR`].
fn label(stratum: &Stratum, centres: &Dense) -> Vec<Option<usize>> {
    let near = |row| nearest(centres, stratum.vectors.row(row)).filter(|&(_, cosine)| cosine >= FAR);
    (0..stratum.weights.len())
        .into_par_iter()
        .map(|row| near(row).map(|(centre, _)| centre))
        .collect()
}

/// Finds the centre with the highest cosine, the first of equals; all are unit vectors.
pub(super) fn nearest(centres: &Dense, row: &[f64]) -> Option<(usize, f64)> {
    let cosines = centres.rows().map(|centre| dot(centre, row)).enumerate();
    cosines.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Scales every row to length one.
pub(super) fn units(rows: &Dense) -> Dense {
    let mut units = rows.clone();
    (0..units.height()).for_each(|row| normalise(units.row_mut(row), 0.0));
    units
}

/// Averages the rows of each label, scaled to length one; a label without rows becomes zero.
pub(super) fn centres(vectors: &Dense, labels: impl Iterator<Item = (usize, usize)>, count: usize) -> Dense {
    let mut sums = Dense::from_values(vectors.width(), vec![0.0; count * vectors.width()]);
    for (row, label) in labels {
        add_scaled(sums.row_mut(label), vectors.row(row), 1.0);
    }
    units(&sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(angles: &[f64]) -> Stratum {
        let row = |angle: &f64| [angle.to_radians().cos(), angle.to_radians().sin()];
        let vectors = Dense::from_values(2, angles.iter().flat_map(row).collect());
        Stratum {
            vectors,
            weights: vec![1; angles.len()],
        }
    }

    #[test]
    fn three_bundles_are_three_groups_and_a_stray_stays_out() {
        let stratum = fan(&[0.0, 2.0, 4.0, 90.0, 91.0, 95.0, 180.0, 181.0, 183.0, 250.0]);
        let found = partition(&stratum, 0.3, &Options::default());
        let expected = [0, 0, 0, 1, 1, 1, 2, 2, 2].map(Some);
        assert_eq!(found.labels[..9], expected);
        assert_eq!(
            (found.labels[9], found.linkage.groups, found.kmeans.groups),
            (None, 3, 3)
        );
    }

    #[test]
    fn a_near_row_is_absorbed_whatever_linkage_said() {
        // At 55 degrees the row is beyond the cut of the bundle at 0, yet within reach of its centre.
        let stratum = fan(&[0.0, 1.0, 2.0, 55.0]);
        let found = partition(&stratum, 0.3, &Options::default());
        assert_eq!(found.labels, [Some(0); 4]);
    }

    #[test]
    fn centres_with_too_few_tickets_give_their_rows_away() {
        let stratum = fan(&[0.0, 1.0, 2.0, 30.0]);
        let centres = fan(&[1.0, 30.0]).vectors;
        assert_eq!(assign(&stratum, &centres, 3), [Some(0); 4]);
        assert_eq!(assign(&stratum, &centres, 1)[3], Some(1));
    }

    #[test]
    fn equal_cosines_keep_the_first_centre() {
        assert_eq!(
            nearest(&fan(&[10.0, 10.0]).vectors, &[1.0, 0.0]).map(|best| best.0),
            Some(0)
        );
        assert_eq!(nearest(&fan(&[]).vectors, &[1.0, 0.0]), None);
    }

    #[test]
    fn a_stratum_without_direction_has_no_groups() {
        let stratum = Stratum {
            vectors: Dense::from_values(2, vec![0.0; 10]),
            weights: vec![3; 5],
        };
        assert_eq!(partition(&stratum, 0.7, &Options::default()).labels, [None; 5]);
    }
}
