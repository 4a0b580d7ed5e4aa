//! The ranked automations, with the parts that each score is made of.

use crate::automation::Candidate;
use crate::compose::bundles::range_cells;
use crate::compose::scene::Scene;
use crate::compose::words::{GATES, counted, gate_meaning, gate_name, gate_names, horizon, window};
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::Lang;
use crate::toil::Origin;

const COLUMNS: [&str; 71] = [
    "rank",
    "candidate_id",
    "bundle_id",
    "bundle_rank",
    "bundle_reasons",
    "subpattern_ids",
    "play_id",
    "play_title",
    "foundation_id",
    "tickets_count",
    "complete_share",
    "volume_per_quarter_p10",
    "volume_per_quarter_p50",
    "volume_per_quarter_p90",
    "eligible_share_p10",
    "eligible_share_p50",
    "eligible_share_p90",
    "reachable_share",
    "automation_rate_p50",
    "minutes_mean_p10",
    "minutes_mean_p50",
    "minutes_mean_p90",
    "minutes_source",
    "timed_tickets_count",
    "build_hours_p10",
    "build_hours_p50",
    "build_hours_p90",
    "foundation_hours_p10",
    "foundation_hours_p50",
    "foundation_hours_p90",
    "upkeep_hours_per_quarter",
    "sre_hours_saved_per_quarter_p10",
    "sre_hours_saved_per_quarter_p50",
    "sre_hours_saved_per_quarter_p90",
    "interruption_hours_saved_per_quarter_p10",
    "interruption_hours_saved_per_quarter_p50",
    "interruption_hours_saved_per_quarter_p90",
    "transferred_minutes_per_ticket",
    "requester_wait_hours_saved_p10",
    "requester_wait_hours_saved_p50",
    "requester_wait_hours_saved_p90",
    "requester_blocked_hours_p10",
    "requester_blocked_hours_p50",
    "requester_blocked_hours_p90",
    "net_hours_4q_p10",
    "net_hours_4q_p50",
    "net_hours_4q_p90",
    "prob_saves",
    "prob_payback_4q",
    "horizon_quarters",
    "net_hours_horizon_p10",
    "net_hours_horizon_p50",
    "net_hours_horizon_p90",
    "prob_payback_horizon",
    "breakeven_tickets_per_quarter",
    "rank_top1_prob",
    "rank_top3_prob",
    "risk",
    "reversible",
    "needs_confirmation",
    "approval",
    "gate",
    "owner",
    "largest_driver",
    "leavers_open_count",
    "oldest_open_days",
    "admin_without_end_count",
    "grants_without_end_count",
    "secrets_count",
    "one_person_subpatterns_count",
    "reworked_count",
];

/// Lists every candidate, best first.
pub(super) fn ranked(scene: &Scene<'_>) -> Section {
    section(scene, usize::MAX)
}

/// Lists the best `most` candidates, for the report.
pub(super) fn best(scene: &Scene<'_>, most: usize) -> Section {
    let mut section = section(scene, most);
    let title = scene.pick("自動化の候補", "Automation candidates");
    title.clone_into(&mut section.title);
    section
}

fn section(scene: &Scene<'_>, most: usize) -> Section {
    let mut table = Table::new("candidates", &COLUMNS);
    let ranking = &scene.analysis.ranking;
    ranking
        .candidates
        .iter()
        .for_each(|candidate| table.push(row(scene, candidate)));
    table.views = views(scene);
    table.shown = most;
    Section {
        title: String::new(),
        lead: lead(scene),
        notes: notes(scene, most),
        table: Some(table),
    }
}

fn views(scene: &Scene<'_>) -> Vec<View> {
    let saved = [
        "sre_hours_saved_per_quarter_p10",
        "sre_hours_saved_per_quarter_p50",
        "sre_hours_saved_per_quarter_p90",
    ];
    let net = [
        "net_hours_horizon_p10",
        "net_hours_horizon_p50",
        "net_hours_horizon_p90",
    ];
    let span = horizon(scene);
    vec![
        // Rows stand by rank anyway; on a narrow terminal its room keeps ids and words whole.
        View::number("#", Show::Cell("rank", 0)).from_width(90),
        View::words(scene.pick("施策", "automation"), "play_title"),
        View::words(scene.pick("候補 ID", "candidate"), "candidate_id"),
        View::number(
            scene.pick("件/四半期", "a quarter"),
            Show::Cell("volume_per_quarter_p50", 1),
        )
        .from_width(110),
        View::number(
            scene.pick("分/件", "minutes each"),
            Show::Cell("minutes_mean_p50", 0),
        )
        .from_width(150),
        View::number(
            scene.pick("項目が揃う", "complete"),
            Show::Percent("complete_share"),
        )
        .from_width(120),
        View::number(
            scene.pick("A: SRE h/四半期", "A: SRE h a quarter"),
            Show::Interval(saved, 1),
        ),
        View::number(
            scene.pick("B: 待ち h", "B: waiting h"),
            Show::Cell("requester_wait_hours_saved_p50", 0),
        ),
        View::number(scene.pick("構築 h", "build h"), Show::Cell("build_hours_p50", 0)).from_width(100),
        View::number(
            &scene.pick(format!("{span}の収支 h [80 %]"), format!("net h, {span} [80 %]")),
            Show::Interval(net, 0),
        )
        .from_width(140),
        View::number(scene.pick("回収", "pays"), Show::Percent("prob_payback_horizon")),
        View::named(scene.pick("判定", "gate"), "gate", gate_names(scene)),
    ]
}

fn lead(scene: &Scene<'_>) -> Vec<String> {
    let window = window(scene);
    vec![scene.pick(
        format!("予想件数 ({window}の件数に、増減がはっきりしていればその倍率を掛け、全体の平均へ寄せたもの) × 必要項目が揃う割合 × 自動化率 × (分/件 − 残る分) − 維持費。範囲は 80 %。共通基盤の構築費は含まない。A と B は別の帳簿で、足し合わせない。候補ごとの根拠は `candidates --explain ID`。"),
        format!("Expected tickets (those of {window}, times their growth where it is clear, drawn towards the mean of all kinds) × share with all parameters × share absorbed × (minutes − minutes that stay) − upkeep. Ranges are 80 %. A shared foundation is not included. A and B are two ledgers and are never added. `candidates --explain ID` tells where each number comes from."),
    )]
}

fn notes(scene: &Scene<'_>, most: usize) -> Vec<String> {
    let ranking = &scene.analysis.ranking;
    let mut notes = Vec::new();
    let covered: usize = ranking.candidates.iter().map(|candidate| candidate.tickets).sum();
    let all = scene.analysis.coverage.tickets() - scene.analysis.coverage.excluded;
    let window = window(scene);
    notes.push(scene.pick(
        format!("候補が受け持つのは{window}の {covered} 件。対象外を除く全 {all} 件のうち、残りは期間外・サブパターン未定・該当施策なし。"),
        format!("The candidates serve {} of {window}. The rest of {all} that counted are earlier or later, have no clear sub-pattern, or no play fits.", counted(covered, "ticket")),
    ));
    if most < ranking.candidates.len() {
        notes.push(match scene.lang() {
            Lang::Ja => format!(
                "上位 {most} 件を表示。全 {} 件は `toilscope candidates` で。",
                ranking.candidates.len()
            ),
            Lang::En => format!(
                "The best {most} are shown; `toilscope candidates` lists all {}.",
                ranking.candidates.len()
            ),
        });
    }
    if ranking
        .candidates
        .iter()
        .any(|c| c.minutes_origin != Origin::Timed)
    {
        notes.push(scene.pick(
            "分/件の多くは実測ではなく見積り。まず上位の依頼で作業時間を 10 件ずつ記録すると、順位が最も確かになる。",
            "Most minutes are estimates, not measurements. Recording the minutes of ten tickets each of the top kinds would firm up the ranking most.",
        ).to_owned());
    }
    let uncovered: Vec<String> = ranking
        .not_covered
        .iter()
        .chain(&ranking.unpriced)
        .map(|id| scene.subpattern_name(id))
        .collect();
    if !uncovered.is_empty() {
        let names = uncovered.join(scene.pick("、", "; "));
        notes.push(scene.pick(
            format!("該当する施策か見積りがない: {names}"),
            format!("No play or no estimate for: {names}"),
        ));
    }
    let gates: Vec<String> = GATES
        .into_iter()
        .filter(|gate| ranking.candidates.iter().any(|c| c.gate == *gate))
        .map(|gate| format!("{} = {}", gate_name(scene, gate), gate_meaning(scene, gate)))
        .collect();
    if !gates.is_empty() {
        notes.push(gates.join(scene.pick("、", "; ")));
    }
    notes
}

fn row(scene: &Scene<'_>, candidate: &Candidate) -> Vec<(&'static str, Cell)> {
    let title = scene
        .taxonomy
        .play(&candidate.play)
        .map(|play| play.title.get(scene.lang()));
    let horizon = scene.analysis.ranking.horizon_quarters as usize;
    let complete: usize = candidate.parts.iter().map(|part| part.complete).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let complete = (candidate.tickets > 0).then(|| complete as f64 / candidate.tickets as f64);
    let timed: usize = candidate.parts.iter().map(|part| part.timed_tickets).sum();
    let reworked: usize = candidate.parts.iter().map(|part| part.looks.reworked).sum();
    let bundles = &scene.analysis.ranking.bundles;
    let bundle = bundles
        .iter()
        .find(|bundle| Some(&bundle.id) == candidate.bundle.as_ref());
    let mut cells = vec![
        ("rank", Cell::Count(candidate.rank)),
        (
            "bundle_rank",
            bundle.map_or(Cell::Missing, |bundle| Cell::Count(bundle.rank)),
        ),
        (
            "bundle_reasons",
            bundle.map_or(Cell::Missing, |bundle| {
                Cell::list(bundle.reasons.iter().map(|reason| reason.as_str()))
            }),
        ),
        ("candidate_id", Cell::text(&candidate.id)),
        ("bundle_id", Cell::maybe_text(candidate.bundle.as_deref())),
        ("play_id", Cell::text(&candidate.play)),
        ("play_title", Cell::maybe_text(title)),
        ("foundation_id", Cell::maybe_text(candidate.foundation.as_deref())),
        ("subpattern_ids", Cell::list(&candidate.subpatterns)),
        ("tickets_count", Cell::Count(candidate.tickets)),
        ("complete_share", Cell::maybe_number(complete)),
        ("reachable_share", Cell::Number(candidate.reachable_share)),
        ("automation_rate_p50", Cell::Number(candidate.automation_rate.p50)),
        ("minutes_source", Cell::text(candidate.minutes_origin.as_str())),
        ("timed_tickets_count", Cell::Count(timed)),
        (
            "upkeep_hours_per_quarter",
            Cell::Number(candidate.upkeep_hours_per_quarter),
        ),
        (
            "transferred_minutes_per_ticket",
            Cell::Number(candidate.transferred_minutes_per_ticket),
        ),
        ("prob_saves", Cell::Number(candidate.prob_saves)),
        ("prob_payback_4q", Cell::Number(candidate.prob_payback_4q)),
        ("horizon_quarters", Cell::Count(horizon)),
        ("prob_payback_horizon", Cell::Number(candidate.prob_payback)),
        (
            "breakeven_tickets_per_quarter",
            Cell::maybe_number(candidate.breakeven_tickets_per_quarter),
        ),
        ("rank_top1_prob", Cell::Number(candidate.rank_top1_prob)),
        ("rank_top3_prob", Cell::Number(candidate.rank_top3_prob)),
        ("risk", Cell::Count(usize::from(candidate.risk))),
        ("reversible", Cell::Flag(candidate.reversible)),
        ("needs_confirmation", Cell::Flag(candidate.needs_confirmation())),
        ("approval", Cell::list(&candidate.approval)),
        ("gate", Cell::text(candidate.gate.as_str())),
        ("owner", Cell::text(candidate.owner.get(scene.lang()))),
        ("largest_driver", Cell::text(candidate.largest_driver().as_str())),
        ("reworked_count", Cell::Count(reworked)),
    ];
    cells.extend(risks(candidate));
    cells.extend(ranges(candidate));
    cells
}

/// Ledger C as counts.
fn risks(candidate: &Candidate) -> [(&'static str, Cell); 6] {
    let risks = candidate.risks;
    let days = risks.oldest_open_days.and_then(|days| usize::try_from(days).ok());
    [
        ("leavers_open_count", Cell::Count(risks.leavers_open)),
        ("oldest_open_days", days.map_or(Cell::Missing, Cell::Count)),
        ("admin_without_end_count", Cell::Count(risks.admin_without_end)),
        ("grants_without_end_count", Cell::Count(risks.grants_without_end)),
        ("secrets_count", Cell::Count(risks.secrets)),
        ("one_person_subpatterns_count", Cell::Count(risks.one_person)),
    ]
}

/// The figures that are ranges, one cell each end and the middle.
fn ranges(candidate: &Candidate) -> Vec<(&'static str, Cell)> {
    let ranges = [
        (
            [
                "volume_per_quarter_p10",
                "volume_per_quarter_p50",
                "volume_per_quarter_p90",
            ],
            Some(candidate.volume_per_quarter),
        ),
        (
            ["eligible_share_p10", "eligible_share_p50", "eligible_share_p90"],
            Some(candidate.eligible_share),
        ),
        (
            ["minutes_mean_p10", "minutes_mean_p50", "minutes_mean_p90"],
            Some(candidate.minutes),
        ),
        (
            ["build_hours_p10", "build_hours_p50", "build_hours_p90"],
            Some(candidate.build_hours),
        ),
        (
            [
                "foundation_hours_p10",
                "foundation_hours_p50",
                "foundation_hours_p90",
            ],
            candidate.foundation_hours,
        ),
        (
            [
                "sre_hours_saved_per_quarter_p10",
                "sre_hours_saved_per_quarter_p50",
                "sre_hours_saved_per_quarter_p90",
            ],
            Some(candidate.sre_hours_saved_per_quarter),
        ),
        (
            [
                "interruption_hours_saved_per_quarter_p10",
                "interruption_hours_saved_per_quarter_p50",
                "interruption_hours_saved_per_quarter_p90",
            ],
            Some(candidate.interruption_hours_saved_per_quarter),
        ),
        (
            [
                "requester_wait_hours_saved_p10",
                "requester_wait_hours_saved_p50",
                "requester_wait_hours_saved_p90",
            ],
            candidate.requester_wait_hours_saved,
        ),
        (
            [
                "requester_blocked_hours_p10",
                "requester_blocked_hours_p50",
                "requester_blocked_hours_p90",
            ],
            candidate.requester_blocked_hours,
        ),
        (
            ["net_hours_4q_p10", "net_hours_4q_p50", "net_hours_4q_p90"],
            Some(candidate.net_hours_4q),
        ),
        (
            [
                "net_hours_horizon_p10",
                "net_hours_horizon_p50",
                "net_hours_horizon_p90",
            ],
            Some(candidate.net_hours),
        ),
    ];
    ranges
        .into_iter()
        .flat_map(|(keys, range)| range_cells(keys, range))
        .collect()
}
