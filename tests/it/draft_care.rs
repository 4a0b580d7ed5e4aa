//! What the rows of a draft must never do: grant what was to be taken away or what is too strong, guess what belongs
//! together, or lose one of two requests without a word.

use toilscope::taxonomy::Lang;
use toilscope::ticket::Ticket;

use crate::draft::{Desk, text};
use crate::tool::Room;

/// A desk with the one ticket of a sub-pattern, changed.
pub(crate) fn desk(sub: &str, change: impl Fn(&mut Ticket)) -> Desk {
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

pub(crate) fn body(text: &str) -> impl Fn(&mut Ticket) + '_ {
    move |ticket| ticket.body = Some(text.to_owned())
}

pub(crate) fn draft(desk: &Desk, id: &str, lang: Lang, raw: bool) -> Vec<(String, String)> {
    desk.drafts(&[id], lang, raw).remove(0)
}

/// The data file of a play for a ticket with this body, raw and in Japanese.
pub(crate) fn rows_of(sub: &str, play: &str, words: &str) -> String {
    let files = draft(&desk(sub, body(words)), play, Lang::Ja, true);
    text(&files, "entries.auto.tfvars").to_owned()
}

/// The data file without its comments.
fn values(files: &[(String, String)]) -> String {
    let rows = text(files, "entries.auto.tfvars").lines();
    rows.filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect()
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
    let rows = rows_of("account.github", "tf_github_membership", words);
    for login in ["mio-y", "ren-k"] {
        assert!(rows.contains(&format!("github_user = \"{login}\"")), "{rows}");
    }
}

#[test]
fn an_approver_is_granted_nothing() {
    let words = "【プロジェクト】kawasemi-stg\n【権限】roles/run.viewer\n【承認者】boss@example.com";
    let rows = rows_of("permission.gcp_iam", "tf_gcp_iam", words);
    assert!(!rows.contains("boss@example.com"), "{rows}");
}

#[test]
fn a_kind_that_the_ticket_names_is_kept() {
    for (words, member) in [
        ("【対象者】group:bi@example.com", "\"group:bi@example.com\""),
        ("member: group:bi@example.com", "\"group:bi@example.com\""),
        (
            "group:bi@example.com に付与してください",
            "\"group:bi@example.com\"",
        ),
    ] {
        let words = format!("【プロジェクト】kawasemi-stg\n【権限】roles/run.viewer\n{words}");
        let files = draft(
            &desk("permission.gcp_iam", body(&words)),
            "tf_gcp_iam",
            Lang::Ja,
            true,
        );
        let rows = values(&files);
        assert!(
            rows.contains(member) && !rows.contains("user:"),
            "{words}: {rows}"
        );
    }
}

#[test]
fn a_role_of_ones_own_stays_what_it_is() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】projects/kawasemi-stg/roles/viewer";
    let files = draft(
        &desk("permission.gcp_iam", body(words)),
        "tf_gcp_iam",
        Lang::Ja,
        true,
    );
    let rows = values(&files);
    assert!(
        rows.contains("\"projects/kawasemi-stg/roles/viewer\"") && !rows.contains("\"roles/viewer\""),
        "{rows}"
    );
}

#[test]
fn a_reason_is_read_in_the_ticket_and_not_copied() {
    let words = "【接続元IP】203.0.113.7\n【理由】在宅のため。パスは Zx9!kkQp です";
    let rows = rows_of("permission.network", "network_access_code", words);
    assert!(
        rows.contains("\"see permission.network\"") && !rows.contains("Zx9") && !rows.contains("在宅"),
        "{rows}"
    );
}

#[test]
fn a_secret_of_the_ticket_is_in_no_row() {
    let words = "【データセット】hunter2_Secret_pw\n【対象者】sora@example.com\n【権限】閲覧\n【プロジェクト】kawasemi-stg";
    let desk = desk("permission.bigquery", |ticket| {
        ticket.body = Some(words.to_owned());
        ticket.comments = vec![toilscope::ticket::Comment {
            author: None,
            text: "password: hunter2_Secret_pw は変えました".to_owned(),
            created_at: None,
        }];
    });
    for raw in [true, false] {
        let files = draft(&desk, "tf_bigquery_iam", Lang::Ja, raw);
        let rows = text(&files, "entries.auto.tfvars");
        assert!(
            !rows.contains("hunter2") && rows.contains("dataset = \"REPLACE_ME\"")
                || rows.contains("dataset     = \"REPLACE_ME\""),
            "{rows}"
        );
    }
}

#[test]
fn strong_places_and_roles_are_in_no_row() {
    let grant =
        |role: &str| format!("【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】{role}");
    let team = |team: &str| format!("【チーム】{team}\n【リポジトリ】kawasemi/web-app\n【権限】書き込み");
    for (sub, play, words, strong) in [
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            grant("roles/iam.workloadIdentityUser"),
            "workloadIdentityUser",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            grant("roles/cloudbuild.builds.editor"),
            "cloudbuild",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            grant("roles/deploymentmanager.editor"),
            "deploymentmanager",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            grant("roles/secretmanager.secretAccessor"),
            "secretmanager",
        ),
        (
            "permission.gcp_iam",
            "tf_gcp_iam",
            grant("projects/kawasemi-stg/roles/SuperUser"),
            "SuperUser",
        ),
        (
            "permission.github_repo",
            "tf_github_repo_access",
            team("siteadmins"),
            "siteadmins",
        ),
        (
            "permission.gke_rbac",
            "tf_k8s_rbac",
            "【namespace】kube-system\n【権限】edit".to_owned(),
            "kube-system",
        ),
    ] {
        let files = draft(&desk(sub, body(&words)), play, Lang::Ja, true);
        let rows = values(&files);
        assert!(
            !rows.contains(strong) && rows.contains("REPLACE_ME"),
            "{words}: {rows}"
        );
    }
    let words = "【プロジェクト】kawasemi-stg\n【データセット】mart_c\n【対象者】sora@example.com\n【権限】閲覧\n【備考】実際にはdataOwnerが必要です";
    let files = draft(
        &desk("permission.bigquery", body(words)),
        "tf_bigquery_iam",
        Lang::En,
        true,
    );
    let rows = text(&files, "entries.auto.tfvars");
    assert!(rows.contains("speaks of an administrator or owner"), "{rows}");
}

#[test]
fn a_last_day_that_does_not_say_of_what_is_asked_about() {
    let rows = |words: &str| {
        let words = format!(
            "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com\n【権限】roles/run.viewer\n{words}"
        );
        let files = draft(
            &desk("permission.gcp_iam", body(&words)),
            "tf_gcp_iam",
            Lang::Ja,
            true,
        );
        text(&files, "entries.auto.tfvars").to_owned()
    };
    let asked = rows("【期限】2027-01-31");
    assert!(
        asked.contains("# until: チケットの表現: 2027-01-31")
            && asked.contains("until       = \"REPLACE_ME\""),
        "{asked}"
    );
    for none in ["【希望期限】2027-01-31", "【期限】なし"] {
        let rows = rows(none);
        assert!(rows.contains("until        = \"none\""), "{rows}");
        assert!(
            rows.contains("until_reason = \"permission.gcp_iam に期限の記載なし\""),
            "{rows}"
        );
    }
}

#[test]
fn a_service_account_is_no_user() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】loader@kawasemi-stg.iam.gserviceaccount.com\n【権限】roles/run.viewer";
    let rows = rows_of("permission.gcp_iam", "tf_gcp_iam", words);
    assert!(
        rows.contains("\"serviceAccount:loader@kawasemi-stg.iam.gserviceaccount.com\""),
        "{rows}"
    );
}

#[test]
fn the_address_of_a_group_is_not_called_a_user_without_a_word() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】bi-team@example.com\n【権限】roles/run.viewer\n【理由】BIグループのため";
    let rows = rows_of("permission.gcp_iam", "tf_gcp_iam", words);
    assert!(
        rows.contains("member: user: を付けた。グループのアドレスなら直す"),
        "{rows}"
    );
}

#[test]
fn values_that_cannot_be_paired_are_left_to_a_person() {
    let words = "【プロジェクト】kawasemi-stg\n【対象者】sora@example.com mio@example.com\n【接続元IP】203.0.113.7 203.0.113.8 203.0.113.9\n【理由】検証";
    let rows = rows_of("permission.network", "network_access_code", words);
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
        text(&files, "imports.tf").to_owned()
    };
    let plain = imports(words);
    assert!(
        plain.contains("id = \"kawasemi-stg roles/run.viewer user:sora@example.com\"\n"),
        "{plain}"
    );
    let ending = imports(&format!("{words}【利用期間】2026-09-30\n"));
    assert!(
        ending.contains("id = \"kawasemi-stg roles/run.viewer user:sora@example.com until\"\n"),
        "{ending}"
    );
}

#[test]
fn what_is_made_once_is_imported_without_a_key() {
    let files = draft(&Desk::new(), "keyless_identity", Lang::En, true);
    let imports = text(&files, "imports.tf");
    assert!(
        imports.contains("to = google_iam_workload_identity_pool.this\n"),
        "{imports}"
    );
    assert!(
        !imports.contains("pool.this[") && !imports.replace("import {", "").contains('{'),
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
