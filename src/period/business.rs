//! Business hours: how much working time lies between two moments, and which days are working days.
//!
//! Promises sums that fit together: the time from a to b and from b to c is the time from a to c. A year-long span
//! costs no more than a short one, because whole days are counted by arithmetic and closed dates by a binary search.

use jiff::civil::{Date, Time, Weekday, date};
use jiff::tz::TimeZone;

use crate::period::japanese_holidays;
use crate::ticket::Moment;

const MINUTES_A_DAY: u16 = 24 * 60;
/// A Monday before every holiday that is known; weeks are counted from here.
const FIRST_MONDAY: Date = date(1999, 1, 4);

/// What the settings say about opening hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// Days of the week on which the team works.
    pub days: Vec<Weekday>,
    /// Minute of the day at which work begins.
    pub from_minute: u16,
    /// Minute of the day at which work ends, at most 1440 (midnight).
    pub to_minute: u16,
    /// Whether Japanese public holidays are closed.
    pub japanese_holidays: bool,
    /// Further closed dates, such as the days a company closes at the end of a year.
    pub closed: Vec<Date>,
}

impl Default for OpeningHours {
    /// Monday to Friday, 09:00 to 18:00, closed on Japanese public holidays.
    fn default() -> Self {
        let days = vec![
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        Self {
            days,
            from_minute: 9 * 60,
            to_minute: 18 * 60,
            japanese_holidays: true,
            closed: Vec::new(),
        }
    }
}

/// Opening hours in which nothing could ever be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HoursError {
    /// No day of the week is open.
    #[error("business hours name no day of the week: give at least one")]
    NoDay,
    /// The day ends before it begins, or after midnight.
    #[error(
        "business hours from minute {from} to minute {to} of the day are empty or pass midnight: \
         the end must come after the start and at most at 24:00"
    )]
    NoTime {
        /// Minute at which work was said to begin.
        from: u16,
        /// Minute at which work was said to end.
        to: u16,
    },
}

/// Measures working time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessHours {
    /// Open days of a week before each of its days, from Monday; the last entry is the whole week.
    open_before: [i64; 8],
    from_minute: u16,
    to_minute: u16,
    /// Closed dates that fall on a day of the week that is open otherwise; sorted, without repeats.
    closed: Vec<Date>,
}

impl Default for BusinessHours {
    /// Measures by the default [`OpeningHours`].
    fn default() -> Self {
        Self::build(OpeningHours::default())
    }
}

impl BusinessHours {
    /// Makes business hours out of what the settings say.
    ///
    /// # Errors
    ///
    /// Returns [`HoursError`] if no day or no time of the day is open. Hours across midnight are not supported.
    pub fn new(opening: OpeningHours) -> Result<Self, HoursError> {
        if opening.days.is_empty() {
            return Err(HoursError::NoDay);
        }
        let (from, to) = (opening.from_minute, opening.to_minute);
        if from >= to || to > MINUTES_A_DAY {
            return Err(HoursError::NoTime { from, to });
        }
        Ok(Self::build(opening))
    }

    fn build(opening: OpeningHours) -> Self {
        let mut open_before = [0; 8];
        for (index, weekday) in Weekday::Monday.cycle_forward().take(7).enumerate() {
            open_before[index + 1] = open_before[index] + i64::from(opening.days.contains(&weekday));
        }
        let holidays = (2000..=2099)
            .filter(|_| opening.japanese_holidays)
            .flat_map(japanese_holidays);
        let mut closed: Vec<Date> = holidays.chain(opening.closed).collect();
        closed.retain(|day| opening.days.contains(&day.weekday()));
        closed.sort_unstable();
        closed.dedup();
        Self {
            open_before,
            from_minute: opening.from_minute,
            to_minute: opening.to_minute,
            closed,
        }
    }

    /// Measures the business hours between two moments; 0 if the second comes first.
    ///
    /// A moment without a time of day is the start of business on that day when it is `from`, and the end of business
    /// when it is `to`: a ticket that was filed and done on one known day took at most that day. A clock change inside
    /// business hours never makes a day longer than its nominal length.
    #[must_use]
    pub fn hours_between(&self, from: Moment, to: Moment, zone: &TimeZone) -> f64 {
        let from = self.worked(from, false, zone);
        let to = self.worked(to, true, zone);
        (to - from).max(0.0) / 3600.0
    }

    /// Returns whether a date is a working day.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        let weekday = weekday_index(date);
        self.open_before[weekday + 1] > self.open_before[weekday] && self.closed.binary_search(&date).is_err()
    }

    /// Counts the working days from the first date up to, not including, the second; 0 if it comes first.
    #[must_use]
    pub fn business_days(&self, from: Date, to: Date) -> u32 {
        u32::try_from(self.day_index(to) - self.day_index(from)).unwrap_or(0)
    }

    /// Numbers the working days: two dates have one number if no working day ends between them, so that a closed day
    /// belongs to the working day that follows. What is asked on a Saturday is asked for Monday.
    #[must_use]
    pub fn day_index(&self, date: Date) -> i64 {
        let days = date.duration_since(FIRST_MONDAY).as_hours().div_euclid(24);
        let in_full_weeks = days.div_euclid(7) * self.open_before[7];
        in_full_weeks + self.open_before[weekday_index(date)] - self.closed_before(date)
    }

    fn closed_before(&self, date: Date) -> i64 {
        i64::try_from(self.closed.partition_point(|closed| *closed < date)).unwrap_or(i64::MAX)
    }

    /// Seconds of business time from a fixed day in the past until a moment. Differences of it are working time.
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of 20,000 years are far below 2^52"
    )]
    fn worked(&self, moment: Moment, at_close: bool, zone: &TimeZone) -> f64 {
        let day_seconds = i64::from(self.to_minute - self.from_minute) * 60;
        let date = zone.to_datetime(moment.at).date();
        let before = self.day_index(date) * day_seconds;
        if !self.is_business_day(date) {
            return before as f64;
        }
        let today = match (moment.day_only, at_close) {
            (true, false) => 0.0,
            (true, true) => day_seconds as f64,
            (false, _) => self
                .since_opening(moment, date, zone)
                .clamp(0.0, day_seconds as f64),
        };
        before as f64 + today
    }

    /// Elapsed seconds since the opening of a day, on the stopwatch and not on the wall clock: where an hour repeats,
    /// the wall clock runs backwards.
    fn since_opening(&self, moment: Moment, date: Date, zone: &TimeZone) -> f64 {
        let opens = date.to_datetime(time_of(self.from_minute));
        zone.to_timestamp(opens)
            .map_or(0.0, |opens| moment.at.duration_since(opens).as_secs_f64())
    }
}

fn weekday_index(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// Opening times lie before 24:00, so the conversion holds for every value that `new` lets through.
fn time_of(minute: u16) -> Time {
    let part = |value: u16| i8::try_from(value).unwrap_or(0);
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(Time::midnight())
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};
    use proptest::prelude::*;

    use super::*;

    fn tokyo() -> TimeZone {
        TimeZone::get("Asia/Tokyo").unwrap()
    }

    fn new_york() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    /// A moment from a local time, or from a local date alone.
    fn moment(text: &str, zone: &TimeZone) -> Moment {
        let day_only = text.len() == 10;
        let civil: jiff::civil::DateTime = text.parse().unwrap();
        Moment {
            at: zone.to_timestamp(civil).unwrap(),
            day_only,
        }
    }

    fn hours(from: &str, to: &str) -> f64 {
        let zone = tokyo();
        BusinessHours::default().hours_between(moment(from, &zone), moment(to, &zone), &zone)
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-6
    }

    /// Around the clock, every day.
    fn always() -> BusinessHours {
        BusinessHours::new(OpeningHours {
            days: Weekday::Monday.cycle_forward().take(7).collect(),
            from_minute: 0,
            to_minute: 1440,
            japanese_holidays: false,
            closed: Vec::new(),
        })
        .unwrap()
    }

    #[test]
    fn only_the_working_part_of_a_span_counts() {
        for (from, to, expected) in [
            ("2026-11-24T10:00", "2026-11-24T12:30", 2.5),
            ("2026-11-24T07:00", "2026-11-24T20:00", 9.0),
            ("2026-11-24T17:00", "2026-11-25T10:00", 2.0),
            ("2026-11-27T17:00", "2026-11-30T10:00", 2.0), // over a weekend
            ("2026-11-20T17:00", "2026-11-24T10:00", 2.0), // and a holiday Monday
            ("2026-11-21T11:00", "2026-11-22T15:00", 0.0), // inside a weekend
            ("2026-11-24T12:00", "2026-11-24T10:00", 0.0), // backwards
        ] {
            assert!(
                close(hours(from, to), expected),
                "{from} {to}: {}",
                hours(from, to)
            );
        }
    }

    #[test]
    fn a_date_alone_opens_at_the_start_and_closes_at_the_end_of_business() {
        assert!(close(hours("2026-11-24", "2026-11-24"), 9.0));
        assert!(close(hours("2026-11-24", "2026-11-25T10:00"), 10.0));
        assert!(close(hours("2026-11-24T15:00", "2026-11-24"), 3.0));
        assert!(close(hours("2026-11-21", "2026-11-22"), 0.0));
    }

    #[test]
    fn a_night_clock_change_leaves_the_working_day_alone() {
        let zone = new_york();
        let between =
            |from, to| BusinessHours::default().hours_between(moment(from, &zone), moment(to, &zone), &zone);
        assert!(close(between("2026-03-06T17:00", "2026-03-09T10:00"), 2.0));
        assert!(close(between("2026-10-30T17:00", "2026-11-02T10:00"), 2.0));
    }

    #[test]
    fn a_repeated_hour_is_worked_once_and_never_backwards() {
        let zone = new_york();
        let first: Timestamp = "2026-11-01T05:30:00Z".parse().unwrap(); // 01:30 summer time
        let second = first + 1.hour(); // 01:30 winter time
        let [first, second] = [first, second].map(|at| Moment { at, day_only: false });
        assert!(close(always().hours_between(first, second, &zone), 1.0));
        let day = always().hours_between(moment("2026-11-01", &zone), moment("2026-11-01", &zone), &zone);
        assert!(close(day, 24.0));
    }

    #[test]
    fn holidays_and_closed_dates_are_no_working_days() {
        let closed = vec![date(2026, 12, 29), date(2026, 12, 29), date(2026, 12, 27)];
        let hours = BusinessHours::new(OpeningHours {
            closed,
            ..OpeningHours::default()
        })
        .unwrap();
        assert!(!hours.is_business_day(date(2026, 11, 23)));
        assert!(!hours.is_business_day(date(2026, 11, 22)));
        assert!(hours.is_business_day(date(2026, 11, 24)));
        assert!(!hours.is_business_day(date(2026, 12, 29)));
        assert_eq!(hours.business_days(date(2026, 12, 28), date(2027, 1, 5)), 4); // 28, 30, 31, 4
        assert_eq!(hours.business_days(date(2027, 1, 5), date(2026, 12, 28)), 0);
    }

    #[test]
    fn a_quarter_in_japan_has_about_sixty_working_days() {
        let hours = BusinessHours::default();
        let count = hours.business_days(date(2026, 4, 1), date(2026, 7, 1));
        assert_eq!(count, 61); // 65 weekdays less 4/29, 5/4, 5/5, 5/6
    }

    #[test]
    fn closed_days_belong_to_the_working_day_after_them() {
        let hours = BusinessHours::default();
        let index = |day| hours.day_index(date(2026, 11, day));
        assert_eq!(index(21), index(24)); // Saturday, Sunday, a holiday, then Tuesday
        assert_eq!(index(23), index(24));
        assert_eq!(index(20) + 1, index(24));
    }

    #[test]
    fn hours_that_can_never_be_open_are_refused() {
        let none = OpeningHours {
            days: Vec::new(),
            ..OpeningHours::default()
        };
        assert_eq!(BusinessHours::new(none), Err(HoursError::NoDay));
        for (from_minute, to_minute) in [(540, 540), (1320, 360), (540, 1441)] {
            let opening = OpeningHours {
                from_minute,
                to_minute,
                ..OpeningHours::default()
            };
            let refused = HoursError::NoTime {
                from: from_minute,
                to: to_minute,
            };
            assert_eq!(BusinessHours::new(opening), Err(refused));
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        let ends = [Timestamp::MIN, Timestamp::MAX].map(|at| Moment { at, day_only: false });
        let years = BusinessHours::default().hours_between(ends[0], ends[1], &TimeZone::UTC) / 9.0 / 261.0;
        assert!((19_900.0..20_100.0).contains(&years), "{years}");
    }

    /// Counts minute by minute what `hours_between` computes by arithmetic.
    fn minutes_by_hand(hours: &BusinessHours, from: Timestamp, minutes: i64, zone: &TimeZone) -> i64 {
        let open = |minute: &i64| {
            let local = zone.to_datetime(from + minute.minutes());
            hours.is_business_day(local.date()) && (9..18).contains(&local.hour())
        };
        (0..minutes).filter(open).count().try_into().unwrap()
    }

    proptest! {
        #[test]
        fn working_time_adds_up_and_grows(
            mut at in proptest::array::uniform3(900_000_000_i64..2_500_000_000), night: bool, eastern: bool,
        ) {
            at.sort_unstable();
            let zone = if eastern { new_york() } else { tokyo() };
            let hours = if night { always() } else { BusinessHours::default() };
            let [a, b, c] = at.map(|s| Moment { at: Timestamp::from_second(s).unwrap(), day_only: false });
            let [ab, bc, ac] = [(a, b), (b, c), (a, c)].map(|(from, to)| hours.hours_between(from, to, &zone));
            prop_assert!(close(ab + bc, ac), "{ab} + {bc} = {ac}");
            prop_assert!(ab <= ac && bc <= ac && ab >= 0.0);
        }

        #[test]
        fn arithmetic_agrees_with_counting(start in 15_000_000_i64..40_000_000, minutes in 0_i64..20_000) {
            let (hours, zone) = (BusinessHours::default(), new_york());
            let from = Timestamp::from_second(start * 60).unwrap();
            let [a, b] = [from, from + minutes.minutes()].map(|at| Moment { at, day_only: false });
            let by_hand = minutes_by_hand(&hours, from, minutes, &zone);
            prop_assert!(close(hours.hours_between(a, b, &zone) * 60.0, by_hand as f64));
        }
    }
}
