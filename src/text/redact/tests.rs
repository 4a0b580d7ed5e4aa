//! What redaction hides and leaves, case by case, and its laws.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::Redactor;
use crate::text::entity::SecretKind;

static PEOPLE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    [
        "水野 太郎",
        "早川",
        "榊",
        "Priya Nair",
        "プリヤ",
        "k.mukai@example.com",
        "Tom",
        "SRE",
        "開発",
    ]
    .map(str::to_owned)
    .into()
});
static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| {
    Redactor::new(&PEOPLE, 7)
        .with_internal_domains(["example.co.jp"])
        .with_customer_prefixes(["CUST-"])
});

fn redact(text: &str) -> String {
    REDACTOR.redact(text)
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(redact(text), *expected, "{text}");
    }
}

#[test]
fn known_people_become_pseudonyms_everywhere() {
    let (mizuno, hayakawa) = (REDACTOR.person("水野 太郎"), REDACTOR.person("早川"));
    assert!(mizuno.starts_with("req-") && mizuno != hayakawa);
    assert_eq!(
        redact("水野さんと早川、水野　太郎"),
        format!("{mizuno}さんと{hayakawa}、{mizuno}")
    );
    assert_eq!(redact("早川町の拠点"), format!("{hayakawa}町の拠点"));
    assert_eq!(
        redact("cc @k.mukai, Tom and tomcat"),
        format!(
            "cc {}, {} and tomcat",
            REDACTOR.person("k.mukai@example.com"),
            REDACTOR.person("Tom")
        )
    );
    assert_eq!(REDACTOR.person("ＴＯＭ"), REDACTOR.person("Tom"));
}

#[test]
fn pseudonyms_follow_people_and_seed() {
    let again = Redactor::new(&PEOPLE, 7);
    let other = Redactor::new(&PEOPLE, 8);
    assert!(
        PEOPLE
            .iter()
            .all(|name| again.person(name) == REDACTOR.person(name))
    );
    assert!(
        PEOPLE
            .iter()
            .any(|name| other.person(name) != REDACTOR.person(name))
    );
    let all: BTreeSet<String> = PEOPLE.iter().map(|name| again.person(name)).collect();
    assert_eq!(all.len(), PEOPLE.len());
    assert_eq!(again.person("佐藤"), "〔氏名〕");
    assert_eq!(again.person("Jane Roe"), "〔name〕");
}

#[test]
fn strangers_addresses_and_numbers_are_hidden() {
    check(&[
        ("佐藤さん(sato@example.com)", "〔氏名〕さん(〔mail〕)"),
        ("氏名：山本　花子", "氏名：〔氏名〕"),
        (
            "a@example.co.jp と a@example.net",
            "〔mail:internal〕 と 〔mail〕",
        ),
        (
            "<@U0ABC12> と @oncall-x に連絡、０９０－１２３４－５６７８",
            "〔user〕 と 〔user〕 に連絡、〔phone〕",
        ),
        (
            "〒100-0001 見本県見本市港町1-2-3 です",
            "〒〔postal〕 〔address〕 です",
        ),
        (
            "マイナンバー 1234 5678 9012、AWSアカウント123456789012",
            "マイナンバー 〔my-number〕、AWSアカウント123456789012",
        ),
        (
            "会員 1234567890 と CUST-77x、2026-03-01",
            "会員 〔id〕 と 〔customer〕、2026-03-01",
        ),
    ]);
}

#[test]
fn urls_keep_host_and_path() {
    check(&[
        (
            "https://bob:mizu@db.example.com/x?token=1#y を",
            "https://db.example.com/x を",
        ),
        ("<https://example.com/a?q=1|一覧>", "<https://example.com/a|一覧>"),
        (
            "https://example.com/calendar/a@example.com",
            "https://example.com/calendar/〔mail〕",
        ),
        (
            "https://example.com/d/%E6%B0%B4%E9%87%8E/e",
            "https://example.com/d/…/e",
        ),
        (
            "https://www.notion.so/minamo/Taro-0123456789abcdef0123456789abcdef?pvs=4",
            "https://www.notion.so/minamo/0123456789abcdef0123456789abcdef",
        ),
        (
            "https://example.com/priya/x",
            &format!("https://example.com/{}/x", REDACTOR.person("Priya Nair")),
        ),
    ]);
}

#[test]
fn what_a_ticket_is_about_stays_readable() {
    for text in [
        "【至急】kawasemi-api の本番デプロイ権限を minamo-tech/kawasemi-api に付与",
        "Ｄａｔａｄｏｇ の ｱﾗｰﾄ 閾値を 80% に変更（3/31まで）",
        "開発環境 minamo-hotaru-dev を 192.0.2.0/24 から roles/viewer で。#123 MT-0042",
        "SRE: upgrade node.js to v22.1.0 in stg, see main.tf and https://example.com/docs",
        "皆様 お客様の仕様確認、commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
        "",
    ] {
        assert_eq!(redact(text), text);
    }
}

/// Made-up secrets, put together at run time so that no scanner takes them for a leak.
fn secrets() -> Vec<(SecretKind, String)> {
    let tail = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    vec![
        (SecretKind::GithubToken, format!("{}_{tail}", "ghp")),
        (SecretKind::SlackToken, format!("{}-123456789012-{tail}", "xoxb")),
        (
            SecretKind::AwsKeyId,
            format!("{}{}", "AKIA", &tail[..16].to_uppercase()),
        ),
        (SecretKind::Jwt, format!("{}{tail}.{tail}.{tail}", "eyJ")),
        (SecretKind::Generic, format!("token={}", &tail[..24])),
        (SecretKind::Password, format!("パスワード：{}", &tail[..9])),
        (
            SecretKind::PrivateKey,
            format!(
                "-----BEGIN {} KEY-----\n{tail}{tail}\n-----END {} KEY-----",
                "PRIVATE", "PRIVATE"
            ),
        ),
    ]
}

#[test]
fn secrets_are_hidden_and_listed() {
    for (kind, secret) in secrets() {
        let text = format!("これを使ってください {secret} 以上");
        assert_eq!(REDACTOR.secrets(&text), [kind]);
        let redacted = redact(&text);
        assert!(
            redacted.contains(&format!("〔secret:{}〕", kind.name())),
            "{redacted}"
        );
        assert!(
            !redacted.contains("a1B2c3") && !redacted.contains("A1B2C3"),
            "{redacted}"
        );
        assert!(redacted.starts_with("これを使ってください ") && redacted.ends_with(" 以上"));
    }
    assert_eq!(REDACTOR.secrets("何もない"), []);
}

#[test]
fn zero_width_characters_hide_nothing() {
    let text = format!("g\u{200b}hp_{} 早\u{200b}川", "a1b2c3".repeat(6));
    assert_eq!(
        redact(&text),
        format!("〔secret:github-token〕 {}", REDACTOR.person("早川"))
    );
}

fn part() -> impl Strategy<Value = String> {
    let secret = (0..secrets().len()).prop_map(|index| secrets()[index].1.clone());
    let private = prop::sample::select(vec![
        "水野太郎",
        "早川",
        "水野さん",
        "Priya",
        "プリヤ",
        "k.mukai@example.com",
        "x.y@example.net",
        "@someone",
        "<@U01AB>",
        "佐藤様",
        "https://u:p@example.com/a?b=c",
        "090-1234-5678",
        "1234567890",
        "CUST-1",
        "榊、",
    ]);
    let plain = prop::sample::select(vec![
        "権限",
        "を",
        "の",
        " ",
        "\n",
        "、",
        "token ",
        "パスワード: ",
        "担当",
        "さん",
        "氏名:",
        "key=",
        "〔",
        "〕",
        "https://",
        "?",
        "@",
        "。",
    ]);
    prop_oneof![1 => secret, 3 => private.prop_map(str::to_owned), 4 => plain.prop_map(str::to_owned), 1 => "\\PC{0,4}"]
}

#[test]
fn half_a_name_is_shown_as_the_whole_placeholder() {
    let written = "招待: 水野 太郎さん 本日中";
    let redacted = REDACTOR.trace(written);
    let half = written.find("太郎").expect("it is there");
    let name = REDACTOR.person("水野 太郎");
    assert_eq!(
        redacted.part(&(half..written.len())),
        format!("{name}さん 本日中")
    );
    assert_eq!(redacted.part(&(0..6)), "招待");
}

proptest! {
    #[test]
    fn redacting_twice_changes_nothing(parts in prop::collection::vec(part(), 0..12)) {
        let once = redact(&parts.concat());
        prop_assert_eq!(redact(&once), once);
    }

    #[test]
    fn nothing_private_is_left(parts in prop::collection::vec(part(), 0..12)) {
        let redacted = redact(&parts.join(" "));
        for private in ["水野", "早川", "Priya", "プリヤ", "k.mukai", "x.y@", "a1B2c3", "A1B2C3", "u:p@", "090-1234", "<@U01AB>"] {
            prop_assert!(!redacted.contains(private), "{private} in {redacted}");
        }
    }

    #[test]
    fn a_part_is_a_piece_of_the_whole_and_hides_as_much(
        parts in prop::collection::vec(part(), 0..12),
        ends in (0_usize..400, 0_usize..400),
    ) {
        let written = parts.join(" ");
        let border = |at: usize| (0..=at.min(written.len())).rev().find(|at| written.is_char_boundary(*at)).unwrap_or(0);
        let (from, to) = (border(ends.0.min(ends.1)), border(ends.0.max(ends.1)));
        let redacted = REDACTOR.trace(&written);
        prop_assert_eq!(redacted.text(), redact(&written));
        prop_assert_eq!(redacted.part(&(0..written.len())), redacted.text());
        let part = redacted.part(&(from..to));
        prop_assert!(redacted.text().contains(&part), "{part} in {}", redacted.text());
        // Two halves hold the whole: a placeholder on the border stands in both.
        let halves = redacted.part(&(0..from)).len() + redacted.part(&(from..written.len())).len();
        prop_assert!(halves >= redacted.text().len());
    }

    #[test]
    fn hostile_text_is_redacted(text in "(\\PC|\u{0}|\u{1b}\\[31m|\u{202e}|\u{200b}|㍿|ｶﾞ|<@|@|さん|://|%e3){0,30}") {
        let once = redact(&text);
        prop_assert_eq!(redact(&once), once);
    }

    #[test]
    fn plain_text_is_left_byte_for_byte(text in "[ｱ-ﾝＡ-Ｚ 権限付与変更をにはの、。\n\u{200b}]{0,40}") {
        prop_assert_eq!(redact(&text), text);
    }
}

#[test]
fn common_names_are_hidden_where_nothing_else_says_that_they_are_names() {
    check(&[
        ("BQ権限（瀬戸口）", "BQ権限（〔氏名〕）"),
        ("offboarding: Lucas", "offboarding: 〔name〕"),
        ("Kenji's laptop", "〔name〕's laptop"),
        ("確認お願いします。\n\n長谷部", "確認お願いします。\n\n〔氏名〕"),
        (
            "渡辺橋の工事と kenji-batch の停止",
            "渡辺橋の工事と kenji-batch の停止",
        ),
    ]);
}

#[test]
fn who_is_called_in_one_text_is_hidden_in_all() {
    let texts = ["溝呂木さんと Ngaire さん、荷主様に確認", "sakaki さんの代理"];
    let redactor = Redactor::new(&PEOPLE, 7).with_names_in(texts);
    assert_eq!(redactor.redact("溝呂木の端末"), "〔氏名〕の端末");
    assert_eq!(
        redactor.redact("GitHub access (Ngaire)"),
        "GitHub access (〔name〕)"
    );
    assert_eq!(
        redactor.redact("荷主ポータルと sakaki-batch"),
        "荷主ポータルと sakaki-batch"
    );
    assert_eq!(
        redactor.person("早川"),
        REDACTOR.person("早川"),
        "pseudonyms stay"
    );
}

#[test]
fn a_surname_that_ends_like_a_department_is_a_person() {
    let people: BTreeSet<String> = ["長谷部", "開発部"].map(str::to_owned).into();
    let redactor = Redactor::new(&people, 7);
    assert_eq!(
        redactor.redact("長谷部と同じ権限"),
        format!("{}と同じ権限", redactor.person("長谷部"))
    );
    assert!(redactor.person("長谷部").starts_with("req-"));
    assert_eq!(redactor.redact("開発部の権限"), "開発部の権限");
}
