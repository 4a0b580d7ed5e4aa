//! `toilscope pull` against a server that behaves as Notion's, and misbehaves as Notion's.

use std::collections::BTreeSet;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::notion::{
    Block, CONNECTION_LIMIT, Chance, Desk, Fault, Id, Kind, Quirk, RetryAfter, Row, Server, TOKEN, Table,
    When, desk_of, request_desk, values,
};
use crate::tool::{Answer, Room};

/// Pulls from a server as its user would, only faster.
pub(crate) fn pull(room: &Room, server: &Server, table: Table, more: &[&str]) -> Answer {
    pull_link(room, server, &table.database.to_string(), more)
}

pub(crate) fn pull_link(room: &Room, server: &Server, link: &str, more: &[&str]) -> Answer {
    let url = server.url();
    let mut arguments = vec![
        "pull",
        "--database",
        link,
        "--base-url",
        &url,
        "--requests-per-second",
        "10000",
    ];
    arguments.extend(more);
    let output = room.command(&arguments).env("NOTION_TOKEN", TOKEN).output();
    Answer::of(output.expect("the binary runs"))
}

/// The tickets of a store with all that belongs to them, times of fetching aside.
pub(crate) fn stored(room: &Room) -> String {
    room.run(&["store", "export"]).good()
}

/// Compares two stores and shows the tickets that differ.
#[track_caller]
pub(crate) fn assert_same(found: &str, expected: &str, context: &str) {
    let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
    let (found, expected) = (lines(found), lines(expected));
    let shown = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).take(2).cloned().collect()
    };
    assert!(
        found == expected,
        "{context}\nfound {:#?}\nexpected {:#?}",
        shown(&found, &expected),
        shown(&expected, &found)
    );
}

/// What a pull without any fault gives.
pub(crate) fn truth(server: &Server, table: Table) -> String {
    let room = Room::new();
    pull(&room, server, table, &[]).good();
    stored(&room)
}

pub(crate) fn tickets(room: &Room) -> Vec<Value> {
    stored(room)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn a_first_pull_asks_as_little_as_possible_and_a_second_for_what_changed() {
    let (desk, table) = desk_of(250, 1);
    let server = Server::start(desk);
    let room = Room::new();
    let answer = pull(&room, &server, table, &[]);
    assert!(
        answer.err.contains("件名 (title)") && answer.err.contains("toilscope.toml"),
        "{}",
        answer.err
    );
    assert!(answer.good().contains("250 new, 0 changed, 0 unchanged"));
    let first = server.log();
    // Database, data source, three answers of rows, one request for each content, cut values.
    let cut = first.count(Kind::Property);
    assert_eq!(first.len(), 1 + 1 + 3 + 250 + cut);

    let edited = server.desk(|desk| {
        let id = *desk.pages.keys().nth(17).expect("a page");
        desk.edit(id, "2027-01-01T00:00:00Z", |row| {
            *row = row.clone().title("新しい件名").markdown("新しい本文");
        });
        id
    });
    let again = pull(&room, &server, table, &[]).good();
    assert!(again.contains("0 new, 1 changed"), "{again}");
    let second = server.log();
    assert_eq!(second.count(Kind::Markdown) - first.count(Kind::Markdown), 1);
    assert!(
        second.len() - first.len() <= 5 + cut,
        "{}",
        second.len() - first.len()
    );
    let ticket = tickets(&room)
        .into_iter()
        .find(|ticket| ticket["id"] == edited.to_string())
        .expect("the ticket");
    assert_eq!(ticket["title"], "新しい件名");
    assert!(ticket["body"].as_str().expect("a body").contains("新しい本文"));
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn a_store_is_what_analyses_read_when_no_file_is_named() {
    let (desk, table) = desk_of(60, 3);
    let server = Server::start(desk);
    let room = Room::new();
    assert_eq!(room.run(&["report"]).code, Some(5));
    pull(&room, &server, table, &[]).good();
    let rows = room.run(&["tickets", "--format", "json"]).json();
    assert_eq!(rows["rows"].as_array().map(Vec::len), Some(60));
    assert!(room.run(&["report"]).good().contains('%'));
    assert_eq!(room.run(&["tickets", "--output", "toilscope.db"]).code, Some(2));
    assert!(
        room.run(&["store", "info"])
            .good()
            .contains("60 pulled from Notion")
    );
}

#[test]
fn passing_faults_leave_the_same_store() {
    let (desk, table) = desk_of(7, 5);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    for fault in Fault::passing() {
        for kind in [Kind::Database, Kind::DataSource, Kind::Query, Kind::Markdown] {
            server.clear();
            server.fault(When::kind(kind).nth(1), fault.clone());
            let room = Room::new();
            let answer = pull(&room, &server, table, &[]);
            assert_eq!(answer.code, Some(0), "{fault:?} {kind:?}: {}", answer.err);
            assert_same(&stored(&room), &truth, &format!("{fault:?} {kind:?}"));
        }
    }
}

#[test]
fn broken_lists_leave_the_same_store_or_a_named_error() {
    let (desk, table) = desk_of(350, 6);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    let quirks = [
        Quirk::EmptyPage,
        Quirk::Overlap(20),
        Quirk::SilentEnd,
        Quirk::MoreWithoutCursor,
        Quirk::SameCursor,
    ];
    let faults = quirks.map(Fault::Paging).into_iter().chain([
        Fault::dead_cursor(),
        Fault::doubled_rows(),
        Fault::partial_rows(),
        Fault::data_source_among_rows(),
        Fault::too_slow(),
    ]);
    for fault in faults {
        for nth in [1, 2, 4] {
            if nth == 1 && format!("{fault:?}").contains("Instead") {
                // A first request has no cursor that could be dead.
                continue;
            }
            server.clear();
            server.fault(When::kind(Kind::Query).nth(nth), fault.clone());
            let room = Room::new();
            let answer = pull(&room, &server, table, &[]);
            assert_eq!(answer.code, Some(0), "{fault:?} {nth}: {}", answer.err);
            assert_same(&stored(&room), &truth, &format!("{fault:?} {nth}"));
        }
    }
    server.clear();
    server.fault(
        When::kind(Kind::Query).nth(1).forever(),
        Fault::Paging(Quirk::SameCursor),
    );
    let room = Room::new();
    let circle = pull(&room, &server, table, &[]);
    assert_eq!(circle.code, Some(5));
    assert!(circle.err.contains("again"), "{}", circle.err);
    server.clear();
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth, "");
}

#[test]
fn rows_beyond_the_cap_are_read_in_windows() {
    let (mut desk, table) = desk_of(330, 7);
    desk.query_cap = 120;
    // An import: more rows in one minute than one query gives.
    for number in 0..300 {
        let row = Row::new("2026-02-02T03:04:05Z")
            .title(&format!("取り込み {number}"))
            .markdown("x");
        desk.add(table.source, row);
    }
    let server = Server::start(desk);
    let room = Room::new();
    let answer = pull(&room, &server, table, &[]);
    assert!(answer.good().contains("630 new"));
    assert_eq!(tickets(&room).len(), 630);
    let incremental = pull(&room, &server, table, &[]).good();
    assert!(incremental.contains("0 new, 0 changed"), "{incremental}");
}

#[test]
fn faults_by_chance_and_kills_end_in_the_same_store() {
    let (desk, table) = desk_of(130, 8);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    for seed in 0..4 {
        server.clear();
        server.by_chance(Chance {
            seed,
            percent: 3,
            in_a_row: 2,
            faults: Fault::passing(),
        });
        let room = Room::new();
        for kill_after in [3 + seed as usize * 11, 40, 70] {
            killed_after(&room, &server, table, kill_after);
        }
        let answer = pull(&room, &server, table, &[]);
        assert_eq!(answer.code, Some(0), "{seed}: {}", answer.err);
        assert_same(&stored(&room), &truth, &format!("seed {seed}"));
    }
}

/// Starts a pull that goes on by itself.
fn started(room: &Room, server: &Server, table: Table) -> Child {
    Process::new(assert_cmd::cargo::cargo_bin("toilscope"))
        .current_dir(room.path())
        .args(["pull", "--quiet", "--requests-per-second", "10000"])
        .args([
            "--database",
            &table.database.to_string(),
            "--base-url",
            &server.url(),
        ])
        .env("NOTION_TOKEN", TOKEN)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts")
}

/// Starts a pull and kills it after so many requests.
fn killed_after(room: &Room, server: &Server, table: Table, requests: usize) {
    let before = server.log().len();
    let mut child = started(room, server, table);
    let begun = Instant::now();
    while server.log().len() - before < requests && begun.elapsed() < Duration::from_secs(60) {
        if child.try_wait().expect("a child").is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("a kill");
    child.wait().expect("an end");
}

#[test]
fn a_pull_that_was_stopped_asks_for_nothing_twice() {
    let (desk, table) = desk_of(120, 9);
    let server = Server::start(desk);
    server.fault(When::kind(Kind::Markdown).nth(61), Fault::unauthorized());
    let room = Room::new();
    let stopped = pull(&room, &server, table, &[]);
    assert_eq!(stopped.code, Some(5));
    assert!(
        stopped.err.contains("does not accept the token") && stopped.err.contains("hint:"),
        "{}",
        stopped.err
    );
    assert!(
        room.run(&["tickets", "--format", "jsonl"])
            .err
            .contains("60 tickets in the store have no text yet")
    );
    pull(&room, &server, table, &[]).good();
    assert_eq!(server.log().count(Kind::Markdown), 121);
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn what_leaves_the_database_is_recorded_and_comes_back() {
    let (desk, table) = desk_of(40, 10);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    let ids: Vec<Id> = server.desk(|desk| desk.pages.keys().copied().collect());
    server.desk(|desk| {
        desk.trash(ids[1], true);
        desk.delete(ids[2]);
    });
    let next = pull(&room, &server, table, &[]).good();
    assert!(next.contains("1 moved to the trash"), "{next}");
    let full = pull(&room, &server, table, &["--full"]).good();
    assert!(full.contains("1 vanished"), "{full}");
    let deleted = || -> Vec<String> {
        let all = tickets(&room)
            .into_iter()
            .filter(|ticket| ticket["deleted"] == true);
        all.map(|ticket| ticket["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let mut gone = vec![ids[1].to_string(), ids[2].to_string()];
    gone.sort();
    assert_eq!(deleted(), gone);
    let rows = room.run(&["tickets", "--format", "json"]).json();
    let excluded = rows["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["excluded"] == "deleted");
    assert_eq!(excluded.count(), 2);
    server.desk(|desk| desk.trash(ids[1], false));
    let back = pull(&room, &server, table, &[]).good();
    assert!(back.contains("1 restored"), "{back}");
    assert_eq!(deleted(), [ids[2].to_string()]);
}

#[test]
fn rows_that_change_while_they_are_read_are_not_lost() {
    let (desk, table) = desk_of(320, 11);
    let server = Server::start(desk);
    let room = Room::new();
    let mut added = false;
    server.before(When::kind(Kind::Query).nth(3), move |desk| {
        let ids: Vec<Id> = desk.pages.keys().copied().collect();
        desk.edit(ids[5], "2027-03-01T00:00:00Z", |row| {
            *row = row.clone().title("途中で変わった");
        });
        if !added {
            added = true;
            for number in 0..3 {
                desk.add(
                    table.source,
                    Row::new("2027-03-01T00:01:00Z").title(&format!("新 {number}")),
                );
            }
        }
    });
    pull(&room, &server, table, &[]).good();
    server.clear();
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn the_token_goes_nowhere_else() {
    let (desk, table) = desk_of(5, 12);
    let server = Server::start(desk);
    let elsewhere = Server::start(Desk::new());
    for status in [301, 302, 307, 308] {
        server.clear();
        server.fault(
            When::kind(Kind::Query).nth(1),
            Fault::redirect(status, &elsewhere.url()),
        );
        let room = Room::new();
        let answer = pull(&room, &server, table, &[]);
        assert_eq!(answer.code, Some(5));
        assert!(answer.err.contains("redirects to another host"), "{}", answer.err);
        server.clear();
        server.fault(
            When::kind(Kind::Query).nth(1),
            Fault::redirect(status, &server.url()),
        );
        pull(&room, &server, table, &[]).good();
        for file in std::fs::read_dir(room.path()).expect("a folder").flatten() {
            let bytes = std::fs::read(file.path()).expect("a file");
            assert!(
                !bytes
                    .windows(TOKEN.len())
                    .any(|window| window == TOKEN.as_bytes()),
                "{file:?}"
            );
        }
        assert!(!answer.err.contains(TOKEN));
    }
    assert_eq!(elsewhere.log().len(), 0);
    let room = Room::new();
    room.file("token", format!("{TOKEN}\n"));
    let url = server.url();
    let link = table.database.to_string();
    let by_file = [
        "pull",
        "--database",
        &link,
        "--base-url",
        &url,
        "--token-file",
        "token",
    ];
    assert!(room.run(&by_file).good().contains("5 new"));
    assert_eq!(room.run(&by_file[..5]).code, Some(5), "without a token");
    let wrong = room
        .command(&by_file[..5])
        .env("NOTION_API_TOKEN", "ntn_wrong")
        .output()
        .expect("a run");
    let wrong = Answer::of(wrong);
    assert!(
        wrong.code == Some(5) && !wrong.err.contains("ntn_wrong"),
        "{}",
        wrong.err
    );
}

#[test]
fn what_cannot_heal_ends_at_once_with_a_next_step() {
    let (desk, table) = desk_of(5, 13);
    let server = Server::start(desk);
    let cases = [
        (Fault::restricted(), "does not allow"),
        (Fault::blocked_at_the_edge(), "ray id"),
        (
            Fault::rate_limited(RetryAfter::Seconds(3600), CONNECTION_LIMIT),
            "asks to wait 3600 s",
        ),
    ];
    for (fault, words) in cases {
        server.clear();
        server.fault(When::kind(Kind::Query).nth(1).forever(), fault);
        let begun = Instant::now();
        let answer = pull(&Room::new(), &server, table, &[]);
        assert_eq!(answer.code, Some(5));
        assert!(
            answer.err.contains(words) && answer.err.contains("hint:"),
            "{}",
            answer.err
        );
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn retry_after_is_honoured() {
    let (desk, table) = desk_of(3, 14);
    let server = Server::start(desk);
    for after in [RetryAfter::Seconds(2), RetryAfter::Date(2)] {
        server.clear();
        let before = server.log().len();
        server.fault(
            When::kind(Kind::Query).nth(1),
            Fault::rate_limited(after, CONNECTION_LIMIT),
        );
        pull(&Room::new(), &server, table, &[]).good();
        let longest = server.log().gaps().into_iter().skip(before).max().expect("gaps");
        // A date has whole seconds, so up to one of them is lost.
        assert!(longest >= Duration::from_millis(1000), "{longest:?}");
    }
}

#[test]
fn the_pace_is_kept() {
    let (desk, table) = desk_of(20, 15);
    let server = Server::start(desk);
    let room = Room::new();
    let (url, link) = (server.url(), table.database.to_string());
    let arguments = [
        "pull",
        "--database",
        &link,
        "--base-url",
        &url,
        "--requests-per-second",
        "8",
    ];
    let output = room
        .command(&arguments)
        .env("NOTION_TOKEN", TOKEN)
        .output()
        .expect("a run");
    Answer::of(output).good();
    // A bucket of one second's worth may be spent at once, the rest comes at the rate; one more for the edge.
    assert!(server.log().busiest(Duration::from_secs(1)) <= 8 + 8 + 1);
}

#[test]
fn content_is_read_block_by_block_where_there_is_no_markdown() {
    let (mut desk, table) = {
        let mut desk = Desk::new();
        let table = desk.database("依頼", request_desk());
        (desk, table)
    };
    let page = desk.add(table.source, Row::new("2026-03-01T00:00:00Z").title("a"));
    desk.write(
        page,
        vec![Block::text("paragraph", "一行目"), Block::code("sql", "select 1")],
    );
    let server = Server::start(desk);
    for fault in [Fault::no_such_route(), Fault::invalid_url()] {
        server.clear();
        server.fault(When::kind(Kind::Markdown).nth(1).forever(), fault);
        let room = Room::new();
        pull(&room, &server, table, &[]).good();
        let body = tickets(&room)[0]["body"].as_str().expect("a body").to_owned();
        assert!(body.contains("一行目") && body.contains("select 1"), "{body}");
    }
}

#[test]
fn rights_that_are_missing_are_told_once_and_asked_for_later() {
    let (mut desk, table) = desk_of(12, 16);
    desk.read_comments = false;
    let server = Server::start(desk);
    for kind in [Kind::Markdown, Kind::Children] {
        server.fault(When::kind(kind).nth(1).forever(), Fault::restricted());
    }
    let room = Room::new();
    let answer = pull(&room, &server, table, &["--comments"]);
    assert_eq!(
        answer.err.matches("may not read content").count(),
        1,
        "{}",
        answer.err
    );
    assert!(server.log().count(Kind::Markdown) + server.log().count(Kind::Children) <= 2);
    assert!(answer.good().contains("12 new"));
    server.clear();
    server.desk(|desk| {
        desk.read_comments = true;
        let id = *desk.pages.keys().next().expect("a page");
        desk.comment(
            id,
            "2026-04-01T00:00:00Z",
            &values::person(3, "鈴木"),
            "対応しました",
        );
    });
    pull(&room, &server, table, &["--comments"]).good();
    let all = tickets(&room);
    assert!(
        all.iter()
            .any(|ticket| ticket["comments"][0]["text"] == "対応しました")
    );
    let fresh = Room::new();
    pull(&fresh, &server, table, &["--comments"]).good();
    assert_same(&stored(&room), &stored(&fresh), "");
}

#[test]
fn a_check_changes_nothing() {
    let (desk, table) = desk_of(9, 17);
    let server = Server::start(desk);
    let room = Room::new();
    let answer = pull(&room, &server, table, &["--check"]).good();
    for words in [
        "the token is accepted",
        "件名 (title)",
        "one ticket",
        "nothing was changed",
    ] {
        assert!(answer.contains(words), "{words}: {answer}");
    }
    assert_eq!(std::fs::read_dir(room.path()).expect("a folder").count(), 0);
}

#[test]
fn links_lead_to_the_database_or_to_a_hint() {
    let (mut desk, table) = desk_of(3, 18);
    let linked = desk.linked_database("ビュー");
    let row = *desk.pages.keys().next().expect("a page");
    let server = Server::start(desk);
    let room = Room::new();
    let view = "ffffffffffffffffffffffffffffffff";
    let good = [
        format!(
            "https://www.notion.so/ws/SRE-{}?v={view}&pvs=4",
            table.database.plain()
        ),
        format!(
            "https://www.notion.so/{}?v={view}&p={}",
            table.database.plain(),
            row.plain()
        ),
        table.source.to_string(),
    ];
    for link in good {
        assert_eq!(
            pull_link(&room, &server, &link, &["--check"]).code,
            Some(0),
            "{link}"
        );
    }
    let bad = [
        (linked.to_string(), "original database"),
        (row.plain(), &*format!("--database {}", table.database)),
        (Id::of(987_654).to_string(), "Connections"),
    ];
    for (link, words) in bad {
        let answer = pull_link(&room, &server, &link, &[]);
        assert_eq!(answer.code, Some(5), "{link}");
        assert!(answer.err.contains(words), "{link}: {}", answer.err);
    }
    assert_eq!(pull_link(&room, &server, "SRE", &[]).code, Some(2));
}

#[test]
fn renames_do_no_harm_and_the_mapping_can_be_edited() {
    let (desk, table) = desk_of(10, 19);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    let titles = |room: &Room| -> Vec<Value> {
        tickets(room)
            .into_iter()
            .map(|ticket| ticket["title"].clone())
            .collect()
    };
    let before = titles(&room);
    server.desk(|desk| desk.rename(table.source, "件名", "X"));
    pull(&room, &server, table, &[]).good();
    assert_eq!(titles(&room), before);
    let requests = server.log().count(Kind::Markdown);
    let settings = std::fs::read_to_string(room.path().join("toilscope.toml")).expect("settings");
    let edited: String = settings
        .lines()
        .map(|line| {
            if line.starts_with("status = ") {
                "status = [\"種別\"]\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    room.file("toilscope.toml", edited);
    pull(&room, &server, table, &[]).good();
    assert_eq!(
        server.log().count(Kind::Markdown),
        requests,
        "made anew from what is in the store"
    );
    room.file(
        "toilscope.toml",
        settings.replace("status = [", "status = [\"nothing\", "),
    );
    let wrong = pull(&room, &server, table, &[]);
    assert!(
        wrong.code == Some(3) && wrong.err.contains("\"nothing\""),
        "{}",
        wrong.err
    );
}

#[test]
fn a_ticket_from_pull_and_file_is_one_by_its_link_and_told_of_otherwise() {
    let (desk, table) = desk_of(3, 23);
    let server = Server::start(desk);
    let room = Room::new();
    let mut pages = Vec::new();
    server.desk(|desk| {
        pages.extend(
            desk.pages
                .values()
                .map(|page| (page.id, page.row.created.to_string())),
        );
    });
    let title = "取り込んだもの";
    server.desk(|desk| {
        desk.edit(pages[1].0, "2027-01-01T00:00:00Z", |row| {
            *row = row.clone().title(title);
        });
    });
    let by_link = format!(
        "{{\"id\":\"A-1\",\"url\":\"https://www.notion.so/x-{}\"}}",
        pages[0].0.plain()
    );
    let by_look = format!(
        "{{\"id\":\"A-2\",\"title\":\"{title}\",\"created_at\":\"{}\"}}",
        pages[1].1
    );
    room.file("old.jsonl", format!("{by_link}\n{by_look}\n"));
    assert!(room.run(&["import", "old.jsonl"]).good().contains("2 new"));
    let answer = pull(&room, &server, table, &[]);
    assert!(
        answer.err.contains("1 imported tickets have title"),
        "{}",
        answer.err
    );
    assert!(answer.good().contains("1 imported before and pulled now"));
    assert_eq!(tickets(&room).len(), 4);
    let again = room.run(&["import", "old.jsonl"]).good();
    assert!(again.contains("0 new") && again.contains("1 known"), "{again}");
}

#[test]
fn a_hanging_answer_is_asked_for_again_and_given_up_in_the_end() {
    let (desk, table) = desk_of(5, 22);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    let hang = || Fault::silence(Duration::from_secs(60));
    for kind in [Kind::Database, Kind::Query, Kind::Markdown] {
        server.clear();
        server.fault(When::kind(kind).nth(1), hang());
        let room = Room::new();
        pull(&room, &server, table, &["--timeout", "1"]).good();
        assert_same(&stored(&room), &truth, &format!("{kind:?}"));
    }
    server.clear();
    server.fault(When::kind(Kind::Query).nth(1).forever(), hang());
    let room = Room::new();
    let given_up = pull(&room, &server, table, &["--timeout", "1"]);
    assert_eq!(given_up.code, Some(5));
    assert!(given_up.err.contains("no answer in time"), "{}", given_up.err);
    assert!(room.run(&["store", "info"]).good().contains("no answer in time"));
    server.clear();
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth, "");
}

#[test]
fn one_writes_while_others_read() {
    let (desk, table) = desk_of(5, 20);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    server.fault(
        When::kind(Kind::Query).nth(1).forever(),
        Fault::silence(Duration::from_secs(5)),
    );
    let before = server.log().len();
    let mut child = started(&room, &server, table);
    let begun = Instant::now();
    while server.log().len() < before + 3 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = pull(&room, &server, table, &[]);
    assert_eq!(second.code, Some(5));
    assert!(
        second.err.contains("another toilscope is writing"),
        "{}",
        second.err
    );
    assert_eq!(room.run(&["tickets", "--format", "csv"]).code, Some(0));
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert!(room.run(&["store", "info"]).good().contains("did not end"));
}

#[test]
fn an_export_imports_to_the_same_store() {
    let (desk, table) = desk_of(50, 21);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    room.file("own.jsonl", "{\"id\":\"1\",\"title\":\"手で足した\"}\n");
    room.run(&["import", "own.jsonl"]).good();
    let lines = stored(&room);
    let other = Room::new();
    other.file("all.jsonl", &lines);
    assert!(other.run(&["import", "all.jsonl"]).good().contains("51 new"));
    assert_same(&stored(&other), &lines, "");
    assert!(
        other
            .run(&["import", "all.jsonl"])
            .good()
            .contains("0 new, 51 unchanged")
    );
    let direct = other.run(&["tickets", "all.jsonl", "--format", "csv"]).good();
    assert_eq!(other.run(&["tickets", "--format", "csv"]).good(), direct);
    // A pull into the restored store finds that nothing has changed.
    let again = pull(&other, &server, table, &[]).good();
    assert!(again.contains("0 new, 0 changed, 50 unchanged"), "{again}");
}
