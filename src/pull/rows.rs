//! All rows of a data source, window by window, each answer committed before the next is asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pass::Pass;
use super::sync::Sync;
use super::window::{Ended, Then, Window};
use super::{Event, PullError};
use crate::source::notion::{List, Next, NotionError, Object, PAGE_SIZE};

/// Answers in a row without a row that is new to the pass, after which Notion is going in a circle. A window can begin
/// with as many known rows as one query gives.
const MOST_STALE: usize = 150;

/// How often a query may lose its place without a new row between.
const MOST_RESTARTS: usize = 5;

/// Reads the rows that a pass asks for.
pub(super) fn read(sync: &mut Sync<'_>, pass: &mut Pass) -> Result<(), PullError> {
    let mut walk = Walk {
        page_size: PAGE_SIZE,
        seen: BTreeMap::new(),
        stale: 0,
    };
    let number = sync.numbering();
    let mut window = Window::Made {
        from: pass.from.clone(),
    };
    loop {
        let ended = walk.query(sync, pass, &mut window, number.as_deref())?;
        match window.then(&ended, number.is_some()) {
            Then::Ask(next) => window = next,
            Then::Done => return Ok(()),
            Then::Stuck(minute) => return Err(PullError::CrowdedMinute(minute)),
        }
    }
}

struct Walk {
    /// Rows to ask for at once; less than usual once Notion said that it was too much.
    page_size: usize,
    /// The rows that this run has read, with the time of their last edit.
    seen: BTreeMap<String, String>,
    /// Answers since the last new row.
    stale: usize,
}

impl Walk {
    /// Follows one query to its end. A query that loses its place begins anew at its last row, by moving the window.
    fn query(
        &mut self,
        sync: &mut Sync<'_>,
        pass: &mut Pass,
        window: &mut Window,
        number: Option<&str>,
    ) -> Result<Ended, PullError> {
        let mut query = window.query(pass.since.as_deref(), number);
        let (mut ended, mut cursor, mut cursors, mut restarts) = (Ended::default(), None, BTreeSet::new(), 0);
        loop {
            let answer = sync.client.rows(
                sync.found.kind,
                &sync.found.id,
                &query,
                cursor.as_deref(),
                &mut self.page_size,
            );
            let next = match answer {
                Ok(list) => {
                    if pass.started.is_none() {
                        pass.started = sync.client.server_time().map(|time| time.to_string());
                    }
                    let next = list.next.clone();
                    if self.take(sync, pass, window, list, &mut ended, number)? > 0 {
                        restarts = 0;
                    }
                    next
                }
                Err(NotionError::DeadCursor) => Next::Lost,
                Err(error) => return Err(error.into()),
            };
            match next {
                Next::End => return Ok(ended),
                Next::Cursor(next) if cursors.insert(next.clone()) => cursor = Some(next),
                Next::Cursor(_) | Next::Lost => {
                    restarts += 1;
                    if restarts > MOST_RESTARTS {
                        return Err(PullError::Circle);
                    }
                    if let (Window::Made { from }, Some(made)) = (&mut *window, &ended.made) {
                        *from = Some(made.clone());
                        query = window.query(pass.since.as_deref(), number);
                    }
                    (ended, cursor) = (Ended::default(), None);
                    cursors.clear();
                }
            }
            if self.stale > MOST_STALE {
                return Err(PullError::Circle);
            }
        }
    }

    /// Stores the rows of one answer; returns how many of them are new to the run.
    fn take(
        &mut self,
        sync: &mut Sync<'_>,
        pass: &mut Pass,
        window: &Window,
        list: List,
        ended: &mut Ended,
        number: Option<&str>,
    ) -> Result<usize, PullError> {
        ended.rows += list.items.len();
        ended.is_capped |= list.is_capped;
        ended.is_full = list.is_full;
        let (mut rows, mut new) = (Vec::new(), 0);
        for item in list.items {
            let Some(row) = self.row(sync, item)? else {
                continue;
            };
            let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
            ended.made = text("created_time").or(ended.made.take());
            ended.edited = text("last_edited_time").or(ended.edited.take());
            ended.number = number.and_then(|id| numbered(&row, id)).or(ended.number);
            let Some(id) = text("id") else { continue };
            let edited = text("last_edited_time").unwrap_or_default();
            match self.seen.insert(id, edited.clone()) {
                None => {
                    new += 1;
                    rows.push(row);
                }
                // A row that was edited while it was read comes again; the later version counts.
                Some(before) if before < edited => rows.push(row),
                Some(_) => {}
            }
        }
        if let (Window::Made { .. }, Some(made)) = (window, &ended.made) {
            pass.from = Some(made.clone());
        }
        self.stale = if new > 0 { 0 } else { self.stale + 1 };
        sync.keep(rows, pass)?;
        (sync.tell)(&Event::Rows(self.seen.len()));
        Ok(new)
    }

    /// Looks at one item of an answer: a page, perhaps without its values, or something that is no ticket.
    fn row(&mut self, sync: &mut Sync<'_>, item: Value) -> Result<Option<Object>, PullError> {
        let Value::Object(row) = item else {
            sync.summary.skip("a row that is no object");
            return Ok(None);
        };
        // A wiki lists its databases among its pages.
        if row
            .get("object")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind != "page")
        {
            sync.summary.skip("no page (a wiki's database)");
            return Ok(None);
        }
        let id = row
            .get("id")
            .and_then(Value::as_str)
            .and_then(crate::source::notion::link::id);
        let Some(id) = id else {
            sync.summary.skip("a row without an id");
            return Ok(None);
        };
        if row.contains_key("properties") {
            return Ok(Some(row));
        }
        if self.seen.contains_key(&id) {
            return Ok(None);
        }
        match sync.client.page(&id) {
            Ok(page) => Ok(Some(page)),
            Err(NotionError::NotFound { .. } | NotionError::Restricted { .. }) => {
                sync.summary.skip("a row whose page is not there");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The number that a `unique_id` property gives a row.
fn numbered(row: &Object, id: &str) -> Option<i64> {
    let properties = row.get("properties")?.as_object()?;
    let value = properties
        .values()
        .find(|value| value.get("id").and_then(Value::as_str) == Some(id))?;
    value.get("unique_id")?.get("number")?.as_i64()
}
