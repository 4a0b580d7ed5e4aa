//! Filters, sorts and what a query refuses.

use serde_json::{Value, json};

use super::client::{VERSION, all, get, headers, ids, oldest_first, query, send, serve, serve_with};
use crate::notion::{Column, Id, Row, Server, Table, values};

/// Three rows, a minute apart and a day apart.
fn three() -> (Server, Table, [Id; 3]) {
    serve_with(|desk, table| {
        let row = |created: &str, title: &str| Row::new(created).title(title);
        let first = row("2026-03-04T14:59:10Z", "一")
            .with("状態", values::status("完了"))
            .with("期限", values::date("2026-03-10"))
            .with("工数(分)", values::number(30.0))
            .with("ラベル", values::multi_select(&["aws"]));
        let second = row("2026-03-04T15:00:50Z", "二")
            .with("状態", values::status("対応中"))
            .with("期限", values::date("2026-03-10T09:00:00+09:00"))
            .with("緊急", values::checkbox(true));
        let third = row("2026-03-05T15:00:00Z", "三 API").edited("2026-04-01T00:00:30Z");
        [first, second, third].map(|row| desk.add(table.source, row))
    })
}

#[track_caller]
fn expect(filter: &Value, wanted: &[usize]) {
    let (server, table, rows) = three();
    let body = json!({"filter": filter, "sorts": oldest_first()});
    let (found, _) = all(&server, table, &body);
    let wanted: Vec<String> = wanted.iter().map(|at| rows[*at].to_string()).collect();
    assert_eq!(found, wanted, "{filter}");
}

fn created(condition: &Value) -> Value {
    json!({"timestamp": "created_time", "created_time": condition})
}

#[test]
fn times_compare_by_the_minute_that_answers_show() {
    expect(&created(&json!({"after": "2026-03-04T15:00:00Z"})), &[2]);
    expect(&created(&json!({"on_or_after": "2026-03-04T15:00:00Z"})), &[1, 2]);
    expect(&created(&json!({"on_or_after": "2026-03-04T15:00:01Z"})), &[2]);
    expect(&created(&json!({"equals": "2026-03-05T00:00:00+09:00"})), &[1]);
    expect(&created(&json!({"before": "2026-03-04T15:00:00"})), &[0]);
    let edited = json!({"timestamp": "last_edited_time", "last_edited_time": {"after": "2026-03-31"}});
    expect(&edited, &[2]);
}

#[test]
fn days_compare_in_utc() {
    expect(&created(&json!({"on_or_before": "2026-03-04"})), &[0, 1]);
    expect(&created(&json!({"equals": "2026-03-05"})), &[2]);
    expect(
        &json!({"property": "期限", "date": {"equals": "2026-03-10"}}),
        &[0, 1],
    );
    expect(
        &json!({"property": "期限", "date": {"after": "2026-03-10T00:00:00Z"}}),
        &[],
    );
    expect(&json!({"property": "期限", "date": {"is_empty": true}}), &[2]);
}

#[test]
fn properties_are_named_or_given_by_id() {
    for name in ["状態", ":UPp", "%3AUPp"] {
        expect(&json!({"property": name, "status": {"equals": "完了"}}), &[0]);
    }
    expect(
        &json!({"property": "状態", "status": {"equals": ["完了", "対応中"]}}),
        &[0, 1],
    );
    expect(
        &json!({"property": "番号", "unique_id": {"greater_than": 1}}),
        &[1, 2],
    );
    expect(
        &json!({"property": "工数(分)", "number": {"less_than_or_equal_to": 30}}),
        &[0],
    );
    expect(
        &json!({"property": "緊急", "checkbox": {"equals": false}}),
        &[0, 2],
    );
    expect(
        &json!({"property": "ラベル", "multi_select": {"contains": "aws"}}),
        &[0],
    );
    expect(&json!({"property": "title", "title": {"contains": "api"}}), &[2]);
    expect(
        &json!({"property": "更新日時", "last_edited_time": {"on_or_after": "2026-04-01"}}),
        &[2],
    );
}

#[test]
fn filters_nest_two_levels_deep() {
    let one = json!({"property": "緊急", "checkbox": {"equals": true}});
    let two = json!({"property": "状態", "status": {"is_empty": true}});
    let late = created(&json!({"on_or_after": "2026-03-05"}));
    expect(&json!({"and": [{"or": [one, two]}, late]}), &[2]);
    let (server, table, _) = three();
    let deep = json!({"and": [{"or": [{"and": [one]}]}]});
    let answer = query(&server, table, &json!({"filter": deep}));
    assert_eq!(answer.error(), (400, "validation_error".to_owned()));
}

#[test]
fn wrong_bodies_are_refused() {
    let (server, table, _) = three();
    for body in [
        json!({"filter_properties": ["title"]}),
        json!({"archived": false}),
        json!({"start_cursor": null}),
        json!({"start_cursor": "made-up"}),
        json!({"page_size": 0}),
        json!({"page_size": 101}),
        json!({"page_size": "10"}),
        json!({"in_trash": "no"}),
        json!({"result_type": "row"}),
        json!({"sorts": [{"timestamp": "created_time"}]}),
        json!({"filter": {"property": "ない", "title": {"equals": "x"}}}),
        json!({"filter": {"property": "状態", "select": {"equals": "x"}}}),
        json!({"filter": {"property": "状態", "status": {"contains": "x"}}}),
        json!({"filter": {"property": "状態", "status": {"equals": 1}}}),
        json!({"filter": {"timestamp": "created_time", "last_edited_time": {"equals": "2026-01-01"}}}),
        json!({"filter": {"timestamp": "created_time", "created_time": {"on_or_after": "yesterday"}}}),
        json!({"filter": {"timestamp": "created_time", "created_time": {"since": "2026-01-01"}}}),
        json!({"filter": {}}),
        json!([]),
    ] {
        let answer = query(&server, table, &body);
        assert_eq!(answer.error(), (400, "validation_error".to_owned()), "{body}");
    }
    let path = format!("/v1/data_sources/{}/query", table.source);
    let answer = send(&server, "POST", &path, &headers(VERSION), "{").expect("an answer");
    assert_eq!(answer.error(), (400, "invalid_json".to_owned()));
    let answer = query(
        &server,
        table,
        &json!({"filter": {"property": "ない", "title": {"equals": "x"}}}),
    );
    assert_eq!(answer.message(), "Could not find property with name or id: ない");
}

#[test]
fn filter_properties_stand_in_the_address_by_id() {
    let (server, table, _) = three();
    let ask = |parameters: &str| {
        let path = format!("/v1/data_sources/{}/query?{parameters}", table.source);
        send(&server, "POST", &path, &headers(VERSION), "{}").expect("an answer")
    };
    let answer = ask("filter_properties=%3AUPp&filter_properties=title").good();
    let properties = answer["results"][0]["properties"]
        .as_object()
        .expect("properties");
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["件名", "状態"]);
    assert_eq!(ask("filter_properties=%253AUPp").error().0, 400);
    assert_eq!(ask("start_cursor=x").error().0, 400);
}

#[test]
fn rows_sort_by_time_or_property() {
    let (server, table, rows) = three();
    let first = |sort: Value| ids(&query(&server, table, &json!({"sorts": [sort]})).good()).remove(0);
    assert_eq!(
        first(json!({"timestamp": "last_edited_time", "direction": "descending"})),
        rows[2].to_string()
    );
    assert_eq!(
        first(json!({"property": "番号", "direction": "ascending"})),
        rows[0].to_string()
    );
    assert_eq!(
        first(json!({"property": "番号", "direction": "descending"})),
        rows[2].to_string()
    );
}

#[test]
fn rows_in_the_trash_come_only_when_asked_for() {
    let (server, table, rows) = three();
    server.desk(|desk| desk.trash(rows[1], true));
    assert_eq!(ids(&query(&server, table, &json!({})).good()).len(), 2);
    assert_eq!(
        ids(&query(&server, table, &json!({"in_trash": true})).good()),
        [rows[1].to_string()]
    );
    server.desk(|desk| desk.unshare(rows[0]));
    assert_eq!(
        ids(&query(&server, table, &json!({})).good()),
        [rows[2].to_string()]
    );
    assert_eq!(
        ids(&query(&server, table, &json!({"result_type": "data_source"})).good()).len(),
        0
    );
}

#[test]
fn a_renamed_column_keeps_its_id() {
    let (server, table, rows) = three();
    server.desk(|desk| desk.rename(table.source, "状態", "ステータス"));
    let answer = get(&server, &format!("/v1/pages/{}", rows[0])).good();
    assert_eq!(answer["properties"]["ステータス"]["status"]["name"], "完了");
    assert_eq!(answer["properties"]["ステータス"]["id"], "%3AUPp");
}

#[test]
fn a_filter_that_is_not_served_says_so() {
    let (server, table, _) = serve_with(|desk, table| {
        let table = desk.sources.get_mut(&table.source).expect("the table");
        table.columns.push(Column::new("rollup", "合計"));
    });
    let answer = query(
        &server,
        table,
        &json!({"filter": {"property": "合計", "rollup": {"number": {}}}}),
    );
    assert_eq!(answer.status, 501);
}

#[test]
fn an_empty_body_asks_for_everything() {
    let (server, table) = serve(3);
    let path = format!("/v1/data_sources/{}/query", table.source);
    let answer = send(&server, "POST", &path, &headers(VERSION), "")
        .expect("an answer")
        .good();
    assert_eq!(answer["type"], "page_or_data_source");
    assert_eq!(ids(&answer).len(), 3);
}
