//! One pass over a data source, as the store notes it: what it is to read and how far it has come.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How much earlier than the last pass a new one looks for edits: Notion rounds times down to the minute, and the
/// rows of a query can lag behind the edits.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// A pass that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// Only rows edited at this time or later; `None` reads all.
    pub(super) since: Option<String>,
    /// Whether content is read again although nothing says that it changed.
    pub(super) is_fresh: bool,
    /// When it began, by Notion's clock.
    pub(super) started: Option<String>,
    /// Rows made before this time are read.
    pub(super) from: Option<String>,
    /// Whether all rows are read, and what is left is their content.
    pub(super) rows_done: bool,
}

impl Pass {
    /// A pass over all rows.
    pub(super) fn whole(is_fresh: bool) -> Self {
        Self {
            since: None,
            is_fresh,
            started: None,
            from: None,
            rows_done: false,
        }
    }

    /// A pass over the rows edited since a watermark.
    pub(super) fn changes(watermark: &str) -> Self {
        let since: Option<Timestamp> = watermark.parse().ok();
        let since = since.and_then(|since| since.checked_sub(MARGIN).ok());
        Self {
            since: since.map(|since| format!("{since:.3}")),
            ..Self::whole(false)
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The watermark that holds when this pass is done: everything edited before it was seen.
    ///
    /// Rows edited while the pass ran may be missed, so it is the pass's start; and no later than the last edit seen,
    /// in case the clock of the edits is not the clock of the answers.
    pub(super) fn watermark(&self, last_edit: Option<&str>) -> Option<String> {
        let moment = |text: &str| text.parse::<Timestamp>().ok();
        let started = self.started.as_deref().and_then(moment);
        let edited = last_edit.and_then(moment);
        let watermark = match (started, edited) {
            (Some(started), Some(edited)) => started.min(edited),
            (either, other) => either.or(other)?,
        };
        Some(format!("{watermark:.3}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_looked_for_from_a_little_earlier_on() {
        let pass = Pass::changes("2026-03-01T00:03:00.000Z");
        assert_eq!(pass.since.as_deref(), Some("2026-02-28T23:58:00.000Z"));
        assert_eq!(Pass::read(&pass.write()), Some(pass));
    }

    #[test]
    fn the_watermark_is_the_earlier_of_start_and_last_edit() {
        let pass = Pass {
            started: Some("2026-03-01T10:00:00Z".into()),
            ..Pass::whole(false)
        };
        let of = |edit| pass.watermark(edit);
        assert_eq!(
            of(Some("2026-03-01T10:06:00.000Z")).as_deref(),
            Some("2026-03-01T10:00:00.000Z")
        );
        assert_eq!(
            of(Some("2026-02-01T00:00:00.000Z")).as_deref(),
            Some("2026-02-01T00:00:00.000Z")
        );
        assert_eq!(of(None).as_deref(), Some("2026-03-01T10:00:00.000Z"));
        assert_eq!(Pass::whole(true).watermark(None), None);
    }
}
