//! Japanese public holidays, computed from the law instead of kept as a list.
//!
//! Source: the Act on National Holidays (国民の祝日に関する法律, Act No. 178 of 1948) with its changes, article 2 for
//! the days, article 3 for substitute and sandwiched days, and the special acts for 2019 (accession) and for 2020 and
//! 2021 (Olympic Games). Covers 2000 to 2099; the equinoxes of years to come are astronomy until the government
//! gazettes them each February. Days a company closes on its own (year end, Obon) are left to the settings.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

/// Lists the public holidays of a Japanese year in order; empty outside 2000 to 2099.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use toilscope::period::japanese_holidays;
///
/// // 2026-05-03 is a Sunday, so the first day after it that is no holiday is off too.
/// assert!(japanese_holidays(2026).contains(&date(2026, 5, 6)));
/// // A day between two holidays: Respect for the Aged Day and the autumn equinox.
/// assert!(japanese_holidays(2026).contains(&date(2026, 9, 22)));
/// ```
#[must_use]
pub fn japanese_holidays(year: i16) -> Vec<Date> {
    if !(2000..=2099).contains(&year) {
        return Vec::new();
    }
    let national: BTreeSet<Date> = national_days(year).into_iter().flatten().collect();
    let mut off = national.clone();
    off.extend(national.iter().filter_map(|day| substitute(*day, &national)));
    off.extend(national.iter().filter_map(|day| sandwiched(*day, &national)));
    off.into_iter().collect()
}

/// Article 2: the named days. `None` where a year does not have one.
fn national_days(year: i16) -> Vec<Option<Date>> {
    let day = |month, day| Date::new(year, month, day).ok();
    let monday = |month, nth| day(month, 1)?.nth_weekday_of_month(nth, Weekday::Monday).ok();
    let only = |there: bool, date: Option<Date>| date.filter(|_| there);
    vec![
        day(1, 1),
        monday(1, 2),
        day(2, 11),
        only(year >= 2020, day(2, 23)),
        day(3, equinox(year, 20.8431)),
        day(4, 29),
        only(year == 2019, day(5, 1)),
        day(5, 3),
        only(year >= 2007, day(5, 4)),
        day(5, 5),
        marine_day(year, day, monday),
        mountain_day(year, day),
        if year < 2003 { day(9, 15) } else { monday(9, 3) },
        day(9, equinox(year, 23.2488)),
        sports_day(year, day, monday),
        only(year == 2019, day(10, 22)),
        day(11, 3),
        day(11, 23),
        only(year <= 2018, day(12, 23)),
    ]
}

fn marine_day(
    year: i16,
    day: impl Fn(i8, i8) -> Option<Date>,
    monday: impl Fn(i8, i8) -> Option<Date>,
) -> Option<Date> {
    match year {
        ..2003 => day(7, 20),
        2020 => day(7, 23),
        2021 => day(7, 22),
        _ => monday(7, 3),
    }
}

fn mountain_day(year: i16, day: impl Fn(i8, i8) -> Option<Date>) -> Option<Date> {
    match year {
        ..2016 => None,
        2020 => day(8, 10),
        2021 => day(8, 8),
        _ => day(8, 11),
    }
}

fn sports_day(
    year: i16,
    day: impl Fn(i8, i8) -> Option<Date>,
    monday: impl Fn(i8, i8) -> Option<Date>,
) -> Option<Date> {
    match year {
        2020 => day(7, 24),
        2021 => day(7, 23),
        _ => monday(10, 2),
    }
}

/// Day of the month of an equinox, by the usual approximation for 1980 to 2099: the day of 1980 in Japanese time, a
/// tropical year's surplus over 365 days for every year since, less the leap days already inserted.
#[expect(clippy::cast_possible_truncation, reason = "the value lies between 19 and 24")]
fn equinox(year: i16, day_in_1980: f64) -> i8 {
    let years = f64::from(year - 1980);
    (day_in_1980 + 0.242_194 * years - (years / 4.0).floor()).floor() as i8
}

/// Article 3, paragraph 2: when a holiday falls on a Sunday, the next day that is no holiday is off.
fn substitute(day: Date, national: &BTreeSet<Date>) -> Option<Date> {
    if day.weekday() != Weekday::Sunday {
        return None;
    }
    std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok()).find(|day| !national.contains(day))
}

/// Article 3, paragraph 3: the day between this holiday and one two days later is off, if it is no holiday itself.
/// Before 2007 that did not hold for a Sunday.
fn sandwiched(day: Date, national: &BTreeSet<Date>) -> Option<Date> {
    let between = day.tomorrow().ok()?;
    let closes = national.contains(&between.tomorrow().ok()?) && !national.contains(&between);
    let counts = day.year() >= 2007 || between.weekday() != Weekday::Sunday;
    (closes && counts).then_some(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(year: i16) -> String {
        japanese_holidays(year)
            .iter()
            .map(|d| format!("{}/{}", d.month(), d.day()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The government's lists (内閣府「国民の祝日」について) of years with every special case.
    #[test]
    fn known_years_agree_with_the_gazette() {
        for (year, days) in [
            (
                2000,
                "1/1 1/10 2/11 3/20 4/29 5/3 5/4 5/5 7/20 9/15 9/23 10/9 11/3 11/23 12/23",
            ),
            (
                2003,
                "1/1 1/13 2/11 3/21 4/29 5/3 5/5 7/21 9/15 9/23 10/13 11/3 11/23 11/24 12/23",
            ),
            (
                2009,
                "1/1 1/12 2/11 3/20 4/29 5/3 5/4 5/5 5/6 7/20 9/21 9/22 9/23 10/12 11/3 11/23 12/23",
            ),
            (
                2019,
                "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23",
            ),
            (
                2020,
                "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23",
            ),
            (
                2021,
                "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23",
            ),
            (
                2024,
                "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23",
            ),
            (
                2025,
                "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24",
            ),
            (
                2026,
                "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
            ),
        ] {
            assert_eq!(listed(year), days, "{year}");
        }
    }

    #[test]
    fn every_year_is_in_order_and_holds_what_the_law_names() {
        for year in 2000..=2099 {
            let days = japanese_holidays(year);
            assert!(days.is_sorted() && days.iter().all(|day| day.year() == year));
            assert!((14..=23).contains(&days.len()), "{year}: {}", days.len());
        }
    }

    #[test]
    fn years_outside_the_century_have_none() {
        for year in [i16::MIN, 0, 1999, 2100, i16::MAX] {
            assert!(japanese_holidays(year).is_empty());
        }
    }
}
