//! When a level changed: a CUSUM of weekly counts (Page 1954; for Poisson counts Lucas 1985).
//!
//! Only for changes that a test has found: a chart on every series would raise an alarm of its own every few years, which
//! among dozens of series is one in every report. The chart begins to count where the change does, so that the week after its
//! last zero before the alarm is the date.

use crate::trend::gamma::ln_gamma;

/// A calendar week of working days by the first one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    pub(super) day: i64,
    pub(super) count: f64,
    pub(super) days: f64,
}

/// What is known of a change: mean counts per working day before and after, and variance over mean of weekly counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// First working day of the new level's first quarter: an alarm before it is another one's.
    pub(super) from: i64,
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) dispersion: f64,
}

/// Weeks until a false alarm, on average: three years.
const FALSE_ALARM: f64 = 150.0;
/// Fewest counts a week before a change for a chart.
const FEWEST: f64 = 0.5;
/// Working days that a week has for the threshold.
const WEEK: f64 = 5.0;
/// Farthest ratio that a chart is made for: what is larger is found as well, and what falls to nothing has a chart at all.
const FARTHEST: f64 = 4.0;

/// Finds the first working day of the week in which a change began.
///
/// `None` where the chart does not raise its alarm within these weeks, or where there was less than one ticket in two weeks
/// before: then no week can be told.
pub(super) fn onset(weeks: &[Dated], step: Step) -> Option<i64> {
    let usual = step.before * WEEK;
    if usual < FEWEST {
        return None;
    }
    let ratio = (step.after / step.before).clamp(1.0 / FARTHEST, FARTHEST);
    let sign = if ratio > 1.0 { 1.0 } else { -1.0 };
    // The reference value: between both levels, where a count speaks for neither.
    let reference = step.before * (ratio - 1.0) / ratio.ln();
    let chart = Chart {
        sign,
        reference: reference * WEEK,
        usual,
        dispersion: step.dispersion,
    };
    let threshold = chart.threshold()?;
    let (mut sum, mut began) = (0.0_f64, None);
    for week in weeks {
        sum = (sum + sign * (week.count - reference * week.days)).max(0.0);
        if sum <= 0.0 {
            began = None;
        } else {
            began = began.or(Some(week.day));
        }
        if sum >= threshold && week.day + 5 > step.from {
            return began;
        }
    }
    None
}

/// A one-sided chart of weekly counts.
struct Chart {
    /// 1 for a rise, -1 for a fall.
    sign: f64,
    reference: f64,
    usual: f64,
    dispersion: f64,
}

/// Steps of the sum in one count, for the chain of its states.
const GRID: f64 = 4.0;
/// Most states of the chain.
const STATES: usize = 240;

impl Chart {
    /// The least threshold at which a false alarm comes every [`FALSE_ALARM`] weeks at most; `None` beyond the chain.
    fn threshold(&self) -> Option<f64> {
        let chances = self.chances();
        let (mut few, mut enough) = (0, STATES);
        if self.weeks_to_alarm(enough, &chances) < FALSE_ALARM {
            return None;
        }
        while enough - few > 1 {
            let middle = few.midpoint(enough);
            if self.weeks_to_alarm(middle, &chances) < FALSE_ALARM {
                few = middle;
            } else {
                enough = middle;
            }
        }
        Some(super::ratio::real(enough) / GRID)
    }

    /// Chances of 0, 1, 2, ... in a week without a change: Poisson, or negative binomial where counts scatter more.
    fn chances(&self) -> Vec<f64> {
        let spread = (self.usual * self.dispersion.max(1.0)).sqrt();
        let most = self.usual + 10.0 * spread + 10.0;
        let more = self.dispersion - 1.0;
        let ln_chance = |count: f64| {
            if more > 1e-4 {
                let shape = self.usual / more;
                ln_gamma(count + shape)
                    - ln_gamma(shape)
                    - ln_gamma(count + 1.0)
                    - shape * self.dispersion.ln()
                    + count * (more / self.dispersion).ln()
            } else {
                count * self.usual.ln() - self.usual - ln_gamma(count + 1.0)
            }
        };
        std::iter::successors(Some(0.0), |count| Some(count + 1.0))
            .take_while(|count| *count <= most)
            .map(|count| ln_chance(count).exp())
            .collect()
    }

    /// Mean weeks until the sum reaches `states` steps, from zero, if nothing changes: the chain of Brook and Evans (1972).
    fn weeks_to_alarm(&self, states: usize, chances: &[f64]) -> f64 {
        let moves = (0..).map(|count| self.sign * GRID * (f64::from(count) - self.reference));
        let mut rows = vec![vec![0.0; states + 1]; states];
        for (moved, chance) in moves.zip(chances) {
            for (from, row) in rows.iter_mut().enumerate() {
                if let Some(cell) = row[..states].get_mut(step(from, moved)) {
                    *cell -= chance;
                }
            }
        }
        for (from, row) in rows.iter_mut().enumerate() {
            row[from] += 1.0;
            row[states] = 1.0;
        }
        solve_first(rows)
    }
}

/// The state that a move of so many steps leads to.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not below zero, and a chain has few states"
)]
fn step(from: usize, moved: f64) -> usize {
    (super::ratio::real(from) + moved).round().max(0.0) as usize
}

/// Solves a system of linear equations, given with the right sides in the last column, for its first unknown. The systems of
/// the chain are diagonally dominant, so that no rows are swapped.
fn solve_first(mut rows: Vec<Vec<f64>>) -> f64 {
    let size = rows.len();
    // From the last unknown to the first, so that the first one is left.
    for pivot in (1..size).rev() {
        let (above, from) = rows.split_at_mut(pivot);
        let row = &from[0];
        for other in above {
            let factor = other[pivot] / row[pivot];
            for (at, cell) in other.iter_mut().enumerate() {
                *cell -= factor * row[at];
            }
        }
    }
    rows.first().map_or(0.0, |row| row[size] / row[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(counts: &[f64]) -> Vec<Dated> {
        let week = |(at, count): (usize, &f64)| Dated {
            day: i64::try_from(at).unwrap() * 5,
            count: *count,
            days: 5.0,
        };
        counts.iter().enumerate().map(week).collect()
    }

    const HALVED: [f64; 12] = [4.0, 5.0, 3.0, 4.0, 6.0, 4.0, 1.0, 2.0, 1.0, 0.0, 2.0, 1.0];

    fn step(before: f64, after: f64) -> Step {
        Step {
            from: 30,
            before: before / 5.0,
            after: after / 5.0,
            dispersion: 1.0,
        }
    }

    #[test]
    fn the_week_of_a_step_is_the_week_of_the_step() {
        assert_eq!(onset(&weeks(&HALVED), step(26.0 / 6.0, 7.0 / 6.0)), Some(30));
        let risen: Vec<f64> = HALVED.iter().rev().copied().collect();
        assert_eq!(onset(&weeks(&risen), step(7.0 / 6.0, 26.0 / 6.0)), Some(30));
    }

    #[test]
    fn where_no_alarm_is_raised_no_week_is_told() {
        assert_eq!(onset(&weeks(&[4.0; 26]), step(4.0, 2.0)), None);
        assert_eq!(onset(&weeks(&HALVED), step(0.4, 4.0)), None, "too little before");
        assert_eq!(onset(&weeks(&HALVED), step(0.0, 4.0)), None);
        assert_eq!(onset(&[], step(4.0, 2.0)), None);
    }

    /// Mean counts, reference and threshold of `toil-and-automation` section 5.3 of the design facts, which has them for a
    /// false alarm every 150 to 190 weeks.
    #[test]
    fn weeks_to_a_false_alarm_are_those_of_the_table() {
        let table = [
            (1.0, 1.5, 4.5),
            (2.0, 3.0, 4.5),
            (4.0, 5.75, 5.0),
            (8.0, 11.5, 5.0),
            (2.0, 2.5, 7.0),
            (4.0, 5.0, 7.5),
        ];
        for (usual, reference, threshold) in table {
            let chart = Chart {
                sign: 1.0,
                reference,
                usual,
                dispersion: 1.0,
            };
            let states = (threshold * GRID) as usize;
            let weeks = chart.weeks_to_alarm(states, &chart.chances());
            assert!(
                (140.0..=200.0).contains(&weeks),
                "{usual} {reference} {threshold}: {weeks}"
            );
        }
    }

    #[test]
    fn scatter_asks_for_more_before_an_alarm() {
        let chart = |sign, dispersion| Chart {
            sign,
            reference: if sign > 0.0 { 5.75 } else { 3.0 },
            usual: 4.0,
            dispersion,
        };
        for sign in [1.0, -1.0] {
            let (calm, wild) = (
                chart(sign, 1.0).threshold().unwrap(),
                chart(sign, 2.0).threshold().unwrap(),
            );
            assert!(wild > calm + 1.0, "{calm} {wild}");
            let weeks = chart(sign, 2.0).weeks_to_alarm((wild * GRID) as usize, &chart(sign, 2.0).chances());
            assert!(weeks >= FALSE_ALARM);
        }
    }
}
