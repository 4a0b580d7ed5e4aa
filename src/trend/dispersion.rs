//! How much more than chance a series scatters from week to week.

/// A stretch of the same working days in every quarter's own level: what was counted and for how many days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Week {
    pub(super) count: f64,
    /// Working days, at most five.
    pub(super) days: f64,
}

/// Fewest degrees of freedom for an estimate: about a quarter of weeks.
const FEWEST: f64 = 8.0;

/// Pearson's chi-squared of weekly counts against a level of its own for each quarter, and its degrees of freedom.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Scatter {
    chi_squared: f64,
    freedom: f64,
}

impl Scatter {
    /// Adds what another series tells, for an estimate of several together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            chi_squared: self.chi_squared + other.chi_squared,
            freedom: self.freedom + other.freedom,
        }
    }

    /// Variance over mean; `None` with too few weeks.
    pub(super) fn dispersion(self) -> Option<f64> {
        (self.freedom >= FEWEST).then(|| self.chi_squared / self.freedom)
    }
}

/// Measures the scatter of weekly counts, with a level of its own for each quarter, so that a change from quarter to
/// quarter is not taken for scatter.
///
/// 1 is what independent requests give; people who ask for ten things at once, or an outage that everybody reports, give
/// more.
pub(super) fn scatter(quarters: &[Vec<Week>]) -> Scatter {
    let (mut chi_squared, mut freedom) = (0.0, 0.0);
    for weeks in quarters {
        let (count, days) = weeks.iter().fold((0.0, 0.0), |(count, days), week| {
            (count + week.count, days + week.days)
        });
        if count == 0.0 || days == 0.0 {
            continue;
        }
        let expected = |week: &Week| count * week.days / days;
        chi_squared += weeks
            .iter()
            .map(|week| (week.count - expected(week)).powi(2) / expected(week))
            .sum::<f64>();
        freedom += super::ratio::real(weeks.len()) - 1.0;
    }
    Scatter { chi_squared, freedom }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dispersion(quarters: &[Vec<Week>]) -> Option<f64> {
        scatter(quarters).dispersion()
    }

    fn weeks(counts: &[u32]) -> Vec<Week> {
        counts
            .iter()
            .map(|count| Week {
                count: f64::from(*count),
                days: 5.0,
            })
            .collect()
    }

    #[test]
    fn a_step_between_quarters_is_no_scatter() {
        let quarters = [weeks(&[2; 12]), weeks(&[8; 12])];
        assert_eq!(dispersion(&quarters), Some(0.0));
    }

    #[test]
    fn a_burst_is_scatter() {
        let burst = dispersion(&[weeks(&[1, 1, 1, 1, 1, 13, 1, 1, 1, 1, 1, 1])]);
        assert!(burst.is_some_and(|phi| phi > 5.0), "{burst:?}");
    }

    #[test]
    fn a_few_weeks_or_no_tickets_say_nothing() {
        assert_eq!(dispersion(&[weeks(&[1, 2, 3])]), None);
        assert_eq!(dispersion(&[weeks(&[0; 30])]), None);
    }
}
