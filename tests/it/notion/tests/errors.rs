//! What the API refuses, and how it says so.

use serde_json::json;

use super::client::{Line, VERSION, get, get_as, headers, send, serve, serve_with};
use crate::notion::{Id, Row, TOKEN};

#[test]
fn a_wrong_token_is_unauthorized() {
    let (server, table) = serve(0);
    for authorization in [
        "",
        "Authorization: Bearer other\r\n",
        &format!("Authorization: {TOKEN}\r\n"),
    ] {
        let headers = format!("{authorization}Notion-Version: {VERSION}\r\n");
        let path = format!("/v1/databases/{}", table.database);
        let answer = send(&server, "GET", &path, &headers, "").expect("an answer");
        assert_eq!(answer.error(), (401, "unauthorized".to_owned()));
    }
}

#[test]
fn a_version_is_needed_and_must_exist() {
    let (server, table) = serve(0);
    let path = format!("/v1/databases/{}", table.database);
    let headers = format!("Authorization: Bearer {TOKEN}\r\n");
    let answer = send(&server, "GET", &path, &headers, "").expect("an answer");
    assert_eq!(answer.error(), (400, "missing_version".to_owned()));
    assert_eq!(
        get_as(&server, &path, "2026-04-01").error(),
        (400, "validation_error".to_owned())
    );
}

#[test]
fn an_id_of_the_wrong_kind_is_told_only_for_pages_and_databases() {
    let (server, table) = serve(1);
    let page = server.desk(|desk| *desk.pages.keys().next().expect("a page"));
    let answer = get(&server, &format!("/v1/databases/{page}"));
    assert_eq!(answer.error().0, 400);
    assert!(answer.message().contains("is a page, not a database"));
    let answer = get(&server, &format!("/v1/pages/{}", table.database));
    assert!(answer.message().contains("is a database, not a page"));
    let answer = get(&server, &format!("/v1/data_sources/{}", table.database));
    assert_eq!(answer.error(), (404, "object_not_found".to_owned()));
    assert!(answer.message().starts_with("Could not find database"));
    assert_eq!(
        get(&server, &format!("/v1/databases/{}", table.source)).status,
        404
    );
}

#[test]
fn what_is_not_shared_is_not_found() {
    let (server, table) = serve(1);
    let page = server.desk(|desk| *desk.pages.keys().next().expect("a page"));
    server.desk(|desk| desk.unshare(table.database));
    for path in [
        format!("/v1/databases/{}", table.database),
        format!("/v1/databases/{page}"),
        format!("/v1/data_sources/{}", table.source),
        format!("/v1/pages/{page}"),
        format!("/v1/pages/{page}/markdown"),
        format!("/v1/blocks/{page}/children"),
        format!("/v1/comments?block_id={page}"),
        format!("/v1/pages/{}", Id::of(0)),
    ] {
        assert_eq!(
            get(&server, &path).error(),
            (404, "object_not_found".to_owned()),
            "{path}"
        );
    }
    server.desk(|desk| desk.share(table.database));
    assert_eq!(get(&server, &format!("/v1/pages/{page}")).status, 200);
}

#[test]
fn a_page_in_the_trash_can_be_seen_but_not_read() {
    let (server, _, page) = serve_with(|desk, table| {
        let page = desk.add(table.source, Row::new("2026-03-04T00:00:00Z"));
        desk.trash(page, true);
        page
    });
    assert_eq!(
        get(&server, &format!("/v1/pages/{page}")).good()["in_trash"],
        true
    );
    assert_eq!(get(&server, &format!("/v1/pages/{page}/markdown")).status, 404);
    server.desk(|desk| desk.delete(page));
    assert_eq!(get(&server, &format!("/v1/pages/{page}")).status, 404);
}

#[test]
fn missing_capabilities_are_restricted() {
    let (server, table) = serve(1);
    let page = server.desk(|desk| *desk.pages.keys().next().expect("a page"));
    server.desk(|desk| desk.read_comments = false);
    let comments = format!("/v1/comments?block_id={page}");
    assert_eq!(
        get(&server, &comments).error(),
        (403, "restricted_resource".to_owned())
    );
    assert_eq!(get(&server, &format!("/v1/pages/{page}")).status, 200);
    server.desk(|desk| desk.read_content = false);
    for path in [
        format!("/v1/pages/{page}/markdown"),
        format!("/v1/databases/{}", table.database),
    ] {
        assert_eq!(
            get(&server, &path).error(),
            (403, "restricted_resource".to_owned())
        );
    }
}

#[test]
fn an_address_the_api_does_not_have_is_invalid() {
    let (server, _) = serve(0);
    for path in ["/v1/nothing", "/v2/pages", "/", "/v1/pages", "//v1/comments"] {
        assert_eq!(
            get(&server, path).error(),
            (400, "invalid_request_url".to_owned()),
            "{path}"
        );
    }
    assert_eq!(
        get(&server, "/v1/pages/no-uuid").error(),
        (400, "validation_error".to_owned())
    );
    assert_eq!(
        get(&server, &format!("/v1/pages/{}-", Id::of(1).plain()))
            .error()
            .0,
        400
    );
}

#[test]
fn parameters_the_api_does_not_have_are_refused() {
    let (server, table) = serve(1);
    let page = server.desk(|desk| *desk.pages.keys().next().expect("a page"));
    let answer = get(&server, &format!("/v1/databases/{}?v=0", table.database));
    assert_eq!(
        answer.message(),
        "query failed validation: query.v should be not present, instead was `\"0\"`."
    );
    assert_eq!(
        get(&server, &format!("/v1/pages/{page}?filter_properties=nothing"))
            .error()
            .0,
        400
    );
    let one = get(&server, &format!("/v1/pages/{page}?filter_properties=title")).good();
    assert_eq!(one["properties"].as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(
        get(
            &server,
            &format!("/v1/pages/{page}/markdown?include_transcript=true")
        )
        .status,
        200
    );
}

#[test]
fn ids_need_no_dashes_and_no_case() {
    let (server, table) = serve(0);
    let shouted = table.database.plain().to_uppercase();
    assert_eq!(
        get(&server, &format!("/v1/databases/{shouted}")).good()["id"],
        json!(table.database)
    );
}

#[test]
fn one_connection_carries_many_requests() {
    let (server, table) = serve(0);
    let mut line = Line::to(&server);
    for _ in 0..3 {
        let path = format!("/v1/databases/{}", table.database);
        let answer = line.send("GET", &path, &headers(VERSION), "").expect("an answer");
        assert_eq!(answer.status, 200);
        assert!(answer.header("date").is_some_and(|date| date.ends_with(" GMT")));
    }
    assert_eq!(server.log().len(), 3);
}
