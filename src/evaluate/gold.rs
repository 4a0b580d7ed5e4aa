//! The right answer of a ticket, from the fields of its record.

use serde_json::Value;

use crate::taxonomy::Taxonomy;
use crate::ticket::Ticket;

/// Fields of a record that hold its answer.
pub const ANSWER_FIELDS: [&str; 6] = ["pattern", "subpattern", "alt", "ambiguous", "excluded", "source"];

/// Why a ticket without an answer is left out, which is no mistake.
pub const UNANSWERED: &str = "it has no pattern";

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
        let answer = text("pattern").ok_or_else(|| refused(UNANSWERED.to_owned()))?;
        let ambiguous = flag(ticket.fields.get("ambiguous")) == Some(true);
        Ok(Self {
            pattern: pattern(answer)?,
            subpattern: text("subpattern")
                .and_then(|id| taxonomy.current_id(id))
                .map(str::to_owned),
            kind: text("subpattern").map(str::to_owned),
            also: text("alt").filter(|_| ambiguous).map(pattern).transpose()?,
            excluded: match flag(ticket.fields.get("excluded")) {
                Some(true) => Some("true".to_owned()),
                Some(false) => None,
                None => text("excluded").map(str::to_owned),
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

/// Reads yes or no, as JSON or as a spreadsheet writes it; `None` for other words and for nothing.
fn flag(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(is) => Some(*is),
        Value::Number(number) => match number.as_u64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Value::String(word) => match word.trim().to_lowercase().as_str() {
            "true" | "yes" | "はい" | "1" => Some(true),
            "false" | "no" | "いいえ" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yes_and_no_are_read_as_spreadsheets_write_them() {
        let read = |value| flag(Some(&value));
        for yes in [
            json!(true),
            json!("TRUE"),
            json!(" Yes "),
            json!(1),
            json!("はい"),
        ] {
            assert_eq!(read(yes.clone()), Some(true), "{yes}");
        }
        for no in [json!(false), json!("FALSE"), json!("no"), json!(0)] {
            assert_eq!(read(no.clone()), Some(false), "{no}");
        }
        assert_eq!(read(json!("announcement")), None);
        assert_eq!(flag(None), None);
    }
}
