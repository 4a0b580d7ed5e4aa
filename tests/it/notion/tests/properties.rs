//! Values of every type, what page objects leave out, and what a token may not see.

use serde_json::{Value, json};

use super::client::{get, serve_with};
use crate::notion::{Desk, Id, Row, Server, Table, Users, values};

fn with(column: &'static str, value: impl FnOnce(&mut Desk, Table) -> Value) -> (Server, Id) {
    let (server, _, page) = serve_with(|desk, table| {
        let value = value(desk, table);
        desk.add(table.source, Row::new("2026-03-04T00:00:00Z").with(column, value))
    });
    (server, page)
}

fn shown(server: &Server, page: Id, column: &str) -> Value {
    get(server, &format!("/v1/pages/{page}")).good()["properties"][column].clone()
}

/// The list behind a property, page by page.
fn whole(server: &Server, page: Id, id: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/pages/{page}/properties/{id}?page_size=20{cursor}");
        let list = get(server, &path).good();
        assert_eq!(
            (&list["object"], &list["type"]),
            (&json!("list"), &json!("property_item"))
        );
        assert_eq!(
            list["property_item"]["next_url"].is_string(),
            list["has_more"] == json!(true)
        );
        items.extend(list["results"].as_array().expect("items").clone());
        match list["next_cursor"].as_str() {
            Some(next) => cursor = format!("&start_cursor={next}"),
            None => return items,
        }
    }
}

#[test]
fn relations_beyond_25_tell_that_there_are_more() {
    let (server, page) = with("関連", |desk, table| {
        let pages: Vec<Id> = (0..30)
            .map(|_| desk.add(table.source, Row::new("2026-01-01T00:00:00Z")))
            .collect();
        values::relation(&pages)
    });
    let value = shown(&server, page, "関連");
    assert_eq!(value["relation"].as_array().map(Vec::len), Some(25));
    assert_eq!(value["has_more"], true);
    let id = value["id"].as_str().expect("an id");
    let items = whole(&server, page, id);
    assert_eq!(items.len(), 30);
    assert_eq!(
        (&items[0]["object"], &items[0]["type"]),
        (&json!("property_item"), &json!("relation"))
    );
    assert!(items[29]["relation"]["id"].is_string());
}

#[test]
fn people_beyond_25_are_missing_without_a_word() {
    let (server, page) = with("依頼者", |_, _| {
        let people: Vec<Value> = (0..26).map(|n| values::person(n, "人")).collect();
        values::people(&people)
    });
    let value = shown(&server, page, "依頼者");
    assert_eq!(value["people"].as_array().map(Vec::len), Some(25));
    assert!(value.get("has_more").is_none());
    assert_eq!(value["id"], "a%252F%3F");
    assert_eq!(whole(&server, page, "a%252F%3F").len(), 26);
    let double = get(&server, &format!("/v1/pages/{page}/properties/a%25252F%253F"));
    assert_eq!(double.error().0, 400);
    assert!(double.message().ends_with("is not a property that exists."));
}

#[test]
fn mentions_beyond_25_lose_their_names() {
    let (server, page) = with("詳細", |_, _| {
        let person = values::person(5, "高橋");
        let mut items = vec![values::mention_of(&person); 26];
        items.push(values::mention_of_page(Id::of(3), "手順書"));
        values::rich_items(items)
    });
    let value = shown(&server, page, "詳細");
    let text = |at: usize| value["rich_text"][at]["plain_text"].clone();
    assert_eq!(
        (text(24), text(25), text(26)),
        (json!("@高橋"), json!("@Anonymous"), json!("Untitled"))
    );
    let items = whole(&server, page, value["id"].as_str().expect("an id"));
    assert_eq!(items[26]["rich_text"]["plain_text"], "手順書");
}

#[test]
fn other_types_are_one_property_item() {
    let (server, page) = with("状態", |_, _| values::status("完了"));
    let item = get(&server, &format!("/v1/pages/{page}/properties/%3AUPp")).good();
    assert_eq!(item["object"], "property_item");
    assert_eq!(item["status"]["name"], "完了");
}

#[test]
fn rollups_of_lists_are_cut_and_have_a_list() {
    let (server, page) = with("関連数", |_, _| {
        let items: Vec<Value> = (0..30).map(|n| values::number(f64::from(n))).collect();
        values::rollup("show_original", json!({"type": "array", "array": items}))
    });
    let value = shown(&server, page, "関連数");
    assert_eq!(value["rollup"]["array"].as_array().map(Vec::len), Some(25));
    let items = whole(&server, page, value["id"].as_str().expect("an id"));
    assert_eq!((items.len(), &items[29]["number"]), (30, &json!(29.0)));
}

#[test]
fn every_type_has_its_shape() {
    for (column, value) in [
        ("件名", values::title("")),
        ("詳細", values::rich_text("説明")),
        ("種別", values::select("権限")),
        ("ラベル", values::multi_select(&["aws", "急ぎ"])),
        (
            "担当者",
            values::people(&[values::group(1, "SREチーム"), values::person(2, "佐藤")]),
        ),
        ("期限", values::date("2026-03-10")),
        (
            "期限",
            values::date_range("2026-03-10T09:00:00+09:00", "2026-03-11", Some("Asia/Tokyo")),
        ),
        ("工数(分)", values::number(12.5)),
        ("緊急", values::checkbox(true)),
        ("参考URL", values::url("https://example.com")),
        ("連絡先", values::email("a@example.com")),
        ("電話", values::phone("03-0000-0000")),
        (
            "関連数",
            values::rollup("count", json!({"type": "number", "number": 3})),
        ),
        (
            "優先度",
            values::formula(json!({"type": "string", "string": "high"})),
        ),
        ("完了ボタン", values::button()),
        ("確認", values::verified()),
        ("場所", values::place("東京")),
        (
            "閲覧日時",
            values::of_type("last_visited_time", json!("2026-03-04T00:00:00.000Z")),
        ),
    ] {
        let kind = value["type"].as_str().expect("a type").to_owned();
        let wanted = value[&kind].clone();
        let (server, page) = with(column, |_, _| value);
        let seen = shown(&server, page, column);
        assert_eq!((&seen["type"], &seen[&kind]), (&json!(kind), &wanted), "{column}");
    }
}

#[test]
fn what_nobody_filled_in_is_empty() {
    let (server, page) = with("件名", |_, _| values::title("題"));
    for (column, empty) in [
        ("状態", json!({"id": "%3AUPp", "type": "status", "status": null})),
        ("緊急", json!(false)),
        ("担当者", json!([])),
    ] {
        let seen = shown(&server, page, column);
        assert!(
            seen == empty || seen["checkbox"] == empty || seen["people"] == empty,
            "{seen}"
        );
    }
    assert_eq!(
        shown(&server, page, "作成日時")["created_time"],
        "2026-03-04T00:00:00.000Z"
    );
    assert_eq!(shown(&server, page, "更新者")["last_edited_by"]["object"], "user");
}

#[test]
fn addresses_of_files_expire_and_change() {
    let (server, page) = with("添付", |_, _| {
        values::files(&["a.png"], Some("https://example.com/b"))
    });
    let first = shown(&server, page, "添付");
    assert!(first["files"][0]["file"]["expiry_time"].is_string());
    assert_eq!(first["files"][1]["external"]["url"], "https://example.com/b");
    let second = shown(&server, page, "添付");
    assert_ne!(
        first["files"][0]["file"]["url"],
        second["files"][0]["file"]["url"]
    );
}

#[test]
fn users_are_seen_as_far_as_the_token_may() {
    let (server, page) = with("依頼者", |_, _| values::people(&[values::person(5, "高橋")]));
    let seen = |users: Users| {
        server.desk(|desk| desk.users = users);
        shown(&server, page, "依頼者")["people"][0].clone()
    };
    assert_eq!(seen(Users::Emails)["person"]["email"], "person5@example.com");
    assert_eq!(seen(Users::Names)["person"], json!({}));
    assert_eq!(seen(Users::Names)["name"], "高橋");
    assert_eq!(seen(Users::Ids), json!({"object": "user", "id": Id::of(5)}));
}

#[test]
fn the_maker_of_a_page_is_an_id_alone() {
    let (server, _, page) = serve_with(|desk, table| {
        let row = Row::new("2026-03-04T00:00:00Z").by(&values::bot(9, "Slack workflow"));
        desk.add(table.source, row)
    });
    let answer = get(&server, &format!("/v1/pages/{page}")).good();
    assert_eq!(answer["created_by"], json!({"object": "user", "id": Id::of(9)}));
    assert_eq!(answer["properties"]["作成者"]["created_by"]["type"], "bot");
}

#[test]
fn a_page_outside_of_tables_has_a_title_alone() {
    let mut desk = Desk::new();
    let page = desk.page(Row::new("2026-03-04T00:00:00Z").with("title", values::title("手順書")));
    let server = Server::start(desk);
    let answer = get(&server, &format!("/v1/pages/{page}")).good();
    assert_eq!(answer["properties"]["title"]["title"][0]["plain_text"], "手順書");
    assert_eq!(answer["parent"]["type"], "workspace");
}
