//! Lists in pages: cursors, the cap, and lists broken on purpose.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::client::{all, get, ids, oldest_first, query, serve, serve_with};
use crate::notion::{Fault, Kind, Quirk, Row, Server, Table, When};

fn sorted(size: usize) -> Value {
    json!({"sorts": oldest_first(), "page_size": size})
}

fn distinct(rows: &[String]) -> usize {
    rows.iter().collect::<BTreeSet<_>>().len()
}

/// The second page of a query whose first page is `first`.
fn second(server: &Server, table: Table, mut body: Value, first: &Value) -> Value {
    body["start_cursor"] = first["next_cursor"].clone();
    query(server, table, &body).good()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn pages_give_every_row_once_in_order(count in 0_u64..60, size in 1_usize..=100, cap in 1_usize..80) {
        let (server, table) = serve(count);
        server.desk(|desk| desk.query_cap = cap);
        let (rows, last) = all(&server, table, &sorted(size));
        let times = |id: &String| {
            server.desk(|desk| desk.pages.values().find(|page| page.id.to_string() == *id).map(|page| page.row.created))
        };
        let times: Vec<_> = rows.iter().map(times).collect();
        prop_assert!(times.is_sorted());
        prop_assert_eq!(distinct(&rows), rows.len());
        let count = usize::try_from(count).unwrap_or(0);
        prop_assert_eq!(rows.len(), count.min(cap));
        prop_assert_eq!(last["request_status"]["type"] == "incomplete", count > cap);
        prop_assert!(last["next_cursor"].is_null());
    }
}

#[test]
fn every_page_of_a_capped_query_says_that_it_is_incomplete() {
    let (server, table) = serve(30);
    server.desk(|desk| desk.query_cap = 20);
    let first = query(&server, table, &sorted(10)).good();
    let wanted = json!({"type": "incomplete", "incomplete_reason": "query_result_limit_reached"});
    assert_eq!(
        (&first["has_more"], &first["request_status"]),
        (&json!(true), &wanted)
    );
    let last = second(&server, table, sorted(10), &first);
    assert_eq!(
        (&last["has_more"], &last["request_status"]),
        (&json!(false), &wanted)
    );
}

#[test]
fn windows_by_creation_time_get_past_the_cap() {
    let (server, table) = serve(50);
    server.desk(|desk| desk.query_cap = 20);
    let (mut found, mut body) = (BTreeSet::new(), sorted(7));
    loop {
        let (rows, last) = all(&server, table, &body);
        let newest = last["results"].as_array().and_then(|rows| rows.last());
        let from = newest.expect("a row")["created_time"].clone();
        body["filter"] = json!({"timestamp": "created_time", "created_time": {"on_or_after": from}});
        found.extend(rows);
        if last.get("request_status").is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 50);
}

#[test]
fn a_cursor_is_good_for_its_own_run_alone() {
    let (server, table) = serve(10);
    let first = query(&server, table, &sorted(2)).good();
    let cursor = &first["next_cursor"];
    let again = json!({"sorts": oldest_first(), "page_size": 5, "start_cursor": cursor});
    assert_eq!(
        ids(&query(&server, table, &again).good()),
        ids(&query(&server, table, &again).good())
    );
    let other = query(&server, table, &json!({"start_cursor": cursor}));
    assert_eq!(other.error(), (400, "validation_error".to_owned()));
    assert!(
        other
            .message()
            .starts_with("The start_cursor provided is invalid: ")
    );
}

#[test]
fn rows_added_while_paging_come_at_their_place() {
    let (server, table) = serve(6);
    server.before(When::kind(Kind::Query).nth(2), move |desk| {
        desk.add(table.source, Row::new("2025-01-01T00:00:00Z").title("早い"));
        desk.add(table.source, Row::new("2027-01-01T00:00:00Z").title("遅い"));
    });
    assert_eq!(all(&server, table, &sorted(2)).0.len(), 7);
}

#[test]
fn rows_edited_while_paging_by_edit_time_come_twice() {
    let (server, table) = serve(6);
    let by_edit = json!({
        "sorts": [{"timestamp": "last_edited_time", "direction": "ascending"}], "page_size": 2,
    });
    let first = all(&server, table, &by_edit).0.remove(0);
    server.before(When::kind(Kind::Query).nth(2), move |desk| {
        let id = desk.pages.keys().copied().find(|id| id.to_string() == first);
        desk.edit(id.expect("the row"), "2027-01-01T00:00:00Z", |_| ());
    });
    let (rows, _) = all(&server, table, &by_edit);
    assert_eq!((rows.len(), distinct(&rows)), (7, 6));
}

#[test]
fn lists_break_in_the_ways_that_are_known() {
    let (server, table) = serve(6);
    let page = |quirk| {
        server.clear();
        server.fault(When::kind(Kind::Query), Fault::Paging(quirk));
        query(&server, table, &sorted(4)).good()
    };
    let overlap = page(Quirk::Overlap(2));
    let next = second(&server, table, sorted(4), &overlap);
    assert_eq!(ids(&next)[..2], ids(&overlap)[2..]);

    let empty = page(Quirk::EmptyPage);
    assert_eq!((ids(&empty).len(), &empty["has_more"]), (0, &json!(true)));
    assert_eq!(ids(&second(&server, table, sorted(4), &empty)).len(), 4);

    let silent = page(Quirk::SilentEnd);
    assert_eq!(
        (&silent["has_more"], &silent["next_cursor"]),
        (&json!(false), &Value::Null)
    );

    let no_cursor = page(Quirk::MoreWithoutCursor);
    assert_eq!(
        (&no_cursor["has_more"], &no_cursor["next_cursor"]),
        (&json!(true), &Value::Null)
    );

    let same = page(Quirk::SameCursor);
    assert_eq!(ids(&second(&server, table, sorted(4), &same)), ids(&same));
}

#[test]
fn a_last_page_may_have_a_cursor() {
    let (server, table) = serve(6);
    server.fault(
        When::kind(Kind::Query).nth(2),
        Fault::Paging(Quirk::CursorAtTheEnd),
    );
    let first = query(&server, table, &sorted(4)).good();
    let last = second(&server, table, sorted(4), &first);
    assert_eq!(
        (&last["has_more"], last["next_cursor"].is_string()),
        (&json!(false), true)
    );
}

#[test]
fn the_same_cursor_may_come_for_ever() {
    let (server, table) = serve(6);
    server.fault(
        When::kind(Kind::Query).nth(2).forever(),
        Fault::Paging(Quirk::SameCursor),
    );
    let first = query(&server, table, &sorted(2)).good();
    let next = second(&server, table, sorted(2), &first);
    assert_eq!(next["next_cursor"], first["next_cursor"]);
}

#[test]
fn rows_may_be_partial_doubled_or_no_pages() {
    let (server, table) = serve(2);
    let rows = |fault| {
        server.clear();
        server.fault(When::kind(Kind::Query), fault);
        query(&server, table, &json!({})).good()["results"].clone()
    };
    assert_eq!(
        rows(Fault::partial_rows())[0]
            .as_object()
            .map(serde_json::Map::len),
        Some(2)
    );
    assert_eq!(rows(Fault::doubled_rows()).as_array().map(Vec::len), Some(4));
    assert_eq!(rows(Fault::data_source_among_rows())[0]["object"], "data_source");
}

#[test]
fn comments_and_blocks_have_cursors_of_their_own() {
    let (server, _, page) = serve_with(|desk, table| {
        let page = desk.add(table.source, Row::new("2026-03-04T00:00:00Z"));
        for _ in 0..3 {
            desk.comment(
                page,
                "2026-03-04T00:00:00Z",
                &crate::notion::Desk::somebody(),
                "はい",
            );
        }
        page
    });
    let first = get(&server, &format!("/v1/comments?block_id={page}&page_size=2")).good();
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let rest = get(
        &server,
        &format!("/v1/comments?block_id={page}&start_cursor={cursor}"),
    )
    .good();
    assert_eq!((ids(&rest).len(), &rest["has_more"]), (1, &json!(false)));
    let stray = get(
        &server,
        &format!("/v1/blocks/{page}/children?start_cursor={cursor}"),
    );
    assert_eq!(stray.error().0, 400);
    assert_eq!(
        get(&server, &format!("/v1/blocks/{page}/children?page_size=101"))
            .error()
            .0,
        400
    );
    assert_eq!(
        get(&server, &format!("/v1/blocks/{page}/children?filter=x"))
            .error()
            .0,
        400
    );
}
