//! The one way in which a ticket is written out: a JSONL line that reads back as the same ticket.
//!
//! Keys are sorted at every depth and missing values left out, so equal tickets give equal bytes whatever file they
//! came from. Merging breaks its last tie with this line.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::Field;
use crate::ticket::{Comment, Moment, Ticket};

/// Writes a ticket as one JSONL line, without the line break.
///
/// Moments are RFC 3339 in UTC, or the date in `zone` where the source gave only a date; reading the line with the
/// same `zone` gives an equal ticket. What is no field of a ticket stands under `fields`.
///
/// # Examples
///
/// ```
/// use jiff::tz::TimeZone;
/// use toilscope::ticket::{Ticket, TicketId};
///
/// let mut ticket = Ticket::new(TicketId::new("REQ-1").ok_or("no id")?);
/// ticket.title = Some("招待のお願い".into());
/// let line = toilscope::source::to_line(&ticket, &TimeZone::UTC);
/// assert_eq!(line, r#"{"id":"REQ-1","title":"招待のお願い"}"#);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn to_line(ticket: &Ticket, zone: &TimeZone) -> String {
    let moment = |moment: &Option<Moment>| moment.map(|moment| moment_text(moment, zone).into());
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let list = |list: &[String]| (!list.is_empty()).then(|| json!(list));
    let comments = || {
        ticket
            .comments
            .iter()
            .map(|comment| comment_value(comment, zone))
            .collect()
    };
    let value = |field| match field {
        Field::Id => Some(ticket.id.as_str().into()),
        Field::Title => text(&ticket.title),
        Field::Body => text(&ticket.body),
        Field::CreatedAt => moment(&ticket.created_at),
        Field::UpdatedAt => moment(&ticket.updated_at),
        Field::StartedAt => moment(&ticket.started_at),
        Field::ClosedAt => moment(&ticket.closed_at),
        Field::Requester => list(&ticket.requesters),
        Field::Assignee => list(&ticket.assignees),
        Field::Status => text(&ticket.status),
        Field::Done => ticket.done.map(Value::from),
        Field::Deleted => ticket.deleted.then_some(Value::from(true)),
        Field::Priority => text(&ticket.priority),
        Field::Labels => list(&ticket.labels),
        Field::MinutesSpent => ticket.minutes_spent.map(Value::from),
        Field::Comments => (!ticket.comments.is_empty()).then(comments),
        Field::Url => text(&ticket.url),
        Field::Category => text(&ticket.category),
    };
    let named = Field::ALL
        .into_iter()
        .filter_map(|field| Some((field.name().to_owned(), value(field)?)));
    let mut object: Map<String, Value> = named.collect();
    if !ticket.fields.is_empty() {
        object.insert("fields".into(), ticket.fields.clone().into_iter().collect());
    }
    let mut line = String::new();
    write(&Value::Object(object), &mut line);
    line
}

fn moment_text(moment: Moment, zone: &TimeZone) -> String {
    if moment.day_only {
        zone.to_datetime(moment.at).date().to_string()
    } else {
        moment.at.to_string()
    }
}

fn comment_value(comment: &Comment, zone: &TimeZone) -> Value {
    let mut object = Map::new();
    object.insert("text".into(), comment.text.clone().into());
    if let Some(author) = &comment.author {
        object.insert("author".into(), author.clone().into());
    }
    if let Some(at) = comment.created_at {
        object.insert("created_at".into(), moment_text(at, zone).into());
    }
    Value::Object(object)
}

/// Writes a value with sorted keys. `serde_json` sorts too, until a feature of some other crate turns that off.
fn write(value: &Value, line: &mut String) {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            wrap(line, ['{', '}'], entries, |line, (key, value)| {
                line.push_str(&Value::from(key.as_str()).to_string());
                line.push(':');
                write(value, line);
            });
        }
        Value::Array(items) => wrap(line, ['[', ']'], items, |line, item| write(item, line)),
        plain => line.push_str(&plain.to_string()),
    }
}

fn wrap<T>(
    line: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    each: impl Fn(&mut String, T),
) {
    line.push(open);
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        each(line, item);
    }
    line.push(close);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{Format, Input, ReadOptions, read};

    fn reread(line: &str, zone: &TimeZone) -> Vec<Ticket> {
        let input = Input {
            name: "a.jsonl".into(),
            bytes: line.as_bytes().to_vec(),
        };
        let options = ReadOptions {
            zone: zone.clone(),
            columns: std::collections::BTreeMap::new(),
            format: Some(Format::Jsonl),
        };
        read(&[input], &options).unwrap().tickets
    }

    #[test]
    fn a_full_ticket_survives() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let line = r#"{"assignee":["佐藤"],"body":" a\n\"b\"\u0000","category":"招待","closed_at":"2026-03-31","comments":[{"author":"x","created_at":"2026-03-01T00:00:00.5Z","text":"ok"},{"text":"y"}],"created_at":"2026-03-01T00:00:00Z","fields":{"a":{"x":1,"y":[null]},"fields":2},"id":"7","labels":["l"],"minutes_spent":12.5,"priority":"高","requester":["a","b"],"started_at":"2026-03-02","status":"完了","title":"t","updated_at":"2026-04-01T00:00:00Z","url":"https://example.com/7"}"#;
        let tickets = reread(line, &zone);
        assert_eq!(to_line(&tickets[0], &zone), line);
        assert_eq!(reread(&to_line(&tickets[0], &zone), &zone), tickets);
    }

    #[test]
    fn the_order_of_keys_leaves_no_trace() {
        let one = reread(r#"{"id":1,"b":{"y":1,"x":2},"a":3}"#, &TimeZone::UTC);
        let other = reread(r#"{"a":3,"b":{"x":2,"y":1},"id":"1"}"#, &TimeZone::UTC);
        assert_eq!(
            to_line(&one[0], &TimeZone::UTC),
            to_line(&other[0], &TimeZone::UTC)
        );
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same(
            title in "\\PC*|[\0-\u{9f}\u{202e}]{0,8}",
            key in "[a-z_]{1,10}",
            label in "\\PC{0,5}",
            second in 0_i64..7_000_000_000,
        ) {
            let at = jiff::Timestamp::from_second(second).unwrap().to_string();
            let line = json!({"id": "x", "title": title, key: [1, {"b": label}], "labels": [label], "created_at": at}).to_string();
            let tickets = reread(&line, &TimeZone::UTC);
            prop_assert_eq!(reread(&to_line(&tickets[0], &TimeZone::UTC), &TimeZone::UTC), tickets);
        }
    }
}
