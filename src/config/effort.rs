//! The section `[effort]` of the settings: what the people who do the work say of it.
//!
//! Two questions, kept apart. Bottom-up: how long does one ticket of this kind take? It prices tickets. Top-down:
//! which share of your weeks went into requests? It prices nothing and checks the first.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SettingsError;
use crate::period::Quarter;
use crate::taxonomy::{Taxonomy, ThreePoint};

/// What a settings file may say of effort.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EffortOverrides {
    /// By sub-pattern or pattern id: the mean minutes of a ticket, from one person or several.
    pub minutes: BTreeMap<String, Stated>,
    /// By quarter: who was asked which share of the time went into requests.
    pub top_down: BTreeMap<String, TopDown>,
}

/// What one person says, or several, each asked alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "a range is { low = 5, likely = 10, high = 30 } in minutes with 0 < low <= likely <= high, or a list of such ranges, one a person"
)]
pub enum Stated {
    /// One range.
    One(Range),
    /// A range from each of several people.
    Several(Vec<Range>),
}

/// Minutes that the mean of a kind of ticket lies below with 10, 50 and 90 %.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// 10 %.
    pub low: f64,
    /// 50 %.
    pub likely: f64,
    /// 90 %.
    pub high: f64,
}

/// The answers of one quarter to "which share of your time went into requests?".
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopDown {
    /// Working hours that one person had in the quarter.
    pub hours: f64,
    /// One answer a person, 0 to 1.
    pub shares: Vec<f64>,
}

impl TopDown {
    /// Returns the hours that all who were asked spent on requests by their own account.
    #[must_use]
    pub fn spent(&self) -> f64 {
        self.hours * self.shares.iter().sum::<f64>()
    }
}

impl EffortOverrides {
    /// Merges two layers, entry by entry.
    pub(super) fn over(self, below: Self) -> Self {
        let (mut minutes, mut top_down) = (below.minutes, below.top_down);
        minutes.extend(self.minutes);
        top_down.extend(self.top_down);
        Self { minutes, top_down }
    }
}

/// What is said of effort: checked, several people's ranges made one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EffortSettings {
    /// By sub-pattern or pattern id: the mean minutes of a ticket.
    pub minutes: BTreeMap<String, ThreePoint>,
    /// By quarter: the share of time, top-down.
    pub top_down: BTreeMap<Quarter, TopDown>,
}

impl EffortSettings {
    pub(super) fn resolve(given: EffortOverrides) -> Result<Self, SettingsError> {
        let mut minutes = BTreeMap::new();
        for (id, stated) in given.minutes {
            let key = format!("minutes.\"{id}\"");
            let ranges = match stated {
                Stated::One(range) => vec![range],
                Stated::Several(ranges) => ranges,
            };
            minutes.insert(id, union(&ranges).ok_or_else(|| invalid(key, RANGE))?);
        }
        let mut top_down = BTreeMap::new();
        for (quarter, answers) in given.top_down {
            let key = format!("top_down.\"{quarter}\"");
            let name: Quarter = quarter.parse().map_err(|_| {
                invalid(
                    key.clone(),
                    "it is no quarter: write \"2026-Q3\", or \"FY2026-Q1\" in a fiscal year",
                )
            })?;
            let is_share = |share: &f64| (0.0..=1.0).contains(share);
            if answers.shares.is_empty() || !answers.shares.iter().all(is_share) {
                return Err(invalid(
                    key,
                    "shares needs one number from 0 to 1 for each person asked",
                ));
            }
            if !(answers.hours > 0.0 && answers.hours.is_finite()) {
                return Err(invalid(
                    key,
                    "hours is what one person worked in the quarter, above 0",
                ));
            }
            top_down.insert(name, answers);
        }
        Ok(Self { minutes, top_down })
    }

    /// Checks that every id is one of the taxonomy.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Effort`] for the first that is not.
    pub fn check(&self, taxonomy: &Taxonomy) -> Result<(), SettingsError> {
        let known = |id: &str| taxonomy.pattern(id).is_some() || taxonomy.sub(id).is_some();
        match self.minutes.keys().find(|id| !known(id)) {
            Some(id) => Err(invalid(
                format!("minutes.\"{id}\""),
                "the taxonomy in force has no such pattern or sub-pattern; `toilscope patterns` lists them",
            )),
            None => Ok(()),
        }
    }

    /// Returns the section as a report records it.
    pub(super) fn record(&self) -> Value {
        let range =
            |range: &ThreePoint| json!({"low": range.low, "likely": range.likely, "high": range.high});
        let minutes: BTreeMap<&String, Value> = self
            .minutes
            .iter()
            .map(|(id, given)| (id, range(given)))
            .collect();
        let top_down: BTreeMap<String, Value> = self
            .top_down
            .iter()
            .map(|(quarter, given)| {
                (
                    quarter.to_string(),
                    json!({"hours": given.hours, "shares": given.shares}),
                )
            })
            .collect();
        json!({"minutes": minutes, "top_down": top_down})
    }
}

const RANGE: &str = "a range is { low = 5, likely = 10, high = 30 } in minutes with 0 < low <= likely <= high, or a list of such ranges, one a person";

fn invalid(key: String, reason: &'static str) -> SettingsError {
    SettingsError::Effort { key, reason }
}

/// Joins what several people said: from the lowest low to the highest high, for people are too sure of themselves and
/// averaging the ends would make them surer. The middle is the geometric mean of theirs. `None` if a range is none.
fn union(ranges: &[Range]) -> Option<ThreePoint> {
    let is_range = |range: &Range| {
        0.0 < range.low && range.low <= range.likely && range.likely <= range.high && range.high.is_finite()
    };
    if ranges.is_empty() || !ranges.iter().all(is_range) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
    let people = ranges.len() as f64;
    let low = ranges.iter().map(|range| range.low).fold(f64::INFINITY, f64::min);
    let high = ranges.iter().map(|range| range.high).fold(0.0, f64::max);
    let middle = if let [only] = ranges {
        only.likely
    } else {
        let mut logs: Vec<f64> = ranges.iter().map(|range| range.likely.ln()).collect();
        logs.sort_unstable_by(f64::total_cmp);
        (logs.iter().sum::<f64>() / people).exp()
    };
    Some(ThreePoint {
        low,
        likely: middle.clamp(low, high),
        high,
    })
}

#[cfg(test)]
mod tests {
    use crate::config::{Overrides, Settings, SettingsError};
    use crate::taxonomy::{Lang, Taxonomy};

    fn settings(text: &str) -> Result<Settings, SettingsError> {
        Settings::resolve(Overrides::parse("toilscope.toml", text)?, Lang::En)
    }

    #[test]
    fn ranges_of_several_people_keep_their_ends() {
        let text = "[effort.minutes]\n\"account.github\" = [{ low = 4, likely = 9, high = 20 }, { low = 8, likely = 16, high = 60 }]";
        let range = settings(text).expect("valid").effort.minutes["account.github"];
        assert_eq!((range.low, range.high), (4.0, 60.0));
        assert!((range.likely - 12.0).abs() < 1e-9);
    }

    #[test]
    fn top_down_hours_are_those_of_all_who_were_asked() {
        let text = "[effort.top_down.\"2026-Q3\"]\nhours = 480\nshares = [0.2, 0.3]";
        let settings = settings(text).expect("valid");
        let spent: Vec<f64> = settings
            .effort
            .top_down
            .values()
            .map(super::TopDown::spent)
            .collect();
        assert_eq!(spent, [240.0]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_key() {
        for (text, key) in [
            (
                "[effort.minutes]\naccount = { low = 9, likely = 4, high = 20 }",
                "account",
            ),
            ("[effort.minutes]\naccount = []", "account"),
            ("[effort.top_down.\"2026\"]\nhours = 480\nshares = [0.2]", "2026"),
            (
                "[effort.top_down.\"2026-Q3\"]\nhours = 480\nshares = [20]",
                "2026-Q3",
            ),
            (
                "[effort.top_down.\"2026-Q3\"]\nhours = 0\nshares = [0.2]",
                "2026-Q3",
            ),
        ] {
            let message = settings(text).expect_err(text).to_string();
            assert!(message.contains(key), "{message}");
        }
    }

    #[test]
    fn what_is_no_range_at_all_is_told_what_one_is() {
        for text in [
            "[effort.minutes]\naccount = 15",
            "[effort.minutes]\naccount = \"a quarter of an hour\"",
            "[effort.minutes]\naccount = { low = 4, likly = 9, high = 20 }",
            "[effort.minutes]\naccount = [{ low = 4, likely = 9 }]",
        ] {
            let message = settings(text).expect_err(text).to_string();
            assert!(
                !message.contains("untagged") && !message.contains("Stated"),
                "{message}"
            );
            assert!(message.contains("low = 5, likely = 10"), "{message}");
            assert!(message.contains("account"), "{message}");
        }
    }

    #[test]
    fn an_id_that_the_taxonomy_does_not_know_is_refused() {
        let text = "[effort.minutes]\n\"account.githob\" = { low = 4, likely = 9, high = 20 }";
        let taxonomy = Taxonomy::builtin().expect("valid");
        let message = settings(text)
            .expect("valid")
            .effort
            .check(&taxonomy)
            .expect_err("unknown")
            .to_string();
        assert!(message.contains("account.githob"), "{message}");
    }
}
