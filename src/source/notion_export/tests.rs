//! Exports as a whole, from the archive to the tickets, with invented content.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;

use super::zips::{Zip, in_cp932, zip};
use crate::source::{Field, Input, NoteKind, ReadOptions, Reading, SourceError, read};
use crate::ticket::Ticket;

const DB: &str = "0f000000000000000000000000000001";
const A: &str = "a0000000000000000000000000000001";
const B: &str = "b0000000000000000000000000000002";
const C: &str = "c0000000000000000000000000000003";
const UUID: &str = "d2b14fbf-86de-4508-a1b2-6515ff8d7aab";

const TABLE: &str = "\u{feff}名前,状態,担当者,関連チーム,作成日時,ID\n\
    GitHub に招待してください,完了,\"佐藤 花子, 鈴木 一郎\",基盤 (../%E5%9F%BA%E7%9B%A4%20e0000000000000000000000000000009.md),2026年3月4日 13:40,SRE-1\n\
    権限をください,未着手,,,2026年10月7日 10:00 (JST) → 2026年10月8日,SRE-2\n";

fn options() -> ReadOptions {
    ReadOptions {
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
        columns: BTreeMap::new(),
        format: None,
    }
}

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input {
        name: name.into(),
        bytes,
    }
}

fn export(files: &[(&str, &str)]) -> Reading {
    let reading = read(&[input("e.zip", zip(files))], &options()).unwrap();
    assert_eq!(
        reading.records,
        reading.tickets.len() + reading.merged + reading.skipped.len()
    );
    reading
}

fn page_one() -> String {
    "# GitHub に招待してください\n\n状態: 完了\n担当者: 佐藤 花子, 鈴木 一郎\n\
     関連チーム: 基盤 (../../x/%E5%9F%BA%E7%9B%A4%20e0000000000000000000000000000009.md)\n\
     作成日時: 2026年3月4日 13:40\nID: SRE-1\n\n開発組織に入れてください。\n\n- 期限: 今週\n"
        .to_owned()
}

/// A small export: a table, the page of its first row, and a page that is no row.
fn files() -> Vec<(String, String)> {
    vec![
        (format!("依頼 {DB}_all.csv"), TABLE.to_owned()),
        (
            format!("依頼 {DB}.csv"),
            "名前\nGitHub に招待してください\n".to_owned(),
        ),
        (format!("依頼/GitHub に招待 {A}.md"), page_one()),
        (
            format!("依頼/GitHub に招待/手順 {C}.md"),
            "# 手順\n\n注意: 下の段も見る\n".to_owned(),
        ),
    ]
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

fn by_title<'a>(reading: &'a Reading, title: &str) -> &'a Ticket {
    let found = reading
        .tickets
        .iter()
        .find(|ticket| ticket.title.as_deref() == Some(title));
    found.unwrap_or_else(|| panic!("no ticket {title} in {:?}", reading.tickets))
}

fn kinds(reading: &Reading) -> Vec<&NoteKind> {
    reading.notes.iter().map(|note| &note.kind).collect()
}

#[test]
fn a_row_and_its_page_are_one_ticket() {
    let reading = export(&borrowed(&files()));
    assert_eq!(reading.records, 2);
    let ticket = by_title(&reading, "GitHub に招待してください");
    assert_eq!(ticket.id.as_str(), "a0000000-0000-0000-0000-000000000001");
    assert_eq!(
        ticket.url.as_deref(),
        Some(format!("https://www.notion.so/{A}").as_str())
    );
    assert_eq!(
        ticket.body.as_deref(),
        Some("開発組織に入れてください。\n\n- 期限: 今週")
    );
    assert_eq!(ticket.assignees, ["佐藤 花子", "鈴木 一郎"]);
    assert_eq!(ticket.status.as_deref(), Some("完了"));
    assert_eq!(ticket.created_at.unwrap().at.to_string(), "2026-03-04T04:40:00Z");
    assert_eq!(ticket.fields["ID"], json!("SRE-1"));
}

#[test]
fn a_row_without_a_page_is_a_ticket_with_an_id_of_its_own() {
    let reading = export(&borrowed(&files()));
    let ticket = by_title(&reading, "権限をください");
    assert!(ticket.id.as_str().starts_with("row-"), "{}", ticket.id);
    assert_eq!((&ticket.url, &ticket.body), (&None, &None));
    assert_eq!(ticket.created_at.unwrap().at.to_string(), "2026-10-07T01:00:00Z");
    let expected = [
        &NoteKind::PagesPassedOver { count: 1 },
        &NoteKind::RowsWithoutPage { count: 1 },
    ];
    assert_eq!(kinds(&reading), expected);
    assert_eq!(reading.guesses.len(), 1);
    assert!(
        reading.guesses[0].source.starts_with("e.zip: 依頼 "),
        "{}",
        reading.guesses[0].source
    );
}

#[test]
fn the_body_of_a_column_stands_before_that_of_the_page() {
    let page = "# a\n\n内容: 一段目\n\n二段目\n\n本文";
    let csv = "名前,内容\na,\"一段目\n\n二段目\"\n";
    let reading = export(&[
        (&format!("db {DB}_all.csv"), csv),
        (&format!("db/a {A}.md"), page),
    ]);
    assert_eq!(
        reading.tickets[0].body.as_deref(),
        Some("一段目\n\n二段目\n\n本文")
    );
}

#[test]
fn pages_of_a_view_bring_the_properties_that_it_hides() {
    let page = "# a\n\n状態: 完了\n作成日時: March 4, 2026 1:40 PM (GMT+9)\n担当者: 佐藤\n";
    let reading = export(&[
        (&format!("db {DB}.csv"), "件名,状態\na,完了\n"),
        (&format!("db {DB}/a {A}.md"), page),
    ]);
    let ticket = &reading.tickets[0];
    assert_eq!(
        (reading.records, &ticket.assignees[..]),
        (1, &["佐藤".to_owned()][..])
    );
    assert_eq!(ticket.created_at.unwrap().at.to_string(), "2026-03-04T04:40:00Z");
}

#[test]
fn a_page_that_no_row_is_for_is_a_ticket_if_it_has_properties() {
    let files = [
        (&*format!("db {DB}.csv"), "件名,状態\na,完了\n"),
        (&format!("db/b {B}.md"), "# b\n\n状態: 未着手\n\n本文"),
        (
            &format!("他/c {C}.md"),
            "# c\n\nステータス: 完了\n期限: 2026/10/07\n",
        ),
        (&format!("他/d {A}.md"), "# d\n\nただの文章\n"),
    ];
    let reading = export(&files);
    assert_eq!(reading.records, 3);
    assert_eq!(by_title(&reading, "b").body.as_deref(), Some("本文"));
    assert_eq!(by_title(&reading, "c").status.as_deref(), Some("完了"));
    assert!(kinds(&reading).contains(&&NoteKind::PagesPassedOver { count: 1 }));
}

#[test]
fn equal_titles_are_told_apart_by_what_they_say() {
    let csv = "名前,状態\n招待,完了\n招待,未着手\n招待,未着手\n";
    let reading = export(&[
        (&format!("db {DB}_all.csv"), csv),
        (&format!("db/招待 {A}.md"), "# 招待\n\n状態: 未着手\n\n一"),
        (&format!("db/招待 {B}.md"), "# 招待\n\n状態: 完了\n\n二"),
        (&format!("db/招待 {C}.md"), "# 招待\n\n状態: 未着手\n\n三"),
    ]);
    let said: Vec<_> = reading
        .tickets
        .iter()
        .map(|ticket| (ticket.status.as_deref(), ticket.body.as_deref()))
        .collect();
    let expected = [("未着手", "一"), ("完了", "二"), ("未着手", "三")];
    assert_eq!(said, expected.map(|(status, body)| (Some(status), Some(body))));
}

#[test]
fn every_row_of_a_form_finds_its_own_page() {
    let number = 60;
    let memo = |n: usize| format!("{} 台目\n\n二段目: あれ\n状態: 不明\n\n四段目", n % 7);
    let date = |n: usize| format!("2026年3月{}日 {}:{:02}", n % 3 + 1, n % 5, n);
    let rows: String = (0..number)
        .map(|n| format!("貸出依頼,\"{}\",完了,{},R-{n}\n", memo(n), date(n)))
        .collect();
    let mut files = vec![(
        format!("db {DB}_all.csv"),
        format!("名前,内容,状態,作成日時,ID\n{rows}"),
    )];
    files.extend((0..number).map(|n| {
        let text = format!(
            "# 貸出依頼\n\n内容: {}\n状態: 完了\n作成日時: {}\nID: R-{n}\n\n本文 R-{n}\n\n状態: 再開\n",
            memo(n),
            date(n)
        );
        (format!("db/貸出依頼 {:032x}.md", number - n), text)
    }));
    let reading = export(&borrowed(&files));
    assert_eq!(reading.records, number);
    for ticket in &reading.tickets {
        let id = ticket.fields["ID"].as_str().unwrap();
        let body = ticket.body.as_deref().unwrap();
        assert!(
            body.ends_with(&format!("四段目\n\n本文 {id}\n\n状態: 再開")),
            "{id}: {body}"
        );
    }
}

#[test]
fn the_title_column_is_that_of_the_pages() {
    let csv = "案件,概要\n招待,新人の分\n";
    let reading = export(&[
        (&format!("db {DB}_all.csv"), csv),
        (&format!("db/招待 {A}.md"), "# 招待\n\n概要: 新人の分\n"),
    ]);
    assert_eq!(reading.tickets[0].title.as_deref(), Some("招待"));
    assert_eq!(reading.tickets[0].fields["概要"], json!("新人の分"));
}

#[test]
fn a_view_on_another_page_gives_no_second_ticket() {
    let mut files = files();
    let view = TABLE.lines().take(2).collect::<Vec<_>>().join("\n");
    files.push((
        "手引き/ビュー 0f000000000000000000000000000002_all.csv".into(),
        view,
    ));
    let reading = export(&borrowed(&files));
    assert_eq!(
        (reading.records, reading.merged, reading.tickets.len()),
        (3, 1, 2)
    );
    assert!(
        kinds(&reading)
            .iter()
            .any(|kind| matches!(kind, NoteKind::Databases { files } if files.len() == 2))
    );
}

#[test]
fn names_may_be_cp932_or_taken_apart() {
    let expected = export(&borrowed(&files())).tickets;
    let cp932 = in_cp932(&borrowed(&files()));
    assert!(std::str::from_utf8(&cp932[30..60]).is_err());
    assert_eq!(
        read(&[input("e.zip", cp932)], &options()).unwrap().tickets,
        expected
    );
    let files = [
        (
            format!("ハ\u{309a}スワート\u{3099} {DB}_all.csv"),
            "名前\nパスワードを忘れた\n".to_owned(),
        ),
        (
            format!("パスワード/パスワードを {A}.md"),
            "# パスワードを忘れた\n\n本文".to_owned(),
        ),
    ];
    let reading = export(&borrowed(&files));
    assert_eq!(
        reading.tickets[0].id.as_str(),
        "a0000000-0000-0000-0000-000000000001"
    );
}

#[test]
fn parts_on_the_command_line_or_in_an_archive_are_one_export() {
    let files = files();
    let (tables, pages) = files.split_at(2);
    let parts = [zip(&borrowed(pages)), zip(&borrowed(tables))];
    let name = |number: usize| format!("Export-{UUID}-Part-{number}.zip");
    let inputs = [
        input(&name(2), parts[0].clone()),
        input(&name(1), parts[1].clone()),
    ];
    let expected = export(&borrowed(&files)).tickets;
    assert_eq!(read(&inputs, &options()).unwrap().tickets, expected);
    let outer = parts.iter().zip(1..).fold(Zip::new(), |outer, (part, number)| {
        outer.file(&name(number), part)
    });
    let reading = read(&[input("-", outer.bytes())], &options()).unwrap();
    assert_eq!(reading.tickets, expected);
    assert!(reading.guesses[0].source.starts_with("standard input: "));
}

#[test]
fn two_exports_of_a_database_meet_in_their_ids() {
    let csv =
        |status: &str, day: u8| format!("名前,状態,最終更新日時\n招待,{status},2026年3月{day}日 10:00\n");
    let page =
        |status: &str, day: u8| format!("# 招待\n\n状態: {status}\n最終更新日時: 2026年3月{day}日 10:00\n");
    let inputs = [("完了", 9), ("未着手", 4)].map(|(status, day)| {
        let files = [
            (format!("db {DB}_all.csv"), csv(status, day)),
            (format!("db/招待 {A}.md"), page(status, day)),
        ];
        input(&format!("{day}.zip"), zip(&borrowed(&files)))
    });
    let reading = read(&inputs, &options()).unwrap();
    assert_eq!(
        (reading.records, reading.merged, reading.tickets.len()),
        (2, 1, 1)
    );
    assert_eq!(reading.tickets[0].status.as_deref(), Some("完了"));
}

#[test]
fn the_settings_name_columns_of_tables_that_have_them() {
    let mut options = options();
    options.columns = BTreeMap::from([(Field::Category, "区分".to_owned()), (Field::Id, "ID".to_owned())]);
    let files = [
        (&*format!("a {DB}_all.csv"), "名前,区分,ID\nx,招待,7\n"),
        (
            "b 0f000000000000000000000000000002_all.csv",
            "名前,状態\ny,完了\n",
        ),
        (&format!("a/x {A}.md"), "# x\n\n区分: 招待\nID: 7\n"),
    ];
    let reading = read(&[input("e.zip", zip(&files))], &options).unwrap();
    let ticket = by_title(&reading, "x");
    assert_eq!(
        (ticket.category.as_deref(), &ticket.fields["ID"]),
        (Some("招待"), &json!("7"))
    );
    assert!(ticket.id.as_str().starts_with("a0000000-"));
    options.columns = BTreeMap::from([(Field::Category, "くぶん".to_owned())]);
    let error = read(&[input("e.zip", zip(&files))], &options).unwrap_err();
    assert!(
        matches!(
            error,
            SourceError::NoSuchColumn {
                field: Field::Category,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn bad_rows_and_tables_cost_only_themselves() {
    let files = [
        (&*format!("a {DB}_all.csv"), "名前,状態\nx,完了\ny\n"),
        ("b 0f000000000000000000000000000002_all.csv", ""),
    ];
    let reading = export(&files);
    assert_eq!((reading.records, reading.skipped.len()), (2, 1));
    assert_eq!(reading.skipped[0].line, Some(3));
    assert!(
        kinds(&reading)
            .iter()
            .any(|kind| matches!(kind, NoteKind::TableLeftOut { .. }))
    );
}

#[test]
fn an_archive_that_is_no_export_says_so() {
    for files in [
        &[][..],
        &[("a.txt", "x")],
        &[("README.md", "# x\n\na: b\n")],
        &[("x.html", "<html>")],
    ] {
        let error = read(&[input("e.zip", zip(files))], &options()).unwrap_err();
        assert!(matches!(error, SourceError::NoExport { .. }), "{error}");
        assert!(error.hint().unwrap().contains("Markdown & CSV"));
    }
    let text = Input {
        name: "e".into(),
        bytes: b"id,title\n".to_vec(),
    };
    let asked = ReadOptions {
        format: Some(crate::source::Format::NotionExport),
        ..options()
    };
    let error = read(&[text], &asked).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("e cannot be unpacked: broken or cut off, "),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_entries_changes_nothing(shuffled in Just(files()).prop_shuffle()) {
        prop_assert_eq!(export(&borrowed(&shuffled)), export(&borrowed(&files())));
    }
}

proptest! {
    #[test]
    fn any_bytes_behind_the_signature_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = [b"PK\x03\x04", &bytes[..]].concat();
        prop_assert!(read(&[input("e.zip", bytes)], &options()).is_err());
    }

    #[test]
    fn a_damaged_export_is_read_or_refused(at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = zip(&borrowed(&files()));
        let place = at.index(bytes.len());
        bytes[place] = with;
        for bytes in [bytes.clone(), bytes[..cut.index(bytes.len())].to_vec()] {
            if let Ok(reading) = read(&[input("e.zip", bytes)], &options()) {
                prop_assert_eq!(reading.records, reading.tickets.len() + reading.merged + reading.skipped.len());
            }
        }
    }

    #[test]
    fn any_table_and_page_are_read_or_refused(
        table in "(名前|状態|作成日時|[a:,\"\n ]){0,12}(\n[a招待,\"\n:完了 ]{0,20}){0,4}",
        page in "(# )?[a招待]{0,3}\n\n((状態|作成日時|[a-c])?: ?[a招待完了:\n()]{0,6}\n?){0,6}",
        is_all in any::<bool>(),
    ) {
        let suffix = if is_all { "_all" } else { "" };
        let files = [(format!("db {DB}{suffix}.csv"), table), (format!("db/招待 {A}.md"), page.clone()), (format!("db/a {B}.md"), page)];
        if let Ok(reading) = read(&[input("e.zip", zip(&borrowed(&files)))], &options()) {
            prop_assert_eq!(reading.records, reading.tickets.len() + reading.merged + reading.skipped.len());
        }
    }
}
