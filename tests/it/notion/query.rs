//! `POST .../query`: the body is checked key by key, the rows filtered, sorted and given page by page.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::answers::Context;
use super::desk::Desk;
use super::filter::{Filter, find_column};
use super::ids::Id;
use super::lens::Version;
use super::objects::{Page, Source};
use super::pages::{self, value_of};
use super::paging::{Ask, Cell, Key, Rank};
use super::problem::Problem;
use super::row::minute;
use super::schema::Column;

/// The rows of a run in order; kept as long as nobody touches the desk, since each page of a run needs them.
#[derive(Debug)]
pub(crate) struct Found {
    run: String,
    keys: Vec<Key>,
    ids: Vec<Id>,
}

enum SortBy {
    Created,
    Edited,
    Column(Column),
}

/// The rows of `id` that the request asks for.
pub(crate) fn query(context: &mut Context<'_>, id: Id, version: Version) -> Result<Value, Problem> {
    let body = context.body()?;
    check_keys(&body, version)?;
    let only = context.wanted(Some(id))?;
    let size = page_size(body.get("page_size"), "body")?;
    let cursor = start_cursor(&body)?;
    let run = run_of(id, &body);
    if context.found.as_ref().is_none_or(|found| found.run != run) {
        *context.found = Some(find(context.desk, id, &body, version, run.clone())?);
    }
    let Some(found) = &*context.found else {
        return Err(Problem::invalid_url());
    };
    let ask = Ask {
        run: &run,
        cursor: cursor.as_deref(),
        size,
        cap: context.desk.query_cap,
        quirk: context.quirk,
    };
    let slice = context.cursors.slice(&ask, &found.keys)?;
    let rows = found.ids[slice.items].iter().map(|id| &context.desk.pages[id]);
    let rows: Vec<Value> = rows
        .map(|page| pages::page(context.desk, page, version, &only))
        .collect();
    let kind = if version.has_sources() {
        "page_or_data_source"
    } else {
        "page_or_database"
    };
    let mut answer = json!({"object": "list", "results": rows, "type": kind, kind: {}});
    answer["next_cursor"] = slice.fields["next_cursor"].clone();
    answer["has_more"] = slice.fields["has_more"].clone();
    // Every page of a capped run says so, not the last alone.
    if slice.capped {
        answer["request_status"] =
            json!({"type": "incomplete", "incomplete_reason": "query_result_limit_reached"});
    }
    Ok(answer)
}

fn check_keys(body: &Map<String, Value>, version: Version) -> Result<(), Problem> {
    let mut known = vec![
        "filter",
        "sorts",
        "start_cursor",
        "page_size",
        version.trash_field(),
    ];
    if version.has_sources() {
        known.push("result_type");
    }
    match body.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, value)) => Err(Problem::invalid(&format!("body.{name}"), "not present", value)),
        None => Ok(()),
    }
}

/// Reads a page size, given in the body or the query: 100 unless given, 1 to 100.
pub(crate) fn page_size(given: Option<&Value>, part: &str) -> Result<usize, Problem> {
    let Some(given) = given else { return Ok(100) };
    let place = format!("{part}.page_size");
    match given.as_u64() {
        Some(size @ 1..=100) => Ok(usize::try_from(size).unwrap_or(100)),
        Some(0) => Err(Problem::invalid(&place, "≥ `1`", given)),
        Some(_) => Err(Problem::invalid(&place, "≤ `100`", given)),
        None => Err(Problem::invalid(
            "body.page_size",
            "a number or `undefined`",
            given,
        )),
    }
}

fn start_cursor(body: &Map<String, Value>) -> Result<Option<String>, Problem> {
    match body.get("start_cursor") {
        None => Ok(None),
        Some(Value::String(cursor)) => Ok(Some(cursor.clone())),
        Some(other) => Err(Problem::invalid(
            "body.start_cursor",
            "a string or `undefined`",
            other,
        )),
    }
}

/// What a cursor is good for: the same source, filter and order, whatever the page size.
fn run_of(id: Id, body: &Map<String, Value>) -> String {
    let mut same = body.clone();
    same.remove("start_cursor");
    same.remove("page_size");
    format!("{id} {}", Value::Object(same))
}

fn find(
    desk: &Desk,
    id: Id,
    body: &Map<String, Value>,
    version: Version,
    run: String,
) -> Result<Found, Problem> {
    let source = &desk.sources[&id];
    let filter = body
        .get("filter")
        .map(|filter| Filter::read(filter, source))
        .transpose()?;
    let sorts = read_sorts(body.get("sorts"), source)?;
    let in_trash = match body.get(version.trash_field()) {
        None => false,
        Some(Value::Bool(in_trash)) => *in_trash,
        Some(other) => {
            let place = format!("body.{}", version.trash_field());
            return Err(Problem::invalid(&place, "a boolean or `undefined`", other));
        }
    };
    let pages_wanted = match body.get("result_type").map(|kind| kind.as_str()) {
        None | Some(Some("page")) => true,
        Some(Some("data_source")) => false,
        Some(_) => {
            let must = "`\"page\"` or `\"data_source\"`";
            return Err(Problem::invalid("body.result_type", must, &body["result_type"]));
        }
    };
    let rows = desk.pages.values().filter(|page| {
        page.source == Some(id)
            && pages_wanted
            && page.in_trash == in_trash
            && desk.is_shared(page.id)
            && filter.as_ref().is_none_or(|filter| filter.holds(desk, page))
    });
    let mut rows: Vec<(Key, Id)> = rows.map(|page| (key_of(desk, page, &sorts), page.id)).collect();
    rows.sort_unstable();
    let (keys, ids) = rows.into_iter().unzip();
    Ok(Found { run, keys, ids })
}

fn read_sorts(sorts: Option<&Value>, source: &Source) -> Result<Vec<(SortBy, bool)>, Problem> {
    let Some(sorts) = sorts else { return Ok(Vec::new()) };
    let list = sorts.as_array();
    let list = list.ok_or_else(|| Problem::invalid("body.sorts", "an array or `undefined`", sorts))?;
    list.iter().map(|sort| read_sort(sort, source)).collect()
}

fn read_sort(sort: &Value, source: &Source) -> Result<(SortBy, bool), Problem> {
    let fields = sort.as_object().filter(|fields| fields.len() == 2);
    let fields = fields.ok_or_else(|| Problem::invalid("body.sorts[0]", "a sort with direction", sort))?;
    let descending = match fields.get("direction").and_then(Value::as_str) {
        Some("ascending") => false,
        Some("descending") => true,
        _ => {
            let must = "`\"ascending\"` or `\"descending\"`";
            return Err(Problem::invalid("body.sorts[0].direction", must, sort));
        }
    };
    let by = match (
        fields.get("timestamp").and_then(Value::as_str),
        fields.get("property").and_then(Value::as_str),
    ) {
        (Some("created_time"), _) => SortBy::Created,
        (Some("last_edited_time"), _) => SortBy::Edited,
        (_, Some(name)) => SortBy::Column(find_column(source, name)?.clone()),
        _ => return Err(Problem::invalid("body.sorts[0].property", "defined", sort)),
    };
    Ok((by, descending))
}

/// Rows that are equal by the sorts stand in the order of their ids, which is no order of time.
fn key_of(desk: &Desk, page: &Page, sorts: &[(SortBy, bool)]) -> Key {
    let mut key: Key = sorts
        .iter()
        .map(|(by, descending)| {
            let cell = match by {
                SortBy::Created => Cell::Number(minute(page.row.created).as_second()),
                SortBy::Edited => Cell::Number(minute(page.row.edited).as_second()),
                SortBy::Column(column) => cell_of(&value_of(desk, page, column)[&column.kind]),
            };
            match descending {
                true => Rank::Down(Reverse(cell)),
                false => Rank::Up(cell),
            }
        })
        .collect();
    key.push(Rank::Up(Cell::Text(page.id.plain())));
    key
}

/// What a value is sorted by: its number (to the thousandth), start, name or text.
fn cell_of(value: &Value) -> Cell {
    let number = value.as_f64().or_else(|| value["number"].as_f64());
    if let Some(number) = number {
        #[expect(clippy::cast_possible_truncation, reason = "test data has small numbers")]
        return Cell::Number((number * 1000.0) as i64);
    }
    let named = [&value["name"], &value["start"], value];
    if let Some(text) = named.into_iter().find_map(Value::as_str) {
        return Cell::Text(text.to_owned());
    }
    match super::body::plain(value) {
        text if text.is_empty() => Cell::Nothing,
        text => Cell::Text(text),
    }
}
