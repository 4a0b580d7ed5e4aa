//! Why an archive was refused.

use std::fmt;

/// What is wrong with an archive or with one of its entries. Displays as a lower-case fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// No archive, or one that is cut off or damaged.
    Broken {
        /// What the unpacking said.
        reason: String,
    },
    /// Nothing can be read without a password.
    Encrypted,
    /// Packed by a method other than storing and deflating.
    Method,
    /// The name of an entry is absolute, has a drive or a backslash, or climbs up by `..`.
    UnsafeName,
    /// Two entries have one name, so which one counts would be a guess.
    RepeatedName,
    /// More entries than any export has.
    TooManyEntries {
        /// The limit.
        most: usize,
    },
    /// What is packed is far larger than the archive lets expect, as in an archive made to exhaust the memory.
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// Archives in archives in archives.
    TooDeep {
        /// The limit.
        most: usize,
    },
}

impl ArchiveFault {
    /// Returns what to do, as an imperative without a full stop.
    pub(in crate::source) const fn next_step(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "download the export again and compare the file's size",
            Self::Encrypted => "pass the archive that Notion gave, or pack it again without a password",
            Self::Method => "unpack it and pack it again as a plain zip",
            Self::UnsafeName => "Notion writes no such names; look at where the archive comes from",
            Self::RepeatedName => "pass the archive that Notion gave, as it came",
            Self::TooManyEntries { .. } | Self::TooLarge { .. } => {
                "export the database alone, or unpack the archive and pass its CSV files"
            }
            Self::TooDeep { .. } => "unpack the outer archives and pass the inner ones",
        }
    }
}

impl fmt::Display for ArchiveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { reason } => write!(f, "broken or cut off, {reason}"),
            Self::Encrypted => f.write_str("protected by a password"),
            Self::Method => f.write_str("packed in a way that is not supported"),
            Self::UnsafeName => f.write_str("a name that leads outside of the archive"),
            Self::RepeatedName => f.write_str("two entries of one name"),
            Self::TooManyEntries { most } => write!(f, "more than {most} entries"),
            Self::TooLarge { most } => write!(f, "more than {} MiB when unpacked", most >> 20),
            Self::TooDeep { most } => write!(f, "archives nested more than {most} deep"),
        }
    }
}
