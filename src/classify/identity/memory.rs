//! What a run leaves to the next one: the groups it knew and where it put which ticket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::space::Profile;
use crate::ticket::Ticket;

/// Everything that later runs need to give groups the ids they had. Empty before the first run.
///
/// A group stays here when a run has no ticket of it, so that it keeps its id when it comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The groups by their ids.
    pub groups: BTreeMap<String, Known>,
    /// Where tickets were put, by their ids: those that no sub-pattern took.
    pub places: BTreeMap<String, Place>,
}

/// A group of earlier runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Where a ticket was put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Hash of its title and body: a ticket that says something else is looked at anew.
    pub text: String,
    /// Its group; `None` if it was in none.
    pub group: Option<String>,
    /// Whether it was in the run that left this, or in one before.
    pub latest: bool,
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
