//! The right answer of a ticket, from the fields of its record.

use serde_json::Value;

use crate::taxonomy::Taxonomy;
use crate::ticket::Ticket;

/// Fields of a record that hold its answer.
pub const ANSWER_FIELDS: [&str; 6] = ["pattern", "subpattern", "alt", "ambiguous", "excluded", "source"];

/// What is right for a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    /// Id of its pattern.
    pub pattern: String,
    /// Id of its sub-pattern, where that is known.
    pub subpattern: Option<String>,
    /// What its `subpattern` says, whether the taxonomy knows it or not: the kind that people see.
    pub kind: Option<String>,
    /// A second pattern that counts as right too; only for tickets marked ambiguous.
    pub also: Option<String>,
    /// Why it is no request, if it is none; "true" where only that is said.
    pub excluded: Option<String>,
    /// Whether its record says anything of that at all.
    pub says_excluded: bool,
    /// Where it is from.
    pub source: Option<String>,
}

/// A ticket whose answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {reason}")]
pub struct Refused {
    /// Id of the ticket.
    pub id: String,
    /// Why not.
    pub reason: String,
}

impl Gold {
    /// Reads the answer of a ticket. Ids that were renamed since are read under their present names.
    ///
    /// # Errors
    ///
    /// [`Refused`] if there is no pattern, or one that the taxonomy has not.
    pub fn of(ticket: &Ticket, taxonomy: &Taxonomy) -> Result<Self, Refused> {
        let text = |key: &str| match ticket.fields.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        };
        let refused = |reason: String| Refused {
            id: ticket.id.as_str().to_owned(),
            reason,
        };
        let pattern = |id: &str| {
            let now = taxonomy
                .current_id(id)
                .filter(|id| taxonomy.pattern(id).is_some());
            now.map(str::to_owned)
                .ok_or_else(|| refused(format!("the taxonomy has no pattern {id:?}")))
        };
        let answer = text("pattern").ok_or_else(|| refused("it has no pattern".to_owned()))?;
        let ambiguous = match ticket.fields.get("ambiguous") {
            Some(Value::Bool(is)) => *is,
            Some(Value::String(is)) => is == "true",
            _ => false,
        };
        Ok(Self {
            pattern: pattern(answer)?,
            subpattern: text("subpattern")
                .and_then(|id| taxonomy.current_id(id))
                .map(str::to_owned),
            kind: text("subpattern").map(str::to_owned),
            also: text("alt").filter(|_| ambiguous).map(pattern).transpose()?,
            excluded: match ticket.fields.get("excluded") {
                Some(Value::Bool(true)) => Some("true".to_owned()),
                _ => text("excluded")
                    .filter(|reason| *reason != "false")
                    .map(str::to_owned),
            },
            says_excluded: !matches!(ticket.fields.get("excluded"), None | Some(Value::Null)),
            source: text("source").map(str::to_owned),
        })
    }

    /// Says whether a pattern is right for the ticket.
    #[must_use]
    pub fn accepts(&self, pattern: &str) -> bool {
        self.pattern == pattern || self.also.as_deref() == Some(pattern)
    }
}
