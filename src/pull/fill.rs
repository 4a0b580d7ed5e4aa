//! What a row does not carry: the page's content, its comments, and values that came cut. One ticket after the other,
//! each committed as it is whole.

use serde_json::{Map, Value};

use super::keep::left;
use super::sync::Sync;
use super::{Event, PullError, gone};
use crate::source::notion::body::{Reader, all};
use crate::source::notion::page::{cut_values, whole_value};
use crate::source::notion::{NotionError, Object};
use crate::store::{BodyState, CommentsState, Gone, PageRecord};

/// Tickets in a row that cannot be read, after which it is not the tickets.
const MOST_FAILURES: u32 = 3;

/// Reads what is unread of a data source. A ticket that fails is left for the next pull, noted, and the others are read.
pub(super) fn read(sync: &mut Sync<'_>) -> Result<(), PullError> {
    let mut unread = sync.store.unread_pages(&sync.found.id)?;
    unread.retain(|id| !sync.failed.contains_key(id));
    let mut fill = Fill::default();
    let mut in_a_row = 0;
    for (at, id) in unread.iter().enumerate() {
        match fill.page(sync, id) {
            Ok(()) => in_a_row = 0,
            Err(PullError::Notion(error)) if is_of_this_ticket(&error) => {
                in_a_row += 1;
                if in_a_row >= MOST_FAILURES {
                    return Err(error.into());
                }
                sync.failed.insert(id.clone(), error.to_string());
            }
            Err(error) => return Err(error),
        }
        (sync.tell)(&Event::Filled {
            done: at + 1,
            of: unread.len(),
        });
    }
    Ok(())
}

/// Whether an error may be about one ticket only, so that others can be read.
fn is_of_this_ticket(error: &NotionError) -> bool {
    matches!(
        error,
        NotionError::Refused { .. }
            | NotionError::Unreadable { .. }
            | NotionError::Failing { .. }
            | NotionError::TooSlow { .. }
            | NotionError::NoSuchRoute { .. }
            | NotionError::DeadCursor
            | NotionError::Unreachable { .. }
    )
}

/// Tickets in a row whose content is refused, after which it is the connection and not the tickets.
const MOST_DENIED: u32 = 2;

/// What is known of the connection's rights after some tickets.
#[derive(Default)]
struct Fill {
    reader: Reader,
    /// Tickets in a row whose content may not be read.
    denied: u32,
    no_content: bool,
    no_comments: bool,
}

impl Fill {
    fn page(&mut self, sync: &mut Sync<'_>, id: &str) -> Result<(), PullError> {
        let Some(mut page) = sync.store.page(id)? else {
            return Ok(());
        };
        match self.read(sync, &mut page) {
            Ok(()) => page.fetched_at = sync.client.server_time().map(|time| time.to_string()),
            // The row is all there is: in the trash or unshared since, or there and without content.
            Err(PullError::Notion(NotionError::NotFound { .. })) => match gone::find(sync, id)? {
                Some(gone) => {
                    match gone {
                        Gone::Trashed => sync.summary.trashed += 1,
                        Gone::Vanished => sync.summary.vanished += 1,
                    }
                    left(&mut page, gone);
                }
                None => page.body_state = BodyState::Gone,
            },
            Err(error) => return Err(error),
        }
        sync.change(id, |stored| *stored = page)?;
        Ok(())
    }

    fn read(&mut self, sync: &mut Sync<'_>, page: &mut PageRecord) -> Result<(), PullError> {
        if page.body_state == BodyState::Pending {
            page.completed = complete(sync, page)?;
            match self.body(sync, &page.id)? {
                Some(body) => {
                    sync.summary.bodies += 1;
                    page.body = Some(body);
                    page.body_state = BodyState::Fetched;
                }
                None => page.body_state = BodyState::Denied,
            }
        }
        if page.comments_state == CommentsState::Pending {
            match self.comments(sync, &page.id)? {
                Some(comments) => {
                    page.comments = (!comments.is_empty()).then(|| Value::from(comments).to_string());
                    page.comments_state = CommentsState::Fetched;
                }
                None => page.comments_state = CommentsState::Denied,
            }
        }
        Ok(())
    }

    /// The content; `None` if the connection may not read any.
    fn body(&mut self, sync: &mut Sync<'_>, id: &str) -> Result<Option<String>, PullError> {
        if self.no_content {
            return Ok(None);
        }
        match self.reader.read(sync.client, id) {
            Ok(text) => {
                self.denied = 0;
                Ok(Some(text))
            }
            Err(NotionError::Restricted { .. }) => {
                self.denied += 1;
                self.no_content = self.denied >= MOST_DENIED;
                if !self.no_content {
                    return Ok(None);
                }
                (sync.tell)(&Event::Note(
                    "the connection may not read content: tickets have no text but their properties; switch on \
                     \"Read content\" for it and pull again"
                        .to_owned(),
                ));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The comments, without what expires; `None` if the connection may not read any.
    fn comments(&mut self, sync: &mut Sync<'_>, id: &str) -> Result<Option<Vec<Value>>, PullError> {
        if self.no_comments {
            return Ok(None);
        }
        match all(|cursor| sync.client.comments(id, cursor)) {
            Ok(mut comments) => {
                comments.iter_mut().for_each(crate::source::notion::page::settle);
                Ok(Some(comments))
            }
            Err(NotionError::NotFound { .. }) => Ok(None),
            Err(NotionError::Restricted { .. } | NotionError::NoSuchRoute { .. }) => {
                self.no_comments = true;
                (sync.tell)(&Event::Note(
                    "the connection may not read comments: switch on \"Read comments\" for it and pull again"
                        .to_owned(),
                ));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Asks for the values that the page object cuts short; `None` if there are none.
fn complete(sync: &mut Sync<'_>, page: &PageRecord) -> Result<Option<String>, PullError> {
    let object: Object = serde_json::from_str(&page.page).unwrap_or_default();
    let mut whole = Map::new();
    for property in cut_values(&object) {
        match all(|cursor| sync.client.property(&page.id, &property, cursor)) {
            Ok(items) => whole.extend(whole_value(&property, &items).map(|value| (property.clone(), value))),
            // The page object's own value stays.
            Err(
                NotionError::NotFound { .. }
                | NotionError::Restricted { .. }
                | NotionError::Refused { .. }
                | NotionError::NoSuchRoute { .. },
            ) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok((!whole.is_empty()).then(|| Value::Object(whole).to_string()))
}
