//! Notion's own export goes in as it comes and gives the same tickets as its table and pages do by themselves.

use std::io::{Cursor, Write};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::tool::{Room, TABLES};

const UUID: &str = "d2b14fbf-86de-4508-a1b2-6515ff8d7aab";
const DB: &str = "0f3c0000000000000000000000000001";

/// A month of a fictional team: title, status, who asked, who works on it, created, done, text.
const REQUESTS: [[&str; 7]; 5] = [
    [
        "GitHubのorganizationに招待してください",
        "完了",
        "山田 太郎",
        "佐藤 花子",
        "2026年3月4日 13:40",
        "2026年3月5日 10:05",
        "新しく入った人です。\n\n- チーム: frontend",
    ],
    [
        "BigQueryの閲覧権限をください",
        "完了",
        "鈴木 一郎",
        "佐藤 花子, 高橋 次郎",
        "2026年3月9日 9:12",
        "2026年3月9日 18:30",
        "データセットは sales_mart です。",
    ],
    [
        "ステージング環境が落ちています",
        "完了",
        "山田 太郎",
        "高橋 次郎",
        "2026年3月12日 15:02",
        "2026年3月13日 11:00",
        "502 が返ります。調査をお願いします。",
    ],
    [
        "アカウント依頼",
        "完了",
        "田中 三郎",
        "佐藤 花子",
        "2026年3月16日 10:00",
        "2026年3月16日 16:20",
        "Datadog に招待してください。",
    ],
    [
        "アカウント依頼",
        "未着手",
        "伊藤 四郎",
        "",
        "2026年3月24日 17:45",
        "",
        "Sentry に招待してください。",
    ],
];

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(content).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

fn page_id(number: usize) -> String {
    format!("{:032x}", 0xa000 + number)
}

fn table() -> String {
    let header = "\u{feff}依頼名,ステータス,依頼者,担当者,作成日時,完了日時,ID\n".to_owned();
    REQUESTS.iter().enumerate().fold(
        header,
        |table, (number, [title, status, from, to, created, done, _])| {
            format!("{table}{title},{status},{from},\"{to}\",{created},{done},SRE-{number}\n")
        },
    )
}

fn page(number: usize) -> String {
    let [title, status, from, to, created, done, text] = REQUESTS[number];
    let id = format!("SRE-{number}");
    let said = [
        ("ステータス", status),
        ("依頼者", from),
        ("担当者", to),
        ("作成日時", created),
        ("完了日時", done),
        ("ID", &id),
    ];
    let properties: String = said
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    format!("# {title}\n\n{properties}\n{text}\n")
}

/// The table in one part, the pages in the other, with what else an export has.
fn parts() -> [Vec<u8>; 2] {
    let tables = [
        (
            format!("Export-{UUID}/SRE 依頼 {DB}_all.csv"),
            table().into_bytes(),
        ),
        (format!("Export-{UUID}/SRE 依頼 {DB}.csv"), b"view".to_vec()),
    ];
    // The last request has no page in the export.
    let mut pages: Vec<_> = (0..REQUESTS.len() - 1)
        .map(|number| {
            (
                format!("SRE 依頼/{} {}.md", &REQUESTS[number][0][..6], page_id(number)),
                page(number).into_bytes(),
            )
        })
        .collect();
    pages.push((
        format!("手引き {}.md", page_id(99)),
        "# 手引き\n\nここを読んでください。\n".into(),
    ));
    pages.push(("SRE 依頼/アカ/添付.zip".to_owned(), b"not opened".to_vec()));
    [packed(&tables), packed(&pages)]
}

fn part_name(number: usize) -> String {
    format!("Export-{UUID}-Part-{number}.zip")
}

fn room() -> Room {
    let room = Room::new();
    let [tables, pages] = parts();
    let outer = packed(&[(part_name(1), tables.clone()), (part_name(2), pages.clone())]);
    room.file("Export.zip", outer)
        .file(&part_name(1), tables)
        .file(&part_name(2), pages);
    room
}

#[test]
fn an_export_is_reported_like_any_file() {
    let answer = room().run(&["report", "Export.zip", "--format", "json"]);
    for said in [
        "read \"依頼名\" as title",
        "1 row without a page",
        "1 page passed over",
        "1 archive among the attachments not opened",
    ] {
        assert!(answer.err.contains(said), "{said}: {}", answer.err);
    }
    let coverage = answer.json()["coverage"].clone();
    assert_eq!(coverage["records"].as_u64(), Some(5));
    assert_eq!(
        (coverage["merged"].as_u64(), coverage["skipped"].as_u64()),
        (Some(0), Some(0))
    );
}

#[test]
fn tickets_carry_the_ids_that_notion_gives_them() {
    let lines = room()
        .run(&["tickets", "Export.zip", "--format", "jsonl", "--raw"])
        .good();
    let tickets: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(tickets.len(), 5);
    let first = &tickets[0];
    assert_eq!(first["id"], "00000000-0000-0000-0000-00000000a000");
    assert_eq!(first["url"], format!("https://www.notion.so/{}", page_id(0)));
    assert_eq!(
        (&first["pattern"], &first["quarter"]),
        (&"account".into(), &"2026-Q1".into())
    );
    assert!(first["lead_business_hours"].as_f64().is_some());
    assert!(
        tickets
            .iter()
            .any(|ticket| ticket["id"].as_str().is_some_and(|id| id.starts_with("row-")))
    );
}

#[test]
fn parts_in_any_order_give_the_same_bytes() {
    let room = room();
    let parts = [part_name(2), part_name(1)];
    for table in TABLES {
        let run = |inputs: &[&str]| room.run(&[&[table, "--format", "csv"], inputs].concat()).good();
        let whole = run(&["Export.zip"]);
        assert_eq!(run(&[&parts[0], &parts[1]]), whole, "{table}");
        assert_eq!(run(&[&parts[1], &parts[0]]), whole, "{table}");
    }
}

#[test]
fn archives_that_cannot_be_read_end_with_5_and_a_next_step() {
    let room = room();
    let [tables, _] = parts();
    room.file("cut.zip", &tables[..tables.len() / 2])
        .file("slip.zip", packed(&[("../x.csv".to_owned(), b"id".to_vec())]))
        .file("other.zip", packed(&[("notes.txt".to_owned(), b"x".to_vec())]));
    for (name, said) in [
        ("cut.zip", "cut off"),
        ("slip.zip", "leads outside"),
        ("other.zip", "no Notion export"),
    ] {
        let answer = room.run(&["report", name]);
        assert_eq!(answer.code, Some(5), "{}", answer.err);
        assert!(
            answer.err.contains(said) && answer.err.contains("hint:"),
            "{}",
            answer.err
        );
    }
}
