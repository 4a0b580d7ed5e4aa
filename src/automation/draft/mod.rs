//! The Terraform side of a draft: a skeleton of additive resources with the rows that the tickets give.
//!
//! ```text
//! Play ── skeleton (fields, inputs, keys) ──┬─ terraform, variables, data (versions, main; what is refused; rows), ends
//! tickets ── seen ── reading ── entries ────┴─ imports, owners
//!            │      └ shape, fitting, personal └── clash
//!            └ labels, secrets, pieces
//! ```
//!
//! Pure: a play and its tickets to files as text, the same for the same input. Everything that comes from a ticket is
//! checked against the shape of its argument, then quoted for the file it stands in. The words for people (form,
//! runbook, proposal) are made in `compose`.

mod asks;
mod clash;
mod data;
mod ends;
mod entries;
mod fitting;
mod found;
mod grid;
mod hcl;
mod imports;
mod kinds;
mod labels;
mod listing;
mod personal;
mod pieces;
mod reading;
pub(crate) mod secrets;
mod seen;
mod shape;
mod skeleton;
mod spread;
mod terraform;
mod variables;

use std::collections::BTreeSet;

pub use asks::{Ask, Need, asks};
pub use imports::import_blocks;
use jiff::tz::TimeZone;

use crate::taxonomy::{Lang, Play, SubPattern, Taxonomy};
use crate::text::{Redactor, plain};
use crate::ticket::Ticket;

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the folder of the draft, with slashes.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// A ticket that asks for what a play would do.
#[derive(Debug, Clone, Copy)]
pub struct Request<'t> {
    /// The ticket.
    pub ticket: &'t Ticket,
    /// Its sub-pattern.
    pub sub: &'t SubPattern,
    /// Whether it is closed, so that what it asks for exists.
    pub done: bool,
    /// Whether it asks to take something away, if only beside what it asks to give.
    pub removes: bool,
}

/// What drafts are made of.
pub struct Ground<'t> {
    /// The taxonomy in force.
    pub taxonomy: &'t Taxonomy,
    /// The tickets, ordered by id.
    pub requests: Vec<Request<'t>>,
    /// Everybody who asked, worked or commented.
    pub people: &'t BTreeSet<String>,
    /// Hides people, addresses and secrets.
    pub redactor: Redactor,
    /// Whether people and addresses are shown; secrets never are.
    pub raw: bool,
    /// Language of what people read.
    pub lang: Lang,
    /// Seed of the run, for pseudonyms.
    pub seed: u64,
    /// Where the days of tickets end.
    pub zone: TimeZone,
}

impl Ground<'_> {
    /// Makes words of a ticket fit to be written: one harmless line, redacted unless raw; never with a secret.
    #[must_use]
    pub fn show(&self, words: &str) -> String {
        plain(&self.show_text(words))
    }

    /// Makes a whole text fit to be cut into lines and written: redacted unless raw; never with a secret.
    #[must_use]
    pub fn show_text(&self, text: &str) -> String {
        if self.raw && self.redactor.secrets(text).is_empty() {
            text.to_owned()
        } else {
            self.redactor.redact(text)
        }
    }

    /// Picks the wording of the reader's language.
    #[must_use]
    pub fn pick<'w>(&self, ja: &'w str, en: &'w str) -> &'w str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

/// The Terraform files of a play, and what a reader should know of the rows in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The files, below `terraform/PLAY/`.
    pub files: Vec<File>,
    /// Rows in the data file.
    pub rows: usize,
    /// Rows in which nothing is left to write.
    pub complete: usize,
    /// Rows in which nothing is left to write but people who are hidden.
    pub hidden: usize,
    /// Ids of tickets that ask to take something away, or also do, and made no row.
    pub removals: Vec<String>,
    /// Ids of tickets from which nothing could be read.
    pub silent: Vec<String>,
    /// Ids of tickets that ask for something else than what the resources set.
    pub others: Vec<String>,
    /// Names of what the whole configuration must be given once.
    pub inputs: Vec<String>,
}

/// Drafts the Terraform files of a play; `None` if it declares no resource.
#[must_use]
pub fn configuration(play: &Play, ground: &Ground<'_>) -> Option<Configuration> {
    let skeleton = skeleton::Skeleton::of(play)?;
    let entries = entries::entries(&skeleton, ground);
    let complete = entries.rows.iter().filter(|row| row.is_complete()).count();
    let mut files = terraform::files(&skeleton, &entries, ground);
    files.push(imports::file(&skeleton, &entries, ground));
    let folder = format!("terraform/{}", play.id);
    for file in &mut files {
        file.path = format!("{folder}/{}", file.path);
    }
    Some(Configuration {
        files,
        rows: entries.rows.len(),
        complete,
        hidden: entries.rows.iter().filter(|row| row.is_settled()).count() - complete,
        removals: entries.removals,
        silent: entries.silent,
        others: entries.others,
        inputs: skeleton.inputs.iter().map(|input| input.name.clone()).collect(),
    })
}
