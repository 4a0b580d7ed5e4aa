//! Good answers that reach the client badly.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use super::client::{Answer, Line, VERSION, get, headers, serve};
use crate::notion::{Delivery, Fault, Server, When};

/// The answer with that delivery, and the one a client gets that asks again.
fn meet(delivery: Delivery) -> (io::Result<Answer>, Answer) {
    let (server, table) = serve(0);
    server.fault(When::any(), Fault::Delivered(delivery));
    let path = format!("/v1/databases/{}", table.database);
    let first = Line::to(&server).send("GET", &path, &headers(VERSION), "");
    (first, get(&server, &path))
}

#[test]
fn a_cut_answer_may_have_the_length_it_promised() {
    let (answer, again) = meet(Delivery::Cut);
    let answer = answer.expect("an answer");
    assert_eq!((answer.status, answer.body.len()), (200, answer.promised));
    assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_err());
    assert_eq!(again.status, 200);
}

#[test]
fn a_cut_answer_may_be_shorter_than_it_promised() {
    let (answer, again) = meet(Delivery::CutOff);
    let answer = answer.expect("an answer");
    assert!(answer.body.len() < answer.promised && !answer.body.is_empty());
    assert_eq!(again.status, 200);
}

#[test]
fn an_answer_may_be_no_utf8() {
    let (answer, _) = meet(Delivery::NoUtf8);
    let answer = answer.expect("an answer");
    assert_eq!(answer.body.len(), answer.promised);
    assert!(std::str::from_utf8(&answer.body).is_err());
}

#[test]
fn connections_are_reset_before_and_amid_the_answer() {
    for delivery in [Delivery::ResetBefore, Delivery::ResetMidway] {
        let (answer, again) = meet(delivery);
        assert_eq!(
            answer.expect_err("a reset").kind(),
            ErrorKind::ConnectionReset,
            "{delivery:?}"
        );
        assert_eq!(again.status, 200);
    }
}

#[test]
fn resets_meet_requests_with_a_body_too() {
    let (server, table) = serve(3);
    server.fault(When::any(), Fault::Delivered(Delivery::ResetBefore));
    let mut line = Line::to(&server);
    let path = format!("/v1/data_sources/{}/query", table.source);
    let answer = line.send("POST", &path, &headers(VERSION), "{\"page_size\": 1}");
    assert_eq!(answer.expect_err("a reset").kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.log().requests[0].json()["page_size"], 1);
}

#[test]
fn silence_ends_with_the_connection() {
    let (answer, again) = meet(Delivery::Silence(Duration::from_millis(40)));
    assert_eq!(answer.expect_err("silence").kind(), ErrorKind::UnexpectedEof);
    assert_eq!(again.status, 200);
}

#[test]
fn silence_does_not_outlive_the_server() {
    let (server, table) = serve(0);
    server.fault(When::any(), Fault::silence(Duration::from_secs(3600)));
    let start = Instant::now();
    let mut line = Line::to(&server);
    let path = format!("/v1/databases/{}", table.database);
    let asking = std::thread::spawn(move || line.send("GET", &path, &headers(VERSION), "").is_err());
    while server.log().len() == 0 {
        std::thread::yield_now();
    }
    drop::<Server>(server);
    assert!(asking.join().expect("the asking thread"));
    assert!(start.elapsed() < Duration::from_secs(3600));
}

#[test]
fn a_body_in_drops_arrives_in_the_end() {
    let (server, table) = serve(0);
    server.fault(When::any(), Fault::drip(64, Duration::from_millis(1)));
    let answer = get(&server, &format!("/v1/databases/{}", table.database));
    assert_eq!(answer.good()["object"], "database");
}
