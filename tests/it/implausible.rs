//! Values that cannot be true: said once each, counted at the foot, and without a say in the headline.

use serde_json::{Value, json};

use crate::tool::Room;

/// Two invitations a week through 2026, with recorded minutes.
fn year() -> Vec<Value> {
    let ticket = |n: usize| {
        let day = format!("2026-{:02}-{:02}", n / 8 + 1, n % 8 * 3 + 1);
        json!({"id": format!("T-{n:02}"), "title": "GitHub に招待してください", "minutes_spent": 10,
               "created_at": format!("{day}T10:00:00+09:00"), "closed_at": format!("{day}T15:00:00+09:00")})
    };
    (0..96).map(ticket).collect()
}

fn written(room: &Room, name: &str, tickets: &[Value]) {
    let text: String = tickets.iter().map(|ticket| format!("{ticket}\n")).collect();
    room.file(name, text);
}

#[test]
fn each_is_noted_once_and_none_moves_the_headline() {
    let room = Room::new();
    let mut tickets = year();
    for ticket in &mut tickets[..3] {
        // What was not believed is missing, so the plain ones lack the same.
        ticket.as_object_mut().expect("a ticket").remove("minutes_spent");
    }
    tickets[1].as_object_mut().expect("a ticket").remove("created_at");
    tickets[1].as_object_mut().expect("a ticket").remove("closed_at");
    tickets[2].as_object_mut().expect("a ticket").remove("closed_at");
    for place in [1, 2] {
        tickets[place]["status"] = json!("完了");
    }
    written(&room, "plain.jsonl", &tickets);
    tickets[0]["minutes_spent"] = json!(99_999_999);
    tickets[1]["created_at"] = json!("2030-01-05T10:00:00+09:00");
    tickets[2]["closed_at"] = json!("2025-12-01T10:00:00+09:00");
    written(&room, "odd.jsonl", &tickets);
    for lang in ["en", "ja"] {
        let plain = room.run(&["report", "plain.jsonl", "--lang", lang]);
        let odd = room.run(&["report", "odd.jsonl", "--lang", lang]);
        let top = |page: &str| {
            page.lines()
                .take_while(|line| !line.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(top(&plain.out), top(&odd.out));
        assert!(!plain.err.contains("treated as missing"), "{}", plain.err);
        assert_eq!(odd.err.matches("treated as missing").count(), 3, "{}", odd.err);
        for id in ["T-00", "T-01", "T-02"] {
            assert!(odd.err.contains(id), "{}", odd.err);
        }
        let foot = if lang == "en" {
            "Not believed: "
        } else {
            "ありえない値: "
        };
        assert_eq!(odd.out.matches(foot).count(), 3, "{}", odd.out);
    }
}

#[test]
fn the_store_keeps_what_was_written() {
    let room = Room::new();
    let mut tickets = year();
    tickets[0]["minutes_spent"] = json!(99_999_999);
    written(&room, "odd.jsonl", &tickets);
    room.run(&["import", "odd.jsonl"]).good();
    let kept = room.run(&["store", "export"]).good();
    assert!(kept.contains("99999999"), "the value is kept");
    let told = room.run(&["report", "--no-record"]);
    assert!(told.err.contains("9600 minutes"), "{}", told.err);
}
