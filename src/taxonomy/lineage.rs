//! What became of ids that are no longer in use: labels and earlier runs outlive the taxonomy they were made with.
//!
//! The id of a pattern or sub-pattern is permanent: its names may change, the id may not, and it is never given to
//! something else. Where the taxonomy itself changes, an entry `[[lineage]]` says what follows the id.

use jiff::civil::Date;

/// One step in the history of the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageStep {
    /// The id that it is about.
    pub from: String,
    /// What follows it: one id, two or more for a split, none for a retired one. A split may keep `from` among them.
    pub to: Vec<String>,
    /// What happened.
    pub relation: LineageRelation,
    /// Version of the taxonomy that did it.
    pub version: String,
    /// When.
    pub date: Date,
}

/// What happened to an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineageRelation {
    /// The same under another id, or moved under another pattern.
    Renamed,
    /// Became several.
    Split,
    /// Went into one that others went into too.
    Merged,
    /// Nothing follows it.
    Retired,
}

impl LineageRelation {
    /// Returns the name that files and outputs show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Retired => "retired",
        }
    }

    /// How many ids may follow.
    pub(super) fn followers(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::Renamed | Self::Merged => 1..=1,
            Self::Split => 2..=usize::MAX,
            Self::Retired => 0..=0,
        }
    }
}

/// Where an id stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'t> {
    /// It is in use, or this one id follows it.
    Now(&'t str),
    /// Several follow it, sorted; only a person can say which.
    Split(Vec<&'t str>),
    /// Nothing follows it since this version.
    Retired(&'t str),
    /// The taxonomy never had it.
    Unknown,
}

/// Follows an id to what is in use today; `in_use` finds an id of the taxonomy.
///
/// The steps have no circle, which the loader checks; a step that leads back would end at the id it began with.
pub(super) fn standing<'t>(
    steps: &'t [LineageStep],
    in_use: &impl Fn(&str) -> Option<&'t str>,
    id: &str,
) -> Standing<'t> {
    let mut ends = Vec::new();
    let mut retired = None;
    let mut open = vec![id];
    let mut seen = Vec::new();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let step = steps.iter().find(|step| step.from == id);
        match (in_use(id), step) {
            (_, Some(step)) if step.relation == LineageRelation::Retired => {
                retired = Some(step.version.as_str());
            }
            (Some(now), Some(step)) => {
                ends.push(now);
                open.extend(step.to.iter().map(String::as_str));
            }
            (Some(now), None) => ends.push(now),
            (None, Some(step)) => open.extend(step.to.iter().map(String::as_str)),
            (None, None) => {}
        }
    }
    ends.sort_unstable();
    match (ends.as_slice(), retired) {
        ([now], _) => Standing::Now(now),
        ([], Some(version)) => Standing::Retired(version),
        ([], None) => Standing::Unknown,
        _ => Standing::Split(ends),
    }
}
