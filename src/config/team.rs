//! The section `[team]` of the settings: how many engineers there are and how many people answer, quarter by quarter.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::SettingsError;
use crate::period::Quarter;

/// People in a quarter. What nobody knows stays `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Headcount {
    /// Engineers who may ask; parts of people are allowed.
    pub engineers: Option<f64>,
    /// People who answer.
    pub responders: Option<f64>,
}

/// What a settings file may say of the team.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TeamOverrides {
    /// Engineers who may ask, in every quarter that has no figure of its own.
    pub engineers: Option<f64>,
    /// People who answer, likewise.
    pub responders: Option<f64>,
    /// Figures of single quarters, by their names.
    pub quarters: BTreeMap<String, Headcount>,
}

impl TeamOverrides {
    pub(super) fn over(self, below: Self) -> Self {
        let mut quarters = below.quarters;
        quarters.extend(self.quarters);
        Self {
            engineers: self.engineers.or(below.engineers),
            responders: self.responders.or(below.responders),
            quarters,
        }
    }
}

/// The size of the team over time, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Team {
    usual: Headcount,
    quarters: BTreeMap<Quarter, Headcount>,
}

impl Team {
    /// Returns who was there in a quarter: its own figures where it has them, else the usual ones.
    #[must_use]
    pub fn of(&self, quarter: Quarter) -> Headcount {
        let own = self.quarters.get(&quarter).copied().unwrap_or_default();
        Headcount {
            engineers: own.engineers.or(self.usual.engineers),
            responders: own.responders.or(self.usual.responders),
        }
    }

    /// Checks figures and names; `fiscal` says whether the quarters of this run are those of a fiscal year.
    pub(super) fn resolve(given: TeamOverrides, fiscal: bool) -> Result<Self, SettingsError> {
        let usual = Headcount {
            engineers: given.engineers,
            responders: given.responders,
        };
        check(&usual, "team")?;
        let mut quarters = BTreeMap::new();
        for (name, headcount) in given.quarters {
            let place = format!("team.quarters.{name}");
            let quarter: Quarter = name.parse().map_err(|_| {
                refused(
                    &place,
                    "it names no quarter: write 2026-Q3, or FY2026-Q1 in a fiscal year",
                )
            })?;
            if quarter.fiscal != fiscal {
                let reason = if fiscal {
                    "quarters are those of the fiscal year here, as in FY2026-Q1"
                } else {
                    "quarters are those of the calendar here, as in 2026-Q3; FY needs fiscal_year_start"
                };
                return Err(refused(&place, reason));
            }
            check(&headcount, &place)?;
            quarters.insert(quarter, headcount);
        }
        Ok(Self { usual, quarters })
    }

    pub(super) fn record(&self) -> Value {
        let people = |headcount: &Headcount| json!({"engineers": headcount.engineers, "responders": headcount.responders});
        let quarters: Map<String, Value> = self
            .quarters
            .iter()
            .map(|(quarter, headcount)| (quarter.to_string(), people(headcount)))
            .collect();
        let mut record = people(&self.usual);
        record["quarters"] = Value::Object(quarters);
        record
    }
}

fn refused(place: &str, reason: &'static str) -> SettingsError {
    SettingsError::Team {
        place: place.to_owned(),
        reason,
    }
}

fn check(headcount: &Headcount, place: &str) -> Result<(), SettingsError> {
    for (name, people) in [
        ("engineers", headcount.engineers),
        ("responders", headcount.responders),
    ] {
        if people.is_some_and(|people| !(people > 0.0 && people <= 1e7)) {
            return Err(refused(
                &format!("{place}.{name}"),
                "it must be above 0; leave it out where it is not known",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::config::{Overrides, Settings, SettingsError};
    use crate::taxonomy::Lang;

    fn settings(text: &str) -> Result<Settings, SettingsError> {
        Settings::resolve(Overrides::parse("toilscope.toml", text)?, Lang::En)
    }

    #[test]
    fn a_quarter_has_its_own_figures_or_the_usual_ones() {
        let text = "[team]\nengineers = 70\nresponders = 2.5\n[team.quarters.2026-Q1]\nengineers = 65";
        let team = settings(text).unwrap().team;
        let of = |name: &str| {
            let people = team.of(name.parse().unwrap());
            (people.engineers, people.responders)
        };
        assert_eq!(of("2026-Q1"), (Some(65.0), Some(2.5)));
        assert_eq!(of("2026-Q2"), (Some(70.0), Some(2.5)));
        assert_eq!(
            settings("")
                .unwrap()
                .team
                .of("2026-Q2".parse().unwrap())
                .engineers,
            None
        );
    }

    #[test]
    fn figures_and_names_that_cannot_be_are_refused_with_their_place() {
        for (text, place) in [
            ("[team]\nengineers = 0", "team.engineers"),
            ("[team]\nresponders = nan", "team.responders"),
            ("[team.quarters.2026-Q5]\nengineers = 3", "2026-Q5"),
            ("[team.quarters.FY2026-Q1]\nengineers = 3", "fiscal_year_start"),
            (
                "fiscal_year_start = 4\n[team.quarters.2026-Q1]\nengineers = 3",
                "FY2026-Q1",
            ),
        ] {
            let message = settings(text).unwrap_err().to_string();
            assert!(message.contains(place), "{text}: {message}");
        }
        assert!(matches!(
            settings("[team]\nengineer = 3"),
            Err(SettingsError::Invalid { .. })
        ));
    }
}
