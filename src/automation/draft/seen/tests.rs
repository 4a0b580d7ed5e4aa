//! What is heard of a ticket, and what is not.

use super::*;
use crate::ticket::TicketId;

fn said(slot: &str, title: &str, body: &str) -> Said {
    let taxonomy = Taxonomy::builtin().unwrap();
    let mut ticket = Ticket::new(TicketId::new("T-1").unwrap());
    ticket.title = Some(title.to_owned());
    ticket.body = Some(body.to_owned());
    let eyes = Eyes::new(&BTreeSet::new(), &taxonomy);
    eyes.said(&eyes.open(&ticket), taxonomy.slot(slot).unwrap())
}

#[test]
fn who_approves_or_can_be_asked_is_given_nothing() {
    for label in ["承認者", "上長", "問い合わせ先", "連絡先", "CC", "Approver"] {
        let body = format!("【権限】閲覧\n【{label}】boss@example.com\n【備考】なし");
        let said = said("person", "権限をください", &body);
        assert_eq!(said.surest(), None, "{label}");
    }
    for line in [
        "cc: boss@example.com, chief@example.com",
        "承認者は boss@example.com です",
        "approver: boss@example.com",
        "approved by boss@example.com",
        "連絡先: boss@example.com",
    ] {
        let body = format!("sora@example.com に権限をください。\n{line}");
        let found = said("person", "権限", &body);
        let people: Vec<&String> = found.answered.iter().chain(&found.recognised).collect();
        assert_eq!(people, ["sora@example.com"], "{line}");
    }
    let body = "【レビュー】boss@example.com\n【権限】閲覧";
    let found = said("person", "権限をください", body);
    assert!(found.surest().is_none() && found.elsewhere);
    let body = "【権限】閲覧\n【背景】boss の依頼\nアカウントは sora@example.com です";
    assert_eq!(
        said("person", "権限", body).surest().unwrap().0,
        "sora@example.com"
    );
    for label in ["対象者", "メール", "メンバー", "member", "依頼内容"] {
        let body = format!("【承認者】boss@example.com\n【{label}】sora@example.com");
        let said = said("person", "権限をください", &body);
        assert_eq!(said.surest().unwrap().0, "sora@example.com", "{label}");
    }
}

#[test]
fn a_role_is_not_cut_out_of_a_longer_path() {
    for path in [
        "projects/kawasemi-stg/roles/viewer",
        "organizations/1/roles/browser",
    ] {
        let said = said("role", "付与", &format!("【ロール】{path}\n【理由】調査"));
        assert_eq!(said.answered, [path]);
        assert!(said.recognised.is_empty() && said.detected.is_empty(), "{path}");
    }
    let said = said(
        "role",
        "付与",
        "projects/kawasemi-stg/roles/viewer をお願いします",
    );
    assert_eq!(said.surest(), None);
}

#[test]
fn a_secret_of_the_ticket_is_no_value_wherever_it_stands() {
    let mut ticket = Ticket::new(TicketId::new("T-1").unwrap());
    ticket.body = Some("データセット: hunter2_Secret_pw".to_owned());
    ticket.comments.push(crate::ticket::Comment {
        author: None,
        text: "password: hunter2_Secret_pw は変えました".to_owned(),
        created_at: None,
    });
    let taxonomy = Taxonomy::builtin().unwrap();
    let eyes = Eyes::new(&BTreeSet::new(), &taxonomy);
    let page = eyes.open(&ticket);
    assert!(page.holds_secret("Hunter2_Secret_pw") && page.holds_secret("a.hunter2_secret_pw.b"));
    assert!(!page.holds_secret("mart_sales"));
}

#[test]
fn no_value_is_taken_from_where_a_secret_stands() {
    let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    for body in [
        "【APIキー】PAYMENT_API_URL\n【備考】なし".to_owned(),
        "【リポジトリ】kawasemi/web\n【APIキー】abcd_efgh".to_owned(),
        format!("【変数名】{token}"),
    ] {
        let said = said("secret_name", "登録をお願いします", &body);
        assert_eq!(said, Said::default(), "{body}");
    }
    let body = "githubアカウントを追加してください。\nパスワード:\nsora-mizuki-77";
    assert_eq!(said("github_user", "招待", body).detected, Vec::<String>::new());
}

#[test]
fn a_day_for_the_work_is_no_end_of_what_it_gives() {
    let body = "【権限】閲覧\n【希望期限】2026-07-03\n【理由】調査";
    assert_eq!(said("duration", "権限をください", body), Said::default());
    let body = "【権限】閲覧\n【利用期間】2026-07-03\n【理由】調査";
    assert_eq!(said("duration", "権限をください", body).answered, ["2026-07-03"]);
}

#[test]
fn what_answers_for_a_team_is_no_login() {
    let body = "【対象】umi-x\n【チーム】infra-members\n【理由】参画のため";
    assert_eq!(said("github_user", "招待", body).detected, ["umi-x"]);
}

#[test]
fn a_piece_of_a_name_is_no_name() {
    let found = said(
        "org_team",
        "招待",
        "abe-infra-k を kawasemi-dev にお願いします。チームは後で",
    );
    assert_eq!(found.detected, ["kawasemi-dev"]);
    let found = said(
        "dataset",
        "閲覧権限",
        "sora.mizuki@example.co.jp に mart_order テーブルの閲覧を",
    );
    assert_eq!(found.detected, ["mart_order"]);
}
