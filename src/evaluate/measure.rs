//! The measures: shares with their intervals, precision and recall, calibration, coverage against accuracy.

use crate::evaluate::Scored;
use crate::taxonomy::Taxonomy;

/// A share of tickets with its 95 % interval by Wilson's score, which holds for small numbers too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Tickets for which it holds.
    pub right: usize,
    /// All tickets.
    pub all: usize,
}

/// 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_964;

impl Share {
    /// Counts.
    pub fn of(rights: impl Iterator<Item = bool>) -> Self {
        rights.fold(Self { right: 0, all: 0 }, |sum, right| Self {
            right: sum.right + usize::from(right),
            all: sum.all + 1,
        })
    }

    /// Returns the share, 0 to 1; `None` of nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.all > 0).then(|| number(self.right) / number(self.all))
    }

    /// Returns the ends of the interval; `None` of nothing.
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        let (share, n) = (self.value()?, number(self.all));
        let centre = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + Z * Z / n;
        Some((
            ((centre - half) / whole).max(0.0),
            ((centre + half) / whole).min(1.0),
        ))
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The figures that sum up an evaluation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Tickets whose pattern is right, an answer forced for all.
    pub accuracy: Share,
    /// Mean of the patterns' F1; patterns that neither occur nor were found are left out.
    pub macro_f1: Option<f64>,
    /// Of tickets with a known sub-pattern, those that got it.
    pub subpatterns: Share,
    /// Tickets not marked for review.
    pub unmarked: Share,
    /// Of those, the right ones.
    pub unmarked_right: Share,
    /// Of tickets that are no request, those that were left out.
    pub exclusions_found: Share,
    /// Of tickets left out, those that are no request.
    pub exclusions_right: Share,
}

/// How well one pattern is found.
#[derive(Debug, Clone, PartialEq)]
pub struct OfPattern {
    /// Its id.
    pub pattern: String,
    /// Of tickets given the pattern, those that are of it.
    pub precision: Share,
    /// Of tickets of the pattern, those that were given it.
    pub recall: Share,
}

impl OfPattern {
    /// Returns the harmonic mean of precision and recall; `None` if the pattern neither occurs nor was found.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let both = self.precision.all + self.recall.all;
        (both > 0).then(|| number(self.precision.right + self.recall.right) / number(both))
    }
}

pub(super) fn by_pattern(scored: &[Scored<'_>], taxonomy: &Taxonomy) -> Vec<OfPattern> {
    let one = |id: &str| {
        let gold = |one: &&Scored<'_>| {
            let taken = one.right && one.found.pattern != one.gold.pattern;
            if taken {
                one.found.pattern == id
            } else {
                one.gold.pattern == id
            }
        };
        let found = |one: &&Scored<'_>| one.found.pattern == id;
        OfPattern {
            pattern: id.to_owned(),
            precision: Share::of(scored.iter().filter(found).map(|one| one.right)),
            recall: Share::of(scored.iter().filter(gold).map(|one| one.right)),
        }
    };
    taxonomy.patterns.iter().map(|pattern| one(&pattern.id)).collect()
}

pub(super) fn summary(scored: &[Scored<'_>], patterns: &[OfPattern]) -> Summary {
    let f1s: Vec<f64> = patterns.iter().filter_map(OfPattern::f1).collect();
    let unmarked = |one: &&Scored<'_>| !one.found.needs_review;
    let with_sub = scored.iter().filter(|one| one.gold.subpattern.is_some());
    let no_request = scored.iter().filter(|one| one.gold.excluded.is_some());
    // Answers that never speak of exclusion do not say that what was left out is a request.
    let said = scored.iter().any(|one| one.gold.says_excluded);
    let left_out = scored.iter().filter(|one| said && one.found.excluded.is_some());
    Summary {
        accuracy: Share::of(scored.iter().map(|one| one.right)),
        macro_f1: (!f1s.is_empty()).then(|| f1s.iter().sum::<f64>() / number(f1s.len())),
        subpatterns: Share::of(with_sub.map(|one| one.found.subpattern == one.gold.subpattern)),
        unmarked: Share::of(scored.iter().map(|one| unmarked(&one))),
        unmarked_right: Share::of(scored.iter().filter(unmarked).map(|one| one.right)),
        exclusions_found: Share::of(no_request.map(|one| one.found.excluded.is_some())),
        exclusions_right: Share::of(left_out.map(|one| one.gold.excluded.is_some())),
    }
}

/// Answers that were said to be about equally sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Least confidence in it.
    pub from: f64,
    /// Confidence that is no longer in it; the last bin holds 1 too.
    pub to: f64,
    /// Mean confidence; `None` if the bin is empty.
    pub mean: Option<f64>,
    /// How many of them are right.
    pub right: Share,
}

/// Borders of the bins.
const BINS: [f64; 9] = [0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// The expected calibration error: how far stated confidence lies from the share that was right, over the bins,
/// weighted by their tickets (Naeini et al. 2015, with the bins of [`Bin`]); `None` of nothing.
#[must_use]
pub fn calibration_error(bins: &[Bin]) -> Option<f64> {
    let all: usize = bins.iter().map(|bin| bin.right.all).sum();
    let distance = |bin: &Bin| Some((bin.mean? - bin.right.value()?).abs() * number(bin.right.all));
    let sum: f64 = bins.iter().filter_map(distance).sum();
    (all > 0).then(|| sum / number(all))
}

/// Sorts answers, each with how sure it was and whether it was right, into the bins.
#[must_use]
pub fn calibration_of(answers: &[(f64, bool)]) -> Vec<Bin> {
    let bin = |ends: &[f64]| {
        let (from, to) = (ends[0], ends[1]);
        let inside = |answer: &&(f64, bool)| answer.0 >= from && (answer.0 < to || to >= 1.0);
        let right = Share::of(answers.iter().filter(inside).map(|(_, right)| *right));
        let sum: f64 = answers.iter().filter(inside).map(|(sure, _)| sure).sum();
        Bin {
            from,
            to,
            mean: (right.all > 0).then(|| sum / number(right.all)),
            right,
        }
    };
    BINS.windows(2).map(bin).collect()
}

pub(super) fn calibration(scored: &[Scored<'_>]) -> Vec<Bin> {
    let answer = |one: &Scored<'_>| (one.found.confidence, one.right);
    calibration_of(&scored.iter().map(answer).collect::<Vec<_>>())
}

/// How right the surest answers are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// Share of the tickets that are kept, surest first.
    pub coverage: f64,
    /// Confidence of the least sure one kept.
    pub confidence: f64,
    /// How many of those kept are right.
    pub right: Share,
}

pub(super) fn kept(scored: &[Scored<'_>]) -> Vec<Kept> {
    let mut sorted: Vec<&Scored<'_>> = scored.iter().collect();
    sorted.sort_by(|a, b| {
        b.found
            .confidence
            .total_cmp(&a.found.confidence)
            .then_with(|| a.ticket.id.cmp(&b.ticket.id))
    });
    (1..=10)
        .filter_map(|tenth| {
            let count = (sorted.len() * tenth).div_ceil(10);
            let last = sorted.get(count.checked_sub(1)?)?;
            Some(Kept {
                coverage: number(tenth) / 10.0,
                confidence: last.found.confidence,
                right: Share::of(sorted[..count].iter().map(|one| one.right)),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Bin, Share, calibration_error};

    #[test]
    fn the_calibration_error_weighs_bins_by_their_tickets() {
        let bin = |mean, right, all| Bin {
            from: 0.0,
            to: 1.0,
            mean,
            right: Share { right, all },
        };
        let bins = [bin(Some(0.9), 9, 10), bin(Some(0.5), 0, 10), bin(None, 0, 0)];
        let error = calibration_error(&bins).expect("twenty");
        assert!((error - 0.25).abs() < 1e-12, "{error}");
        assert_eq!(calibration_error(&bins[2..]), None);
    }

    #[test]
    fn wilson_intervals_hold_for_small_numbers() {
        let all = Share { right: 10, all: 10 };
        let (low, high) = all.interval().expect("ten");
        assert!((low - 0.7225).abs() < 1e-3 && high > 0.999, "{low} {high}");
        let half = Share { right: 50, all: 100 };
        let (low, high) = half.interval().expect("hundred");
        assert!(
            (low - 0.4038).abs() < 1e-3 && (high - 0.5962).abs() < 1e-3,
            "{low} {high}"
        );
        assert_eq!(Share { right: 0, all: 0 }.interval(), None);
    }
}
