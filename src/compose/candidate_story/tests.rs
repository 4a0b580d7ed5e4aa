//! What is told of candidates, bundles and the effort check: each sentence true of what was counted.

use crate::analysis::analyze;
use crate::compose::Scene;
use crate::compose::candidate_story::story;
use crate::compose::effort_check;
use crate::config::{Overrides, Settings};
use crate::taxonomy::{Lang, Taxonomy};
use crate::ticket::{Moment, Ticket, TicketId};

fn moment(text: &str) -> Option<Moment> {
    Some(Moment {
        at: text.parse().unwrap(),
        day_only: false,
    })
}

/// A ticket of a month of 2026, done within the day.
fn ticket(id: usize, month: usize, title: &str, body: &str) -> Ticket {
    let mut ticket = Ticket::new(TicketId::new(&format!("T-{id:03}")).unwrap());
    ticket.title = Some(title.to_owned());
    ticket.body = Some(body.to_owned());
    ticket.requesters = vec![format!("r{}", id % 5)];
    ticket.created_at = moment(&format!("2026-{month:02}-13T10:00:00+09:00"));
    ticket.closed_at = moment(&format!("2026-{month:02}-13T16:00:00+09:00"));
    ticket.status = Some("完了".to_owned());
    ticket
}

pub(in crate::compose) fn invitations(counts: &[(usize, usize)]) -> Vec<Ticket> {
    let mut tickets = Vec::new();
    for &(month, count) in counts {
        for _ in 0..count {
            let n = tickets.len();
            let body = format!(
                "user{n}@example.com を GitHub の組織に招待してください。payments チームです。GitHub ID: octo-{n}"
            );
            tickets.push(ticket(n, month, "GitHub に招待", &body));
        }
    }
    tickets
}

fn leavers() -> Vec<Ticket> {
    let leaver = |n: usize| {
        ticket(
            n,
            n + 1,
            "退職者のアカウント削除",
            "退職した佐藤さんの全アカウントを削除してください",
        )
    };
    (0..12).map(leaver).collect()
}

/// Everything that is told of a candidate or bundle, one sentence a line.
fn told(tickets: &[Ticket], id: &str, lang: Lang) -> String {
    let settings = Settings::resolve(
        Overrides::parse("t.toml", "as_of = \"2026-12-31\"").unwrap(),
        lang,
    )
    .unwrap();
    let taxonomy = Taxonomy::builtin().unwrap();
    let analysis = analyze(tickets, &taxonomy, &settings).unwrap();
    let coverage = analysis.coverage;
    let scene = Scene::new(&analysis, coverage, &taxonomy, &settings);
    let (_, sections) = story(&scene, id).unwrap_or_else(|| panic!("no {id}"));
    let lines: Vec<String> = sections
        .into_iter()
        .flat_map(|section| std::iter::once(section.title).chain(section.notes))
        .collect();
    lines.join("\n")
}

#[test]
fn leavers_have_a_lead_time_that_is_a_risk_and_no_waiting() {
    let told = told(&leavers(), "offboarding_workflow", Lang::En);
    assert!(told.contains("median lead 6.0 h"), "{told}");
    assert!(
        told.contains("not counted as waiting, but as a risk in ledger C"),
        "{told}"
    );
    assert!(!told.contains("no median lead time is known"), "{told}");
}

#[test]
fn one_quarter_is_one_and_growth_names_its_quarters() {
    let once = told(
        &invitations(&[(10, 3), (11, 3), (12, 3)]),
        "tf_github_membership",
        Lang::En,
    );
    assert!(once.contains("9 tickets in the last whole quarter,"), "{once}");
    let grown = [(2, 2), (5, 2), (8, 14), (11, 16)];
    let text = told(&invitations(&grown), "tf_github_membership", Lang::En);
    assert!(
        text.contains("from 4 in 2026-Q1 to 2026-Q2 to 30 in 2026-Q3 to 2026-Q4"),
        "{text}"
    );
    // Growth is told with what its interval is, so that it does not quarrel with the verdict of the tables.
    assert!(
        text.contains("smoothed by half a ticket, with its 80 % interval"),
        "{text}"
    );
    let text = told(&invitations(&grown), "tf_github_membership", Lang::Ja);
    assert!(
        text.contains("2026-Q1〜2026-Q2 の 4 件から2026-Q3〜2026-Q4 の 30 件へ"),
        "{text}"
    );
    assert!(text.contains("その 80 % の幅"), "{text}");
}

#[test]
fn growth_that_the_tables_do_not_call_clear_says_how_both_go_together() {
    let grown = [(2, 1), (5, 1), (8, 4), (11, 5)];
    let text = told(&invitations(&grown), "tf_github_membership", Lang::En);
    assert!(
        text.contains("multiplied by its end") && text.contains("no change is claimed"),
        "{text}"
    );
}

#[test]
fn an_expiry_that_the_form_must_ask_for_is_not_called_optional() {
    let text = told(&datasets(), "tf_bigquery_iam", Lang::En);
    let line = text
        .lines()
        .find(|line| line.contains("/ duration / expiry ("))
        .unwrap();
    assert!(line.contains("the form must ask for it"), "{line}");
    let form = text
        .lines()
        .find(|line| line.contains("let the form ask for "))
        .unwrap();
    assert!(form.contains("duration / expiry"), "{form}");
    let bundle = told(&datasets(), "iac_self_service", Lang::En);
    assert!(bundle.contains("make duration / expiry mandatory"), "{bundle}");
    let without_grants = told(
        &invitations(&[(10, 3), (11, 9)]),
        "tf_github_membership",
        Lang::En,
    );
    assert!(
        without_grants.contains("/ duration / expiry (optional)"),
        "{without_grants}"
    );
}

#[test]
fn the_share_that_is_told_is_the_one_that_was_counted() {
    let mut tickets = invitations(&[(11, 9)]);
    tickets.push(ticket(50, 11, "GitHub に招待", "組織に招待してください"));
    let text = told(&tickets, "tf_github_membership", Lang::En);
    let line = text
        .lines()
        .find(|line| line.contains("every required parameter is given in "))
        .unwrap();
    let (complete, rest) = line.split_once(" of 10 tickets (").unwrap();
    let complete: usize = complete.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(complete < 10);
    assert!(
        complete > 0 && rest.starts_with(&format!("{complete}0 %; [")),
        "{line}"
    );
}

#[test]
fn who_owns_it_is_said_in_the_language_of_the_reader() {
    let tickets = invitations(&[(11, 9)]);
    let (ja, en) = (
        told(&tickets, "tf_github_membership", Lang::Ja),
        told(&tickets, "tf_github_membership", Lang::En),
    );
    assert!(en.contains("owner: product team by PR"), "{en}");
    assert!(!ja.contains("product team by PR"), "{ja}");
}

#[test]
fn why_it_is_in_no_bundle_is_the_cause() {
    let few = told(&invitations(&[(11, 2)]), "tf_github_membership", Lang::En);
    assert!(
        few.contains("recommended in no bundle: it has too few tickets"),
        "{few}"
    );
    let mut incomplete = invitations(&[(11, 12)]);
    for ticket in &mut incomplete {
        ticket.body = ticket
            .body
            .take()
            .map(|body| body.replace("payments チームです。", ""));
    }
    let dear = told(&incomplete, "tf_github_membership", Lang::En);
    assert!(
        dear.contains("recommended in no bundle: even with the build paid"),
        "{dear}"
    );
}

/// So many requests for a permission without an end, over the year.
fn grants(first: usize, count: usize, title: &str, body: &str) -> Vec<Ticket> {
    let one = |n: usize| ticket(first + n, n % 12 + 1, title, body);
    (0..count).map(one).collect()
}

pub(in crate::compose) fn datasets() -> Vec<Ticket> {
    let body = "本番 BigQuery の sales.orders_mart テーブルの閲覧権限をください";
    grants(0, 24, "BigQuery 閲覧権限の付与", body)
}

/// A kind with too few tickets of its own beside one with enough, on one base.
pub(in crate::compose) fn few_beside_many() -> Vec<Ticket> {
    let mut tickets = datasets();
    let body = "GCP プロジェクト kawasemi-prd の roles/run.viewer を sora@example.com に付与してください";
    tickets.extend(grants(50, 5, "GCP の IAM 権限付与", body));
    tickets
}

#[test]
fn few_tickets_in_a_bundle_are_told_in_one_sentence() {
    for (lang, both, never) in [
        (
            Lang::En,
            "gate: watch: too few tickets to recommend it by itself, but recommended within the bundle iac_self_service",
            "wait until there are more tickets",
        ),
        (
            Lang::Ja,
            "判定: 様子見。それだけで薦めるには件数が少ないが、基盤をほかの施策と分け合うまとまり iac_self_service の中では薦める",
            "件数が増えるまで待つ",
        ),
    ] {
        let text = told(&few_beside_many(), "tf_gcp_iam", lang);
        assert!(text.contains(both) && !text.contains(never), "{text}");
        let text = told(&few_beside_many(), "iac_self_service", lang);
        let sentence = both.trim_start_matches("gate: ").trim_start_matches("判定: ");
        assert!(text.contains(sentence), "{text}");
    }
}

#[test]
fn a_bundle_says_how_much_of_its_upkeep_is_the_base() {
    let text = told(&few_beside_many(), "iac_self_service", Lang::En);
    let base = "4.0 h of it for the base";
    assert!(text.contains("Upkeep is") && text.contains(base), "{text}");
}

#[test]
fn one_ticket_is_no_tickets() {
    let text = told(&invitations(&[(11, 1)]), "tf_github_membership", Lang::En);
    assert!(text.contains("1 ticket in the last whole quarter"), "{text}");
    assert!(!text.contains("1 tickets"), "{text}");
}

#[test]
fn a_bundle_tells_all_three_ledgers() {
    let tickets = datasets();
    let text = told(&tickets, "iac_self_service", Lang::En);
    for wanted in [
        "Ledger A: hours of the SREs",
        "Ledger B: waiting of requesters",
        "business hours of waiting spared a quarter",
        "Ledger C: risk and control",
        "requests that name no end: 24 in 2026-Q1 to 2026-Q4",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn the_hours_of_a_quarter_that_is_not_over_are_not_judged() {
    let text = "as_of = \"2026-11-20\"\n[effort.top_down.\"2026-Q3\"]\nhours = 480\nshares = [0.2]\n[effort.top_down.\"2026-Q4\"]\nhours = 480\nshares = [0.2]\n";
    let settings = Settings::resolve(Overrides::parse("t.toml", text).unwrap(), Lang::En).unwrap();
    let taxonomy = Taxonomy::builtin().unwrap();
    let tickets = invitations(&[(8, 6), (11, 6)]);
    let analysis = analyze(&tickets, &taxonomy, &settings).unwrap();
    let coverage = analysis.coverage;
    let scene = Scene::new(&analysis, coverage, &taxonomy, &settings);
    let notes = effort_check::all(&scene).unwrap().notes;
    assert!(notes[0].contains("κ ="), "{notes:?}");
    assert!(
        notes[1].contains("not all of its tickets are known yet"),
        "{notes:?}"
    );
    assert!(!notes[1].contains('κ'), "{notes:?}");
}
