//! What automation is estimated with: ranges and the foundations that plays share.
//!
//! The numbers are priors written by people, not measurements. Whoever shows one says so, and replaces it by the
//! tickets' own figures where there are enough of them.

use super::words::Words;

/// A quantity that is known only roughly: an 80 % range with its middle.
///
/// `0 < low <= likely <= high`, all finite; `low` and `high` are the 10th and 90th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThreePoint {
    /// 10th percentile.
    pub low: f64,
    /// Median.
    pub likely: f64,
    /// 90th percentile.
    pub high: f64,
}

/// Work that is paid once and shared by many plays.
#[derive(Debug, Clone, PartialEq)]
pub struct Foundation {
    /// Its key under `[foundations]`.
    pub id: String,
    /// What it is, as a title.
    pub title: Words,
    /// Engineer-days until it carries its first play.
    pub build_days: ThreePoint,
    /// Hours a quarter that keeping it alive takes.
    pub upkeep_hours_per_quarter: f64,
    /// Who owns it.
    pub owner: String,
}
