//! JSONL: one object a line, with the keys of [`Field::name`].
//!
//! Lines are read in parallel and come out in their order. A broken line is refused with its reason and the next
//! one is read; blank lines are no records.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::note::{Remark, quote};
use super::record::{self, Outcome, Record, Refusal, is_missing};
use super::{Field, Kind, ReadOptions, SourceError, json};
use crate::ticket::{Ticket, TicketId};

/// The key under which a line may hold what is no field of a ticket, as [`to_line`](super::to_line) writes it.
const FIELDS: &str = "fields";

/// How the lines begin that an export of the store holds beside its tickets, of a run and of a launch: they are no records
/// of tickets.
pub const RUN_LINE: &[u8] = b"{\"toilscope_run\":";
/// See [`RUN_LINE`].
pub const LAUNCH_LINE: &[u8] = b"{\"toilscope_launch\":";

/// Reads the lines of an input.
///
/// # Errors
///
/// [`SourceError::WrongKind`] if no line is an object because objects are spread over several lines.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Vec<Outcome>, SourceError> {
    let lines: Vec<(u64, &[u8])> = (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter(|(_, line)| {
            let is_other = line.starts_with(RUN_LINE) || line.starts_with(LAUNCH_LINE);
            !line.trim_ascii().is_empty() && !is_other
        })
        .collect();
    let outcomes: Vec<Outcome> = lines
        .par_iter()
        .map(|&(line, text)| Outcome {
            line: Some(line),
            result: ticket(text, options),
        })
        .collect();
    let none = outcomes.iter().all(|outcome| outcome.result.is_err());
    if none && lines.first().is_some_and(|(_, line)| json::is_unfinished(line)) {
        return Err(SourceError::WrongKind {
            name: name.to_owned(),
            kind: Kind::SpreadJson,
        });
    }
    Ok(outcomes)
}

fn ticket(line: &[u8], options: &ReadOptions) -> Result<(Ticket, Vec<Remark>), Refusal> {
    // Files put together by `cat` carry a byte order mark wherever the next one began.
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let text = std::str::from_utf8(line)
        .map_err(|error| Refusal::new(format!("broken UTF-8 (byte {})", error.valid_up_to() + 1)))?;
    let object = json::object(text).map_err(Refusal::new)?;
    Ok(record::ticket(record(object, &options.columns)?, &options.zone))
}

/// Sorts the keys of an object into a ticket's fields and others. A key that `columns` names for a field goes
/// before the field's own name, which is then one of the others.
fn record(mut object: Map<String, Value>, columns: &BTreeMap<Field, String>) -> Result<Record, Refusal> {
    let keys = Field::ALL.map(|field| {
        let mapped = columns
            .get(&field)
            .map(String::as_str)
            .filter(|key| object.contains_key(*key));
        (field, mapped.unwrap_or(field.name()))
    });
    let mut values: BTreeMap<Field, Value> = keys
        .iter()
        .filter_map(|(field, key)| Some((*field, object.get(*key)?.clone())))
        .collect();
    let id = id_of(values.remove(&Field::Id).unwrap_or(Value::Null))?;
    object.retain(|name, _| keys.iter().all(|(_, key)| key != name));
    let fields = fields(object).map_err(|reason| Refusal {
        id: Some(id.clone()),
        reason,
    })?;
    Ok(Record { id, values, fields })
}

fn id_of(value: Value) -> Result<TicketId, Refusal> {
    let id = match value {
        value if is_missing(&value) => None,
        Value::String(text) => TicketId::new(&text),
        Value::Number(number) if number.is_i64() || number.is_u64() => TicketId::new(&number.to_string()),
        _ => return Err(Refusal::new("the id is neither text nor an integer")),
    };
    id.ok_or_else(|| Refusal::new("no id"))
}

/// The keys that are no field of a ticket, those gathered under [`FIELDS`] among them.
fn fields(mut object: Map<String, Value>) -> Result<BTreeMap<String, Value>, String> {
    let gathered = match object.remove(FIELDS) {
        Some(Value::Object(gathered)) => gathered,
        Some(other) => Map::from_iter([(FIELDS.to_owned(), other)]),
        None => Map::new(),
    };
    if let Some(key) = gathered.keys().find(|key| object.contains_key(*key)) {
        return Err(format!(
            "the key {} stands in the record and under `{FIELDS}`",
            quote(key)
        ));
    }
    Ok(object
        .into_iter()
        .chain(gathered)
        .filter(|(_, value)| !is_missing(value))
        .collect())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;

    fn options(columns: &[(Field, &str)]) -> ReadOptions {
        let columns = columns
            .iter()
            .map(|(field, key)| (*field, (*key).to_owned()))
            .collect();
        ReadOptions {
            zone: TimeZone::UTC,
            columns,
            format: None,
        }
    }

    fn only(line: &str) -> Result<Ticket, Refusal> {
        ticket(line.as_bytes(), &options(&[])).map(|(ticket, _)| ticket)
    }

    fn reason(line: &str) -> String {
        only(line).unwrap_err().reason
    }

    #[test]
    fn ids_are_text_or_integers() {
        assert_eq!(only(r#"{"id":" A-1 "}"#).unwrap().id.as_str(), "A-1");
        assert_eq!(only(r#"{"id":-12}"#).unwrap().id.as_str(), "-12");
        for line in [r#"{"title":"x"}"#, r#"{"id":null}"#, r#"{"id":" "}"#] {
            assert_eq!(reason(line), "no id");
        }
        for line in [
            r#"{"id":1.5}"#,
            r#"{"id":["a"]}"#,
            r#"{"id":123456789012345678901234567890}"#,
        ] {
            assert_eq!(reason(line), "the id is neither text nor an integer");
        }
    }

    #[test]
    fn other_keys_are_kept_and_answers_among_them() {
        let ticket = only(r#"{"id":1,"label":"account","team":["a"],"note":" ","fields":{"x":1}}"#).unwrap();
        let expected = [
            ("label", json!("account")),
            ("team", json!(["a"])),
            ("x", json!(1)),
        ];
        assert_eq!(
            ticket.fields,
            expected.map(|(key, value)| (key.to_owned(), value)).into()
        );
        assert!(ticket.labels.is_empty());
    }

    #[test]
    fn a_key_beside_and_under_fields_is_refused_with_its_id() {
        let refusal = only(r#"{"id":"a","x":1,"fields":{"x":2}}"#).unwrap_err();
        assert_eq!(refusal.id, TicketId::new("a"));
        assert_eq!(
            refusal.reason,
            r#"the key "x" stands in the record and under `fields`"#
        );
    }

    #[test]
    fn fields_that_are_no_object_are_a_key_like_others() {
        assert_eq!(
            only(r#"{"id":1,"fields":[2]}"#).unwrap().fields["fields"],
            json!([2])
        );
    }

    #[test]
    fn mapped_keys_go_before_the_usual_ones() {
        let options = options(&[(Field::Title, "summary"), (Field::Id, "key")]);
        let line = br#"{"key":"K-1","summary":"a","title":"b"}"#;
        let (found, _) = ticket(line, &options).unwrap();
        assert_eq!((found.id.as_str(), found.title.as_deref()), ("K-1", Some("a")));
        assert_eq!(found.fields["title"], json!("b"));
        let (found, _) = ticket(br#"{"id":"K-2","title":"b"}"#, &options).unwrap();
        assert_eq!((found.id.as_str(), found.title.as_deref()), ("K-2", Some("b")));
    }

    #[test]
    fn lines_are_counted_as_in_the_file() {
        let text = b"\n{\"id\":1}\r\n\r\n  \nx\n\xEF\xBB\xBF{\"id\":2}";
        let found = read("a.jsonl", text, &options(&[])).unwrap();
        let lines: Vec<_> = found
            .iter()
            .map(|outcome| (outcome.line, outcome.result.is_ok()))
            .collect();
        assert_eq!(lines, [(Some(2), true), (Some(5), false), (Some(6), true)]);
    }

    #[test]
    fn runs_of_an_export_are_no_records() {
        let found = read(
            "a.jsonl",
            b"{\"id\":1}\n{\"toilscope_run\":{\"number\":1}}\n",
            &options(&[]),
        )
        .unwrap();
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn broken_utf8_costs_its_line() {
        let found = read("a.jsonl", b"{\"id\":1}\n{\"id\":\"\xE3\x81\"}\n", &options(&[])).unwrap();
        assert!(found[0].result.is_ok());
        assert_eq!(
            found[1].result.as_ref().unwrap_err().reason,
            "broken UTF-8 (byte 8)"
        );
    }

    #[test]
    fn an_object_over_several_lines_is_no_jsonl() {
        let error = read("a.json", b"{\n  \"id\": 1\n}\n", &options(&[])).unwrap_err();
        assert!(matches!(
            error,
            SourceError::WrongKind {
                kind: Kind::SpreadJson,
                ..
            }
        ));
    }
}
