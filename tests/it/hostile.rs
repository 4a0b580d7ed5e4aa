//! Hostile tickets pass through every format harmlessly; the golden files are read by a person.
//!
//! `tests/hostile/tickets.jsonl` holds terminal escapes, formulas, HTML, Markdown, right-to-left marks, NUL bytes, a
//! line of 100,000 characters, deeply nested JSON and a cut line. A golden file changes only together with a reason.

use proptest::prelude::*;
use serde_json::Value;

use crate::tool::{Room, every_answer};

const HOSTILE: &[u8] = include_bytes!("../hostile/tickets.jsonl");

fn room() -> Room {
    let room = Room::new();
    room.file("tickets.jsonl", HOSTILE);
    room
}

/// What must be in no output of any format: controls (line ends aside), bidirectional marks, zero-width characters.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn no_format_lets_a_control_or_hidden_character_out() {
    let room = room();
    for raw in [false, true] {
        for (command, format) in every_answer() {
            let mut arguments = vec![command, "tickets.jsonl", "--format", format];
            arguments.extend(raw.then_some("--raw"));
            let answer = room.run(&arguments);
            assert_eq!(answer.code, Some(0), "{command} {format}: {}", answer.err);
            let found = answer.out.chars().find(|c| is_harmful(*c));
            assert_eq!(found, None, "{command} {format} raw={raw}");
            assert!(
                !answer.err.contains('\u{1b}'),
                "{command} {format}: standard error has an escape"
            );
        }
    }
}

#[test]
fn formulas_are_defused_in_csv() {
    let text = room()
        .run(&["tickets", "tickets.jsonl", "--format", "csv", "--raw"])
        .good();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for record in reader.records() {
        for field in &record.expect("a record") {
            let numeric = field.parse::<f64>().is_ok();
            assert!(
                numeric || !field.starts_with(['=', '+', '-', '@', '＝', '－', '\t']),
                "{field}"
            );
        }
    }
}

#[test]
fn no_markup_survives_in_markdown() {
    let text = room()
        .run(&["tickets", "tickets.jsonl", "--format", "md", "--raw"])
        .good();
    assert!(
        !text.contains("<script")
            && !text.contains("<img")
            && !text.contains("](javascript")
            && !text.contains("](http"),
        "{text}"
    );
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let borders = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(
        table.iter().all(|line| borders(line) == borders(table[0])),
        "a ticket broke out of its cell"
    );
}

#[test]
fn what_cannot_be_read_is_skipped_with_its_line() {
    let answer = room().run(&["tickets", "tickets.jsonl", "--format", "json"]);
    assert!(
        answer.err.contains("tickets.jsonl:14") && answer.err.contains("tickets.jsonl:15"),
        "{}",
        answer.err
    );
    assert_eq!(answer.json()["coverage"]["skipped"], 2);
}

#[test]
fn lines_of_a_terminal_table_are_never_wider_than_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    let room = room();
    for width in [80, 120] {
        for command in ["report", "tickets"] {
            let text = room
                .run(&[command, "tickets.jsonl", "--width", &width.to_string()])
                .good();
            for line in text.lines() {
                assert!(
                    line.width() <= width,
                    "{} columns at {width}: {line}",
                    line.width()
                );
            }
        }
    }
}

#[test]
fn golden_files_are_as_they_were_read() {
    let room = room();
    for format in ["table", "csv", "json", "jsonl", "md"] {
        let text = room.run(&["tickets", "tickets.jsonl", "--format", format]).good();
        let name = format!("hostile_tickets_{format}");
        insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false, omit_expression => true, filters => vec![
            (r#"("?taxonomy_(?:hash|version)"?:? ?"?)[0-9a-f.]+"#, "${1}…"),
            (r"(taxonomy|分類表) [0-9.]+ \\?\([0-9a-f]+\\?\)", "$1 …"),
        ] }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_text_passes_through_every_format(title in "\\PC{0,20}[\\x00-\\x1f\\u{80}-\\u{9f}\\u{202a}-\\u{202e}<>|=+@`\\[\\]()\"',;権限ください]{0,30}") {
        let room = Room::new();
        let ticket = serde_json::json!({"id": "P", "title": title, "body": title, "requester": title, "category": title, "comments": [title]});
        room.file("t.jsonl", ticket.to_string());
        for format in ["table", "csv", "json", "jsonl", "md"] {
            let answer = room.run(&["tickets", "t.jsonl", "--format", format, "--raw"]);
            prop_assert_eq!(answer.code, Some(0), "{}", answer.err);
            prop_assert!(!answer.out.chars().any(is_harmful));
            match format {
                "json" => prop_assert!(serde_json::from_str::<Value>(&answer.out).is_ok()),
                "jsonl" => prop_assert_eq!(answer.out.lines().count(), 1),
                "csv" => prop_assert_eq!(csv::Reader::from_reader(answer.out.as_bytes()).records().count(), 1),
                _ => {}
            }
        }
    }
}
