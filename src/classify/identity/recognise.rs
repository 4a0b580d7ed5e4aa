//! Which tickets belong to a known group: those the last run put there, and those that are near enough to one.

use rayon::prelude::*;

use super::memory::Known;
use super::settle::Scene;
use super::space::{Cells, Space, cosine};
use crate::classify::cluster::{Item, OUTSIDE};

/// Smallest cosine at which a ticket, or several as a whole, may belong to a group, however loose the group is.
pub(super) const LEAST_REACH: f64 = 0.25;

/// How much farther from the centre than the median ticket of its group a new ticket may be.
const SLACK: f64 = 0.6;

/// Parts into which a reach is rounded.
const PARTS: f64 = 10_000.0;

/// The reach of the loosest group.
pub(super) fn least_reach() -> u32 {
    (LEAST_REACH * PARTS).round() as u32
}

/// What earlier runs say of one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// It is in this known group.
    In(usize),
    /// It was in none, and says the same as then.
    Alone,
    /// Nothing is known of it, and no known group is near.
    Unknown,
}

impl Before {
    pub(super) fn group(self) -> Option<usize> {
        match self {
            Self::In(group) => Some(group),
            Self::Alone | Self::Unknown => None,
        }
    }
}

/// Finds the known group of every item; groups are counted in the order of their ids.
pub(super) fn recognise(scene: &Scene<'_>, space: &Space) -> Vec<Before> {
    let known: Vec<(&String, &Known, Cells)> = scene
        .memory
        .groups
        .iter()
        .map(|(id, known)| (id, known, space.centre(&known.profile)))
        .collect();
    let place_of = |id: &str| known.binary_search_by(|(known, ..)| known.as_str().cmp(id)).ok();
    let near = |at: usize| {
        let open = known.iter().enumerate();
        let open = open.filter(|(_, (_, known, _))| may_join(&scene.items[at], known));
        let cosines = open.filter_map(|(group, (_, known, centre))| {
            let cosine = cosine(space.row(at), centre);
            (cosine * PARTS >= f64::from(known.reach)).then_some((group, cosine))
        });
        // The first of equals, so that the answer does not hang on the order of the comparison.
        cosines.reduce(|best, next| if next.1 > best.1 { next } else { best })
    };
    (0..scene.items.len())
        .into_par_iter()
        .map(|at| match scene.memory.places.get(&scene.items[at].id) {
            Some(place) if place.text == scene.texts[at] => match &place.group {
                Some(id) => place_of(id).map_or(Before::Unknown, Before::In),
                None => Before::Alone,
            },
            _ => near(at).map_or(Before::Unknown, |(group, _)| Before::In(group)),
        })
        .collect()
}

/// Groups lie within a pattern or across all; how sure the rules are of a ticket's pattern must not keep it out. A
/// ticket with a weak sub-pattern of its own stays there unless its work may well be unknown to the taxonomy.
fn may_join(item: &Item, known: &Known) -> bool {
    if item.home.is_some() && item.outside < OUTSIDE {
        return false;
    }
    item.stratum.is_none() || known.stratum.is_none() || item.stratum == known.stratum
}

/// Most tickets of a group whose nearness is measured; evenly spread over it.
const MEASURED: usize = 40;

/// Says how near a new ticket must be to the centre of a group, from how near its own tickets are to the centre of the
/// others. A new ticket has no part in the centre; measured against a centre that it has made, a ticket of a small group
/// is nearer than any new one of the same kind can be.
pub(super) fn reach(space: &Space, members: &[usize]) -> u32 {
    let step = members.len().div_ceil(MEASURED).max(1);
    let to_others = |at: usize| {
        let others: Vec<usize> = [&members[..at], &members[at + 1..]].concat();
        cosine(space.row(members[at]), &space.centre_of(&others))
    };
    let places: Vec<usize> = (0..members.len()).step_by(step).collect();
    let mut cosines: Vec<f64> = places.into_par_iter().map(to_others).collect();
    cosines.sort_unstable_by(f64::total_cmp);
    let median = cosines.get(cosines.len() / 2).copied().unwrap_or(1.0);
    ((median * SLACK).max(LEAST_REACH) * PARTS).round() as u32
}
