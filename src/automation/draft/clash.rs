//! Rows that are about one object and do not agree on it: Terraform could make only one of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::taxonomy::{Lang, Resource};
use crate::text::plain;

use super::Ground;
use super::entries::{Entry, PLACEHOLDER};
use super::skeleton::Skeleton;

/// Notes on each row which others are about the same object with other values, and in what they differ.
pub(super) fn note(skeleton: &Skeleton<'_>, rows: &mut [Entry], ground: &Ground<'_>) {
    let mut notes: Vec<BTreeSet<String>> = vec![BTreeSet::new(); rows.len()];
    for resource in skeleton.play.drafted() {
        let attributes = skeleton.attributes(resource);
        for places in objects(skeleton, resource, rows) {
            let differ: Vec<&str> = attributes
                .iter()
                .copied()
                .filter(|name| values(skeleton, rows, &places, name).len() > 1)
                .collect();
            if differ.is_empty() {
                continue;
            }
            for place in &places {
                let others: Vec<String> = places
                    .iter()
                    .filter(|other| *other != place)
                    .map(|other| plain(&rows[*other].key))
                    .collect();
                notes[*place].insert(said(&others.join(", "), &differ.join(", "), ground));
            }
        }
    }
    for (row, notes) in rows.iter_mut().zip(notes) {
        row.notes.extend(notes);
    }
}

fn said(others: &str, differ: &str, ground: &Ground<'_>) -> String {
    match ground.lang {
        Lang::Ja => format!("{others} と同じ対象で {differ} が違う。1 つに決めるまで plan は通らない"),
        Lang::En => format!(
            "about the same object as {others}, but {differ} differs: the plan is refused until they agree"
        ),
    }
}

/// Places of the rows that make one object, for each object of several rows. What is still to be written is no object.
fn objects(skeleton: &Skeleton<'_>, resource: &Resource, rows: &[Entry]) -> Vec<Vec<usize>> {
    let key = skeleton.key(resource);
    let mut objects: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    let made = rows.iter().enumerate().filter(|(_, row)| row.makes(resource));
    for (place, row) in made {
        let object: Option<Vec<&str>> = key.iter().map(|name| known(skeleton, row, name)).collect();
        if let Some(object) = object.filter(|object| !object.is_empty()) {
            objects.entry(object).or_default().push(place);
        }
    }
    objects.into_values().filter(|places| places.len() > 1).collect()
}

/// The value of a row, or what stands for one that is not given; `None` while it is to be written.
fn known<'r>(skeleton: &'r Skeleton<'_>, row: &'r Entry, name: &str) -> Option<&'r str> {
    let default = || skeleton.field(name)?.shape.default.as_deref();
    let value = row.value(name).or_else(default).unwrap_or("-");
    (value != PLACEHOLDER).then_some(value)
}

fn values<'r>(
    skeleton: &'r Skeleton<'_>,
    rows: &'r [Entry],
    places: &[usize],
    name: &str,
) -> BTreeSet<&'r str> {
    places
        .iter()
        .filter_map(|place| known(skeleton, &rows[*place], name))
        .collect()
}
