//! Runs in the store as their user meets them: reports that come back byte for byte, groups that keep their ids, what
//! differs from the run before, and conditions that end a job.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256Plus;
use serde_json::Value;

use crate::tool::{REPORT_FORMATS, Room, SAMPLE};

/// Invented kinds of request that the taxonomy does not name: titles, and what is said below them.
const THEMES: [(&str, [&str; 4], [&str; 3]); 3] = [
    (
        "mail",
        [
            "メルマガの配信を止めたい",
            "メルマガ配信の時間をずらしたい",
            "一斉メルマガの予約取り消し",
            "メルマガの件名の差し替え",
        ],
        [
            "配信予定は明日の10時。",
            "宛先は約3万件。",
            "文面は差し替え済み。",
        ],
    ),
    (
        "load",
        [
            "負荷試験の立ち会い",
            "夜間の負荷試験に同席してほしい",
            "負荷試験の日程",
            "セール前の負荷試験の待機",
        ],
        [
            "想定は毎秒500件。",
            "22時から2時間の予定。",
            "シナリオは前回と同じ。",
        ],
    ),
    (
        "drill",
        [
            "防災訓練の進行役",
            "停電を想定した防災訓練",
            "防災訓練の振り返り会",
            "防災訓練の連絡網",
        ],
        [
            "参加者は10名くらい。",
            "半日で終わる予定。",
            "訓練なので実害はない。",
        ],
    ),
];

/// Tickets of the themes: each twelve times a half-year, in the wording of `form`.
fn themed(half: usize, form: impl Fn(&str, &str) -> String) -> String {
    let mut lines = String::new();
    for (at, (name, titles, texts)) in THEMES.iter().enumerate() {
        for nth in 0..12 {
            let title = titles[(nth + half) % 4];
            let body = form(title, texts[(nth + nth / 4 + half) % 3]);
            let (month, day) = (1 + nth / 2 + 6 * half, 3 + at + 10 * (nth % 2));
            let line = serde_json::json!({
                "id": format!("{name}-{half}-{nth:02}"),
                "title": title,
                "body": body,
                "created_at": format!("2025-{month:02}-{day:02}T10:00:00+09:00"),
                "requester": format!("依頼者{}", nth % 5),
                "status": "完了",
            });
            writeln!(lines, "{line}").expect("text can be written");
        }
    }
    lines
}

fn plain(title: &str, text: &str) -> String {
    format!("依頼内容: {title}\n{text}")
}

/// The sample in two halves by date, the themes with each.
fn halves() -> [String; 2] {
    let is_second =
        |line: &&str| line.contains("\"created_at\": \"2026") || line.contains("\"created_at\":\"2026");
    let (second, first): (Vec<&str>, Vec<&str>) = SAMPLE.lines().partition(is_second);
    [
        first.join("\n") + "\n" + &themed(0, plain),
        second.join("\n") + "\n" + &themed(1, plain),
    ]
}

fn import(room: &Room, name: &str, tickets: &str) {
    room.file(name, tickets).run(&["import", name]).good();
}

/// The group of every ticket by its id; `None` where it has none.
fn groups(room: &Room) -> BTreeMap<String, Option<String>> {
    let answer = room.run(&["tickets", "--format", "json"]).json();
    let rows = answer["rows"].as_array().expect("rows").clone();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    rows.iter()
        .map(|row| (text(&row["id"]).expect("an id"), text(&row["group"])))
        .collect()
}

fn json(room: &Room, arguments: &[&str]) -> Value {
    room.run(arguments).json()
}

#[test]
fn a_report_comes_back_byte_for_byte_in_every_format() {
    let [first, second] = halves();
    let room = Room::new();
    import(&room, "a.jsonl", &first);
    let report = |extra: &[&str]| {
        REPORT_FORMATS.map(|format| {
            let arguments: Vec<&str> = ["report", "--format", format]
                .into_iter()
                .chain(extra.iter().copied())
                .collect();
            room.run(&arguments).good()
        })
    };
    let ja = report(&["--lang", "ja"]);
    let en = report(&["--lang", "en"]);
    assert_eq!(
        report(&["--lang", "ja"]),
        ja,
        "the same again is the same, and no run of its own"
    );
    import(&room, "b.jsonl", &second);
    let later = report(&["--lang", "ja"]);
    assert_ne!(later, ja);
    assert_eq!(report(&["--run", "1"]), ja);
    assert_eq!(report(&["--run", "2"]), en, "in the language that it was made in");
    assert_eq!(report(&["--run", "3"]), later);
    let info = json(&room, &["store", "info", "--format", "json"]);
    assert_eq!(info["reports"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        (&info["reports"][1]["base"], &info["reports"][2]["base"]),
        (&Value::Null, &2.into())
    );
    room.run(&["report", "--run", "1", "--format", "csv", "--output", "old"])
        .good();
    assert!(room.path().join("old/patterns.csv").is_file());
}

#[test]
fn a_run_that_is_not_there_is_refused_with_those_that_are() {
    let room = Room::new();
    import(&room, "a.jsonl", &themed(0, plain));
    let none = room.run(&["report", "--run", "1"]);
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("there is none yet"), "{}", none.err);
    room.run(&["report"]).good();
    let other = room.run(&["report", "--run", "7"]);
    assert_eq!(other.code, Some(2));
    assert!(
        other.err.contains("there is no run 7") && other.err.contains("there are 1 ("),
        "{}",
        other.err
    );
    let since = room.run(&["trend", "--since-run", "7"]);
    assert_eq!(since.code, Some(2));
    let first = room.run(&["trend", "--since-run", "last"]);
    assert!(
        first.code == Some(2) && first.err.contains("no earlier run"),
        "{}",
        first.err
    );
    let file = room.run(&["trend", "a.jsonl", "--since-run", "1"]);
    assert!(
        file.code == Some(2) && file.err.contains("import the file"),
        "{}",
        file.err
    );
}

#[test]
fn nothing_is_kept_when_the_user_says_so() {
    let room = Room::new();
    import(&room, "a.jsonl", &themed(0, plain));
    room.run(&["report", "--no-record"]).good();
    let count = || {
        json(&room, &["store", "info", "--format", "json"])["reports"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(count(), Some(0));
    room.file("toilscope.toml", "[runs]\nkeep = 2\n");
    for seed in ["1", "2", "3"] {
        room.run(&["report", "--seed", seed]).good();
    }
    assert_eq!(count(), Some(2));
    room.file("toilscope.toml", "[runs]\nrecord = false\n");
    room.run(&["report", "--seed", "4"]).good();
    assert_eq!(count(), Some(2));
}

#[test]
fn two_halves_of_a_year_keep_the_ids_of_their_themes() {
    let [first, second] = halves();
    let room = Room::new();
    import(&room, "a.jsonl", &first);
    room.run(&["report"]).good();
    let before = groups(&room);
    import(&room, "b.jsonl", &second);
    let after = groups(&room);
    let moved: Vec<_> = before
        .iter()
        .filter(|(id, group)| group.is_some() && after[*id] != **group)
        .collect();
    assert!(
        moved.len() * 50 <= before.len(),
        "groups of old tickets that changed: {moved:?}"
    );

    // Tickets of the second half are under ids that their theme had in the first.
    let (mut kept, mut all) = (0, 0);
    for (name, ..) in THEMES {
        let of = |half: usize| format!("{name}-{half}-");
        let first = before.iter().filter(|(id, _)| id.starts_with(&of(0)));
        let known: Vec<&String> = first.filter_map(|(_, group)| group.as_ref()).collect();
        for (_, group) in after.iter().filter(|(id, _)| id.starts_with(&of(1))) {
            all += 1;
            kept += usize::from(group.as_ref().is_some_and(|group| known.contains(&group)));
        }
    }
    assert!(
        kept * 10 >= all * 9,
        "{kept} of {all} tickets of the second half have an id of their theme"
    );
    let report = json(&room, &["report", "--format", "json"]);
    let lineage = report["lineage"].as_array().expect("a lineage");
    assert!(
        lineage.iter().any(|step| step["relation"] == "continued"),
        "{lineage:?}"
    );
}

#[test]
fn a_form_that_changes_makes_no_new_group() {
    // From one day on every ticket comes through another form.
    let form = |title: &str, text: &str| {
        format!(
            "## ご依頼の概要\n{title}\n\n## 背景・目的\n{text}\n\n## 影響範囲の確認\n確認しました\n\n## 希望納期\n至急ではありません\n\n※このチケットは申請ワークフローから自動で作成されました"
        )
    };
    let room = Room::new();
    import(&room, "a.jsonl", &themed(0, plain));
    room.run(&["report"]).good();
    let before = groups(&room);
    import(&room, "b.jsonl", &themed(1, form));
    let after = groups(&room);
    let known: Vec<&String> = before.values().flatten().collect();
    let new: Vec<_> = after
        .iter()
        .filter(|(_, group)| group.as_ref().is_some_and(|g| !known.contains(&g)))
        .collect();
    assert!(new.is_empty(), "{new:?}");
    // Within one file, without a store, the form makes no group either: those of the themes are there before and after.
    let one = room.file("c.jsonl", themed(0, plain) + &themed(1, form));
    let answer = one.run(&["tickets", "c.jsonl", "--format", "json"]).json();
    let mut halves: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for row in answer["rows"].as_array().expect("rows") {
        if let (Some(id), Some(group)) = (row["id"].as_str(), row["group"].as_str()) {
            halves.entry(group.to_owned()).or_default()[usize::from(id.contains("-1-"))] += 1;
        }
    }
    let only_after = halves.values().any(|[before, after]| *before == 0 && *after > 2);
    assert!(!only_after, "{halves:?}");
}

#[test]
fn a_renamed_property_makes_no_new_group() {
    let csv = |half: usize, header: &str| {
        let mut text = format!("id,{header},作成日,チーム名\n");
        for line in themed(half, plain).lines() {
            let ticket: Value = serde_json::from_str(line).expect("a ticket");
            let text_of = |key: &str| ticket[key].as_str().unwrap_or_default().replace('\n', " ");
            writeln!(
                text,
                "{},{},{},{},基盤",
                text_of("id"),
                text_of("title"),
                text_of("body"),
                &text_of("created_at")[..10]
            )
            .expect("text can be written");
        }
        text
    };
    let room = Room::new();
    import(&room, "a.csv", &csv(0, "件名,本文"));
    room.run(&["report"]).good();
    let before = groups(&room);
    import(
        &room,
        "b.csv",
        &csv(1, "タイトル,内容").replace("チーム名", "所属"),
    );
    let after = groups(&room);
    let known: Vec<&String> = before.values().flatten().collect();
    assert!(!known.is_empty());
    let new: Vec<_> = after
        .iter()
        .filter(|(_, group)| group.as_ref().is_some_and(|g| !known.contains(&g)))
        .collect();
    assert!(new.is_empty(), "{new:?}");
}

#[test]
fn the_order_of_imports_and_lines_changes_no_byte_of_a_second_report() {
    let [first, second] = halves();
    let mut lines: Vec<&str> = second.lines().collect();
    lines.shuffle(&mut Xoshiro256Plus::seed_from_u64(3));
    let shuffled = lines.join("\n");
    let told = |second: &str| {
        let room = Room::new();
        import(&room, "a.jsonl", &first);
        room.run(&["report"]).good();
        import(&room, "b.jsonl", second);
        room.run(&["report", "--format", "json"]).good()
    };
    assert_eq!(told(&second), told(&shuffled));
}

#[test]
fn what_differs_from_a_run_adds_up_and_names_its_reason() {
    let [first, second] = halves();
    let room = Room::new();
    import(&room, "a.jsonl", &first);
    room.run(&["report"]).good();
    import(&room, "b.jsonl", &second);
    room.file("labels.jsonl", "{\"id\":\"mail-0-00\",\"pattern\":\"account\"}\n");
    let answer = json(
        &room,
        &[
            "trend",
            "--since-run",
            "1",
            "--labels",
            "labels.jsonl",
            "--format",
            "json",
        ],
    );
    let rows = answer["rows"].as_array().expect("rows");
    let reasons = [
        "new",
        "left",
        "edited",
        "labels",
        "taxonomy",
        "version",
        "settings",
        "several",
        "other_tickets",
    ];
    let number = |row: &Value, key: &str| {
        row[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key} is missing in {row}"))
    };
    let mut totals: BTreeMap<&str, f64> = BTreeMap::new();
    for row in rows {
        let moved: f64 = reasons.iter().map(|reason| number(row, reason)).sum();
        assert!(
            (number(row, "tickets_then") + moved - number(row, "tickets_now")).abs() < 1e-9,
            "{row}"
        );
        for key in reasons {
            *totals.entry(key).or_default() += number(row, key);
        }
    }
    assert!(totals["new"] > 100.0 && totals["left"].abs() < 1e-9, "{totals:?}");
    let labelled = rows
        .iter()
        .find(|row| row["pattern"] == "account" && number(row, "labels") > 0.0);
    assert!(labelled.is_some(), "{rows:?}");
    let people = room.run(&["trend", "--since-run", "last", "--lang", "ja"]).good();
    assert!(people.contains("当時") && people.contains("今回"), "{people}");
}

#[test]
fn a_taxonomy_that_changes_is_told_with_the_answers_it_changed() {
    let room = Room::new();
    import(&room, "a.jsonl", &themed(0, plain));
    room.run(&["report"]).good();
    let rule = "\n[[pattern.sub]]\nid = \"other.mailing\"\nja = \"メルマガ\"\nen = \"Mailings\"\nrequire_own_cue = true\nrisk = 1\n\
        cues = [{ re = 'メルマガ', w = 9 }]\n";
    let own = toilscope::taxonomy::Taxonomy::BUILTIN;
    let at = own.find("id = \"other\"").expect("the pattern");
    let end = own[at..].find("\n[[").map_or(own.len(), |next| at + next);
    room.file("own.toml", format!("{}{rule}{}", &own[..end], &own[end..]));
    let report = room
        .run(&[
            "report",
            "--taxonomy",
            "own.toml",
            "--lang",
            "en",
            "--width",
            "140",
        ])
        .good();
    assert!(
        report.contains("What differs from then: the taxonomy"),
        "{report}"
    );
    assert!(
        report.contains("taxonomy 12") || report.contains("(taxonomy "),
        "{report}"
    );
}

#[test]
fn an_export_carries_its_runs() {
    let room = Room::new();
    import(&room, "a.jsonl", &themed(0, plain));
    let told = room.run(&["report", "--format", "md"]).good();
    room.run(&["store", "export", "--output", "all.jsonl"]).good();
    let other = Room::new();
    let export = std::fs::read(room.path().join("all.jsonl")).expect("the export");
    other.file("all.jsonl", &export);
    other.run(&["import", "all.jsonl"]).good();
    assert_eq!(
        other.run(&["report", "--run", "1", "--format", "md"]).good(),
        told
    );
    assert_eq!(other.run(&["store", "export"]).good().into_bytes(), export);
    // As tickets the export is what its tickets are.
    let tickets = other.run(&["tickets", "all.jsonl", "--format", "json"]).json();
    assert_eq!(tickets["coverage"]["records"], 36);
}

#[test]
fn conditions_end_a_job_with_six_and_the_answer_is_written() {
    let room = Room::new();
    room.file("a.jsonl", themed(0, plain));
    let held = room.run(&[
        "report",
        "a.jsonl",
        "--fail-if",
        "tickets>10",
        "--fail-if",
        "skipped>0",
        "--output",
        "r.md",
        "--format",
        "md",
    ]);
    assert_eq!(held.code, Some(6));
    assert!(
        held.err.contains("tickets>10: tickets is 36") && !held.err.contains("skipped>0"),
        "{}",
        held.err
    );
    assert!(room.path().join("r.md").is_file());
    let fine = room.run(&[
        "trend",
        "a.jsonl",
        "--fail-if",
        "tickets>36",
        "--warn-if",
        "open>=0",
        "--quiet",
    ]);
    assert_eq!(fine.code, Some(0));
    assert!(fine.err.contains("warning: open>=0: open is 0"), "{}", fine.err);
}

#[test]
fn conditions_that_mean_nothing_are_refused_before_the_work() {
    let room = Room::new();
    room.file("a.jsonl", themed(0, plain));
    for (condition, hint) in [
        ("unasigned>10%", "use tickets, unassigned"),
        ("account:rise", "use clear_rise"),
        ("acount:clear_rise", "use any, a pattern (account"),
    ] {
        let refused = room.run(&["report", "a.jsonl", "--fail-if", condition]);
        assert_eq!(refused.code, Some(2), "{condition}: {}", refused.err);
        assert!(
            refused.err.contains(hint) && refused.out.is_empty(),
            "{condition}: {}",
            refused.err
        );
    }
}
