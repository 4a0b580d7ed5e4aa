//! Every format says the same, in the shape that was promised.

use serde_json::Value;

use crate::tool::{REPORT_FORMATS, Room, SAMPLE, TABLES};

#[test]
fn csv_json_and_jsonl_carry_the_same_fields() {
    let room = Room::new();
    for command in TABLES {
        let run = |format: &str| room.run(&[command, "--sample", "--format", format]);
        let json = run("json").json();
        let rows = json["rows"].as_array().expect("rows");
        let lines: Vec<Value> = run("jsonl")
            .good()
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(rows, &lines, "{command}");
        let text = run("csv").good();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut header: Vec<&str> = reader.headers().expect("a header").iter().collect();
        header.sort_unstable();
        let mut keys: Vec<&str> = rows[0]
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(header, keys, "{command}");
        assert_eq!(text.lines().count(), rows.len() + 1, "{command}: one line a row");
    }
}

#[test]
fn what_is_recommended_is_beside_the_candidates_in_json_and_named_in_csv() {
    let room = Room::new();
    let run = |format: &str| room.run(&["candidates", "--sample", "--format", format]);
    let json = run("json").json();
    let bundles = json["bundles"].as_array().expect("bundles");
    let ids: Vec<&str> = bundles
        .iter()
        .filter_map(|one| one["bundle_id"].as_str())
        .collect();
    for row in json["rows"].as_array().expect("rows") {
        let bundle = row["bundle_id"].as_str();
        assert!(bundle.is_none_or(|id| ids.contains(&id)), "{row}");
        assert_eq!(bundle.is_some(), row["bundle_rank"].is_u64(), "{row}");
        assert_eq!(bundle.is_some(), row["bundle_reasons"].is_array(), "{row}");
        let wait = |end: &str| row[format!("requester_wait_hours_saved_{end}")].as_f64();
        assert!(wait("p10") <= wait("p50") && wait("p50") <= wait("p90"), "{row}");
    }
    let csv = run("csv").good();
    let header = csv.lines().next().unwrap_or_default();
    assert!(header.contains("bundle_rank,bundle_reasons"), "{header}");
    let patterns = room.run(&["patterns", "--sample", "--format", "json"]).json();
    assert!(patterns["bundles"].is_null());
}

#[test]
fn json_says_how_the_run_was_made() {
    let json = Room::new()
        .run(&["patterns", "--sample", "--format", "json"])
        .json();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["tool_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["taxonomy_hash"].as_str().map(str::len), Some(16));
    assert_eq!(json["settings"]["timezone"], "Asia/Tokyo");
    assert!(json["settings"]["as_of"].is_string() && json["seed"].is_u64());
}

#[test]
fn a_ticket_row_keeps_the_contract() {
    let json = Room::new()
        .run(&["tickets", "--sample", "--format", "json"])
        .json();
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), SAMPLE.lines().count());
    for row in rows {
        assert!(row["pattern"].is_string(), "{row}");
        let confidence = row["confidence"].as_f64().expect("a number");
        assert!((0.0..=1.0).contains(&confidence), "{row}");
        assert!(
            ["label", "rules", "learner", "cluster", "none"]
                .contains(&row["method"].as_str().expect("a method")),
            "{row}"
        );
        assert!(
            row["needs_review"].is_boolean() && row["slots_present"].is_array() && row["evidence"].is_array(),
            "{row}"
        );
        assert!(row["method"] != "none" || row["pattern"] == "other", "{row}");
    }
}

#[test]
fn report_csv_is_a_folder_of_tables() {
    let room = Room::new();
    room.run(&[
        "report", "--sample", "--format", "csv", "--output", "out", "--bom",
    ])
    .good();
    for table in [
        "patterns",
        "pattern_totals",
        "candidates",
        "bundles",
        "slots",
        "controls",
        "groups",
        "trend",
        "clustering",
    ] {
        let text =
            std::fs::read_to_string(room.path().join("out").join(format!("{table}.csv"))).expect("a file");
        assert!(text.starts_with('\u{feff}'), "{table} has no byte order mark");
        assert!(
            csv::Reader::from_reader(text.as_bytes())
                .records()
                .all(|record| record.is_ok()),
            "{table}"
        );
    }
}

#[test]
fn output_is_whole_or_not_at_all() {
    let room = Room::new();
    room.file("t.jsonl", "{broken")
        .file("old.md", "yesterday's report");
    assert_eq!(
        room.run(&["report", "t.jsonl", "--format", "md", "--output", "old.md"])
            .code,
        Some(5)
    );
    assert_eq!(
        std::fs::read_to_string(room.path().join("old.md")).expect("a file"),
        "yesterday's report"
    );
    let names: Vec<_> = std::fs::read_dir(room.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_missing_folder_is_said_before_the_work() {
    let answer = Room::new().run(&["report", "--sample", "--output", "no/such/report.md"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.err.contains("folder does not exist"), "{}", answer.err);
}

#[test]
fn the_report_speaks_the_language_that_was_asked_for() {
    let room = Room::new();
    for format in REPORT_FORMATS {
        let ja = room
            .run(&["report", "--sample", "--format", format, "--lang", "ja"])
            .good();
        let en = room
            .run(&["report", "--sample", "--format", format, "--lang", "en"])
            .good();
        assert!(
            ja.contains("アクセス権限付与・変更") && en.contains("Permission"),
            "{format}"
        );
    }
    let by_locale = room
        .command(&["report", "--sample"])
        .env("LANG", "ja_JP.UTF-8")
        .output()
        .expect("runs");
    assert!(String::from_utf8_lossy(&by_locale.stdout).contains("依頼レポート"));
}

#[test]
fn fiscal_years_name_their_quarters() {
    let text = Room::new()
        .run(&["trend", "--sample", "--format", "csv", "--fiscal-year-start", "4"])
        .good();
    assert!(
        text.contains("FY2025-Q2") && text.contains("FY2026-Q1") && !text.contains(",2025-Q3"),
        "{text}"
    );
}

#[test]
fn headings_are_bold_only_when_asked_or_on_a_terminal() {
    let room = Room::new();
    assert!(!room.run(&["report", "--sample"]).good().contains('\u{1b}'));
    assert!(
        room.run(&["report", "--sample", "--color", "always"])
            .good()
            .contains("\u{1b}[1m")
    );
    assert!(
        !room
            .run(&["report", "--sample", "--color", "never"])
            .good()
            .contains('\u{1b}')
    );
}

#[test]
fn csv_headers_are_guessed_and_the_guess_is_said() {
    let room = Room::new();
    let (cp932, _, broken) = encoding_rs::SHIFT_JIS.encode("チケットID,件名,本文,起票日,完了日,ステータス\r\nA-1,招待のお願い,\"GitHubに招待して\r\nください\",2026/04/01,2026/04/02,完了\r\n");
    assert!(!broken);
    room.file("excel.csv", cp932);
    let answer = room.run(&["tickets", "excel.csv", "--format", "json"]);
    assert!(
        answer.err.contains("件名") && answer.err.contains("title"),
        "{}",
        answer.err
    );
    let json = answer.json();
    assert_eq!(
        (
            json["rows"][0]["id"].as_str(),
            json["rows"][0]["pattern"].as_str()
        ),
        (Some("A-1"), Some("account"))
    );
}

#[test]
fn standard_input_is_read_in_either_format() {
    let room = Room::new();
    let one = "{\"id\":\"1\",\"title\":\"BigQueryの閲覧権限を付与してください\"}";
    let jsonl = room.pipe(&["tickets", "-", "--format", "json"], one).json();
    assert_eq!(jsonl["rows"][0]["pattern"], "permission");
    let csv = room
        .pipe(
            &["tickets", "-", "--format", "json", "--input-format", "csv"],
            "id,title\n1,BigQueryの閲覧権限を付与してください\n",
        )
        .json();
    assert_eq!(csv["rows"][0]["pattern"], "permission");
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            Room::new()
                .run(&["completions", shell])
                .good()
                .contains("toilscope"),
            "{shell}"
        );
    }
}
