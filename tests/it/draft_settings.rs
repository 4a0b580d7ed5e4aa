//! Settings and versions are two things: a row of the settings' draft stands for a rule that a ticket names, and what no
//! ticket says stands in it as what it is, a default.

use std::collections::BTreeMap;

use crate::draft_care::rows_of;
use crate::tool::Room;

fn rows(words: &str) -> String {
    rows_of("tool_config.tool_settings", "tool_settings_as_code", words)
}

#[test]
fn a_row_is_made_only_where_the_ticket_names_a_rule() {
    for words in [
        "embulk-output-bigquery を 0.6.9 → 0.7.x に上げたいです。プラグインはベースイメージ(kawasemi/base-embulk)にあります",
        "kawasemi/web-app で Dependabot を止めてください",
        "【リポジトリ】kawasemi/web-app\n【変更内容】webhook を 1 つ足す",
    ] {
        let rows = rows(words);
        assert!(rows.contains("entries = {}"), "{words}\n{rows}");
        assert!(
            rows.contains("この雛形が書くもの以外の依頼なので行にしていない: tool_config.tool_settings")
                || rows.contains("人が見る: tool_config.tool_settings"),
            "{words}\n{rows}"
        );
    }
    for words in [
        "kawasemi/web-app の main への直接 push を禁止してください",
        "kawasemi/web-app にブランチ保護をかけて、レビュー2名必須にしてほしい",
        "Please require two approvals on main of kawasemi/web-app",
        "【リポジトリ】kawasemi/web-app\n【ブランチ保護】レビュー必須",
    ] {
        let rows = rows(words);
        assert!(
            rows.contains("= \"web-app\"") && rows.contains("= \"default-branch\""),
            "{words}\n{rows}"
        );
    }
}

#[test]
fn a_rule_without_a_repository_leaves_its_place_open() {
    let rows = rows("main への force push を禁止にしてください");
    assert!(rows.contains("repository = \"REPLACE_ME\""), "{rows}");
}

#[test]
fn a_value_that_no_ticket_gives_is_told_as_a_default() {
    let told = "ここから下はチケットにない既定値";
    let rows = rows("kawasemi/web-app にブランチ保護をかけてください");
    let (given, assumed) = rows.split_once(told).unwrap_or_else(|| panic!("{rows}"));
    assert!(
        !given.contains("enforcement") && !given.contains("review_count"),
        "{rows}"
    );
    assert!(
        assumed.contains("review_count = \"1\"") && assumed.contains("= \"evaluate\""),
        "{rows}"
    );
    let rows = self::rows("kawasemi/web-app にブランチ保護をかけて、承認 2 名を必須にしてください");
    let (given, assumed) = rows.split_once(told).unwrap_or_else(|| panic!("{rows}"));
    assert!(given.contains("review_count = \"2\""), "{rows}");
    assert!(
        assumed.contains("enforcement") && !assumed.contains("review_count"),
        "{rows}"
    );
}

#[test]
fn a_row_that_gives_everything_tells_no_default() {
    let words = "【対象者】sora@example.com\n【権限】roles/run.viewer\n【プロジェクト】kawasemi-stg-1";
    assert!(!rows_of("permission.gcp_iam", "tf_gcp_iam", words).contains("既定値"));
}

#[test]
fn a_version_that_is_raised_is_no_setting() {
    let room = Room::new();
    let said = [
        ("V-1", "cert-manager を 1.15 に上げてください"),
        ("V-2", "Node 20 → 22 (共通 CI イメージ)"),
        ("V-3", "Upgrade Jenkins to the current LTS"),
        ("V-4", "Redash のバージョンアップ"),
        ("V-5", "self-hosted runner を ubuntu 24.04 に"),
        ("V-6", "install the ImageMagick package on build agents"),
        ("S-1", "kawasemi-api の main にブランチ保護をかけてください"),
        ("S-2", "merge queue を有効化"),
        (
            "S-3",
            "Turn on the new_basket flag in production for 10 % of visitors",
        ),
        ("S-4", "GitHub と Slack の連携を #dev-web に付け替え"),
        ("S-5", "nightly の CronJob を 4:15 にずらしてください"),
    ];
    let lines: String = said
        .iter()
        .map(|(id, title)| format!("{{\"id\": \"{id}\", \"title\": \"{title}\"}}\n"))
        .collect();
    room.file("tickets.jsonl", &lines);
    let found = room.run(&["tickets", "tickets.jsonl", "--format", "json"]).json();
    let cell = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let subs: BTreeMap<String, String> = found["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (cell(row, "id"), cell(row, "subpattern")))
        .collect();
    for (id, title) in said {
        let wanted = match id.starts_with('V') {
            true => "tool_config.version_upgrade",
            false => "tool_config.tool_settings",
        };
        assert_eq!(subs[id], wanted, "{title}");
    }
}
