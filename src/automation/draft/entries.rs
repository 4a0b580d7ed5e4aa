//! From tickets to the rows of a data file: what each ticket asks for, as far as it says so in values that fit.
//!
//! A row is never guessed: what a ticket leaves out, says twice or says in words that are no value becomes a
//! placeholder that Terraform refuses. Secrets become one always, people and addresses unless raw text was asked for.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::taxonomy::{Lang, Slot, Taxonomy};
use crate::text::{fold, plain};

use super::seen::{Eyes, Page, Said};
use super::shape::fit;
use super::skeleton::{Field, SYSTEM, Skeleton, is_mandatory};
use super::{Ground, Request};

/// What stands where somebody must write a value; the skeleton's own checks refuse it.
pub(super) const PLACEHOLDER: &str = "REPLACE_ME";

/// The slot that a known requester fills.
const PERSON: &str = "person";

/// Kinds of entity that tell who somebody is, or where they live.
const PERSONAL: [&str; 5] = ["person", "mail", "handle", "phone", "ip"];

/// Most rows that one ticket makes, where it names several people.
const MOST_A_TICKET: usize = 20;

/// Longest quotation of a ticket in a remark, in characters.
const LONGEST_REMARK: usize = 60;

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
}

impl Entry {
    /// Whether nothing in it is left to write.
    pub(super) fn is_complete(&self) -> bool {
        self.values.iter().all(|(_, value)| !value.contains(PLACEHOLDER))
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
    /// Tickets that ask to take something away: no row may grant what they end.
    pub(super) removals: Vec<String>,
    /// Tickets from which nothing could be read.
    pub(super) silent: Vec<String>,
}

/// A value read from a ticket, before it is shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    Open(String),
    Personal(String),
    Missing,
}

struct Row {
    entry: Entry,
    read: Vec<(String, Read)>,
}

/// Reads the rows of a play from its tickets, which come in a stable order.
pub(super) fn entries(skeleton: &Skeleton<'_>, ground: &Ground<'_>) -> Entries {
    let eyes = Eyes::new(ground.people);
    let mut found = Entries::default();
    let mut rows = Vec::new();
    for request in &ground.requests {
        let id = plain(request.ticket.id.as_str());
        if request.removes {
            found.removals.push(id);
            continue;
        }
        let page = eyes.open(request.ticket);
        let read = Reading {
            skeleton,
            ground,
            eyes: &eyes,
            page: &page,
            request,
            personal: personal_words(&eyes, &page, ground.taxonomy),
        }
        .rows();
        if read.is_empty() {
            found.silent.push(id);
        }
        rows.extend(read);
    }
    let aliases = aliases(&rows, ground.seed);
    let mut kept: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
    for row in rows {
        let entry = shown(row, &aliases, ground.raw);
        match places.get(&entry.values) {
            Some(place) => {
                kept[*place].tickets.extend(entry.tickets);
                kept[*place].done |= entry.done;
            }
            None => {
                if entry.is_complete() {
                    places.insert(entry.values.clone(), kept.len());
                }
                kept.push(entry);
            }
        }
    }
    found.rows = kept;
    found
}

struct Reading<'a, 't> {
    skeleton: &'a Skeleton<'t>,
    ground: &'a Ground<'t>,
    eyes: &'a Eyes,
    page: &'a Page<'t>,
    request: &'a Request<'t>,
    /// Folded words that the ticket says for people and addresses: no other slot may show them.
    personal: BTreeSet<String>,
}

impl Reading<'_, '_> {
    /// The rows of one ticket; none if it gives no value at all.
    fn rows(&self) -> Vec<Row> {
        let mut read: Vec<(&Field, Vec<Read>)> = Vec::new();
        let mut remarks = Vec::new();
        for field in &self.skeleton.fields {
            let (values, remark) = self.field(field);
            remarks.extend(remark.map(|remark| (field.name.clone(), remark)));
            read.push((field, values));
        }
        if read.iter().all(|(_, values)| values.is_empty()) && remarks.is_empty() {
            return Vec::new();
        }
        let several = read
            .iter()
            .map(|(_, values)| values.len())
            .max()
            .unwrap_or(1)
            .clamp(1, MOST_A_TICKET);
        let id = plain(self.request.ticket.id.as_str());
        let row = |number: usize| {
            let key = if several == 1 {
                id.clone()
            } else {
                format!("{id}/{}", number + 1)
            };
            let mut values: Vec<(String, Read)> = Vec::new();
            if !self.skeleton.systems.is_empty() {
                values.push((SYSTEM.to_owned(), self.system()));
            }
            for (field, of_field) in &read {
                if let Some(value) = of_field.get(number).or_else(|| of_field.first()) {
                    values.push((field.name.clone(), value.clone()));
                }
            }
            Row {
                read: self.completed(values, &remarks),
                entry: Entry {
                    key,
                    tickets: vec![id.clone()],
                    done: self.request.done,
                    values: Vec::new(),
                    remarks: remarks.clone(),
                },
            }
        };
        (0..several).map(row).collect()
    }

    /// Puts placeholders where a resource that the row selects needs a value, in the order of the skeleton.
    fn completed(&self, given: Vec<(String, Read)>, remarks: &[(String, String)]) -> Vec<(String, Read)> {
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        for (name, read) in &given {
            let value = match read {
                Read::Open(value) | Read::Personal(value) => value.clone(),
                Read::Missing => PLACEHOLDER.to_owned(),
            };
            values.insert(name, value);
        }
        // A remark without a value stands for words that are none.
        for (name, _) in remarks {
            values.entry(name).or_insert_with(|| PLACEHOLDER.to_owned());
        }
        let play = self.skeleton.play;
        let asked = |slot: &String| self.request.sub.slots.required.contains(slot);
        let selectors = play.drafted().filter_map(|resource| resource.when.as_deref());
        for when in selectors {
            let slot = self.skeleton.field(when).and_then(|field| field.slot.as_ref());
            if slot.is_some_and(asked) {
                values.entry(when).or_insert_with(|| PLACEHOLDER.to_owned());
            }
        }
        let selected =
            |values: &BTreeMap<&str, String>| play.drafted().any(|r| self.skeleton.selects(r, values));
        if !selected(&values)
            && let Some(when) = play.drafted().find_map(|resource| resource.when.as_deref())
        {
            values.insert(when, PLACEHOLDER.to_owned());
        }
        let needed: Vec<&str> = play
            .drafted()
            .filter(|resource| self.skeleton.selects(resource, &values))
            .flat_map(|resource| {
                let mandatory = resource
                    .entries()
                    .filter(|(fill, given)| is_mandatory(resource, fill, given));
                mandatory.map(|(_, given)| given.name.as_str())
            })
            .collect();
        for name in needed {
            values.entry(name).or_insert_with(|| PLACEHOLDER.to_owned());
        }
        let order =
            std::iter::once(SYSTEM).chain(self.skeleton.fields.iter().map(|field| field.name.as_str()));
        order
            .filter(|name| values.contains_key(name))
            .map(|name| {
                let read = given
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, read)| read.clone());
                (name.to_owned(), read.unwrap_or(Read::Missing))
            })
            .collect()
    }

    /// The values of a ticket for one field, and a remark on what it says instead, or on how sure that is.
    fn field(&self, field: &Field) -> (Vec<Read>, Option<String>) {
        let Some(slot) = field.slot.as_deref().and_then(|id| self.ground.taxonomy.slot(id)) else {
            return (Vec::new(), None);
        };
        let mut said = self.eyes.said(self.page, slot);
        if slot.id == PERSON && said.surest().is_none() {
            // Who names nobody asks for themselves.
            said.recognised.clone_from(&self.request.ticket.requesters);
        }
        let personal = is_personal(slot);
        let (values, grade) = fitting(field, &said);
        let several = (personal || field.list) && grade != Grade::Detected;
        if values.is_empty() {
            return (
                Vec::new(),
                said.surest().and_then(|words| self.remark(words, personal)),
            );
        }
        // Two projects or two roles in one ticket: which belongs to whom is not ours to guess.
        if values.len() > 1 && !several {
            return (Vec::new(), self.remark(&values.join(" / "), personal));
        }
        let left = values.len().saturating_sub(MOST_A_TICKET);
        let remark = match (left, grade) {
            (0, Grade::Detected) => Some(
                self.ground
                    .pick("本文から拾った値。確かめる", "found in free text: check it")
                    .to_owned(),
            ),
            (0, _) => None,
            _ => Some(match self.ground.lang {
                Lang::Ja => format!("ほか {left} 件は行にしていない"),
                Lang::En => format!("{left} more are named and made no row"),
            }),
        };
        let read = values
            .iter()
            .take(MOST_A_TICKET)
            .map(|value| self.read(value, personal));
        (read.collect(), remark)
    }

    fn read(&self, value: &str, personal: bool) -> Read {
        if !self.ground.redactor.secrets(value).is_empty() {
            return Read::Missing;
        }
        let personal = personal || self.personal.contains(&fold(value));
        match personal || self.ground.redactor.redact(value) != value {
            true => Read::Personal(value.to_owned()),
            false => Read::Open(value.to_owned()),
        }
    }

    /// Words of a ticket for a remark: short, harmless, redacted; of a person nothing unless raw.
    fn remark(&self, words: &str, personal: bool) -> Option<String> {
        let folded = fold(words);
        let personal = personal || self.personal.iter().any(|known| folded.contains(known));
        let shown = match personal && !self.ground.raw {
            true => self.ground.pick("(伏せてある)", "(hidden)").to_owned(),
            false => self.ground.show(words),
        };
        let cut: String = shown.chars().take(LONGEST_REMARK).collect();
        let lead = self.ground.pick("チケットの表現", "the ticket says");
        (!cut.is_empty()).then(|| format!("{lead}: {cut}"))
    }

    /// The one system of the play that the ticket names.
    fn system(&self) -> Read {
        let prose = self.page.prose();
        let named = |id: &&&str| {
            let system = self.ground.taxonomy.system(id);
            system.is_some_and(|system| system.alias.iter().any(|alias| alias.is_match(&prose)))
        };
        let named: Vec<&&str> = self.skeleton.systems.iter().filter(named).collect();
        match named[..] {
            [one] => Read::Open((*one).to_owned()),
            _ => Read::Missing,
        }
    }
}

/// What a ticket says for slots that tell who somebody is. A login that also looks like a team must not be shown as one.
fn personal_words(eyes: &Eyes, page: &Page<'_>, taxonomy: &Taxonomy) -> BTreeSet<String> {
    let slots = taxonomy.slots.iter().filter(|slot| is_personal(slot));
    let said = slots.flat_map(|slot| {
        let Said {
            answered,
            recognised,
            detected,
        } = eyes.said(page, slot);
        answered.into_iter().chain(recognised).chain(detected)
    });
    said.map(|words| fold(&words))
        .filter(|words| !words.is_empty())
        .collect()
}

/// How sure words of a ticket are a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Given,
    Detected,
}

/// Distinct values that fit, from the surest grade that has one.
fn fitting(field: &Field, said: &Said) -> (Vec<String>, Grade) {
    let fits = |grade: &[String]| {
        let mut values: Vec<String> = Vec::new();
        for value in grade.iter().filter_map(|words| fit(&field.shape, words)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    for grade in [&said.answered, &said.recognised] {
        let values = fits(grade);
        if !values.is_empty() {
            return (values, Grade::Given);
        }
    }
    (fits(&said.detected), Grade::Detected)
}

/// Whether what fills a slot tells who or where somebody is.
pub(super) fn is_personal(slot: &Slot) -> bool {
    slot.entities.iter().any(|kind| PERSONAL.contains(&kind.as_str()))
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
        Read::Open(value) => value,
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
