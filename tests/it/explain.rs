//! `toilscope tickets --explain ID`, as its user meets it.

use serde_json::{Value, json};

use crate::tool::Room;

/// Invented tickets, of which one says an error as its reason.
fn desk(room: &Room) -> &Room {
    let tickets = [
        json!({"id": "T-1", "title": "権限付与のお願い", "body": "お疲れ様です。\nデプロイ時にエラーが出るので、stg の閲覧権限を付与してください。\n佐藤花子 hanako@example.com"}),
        json!({"id": "T-2", "title": "GitHubに招待してください", "status": "取り下げ"}),
        json!({"id": "T-30", "title": "lorem ipsum"}),
    ];
    let text: String = tickets.iter().map(|ticket| format!("{ticket}\n")).collect();
    room.file("t.jsonl", text)
}

fn explained(room: &Room, id: &str, more: &[&str]) -> Value {
    room.run(&[&["tickets", "t.jsonl", "--explain", id, "--format", "json"], more].concat())
        .json()
}

#[test]
fn what_spoke_and_what_was_passed_over_is_told() {
    let room = Room::new();
    desk(&room);
    let told = explained(&room, "T-1", &[]);
    assert_eq!(told["tickets"][0]["pattern"], "permission");
    let reading = told["reading"].as_array().expect("stretches");
    let taken_for = |text: &str| {
        let of = reading
            .iter()
            .find(|stretch| stretch["text"].as_str().is_some_and(|t| t.contains(text)));
        of.expect("the stretch")["taken_for"].clone()
    };
    assert_eq!(taken_for("お疲れ様"), "courtesy");
    assert_eq!(taken_for("エラーが出る"), "reason");
    assert_eq!(taken_for("付与してください"), "request");
    assert!(
        told["evidence"]
            .as_array()
            .is_some_and(|cues| cues.iter().any(|cue| cue["target"] == "permission"))
    );
    let sum: f64 = told["chances"]
        .as_array()
        .expect("chances")
        .iter()
        .filter_map(|one| one["probability"].as_f64())
        .sum();
    assert!((sum - 1.0).abs() < 0.001, "{sum}");
}

/// People read every word once, with what it spoke for; ids of cues are for machines.
#[test]
fn people_are_told_words_and_no_ids_of_cues() {
    let room = Room::new();
    desk(&room);
    let told = explained(&room, "T-2", &["--lang", "en"]);
    let cues = told["evidence"].as_array().expect("cues");
    assert!(cues.iter().any(|cue| cue["cue"] == "account.cue.1"), "{cues:?}");
    let page = room.run(&[
        "tickets",
        "t.jsonl",
        "--explain",
        "T-2",
        "--format",
        "md",
        "--lang",
        "en",
    ]);
    let page = page.good();
    let (_, rest) = page.split_once("## What spoke").expect("the part");
    let (spoke, _) = rest.split_once("## ").expect("the next part");
    assert!(!spoke.contains(".cue.") && !spoke.contains(".not."), "{spoke}");
    let rows = spoke.lines().filter_map(|line| line.strip_prefix("| "));
    let words: Vec<&str> = rows
        .filter_map(|row| row.split(" |").next())
        .map(str::trim)
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let once: std::collections::BTreeSet<&str> = words.iter().copied().collect();
    assert!(words.len() > 2 && once.len() == words.len(), "{words:?}");
    assert!(spoke.contains("Account invitation / removal"), "{spoke}");
}

/// What is said to change the pattern must change it in a run on the ticket without it.
#[test]
fn what_would_change_it_does() {
    let room = Room::new();
    desk(&room);
    let told = explained(&room, "T-1", &[]);
    let flips: Vec<&Value> = told["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["flips"] == true)
        .collect();
    let whole = flips
        .iter()
        .find(|change| change["left_out"] == json!(["the body"]));
    if let Some(change) = whole {
        room.file("cut.jsonl", "{\"id\":\"T-1\",\"title\":\"権限付与のお願い\"}\n");
        let cut = room.run(&["tickets", "cut.jsonl", "--format", "json"]).json();
        assert_eq!(cut["rows"][0]["pattern"], change["pattern"]);
    }
    for change in flips {
        assert_ne!(change["pattern"], "permission");
    }
}

#[test]
fn it_is_told_in_both_languages_without_names() {
    let room = Room::new();
    desk(&room);
    for (lang, word) in [("ja", "要確認"), ("en", "review")] {
        for format in ["table", "md", "json"] {
            let told = room
                .run(&[
                    "tickets",
                    "t.jsonl",
                    "--explain",
                    "T-1",
                    "--lang",
                    lang,
                    "--format",
                    format,
                ])
                .good();
            assert!(told.contains(word) || format == "json", "{told}");
            assert!(!told.contains("hanako@"), "{told}");
        }
    }
    let raw = room
        .run(&["tickets", "t.jsonl", "--explain", "T-1", "--raw"])
        .good();
    assert!(raw.contains("hanako@"), "{raw}");
}

#[test]
fn an_excluded_ticket_and_a_doubtful_one_say_so() {
    let room = Room::new();
    desk(&room);
    let withdrawn = explained(&room, "T-2", &["--lang", "ja"]);
    let headline = withdrawn["headline"].to_string();
    assert!(headline.contains("取り下げ"), "{headline}");
    let doubtful = explained(&room, "T-30", &[])["headline"].to_string();
    assert!(doubtful.contains("Marked for review"), "{doubtful}");
}

#[test]
fn a_label_is_named_as_the_reason() {
    let room = Room::new();
    desk(&room);
    room.file("l.jsonl", "{\"id\":\"T-1\",\"pattern\":\"consultation\"}\n");
    let told = explained(&room, "T-1", &["--labels", "l.jsonl"]);
    let headline = told["headline"].to_string();
    assert!(
        headline.contains("a person said so") && headline.contains("Without any label"),
        "{headline}"
    );
}

#[test]
fn an_unknown_id_and_a_wrong_format_are_refused() {
    let room = Room::new();
    desk(&room);
    let unknown = room.run(&["tickets", "t.jsonl", "--explain", "t-3"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("T-30"), "{}", unknown.err);
    let rows = room.run(&["tickets", "t.jsonl", "--explain", "T-1", "--format", "csv"]);
    assert_eq!(rows.code, Some(2));
}

/// A taxonomy of other patterns than those that the learner knows.
const OWN: &str = r#"
schema_version = 1
version = "1"
[[pattern]]
id = "keys"
ja = "鍵"
en = "Keys"
priority = 1
cues = [{ re = 'key', w = 3.0 }]
[[pattern]]
id = "desks"
ja = "机"
en = "Desks"
priority = 2
cues = [{ re = 'desk', w = 3.0 }]
[[pattern]]
id = "other"
ja = "他"
en = "Other"
priority = 9
"#;

#[test]
fn nothing_is_claimed_of_a_learner_that_took_no_part_or_of_a_bar_that_nobody_measured() {
    let room = Room::new();
    room.file("own.toml", OWN);
    room.file(
        "t.jsonl",
        "{\"id\":\"1\",\"title\":\"please cut a key\"}\n{\"id\":\"2\",\"title\":\"please key desk\"}\n{\"id\":\"3\",\"title\":\"please move a desk\"}\n",
    );
    room.file("l.jsonl", "{\"id\":\"3\",\"pattern\":\"desks\"}\n");
    let told = |id: &str, lang: &str, more: &[&str]| {
        let own = ["--taxonomy", "own.toml", "--lang", lang];
        explained(&room, id, &[&own[..], more].concat())
    };
    for (lang, learner, guess) in [("en", "learner", "rule of thumb"), ("ja", "学習器", "目安")] {
        for id in ["1", "2"] {
            let by_rules = told(id, lang, &[]);
            let headline = by_rules["headline"].to_string();
            assert!(
                !headline.contains(learner) && !headline.contains("95"),
                "{headline}"
            );
            assert_eq!(by_rules["tickets"][0]["method"], "rules", "{headline}");
            let taught = told(id, lang, &["--labels", "l.jsonl"])["headline"].to_string();
            assert!(taught.contains(learner) && taught.contains(guess), "{taught}");
            assert!(!taught.contains("95"), "{taught}");
        }
    }
}

#[test]
fn where_nothing_speaks_no_number_is_held_against_a_bar() {
    let room = Room::new();
    room.file("t.jsonl", "{\"id\":\"T-1\",\"title\":\"☆\"}\n");
    for (lang, second) in [("en", "Second is"), ("ja", "次点は")] {
        let headline = explained(&room, "T-1", &["--lang", lang])["headline"].to_string();
        assert!(
            !headline.contains('%') && !headline.contains(second),
            "{headline}"
        );
    }
}

#[test]
fn what_was_tried_in_vain_is_told_as_what_was_tried() {
    let room = Room::new();
    room.file("own.toml", OWN);
    room.file("t.jsonl", "{\"id\":\"1\",\"title\":\"nothing of the kind\"}\n");
    let markdown = |lang: &str| {
        let shown = [
            "tickets",
            "t.jsonl",
            "--explain",
            "1",
            "--taxonomy",
            "own.toml",
            "--format",
            "md",
            "--lang",
            lang,
        ];
        room.run(&shown).good()
    };
    let (en, ja) = (markdown("en"), markdown("ja"));
    assert!(
        !en.contains("six of them") && !ja.contains("6 個まとめて"),
        "{en}{ja}"
    );
}
