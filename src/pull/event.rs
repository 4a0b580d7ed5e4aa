//! What a pull tells while it runs, and what it did in the end. How that is shown is the command line's business.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::source::notion::mapping::{Mapping, MappingLine};

/// Something a user may want to know while it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// A data source is begun.
    Source {
        /// Its name.
        name: &'a str,
        /// What will be read as what.
        mapping: Vec<MappingLine>,
        /// Whether the mapping is new: guessed now, and worth a look.
        is_new: bool,
    },
    /// The mapping of a data source is settled and should be kept in the settings, if it is not there yet.
    Settled {
        /// Id of the data source.
        id: &'a str,
        /// Its name.
        name: &'a str,
        /// The mapping, by property id.
        mapping: &'a Mapping,
        /// The same with names, for comments.
        lines: Vec<MappingLine>,
    },
    /// So many rows are read.
    Rows(usize),
    /// So many tickets of so many are read whole.
    Filled {
        /// Tickets done.
        done: usize,
        /// Tickets to do.
        of: usize,
    },
    /// Something that the user should know and that is no error.
    Note(String),
}

/// What a pull did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tickets that were not in the store.
    pub new: usize,
    /// Tickets that were edited.
    pub changed: usize,
    /// Tickets that Notion gave and that were as they are.
    pub unchanged: usize,
    /// Tickets that are in the trash since the last pull.
    pub trashed: usize,
    /// Tickets that cannot be found any more.
    pub vanished: usize,
    /// Tickets from the trash that are back.
    pub restored: usize,
    /// Imported tickets that turned out to be pulled ones.
    pub replaced: usize,
    /// Tickets whose content was read.
    pub bodies: usize,
    /// Rows that are no tickets, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Requests sent, repetitions included.
    pub requests: u64,
}

impl Summary {
    /// Returns the summary as the history of runs keeps it.
    #[must_use]
    pub fn record(&self) -> Value {
        json!({
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "trashed": self.trashed,
            "vanished": self.vanished,
            "restored": self.restored,
            "replaced": self.replaced,
            "bodies": self.bodies,
            "skipped": self.skipped,
            "requests": self.requests,
        })
    }

    pub(super) fn skip(&mut self, reason: &str) {
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }
}
