//! Runs, launches and stores that are not as this version made them: damaged, from a file that anybody wrote, from another
//! version, redacted or not, in a folder that cannot be written to.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::tool::{Room, SAMPLE};

/// Tickets enough for a report, few enough to be quick.
fn tickets() -> String {
    SAMPLE.lines().take(60).collect::<Vec<_>>().join("\n") + "\n"
}

/// A room with a store, and a run of it for each of these seeds.
fn room(seeds: &[&str]) -> Room {
    let room = Room::new();
    room.file("a.jsonl", tickets()).run(&["import", "a.jsonl"]).good();
    for seed in seeds {
        room.run(&["report", "--seed", seed, "--lang", "en"]).good();
    }
    room
}

/// A play of the taxonomy that has sub-patterns.
fn play() -> String {
    let taxonomy = toilscope::taxonomy::Taxonomy::builtin().expect("the taxonomy");
    let mut subs = taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
    subs.find_map(|sub| sub.plays.first().cloned()).expect("a play")
}

fn db(room: &Room) -> Connection {
    Connection::open(room.path().join("toilscope.db")).expect("the store")
}

fn runs(room: &Room) -> Vec<Value> {
    let info = room.run(&["store", "info", "--format", "json"]).json();
    info["reports"].as_array().expect("a list").clone()
}

/// The export of a store, changed line by line, imported into a new room; what the import said on standard error.
fn imported(of: &Room, change: impl Fn(&mut Value)) -> (Room, String) {
    let export = of.run(&["store", "export"]).good();
    let lines: Vec<String> = export
        .lines()
        .map(|line| {
            let mut value: Value = serde_json::from_str(line).expect("JSON");
            let is_run = value.get("toilscope_run").is_some();
            change(&mut value);
            // The key comes first, as in an export.
            if is_run {
                format!("{{\"toilscope_run\":{}}}", value["toilscope_run"])
            } else {
                line.to_owned()
            }
        })
        .collect();
    let room = Room::new();
    room.file("all.jsonl", lines.join("\n") + "\n");
    let answer = room.run(&["store", "import", "all.jsonl"]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    (room, answer.err)
}

/// Changes the report of a run as text.
fn report_of(run: &mut Value, change: impl Fn(&str) -> String) {
    if let Some(report) = run["toilscope_run"]["report"].as_str() {
        let changed = change(report);
        assert_ne!(changed, report);
        run["toilscope_run"]["report"] = changed.into();
    }
}

#[test]
fn a_run_that_cannot_be_read_is_in_the_way_of_no_command() {
    let room = room(&["1", "2"]);
    db(&room)
        .execute("UPDATE report_run SET memory = x'00' WHERE number = 2", [])
        .expect("an update");
    for command in [
        &["patterns"][..],
        &["tickets", "--format", "csv"],
        &["trend", "--since-run", "last"],
        &["store", "export"],
        &["report", "--seed", "3"],
    ] {
        let answer = room.run(command);
        assert_eq!(answer.code, Some(0), "{command:?}: {}", answer.err);
        assert!(
            answer
                .err
                .contains("warning: run 2 of the store toilscope.db cannot be read")
                && answer.err.contains("hint: a newer toilscope"),
            "{command:?}: {}",
            answer.err
        );
    }
    assert_eq!(runs(&room)[2]["base"], 1);
    let asked = room.run(&["report", "--run", "2"]);
    assert_eq!(asked.code, Some(5), "{}", asked.err);
    assert!(asked.err.contains("run 2 of the store"), "{}", asked.err);
    // The run that was kept since is the one to go on from, and nothing is in the way any more.
    let after = room.run(&["patterns", "--seed", "4"]);
    assert!(!after.err.contains("warning"), "{}", after.err);
}

#[test]
fn a_run_of_a_version_that_knew_less_opens() {
    let room = room(&["1"]);
    let about = json!({"tool_version": "0.0.9", "seed": 1, "settings": {}, "words": {"raw": false}});
    db(&room)
        .execute("UPDATE report_run SET about = ?1", [about.to_string()])
        .expect("an update");
    let trend = room.run(&["trend", "--since-run", "1", "--lang", "en", "--format", "md"]);
    assert!(!trend.err.contains("warning"), "{}", trend.err);
    assert!(trend.good().contains("the version of toilscope"));
}

#[test]
fn broken_lines_of_an_import_are_named_and_the_rest_comes_in() {
    let from = room(&["1", "2"]);
    from.run(&["launch", "add", &play(), "--date", "2026-01-05"])
        .good();
    for (change, reason) in [
        (json!({"memory": "{\"groups\": 3}"}), "run 2 cannot be read"),
        (json!({"answers": "[{}]"}), "run 2 cannot be read"),
        (json!({"report": "{}"}), "run 2 cannot be read"),
        (json!({"about": "?"}), "run 2 cannot be read"),
        (json!({"number": i64::MAX}), "is no number of a run"),
        (json!({"made_at": "yesterday"}), "made at no time"),
        (
            json!({"memory": "{\"groups\": {\"../x\": {}}}"}),
            "is no id of a group",
        ),
    ] {
        let (room, said) = imported(&from, |line| {
            if line["toilscope_run"]["number"] == 2 {
                for (key, value) in change.as_object().expect("an object") {
                    line["toilscope_run"][key] = value.clone();
                }
            }
        });
        assert!(
            said.contains("left out: all.jsonl:62: ") && said.contains(reason),
            "{said}"
        );
        assert_eq!(runs(&room).len(), 1);
        let next = room.run(&["report", "--seed", "9"]);
        assert_eq!(next.code, Some(0), "{}", next.err);
        assert!(
            !next.err.contains("warning") && !next.err.contains("not kept"),
            "{}",
            next.err
        );
        assert_eq!(runs(&room)[1]["number"], 2);
    }
}

#[test]
fn a_table_of_an_imported_run_is_written_nowhere_else() {
    let from = room(&["1"]);
    let evil = |report: &str| report.replace("\"id\":\"patterns\"", "\"id\":\"../evil\"");
    let (room, said) = imported(&from, |line| report_of(line, evil));
    assert!(said.contains("is no name of a table"), "{said}");
    assert!(runs(&room).is_empty());
    // Nor one that came into the store in another way.
    let report = json!({"title": "", "headline": [], "foot": [], "sections": [{"title": "", "lead": [], "notes": [],
        "table": {"id": "../evil", "columns": [], "rows": [], "views": [], "pivot": null, "shown": 1, "total": null}}],
        "meta": {"tool_version": "0", "taxonomy_hash": "", "seed": 0, "settings": {"raw": false}, "coverage": []}});
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, report.to_string().as_bytes()).expect("memory");
    db(&from)
        .execute(
            "UPDATE report_run SET report = ?1",
            [packed.finish().expect("memory")],
        )
        .expect("an update");
    let shown = from.run(&["report", "--run", "1", "--format", "csv", "--output", "out"]);
    assert_eq!(shown.code, Some(5), "{}", shown.err);
    assert!(!from.path().join("evil.csv").exists() && !from.path().join("out").exists());
}

#[test]
fn texts_of_an_imported_run_obey_nobody() {
    let from = room(&["1"]);
    let title = "\"title\":\"";
    let evil = |report: &str| report.replace(title, &format!("{title}\\u001b[2J\\u202e"));
    let (room, said) = imported(&from, |line| {
        report_of(line, evil);
        line["toilscope_run"]["about"] = json!({"tool_version": "\u{1b}[2J", "words": {"raw": false}})
            .to_string()
            .into();
    });
    assert_eq!(runs(&room).len(), 1, "{said}");
    for arguments in [
        &["report", "--run", "1"][..],
        &["report", "--run", "1", "--format", "md"],
        &["store", "info"],
        &["trend", "--since-run", "1"],
        &["report", "--run", "2"],
    ] {
        let answer = room.run(arguments);
        let told = answer.out + &answer.err;
        assert!(
            told.contains("[2J") || arguments[0] == "trend" || arguments[2] == "2",
            "{told}"
        );
        assert!(!told.contains(['\u{1b}', '\u{202e}']), "{arguments:?}: {told:?}");
    }
}

#[test]
fn what_was_shown_raw_is_shown_again_only_raw() {
    let room = Room::new();
    room.file("a.jsonl", tickets()).run(&["import", "a.jsonl"]).good();
    let raw = room.run(&["report", "--raw", "--format", "md"]).good();
    let refused = room.run(&["report", "--run", "1", "--format", "md"]);
    assert_eq!(
        (refused.code, refused.out.as_str()),
        (Some(2), ""),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains("run 1 was made with --raw") && refused.err.contains("hint: add --raw"),
        "{}",
        refused.err
    );
    assert_eq!(
        room.run(&["report", "--run", "1", "--raw", "--format", "md"])
            .good(),
        raw
    );
    room.file("toilscope.toml", "raw = true\n");
    assert_eq!(room.run(&["report", "--run", "1", "--format", "md"]).good(), raw);
    let hidden = room.run(&["report", "--run", "1", "--raw=false"]);
    assert_eq!(hidden.code, Some(2), "{}", hidden.err);
    // A redacted one is shown to everybody.
    let redacted = room.run(&["report", "--raw=false", "--format", "md"]).good();
    assert_eq!(
        room.run(&["report", "--run", "2", "--format", "md"]).good(),
        redacted
    );
}

#[test]
fn flags_that_cannot_act_on_an_old_report_are_refused() {
    let room = room(&["1"]);
    for (flag, value) in [
        ("--lang", "ja"),
        ("--since", "2025-01-01"),
        ("--until", "2030-01-01"),
        ("--as-of", "2026-01-01"),
        ("--seed", "1"),
        ("--timezone", "UTC"),
        ("--fiscal-year-start", "4"),
        ("--taxonomy", "own.toml"),
        ("--labels", "l.jsonl"),
        ("--input-format", "csv"),
    ] {
        let answer = room.run(&["report", "--run", "1", flag, value]);
        assert_eq!(answer.code, Some(2), "{flag}: {}", answer.err);
        assert!(
            answer.err.contains(flag) && answer.err.contains("cannot act on run 1"),
            "{flag}: {}",
            answer.err
        );
    }
    let shown = [
        "--width",
        "80",
        "--store",
        "toilscope.db",
        "--quiet",
        "--color",
        "never",
        "--format",
        "md",
    ];
    room.run(&[&["report", "--run", "1"][..], &shown].concat()).good();
    // What stands in the environment is meant for every command.
    let output = room
        .command(&["report", "--run", "1"])
        .env("TOILSCOPE_LANG", "ja")
        .env("TOILSCOPE_SEED", "5")
        .output()
        .expect("the binary runs");
    assert!(output.status.success());
}

#[test]
fn the_same_report_comes_out_again_where_one_run_is_kept() {
    let room = room(&["1"]);
    room.file("toilscope.toml", "[runs]\nkeep = 1\n");
    let report = || room.run(&["report", "--seed", "2", "--format", "json"]).good();
    let first = report();
    assert_eq!(report(), first);
    let numbers: Vec<Value> = runs(&room).iter().map(|run| run["number"].clone()).collect();
    assert_eq!(
        numbers,
        [1, 2],
        "the one that the last went on from stays with it"
    );
    room.run(&["report", "--seed", "3"]).good();
    let numbers: Vec<Value> = runs(&room).iter().map(|run| run["number"].clone()).collect();
    assert_eq!(numbers, [2, 3]);
}

#[test]
fn an_export_carries_launches() {
    let room = room(&[]);
    let add = [
        "launch",
        "add",
        &play(),
        "--date",
        "2026-01-05",
        "--projected-hours",
        "12.5",
    ];
    room.run(&add).good();
    let (other, _) = imported(&room, |_| ());
    let list = |room: &Room| room.run(&["launch", "list", "--format", "json"]).good();
    assert_eq!(list(&other), list(&room));
    assert_eq!(
        other.run(&["store", "export"]).good(),
        room.run(&["store", "export"]).good()
    );
    // As tickets the export is what its tickets are.
    let patterns = other.run(&["patterns", "all.jsonl", "--format", "json"]).json();
    assert_eq!(
        (&patterns["coverage"]["records"], &patterns["coverage"]["skipped"]),
        (&60.into(), &0.into())
    );
    let again = other.run(&["import", "all.jsonl"]).good();
    assert!(
        !again.contains("launches") && !again.contains("left_out"),
        "{again}"
    );
}

#[test]
fn a_launch_that_the_taxonomy_cannot_place_is_in_the_way_of_no_command() {
    let room = room(&["1"]);
    db(&room)
        .execute_batch(
            &"INSERT INTO launch VALUES ('gone_play', '2026-01-05', '[\"account.github\"]', 2, NULL);
             INSERT INTO launch VALUES ('PLAY', '2026-01-06', '[\"gone.sub\"]', 2, NULL);
             INSERT INTO launch VALUES ('PLAY', '2026-01-07', '[]', 2, NULL);"
                .replace("PLAY", &play()),
        )
        .expect("launches");
    for command in [
        &["patterns"][..],
        &["trend", "--format", "json"],
        &["report", "--lang", "en"],
    ] {
        let answer = room.run(command);
        assert_eq!(answer.code, Some(0), "{command:?}: {}", answer.err);
        for (named, day) in [("gone_play", "2026-01-05"), ("gone.sub", "2026-01-06")] {
            let hint = format!("`toilscope launch remove PLAY --date {day}`");
            assert!(
                answer.err.contains(named) && answer.err.contains(&hint),
                "{}",
                answer.err
            );
        }
        assert!(!answer.err.contains("2026-01-07"), "{}", answer.err);
    }
    room.run(&["launch", "remove", "gone_play", "--date", "2026-01-05"])
        .good();
    room.run(&["launch", "remove", &play(), "--date", "2026-01-06"])
        .good();
    assert!(!room.run(&["patterns"]).err.contains("warning"));
    // In the settings file it is a mistake, and said as one.
    room.file(
        "toilscope.toml",
        "[[launches]]\nplay = \"gone_play\"\ndate = 2026-01-05\n",
    );
    assert_eq!(room.run(&["patterns"]).code, Some(3));
}

#[test]
fn a_launch_is_no_reason_for_answers_that_differ() {
    let room = room(&["1"]);
    room.run(&["launch", "add", &play(), "--date", "2026-01-05"])
        .good();
    let told = room
        .run(&["trend", "--since-run", "1", "--seed", "1", "--lang", "en"])
        .good();
    assert!(!told.contains("What differs from then"), "{told}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_nobody_got_is_no_run() {
    let room = room(&[]);
    let full = room.run(&["report", "--output", "/dev/full"]);
    assert_eq!(full.code, Some(1), "{}", full.err);
    assert!(runs(&room).is_empty());
    let held = room.run(&["report", "--fail-if", "tickets>0"]);
    assert_eq!(held.code, Some(6), "{}", held.err);
    assert_eq!(
        runs(&room).len(),
        1,
        "an answer that was written counts, whatever it says"
    );
}

#[test]
fn an_old_store_that_cannot_be_brought_up_to_date_is_read() {
    let room = room(&["1"]);
    let whole = room.run(&["patterns", "--format", "json"]).good();
    db(&room)
        .execute_batch("DROP TABLE report_run; DROP TABLE launch; PRAGMA user_version = 1; PRAGMA journal_mode = DELETE;")
        .expect("an old layout");
    // A folder of that name keeps even a mighty user from making the lock, as an unwritable folder keeps others.
    let lock = room.path().join("toilscope.db-lock");
    fs::remove_file(&lock).expect("the lock of before");
    fs::create_dir(&lock).expect("a folder");
    let read = room.run(&["patterns", "--format", "json"]);
    assert_eq!(read.code, Some(0), "{}", read.err);
    assert_eq!(rows(&read.out), rows(&whole));
    let report = room.run(&["report"]);
    assert_eq!(report.code, Some(0), "{}", report.err);
    assert!(
        report.err.contains("note: this run was not kept"),
        "{}",
        report.err
    );
    assert!(room.run(&["launch", "list"]).good().contains("no launches yet"));
    assert!(room.run(&["store", "info"]).good().contains("60 imported"));
    let layout: i64 = db(&room)
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .expect("a number");
    assert_eq!(layout, 1);
    assert!(Path::new(&lock).is_dir());
}

fn rows(json: &str) -> Value {
    serde_json::from_str::<Value>(json).expect("JSON")["rows"].take()
}

#[test]
fn conditions_see_the_changes_of_level_that_the_table_shows() {
    let room = Room::new();
    // Twelve invitations a quarter in the first three, forty in the next three.
    let mut lines = String::new();
    for nth in 0..156u32 {
        let (quarter, at) = if nth < 36 {
            (nth / 12, nth % 12 * 7)
        } else {
            (3 + (nth - 36) / 40, (nth - 36) % 40 * 2)
        };
        let (year, month) = (2025 + quarter / 4, 1 + quarter % 4 * 3 + at / 28);
        let line = json!({
            "id": format!("R-{nth:03}"),
            "title": "GitHub アカウントの招待をお願いします",
            "created_at": format!("{year}-{month:02}-{:02}T10:00:00+09:00", 1 + at % 28),
            "requester": format!("依頼者{nth}"),
        });
        lines += &format!("{line}\n");
    }
    room.file("a.jsonl", &lines);
    let report = room.run(&["report", "a.jsonl", "--format", "json"]).json();
    let text = |row: &Value, key: &str| row[key].as_str().map(str::to_owned);
    let changes = report["changes"].as_array().expect("changes");
    let levels: Vec<String> = changes
        .iter()
        .filter(|row| row["kind"] == "level")
        .filter_map(|row| {
            let id = text(row, "group")
                .or(text(row, "subpattern"))
                .or(text(row, "pattern"))?;
            let verdict =
                text(row, "verdict").filter(|verdict| verdict.contains('_') && verdict != "too_few")?;
            Some(format!("{id}:{verdict}"))
        })
        .collect();
    assert!(!levels.is_empty(), "a change of level: {changes:?}");
    let mut arguments = vec!["trend", "a.jsonl", "--quiet"];
    for level in &levels {
        arguments.extend(["--warn-if", level]);
    }
    let said = room.run(&arguments).err;
    for level in &levels {
        assert!(said.contains(&format!("warning: {level}: ")), "{level}: {said}");
    }
}
