//! Says how stable groups are: whether they come out again when the tickets are drawn anew.
//!
//! Of each of twenty bootstrap samples (rows drawn with replacement, so about 63 of 100 are in) groups are made by the
//! same way; a group's figure is the mean, over the samples, of its best Jaccard similarity with any of them, counted
//! over the tickets drawn (Hennig, 2007). Groups of chance dissolve; a theme comes back. The space is not fitted anew:
//! what is asked is whether the tickets hold together, not whether the dimensions do.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;
use rayon::prelude::*;

use super::linkage::seed;
use super::sample::spread;
use super::strata::{Stratum, gather, label, units};

/// Bootstrap samples.
const SAMPLES: u64 = 20;

/// Most rows a sample is drawn from: linkage is quadratic, and a few hundred tell.
const MOST_ROWS: usize = 450;

/// Rows of each group that are among them, where there are more rows: a small group must not be lost between large ones.
const LEAST_EACH: usize = 6;

/// Fewest tickets of a group that a sample must hold to be asked about it.
const FEWEST: usize = 2;

/// How the groups were made whose stability is asked.
pub(super) struct Making {
    /// The cut of linkage.
    pub(super) cut: f64,
    /// Fewest tickets of a group.
    pub(super) min_size: usize,
    /// Seed of the draws.
    pub(super) seed: u64,
}

/// Computes the stability of each group, 0 to 1; `None` for a group that no sample held.
pub(super) fn stability(stratum: &Stratum, labels: &[Option<usize>], making: &Making) -> Vec<Option<f64>> {
    let count = gather(labels).len();
    if count == 0 {
        return Vec::new();
    }
    let asked = asked(stratum, labels);
    let of_samples: Vec<Vec<Option<f64>>> = (0..SAMPLES)
        .into_par_iter()
        .map(|nth| {
            let drawn = draw(&asked, making.seed.wrapping_add(nth));
            let known: Vec<Option<usize>> = drawn.iter().map(|row| labels[*row]).collect();
            let sample = stratum.select(&drawn);
            best_jaccards(&sample.weights, &known, &regroup(&sample, making), count)
        })
        .collect();
    (0..count)
        .map(|group| {
            let figures: Vec<f64> = of_samples.iter().filter_map(|sample| sample[group]).collect();
            (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
        })
        .collect()
}

/// Chooses the rows that samples are drawn from: all, or as many of each group, and a third of them from no group.
fn asked(stratum: &Stratum, labels: &[Option<usize>]) -> Vec<usize> {
    let visible = stratum.visible();
    if visible.len() <= MOST_ROWS {
        return visible;
    }
    let groups = gather(labels);
    let of_groups = MOST_ROWS - MOST_ROWS / 3;
    let each = (of_groups / groups.len().max(1)).max(LEAST_EACH);
    let alone: Vec<usize> = visible.into_iter().filter(|row| labels[*row].is_none()).collect();
    let mut asked: Vec<usize> = groups
        .iter()
        .flat_map(|rows| spread(rows, &stratum.weights, each))
        .collect();
    asked.sort_unstable();
    // More groups than can be asked about: those that are left out of the samples are kept as they are.
    let mut asked = spread(&asked, &stratum.weights, of_groups);
    asked.extend(spread(&alone, &stratum.weights, MOST_ROWS - of_groups));
    asked.sort_unstable();
    asked
}

/// Draws as many rows as there are, with replacement; each once, in order.
fn draw(rows: &[usize], seed: u64) -> Vec<usize> {
    let mut random = Xoshiro256Plus::seed_from_u64(seed);
    let mut drawn = vec![false; rows.len()];
    for _ in 0..rows.len() {
        drawn[random.gen_range(0..rows.len())] = true;
    }
    let drawn = rows.iter().zip(drawn).filter(|(_, is)| *is);
    drawn.map(|(row, _)| *row).collect()
}

/// Groups a sample as the stratum was: seeds by linkage, every row to the nearest.
fn regroup(sample: &Stratum, making: &Making) -> Vec<Option<usize>> {
    let seeds = seed(sample, making.cut, making.min_size.min(FEWEST));
    let all: Vec<usize> = (0..sample.weights.len()).collect();
    label(sample, &all, &units(&seeds.centroids))
}

/// The best Jaccard similarity of each known group with any of the new ones, by tickets.
fn best_jaccards(
    weights: &[usize],
    known: &[Option<usize>],
    new: &[Option<usize>],
    count: usize,
) -> Vec<Option<f64>> {
    let news = gather(new).len();
    let mut shared = vec![vec![0usize; news]; count];
    let (mut of_known, mut of_new) = (vec![0usize; count], vec![0usize; news]);
    for (row, weight) in weights.iter().enumerate() {
        if let Some(group) = known[row] {
            of_known[group] += weight;
        }
        if let Some(group) = new[row] {
            of_new[group] += weight;
        }
        if let (Some(group), Some(new)) = (known[row], new[row]) {
            shared[group][new] += weight;
        }
    }
    (0..count)
        .map(|group| {
            let jaccard = |new: usize| {
                let both = shared[group][new];
                both as f64 / (of_known[group] + of_new[new] - both) as f64
            };
            (of_known[group] >= FEWEST).then(|| (0..news).map(jaccard).fold(0.0, f64::max))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::dense::Dense;
    use super::*;

    const MAKING: Making = Making {
        cut: 0.3,
        min_size: 3,
        seed: 7,
    };

    /// Two bundles of ten rows, at right angles.
    fn bundles() -> Stratum {
        let angle = |row: usize| ((row / 10 * 90 + row % 10) as f64).to_radians();
        let vectors = Dense::build(20, 2, |row, into| {
            into.copy_from_slice(&[angle(row).cos(), angle(row).sin()]);
        });
        Stratum::of(vectors, vec![1; 20])
    }

    #[test]
    fn bundles_come_back_in_every_sample() {
        let labels: Vec<Option<usize>> = (0..20).map(|row| Some(row / 10)).collect();
        assert_eq!(stability(&bundles(), &labels, &MAKING), [Some(1.0), Some(1.0)]);
    }

    #[test]
    fn a_small_group_among_thousands_of_rows_is_asked_about() {
        // One row in a thousand is of the small group, on an axis of its own.
        let vectors = Dense::build(5_000, 2, |row, into| into[usize::from(row % 1_000 == 0)] = 1.0);
        let stratum = Stratum::of(vectors, vec![1; 5_000]);
        let labels: Vec<Option<usize>> = (0..5_000)
            .map(|row| Some(usize::from(row % 1_000 == 0)))
            .collect();
        assert_eq!(stability(&stratum, &labels, &MAKING), [Some(1.0), Some(1.0)]);
        assert!(asked(&stratum, &labels).len() <= MOST_ROWS);
    }

    #[test]
    fn groups_that_nothing_holds_together_do_not() {
        let labels: Vec<Option<usize>> = (0..20).map(|row| Some(row % 2)).collect();
        let figures = stability(&bundles(), &labels, &MAKING);
        assert!(
            figures
                .iter()
                .all(|figure| figure.is_some_and(|figure| figure < 0.5)),
            "{figures:?}"
        );
    }

    #[test]
    fn a_group_that_no_sample_can_hold_is_not_judged() {
        let mut labels = vec![None; 20];
        labels[3] = Some(0);
        assert_eq!(stability(&bundles(), &labels, &MAKING), [None]);
        assert!(stability(&bundles(), &vec![None; 20], &MAKING).is_empty());
    }

    #[test]
    fn a_draw_holds_about_two_thirds_of_the_rows_in_order() {
        let rows: Vec<usize> = (0..1_000).map(|row| row * 3).collect();
        let drawn = draw(&rows, 1);
        assert!((600..670).contains(&drawn.len()), "{}", drawn.len());
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(drawn, draw(&rows, 1));
    }
}
