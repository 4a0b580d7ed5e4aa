//! What goes into the measures: a ticket with its place in the taxonomy, the settings of the run, and the keys under
//! which tickets are counted. Holds no logic of its own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::period::{BusinessHours, Calendar};
use crate::ticket::Ticket;
use crate::toil::minutes::Prior;

/// A ticket and what the classification said about it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The request as recorded.
    pub ticket: &'a Ticket,
    /// Pattern id.
    pub pattern: &'a str,
    /// Sub-pattern id, if one was found.
    pub subpattern: Option<&'a str>,
    /// Id of the finest set the ticket belongs to, if it belongs to one.
    pub group: Option<&'a str>,
    /// Whether the ticket is left out of every measure but the count of excluded ones.
    pub excluded: bool,
}

/// What the measures need to know besides the tickets.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Time zone and quarters.
    pub calendar: &'a Calendar,
    /// Working time.
    pub hours: &'a BusinessHours,
    /// The moment from which the data is seen: a ticket that was closed later is still open.
    pub as_of: Timestamp,
    /// Statuses that mean done, folded (see [`fold`](crate::text::fold)) and trimmed.
    pub done_statuses: &'a BTreeSet<String>,
    /// Priors for the mean minutes of a ticket by sub-pattern id, else by pattern id. One that is not
    /// `0 < low <= likely <= high` is not used.
    pub priors: &'a BTreeMap<String, Prior>,
    /// Timed tickets of a sub-pattern from which on their mean replaces the prior.
    pub min_timed: usize,
    /// Seed of the simulation.
    pub seed: u64,
}

/// How finely tickets are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// By pattern.
    Pattern,
    /// By sub-pattern within a pattern.
    SubPattern,
    /// By group within a pattern.
    Group,
}

/// A row of the measures. Keys order by level, pattern, then part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// All tickets of a pattern.
    Pattern(String),
    /// Those of a sub-pattern of it, or those without one.
    SubPattern(String, Option<String>),
    /// Those of a group of it, or those without one.
    Group(String, Option<String>),
}

impl Key {
    /// Returns the level of the row.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Pattern(_) => Level::Pattern,
            Self::SubPattern(..) => Level::SubPattern,
            Self::Group(..) => Level::Group,
        }
    }

    /// Returns the pattern id.
    #[must_use]
    pub fn pattern(&self) -> &str {
        match self {
            Self::Pattern(pattern) | Self::SubPattern(pattern, _) | Self::Group(pattern, _) => pattern,
        }
    }

    /// Returns the sub-pattern id of a sub-pattern's row.
    #[must_use]
    pub fn subpattern(&self) -> Option<&str> {
        match self {
            Self::SubPattern(_, subpattern) => subpattern.as_deref(),
            Self::Pattern(_) | Self::Group(..) => None,
        }
    }

    /// Returns the group id of a group's row.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Group(_, group) => group.as_deref(),
            Self::Pattern(_) | Self::SubPattern(..) => None,
        }
    }
}
