//! What an asker sees of an answer: by API version, by user capability, and with file addresses that expire.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::desk::Users;
use super::http::Request;
use super::problem::Problem;

/// The versions there are, oldest first; they compare as text.
const RELEASED: [&str; 7] = [
    "2021-05-11",
    "2021-05-13",
    "2021-08-16",
    "2022-02-22",
    "2022-06-28",
    "2025-09-03",
    "2026-03-11",
];

/// A released API version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Version(&'static str);

impl Version {
    /// Reads the `Notion-Version` header.
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        let Some(given) = request.header("notion-version") else {
            let message = "Notion-Version header failed validation: Notion-Version header should be defined, \
                           instead was `undefined`.";
            return Err(Problem::new(400, "missing_version", message));
        };
        let known = RELEASED.into_iter().find(|version| *version == given);
        known.map(Self).ok_or_else(|| {
            let all = RELEASED.map(|version| format!("`\"{version}\"`")).join(", ");
            Problem::validation(format!(
                "Notion-Version header failed validation: Notion-Version header should be {all}, instead was \
                 `\"{given}\"`."
            ))
        })
    }

    /// Whether databases are containers of data sources.
    pub(crate) fn has_sources(self) -> bool {
        self.0 >= "2025-09-03"
    }

    /// The name of the trash field in requests; before 2026-03-11 answers have both names.
    pub(crate) fn trash_field(self) -> &'static str {
        if self.0 >= "2026-03-11" {
            "in_trash"
        } else {
            "archived"
        }
    }
}

/// Takes off, renames and signs, everywhere in an answer.
pub(crate) fn show(value: &mut Value, version: Version, users: Users) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| show(item, version, users)),
        Value::Object(_) => {
            if value["object"] == "user" {
                strip_user(value, users);
            }
            if value["type"] == "file" && value["file"]["url"].is_string() {
                sign(&mut value["file"]);
            }
            if version.trash_field() == "archived" {
                show_old_names(value);
            }
            let fields = value.as_object_mut().into_iter().flatten();
            fields.for_each(|(_, field)| show(field, version, users));
        }
        _ => (),
    }
}

fn strip_user(user: &mut Value, users: Users) {
    let Some(fields) = user.as_object_mut() else {
        return;
    };
    match users {
        Users::Ids => fields.retain(|name, _| name == "object" || name == "id"),
        Users::Names => {
            if let Some(person) = fields.get_mut("person").and_then(Value::as_object_mut) {
                person.remove("email");
            }
        }
        Users::Emails => (),
    }
}

/// Each answer has another address for the same file, good for an hour.
fn sign(file: &mut Value) {
    let now = Timestamp::now();
    let url = file["url"].as_str().unwrap_or_default();
    let signed = format!(
        "{url}?X-Amz-Expires=3600&X-Amz-Signature={:x}",
        now.as_nanosecond()
    );
    let end = now + Duration::from_secs(3600);
    file["url"] = json!(signed);
    file["expiry_time"] = json!(end.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string());
}

fn show_old_names(value: &mut Value) {
    if let Some(in_trash) = value.get("in_trash").cloned() {
        value["archived"] = in_trash;
    }
    if value["object"] == "block" && value["type"] == "meeting_notes" {
        value["type"] = json!("transcription");
        if let Some(fields) = value.as_object_mut() {
            let content = fields.remove("meeting_notes").unwrap_or_default();
            fields.insert("transcription".to_owned(), content);
        }
    }
}
