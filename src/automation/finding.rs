//! Ledger C ticket by ticket: what stands open, so that somebody can close it.
//!
//! Plain data. Counts by sub-pattern are in [`Risks`](super::Risks); here are the tickets themselves.

/// One kind of thing that stands open in the tickets of one sub-pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What stands open.
    pub flag: Flag,
    /// Id of the sub-pattern; `None` for tickets without one.
    pub subpattern: Option<String>,
    /// Places of the tickets that show it, in order; for one-person knowledge all of the sub-pattern's.
    pub tickets: Vec<usize>,
    /// Tickets of the sub-pattern that could show it.
    pub of: usize,
    /// Days since the oldest of the tickets was filed, where they wait.
    pub oldest_days: Option<i64>,
}

/// What can stand open, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// A password, key or token stands in a ticket: it must be changed.
    Secret,
    /// The access of somebody who leaves has not been taken away.
    LeaverOpen,
    /// It was taken away late: a ticket that is done by now found it still there.
    LeaverLate,
    /// An administrator's or owner's role was asked for with no word on when it ends.
    AdminWithoutEnd,
    /// A permission was asked for with no word on when it ends.
    GrantWithoutEnd,
    /// One person does nearly all tickets of the kind.
    OnePerson,
}

impl Flag {
    /// Every flag, the most urgent first.
    pub const ALL: [Self; 6] = [
        Self::Secret,
        Self::LeaverOpen,
        Self::LeaverLate,
        Self::AdminWithoutEnd,
        Self::GrantWithoutEnd,
        Self::OnePerson,
    ];

    /// Returns the flag as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret_in_ticket",
            Self::LeaverOpen => "leaver_access_open",
            Self::LeaverLate => "leaver_access_found_late",
            Self::AdminWithoutEnd => "admin_grant_without_end",
            Self::GrantWithoutEnd => "grant_without_end",
            Self::OnePerson => "one_person_knowledge",
        }
    }
}
