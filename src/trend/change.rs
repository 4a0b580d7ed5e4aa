//! Whether a series moved to another level, since when, and by how much.
//!
//! A quarter against another sees little at small counts. A change that lasts shows when all whole quarters before it are
//! set against all since: of the borders between quarters the one that parts them best, with its p multiplied by the
//! number of borders (Bonferroni), since the best of several was chosen. A season is not taken for a change: where quarters
//! on both sides of a border lie a year apart, these alone are compared as well, which holds whatever the level of each
//! season is, and of both comparisons the more cautious one counts. At most one change a series.

use std::collections::BTreeSet;

use crate::trend::ALPHA;
use crate::trend::ratio::{self, Exposed, Ratio};

/// One whole quarter: what was counted, for how much, and which quarter of the year it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) count: usize,
    pub(super) exposure: f64,
    /// Years times four plus quarters, so that a year apart is four.
    pub(super) place: i32,
}

/// A border between quarters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Border {
    /// Place of the first quarter after it.
    pub(super) at: usize,
    /// What was counted before and after it: in all whole quarters, or in those that lie a year apart.
    pub(super) before: Exposed,
    pub(super) after: Exposed,
    /// The rates across it; p and interval allow for the choice of the border.
    pub(super) ratio: Ratio,
}

/// Finds the border that parts the quarters best. `None` with fewer than three quarters, where the border is a plain
/// comparison, with nothing counted, or if across every border the year tells the contrary.
pub(super) fn best_border(levels: &[Level], dispersion: f64) -> Option<Border> {
    if levels.len() < 3 {
        return None;
    }
    let borders = || (1..levels.len()).map(|at| levels.split_at(at));
    let sets = borders().map(|(before, after)| a_year_apart(before, after));
    // Borders that part the same pairs of a year are no choice between several.
    let pairs: BTreeSet<Vec<i32>> = sets
        .map(|(_, new)| new.iter().map(|level| level.place).collect())
        .collect();
    let (borders_count, pairs_count) = (ratio::real(levels.len() - 1), ratio::real(pairs.len()));
    let compared = |before: &[Level], after: &[Level], choices: f64| {
        let (before, after) = (sum(before), sum(after));
        let mut ratio = ratio::compare(before, after, dispersion, ALPHA / choices)?;
        ratio.p = (ratio.p * choices).min(1.0);
        Some((before, after, ratio))
    };
    let across = |(before, after): (&[Level], &[Level])| {
        let all = compared(before, after, borders_count)?;
        let (old, new) = a_year_apart(before, after);
        let (told, at) = (all.2, before.len());
        let (before, after, ratio) = if new.is_empty() {
            all
        } else {
            let year = compared(&old, &new, pairs_count)?;
            if told.rose() != year.2.rose() {
                return None;
            }
            if year.2.p > told.p { year } else { all }
        };
        let border = Border {
            at,
            before,
            after,
            ratio,
        };
        Some((border, told.p))
    };
    borders()
        .filter_map(across)
        .min_by(|(a, plain_a), (b, plain_b)| {
            (a.ratio.p.total_cmp(&b.ratio.p))
                .then(plain_a.total_cmp(plain_b))
                .then(a.at.cmp(&b.at))
        })
        .map(|(border, _)| border)
}

fn sum(levels: &[Level]) -> Exposed {
    Exposed {
        count: levels.iter().map(|level| level.count).sum(),
        exposure: levels.iter().map(|level| level.exposure).sum(),
    }
}

/// The quarters on both sides that lie a year apart, pair by pair.
fn a_year_apart(before: &[Level], after: &[Level]) -> (Vec<Level>, Vec<Level>) {
    let year_before = |new: &Level| before.iter().find(|old| old.place == new.place - 4);
    after
        .iter()
        .filter_map(|new| Some((*year_before(new)?, *new)))
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(counts: &[usize]) -> Vec<Level> {
        let level = |(place, count): (usize, &usize)| Level {
            count: *count,
            exposure: 61.0,
            place: i32::try_from(place).unwrap(),
        };
        counts.iter().enumerate().map(level).collect()
    }

    #[test]
    fn a_step_is_found_where_it_is() {
        let Border { at, ratio, .. } = best_border(&levels(&[80, 76, 82, 38, 42]), 1.0).unwrap();
        assert_eq!(at, 3);
        assert!(
            ratio.p < 0.001 && (ratio.ratio.unwrap() - 0.525).abs() < 0.01,
            "{ratio:?}"
        );
    }

    #[test]
    fn a_slow_growth_is_a_change_somewhere_in_its_middle() {
        let Border { at, ratio, .. } = best_border(&levels(&[6, 9, 14, 20, 29]), 1.0).unwrap();
        assert!((2..=4).contains(&at) && ratio.p < 0.01, "{at} {ratio:?}");
    }

    #[test]
    fn a_peak_that_comes_every_year_is_no_change() {
        let peaks = best_border(&levels(&[90, 30, 31, 29, 92]), 1.0);
        assert!(peaks.is_none_or(|border| border.ratio.p > 0.5), "{peaks:?}");
        let two = best_border(&levels(&[80, 41, 38, 40, 84, 37, 42, 39]), 1.0);
        assert!(two.is_none_or(|border| border.ratio.p > 0.5), "{two:?}");
        let Border { ratio, .. } = best_border(&levels(&[30, 31, 29, 92]), 1.0).unwrap();
        assert!(
            ratio.p < 0.001,
            "without the year before nobody can know: {ratio:?}"
        );
    }

    #[test]
    fn a_step_under_a_peak_of_every_year_is_seen_by_what_lies_a_year_apart() {
        let Border { at, ratio, .. } = best_border(&levels(&[90, 40, 41, 39, 44, 21, 19, 20]), 1.0).unwrap();
        assert!(at == 4 && ratio.p < 0.001, "{at} {ratio:?}");
    }

    #[test]
    fn p_and_interval_are_of_one_comparison() {
        let border = best_border(&levels(&[90, 30, 31, 29, 50]), 1.0).unwrap();
        let told = border.ratio.ratio.unwrap();
        let counted = ratio::real(border.after.count)
            / border.after.exposure
            / (ratio::real(border.before.count) / border.before.exposure);
        assert!(
            (told - counted).abs() < 1e-9 && (border.ratio.lo..=border.ratio.hi.unwrap()).contains(&told)
        );
    }

    #[test]
    fn two_quarters_are_a_plain_comparison_and_nothing_is_nothing() {
        assert!(best_border(&levels(&[40, 20]), 1.0).is_none());
        assert!(best_border(&levels(&[0, 0, 0, 0]), 1.0).is_none());
    }
}
