//! Whether a series moved to another level, when, and by how much.
//!
//! A quarter against another sees little at small counts. A change that lasts shows when all whole quarters before it are
//! set against all since: of the borders between quarters the one that parts them best, with its p multiplied by the
//! number of borders (Bonferroni), since the best of several was chosen. Where the year before is known, a season is not
//! taken for a change: quarters on both sides of the border that lie a year apart must have moved the same way, by more
//! than chance explains. At most one change a series.

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
    pub(super) before: Exposed,
    pub(super) after: Exposed,
    /// The rates across it; p and interval allow for the choice of the border.
    pub(super) ratio: Ratio,
}

/// Finds the border that parts the quarters best. `None` with fewer than three quarters, where the border is a plain
/// comparison, or with nothing counted.
pub(super) fn best_border(levels: &[Level], dispersion: f64) -> Option<Border> {
    if levels.len() < 3 {
        return None;
    }
    let borders = ratio::real(levels.len() - 1);
    let across = |at: usize| {
        let (before, after) = levels.split_at(at);
        let (before, after) = (sum(before), sum(after));
        Some(Border {
            at,
            before,
            after,
            ratio: ratio::compare(before, after, dispersion, ALPHA / borders)?,
        })
    };
    let mut best = (1..levels.len())
        .filter_map(across)
        .min_by(|a, b| a.ratio.p.total_cmp(&b.ratio.p).then(a.at.cmp(&b.at)))?;
    best.ratio.p = if holds_for_the_year(levels, &best, dispersion) {
        (best.ratio.p * borders).min(1.0)
    } else {
        1.0
    };
    Some(best)
}

fn sum(levels: &[Level]) -> Exposed {
    Exposed {
        count: levels.iter().map(|level| level.count).sum(),
        exposure: levels.iter().map(|level| level.exposure).sum(),
    }
}

/// Whether the quarters a year apart across a border tell of the same change; true if there are none.
fn holds_for_the_year(levels: &[Level], border: &Border, dispersion: f64) -> bool {
    let (before, after) = levels.split_at(border.at);
    let year_before = |level: &Level| before.iter().find(|old| old.place == level.place - 4);
    let (old, new): (Vec<Level>, Vec<Level>) = after
        .iter()
        .filter_map(|new| Some((*year_before(new)?, *new)))
        .unzip();
    if new.is_empty() {
        return true;
    }
    let moved = |ratio: &Ratio| (ratio.lo > 1.0, ratio.hi.is_some_and(|hi| hi < 1.0));
    ratio::compare(sum(&old), sum(&new), dispersion, ALPHA)
        .is_some_and(|year| moved(&year) != (false, false) && moved(&year) == moved(&border.ratio))
}

/// A week of working days by its first one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    pub(super) day: i64,
    pub(super) count: f64,
    pub(super) days: f64,
}

/// The first working day of the week from which on the counts differ most from those before, in the direction of a change:
/// the split of highest likelihood for Poisson counts, which is where the CUSUM of their log-likelihood ratio turns.
pub(super) fn week_of(weeks: &[Dated], rose: bool) -> Option<i64> {
    let sum = |weeks: &[Dated]| {
        weeks.iter().fold((0.0, 0.0), |(count, days), week| {
            (count + week.count, days + week.days)
        })
    };
    let likelihood = |at: usize| {
        let (before, after) = weeks.split_at(at);
        let ((n, days), (m, more_days)) = (sum(before), sum(after));
        let part = |count: f64, days: f64| {
            if count > 0.0 {
                count * (count / days).ln()
            } else {
                0.0
            }
        };
        ((m / more_days > n / days) == rose).then(|| part(n, days) + part(m, more_days))
    };
    (1..weeks.len())
        .filter_map(|at| Some((at, likelihood(at)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(at, _)| weeks[at].day)
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
        let Border { at, ratio, .. } = best_border(&levels(&[40, 38, 41, 19, 21]), 1.0).unwrap();
        assert_eq!(at, 3);
        assert!(
            ratio.p < 0.001 && (ratio.ratio.unwrap() - 0.504).abs() < 0.01,
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
        let Border { ratio, .. } = best_border(&levels(&[90, 30, 31, 29, 92]), 1.0).unwrap();
        assert!((ratio.p - 1.0).abs() < 1e-12, "{ratio:?}");
        let Border { ratio, .. } = best_border(&levels(&[30, 31, 29, 92]), 1.0).unwrap();
        assert!(
            ratio.p < 0.001,
            "without the year before nobody can know: {ratio:?}"
        );
    }

    #[test]
    fn two_quarters_are_a_plain_comparison_and_nothing_is_nothing() {
        assert!(best_border(&levels(&[40, 20]), 1.0).is_none());
        assert!(best_border(&levels(&[0, 0, 0, 0]), 1.0).is_none());
    }

    #[test]
    fn the_week_of_a_step_is_the_week_of_the_step() {
        let week = |(at, count): (usize, f64)| Dated {
            day: i64::try_from(at).unwrap() * 5,
            count,
            days: 5.0,
        };
        let counts = [4.0, 5.0, 3.0, 4.0, 6.0, 4.0, 1.0, 2.0, 1.0, 0.0, 2.0, 1.0];
        let weeks: Vec<Dated> = counts.into_iter().enumerate().map(week).collect();
        assert_eq!(week_of(&weeks, false), Some(30));
        assert_eq!(week_of(&[], true), None);
    }
}
