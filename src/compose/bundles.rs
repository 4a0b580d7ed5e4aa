//! What to recommend: pieces of work, their three ledgers side by side, and why.

use crate::automation::{Bundle, Candidate, Range3};
use crate::compose::proposal::{bundle_name, reasons, upkeep};
use crate::compose::scene::Scene;
use crate::compose::words::{counted, members, play_title, short};
use crate::report::model::Grid;
use crate::report::{Cell, Section, Show, Table, View};

const COLUMNS: [&str; 33] = [
    "rank",
    "bundle_id",
    "foundation_id",
    "title",
    "candidate_ids",
    "subpattern_ids",
    "tickets_count",
    "reasons",
    "build_hours_p10",
    "build_hours_p50",
    "build_hours_p90",
    "sre_hours_saved_per_quarter_p10",
    "sre_hours_saved_per_quarter_p50",
    "sre_hours_saved_per_quarter_p90",
    "interruption_hours_saved_per_quarter_p10",
    "interruption_hours_saved_per_quarter_p50",
    "interruption_hours_saved_per_quarter_p90",
    "net_hours_p10",
    "net_hours_p50",
    "net_hours_p90",
    "horizon_quarters",
    "prob_saves",
    "prob_payback",
    "requester_wait_hours_saved_p10",
    "requester_wait_hours_saved_p50",
    "requester_wait_hours_saved_p90",
    "requester_blocked_hours_p10",
    "requester_blocked_hours_p50",
    "requester_blocked_hours_p90",
    "leavers_open_count",
    "admin_without_end_count",
    "grants_without_end_count",
    "secrets_count",
];

/// Lists every bundle with a reason, best first.
pub(super) fn all(scene: &Scene<'_>) -> Section {
    let mut table = Table::new("bundles", &COLUMNS);
    let bundles = &scene.analysis.ranking.bundles;
    bundles.iter().for_each(|bundle| table.push(row(scene, bundle)));
    table.views = views(scene);
    // Of nothing people see no table; a machine finds an empty one.
    table.pivot = bundles.is_empty().then(Grid::default);
    let lead = if bundles.is_empty() {
        scene.pick(
            "作る理由が立つまとまりはない: 作業時間で回収せず、依頼者の手が止まる時間は四半期に 1 日分に満たず、放置されたリスクもない。",
            "No piece of work has a reason: none pays back in hours, requesters are stopped for less than a day a quarter, nothing stands open.",
        )
    } else {
        scene.pick(
            "同じ基盤に載る施策をひとまとまりとして見る (基盤の構築費込み)。SRE 工数・依頼者の待ち・リスクは別々の帳簿で、足し合わせない。",
            "Automations on one base are judged together, the base included. SRE hours, requesters' waiting and risk are three ledgers and are never added.",
        )
    };
    Section {
        title: scene.pick("まとまりとしての提案", "What to build").to_owned(),
        lead: vec![lead.to_owned()],
        notes: bundles.iter().map(|bundle| why(scene, bundle)).collect(),
        table: Some(table),
    }
}

fn views(scene: &Scene<'_>) -> Vec<View> {
    let saved = [
        "sre_hours_saved_per_quarter_p10",
        "sre_hours_saved_per_quarter_p50",
        "sre_hours_saved_per_quarter_p90",
    ];
    let blocked = [
        "requester_blocked_hours_p10",
        "requester_blocked_hours_p50",
        "requester_blocked_hours_p90",
    ];
    vec![
        View::number("#", Show::Cell("rank", 0)),
        View::words(scene.pick("まとまり", "piece of work"), "title"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)).from_width(90),
        View::number(scene.pick("構築 h", "build h"), Show::Cell("build_hours_p50", 0)),
        View::number(
            scene.pick("A: SRE h/四半期", "A: SRE h a quarter"),
            Show::Interval(saved, 1),
        ),
        View::number(
            scene.pick("A: 割込み h", "A: interrupts h"),
            Show::Cell("interruption_hours_saved_per_quarter_p50", 1),
        )
        .from_width(120),
        View::number(scene.pick("回収確率", "pays back"), Show::Percent("prob_payback")),
        View::number(
            scene.pick("B: 待ち h", "B: waiting h"),
            Show::Cell("requester_wait_hours_saved_p50", 0),
        )
        .from_width(120),
        View::number(
            scene.pick("B: 停止 h", "B: stopped h"),
            Show::Interval(blocked, 0),
        ),
    ]
}

/// Why a bundle is worth building, in words.
fn why(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let mut said = reasons(scene, bundle);
    if bundle.reasons.contains(&crate::automation::Reason::Hours) {
        said.insert(
            0,
            scene
                .pick(
                    "作業時間だけで回収する見込み",
                    "it is likely to pay back in hours alone",
                )
                .to_owned(),
        );
    }
    let (rank, said) = (bundle.rank, said.join(scene.pick("、", "; ")));
    let id = &bundle.id;
    let (more, name) = (scene.pick("詳しくは", "more by"), bundle_name(scene, bundle));
    let (inside, upkeep) = (inside(scene, bundle), upkeep(scene, bundle));
    scene.pick(
        format!("{rank}. {name}: {said}。中身は {inside}。{upkeep} ({more} `candidates --explain {id}`)"),
        format!("{rank}. {name}: {said}. In it: {inside}. {upkeep} ({more} `candidates --explain {id}`)"),
    )
}

/// Names the automations of a bundle with their tickets.
fn inside(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let one = |one: &Candidate| {
        let (title, id) = (play_title(scene, &one.play), &one.id);
        let title = short(&title);
        scene.pick(
            format!("「{title}」({id}、{} 件)", one.tickets),
            format!("“{title}” ({id}, {})", counted(one.tickets, "ticket")),
        )
    };
    let names: Vec<String> = members(scene, bundle).map(one).collect();
    names.join(scene.pick("、", ", "))
}

fn row(scene: &Scene<'_>, bundle: &Bundle) -> Vec<(&'static str, Cell)> {
    let reasons = bundle.reasons.iter();
    let codes: Vec<&str> = reasons.clone().map(|reason| reason.as_str()).collect();
    let mut cells = vec![
        ("rank", Cell::Count(bundle.rank)),
        ("bundle_id", Cell::text(&bundle.id)),
        ("foundation_id", Cell::maybe_text(bundle.foundation.as_deref())),
        ("title", Cell::text(&title(scene, bundle))),
        ("candidate_ids", Cell::list(&bundle.candidates)),
        ("subpattern_ids", Cell::list(&bundle.subpatterns)),
        ("tickets_count", Cell::Count(bundle.tickets)),
        ("reasons", Cell::list(codes)),
        (
            "horizon_quarters",
            Cell::Count(scene.analysis.ranking.horizon_quarters as usize),
        ),
        ("prob_saves", Cell::Number(bundle.prob_saves)),
        ("prob_payback", Cell::Number(bundle.prob_payback)),
        ("leavers_open_count", Cell::Count(bundle.risks.leavers_open)),
        (
            "admin_without_end_count",
            Cell::Count(bundle.risks.admin_without_end),
        ),
        (
            "grants_without_end_count",
            Cell::Count(bundle.risks.grants_without_end),
        ),
        ("secrets_count", Cell::Count(bundle.risks.secrets)),
    ];
    let ranges = [
        (
            ["build_hours_p10", "build_hours_p50", "build_hours_p90"],
            Some(bundle.build_hours),
        ),
        (
            [
                "sre_hours_saved_per_quarter_p10",
                "sre_hours_saved_per_quarter_p50",
                "sre_hours_saved_per_quarter_p90",
            ],
            Some(bundle.sre_hours_saved_per_quarter),
        ),
        (
            [
                "interruption_hours_saved_per_quarter_p10",
                "interruption_hours_saved_per_quarter_p50",
                "interruption_hours_saved_per_quarter_p90",
            ],
            Some(bundle.interruption_hours_saved_per_quarter),
        ),
        (
            ["net_hours_p10", "net_hours_p50", "net_hours_p90"],
            Some(bundle.net_hours),
        ),
        (
            [
                "requester_wait_hours_saved_p10",
                "requester_wait_hours_saved_p50",
                "requester_wait_hours_saved_p90",
            ],
            bundle.requester_wait_hours_saved,
        ),
        (
            [
                "requester_blocked_hours_p10",
                "requester_blocked_hours_p50",
                "requester_blocked_hours_p90",
            ],
            bundle.requester_blocked_hours,
        ),
    ];
    cells.extend(
        ranges
            .into_iter()
            .flat_map(|(keys, range)| range_cells(keys, range)),
    );
    cells
}

/// Returns a cell for each end and the middle of a range, missing ones for none.
pub(super) fn range_cells(
    keys: [&'static str; 3],
    range: Option<Range3>,
) -> impl Iterator<Item = (&'static str, Cell)> {
    let numbers = range.map_or([None; 3], |Range3 { p10, p50, p90 }| {
        [Some(p10), Some(p50), Some(p90)]
    });
    keys.into_iter().zip(numbers.map(Cell::maybe_number))
}

/// Returns the title of a bundle: that of its foundation, else of its play.
pub(super) fn title(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let foundation = bundle
        .foundation
        .as_deref()
        .and_then(|id| scene.taxonomy.foundation(id));
    match foundation {
        Some(foundation) => foundation.title.get(scene.lang()).to_owned(),
        None => play_title(scene, &bundle.id),
    }
}
