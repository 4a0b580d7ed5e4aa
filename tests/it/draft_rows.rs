//! What a ticket gives reaches the rows: each of a list and of a table, the group that an address is, the bucket instead
//! of the project; and the form asks for all that a row needs.

use toilscope::taxonomy::Lang;

use crate::draft::{Desk, text};
use crate::draft_care::{body, desk, draft, rows_of};

fn github(words: &str) -> String {
    rows_of("account.github", "tf_github_membership", words)
}

fn bigquery(words: &str) -> String {
    rows_of("permission.bigquery", "tf_bigquery_iam", words)
}

fn gcp(words: &str) -> String {
    rows_of("permission.gcp_iam", "tf_gcp_iam", words)
}

#[test]
fn each_login_of_a_list_in_free_text_makes_a_row() {
    for words in [
        "下記2名を招待してください\n　・mio-yk（水木さん）\n　・s-renda（蓮田さん）\nチームは payments でお願いします",
        "【対象】mio-yk （水木さん）、 s-renda （蓮田さん）　どちらもチーム payments",
        "please invite mio-yk and s-renda to team payments",
    ] {
        let rows = github(words);
        for login in ["mio-yk", "s-renda"] {
            assert!(
                rows.contains(&format!("github_user = \"{login}\"")),
                "{words}\n{rows}"
            );
        }
        assert_eq!(
            rows.matches("org_team    = \"payments\"").count(),
            2,
            "{words}\n{rows}"
        );
    }
    // Two that merely occur may be an old and a new one.
    let rows = github("mio-yk は旧アカウントで、新しい方は s-renda です。チームは payments");
    assert!(
        !rows.contains("= \"mio-yk\"") && !rows.contains("= \"s-renda\""),
        "{rows}"
    );
}

#[test]
fn each_line_of_a_table_makes_a_row() {
    let words = "招待をお願いします。\n\n| 氏名 | GitHub | 配属 |\n|---|---|---|\n| 水木 | mioyk | web |\n| 蓮田 | 未定（確認中） | app |\n";
    let rows = github(words);
    assert!(
        rows.contains("github_user = \"mioyk\"\n    org_team    = \"web\""),
        "{rows}"
    );
    assert!(
        rows.contains("github_user = \"REPLACE_ME\"\n    org_team    = \"app\""),
        "{rows}"
    );
    let hidden = draft(
        &desk("account.github", body(words)),
        "tf_github_membership",
        Lang::En,
        false,
    );
    assert!(!text(&hidden, "entries.auto.tfvars").contains("mioyk"));
}

#[test]
fn datasets_that_are_listed_make_a_row_each_and_others_none() {
    let rows = bigquery("mart_delivery と mart_orders の閲覧。対象: sora@example.com");
    for dataset in ["mart_delivery", "mart_orders"] {
        assert!(rows.contains(&format!("dataset = \"{dataset}\"")), "{rows}");
    }
    let rows = bigquery("mart_delivery の閲覧を sora@example.com に。mart_orders は不要です");
    assert!(rows.contains("dataset = \"REPLACE_ME\""), "{rows}");
    let rows = bigquery("閲覧権限を sora@example.com に: `kawasemi-prd.mart_delivery.fct_lines`");
    assert!(
        rows.contains("= \"mart_delivery\"")
            && rows.contains("= \"kawasemi-prd\"")
            && rows.contains("中の一部も書かれている"),
        "{rows}"
    );
    let rows = bigquery("dataViewer on mart_delivery for sora@example.com, same as I have on mart_orders");
    assert!(rows.contains("dataset = \"mart_delivery\""), "{rows}");
}

#[test]
fn the_address_of_a_group_is_one_where_the_ticket_says_so() {
    let words = |who: &str| format!("【プロジェクト】kawasemi-stg\n【権限】roles/run.viewer\n{who}");
    for who in [
        "【対象者】bi@example.com（グループ）",
        "bi@example.com グループに付与してください",
        "please grant it to the group bi@example.com",
        "メーリングリスト bi@example.com に付けてください",
    ] {
        let rows = gcp(&words(who));
        assert!(rows.contains("\"group:bi@example.com\""), "{who}\n{rows}");
    }
    let rows = gcp(&words("sora@example.com をグループと同じように"));
    assert!(rows.contains("\"user:sora@example.com\""), "{rows}");
}

#[test]
fn a_bucket_is_granted_on_the_bucket() {
    let words = "loader@kawasemi-stg.iam.gserviceaccount.com に gs://kawasemi-drop の roles/storage.objectViewer を付与してください";
    let rows = gcp(words);
    assert!(
        rows.contains("bucket = \"kawasemi-drop\"") && !rows.contains("gcp_project"),
        "{rows}"
    );
    let ends = gcp(&format!("【内容】{words}\n【利用期間】2026-09-30"));
    assert!(ends.contains("until  = \"2026-09-30T14:59:59Z\""), "{ends}");
}

#[test]
fn a_day_that_the_form_asks_for_is_one_that_terraform_takes() {
    for (sub, play) in [
        ("permission.gcp_iam", "tf_gcp_iam"),
        ("permission.bigquery", "tf_bigquery_iam"),
    ] {
        let files = draft(&desk(sub, |_| {}), play, Lang::En, true);
        let form = text(&files, "request-form.md");
        let asked = form
            .lines()
            .any(|line| line.contains("YYYY-MM-DD") && line.contains("`until`"));
        assert!(asked, "{form}");
        assert!(
            text(&files, "variables.tf").contains(r#"can(regex("^\\d{4}-\\d{2}-\\d{2}$", entry.until))"#)
        );
        let main = text(&files, "main.tf");
        let resources = main.matches("\nresource ").count();
        let ends = r#".until}T23:59:59Z", "-9h0m")"#;
        assert_eq!(main.matches(ends).count(), resources, "{main}");
        // A data set refuses conditions at apply, which no schema tells: its rows are left out once they are over.
        let is_data = play == "tf_bigquery_iam";
        assert_eq!(main.contains("dynamic \"condition\""), !is_data, "{main}");
        assert_eq!(
            main.matches("plantimestamp()").count(),
            if is_data { resources } else { 0 },
            "{main}"
        );
        let variables = text(&files, "variables.tf");
        assert!(
            variables.contains("until        = string") && variables.contains("say why there is no end"),
            "{variables}"
        );
    }
}

/// Every variable of a row is asked for by the form, or the form says what stands in for it.
#[test]
fn no_row_needs_what_nobody_is_asked() {
    let desk = Desk::new();
    let ids: Vec<&str> = desk.taxonomy.plays.iter().map(|play| play.id.as_str()).collect();
    for lang in [Lang::Ja, Lang::En] {
        for (id, files) in ids.iter().zip(desk.drafts(&ids, lang, false)) {
            let Some((_, variables)) = files.iter().find(|(path, _)| path.ends_with("variables.tf")) else {
                continue;
            };
            let form = text(&files, "request-form.md");
            let rows = variables
                .split("map(object({")
                .nth(1)
                .and_then(|rest| rest.split("}))").next());
            for line in rows
                .unwrap_or_default()
                .lines()
                .filter(|line| line.contains(" = "))
            {
                let (name, kind) = line.split_once(" = ").expect("a name and a type");
                let name = name.trim();
                if name == "system" {
                    continue;
                }
                assert!(
                    form.contains(&format!("`{name}`")),
                    "{id} asks nobody for {name}:\n{form}"
                );
                if let Some(default) = kind.split('"').nth(1) {
                    assert!(
                        form.contains(&format!("`{default}`")),
                        "{id} tells no default of {name}"
                    );
                }
            }
        }
    }
}

/// What an automation cannot do without is counted: its slots are among those of the kind of request it serves.
#[test]
fn what_a_play_needs_is_looked_for_in_tickets() {
    let taxonomy = toilscope::taxonomy::Taxonomy::builtin().expect("the built-in taxonomy");
    for sub in taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs) {
        for need in toilscope::automation::needs(sub, &taxonomy) {
            let mut known = sub.slots.required.iter().chain(&sub.slots.optional);
            assert!(known.any(|slot| slot == need), "{}: {need}", sub.id);
        }
    }
}
