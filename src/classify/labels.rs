//! What people said of tickets: reviewed labels, which hold and from which the learner learns.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::taxonomy::{Standing, Taxonomy};
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
    carried: BTreeMap<(String, String), usize>,
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
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match read(line, taxonomy) {
                Ok((id, label, carried)) => {
                    let earlier = lines.insert(id.clone(), at + 1);
                    if let (Some(line), true) = (earlier, labels.get(&id).is_some_and(|old| *old != label)) {
                        faults.push(LabelFault {
                            file: file.to_owned(),
                            line,
                            reason: format!(
                                "line {} says otherwise of the same ticket, and the last holds",
                                at + 1
                            ),
                        });
                    }
                    labels.by_ticket.insert(id, label);
                    for step in carried {
                        *labels.carried.entry(step).or_default() += 1;
                    }
                }
                Err(reason) => faults.push(LabelFault {
                    file: file.to_owned(),
                    line: at + 1,
                    reason,
                }),
            }
        }
        faults.sort_by_key(|fault| fault.line);
        (labels, faults)
    }

    /// Returns the ids that the taxonomy gave up since, what they were read as, and in how many lines, by id.
    #[must_use]
    pub fn carried(&self) -> impl ExactSizeIterator<Item = (&str, &str, usize)> {
        self.carried
            .iter()
            .map(|((from, to), lines)| (from.as_str(), to.as_str(), *lines))
    }

    /// Returns the first 16 hexadecimal digits of a hash of what the labels say, whatever order they were given in.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (id, label) in &self.by_ticket {
            let sub = label.subpattern.as_deref().unwrap_or_default();
            for part in [id.as_str(), &label.pattern, sub] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Adds a label, in the place of an earlier one for the same ticket.
    pub fn insert(&mut self, ticket: &str, label: Label) {
        self.by_ticket.insert(ticket.to_owned(), label);
    }

    /// Returns the label of a ticket.
    #[must_use]
    pub fn get(&self, ticket: &str) -> Option<&Label> {
        self.by_ticket.get(ticket)
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

/// The ticket, its label, and ids that were given up since with what they were read as.
type Read = (String, Label, Vec<(String, String)>);

/// Reads one line; also says which ids in it were given up since, and what they were read as.
fn read(line: &str, taxonomy: &Taxonomy) -> Result<Read, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let id = line.id.trim();
    if id.is_empty() {
        return Err("the id is empty".to_owned());
    }
    let mut carried = Vec::new();
    let mut label = place(line.pattern.trim(), taxonomy, "pattern", &mut carried)?;
    let subpattern = line.subpattern.map(|sub| sub.trim().to_owned());
    if let Some(sub) = subpattern.filter(|sub| !sub.is_empty()) {
        let before = carried.len();
        let wanted = match taxonomy.standing(&sub) {
            // What the pattern says holds on, and the learner chooses within it.
            Standing::Retired(_) => {
                carried.push((sub, label.pattern.clone()));
                return Ok((id.to_owned(), label, carried));
            }
            Standing::Unknown => None,
            _ => Some(place(&sub, taxonomy, "sub-pattern", &mut carried)?),
        };
        // A sub-pattern that moved takes its label along, whatever pattern it was under.
        let fits = |wanted: &Label| carried.len() > before || wanted.pattern == label.pattern;
        label = wanted
            .filter(fits)
            .ok_or_else(|| format!("{} has no sub-pattern {sub:?}", label.pattern))?;
    }
    Ok((id.to_owned(), label, carried))
}

/// Finds the label that an id stands for today. Where an id was split within one pattern, the learner chooses.
fn place(
    id: &str,
    taxonomy: &Taxonomy,
    what: &str,
    carried: &mut Vec<(String, String)>,
) -> Result<Label, String> {
    let of = |now: &str| match taxonomy.sub(now) {
        Some((pattern, sub)) => (pattern.id.clone(), Some(sub.id.clone())),
        None => (now.to_owned(), None),
    };
    let (pattern, subpattern) = match taxonomy.standing(id) {
        Standing::Now(now) => of(now),
        Standing::Split(into) => {
            let pattern = of(into[0]).0;
            if into.iter().any(|now| of(now).0 != pattern) {
                return Err(format!("{id:?} was split into {}: say which", into.join(", ")));
            }
            (pattern, None)
        }
        Standing::Retired(version) => {
            return Err(format!("{id:?} was retired in version {version} of the taxonomy"));
        }
        Standing::Unknown => return Err(format!("the taxonomy has no {what} {id:?}")),
    };
    let now = subpattern.as_ref().unwrap_or(&pattern);
    if now != id {
        carried.push((id.to_owned(), now.clone()));
    }
    Ok(Label { pattern, subpattern })
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
        assert_eq!(lines, [1, 3, 4, 5]);
        assert_eq!(
            faults[0].to_string(),
            "l.jsonl:1: line 6 says otherwise of the same ticket, and the last holds"
        );
        assert_eq!(
            faults[1].to_string(),
            "l.jsonl:3: the taxonomy has no pattern \"acount\""
        );
    }

    #[test]
    fn blanks_around_ids_are_nothing() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let text = "{\"id\":\" A-1 \",\"pattern\":\" account\\t\",\"subpattern\":\"\u{3000}account.slack \"}\n\
            {\"id\":\"A-2\",\"pattern\":\"account \",\"subpattern\":\" \"}\n";
        let (labels, faults) = Labels::parse("l.jsonl", text, &taxonomy);
        assert!(faults.is_empty(), "{faults:?}");
        let sub = |id: &str| labels.get(id).expect("a label").subpattern.as_deref();
        assert_eq!((sub("A-1"), sub("A-2")), (Some("account.slack"), None));
        assert_eq!(labels.carried().len(), 0);
    }

    #[test]
    fn labels_with_ids_of_earlier_taxonomies_are_carried_over_and_told() {
        let history = "\n[[lineage]]\nfrom = \"access\"\nto = [\"permission\"]\nrelation = \"renamed\"\nversion = \"0.0.9\"\ndate = \"2025-04-01\"\n\
            [[lineage]]\nfrom = \"access.slack\"\nto = [\"account.slack\"]\nrelation = \"renamed\"\nversion = \"0.0.9\"\ndate = \"2025-04-01\"\n\
            [[lineage]]\nfrom = \"account.tools\"\nto = [\"account.slack\", \"account.github\"]\nrelation = \"split\"\nversion = \"0.0.9\"\ndate = \"2025-04-01\"\n\
            [[lineage]]\nfrom = \"account.fax\"\nrelation = \"retired\"\nversion = \"0.0.9\"\ndate = \"2025-04-01\"\n";
        let taxonomy = Taxonomy::parse("t", &format!("{}{history}", Taxonomy::BUILTIN)).expect("valid");
        let text = "{\"id\":\"A\",\"pattern\":\"access\",\"subpattern\":\"access.slack\"}\n\
            {\"id\":\"B\",\"pattern\":\"account\",\"subpattern\":\"account.tools\"}\n\
            {\"id\":\"C\",\"pattern\":\"account\",\"subpattern\":\"account.fax\"}\n";
        let (labels, faults) = Labels::parse("l.jsonl", text, &taxonomy);
        assert!(faults.is_empty(), "{faults:?}");
        let label = |sub: Option<&str>| Label {
            pattern: "account".to_owned(),
            subpattern: sub.map(str::to_owned),
        };
        let read: Vec<&Label> = labels.by_ticket.values().collect();
        assert_eq!(read, [&label(Some("account.slack")), &label(None), &label(None)]);
        let carried: Vec<_> = labels.carried().collect();
        assert_eq!(
            carried,
            [
                ("access", "permission", 1),
                ("access.slack", "account.slack", 1),
                ("account.fax", "account", 1),
                ("account.tools", "account", 1)
            ]
        );
    }
}
