//! The rows of a data file: those of all tickets together, equal ones once, each under a key of its own.
//!
//! What one ticket gives is read in `reading`. People and addresses become numbered placeholders unless raw text was
//! asked for, the same number for the same one.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::taxonomy::Resource;
use crate::text::{fold, plain};

use super::Ground;
use super::clash;
use super::reading::{Made, Read, Reading, Row};
use super::seen::Eyes;
use super::shape::Sieve;
use super::skeleton::{SYSTEM, Skeleton};

/// What stands where somebody must write a value; the skeleton's own checks refuse it.
pub(super) const PLACEHOLDER: &str = "REPLACE_ME";

/// A row of the data file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// Its key in the map: the id of the first ticket, numbered where a ticket makes several rows.
    pub(super) key: String,
    /// Ids of all tickets that ask for the same.
    pub(super) tickets: Vec<String>,
    /// Whether what it asks for has been done, so that it exists already.
    pub(super) done: bool,
    /// Its values, in the order of the skeleton.
    pub(super) values: Vec<(String, String)>,
    /// What a ticket says for a value in words that are none, or how sure its value is.
    pub(super) remarks: Vec<(String, String)>,
    /// What a person must know of the row as a whole.
    pub(super) notes: Vec<String>,
}

impl Entry {
    /// Whether nothing in it is left to write.
    pub(super) fn is_complete(&self) -> bool {
        self.values.iter().all(|(_, value)| !value.contains(PLACEHOLDER))
    }

    /// Whether nothing in it is unknown; a person who is only hidden is known.
    pub(super) fn is_settled(&self) -> bool {
        self.values.iter().all(|(_, value)| value != PLACEHOLDER)
    }

    /// Whether a resource is made of it.
    pub(super) fn makes(&self, resource: &Resource) -> bool {
        let when = resource.when.as_deref();
        let system = resource.system.as_deref();
        when.is_none_or(|when| self.value(when).is_some())
            && system.is_none_or(|system| self.value(SYSTEM) == Some(system))
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Rows of the data file, with what is not in it.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) rows: Vec<Entry>,
    /// Tickets that ask to take something away, or also do: no row may grant what they end.
    pub(super) removals: Vec<String>,
    /// Tickets from which nothing could be read.
    pub(super) silent: Vec<String>,
    /// Tickets that ask for something else than what the play sets.
    pub(super) others: Vec<String>,
}

/// Reads the rows of a play from its tickets, which come in a stable order.
pub(super) fn entries(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Entries {
    let sieves: Vec<Sieve<'_>> = skeleton
        .fields
        .iter()
        .map(|field| Sieve::new(&field.shape, &ground.zone))
        .collect();
    let eyes = Eyes::new(ground.people, ground.taxonomy);
    let mut found = Entries::default();
    let mut rows = Vec::new();
    for request in &ground.requests {
        let id = plain(request.ticket.id.as_str());
        // What is not about the play's objects takes none of them away, whatever it leaves out of something else.
        match Reading::new(skeleton, &sieves, &eyes, (ground, request)).rows() {
            Made::Other => found.others.push(id),
            _ if request.removes => found.removals.push(id),
            Made::Rows(read) => rows.extend(read),
            Made::Nothing => found.silent.push(id),
        }
    }
    let aliases = aliases(&rows, ground.seed);
    let mut kept: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
    for row in rows {
        let told = |(name, read): &(String, Read)| (!matches!(read, Read::Ticket(_))).then(|| name.clone());
        let told: BTreeSet<String> = row.read.iter().filter_map(told).collect();
        let entry = shown(row, &aliases, ground.raw);
        let values: Vec<(String, String)> = entry
            .values
            .iter()
            .filter(|(name, _)| told.contains(name))
            .cloned()
            .collect();
        match places.get(&values) {
            Some(place) => {
                kept[*place].tickets.extend(entry.tickets);
                kept[*place].done |= entry.done;
            }
            None => {
                if entry.is_settled() {
                    places.insert(values, kept.len());
                }
                kept.push(entry);
            }
        }
    }
    number(&mut kept);
    clash::note(skeleton, &mut kept, ground);
    found.rows = kept;
    found
}

/// Gives rows that would share a key a number of their own: a ticket may be called as the second row of another is.
fn number(rows: &mut [Entry]) {
    let mut taken: BTreeSet<String> = rows.iter().map(|row| row.key.clone()).collect();
    let mut seen = BTreeSet::new();
    for row in rows {
        if seen.insert(row.key.clone()) {
            continue;
        }
        let free = (2..).map(|number| format!("{}~{number}", row.key));
        if let Some(key) = free.into_iter().find(|key| !taken.contains(key)) {
            taken.insert(key.clone());
            seen.insert(key.clone());
            row.key = key;
        }
    }
}

/// Numbers the personal values in an order that tells nothing of them.
fn aliases(rows: &[Row], seed: u64) -> BTreeMap<String, String> {
    let personal = rows
        .iter()
        .flat_map(|row| &row.read)
        .filter_map(|(_, read)| match read {
            Read::Personal(value) => Some(fold(value)),
            _ => None,
        });
    let digest = |value: &String| -> [u8; 32] {
        let hash = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(value);
        hash.finalize().into()
    };
    let mut ordered: Vec<([u8; 32], String)> = personal.map(|value| (digest(&value), value)).collect();
    ordered.sort();
    ordered.dedup();
    let width = ordered.len().to_string().len().max(2);
    let numbered = ordered.into_iter().enumerate();
    numbered
        .map(|(at, (_, value))| (value, format!("{PLACEHOLDER}:p-{:0width$}", at + 1)))
        .collect()
}

fn shown(row: Row, aliases: &BTreeMap<String, String>, raw: bool) -> Entry {
    let value = |read: Read| match read {
        Read::Open(value) | Read::Ticket(value) => value,
        Read::Personal(value) if raw => value,
        Read::Personal(value) => aliases
            .get(&fold(&value))
            .cloned()
            .unwrap_or_else(|| PLACEHOLDER.to_owned()),
        Read::Missing => PLACEHOLDER.to_owned(),
    };
    Entry {
        values: row
            .read
            .into_iter()
            .map(|(name, read)| (name, value(read)))
            .collect(),
        ..row.entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str) -> Entry {
        Entry {
            key: key.to_owned(),
            tickets: Vec::new(),
            done: false,
            values: Vec::new(),
            remarks: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn no_two_rows_share_a_key() {
        let mut rows: Vec<Entry> = ["a/1", "a/2", "a/2", "a/2~2", "a/2"].map(row).into();
        number(&mut rows);
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["a/1", "a/2", "a/2~3", "a/2~2", "a/2~4"]);
    }
}
