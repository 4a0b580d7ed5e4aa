//! `toilscope pull` when one answer among many is odd: nothing may be lost in silence, and one bad ticket may not stand
//! in the way of the others.

use std::collections::BTreeSet;

use serde_json::json;

use crate::notion::{
    CONNECTION_LIMIT, Column, Delivery, Desk, Fault, Id, Kind, Problem, Reply, RetryAfter, Row, Server,
    TOKEN, When, desk_of, request_desk,
};
use crate::pull::{assert_same, pull, pull_link, stored, tickets, truth};
use crate::tool::Room;

fn nth_page(server: &Server, nth: usize) -> Id {
    server.desk(|desk| *desk.pages.keys().nth(nth).expect("a page"))
}

/// The content of one page, whatever way it is asked for.
fn content_of(page: Id) -> When {
    When::that(move |request| {
        let is_content = matches!(Kind::of(request), Kind::Markdown | Kind::Children);
        is_content && request.target().contains(&page.to_string())
    })
}

#[test]
fn an_answer_that_lacks_its_parts_is_no_answer() {
    let (desk, table) = desk_of(230, 31);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    for kind in [Kind::DataSource, Kind::Query, Kind::Markdown] {
        for nth in [1, 2] {
            for body in ["{}", "{\"object\":\"list\"}", "{\"error\":\"try later\"}"] {
                server.clear();
                server.fault(
                    When::kind(kind).nth(nth),
                    Fault::instead(move |_| Reply::new(200, "application/json", body)),
                );
                let room = Room::new();
                let answer = pull(&room, &server, table, &[]);
                assert_eq!(answer.code, Some(0), "{kind:?} {body}: {}", answer.err);
                assert_same(&stored(&room), &truth, &format!("{kind:?} {nth} {body}"));
            }
        }
    }
    server.clear();
    server.fault(
        When::kind(Kind::Query).nth(2).forever(),
        Fault::instead(|_| Reply::new(200, "application/json", "{\"results\":[]}")),
    );
    let cut = pull(&Room::new(), &server, table, &[]);
    assert!(cut.code == Some(5) && cut.err.contains("rows"), "{}", cut.err);
}

#[test]
fn a_message_that_repeats_the_token_does_not_show_it() {
    let (desk, table) = desk_of(3, 32);
    let server = Server::start(desk);
    let message = format!("Header Authorization: Bearer {TOKEN} is odd.");
    for status in [400, 401, 403, 404, 500] {
        server.clear();
        let problem = Problem::new(status, "validation_error", message.clone());
        server.fault(When::kind(Kind::Query).nth(1).forever(), Fault::problem(problem));
        let answer = pull(&Room::new(), &server, table, &[]);
        assert_eq!(answer.code, Some(5));
        assert!(!answer.err.contains(TOKEN), "{}", answer.err);
    }
}

#[test]
fn of_two_versions_of_a_row_in_one_pull_the_later_stays() {
    let (desk, table) = desk_of(150, 33);
    let server = Server::start(desk);
    let first = server.desk(|desk| {
        let mut pages: Vec<_> = desk
            .pages
            .values()
            .map(|page| (page.row.created, page.id))
            .collect();
        pages.sort();
        pages[80].1
    });
    // The second answer begins again before the row, which was edited between the two.
    server.fault(
        When::kind(Kind::Query).nth(1),
        Fault::Paging(crate::notion::Quirk::Overlap(40)),
    );
    server.before(When::kind(Kind::Query).nth(2), move |desk| {
        desk.edit(first, "2027-01-01T00:00:00Z", |row| {
            *row = row.clone().title("後の版");
        });
    });
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    server.clear();
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn content_that_is_not_there_does_not_make_a_ticket_gone() {
    let (desk, table) = desk_of(6, 34);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    let page = nth_page(&server, 2);
    server.fault(content_of(page).forever(), Fault::not_found());
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    let ticket = tickets(&room)
        .into_iter()
        .find(|ticket| ticket["id"] == page.to_string());
    let ticket = ticket.expect("the ticket");
    assert_ne!(ticket["deleted"], json!(true));
    server.clear();
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth, "");
}

#[test]
fn comments_or_values_that_are_not_there_do_not_make_a_ticket_gone() {
    let (desk, table) = desk_of(30, 35);
    let server = Server::start(desk);
    for kind in [Kind::Property, Kind::Comments] {
        server.clear();
        server.fault(When::kind(kind).nth(1).forever(), Fault::not_found());
        let room = Room::new();
        pull(&room, &server, table, &["--comments"]).good();
        assert!(
            tickets(&room)
                .iter()
                .all(|ticket| ticket["deleted"] != json!(true)),
            "{kind:?}"
        );
    }
}

#[test]
fn content_refused_for_one_ticket_is_refused_for_that_one_only() {
    let (desk, table) = desk_of(12, 36);
    let server = Server::start(desk);
    let truth = truth(&server, table);
    let page = nth_page(&server, 5);
    server.fault(content_of(page).forever(), Fault::restricted());
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    let without = tickets(&room)
        .iter()
        .filter(|ticket| ticket["toilscope_page"]["body"].is_null())
        .count();
    assert_eq!(without, 1);
    server.clear();
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth, "");
}

#[test]
fn a_ticket_that_never_comes_whole_stands_in_nobodys_way() {
    let faults = [
        Fault::internal(),
        Fault::Delivered(Delivery::CutOff),
        Fault::Delivered(Delivery::ResetBefore),
    ];
    for fault in faults {
        let (desk, table) = desk_of(6, 37);
        let server = Server::start(desk);
        let page = nth_page(&server, 1);
        server.fault(content_of(page).forever(), fault.clone());
        let room = Room::new();
        let first = pull(&room, &server, table, &[]);
        assert_eq!(first.code, Some(5), "{fault:?}");
        assert!(first.err.contains(&page.to_string()), "{fault:?}: {}", first.err);
        let unread = tickets(&room)
            .iter()
            .filter(|ticket| ticket["toilscope_page"]["body"].is_null())
            .count();
        assert_eq!(unread, 1, "{fault:?}");
        // A ticket filed since comes in although that one still fails.
        server.desk(|desk| desk.add(table.source, Row::new("2027-01-01T00:00:00Z").title("新しい依頼")));
        assert_eq!(pull(&room, &server, table, &[]).code, Some(5), "{fault:?}");
        assert_eq!(tickets(&room).len(), 7, "{fault:?}");
        server.clear();
        pull(&room, &server, table, &[]).good();
        assert_same(&stored(&room), &truth(&server, table), &format!("{fault:?}"));
    }
}

#[test]
fn a_failing_ticket_does_not_keep_other_data_sources_out() {
    let (mut desk, table) = desk_of(4, 38);
    let other = desk.source(table.database, "もう一つ", request_desk());
    desk.add(other, Row::new("2026-05-01T00:00:00Z").title("別の依頼"));
    let server = Server::start(desk);
    let page = nth_page(&server, 1);
    server.fault(content_of(page).forever(), Fault::internal());
    let room = Room::new();
    assert_eq!(pull(&room, &server, table, &[]).code, Some(5));
    assert_eq!(tickets(&room).len(), 5);
}

#[test]
fn a_second_edit_in_the_same_minute_is_seen() {
    let (desk, table) = desk_of(5, 39);
    let server = Server::start(desk);
    let room = Room::new();
    let latest = server.desk(|desk| {
        let latest = desk
            .pages
            .values()
            .max_by_key(|page| page.row.edited)
            .expect("a page");
        (latest.id, latest.row.edited.to_string())
    });
    pull(&room, &server, table, &[]).good();
    server.desk(|desk| {
        desk.edit(latest.0, &latest.1, |row| {
            *row = row.clone().title("改題").markdown("改稿");
        });
    });
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn an_import_is_seen_as_one_also_when_the_pull_was_interrupted() {
    let board = || {
        let mut desk = Desk::new();
        let table = desk.database(
            "依頼",
            [request_desk(), vec![Column::new("date", "起票日")]].concat(),
        );
        for number in 0..130 {
            let created = if number < 60 {
                "2026-01-01T00:00:00Z"
            } else {
                "2026-02-02T03:04:05Z"
            };
            let row = Row::new(created).title(&format!("依頼 {number}")).markdown("x");
            desk.add(
                table.source,
                row.with("起票日", crate::notion::values::date("2025-12-24")),
            );
        }
        (desk, table)
    };
    let (desk, table) = board();
    let server = Server::start(desk);
    let truth = truth(&server, table);
    assert!(truth.contains("2025-12-24"), "the import is seen");
    server.fault(When::kind(Kind::Query).nth(2), Fault::unauthorized());
    let room = Room::new();
    assert_eq!(pull(&room, &server, table, &[]).code, Some(5));
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth, "");
}

#[test]
fn content_that_comes_cut_without_the_missing_parts_is_read_by_blocks() {
    let (mut desk, table) = {
        let mut desk = Desk::new();
        let table = desk.database("依頼", request_desk());
        (desk, table)
    };
    desk.add(
        table.source,
        Row::new("2026-03-01T00:00:00Z")
            .title("a")
            .markdown("一行目\n二行目"),
    );
    let server = Server::start(desk);
    server.fault(
        When::kind(Kind::Markdown).nth(1).forever(),
        Fault::Edited(|answer| {
            answer["markdown"] = json!("一行目");
            answer["truncated"] = json!(true);
            answer["unknown_block_ids"] = json!([]);
        }),
    );
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    assert!(stored(&room).contains("二行目"));
}

#[test]
fn an_old_version_says_what_it_cannot_read() {
    let (mut desk, table) = desk_of(4, 40);
    desk.source(table.database, "もう一つ", request_desk());
    let linked = desk.linked_database("ビュー");
    let server = Server::start(desk);
    let old = ["--notion-version", "2022-06-28"];
    let several = pull(&Room::new(), &server, table, &old);
    assert_eq!(several.code, Some(5));
    assert!(
        several.err.contains("multiple data sources") && several.err.contains("hint:"),
        "{}",
        several.err
    );
    let empty = pull_link(&Room::new(), &server, &linked.to_string(), &old);
    assert!(
        empty.code == Some(5) && empty.err.contains("original database"),
        "{}",
        empty.err
    );
}

#[test]
fn a_property_that_is_deleted_since_does_no_harm() {
    let (desk, table) = desk_of(8, 41);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    server.desk(|desk| {
        let source = desk.sources.get_mut(&table.source).expect("the data source");
        source.columns.retain(|column| column.name != "種別");
    });
    let answer = pull(&room, &server, table, &[]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(answer.err.contains("種別"), "{}", answer.err);
    assert_eq!(tickets(&room).len(), 8);
}

#[test]
fn a_ticket_that_comes_back_from_the_trash_is_read_whole() {
    let (desk, table) = desk_of(8, 42);
    let server = Server::start(desk);
    let page = nth_page(&server, 3);
    // Trashed between its row and its content.
    server.before(When::kind(Kind::Markdown).nth(1), move |desk| {
        desk.trash(page, true);
    });
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    server.clear();
    server.desk(|desk| desk.trash(page, false));
    pull(&room, &server, table, &[]).good();
    assert_same(&stored(&room), &truth(&server, table), "");
}

#[test]
fn hostile_names_harm_neither_terminal_nor_settings() {
    let mut desk = Desk::new();
    let names = [
        "\u{1b}]0;x\u{7}\u{1b}[2J題",
        "a\"]\nb = \"c\" # '''",
        "\u{202e}\u{2028}改\r\n行",
    ];
    let columns = vec![
        Column::new("title", names[0]),
        Column::new("rich_text", names[1]),
        Column::new("rich_text", names[2]),
        Column::new("rich_text", &"長".repeat(5000)),
    ];
    let table = desk.database("\u{1b}[31m赤\n[x]", columns);
    desk.add(table.source, Row::new("2026-03-01T00:00:00Z"));
    let server = Server::start(desk);
    let room = Room::new();
    let first = pull(&room, &server, table, &[]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let check = pull(&room, &server, table, &["--check"]);
    for text in [&first.err, &first.out, &check.err, &check.out] {
        assert!(
            !text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{2028}', '\r']),
            "{text}"
        );
    }
    pull(&room, &server, table, &[]).good();
    let known: BTreeSet<String> = ["title", "body"].map(str::to_owned).into();
    let settings = std::fs::read_to_string(room.path().join("toilscope.toml")).expect("settings");
    assert!(
        known
            .iter()
            .all(|field| settings.contains(&format!("\n{field} = ["))),
        "{settings}"
    );
    assert!(!settings.contains("\nb = "), "{settings}");
}

#[test]
fn a_check_tells_of_rights_that_are_missing() {
    let (mut desk, table) = desk_of(4, 43);
    desk.read_comments = false;
    let server = Server::start(desk);
    for kind in [Kind::Markdown, Kind::Children] {
        server.fault(When::kind(kind).nth(1).forever(), Fault::restricted());
    }
    let answer = pull(&Room::new(), &server, table, &["--check", "--comments"]).good();
    assert!(answer.contains("content: may not be read"), "{answer}");
    assert!(answer.contains("comments: may not be read"), "{answer}");
}

#[test]
fn a_limit_is_sat_out_over_one_of_its_windows() {
    let (desk, table) = desk_of(3, 44);
    let server = Server::start(desk);
    server.fault(
        When::kind(Kind::Query).nth(1).times(9),
        Fault::rate_limited(RetryAfter::Seconds(1), CONNECTION_LIMIT),
    );
    pull(&Room::new(), &server, table, &[]).good();
}

#[test]
fn an_old_version_pulls_a_database_with_one_source() {
    let (desk, table) = desk_of(130, 46);
    let server = Server::start(desk);
    let said = |room: &Room| -> BTreeSet<String> {
        let parts =
            |ticket: &serde_json::Value| format!("{} {} {}", ticket["id"], ticket["title"], ticket["body"]);
        tickets(room).iter().map(parts).collect()
    };
    let (old, new) = (Room::new(), Room::new());
    pull(&old, &server, table, &["--notion-version", "2022-06-28"]).good();
    pull(&new, &server, table, &[]).good();
    assert_eq!(said(&old), said(&new));
    let page = nth_page(&server, 1);
    server.desk(|desk| desk.trash(page, true));
    let again = pull(&old, &server, table, &["--notion-version", "2022-06-28"]).good();
    assert!(
        again.contains("0 new, 0 changed") && again.contains("1 moved to the trash"),
        "{again}"
    );
}
