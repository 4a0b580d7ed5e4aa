//! Dates as exports and people write them, in Japanese and English.
//!
//! RFC 3339 is taken by its offset; everything else is read in the settings' time zone unless it names an offset.
//! A date without a time stays one (`day_only`). What could mean two days is refused, never guessed. A range gives
//! its start.

use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use super::Fault;
use crate::ticket::Moment;

/// Years that a ticket can come from. Outside are slips of the keyboard and the zero dates of databases.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Ways to write year, month and day: what stands after each of them.
const ORDERS: [[&str; 3]; 4] = [["-", "-", ""], ["/", "/", ""], [".", ".", ""], ["年", "月", "日"]];

/// Reads a date, with or without a time of day.
///
/// A local time that a clock change skips or repeats is resolved as RFC 5545 does ("compatible" in jiff).
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<Moment, Fault> {
    let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    // Notion marks a date inside of a text with an @.
    let start = text.split('→').next().unwrap_or_default().trim();
    let start = start.strip_prefix('@').unwrap_or(start);
    let found = match start.parse::<Timestamp>() {
        Ok(at) => Moment { at, day_only: false },
        Err(_) => Scanner { rest: start }.moment(zone)?,
    };
    if !YEARS.contains(&zone.to_datetime(found.at).year()) {
        return Err(Fault::YearOutOfRange);
    }
    Ok(found)
}

/// Reads a text from left to right; each method takes what it names, or fails.
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn moment(&mut self, zone: &TimeZone) -> Result<Moment, Fault> {
        let date = self.date()?;
        self.weekday();
        self.spaces();
        if self.rest.is_empty() {
            let at = zone
                .to_timestamp(date.into())
                .map_err(|_| Fault::YearOutOfRange)?;
            return Ok(Moment { at, day_only: true });
        }
        let _ = self.eat("T") || self.eat(",") || self.eat("at ");
        let local = DateTime::from_parts(date, self.time()?);
        let at = match self.offset()? {
            Some(offset) => offset.to_timestamp(local),
            None => zone.to_timestamp(local),
        };
        Ok(Moment {
            at: at.map_err(|_| Fault::YearOutOfRange)?,
            day_only: false,
        })
    }

    fn date(&mut self) -> Result<Date, Fault> {
        if let Some(month) = self.month_name() {
            let day = self.number()?;
            self.eat(",");
            return day_of(self.year()?, month, day);
        }
        let from = self.rest;
        let first = self.number()?;
        if from.len() - self.rest.len() != 4 {
            return self.date_after(first);
        }
        for [year_mark, month_mark, day_mark] in ORDERS {
            if self.eat(year_mark) {
                let month = self.number()?;
                self.need(month_mark)?;
                let day = self.number()?;
                self.need(day_mark)?;
                return day_of(first, month, day);
            }
        }
        Err(Fault::NotADate)
    }

    /// The rest of a date that does not begin with its year: `31 March 2026`, `31/Mar/26` as Jira writes it, or one
    /// that nobody can be sure of.
    fn date_after(&mut self, day: i32) -> Result<Date, Fault> {
        let is_parted = self.mark();
        if let Some(month) = self.month_name() {
            let _ = self.mark() || self.eat(",");
            let year = if is_parted { self.short_year() } else { self.year() };
            return day_of(year?, month, day);
        }
        self.number()?;
        if is_parted && self.mark() && self.number().is_ok() {
            return Err(Fault::AmbiguousDate);
        }
        Err(Fault::NotADate)
    }

    fn mark(&mut self) -> bool {
        self.eat("/") || self.eat("-") || self.eat(".")
    }

    fn year(&mut self) -> Result<i32, Fault> {
        self.spaces();
        let (from, year) = (self.rest.len(), self.number()?);
        if from - self.rest.len() == 4 {
            Ok(year)
        } else {
            Err(Fault::NotADate)
        }
    }

    /// A year of four digits, or of two that mean this century.
    fn short_year(&mut self) -> Result<i32, Fault> {
        let (from, year) = (self.rest.len(), self.number()?);
        match from - self.rest.len() {
            2 => Ok(2000 + year),
            4 => Ok(year),
            _ => Err(Fault::NotADate),
        }
    }

    /// An English month, in full or cut to three or more letters.
    fn month_name(&mut self) -> Option<i32> {
        self.spaces();
        let (word, rest) = self.word();
        let word = word.to_ascii_lowercase();
        let month = MONTHS
            .iter()
            .position(|month| word.len() >= 3 && month.starts_with(&word))?;
        self.rest = rest.strip_prefix('.').unwrap_or(rest);
        self.spaces();
        i32::try_from(month + 1).ok()
    }

    /// A weekday in brackets behind the date, as in `3/31(火)`. It is not checked against the date.
    fn weekday(&mut self) {
        self.spaces();
        let inside = self.rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        if let Some((day, behind)) = inside {
            let day = day.trim().to_lowercase();
            let japanese = day.chars().next().is_some_and(|c| "月火水木金土日".contains(c));
            let english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .any(|known| day.starts_with(known));
            if japanese || english {
                self.rest = behind;
            }
        }
    }

    fn time(&mut self) -> Result<Time, Fault> {
        self.spaces();
        let mut half = self.half(["午前", "午後"]);
        self.spaces();
        let hour = self.number()?;
        let (minute, second, nanos) = if self.eat(":") {
            self.clock()?
        } else {
            self.spoken()?
        };
        self.spaces();
        half = half
            .or_else(|| self.half(["AM", "PM"]))
            .or_else(|| self.half(["am", "pm"]));
        let hour = match half {
            Some(half) if hour <= 12 => hour % 12 + 12 * half,
            Some(_) => return Err(Fault::NoSuchDate),
            None => hour,
        };
        time_of(hour, minute, second, nanos)
    }

    /// Minute, second and nanosecond behind `14:`.
    fn clock(&mut self) -> Result<(i32, i32, i32), Fault> {
        let minute = self.number()?;
        if self.eat(":") {
            Ok((minute, self.number()?, self.fraction()?))
        } else {
            Ok((minute, 0, 0))
        }
    }

    /// Minute and second of `14時5分30秒`, where all behind the hour may be missing.
    fn spoken(&mut self) -> Result<(i32, i32, i32), Fault> {
        self.need("時")?;
        Ok((self.counted("分")?, self.counted("秒")?, 0))
    }

    /// 0 for the first half of the day, 1 for the second, if one of the two words stands here.
    fn half(&mut self, words: [&str; 2]) -> Option<i32> {
        if self.eat(words[0]) {
            Some(0)
        } else if self.eat(words[1]) {
            Some(1)
        } else {
            None
        }
    }

    /// A number and the unit behind it, or 0 if no number stands here.
    fn counted(&mut self, unit: &str) -> Result<i32, Fault> {
        if !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(0);
        }
        let number = self.number()?;
        self.need(unit)?;
        Ok(number)
    }

    /// The digits behind a decimal point as nanoseconds; finer ones are dropped.
    fn fraction(&mut self) -> Result<i32, Fault> {
        if !self.eat(".") {
            return Ok(0);
        }
        let digits = self.digits();
        let nanos: String = digits.chars().chain("000000000".chars()).take(9).collect();
        if digits.is_empty() {
            Err(Fault::NotADate)
        } else {
            nanos.parse().map_err(|_| Fault::NotADate)
        }
    }

    /// The offset to the end of the text, in brackets or bare, or `None` if the text ends here.
    fn offset(&mut self) -> Result<Option<Offset>, Fault> {
        let text = self.rest.trim();
        let inside = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
            .unwrap_or(text);
        if inside.is_empty() {
            return if text.is_empty() {
                Ok(None)
            } else {
                Err(Fault::NotADate)
            };
        }
        let name = inside.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let shift = inside[name.len()..].trim();
        match (name, shift) {
            ("JST", "") => shift_of("+09:00").map(Some),
            ("Z" | "UTC" | "GMT", "") => Ok(Some(Offset::UTC)),
            ("" | "UTC" | "GMT", _) => shift_of(shift).map(Some),
            (_, "") if name.chars().all(|c| c.is_ascii_alphabetic()) => Err(Fault::UnknownZone),
            _ => Err(Fault::NotADate),
        }
    }

    fn number(&mut self) -> Result<i32, Fault> {
        self.spaces();
        self.digits().parse().map_err(|_| Fault::NotADate)
    }

    fn digits(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    fn word(&self) -> (&'a str, &'a str) {
        self.rest.split_at(
            self.rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(self.rest.len()),
        )
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, mark: &str) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn need(&mut self, mark: &str) -> Result<(), Fault> {
        if self.eat(mark) {
            Ok(())
        } else {
            Err(Fault::NotADate)
        }
    }
}

fn day_of(year: i32, month: i32, day: i32) -> Result<Date, Fault> {
    let small = |number: i32| i8::try_from(number).map_err(|_| Fault::NoSuchDate);
    let year = i16::try_from(year).map_err(|_| Fault::YearOutOfRange)?;
    Date::new(year, small(month)?, small(day)?).map_err(|_| Fault::NoSuchDate)
}

fn time_of(hour: i32, minute: i32, second: i32, nanos: i32) -> Result<Time, Fault> {
    let small = |number: i32| i8::try_from(number).map_err(|_| Fault::NoSuchDate);
    Time::new(small(hour)?, small(minute)?, small(second)?, nanos).map_err(|_| Fault::NoSuchDate)
}

/// An offset such as `+9`, `-05:30` or `+0900`.
fn shift_of(text: &str) -> Result<Offset, Fault> {
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '−']).ok_or(Fault::NotADate)?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let number = |text: &str| text.parse::<u8>().map(i32::from).map_err(|_| Fault::NotADate);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 14 || minutes > 59 {
        return Err(Fault::NoSuchDate);
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| Fault::NoSuchDate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<(String, bool), Fault> {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        moment(text, &tokyo).map(|found| (found.at.to_string(), found.day_only))
    }

    fn fault(text: &str) -> Option<Fault> {
        read(text).err()
    }

    #[test]
    fn a_day_is_its_first_instant_in_the_zone() {
        let days = [
            "2026-03-31",
            "2026/3/31",
            "2026.03.31",
            "2026年3月31日",
            "2026年 3月31日（火）",
            "２０２６／０３／３１",
            "2026/03/31(Tue)",
            "March 31, 2026",
            "Mar. 31 2026",
            "31 March 2026",
            "31/Mar/2026",
            "31/Mar/26",
            "31-Mar-2026",
            " 2026-03-31 → 2026-04-02",
        ];
        for text in days {
            assert_eq!(read(text), Ok(("2026-03-30T15:00:00Z".into(), true)), "{text}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_in_the_zone() {
        let times = [
            "2026-03-31T14:05",
            "2026-03-31 14:05:00",
            "2026/3/31 14:05:00.000",
            "2026年3月31日 14:05",
            "2026年3月31日(火) 14時5分",
            "2026年3月31日 午後2:05",
            "2026年3月31日 午後2時05分00秒",
            "March 31, 2026 2:05 PM",
            "31/Mar/26 2:05 PM",
            "March 31, 2026 at 2:05 pm",
            "2026年3月31日 14:05 → 15:30",
            "@2026年3月31日 14:05",
        ];
        for text in times {
            assert_eq!(read(text), Ok(("2026-03-31T05:05:00Z".into(), false)), "{text}");
        }
    }

    #[test]
    fn an_offset_in_the_text_wins() {
        let times = [
            "2026-03-31T05:05:00Z",
            "2026-03-31T14:05:00+09:00",
            "2026-03-31T14:05:00.000+0900",
            "2026年3月31日 14:05 (JST)",
            "March 31, 2026 2:05 PM (GMT+9)",
            "March 31, 2026 2:05 PM (GMT+9) → 3:30 PM",
            "2026年3月31日 14:05 (JST) → 2026年4月1日 10:00 (JST)",
            "2026年3月31日 午後2:05 (GMT+9) → 午後3:30",
            "2026/03/31 14:05 (GMT+9) → 15:05",
            "March 31, 2026 10:35 AM (GMT+5:30)",
            "2026/03/31 05:05 UTC",
            "2026/03/31 00:05 -05:00",
        ];
        for text in times {
            assert_eq!(read(text), Ok(("2026-03-31T05:05:00Z".into(), false)), "{text}");
        }
    }

    #[test]
    fn noon_and_midnight_have_the_right_half() {
        assert_eq!(read("2026/1/2 12:00 AM").unwrap().0, "2026-01-01T15:00:00Z");
        assert_eq!(read("2026/1/2 12:00 PM").unwrap().0, "2026-01-02T03:00:00Z");
        assert_eq!(fault("2026/1/2 13:00 PM"), Some(Fault::NoSuchDate));
    }

    #[test]
    fn a_skipped_local_time_moves_forward() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let found = moment("2026-03-08 02:30", &zone).unwrap();
        assert_eq!(found.at.to_string(), "2026-03-08T07:30:00Z");
    }

    #[test]
    fn faults_say_what_is_wrong() {
        let cases = [
            ("2026-02-30", Fault::NoSuchDate),
            ("2026-13-01", Fault::NoSuchDate),
            ("2026-03-31 25:00", Fault::NoSuchDate),
            ("2026年1月300日", Fault::NoSuchDate),
            ("3/4/2026", Fault::AmbiguousDate),
            ("31/3/2026", Fault::AmbiguousDate),
            ("03-04-2026 10:00", Fault::AmbiguousDate),
            ("2026-03-31 14:05 (PST)", Fault::UnknownZone),
            ("1969-12-31", Fault::YearOutOfRange),
            ("0001-01-01T00:00:00Z", Fault::YearOutOfRange),
            ("2201-01-01", Fault::YearOutOfRange),
            ("9999-12-31", Fault::YearOutOfRange),
        ];
        for (text, expected) in cases {
            assert_eq!(fault(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "来週",
            "46112",
            "2026-03",
            "2026-03/31",
            "2026-03-31x",
            "2026/3/31 14",
            "2026/3/31 ()",
            "→",
            "31 March 26",
            "31/Mar/126",
            "3 4 2026",
        ] {
            assert_eq!(fault(text), Some(Fault::NotADate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_date_or_a_fault(text in "\\PC*|[0-9年月日/:. T+()→APM\0-]{0,40}") {
            if let Ok(found) = moment(&text, &TimeZone::UTC) {
                prop_assert!(YEARS.contains(&TimeZone::UTC.to_datetime(found.at).year()));
            }
        }

        #[test]
        fn every_way_to_write_a_day_gives_the_same(year in 1970_i16..=2200, month in 1_i8..=12, day in 1_i8..=28) {
            let plain = moment(&format!("{year}-{month:02}-{day:02}"), &TimeZone::UTC);
            prop_assert!(plain.is_ok());
            let name = MONTHS[month as usize - 1];
            for other in [format!("{year}/{month}/{day}"), format!("{year}年{month}月{day}日"), format!("{day} {name} {year}")] {
                prop_assert_eq!(moment(&other, &TimeZone::UTC), plain);
            }
        }
    }
}
