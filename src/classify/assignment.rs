//! What a ticket was found to be: the pattern, how it was decided, how sure that is, and why.

use std::ops::Range;

use crate::automation::Sign;
use crate::classify::prose::Field;
use crate::taxonomy::Exclusion;
use crate::text::Origin;
use crate::ticket::{Ticket, TicketId};

/// What decided the pattern of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// A person's label.
    Label,
    /// The cues of the taxonomy.
    Rules,
    /// The learner.
    Learner,
    /// The group that clustering put it into.
    Cluster,
    /// Nothing; the pattern is `other`.
    None,
}

impl Method {
    /// Returns the name that outputs show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Rules => "rules",
            Self::Learner => "learner",
            Self::Cluster => "cluster",
            Self::None => "none",
        }
    }
}

/// A cue that spoke in a ticket, with its place in the original text.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Id of the cue in the taxonomy.
    pub cue: String,
    /// Id of the pattern or sub-pattern it spoke for or against.
    pub target: String,
    /// What it added; negative if it spoke against.
    pub points: f64,
    /// Part of the ticket.
    pub field: Field,
    /// The text of the ticket in which it spoke.
    pub origin: Origin,
    /// Bytes of that text, as it is written, that matched.
    pub range: Range<usize>,
}

/// Returns the text of a ticket that an origin names.
#[must_use]
pub fn written(ticket: &Ticket, origin: Origin) -> Option<&str> {
    match origin {
        Origin::Title => ticket.title.as_deref(),
        Origin::Body => ticket.body.as_deref(),
        Origin::Category => ticket.category.as_deref(),
        Origin::Comment(at) => ticket.comments.get(at).map(|comment| comment.text.as_str()),
    }
}

/// The decision about one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The ticket.
    pub id: TicketId,
    /// Id of its pattern; never missing, `other` where nothing spoke for any.
    pub pattern: String,
    /// Id of its sub-pattern, where one fits.
    pub subpattern: Option<String>,
    /// Id of the finest set it belongs to: its sub-pattern or a discovered group.
    pub group: Option<String>,
    /// What decided.
    pub method: Method,
    /// Estimated probability that the pattern is right, 0 to 1.
    pub confidence: f64,
    /// Points between the best pattern and the best other one, at least 0.
    pub margin: f64,
    /// Id of another pattern that the ticket asks for too: the second of two requests.
    pub secondary: Option<String>,
    /// Id of the pattern that nearly won, where the decision was close.
    pub runner_up: Option<String>,
    /// Whether a person should look at it.
    pub needs_review: bool,
    /// Why it is no request for work, if it is none.
    pub excluded: Option<Exclusion>,
    /// Ids of the slots that it fills, of those its sub-pattern asks for.
    pub slots_present: Vec<String>,
    /// Whether every required slot of its sub-pattern is filled; `None` without a sub-pattern.
    pub complete: Option<bool>,
    /// Signs of risk in its text.
    pub signs: Vec<Sign>,
    /// What spoke, loudest first.
    pub evidence: Vec<Evidence>,
}
