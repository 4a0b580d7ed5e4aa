//! Of which days the tickets are known, and whether a quarter was seen from its first working day to its last: said here
//! and nowhere else, so that no table calls a quarter whole that another one leaves out.

use std::ops::Range;

use jiff::civil::Date;

use crate::period::{BusinessHours, Calendar, Quarter};

/// Least share of a quarter's working days that must have been seen where nobody said when the records begin or end: the
/// first and the last ticket rarely lie on the first and the last working day.
const ALMOST: f64 = 0.95;

/// The days of which the tickets are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The first day, and the first after the last one.
    pub days: Range<Date>,
    /// Whether somebody said so of the beginning and of the end. If not, they were read off the tickets.
    pub stated: [bool; 2],
}

impl Seen {
    /// Everything up to and with a day that counts as today.
    #[must_use]
    pub fn until_end_of(today: Date) -> Self {
        Self {
            days: Date::MIN..today.tomorrow().unwrap_or(today),
            stated: [true; 2],
        }
    }

    /// Whether a quarter was seen whole: up to a stated end every working day of it, else nearly all. A quarter that is
    /// running is not whole, and its numbers are compared with none.
    #[must_use]
    pub fn is_whole(&self, quarter: Quarter, calendar: &Calendar, hours: &BusinessHours) -> bool {
        let [first, last] =
            [calendar.start(quarter), calendar.end(quarter)].map(|at| hours.day_index(calendar.date(at)));
        let from = hours.day_index(self.days.start).clamp(first, last);
        let to = hours.day_index(self.days.end).clamp(from, last);
        let missing = [from - first, last - to];
        let is_cut = missing
            .iter()
            .zip(self.stated)
            .any(|(days, stated)| stated && *days > 0);
        #[expect(clippy::cast_precision_loss, reason = "working days of a quarter")]
        let almost = (to - from) as f64 >= ALMOST * (last - first) as f64;
        to > from && almost && !is_cut
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        Calendar::new(TimeZone::UTC, None)
    }

    fn hours() -> BusinessHours {
        BusinessHours::default()
    }

    fn quarter() -> Quarter {
        calendar().quarter("2026-02-01T00:00:00Z".parse().unwrap())
    }

    fn whole(days: Range<Date>, stated: [bool; 2]) -> bool {
        Seen { days, stated }.is_whole(quarter(), &calendar(), &hours())
    }

    #[test]
    fn up_to_a_stated_day_every_working_day_must_have_been_seen() {
        let until = |month, day| {
            Seen::until_end_of(date(2026, month, day)).is_whole(quarter(), &calendar(), &hours())
        };
        assert!(until(3, 31) && until(6, 1));
        assert!(!until(3, 30) && !until(3, 1) && !until(1, 1));
        let since = |month, day| whole(date(2026, month, day)..date(2026, 4, 1), [true, true]);
        let days = (1..=9).map(|day| date(2026, 1, day));
        let opens = days.clone().find(|day| hours().is_business_day(*day)).unwrap();
        for day in days {
            assert_eq!(since(day.month(), day.day()), day <= opens, "{day}");
        }
    }

    #[test]
    fn what_was_read_off_the_tickets_may_lack_a_few_days() {
        assert!(whole(date(2026, 1, 5)..date(2026, 3, 31), [false, false]));
        assert!(!whole(date(2026, 1, 5)..date(2026, 3, 31), [false, true]));
        assert!(!whole(date(2026, 1, 5)..date(2026, 3, 31), [true, false]));
        assert!(!whole(date(2026, 1, 1)..date(2026, 3, 20), [false, false]));
        assert!(!whole(date(2026, 4, 1)..date(2026, 5, 1), [false, false]));
    }

    proptest! {
        #[test]
        fn more_days_never_make_a_quarter_less_whole(
            from in -40i64..60, to in 40i64..140, more in 0i64..40, stated in prop::array::uniform2(any::<bool>()),
        ) {
            let day = |days: i64| date(2026, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            if whole(day(from)..day(to), stated) {
                prop_assert!(whole(day(from - more)..day(to + more), stated));
            }
        }
    }
}
