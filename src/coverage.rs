//! Where every record that was read ended up: nothing is lost in silence.
//!
//! Each term is counted where it arises: the reader counts what it merged and skipped, the selection what lies
//! outside the period, the classification what it decided and how. Nothing is computed as a remainder, so the sum
//! is a check and not a definition.

use crate::classify::{Assignment, Method};
use crate::error::Error;
use crate::source::Reading;

/// The terms of the sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Decided by a person.
    pub label: usize,
    /// Decided by the cues of the taxonomy.
    pub rules: usize,
    /// Decided by the learner.
    pub learner: usize,
    /// Left by the rules and put into a group by clustering.
    pub cluster: usize,
    /// Nothing spoke for any pattern and no group took it.
    pub none: usize,
    /// No request for work: withdrawn, duplicate, test, announcement.
    pub excluded: usize,
    /// Outside `--since` and `--until`, or without a date while one of them is set.
    pub outside: usize,
    /// Older records of an id that came more than once.
    pub merged: usize,
    /// Could not be read.
    pub skipped: usize,
}

impl Coverage {
    /// Counts what the classification decided; an excluded ticket counts as excluded only.
    pub fn count(&mut self, assignment: &Assignment) {
        let term = match (assignment.excluded, assignment.method) {
            (Some(_), _) => &mut self.excluded,
            (None, Method::Label) => &mut self.label,
            (None, Method::Rules) => &mut self.rules,
            (None, Method::Learner) => &mut self.learner,
            (None, Method::Cluster) => &mut self.cluster,
            (None, Method::None) => &mut self.none,
        };
        *term += 1;
    }

    /// Adds the terms that the reader counted, and holds the sum against the records it read.
    ///
    /// # Errors
    ///
    /// [`Error::Lost`] if a record is in no term or in two.
    pub fn with_reading(self, reading: &Reading) -> Result<Self, Error> {
        let whole = Self {
            merged: reading.merged,
            skipped: reading.skipped.len(),
            ..self
        };
        if whole.sum() == reading.records {
            Ok(whole)
        } else {
            Err(Error::Lost {
                read: reading.records,
                counted: whole.sum(),
            })
        }
    }

    /// Returns every term with its name, in reading order.
    #[must_use]
    pub fn terms(&self) -> [(&'static str, usize); 9] {
        [
            ("label", self.label),
            ("rules", self.rules),
            ("learner", self.learner),
            ("cluster", self.cluster),
            ("none", self.none),
            ("excluded", self.excluded),
            ("outside", self.outside),
            ("merged", self.merged),
            ("skipped", self.skipped),
        ]
    }

    /// Returns the sum of all terms, which is the number of records read.
    #[must_use]
    pub fn sum(&self) -> usize {
        self.terms().iter().map(|(_, count)| count).sum()
    }

    /// Returns how many tickets were analysed: everything but what lies outside, was merged or skipped.
    #[must_use]
    pub fn tickets(&self) -> usize {
        self.sum() - self.outside - self.merged - self.skipped
    }
}
