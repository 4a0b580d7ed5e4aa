//! When faults happen, what the log keeps, and rows by the thousand.

use std::time::Duration;

use serde_json::json;

use super::client::{Answer, Line, VERSION, get, headers, query, serve};
use crate::notion::{Chance, Fault, Kind, RetryAfter, TOKEN, When, add_rows, desk_of};

#[test]
fn a_script_counts_the_requests_it_is_about() {
    let (server, table) = serve(3);
    server.fault(When::kind(Kind::Query).nth(2).times(2), Fault::internal());
    let database = format!("/v1/databases/{}", table.database);
    let statuses: Vec<u16> = (0..4)
        .map(|_| {
            assert_eq!(get(&server, &database).status, 200);
            query(&server, table, &json!({})).status
        })
        .collect();
    assert_eq!(statuses, [200, 500, 500, 200]);
}

#[test]
fn scripts_go_by_address_or_any_test_and_for_ever() {
    let (server, table) = serve(3);
    server.fault(
        When::address(&table.database.to_string()).forever(),
        Fault::conflict(),
    );
    server.fault(
        When::that(|request| request.json()["page_size"] == 3),
        Fault::gateway_timeout(),
    );
    for _ in 0..3 {
        assert_eq!(
            get(&server, &format!("/v1/databases/{}", table.database)).status,
            409
        );
    }
    assert_eq!(query(&server, table, &json!({"page_size": 2})).status, 200);
    assert_eq!(query(&server, table, &json!({"page_size": 3})).status, 504);
    server.clear();
    assert_eq!(
        get(&server, &format!("/v1/databases/{}", table.database)).status,
        200
    );
}

#[test]
fn chance_lets_the_persistent_through() {
    let (server, table) = serve(3);
    server.by_chance(Chance {
        seed: 1,
        percent: 100,
        in_a_row: 3,
        faults: vec![Fault::internal()],
    });
    let statuses: Vec<u16> = (0..8).map(|_| query(&server, table, &json!({})).status).collect();
    assert_eq!(statuses, [500, 500, 500, 200, 500, 500, 500, 200]);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let run = |seed| {
        let (server, table) = serve(3);
        let faults = vec![
            Fault::internal(),
            Fault::overloaded(RetryAfter::Missing),
            Fault::bad_gateway(),
        ];
        server.by_chance(Chance {
            seed,
            percent: 50,
            in_a_row: 9,
            faults,
        });
        (1..=20)
            .map(|size| query(&server, table, &json!({"page_size": size})).status)
            .collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    assert!(run(1).contains(&200) && run(1).contains(&500));
}

#[test]
fn passing_faults_pass() {
    let (server, table) = serve(3);
    server.by_chance(Chance {
        seed: 5,
        percent: 80,
        in_a_row: 2,
        faults: Fault::passing(),
    });
    let path = format!("/v1/databases/{}", table.database);
    for _ in 0..20 {
        let mut tries = (0..3).map(|_| Line::to(&server).send("GET", &path, &headers(VERSION), ""));
        let good = |answer: &Answer| {
            answer.status == 200 && serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok()
        };
        assert!(tries.any(|answer| answer.is_ok_and(|answer| good(&answer))));
    }
}

#[test]
fn the_log_has_everything_that_came_in() {
    let (server, table) = serve(3);
    query(&server, table, &json!({"page_size": 2}));
    get(&server, "/v1/comments?block_id=%E3%81%82&page_size=5");
    let log = server.log();
    assert_eq!(
        (log.len(), log.count(Kind::Query), log.count(Kind::View)),
        (2, 1, 0)
    );
    let asked = log.of(Kind::Query)[0];
    assert_eq!(
        (asked.method.as_str(), asked.json()),
        ("POST", json!({"page_size": 2}))
    );
    assert_eq!(asked.header("notion-version"), Some(VERSION));
    assert_eq!(log.requests[1].parameter("block_id"), Some("あ"));
    assert_eq!(
        (
            log.mentions(TOKEN),
            log.mentions("page_size"),
            log.mentions("nowhere")
        ),
        (2, 2, 0)
    );
}

#[test]
fn the_log_shows_the_pace() {
    let (server, _) = serve(0);
    get(&server, "/v1/a");
    std::thread::sleep(Duration::from_millis(30));
    get(&server, "/v1/b");
    let log = server.log();
    assert!(log.gaps()[0] >= Duration::from_millis(30));
    assert_eq!(log.busiest(Duration::from_millis(30)), 1);
    assert_eq!(log.busiest(Duration::from_secs(3600)), 2);
}

#[test]
fn generated_rows_are_the_same_for_the_same_seed() {
    let rows = |seed| {
        let (desk, _) = desk_of(50, seed);
        desk.pages
            .into_values()
            .map(|page| format!("{:?}", page.row))
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
}

#[test]
fn more_rows_can_be_added_while_the_server_runs() {
    let (server, table) = serve(20);
    server.desk(|desk| add_rows(desk, table, 5, 2));
    let last = json!({"sorts": [{"property": "番号", "direction": "descending"}], "page_size": 1});
    let last = query(&server, table, &last).good();
    assert_eq!(
        last["results"][0]["properties"]["番号"]["unique_id"]["number"],
        25
    );
    assert_eq!(server.desk(|desk| desk.query_cap), 10_000);
}
