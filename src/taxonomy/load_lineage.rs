//! Reading `[[lineage]]`, and what must hold of it: retired ids stay retired, and every step leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::lineage::{LineageRelation, LineageStep};
use super::reader::{Faults, Fields, Value, text};
use super::values::one_of;

/// Reads one step; which ids it may name is checked by [`check`] once all are read.
pub(super) fn step(faults: &mut Faults<'_>, value: &Value<'_>) -> Option<(LineageStep, usize)> {
    const RELATIONS: [(&str, LineageRelation); 4] = [
        ("renamed", LineageRelation::Renamed),
        ("split", LineageRelation::Split),
        ("merged", LineageRelation::Merged),
        ("retired", LineageRelation::Retired),
    ];
    let mut fields = Fields::open(faults, value, "a lineage step")?;
    let from = fields.need(faults, "from", text);
    fields.rename(format!("the lineage of `{}`", from.clone().unwrap_or_default()));
    let to = fields.list(faults, "to", text);
    let relation = fields.need(faults, "relation", one_of(&RELATIONS));
    let version = fields.need(faults, "version", text);
    let date = fields.need(faults, "date", date);
    fields.close(faults);
    let step = LineageStep {
        from: from?,
        to,
        relation: relation?,
        version: version?,
        date: date?,
    };
    Some((step, value.span().start))
}

/// A day, as text.
fn date(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<Date> {
    let written = text(faults, value, what)?;
    let date = written.trim().parse().ok();
    if date.is_none() {
        let message = format!("{what} is `{}`, which is no date", written.escape_debug());
        faults.at(value.span().start, message, "write it as \"2026-04-01\"");
    }
    date
}

/// Checks the steps against the ids in use and against each other.
pub(super) fn check(faults: &mut Faults<'_>, steps: &[(LineageStep, usize)], in_use: &BTreeSet<String>) {
    let by_id: BTreeMap<&str, &LineageStep> =
        steps.iter().map(|(step, _)| (step.from.as_str(), step)).collect();
    let mut seen = BTreeSet::new();
    for (step, start) in steps {
        let what = format!("the lineage of `{}`", step.from.escape_debug());
        if !seen.insert(&step.from) {
            faults.at(
                *start,
                format!("{what} is told twice"),
                "tell it in one step; what followed may have a step of its own",
            );
        }
        if !step.relation.followers().contains(&step.to.len()) {
            let hint = match step.relation {
                LineageRelation::Retired => "nothing follows a retired id: leave `to` out",
                LineageRelation::Split => "a split has two or more ids under `to`",
                LineageRelation::Renamed | LineageRelation::Merged => {
                    "write the one id that follows it under `to`"
                }
            };
            let message = format!(
                "{what} says {} and names {} ids under `to`",
                step.relation.as_str(),
                step.to.len()
            );
            faults.at(*start, message, hint);
        }
        let keeps_itself = step.relation == LineageRelation::Split && step.to.contains(&step.from);
        if in_use.contains(&step.from) && !keeps_itself {
            let message = format!(
                "`{}` is in use, and {what} says it is {}",
                step.from.escape_debug(),
                step.relation.as_str()
            );
            faults.at(
                *start,
                message,
                "an id that was given up is never used again: choose another for what is there now",
            );
        }
        for to in &step.to {
            if !in_use.contains(to) && !by_id.contains_key(to.as_str()) {
                let message = format!(
                    "{what} leads to `{}`, which the taxonomy does not know",
                    to.escape_debug()
                );
                faults.at(
                    *start,
                    message,
                    "name a pattern or sub-pattern, or tell what became of it in a step of its own",
                );
            }
        }
        if leads_back(step, &by_id) {
            faults.at(
                *start,
                format!("{what} leads back to itself"),
                "ids are never used again, so history has no circle",
            );
        }
    }
}

/// Whether following a step comes to where it began, other than by a split that keeps its own id.
fn leads_back(first: &LineageStep, by_id: &BTreeMap<&str, &LineageStep>) -> bool {
    let mut open: Vec<&str> = first
        .to
        .iter()
        .map(String::as_str)
        .filter(|to| *to != first.from)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == first.from {
            return true;
        }
        if let (true, Some(step)) = (seen.insert(id), by_id.get(id)) {
            open.extend(step.to.iter().map(String::as_str));
        }
    }
    first.relation != LineageRelation::Split && first.to.contains(&first.from)
}
