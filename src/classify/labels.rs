//! What people said of tickets: reviewed labels, which hold and from which the learner learns.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::taxonomy::Taxonomy;
use crate::ticket::Ticket;

/// What a person said of one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Id of the pattern, as the taxonomy names it now.
    pub pattern: String,
    /// Id of the sub-pattern; `None` leaves the choice to the learner.
    pub subpattern: Option<String>,
}

/// Labels by the ids of their tickets. Of several for one ticket the last one holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    by_ticket: BTreeMap<String, Label>,
}

/// What is wrong with one line of a labels file; the line is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct LabelFault {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// A label by the places of its pattern and sub-pattern in the taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) pattern: usize,
    pub(super) sub: Option<usize>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    pattern: String,
    #[serde(default)]
    subpattern: Option<String>,
}

impl Labels {
    /// Reads labels from JSONL, one object a line with `id`, `pattern` and optionally `subpattern`; anything else in
    /// it is left alone. Ids that were renamed since are read under their present names.
    ///
    /// What cannot be used comes back as a list of faults, in the order of the lines.
    #[must_use]
    pub fn parse(file: &str, text: &str, taxonomy: &Taxonomy) -> (Self, Vec<LabelFault>) {
        let mut labels = Self::default();
        let mut faults = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match read(line, taxonomy) {
                Ok((id, label)) => {
                    labels.by_ticket.insert(id, label);
                }
                Err(reason) => faults.push(LabelFault {
                    file: file.to_owned(),
                    line: at + 1,
                    reason,
                }),
            }
        }
        (labels, faults)
    }

    /// Adds a label, in the place of an earlier one for the same ticket.
    pub fn insert(&mut self, ticket: &str, label: Label) {
        self.by_ticket.insert(ticket.to_owned(), label);
    }

    /// Returns how many tickets have a label.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_ticket.len()
    }

    /// Returns whether no ticket has a label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_ticket.is_empty()
    }

    /// Returns the ids of labels that are of none of the tickets, in order.
    #[must_use]
    pub fn strangers(&self, tickets: &[Ticket]) -> Vec<&str> {
        let known: BTreeSet<&str> = tickets.iter().map(|ticket| ticket.id.as_str()).collect();
        self.by_ticket
            .keys()
            .map(String::as_str)
            .filter(|id| !known.contains(id))
            .collect()
    }

    /// Finds the labels of tickets, by the places of the tickets in the order given.
    pub(super) fn placed(&self, tickets: &[&Ticket], taxonomy: &Taxonomy) -> BTreeMap<usize, Placed> {
        if self.is_empty() {
            return BTreeMap::new();
        }
        let place = |label: &Label| {
            let pattern = taxonomy.patterns.iter().position(|p| p.id == label.pattern)?;
            let subs = &taxonomy.patterns[pattern].subs;
            let sub = label.subpattern.as_ref();
            let sub = sub.and_then(|id| subs.iter().position(|sub| sub.id == *id));
            Some(Placed { pattern, sub })
        };
        tickets
            .iter()
            .enumerate()
            .filter_map(|(at, ticket)| Some((at, place(self.by_ticket.get(ticket.id.as_str())?)?)))
            .collect()
    }
}

fn read(line: &str, taxonomy: &Taxonomy) -> Result<(String, Label), String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let id = line.id.trim();
    if id.is_empty() {
        return Err("the id is empty".to_owned());
    }
    let current = |id: &str| taxonomy.current_id(id).map(str::to_owned);
    let pattern = current(&line.pattern)
        .filter(|id| taxonomy.pattern(id).is_some())
        .ok_or_else(|| format!("the taxonomy has no pattern {:?}", line.pattern))?;
    let subpattern = match line.subpattern.filter(|sub| !sub.trim().is_empty()) {
        None => None,
        Some(sub) => {
            let now = current(&sub).filter(|now| taxonomy.sub(now).is_some_and(|(p, _)| p.id == pattern));
            Some(now.ok_or_else(|| format!("{pattern} has no sub-pattern {sub:?}"))?)
        }
    };
    Ok((id.to_owned(), Label { pattern, subpattern }))
}

#[cfg(test)]
mod tests {
    use super::{Label, Labels};
    use crate::taxonomy::Taxonomy;

    #[test]
    fn lines_that_cannot_be_used_are_named_and_left_out() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let text = "{\"id\":\"A-1\",\"pattern\":\"account\",\"subpattern\":\"account.slack\",\"note\":\"x\"}\n\n\
            {\"id\":\"A-2\",\"pattern\":\"acount\"}\nnot json\n\
            {\"id\":\"A-3\",\"pattern\":\"account\",\"subpattern\":\"permission.network\"}\n\
            {\"id\":\"A-1\",\"pattern\":\"other\",\"subpattern\":null}\n";
        let (labels, faults) = Labels::parse("l.jsonl", text, &taxonomy);
        let mut wanted = Labels::default();
        wanted.insert(
            "A-1",
            Label {
                pattern: "other".to_owned(),
                subpattern: None,
            },
        );
        assert_eq!(labels, wanted);
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [3, 4, 5]);
        assert_eq!(
            faults[0].to_string(),
            "l.jsonl:3: the taxonomy has no pattern \"acount\""
        );
    }
}
