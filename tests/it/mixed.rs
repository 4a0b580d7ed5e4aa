//! Tickets that ask for two things of different kinds: the second is told beside the pattern, and only then.

use serde_json::{Value, json};

use crate::tool::Room;

/// The rows of tickets given by title and body, in their order.
fn rows(tickets: &[(&str, &str)]) -> Vec<Value> {
    let room = Room::new();
    let lines = tickets.iter().enumerate().map(|(at, (title, body))| {
        let ticket = json!({"id": format!("M-{at:02}"), "title": title, "body": body});
        format!("{ticket}\n")
    });
    room.file("t.jsonl", lines.collect::<String>());
    let told = room.run(&["tickets", "t.jsonl", "--format", "json"]).json();
    let mut rows = told["rows"].as_array().expect("rows").clone();
    rows.sort_by_key(|row| row["id"].as_str().map(str::to_owned));
    rows
}

#[test]
fn the_second_request_is_told() {
    let asked = [
        (
            "GitHub への招待",
            "来週入る本多さんを org に招待してください。あわせて invoice-core の write 権限も付けてください。",
            ["account", "permission"],
        ),
        (
            "検証環境をひとつ",
            "QA 用に検証環境を作ってください。\nそれと、昨日から夜間バッチがタイムアウトで落ちるので原因も調べてもらえますか。",
            ["environment", "investigation"],
        ),
        (
            "踏み台の許可",
            "踏み台に入る権限をください。ついでに、いまの監視の閾値を 80% から 90% に上げてもらえると助かります。",
            ["permission", "tool_config"],
        ),
        (
            "Restart of the report server",
            "Please restart report-stg, it hangs. Also, please grant Noor the viewer role on the project.",
            ["environment", "permission"],
        ),
        (
            "Invite our new colleague to Slack",
            "Please invite Ilse (ilse@example.com) to Slack. Could you also find out why the nightly build fails since Monday?",
            ["account", "investigation"],
        ),
    ];
    let tickets: Vec<(&str, &str)> = asked.iter().map(|(title, body, _)| (*title, *body)).collect();
    for (row, (title, _, [first, second])) in rows(&tickets).iter().zip(asked) {
        assert_eq!(row["pattern"], first, "{title}");
        assert_eq!(row["secondary"], second, "{title}");
    }
}

#[test]
fn reasons_denials_and_what_is_put_off_are_no_second_request() {
    let tickets = [
        (
            "権限のお願い",
            "デプロイ時にエラーが出るので、stg の編集権限を付けてください。原因はわかっています。",
        ),
        (
            "プロジェクト作成",
            "GCP プロジェクトを 1 つ作ってください。メンバーの招待は改めて依頼します。",
        ),
        (
            "招待のお願い",
            "加納さんを Slack に招待してください。権限は付与済みなので不要です。",
        ),
        (
            "Seat in Sentry",
            "Please invite Omar to Sentry. The crash itself I'll look after myself.",
        ),
        (
            "New repository",
            "Please create the repository tide-tables. No need to set up CI, we do that.",
        ),
    ];
    for row in rows(&tickets) {
        assert_eq!(row["secondary"], Value::Null, "{}", row["title"]);
    }
}

#[test]
fn an_explanation_quotes_the_second_request() {
    let room = Room::new();
    let ticket = json!({
        "id": "M-1",
        "title": "GitHub への招待",
        "body": "本多さんを org に招待してください。あわせて invoice-core の write 権限も付けてください。",
    });
    room.file("t.jsonl", format!("{ticket}\n"));
    let explain = |lang: &str| {
        let told = room.run(&[
            "tickets",
            "t.jsonl",
            "--explain",
            "M-1",
            "--lang",
            lang,
            "--format",
            "md",
        ]);
        told.good()
    };
    let japanese = explain("ja");
    let line = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.contains(name));
        line.map(str::to_owned).unwrap_or_default()
    };
    assert!(
        line(&japanese, "副次の依頼").contains("write 権限も"),
        "{japanese}"
    );
    let english = explain("en");
    assert!(
        line(&english, "asked for too").contains("write 権限も"),
        "{english}"
    );
}
