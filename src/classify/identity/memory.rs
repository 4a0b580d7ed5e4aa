//! What a run leaves to the next one: the groups it knew and where it put which ticket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::recognise::least_reach;
use super::space::Profile;
use crate::text::plain;
use crate::ticket::Ticket;

/// Everything that later runs need to give groups the ids they had. Empty before the first run.
///
/// A group stays here when a run has no ticket of it, so that it keeps its id when it comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The groups by their ids.
    pub groups: BTreeMap<String, Known>,
    /// Where tickets were put, by their ids: those that no sub-pattern took.
    pub places: BTreeMap<String, Place>,
}

/// A group of earlier runs. What a run of another version did not write of it is taken to be nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// The pattern that it lies within; `None` for a group across patterns.
    pub stratum: Option<String>,
    /// The pattern that it is shown under.
    pub pattern: String,
    /// Words that name it.
    pub terms: Vec<String>,
    /// Concepts that name it.
    pub concepts: Vec<String>,
    /// What its tickets have in common.
    pub profile: Profile,
    /// Smallest cosine, in parts of ten thousand, at which a ticket belongs to it.
    pub reach: u32,
    /// Tickets that profile and reach were made from.
    pub made_from: usize,
}

/// Where a ticket was put. Without the hash of its text it is looked at anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Hash of its title and body: a ticket that says something else is looked at anew.
    pub text: String,
    /// Its group; `None` if it was in none.
    pub group: Option<String>,
    /// Whether it was in the run that left this, or in one before.
    pub latest: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            stratum: None,
            pattern: String::new(),
            terms: Vec::new(),
            concepts: Vec::new(),
            profile: Profile::default(),
            // Zero would let every ticket in.
            reach: least_reach(),
            made_from: 0,
        }
    }
}

impl Memory {
    /// Reads what a run left. It may come from a file that anybody wrote: ids must be such as [`Memory`] gives, words are
    /// freed of what a terminal would obey, and no group takes in everything.
    ///
    /// # Errors
    ///
    /// The reason, a lower-case fragment.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut memory: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let placed = memory.places.values().filter_map(|place| place.group.as_ref());
        if let Some(id) = memory.groups.keys().chain(placed).find(|id| !is_group_id(id)) {
            return Err(format!("{id:?} is no id of a group"));
        }
        for known in memory.groups.values_mut() {
            for word in known.terms.iter_mut().chain(&mut known.concepts) {
                *word = plain(word);
            }
            known.reach = known.reach.max(least_reach());
        }
        Ok(memory)
    }
}

/// Whether a text is an id as discovered groups get them: a tilde and eight hexadecimal digits.
fn is_group_id(id: &str) -> bool {
    id.strip_prefix('~').is_some_and(|digits| {
        digits.len() == 8
            && digits
                .bytes()
                .all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
    })
}

/// Hashes what a ticket says: title and body.
#[must_use]
pub fn text_hash(ticket: &Ticket) -> String {
    digest([ticket.title.as_deref(), ticket.body.as_deref()])
}

/// The first 12 hexadecimal digits of a hash of some texts, missing ones told from empty ones.
pub(crate) fn digest<'t>(texts: impl IntoIterator<Item = Option<&'t str>>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_version_left_out_lets_no_ticket_in() {
        let memory = Memory::read(r#"{"groups": {"~0123abcd": {}}, "places": {"1": {}}}"#).unwrap();
        let known = &memory.groups["~0123abcd"];
        assert_eq!((known.reach, known.made_from), (least_reach(), 0));
        assert_eq!(memory.places["1"], Place::default());
        assert_eq!(Memory::read("{}").unwrap(), Memory::default());
        let open = Memory::read(r#"{"groups": {"~0123abcd": {"reach": 0}}}"#).unwrap();
        assert_eq!(open.groups["~0123abcd"].reach, least_reach());
    }

    #[test]
    fn ids_and_words_from_a_file_are_harmless() {
        for id in ["../x", "~0123abcG", "~0123abc", "~0123ABCD", "", "~０1234567"] {
            let group = serde_json::json!({"groups": {id: {}}});
            let place = serde_json::json!({"places": {"1": {"group": id}}});
            assert!(Memory::read(&group.to_string()).is_err(), "{id}");
            assert!(Memory::read(&place.to_string()).is_err(), "{id}");
        }
        let word = r#"{"groups": {"~0123abcd": {"terms": ["a\u001b[31mb"], "concepts": ["c\u202e"]}}}"#;
        let known = &Memory::read(word).unwrap().groups["~0123abcd"];
        assert_eq!(
            (known.terms[0].as_str(), known.concepts[0].as_str()),
            ("a[31mb", "c")
        );
    }
}
