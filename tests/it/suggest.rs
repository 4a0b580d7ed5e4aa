//! `taxonomy suggest`: what it writes loads, and does what it says it would.

use crate::tool::Room;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/tickets.jsonl");
const THEMES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/tickets.jsonl");

/// Sub-patterns of the tickets that begin with a prefix, under a taxonomy.
fn subs(room: &Room, taxonomy: &str) -> Vec<String> {
    let arguments = [
        "tickets",
        SAMPLE,
        THEMES,
        "--taxonomy",
        taxonomy,
        "--format",
        "json",
        "--quiet",
    ];
    let answer = room.run(&arguments).json();
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.filter_map(|row| row["subpattern"].as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_proposals_load_and_claim_the_tickets_they_promise() {
    let room = Room::new();
    let merged = room.run(&[
        "taxonomy", "suggest", SAMPLE, THEMES, "--merged", "--output", "own.toml", "--lang", "en",
    ]);
    assert_eq!(merged.code, Some(0), "{}", merged.err);
    let text = std::fs::read_to_string(room.path().join("own.toml")).expect("the taxonomy");
    let ids: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'))
        .filter(|id| !toilscope::taxonomy::Taxonomy::BUILTIN.contains(&format!("\"{id}\"")))
        .collect();
    assert!(ids.len() >= 3, "{ids:?}");
    let subs = subs(&room, "own.toml");
    for id in &ids {
        assert!(subs.iter().any(|sub| sub == id), "{id} claims nothing");
    }
    let plain = room.run(&["taxonomy", "suggest", SAMPLE, THEMES, "--lang", "en"]);
    let promised: usize = plain
        .out
        .lines()
        .filter_map(|line| {
            line.strip_prefix("# would change: ")?
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    let claimed = subs.iter().filter(|sub| ids.contains(&sub.as_str())).count();
    assert_eq!(promised, claimed, "{}", plain.out);
    for id in ids {
        assert!(plain.out.contains(&format!("id = \"{id}\"")), "{id}");
    }
}

#[test]
fn a_taxonomy_with_indented_and_commented_headings_gets_its_proposals() {
    let room = Room::new();
    let own = toilscope::taxonomy::Taxonomy::BUILTIN
        .replace("\n[[pattern]]\n", "\n  [[pattern]] # a kind of request\n");
    room.file("own.toml", &own);
    let merged = room.run(&[
        "taxonomy",
        "suggest",
        SAMPLE,
        THEMES,
        "--taxonomy",
        "own.toml",
        "--merged",
        "--output",
        "more.toml",
    ]);
    assert_eq!(merged.code, Some(0), "{}", merged.err);
    let more = std::fs::read_to_string(room.path().join("more.toml")).expect("the taxonomy");
    assert!(
        more.len() > own.len() && room.run(&["taxonomy", "check", "--taxonomy", "more.toml"]).code == Some(0)
    );
}

#[test]
fn every_line_of_the_answer_is_toml_and_no_name_of_a_person_is_in_it() {
    let room = Room::new();
    let answer = room.run(&["taxonomy", "suggest", SAMPLE, THEMES, "--lang", "ja"]);
    let pasted = format!("[[pattern]]\nid = \"x\"\n{}", answer.out);
    let parsed: toml::Table = pasted.parse().expect("TOML");
    assert!(
        parsed["pattern"][0]["sub"]
            .as_array()
            .is_some_and(|subs| !subs.is_empty())
    );
    for person in ["片桐", "浜名", "茂木", "鳥居", "小寺", "蓮見"] {
        assert!(!answer.out.contains(person), "{person}: {}", answer.out);
    }
}

#[test]
fn nothing_to_propose_is_said_and_nothing_is_overwritten() {
    let room = Room::new();
    room.file(
        "one.jsonl",
        "{\"id\":\"1\",\"title\":\"GitHubに招待してください\"}\n",
    );
    let none = room.run(&["taxonomy", "suggest", "one.jsonl", "--lang", "en"]);
    assert_eq!(none.code, Some(0));
    assert!(none.out.contains("Nothing to propose"), "{}", none.out);
    room.file("own.toml", "mine");
    let refused = room.run(&["taxonomy", "suggest", "one.jsonl", "--output", "own.toml"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("--force"), "{}", refused.err);
}
