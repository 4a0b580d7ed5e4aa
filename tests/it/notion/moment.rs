//! Conditions on times: a day compares by day in UTC, a time to the millisecond, a time without offset is UTC.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::problem::Problem;

/// The conditions on times that are served; the relative ones (`past_week`, ...) are not.
pub(crate) const OPERATIONS: &[&str] = &[
    "equals",
    "before",
    "after",
    "on_or_before",
    "on_or_after",
    "is_empty",
    "is_not_empty",
];

/// What a time is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    Day(Date),
    Time(Timestamp),
    /// For `is_empty` and `is_not_empty`.
    Nothing,
}

impl Bound {
    pub(crate) fn read(operation: &str, operand: &Value) -> Result<Self, Problem> {
        let place = format!("body.filter.{operation}");
        if !OPERATIONS.contains(&operation) {
            return Err(Problem::invalid(&place, "not present", operand));
        }
        if operation.starts_with("is_") {
            return Ok(Self::Nothing);
        }
        operand
            .as_str()
            .and_then(Self::parse)
            .ok_or_else(|| Problem::invalid(&place, "a valid ISO 8601 date string", operand))
    }

    fn parse(text: &str) -> Option<Self> {
        if text.len() == "2026-01-01".len() {
            return text.parse().ok().map(Self::Day);
        }
        let in_utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        let time = text.parse().ok().or_else(|| Some(in_utc()?.timestamp()))?;
        Some(Self::Time(time))
    }

    pub(crate) fn holds(self, operation: &str, time: Timestamp) -> bool {
        let order = match self {
            Self::Day(day) => time.to_zoned(TimeZone::UTC).date().cmp(&day),
            Self::Time(bound) => time.cmp(&bound),
            Self::Nothing => return operation == "is_not_empty",
        };
        match operation {
            "equals" => order.is_eq(),
            "before" => order.is_lt(),
            "after" => order.is_gt(),
            "on_or_before" => order.is_le(),
            _ => order.is_ge(),
        }
    }
}

/// Whether the condition holds for a value as properties write it; a day is its first moment in UTC.
pub(crate) fn moment_holds(operation: &str, operand: &Value, value: &str) -> bool {
    let time = match Bound::parse(value) {
        Some(Bound::Time(time)) => time,
        Some(Bound::Day(day)) => match day.to_zoned(TimeZone::UTC) {
            Ok(start) => start.timestamp(),
            Err(_) => return false,
        },
        _ => return false,
    };
    Bound::read(operation, operand).is_ok_and(|bound| bound.holds(operation, time))
}
