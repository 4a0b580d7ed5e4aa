//! Decides the groups of a run from what is known and what clustering found, and describes them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::hungarian::matching;
use super::memory::{Known, Memory, Place};
use super::recognise::{Before, LEAST_REACH, least_reach, reach, recognise};
use super::space::{Cells, Space, cosine};
use crate::classify::cluster::{Discovery, Group, Item};

/// Whether known groups are carried on or looked at anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// Tickets stay where they are; only what no known group takes makes new groups.
    #[default]
    Carry,
    /// Groups are those that clustering finds now, and get the ids of the known groups that they continue.
    Afresh,
}

/// What the groups are decided from.
pub(crate) struct Scene<'a> {
    pub(crate) items: &'a [Item],
    /// Hash of what each item's ticket says.
    pub(crate) texts: &'a [String],
    pub(crate) discovery: &'a Discovery,
    pub(crate) memory: &'a Memory,
    pub(crate) grouping: Grouping,
    /// Fewest tickets of a new group.
    pub(crate) min_size: usize,
}

/// A group of this run; numbers are places among the items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SettledGroup {
    pub(crate) group: Group,
    /// The pattern that it was shown under before; `None` for a new group.
    pub(crate) pattern: Option<String>,
    /// Known groups that tickets of it come from, with how many; by id.
    pub(crate) parents: Vec<(String, usize)>,
}

/// The groups of a run.
pub(crate) struct Settled {
    /// By stratum (groups across patterns last), then more tickets first, then id.
    pub(crate) groups: Vec<SettledGroup>,
    space: Space,
}

/// Share of a known group's tickets that must stay together for its id to go on.
const CONTINUES: f64 = 0.5;

/// Share that counts as a part: of a known group that divides, or of a group that known ones united in.
pub(super) const PART: f64 = 0.3;
/// The same where a group has fewer than [`FEW`] tickets.
pub(super) const PART_OF_FEW: f64 = 0.25;
/// Tickets below which shares jump too much with each ticket.
pub(super) const FEW: usize = 15;

/// Decides the groups of a run.
pub(crate) fn settle(scene: &Scene<'_>) -> Settled {
    let known = scene.memory.groups.values();
    let space = Space::of(scene.items, known.map(|known| &known.profile));
    let before = recognise(scene, &space);
    let labels = match scene.grouping {
        _ if scene.memory.groups.is_empty() => fresh_ids(scene),
        Grouping::Carry => carried(scene, &space, &before),
        Grouping::Afresh => rematched(scene, &space, &before),
    };
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, label) in labels.iter().enumerate() {
        if let Some(id) = label {
            members.entry(id).or_default().push(at);
        }
    }
    let mut groups: Vec<SettledGroup> = members
        .into_iter()
        .map(|(id, members)| described(scene, &space, &before, id, members))
        .collect();
    groups.sort_by(|a, b| {
        let key = |of: &SettledGroup| {
            let stratum = of.group.stratum.clone();
            (
                stratum.is_none(),
                stratum,
                std::cmp::Reverse(of.group.members.len()),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.group.id.cmp(&b.group.id))
    });
    Settled { groups, space }
}

impl Settled {
    /// Says what the next run has to know. `patterns` are those that the groups are shown under, in their order.
    pub(crate) fn memory(&self, scene: &Scene<'_>, patterns: &[String]) -> Memory {
        let mut memory = scene.memory.clone();
        memory.places.values_mut().for_each(|place| place.latest = false);
        for (item, text) in scene.items.iter().zip(scene.texts) {
            let place = Place {
                text: text.clone(),
                group: None,
                latest: true,
            };
            memory.places.insert(item.id.clone(), place);
        }
        for (settled, pattern) in self.groups.iter().zip(patterns) {
            let group = &settled.group;
            for member in &group.members {
                if let Some(place) = memory.places.get_mut(&scene.items[*member].id) {
                    place.group = Some(group.id.clone());
                }
            }
            let old = memory.groups.get(&group.id);
            // A run over a part of the tickets must not narrow what a group is known by.
            if old.is_some_and(|old| old.made_from > group.members.len()) {
                continue;
            }
            let known = Known {
                stratum: group.stratum.clone(),
                pattern: pattern.clone(),
                terms: group.terms.clone(),
                concepts: group.concepts.clone(),
                reach: reach(&self.space, &group.members),
                profile: self.space.profile(&group.members),
                made_from: group.members.len(),
            };
            memory.groups.insert(group.id.clone(), known);
        }
        memory
    }
}

fn fresh_ids(scene: &Scene<'_>) -> Vec<Option<String>> {
    let groups = &scene.discovery.groups;
    let id = |group: &Option<usize>| group.map(|group| groups[group].id.clone());
    scene.discovery.assigned.iter().map(id).collect()
}

/// Keeps every ticket that is in a known group there. What is left of a group that clustering found goes with the
/// known group that it continues, or is a new group.
fn carried(scene: &Scene<'_>, space: &Space, before: &[Before]) -> Vec<Option<String>> {
    let continued = Continued::new(scene, space, before);
    let ids: Vec<&String> = scene.memory.groups.keys().collect();
    let mut labels: Vec<Option<String>> = before
        .iter()
        .map(|before| before.group().map(|group| ids[group].clone()))
        .collect();
    for (found, group) in scene.discovery.groups.iter().enumerate() {
        let is_left = |member: &&usize| before[**member].group().is_none();
        let left: Vec<usize> = group.members.iter().filter(is_left).copied().collect();
        let id = match continued.by(found, &left) {
            Some(known) => Some(ids[known].clone()),
            None if left.len() >= scene.min_size => Some(group.id.clone()),
            None => None,
        };
        left.into_iter().for_each(|member| labels[member].clone_from(&id));
    }
    labels
}

/// Finds the known group that the rest of a found one goes on with.
struct Continued<'a> {
    scene: &'a Scene<'a>,
    space: &'a Space,
    known: Vec<(&'a Known, Cells)>,
    overlaps: Overlaps,
}

impl<'a> Continued<'a> {
    fn new(scene: &'a Scene<'a>, space: &'a Space, before: &[Before]) -> Self {
        let known = scene.memory.groups.values();
        Self {
            scene,
            space,
            known: known.map(|known| (known, space.centre(&known.profile))).collect(),
            overlaps: Overlaps::count(scene, before),
        }
    }

    /// The known group that shares most with the found one, by tickets and by what its rest says.
    ///
    /// It goes on if it has as many tickets in the found group as that has others; or if most of it is there, for a kind
    /// of request that comes more often than before is still the same kind, unless it was as loose as can be and the rest
    /// says something else: four tickets of no kind may lie in a theme of twenty that has nothing to do with them; or if the rest is near to it as a whole, which
    /// says more than any single short ticket.
    fn by(&self, found: usize, left: &[usize]) -> Option<usize> {
        if left.is_empty() {
            return None;
        }
        let group = &self.scene.discovery.groups[found];
        let rest = self.space.centre(&self.space.profile(left));
        let near = |at: usize| {
            let (known, centre) = &self.known[at];
            let apart = known.stratum.is_some() && group.stratum.is_some() && known.stratum != group.stratum;
            if apart { 0.0 } else { cosine(&rest, centre) }
        };
        let scored = (0..self.known.len()).map(|at| (self.overlaps.jaccard(at, found) + near(at), at));
        // The first of equals, so that the answer does not hang on the order of the comparison.
        let (_, best) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let shared = self.overlaps.shared(best, found);
        let alike = near(best) >= LEAST_REACH;
        let is_kind = alike || self.known[best].0.reach > least_reach();
        let goes_on = shared > 0 && (shared >= left.len() || (is_kind && self.overlaps.mostly(best, shared)));
        let is_near = left.len() >= self.scene.min_size && alike;
        (goes_on || is_near).then_some(best)
    }
}

/// Gives the groups that clustering found the ids of the known groups that they continue.
fn rematched(scene: &Scene<'_>, space: &Space, before: &[Before]) -> Vec<Option<String>> {
    let overlaps = Overlaps::count(scene, before);
    let fresh = &scene.discovery.groups;
    let known: Vec<(&String, &Known)> = scene.memory.groups.iter().collect();
    let old: Vec<Cells> = known
        .iter()
        .map(|(_, known)| space.centre(&known.profile))
        .collect();
    let new: Vec<Cells> = fresh
        .iter()
        .map(|group| space.centre(&space.profile(&group.members)))
        .collect();
    let cost = |group: usize, found: usize| {
        1.0 - (overlaps.jaccard(group, found) + cosine(&old[group], &new[found])) / 2.0
    };
    let mut ids: Vec<Option<String>> = vec![None; fresh.len()];
    for (group, found) in pairs(known.len(), fresh.len(), cost) {
        let shared = overlaps.shared(group, found);
        let is_part = shared as f64 >= part(overlaps.new[found]) * overlaps.new[found] as f64;
        if shared > 0 && overlaps.mostly(group, shared) && is_part {
            ids[found] = Some(known[group].0.clone());
        }
    }
    let mut taken: BTreeSet<String> = scene.memory.groups.keys().cloned().collect();
    let ids: Vec<String> = ids
        .into_iter()
        .zip(fresh)
        .map(|(id, group)| id.unwrap_or_else(|| unused(&group.id, &mut taken)))
        .collect();
    let assigned = &scene.discovery.assigned;
    assigned
        .iter()
        .map(|found| found.map(|found| ids[found].clone()))
        .collect()
}

/// Pairs rows and columns at the least cost, whichever there are more of.
fn pairs(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let (short, long, turned) = if rows <= columns {
        (rows, columns, false)
    } else {
        (columns, rows, true)
    };
    let places = (0..short).flat_map(|a| (0..long).map(move |b| (a, b)));
    let costs: Vec<f64> = places
        .map(|(a, b)| if turned { cost(b, a) } else { cost(a, b) })
        .collect();
    let found = matching(&costs, short, long).into_iter().enumerate();
    found.map(|(a, b)| if turned { (b, a) } else { (a, b) }).collect()
}

/// The id made from content, or the next one made from it where a known group has that id.
fn unused(id: &str, taken: &mut BTreeSet<String>) -> String {
    let mut next = id.to_owned();
    while !taken.insert(next.clone()) {
        let digits: String = Sha256::digest(next.as_bytes())
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        next = format!("~{digits}");
    }
    next
}

/// The share of `tickets` that counts as a part.
pub(super) fn part(tickets: usize) -> f64 {
    if tickets < FEW { PART_OF_FEW } else { PART }
}

/// How many tickets known and found groups have in common.
struct Overlaps {
    both: BTreeMap<(usize, usize), usize>,
    old: Vec<usize>,
    new: Vec<usize>,
}

impl Overlaps {
    fn count(scene: &Scene<'_>, before: &[Before]) -> Self {
        let mut overlaps = Self {
            both: BTreeMap::new(),
            old: vec![0; scene.memory.groups.len()],
            new: scene
                .discovery
                .groups
                .iter()
                .map(|group| group.members.len())
                .collect(),
        };
        for (before, found) in before.iter().zip(&scene.discovery.assigned) {
            if let Some(group) = before.group() {
                overlaps.old[group] += 1;
                if let Some(found) = found {
                    *overlaps.both.entry((group, *found)).or_default() += 1;
                }
            }
        }
        overlaps
    }

    fn shared(&self, group: usize, found: usize) -> usize {
        self.both.get(&(group, found)).copied().unwrap_or(0)
    }

    /// Whether so many shared tickets are most of a known group.
    fn mostly(&self, group: usize, shared: usize) -> bool {
        shared as f64 >= CONTINUES * self.old[group] as f64
    }

    fn jaccard(&self, group: usize, found: usize) -> f64 {
        let shared = self.shared(group, found);
        let either = self.old[group] + self.new[found] - shared;
        if either == 0 {
            0.0
        } else {
            shared as f64 / either as f64
        }
    }
}

/// Most examples of a group.
const MOST_EXAMPLES: usize = 3;

/// Describes a group. One that clustering found as it is keeps what clustering said of it, a known one its name.
fn described(
    scene: &Scene<'_>,
    space: &Space,
    before: &[Before],
    id: &str,
    mut members: Vec<usize>,
) -> SettledGroup {
    members.sort_by(|a, b| scene.items[*a].id.cmp(&scene.items[*b].id));
    let found = members
        .iter()
        .filter_map(|member| scene.discovery.assigned[*member])
        .min_by_key(|found| {
            let group = &scene.discovery.groups[*found];
            (group.members != members, *found)
        })
        .map(|found| &scene.discovery.groups[found]);
    let mut group = match found {
        Some(group) if group.members == members => group.clone(),
        found => measured(scene, space, members, found),
    };
    id.clone_into(&mut group.id);
    let known = scene.memory.groups.get(id);
    if let Some(known) = known {
        group.stratum.clone_from(&known.stratum);
        if scene.grouping == Grouping::Carry {
            group.terms.clone_from(&known.terms);
            group.concepts.clone_from(&known.concepts);
        }
    }
    let parents = parents(scene, before, &group.members);
    SettledGroup {
        group,
        pattern: known.map(|known| known.pattern.clone()),
        parents,
    }
}

/// The known groups that some tickets come from.
fn parents(scene: &Scene<'_>, before: &[Before], members: &[usize]) -> Vec<(String, usize)> {
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    for group in members.iter().filter_map(|member| before[*member].group()) {
        *from.entry(group).or_default() += 1;
    }
    let ids: Vec<&String> = scene.memory.groups.keys().collect();
    from.into_iter()
        .map(|(group, count)| (ids[group].clone(), count))
        .collect()
}

/// Describes tickets that clustering did not find as one group, in the space of this folder.
fn measured(scene: &Scene<'_>, space: &Space, members: Vec<usize>, like: Option<&Group>) -> Group {
    let centre = space.centre(&space.profile(&members));
    let mut near: Vec<(f64, usize)> = members
        .iter()
        .map(|member| (cosine(space.row(*member), &centre), *member))
        .collect();
    near.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| scene.items[a.1].id.cmp(&scene.items[b.1].id))
    });
    let mut asked = BTreeSet::new();
    let mut said = BTreeSet::new();
    let is_new = |item: &Item, asked: &mut BTreeSet<String>| {
        item.requester
            .as_ref()
            .is_none_or(|requester| asked.insert(requester.clone()))
    };
    let mut examples = Vec::new();
    for (_, member) in &near {
        let item = &scene.items[*member];
        if said.insert(&item.tokens) && is_new(item, &mut asked) {
            examples.push(*member);
        }
    }
    examples.truncate(MOST_EXAMPLES);
    Group {
        id: String::new(),
        stratum: like.and_then(|group| group.stratum.clone()),
        medoid: near[0].1,
        examples,
        terms: like.map(|group| group.terms.clone()).unwrap_or_default(),
        concepts: like.map(|group| group.concepts.clone()).unwrap_or_default(),
        cohesion: (near.iter().map(|(cosine, _)| cosine).sum::<f64>() / near.len() as f64).clamp(0.0, 1.0),
        // It is known from earlier runs; drawing these tickets anew would not ask about it.
        stability: None,
        members,
    }
}
