//! From the values of one record to a [`Ticket`], the same for every format.
//!
//! A value that does not fit costs the ticket this value only, and leaves a remark. `null`, empty text and white
//! space are missing. Titles, bodies and comments stay as written; short values lose surrounding white space.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::note::{Remark, quote};
use super::{Fault, Field, Guess, NoteKind, date, effort};
use crate::ticket::{Comment, Moment, Ticket, TicketId};

/// The values of one record by field, and what else it had by name.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) id: TicketId,
    pub(super) values: BTreeMap<Field, Value>,
    pub(super) fields: BTreeMap<String, Value>,
}

/// A record that is no ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) id: Option<TicketId>,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            id: None,
            reason: reason.into(),
        }
    }
}

/// What became of one record: a ticket and what it lost on the way, or the reason why it is none.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Line on which the record starts, from 1, if it is one of several in a file.
    pub(super) line: Option<u64>,
    pub(super) result: Result<(Ticket, Vec<Remark>), Refusal>,
}

/// What one file gave, or one of the files in an archive.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The file as messages name it.
    pub(super) source: String,
    /// Its records, in their order.
    pub(super) outcomes: Vec<Outcome>,
    /// How its columns were understood, if it has any.
    pub(super) guess: Option<Guess>,
    pub(super) notes: Vec<NoteKind>,
}

/// Whether a value says nothing.
pub(super) fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Makes the ticket; dates without an offset are read in `zone`.
pub(super) fn ticket(record: Record, zone: &TimeZone) -> (Ticket, Vec<Remark>) {
    let mut values = Values {
        values: record.values,
        zone,
        remarks: Vec::new(),
    };
    let ticket = Ticket {
        title: values.text(Field::Title),
        body: values.text(Field::Body),
        created_at: values.moment(Field::CreatedAt),
        updated_at: values.moment(Field::UpdatedAt),
        started_at: values.moment(Field::StartedAt),
        closed_at: values.moment(Field::ClosedAt),
        requesters: values.names(Field::Requester),
        assignees: values.names(Field::Assignee),
        status: values.word(Field::Status),
        done: values.flag(Field::Done),
        deleted: values.flag(Field::Deleted).unwrap_or(false),
        priority: values.word(Field::Priority),
        labels: values.names(Field::Labels),
        minutes_spent: values.minutes(),
        comments: values.comments(),
        url: values.word(Field::Url),
        category: values.word(Field::Category),
        fields: record.fields,
        ..Ticket::new(record.id)
    };
    (ticket, values.remarks)
}

/// The values that are still to be read, and the remarks about those that were.
struct Values<'a> {
    values: BTreeMap<Field, Value>,
    zone: &'a TimeZone,
    remarks: Vec<Remark>,
}

impl Values<'_> {
    fn text(&mut self, field: Field) -> Option<String> {
        let value = self.values.remove(&field)?;
        let read = text_of(&value);
        self.keep(field, &value, read)
    }

    fn word(&mut self, field: Field) -> Option<String> {
        self.text(field).map(|text| text.trim().to_owned())
    }

    /// Names in the order of the record, each once.
    fn names(&mut self, field: Field) -> Vec<String> {
        let mut names = Vec::new();
        for item in self.items(field) {
            let read = text_of(&item);
            if let Some(name) = self.keep(field, &item, read).map(|name| name.trim().to_owned())
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }

    fn moment(&mut self, field: Field) -> Option<Moment> {
        let value = self.values.remove(&field)?;
        self.moment_of(field, &value)
    }

    fn moment_of(&mut self, field: Field, value: &Value) -> Option<Moment> {
        let read = match value {
            value if is_missing(value) => Ok(None),
            Value::String(text) => date::moment(text, self.zone).map(Some),
            _ => Err(Fault::WrongType),
        };
        self.keep(field, value, read)
    }

    /// Yes or no: JSON's own, or what a check box becomes in a file.
    fn flag(&mut self, field: Field) -> Option<bool> {
        let value = self.values.remove(&field)?;
        let word = match &value {
            Value::String(text) => text.trim().to_lowercase(),
            _ => String::new(),
        };
        let read = match &value {
            value if is_missing(value) => Ok(None),
            Value::Bool(flag) => Ok(Some(*flag)),
            _ if ["true", "yes", "はい", "1"].contains(&word.as_str()) => Ok(Some(true)),
            _ if ["false", "no", "いいえ", "0"].contains(&word.as_str()) => Ok(Some(false)),
            _ => Err(Fault::WrongType),
        };
        self.keep(field, &value, read)
    }

    fn minutes(&mut self) -> Option<f64> {
        let value = self.values.remove(&Field::MinutesSpent)?;
        let read = match &value {
            Value::Number(number) => match number.as_f64() {
                Some(minutes) if minutes < 0.0 => Err(Fault::Negative),
                // `abs` for a negative zero, which would not equal itself as text.
                Some(minutes) => Ok(Some(minutes.abs())),
                None => Err(Fault::NotANumber),
            },
            Value::String(text) => effort::minutes(text).map(Some),
            _ => Err(Fault::WrongType),
        };
        self.keep(Field::MinutesSpent, &value, read)
    }

    fn comments(&mut self) -> Vec<Comment> {
        self.items(Field::Comments)
            .iter()
            .filter_map(|item| self.comment(item))
            .collect()
    }

    fn comment(&mut self, item: &Value) -> Option<Comment> {
        let Value::Object(parts) = item else {
            let read = text_of(item);
            let text = self.keep(Field::Comments, item, read)?;
            return Some(Comment {
                author: None,
                text,
                created_at: None,
            });
        };
        let text = match parts.get("text").or_else(|| parts.get("body")) {
            Some(text) => text_of(text),
            None => Err(Fault::WrongType),
        };
        let text = self.keep(Field::Comments, item, text)?;
        let author = parts.get("author").and_then(|author| {
            let read = text_of(author);
            self.keep(Field::Comments, author, read)
        });
        let created_at = parts
            .get("created_at")
            .and_then(|value| self.moment_of(Field::Comments, value));
        Some(Comment {
            author: author.map(|author| author.trim().to_owned()),
            text,
            created_at,
        })
    }

    /// The items of a list; a value that is no list is its only item.
    fn items(&mut self, field: Field) -> Vec<Value> {
        match self.values.remove(&field) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(item) => vec![item],
        }
    }

    /// Passes on what was read, or leaves a remark about what was not.
    fn keep<T>(&mut self, field: Field, value: &Value, read: Result<Option<T>, Fault>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.remarks.push(Remark {
                field,
                fault,
                value: shown(value),
            });
            None
        })
    }
}

/// A value in a remark. What is neither text nor number shows its type only: it can be a whole conversation.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quote(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The text of a value. Numbers are written out; an object, as APIs give for people and options, by its name.
fn text_of(value: &Value) -> Result<Option<String>, Fault> {
    match value {
        value if is_missing(value) => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Object(object) => name_of(object)
            .map(|name| Some(name.to_owned()))
            .ok_or(Fault::WrongType),
        _ => Err(Fault::WrongType),
    }
}

fn name_of(object: &Map<String, Value>) -> Option<&str> {
    ["name", "email"]
        .into_iter()
        .filter_map(|key| object.get(key)?.as_str())
        .find(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(field: Field, value: Value) -> (Ticket, Vec<Remark>) {
        let id = TicketId::new("t-1").unwrap();
        let record = Record {
            id,
            values: BTreeMap::from([(field, value)]),
            fields: BTreeMap::new(),
        };
        ticket(record, &TimeZone::UTC)
    }

    fn fault(field: Field, value: Value) -> Option<Fault> {
        read(field, value).1.first().map(|remark| remark.fault)
    }

    #[test]
    fn texts_stay_as_written_and_words_are_trimmed() {
        assert_eq!(read(Field::Body, json!("  a\n")).0.body.as_deref(), Some("  a\n"));
        assert_eq!(
            read(Field::Status, json!(" 完了\u{3000}")).0.status.as_deref(),
            Some("完了")
        );
        assert_eq!(read(Field::Priority, json!(2)).0.priority.as_deref(), Some("2"));
        assert_eq!(
            read(Field::Status, json!({"id": 3, "name": "Done"}))
                .0
                .status
                .as_deref(),
            Some("Done")
        );
    }

    #[test]
    fn people_are_texts_lists_or_objects_and_stand_once() {
        let people = json!(["A", {"name": " B "}, {"name": "", "email": "c@example.com"}, null, " ", "A"]);
        assert_eq!(
            read(Field::Assignee, people).0.assignees,
            ["A", "B", "c@example.com"]
        );
        assert_eq!(read(Field::Requester, json!("A, B")).0.requesters, ["A, B"]);
    }

    #[test]
    fn a_wrong_item_costs_only_itself() {
        let (ticket, remarks) = read(Field::Labels, json!(["db", true, {"id": 1}]));
        assert_eq!(ticket.labels, ["db"]);
        let shown: Vec<_> = remarks.iter().map(|remark| remark.value.as_str()).collect();
        assert_eq!(shown, ["true or false", "an object"]);
    }

    #[test]
    fn an_unreadable_date_leaves_an_undated_ticket() {
        let (ticket, remarks) = read(Field::CreatedAt, json!("来週"));
        assert_eq!(ticket.created_at, None);
        let expected = Remark {
            field: Field::CreatedAt,
            fault: Fault::NotADate,
            value: "\"来週\"".into(),
        };
        assert_eq!(remarks, [expected]);
        assert_eq!(
            fault(Field::ClosedAt, json!(1_700_000_000)),
            Some(Fault::WrongType)
        );
    }

    #[test]
    fn efforts_below_zero_are_missing() {
        assert_eq!(fault(Field::MinutesSpent, json!(-1)), Some(Fault::Negative));
        assert_eq!(fault(Field::MinutesSpent, json!([3])), Some(Fault::WrongType));
        assert_eq!(read(Field::MinutesSpent, json!("1h")).0.minutes_spent, Some(60.0));
        assert_eq!(read(Field::MinutesSpent, json!(0)).0.minutes_spent, Some(0.0));
    }

    #[test]
    fn flags_are_json_or_check_boxes() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!("No"), Some(false)),
            (json!(null), None),
        ] {
            assert_eq!(read(Field::Done, value).0.done, expected);
        }
        assert!(read(Field::Deleted, json!("Yes")).0.deleted);
        assert_eq!(fault(Field::Done, json!("maybe")), Some(Fault::WrongType));
    }

    #[test]
    fn comments_are_texts_or_objects() {
        let comments = json!([
            "done",
            {"author": {"name": "A"}, "body": "ok", "created_at": "2026-01-02"},
            {"text": " "},
            {"author": "B"},
            {"text": "late", "created_at": "soon"},
        ]);
        let (ticket, remarks) = read(Field::Comments, comments);
        let texts: Vec<_> = ticket
            .comments
            .iter()
            .map(|comment| comment.text.as_str())
            .collect();
        assert_eq!(texts, ["done", "ok", "late"]);
        assert_eq!(ticket.comments[1].author.as_deref(), Some("A"));
        assert!(ticket.comments[1].created_at.is_some_and(|at| at.day_only));
        let faults: Vec<_> = remarks.iter().map(|remark| remark.fault).collect();
        assert_eq!(faults, [Fault::WrongType, Fault::NotADate]);
    }
}
