//! Time as a team counts it: quarters and fiscal years, half-open periods, business hours and public holidays.
//!
//! Everything is computed in the time zone of the settings and from arguments alone; nothing here reads a clock.
//! Uses nothing of ours but [`Moment`](crate::ticket::Moment). What is measured in a quarter is left to `toil`.

mod business;
mod holidays;
mod quarter;

pub use business::{BusinessHours, HoursError, OpeningHours};
pub use holidays::japanese_holidays;
pub use quarter::{Calendar, Period, Quarter, QuarterError};
