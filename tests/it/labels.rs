//! Reviewed labels, the order of review, and measuring against known answers, as their user meets them.

use serde_json::{Value, json};

use crate::tool::{Room, SAMPLE};

/// Tickets with answers, in both languages; invented.
fn gold(room: &Room) -> &Room {
    let lines = [
        json!({"id": "1", "title": "GitHubのorganizationに新しいメンバーを招待してください", "pattern": "account"}),
        json!({"id": "2", "title": "BigQueryのデータセットの閲覧権限を付与してください", "pattern": "permission"}),
        json!({"id": "3", "title": "Please invite our contractor to the Slack workspace", "pattern": "account"}),
        json!({"id": "4", "title": "デプロイが失敗する原因を調べてほしい", "pattern": "consultation", "alt": "investigation", "ambiguous": true}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    room.file("gold.jsonl", text)
}

fn rows(room: &Room, more: &[&str]) -> Vec<Value> {
    let arguments = [&["tickets", "gold.jsonl", "--format", "json"], more].concat();
    room.run(&arguments).json()["rows"]
        .as_array()
        .expect("rows")
        .clone()
}

#[test]
fn answers_are_measured_and_a_bar_ends_with_its_own_code() {
    let room = Room::new();
    gold(&room);
    let report = room.run(&["evaluate", "gold.jsonl", "--fail-under", "1"]);
    assert_eq!(
        report.code,
        Some(0),
        "an ambiguous ticket is right for either: {}{}",
        report.out,
        report.err
    );
    room.file(
        "wrong.jsonl",
        "{\"id\":\"1\",\"title\":\"GitHubに招待してください\",\"pattern\":\"environment\"}\n",
    );
    let under = room.run(&["evaluate", "wrong.jsonl", "--fail-under", "0.5"]);
    assert_eq!(under.code, Some(6));
    assert!(
        !under.out.is_empty() && under.err.contains("--fail-under"),
        "{}",
        under.err
    );
    assert_eq!(room.run(&["evaluate", "wrong.jsonl"]).code, Some(0));
    room.file("none.jsonl", "{\"id\":\"1\",\"title\":\"x\"}\n");
    assert_eq!(room.run(&["evaluate", "none.jsonl"]).code, Some(4));
}

#[test]
fn a_nameless_source_is_no_row_and_letters_are_explained() {
    let room = Room::new();
    gold(&room);
    let page = room.run(&["evaluate", "gold.jsonl", "--lang", "en"]).good();
    assert!(!page.contains("By source"), "{page}");
    assert!(page.contains("ECE is how far"), "{page}");
}

#[test]
fn a_bar_does_not_hold_where_nothing_could_be_measured() {
    let room = Room::new();
    gold(&room);
    let labels: String = (1..=4)
        .map(|id| format!("{{\"id\":\"{id}\",\"pattern\":\"account\"}}\n"))
        .collect();
    room.file("labels.jsonl", labels);
    room.file("other.jsonl", "{\"id\":\"9\",\"title\":\"招待してください\"}\n");
    for (more, said) in [
        (["--labels", "labels.jsonl"], "a person's label"),
        (["--tickets", "other.jsonl"], "no ticket has an answer"),
    ] {
        for bar in [&["--fail-under", "0.9"][..], &[]] {
            let run = room.run(&[&["evaluate", "gold.jsonl"], &more[..], bar].concat());
            assert_eq!(run.code, Some(4), "{}", run.out);
            assert!(run.err.contains(said) && run.out.is_empty(), "{}", run.err);
        }
    }
}

#[test]
fn answers_that_never_speak_of_exclusion_judge_none() {
    let room = Room::new();
    let measure = |more: &str| {
        let withdrawn = format!(
            "{{\"id\":\"1\",\"title\":\"招待してください\",\"status\":\"取り下げ\",\"pattern\":\"account\"{more}}}\n"
        );
        room.file("gold.jsonl", withdrawn);
        let told = room.run(&["evaluate", "gold.jsonl", "--format", "json"]).json();
        let rows = told["evaluation_summary"].as_array().expect("rows").clone();
        let row = rows
            .into_iter()
            .find(|row| row["measure"] == "exclusion_precision");
        row.expect("it is measured")["value"].clone()
    };
    assert_eq!(measure(""), Value::Null);
    assert_eq!(measure(",\"excluded\":false"), json!(0.0));
    assert_eq!(measure(",\"excluded\":\"withdrawn\""), json!(1.0));
}

#[test]
fn answers_are_never_read_as_features() {
    let room = Room::new();
    gold(&room);
    let with = rows(&room, &[]);
    let text = std::fs::read_to_string(room.path().join("gold.jsonl")).expect("gold");
    let without: String = text
        .lines()
        .map(|line| {
            let mut ticket: Value = serde_json::from_str(line).expect("JSON");
            for key in ["pattern", "alt", "ambiguous"] {
                ticket.as_object_mut().expect("an object").remove(key);
            }
            format!("{ticket}\n")
        })
        .collect();
    room.file("gold.jsonl", without);
    assert_eq!(rows(&room, &[]), with);
}

#[test]
fn a_reviewed_label_wins_and_strangers_are_told() {
    let room = Room::new();
    gold(&room);
    room.file(
        "labels.jsonl",
        "{\"id\":\"2\",\"pattern\":\"environment\"}\n{\"id\":\"1\",\"pattern\":\"nothing\"}\n{\"id\":\"99\",\"pattern\":\"account\"}\n",
    );
    let labelled = rows(&room, &["--labels", "labels.jsonl"]);
    assert_eq!(
        (&labelled[1]["pattern"], &labelled[1]["method"]),
        (&json!("environment"), &json!("label"))
    );
    assert_eq!(labelled[1]["needs_review"], false);
    let told = room.run(&["tickets", "gold.jsonl", "--labels", "labels.jsonl"]);
    assert!(
        told.err.contains("nothing") && told.err.contains("99"),
        "{}",
        told.err
    );
    assert_eq!(
        room.run(&["tickets", "gold.jsonl", "--labels", "missing.jsonl"])
            .code,
        Some(3)
    );
}

#[test]
fn labels_teach_the_same_in_any_order() {
    let room = Room::new();
    room.file("a.jsonl", SAMPLE);
    let reversed: String = SAMPLE.lines().rev().map(|line| format!("{line}\n")).collect();
    room.file("b.jsonl", reversed);
    room.file(
        "labels.jsonl",
        "{\"id\":\"MT-0001\",\"pattern\":\"other\"}\n{\"id\":\"MT-0002\",\"pattern\":\"account\"}\n",
    );
    room.file(
        "slebal.jsonl",
        "{\"id\":\"MT-0002\",\"pattern\":\"account\"}\n{\"id\":\"MT-0001\",\"pattern\":\"other\"}\n",
    );
    let tickets = |file: &str, labels: &str| {
        room.run(&[
            "tickets", file, "--labels", labels, "--format", "csv", "--order", "review",
        ])
        .good()
    };
    assert_eq!(
        tickets("a.jsonl", "labels.jsonl"),
        tickets("b.jsonl", "slebal.jsonl")
    );
}

#[test]
fn the_order_of_review_begins_with_what_is_doubtful() {
    let room = Room::new();
    room.file("a.jsonl", SAMPLE);
    let rows = room
        .run(&["tickets", "a.jsonl", "--format", "json", "--order", "review"])
        .json();
    let rows = rows["rows"].as_array().expect("rows").clone();
    assert_eq!(rows.len(), 270);
    assert!(
        rows[..10].iter().all(|row| row["needs_review"] == true),
        "{:?}",
        &rows[..10]
    );
}
