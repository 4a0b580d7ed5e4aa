//! Quarters of the calendar or of a fiscal year, and the calendar that cuts time into them.
//!
//! Promises that quarters tile time: every instant is in exactly one, each ends where the next begins, and a
//! clock change at midnight neither opens a gap nor an overlap. Which tickets count is left to the callers.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ticket::Moment;

/// Three months that a team reports on: `2026-Q3`, or `FY2026-Q1` in a fiscal year.
///
/// A fiscal year carries the number of the calendar year in which it begins, as in Japan: with a year that starts in
/// April, `FY2026-Q4` is January to March 2027. Quarters of one kind order in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// Calendar year, or the year in which the fiscal year begins.
    pub year: i16,
    /// 1 to 4.
    pub number: u8,
    /// Whether the year is a fiscal one.
    pub fiscal: bool,
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.fiscal { "FY" } else { "" };
        f.pad(&format!("{prefix}{:04}-Q{}", self.year, self.number))
    }
}

/// A text that names no quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a quarter: write 2026-Q3, or FY2026-Q1 in a fiscal year")]
pub struct QuarterError(String);

impl FromStr for Quarter {
    type Err = QuarterError;

    /// Reads what [`Display`](fmt::Display) writes, in upper or lower case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| QuarterError(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<Quarter> {
    let text = text.trim().to_ascii_uppercase();
    let (fiscal, rest) = text
        .strip_prefix("FY")
        .map_or((false, text.as_str()), |rest| (true, rest));
    let (year, number) = rest.split_once("-Q")?;
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(number, 1) {
        return None;
    }
    let number = number.parse().ok().filter(|n| (1..=4).contains(n))?;
    Some(Quarter {
        year: year.parse().ok()?,
        number,
        fiscal,
    })
}

/// Cuts time into quarters, in one time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// First month of the fiscal year, 2 to 12; `None` for calendar quarters.
    fiscal_start: Option<u8>,
}

impl Calendar {
    /// Makes a calendar of a time zone and the first month of the fiscal year.
    ///
    /// `None` and 1 (January) give calendar quarters. So does a number that is no month; the settings refuse it
    /// before it gets here.
    #[must_use]
    pub fn new(zone: TimeZone, fiscal_start: Option<u8>) -> Self {
        Self {
            zone,
            fiscal_start: fiscal_start.filter(|month| (2..=12).contains(month)),
        }
    }

    /// Returns the time zone in which days and quarters begin.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the local date of an instant.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// Returns the quarter that holds an instant.
    #[must_use]
    pub fn quarter(&self, at: Timestamp) -> Quarter {
        let date = self.date(at);
        let fiscal = self.fiscal_start.is_some();
        let months = i32::from(date.month()) - i32::from(self.first_month(fiscal));
        let year = if months < 0 { date.year() - 1 } else { date.year() };
        let number = match months.rem_euclid(12) / 3 {
            0 => 1,
            1 => 2,
            2 => 3,
            _ => 4,
        };
        Quarter { year, number, fiscal }
    }

    /// Returns the first instant of a quarter; the end of time for quarters that no timestamp reaches.
    #[must_use]
    pub fn start(&self, quarter: Quarter) -> Timestamp {
        let months = (i32::from(quarter.number) - 1) * 3 + i32::from(self.first_month(quarter.fiscal)) - 1;
        let year = i32::from(quarter.year) + months.div_euclid(12);
        let first_day = i16::try_from(year)
            .ok()
            .zip(i8::try_from(months.rem_euclid(12) + 1).ok());
        first_day
            .and_then(|(year, month)| Date::new(year, month, 1).ok())
            .and_then(|date| self.zone.to_timestamp(date.at(0, 0, 0, 0)).ok())
            .unwrap_or(if year < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// Returns the instant at which a quarter is over: the start of the next one, exclusive.
    #[must_use]
    pub fn end(&self, quarter: Quarter) -> Timestamp {
        self.start(self.next(quarter))
    }

    /// Returns the quarter that follows.
    #[must_use]
    pub fn next(&self, quarter: Quarter) -> Quarter {
        if quarter.number < 4 {
            Quarter {
                number: quarter.number + 1,
                ..quarter
            }
        } else {
            Quarter {
                year: quarter.year.saturating_add(1),
                number: 1,
                ..quarter
            }
        }
    }

    /// Lists the quarters from the first to the last, both included; nothing if the last comes before the first or
    /// is of the other kind.
    #[must_use]
    pub fn range(&self, first: Quarter, last: Quarter) -> Vec<Quarter> {
        if first.fiscal != last.fiscal {
            return Vec::new();
        }
        let at_end = |quarter: &Quarter| quarter.year == i16::MAX && quarter.number >= 4;
        std::iter::successors(Some(first), |&quarter| {
            (!at_end(&quarter)).then(|| self.next(quarter))
        })
        .take_while(|quarter| *quarter <= last)
        .collect()
    }

    fn first_month(&self, fiscal: bool) -> u8 {
        self.fiscal_start.filter(|_| fiscal).unwrap_or(1)
    }
}

/// A stretch of time that includes its beginning and not its end; an open side has no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First instant inside.
    pub since: Option<Timestamp>,
    /// First instant after it.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Returns whether a moment lies inside. A date without a time of day counts as its first instant, so that a
    /// period of whole days takes or leaves it as a whole.
    #[must_use]
    pub fn contains(&self, moment: Moment) -> bool {
        self.since.is_none_or(|since| since <= moment.at) && self.until.is_none_or(|until| moment.at < until)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar(zone: &str, fiscal_start: Option<u8>) -> Calendar {
        Calendar::new(TimeZone::get(zone).unwrap(), fiscal_start)
    }

    fn quarter(text: &str) -> Quarter {
        text.parse().unwrap()
    }

    #[test]
    fn a_fiscal_year_from_april_ends_in_the_next_calendar_year() {
        let calendar = calendar("Asia/Tokyo", Some(4));
        for (day, name) in [
            ("2026-04-01T00:00:00+09:00", "FY2026-Q1"),
            ("2026-06-30T23:59:59+09:00", "FY2026-Q1"),
            ("2026-07-01T00:00:00+09:00", "FY2026-Q2"),
            ("2026-12-31T12:00:00+09:00", "FY2026-Q3"),
            ("2027-01-01T00:00:00+09:00", "FY2026-Q4"),
            ("2027-03-31T23:59:59+09:00", "FY2026-Q4"),
        ] {
            assert_eq!(calendar.quarter(at(day)).to_string(), name, "{day}");
        }
        assert_eq!(
            calendar.start(quarter("FY2026-Q4")),
            at("2027-01-01T00:00:00+09:00")
        );
        assert_eq!(
            calendar.end(quarter("FY2026-Q4")),
            at("2027-04-01T00:00:00+09:00")
        );
    }

    #[test]
    fn a_fiscal_quarter_may_straddle_new_year() {
        let calendar = calendar("Asia/Tokyo", Some(2));
        assert_eq!(
            calendar.quarter(at("2026-01-15T00:00:00+09:00")).to_string(),
            "FY2025-Q4"
        );
        assert_eq!(
            calendar.start(quarter("FY2025-Q4")),
            at("2025-11-01T00:00:00+09:00")
        );
    }

    #[test]
    fn january_none_and_nonsense_mean_calendar_quarters() {
        for start in [None, Some(1), Some(0), Some(13)] {
            let named = calendar("Asia/Tokyo", start).quarter(at("2026-09-30T23:00:00+09:00"));
            assert_eq!(named.to_string(), "2026-Q3");
        }
    }

    #[test]
    fn the_time_zone_decides_the_day() {
        let instant = at("2026-03-31T20:00:00Z");
        assert_eq!(
            calendar("Asia/Tokyo", None).quarter(instant).to_string(),
            "2026-Q2"
        );
        assert_eq!(
            calendar("America/New_York", None).quarter(instant).to_string(),
            "2026-Q1"
        );
    }

    #[test]
    fn quarters_of_a_zone_with_summer_time_differ_in_length_by_the_clock_change() {
        let calendar = calendar("America/New_York", None);
        assert_eq!(calendar.start(quarter("2026-Q1")), at("2026-01-01T05:00:00Z"));
        assert_eq!(calendar.end(quarter("2026-Q1")), at("2026-04-01T04:00:00Z"));
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_at_its_first_instant() {
        // Paraguay moved its clocks from 00:00 to 01:00 on the first day of this quarter.
        let zone = TimeZone::get("America/Asuncion").unwrap();
        let skipped = jiff::civil::date(2017, 10, 1).at(0, 0, 0, 0);
        let start = Calendar::new(zone.clone(), None).start(quarter("2017-Q4"));
        assert_eq!(zone.to_datetime(start).date(), skipped.date());
        assert_eq!(Calendar::new(zone, None).quarter(start).to_string(), "2017-Q4");
    }

    #[test]
    fn a_range_holds_both_ends_and_is_empty_backwards() {
        let calendar = calendar("Asia/Tokyo", None);
        let names = |first, last| {
            calendar
                .range(quarter(first), quarter(last))
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("2025-Q4", "2026-Q2"), ["2025-Q4", "2026-Q1", "2026-Q2"]);
        assert!(names("2026-Q2", "2026-Q1").is_empty());
        assert!(names("2026-Q2", "FY2026-Q4").is_empty());
    }

    #[test]
    fn what_is_no_quarter_is_refused_with_an_example() {
        for text in [
            "",
            "2026",
            "2026-Q0",
            "2026-Q5",
            "Q3-2026",
            "26-Q3",
            "FY-Q1",
            "2026-Q3 x",
            "+026-Q1",
            "２０２６-Q3",
        ] {
            let message = text.parse::<Quarter>().unwrap_err().to_string();
            assert!(message.contains("2026-Q3"), "{text}: {message}");
        }
        assert_eq!(quarter(" fy2026-q1 ").to_string(), "FY2026-Q1");
    }

    #[test]
    fn quarters_beyond_time_are_its_ends() {
        let calendar = calendar("Asia/Tokyo", Some(4));
        let far = |year| Quarter {
            year,
            number: 4,
            fiscal: true,
        };
        assert_eq!(calendar.start(far(i16::MAX)), Timestamp::MAX);
        assert_eq!(calendar.start(far(i16::MIN)), Timestamp::MIN);
        assert_eq!(calendar.range(far(i16::MAX), far(i16::MAX)).len(), 1);
        let edges = [Timestamp::MIN, Timestamp::MAX].map(|at| calendar.quarter(at));
        assert!(edges[0] < edges[1]);
    }

    #[test]
    fn a_period_includes_its_beginning_and_not_its_end() {
        let day = |text| Moment {
            at: at(text),
            day_only: false,
        };
        let period = Period {
            since: Some(at("2026-01-01T00:00:00Z")),
            until: Some(at("2026-02-01T00:00:00Z")),
        };
        assert!(period.contains(day("2026-01-01T00:00:00Z")));
        assert!(!period.contains(day("2026-02-01T00:00:00Z")));
        assert!(!period.contains(day("2025-12-31T23:59:59Z")));
        assert!(Period::default().contains(day("2026-02-01T00:00:00Z")));
    }

    proptest! {
        #[test]
        fn quarters_tile_time(seconds in -60_000_000_000_i64..250_000_000_000, start in 1_u8..=12, tokyo: bool) {
            let calendar = calendar(if tokyo { "Asia/Tokyo" } else { "America/New_York" }, Some(start));
            let instant = Timestamp::from_second(seconds).unwrap();
            let held = calendar.quarter(instant);
            prop_assert!(calendar.start(held) <= instant && instant < calendar.end(held));
            prop_assert!(held < calendar.next(held));
            prop_assert_eq!(calendar.quarter(calendar.end(held)), calendar.next(held));
        }

        #[test]
        fn what_is_written_is_read_back(year in 0_i16..=9999, number in 1_u8..=4, fiscal: bool) {
            let quarter = Quarter { year, number, fiscal };
            prop_assert_eq!(quarter.to_string().parse(), Ok(quarter));
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,40}|[0-9FYQ\u{202e}\u{1b}\u{0}-]{0,12}") {
            if let Ok(quarter) = text.parse::<Quarter>() {
                prop_assert!((1..=4).contains(&quarter.number));
            }
        }
    }
}
