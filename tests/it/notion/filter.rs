//! Filters of a query: read once and strictly, then asked row by row.

use serde_json::{Map, Value};

use super::body::plain;
use super::desk::Desk;
use super::moment::{Bound, moment_holds};
use super::objects::{Page, Source};
use super::pages::value_of;
use super::problem::Problem;
use super::row::minute;
use super::schema::Column;

/// A filter that was found valid for its data source.
#[derive(Debug)]
pub(crate) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// On the page's own times, which are those of the answer: full minutes.
    Time {
        created: bool,
        operation: String,
        bound: Bound,
    },
    Property {
        column: Column,
        operation: String,
        operand: Value,
    },
}

/// Compounds may hold compounds of plain filters, and no more.
const DEPTH: usize = 2;

impl Filter {
    pub(crate) fn read(filter: &Value, source: &Source) -> Result<Self, Problem> {
        Self::read_at(filter, source, DEPTH)
    }

    fn read_at(filter: &Value, source: &Source, depth: usize) -> Result<Self, Problem> {
        let Some(fields) = filter.as_object() else {
            return Err(Problem::invalid("body.filter", "an object", filter));
        };
        for (name, make) in [("and", Self::All as fn(Vec<Self>) -> Self), ("or", Self::Any)] {
            let Some(parts) = fields.get(name) else { continue };
            let Some(parts) = parts.as_array().filter(|_| depth > 0 && fields.len() == 1) else {
                let place = format!("body.filter.{name}");
                return Err(Problem::invalid(
                    &place,
                    "not present or an array no deeper than two levels",
                    parts,
                ));
            };
            let parts = parts.iter().map(|part| Self::read_at(part, source, depth - 1));
            return Ok(make(parts.collect::<Result<_, _>>()?));
        }
        if fields.contains_key("timestamp") {
            Self::read_time(fields)
        } else {
            Self::read_property(fields, source)
        }
    }

    fn read_time(fields: &Map<String, Value>) -> Result<Self, Problem> {
        let which = fields["timestamp"].as_str().unwrap_or_default();
        if !["created_time", "last_edited_time"].contains(&which) {
            let must = "`\"created_time\"` or `\"last_edited_time\"`";
            return Err(Problem::invalid(
                "body.filter.timestamp",
                must,
                &fields["timestamp"],
            ));
        }
        let (operation, operand) = condition(fields, which, "timestamp")?;
        Ok(Self::Time {
            created: which == "created_time",
            bound: Bound::read(operation, operand)?,
            operation: operation.to_owned(),
        })
    }

    fn read_property(fields: &Map<String, Value>, source: &Source) -> Result<Self, Problem> {
        let name = fields.get("property").and_then(Value::as_str);
        let Some(name) = name else {
            return Err(Problem::invalid(
                "body.filter.property",
                "defined",
                &Value::Object(fields.clone()),
            ));
        };
        let column = find_column(source, name)?;
        let kind = column.kind.as_str();
        let given = fields
            .keys()
            .find(|key| !["property", "type"].contains(&key.as_str()));
        if let Some(given) = given.filter(|given| *given != kind) {
            return Err(Problem::validation(format!(
                "database property {kind} does not match filter {given}"
            )));
        }
        let (operation, operand) = condition(fields, kind, "property")?;
        let Some(known) = operations(kind) else {
            return Err(Problem::not_served(&format!("filters on {kind}")));
        };
        if !known.contains(&operation) {
            let place = format!("body.filter.{kind}.{operation}");
            return Err(Problem::invalid(&place, "not present", operand));
        }
        check_operand(kind, operation, operand)?;
        Ok(Self::Property {
            column: column.clone(),
            operation: operation.to_owned(),
            operand: operand.clone(),
        })
    }

    pub(crate) fn holds(&self, desk: &Desk, page: &Page) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(desk, page)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(desk, page)),
            Self::Time {
                created,
                operation,
                bound,
            } => {
                let time = if *created {
                    page.row.created
                } else {
                    page.row.edited
                };
                bound.holds(operation, minute(time))
            }
            Self::Property {
                column,
                operation,
                operand,
            } => {
                let value = value_of(desk, page, column);
                property_holds(&column.kind, &value[&column.kind], operation, operand)
            }
        }
    }
}

/// Finds a column by its name or its id, the id as it is or as answers write it.
pub(crate) fn find_column<'a>(source: &'a Source, name: &str) -> Result<&'a Column, Problem> {
    let found = source
        .columns
        .iter()
        .find(|column| column.id == name || column.name == name || column.encoded_id() == name);
    found.ok_or_else(|| Problem::no_property(name))
}

/// The one condition under `key`, beside `by` and an optional `type` alone.
fn condition<'a>(
    fields: &'a Map<String, Value>,
    key: &str,
    by: &str,
) -> Result<(&'a str, &'a Value), Problem> {
    let stranger = fields
        .keys()
        .find(|name| ![key, by, "type"].contains(&name.as_str()));
    if let Some(stranger) = stranger {
        let place = format!("body.filter.{stranger}");
        return Err(Problem::invalid(&place, "not present", &fields[stranger]));
    }
    let condition = fields.get(key).and_then(Value::as_object);
    match condition.and_then(|condition| condition.iter().next().filter(|_| condition.len() == 1)) {
        Some((operation, operand)) => Ok((operation, operand)),
        None => Err(Problem::invalid(
            &format!("body.filter.{key}"),
            "an object with one condition",
            &Value::Object(fields.clone()),
        )),
    }
}

/// The conditions a type takes; none for types whose filters are not served here.
fn operations(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "title" | "rich_text" | "url" | "email" | "phone_number" => &[
            "equals",
            "does_not_equal",
            "contains",
            "does_not_contain",
            "starts_with",
            "ends_with",
            "is_empty",
            "is_not_empty",
        ],
        "number" | "unique_id" => &[
            "equals",
            "does_not_equal",
            "greater_than",
            "less_than",
            "greater_than_or_equal_to",
            "less_than_or_equal_to",
            "is_empty",
            "is_not_empty",
        ],
        "checkbox" => &["equals", "does_not_equal"],
        "select" | "status" => &["equals", "does_not_equal", "is_empty", "is_not_empty"],
        "multi_select" | "people" | "relation" => {
            &["contains", "does_not_contain", "is_empty", "is_not_empty"]
        }
        "files" => &["is_empty", "is_not_empty"],
        "date" | "created_time" | "last_edited_time" => super::moment::OPERATIONS,
        _ => return None,
    })
}

fn check_operand(kind: &str, operation: &str, operand: &Value) -> Result<(), Problem> {
    let place = format!("body.filter.{kind}.{operation}");
    let (fits, must) = match (kind, operation) {
        (_, "is_empty" | "is_not_empty") => (operand == &Value::Bool(true), "`true`"),
        ("number" | "unique_id", _) => (operand.is_number(), "a number"),
        ("checkbox", _) => (operand.is_boolean(), "a boolean"),
        ("date" | "created_time" | "last_edited_time", _) => {
            return Bound::read(operation, operand).map(|_| ());
        }
        ("select" | "status", "equals") => {
            (operand.is_string() || operand.is_array(), "a string or an array")
        }
        _ => (operand.is_string(), "a string"),
    };
    match fits {
        true => Ok(()),
        false => Err(Problem::invalid(&place, must, operand)),
    }
}

fn property_holds(kind: &str, value: &Value, operation: &str, operand: &Value) -> bool {
    let empty = value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || kind == "unique_id" && value["number"].is_null();
    match (kind, operation) {
        (_, "is_empty") => empty,
        (_, "is_not_empty") => !empty,
        ("date", _) => {
            !empty && moment_holds(operation, operand, value["start"].as_str().unwrap_or_default())
        }
        ("created_time" | "last_edited_time", _) => {
            moment_holds(operation, operand, value.as_str().unwrap_or_default())
        }
        ("number", _) => number_holds(value, operation, operand),
        ("unique_id", _) => number_holds(&value["number"], operation, operand),
        ("checkbox", _) => (value == operand) == (operation == "equals"),
        ("select" | "status", _) => {
            let wanted = operand
                .as_array()
                .map_or(std::slice::from_ref(operand), Vec::as_slice);
            wanted.contains(&value["name"]) == (operation == "equals")
        }
        ("multi_select", _) => has(value, "name", operand) == (operation == "contains"),
        ("people" | "relation", _) => has(value, "id", operand) == (operation == "contains"),
        _ => text_holds(&text_of(value), operation, operand.as_str().unwrap_or_default()),
    }
}

fn has(list: &Value, key: &str, wanted: &Value) -> bool {
    list.as_array()
        .into_iter()
        .flatten()
        .any(|item| &item[key] == wanted)
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| plain(value), str::to_owned)
}

/// Text conditions ignore case, as Notion's do.
fn text_holds(text: &str, operation: &str, wanted: &str) -> bool {
    let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    match operation {
        "equals" => text == wanted,
        "does_not_equal" => text != wanted,
        "contains" => text.contains(&wanted),
        "does_not_contain" => !text.contains(&wanted),
        "starts_with" => text.starts_with(&wanted),
        _ => text.ends_with(&wanted),
    }
}

fn number_holds(value: &Value, operation: &str, operand: &Value) -> bool {
    let (Some(value), Some(wanted)) = (value.as_f64(), operand.as_f64()) else {
        return operation == "does_not_equal";
    };
    let order = value.total_cmp(&wanted);
    match operation {
        "equals" => order.is_eq(),
        "does_not_equal" => order.is_ne(),
        "greater_than" => order.is_gt(),
        "less_than" => order.is_lt(),
        "greater_than_or_equal_to" => order.is_ge(),
        _ => order.is_le(),
    }
}
