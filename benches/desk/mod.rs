//! Invented desks of any size: tickets that hardly share a set of words, for benches only.
//!
//! Real desks repeat themselves and would flatter the clustering, which gives identical tickets one row. Here most
//! tickets have a set of content words of their own; the bench `scale` prints how many. Tickets are as long as those of
//! the sample, half a thousand bytes. On an ordinary desk each asks for one thing, one in ten for a second, and says
//! what it is about; on a dense one each line asks for something else, which is more work than any real desk makes.

use jiff::{SignedDuration, Timestamp};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;
use toilscope::ticket::{Moment, Ticket, TicketId};

const THINGS: [&str; 48] = [
    "配送",
    "決済",
    "在庫",
    "注文",
    "請求",
    "会計",
    "検索",
    "推薦",
    "通知",
    "認証",
    "監視",
    "集計",
    "帳票",
    "契約",
    "顧客",
    "店舗",
    "倉庫",
    "返品",
    "予約",
    "抽選",
    "画像",
    "動画",
    "地図",
    "翻訳",
    "分析",
    "学習",
    "広告",
    "配信",
    "課金",
    "入金",
    "出荷",
    "梱包",
    "検品",
    "採用",
    "勤怠",
    "経費",
    "稟議",
    "名簿",
    "資料",
    "会員",
    "ポイント",
    "クーポン",
    "レビュー",
    "カート",
    "バナー",
    "アンケート",
    "ランキング",
    "ダッシュボード",
];
const TARGETS: [&str; 32] = [
    "権限",
    "アカウント",
    "リポジトリ",
    "データセット",
    "ネームスペース",
    "環境",
    "証明書",
    "レコード",
    "アラート",
    "閾値",
    "シークレット",
    "バケット",
    "キュー",
    "トピック",
    "ジョブ",
    "バッチ",
    "インスタンス",
    "クラスタ",
    "ログ",
    "メトリクス",
    "ドメイン",
    "許可リスト",
    "トークン",
    "ロール",
    "チャンネル",
    "グループ",
    "ライセンス",
    "デプロイ",
    "パイプライン",
    "ビルド",
    "プラグイン",
    "クォータ",
];
const TOOLS: [&str; 28] = [
    "GitHub",
    "Datadog",
    "Sentry",
    "BigQuery",
    "Cloud SQL",
    "GKE",
    "Argo CD",
    "Terraform",
    "Slack",
    "Figma",
    "Auth0",
    "Redash",
    "PagerDuty",
    "1Password",
    "Notion",
    "Jenkins",
    "Grafana",
    "Prometheus",
    "Kafka",
    "Redis",
    "Elasticsearch",
    "Airflow",
    "dbt",
    "Vault",
    "Consul",
    "Nginx",
    "Envoy",
    "Istio",
];
const ASKS: [&str; 24] = [
    "を追加してください",
    "の付与をお願いします",
    "を削除していただけますか",
    "の調査をお願いします",
    "が失敗します",
    "を作成してほしいです",
    "の設定を変更してください",
    "について相談させてください",
    "を更新してください",
    "の方法を教えてください",
    "が遅いです",
    "を停止してください",
    "を再起動してください",
    "の上限を引き上げてください",
    "を発行してください",
    "を移行したいです",
    "を有効にしてください",
    "を無効にしてください",
    "が届きません",
    "をレビューしてください",
    "を複製してください",
    "に招待してください",
    "から外してください",
    "を確認してください",
];

const SITUATIONS: [&str; 24] = [
    "来週のリリースで要ります",
    "先月から担当が変わりました",
    "手元の検証は終わっています",
    "いまは前任の方だけが触れます",
    "昨日の夕方から様子が違います",
    "画面に 403 と出ています",
    "夜間の集計にも関わります",
    "監査の指摘で上がったものです",
    "期末までの契約です",
    "別の部署からも見られています",
    "ステージングでは問題ありません",
    "手順書は古いままです",
    "ほかのチームは済んでいるそうです",
    "休み明けには必要になります",
    "件数は一日に数百ほどです",
    "ログには何も残っていません",
    "以前は動いていたとのことです",
    "費用は部で持ちます",
    "データは半年分あります",
    "急ぎではありません",
    "上長の了承はもらっています",
    "利用者は十名ほどです",
    "名前は仮のままで構いません",
    "通知先は変わりません",
];

/// What the tickets of a desk are like.
#[allow(dead_code, reason = "not every bench asks for every desk")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// One request a ticket, and what it is about.
    Ordinary,
    /// A request in every line.
    Dense,
}

/// Makes `count` tickets over five quarters; the same ones for the same desk and count.
pub(crate) fn tickets(desk: Desk, count: usize) -> Vec<Ticket> {
    let mut rng = Xoshiro256Plus::seed_from_u64(7);
    let start: Timestamp = "2025-07-01T00:00:00+09:00".parse().expect("a date");
    (0..count).map(|at| ticket(desk, at, start, &mut rng)).collect()
}

fn ticket(desk: Desk, at: usize, start: Timestamp, rng: &mut Xoshiro256Plus) -> Ticket {
    let id = TicketId::new(&format!("B-{at:06}")).expect("an id");
    let created = start + SignedDuration::from_mins(rng.gen_range(0..456 * 24 * 60));
    let moment = |at| Some(Moment { at, day_only: false });
    let mut ticket = Ticket::new(id);
    ticket.title = Some(sentence(rng));
    ticket.body = Some(match desk {
        Desk::Ordinary => ordinary(rng),
        Desk::Dense => dense(rng),
    });
    ticket.created_at = moment(created);
    ticket.closed_at = moment(created + SignedDuration::from_mins(rng.gen_range(10..6000)));
    ticket.status = Some("完了".to_owned());
    ticket.requesters = vec![format!("invented-{:03}", rng.gen_range(0..200))];
    ticket.assignees = vec![format!("sre-{}", rng.gen_range(0..4))];
    ticket
}

fn ordinary(rng: &mut Xoshiro256Plus) -> String {
    let said: Vec<String> = (0..rng.gen_range(1..4)).map(|_| situation(rng)).collect();
    let more = if rng.gen_bool(0.1) {
        format!("\nあわせて、{}。", sentence(rng))
    } else {
        String::new()
    };
    format!(
        "お疲れ様です。\n依頼内容: {}。\n{}{more}\n対象サービス: svc-{}-web\n希望期限: {}/{}\n背景: {}\nよろしくお願いします。",
        sentence(rng),
        said.join("\n"),
        rng.gen_range(0..300),
        rng.gen_range(1..13),
        rng.gen_range(1..29),
        situation(rng)
    )
}

fn dense(rng: &mut Xoshiro256Plus) -> String {
    let lines: Vec<String> = (0..rng.gen_range(2..6))
        .map(|_| format!("{}。", sentence(rng)))
        .collect();
    format!(
        "お疲れ様です。\n依頼内容: {}\n背景: {}\nよろしくお願いします。",
        lines.join("\n"),
        sentence(rng)
    )
}

/// Something that a ticket says beside what it asks for.
fn situation(rng: &mut Xoshiro256Plus) -> String {
    let pick =
        |from: &[&'static str], rng: &mut Xoshiro256Plus| from.choose(rng).copied().unwrap_or_default();
    format!(
        "{}の{}{}は{}で使っていて、{}。",
        pick(&TOOLS, rng),
        pick(&THINGS, rng),
        pick(&TARGETS, rng),
        pick(&THINGS, rng),
        pick(&SITUATIONS, rng)
    )
}

fn sentence(rng: &mut Xoshiro256Plus) -> String {
    let pick =
        |from: &[&'static str], rng: &mut Xoshiro256Plus| from.choose(rng).copied().unwrap_or_default();
    let service = format!("svc-{}-api", rng.gen_range(0..300));
    format!(
        "{} {}{}の{}{} ({service})",
        pick(&TOOLS, rng),
        pick(&THINGS, rng),
        pick(&THINGS, rng),
        pick(&TARGETS, rng),
        pick(&ASKS, rng)
    )
}
