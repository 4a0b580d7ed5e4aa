//! What the recogniser finds in tickets, case by case, and the laws it keeps for any text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::EntityKind::{
    Account, Date, Duration, Environment, Handle, Host, Ip, Mail, Number, Person, Phone, Project, Repository,
    Role, Secret, Service, TicketNumber, Time, Url,
};
use super::{EntityKind, Recognizer};
use crate::text::normalize::fold;

static KNOWN: LazyLock<Recognizer> = LazyLock::new(|| {
    let people = [
        "水野 太郎",
        "早川",
        "三浦 花",
        "榊",
        "陳(Chen)",
        "Priya Nair",
        "Grant",
        "k.hayakawa@example.com",
        "プリヤ",
        "SRE",
        "開発",
    ];
    Recognizer::new(&people.map(str::to_owned).into())
});
static STRANGERS: LazyLock<Recognizer> = LazyLock::new(|| Recognizer::new(&BTreeSet::new()));

fn found(text: &str) -> Vec<(EntityKind, String)> {
    let text = fold(text);
    KNOWN
        .find(&text)
        .iter()
        .map(|entity| (entity.kind, entity.value(&text).to_owned()))
        .collect()
}

fn check(cases: &[(&str, &[(EntityKind, &str)])]) {
    for (text, expected) in cases {
        let expected: Vec<(EntityKind, String)> = expected
            .iter()
            .map(|&(kind, value)| (kind, value.to_owned()))
            .collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn people_are_found_by_honorific() {
    check(&[
        ("佐藤さんをGitHubに招待してください", &[(Person, "佐藤")]),
        ("担当山田様、小野寺氏", &[(Person, "山田"), (Person, "小野寺")]),
        (
            "山田 太郎さんと鈴木くん",
            &[(Person, "山田 太郎"), (Person, "鈴木")],
        ),
        (
            "ダニエルさん、マルタ・ロペスさん",
            &[(Person, "ダニエル"), (Person, "マルタ・ロペス")],
        ),
        (
            "danielさんの件、tanaka-san too",
            &[(Person, "daniel"), (Person, "tanaka")],
        ),
        (
            "さくらさんを追加、依頼はなおきくん",
            &[(Person, "さくら"), (Person, "なおき")],
        ),
        ("追加 阿部さん", &[(Person, "阿部")]),
        ("招待服部さん", &[(Person, "服部")]),
    ]);
}

#[test]
fn words_with_an_honorific_need_not_be_people() {
    for text in [
        "皆様、お客様、担当者様、各位、業務委託さん、関係者様、監査法人さん、管理者様、営業さん",
        "仕様の確認、同様の様子、氏名、たくさんの模様、ちゃんとした人、ベンダーさん、開発チームさん、おかげさまで",
        "製品仕様、namespace risk、approved by my lead、協力会社さん、SREさん、神様、奥様、情報システム部さん",
    ] {
        let people: Vec<_> = found(text)
            .into_iter()
            .filter(|(kind, _)| *kind == Person)
            .collect();
        assert_eq!(people, [], "{text}");
    }
}

#[test]
fn known_people_are_found_without_an_honorific() {
    check(&[
        (
            "水野、早川の2名",
            &[(Person, "水野"), (Person, "早川"), (Number, "2名")],
        ),
        ("担当三浦です", &[(Person, "三浦")]),
        ("三浦市の拠点", &[]),
        ("水野太郎を追加", &[(Person, "水野太郎")]),
        ("榊、早川", &[(Person, "榊"), (Person, "早川")]),
        ("榊原通り", &[]),
        ("priya and chen", &[(Person, "priya"), (Person, "chen")]),
        ("please grant access, Grant-san", &[(Person, "grant")]),
        ("プリヤとプリヤンカ", &[(Person, "プリヤ")]),
        ("cc @k.hayakawa", &[(Handle, "@k.hayakawa")]),
        ("開発のSREへ", &[]),
    ]);
}

#[test]
fn labels_mentions_and_introductions_name_people() {
    check(&[
        ("氏名:山本 花子", &[(Person, "山本 花子")]),
        ("承認者:未定", &[]),
        ("担当:確認中です", &[]),
        ("name: Taro Yamada", &[(Person, "taro yamada")]),
        ("<@U0ABC12> お願いします", &[(Person, "<@u0abc12>")]),
        ("@user お願いします", &[(Person, "@user")]),
        ("hotaruチームの向井です。", &[(Person, "向井")]),
        ("お疲れ様です、柏木です", &[(Person, "柏木")]),
    ]);
}

#[test]
fn addresses_are_found_whole() {
    check(&[
        ("a.b+c@example.co.jpへ", &[(Mail, "a.b+c@example.co.jp")]),
        (
            "https://github.com/minamo-tech/kawasemi-api/pull/3を見て",
            &[(Url, "https://github.com/minamo-tech/kawasemi-api/pull/3")],
        ),
        ("(https://example.com/a).", &[(Url, "https://example.com/a")]),
        (
            "github.com/minamo-tech/hotaru です",
            &[(Url, "github.com/minamo-tech/hotaru")],
        ),
        (
            "api.example.com:443 と example.comに",
            &[(Host, "api.example.com:443"), (Host, "example.com")],
        ),
        (
            "192.0.2.0/24 と 203.0.113.7。",
            &[(Ip, "192.0.2.0/24"), (Ip, "203.0.113.7")],
        ),
        ("2001:db8::1", &[(Ip, "2001:db8::1")]),
        (
            "@oncall-payment と @types/node と actions/checkout@v4",
            &[(Handle, "@oncall-payment")],
        ),
        ("main.tf と node.js と std::fs::a", &[]),
        (
            "電話は03-1234-5678、090-1234-5678、08012345678",
            &[
                (Phone, "03-1234-5678"),
                (Phone, "090-1234-5678"),
                (Phone, "08012345678"),
            ],
        ),
    ]);
}

#[test]
fn names_of_things_are_told_apart() {
    check(&[
        (
            "minamo-tech/kawasemi-apiリポジトリ",
            &[(Repository, "minamo-tech/kawasemi-api")],
        ),
        ("リポジトリ: minamo/hotaru", &[(Repository, "minamo/hotaru")]),
        (
            "terraform/ansibleとread/write、feature/add-login、docs/setup-guide.md",
            &[(Role, "read/write")],
        ),
        ("kawasemi-api/kawasemi-worker", &[]),
        (
            "minamo-kawasemi-prdのroles/bigquery.dataViewer",
            &[
                (Project, "minamo-kawasemi-prd"),
                (Role, "roles/bigquery.dataviewer"),
            ],
        ),
        (
            "kawasemi-workerとself-serviceなweb-app",
            &[(Service, "kawasemi-worker")],
        ),
        (
            "本番とstg、検証環境、検証したい",
            &[(Environment, "本番"), (Environment, "stg"), (Environment, "検証")],
        ),
        (
            "閲覧権限とviewer、write権限、code-owner",
            &[(Role, "閲覧"), (Role, "viewer"), (Role, "write")],
        ),
    ]);
}

#[test]
fn times_and_numbers_are_told_apart() {
    check(&[
        ("2026-03-01 10:30に", &[(Date, "2026-03-01 10:30")]),
        (
            "2026-03-01T10:30:00+09:00",
            &[(Date, "2026-03-01t10:30:00+09:00")],
        ),
        (
            "3/14(金)15時までに3日間",
            &[(Date, "3/14(金)"), (Time, "15時"), (Duration, "3日間")],
        ),
        (
            "2026年3月1日と来週月曜",
            &[(Date, "2026年3月1日"), (Date, "来週月曜")],
        ),
        (
            "by March 3rd, until 31 Mar, next week at 10:30 am",
            &[
                (Date, "march 3rd"),
                (Date, "31 mar"),
                (Date, "next week"),
                (Time, "10:30 am"),
            ],
        ),
        (
            "3名分、50%、4Gi、2台、3ヶ月",
            &[
                (Number, "3名"),
                (Number, "50%"),
                (Number, "4gi"),
                (Number, "2台"),
                (Duration, "3ヶ月"),
            ],
        ),
        (
            "#123とMT-0042、チケット77、utf-8、sha-256",
            &[
                (TicketNumber, "#123"),
                (TicketNumber, "mt-0042"),
                (TicketNumber, "チケット77"),
            ],
        ),
        ("AWSアカウント 123456789012", &[(Account, "123456789012")]),
        ("受付 123456789012", &[]),
        ("marketing 3", &[]),
    ]);
}

#[test]
fn a_credential_is_an_entity() {
    let token = format!("ghp_{}", "a1b2c3".repeat(6));
    assert_eq!(found(&format!("トークンは{token}です")), [(Secret, token)]);
}

#[test]
fn urls_give_host_and_repository() {
    let text = "https://bob:x@github.com:443/minamo-tech/hotaru-web.git?tab=1";
    let entity = &STRANGERS.find(text)[0];
    assert_eq!(entity.host(text), Some("github.com"));
    assert_eq!(entity.repository(text), Some("minamo-tech/hotaru-web"));
    let text = "https://example.com/a/b";
    assert_eq!(STRANGERS.find(text)[0].repository(text), None);
}

#[test]
fn masking_keeps_verbs_objects_and_tools() {
    let text = fold("佐藤さんをGitHubのminamo-tech/kawasemi-apiに招待し、3/31まで閲覧権限を付与");
    assert_eq!(
        KNOWN.mask(&text),
        "⟨person⟩をgithubの⟨repository⟩に招待し、⟨date⟩まで⟨role⟩権限を付与"
    );
}

#[test]
fn tickets_that_differ_in_entities_share_a_skeleton() {
    for (one, other) in [
        (
            "佐藤さんをDatadogに招待してください。",
            "鈴木 一郎 様、田中さんをＤａｔａｄｏｇに招待してください",
        ),
        (
            "minamo-tech/hotaruのリポジトリに3名追加(3/1まで)",
            "minamo-tech/asagi-web の リポジトリに12名追加(2026年4月末まで)",
        ),
        (
            "Add a@example.com to MT-0001",
            "add  b.c@example.co.jp to MT-0999!",
        ),
        (
            "192.0.2.1 から api.example.com に届かない",
            "198.51.100.0/24からdb.example.netに届かない",
        ),
    ] {
        assert_eq!(KNOWN.skeleton(&fold(one)), KNOWN.skeleton(&fold(other)), "{one}");
    }
    assert_ne!(KNOWN.skeleton("佐藤さんを招待"), KNOWN.skeleton("佐藤さんを削除"));
}

#[test]
fn long_texts_take_linear_time() {
    let text = "a@".repeat(500_000) + &"佐藤さん1.2.3.4/".repeat(20_000) + &":".repeat(500_000);
    assert!(KNOWN.find(&text).len() >= 20_000);
    for unit in [
        "eyj-",
        "https://)",
        "パスワード:",
        "さん",
        "a.com.",
        "a/b-",
        "-----begin private key-----",
        "<@u",
        "鍵 ",
    ] {
        assert!(
            KNOWN.find(&unit.repeat(1_000_000 / unit.len())).len() < 1_000_000,
            "{unit}"
        );
    }
}

proptest! {
    #[test]
    fn entities_are_sorted_apart_and_on_borders(text in "(\\PC|[a-z0-9@:/.#\\-]|さん|様|水野|榊|https?://|[0-9]{1,3}月|password: |<@u|eyj|-----begin |\u{202e}|\u{0}|\n){0,40}") {
        for text in [text.clone(), fold(&text)] {
            let mut end = 0;
            for entity in KNOWN.find(&text) {
                prop_assert!(entity.range.start >= end && entity.range.end > entity.range.start);
                prop_assert!(!entity.value(&text).is_empty());
                end = entity.range.end;
            }
            let _ = (KNOWN.mask(&text), KNOWN.skeleton(&text));
        }
    }
}
