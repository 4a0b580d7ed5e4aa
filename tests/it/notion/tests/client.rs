//! A client of a few lines: it reads what is sent, and neither retries nor forgives.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::notion::{Desk, Server, TOKEN, Table, desk_of};

pub(super) const VERSION: &str = "2026-03-11";

/// An answer, as far as it arrived.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: Vec<u8>,
    /// How many bytes the head promised.
    pub(super) promised: usize,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(other, _)| other.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body of an answer that must be a good one.
    #[track_caller]
    pub(super) fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Status and code of an answer that must be an error of the API.
    #[track_caller]
    pub(super) fn error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["object"], "error");
        assert_eq!(body["status"], self.status);
        assert_eq!(body["request_id"].as_str(), self.header("x-notion-request-id"));
        (self.status, body["code"].as_str().expect("a code").to_owned())
    }

    #[track_caller]
    pub(super) fn message(&self) -> String {
        self.json()["message"].as_str().expect("a message").to_owned()
    }
}

/// A connection that is kept.
pub(super) struct Line(TcpStream);

impl Line {
    pub(super) fn to(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address()).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a timeout");
        Self(stream)
    }

    /// Sends a request with these header lines and reads its answer.
    pub(super) fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &str,
        body: &str,
    ) -> io::Result<Answer> {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: notion\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes())?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut answer = Answer {
            status: status.expect("a status"),
            head,
            body: Vec::new(),
            promised: 0,
        };
        let length = answer
            .header("content-length")
            .and_then(|length| length.parse().ok());
        answer.promised = length.expect("a length");
        let promised = answer.promised as u64;
        (&mut self.0).take(promised).read_to_end(&mut answer.body)?;
        Ok(answer)
    }
}

pub(super) fn headers(version: &str) -> String {
    format!("Authorization: Bearer {TOKEN}\r\nNotion-Version: {version}\r\n")
}

/// One request on a connection of its own.
pub(super) fn send(
    server: &Server,
    method: &str,
    target: &str,
    headers: &str,
    body: &str,
) -> io::Result<Answer> {
    Line::to(server).send(method, target, headers, body)
}

#[track_caller]
pub(super) fn get(server: &Server, target: &str) -> Answer {
    get_as(server, target, VERSION)
}

#[track_caller]
pub(super) fn get_as(server: &Server, target: &str, version: &str) -> Answer {
    send(server, "GET", target, &headers(version), "").expect("an answer")
}

#[track_caller]
pub(super) fn query(server: &Server, table: Table, body: &Value) -> Answer {
    let target = format!("/v1/data_sources/{}/query", table.source);
    send(server, "POST", &target, &headers(VERSION), &body.to_string()).expect("an answer")
}

/// The ids of the rows of an answer.
pub(super) fn ids(answer: &Value) -> Vec<String> {
    let rows = answer["results"].as_array().expect("a list").iter();
    rows.map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// All rows of a query, page by page, and the last page.
#[track_caller]
pub(super) fn all(server: &Server, table: Table, body: &Value) -> (Vec<String>, Value) {
    let (mut body, mut rows) = (body.clone(), Vec::new());
    loop {
        let page = query(server, table, &body).good();
        rows.extend(ids(&page));
        if page["has_more"] != true {
            return (rows, page);
        }
        body["start_cursor"] = page["next_cursor"].clone();
    }
}

pub(super) fn oldest_first() -> Value {
    json!([{"timestamp": "created_time", "direction": "ascending"}])
}

/// A server with one table of `count` rows.
pub(super) fn serve(count: u64) -> (Server, Table) {
    let (desk, table) = desk_of(count, 1);
    (Server::start(desk), table)
}

/// A server for a desk with an empty table, changed first.
pub(super) fn serve_with<T>(build: impl FnOnce(&mut Desk, Table) -> T) -> (Server, Table, T) {
    let (mut desk, table) = desk_of(0, 1);
    let built = build(&mut desk, table);
    (Server::start(desk), table, built)
}
