//! Stores a row with what is known of it, and the ticket that it makes.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::pass::Pass;
use super::{Found, Request};
use crate::source::notion::mapping::Mapping;
use crate::source::notion::page::{self, Parts};
use crate::source::notion::schema::Schema;
use crate::source::notion::{Object, link};
use crate::source::to_line;
use crate::store::{
    Batch, BodyState, CommentsState, Gone, Origin, PageRecord, SourceRecord, StoreError, StoredTicket,
};

/// What a ticket is made with.
pub(super) struct Maker<'a> {
    schema: &'a Schema,
    mapping: &'a Mapping,
    zone: &'a TimeZone,
}

/// What the tickets of a data source are made with.
pub(super) fn maker<'a>(found: &'a Found, mapping: &'a Mapping, request: &'a Request) -> Maker<'a> {
    Maker {
        schema: &found.schema,
        mapping,
        zone: &request.zone,
    }
}

/// What a row is to the store.
pub(super) enum Change {
    New,
    Changed,
    Restored,
    Same,
}

/// Stores a row, with the content that is known of it; says what is to be read. `None` if it has no id.
pub(super) fn keep_row(
    batch: &Batch<'_>,
    row: Object,
    source: &SourceRecord,
    pass: &Pass,
    comments: bool,
    maker: &Maker<'_>,
) -> Result<Option<(Change, usize)>, StoreError> {
    let text = |key: &str| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (id, edited) = (link::id(&text("id")), text("last_edited_time"));
    let Some(id) = id else { return Ok(None) };
    let mut page = Value::Object(row);
    page::settle(&mut page);
    let page = page.to_string();
    let old = batch.page(&id)?;
    let wanted = if comments {
        CommentsState::Pending
    } else {
        CommentsState::Unasked
    };
    let (change, mut record) = match old {
        None => {
            let record = PageRecord {
                id: id.clone(),
                source: source.id.clone(),
                page,
                completed: None,
                body: None,
                body_state: BodyState::Pending,
                comments: None,
                comments_state: wanted,
                edited,
                seen: source.pass,
                gone: None,
                fetched_at: None,
            };
            (Change::New, record)
        }
        Some(old) => {
            let is_edited = old.edited != edited || old.page != page || old.source != source.id;
            let is_again = pass.is_fresh && old.seen != source.pass;
            let was_gone = old.gone.is_some();
            let is_stale = is_edited || is_again || was_gone || !is_settled(&old);
            let mut record = PageRecord {
                source: source.id.clone(),
                page,
                edited,
                seen: source.pass,
                gone: None,
                ..old
            };
            if is_stale {
                record.completed = None;
                record.body_state = BodyState::Pending;
                if comments {
                    record.comments_state = CommentsState::Pending;
                }
            }
            let change = match (was_gone, is_edited) {
                (true, _) => Change::Restored,
                (false, true) => Change::Changed,
                (false, false) => Change::Same,
            };
            (change, record)
        }
    };
    if comments && record.comments_state == CommentsState::Unasked {
        record.comments_state = CommentsState::Pending;
    }
    batch.put_page(&record)?;
    let replaced = put_ticket(batch, &record, maker)?;
    Ok(Some((change, replaced)))
}

/// Whether what was read of a page cannot have changed within the minute of its last edit: Notion rounds that time
/// down, so a second edit in the same minute leaves no trace in it.
fn is_settled(page: &PageRecord) -> bool {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let (Some(fetched), Some(edited)) = (page.fetched_at.as_deref().and_then(moment), moment(&page.edited))
    else {
        return true;
    };
    fetched.as_second() - edited.as_second() >= 120
}

/// Makes the ticket of a page and stores it; returns how many imported tickets it took the place of.
pub(super) fn put_ticket(
    batch: &Batch<'_>,
    page: &PageRecord,
    maker: &Maker<'_>,
) -> Result<usize, StoreError> {
    let object = |text: &str| serde_json::from_str::<Object>(text).ok();
    let Some(json) = object(&page.page) else {
        return Ok(0);
    };
    let completed = page.completed.as_deref().and_then(object);
    let comments: Vec<Value> = page
        .comments
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let parts = Parts {
        page: &json,
        completed: completed.as_ref(),
        body: page.body.as_deref(),
        comments: &comments,
        is_gone: page.gone.is_some(),
    };
    let Some(ticket) = page::ticket(parts, maker.schema, maker.mapping, maker.zone) else {
        return Ok(0);
    };
    let mut replaced = 0;
    for other in batch.tickets_of_page(&page.id)? {
        if other.origin == Origin::File {
            batch.remove_ticket(&other.id)?;
            replaced += 1;
        }
    }
    batch.put_ticket(&StoredTicket {
        id: page.id.clone(),
        origin: Origin::Notion,
        page: Some(page.id.clone()),
        line: to_line(&ticket, maker.zone),
    })?;
    Ok(replaced)
}

/// Notes how a page left.
pub(super) fn left(page: &mut PageRecord, gone: Gone) {
    page.gone = Some(gone);
    // What was not read until now will not be.
    if page.body_state == BodyState::Pending {
        page.body_state = BodyState::Gone;
    }
    if page.comments_state == CommentsState::Pending {
        page.comments_state = CommentsState::Unasked;
    }
}
