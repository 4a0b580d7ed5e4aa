//! The answer of a run for every ticket, small enough to keep.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::classify::identity::{digest, text_hash};
use crate::taxonomy::Taxonomy;
use crate::ticket::Ticket;

/// What a run said of one ticket. Keys are short because there is one a ticket and run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The ticket.
    #[serde(rename = "i")]
    pub id: String,
    /// Hash of its title and body.
    #[serde(rename = "t")]
    pub text: String,
    /// Hash of everything else that an answer hangs on: category, comments, status, when it was filed.
    #[serde(rename = "r")]
    pub rest: String,
    /// The quarter it was filed in.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub quarter: Option<String>,
    /// Its pattern.
    #[serde(rename = "p")]
    pub pattern: String,
    /// Its sub-pattern.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub subpattern: Option<String>,
    /// Its discovered group, where it has one.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What decided.
    #[serde(rename = "m")]
    pub method: String,
    /// Why it is no request for work.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
}

/// Gathers the answers of an analysis, ordered by ticket id.
#[must_use]
pub fn answers(analysis: &Analysis<'_>) -> Vec<Answer> {
    let rows = analysis
        .tickets
        .iter()
        .zip(&analysis.assignments)
        .zip(&analysis.quarters);
    rows.map(|((ticket, assignment), quarter)| Answer {
        id: ticket.id.as_str().to_owned(),
        text: text_hash(ticket),
        rest: rest_hash(ticket),
        quarter: quarter.map(|quarter| quarter.to_string()),
        pattern: assignment.pattern.clone(),
        subpattern: assignment.subpattern.clone(),
        group: assignment
            .group
            .clone()
            .filter(|group| assignment.subpattern.as_ref() != Some(group)),
        method: assignment.method.as_str().to_owned(),
        excluded: assignment.excluded.map(|reason| reason.as_str().to_owned()),
    })
    .collect()
}

/// Reads answers of an earlier run under the ids that the taxonomy has now, where one id follows; returns which were
/// read as which, and for how many tickets.
pub fn carry_over(answers: &mut [Answer], taxonomy: &Taxonomy) -> BTreeMap<(String, String), usize> {
    let mut carried = BTreeMap::new();
    let mut follow = |id: &mut String| {
        if let Some(now) = taxonomy.current_id(id)
            && now != id
        {
            *carried.entry((id.clone(), now.to_owned())).or_default() += 1;
            now.clone_into(id);
        }
    };
    for answer in answers {
        follow(&mut answer.pattern);
        if let Some(sub) = &mut answer.subpattern {
            follow(sub);
            // A sub-pattern that moved takes its tickets along.
            if let Some((pattern, _)) = taxonomy.sub(sub) {
                answer.pattern.clone_from(&pattern.id);
            }
        }
    }
    carried
}

fn rest_hash(ticket: &Ticket) -> String {
    let created = ticket.created_at.map(|moment| moment.at.to_string());
    let deleted = ticket.deleted.then_some("deleted");
    let fixed = [
        ticket.category.as_deref(),
        ticket.status.as_deref(),
        created.as_deref(),
        deleted,
    ];
    let comments = ticket.comments.iter().map(|comment| Some(comment.text.as_str()));
    digest(fixed.into_iter().chain(comments))
}
