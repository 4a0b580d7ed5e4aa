//! Quarter on quarter: the measures of every pattern, sub-pattern and group laid out in time.
//!
//! Takes [`Measures`](crate::toil::Measures) and gives one [`TrendRow`] a quarter for each, with zeros where nothing
//! was filed, and [`sparkline`]s to see them by. Measures nothing itself.

mod rows;
mod sparkline;

pub use rows::{TrendRow, rows};
pub use sparkline::sparkline;
