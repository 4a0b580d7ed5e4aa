//! What left the database since the last pull: rows that are in the trash, deleted for good, moved or unshared.
//!
//! A query does not give such rows, and they do not count as edited. The trash can be listed, which costs one request
//! for a hundred rows; what is neither in the database nor in the trash is asked for one by one, once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::keep::left;
use super::pass::Pass;
use super::sync::Sync;
use super::{Found, PullError};
use crate::source::notion::{Next, NotionError, Object, PAGE_SIZE, link};
use crate::store::{BodyState, Gone};

/// The first version in which the trash is called so; before, its rows were "archived".
const TRASH_VERSION: &str = "2026-03-11";

/// Answers with trashed rows that are read at most; Notion empties its trash after 30 days.
const MOST_ANSWERS: usize = 100;

/// Looks for what left, after all rows of a pass were read.
pub(super) fn look(sync: &mut Sync<'_>, pass: &Pass) -> Result<(), PullError> {
    let is_whole = pass.since.is_none();
    let unseen = if is_whole {
        sync.store.unseen_pages(&sync.found.id, sync.number())?
    } else {
        Vec::new()
    };
    let known = sync.store.pages(&sync.found.id)?;
    // After a whole pass there is something to ask only if something was not seen.
    if known.is_empty() || (is_whole && unseen.is_empty()) {
        return Ok(());
    }
    let known: BTreeSet<String> = known.into_iter().collect();
    let trashed_before: BTreeSet<String> = sync
        .store
        .gone_pages(&sync.found.id, Gone::Trashed)?
        .into_iter()
        .collect();
    let Some(trash) = trash(sync)? else {
        return check(sync, &unseen);
    };
    for id in trash
        .intersection(&known)
        .filter(|id| !trashed_before.contains(*id))
    {
        sync.summary.trashed += 1;
        sync.change(id, |page| left(page, Gone::Trashed))?;
    }
    let unclear: BTreeSet<String> = unseen
        .into_iter()
        .chain(trashed_before)
        .filter(|id| !trash.contains(id))
        .collect();
    // A row that came back was seen as a row and is not in the trash any more.
    let unclear: Vec<String> = unclear.into_iter().collect();
    check(sync, &unclear)
}

/// Lists the trash of the data source; `None` if the server cannot.
fn trash(sync: &mut Sync<'_>) -> Result<Option<BTreeSet<String>>, PullError> {
    let key = if sync.client.version() < TRASH_VERSION {
        "archived"
    } else {
        "in_trash"
    };
    let mut query = Object::new();
    query.insert(key.to_owned(), json!(true));
    let (mut ids, mut cursor, mut size) = (BTreeSet::new(), None, PAGE_SIZE);
    for _ in 0..MOST_ANSWERS {
        let answer = sync.client.rows(
            sync.found.kind,
            &sync.found.id,
            &query,
            cursor.as_deref(),
            &mut size,
        );
        let list = match answer {
            Ok(list) => list,
            Err(NotionError::Refused { .. } | NotionError::DeadCursor | NotionError::NoSuchRoute { .. }) => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        for row in &list.items {
            // A server that gives rows of the database here does not know the trash.
            if !row.as_object().is_some_and(is_trashed) {
                return Ok(None);
            }
            ids.extend(row.get("id").and_then(Value::as_str).and_then(link::id));
        }
        match list.next {
            Next::Cursor(next) => cursor = Some(next),
            Next::End => return Ok(Some(ids)),
            Next::Lost => return Ok(None),
        }
    }
    Ok(None)
}

/// Asks for a page: how it left, or `None` if it is there.
pub(super) fn find(sync: &mut Sync<'_>, id: &str) -> Result<Option<Gone>, PullError> {
    match sync.client.page(id) {
        Ok(page) if is_trashed(&page) => Ok(Some(Gone::Trashed)),
        Ok(page) if is_elsewhere(&page, sync.found) => Ok(Some(Gone::Vanished)),
        Ok(_) => Ok(None),
        Err(NotionError::NotFound { .. } | NotionError::Restricted { .. }) => Ok(Some(Gone::Vanished)),
        Err(error) => Err(error.into()),
    }
}

/// Asks for pages one by one: whether they are in the trash, gone, or there after all.
fn check(sync: &mut Sync<'_>, ids: &[String]) -> Result<(), PullError> {
    for id in ids {
        let Some(stored) = sync.store.page(id)? else {
            continue;
        };
        let found = find(sync, id)?;
        if found == stored.gone {
            continue;
        }
        match found {
            Some(Gone::Trashed) => sync.summary.trashed += 1,
            Some(Gone::Vanished) => sync.summary.vanished += 1,
            None => sync.summary.restored += 1,
        }
        sync.change(id, |page| match found {
            Some(gone) => left(page, gone),
            None => {
                page.gone = None;
                if page.body_state == BodyState::Gone {
                    page.body_state = BodyState::Pending;
                }
            }
        })?;
    }
    Ok(())
}

fn is_trashed(page: &Object) -> bool {
    let flag = |key: &str| page.get(key).and_then(Value::as_bool) == Some(true);
    flag("in_trash") || flag("archived")
}

/// Whether a page says that it belongs elsewhere now. A parent that is only called a database tells nothing about the
/// data source.
fn is_elsewhere(page: &Object, found: &Found) -> bool {
    let id = |key: &str| page.get("parent")?.get(key)?.as_str().and_then(link::id);
    match (id("data_source_id"), id("database_id")) {
        (Some(source), _) => source != found.id,
        (None, Some(database)) => found.kind == "databases" && database != found.id,
        (None, None) => id("page_id").is_some(),
    }
}
