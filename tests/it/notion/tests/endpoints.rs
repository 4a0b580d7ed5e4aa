//! Each endpoint once.

use serde_json::json;

use super::client::{VERSION, get, get_as, headers, ids, send, serve, serve_with};
use crate::notion::{Block, Column, Desk, Id, Row, Server, request_desk, values};

#[test]
fn a_database_is_a_container_of_data_sources() {
    let (server, table) = serve(0);
    let answer = get(&server, &format!("/v1/databases/{}", table.database.plain())).good();
    assert_eq!(answer["id"], json!(table.database));
    assert_eq!(answer["title"][0]["plain_text"], "SRE依頼");
    assert_eq!(
        answer["data_sources"],
        json!([{"id": table.source, "name": "SRE依頼"}])
    );
    assert!(answer.get("properties").is_none() && answer.get("archived").is_none());
}

#[test]
fn a_linked_database_has_no_data_sources() {
    let mut desk = Desk::new();
    let linked = desk.linked_database("写し");
    let server = Server::start(desk);
    let path = format!("/v1/databases/{linked}");
    assert_eq!(get(&server, &path).good()["data_sources"], json!([]));
    let old = get_as(&server, &path, "2022-06-28");
    assert_eq!(old.error(), (400, "validation_error".to_owned()));
    assert!(
        old.message()
            .contains("does not contain any data sources accessible by this API bot")
    );
}

#[test]
fn a_data_source_has_the_schema() {
    let (server, table) = serve(0);
    let answer = get(&server, &format!("/v1/data_sources/{}", table.source)).good();
    assert_eq!(answer["parent"]["database_id"], json!(table.database));
    assert_eq!(answer["database_parent"]["type"], "workspace");
    let status = &answer["properties"]["状態"];
    assert_eq!(status["id"], "%3AUPp");
    assert_eq!(answer["properties"]["件名"]["id"], "title");
    let done = &status["status"]["groups"][2];
    assert_eq!(done["name"], "Complete");
    assert_eq!(
        done["option_ids"],
        json!([values::option_id("完了"), values::option_id("却下")])
    );
}

#[test]
fn a_page_has_its_values_and_times_in_full_minutes() {
    let (server, table, page) = serve_with(|desk, table| {
        let row = Row::new("2026-03-04T10:15:59.900+09:00").title("依頼");
        desk.add(table.source, row.edited("2026-03-04T02:00:30Z"))
    });
    let answer = get(&server, &format!("/v1/pages/{page}")).good();
    assert_eq!(answer["created_time"], "2026-03-04T01:15:00.000Z");
    assert_eq!(answer["last_edited_time"], "2026-03-04T02:00:00.000Z");
    assert_eq!(
        answer["parent"],
        json!({"type": "data_source_id", "data_source_id": table.source, "database_id": table.database})
    );
    assert_eq!(
        answer["properties"]["番号"]["unique_id"],
        json!({"prefix": "REQ", "number": 1})
    );
    assert_eq!(answer["properties"]["件名"]["title"][0]["plain_text"], "依頼");
    assert_eq!(
        answer["properties"].as_object().expect("properties").len(),
        request_desk().len()
    );
}

#[test]
fn markdown_is_given_or_made_of_the_blocks() {
    let (server, _, (written, rendered)) = serve_with(|desk, table| {
        let written = desk.add(
            table.source,
            Row::new("2026-03-04T00:00:00Z").markdown("## 理由\n\n入社"),
        );
        let blocks = vec![
            Block::text("toggle", "詳細").over(vec![Block::code("bash", "ls")]),
            Block::table(&[&["a", "b"]]),
            Block::new("bookmark", json!({"url": "https://example.com", "caption": []})),
        ];
        (
            written,
            desk.add(table.source, Row::new("2026-03-04T00:00:00Z").blocks(blocks)),
        )
    });
    let answer = get(&server, &format!("/v1/pages/{written}/markdown")).good();
    assert_eq!(answer["object"], "page_markdown");
    assert_eq!(answer["markdown"], "## 理由\n\n入社");
    let blocks = get(&server, &format!("/v1/blocks/{written}/children")).good();
    assert_eq!(
        blocks["results"][1]["paragraph"]["rich_text"][0]["plain_text"],
        "入社"
    );

    let answer = get(&server, &format!("/v1/pages/{rendered}/markdown")).good();
    let text = answer["markdown"].as_str().expect("text");
    assert!(
        text.starts_with("<details>\n<summary>詳細</summary>\n\t```bash\n\tls\n\t```\n</details>\n<table>")
    );
    assert!(text.contains("<unknown url=") && answer["truncated"] == json!(false));
}

#[test]
fn markdown_beyond_the_limit_is_had_block_by_block() {
    let (server, _, page) = serve_with(|desk, table| {
        desk.markdown_blocks = 2;
        let blocks = (0..4)
            .map(|n| Block::text("paragraph", &format!("段落{n}")))
            .collect();
        desk.add(table.source, Row::new("2026-03-04T00:00:00Z").blocks(blocks))
    });
    let answer = get(&server, &format!("/v1/pages/{page}/markdown")).good();
    assert_eq!(answer["truncated"], true);
    let unknown = answer["unknown_block_ids"].as_array().expect("ids");
    assert_eq!(unknown.len(), 2);
    let id = unknown[1].as_str().expect("an id");
    assert_eq!(
        get(&server, &format!("/v1/pages/{id}/markdown")).good()["markdown"],
        "段落3\n"
    );

    let hidden = Id::parse(id).expect("an id");
    server.desk(|desk| desk.unshare(hidden));
    assert_eq!(get(&server, &format!("/v1/pages/{id}/markdown")).status, 404);
}

#[test]
fn children_are_one_level_and_come_in_pages() {
    let (server, _, page) = serve_with(|desk, table| {
        let inner = vec![Block::unsupported("button"), Block::text("paragraph", "中")];
        let blocks = vec![
            Block::text("toggle", "外").over(inner),
            Block::text("quote", "引用"),
        ];
        desk.add(table.source, Row::new("2026-03-04T00:00:00Z").blocks(blocks))
    });
    let first = get(&server, &format!("/v1/blocks/{page}/children?page_size=1")).good();
    assert_eq!(first["results"][0]["has_children"], true);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = format!("/v1/blocks/{page}/children?page_size=1&start_cursor={cursor}");
    let second = get(&server, &second).good();
    assert_eq!(
        (second["results"][0]["type"].as_str(), &second["has_more"]),
        (Some("quote"), &json!(false))
    );
    let toggle = ids(&first).remove(0);
    let inner = get(&server, &format!("/v1/blocks/{toggle}/children")).good();
    assert_eq!(inner["results"][0]["unsupported"]["block_type"], "button");
    assert_eq!(inner["results"][0]["parent"]["block_id"], json!(toggle));
}

#[test]
fn comments_are_the_unresolved_ones_of_the_page_or_block() {
    let (server, _, (page, block)) = serve_with(|desk, table| {
        let row = Row::new("2026-03-04T00:00:00Z").blocks(vec![Block::text("paragraph", "本文")]);
        let page = desk.add(table.source, row);
        let block = desk.children(page)[0];
        let who = values::person(3, "鈴木");
        desk.comment(page, "2026-03-04T02:00:00Z", &who, "対応しました");
        desk.comment(block, "2026-03-04T03:00:00Z", &who, "ここです");
        let done = desk.comment(page, "2026-03-04T04:00:00Z", &who, "済み");
        desk.resolve(done);
        (page, block)
    });
    let comments = get(&server, &format!("/v1/comments?block_id={page}&page_size=100")).good();
    assert_eq!(ids(&comments).len(), 1);
    assert_eq!(
        comments["results"][0]["rich_text"][0]["plain_text"],
        "対応しました"
    );
    assert_eq!(comments["results"][0]["display_name"]["resolved_name"], "鈴木");
    let inline = get(&server, &format!("/v1/comments?block_id={block}")).good();
    assert_eq!(inline["results"][0]["parent"]["block_id"], json!(block));
    let without = get(&server, "/v1/comments");
    assert_eq!(without.error().0, 400);
}

#[test]
fn a_view_names_its_database_and_data_source() {
    let (server, table) = serve(0);
    let view = server.desk(|desk| desk.databases[&table.database].views[0]);
    let answer = get(&server, &format!("/v1/views/{view}")).good();
    assert_eq!(answer["parent"]["database_id"], json!(table.database));
    assert_eq!(answer["data_source_id"], json!(table.source));
    assert_eq!(get(&server, &format!("/v1/databases/{view}")).status, 404);
}

#[test]
fn old_versions_know_databases_alone() {
    let (server, table) = serve(2);
    let old = "2022-06-28";
    let database = get_as(&server, &format!("/v1/databases/{}", table.database), old).good();
    assert_eq!(database["properties"]["状態"]["id"], "%3AUPp");
    assert!(database.get("data_sources").is_none() && database["archived"] == json!(false));

    let ask = |path: String, version: &str, body: &str| {
        send(&server, "POST", &path, &headers(version), body).expect("an answer")
    };
    let path = format!("/v1/databases/{}/query", table.database);
    let rows = ask(path.clone(), old, "{\"archived\": false}").good();
    assert_eq!(
        rows["results"][0]["parent"],
        json!({"type": "database_id", "database_id": table.database})
    );
    assert_eq!(rows["results"][0]["archived"], false);
    assert_eq!(ask(path.clone(), old, "{\"in_trash\": false}").error().0, 400);
    assert_eq!(ask(path, VERSION, "{}").error().1, "invalid_request_url");
    let new_path = format!("/v1/data_sources/{}/query", table.source);
    assert_eq!(ask(new_path, old, "{}").error().1, "invalid_request_url");
}

#[test]
fn old_versions_refuse_a_database_with_two_data_sources() {
    let (server, table, second) =
        serve_with(|desk, table| desk.source(table.database, "二つ目", vec![Column::new("title", "名前")]));
    let answer = get_as(
        &server,
        &format!("/v1/databases/{}", table.database),
        "2022-06-28",
    );
    assert_eq!(answer.error(), (400, "validation_error".to_owned()));
    let more = &answer.json()["additional_data"];
    assert_eq!(more["error_type"], "multiple_data_sources_for_database");
    assert_eq!(more["child_data_source_ids"], json!([table.source, second]));
    assert_eq!(more["minimum_api_version"], "2025-09-03");
}

#[test]
fn old_versions_call_meeting_notes_transcription() {
    let (server, _, page) = serve_with(|desk, table| {
        let notes = Block::new("meeting_notes", json!({"title": values::rich("定例")}));
        desk.add(table.source, Row::new("2026-03-04T00:00:00Z").blocks(vec![notes]))
    });
    let path = format!("/v1/blocks/{page}/children");
    assert_eq!(get(&server, &path).good()["results"][0]["type"], "meeting_notes");
    let old = get_as(&server, &path, "2025-09-03").good();
    assert_eq!(
        old["results"][0]["transcription"]["title"][0]["plain_text"],
        "定例"
    );
}
