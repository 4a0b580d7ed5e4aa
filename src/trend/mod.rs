//! Quarter on quarter: the measures of every pattern, sub-pattern and group laid out in time, and what can be said of it.
//!
//! ```text
//! Measures ─┬─ timeline (which quarters can be compared, and for how many working days) ─┐
//!           ├─ dispersion (how much more than chance weeks scatter) ─── ratio, change ───┴─ family ─ judge ─ Judged
//!           ├─ launch, odds (what followed an automation, against what was not automated)
//!           └─ rows (one a quarter for each series), sparkline
//! ```
//!
//! Takes [`Measures`](crate::toil::Measures), [`judge`]s them, and gives one [`TrendRow`] a quarter for each series, with
//! zeros where nothing was filed. The default is that nothing can be said: counts of a quarter are small. Measures nothing
//! itself. What is tested, and why it is one family, stands in `judge`; how often it is wrong and how often it sees what
//! is there is measured in `docs/trend.md`.

mod change;
mod cusum;
mod dispersion;
mod family;
mod gamma;
mod judge;
mod launch;
mod odds;
mod ratio;
mod rows;
mod sparkline;
mod timeline;
mod verdict;

pub use family::q_values;
pub use judge::{FEWEST, JUDGED_QUARTERS, Judged, judge};
pub use launch::{Effect, HoursRange, Outcome, outcomes};
pub use odds::{TwoByTwo, compare_changes};
pub use ratio::{ALPHA, Exposed, Ratio, compare};
pub use rows::{TrendRow, rows};
pub use sparkline::sparkline;
pub use timeline::Context;
pub use verdict::{Change, Comparison, Judgement, Unit, Verdict};
