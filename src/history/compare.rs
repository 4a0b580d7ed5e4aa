//! What an earlier report said, what this one says of the same quarters, and why they differ: counts that add up.

use std::collections::BTreeMap;

use super::about::About;
use super::answers::Answer;

/// A report: what it was made from and what it said of every ticket.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What it was made from.
    pub about: &'a About,
    /// One answer a ticket, ordered by id.
    pub answers: &'a [Answer],
}

/// Something that two reports do not have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The taxonomy file.
    Taxonomy,
    /// The labels, from which the learner learns for all tickets.
    Labels,
    /// The tool or the model that it carries.
    Version,
    /// Settings, seed among them.
    Settings,
}

/// Why a count differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The ticket was not in the earlier report.
    New,
    /// The ticket is not in this one: it left the store or the period.
    Left,
    /// The ticket was edited.
    Edited,
    /// A person labelled it, or the learner learned from other labels.
    Labels,
    /// The taxonomy changed, and nothing else that could be the reason.
    Taxonomy,
    /// The tool changed, and nothing else that could be the reason.
    Version,
    /// Settings changed, and nothing else that could be the reason.
    Settings,
    /// More than one of labels, taxonomy, version and settings changed: which of them it was cannot be told.
    Several,
    /// None of them changed: forms, product names and groups are learned from all tickets together.
    OtherTickets,
}

impl Reason {
    /// All reasons, in the order of the columns.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Left,
        Self::Edited,
        Self::Labels,
        Self::Taxonomy,
        Self::Version,
        Self::Settings,
        Self::Several,
        Self::OtherTickets,
    ];

    /// Returns the name that outputs show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Left => "left",
            Self::Edited => "edited",
            Self::Labels => "labels",
            Self::Taxonomy => "taxonomy",
            Self::Version => "version",
            Self::Settings => "settings",
            Self::Several => "several",
            Self::OtherTickets => "other_tickets",
        }
    }
}

/// The tickets of one pattern and quarter, then and now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What the earlier report said.
    pub then: usize,
    /// By how much each reason moved it; `then` and all of them add up to `now`.
    pub moved: BTreeMap<Reason, i64>,
    /// What this report says.
    pub now: usize,
}

/// Two reports side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What the two do not have in common, tickets apart.
    pub differences: Vec<Difference>,
    /// By quarter (`None`: no date) and pattern (`None`: excluded, no request for work).
    pub rows: BTreeMap<(Option<String>, Option<String>), Row>,
    /// Tickets that are new or left, and tickets in both whose pattern, sub-pattern or exclusion changed.
    pub changed: BTreeMap<Reason, usize>,
    /// Tickets in both.
    pub both: usize,
}

impl Comparison {
    /// Tickets in both reports whose answer changed.
    #[must_use]
    pub fn answers_changed(&self) -> usize {
        let of_tickets = [Reason::New, Reason::Left];
        let changed = self
            .changed
            .iter()
            .filter(|(reason, _)| !of_tickets.contains(reason));
        changed.map(|(_, count)| count).sum()
    }
}

/// Compares two reports ticket by ticket.
#[must_use]
pub fn compare(then: Run<'_>, now: Run<'_>) -> Comparison {
    let mut comparison = Comparison {
        differences: differences(then.about, now.about),
        ..Comparison::default()
    };
    let old: BTreeMap<&str, &Answer> = then
        .answers
        .iter()
        .map(|answer| (answer.id.as_str(), answer))
        .collect();
    let new: BTreeMap<&str, &Answer> = now
        .answers
        .iter()
        .map(|answer| (answer.id.as_str(), answer))
        .collect();
    for (id, after) in &new {
        match old.get(id) {
            None => comparison.count(Reason::New, None, Some(after)),
            Some(before) => comparison.both(before, after),
        }
    }
    for (_, before) in old.iter().filter(|(id, _)| !new.contains_key(*id)) {
        comparison.count(Reason::Left, Some(before), None);
    }
    comparison
}

impl Comparison {
    fn both(&mut self, before: &Answer, after: &Answer) {
        self.both += 1;
        let answer = |of: &Answer| (of.pattern.clone(), of.subpattern.clone(), of.excluded.clone());
        if answer(before) != answer(after) || before.quarter != after.quarter {
            let reason = reason(before, after, &self.differences);
            self.count(reason, Some(before), Some(after));
        } else {
            let row = self.row(after);
            row.then += 1;
            row.now += 1;
        }
    }

    fn count(&mut self, reason: Reason, before: Option<&Answer>, after: Option<&Answer>) {
        *self.changed.entry(reason).or_default() += 1;
        if let Some(before) = before {
            let row = self.row(before);
            row.then += 1;
            *row.moved.entry(reason).or_default() -= 1;
        }
        if let Some(after) = after {
            let row = self.row(after);
            row.now += 1;
            *row.moved.entry(reason).or_default() += 1;
        }
    }

    fn row(&mut self, of: &Answer) -> &mut Row {
        let pattern = of.excluded.is_none().then(|| of.pattern.clone());
        self.rows.entry((of.quarter.clone(), pattern)).or_default()
    }
}

fn differences(then: &About, now: &About) -> Vec<Difference> {
    let version = |about: &About| (about.tool_version.clone(), about.model_hash.clone());
    let pairs = [
        (Difference::Taxonomy, then.taxonomy_hash != now.taxonomy_hash),
        (Difference::Labels, then.labels_hash != now.labels_hash),
        (Difference::Version, version(then) != version(now)),
        (
            Difference::Settings,
            decisive(then) != decisive(now) || then.seed != now.seed,
        ),
    ];
    pairs
        .into_iter()
        .filter_map(|(difference, differs)| differs.then_some(difference))
        .collect()
}

/// Settings that say what is made of the answers (what was launched, what an hour costs, who is there) and move none.
const MOVE_NONE: [&str; 3] = ["launches", "effort", "team"];

/// The settings that answers hang on.
fn decisive(about: &About) -> Vec<(&String, &serde_json::Value)> {
    let settings = about.settings.iter();
    settings
        .filter(|(key, _)| !MOVE_NONE.contains(&key.as_str()))
        .collect()
}

/// Finds why the answer for a ticket changed: what was done to the ticket itself first, then what changed for all.
fn reason(before: &Answer, after: &Answer, differences: &[Difference]) -> Reason {
    if before.text != after.text || before.rest != after.rest {
        return Reason::Edited;
    }
    if (before.method == LABEL || after.method == LABEL) && differences.contains(&Difference::Labels) {
        return Reason::Labels;
    }
    match differences {
        [] => Reason::OtherTickets,
        [Difference::Taxonomy] => Reason::Taxonomy,
        [Difference::Labels] => Reason::Labels,
        [Difference::Version] => Reason::Version,
        [Difference::Settings] => Reason::Settings,
        _ => Reason::Several,
    }
}

/// The method of a ticket that a person decided.
const LABEL: &str = "label";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::about::Made;
    use super::*;

    fn about(taxonomy: &str, labels: &str) -> About {
        About {
            tool_version: "1".into(),
            model_hash: "m".into(),
            taxonomy_version: "1".into(),
            taxonomy_hash: taxonomy.into(),
            labels_hash: labels.into(),
            labels: 0,
            tickets_hash: "t".into(),
            seed: 1,
            settings: serde_json::Map::new(),
            words: serde_json::Map::new(),
            afresh: false,
            made: Made::default(),
        }
    }

    fn answer(id: &str, pattern: &str) -> Answer {
        Answer {
            id: id.into(),
            text: "t".into(),
            rest: "r".into(),
            quarter: Some("2026-Q1".into()),
            pattern: pattern.into(),
            subpattern: None,
            group: None,
            method: "rules".into(),
            excluded: None,
        }
    }

    fn moved(comparison: &Comparison, pattern: &str) -> Vec<(Reason, i64)> {
        let key = (Some("2026-Q1".to_owned()), Some(pattern.to_owned()));
        comparison.rows[&key]
            .moved
            .iter()
            .map(|(reason, by)| (*reason, *by))
            .collect()
    }

    #[test]
    fn every_reason_is_told_where_it_can_be() {
        let (one, two) = (about("a", "x"), about("b", "x"));
        let then = [
            answer("1", "account"),
            answer("2", "account"),
            answer("3", "other"),
        ];
        let mut now = [
            answer("1", "permission"),
            answer("2", "permission"),
            answer("4", "other"),
        ];
        now[1].text = "edited".into();
        let run = |about, answers| Run { about, answers };
        let found = compare(run(&one, &then), run(&two, &now));
        assert_eq!(found.differences, [Difference::Taxonomy]);
        assert_eq!(
            moved(&found, "permission"),
            [(Reason::Edited, 1), (Reason::Taxonomy, 1)]
        );
        assert_eq!(
            moved(&found, "account"),
            [(Reason::Edited, -1), (Reason::Taxonomy, -1)]
        );
        assert_eq!(moved(&found, "other"), [(Reason::New, 1), (Reason::Left, -1)]);
        assert_eq!((found.answers_changed(), found.both), (2, 2));
    }

    #[test]
    fn a_launch_is_no_reason_for_an_answer() {
        let with = |key: &str, value: &str| {
            let mut about = about("a", "x");
            about.settings.insert(key.to_owned(), serde_json::json!(value));
            about
        };
        let then = with("launches", "none");
        assert_eq!(differences(&then, &with("launches", "one")), []);
        assert_eq!(
            differences(&then, &with("as_of", "2026-04-01")),
            [Difference::Settings]
        );
    }

    #[test]
    fn a_label_on_the_ticket_is_the_reason_even_when_more_changed() {
        let (one, two) = (about("a", "x"), about("b", "y"));
        let then = [answer("1", "account"), answer("2", "account")];
        let mut now = [answer("1", "permission"), answer("2", "permission")];
        now[0].method = "label".into();
        let found = compare(
            Run {
                about: &one,
                answers: &then,
            },
            Run {
                about: &two,
                answers: &now,
            },
        );
        assert_eq!(
            moved(&found, "permission"),
            [(Reason::Labels, 1), (Reason::Several, 1)]
        );
    }

    proptest! {
        #[test]
        fn then_and_all_moves_make_now(
            then in prop::collection::btree_map(0u8..30, (0usize..3, prop::bool::ANY), 0..20),
            now in prop::collection::btree_map(0u8..30, (0usize..3, prop::bool::ANY), 0..20),
        ) {
            let of = |map: &BTreeMap<u8, (usize, bool)>| -> Vec<Answer> {
                map.iter().map(|(id, (pattern, excluded))| {
                    let mut answer = answer(&id.to_string(), ["account", "permission", "other"][*pattern]);
                    answer.excluded = excluded.then(|| "test".to_owned());
                    answer
                }).collect()
            };
            let (old, new) = (of(&then), of(&now));
            let (one, two) = (about("a", "x"), about("b", "y"));
            let found = compare(Run { about: &one, answers: &old }, Run { about: &two, answers: &new });
            for row in found.rows.values() {
                let moves: i64 = row.moved.values().sum();
                prop_assert_eq!(i64::try_from(row.then).unwrap() + moves, i64::try_from(row.now).unwrap());
            }
            prop_assert_eq!(found.rows.values().map(|row| row.then).sum::<usize>(), then.len());
            prop_assert_eq!(found.rows.values().map(|row| row.now).sum::<usize>(), now.len());
            for reason in Reason::ALL.iter().filter(|reason| !matches!(reason, Reason::New | Reason::Left)) {
                let net: i64 = found.rows.values().filter_map(|row| row.moved.get(reason)).sum();
                prop_assert_eq!(net, 0);
            }
        }
    }
}
