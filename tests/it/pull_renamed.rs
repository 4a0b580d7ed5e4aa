//! Properties that are renamed in Notion between two pulls: the tickets say what they said, so nothing may look new.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::notion::{Desk, Row, Server, Table, request_desk, values};
use crate::pull::pull;
use crate::tool::Room;

/// Kinds of request that the taxonomy does not name, so that groups are made of them.
const KINDS: [(&str, [&str; 4]); 3] = [
    (
        "配信",
        [
            "メルマガの配信を止めたい",
            "メルマガ配信の時間をずらしたい",
            "一斉メルマガの予約取り消し",
            "メルマガの件名の差し替え",
        ],
    ),
    (
        "試験",
        [
            "負荷試験の立ち会い",
            "夜間の負荷試験に同席してほしい",
            "負荷試験の日程",
            "セール前の負荷試験の待機",
        ],
    ),
    (
        "訓練",
        [
            "防災訓練の進行役",
            "停電を想定した防災訓練",
            "防災訓練の振り返り会",
            "防災訓練の連絡網",
        ],
    ),
];

/// Names of columns: title, kind, status, who asked, what else was said, one that is no field of a ticket.
type Names = [&'static str; 6];
const BEFORE: Names = ["件名", "種別", "状態", "依頼者", "詳細", "緊急"];
const AFTER: Names = [
    "タイトル",
    "お問い合わせ区分",
    "対応ステータス",
    "申請した人",
    "補足説明",
    "至急かどうか",
];

/// Adds twelve requests of each kind to a half of the year.
fn add(desk: &mut Desk, table: Table, half: usize, [title, kind, status, asked, more, urgent]: Names) {
    for (at, (name, titles)) in KINDS.iter().enumerate() {
        for nth in 0..12 {
            let (month, day) = (1 + nth / 2 + 6 * half, 3 + at + 10 * (nth % 2));
            let text = titles[(nth + half) % 4];
            let number = u64::try_from(nth % 5).unwrap_or(0);
            let row = Row::new(&format!("2025-{month:02}-{day:02}T10:00:00+09:00"))
                .with(title, values::title(text))
                .with(kind, values::select(name))
                .with(status, values::status("完了"))
                .with(
                    asked,
                    values::people(&[values::person(200 + number, &format!("依頼者{number}"))]),
                )
                .with(
                    more,
                    values::rich_text(&format!("担当は{}班、連絡は{}日まで", 1 + nth % 3, 2 + nth)),
                )
                .with(urgent, values::checkbox(nth % 4 == 0))
                .markdown(&format!("依頼内容: {text}\n予定は{}日です。", 1 + nth));
            desk.add(table.source, row);
        }
    }
}

/// The group of every ticket that has one.
fn groups(room: &Room) -> BTreeMap<String, String> {
    let answer = room.run(&["tickets", "--format", "json"]).json();
    let rows = answer["rows"].as_array().expect("rows").clone();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    rows.iter()
        .filter_map(|row| Some((text(&row["id"])?, text(&row["group"])?)))
        .collect()
}

#[test]
fn a_renamed_property_makes_no_new_group_and_changes_no_answer() {
    let mut desk = Desk::new();
    let table = desk.database("SRE依頼", request_desk());
    add(&mut desk, table, 0, BEFORE);
    let server = Server::start(desk);
    let room = Room::new();
    pull(&room, &server, table, &[]).good();
    room.run(&["report"]).good();
    let first = groups(&room);
    let known: BTreeSet<&String> = first.values().collect();
    assert!(known.len() >= 3, "{first:?}");

    // The names alone: Notion says of no page that it was edited.
    server.desk(|desk| {
        for (before, after) in BEFORE.into_iter().zip(AFTER) {
            desk.rename(table.source, before, after);
        }
    });
    pull(&room, &server, table, &[]).good();
    assert_eq!(groups(&room), first);
    // The same when everything is read again.
    pull(&room, &server, table, &["--full"]).good();
    assert_eq!(groups(&room), first);
    let since = room
        .run(&["trend", "--since-run", "1", "--format", "json"])
        .json();
    for row in since["rows"].as_array().expect("rows") {
        assert_eq!(row["tickets_then"], row["tickets_now"], "{row}");
        for reason in ["new", "left", "edited", "settings", "several", "other_tickets"] {
            assert_eq!(row[reason].as_f64(), Some(0.0), "{reason}: {row}");
        }
    }

    // And with the next half of the year under the new names.
    server.desk(|desk| add(desk, table, 1, AFTER));
    pull(&room, &server, table, &[]).good();
    let after = groups(&room);
    let old_ones: BTreeMap<String, String> = first
        .keys()
        .map(|id| (id.clone(), after.get(id).cloned().unwrap_or_default()))
        .collect();
    assert_eq!(old_ones, first);
    let new: Vec<_> = after.iter().filter(|(_, group)| !known.contains(group)).collect();
    assert!(new.is_empty(), "{new:?}");
    assert!(
        after.len() >= first.len() + 30,
        "{} and then {}",
        first.len(),
        after.len()
    );
}
