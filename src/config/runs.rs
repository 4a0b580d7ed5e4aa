//! The section `[runs]`: which runs stay in the store.

use serde::Deserialize;

/// What the settings file may say of runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunsOverrides {
    /// How many runs stay, the newest; at least 1.
    pub keep: Option<u32>,
    /// Whether `report` keeps its run.
    pub record: Option<bool>,
}

/// What holds for runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsSettings {
    /// How many runs stay; `None` for all.
    pub keep: Option<u32>,
    /// Whether `report` keeps its run.
    pub record: bool,
}

impl RunsOverrides {
    /// Merges two layers; what `self` says wins.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            keep: self.keep.or(below.keep),
            record: self.record.or(below.record),
        }
    }

    /// Applies the defaults: every run is kept, and stays.
    pub(super) fn resolve(self) -> RunsSettings {
        RunsSettings {
            keep: self.keep,
            record: self.record.unwrap_or(true),
        }
    }
}
