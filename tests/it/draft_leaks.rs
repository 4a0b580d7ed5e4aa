//! What must stand in no draft: secrets, wherever they were written; people and addresses, unless raw text is asked for.

use proptest::prelude::*;
use toilscope::taxonomy::Lang;
use toilscope::ticket::Comment;

use crate::draft::text;
use crate::draft_care::{body, desk, draft};

#[test]
fn a_secret_below_the_word_that_makes_it_one_is_hidden() {
    let comment = |text: &str| Comment {
        author: Some("山田太郎".to_owned()),
        text: text.to_owned(),
        created_at: None,
    };
    let desk = desk("account.github", |ticket| {
        ticket.body =
            Some("組織に招待してください。\nGitHub id: sora-mizuki\npassword:\nhotaru-77-Neko\n".to_owned());
        ticket.comments = vec![
            comment(
                "初期パスワード:\nhotaru-88 Neko を渡しました。\nkubectl の鍵:\nhotaru99-mizu-umi-2026 を置きました",
            ),
            comment("招待を送りました。\n【初期パスワード】\nhotaru-66-Neko"),
        ];
    });
    for raw in [true, false] {
        for id in ["tf_github_membership", "idp_scim"] {
            for (path, text) in draft(&desk, id, Lang::Ja, raw) {
                for secret in ["hotaru-77", "hotaru-88", "hotaru-66"] {
                    assert!(
                        !text.contains(secret),
                        "{path} with raw {raw} shows {secret}:\n{text}"
                    );
                }
            }
        }
    }
    let files = draft(&desk, "tf_github_membership", Lang::Ja, false);
    assert!(text(&files, "runbook.md").contains("招待を送りました"));
}

#[test]
fn a_secret_in_two_comments_is_hidden() {
    let token = format!("ghp_{}", "a1B2c3D4e5".repeat(4).get(..36).expect("36 characters"));
    let (left, right) = token.split_at(20);
    let comment = |text: String| Comment {
        author: Some("山田太郎".to_owned()),
        text,
        created_at: None,
    };
    let comments = vec![
        comment("招待を送りました。初期パスワード:".to_owned()),
        comment("Tanuki-4821-cavern です。忘れずに変えてください".to_owned()),
        comment(format!("前半は {left} です")),
        comment(format!("後半は {right} です")),
    ];
    let desk = desk("account.github", move |ticket| {
        ticket.comments.clone_from(&comments);
    });
    for raw in [true, false] {
        let files = draft(&desk, "tf_github_membership", Lang::Ja, raw);
        for (path, text) in &files {
            for secret in ["Tanuki-4821", left, right] {
                assert!(
                    !text.contains(secret),
                    "{path} with raw {raw} shows {secret}:\n{text}"
                );
            }
        }
        assert!(text(&files, "runbook.md").contains("招待を送りました"));
    }
}

#[test]
fn the_answer_to_a_field_for_a_secret_is_no_value() {
    let secret = "mizu_umi_neko_Tori";
    for label in ["APIキー", "パスワード", "秘密鍵", "token", "client secret"] {
        let body =
            format!("【変数名】PAYMENT_API_URL\n【{label}】{secret}\n【プロジェクト】kawasemi-stg-1\n");
        let desk = desk("tool_config.secret_machine_id", move |ticket| {
            ticket.body = Some(body.clone());
        });
        for (path, text) in draft(&desk, "secret_self_service", Lang::Ja, true) {
            assert!(!text.contains(secret), "{label}: {path} shows it:\n{text}");
        }
    }
}

#[test]
fn what_may_be_a_login_hides_no_labelled_value() {
    let words = "【プロジェクト】kawasemi-lake\n【対象者】sora@example.com\n【権限】roles/run.viewer\n【備考】id: kawasemi-lake の件です";
    let files = draft(
        &desk("permission.gcp_iam", body(words)),
        "tf_gcp_iam",
        Lang::Ja,
        false,
    );
    let rows = text(&files, "entries.auto.tfvars");
    assert!(rows.contains("gcp_project = \"kawasemi-lake\""), "{rows}");
    assert!(!rows.contains("sora"), "{rows}");
    // A login in a field of its own is hidden wherever it stands.
    let words = "【GitHubアカウント】sora-dev\n【チーム】sora-dev";
    let files = draft(
        &desk("account.github", body(words)),
        "tf_github_membership",
        Lang::Ja,
        false,
    );
    assert!(!text(&files, "entries.auto.tfvars").contains("sora-dev"));
}

#[test]
fn an_address_inside_of_a_reason_is_never_copied() {
    let words = "【接続元IP】203.0.113.7\n【理由】旧IP(192.0.2.10)は並行運用のため残します";
    let desk = desk("permission.network", body(words));
    for raw in [false, true] {
        let files = draft(&desk, "network_access_code", Lang::Ja, raw);
        let rows = text(&files, "entries.auto.tfvars");
        assert!(!rows.contains("192.0.2.10"), "{rows}");
    }
}

#[test]
fn a_login_that_looks_like_a_team_is_hidden_where_it_is_introduced() {
    let words = "招待をお願いします。GitHub id: umi-dev です。チームは tsubame-dev でお願いします";
    let files = draft(
        &desk("account.github", body(words)),
        "tf_github_membership",
        Lang::Ja,
        false,
    );
    for (path, text) in &files {
        assert!(!text.contains("umi-dev"), "{path}:\n{text}");
    }
}

/// A secret as people write one down: behind or below its word, or in the field of a form.
fn handed_over() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("パスワード"),
        Just("初期パスワード"),
        Just("password"),
        Just("Token"),
        Just("APIキー"),
        Just("秘密鍵"),
        Just("アクセスキー"),
        Just("client secret"),
    ];
    let joint = prop_oneof![
        Just(": "),
        Just("："),
        Just(":\n"),
        Just("：\n  "),
        Just("は"),
        Just(" = ")
    ];
    let plain = (word.clone(), joint).prop_map(|(word, joint)| format!("{word}{joint}{SECRET}"));
    let beside = word.clone().prop_map(|word| format!("【{word}】{SECRET}"));
    let below = word.prop_map(|word| format!("【{word}】\n{SECRET}"));
    prop_oneof![plain, beside, below]
}

const SECRET: &str = "Neko77-toriX9-umi";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_secret_is_in_a_draft_wherever_it_was_written(
        words in handed_over(),
        before in prop_oneof![Just(""), Just("確認しました。"), Just("【備考】なし\n")],
        place in 0..3,
        raw: bool,
    ) {
        let text = format!("{before}{words}\n以上です");
        let desk = desk("account.github", |ticket| {
            ticket.body = Some("【GitHubアカウント】sora-mizuki\n【チーム】payments\n".to_owned());
            match place {
                0 => ticket.title = Some(format!("招待 {text}")),
                1 => ticket.body = Some(format!("{}{text}", ticket.body.clone().unwrap_or_default())),
                _ => ticket.comments.push(Comment { author: None, text: text.clone(), created_at: None }),
            }
        });
        for id in ["tf_github_membership", "secret_self_service", "faq_and_search"] {
            for (path, file) in draft(&desk, id, Lang::Ja, raw) {
                prop_assert!(!file.contains(SECRET), "{} of {} shows it: {}", path, id, file);
            }
        }
    }
}
