//! What a comparison ends in: a word, and the figures that it stands on.

use jiff::civil::Date;

use crate::period::Quarter;
use crate::trend::{Exposed, Ratio};

/// Whether a count moved, as far as chance lets anybody say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// More; of all such calls at most 8 in 100 are chance.
    ClearRise,
    /// Less, likewise.
    ClearFall,
    /// More, but of ten comparisons without any change one would look like this or like a fall.
    PossibleRise,
    /// Less, likewise.
    PossibleFall,
    /// No clear change. That is no proof that there was none.
    None,
    /// Both sides together hold too few to tell.
    TooFew,
}

impl Verdict {
    /// Returns the verdict as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClearRise => "clear_rise",
            Self::ClearFall => "clear_fall",
            Self::PossibleRise => "possible_rise",
            Self::PossibleFall => "possible_fall",
            Self::None => "none",
            Self::TooFew => "too_few",
        }
    }

    /// Returns whether the verdict is that something moved for sure.
    #[must_use]
    pub fn is_clear(self) -> bool {
        matches!(self, Self::ClearRise | Self::ClearFall)
    }

    /// Returns whether something moved, for sure or possibly.
    #[must_use]
    pub fn is_change(self) -> bool {
        !matches!(self, Self::None | Self::TooFew)
    }

    /// Judges a tested comparison by its own p and by its q among all tests of the report.
    pub(super) fn of(ratio: &Ratio, q: f64) -> Self {
        let rose = ratio.ratio.is_none_or(|ratio| ratio > 1.0);
        match (ratio.p < POSSIBLE, q < CLEAR, rose) {
            (true, true, true) => Self::ClearRise,
            (true, true, false) => Self::ClearFall,
            (true, false, true) => Self::PossibleRise,
            (true, false, false) => Self::PossibleFall,
            (false, ..) => Self::None,
        }
    }
}

/// A change is possible below this p.
pub(super) const POSSIBLE: f64 = super::ALPHA;
/// A change is clear below this share of false discoveries. At 0.10 one report in ten would raise a false alarm if every p
/// were exact; but scatter is estimated. At 0.08 at most 9 of 100 reports did, on every kind of desk (`docs/trend.md`).
pub(super) const CLEAR: f64 = 0.08;

/// What was counted for a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Tickets.
    Tickets,
    /// Request events: tickets come in bursts here, and ten of one request are not ten requests.
    Events,
}

impl Unit {
    /// Returns the unit as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Events => "events",
        }
    }
}

/// A quarter against an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The earlier quarter: the same of the year before if it is whole, else the last whole one.
    pub with: Quarter,
    /// What was counted then, in the unit of the series.
    pub before: Exposed,
    /// What was counted now.
    pub after: Exposed,
    /// The rate ratio per working day, and per engineer where the settings know how many there were; `None` if there was
    /// nothing in either.
    pub ratio: Option<Ratio>,
    /// q among all tests of the report; `None` where there was too little to test.
    pub q: Option<f64>,
    /// What that says.
    pub verdict: Verdict,
}

/// The level of a series after a quarter's end against its level before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The first quarter at the new level.
    pub since: Quarter,
    /// What was counted in the whole quarters before.
    pub before: Exposed,
    /// What was counted in the whole quarters since.
    pub after: Exposed,
    /// First working day of the week around which the weekly counts changed most; `None` where nothing changed.
    pub week: Option<Date>,
    /// Rate after over rate before. p and interval allow for the choice of the quarter.
    pub ratio: Ratio,
    /// q among all tests of the report.
    pub q: f64,
    /// What that says.
    pub verdict: Verdict,
}

/// What is said of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What was tested.
    pub unit: Unit,
    /// Variance over mean of the weekly counts of that unit; `None` with too few weeks.
    pub dispersion: Option<f64>,
    /// One for each quarter of the timeline; `None` where nothing is compared: the first quarter, a partial one, and
    /// quarters that earlier reports judged.
    pub quarters: Vec<Option<Comparison>>,
    /// The one change of level that stands out most; `None` with fewer than three whole quarters or too few tickets.
    pub change: Option<Change>,
}

impl Judgement {
    /// Returns the comparison of the last quarter that has one.
    #[must_use]
    pub fn latest(&self) -> Option<&Comparison> {
        self.quarters.iter().rev().flatten().next()
    }
}
