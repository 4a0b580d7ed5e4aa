//! The calls of Notion's API that a pull makes, each as one function.
//!
//! Answers stay JSON: Notion adds types and keys without a new version, and a reader that knows every shape breaks
//! with the first that is new. Ids are those that Notion gave or that [`link`](super::link) accepted.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::client::{Call, Client};
use super::error::NotionError;
use super::retry::Asked;

/// The most items that Notion puts into one answer.
pub const PAGE_SIZE: usize = 100;

/// What the answer of a list has.
const LIST: &[&str] = &["results", "has_more"];

/// A JSON object as Notion answered it.
pub type Object = Map<String, Value>;

/// One answer of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What is listed.
    pub items: Vec<Value>,
    /// Where the next answer begins, if there is more.
    pub next: Next,
    /// Whether Notion says that it left the rest out.
    pub is_capped: bool,
    /// Whether the answer was as long as was asked for.
    pub is_full: bool,
}

/// What comes behind an answer of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    End,
    /// The answer to this cursor.
    Cursor(String),
    /// More, but Notion does not say where.
    Lost,
}

impl List {
    fn read(mut object: Object, asked: usize) -> Self {
        let items = match object.remove("results") {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        // A cursor may stand there although there is no more: `has_more` is the truth.
        let has_more = object.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let cursor = object.get("next_cursor").and_then(Value::as_str);
        let status = object.get("request_status").and_then(|status| status.get("type"));
        Self {
            next: match (has_more, cursor) {
                (false, _) => Next::End,
                (true, Some(cursor)) => Next::Cursor(cursor.to_owned()),
                (true, None) => Next::Lost,
            },
            is_capped: status.and_then(Value::as_str) == Some("incomplete"),
            is_full: items.len() >= asked,
            items,
        }
    }
}

impl Client {
    /// Asks for a database, which is a container of data sources; in versions before 2025-09-03 it has the schema.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn database(&mut self, id: &str) -> Result<Object, NotionError> {
        self.get("the database", &["id"], &["databases", id], &[])
    }

    /// Asks for a data source with its schema.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn data_source(&mut self, id: &str) -> Result<Object, NotionError> {
        self.get("the data source", &["properties"], &["data_sources", id], &[])
    }

    /// Asks for a view.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn view(&mut self, id: &str) -> Result<Object, NotionError> {
        self.get("the view", &["id"], &["views", id], &[])
    }

    /// Asks for rows of `kind` ("data_sources" or, before 2025-09-03, "databases"). `body` holds filter and sorts;
    /// where the answer is too much for Notion, fewer rows are asked for at once.
    ///
    /// # Errors
    ///
    /// [`NotionError`]; [`NotionError::DeadCursor`] if the cursor is not taken.
    pub fn rows(
        &mut self,
        kind: &str,
        id: &str,
        body: &Object,
        cursor: Option<&str>,
        page_size: &mut usize,
    ) -> Result<List, NotionError> {
        let most = *page_size;
        let mut asked = most;
        let asked_for = Asked {
            what: "rows",
            needs: LIST,
        };
        let answer = self.send(asked_for, |too_much| {
            asked = (most >> too_much).max(1);
            let mut body = body.clone();
            body.insert("page_size".to_owned(), json!(asked));
            if let Some(cursor) = cursor {
                body.insert("start_cursor".to_owned(), json!(cursor));
            }
            call(&[kind, id, "query"], &[], Some(Value::Object(body)))
        })?;
        *page_size = asked;
        Ok(List::read(answer, asked))
    }

    /// Asks for a page's properties.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn page(&mut self, id: &str) -> Result<Object, NotionError> {
        self.get("a page", &["id"], &["pages", id], &[])
    }

    /// Asks for a page's content, or for the part of it under a block, as Markdown.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn markdown(&mut self, id: &str) -> Result<Object, NotionError> {
        self.get("a page's text", &["markdown"], &["pages", id, "markdown"], &[])
    }

    /// Asks for the blocks directly under a page or block.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn blocks(&mut self, id: &str, cursor: Option<&str>) -> Result<List, NotionError> {
        self.list("a page's blocks", &["blocks", id, "children"], &[], cursor)
    }

    /// Asks for one value of a page in full. `property` is the id as Notion writes it, URL-encoded.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn property(
        &mut self,
        page: &str,
        property: &str,
        cursor: Option<&str>,
    ) -> Result<List, NotionError> {
        // Notion writes these ids encoded; encoding them again would name another property.
        let property = percent_decode_str(property).decode_utf8_lossy();
        self.list(
            "a page's value",
            &["pages", page, "properties", &property],
            &[],
            cursor,
        )
    }

    /// Asks for the comments on a page or block.
    ///
    /// # Errors
    ///
    /// [`NotionError`].
    pub fn comments(&mut self, block: &str, cursor: Option<&str>) -> Result<List, NotionError> {
        self.list("a page's comments", &["comments"], &[("block_id", block)], cursor)
    }

    fn get(
        &mut self,
        what: &str,
        needs: &[&str],
        path: &[&str],
        query: &[(&'static str, &str)],
    ) -> Result<Object, NotionError> {
        self.send(Asked { what, needs }, |_| call(path, query, None))
    }

    fn list(
        &mut self,
        what: &str,
        path: &[&str],
        query: &[(&'static str, &str)],
        cursor: Option<&str>,
    ) -> Result<List, NotionError> {
        let size = PAGE_SIZE.to_string();
        let mut query = [query, &[("page_size", size.as_str())]].concat();
        query.extend(cursor.map(|cursor| ("start_cursor", cursor)));
        let answer = self.get(what, LIST, path, &query)?;
        Ok(List::read(answer, PAGE_SIZE))
    }
}

fn call(path: &[&str], query: &[(&'static str, &str)], body: Option<Value>) -> Call {
    Call {
        path: path.iter().map(|segment| (*segment).to_owned()).collect(),
        query: query
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect(),
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(value: Value) -> List {
        match value {
            Value::Object(object) => List::read(object, 2),
            _ => panic!("an object"),
        }
    }

    #[test]
    fn has_more_is_the_truth_about_more() {
        let next = |value| list(value).next;
        assert_eq!(next(json!({"has_more": false, "next_cursor": "a"})), Next::End);
        assert_eq!(
            next(json!({"has_more": true, "next_cursor": "a"})),
            Next::Cursor("a".into())
        );
        assert_eq!(next(json!({"has_more": true, "next_cursor": null})), Next::Lost);
        assert_eq!(next(json!({})), Next::End);
    }

    #[test]
    fn a_cap_is_seen() {
        let capped = list(json!({"results": [1, 2], "has_more": false,
            "request_status": {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}}));
        assert!(capped.is_capped && capped.is_full);
        assert!(!list(json!({"results": [1]})).is_full);
    }
}
