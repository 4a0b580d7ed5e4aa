//! The numbers and verdicts that conditions are checked against.

use std::collections::BTreeMap;

use crate::classify::Method;
use crate::classify::identity::Relation;
use crate::compose::scene::{Scene, View};
use crate::conditions::{Facts, Verdicts};
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

/// What the table says of every pattern, sub-pattern and group: the verdict on the last quarter that has one, and that on
/// the change of its level. Rows of one id come in the order of their quarters.
fn verdicts(table: &Table) -> BTreeMap<String, Verdicts> {
    let mut verdicts: BTreeMap<String, Verdicts> = BTreeMap::new();
    let text = |row: &[Cell], key: &str| match table.cell(row, key) {
        Cell::Text(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    for row in &table.rows {
        let id = text(row, "group")
            .or_else(|| text(row, "subpattern"))
            .or_else(|| text(row, "pattern"));
        let Some(id) = id else { continue };
        let of = verdicts.entry(id).or_default();
        of.quarter = text(row, "verdict").or(of.quarter.take());
        of.level = text(row, "change_verdict").or(of.level.take());
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_verdict_of_each_id_counts() {
        let keys = [
            "pattern",
            "subpattern",
            "group",
            "quarter",
            "verdict",
            "change_verdict",
        ];
        let mut table = Table::new("trend", &keys);
        let mut row = |pattern: &str, sub: Option<&str>, verdict: Option<&str>, level: Option<&str>| {
            table.push(vec![
                ("pattern", Cell::text(pattern)),
                ("subpattern", Cell::maybe_text(sub)),
                ("verdict", Cell::maybe_text(verdict)),
                ("change_verdict", Cell::maybe_text(level)),
            ]);
        };
        row("account", None, Some("none"), Some("clear_fall"));
        row("account", None, Some("clear_rise"), Some("clear_fall"));
        row("account", None, None, None);
        row("account", Some("account.github"), Some("too_few"), None);
        row("permission", None, None, Some("possible_rise"));
        let found = verdicts(&table);
        let of = |id: &str| (found[id].quarter.as_deref(), found[id].level.as_deref());
        assert_eq!(of("account"), (Some("clear_rise"), Some("clear_fall")));
        assert_eq!(of("account.github"), (Some("too_few"), None));
        assert_eq!(of("permission"), (None, Some("possible_rise")));
    }
}
