//! The errors of the API, worded as it words them.

use serde_json::{Value, json};

use super::http::Reply;
use super::ids::Id;

/// An error answer before it has a request id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// `additional_data`, if not null.
    pub(crate) more: Value,
}

impl Problem {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            more: Value::Null,
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "validation_error", message)
    }

    /// `place` (as `body.page_size`) does not hold what it must.
    pub(crate) fn invalid(place: &str, must: &str, instead: &Value) -> Self {
        let part = place.split('.').next().unwrap_or_default();
        Self::validation(format!(
            "{part} failed validation: {place} should be {must}, instead was `{instead}`."
        ))
    }

    /// The answer for what is not there and for what is not shared: they cannot be told apart.
    pub(crate) fn not_found(kind: &str, id: Id) -> Self {
        let message = format!(
            "Could not find {kind} with ID: {id}. Make sure the relevant pages and databases are shared with your \
             integration."
        );
        Self::new(404, "object_not_found", message)
    }

    pub(crate) fn no_property(name: &str) -> Self {
        Self::validation(format!("Could not find property with name or id: {name}"))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "API token is invalid.")
    }

    pub(crate) fn restricted() -> Self {
        let message = "Insufficient permissions for this endpoint.";
        Self::new(403, "restricted_resource", message)
    }

    pub(crate) fn invalid_url() -> Self {
        Self::new(400, "invalid_request_url", "Invalid request URL.")
    }

    pub(crate) fn dead_cursor(cursor: &str) -> Self {
        Self::validation(format!("The start_cursor provided is invalid: {cursor}"))
    }

    /// What Notion can do and this server cannot; no client should ever see it in a test.
    pub(crate) fn not_served(what: &str) -> Self {
        Self::new(
            501,
            "not_served",
            format!("this test server does not know {what}"),
        )
    }

    pub(crate) fn with(mut self, more: Value) -> Self {
        self.more = more;
        self
    }

    pub(crate) fn reply(&self) -> Reply {
        let mut body = json!({
            "object": "error", "status": self.status, "code": self.code, "message": self.message,
        });
        if !self.more.is_null() {
            body["additional_data"] = self.more.clone();
        }
        Reply::json(self.status, &body)
    }
}
