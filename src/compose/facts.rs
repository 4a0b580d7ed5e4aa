//! The numbers and verdicts that conditions are checked against.

use std::collections::BTreeMap;

use crate::classify::Method;
use crate::classify::identity::Relation;
use crate::compose::scene::{Scene, View};
use crate::conditions::Facts;
use crate::report::{Cell, Table};

/// Gathers the facts of a scene.
pub(super) fn facts(scene: &Scene<'_>) -> Facts {
    let requests = || {
        let assignments = scene.analysis.assignments.iter();
        assignments.filter(|assignment| assignment.excluded.is_none())
    };
    let all = requests().count();
    let tickets = scene.analysis.tickets.len();
    let unassigned = requests()
        .filter(|assignment| assignment.method == Method::None)
        .count();
    let needs_review = requests().filter(|assignment| assignment.needs_review).count();
    let mut counts: BTreeMap<&'static str, (usize, usize)> = [
        ("tickets", (all, all)),
        ("unassigned", (unassigned, all)),
        ("needs_review", (needs_review, all)),
        ("open", (scene.analysis.measures.total.whole.backlog, all)),
        ("excluded", (tickets - all, tickets)),
        ("skipped", (scene.coverage.skipped, scene.coverage.sum())),
    ]
    .into();
    if let Some(since) = &scene.since {
        let lineage = scene.analysis.lineage.iter();
        let new = lineage.filter(|step| step.relation == Relation::New).count();
        counts.insert(
            "changed",
            (since.comparison.answers_changed(), since.comparison.both),
        );
        counts.insert("new_groups", (new, scene.analysis.groups.len()));
    }
    let trend = scene.report(View::Trend);
    let verdicts = trend.tables().find(|table| table.id == "trend").map(verdicts);
    Facts {
        counts,
        verdicts: verdicts.unwrap_or_default(),
    }
}

/// The verdict of the last quarter that has one, of every pattern, sub-pattern and group. Rows of one id come in the
/// order of their quarters.
fn verdicts(table: &Table) -> BTreeMap<String, String> {
    let mut verdicts = BTreeMap::new();
    let text = |row: &[Cell], key: &str| match table.cell(row, key) {
        Cell::Text(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    for row in &table.rows {
        let id = text(row, "group")
            .or_else(|| text(row, "subpattern"))
            .or_else(|| text(row, "pattern"));
        if let (Some(id), Some(verdict)) = (id, text(row, "verdict")) {
            verdicts.insert(id, verdict);
        }
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_verdict_of_each_id_counts() {
        let mut table = Table::new("trend", &["pattern", "subpattern", "group", "quarter", "verdict"]);
        let mut row = |pattern: &str, sub: Option<&str>, verdict: Option<&str>| {
            table.push(vec![
                ("pattern", Cell::text(pattern)),
                ("subpattern", Cell::maybe_text(sub)),
                ("verdict", Cell::maybe_text(verdict)),
            ]);
        };
        row("account", None, Some("none"));
        row("account", None, Some("clear_rise"));
        row("account", None, None);
        row("account", Some("account.github"), Some("too_few"));
        let found = verdicts(&table);
        assert_eq!(
            (found["account"].as_str(), found["account.github"].as_str()),
            ("clear_rise", "too_few")
        );
    }
}
