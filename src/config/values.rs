//! Values as flags and the settings file write them; both go by the same parser.

use std::str::FromStr;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de};

use crate::config::DEFAULT_TIMEZONE;
use crate::taxonomy::Lang;

/// The language of a report, as it is written in flags and files: `ja` or `en`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LangName(pub Lang);

impl FromStr for LangName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Lang::Ja, Lang::En]
            .into_iter()
            .find(|lang| lang.code() == name)
            .map(Self)
            .ok_or_else(|| format!("{name:?} is no report language; use ja or en"))
    }
}

/// A time zone with the name that the user gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Returns the zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }

    /// Returns its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl Default for Zone {
    fn default() -> Self {
        // The zone database is bundled; were the name ever dropped from it, Japan would still be nine hours ahead.
        Self(TimeZone::get(DEFAULT_TIMEZONE).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9))))
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| format!("{name:?} is no IANA time zone, for instance Asia/Tokyo or Europe/London"))
    }
}

/// A month of the year, 1 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(pub u8);

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let month = text.parse().ok().filter(|month| (1..=12).contains(month));
        month
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no month; use 1 to 12, 4 for April"))
    }
}

/// A calendar day, written 2026-04-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| format!("{text:?} is no date; write it as 2026-04-01"))
    }
}

/// A day of the week, written `mon` to `sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayName(pub Weekday);

const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl DayName {
    pub(super) fn name(self) -> &'static str {
        usize::try_from(self.0.to_monday_zero_offset())
            .ok()
            .and_then(|at| DAY_NAMES.get(at))
            .copied()
            .unwrap_or_default()
    }
}

impl FromStr for DayName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let day = Weekday::Monday
            .cycle_forward()
            .take(DAY_NAMES.len())
            .map(Self)
            .find(|day| day.name() == name);
        day.ok_or_else(|| format!("{name:?} is no day of the week; use {}", DAY_NAMES.join(", ")))
    }
}

/// A time of day in minutes since midnight, written 09:00; 24:00 is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock(pub u16);

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "24:00" {
            return Ok(Self(24 * 60));
        }
        let time = Time::strptime("%H:%M", text)
            .map_err(|_| format!("{text:?} is no time of day; write it as 09:00"))?;
        u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute()))
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

/// Reads a value of the settings file by the same parser that reads the flag.
fn from_text<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(deserializer: D) -> Result<T, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Datetime(date) => date.to_string(),
        other => {
            return Err(de::Error::custom(format!(
                "a {} is not expected here",
                other.type_str()
            )));
        }
    };
    text.parse().map_err(de::Error::custom)
}

macro_rules! read_like_a_flag {
    ($($name:ty),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                from_text(deserializer)
            }
        }
    )*};
}

read_like_a_flag!(LangName, Zone, Month, Day, DayName, Clock);
