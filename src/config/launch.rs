//! Launches of automations, as settings and store name them, and their check against the taxonomy.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Day, SettingsError};
use crate::taxonomy::Taxonomy;
use crate::text::near;

/// Weeks after a launch that are left out of the comparison, unless said otherwise: people finish old requests and get used
/// to the new way.
pub const WASHOUT_WEEKS: u32 = 2;

/// Most weeks that may be left out: two years after a launch nobody is still getting used to it.
pub const MOST_WASHOUT_WEEKS: u32 = 104;

/// An automation that went live.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// Id of the play.
    pub play: String,
    /// Ids of the sub-patterns that it takes over; empty for those that the taxonomy gives the play.
    #[serde(default)]
    pub subpatterns: Vec<String>,
    /// The day it went live.
    pub date: Day,
    /// Weeks after it that are left out.
    #[serde(default = "usual_washout")]
    pub washout_weeks: u32,
    /// Hours a quarter that it was expected to save.
    #[serde(default)]
    pub projected_hours: Option<f64>,
}

fn usual_washout() -> u32 {
    WASHOUT_WEEKS
}

impl Launch {
    /// Returns the launch by the names of the settings file.
    #[must_use]
    pub fn record(&self) -> Value {
        json!({
            "play": self.play,
            "subpatterns": self.subpatterns,
            "date": self.date.0.to_string(),
            "washout_weeks": self.washout_weeks,
            "projected_hours": self.projected_hours,
        })
    }

    /// Checks the launch against the taxonomy and names the sub-patterns by their present ids, sorted, each once.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Launch`] for an unknown play or sub-pattern, with the names most like it; for a play that serves no
    /// sub-pattern if none is given; for hours or weeks that cannot be.
    pub fn checked(&self, taxonomy: &Taxonomy) -> Result<Self, SettingsError> {
        if taxonomy.play(&self.play).is_none() {
            let known = taxonomy.plays.iter().map(|play| play.id.as_str());
            return Err(self.refused(
                format!("there is no play {:?}", self.play),
                &near(&self.play, known),
            ));
        }
        if let Some(reason) = self.impossible() {
            return Err(self.refused(reason, &[]));
        }
        let subs = || taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
        let mut subpatterns = Vec::new();
        for id in &self.subpatterns {
            match taxonomy.current_id(id).filter(|now| taxonomy.sub(now).is_some()) {
                Some(now) => subpatterns.push(now.to_owned()),
                None => {
                    let like = near(id, subs().map(|sub| sub.id.as_str()));
                    return Err(self.refused(format!("there is no sub-pattern {id:?}"), &like));
                }
            }
        }
        if self.subpatterns.is_empty() {
            let served = subs().filter(|sub| sub.plays.contains(&self.play));
            subpatterns = served.map(|sub| sub.id.clone()).collect();
        }
        if subpatterns.is_empty() {
            let reason = "the taxonomy gives the play no sub-pattern: name those that it takes over";
            return Err(self.refused(reason.to_owned(), &[]));
        }
        subpatterns.sort_unstable();
        subpatterns.dedup();
        Ok(Self {
            subpatterns,
            ..self.clone()
        })
    }

    /// Returns what no launch can be, whatever the taxonomy.
    #[must_use]
    pub fn impossible(&self) -> Option<String> {
        match self.projected_hours {
            Some(hours) if !hours.is_finite() => Some("the hours it was to save are no number".to_owned()),
            Some(hours) if hours < 0.0 => Some(format!(
                "it cannot have been meant to save {hours} hours a quarter; give 0 or more"
            )),
            _ if self.washout_weeks > MOST_WASHOUT_WEEKS => Some(format!(
                "{} weeks of washout are more than {MOST_WASHOUT_WEEKS}",
                self.washout_weeks
            )),
            _ => None,
        }
    }

    /// Finds a launch that stands twice among these: with its play and its day.
    #[must_use]
    pub fn repeated(launches: &[Self]) -> Option<&Self> {
        let same = |a: &Self, b: &Self| (&a.play, a.date) == (&b.play, b.date);
        launches.iter().enumerate().find_map(|(at, launch)| {
            launches[..at]
                .iter()
                .any(|other| same(other, launch))
                .then_some(launch)
        })
    }

    pub(super) fn refused(&self, reason: String, near: &[&str]) -> SettingsError {
        SettingsError::Launch {
            play: self.play.clone(),
            date: self.date.0,
            reason,
            near: near.iter().map(|id| (*id).to_owned()).collect(),
        }
    }
}

/// Joins the launches of the settings file with those of the store: of two with one play and day the first one's stays.
/// In order of day, then play.
#[must_use]
pub fn merged(of_file: &[Launch], of_store: Vec<Launch>) -> Vec<Launch> {
    let mut all = of_file.to_vec();
    for launch in of_store {
        if !all
            .iter()
            .any(|known| (&known.play, known.date) == (&launch.play, launch.date))
        {
            all.push(launch);
        }
    }
    all.sort_by(|a, b| (a.date, &a.play).cmp(&(b.date, &b.play)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(play: &str, subpatterns: &[&str]) -> Launch {
        Launch {
            play: play.to_owned(),
            subpatterns: subpatterns.iter().map(|id| (*id).to_owned()).collect(),
            date: "2026-04-01".parse().unwrap(),
            washout_weeks: 2,
            projected_hours: None,
        }
    }

    #[test]
    fn unknown_names_are_refused_with_the_nearest() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let play = &taxonomy.plays[0].id;
        let error = launch(&format!("{play}x"), &[]).checked(&taxonomy).unwrap_err();
        assert!(
            error.hint().is_some_and(|hint| hint.contains(play.as_str())),
            "{error}: {:?}",
            error.hint()
        );
        let sub = &taxonomy.patterns[0].subs[0].id;
        let error = launch(play, &[&sub[..sub.len() - 1]])
            .checked(&taxonomy)
            .unwrap_err();
        assert!(
            error.hint().is_some_and(|hint| hint.contains(sub.as_str())),
            "{error}: {:?}",
            error.hint()
        );
    }

    #[test]
    fn without_names_the_taxonomy_says_which_sub_patterns() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let (play, sub) = taxonomy
            .patterns
            .iter()
            .flat_map(|pattern| &pattern.subs)
            .find_map(|sub| Some((sub.plays.first()?, &sub.id)))
            .unwrap();
        assert!(
            launch(play, &[])
                .checked(&taxonomy)
                .unwrap()
                .subpatterns
                .contains(sub)
        );
    }

    #[test]
    fn hours_and_weeks_that_cannot_be_are_refused() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let of = |projected_hours, washout_weeks| {
            let launch = Launch {
                projected_hours,
                washout_weeks,
                ..launch(&taxonomy.plays[0].id, &[&taxonomy.patterns[0].subs[0].id])
            };
            launch
                .checked(&taxonomy)
                .map(drop)
                .map_err(|error| error.to_string())
        };
        assert_eq!(of(Some(0.0), MOST_WASHOUT_WEEKS), Ok(()));
        assert!(of(Some(-12.0), 2).unwrap_err().contains("-12 hours"));
        assert!(of(Some(f64::NAN), 2).unwrap_err().contains("no number"));
        assert!(
            of(None, MOST_WASHOUT_WEEKS + 1)
                .unwrap_err()
                .contains("105 weeks")
        );
    }

    #[test]
    fn a_launch_that_stands_twice_is_found() {
        let mut later = launch("a", &[]);
        later.date = "2026-04-02".parse().unwrap();
        let once = [launch("a", &["x"]), launch("b", &["x"]), later];
        assert_eq!(Launch::repeated(&once), None);
        let twice = [launch("a", &["x"]), launch("b", &[]), launch("a", &["y"])];
        assert_eq!(Launch::repeated(&twice), Some(&twice[2]));
    }

    #[test]
    fn of_two_with_one_play_and_day_the_settings_hold() {
        let mut stored = launch("a", &["x"]);
        let other = launch("b", &[]);
        stored.washout_weeks = 9;
        let all = merged(&[launch("a", &["y"])], vec![other.clone(), stored]);
        assert_eq!(all, [launch("a", &["y"]), other]);
    }
}
