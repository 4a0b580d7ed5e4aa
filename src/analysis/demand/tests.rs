//! What is believed and found before anything is ranked: stated minutes, and what stands open.

use crate::analysis::{Analysis, analyze};
use crate::automation::{Finding, Flag};
use crate::config::{Overrides, Settings};
use crate::taxonomy::{Lang, Taxonomy};
use crate::ticket::{Moment, Ticket, TicketId};
use crate::toil::Origin;

fn ticket(id: usize, title: &str, body: &str) -> Ticket {
    let mut ticket = Ticket::new(TicketId::new(&format!("T-{id:02}")).unwrap());
    ticket.title = Some(title.to_owned());
    ticket.body = Some(body.to_owned());
    ticket.requesters = vec![format!("r{id}")];
    ticket.created_at = Some(Moment {
        at: format!("2026-{:02}-10T10:00:00+09:00", id % 12 + 1)
            .parse()
            .unwrap(),
        day_only: false,
    });
    ticket
}

fn invitations() -> Vec<Ticket> {
    let body =
        |n: usize| format!("user{n}@example.com を GitHub の組織に招待してください。GitHub ID: octo-{n}");
    (0..12).map(|n| ticket(n, "GitHub に招待", &body(n))).collect()
}

/// Analyses tickets with some lines of a settings file, and shows what is found.
fn with<T>(tickets: &[Ticket], text: &str, shown: impl Fn(&Analysis<'_>) -> T) -> T {
    let settings = Settings::resolve(Overrides::parse("toilscope.toml", text).unwrap(), Lang::En).unwrap();
    let taxonomy = Taxonomy::builtin().unwrap();
    shown(&analyze(tickets, &taxonomy, &settings).unwrap())
}

const OF_PATTERN: &str = "account = { low = 60, likely = 90, high = 120 }\n";
const OF_SUB: &str = "\"account.github\" = { low = 20, likely = 25, high = 40 }\n";

#[test]
fn what_is_stated_of_a_pattern_prices_its_candidates_unless_more_is_stated_of_the_sub_pattern() {
    let tickets = invitations();
    let minutes = |stated: &str| {
        with(&tickets, &format!("[effort.minutes]\n{stated}"), |analysis| {
            let found = analysis.ranking.candidate("tf_github_membership").unwrap();
            (
                found.minutes.p50,
                found.minutes_origin,
                found.sre_hours_saved_per_quarter.p50,
            )
        })
    };
    let (prior, origin, saved) = minutes("");
    assert_eq!(origin, Origin::Prior);
    let (stated, origin, more) = minutes(OF_PATTERN);
    assert_eq!(origin, Origin::ThreePoint);
    assert!((stated - 90.0).abs() < 0.5 && prior < 60.0, "{prior} {stated}");
    assert!(more > saved);
    let (nearer, origin, _) = minutes(&format!("{OF_PATTERN}{OF_SUB}"));
    assert_eq!(origin, Origin::ThreePoint);
    assert!((nearer - 25.0).abs() < 0.5, "{nearer}");
}

#[test]
fn what_is_stated_of_a_pattern_makes_its_hours_too() {
    let tickets = invitations();
    let hours = |stated: &str| {
        with(&tickets, &format!("[effort.minutes]\n{stated}"), |analysis| {
            let hours = analysis.measures.total.whole.hours.unwrap();
            (hours.p50, hours.origin)
        })
    };
    let ((prior, _), (stated, origin)) = (hours(""), hours(OF_PATTERN));
    assert_eq!(origin, Origin::ThreePoint);
    assert!(stated > 2.0 * prior, "{prior} {stated}");
}

#[test]
fn a_secret_in_a_ticket_that_asks_for_nothing_is_found_and_nothing_else_of_it() {
    let token = format!("ghp_{}", "a1B2c3D4e5".repeat(4).get(..36).unwrap());
    let mut tickets = invitations();
    let mut withdrawn = ticket(
        90,
        "本番の owner 権限をください",
        &format!("トークンは {token} です"),
    );
    withdrawn.status = Some("取り下げ".to_owned());
    tickets.push(withdrawn);
    let found: Vec<Finding> = with(&tickets, "", |analysis| {
        let at = analysis
            .tickets
            .iter()
            .position(|ticket| ticket.id.as_str() == "T-90")
            .unwrap();
        assert!(analysis.assignments[at].excluded.is_some());
        let of_it = analysis
            .findings
            .iter()
            .filter(|finding| finding.tickets.contains(&at));
        of_it.cloned().collect()
    });
    let flags: Vec<Flag> = found.iter().map(|finding| finding.flag).collect();
    assert_eq!(flags, [Flag::Secret]);
    assert!(found[0].of >= found[0].tickets.len());
}

/// Grants without an end that are counted.
fn endless(tickets: &[Ticket]) -> usize {
    with(tickets, "", |analysis| {
        let of = analysis
            .findings
            .iter()
            .filter(|finding| finding.flag == Flag::GrantWithoutEnd);
        of.map(|finding| finding.tickets.len()).sum()
    })
}

#[test]
fn a_grant_counts_when_it_is_done_or_where_nobody_says_what_is() {
    let grant = |id: usize| {
        let body = format!("user{id}@example.com に kawasemi-prd の roles/viewer を付与してください");
        ticket(id, "GCP の権限付与", &body)
    };
    let mut tickets: Vec<Ticket> = (0..4).map(grant).collect();
    assert_eq!(endless(&tickets), 4, "a desk without states keeps all");
    for (ticket, status) in tickets.iter_mut().zip(["完了", "未着手", "却下", "declined"]) {
        ticket.status = Some(status.to_owned());
    }
    assert_eq!(endless(&tickets), 1);
}

#[test]
fn a_service_account_misses_no_end() {
    let of = |whom: &str| {
        ticket(
            1,
            "GCP の権限付与",
            &format!("{whom}に kawasemi-prd の roles/viewer を付与してください"),
        )
    };
    assert_eq!(endless(&[of("user1@example.com ")]), 1);
    assert_eq!(endless(&[of("loader のサービスアカウント")]), 0);
}

#[test]
fn access_of_a_leaver_that_was_found_is_in_the_ledger_and_no_longer_open_once_the_ticket_is_done() {
    let mut told = ticket(
        1,
        "退職者のアカウント削除",
        "9/30付で退職の方のアカウントを停止してください。先月お願いした方の Slack がまだ有効のようです。削除をお願いします",
    );
    told.status = Some("完了".to_owned());
    let mut quiet = ticket(
        2,
        "退職者のアカウント削除",
        "9/30付で退職の方のアカウントを停止してください",
    );
    quiet.status = Some("完了".to_owned());
    let found = |flag: Flag, tickets: &[Ticket]| {
        with(tickets, "", |analysis| {
            let mut open = analysis.findings.iter();
            open.find(|finding| finding.flag == flag)
                .map(|finding| finding.tickets.len())
        })
    };
    let both = [told.clone(), quiet.clone()];
    assert_eq!(found(Flag::LeaverLate, &both), Some(1));
    assert_eq!(
        found(Flag::LeaverOpen, &both),
        None,
        "what is done stands open no more"
    );
    assert_eq!(found(Flag::LeaverLate, &[quiet.clone()]), None);
    told.status = Some("未着手".to_owned());
    let both = [told, quiet];
    assert_eq!(found(Flag::LeaverOpen, &both), Some(1));
    assert_eq!(found(Flag::LeaverLate, &both), None);
}
