//! What can be wrong with a taxonomy file, said so that its author can mend it.
//!
//! A fault names the file, the line, what is wrong there and what to write instead. All faults of a file travel
//! together: an author who mends ten rules should run the check once, not ten times.

use std::fmt;

/// One thing that is wrong in a taxonomy file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the caller named it.
    pub file: String,
    /// Line of the value at fault, from 1.
    pub line: usize,
    /// What is wrong, lower case, without a final stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}\n    {}",
            self.file, self.line, self.message, self.hint
        )
    }
}

/// A taxonomy file that cannot be used, with everything that is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.faults))]
pub struct TaxonomyError {
    /// At least one fault, ordered by line, then by message.
    pub faults: Vec<Fault>,
}

fn listed(faults: &[Fault]) -> String {
    let count = match faults.len() {
        1 => "1 fault in the taxonomy".to_owned(),
        n => format!("{n} faults in the taxonomy"),
    };
    faults
        .iter()
        .fold(count, |text, fault| format!("{text}\n{fault}"))
}
