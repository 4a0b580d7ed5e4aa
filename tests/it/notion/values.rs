//! Property values in the shape the API sends them, before it cuts, strips or signs anything.
//!
//! A value is `{"type": T, T: ...}`; the server adds the property's id.

use serde_json::{Value, json};

use super::ids::Id;

fn value(kind: &str, content: Value) -> Value {
    json!({"type": kind, kind: content})
}

/// A property of any type, for instance one that was invented yesterday.
pub(crate) fn of_type(kind: &str, content: Value) -> Value {
    value(kind, content)
}

/// One plain rich text item.
pub(crate) fn text_item(text: &str) -> Value {
    json!({
        "type": "text", "text": {"content": text, "link": null}, "annotations": annotations(),
        "plain_text": text, "href": null,
    })
}

/// A rich text item that mentions a person.
pub(crate) fn mention_of(person: &Value) -> Value {
    let name = person["name"].as_str().unwrap_or("Anonymous");
    json!({
        "type": "mention", "mention": {"type": "user", "user": person}, "annotations": annotations(),
        "plain_text": format!("@{name}"), "href": null,
    })
}

/// A rich text item that mentions a page.
pub(crate) fn mention_of_page(page: Id, title: &str) -> Value {
    json!({
        "type": "mention", "mention": {"type": "page", "page": {"id": page}}, "annotations": annotations(),
        "plain_text": title, "href": format!("https://www.notion.so/{}", page.plain()),
    })
}

fn annotations() -> Value {
    json!({
        "bold": false, "italic": false, "strikethrough": false, "underline": false, "code": false,
        "color": "default",
    })
}

/// Text as a list of rich text items; nothing is `[]`.
pub(crate) fn rich(text: &str) -> Value {
    if text.is_empty() {
        return json!([]);
    }
    json!([text_item(text)])
}

pub(crate) fn title(text: &str) -> Value {
    value("title", rich(text))
}

pub(crate) fn rich_text(text: &str) -> Value {
    value("rich_text", rich(text))
}

/// Rich text of several items, mentions among them.
pub(crate) fn rich_items(items: Vec<Value>) -> Value {
    value("rich_text", Value::Array(items))
}

/// An option as pages hold it; the schema has the same id.
pub(crate) fn choice(name: &str) -> Value {
    json!({"id": option_id(name), "name": name, "color": "default"})
}

/// The id of the option called `name`.
pub(crate) fn option_id(name: &str) -> String {
    Id::of(super::ids::digest(name.as_bytes())).to_string()
}

pub(crate) fn select(name: &str) -> Value {
    value("select", choice(name))
}

pub(crate) fn status(name: &str) -> Value {
    value("status", choice(name))
}

pub(crate) fn multi_select(names: &[&str]) -> Value {
    value(
        "multi_select",
        names.iter().map(|name| choice(name)).collect::<Value>(),
    )
}

/// A member of the workspace; the e-mail address is seen only with the higher user capability.
pub(crate) fn person(number: u64, name: &str) -> Value {
    json!({
        "object": "user", "id": Id::of(number), "name": name, "avatar_url": null, "type": "person",
        "person": {"email": format!("person{number}@example.com")},
    })
}

/// An integration or a workflow: what `created_by` is for tickets filed by Slack.
pub(crate) fn bot(number: u64, name: &str) -> Value {
    json!({
        "object": "user", "id": Id::of(number), "name": name, "avatar_url": null, "type": "bot", "bot": {},
    })
}

/// A group among people.
pub(crate) fn group(number: u64, name: &str) -> Value {
    json!({"object": "group", "id": Id::of(number), "name": name})
}

pub(crate) fn people(people: &[Value]) -> Value {
    value("people", Value::Array(people.to_vec()))
}

/// `start` is a day or a time with offset.
pub(crate) fn date(start: &str) -> Value {
    value("date", json!({"start": start, "end": null, "time_zone": null}))
}

pub(crate) fn date_range(start: &str, end: &str, time_zone: Option<&str>) -> Value {
    value(
        "date",
        json!({"start": start, "end": end, "time_zone": time_zone}),
    )
}

pub(crate) fn number(number: f64) -> Value {
    value("number", json!(number))
}

pub(crate) fn checkbox(checked: bool) -> Value {
    value("checkbox", json!(checked))
}

pub(crate) fn url(text: &str) -> Value {
    value("url", json!(text))
}

pub(crate) fn email(text: &str) -> Value {
    value("email", json!(text))
}

pub(crate) fn phone(text: &str) -> Value {
    value("phone_number", json!(text))
}

/// Files kept by Notion (their addresses expire) and one kept elsewhere.
pub(crate) fn files(hosted: &[&str], external: Option<&str>) -> Value {
    let hosted = hosted.iter().map(|name| {
        json!({
            "name": name, "type": "file",
            "file": {"url": format!("https://prod-files-secure.s3.example.com/{name}")},
        })
    });
    let external =
        external.map(|url| json!({"name": "external", "type": "external", "external": {"url": url}}));
    value("files", hosted.chain(external).collect())
}

pub(crate) fn relation(pages: &[Id]) -> Value {
    value("relation", pages.iter().map(|id| json!({"id": id})).collect())
}

/// `function` as in the schema; `content` as `{"type": "number", "number": 3}`.
pub(crate) fn rollup(function: &str, mut content: Value) -> Value {
    content["function"] = json!(function);
    value("rollup", content)
}

/// `content` as `{"type": "string", "string": "high"}`.
pub(crate) fn formula(content: Value) -> Value {
    value("formula", content)
}

pub(crate) fn button() -> Value {
    value("button", json!({}))
}

pub(crate) fn verified() -> Value {
    value(
        "verification",
        json!({"state": "verified", "date": null, "verified_by": null}),
    )
}

pub(crate) fn place(name: &str) -> Value {
    value(
        "place",
        json!({"lat": 35.68, "lon": 139.76, "name": name, "address": null}),
    )
}

/// What a page holds in a property of type `kind` that nobody filled in.
pub(crate) fn empty(kind: &str) -> Value {
    let content = match kind {
        "title" | "rich_text" | "people" | "multi_select" | "files" | "relation" => json!([]),
        "checkbox" => json!(false),
        "button" => json!({}),
        "formula" => json!({"type": "string", "string": null}),
        "rollup" => json!({"type": "number", "number": null, "function": "sum"}),
        _ => Value::Null,
    };
    value(kind, content)
}
