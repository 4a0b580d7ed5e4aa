//! Rows by the thousand, the same ones for the same seed: Japanese and English requests of an invented team.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::body::Block;
use super::desk::Desk;
use super::ids::{Id, mix};
use super::objects::Table;
use super::row::{Row, time};
use super::schema::request_desk;
use super::values;

/// Title, kind and first line of a request; `{}` is a name.
const REQUESTS: [(&str, &str, &str); 10] = [
    (
        "{}さんのGitHubアカウント発行",
        "アカウント",
        "新しく参加したため、招待をお願いします。",
    ),
    (
        "Remove {} from the Slack workspace",
        "アカウント",
        "Last day is this Friday.",
    ),
    (
        "{} に本番DBの参照権限を付与してください",
        "権限",
        "障害調査のため、読み取りのみで結構です。",
    ),
    (
        "Grant {} write access to the registry",
        "権限",
        "Needed to publish images.",
    ),
    (
        "{} のAPIが遅い件の調査",
        "調査",
        "昨日の夜から応答に10秒以上かかっています。",
    ),
    (
        "Builds of {} time out",
        "調査",
        "The runner stops after 60 minutes.",
    ),
    (
        "{} の構成について相談したい",
        "相談",
        "どちらの方式が良いかご意見をください。",
    ),
    (
        "{} 用の検証環境を作成してください",
        "環境",
        "来週の月曜までに必要です。",
    ),
    (
        "Delete the staging namespace of {}",
        "環境",
        "The project has ended.",
    ),
    (
        "{} の監視のしきい値を変更してください",
        "設定",
        "CPU 80% から 90% に変更したいです。",
    ),
];

const NAMES: [&str; 8] = [
    "佐藤",
    "鈴木",
    "alice",
    "bob",
    "billing",
    "checkout",
    "検索基盤",
    "payments",
];
const STATUSES: [&str; 5] = ["未着手", "対応中", "確認待ち", "完了", "却下"];

/// What the rows are drawn from.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = mix(self.0);
        self.0 % end.max(1)
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        let at = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list[at]
    }
}

/// A desk with one table of `count` rows, created over the year from 2025-10-01 on in order, edited within the week.
pub(crate) fn desk_of(count: u64, seed: u64) -> (Desk, Table) {
    let mut desk = Desk::new();
    let table = desk.database("SRE依頼", request_desk());
    add_rows(&mut desk, table, count, seed);
    (desk, table)
}

/// Adds `count` rows to a table with the columns of [`request_desk`].
pub(crate) fn add_rows(desk: &mut Desk, table: Table, count: u64, seed: u64) -> Vec<Id> {
    let year = 365 * 24 * 3600;
    let start = time("2025-10-01T00:00:00Z");
    let mut draws = Draws(mix(seed));
    (0..count)
        .map(|number| {
            let created = start + Duration::from_secs(year * number / count.max(1));
            let row = row(&mut draws, created);
            desk.add(table.source, row)
        })
        .collect()
}

fn row(draws: &mut Draws, created: Timestamp) -> Row {
    let (title, kind, line) = draws.of(&REQUESTS);
    let title = title.replace("{}", draws.of(&NAMES));
    let status = draws.of(&STATUSES);
    let staff: Vec<Value> = (0..draws.below(3))
        .map(|_| {
            let number = draws.below(6);
            values::person(100 + number, &format!("SRE {number}"))
        })
        .collect();
    let requester = draws.below(40);
    let edited = created + Duration::from_secs(draws.below(7 * 24 * 3600));
    let mut row = Row::at(created)
        .title(&title)
        .with("状態", values::status(status))
        .with("種別", values::select(kind))
        .with("担当者", values::people(&staff))
        .with(
            "依頼者",
            values::people(&[values::person(200 + requester, &format!("依頼者{requester}"))]),
        )
        .with("緊急", values::checkbox(draws.below(10) == 0))
        .by(&values::bot(9, "Slack workflow"))
        .blocks(vec![
            Block::text("heading_2", "依頼内容"),
            Block::text("paragraph", line),
        ]);
    row.edited = edited;
    if status == "完了" {
        let done = edited.strftime("%Y-%m-%d").to_string();
        row = row.with("完了日", values::date(&done));
    }
    row
}
