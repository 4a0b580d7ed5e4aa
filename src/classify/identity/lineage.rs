//! What became of every group since the run before: carried on, new, gone, named by the taxonomy, divided, united.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::settle::{Grouping, Scene, Settled, part};

/// Fewest tickets of each part of a group that is said to divide: less is chance.
const LEAST_PART: usize = 5;

/// Share of a group's tickets that one sub-pattern must have taken for the group to be named by it.
const NAMED: f64 = 0.5;

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Relation {
    /// The same group, under the same id.
    Continued,
    /// Not there before.
    New,
    /// Divided into several; one of them may keep the id.
    Split,
    /// United with others.
    Merged,
    /// A sub-pattern of the taxonomy took most of its tickets.
    Named,
    /// None of its tickets is in a group of that id now.
    Gone,
}

impl Relation {
    /// Returns the name that outputs show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continued => "continued",
            Self::New => "new",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Named => "named",
            Self::Gone => "gone",
        }
    }
}

/// One line of the lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub relation: Relation,
    /// The group.
    pub group: String,
    /// Groups, or the sub-pattern, that its tickets went to; ids.
    pub to: Vec<String>,
    /// Its tickets in the run before; 0 for a new group, and for one that had none then.
    pub before: usize,
    /// Its tickets now.
    pub now: usize,
    /// Whether it happened, or is only what a fresh look at the groups would do.
    pub applied: bool,
}

/// Tells what became of every group since the run that left `scene.memory`; `sub_of` is the sub-pattern of a ticket
/// now, `None` for one that is not in this run.
///
/// In the order of the relations, then more tickets first, then by id. Empty when nothing was known before.
pub(crate) fn lineage<'t>(
    scene: &Scene<'_>,
    settled: &Settled,
    sub_of: &impl Fn(&str) -> Option<Option<&'t str>>,
) -> Vec<Step> {
    if scene.memory.groups.is_empty() {
        return Vec::new();
    }
    let before = latest(scene.memory);
    let now: BTreeMap<&str, usize> = settled
        .groups
        .iter()
        .map(|settled| (settled.group.id.as_str(), settled.group.members.len()))
        .collect();
    let heirs = heirs(settled);
    let mut steps = Vec::new();
    for id in scene.memory.groups.keys() {
        let tickets = before.get(id.as_str()).map_or(0, Vec::len);
        let now = now.get(id.as_str()).copied().unwrap_or(0);
        if tickets + now > 0 {
            let (relation, to) = fate(scene, id, now, &heirs, &|| {
                named(before.get(id.as_str()).map_or(&[], Vec::as_slice), sub_of)
            });
            steps.push(Step {
                relation,
                group: id.clone(),
                to,
                before: tickets,
                now,
                applied: true,
            });
        }
    }
    let told: BTreeSet<&String> = steps.iter().flat_map(|step| step.to.iter()).collect();
    let new: Vec<Step> = settled
        .groups
        .iter()
        .map(|settled| &settled.group)
        .filter(|group| !scene.memory.groups.contains_key(&group.id) && !told.contains(&group.id))
        .map(|group| Step {
            relation: Relation::New,
            group: group.id.clone(),
            to: Vec::new(),
            before: 0,
            now: group.members.len(),
            applied: true,
        })
        .collect();
    steps.extend(new);
    if scene.grouping == Grouping::Carry {
        steps.extend(suggested(scene, settled));
    }
    steps.sort_by(|a, b| {
        let key = |step: &Step| {
            (
                !step.applied,
                step.relation,
                std::cmp::Reverse(step.now.max(step.before)),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.group.cmp(&b.group))
    });
    steps
}

/// Tickets of each group in the run that left the memory.
fn latest(memory: &Memory) -> BTreeMap<&str, Vec<&str>> {
    let mut tickets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (ticket, place) in memory.places.iter().filter(|(_, place)| place.latest) {
        if let Some(group) = &place.group {
            tickets.entry(group).or_default().push(ticket);
        }
    }
    tickets
}

/// Groups of this run that tickets of a known group are in now, most first, by the known group.
fn heirs(settled: &Settled) -> BTreeMap<&str, Vec<(&str, usize)>> {
    let mut heirs: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for settled in &settled.groups {
        for (parent, tickets) in &settled.parents {
            heirs
                .entry(parent)
                .or_default()
                .push((&settled.group.id, *tickets));
        }
    }
    for heirs in heirs.values_mut() {
        heirs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    }
    heirs
}

fn fate(
    scene: &Scene<'_>,
    id: &str,
    now: usize,
    heirs: &BTreeMap<&str, Vec<(&str, usize)>>,
    named: &impl Fn() -> Option<String>,
) -> (Relation, Vec<String>) {
    if scene.grouping == Grouping::Afresh {
        let heirs: &[(&str, usize)] = heirs.get(id).map_or(&[], Vec::as_slice);
        let all: usize = heirs.iter().map(|(_, tickets)| tickets).sum();
        let parts = heirs.iter().filter(|(_, tickets)| is_part(*tickets, all));
        let parts: Vec<String> = parts.map(|(id, _)| (*id).to_owned()).collect();
        if parts.len() > 1 {
            return (Relation::Split, parts);
        }
        match heirs {
            [(heir, tickets), ..] if now == 0 && tickets * 2 >= all => {
                return (Relation::Merged, vec![(*heir).to_owned()]);
            }
            _ => {}
        }
    }
    match (now, named()) {
        (1.., _) => (Relation::Continued, Vec::new()),
        (0, Some(sub)) => (Relation::Named, vec![sub]),
        (0, None) => (Relation::Gone, Vec::new()),
    }
}

/// Whether so many tickets of all are a part that is worth telling of.
fn is_part(tickets: usize, all: usize) -> bool {
    tickets >= LEAST_PART && tickets as f64 >= part(all) * all as f64
}

/// The sub-pattern that took most of a group's tickets, of those that are in this run.
fn named<'t>(tickets: &[&str], sub_of: &impl Fn(&str) -> Option<Option<&'t str>>) -> Option<String> {
    let subs: Vec<Option<&str>> = tickets.iter().filter_map(|ticket| sub_of(ticket)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sub in subs.iter().flatten() {
        *counts.entry(sub).or_default() += 1;
    }
    let (sub, count) = counts
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)))?;
    (count as f64 >= NAMED * subs.len() as f64).then(|| sub.to_owned())
}

/// What clustering would do with the groups if it were free to: divide one, or unite several.
fn suggested(scene: &Scene<'_>, settled: &Settled) -> Vec<Step> {
    let found = &scene.discovery.groups;
    let mut both: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (group, settled) in settled.groups.iter().enumerate() {
        for member in &settled.group.members {
            if let Some(found) = scene.discovery.assigned[*member] {
                *both.entry((group, found)).or_default() += 1;
            }
        }
    }
    let size = |group: usize| settled.groups[group].group.members.len();
    let suggestion = |relation, group: usize, to: Vec<String>| Step {
        relation,
        group: settled.groups[group].group.id.clone(),
        to,
        before: size(group),
        now: size(group),
        applied: false,
    };
    let mut steps = Vec::new();
    for group in 0..settled.groups.len() {
        // A part that lies in a group of mostly other tickets is a border between groups, not a division.
        let parts = both
            .range((group, 0)..(group + 1, 0))
            .filter(|((_, found_at), count)| {
                is_part(**count, size(group)) && **count * 2 > found[*found_at].members.len()
            });
        let parts: Vec<String> = parts.map(|((_, at), _)| found[*at].id.clone()).collect();
        if parts.len() > 1 {
            steps.push(suggestion(Relation::Split, group, parts));
        }
    }
    for (at, whole) in found.iter().map(|group| group.members.len()).enumerate() {
        let united: Vec<usize> = (0..settled.groups.len())
            .filter(|group| {
                let count = both.get(&(*group, at)).copied().unwrap_or(0);
                is_part(count, whole) && count * 2 > size(*group)
            })
            .collect();
        if let [first, others @ ..] = united.as_slice()
            && !others.is_empty()
        {
            let others = others.iter().map(|group| settled.groups[*group].group.id.clone());
            steps.push(suggestion(Relation::Merged, *first, others.collect()));
        }
    }
    steps
}
