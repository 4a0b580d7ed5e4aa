//! `toilscope draft`: every play gives files that stand, the tickets' values are in them, and nothing else is.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;
use toilscope::compose::Scene;
use toilscope::config::{Overrides, Settings};
use toilscope::taxonomy::{Lang, Taxonomy};
use toilscope::ticket::{Comment, Ticket, TicketId};

use crate::terraform;
use crate::tool::Room;

/// A value for each slot, in words that a requester would use; all invented.
fn value(slot: &str) -> &'static str {
    match slot {
        "person" | "email" => "sora.mizuki@example.com",
        "github_user" => "sora-mizuki-x",
        "org_team" => "payments",
        "repository" => "kawasemi/web-app",
        "role" => "閲覧",
        "gcp_project" => "kawasemi-stg-1",
        "gcp_folder" => "folders/123456789",
        "bucket" => "kawasemi-drop",
        "dataset" => "sales_mart",
        "namespace" => "payments-stg",
        "db_instance" => "orders-replica",
        "aws_account" => "111122223333",
        "environment" => "stg",
        "duration" => "2026-09-30",
        "source_ip" => "203.0.113.7",
        "service" => "kawasemi-api",
        "hostname" => "api.stg.example.com",
        "target_value" => "80",
        "software" => "cert-manager",
        "version" => "1.15",
        "branch_rule" => "ブランチ保護",
        "review_count" => "2",
        "secret_name" => "PAYMENT_API_URL",
        "link" => "https://example.com/runs/1",
        _ => "検証のため",
    }
}

/// One form ticket for each sub-pattern with every slot filled, and the labels that put it there.
fn tickets(taxonomy: &Taxonomy) -> (Vec<Ticket>, String) {
    let mut tickets = Vec::new();
    let mut labels = String::new();
    for pattern in &taxonomy.patterns {
        for sub in &pattern.subs {
            let mut ticket = Ticket::new(TicketId::new(&sub.id).expect("an id"));
            ticket.title = Some(format!("{}をお願いします", sub.name.ja));
            let mut body = String::new();
            for id in sub.slots.required.iter().chain(&sub.slots.optional) {
                let slot = taxonomy.slot(id).expect("a slot");
                let label = slot.form.first().map_or(slot.name.ja.as_str(), String::as_str);
                writeln!(body, "【{label}】{}", value(id)).expect("text");
            }
            ticket.body = Some(body);
            ticket.status = Some("完了".to_owned());
            writeln!(
                labels,
                r#"{{"id": "{}", "pattern": "{}", "subpattern": "{}"}}"#,
                sub.id, pattern.id, sub.id
            )
            .expect("text");
            tickets.push(ticket);
        }
    }
    (tickets, labels)
}

pub(crate) struct Desk {
    pub(crate) taxonomy: Taxonomy,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) labels: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let taxonomy = Taxonomy::builtin().expect("the built-in taxonomy");
        let (tickets, labels) = tickets(&taxonomy);
        Self {
            taxonomy,
            tickets,
            labels,
        }
    }

    /// Drafts each of the ids; path and text of the files.
    pub(crate) fn drafts(&self, ids: &[&str], lang: Lang, raw: bool) -> Vec<Vec<(String, String)>> {
        let overrides = Overrides {
            raw: Some(raw),
            ..Overrides::default()
        };
        let settings = Settings::resolve(overrides, lang).expect("settings");
        let (labels, faults) = toilscope::classify::Labels::parse("labels", &self.labels, &self.taxonomy);
        assert!(faults.is_empty(), "{faults:?}");
        let analysis = toilscope::analyze_labelled(&self.tickets, &self.taxonomy, &labels, &settings)
            .expect("an analysis");
        let coverage = analysis.coverage;
        let scene = Scene::new(&analysis, coverage, &self.taxonomy, &settings);
        let draft = |id: &&str| {
            let draft = scene.draft(id).unwrap_or_else(|| panic!("no draft of {id}"));
            draft
                .files
                .into_iter()
                .map(|file| (file.path, file.text))
                .collect()
        };
        ids.iter().map(draft).collect()
    }
}

pub(crate) fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

pub(crate) fn text<'f>(files: &'f [(String, String)], end: &str) -> &'f str {
    let found = files.iter().find(|(path, _)| path.ends_with(end));
    &found
        .unwrap_or_else(|| {
            panic!(
                "no {end} among {:?}",
                files.iter().map(|file| &file.0).collect::<Vec<_>>()
            )
        })
        .1
}

#[test]
fn the_terraform_of_every_play_is_what_its_providers_take() {
    let desk = Desk::new();
    let ids: Vec<&str> = desk.taxonomy.plays.iter().map(|play| play.id.as_str()).collect();
    let mut drafted = BTreeSet::new();
    for lang in [Lang::Ja, Lang::En] {
        for (id, files) in ids.iter().zip(desk.drafts(&ids, lang, true)) {
            for (folder, module) in terraform::modules(&borrowed(&files)) {
                assert_eq!(terraform::faults(&module), Vec::<String>::new(), "{folder}");
                drafted.insert((*id).to_owned());
            }
            for name in [
                "README.md",
                "proposal.md",
                "request-form.md",
                "runbook.md",
                "checklist.md",
            ] {
                assert!(!text(&files, name).is_empty(), "{id}");
            }
        }
    }
    let with_resources = desk
        .taxonomy
        .plays
        .iter()
        .filter(|play| play.drafted().next().is_some());
    assert_eq!(drafted.len(), with_resources.count());
    assert!(drafted.len() >= 18, "{drafted:?}");
}

#[test]
fn what_the_taxonomy_says_of_resources_is_what_providers_publish() {
    let taxonomy = Taxonomy::builtin().expect("the built-in taxonomy");
    for play in &taxonomy.plays {
        for resource in &play.resources {
            let name = if resource.data {
                format!("data.{}", resource.name)
            } else {
                resource.name.clone()
            };
            let known =
                terraform::arguments(&name).unwrap_or_else(|| panic!("{name} of {} is in no table", play.id));
            for argument in resource.required.iter().chain(&resource.optional) {
                assert!(known.contains_key(argument), "{name} takes no {argument}");
            }
            for (argument, entry) in known {
                let demanded = entry["required"] == true;
                assert!(
                    !demanded || resource.required.contains(argument),
                    "{name} demands {argument}"
                );
            }
            assert!(
                taxonomy.provider(resource.provider()).is_some() || !resource.draft,
                "{name} has no provider"
            );
        }
    }
}

#[test]
fn every_play_says_all_that_a_builder_asks() {
    let taxonomy = Taxonomy::builtin().expect("the built-in taxonomy");
    for play in &taxonomy.plays {
        let id = &play.id;
        assert!(
            play.means.is_some() && play.fits.is_some() && play.rollback.is_some(),
            "{id}"
        );
        assert!(!play.prerequisites.is_empty() && !play.steps.is_empty(), "{id}");
        let words = play
            .prerequisites
            .iter()
            .chain(&play.steps)
            .chain(&play.means)
            .chain(&play.fits)
            .chain(&play.rollback);
        for words in words.filter(|words| words.en != "CODEOWNERS") {
            assert_ne!(words.ja, words.en, "{id} has a text in one language only");
        }
    }
}

#[test]
fn values_of_tickets_stand_in_the_rows() {
    let desk = Desk::new();
    let drafts = desk.drafts(&["tf_github_membership", "tf_gcp_iam"], Lang::En, true);
    let rows = text(&drafts[0], "entries.auto.tfvars");
    assert!(rows.contains("github_user = \"sora-mizuki-x\""), "{rows}");
    assert!(rows.contains("org_team    = \"payments\""), "{rows}");
    let imports = text(&drafts[0], "imports.tf");
    assert!(
        imports.contains("to = github_team_membership.this[\"payments/sora-mizuki-x\"]\n")
            && imports.contains("id = \"payments:sora-mizuki-x\"\n"),
        "{imports}"
    );
    let rows = text(&drafts[1], "entries.auto.tfvars");
    assert!(rows.contains("\"user:sora.mizuki@example.com\""), "{rows}");
    // 閲覧 is no role of Google Cloud: it is left to a person, who sees what was said. A day ends where the desk is.
    assert!(rows.contains("until       = \"2026-09-30T14:59:59Z\""), "{rows}");
    assert!(
        rows.contains("role        = \"REPLACE_ME\"") && rows.contains("閲覧"),
        "{rows}"
    );
}

#[test]
fn nobody_is_named_unless_raw_and_a_pseudonym_is_no_value() {
    let desk = Desk::new();
    let ids: Vec<&str> = desk.taxonomy.plays.iter().map(|play| play.id.as_str()).collect();
    for files in desk.drafts(&ids, Lang::Ja, false) {
        for (path, text) in &files {
            for personal in ["sora.mizuki", "sora-mizuki-x", "203.0.113.7"] {
                assert!(!text.contains(personal), "{path} shows {personal}:\n{text}");
            }
        }
    }
    let rows = desk.drafts(&["tf_github_membership"], Lang::En, false).remove(0);
    assert!(text(&rows, "entries.auto.tfvars").contains("github_user = \"REPLACE_ME:p-01\""));
}

#[test]
fn secrets_stand_in_no_draft_also_with_raw() {
    let mut desk = Desk::new();
    let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    for ticket in &mut desk.tickets {
        let body = ticket.body.take().unwrap_or_default();
        ticket.body = Some(format!(
            "{body}【githubアカウント】{token}\n【理由】token={token}\n"
        ));
        ticket.comments.push(Comment {
            author: Some("山田太郎".to_owned()),
            text: format!("{token} を設定しました。確認をお願いします"),
            created_at: None,
        });
    }
    let ids: Vec<&str> = desk.taxonomy.plays.iter().map(|play| play.id.as_str()).collect();
    for files in desk.drafts(&ids, Lang::Ja, true) {
        for (path, text) in &files {
            assert!(!text.contains(&token), "{path}:\n{text}");
        }
    }
}

#[test]
fn a_request_to_remove_makes_no_grant() {
    let mut desk = Desk::new();
    for ticket in &mut desk.tickets {
        ticket.title = Some("退職のためGitHub組織から削除してください".to_owned());
    }
    let files = desk.drafts(&["tf_github_membership"], Lang::En, true).remove(0);
    let rows = text(&files, "entries.auto.tfvars");
    assert!(
        rows.contains("entries = {}") && rows.contains("for a person to look at: account.github"),
        "{rows}"
    );
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let room = Room::new();
    let mut lines: Vec<&str> = crate::tool::SAMPLE.lines().collect();
    room.file("a.jsonl", lines.join("\n"));
    lines.reverse();
    room.file("b.jsonl", lines.join("\n"));
    for name in ["a", "b"] {
        room.run(&[
            "draft",
            "idp_scim",
            &format!("{name}.jsonl"),
            "--output",
            name,
            "--quiet",
        ])
        .good();
    }
    for path in [
        "README.md",
        "runbook.md",
        "checklist.md",
        "proposal.md",
        "request-form.md",
    ] {
        let read = |name: &str| std::fs::read(room.path().join(name).join(path)).expect("a file");
        assert_eq!(read("a"), read("b"), "{path}");
    }
}

#[test]
fn an_unknown_candidate_is_told_which_there_are() {
    let answer = Room::new().run(&["draft", "nonsense", "--sample", "--output", "x"]);
    assert_eq!(answer.code, Some(2));
    assert!(
        answer.err.contains("nonsense") && answer.err.contains("tf_github_membership"),
        "{}",
        answer.err
    );
}

#[test]
fn nothing_is_overwritten_without_force() {
    let room = Room::new();
    let draft = ["draft", "faq_and_search", "-", "--output", "out", "--lang", "en"];
    let listed = room.pipe(&draft, crate::tool::SAMPLE).good();
    assert!(
        listed.lines().any(|path| path == "out/faq-outline.md"),
        "{listed}"
    );
    room.file("out/README.md", "mine");
    let answer = room.pipe(&draft, crate::tool::SAMPLE);
    assert_eq!(answer.code, Some(2), "{}", answer.err);
    assert!(answer.err.contains("--force"), "{}", answer.err);
    assert_eq!(
        std::fs::read_to_string(room.path().join("out/README.md")).expect("mine"),
        "mine"
    );
    let forced: Vec<&str> = draft.iter().copied().chain(["--force"]).collect();
    assert_eq!(room.pipe(&forced, crate::tool::SAMPLE).good(), listed);
    assert_ne!(
        std::fs::read_to_string(room.path().join("out/README.md")).expect("new"),
        "mine"
    );
}

#[test]
fn a_folder_that_cannot_be_one_is_refused_before_the_work() {
    let room = Room::new();
    room.file("taken", "a file");
    for folder in ["taken", "no/such/folder"] {
        let answer = room.run(&["draft", "idp_scim", "--sample", "--output", folder]);
        assert_eq!(answer.code, Some(1), "{}", answer.err);
        assert!(answer.err.contains("folder"), "{}", answer.err);
    }
}

#[test]
fn a_play_of_ones_own_is_drafted() {
    let room = Room::new();
    let own = Taxonomy::BUILTIN
        .replace(
            "# ================================================================================================ account",
            r#"
[providers.widget]
source = "example/widget"
version = "~> 1.0"

[plays.widget_seats]
ja = "ウィジェットの席"
en = "Widget seats"
kind = "terraform_self_service"
build_days = { low = 1.0, likely = 2.0, high = 3.0 }
automation_rate = { low = 0.5, likely = 0.6, high = 0.7 }
residual_minutes = 1.0
upkeep_hours_per_quarter = 0.5
owner = "us"
risk = 1
resources = [{ name = "widget_seat", required = ["email", "plan"], fill = { email = { slot = "email", pattern = '^[^@]+@[^@]+$' } } }]

# ======"#,
        )
        .replace("plays = [\"tf_github_membership\", \"form_redesign\"]", "plays = [\"widget_seats\", \"form_redesign\"]");
    room.file("own.toml", own);
    room.run(&[
        "draft",
        "widget_seats",
        "--sample",
        "--taxonomy",
        "own.toml",
        "--output",
        "out",
    ])
    .good();
    let main =
        std::fs::read_to_string(room.path().join("out/terraform/widget_seats/main.tf")).expect("main.tf");
    // What the play does not fill stands there to be filled.
    assert!(
        main.contains("resource \"widget_seat\" \"this\"") && main.contains("var.widget_seat_plan"),
        "{main}"
    );
}

#[test]
fn terraform_itself_agrees_with_the_layout_where_it_is_installed() {
    let Ok(version) = std::process::Command::new("terraform").arg("version").output() else {
        eprintln!("terraform is not installed here: only the table of arguments was checked");
        return;
    };
    assert!(version.status.success());
    let desk = Desk::new();
    let ids: Vec<&str> = desk
        .taxonomy
        .plays
        .iter()
        .filter(|play| play.drafted().next().is_some())
        .map(|play| play.id.as_str())
        .collect();
    let room = Room::new();
    for files in desk.drafts(&ids, Lang::En, true) {
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("terraform/")) {
            let path = room.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
            std::fs::write(path, text).expect("the file");
        }
    }
    let output = std::process::Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-recursive"])
        .current_dir(room.path())
        .output()
        .expect("terraform runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Text that tries to leave every kind of quotes.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just("${file(\"/etc/passwd\")}"),
        Just("%{ if true }"),
        Just("\"\n}\nresource \"null_resource\" \"x\" {}\n"),
        Just("'; rm -rf ~; '"),
        Just("`id`$(id)"),
        Just("\n* @attacker\n"),
        Just("| <script>"),
        Just("\u{202e}\u{1b}[31m"),
        Just("*/ # "),
        Just("権限"),
        Just("\\"),
        Just("a"),
    ];
    proptest::collection::vec(parts, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nothing_that_a_ticket_says_leaves_its_quotes(words in hostile(), id in hostile()) {
        let mut desk = Desk::new();
        desk.tickets.retain(|ticket| ["account.github", "permission.gcp_iam", "config.dns", "tool_config.dns"].contains(&ticket.id.as_str()));
        let kept: Vec<Ticket> = desk.tickets.clone();
        for (at, ticket) in kept.iter().enumerate() {
            let mut body = ticket.body.clone().unwrap_or_default();
            for label in ["理由", "権限", "チーム", "githubアカウント", "プロジェクト", "期限"] {
                writeln!(body, "【{label}】{words}").expect("text");
            }
            let mut hostile = ticket.clone();
            hostile.body = Some(body);
            hostile.title = Some(format!("{} {words}", ticket.title.clone().unwrap_or_default()));
            hostile.id = TicketId::new(&format!("{at}{id}")).expect("an id");
            hostile.comments.push(Comment { author: None, text: words.clone(), created_at: None });
            let label = serde_json::json!({ "id": hostile.id.as_str(), "pattern": ticket.id.as_str().split('.').next(), "subpattern": ticket.id.as_str() });
            writeln!(desk.labels, "{label}").expect("text");
            desk.tickets.push(hostile);
        }
        for files in desk.drafts(&["tf_github_membership", "tf_gcp_iam"], Lang::Ja, true) {
            for (folder, module) in terraform::modules(&borrowed(&files)) {
                prop_assert_eq!(terraform::faults(&module), Vec::<String>::new(), "{}", folder);
            }
            for (path, text) in &files {
                prop_assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{} has a control character", path);
                prop_assert!(!path.ends_with(".md") || !text.contains("<script>"), "{}", path);
            }
            let owners = text(&files, "CODEOWNERS");
            prop_assert!(owners.lines().all(|line| line.is_empty() || line.starts_with("# ") || line.starts_with("/terraform/")), "{}", owners);
            let imports = text(&files, "imports.tf");
            prop_assert!(is_imports_alone(imports), "{}", imports);
        }
    }
}

/// Whether a file holds import blocks and nothing else, with ids that are plain text.
fn is_imports_alone(text: &str) -> bool {
    let plain = |block: &hcl::Block| {
        let mut attributes = block.body.attributes();
        let id = attributes.find(|attribute| attribute.key() == "id");
        id.is_some_and(|id| matches!(id.expr(), hcl::Expression::String(_)))
    };
    hcl::parse(text).is_ok_and(|body| {
        body.iter().all(|structure| match structure {
            hcl::Structure::Block(block) => block.identifier.as_str() == "import" && plain(block),
            hcl::Structure::Attribute(_) => false,
        })
    })
}
