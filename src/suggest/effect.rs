//! What a proposal would change: which tickets would move to it, from where, and which of those the present taxonomy
//! was sure of.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::suggest::Suggestion;

/// What one proposal would do to the tickets that were analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Tickets that would get the sub-pattern.
    pub claimed: usize,
    /// Of those, tickets of the group it was made for.
    pub of_group: usize,
    /// Tickets of the group that would not get it.
    pub missed: usize,
    /// Of the tickets that would get it, how many came from where.
    pub from: BTreeMap<Origin, usize>,
    /// Places of tickets that would get it although the present taxonomy was sure of another answer: conflicts.
    pub conflicts: Vec<usize>,
}

impl Effect {
    /// Whether the proposal finds at least half of the tickets that it was made for.
    #[must_use]
    pub fn finds_its_group(&self) -> bool {
        self.of_group > 0 && self.of_group >= self.missed
    }
}

/// Where a ticket was before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the group that the proposal was made for.
    Group,
    /// In a sub-pattern, by its id.
    SubPattern(String),
    /// In another discovered group, by its id.
    OtherGroup(String),
    /// In no group, with this pattern.
    Pattern(String),
}

/// Compares the analysis without the proposals with one of the same tickets with them, one effect a proposal.
#[must_use]
pub fn effects(before: &Analysis<'_>, after: &Analysis<'_>, suggestions: &[Suggestion]) -> Vec<Effect> {
    suggestions
        .iter()
        .map(|suggestion| effect(before, after, suggestion))
        .collect()
}

fn effect(before: &Analysis<'_>, after: &Analysis<'_>, suggestion: &Suggestion) -> Effect {
    let group = &before.groups[suggestion.group];
    let mut effect = Effect::default();
    for (at, (old, new)) in before.assignments.iter().zip(&after.assignments).enumerate() {
        if new.subpattern.as_deref() != Some(suggestion.id.as_str()) {
            continue;
        }
        effect.claimed += 1;
        let from = match (&old.subpattern, &old.group) {
            (_, Some(id)) if *id == group.id => Origin::Group,
            (Some(sub), _) => Origin::SubPattern(sub.clone()),
            (None, Some(id)) => Origin::OtherGroup(id.clone()),
            (None, None) => Origin::Pattern(old.pattern.clone()),
        };
        effect.of_group += usize::from(from == Origin::Group);
        let sure = !old.needs_review && (old.pattern != new.pattern || old.subpattern.is_some());
        if sure && from != Origin::Group {
            effect.conflicts.push(at);
        }
        *effect.from.entry(from).or_default() += 1;
    }
    effect.missed = group.members.len() - effect.of_group;
    effect
}
