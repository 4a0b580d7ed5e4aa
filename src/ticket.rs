//! The record that every stage reads: one request as it was filed, and the records that could not be read.
//!
//! What may be missing is `Option` or an empty list, never `""` or `0`: a missing date is not the epoch and
//! an unrecorded effort is not a small one. Sources build tickets; nothing downstream changes them.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

/// The identifier a ticket has in its source, kept exactly as written there.
///
/// Ids order by their text, which is the stable key that breaks ties everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(String);

impl TicketId {
    /// Wraps an id; surrounding white space is dropped. Returns `None` if nothing is left.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let id = id.trim();
        (!id.is_empty()).then(|| Self(id.to_owned()))
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point in time as a source recorded it.
///
/// Many exports carry a date without a time of day. Such a moment is the first instant of that day in the
/// settings' time zone, and `day_only` tells measures that hours within the day mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant; the start of the local day if `day_only`.
    pub at: Timestamp,
    /// Whether the source gave a date without a time of day.
    pub day_only: bool,
}

/// One comment under a ticket, in the order of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Who wrote it, if the source says.
    pub author: Option<String>,
    /// What it says, as written.
    pub text: String,
    /// When it was written, if the source says.
    pub created_at: Option<Moment>,
}

/// One request as recorded by its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Identifier in the source.
    pub id: TicketId,
    /// One-line title as written.
    pub title: Option<String>,
    /// Text of the request as written: form fields, prose, code.
    pub body: Option<String>,
    /// When it was filed.
    pub created_at: Option<Moment>,
    /// When the record last changed; decides which of two records with one id stays.
    pub updated_at: Option<Moment>,
    /// When somebody began to work on it.
    pub started_at: Option<Moment>,
    /// When it was done.
    pub closed_at: Option<Moment>,
    /// Who asked, one entry a person.
    pub requesters: Vec<String>,
    /// Who worked on it, one entry a person.
    pub assignees: Vec<String>,
    /// State of the board as written ("完了", "In progress").
    pub status: Option<String>,
    /// Whether the source itself says that it is done, as the groups of a Notion status do.
    pub done: Option<bool>,
    /// Whether the source deleted it since it was read.
    pub deleted: bool,
    /// Priority as written.
    pub priority: Option<String>,
    /// Labels or tags as written.
    pub labels: Vec<String>,
    /// Hands-on minutes that somebody recorded, at least 0.
    pub minutes_spent: Option<f64>,
    /// Comments in the order of the source.
    pub comments: Vec<Comment>,
    /// Where the ticket can be opened.
    pub url: Option<String>,
    /// The form's drop-down ("依頼種別"), a hint that requesters often get wrong.
    pub category: Option<String>,
    /// Everything else the source had, by name. Answers to the classification (`pattern`, `subpattern`, `alt`,
    /// `label`) are kept here too and never read as features.
    pub fields: BTreeMap<String, Value>,
}

impl Ticket {
    /// Makes a ticket with nothing but an id; readers fill in what the record has.
    #[must_use]
    pub fn new(id: TicketId) -> Self {
        Self {
            id,
            title: None,
            body: None,
            created_at: None,
            updated_at: None,
            started_at: None,
            closed_at: None,
            requesters: Vec::new(),
            assignees: Vec::new(),
            status: None,
            done: None,
            deleted: false,
            priority: None,
            labels: Vec::new(),
            minutes_spent: None,
            comments: Vec::new(),
            url: None,
            category: None,
            fields: BTreeMap::new(),
        }
    }
}

impl Ticket {
    /// Returns what people wrote in it: title, body, comments.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let comments = self.comments.iter().map(|comment| comment.text.as_str());
        let own = [self.title.as_deref(), self.body.as_deref()];
        own.into_iter().flatten().chain(comments)
    }
}

/// A record that could not be read: counted and listed, never fatal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The input it came from, as the user named it ("-" is standard input).
    pub source: String,
    /// Line on which the record starts, from 1, where the source has lines.
    pub line: Option<u64>,
    /// Its id, if that much could be read.
    pub id: Option<TicketId>,
    /// Why it could not be read, as a lower-case fragment.
    pub reason: String,
}
