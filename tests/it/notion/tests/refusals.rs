//! Every fault that takes the place of an answer.

use super::client::{Answer, VERSION, get, headers, send, serve};
use crate::notion::{
    CONNECTION_LIMIT, Fault, Kind, Problem, Reply, RetryAfter, SPACE_LIMIT, Server, TOKEN, When,
};

fn meet(fault: Fault) -> Answer {
    let (server, table) = serve(0);
    server.fault(When::any(), fault);
    get(&server, &format!("/v1/databases/{}", table.database))
}

#[test]
fn rate_limits_say_when_to_come_back_or_not() {
    let answer = meet(Fault::rate_limited(RetryAfter::Seconds(600), CONNECTION_LIMIT));
    assert_eq!(answer.error(), (429, "rate_limited".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("600"));
    assert_eq!(
        answer.json()["additional_data"]["rate_limit_reason"],
        CONNECTION_LIMIT
    );
    let answer = meet(Fault::rate_limited(RetryAfter::Date(2), SPACE_LIMIT));
    assert!(
        answer
            .header("retry-after")
            .is_some_and(|date| date.ends_with(" GMT"))
    );
    let answer = meet(Fault::rate_limited(RetryAfter::Missing, SPACE_LIMIT));
    assert_eq!(answer.header("retry-after"), None);
    let answer = meet(Fault::overloaded(RetryAfter::Seconds(1)));
    assert_eq!(answer.error(), (529, "service_overload".to_owned()));
}

#[test]
fn errors_of_the_api_have_their_code() {
    for (fault, status, code) in [
        (Fault::internal(), 500, "internal_server_error"),
        (Fault::unavailable(), 503, "service_unavailable"),
        (Fault::gateway_timeout(), 504, "gateway_timeout"),
        (Fault::conflict(), 409, "conflict_error"),
        (Fault::unauthorized(), 401, "unauthorized"),
        (Fault::restricted(), 403, "restricted_resource"),
        (Fault::not_found(), 404, "object_not_found"),
        (Fault::invalid_url(), 400, "invalid_request_url"),
        (Fault::too_slow(), 400, "validation_error"),
        (Fault::dead_cursor(), 400, "validation_error"),
        (
            Fault::problem(Problem::new(418, "new_code", "Something new.")),
            418,
            "new_code",
        ),
    ] {
        assert_eq!(meet(fault).error(), (status, code.to_owned()));
    }
    assert!(
        meet(Fault::too_slow())
            .message()
            .contains("Retry with exponential backoff")
    );
    assert!(
        meet(Fault::dead_cursor())
            .message()
            .starts_with("The start_cursor provided is invalid: ")
    );
}

#[test]
fn the_edge_sends_html_with_a_ray_and_no_request_id() {
    for (fault, status) in [(Fault::bad_gateway(), 502), (Fault::blocked_at_the_edge(), 403)] {
        let answer = meet(fault);
        assert_eq!(answer.status, status);
        assert!(answer.header("cf-ray").is_some() && answer.header("x-notion-request-id").is_none());
        assert!(answer.body.starts_with(b"<html>"));
    }
}

#[test]
fn a_good_status_may_hold_nothing_good() {
    let answer = meet(Fault::html_with_200());
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/html"))
    );
    let answer = meet(Fault::empty_200());
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    let answer = meet(Fault::instead(|_| Reply::new(200, "application/json", "[1]")));
    assert_eq!(answer.body, b"[1]");
}

#[test]
fn redirects_lead_to_this_server_or_another() {
    let (server, table) = serve(0);
    let (other, _) = serve(0);
    let path = format!("/v1/databases/{}?a=b", table.database);
    for status in [301, 302, 307, 308] {
        for base in [server.url(), other.url()] {
            server.clear();
            server.fault(When::any(), Fault::redirect(status, &base));
            let answer = get(&server, &path);
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("location"), Some(format!("{base}{path}").as_str()));
        }
    }
    assert_eq!(other.log().mentions(TOKEN), 0);
    assert_eq!(server.log().mentions(TOKEN), 8);
}

#[test]
fn markdown_may_fail_while_all_else_works() {
    let (server, _) = serve(1);
    let page = server.desk(|desk| *desk.pages.keys().next().expect("a page"));
    let status = |fault: Fault| {
        server.clear();
        server.fault(When::kind(Kind::Markdown).forever(), fault);
        get(&server, &format!("/v1/pages/{page}/markdown")).status
    };
    for (fault, wanted) in [
        (Fault::not_found(), 404),
        (Fault::no_such_route(), 404),
        (Fault::invalid_url(), 400),
        (Fault::internal(), 500),
    ] {
        assert_eq!(status(fault), wanted);
        assert_eq!(get(&server, &format!("/v1/blocks/{page}/children")).status, 200);
    }
    server.clear();
    server.fault(When::address("/markdown"), Fault::truncated_markdown());
    assert_eq!(
        get(&server, &format!("/v1/pages/{page}/markdown")).good()["truncated"],
        true
    );
}

#[test]
fn reqwest_follows_to_another_host_without_the_token() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (server, table): (Server, _) = serve(0);
    let (other, _) = serve(0);
    server.fault(When::any(), Fault::redirect(307, &other.url()));
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let url = format!("{}/v1/databases/{}", server.url(), table.database);
    let request = client
        .get(url)
        .bearer_auth(TOKEN)
        .header("Notion-Version", VERSION);
    assert_eq!(request.send().expect("an answer").status(), 401);
    assert_eq!((other.log().len(), other.log().mentions(TOKEN)), (1, 0));
    assert!(send(&server, "GET", "/", &headers(VERSION), "").is_ok());
}
