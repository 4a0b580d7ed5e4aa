//! From what was typed and written to what holds: [`Overrides`] of flags and file become [`Settings`], checked once.
//!
//! Flags and the settings file are the same type, every field optional, and merge field by field, flags first.
//! Defaults are applied in [`Settings::resolve`] and nowhere else, so a flag that equals its default still wins over
//! the file. [`Settings`] cannot be wrong: no later stage validates again. Reads no file and no environment.

mod effort;
mod error;
mod launch;
mod notion;
mod runs;
mod team;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::period::{BusinessHours, OpeningHours};
use crate::source::Field;
use crate::taxonomy::Lang;
use crate::text;

pub use effort::{EffortOverrides, EffortSettings, Range, Stated, TopDown};
pub use error::SettingsError;
pub use launch::{Launch, MOST_WASHOUT_WEEKS, WASHOUT_WEEKS, merged as merged_launches};
pub use notion::{NotionOverrides, NotionSettings, OneOrMany};
pub use runs::{RunsOverrides, RunsSettings};
pub use team::{Headcount, Team, TeamOverrides};
pub use values::{Clock, Day, DayName, LangName, Month, Zone};

/// Seed of every random draw unless the settings give another.
pub const DEFAULT_SEED: u64 = 20_260_401;
/// Path of the store unless the settings give another.
pub const DEFAULT_STORE: &str = "toilscope.db";
/// Time zone unless the settings give another.
pub const DEFAULT_TIMEZONE: &str = "Asia/Tokyo";

/// States that mean "done" on common Japanese and English boards.
pub const DONE_STATUSES: [&str; 22] = [
    "完了",
    "対応完了",
    "対応済み",
    "対応済",
    "済",
    "済み",
    "終了",
    "クローズ",
    "クローズ済み",
    "解決",
    "解決済み",
    "却下",
    "取り下げ",
    "取下げ",
    "done",
    "closed",
    "complete",
    "completed",
    "resolved",
    "finished",
    "cancelled",
    "canceled",
];

/// What flags or a settings file may say; every field is optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// Language of reports.
    pub lang: Option<LangName>,
    /// IANA time zone.
    pub timezone: Option<Zone>,
    /// First month of the fiscal year; calendar quarters if not given.
    pub fiscal_year_start: Option<Month>,
    /// The day whose end is "now" for open tickets and running quarters.
    pub as_of: Option<Day>,
    /// First day of the tickets to analyse, by creation.
    pub since: Option<Day>,
    /// First day after the tickets to analyse.
    pub until: Option<Day>,
    /// Seed of every random draw.
    pub seed: Option<u64>,
    /// Path of a taxonomy that replaces the built-in one.
    pub taxonomy: Option<String>,
    /// Path of reviewed labels.
    pub labels: Option<String>,
    /// Whether names, addresses and secrets are shown.
    pub raw: Option<bool>,
    /// Which column of a CSV file holds which field.
    pub columns: BTreeMap<Field, String>,
    /// States of the board.
    pub statuses: Statuses,
    /// When the team works.
    pub business_hours: Hours,
    /// Path of the store.
    pub store: Option<String>,
    /// How to pull from Notion.
    pub notion: NotionOverrides,
    /// Which runs stay in the store.
    pub runs: RunsOverrides,
    /// How many people ask and answer.
    pub team: TeamOverrides,
    /// Automations that went live.
    pub launches: Vec<Launch>,
    /// What people say of the effort.
    pub effort: EffortOverrides,
}

/// What the states of the board mean.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Statuses {
    /// States in which a ticket is done; replaces the default list.
    pub done: Option<Vec<String>>,
}

/// When the team works, as settings give it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    /// Working days: "mon" to "sun".
    pub days: Option<Vec<DayName>>,
    /// First working minute of a day, "09:00".
    pub from: Option<Clock>,
    /// End of a working day, "18:00".
    pub to: Option<Clock>,
    /// Whether Japanese public holidays are free.
    pub japanese_holidays: Option<bool>,
    /// Further days on which nobody works.
    pub closed: Option<Vec<Day>>,
}

/// What holds in a run: merged, defaulted and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Language of reports.
    pub lang: Lang,
    /// Time zone of dates, quarters and business hours.
    pub timezone: Zone,
    /// First month of the fiscal year; `None` for calendar quarters.
    pub fiscal_year_start: Option<Month>,
    /// The day whose end is "now"; `None` for the latest time in the data.
    pub as_of: Option<Day>,
    /// First day of the tickets to analyse.
    pub since: Option<Day>,
    /// First day after the tickets to analyse; later than `since`.
    pub until: Option<Day>,
    /// Seed of every random draw.
    pub seed: u64,
    /// Path of a taxonomy that replaces the built-in one.
    pub taxonomy: Option<String>,
    /// Path of reviewed labels.
    pub labels: Option<String>,
    /// Whether names, addresses and secrets are shown.
    pub raw: bool,
    /// Which column of a CSV file holds which field.
    pub columns: BTreeMap<Field, String>,
    /// Done states, folded.
    pub done_statuses: BTreeSet<String>,
    /// When the team works, as it was set.
    pub opening: OpeningHours,
    /// When the team works, ready to measure by.
    pub hours: BusinessHours,
    /// Path of the store.
    pub store: String,
    /// How to pull from Notion.
    pub notion: NotionSettings,
    /// Which runs stay in the store.
    pub runs: RunsSettings,
    /// How many people ask and answer.
    pub team: Team,
    /// Automations that went live, by day, then play; not yet checked against a taxonomy.
    pub launches: Vec<Launch>,
    /// What people say of the effort.
    pub effort: EffortSettings,
}

impl Overrides {
    /// Reads a settings file's text; `file` is its name for messages.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Invalid`] with the line of the first fault.
    pub fn parse(file: &str, text: &str) -> Result<Self, SettingsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        toml::from_str(text).map_err(|error| SettingsError::Invalid {
            file: file.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })
    }

    /// Merges two layers; what `self` says wins, field by field. Column mappings merge by field.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mut columns = below.columns;
        columns.extend(self.columns);
        Self {
            lang: self.lang.or(below.lang),
            timezone: self.timezone.or(below.timezone),
            fiscal_year_start: self.fiscal_year_start.or(below.fiscal_year_start),
            as_of: self.as_of.or(below.as_of),
            since: self.since.or(below.since),
            until: self.until.or(below.until),
            seed: self.seed.or(below.seed),
            taxonomy: self.taxonomy.or(below.taxonomy),
            labels: self.labels.or(below.labels),
            raw: self.raw.or(below.raw),
            columns,
            statuses: Statuses {
                done: self.statuses.done.or(below.statuses.done),
            },
            business_hours: self.business_hours.over(below.business_hours),
            store: self.store.or(below.store),
            notion: self.notion.over(below.notion),
            runs: self.runs.over(below.runs),
            team: self.team.over(below.team),
            launches: if self.launches.is_empty() {
                below.launches
            } else {
                self.launches
            },
            effort: self.effort.over(below.effort),
        }
    }
}

impl Hours {
    fn over(self, below: Self) -> Self {
        Self {
            days: self.days.or(below.days),
            from: self.from.or(below.from),
            to: self.to.or(below.to),
            japanese_holidays: self.japanese_holidays.or(below.japanese_holidays),
            closed: self.closed.or(below.closed),
        }
    }
}

impl Hours {
    /// Applies the defaults, which are those of [`OpeningHours`].
    fn opening(self) -> OpeningHours {
        let usual = OpeningHours::default();
        let mut days = self
            .days
            .map_or(usual.days, |days| days.into_iter().map(|day| day.0).collect());
        days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
        days.dedup();
        let mut closed = self.closed.map_or(usual.closed, |closed| {
            closed.into_iter().map(|day| day.0).collect()
        });
        closed.sort_unstable();
        closed.dedup();
        OpeningHours {
            days,
            from_minute: self.from.map_or(usual.from_minute, |from| from.0),
            to_minute: self.to.map_or(usual.to_minute, |to| to.0),
            japanese_holidays: self.japanese_holidays.unwrap_or(usual.japanese_holidays),
            closed,
        }
    }
}

impl Settings {
    /// Applies the defaults and checks what only makes sense together. `locale` is the language of the user's
    /// locale, for reports whose language nobody set.
    ///
    /// # Errors
    ///
    /// The first contradiction found: an empty period, an empty working day, no working day, a launch that stands twice.
    pub fn resolve(given: Overrides, locale: Lang) -> Result<Self, SettingsError> {
        let opening = given.business_hours.opening();
        if let (Some(Day(since)), Some(Day(until))) = (given.since, given.until)
            && since >= until
        {
            return Err(SettingsError::EmptyPeriod { since, until });
        }
        if let Some(launch) = Launch::repeated(&given.launches) {
            let reason = "it stands twice in the settings; name all its sub-patterns in one".to_owned();
            return Err(launch.refused(reason, &[]));
        }
        Ok(Self {
            lang: given.lang.map_or(locale, |lang| lang.0),
            timezone: given.timezone.unwrap_or_default(),
            fiscal_year_start: given.fiscal_year_start.filter(|month| month.0 != 1),
            as_of: given.as_of,
            since: given.since,
            until: given.until,
            seed: given.seed.unwrap_or(DEFAULT_SEED),
            taxonomy: given.taxonomy,
            labels: given.labels,
            raw: given.raw.unwrap_or(false),
            columns: given.columns,
            done_statuses: match given.statuses.done {
                Some(done) => done
                    .iter()
                    .map(|status| text::fold(status).trim().to_owned())
                    .collect(),
                None => DONE_STATUSES.iter().map(|status| text::fold(status)).collect(),
            },
            hours: BusinessHours::new(opening.clone())?,
            opening,
            store: given.store.unwrap_or_else(|| DEFAULT_STORE.to_owned()),
            notion: NotionSettings::resolve(given.notion)?,
            runs: given.runs.resolve(),
            launches: merged_launches(&given.launches, Vec::new()),
            team: Team::resolve(
                given.team,
                given.fiscal_year_start.is_some_and(|month| month.0 != 1),
            )?,
            effort: EffortSettings::resolve(given.effort)?,
        })
    }

    /// Returns the settings as a report records them, by their names in the settings file.
    #[must_use]
    pub fn record(&self) -> Map<String, Value> {
        let day = |day: Option<Day>| day.map(|day| day.0.to_string());
        let opening = &self.opening;
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let days: Vec<&str> = opening.days.iter().map(|day| DayName(*day).name()).collect();
        let closed: Vec<String> = opening.closed.iter().map(Date::to_string).collect();
        let columns: Map<String, Value> = self
            .columns
            .iter()
            .map(|(field, header)| (field.name().to_owned(), json!(header)))
            .collect();
        let entries = [
            ("lang", json!(self.lang.code())),
            ("timezone", json!(self.timezone.name())),
            (
                "fiscal_year_start",
                json!(self.fiscal_year_start.map(|month| month.0)),
            ),
            ("as_of", json!(day(self.as_of))),
            ("since", json!(day(self.since))),
            ("until", json!(day(self.until))),
            ("raw", json!(self.raw)),
            ("columns", Value::Object(columns)),
            ("statuses", json!({ "done": self.done_statuses })),
            (
                "business_hours",
                json!({
                    "days": days,
                    "from": clock(opening.from_minute),
                    "to": clock(opening.to_minute),
                    "japanese_holidays": opening.japanese_holidays,
                    "closed": closed,
                }),
            ),
            ("team", self.team.record()),
            ("launches", self.launches.iter().map(Launch::record).collect()),
            ("effort", self.effort.record()),
        ];
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Overrides, Settings, SettingsError};
    use crate::taxonomy::Lang;

    fn parse(text: &str) -> Result<Overrides, SettingsError> {
        Overrides::parse("toilscope.toml", text)
    }

    #[test]
    fn the_example_file_holds_every_key_with_its_default() {
        let example = parse(include_str!("../toilscope.example.toml")).expect("the example is valid");
        let defaults = Settings::resolve(Overrides::default(), Lang::Ja).expect("defaults are valid");
        assert_eq!(Settings::resolve(example, Lang::Ja), Ok(defaults));
        let text = include_str!("../toilscope.example.toml");
        for key in Settings::resolve(Overrides::default(), Lang::Ja)
            .expect("valid")
            .record()
            .keys()
        {
            assert!(text.contains(key.as_str()), "the example does not mention {key}");
        }
    }

    #[test]
    fn a_flag_equal_to_its_default_wins_over_the_file() {
        let file = parse("raw = true\nseed = 7").expect("valid");
        let flags = Overrides {
            raw: Some(false),
            ..Overrides::default()
        };
        let merged = flags.over(file);
        assert_eq!((merged.raw, merged.seed), (Some(false), Some(7)));
    }

    #[test]
    fn a_launch_that_stands_twice_is_no_second_one() {
        let launch = "[[launches]]\nplay = \"a\"\ndate = 2026-04-01\n";
        let resolve = |text: &str| Settings::resolve(parse(text).expect("valid"), Lang::Ja);
        assert!(resolve(launch).is_ok());
        let refused = resolve(&launch.repeat(2)).expect_err("two are one");
        assert!(refused.to_string().contains("stands twice"), "{refused}");
    }

    #[test]
    fn dates_may_be_toml_dates_or_text() {
        let both = parse("since = 2026-01-01\nuntil = \"2026-07-01\"").expect("valid");
        assert_eq!(
            both.since.map(|Day(day)| day.to_string()).as_deref(),
            Some("2026-01-01")
        );
        assert_eq!(
            both.until.map(|Day(day)| day.to_string()).as_deref(),
            Some("2026-07-01")
        );
    }

    #[test]
    fn unknown_keys_and_wrong_values_name_their_line() {
        for (text, line) in [
            ("lang = \"ja\"\nlanguage = \"en\"", "line 2"),
            ("\ntimezone = \"Mars/Base\"", "line 2"),
            ("fiscal_year_start = 13", "line 1"),
        ] {
            let message = parse(text).expect_err("invalid").to_string();
            assert!(message.contains(line), "{message}");
        }
    }

    #[test]
    fn an_empty_period_is_refused() {
        let given = parse("since = \"2026-07-01\"\nuntil = \"2026-07-01\"").expect("valid");
        assert!(matches!(
            Settings::resolve(given, Lang::En),
            Err(SettingsError::EmptyPeriod { .. })
        ));
    }

    #[test]
    fn an_empty_working_day_is_refused() {
        let given = parse("[business_hours]\nfrom = \"18:00\"\nto = \"09:00\"").expect("valid");
        assert!(matches!(
            Settings::resolve(given, Lang::En),
            Err(SettingsError::Hours(_))
        ));
    }
}
