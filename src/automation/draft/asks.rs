//! What the rows of a skeleton ask of a request: every value that a resource cannot do without, by whom it is given, and
//! what stands in where nobody gives it. The request form is made of this, so that no row needs what nobody is asked.

use std::collections::BTreeSet;

use crate::taxonomy::{Play, Resource, Words};

use super::ends::reason_of;
use super::skeleton::{Field, Skeleton, is_mandatory};

/// A value of the rows, as a request form asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Its name in the rows.
    pub name: String,
    /// Id of the slot that tickets give it by.
    pub slot: Option<String>,
    /// What it is asked for by, where no slot does.
    pub words: Option<Words>,
    /// Whether a row can be without it.
    pub need: Need,
    /// What stands for it where it is left out.
    pub default: Option<String>,
    /// The input, given once, that stands for it where it is left out.
    pub fallback: Option<String>,
    /// The only values allowed; empty if there are others.
    pub choices: Vec<String>,
    /// Kinds that are told by what stands before the value: user, group, service account.
    pub kinds: Vec<String>,
    /// Regex over the whole value, where what is asked for is the value itself.
    pub pattern: Option<String>,
    /// Whether a day is asked for, of which the row makes an instant.
    pub is_day: bool,
}

/// Whether a row can be without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It cannot.
    Always,
    /// It can where the other is there: an end, or why there is none.
    EndOrReason,
    /// It can have another of this kind instead: a project, a folder or a bucket.
    OneOf,
    /// It can, or only some rows cannot.
    Sometimes,
}

/// Lists what the skeleton of a play asks for, in order of first use; nothing for a play without one.
#[must_use]
pub fn asks(play: &Play) -> Vec<Ask> {
    let Some(skeleton) = Skeleton::of(play) else {
        return Vec::new();
    };
    let ask = |field: &Field| Ask {
        need: need(&skeleton, field),
        name: field.name.clone(),
        slot: field.slot.clone(),
        words: field.ask.clone(),
        default: field.shape.default.clone(),
        fallback: field.shape.fallback.clone(),
        choices: field
            .shape
            .choices
            .iter()
            .map(|choice| choice.value.clone())
            .collect(),
        kinds: kinds(field),
        // Who fills in a form writes an address; `user:` before it is put there by the row.
        pattern: field.shape.pattern.clone().filter(|_| field.shape.lead.is_none()),
        is_day: field.shape.day_end,
    };
    skeleton.fields.iter().map(ask).collect()
}

/// The kinds that the pattern of a value takes before it: of `^(user|group):…$` user and group; none where one kind is all.
fn kinds(field: &Field) -> Vec<String> {
    let pattern = field
        .shape
        .pattern
        .as_deref()
        .filter(|_| field.shape.lead.is_some());
    let group = pattern.and_then(|pattern| pattern.strip_prefix("^(")?.split_once("):"));
    let kinds = group
        .map_or("", |(kinds, _)| kinds)
        .split('|')
        .filter(|kind| !kind.is_empty());
    let kinds: Vec<String> = kinds.map(str::to_owned).collect();
    if kinds.len() > 1 { kinds } else { Vec::new() }
}

fn need(skeleton: &Skeleton<'_>, field: &Field) -> Need {
    let mut ends = skeleton
        .fields
        .iter()
        .filter(|end| end.shape.day_end && end.mandatory);
    if ends.any(|end| field.name == end.name || field.name == reason_of(&end.name)) {
        return Need::EndOrReason;
    }
    if field.mandatory || field.decides {
        return Need::Always;
    }
    if field.shape.default.is_some() || field.shape.fallback.is_some() {
        return Need::Sometimes;
    }
    let resources = || skeleton.play.drafted();
    let chosen = |resource: &&Resource| resource.when.is_some() || resource.system.is_some();
    // What a resource of every row makes optional is an extra.
    if !resources().all(|resource| chosen(&resource)) {
        return Need::Sometimes;
    }
    let demands = |resource: &Resource| {
        let mut entries = resource.entries();
        entries.any(|(fill, given)| given.name == field.name && is_mandatory(resource, fill, given))
    };
    let selectors: BTreeSet<&str> = resources()
        .filter_map(|resource| resource.when.as_deref())
        .collect();
    match () {
        () if resources().all(demands) => Need::Always,
        () if selectors.contains(field.name.as_str()) => Need::OneOf,
        () => Need::Sometimes,
    }
}
