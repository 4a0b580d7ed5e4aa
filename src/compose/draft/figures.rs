//! The figures of a proposal, each with its interval and where it comes from: what goes in, what comes out, what
//! requesters wait, and what stands open. Three ledgers, never added.

use crate::automation::{Candidate, Risks};
use crate::compose::scene::Scene;
use crate::compose::words::{counted_share, interval, minutes_name, open_risks};

use super::Subject;
use super::words::{Page, heads, number, percent, percents, range};

/// A figure: what it is, its value, where it comes from.
type Figure = (&'static str, String, &'static str);

pub(super) fn figures(subject: &Subject<'_, '_>, candidate: &Candidate) -> Vec<Vec<String>> {
    let mut figures = inputs(subject, candidate);
    figures.extend(outcomes(subject, candidate));
    let cells = |(name, value, origin): Figure| vec![name.to_owned(), value, origin.to_owned()];
    figures.into_iter().map(cells).collect()
}

/// What goes into the estimate.
fn inputs(subject: &Subject<'_, '_>, candidate: &Candidate) -> Vec<Figure> {
    let pick = |ja, en| subject.pick(ja, en);
    let shrunk = pick(
        "チケット(全体の平均へ寄せる)",
        "tickets, drawn towards the mean of all kinds",
    );
    let prior = pick("分類表の見積り", "estimate of the taxonomy");
    let minutes = minutes_name(subject.scene, candidate.minutes_origin);
    let figure = |name: (&'static str, &'static str), value, origin| (pick(name.0, name.1), value, origin);
    let mut figures = vec![
        figure(
            ("件数 / 四半期", "tickets a quarter"),
            range(candidate.volume_per_quarter),
            shrunk,
        ),
        figure(
            ("必要項目が揃う割合", "share with all parameters"),
            complete_share(subject, candidate),
            pick("チケット", "tickets"),
        ),
        figure(
            ("作業 分/件", "minutes a ticket"),
            range(candidate.minutes),
            minutes,
        ),
        figure(
            ("自動化率", "share absorbed"),
            percents(candidate.automation_rate),
            prior,
        ),
        figure(("構築 h", "hours to build"), range(candidate.build_hours), prior),
    ];
    if let Some(foundation) = candidate.foundation_hours {
        figures.push(figure(
            ("共通基盤の構築 h(一度だけ)", "hours for the shared base, once"),
            range(foundation),
            prior,
        ));
    }
    let upkeep = number(candidate.upkeep_hours_per_quarter);
    figures.push(figure(
        ("維持 h / 四半期", "upkeep, hours a quarter"),
        upkeep,
        prior,
    ));
    figures
}

/// How many tickets give everything, as the table of candidates counts it, with the doubt of the sample.
fn complete_share(subject: &Subject<'_, '_>, candidate: &Candidate) -> String {
    let complete: usize = candidate.parts.iter().map(|part| part.complete).sum();
    let (share, doubt) = (
        counted_share(complete, candidate.tickets),
        interval(candidate.eligible_share),
    );
    let all = candidate.tickets;
    subject.pick(
        format!("{all} 件中 {complete} 件、{share} {doubt}"),
        format!("{complete} of {all}, {share} {doubt}"),
    )
}

/// What comes out of it.
fn outcomes(subject: &Subject<'_, '_>, candidate: &Candidate) -> Vec<Figure> {
    let simulated = subject.pick("上の値からの試算", "simulated from the figures above");
    let figure = |name: (&'static str, &'static str), value| (subject.pick(name.0, name.1), value, simulated);
    let tops = format!(
        "{}, {}",
        percent(candidate.rank_top1_prob),
        percent(candidate.rank_top3_prob)
    );
    let mut figures = vec![
        figure(
            ("削減 h / 四半期", "hours saved a quarter"),
            range(candidate.sre_hours_saved_per_quarter),
        ),
        figure(
            ("4 四半期の収支 h", "net hours in four quarters"),
            range(candidate.net_hours_4q),
        ),
        figure(
            ("4 四半期以内に回収", "pays back within four quarters"),
            percent(candidate.prob_payback_4q),
        ),
        figure(
            ("順位 1 位・3 位以内の確率", "chance of rank 1, of the top 3"),
            tops,
        ),
    ];
    if let Some(tickets) = candidate.breakeven_tickets_per_quarter {
        figures.push(figure(
            ("損益分岐 件/四半期", "break-even, tickets a quarter"),
            number(tickets),
        ));
    }
    figures.extend(waiting(subject, candidate));
    figures
}

/// What requesters get and give: ledger B, and the minutes that move to them.
fn waiting(subject: &Subject<'_, '_>, candidate: &Candidate) -> Vec<Figure> {
    let leads = subject.pick(
        "チケットの所要時間からの試算",
        "simulated from the lead times of tickets",
    );
    let assumed = subject.pick(
        "試算(手が止まる割合は仮定)",
        "simulated; the share that stops work is assumed",
    );
    let prior = subject.pick(
        "分類表の見積り(削減に入れない)",
        "estimate of the taxonomy; in no saving",
    );
    let mut figures: Vec<Figure> = Vec::new();
    // Requests for leavers stop nobody who asked: their lead times are known and are no waiting.
    let unknown = if candidate.parts.iter().any(|part| part.lead_p50.is_some()) {
        subject.pick("待ちに数えない", "not counted as waiting")
    } else {
        subject.pick("記録なし", "not recorded")
    };
    let mut add = |name: (&'static str, &'static str), value: Option<String>, origin| {
        let value = value.unwrap_or_else(|| unknown.to_owned());
        figures.push((subject.pick(name.0, name.1), value, origin));
    };
    add(
        (
            "減る待ち 営業時間/四半期",
            "waiting spared, business hours a quarter",
        ),
        candidate.requester_wait_hours_saved.map(range),
        leads,
    );
    add(
        (
            "うち依頼者の手が止まる時間 h/四半期",
            "of it, hours a quarter in which requesters are stopped",
        ),
        candidate.requester_blocked_hours.map(range),
        assumed,
    );
    add(
        (
            "依頼者に移る作業 分/件",
            "minutes a ticket that move to requesters",
        ),
        Some(number(candidate.transferred_minutes_per_ticket)),
        prior,
    );
    figures
}

/// Writes the figures with their origins, and beside them, added to nothing, what stands open.
pub(super) fn ledgers(scene: &Scene<'_>, page: &mut Page, figures: &[Vec<String>], risks: Risks) {
    page.heading(scene.pick("数字と出どころ", "Numbers and where they come from"));
    let head = [
        ("項目", "figure"),
        ("値 [80 %]", "value [80 %]"),
        ("出どころ", "origin"),
    ];
    page.table(&heads(scene, head), figures);
    page.heading(scene.pick("チケットに残るリスク", "What stands open in the tickets"));
    page.list("-", &standing_open(scene, risks));
    page.paragraph(scene.pick(
        "待ち時間とリスクは SRE の時間に足していない。別のものさしである。",
        "Waiting and risk are not added to the team's hours: they are measures of another kind.",
    ));
}

/// Ledger C as a list; it says so where nothing was found.
fn standing_open(scene: &Scene<'_>, risks: Risks) -> Vec<String> {
    let open = open_risks(scene, risks);
    if !open.is_empty() {
        return open;
    }
    let nothing = scene.pick(
        "対象のチケットには見つからなかった(秘密情報、退職者の残存アクセス、期限のない権限)",
        "nothing was found in the tickets served (secrets, access of leavers, grants without an end)",
    );
    vec![nothing.to_owned()]
}
