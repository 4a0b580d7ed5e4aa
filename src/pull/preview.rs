//! What a data source would give, without changing anything: for a user who wants to look before the first pull.

use serde_json::Value;

use super::known::resolve;
use super::{Found, PullError, Request, discover};
use crate::source::notion::body::Reader;
use crate::source::notion::link;
use crate::source::notion::mapping::Mapping;
use crate::source::notion::page::{self, Parts};
use crate::source::notion::{Client, NotionError, Object};
use crate::ticket::Ticket;

/// What a data source would give: its mapping and one ticket made by it.
#[derive(Debug)]
pub struct Preview {
    /// The data source.
    pub found: Found,
    /// Its mapping.
    pub mapping: Mapping,
    /// One ticket with its content, if there is a row.
    pub ticket: Option<Ticket>,
    /// Whether content may be read; `None` without a row to try it on.
    pub content: Option<bool>,
    /// Whether comments may be read; `None` if nobody asks for them, or without a row to try it on.
    pub comments: Option<bool>,
}

/// Looks at a database without changing anything: connection, permissions, schema, mapping, one ticket.
///
/// # Errors
///
/// [`PullError`].
pub fn preview(client: &mut Client, request: &Request) -> Result<Vec<Preview>, PullError> {
    let found = discover(client, &request.link, &request.data_sources)?;
    found
        .into_iter()
        .map(|found| preview_source(client, request, found))
        .collect()
}

fn preview_source(client: &mut Client, request: &Request, found: Found) -> Result<Preview, PullError> {
    let mapping = resolve(&found, request.mappings.get(&found.id), None)?;
    let mut one = 1;
    let list = client.rows(found.kind, &found.id, &Object::new(), None, &mut one)?;
    let row = list.items.into_iter().find_map(|item| match item {
        Value::Object(row) if row.contains_key("properties") => Some(row),
        _ => None,
    });
    let id = row.as_ref().and_then(|row| link::id(row.get("id")?.as_str()?));
    let (mut body, mut content, mut comments) = (None, None, None);
    if let Some(id) = &id {
        body = allowed(Reader::default().read(client, id))?;
        content = Some(body.is_some());
        if request.comments {
            comments = Some(allowed(client.comments(id, None))?.is_some());
        }
    }
    let ticket = row.and_then(|page| {
        let parts = Parts {
            page: &page,
            completed: None,
            body: body.as_deref(),
            comments: &[],
            is_gone: false,
        };
        page::ticket(parts, &found.schema, &mapping, &request.zone)
    });
    Ok(Preview {
        found,
        mapping,
        ticket,
        content,
        comments,
    })
}

/// `None` where the connection lacks the right.
fn allowed<T>(answer: Result<T, NotionError>) -> Result<Option<T>, NotionError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(NotionError::Restricted { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
