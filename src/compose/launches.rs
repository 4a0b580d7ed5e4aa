//! What became of the launches: before and after against what was not automated, what moved elsewhere, promise and result.

use crate::compose::changes::{interval, small};
use crate::compose::scene::Scene;
use crate::report::{Align, Cell, Grid, Head, Section, Table};
use crate::trend::{Effect, Outcome};

/// Lists the launches; without any the part has nothing to show.
pub(super) fn section(scene: &Scene<'_>) -> Section {
    let outcomes = &scene.analysis.launches;
    let mut table = machine(outcomes);
    table.pivot = Some(grid(scene, outcomes));
    let notes = if outcomes.is_empty() {
        Vec::new()
    } else {
        notes(scene, outcomes)
    };
    Section {
        title: if outcomes.is_empty() {
            String::new()
        } else {
            scene
                .pick("自動化の前後", "Before and after automations")
                .to_owned()
        },
        lead: Vec::new(),
        table: Some(table),
        notes,
    }
}

fn machine(outcomes: &[Outcome]) -> Table {
    let keys = [
        "play",
        "subpatterns",
        "date",
        "washout_weeks",
        "effect",
        "tested_unit",
        "before_days",
        "after_days",
        "treated_before",
        "treated_after",
        "control_before",
        "control_after",
        "ratio_of_rate_ratios",
        "ratio_lo",
        "ratio_hi",
        "p_value",
        "moved_to",
        "projected_hours",
        "realised_hours_lo",
        "realised_hours_mid",
        "realised_hours_hi",
        "after_peak",
    ];
    let mut table = Table::new("launches", &keys);
    for outcome in outcomes {
        let (launch, ratio) = (&outcome.launch, outcome.ratio.as_ref());
        let hours =
            |of: fn(&(f64, f64, f64)) -> f64| Cell::maybe_number(outcome.realised_hours.as_ref().map(of));
        let days = |days: i64| Cell::Count(usize::try_from(days).unwrap_or(0));
        table.push(vec![
            ("play", Cell::text(&launch.play)),
            ("subpatterns", Cell::list(&launch.subpatterns)),
            ("date", Cell::text(&launch.date.0.to_string())),
            ("washout_weeks", Cell::Count(launch.washout_weeks as usize)),
            ("effect", Cell::text(outcome.effect.as_str())),
            ("tested_unit", Cell::text(outcome.unit.as_str())),
            ("before_days", days(outcome.days[0])),
            ("after_days", days(outcome.days[1])),
            ("treated_before", Cell::Count(outcome.table.treated[0])),
            ("treated_after", Cell::Count(outcome.table.treated[1])),
            ("control_before", Cell::Count(outcome.table.control[0])),
            ("control_after", Cell::Count(outcome.table.control[1])),
            (
                "ratio_of_rate_ratios",
                Cell::maybe_number(ratio.and_then(|ratio| ratio.ratio)),
            ),
            ("ratio_lo", Cell::maybe_number(ratio.map(|ratio| ratio.lo))),
            ("ratio_hi", Cell::maybe_number(ratio.and_then(|ratio| ratio.hi))),
            ("p_value", Cell::maybe_number(ratio.map(|ratio| ratio.p))),
            ("moved_to", Cell::list(outcome.moved.iter().map(|(name, _)| name))),
            ("projected_hours", Cell::maybe_number(launch.projected_hours)),
            ("realised_hours_lo", hours(|hours| hours.0)),
            ("realised_hours_mid", hours(|hours| hours.1)),
            ("realised_hours_hi", hours(|hours| hours.2)),
            ("after_peak", outcome.after_peak.map_or(Cell::Missing, Cell::Flag)),
        ]);
    }
    table
}

fn grid(scene: &Scene<'_>, outcomes: &[Outcome]) -> Grid {
    if outcomes.is_empty() {
        return Grid::default();
    }
    let head = |ja, en, align, from_width| Head::new(scene.pick(ja, en), align, from_width);
    let heads = vec![
        head("自動化", "automation", Align::Left, 0),
        head("開始日", "live since", Align::Left, 0),
        head("効果", "effect", Align::Left, 0),
        head("対象", "treated", Align::Right, 100),
        head("対照", "control", Align::Right, 100),
        head("比の比 [90 %]", "ratio of ratios [90 %]", Align::Right, 0),
        head("p", "p", Align::Right, 110),
        head("見込み h", "projected h", Align::Right, 120),
        head(
            "実績 h/四半期 [80 %]",
            "realised h a quarter [80 %]",
            Align::Right,
            0,
        ),
    ];
    let dash = || "–".to_owned();
    let row = |outcome: &Outcome| {
        let launch = &outcome.launch;
        let play = scene.taxonomy.play(&launch.play);
        let pair = |[before, after]: [usize; 2]| format!("{before} → {after}");
        vec![
            play.map_or(launch.play.clone(), |play| {
                play.title.get(scene.lang()).to_owned()
            }),
            launch.date.0.to_string(),
            effect(scene, outcome.effect).to_owned(),
            pair(outcome.table.treated),
            pair(outcome.table.control),
            outcome.ratio.as_ref().map_or_else(dash, interval),
            outcome.ratio.as_ref().map_or_else(dash, |ratio| small(ratio.p)),
            launch
                .projected_hours
                .map_or_else(dash, |hours| format!("{hours:.1}")),
            outcome
                .realised_hours
                .map_or_else(dash, |(low, mid, high)| format!("{mid:.1} [{low:.1}, {high:.1}]")),
        ]
    };
    Grid {
        heads,
        rows: outcomes.iter().map(row).collect(),
        total: None,
    }
}

fn effect(scene: &Scene<'_>, effect: Effect) -> &'static str {
    match effect {
        Effect::TooEarly => scene.pick("判断にはまだ早い", "too early to tell"),
        Effect::TooFew => scene.pick("件数不足", "too few to tell"),
        Effect::Fell => scene.pick("減少", "fell"),
        Effect::Rose => scene.pick("増加", "rose"),
        Effect::Unclear => scene.pick("明確な変化なし", "no clear change"),
    }
}

fn notes(scene: &Scene<'_>, outcomes: &[Outcome]) -> Vec<String> {
    let mut notes = vec![scene.pick(
        "自動化していない依頼 (対照) の前後と比べた差の差。比の比 1 は対照と同じ動き、p は Fisher の正確検定。対照には、移り先になりうる同じパターン・相談・その他を入れない。実績は減った件数 × 1 件の作業時間 (実測または見積り)。".to_owned(),
        "Difference in differences against requests that were not automated (control), which leaves out where tickets may have moved: the same pattern, consultation, other. A ratio of 1 is what the control did; p is Fisher's exact test. Realised is tickets that did not come × minutes a ticket, recorded or estimated.".to_owned(),
    )];
    for outcome in outcomes {
        let play = &outcome.launch.play;
        if !outcome.moved.is_empty() {
            let to: Vec<String> = outcome
                .moved
                .iter()
                .map(|(id, ratio)| {
                    let name = if scene.taxonomy.pattern(id).is_some() {
                        scene.pattern_name(id)
                    } else {
                        scene.subpattern_name(id)
                    };
                    format!("{name} ×{}", interval(ratio))
                })
                .collect();
            let to = to.join(", ");
            notes.push(scene.pick(
                format!("{play}: 同じ時期に次が増えた。移っただけかもしれない: {to}"),
                format!("{play}: these rose meanwhile; tickets may only have moved there: {to}"),
            ));
        }
        match outcome.after_peak {
            Some(true) => notes.push(scene.pick(
                format!("{play}: 件数が多い時期の直後に始めた。減少の一部は平均への回帰かもしれない。"),
                format!("{play}: it went live after a peak; part of a fall may be regression to the mean."),
            )),
            None if outcome.ratio.is_some() => notes.push(scene.pick(
                format!("{play}: 開始前の記録が 2 四半期に満たず、件数が多い時期の直後に始めたかどうか分からない。"),
                format!("{play}: less than two quarters before it are known; whether it followed a peak cannot be told."),
            )),
            _ => {}
        }
    }
    notes
}
