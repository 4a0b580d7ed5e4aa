//! From what the user pasted to the data sources behind it.

use serde_json::Value;

use super::PullError;
use crate::source::notion::link::{self, Link};
use crate::source::notion::schema::Schema;
use crate::source::notion::value::rich_text;
use crate::source::notion::{Client, NotionError, Object, body};

/// A data source that can be pulled.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its properties.
    pub schema: Schema,
    /// The properties as Notion gave them.
    pub properties: Object,
    /// The collection of the API that it is in: "data_sources", or "databases" in versions before 2025-09-03.
    pub kind: &'static str,
}

/// Finds the data sources of a database. `chosen` names some by id or name; none means all.
///
/// A link to a data source is taken as it is; a page with a single database on it leads to that database.
///
/// # Errors
///
/// [`PullError`] that says what the link leads to instead and what to pass.
pub fn discover(client: &mut Client, link: &Link, chosen: &[String]) -> Result<Vec<Found>, PullError> {
    match client.database(&link.id) {
        Ok(database) => of_database(client, &link.id, &database, chosen),
        // Versions before data sources tell these two by their words only.
        Err(NotionError::Refused { message, .. })
            if message.contains("does not contain any data sources") =>
        {
            Err(PullError::NoDataSource(link.id.clone()))
        }
        Err(error) if matches!(&error, NotionError::Refused { message, .. } if message.contains("multiple data sources")) => {
            Err(PullError::TooOld(error))
        }
        Err(NotionError::NotFound { .. } | NotionError::Refused { .. } | NotionError::NoSuchRoute { .. }) => {
            elsewhere(client, &link.id, chosen)
        }
        Err(error) => Err(error.into()),
    }
}

fn of_database(
    client: &mut Client,
    id: &str,
    database: &Object,
    chosen: &[String],
) -> Result<Vec<Found>, PullError> {
    let sources = database.get("data_sources").and_then(Value::as_array);
    if let (None, Some(properties)) = (sources, database.get("properties").and_then(Value::as_object)) {
        return Ok(vec![Found {
            id: id.to_owned(),
            name: title(database),
            schema: Schema::read(properties),
            properties: properties.clone(),
            kind: "databases",
        }]);
    }
    let listed: Vec<(String, String)> = sources
        .into_iter()
        .flatten()
        .filter_map(|source| {
            let name = source.get("name").and_then(Value::as_str).unwrap_or_default();
            Some((link::id(source.get("id")?.as_str()?)?, name.to_owned()))
        })
        .collect();
    if listed.is_empty() {
        return Err(PullError::NoDataSource(id.to_owned()));
    }
    for name in chosen {
        let is_it = |(id, known): &&(String, String)| known == name || link::id(name).as_ref() == Some(id);
        if !listed.iter().any(|source| is_it(&source)) {
            return Err(PullError::NoSuchDataSource {
                name: name.clone(),
                there: listed
                    .iter()
                    .map(|(id, name)| format!("{name:?} ({id})"))
                    .collect(),
            });
        }
    }
    let is_chosen = |(id, name): &&(String, String)| {
        chosen.is_empty()
            || chosen
                .iter()
                .any(|wanted| wanted == name || link::id(wanted).as_ref() == Some(id))
    };
    let wanted = listed.iter().filter(is_chosen);
    wanted
        .map(|(id, name)| Ok(source(id, name, &client.data_source(id)?)))
        .collect()
}

/// Looks what an id that is no database is instead.
fn elsewhere(client: &mut Client, id: &str, chosen: &[String]) -> Result<Vec<Found>, PullError> {
    if let Some(object) = if_there(client.data_source(id))? {
        let name = title(&object);
        return Ok(vec![source(id, &name, &object)]);
    }
    if let Some(page) = if_there(client.page(id))? {
        return of_page(client, id, &page, chosen);
    }
    if let Some(view) = if_there(client.view(id))? {
        if let Some(source_id) = view
            .get("data_source_id")
            .and_then(Value::as_str)
            .and_then(link::id)
        {
            let object = client.data_source(&source_id)?;
            return Ok(vec![source(&source_id, &title(&object), &object)]);
        }
        if let Some(database_id) = parent_database(&view) {
            let database = client.database(&database_id)?;
            return of_database(client, &database_id, &database, chosen);
        }
    }
    Err(NotionError::NotFound {
        what: format!("a database with the id {id}"),
    }
    .into())
}

/// A page is a row of a database, or holds databases.
fn of_page(client: &mut Client, id: &str, page: &Object, chosen: &[String]) -> Result<Vec<Found>, PullError> {
    if let Some(database) = parent_database(page) {
        return Err(PullError::IsRow {
            id: id.to_owned(),
            database,
        });
    }
    let blocks = body::all(|cursor| client.blocks(id, cursor))?;
    let databases: Vec<(String, String)> = blocks
        .iter()
        .filter(|block| block.get("type").and_then(Value::as_str) == Some("child_database"))
        .filter_map(|block| {
            let title = block
                .get("child_database")
                .and_then(|inner| inner.get("title")?.as_str());
            Some((
                title.unwrap_or_default().to_owned(),
                link::id(block.get("id")?.as_str()?)?,
            ))
        })
        .collect();
    match databases.as_slice() {
        [(_, database_id)] => {
            let database = client.database(database_id)?;
            of_database(client, database_id, &database, chosen)
        }
        _ => Err(PullError::IsPage {
            id: id.to_owned(),
            databases,
        }),
    }
}

fn source(id: &str, name: &str, object: &Object) -> Found {
    let properties = object
        .get("properties")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    Found {
        id: id.to_owned(),
        name: if name.is_empty() {
            title(object)
        } else {
            name.to_owned()
        },
        schema: Schema::read(&properties),
        properties,
        kind: "data_sources",
    }
}

/// `None` where the id is of another kind; Notion answers that in several ways.
fn if_there(answer: Result<Object, NotionError>) -> Result<Option<Object>, NotionError> {
    match answer {
        Ok(object) => Ok(Some(object)),
        Err(NotionError::NotFound { .. } | NotionError::Refused { .. } | NotionError::NoSuchRoute { .. }) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn parent_database(object: &Object) -> Option<String> {
    let parent = object.get("parent")?;
    let id = |key: &str| parent.get(key).and_then(Value::as_str).and_then(link::id);
    id("database_id").or_else(|| id("data_source_id"))
}

fn title(object: &Object) -> String {
    let title = object
        .get("title")
        .map(rich_text)
        .filter(|title| !title.is_empty());
    let name = || object.get("name").and_then(Value::as_str).map(str::to_owned);
    title.or_else(name).unwrap_or_default()
}
