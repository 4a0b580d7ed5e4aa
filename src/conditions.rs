//! Conditions under which a quarterly job should fail or warn: `unassigned>10%`, `account:clear_rise`.
//!
//! ```text
//! CONDITION = MEASURE OP NUMBER      a count of tickets            open>30
//!           | MEASURE OP NUMBER %    a share of the tickets        unassigned>10%
//!           | ID : VERDICT           a verdict of the trend        permission.gcp_iam:possible_rise, any:clear_rise
//! MEASURE   = tickets | unassigned | needs_review | open | excluded | skipped | changed | new_groups
//! OP        = > | >= | < | <= | =
//! VERDICT   = clear_rise | clear_fall | possible_rise | possible_fall | none | too_few
//! ```
//!
//! An ID is that of a pattern, a sub-pattern or a discovered group, or `any`. It has two verdicts, as the trend shows them:
//! on the last quarter that has one, and on the level of the last quarters. A rise or a fall holds if either is one; `none`
//! and `too_few` hold if neither is.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What can be counted.
pub const MEASURES: [&str; 8] = [
    "tickets",
    "unassigned",
    "needs_review",
    "open",
    "excluded",
    "skipped",
    "changed",
    "new_groups",
];

/// What a trend can say.
pub const VERDICTS: [&str; 6] = [
    "clear_rise",
    "clear_fall",
    "possible_rise",
    "possible_fall",
    "none",
    "too_few",
];

/// Stands for every pattern, sub-pattern and group.
const ANY: &str = "any";

/// A condition, as the user wrote it and as it is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Measure {
        name: &'static str,
        op: Op,
        bound: f64,
        is_share: bool,
    },
    Verdict {
        id: String,
        verdict: &'static str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Over,
    AtLeast,
    Under,
    AtMost,
    Equal,
}

/// What conditions are checked against.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Counts by the names of [`MEASURES`], each with the count that it is a share of. One that is not known (nothing
    /// was compared with an earlier run) is not there.
    pub counts: BTreeMap<&'static str, (usize, usize)>,
    /// The verdicts on every pattern, sub-pattern and group, by id.
    pub verdicts: BTreeMap<String, Verdicts>,
}

/// The verdicts on a pattern, sub-pattern or group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// That on the last quarter that was compared with an earlier one.
    pub quarter: Option<String>,
    /// That on the change of level, if one was looked for.
    pub level: Option<String>,
}

impl Verdicts {
    /// Says where a verdict stands, if it is the one that people are told.
    fn told(&self, verdict: &str) -> Option<&'static str> {
        let is = |of: &Option<String>| of.as_deref() == Some(verdict);
        let moved = |of: &Option<String>| of.as_deref().is_some_and(|of| !STILL.contains(&of));
        if STILL.contains(&verdict) && (moved(&self.quarter) || moved(&self.level)) {
            return None;
        }
        if is(&self.quarter) {
            return Some("the last quarter of");
        }
        (is(&self.level)).then_some("the level of")
    }
}

/// Verdicts that are no change.
const STILL: [&str; 2] = ["none", "too_few"];

impl Condition {
    /// Returns what is the case if the condition holds; `None` if it does not, or if what it asks for is not known.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> Option<String> {
        match &self.test {
            Test::Measure {
                name,
                op,
                bound,
                is_share,
            } => {
                let (count, of) = *facts.counts.get(name)?;
                if *is_share && of == 0 {
                    return None;
                }
                let (value, shown) = if *is_share {
                    let percent = 100.0 * count as f64 / of as f64;
                    (percent, format!("{name} is {percent:.1}% ({count} of {of})"))
                } else {
                    (count as f64, format!("{name} is {count}"))
                };
                op.holds(value, *bound).then_some(shown)
            }
            Test::Verdict { id, verdict } => {
                let mut rows = facts.verdicts.iter().filter(|(row, _)| id == ANY || *row == id);
                let (row, of) = rows.find_map(|(row, found)| Some((row, found.told(verdict)?)))?;
                Some(format!("the verdict on {of} {row} is {verdict}"))
            }
        }
    }

    /// Says whether the condition asks for what is not known: a comparison with an earlier run where there is none.
    #[must_use]
    pub fn is_open(&self, facts: &Facts) -> bool {
        matches!(&self.test, Test::Measure { name, .. } if !facts.counts.contains_key(name))
    }

    /// Returns the id whose verdict the condition asks for, if it asks for that of one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match &self.test {
            Test::Verdict { id, .. } if id != ANY => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Op {
    /// Longer signs first, so that `>=` is not read as `>`.
    const SIGNS: [(&'static str, Self); 5] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Over),
        ("<", Self::Under),
        ("=", Self::Equal),
    ];

    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Over => value > bound,
            Self::AtLeast => value >= bound,
            Self::Under => value < bound,
            Self::AtMost => value <= bound,
            Self::Equal => (value - bound).abs() < 1e-9,
        }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let test = match (text.find(['>', '<', '=']), text.split_once(':')) {
            (Some(at), _) => measure(text, at)?,
            (None, Some((id, verdict))) => verdict_of(id.trim(), verdict.trim())?,
            (None, None) => {
                return Err("it is neither a measure with a bound (unassigned>10%) nor a verdict (account:clear_rise)".to_owned());
            }
        };
        Ok(Self {
            text: text.trim().to_owned(),
            test,
        })
    }
}

fn measure(text: &str, at: usize) -> Result<Test, String> {
    let (name, rest) = text.split_at(at);
    let name = known(name.trim(), &MEASURES, "measure")?;
    let (sign, op) = Op::SIGNS
        .into_iter()
        .find(|(sign, _)| rest.starts_with(sign))
        .ok_or("use >, >=, <, <= or =")?;
    let bound = rest[sign.len()..].trim();
    let (number, is_share) = match bound.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (bound, false),
    };
    let bound: f64 = number
        .parse()
        .ok()
        .filter(|bound: &f64| bound.is_finite() && *bound >= 0.0)
        .ok_or_else(|| format!("{bound:?} is no bound; write a number (30) or a share (10%)"))?;
    if is_share && bound > 100.0 {
        return Err(format!("{number}% is more than everything"));
    }
    Ok(Test::Measure {
        name,
        op,
        bound,
        is_share,
    })
}

fn verdict_of(id: &str, verdict: &str) -> Result<Test, String> {
    if id.is_empty() {
        return Err(
            "the id before the colon is missing; use a pattern, sub-pattern, group or any".to_owned(),
        );
    }
    Ok(Test::Verdict {
        id: id.to_owned(),
        verdict: known(verdict, &VERDICTS, "verdict")?,
    })
}

fn known(name: &str, names: &[&'static str], what: &str) -> Result<&'static str, String> {
    names
        .iter()
        .find(|known| **known == name)
        .copied()
        .ok_or_else(|| format!("{name:?} is no {what}; use {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            counts: [
                ("unassigned", (11, 100)),
                ("open", (30, 100)),
                ("tickets", (0, 0)),
            ]
            .into(),
            verdicts: [
                verdicts("account", Some("clear_rise"), None),
                verdicts("permission.gcp_iam", Some("none"), None),
                verdicts("environment", Some("none"), Some("clear_fall")),
                verdicts("consultation", None, Some("possible_fall")),
                verdicts("tool_config", Some("none"), Some("none")),
            ]
            .into(),
        }
    }

    fn verdicts(id: &str, quarter: Option<&str>, level: Option<&str>) -> (String, Verdicts) {
        let verdicts = Verdicts {
            quarter: quarter.map(str::to_owned),
            level: level.map(str::to_owned),
        };
        (id.to_owned(), verdicts)
    }

    fn holds(text: &str) -> bool {
        text.parse::<Condition>()
            .expect("valid")
            .holds(&facts())
            .is_some()
    }

    #[test]
    fn bounds_are_counts_or_shares() {
        for text in [
            "unassigned>10%",
            " unassigned >= 11 % ",
            "open=30",
            "open<=30",
            "open>=30",
            "unassigned<11.5%",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "unassigned>11%",
            "open>30",
            "open<30",
            "tickets>0",
            "tickets<5%",
            "changed>0",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn verdicts_are_asked_for_by_id_or_for_any() {
        assert!(holds("account:clear_rise") && holds("any:clear_rise") && holds("permission.gcp_iam:none"));
        assert!(!holds("account:clear_fall") && !holds("other:none") && !holds("any:too_few"));
    }

    #[test]
    fn a_change_of_level_is_a_verdict_and_stillness_is_that_of_both() {
        assert!(holds("environment:clear_fall") && holds("any:clear_fall") && holds("any:possible_fall"));
        assert!(!holds("environment:none") && holds("tool_config:none") && !holds("consultation:none"));
        let told = |text: &str| text.parse::<Condition>().expect("valid").holds(&facts());
        assert_eq!(
            told("any:clear_fall").as_deref(),
            Some("the verdict on the level of environment is clear_fall")
        );
    }

    #[test]
    fn what_is_the_case_is_told_in_numbers() {
        let condition: Condition = "unassigned>10%".parse().expect("valid");
        assert_eq!(
            condition.holds(&facts()).as_deref(),
            Some("unassigned is 11.0% (11 of 100)")
        );
    }

    #[test]
    fn mistakes_are_explained() {
        let refused = |text: &str| text.parse::<Condition>().expect_err(text);
        assert!(refused("unasigned>10%").contains("use tickets, unassigned"));
        assert!(refused("open>many").contains("write a number"));
        assert!(refused("open>-1").contains("write a number"));
        assert!(refused("open>=").contains("write a number"));
        assert!(refused("open>NaN").contains("write a number"));
        assert!(refused("open>120%").contains("more than everything"));
        assert!(refused("account:rise").contains("use clear_rise"));
        assert!(refused(":clear_rise").contains("id before the colon"));
        assert!(refused("account").contains("neither"));
    }
}
