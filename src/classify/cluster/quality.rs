//! Says how well separated the groups of a stratum are, and which of the two ways to them to keep.
//!
//! The silhouette is our own: linfa's gives a singleton 1 where the definition says 0, which rewards splitting, and NaN
//! for identical points.

use rayon::prelude::*;

use super::dense::{Dense, add_scaled, dot};
use super::sample::spread;
use super::strata::Stratum;

/// Most rows whose silhouette is computed, evenly spread; the clusters they are compared with are always whole.
const MOST_ROWS: usize = 2_000;

/// Silhouette k-means may cost before the groups of linkage are kept instead. K-means is preferred because its groups
/// are the more stable ones when tickets are left out (0.87 of pairs kept); a difference below this is noise.
const TOLERATED_LOSS: f64 = 0.01;

/// The way to the groups of a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Average linkage; what it leaves out goes to the nearest group within reach.
    Linkage,
    /// k-means from the centres that linkage found.
    KMeans,
}

impl Method {
    /// Returns the name that outputs show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linkage => "linkage",
            Self::KMeans => "kmeans",
        }
    }
}

/// Measures of one way to group a stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Number of groups.
    pub groups: usize,
    /// Tickets that belong to a group.
    pub assigned: usize,
    /// Mean silhouette over tickets in a group, by cosine distance, -1 to 1; `None` with fewer than two groups.
    ///
    /// A ticket alone in its group counts 0. Of strata with more than 2,000 different texts, an even sample is measured.
    pub silhouette: Option<f64>,
}

/// How the groups of one stratum came about.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumQuality {
    /// The pattern the rules are sure of; `None` is the pool of all other tickets.
    pub stratum: Option<String>,
    /// Tickets with text in the stratum.
    pub tickets: usize,
    /// Average linkage without k-means.
    pub linkage: Quality,
    /// Average linkage, then k-means.
    pub kmeans: Quality,
    /// The way that was kept: k-means, unless it lowers the silhouette by more than 0.01 (one group alone counts 0).
    pub chosen: Method,
}

/// Keeps k-means unless it costs more than [`TOLERATED_LOSS`].
pub(super) fn choose(linkage: &Quality, kmeans: &Quality) -> Method {
    let loss = linkage.silhouette.unwrap_or(0.0) - kmeans.silhouette.unwrap_or(0.0);
    if loss > TOLERATED_LOSS {
        Method::Linkage
    } else {
        Method::KMeans
    }
}

/// Measures a labelling of the rows of a stratum.
pub(super) fn measure(stratum: &Stratum, labels: &[Option<usize>]) -> Quality {
    let clusters = Clusters::gather(stratum, labels);
    let assigned: Vec<usize> = (0..labels.len()).filter(|&row| labels[row].is_some()).collect();
    let groups = clusters.sizes.iter().filter(|&&size| size > 0).count();
    let sample = spread(&assigned, &stratum.weights, MOST_ROWS);
    let weighted = |&row: &usize| {
        let of_one = |own| clusters.silhouette(stratum.vectors.row(row), own);
        stratum.weights[row] as f64 * labels[row].map_or(0.0, of_one)
    };
    let silhouettes: Vec<f64> = sample.par_iter().map(weighted).collect();
    let silhouette = (groups > 1).then(|| silhouettes.iter().sum::<f64>() / stratum.tickets(&sample) as f64);
    Quality {
        groups,
        assigned: stratum.tickets(&assigned),
        silhouette,
    }
}

/// Sum and number of the tickets in each cluster: enough for mean distances, because the mean cosine of a unit vector
/// to a cluster is its product with the cluster's sum over the cluster's size.
struct Clusters {
    sums: Dense,
    sizes: Vec<usize>,
}

impl Clusters {
    fn gather(stratum: &Stratum, labels: &[Option<usize>]) -> Self {
        let count = labels.iter().flatten().max().map_or(0, |&last| last + 1);
        let width = stratum.vectors.width();
        let mut clusters = Self {
            sums: Dense::from_values(width, vec![0.0; count * width]),
            sizes: vec![0; count],
        };
        for (row, label) in labels
            .iter()
            .enumerate()
            .filter_map(|(row, label)| Some((row, (*label)?)))
        {
            let weight = stratum.weights[row];
            add_scaled(
                clusters.sums.row_mut(label),
                stratum.vectors.row(row),
                weight as f64,
            );
            clusters.sizes[label] += weight;
        }
        clusters
    }

    /// Computes the silhouette of one ticket (Rousseeuw, 1987).
    fn silhouette(&self, row: &[f64], own: usize) -> f64 {
        let distances = |cluster: usize| self.sizes[cluster] as f64 - dot(self.sums.row(cluster), row);
        if self.sizes[own] < 2 {
            return 0.0;
        }
        let others = (0..self.sizes.len()).filter(|&cluster| cluster != own && self.sizes[cluster] > 0);
        let nearest = others
            .map(|cluster| distances(cluster) / self.sizes[cluster] as f64)
            .fold(f64::INFINITY, f64::min);
        // Its own distance to itself is zero and not part of the mean.
        let within = (distances(own) / (self.sizes[own] - 1) as f64).max(0.0);
        let larger = within.max(nearest);
        if larger > 0.0 && larger.is_finite() {
            (nearest - within) / larger
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(angles: &[f64], weights: &[usize]) -> Stratum {
        let row = |angle: &f64| [angle.to_radians().cos(), angle.to_radians().sin()];
        Stratum::of(
            Dense::from_values(2, angles.iter().flat_map(row).collect()),
            weights.to_vec(),
        )
    }

    fn silhouette(stratum: &Stratum, labels: &[usize]) -> Option<f64> {
        measure(
            stratum,
            &labels.iter().map(|&label| Some(label)).collect::<Vec<_>>(),
        )
        .silhouette
    }

    /// The definition, pair by pair.
    fn by_pairs(stratum: &Stratum, labels: &[usize]) -> f64 {
        let distance = |a: usize, b: usize| 1.0 - dot(stratum.vectors.row(a), stratum.vectors.row(b));
        let mean = |row: usize, cluster: usize| {
            let others: Vec<f64> = (0..labels.len())
                .filter(|&b| b != row && labels[b] == cluster)
                .map(|b| distance(row, b))
                .collect();
            others.iter().sum::<f64>() / others.len() as f64
        };
        let of_row = |row: usize| {
            let within = mean(row, labels[row]);
            let clusters =
                (0..=labels.iter().copied().max().unwrap()).filter(|&cluster| cluster != labels[row]);
            let nearest = clusters
                .map(|cluster| mean(row, cluster))
                .fold(f64::INFINITY, f64::min);
            if within.is_nan() {
                0.0
            } else {
                (nearest - within) / within.max(nearest)
            }
        };
        (0..labels.len()).map(of_row).sum::<f64>() / labels.len() as f64
    }

    #[test]
    fn sums_give_the_silhouette_of_the_definition() {
        let stratum = plane(&[0.0, 20.0, 50.0, 100.0, 110.0, 170.0, 300.0], &[1; 7]);
        let labels = [0, 0, 0, 1, 1, 2, 2];
        assert!((silhouette(&stratum, &labels).unwrap() - by_pairs(&stratum, &labels)).abs() < 1e-12);
    }

    #[test]
    fn a_weight_is_as_many_rows() {
        let one = silhouette(&plane(&[0.0, 30.0, 90.0, 120.0], &[3, 1, 1, 1]), &[0, 0, 1, 1]);
        let many = silhouette(
            &plane(&[0.0, 0.0, 0.0, 30.0, 90.0, 120.0], &[1; 6]),
            &[0, 0, 0, 0, 1, 1],
        );
        assert!((one.unwrap() - many.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn singletons_count_zero_and_identical_points_are_a_number() {
        assert_eq!(silhouette(&plane(&[0.0, 90.0], &[1, 1]), &[0, 1]), Some(0.0));
        assert_eq!(silhouette(&plane(&[5.0; 4], &[1; 4]), &[0, 0, 1, 1]), Some(0.0));
    }

    #[test]
    fn one_group_has_no_silhouette() {
        let quality = measure(&plane(&[0.0, 1.0], &[2, 3]), &[Some(0), None]);
        assert_eq!(
            quality,
            Quality {
                groups: 1,
                assigned: 2,
                silhouette: None
            }
        );
    }

    #[test]
    fn k_means_is_kept_unless_it_costs_more_than_a_hundredth() {
        let quality = |silhouette| Quality {
            groups: 2,
            assigned: 9,
            silhouette,
        };
        assert_eq!(choose(&quality(Some(0.305)), &quality(Some(0.3))), Method::KMeans);
        assert_eq!(choose(&quality(Some(0.32)), &quality(Some(0.3))), Method::Linkage);
        assert_eq!(choose(&quality(Some(0.32)), &quality(None)), Method::Linkage);
        assert_eq!(choose(&quality(None), &quality(None)), Method::KMeans);
    }
}
