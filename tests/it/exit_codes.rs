//! Every exit code of `--help` and the README is produced by its cause and comes with a message that helps.

use crate::tool::Room;

const ONE: &str = r#"{"id":"1","title":"GitHubに招待してください","created_at":"2026-04-01T10:00:00+09:00"}"#;

#[test]
fn a_report_ends_with_0() {
    let room = Room::new();
    room.file("t.jsonl", ONE);
    let answer = room.run(&["report", "t.jsonl"]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(answer.out.contains("SRE request report"), "{}", answer.out);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let room = Room::new();
    let many: String = (0..5_000)
        .map(|n| ONE.replace("\"1\"", &format!("\"{n}\"")) + "\n")
        .collect();
    room.file("t.jsonl", many);
    let command = format!(
        "{} tickets t.jsonl --format jsonl --quiet | head -n 1; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_toilscope")
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &command])
        .current_dir(room.path())
        .output()
        .expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        text.lines().last(),
        Some("0"),
        "{text} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_with_1() {
    let room = Room::new();
    room.file("t.jsonl", ONE);
    let answer = room.run(&["report", "t.jsonl", "--output", "/dev/full"]);
    assert_eq!(answer.code, Some(1), "{}", answer.err);
    assert!(answer.err.contains("cannot write /dev/full"), "{}", answer.err);
}

#[test]
fn wrong_arguments_end_with_2() {
    let room = Room::new();
    room.file("t.jsonl", ONE);
    for arguments in [
        &["report", "t.jsonl", "--no-such-option"][..],
        &["report", "t.jsonl", "--format", "jsonl"],
        &["report", "t.jsonl", "--format", "csv"],
        &["report", "t.jsonl", "--timezone", "Mars/Base"],
        &["report", "t.jsonl", "--as-of", "yesterday"],
        &[
            "report",
            "t.jsonl",
            "--since",
            "2026-07-01",
            "--until",
            "2026-01-01",
        ],
        &["report", "-", "-"],
        &["no-such-command"],
        &[],
    ] {
        let answer = room.run(arguments);
        assert_eq!(answer.code, Some(2), "{arguments:?}: {}", answer.err);
        assert!(!answer.err.is_empty() && answer.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn invalid_settings_end_with_3_and_name_the_line() {
    let room = Room::new();
    room.file("t.jsonl", ONE)
        .file("toilscope.toml", "lang = \"ja\"\ntimezon = \"Asia/Tokyo\"\n");
    let answer = room.run(&["report", "t.jsonl"]);
    assert_eq!(answer.code, Some(3));
    assert!(
        answer.err.contains("line 2") && answer.err.contains("timezon"),
        "{}",
        answer.err
    );
}

#[test]
fn an_invalid_taxonomy_ends_with_3_and_names_every_fault() {
    let room = Room::new();
    let broken = toilscope::taxonomy::Taxonomy::BUILTIN
        .replacen("w = 3.0", "w = 99.0", 1)
        .replacen("priority = 10", "priority = \"high\"", 1);
    room.file("t.jsonl", ONE).file("own.toml", broken);
    let answer = room.run(&["report", "t.jsonl", "--taxonomy", "own.toml"]);
    assert_eq!(answer.code, Some(3));
    assert!(answer.err.contains("2 faults"), "{}", answer.err);
    assert_eq!(answer.err.matches("own.toml:").count(), 2, "{}", answer.err);
}

#[test]
fn a_taxonomy_or_settings_file_that_is_not_there_ends_with_3() {
    let room = Room::new();
    room.file("t.jsonl", ONE);
    for flag in ["--taxonomy", "--config"] {
        let answer = room.run(&["report", "t.jsonl", flag, "gone.toml"]);
        assert_eq!(answer.code, Some(3), "{flag}");
        assert!(answer.err.contains("gone.toml"), "{}", answer.err);
    }
}

#[test]
fn no_ticket_in_the_period_ends_with_4_and_says_the_filters() {
    let room = Room::new();
    room.file("t.jsonl", ONE);
    let answer = room.run(&["report", "t.jsonl", "--since", "2027-01-01"]);
    assert_eq!(answer.code, Some(4), "{}", answer.err);
    assert!(
        answer.err.contains("since 2027-01-01") && answer.err.contains("1 ticket was read"),
        "{}",
        answer.err
    );
}

#[test]
fn a_file_without_a_ticket_ends_with_4_whether_it_has_a_header_or_nothing() {
    let room = Room::new();
    room.file("t.csv", "id,title\n")
        .file("empty.csv", "")
        .file("blank.jsonl", "\n \n");
    for name in ["t.csv", "empty.csv", "blank.jsonl"] {
        let answer = room.run(&["patterns", name]);
        assert_eq!(answer.code, Some(4), "{name}: {}", answer.err);
        assert!(answer.err.contains("hint:"), "{name}: {}", answer.err);
        assert!(answer.out.is_empty());
    }
}

#[test]
fn unreadable_inputs_end_with_5_and_say_why() {
    let room = Room::new();
    std::fs::create_dir(room.path().join("folder")).expect("a folder");
    room.file("broken.jsonl", "not json\nnor this\n")
        .file("book.xlsx", b"PK\x03\x04rest")
        .file("bad.jsonl", b"\xff\xfe\x00\xff".as_slice());
    for (name, said) in [
        ("gone.jsonl", "gone.jsonl"),
        ("folder", "folder"),
        ("broken.jsonl", "broken.jsonl"),
        ("book.xlsx", "book.xlsx"),
        ("bad.jsonl", "bad.jsonl"),
    ] {
        let answer = room.run(&["report", name]);
        assert_eq!(answer.code, Some(5), "{name}: {}", answer.err);
        assert!(
            answer.err.contains(said) && answer.err.contains("hint:"),
            "{name}: {}",
            answer.err
        );
        assert!(answer.out.is_empty());
    }
}

#[test]
fn no_input_at_all_ends_with_5_and_names_the_next_step() {
    let answer = Room::new().run(&["report"]);
    assert_eq!(answer.code, Some(5));
    assert!(answer.err.contains("--sample"), "{}", answer.err);
}

#[test]
fn help_lists_every_code() {
    let help = Room::new().run(&["--help"]).good();
    for code in 0..=5 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
}
