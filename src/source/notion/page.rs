//! From a page of a data source to a [`Ticket`].

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Object;
use super::mapping::{CONTENT, CREATED_BY, CREATED_TIME, EDITED_TIME, Mapping, is_in_hours};
use super::schema::Schema;
use super::{body, link, value};
use crate::source::Field;
use crate::source::effort;
use crate::source::record::{self, Record};
use crate::ticket::{Ticket, TicketId};

/// All that was read of a page.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The page object.
    pub page: &'a Object,
    /// Values that the page object cuts short, whole, by property id.
    pub completed: Option<&'a Object>,
    /// Its content, Markdown.
    pub body: Option<&'a str>,
    /// Its comments as Notion gave them.
    pub comments: &'a [Value],
    /// Whether it left its data source.
    pub is_gone: bool,
}

/// Makes the ticket of a page; `None` if the page has no id. Days are days in `zone`.
///
/// Properties that fill no field are kept under `fields` by their names.
#[must_use]
pub fn ticket(parts: Parts<'_>, schema: &Schema, mapping: &Mapping, zone: &TimeZone) -> Option<Ticket> {
    let page = Page::new(parts)?;
    let mut values: BTreeMap<Field, Value> = BTreeMap::new();
    for field in mapping.all().keys() {
        if let Some(value) = page.field(*field, schema, mapping) {
            values.insert(*field, value);
        }
    }
    values.insert(Field::Url, json!(page.text("url")));
    values.insert(Field::Deleted, json!(parts.is_gone || page.is_in_trash()));
    values.insert(
        Field::Comments,
        parts.comments.iter().filter_map(comment).collect(),
    );
    let fields = schema
        .properties()
        .iter()
        .filter(|property| !mapping.uses(&property.id));
    let fields = fields
        .filter_map(|property| Some((property.name.clone(), value::kept(page.value(&property.id)?)?)))
        .collect();
    let id = TicketId::new(&page.id)?;
    Some(record::ticket(Record { id, values, fields }, zone).0)
}

/// A page with its values by property id.
struct Page<'a> {
    parts: Parts<'a>,
    id: String,
    values: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Page<'a> {
    fn new(parts: Parts<'a>) -> Option<Self> {
        let id = link::id(parts.page.get("id")?.as_str()?)?;
        let properties = parts.page.get("properties").and_then(Value::as_object);
        let given = properties.into_iter().flatten();
        let mut values: BTreeMap<&str, &Value> = given
            .map(|(name, value)| (value.get("id").and_then(Value::as_str).unwrap_or(name), value))
            .collect();
        values.extend(
            parts
                .completed
                .into_iter()
                .flatten()
                .map(|(id, value)| (id.as_str(), value)),
        );
        Some(Self { parts, id, values })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.parts.page.get(key)?.as_str()
    }

    fn value(&self, id: &str) -> Option<&Value> {
        self.values.get(id).copied()
    }

    /// `in_trash`, or `archived` as it was called before 2026-03-11.
    fn is_in_trash(&self) -> bool {
        let flag = |key: &str| self.parts.page.get(key).and_then(Value::as_bool);
        flag("in_trash").or_else(|| flag("archived")).unwrap_or(false)
    }

    /// The value of a field by its mapping, in the form in which files give it.
    fn field(&self, field: Field, schema: &Schema, mapping: &Mapping) -> Option<Value> {
        let sources = mapping.sources(field);
        let first = |read: &dyn Fn(&str) -> Option<Value>| sources.iter().find_map(|id| read(id));
        match field {
            Field::Body => self.body(sources, schema),
            Field::CreatedAt | Field::UpdatedAt | Field::StartedAt | Field::ClosedAt => {
                first(&|id| self.moment(id).map(Value::from))
            }
            Field::Requester => first(&|id| {
                Some(self.names(id))
                    .filter(|names| !names.is_empty())
                    .map(Value::from)
            }),
            Field::Assignee | Field::Labels => Some(
                sources
                    .iter()
                    .flat_map(|id| self.names(id))
                    .map(Value::from)
                    .collect(),
            ),
            Field::Done => first(&|id| {
                let value = self.value(id)?;
                let by_group = schema.by_id(id).and_then(|property| property.means_done(value));
                by_group
                    .or_else(|| value.get("checkbox")?.as_bool())
                    .map(Value::from)
            }),
            Field::MinutesSpent => first(&|id| {
                let number = value::number(self.value(id)?)?;
                let in_hours = schema.by_id(id).is_some_and(is_in_hours);
                Some(if in_hours {
                    json!(effort::in_hours(&number.to_string()))
                } else {
                    json!(number)
                })
            }),
            _ => first(&|id| value::text(self.value(id)?).map(Value::from)),
        }
    }

    fn moment(&self, source: &str) -> Option<String> {
        match source {
            CREATED_TIME => self.text("created_time").map(str::to_owned),
            EDITED_TIME => self.text("last_edited_time").map(str::to_owned),
            id => value::moment(self.value(id)?),
        }
    }

    fn names(&self, source: &str) -> Vec<String> {
        if source != CREATED_BY {
            return self.value(source).map(value::names).unwrap_or_default();
        }
        // A workflow or another connection makes pages on behalf of people; it is nobody who asks for anything.
        let person = self
            .parts
            .page
            .get("created_by")
            .filter(|user| user.get("type").and_then(Value::as_str) == Some("person"));
        person.and_then(value::person).into_iter().collect()
    }

    /// The form's answers, each under its question, then the page's content. A single answer needs no question.
    fn body(&self, sources: &[String], schema: &Schema) -> Option<Value> {
        let is_one = sources.iter().filter(|source| *source != CONTENT).count() == 1;
        let parts = sources.iter().filter_map(|source| {
            if source == CONTENT {
                return self.parts.body.map(body::without_tags);
            }
            let text = value::text(self.value(source)?)?;
            let name = schema
                .by_id(source)
                .map_or(source.as_str(), |property| &property.name);
            Some(if is_one { text } else { format!("{name}: {text}") })
        });
        let parts: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join("\n\n").into())
    }
}

/// A comment in the form in which files give it.
fn comment(comment: &Value) -> Option<Value> {
    let text = value::rich_text(comment.get("rich_text")?);
    let resolved = comment
        .get("display_name")
        .and_then(|name| name.get("resolved_name"));
    let author = resolved
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| comment.get("created_by").and_then(value::person));
    (!text.trim().is_empty())
        .then(|| json!({"text": text, "author": author, "created_at": comment.get("created_time")}))
}

/// Takes out of a page object what changes without anybody changing the page: links that expire, pictures of people.
pub fn settle(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.remove("expiry_time").is_some() {
                object.remove("url");
            }
            object.remove("avatar_url");
            object.remove("request_id");
            object.values_mut().for_each(settle);
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        _ => {}
    }
}

/// Most references of one value that a page object holds; Notion's documentation says 25.
const MOST_REFERENCES: usize = 25;

/// Returns the ids of the values that a page object may cut short, ordered: relations say so, people and mentions
/// do not.
#[must_use]
pub fn cut_values(page: &Object) -> Vec<String> {
    let properties = page.get("properties").and_then(Value::as_object);
    let is_mention = |item: &&Value| item.get("type").and_then(Value::as_str) == Some("mention");
    let mut cut: Vec<String> = properties
        .into_iter()
        .flat_map(|properties| properties.values())
        .filter(|value| {
            let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
            let items = value
                .get(kind)
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let says_more = value.get("has_more").and_then(Value::as_bool).unwrap_or(false);
            match kind {
                "relation" => says_more,
                "people" => says_more || items.len() >= MOST_REFERENCES,
                "title" | "rich_text" => {
                    says_more || items.iter().filter(is_mention).count() >= MOST_REFERENCES
                }
                _ => false,
            }
        })
        .filter_map(|value| Some(value.get("id")?.as_str()?.to_owned()))
        .collect();
    cut.sort_unstable();
    cut
}

/// Puts the items of a value that was asked for in full together, in the form in which a page object has it. Returns
/// `None` if there are none.
#[must_use]
pub fn whole_value(id: &str, items: &[Value]) -> Option<Value> {
    let kind = items.first()?.get("type")?.as_str()?;
    let all: Vec<Value> = items.iter().filter_map(|item| item.get(kind).cloned()).collect();
    Some(json!({"id": id, "type": kind, kind: all}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::notion::mapping::Sources;
    use crate::source::to_line;

    fn object(value: Value) -> Object {
        match value {
            Value::Object(object) => object,
            _ => panic!("an object"),
        }
    }

    fn schema() -> Schema {
        Schema::read(&object(json!({
            "依頼名": {"id": "title", "type": "title"},
            "状態": {"id": "s", "type": "status", "status": {
                "options": [{"id": "1", "name": "済"}], "groups": [{"name": "Complete", "option_ids": ["1"]}]}},
            "依頼内容": {"id": "b", "type": "rich_text"},
            "背景": {"id": "r", "type": "rich_text"},
            "依頼者": {"id": "p", "type": "people"},
            "完了日": {"id": "c", "type": "date"},
            "番号": {"id": "n", "type": "unique_id"},
            "工数(h)": {"id": "h", "type": "number"},
            "場所": {"id": "x", "type": "location"},
        })))
    }

    fn page() -> Object {
        object(json!({
            "object": "page", "id": "0226784abd114c348cdf4a4cdccea111", "url": "https://www.notion.so/0226784abd114c348cdf4a4cdccea111",
            "created_time": "2026-03-01T00:00:00.000Z", "last_edited_time": "2026-03-02T00:00:00.000Z", "in_trash": false,
            "created_by": {"id": "bot", "type": "bot"},
            "properties": {
                "依頼名": {"id": "title", "type": "title", "title": [{"plain_text": "招待"}]},
                "状態": {"id": "s", "type": "status", "status": {"id": "1", "name": "済"}},
                "依頼内容": {"id": "b", "type": "rich_text", "rich_text": [{"plain_text": "GitHub に招待してください"}]},
                "背景": {"id": "r", "type": "rich_text", "rich_text": []},
                "依頼者": {"id": "p", "type": "people", "people": [{"name": "佐藤"}]},
                "完了日": {"id": "c", "type": "date", "date": {"start": "2026-03-02"}},
                "番号": {"id": "n", "type": "unique_id", "unique_id": {"prefix": "SRE", "number": 7}},
                "工数(h)": {"id": "h", "type": "number", "number": 0.5},
                "場所": {"id": "x", "type": "location", "location": {"lat": 1}},
            }
        }))
    }

    #[test]
    fn a_page_becomes_a_ticket() {
        let mapping = Mapping::resolve(&schema(), &Sources::new()).unwrap();
        let comments = [
            json!({"rich_text": [{"plain_text": "対応します"}], "created_time": "2026-03-01T01:00:00.000Z",
            "created_by": {"id": "u"}, "display_name": {"resolved_name": "鈴木"}}),
        ];
        let page = page();
        let parts = Parts {
            page: &page,
            completed: None,
            body: Some("<callout>急ぎ</callout>"),
            comments: &comments,
            is_gone: false,
        };
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let ticket = ticket(parts, &schema(), &mapping, &zone).unwrap();
        let expected = concat!(
            r#"{"body":"依頼内容: GitHub に招待してください\n\n急ぎ","closed_at":"2026-03-02","#,
            r#""comments":[{"author":"鈴木","created_at":"2026-03-01T01:00:00Z","text":"対応します"}],"#,
            r#""created_at":"2026-03-01T00:00:00Z","done":true,"fields":{"場所":{"lat":1},"番号":"SRE-7"},"#,
            r#""id":"0226784a-bd11-4c34-8cdf-4a4cdccea111","minutes_spent":30.0,"requester":["佐藤"],"status":"済","#,
            r#""title":"招待","updated_at":"2026-03-02T00:00:00Z","url":"https://www.notion.so/0226784abd114c348cdf4a4cdccea111"}"#
        );
        assert_eq!(to_line(&ticket, &zone), expected);
    }

    #[test]
    fn trash_has_two_names_and_a_gone_page_is_deleted() {
        let mapping = Mapping::resolve(&schema(), &Sources::new()).unwrap();
        let deleted = |key: &str, is_gone| {
            let page = object(json!({"id": "0226784abd114c348cdf4a4cdccea111", key: true, "properties": {}}));
            let parts = Parts {
                page: &page,
                completed: None,
                body: None,
                comments: &[],
                is_gone,
            };
            ticket(parts, &schema(), &mapping, &TimeZone::UTC)
                .unwrap()
                .deleted
        };
        assert!(deleted("in_trash", false) && deleted("archived", false) && deleted("x", true));
        assert!(!deleted("x", false));
    }

    #[test]
    fn values_that_may_be_cut_are_found_and_put_together() {
        let people: Vec<Value> = (0..25).map(|n| json!({"id": n.to_string()})).collect();
        let page = object(json!({"properties": {
            "a": {"id": "a", "type": "relation", "relation": [], "has_more": true},
            "b": {"id": "b", "type": "people", "people": people},
            "c": {"id": "c", "type": "people", "people": [{"id": "1"}]},
        }}));
        assert_eq!(cut_values(&page), ["a", "b"]);
        let items = [
            json!({"type": "people", "people": {"name": "x"}}),
            json!({"type": "people", "people": {"name": "y"}}),
        ];
        assert_eq!(
            whole_value("b", &items),
            Some(json!({"id": "b", "type": "people", "people": [{"name": "x"}, {"name": "y"}]}))
        );
        assert_eq!(whole_value("b", &[]), None);
    }

    #[test]
    fn what_expires_is_taken_out() {
        let mut value = json!({"files": [{"name": "a", "file": {"url": "x?sig", "expiry_time": "y"}}, {"external": {"url": "z"}}], "avatar_url": "p"});
        settle(&mut value);
        assert_eq!(
            value,
            json!({"files": [{"name": "a", "file": {}}, {"external": {"url": "z"}}]})
        );
    }
}
