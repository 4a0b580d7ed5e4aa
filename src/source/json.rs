//! One JSON value from one line, read strictly.
//!
//! A key that stands twice in an object is an error here, because keeping either value would drop the other in
//! silence. Nesting is limited by `serde_json` (128 levels), so hostile lines cannot exhaust the stack.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::note::quote;

/// Reads a line as an object; the error is the reason, a lower-case fragment.
pub(super) fn object(line: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str::<Strict>(line) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(_) => Err("not a JSON object".into()),
        Err(error) => Err(reason(&error)),
    }
}

/// Whether the line begins an object and breaks off, as the first line of a spread-out document does.
pub(super) fn is_unfinished(line: &[u8]) -> bool {
    let begins = line.trim_ascii_start().starts_with(b"{");
    begins && serde_json::from_slice::<Strict>(line).is_err_and(|error| error.is_eof())
}

/// What the parser says, with the place as a byte of the line; its own line number is always 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    format!("no valid JSON: {text} (byte {})", error.column())
}

/// A JSON value in which no key stands twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key {} stands twice",
                    quote(&key)
                )));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_repeated_key_is_refused_at_any_depth() {
        let reason = object(r#"{"id":1,"a":[{"b\u001b":1,"b\u001b":2}]}"#).unwrap_err();
        assert!(
            reason.starts_with(r#"no valid JSON: the key "b\u{1b}" stands twice (byte "#),
            "{reason}"
        );
    }

    #[test]
    fn lines_that_are_no_object_are_refused() {
        assert_eq!(object("[1]"), Err("not a JSON object".into()));
        for line in [
            "",
            "{",
            "nul",
            "{\"a\":NaN}",
            "{\"a\":1e999}",
            "{\"a\":\"\\ud800\"}",
            "{} {}",
            "\u{feff}{}",
        ] {
            assert!(
                object(line).is_err_and(|reason| reason.starts_with("no valid JSON: ")),
                "{line}"
            );
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let line = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert!(object(&line).unwrap_err().contains("recursion limit"));
    }

    #[test]
    fn a_broken_off_object_is_unfinished() {
        assert!(is_unfinished(b"{") && is_unfinished(b" {\"id\": 1,"));
        assert!(!is_unfinished(b"{}") && !is_unfinished(b"id,title") && !is_unfinished(b"\xFF"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[{}\\[\\]\",:a0\\\\ \0]{0,60}") {
            let lenient = serde_json::from_str::<Map<String, Value>>(&text);
            if let Ok(strict) = object(&text) {
                prop_assert_eq!(strict, lenient.unwrap());
            }
        }
    }
}
