//! What a cue, a group and a bar are held to when tickets are read through the binary.

use serde_json::{Value, json};

use crate::tool::Room;

fn rows(room: &Room, args: &[&str]) -> Vec<Value> {
    let text = room.run(args).good();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect()
}

fn lines(tickets: &[Value]) -> String {
    tickets.iter().map(|ticket| format!("{ticket}\n")).collect()
}

#[test]
fn a_cue_that_looks_for_the_end_of_a_title_finds_it() {
    let room = Room::new();
    let titles = [
        "テスト",
        "test",
        "テスト投稿です",
        "テスト環境にログインできません",
    ];
    let tickets: Vec<Value> = titles
        .iter()
        .map(|title| json!({"id": title, "title": title}))
        .collect();
    room.file("t.jsonl", lines(&tickets));
    let excluded: Vec<Value> = rows(&room, &["tickets", "t.jsonl", "--format", "jsonl"])
        .into_iter()
        .map(|row| row["excluded"].clone())
        .collect();
    let test = json!("test");
    assert_eq!(
        excluded.iter().filter(|reason| **reason == test).count(),
        3,
        "{excluded:?}"
    );
    assert_eq!(excluded.iter().filter(|reason| reason.is_null()).count(), 1);
}

#[test]
fn a_bar_says_nothing_while_most_answers_name_unknown_patterns() {
    let room = Room::new();
    let known = json!({"id": "1", "title": "GitHub に招待してください", "pattern": "account"});
    let unknown = json!({"id": "2", "title": "権限をください", "pattern": "no_such_pattern"});
    let none = json!({"id": "3", "title": "権限をください"});
    room.file("some.jsonl", lines(&[known.clone(), none]));
    room.run(&["evaluate", "some.jsonl", "--fail-under", "0.5"])
        .good();
    room.file("odd.jsonl", lines(&[known, unknown]));
    let odd = room.run(&["evaluate", "odd.jsonl", "--fail-under", "0.5"]);
    assert_eq!(odd.code, Some(6), "{}", odd.err);
    assert!(odd.err.contains("no_such_pattern"), "{}", odd.err);
}
