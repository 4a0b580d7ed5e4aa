//! What a draft must never do: show a secret, grant what was to be taken away or what is too strong, lose one of two
//! requests without a word, or promise what its resources do not keep.

use proptest::prelude::*;
use toilscope::taxonomy::Lang;
use toilscope::ticket::{Comment, Ticket};

use crate::draft::{Desk, text};
use crate::tool::Room;

/// A desk with the one ticket of a sub-pattern, changed.
fn desk(sub: &str, change: impl Fn(&mut Ticket)) -> Desk {
    let mut desk = Desk::new();
    desk.tickets.retain(|ticket| ticket.id.as_str() == sub);
    desk.tickets.iter_mut().for_each(change);
    desk
}

/// A desk with two tickets of a sub-pattern that differ in their text.
fn two(sub: &str, bodies: [&str; 2]) -> Desk {
    let mut desk = desk(sub, |ticket| ticket.body = Some(bodies[0].to_owned()));
    let mut other = desk.tickets[0].clone();
    other.id = toilscope::ticket::TicketId::new("other").expect("an id");
    other.body = Some(bodies[1].to_owned());
    let pattern = sub.split('.').next().expect("a pattern");
    desk.labels.push_str(&format!(
        "{{\"id\": \"other\", \"pattern\": \"{pattern}\", \"subpattern\": \"{sub}\"}}\n"
    ));
    desk.tickets.push(other);
    desk
}

fn body(text: &str) -> impl Fn(&mut Ticket) + '_ {
    move |ticket| ticket.body = Some(text.to_owned())
}

fn draft(desk: &Desk, id: &str, lang: Lang, raw: bool) -> Vec<(String, String)> {
    desk.drafts(&[id], lang, raw).remove(0)
}

/// The data file without its comments.
fn values(files: &[(String, String)]) -> String {
    let rows = text(files, "entries.auto.tfvars").lines();
    rows.filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect()
}

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
fn who_removes_and_adds_makes_no_row() {
    for words in [
        "roles/editor を外して、roles/run.viewer を付与してください",
        "Please add roles/run.viewer and remove roles/editor",
        "roles/run.viewer の付与。roles/editor は剥奪",
    ] {
        let body = format!("【プロジェクト】kawasemi-stg-1\n【対象者】sora@example.com\n【内容】{words}\n");
        let desk = desk("permission.gcp_iam", move |ticket| {
            ticket.title = Some("権限の変更".to_owned());
            ticket.body = Some(body.clone());
        });
        let files = draft(&desk, "tf_gcp_iam", Lang::Ja, true);
        let rows = text(&files, "entries.auto.tfvars");
        assert!(
            rows.contains("entries = {}")
                && rows.contains("外して足す依頼なので行にしていない。人が見る: permission.gcp_iam"),
            "{rows}"
        );
        assert!(text(&files, "README.md").contains("外して足す依頼"));
    }
}

#[test]
fn a_strong_role_is_in_no_row_and_refused_by_the_plan() {
    let cases = [
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            "【対象者】sora@example.com\n【権限】roles/owner\n【プロジェクト】kawasemi-stg-1",
            "roles/owner",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            "【対象者】sora@example.com\n【権限】roles/iam.securityAdmin\n【プロジェクト】kawasemi-stg-1",
            "securityAdmin",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            "sora@example.com に roles/editor を kawasemi-stg-1 で付与してください",
            "roles/editor",
        ),
        (
            "permission.github_repo",
            "tf_github_repo_access",
            "【チーム】payments\n【リポジトリ】kawasemi/web-app\n【権限】admin(readだけでは足りない)",
            "admin",
        ),
        (
            "permission.gke_rbac",
            "tf_k8s_rbac",
            "【namespace】payments\n【権限】cluster-admin",
            "cluster-admin",
        ),
        (
            "permission.bigquery",
            "tf_bigquery_iam",
            "【データセット】sales_mart\n【対象者】sora@example.com\n【権限】閲覧、できれば管理者",
            "管理者",
        ),
        (
            "account.github",
            "tf_github_membership",
            "【GitHubアカウント】sora-x\n【チーム】infra-admins",
            "infra-admins",
        ),
    ];
    for (sub, play, words, strong) in cases {
        let files = draft(&desk(sub, body(words)), play, Lang::Ja, true);
        let rows = values(&files);
        assert!(
            !rows.contains(strong) && rows.contains("REPLACE_ME"),
            "{words}:\n{rows}"
        );
        assert!(
            !rows.contains("\"pull\"") && !rows.contains("dataViewer"),
            "a weaker one is not what was asked: {rows}"
        );
        let remarked = text(&files, "entries.auto.tfvars");
        assert!(
            remarked.contains("強い権限の語があるので行に入れない") && remarked.contains(strong),
            "{remarked}"
        );
        assert!(
            text(&files, "variables.tf").contains("強い権限は一覧に書かず"),
            "{play}"
        );
    }
}

#[test]
fn a_strong_role_that_the_row_cannot_give_is_told() {
    for (sub, play, words) in [
        (
            "account.github",
            "tf_github_membership",
            "【GitHubアカウント】sora-x\n【チーム】payments\n【備考】組織の owner にしてください",
        ),
        (
            "permission.aws_sso",
            "tf_aws_sso",
            "【AWSアカウント】111122223333\n【権限】AdministratorAccess",
        ),
    ] {
        let files = draft(&desk(sub, body(words)), play, Lang::En, false);
        let rows = text(&files, "entries.auto.tfvars");
        assert!(rows.contains("speaks of an administrator or owner"), "{rows}");
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
fn an_address_inside_of_a_reason_is_hidden_too() {
    let words = "【接続元IP】203.0.113.7\n【理由】旧IP(192.0.2.10)は並行運用のため残します";
    let desk = desk("permission.network", body(words));
    for (raw, shown) in [(false, false), (true, true)] {
        let files = draft(&desk, "network_access_code", Lang::Ja, raw);
        let rows = text(&files, "entries.auto.tfvars");
        assert_eq!(rows.contains("192.0.2.10"), shown, "{rows}");
    }
}

#[test]
fn two_rows_of_one_object_that_differ_are_both_named() {
    let words = |until: &str| {
        format!(
            "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】roles/run.viewer\n【利用期間】{until}"
        )
    };
    let desk = two("permission.gcp_iam", [&words("2026-09-30"), &words("2026-12-31")]);
    for raw in [true, false] {
        let files = draft(&desk, "tf_gcp_iam", Lang::Ja, raw);
        let rows = text(&files, "entries.auto.tfvars");
        assert!(
            rows.contains("# other と同じ対象で until が違う")
                && rows.contains("# permission.gcp_iam と同じ対象で until が違う"),
            "{rows}"
        );
        let variables = text(&files, "variables.tf");
        assert!(
            variables.contains("同じ対象の行で値が違う (until): ${join"),
            "{variables}"
        );
    }
    let same = two("permission.gcp_iam", [&words("2026-09-30"), &words("2026/9/30")]);
    let rows = text(
        &draft(&same, "tf_gcp_iam", Lang::Ja, false),
        "entries.auto.tfvars",
    )
    .to_owned();
    assert!(
        !rows.contains("同じ対象で") && rows.contains("other, permission.gcp_iam"),
        "{rows}"
    );
}

#[test]
fn each_of_a_list_in_a_form_field_makes_a_row() {
    let words = "【GitHubアカウント】mio-y、ren-k\n【チーム】payments";
    let files = draft(
        &desk("account.github", body(words)),
        "tf_github_membership",
        Lang::Ja,
        true,
    );
    let rows = text(&files, "entries.auto.tfvars");
    for login in ["mio-y", "ren-k"] {
        assert!(rows.contains(&format!("github_user = \"{login}\"")), "{rows}");
    }
}

#[test]
fn values_that_cannot_be_paired_are_left_to_a_person() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com mio@example.com\n【接続元IP】203.0.113.7 203.0.113.8 203.0.113.9\n【理由】検証";
    let files = draft(
        &desk("permission.network", body(words)),
        "network_access_code",
        Lang::Ja,
        true,
    );
    let rows = text(&files, "entries.auto.tfvars");
    assert_eq!(rows.matches("203.0.113.").count(), 3, "{rows}");
    assert!(!rows.contains("sora@example.com"), "{rows}");
}

#[test]
fn an_import_names_the_condition_of_a_grant_that_ends() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】roles/run.viewer\n";
    let imports = |words: &str| {
        let files = draft(
            &desk("permission.gcp_iam", body(words)),
            "tf_gcp_iam",
            Lang::En,
            true,
        );
        text(&files, "imports.sh").to_owned()
    };
    let plain = imports(words);
    assert!(
        plain.contains("'kawasemi-stg roles/run.viewer user:sora@example.com'\n"),
        "{plain}"
    );
    let ending = imports(&format!("{words}【利用期間】2026-09-30\n"));
    assert!(
        ending.contains("'kawasemi-stg roles/run.viewer user:sora@example.com until'\n"),
        "{ending}"
    );
}

#[test]
fn what_is_made_once_is_imported_without_a_key() {
    let files = draft(&Desk::new(), "keyless_identity", Lang::En, true);
    let imports = text(&files, "imports.sh");
    assert!(
        imports.contains("terraform import 'google_iam_workload_identity_pool.this' "),
        "{imports}"
    );
    assert!(
        !imports.contains("pool.this[") && !imports.contains('{'),
        "{imports}"
    );
}

#[test]
fn terraform_refuses_what_the_variables_refuse_where_it_is_installed() {
    if std::process::Command::new("terraform")
        .arg("version")
        .output()
        .is_err()
    {
        eprintln!("terraform is not installed here: the validations were read, not run");
        return;
    }
    let words = |role: &str, until: &str| {
        format!(
            "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】{role}\n【利用期間】{until}"
        )
    };
    let viewer = "roles/run.viewer";
    let good = two(
        "permission.gcp_iam",
        [
            &words(viewer, "2026-09-30"),
            &words("roles/run.invoker", "2026-12-31"),
        ],
    );
    let differ = two(
        "permission.gcp_iam",
        [&words(viewer, "2026-09-30"), &words(viewer, "2026-12-31")],
    );
    let strong = |text: String| text.replace("roles/run.invoker", "roles/owner");
    let plan = |desk: &Desk, change: &dyn Fn(String) -> String| {
        let files = draft(desk, "tf_gcp_iam", Lang::En, true);
        let room = Room::new();
        room.file("variables.tf", text(&files, "variables.tf"));
        room.file(
            "entries.auto.tfvars",
            change(text(&files, "entries.auto.tfvars").to_owned()),
        );
        let output = std::process::Command::new("terraform")
            .args(["plan", "-input=false", "-no-color"])
            .current_dir(room.path())
            .output()
            .expect("terraform runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (accepted, told) = plan(&good, &|text| text);
    assert!(accepted, "{told}");
    let (accepted, told) = plan(&differ, &|text| text);
    let told = told.replace("\n│ ", " ");
    assert!(
        !accepted
            && told.contains("do not agree on (until)")
            && told.contains("kawasemi-stg/roles/run.viewer/user:sora@example.com"),
        "{told}"
    );
    let (accepted, told) = plan(&good, &strong);
    assert!(!accepted && told.contains("approved apart"), "{told}");
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
