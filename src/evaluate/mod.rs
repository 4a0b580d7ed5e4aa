//! How right the classification is, measured on tickets whose answers are known.
//!
//! The answers stand in the tickets' own records (`pattern`, optionally `subpattern`, `alt`, `ambiguous`, `excluded`,
//! `source`), where nothing that classifies looks. Every ticket counts, also those marked for review: an answer is
//! forced. Tickets that a person's label decided are left out, for they say nothing about the rest.

mod agreement;
mod gold;
mod measure;

pub use agreement::{Agreement, Nearest, agreement, nearest};
pub use gold::{ANSWER_FIELDS, Gold, Refused, UNANSWERED};
pub use measure::{Bin, Kept, OfPattern, Share, Summary, calibration_error, calibration_of};

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::classify::{Assignment, Method};
use crate::taxonomy::Taxonomy;
use crate::ticket::Ticket;

/// A ticket with what was found and what is right.
#[derive(Debug, Clone)]
pub struct Scored<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// What was found.
    pub found: &'a Assignment,
    /// What is right.
    pub gold: Gold,
    /// Whether the pattern found is right; for an ambiguous ticket either pattern is.
    pub right: bool,
}

/// Everything that was measured.
#[derive(Debug, Clone)]
pub struct Evaluation<'a> {
    /// The tickets that count, ordered by id.
    pub scored: Vec<Scored<'a>>,
    /// Tickets without a usable answer.
    pub refused: Vec<Refused>,
    /// Tickets left out because a person's label decided them.
    pub labelled: usize,
    /// The figures that sum it up.
    pub summary: Summary,
    /// Precision and recall of every pattern, in the order of the taxonomy.
    pub patterns: Vec<OfPattern>,
    /// How many tickets of one pattern were taken for another, by (right, found); zeros are left out.
    pub confusion: BTreeMap<(String, String), usize>,
    /// How often answers were right by how sure they were said to be.
    pub calibration: Vec<Bin>,
    /// How right the surest answers are, by how many of them are kept.
    pub kept: Vec<Kept>,
    /// Accuracy by the `source` of the tickets.
    pub sources: BTreeMap<String, Share>,
    /// How well the groups agree with the kinds that people see, over tickets whose kind is known and that are a
    /// request; `None` without any.
    pub agreement: Option<Agreement>,
    /// The group that comes nearest to each kind, over the same tickets.
    pub nearest: Vec<Nearest>,
}

/// Holds an analysis against the answers in its tickets' records.
#[must_use]
pub fn evaluate<'a>(analysis: &'a Analysis<'a>, taxonomy: &Taxonomy) -> Evaluation<'a> {
    let mut scored = Vec::new();
    let mut refused = Vec::new();
    let mut labelled = 0;
    for (ticket, found) in analysis.tickets.iter().zip(&analysis.assignments) {
        match Gold::of(ticket, taxonomy) {
            Err(refusal) => refused.push(refusal),
            Ok(_) if found.method == Method::Label => labelled += 1,
            Ok(gold) => scored.push(Scored {
                ticket,
                found,
                right: gold.accepts(&found.pattern),
                gold,
            }),
        }
    }
    let patterns = measure::by_pattern(&scored, taxonomy);
    let mut confusion = BTreeMap::new();
    let mut by_source: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for one in &scored {
        // An ambiguous ticket that was answered by its second pattern is no mistake.
        let gold = if one.right {
            &one.found.pattern
        } else {
            &one.gold.pattern
        };
        *confusion
            .entry((gold.clone(), one.found.pattern.clone()))
            .or_default() += 1;
        let source = one.gold.source.clone().unwrap_or_default();
        by_source.entry(source).or_default().push(one.right);
    }
    let kinds: Vec<(&str, Option<&str>)> = scored
        .iter()
        .filter(|one| one.gold.excluded.is_none())
        .filter_map(|one| Some((one.gold.kind.as_deref()?, one.found.group.as_deref())))
        .collect();
    Evaluation {
        agreement: agreement(&kinds),
        nearest: nearest(&kinds),
        summary: measure::summary(&scored, &patterns),
        calibration: measure::calibration(&scored),
        kept: measure::kept(&scored),
        sources: by_source
            .into_iter()
            .map(|(source, rights)| (source, Share::of(rights.into_iter())))
            .collect(),
        patterns,
        confusion,
        scored,
        refused,
        labelled,
    }
}
