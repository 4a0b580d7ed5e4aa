//! Proposes sub-patterns for the groups that the taxonomy does not name, and says what they would change.
//!
//! A proposal is an entry that can be pasted: an id, names, cues made of the words that tell the group from every other
//! ticket, systems and slots seen. What it would change is not guessed: the whole analysis runs again with it.

mod cues;
mod effect;
mod source;

pub use cues::Word;
pub use effect::{Effect, Origin, effects};
pub use source::with_additions;

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Analysis;
use crate::classify::{NamedGroup, Wording};
use crate::taxonomy::{Slot, Standing, Taxonomy};

/// Share of a group's tickets that must name a system, or hold what a slot asks for, before either is proposed.
const SEEN: f64 = 0.3;
/// Share from which a slot is proposed as required.
const ALWAYS: f64 = 0.8;

/// A sub-pattern that the taxonomy could get.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its proposed id, below the pattern that the group leans to: `other.lend_device`.
    pub id: String,
    /// Id of the pattern it belongs to.
    pub pattern: String,
    /// Place of the group in the analysis.
    pub group: usize,
    /// Words to make cues of, the most telling first; never empty.
    pub words: Vec<Word>,
    /// Ids of systems that its tickets name.
    pub systems: Vec<String>,
    /// Ids of slots that nearly all of its tickets fill.
    pub required: Vec<String>,
    /// Ids of slots that some of its tickets fill.
    pub optional: Vec<String>,
}

/// Proposes one sub-pattern for each group of at least `least` tickets, the largest first.
///
/// `wordings` is what every ticket of the analysis says, in its order. `may_show` says of a word whether it may stand in
/// a file that goes around. A group without a word that tells it from the rest gets none: cues could not find it.
#[must_use]
pub fn suggest(
    analysis: &Analysis<'_>,
    wordings: &[Wording],
    taxonomy: &Taxonomy,
    least: usize,
    may_show: &dyn Fn(&str) -> bool,
) -> Vec<Suggestion> {
    let mut order: Vec<usize> = (0..analysis.groups.len())
        .filter(|at| analysis.groups[*at].members.len() >= least)
        .collect();
    let size = |at: usize| analysis.groups[at].members.len();
    order.sort_by(|a, b| {
        size(*b)
            .cmp(&size(*a))
            .then_with(|| analysis.groups[*a].id.cmp(&analysis.groups[*b].id))
    });
    let uses = cues::Uses::count(wordings);
    let mut taken = BTreeSet::new();
    let mut suggestions = Vec::new();
    for at in order {
        let group = &analysis.groups[at];
        let words = uses.telling(&group.members, wordings, may_show);
        if words.is_empty() {
            continue;
        }
        let id = id(group, taxonomy, &mut taken);
        let (required, optional) = slots(&group.members, wordings, taxonomy);
        suggestions.push(Suggestion {
            id,
            pattern: group.pattern.clone(),
            group: at,
            words,
            systems: systems(&group.members, wordings),
            required,
            optional,
        });
    }
    suggestions
}

/// Makes an id of the group's notions, else of its own id; a number follows where it is taken, or was once.
fn id(group: &NamedGroup, taxonomy: &Taxonomy, taken: &mut BTreeSet<String>) -> String {
    let own = group.id.trim_start_matches('~');
    let name = match group.concepts.as_slice() {
        [] => format!("group_{own}"),
        concepts => concepts.iter().take(2).cloned().collect::<Vec<_>>().join("_"),
    };
    let first = format!("{}.{name}", group.pattern);
    let mut id = first.clone();
    let mut number = 1;
    while taxonomy.standing(&id) != Standing::Unknown || !taken.insert(id.clone()) {
        number += 1;
        id = format!("{first}_{number}");
    }
    id
}

/// Counts in how many tickets of a group each of some things is, and returns those in a share of them or more.
fn seen_in<'s>(
    members: &[usize],
    share: f64,
    things: impl Fn(usize) -> Vec<&'s str>,
) -> impl Iterator<Item = (&'s str, f64)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in members {
        let of_ticket: BTreeSet<&str> = things(*member).into_iter().collect();
        of_ticket
            .into_iter()
            .for_each(|thing| *counts.entry(thing).or_default() += 1);
    }
    let all = members.len() as f64;
    counts
        .into_iter()
        .map(move |(thing, count)| (thing, count as f64 / all))
        .filter(move |(_, seen)| *seen >= share)
}

fn systems(members: &[usize], wordings: &[Wording]) -> Vec<String> {
    let named = |member: usize| wordings[member].systems.iter().map(String::as_str).collect();
    seen_in(members, SEEN, named)
        .map(|(system, _)| system.to_owned())
        .collect()
}

/// The slots whose kinds of entity the tickets hold: those that nearly all hold, and those that some do.
fn slots(members: &[usize], wordings: &[Wording], taxonomy: &Taxonomy) -> (Vec<String>, Vec<String>) {
    let holds = |slot: &Slot, member: usize| {
        let kinds = &wordings[member].entities;
        slot.entities.iter().any(|kind| kinds.contains(kind.as_str()))
    };
    let filled = |member: usize| {
        let slots = taxonomy.slots.iter().filter(|slot| holds(slot, member));
        slots.map(|slot| slot.id.as_str()).collect()
    };
    let (always, some): (Vec<_>, Vec<_>) =
        seen_in(members, SEEN, filled).partition(|(_, seen)| *seen >= ALWAYS);
    let ids = |slots: Vec<(&str, f64)>| slots.into_iter().map(|(slot, _)| slot.to_owned()).collect();
    (ids(always), ids(some))
}
