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
use super::vectors::Sparse;
use super::{kmeans, quality};

/// Smallest cosine between a ticket and the centre of its group. Below it a ticket shares less with the group than a
/// chance ticket of another theme often does; carrying centres from one half-year to the next worked best at 0.4 too.
pub(super) const FAR: f64 = 0.4;

/// Smallest mean likeness, in their own words and concepts, of texts that are one group. A space of few dimensions puts
/// texts side by side that share next to nothing. Of planted themes worded in many ways nine in ten groups that held half
/// of one stood above 0.042; with 0.05 here, and a stability of 0.6, a third of them was lost. Those of no theme stood at 0.034 in the
/// middle, so this bar leaves out those that nobody could name and no more.
const HOLDS: f64 = 0.03;

/// One stratum as numbers.
pub(super) struct Stratum {
    /// One unit vector a row, in content order; all zero where the reduction saw nothing.
    pub(super) vectors: Dense,
    /// Tickets of each row.
    pub(super) weights: Vec<usize>,
    /// The rows before reduction.
    pub(super) texts: Sparse,
}

impl Stratum {
    /// Copies the chosen rows, in the order given.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        Self {
            vectors: self.vectors.select(rows),
            weights: rows.iter().map(|row| self.weights[*row]).collect(),
            texts: self.texts.select(rows),
        }
    }

    /// Rows that have a direction.
    pub(super) fn visible(&self) -> Vec<usize> {
        (0..self.weights.len())
            .filter(|&row| has_direction(self.vectors.row(row)))
            .collect()
    }

    /// Says whether rows may be a group: enough tickets, and alike in what they say.
    pub(super) fn holds(&self, rows: &[usize], min_size: usize) -> bool {
        !rows.is_empty() && self.tickets(rows) >= min_size && self.texts.likeness(rows) >= HOLDS
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
///
/// k-means refines over the rows within reach of a seed only: a stray row would pull a centre towards itself.
pub(super) fn partition(stratum: &Stratum, cut: f64, options: &Options) -> Partition {
    let min_size = options.min_size.max(1);
    let seeds = seed(stratum, cut, min_size);
    let linked = absorb(stratum, &seeds);
    let centres = kmeans::refine(stratum, &seeds.centroids, &linked, options.seed);
    let refined = assign(stratum, &centres, min_size);
    let linked = dissolve(stratum, linked, min_size);

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
fn absorb(stratum: &Stratum, seeds: &Seeds) -> Vec<Option<usize>> {
    let mut labels = seeds.labels.clone();
    let open: Vec<usize> = (0..labels.len()).filter(|&row| labels[row].is_none()).collect();
    for (&row, near) in open.iter().zip(label(stratum, &open, &units(&seeds.centroids))) {
        labels[row] = near;
    }
    labels
}

/// Gives every row to the nearest centre. Centres whose rows do not hold as a group are dropped, and their rows go to
/// the next within reach.
fn assign(stratum: &Stratum, centres: &Dense, min_size: usize) -> Vec<Option<usize>> {
    let all: Vec<usize> = (0..stratum.weights.len()).collect();
    let mut labels = label(stratum, &all, centres);
    let gathered = gather(&labels);
    let holds = |rows: &Vec<usize>| stratum.holds(rows, min_size);
    let (kept, dropped): (Vec<usize>, Vec<usize>) =
        (0..gathered.len()).partition(|&centre| holds(&gathered[centre]));
    if dropped.is_empty() {
        return labels;
    }
    // The nearest of all centres is the nearest of those kept, if it is one of them.
    let open: Vec<usize> = dropped
        .into_iter()
        .flat_map(|centre| gathered[centre].clone())
        .collect();
    let near = label(stratum, &open, &centres.select(&kept));
    for (row, near) in open.into_iter().zip(near) {
        labels[row] = near.map(|place| kept[place]);
    }
    dissolve(stratum, labels, min_size)
}

/// Takes the label from rows that do not hold as a group.
fn dissolve(stratum: &Stratum, mut labels: Vec<Option<usize>>, min_size: usize) -> Vec<Option<usize>> {
    for rows in gather(&labels) {
        if !stratum.holds(&rows, min_size) {
            rows.into_iter().for_each(|row| labels[row] = None);
        }
    }
    labels
}

/// Gathers the rows of each label; a label nobody has is empty.
pub(super) fn gather(labels: &[Option<usize>]) -> Vec<Vec<usize>> {
    let count = labels.iter().flatten().max().map_or(0, |&last| last + 1);
    let mut gathered = vec![Vec::new(); count];
    for (row, label) in labels.iter().enumerate() {
        label.iter().for_each(|&label| gathered[label].push(row));
    }
    gathered
}

/// Finds the nearest centre of each of some rows, `None` where all are [`FAR`].
pub(super) fn label(stratum: &Stratum, rows: &[usize], centres: &Dense) -> Vec<Option<usize>> {
    let near = |row| nearest(centres, stratum.vectors.row(row)).filter(|&(_, cosine)| cosine >= FAR);
    rows.par_iter()
        .map(|&row| near(row).map(|(centre, _)| centre))
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
impl Stratum {
    /// A stratum whose texts say what its vectors say.
    pub(super) fn of(vectors: Dense, weights: Vec<usize>) -> Self {
        let texts = Sparse::from_dense(&vectors);
        Self {
            vectors,
            weights,
            texts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(angles: &[f64]) -> Stratum {
        let row = |angle: &f64| [angle.to_radians().cos(), angle.to_radians().sin()];
        let vectors = Dense::from_values(2, angles.iter().flat_map(row).collect());
        Stratum::of(vectors, vec![1; angles.len()])
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
    fn texts_without_a_common_word_are_no_group_however_near() {
        let mut stratum = fan(&[0.0, 1.0, 2.0, 3.0]);
        stratum.texts = Sparse::from_dense(&Dense::build(4, 4, |row, into| into[row] = 1.0));
        let found = partition(&stratum, 0.7, &Options::default());
        assert_eq!(
            (found.labels, found.linkage.groups, found.kmeans.groups),
            (vec![None; 4], 0, 0)
        );
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
        let stratum = Stratum::of(Dense::from_values(2, vec![0.0; 10]), vec![3; 5]);
        assert_eq!(partition(&stratum, 0.7, &Options::default()).labels, [None; 5]);
    }
}
