//! Objects as the API sends them: pages, databases, data sources, views, blocks, comments.
//!
//! Everything is written in full here, but for the 25 references of page objects; what depends on the asker is taken
//! off by [`super::lens`].

use serde_json::{Map, Value, json};

use super::body::Node;
use super::desk::Desk;
use super::ids::Id;
use super::lens::Version;
use super::objects::{Comment, Database, Page, Source};
use super::row::shown;
use super::schema::{Column, properties};
use super::values::{self, empty, rich};

/// How many references a property of a page object holds at most.
pub(crate) const REFERENCES: usize = 25;

const MADE: &str = "2025-12-01T00:00:00.000Z";

/// The whole value of a column: `{"type": T, T: ...}`.
pub(crate) fn value_of(desk: &Desk, page: &Page, column: &Column) -> Value {
    let row = &page.row;
    let kind = column.kind.as_str();
    let content = match kind {
        "created_time" => json!(shown(row.created)),
        "last_edited_time" => json!(shown(row.edited)),
        "created_by" => row.author.clone(),
        "last_edited_by" => row.editor.clone(),
        "unique_id" => json!({"prefix": column.config["prefix"], "number": page.number}),
        "relation" => return related(desk, row.values.get(&column.name)),
        _ => {
            return row
                .values
                .get(&column.name)
                .cloned()
                .unwrap_or_else(|| empty(kind));
        }
    };
    json!({"type": kind, kind: content})
}

/// Relations to pages that are not shared are not sent.
fn related(desk: &Desk, value: Option<&Value>) -> Value {
    let Some(mut value) = value.cloned() else {
        return empty("relation");
    };
    if let Some(list) = value["relation"].as_array_mut() {
        list.retain(|item| {
            let id = item["id"].as_str().and_then(Id::parse);
            id.is_none_or(|id| desk.is_shared(id))
        });
    }
    value
}

/// The value as a page object holds it: with its id, and no more than 25 references.
fn in_page(desk: &Desk, page: &Page, column: &Column) -> Value {
    let mut value = value_of(desk, page, column);
    let kind = column.kind.as_str();
    match kind {
        "relation" => {
            let list = value["relation"].as_array_mut();
            let more = list.is_some_and(cut);
            value["has_more"] = json!(more);
        }
        // Nothing tells that people are missing.
        "people" => {
            value["people"].as_array_mut().map(cut);
        }
        "rollup" => {
            value
                .pointer_mut("/rollup/array")
                .and_then(Value::as_array_mut)
                .map(cut);
        }
        "title" | "rich_text" => blur_mentions(&mut value[kind]),
        _ => (),
    }
    value["id"] = json!(column.encoded_id());
    value
}

fn cut(list: &mut Vec<Value>) -> bool {
    let more = list.len() > REFERENCES;
    list.truncate(REFERENCES);
    more
}

/// From the 26th mention on the API does not look up whom or what is mentioned.
fn blur_mentions(items: &mut Value) {
    let items = items.as_array_mut().into_iter().flatten();
    let mentions = items.filter(|item| item["type"] == "mention");
    for item in mentions.skip(REFERENCES) {
        let of_user = item["mention"]["type"] == "user";
        item["plain_text"] = json!(if of_user { "@Anonymous" } else { "Untitled" });
    }
}

/// A page object; `only` are the ids of the properties wanted, all if none.
pub(crate) fn page(desk: &Desk, page: &Page, version: Version, only: &[String]) -> Value {
    let columns = match page.source {
        Some(source) => desk.sources[&source].columns.clone(),
        None => vec![Column::new("title", "title")],
    };
    let wanted = |column: &&Column| only.is_empty() || only.contains(&column.id);
    let properties: Map<String, Value> = columns
        .iter()
        .filter(wanted)
        .map(|column| (column.name.clone(), in_page(desk, page, column)))
        .collect();
    json!({
        "object": "page", "id": page.id, "created_time": shown(page.row.created),
        "last_edited_time": shown(page.row.edited), "created_by": partial(&page.row.author),
        "last_edited_by": partial(&page.row.editor), "icon": null, "cover": null,
        "parent": page_parent(desk, page, version), "in_trash": page.in_trash, "is_archived": page.in_trash,
        "is_locked": false, "properties": properties, "public_url": null,
        "url": format!("https://www.notion.so/{}", page.id.plain()),
    })
}

fn page_parent(desk: &Desk, page: &Page, version: Version) -> Value {
    let Some(source) = page.source else {
        return json!({"type": "workspace", "workspace": true});
    };
    let database = desk.sources[&source].database;
    match version.has_sources() {
        true => json!({"type": "data_source_id", "data_source_id": source, "database_id": database}),
        false => json!({"type": "database_id", "database_id": database}),
    }
}

/// Users beside a page are ids alone, whatever the token may see.
fn partial(user: &Value) -> Value {
    json!({"object": "user", "id": user["id"]})
}

/// A database as container.
pub(crate) fn database(desk: &Desk, id: Id, database: &Database) -> Value {
    let sources = database.sources.iter().filter(|source| desk.is_shared(**source));
    let sources: Vec<Value> = sources
        .map(|source| json!({"id": source, "name": desk.sources[source].name}))
        .collect();
    let mut object = container(id, "database", &database.title);
    object["data_sources"] = json!(sources);
    object["parent"] = json!({"type": "workspace", "workspace": true});
    object
}

/// A database as it was before 2025-09-03: with the schema of its only data source.
pub(crate) fn old_database(id: Id, title: &str, source: &Source) -> Value {
    let mut object = container(id, "database", title);
    object["parent"] = json!({"type": "workspace", "workspace": true});
    object["properties"] = properties(&source.columns);
    object
}

/// A data source with its schema.
pub(crate) fn source(id: Id, source: &Source) -> Value {
    let mut object = container(id, "data_source", &source.name);
    object["parent"] = json!({"type": "database_id", "database_id": source.database});
    object["database_parent"] = json!({"type": "workspace", "workspace": true});
    object["properties"] = properties(&source.columns);
    object["created_by"] = partial(&Desk::somebody());
    object["last_edited_by"] = partial(&Desk::somebody());
    object
}

fn container(id: Id, object: &str, title: &str) -> Value {
    json!({
        "object": object, "id": id, "title": rich(title), "description": [], "icon": null, "cover": null,
        "created_time": MADE, "last_edited_time": MADE, "is_inline": false, "in_trash": false,
        "url": format!("https://www.notion.so/{}", id.plain()), "public_url": null,
    })
}

/// A view: its id is what stands behind `?v=` in addresses.
pub(crate) fn view(id: Id, database_id: Id, database: &Database) -> Value {
    json!({
        "object": "view", "id": id, "name": "Default view", "type": "table",
        "parent": {"type": "database_id", "database_id": database_id},
        "data_source_id": database.sources.first(), "created_time": MADE, "last_edited_time": MADE,
        "url": format!("https://www.notion.so/{}?v={}", database_id.plain(), id.plain()),
        "created_by": null, "last_edited_by": null, "filter": null, "sorts": null, "quick_filters": null,
        "configuration": null,
    })
}

/// A block, without its children.
pub(crate) fn block(desk: &Desk, id: Id, node: &Node) -> Value {
    let row = desk.pages.get(&node.page).map(|page| &page.row);
    let author = row.map(|row| partial(&row.author));
    let kind = if node.parent == node.page {
        "page_id"
    } else {
        "block_id"
    };
    json!({
        "object": "block", "id": id, "parent": {"type": kind, kind: node.parent},
        "created_time": row.map(|row| shown(row.created)), "last_edited_time": row.map(|row| shown(row.edited)),
        "created_by": author, "last_edited_by": author, "has_children": !node.children.is_empty(),
        "in_trash": false, "type": node.kind, node.kind.as_str(): node.content,
    })
}

/// A comment.
pub(crate) fn comment(desk: &Desk, comment: &Comment) -> Value {
    let kind = match desk.pages.contains_key(&comment.on) {
        true => "page_id",
        false => "block_id",
    };
    json!({
        "object": "comment", "id": comment.id, "parent": {"type": kind, kind: comment.on},
        "discussion_id": comment.discussion, "created_time": shown(comment.created),
        "last_edited_time": shown(comment.created), "created_by": partial(&comment.author),
        "rich_text": comment.text,
        "display_name": {"type": "user", "resolved_name": comment.author["name"]},
    })
}

/// The items of a property that has a list of its own, each as one `property_item`; none for other types.
pub(crate) fn property_items(desk: &Desk, page: &Page, column: &Column) -> Option<Vec<Value>> {
    let kind = column.kind.as_str();
    let value = value_of(desk, page, column);
    let (items, kind) = match kind {
        "title" | "rich_text" | "people" | "relation" => (&value[kind], kind),
        "rollup" => (&value["rollup"]["array"], "array"),
        _ => return None,
    };
    let item = |item: &Value| match kind {
        "array" => {
            let mut item = item.clone();
            item["object"] = json!("property_item");
            item["id"] = json!(column.encoded_id());
            item
        }
        _ => json!({"object": "property_item", "id": column.encoded_id(), "type": kind, kind: item}),
    };
    Some(items.as_array().into_iter().flatten().map(item).collect())
}

/// The single `property_item` of any other type.
pub(crate) fn property_item(desk: &Desk, page: &Page, column: &Column) -> Value {
    let mut value = value_of(desk, page, column);
    value["object"] = json!("property_item");
    value["id"] = json!(column.encoded_id());
    value
}

/// What stands beside the items of a list property: the rollup, or nothing much.
pub(crate) fn property_frame(desk: &Desk, page: &Page, column: &Column) -> Value {
    let kind = column.kind.as_str();
    let content = match kind {
        "rollup" => {
            let mut rollup = value_of(desk, page, column)["rollup"].clone();
            if rollup["type"] == "array" {
                rollup["array"] = json!([]);
            }
            rollup
        }
        _ => json!({}),
    };
    let mut frame = values::of_type(kind, content);
    frame["id"] = json!(column.encoded_id());
    frame["next_url"] = Value::Null;
    frame
}
