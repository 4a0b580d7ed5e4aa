//! `toilscope taxonomy`, as its user meets it.

use serde_json::{Value, json};

use crate::tool::{Room, SAMPLE};

fn rows<'a>(answer: &'a Value, table: &str) -> &'a Vec<Value> {
    answer[table].as_array().expect("a table")
}

#[test]
fn everything_can_be_looked_up_in_every_format() {
    let room = Room::new();
    for id in [
        None,
        Some("account"),
        Some("account.github"),
        Some("email"),
        Some("form_redesign"),
    ] {
        for format in ["table", "json", "md", "toml"] {
            for lang in ["ja", "en"] {
                let mut arguments = vec!["taxonomy", "show", "--format", format, "--lang", lang];
                arguments.extend(id);
                assert!(!room.run(&arguments).good().is_empty(), "{arguments:?}");
            }
        }
    }
    let all = room.run(&["taxonomy", "show", "--format", "json"]).json();
    let kinds = rows(&all, "kinds");
    assert_eq!(kinds[0]["id"], "account");
    assert_eq!(kinds[1]["parent"], "account");
    let one = room
        .run(&["taxonomy", "show", "account.github", "--format", "json"])
        .json();
    assert_eq!(rows(&one, "cues")[0]["cue"], "account.github.cue.1");
    assert_eq!(rows(&one, "slots")[0]["need"], "required");
}

#[test]
fn an_unknown_id_names_the_near_ones() {
    let answer = Room::new().run(&["taxonomy", "show", "acount"]);
    assert_eq!(answer.code, Some(2));
    assert!(
        answer.err.contains("acount") && answer.err.contains("did you mean account"),
        "{}",
        answer.err
    );
}

#[test]
fn a_start_has_no_fault_and_works_in_a_real_run() {
    let room = Room::new();
    room.file("t.jsonl", SAMPLE);
    for (file, more) in [
        ("full.toml", &[][..]),
        ("ja.toml", &["--empty", "--lang", "ja"]),
        ("en.toml", &["--empty", "--lang", "en"]),
    ] {
        room.run(&[&["taxonomy", "init", "--output", file], more].concat())
            .good();
        let checked = room.run(&["taxonomy", "check", "--taxonomy", file]).good();
        assert!(checked.contains(file), "{checked}");
        let patterns = room
            .run(&["patterns", "t.jsonl", "--taxonomy", file, "--format", "json"])
            .json();
        assert!(rows(&patterns, "rows").len() > 3, "{file}");
        let checked = room
            .run(&[
                "taxonomy",
                "check",
                "t.jsonl",
                "--taxonomy",
                file,
                "--format",
                "json",
            ])
            .json();
        let spoke = rows(&checked, "cues")
            .iter()
            .filter(|cue| cue["tickets_count"] != 0);
        assert!(spoke.count() > 2, "{file}");
    }
    let (ja, en) = ("ja.toml", "en.toml");
    let values = |file: &str| -> toml::Table {
        let text = std::fs::read_to_string(room.path().join(file)).expect("the start");
        text.parse().expect("TOML")
    };
    assert_eq!(values(ja), values(en), "they differ in their comments only");
}

#[test]
fn a_start_overwrites_only_when_told_to() {
    let room = Room::new();
    room.file("mine.toml", "precious");
    let refused = room.run(&["taxonomy", "init", "--output", "mine.toml"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("--force"), "{}", refused.err);
    let content = || std::fs::read_to_string(room.path().join("mine.toml")).expect("the file");
    assert_eq!(content(), "precious");
    room.run(&["taxonomy", "init", "--output", "mine.toml", "--force"])
        .good();
    assert!(content().contains("[[pattern]]"));
}

#[test]
fn every_fault_is_named_at_once_with_its_line_in_every_format() {
    let room = Room::new();
    room.file(
        "bad.toml",
        "schema_version = 1\nversion = \"1\"\n[[pattern]]\nid = \"other\"\nja = \"他\"\nen = \"Other\"\npriority = 1\ncues = [\n  { re = 'GitHub', w = 2.0 },\n  { re = '招待', w = 99.0 },\n]\n",
    );
    let answer = room.run(&["taxonomy", "check", "--taxonomy", "bad.toml"]);
    assert_eq!(answer.code, Some(3));
    assert!(
        answer.err.contains("bad.toml:9") && answer.err.contains("bad.toml:10") && answer.out.is_empty(),
        "{}",
        answer.err
    );
    let answer = room.run(&["taxonomy", "check", "--taxonomy", "bad.toml", "--format", "json"]);
    assert_eq!(answer.code, Some(3));
    let listed: Value = serde_json::from_str(&answer.out).expect("JSON");
    let lines: Vec<&Value> = rows(&listed, "faults")
        .iter()
        .map(|fault| &fault["line"])
        .collect();
    assert_eq!(lines, [9, 10]);
}

/// Three cues, of which two speak in the same clause for different patterns, and one never.
const QUARREL: &str = r#"
schema_version = 1
version = "1"
[[pattern]]
id = "one"
ja = "一"
en = "One"
priority = 1
cues = [{ re = 'alpha', w = 3.0 }, { re = 'never said', w = 1.0, id = "mute" }]
[[pattern]]
id = "two"
ja = "二"
en = "Two"
priority = 2
cues = [{ re = 'beta', w = 2.0 }]
[[pattern]]
id = "other"
ja = "他"
en = "Other"
priority = 9
"#;

#[test]
fn cues_are_judged_by_labels_and_by_each_other() {
    let room = Room::new();
    room.file("t.toml", QUARREL);
    let tickets = [
        json!({"id": "1", "title": "please do alpha beta"}),
        json!({"id": "2", "title": "please do alpha"}),
        json!({"id": "3", "title": "please do beta", "pattern": "two"}),
    ];
    let text: String = tickets.iter().map(|ticket| format!("{ticket}\n")).collect();
    room.file("t.jsonl", text);
    room.file(
        "l.jsonl",
        "{\"id\":\"1\",\"pattern\":\"two\"}\n{\"id\":\"2\",\"pattern\":\"one\"}\n",
    );
    let arguments = [
        "taxonomy",
        "check",
        "t.jsonl",
        "--taxonomy",
        "t.toml",
        "--labels",
        "l.jsonl",
    ];
    let found = room.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    let cue = |id: &str| {
        let of = rows(&found, "cues").iter().find(|cue| cue["cue"] == id);
        of.expect("every cue has a row").clone()
    };
    let alpha = cue("one.cue.1");
    assert_eq!(
        (
            &alpha["tickets_count"],
            &alpha["conflict_count"],
            &alpha["decides_count"]
        ),
        (&json!(2), &json!(1), &json!(2))
    );
    assert_eq!(
        (&alpha["judged_count"], &alpha["right_count"]),
        (&json!(2), &json!(1))
    );
    let beta = cue("two.cue.1");
    assert_eq!(
        (&beta["judged_count"], &beta["right_count"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(cue("mute")["tickets_count"], 0);
    assert_eq!(cue("mute")["precision"], Value::Null);
    let conflicts = rows(&found, "conflicts");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0]["example_id"], "1");
    assert_eq!(conflicts[0]["other_right_count"], 1);
    for lang in ["ja", "en"] {
        let shown = room.run(&[&arguments[..], &["--lang", lang]].concat()).good();
        assert!(shown.contains("mute"), "{shown}");
    }
    room.run(&[&arguments[..], &["--format", "csv", "--output", "tables"]].concat())
        .good();
    assert!(room.path().join("tables/conflicts.csv").is_file());
}
