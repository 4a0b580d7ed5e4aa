//! The ranked automations, with the parts that each score is made of.

use std::collections::BTreeMap;

use crate::automation::{Candidate, Driver, Gate, Origin, Range3};
use crate::compose::scene::Scene;
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::Lang;

const COLUMNS: [&str; 41] = [
    "rank",
    "candidate_id",
    "play_id",
    "play_title",
    "foundation_id",
    "subpattern_ids",
    "tickets_count",
    "volume_per_quarter_p10",
    "volume_per_quarter_p50",
    "volume_per_quarter_p90",
    "eligible_share_p50",
    "automation_rate_p50",
    "minutes_mean_p10",
    "minutes_mean_p50",
    "minutes_mean_p90",
    "minutes_source",
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
    "requester_wait_hours_saved_p50",
    "net_hours_4q_p10",
    "net_hours_4q_p50",
    "net_hours_4q_p90",
    "prob_saves",
    "prob_payback_4q",
    "breakeven_tickets_per_quarter",
    "rank_top1_prob",
    "rank_top3_prob",
    "risk",
    "reversible",
    "approval",
    "gate",
    "owner",
    "largest_driver",
];

/// Every gate, in the order in which the legend explains them.
const GATES: [Gate; 4] = [Gate::Ok, Gate::FixForm, Gate::Watch, Gate::AssistOnly];

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
    let net = ["net_hours_4q_p10", "net_hours_4q_p50", "net_hours_4q_p90"];
    vec![
        View::number("#", Show::Cell("rank", 0)),
        View::words(scene.pick("施策", "automation"), "play_title"),
        View::number(
            scene.pick("予想件/四半期", "expected a quarter"),
            Show::Cell("volume_per_quarter_p50", 1),
        ),
        View::number(
            scene.pick("分/件", "minutes each"),
            Show::Cell("minutes_mean_p50", 0),
        )
        .from_width(140),
        View::number(
            scene.pick("必要項目が揃う割合", "with all parameters"),
            Show::Percent("eligible_share_p50"),
        )
        .from_width(140),
        View::number(
            scene.pick("自動化率", "absorbed"),
            Show::Percent("automation_rate_p50"),
        )
        .from_width(140),
        View::number(
            scene.pick("削減 h/四半期 [80 %]", "saved h a quarter [80 %]"),
            Show::Interval(saved, 1),
        ),
        View::number(
            scene.pick("減る待ち h/四半期", "waiting spared, h a quarter"),
            Show::Cell("requester_wait_hours_saved_p50", 0),
        ),
        View::number(scene.pick("構築 h", "build h"), Show::Cell("build_hours_p50", 0)),
        View::number(
            scene.pick("4 四半期の収支 h [80 %]", "net h, 4 quarters [80 %]"),
            Show::Interval(net, 0),
        )
        .from_width(130),
        View::number(
            scene.pick("1 年で回収", "pays in a year"),
            Show::Percent("prob_payback_4q"),
        ),
        View::named(scene.pick("判定", "gate"), "gate", gate_names(scene)),
    ]
}

fn lead(scene: &Scene<'_>) -> Vec<String> {
    let window = window(scene);
    vec![scene.pick(
        format!("予想件数 ({window}の件数を全体の平均へ寄せたもの) × 必要項目が揃う割合 × 自動化率 × (分/件 − 残る分) − 維持費。範囲は 80 %。共通基盤の構築費は含まない。"),
        format!("Expected tickets (those of {window}, drawn towards the mean of all kinds) × share with all parameters × share absorbed × (minutes − minutes that stay) − upkeep. Ranges are 80 %. A shared foundation is not included."),
    )]
}

/// Names the time that demand was counted in: whole quarters, or the running one if there is no whole one.
fn window(scene: &Scene<'_>) -> String {
    let whole = scene.analysis.measures.timeline.iter().any(|at| !at.partial);
    match (scene.analysis.ranking.quarters, whole) {
        (_, false) => scene
            .pick("途中の四半期", "a quarter that is not over")
            .to_owned(),
        (1, true) => scene.pick("直近 1 四半期", "the last whole quarter").to_owned(),
        (n, true) => scene.pick(format!("直近 {n} 四半期"), format!("the last {n} whole quarters")),
    }
}

fn notes(scene: &Scene<'_>, most: usize) -> Vec<String> {
    let ranking = &scene.analysis.ranking;
    let mut notes = Vec::new();
    let covered: usize = ranking.candidates.iter().map(|candidate| candidate.tickets).sum();
    let counted = scene.analysis.coverage.tickets() - scene.analysis.coverage.excluded;
    let window = window(scene);
    notes.push(scene.pick(
        format!("候補が受け持つのは{window}の {covered} 件。対象外を除く全 {counted} 件のうち、残りは期間外・サブパターン未定・該当施策なし。"),
        format!("The candidates serve {covered} tickets of {window}. The rest of {counted} counted tickets are earlier or later, have no clear sub-pattern, or no play fits."),
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

fn gate_names(scene: &Scene<'_>) -> BTreeMap<String, String> {
    GATES
        .iter()
        .map(|gate| (gate.as_str().to_owned(), gate_name(scene, *gate).to_owned()))
        .collect()
}

/// Names a gate in the reader's language.
pub(super) fn gate_name(scene: &Scene<'_>, gate: Gate) -> &'static str {
    match gate {
        Gate::Ok => scene.pick("条件は揃う", "ready"),
        Gate::Watch => scene.pick("様子見", "watch"),
        Gate::FixForm => scene.pick("フォーム改善が先", "form first"),
        Gate::AssistOnly => scene.pick("補助のみ", "assist only"),
    }
}

fn gate_meaning(scene: &Scene<'_>, gate: Gate) -> &'static str {
    match gate {
        Gate::Ok => scene.pick(
            "件数と必要項目は足りる。回収するかは別の列",
            "enough tickets with all parameters; whether it pays stands in its own column",
        ),
        Gate::Watch => scene.pick("件数が少なく判断しない", "too few tickets to recommend anything"),
        Gate::FixForm => scene.pick(
            "必要項目が書かれていない依頼が多く、先にフォームを直す",
            "too few requests give the parameters: mend the form first",
        ),
        Gate::AssistOnly => scene.pick(
            "人の判断が要る仕事で、置き換えではなく助けになる",
            "the work needs judgement: it helps people and replaces nobody",
        ),
    }
}

/// Names the input that moves a candidate's saving most.
pub(super) fn driver_name(scene: &Scene<'_>, driver: Driver) -> &'static str {
    match driver {
        Driver::Minutes => scene.pick("1 件あたりの分", "minutes a ticket"),
        Driver::Volume => scene.pick("件数", "the number of tickets"),
        Driver::EligibleShare => scene.pick("必要項目が揃う割合", "the share with all parameters"),
        Driver::AutomationRate => scene.pick("自動化率", "the share absorbed"),
        Driver::Build => scene.pick("構築工数", "the hours to build"),
    }
}

fn row(scene: &Scene<'_>, candidate: &Candidate) -> Vec<(&'static str, Cell)> {
    let title = scene
        .taxonomy
        .play(&candidate.play)
        .map(|play| play.title.get(scene.lang()));
    let mut cells = vec![
        ("rank", Cell::Count(candidate.rank)),
        ("candidate_id", Cell::text(&candidate.id)),
        ("play_id", Cell::text(&candidate.play)),
        ("play_title", Cell::maybe_text(title)),
        ("foundation_id", Cell::maybe_text(candidate.foundation.as_deref())),
        ("subpattern_ids", Cell::list(&candidate.subpatterns)),
        ("tickets_count", Cell::Count(candidate.tickets)),
        ("eligible_share_p50", Cell::Number(candidate.eligible_share)),
        ("automation_rate_p50", Cell::Number(candidate.automation_rate)),
        ("minutes_source", Cell::text(candidate.minutes_origin.as_str())),
        (
            "upkeep_hours_per_quarter",
            Cell::Number(candidate.upkeep_hours_per_quarter),
        ),
        (
            "requester_wait_hours_saved_p50",
            Cell::maybe_number(candidate.requester_wait_hours_saved_p50),
        ),
        ("prob_saves", Cell::Number(candidate.prob_saves)),
        ("prob_payback_4q", Cell::Number(candidate.prob_payback_4q)),
        (
            "breakeven_tickets_per_quarter",
            Cell::maybe_number(candidate.breakeven_tickets_per_quarter),
        ),
        ("rank_top1_prob", Cell::Number(candidate.rank_top1_prob)),
        ("rank_top3_prob", Cell::Number(candidate.rank_top3_prob)),
        ("risk", Cell::Count(usize::from(candidate.risk))),
        ("reversible", Cell::Flag(candidate.reversible)),
        ("approval", Cell::list(&candidate.approval)),
        ("gate", Cell::text(candidate.gate.as_str())),
        ("owner", Cell::text(&candidate.owner)),
        ("largest_driver", Cell::text(candidate.largest_driver.as_str())),
    ];
    cells.extend(ranges(candidate));
    cells
}

/// The figures that are ranges, one cell each end and the middle.
fn ranges(candidate: &Candidate) -> Vec<(&'static str, Cell)> {
    let mut cells = Vec::new();
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
            ["net_hours_4q_p10", "net_hours_4q_p50", "net_hours_4q_p90"],
            Some(candidate.net_hours_4q),
        ),
    ];
    for (keys, range) in ranges {
        let numbers = range.map_or([None; 3], |Range3 { p10, p50, p90 }| {
            [Some(p10), Some(p50), Some(p90)]
        });
        cells.extend(keys.into_iter().zip(numbers.map(Cell::maybe_number)));
    }
    cells
}
