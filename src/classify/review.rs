//! In which order a person should look at tickets, so that each answer teaches most.
//!
//! An answer teaches much where the learner is unsure and where many doubtful tickets are alike. Once one of a kind
//! has been asked about, the next of that kind teaches less: its worth falls with the number of those before it.

use std::collections::BTreeMap;

use crate::classify::assignment::{Assignment, Method};

/// Orders tickets, given by their places, by what a person's answer would teach; labelled and excluded ones last.
///
/// The order is that of uncertainty times the doubt in all tickets of its kind, divided by how many of the kind stand
/// before it, the latter two under a square root, so that one large kind does not take every place; ties are broken by
/// id. A kind is a group, or pattern and runner-up where there is no group.
#[must_use]
pub fn order(assignments: &[Assignment]) -> Vec<usize> {
    let open = |assignment: &Assignment| assignment.excluded.is_none() && assignment.method != Method::Label;
    let mut kinds: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, assignment) in assignments.iter().enumerate().filter(|(_, a)| open(a)) {
        kinds.entry(kind(assignment)).or_default().push(at);
    }
    let doubt = |at: usize| 1.0 - assignments[at].confidence;
    let by_id = |a: &usize, b: &usize| assignments[*a].id.cmp(&assignments[*b].id);
    let mut worth: Vec<(f64, usize)> = Vec::new();
    for members in kinds.values_mut() {
        members.sort_by(|a, b| doubt(*b).total_cmp(&doubt(*a)).then_with(|| by_id(a, b)));
        let alike: f64 = members.iter().map(|at| doubt(*at)).sum();
        let before = (0_u32..).map(|count| f64::from(count) + 1.0);
        worth.extend(
            members
                .iter()
                .zip(before)
                .map(|(at, turn)| (doubt(*at) * alike.sqrt() / turn.sqrt(), *at)),
        );
    }
    worth.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| by_id(&a.1, &b.1)));
    let closed = (0..assignments.len()).filter(|at| !open(&assignments[*at]));
    worth.into_iter().map(|(_, at)| at).chain(closed).collect()
}

fn kind(assignment: &Assignment) -> (&str, &str) {
    match &assignment.group {
        Some(group) => (group, ""),
        None => (
            &assignment.pattern,
            assignment.runner_up.as_deref().unwrap_or_default(),
        ),
    }
}
