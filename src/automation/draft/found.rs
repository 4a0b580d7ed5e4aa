//! What was found for one field of a ticket.

use std::collections::BTreeSet;

use super::reading::Read;
use super::shape::Sieve;

/// What a ticket gives for one field: values, and a remark on what it says instead or on how sure that is.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) values: Vec<Read>,
    pub(super) remark: Option<String>,
    /// Whether each of the values is asked for by everybody who is named.
    pub(super) each: bool,
    /// Whether what it asks for is too strong for a row.
    pub(super) refused: bool,
}

impl Found {
    pub(super) fn new(values: Vec<Read>, remark: Option<String>) -> Self {
        Self {
            values,
            remark,
            each: false,
            refused: false,
        }
    }
}

/// Those of the values that some words stand for, in the order of the values.
pub(super) fn values_of(sieve: &Sieve<'_>, values: &[String], words: &BTreeSet<String>) -> Vec<String> {
    let meant: BTreeSet<String> = words.iter().filter_map(|words| sieve.fit(words)).collect();
    values
        .iter()
        .filter(|value| meant.contains(*value))
        .cloned()
        .collect()
}
