//! What the value of a property says, for every type: as text, as a list of names, as a date, as JSON to keep.
//!
//! Types that nobody here knows yet are kept as they are: Notion adds types without a new version.

use serde_json::{Value, json};

/// Returns what a value says as one text, `None` if it is empty. Text of several people or options is joined by
/// commas, of several lines by line breaks.
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    let (kind, inner) = typed(value)?;
    let said = match kind {
        "title" | "rich_text" => rich_text(inner),
        "date" => {
            let end = string(inner, "end")
                .map(|end| format!(" → {end}"))
                .unwrap_or_default();
            format!("{}{end}", string(inner, "start")?)
        }
        "checkbox" => (if inner.as_bool()? { "Yes" } else { "No" }).to_owned(),
        "formula" => return scalar(inner.get(inner.get("type")?.as_str()?)?),
        "unique_id" => {
            let number = inner.get("number")?.as_i64()?;
            string(inner, "prefix").map_or_else(|| number.to_string(), |prefix| format!("{prefix}-{number}"))
        }
        "verification" => string(inner, "state")?.to_owned(),
        "place" => string(inner, "name")
            .or_else(|| string(inner, "address"))?
            .to_owned(),
        "select" | "status" | "multi_select" | "people" | "created_by" | "last_edited_by" | "files"
        | "relation" | "rollup" => names(value).join(", "),
        _ => return scalar(inner),
    };
    (!said.trim().is_empty()).then_some(said)
}

/// Returns the items of a value: people, options, files, related pages. A value of another type is one item.
#[must_use]
pub fn names(value: &Value) -> Vec<String> {
    let Some((kind, inner)) = typed(value) else {
        return Vec::new();
    };
    let list = |inner: &Value| inner.as_array().cloned().unwrap_or_default();
    match kind {
        "people" => list(inner).iter().filter_map(person).collect(),
        "created_by" | "last_edited_by" => person(inner).into_iter().collect(),
        "select" | "status" => string(inner, "name").map(str::to_owned).into_iter().collect(),
        "multi_select" | "files" => list(inner)
            .iter()
            .filter_map(|item| string(item, "name").map(str::to_owned))
            .collect(),
        "relation" => list(inner)
            .iter()
            .filter_map(|item| string(item, "id").map(str::to_owned))
            .collect(),
        "rollup" => match (string(inner, "type"), inner.get("array")) {
            (Some("array"), Some(array)) => list(array).iter().flat_map(names).collect(),
            (Some("date"), _) => text(&json!({"type": "date", "date": inner.get("date")}))
                .into_iter()
                .collect(),
            (Some(kind), _) => inner.get(kind).and_then(scalar).into_iter().collect(),
            (None, _) => Vec::new(),
        },
        _ => text(value).into_iter().collect(),
    }
}

/// Returns the moment that a value says, as RFC 3339 or as a day; of a range, its start.
#[must_use]
pub fn moment(value: &Value) -> Option<String> {
    let (kind, inner) = typed(value)?;
    let start = match kind {
        "date" => string(inner, "start"),
        "formula" | "rollup" => inner.get("date").and_then(|date| string(date, "start")),
        "created_time" | "last_edited_time" => inner.as_str(),
        _ => None,
    };
    start.map(str::to_owned)
}

/// Returns the number that a value says.
#[must_use]
pub fn number(value: &Value) -> Option<f64> {
    let (kind, inner) = typed(value)?;
    match kind {
        "number" => inner.as_f64(),
        "formula" | "rollup" => inner.get("number")?.as_f64(),
        _ => None,
    }
}

/// Returns a value as it is kept under a ticket's `fields`: its text where it has one, JSON where its type is new.
#[must_use]
pub fn kept(value: &Value) -> Option<Value> {
    if let Some(text) = text(value) {
        return Some(Value::from(text));
    }
    let (kind, inner) = typed(value)?;
    let is_known = matches!(
        kind,
        "title"
            | "rich_text"
            | "date"
            | "checkbox"
            | "formula"
            | "unique_id"
            | "verification"
            | "place"
            | "select"
            | "status"
            | "multi_select"
            | "people"
            | "created_by"
            | "last_edited_by"
            | "files"
            | "relation"
            | "rollup"
            | "number"
            | "url"
            | "email"
            | "phone_number"
            | "created_time"
            | "last_edited_time"
            | "button"
    );
    (!is_known && !inner.is_null()).then(|| inner.clone())
}

/// Joins the plain text of rich text items.
#[must_use]
pub fn rich_text(items: &Value) -> String {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(plain).collect()
}

fn plain(item: &Value) -> Option<&str> {
    let content = || item.get("text")?.get("content")?.as_str();
    string(item, "plain_text").or_else(content)
}

/// A person's name, else mail address, else id: without the capability "user information" there is nothing but ids.
#[must_use]
pub fn person(user: &Value) -> Option<String> {
    let mail = || user.get("person").and_then(|person| string(person, "email"));
    string(user, "name")
        .filter(|name| !name.trim().is_empty())
        .or_else(mail)
        .or_else(|| string(user, "id"))
        .map(str::to_owned)
}

/// The type of a value and what stands under it.
fn typed(value: &Value) -> Option<(&str, &Value)> {
    let kind = string(value, "type")?;
    Some((kind, value.get(kind)?))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some((if *flag { "Yes" } else { "No" }).to_owned()),
        Value::Object(_) => text(&json!({"type": "date", "date": value})),
        Value::Null | Value::Array(_) => None,
    }
}

fn string<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_says_something() {
        let cases = [
            (
                json!({"type": "title", "title": [{"plain_text": "招待"}, {"text": {"content": "!"}}]}),
                "招待!",
            ),
            (json!({"type": "select", "select": {"name": "高"}}), "高"),
            (
                json!({"type": "multi_select", "multi_select": [{"name": "a"}, {"name": "b"}]}),
                "a, b",
            ),
            (
                json!({"type": "people", "people": [{"name": "佐藤"}, {"object": "group", "name": "sre"}, {"id": "u1"}, {"name": " ", "person": {"email": "a@example.com"}}]}),
                "佐藤, sre, u1, a@example.com",
            ),
            (
                json!({"type": "date", "date": {"start": "2026-03-04", "end": "2026-03-05"}}),
                "2026-03-04 → 2026-03-05",
            ),
            (json!({"type": "number", "number": 1.5}), "1.5"),
            (json!({"type": "checkbox", "checkbox": false}), "No"),
            (
                json!({"type": "url", "url": "https://example.com"}),
                "https://example.com",
            ),
            (
                json!({"type": "files", "files": [{"name": "a.png", "file": {"url": "x", "expiry_time": "y"}}]}),
                "a.png",
            ),
            (json!({"type": "relation", "relation": [{"id": "p1"}]}), "p1"),
            (
                json!({"type": "rollup", "rollup": {"type": "array", "array": [{"type": "select", "select": {"name": "z"}}]}}),
                "z",
            ),
            (
                json!({"type": "rollup", "rollup": {"type": "number", "number": 3}}),
                "3",
            ),
            (
                json!({"type": "formula", "formula": {"type": "boolean", "boolean": true}}),
                "Yes",
            ),
            (
                json!({"type": "formula", "formula": {"type": "date", "date": {"start": "2026-01-01"}}}),
                "2026-01-01",
            ),
            (
                json!({"type": "unique_id", "unique_id": {"prefix": "SRE", "number": 7}}),
                "SRE-7",
            ),
            (
                json!({"type": "unique_id", "unique_id": {"prefix": null, "number": 7}}),
                "7",
            ),
            (json!({"type": "created_by", "created_by": {"id": "bot"}}), "bot"),
            (
                json!({"type": "verification", "verification": {"state": "verified"}}),
                "verified",
            ),
            (json!({"type": "place", "place": {"name": "東京"}}), "東京"),
            (json!({"type": "brand_new", "brand_new": "x"}), "x"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(&value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn empty_values_say_nothing() {
        for value in [
            json!({"type": "select", "select": null}),
            json!({"type": "title", "title": []}),
            json!({"type": "date", "date": null}),
            json!({"type": "button", "button": {}}),
            json!({"type": "formula", "formula": {"type": "string", "string": null}}),
            json!({"type": "rollup", "rollup": {"type": "unsupported"}}),
            json!({"type": "unique_id", "unique_id": {"prefix": "A", "number": null}}),
            json!({"type": "x"}),
            json!(null),
        ] {
            assert_eq!((text(&value), kept(&value)), (None, None), "{value}");
        }
    }

    #[test]
    fn types_that_are_new_are_kept_as_they_are() {
        let value = json!({"type": "location", "location": {"lat": 1}});
        assert_eq!(kept(&value), Some(json!({"lat": 1})));
    }

    #[test]
    fn moments_and_numbers_come_from_the_types_that_hold_them() {
        assert_eq!(
            moment(&json!({"type": "formula", "formula": {"type": "date", "date": {"start": "2026-01-01"}}}))
                .as_deref(),
            Some("2026-01-01")
        );
        assert_eq!(
            moment(&json!({"type": "created_time", "created_time": "2026-01-01T00:00:00.000Z"})).as_deref(),
            Some("2026-01-01T00:00:00.000Z")
        );
        assert_eq!(moment(&json!({"type": "select", "select": {"name": "x"}})), None);
        assert_eq!(
            number(&json!({"type": "rollup", "rollup": {"type": "number", "number": 4}})),
            Some(4.0)
        );
    }
}
