//! Tickets per quarter: every series by quarter for machines, a pivot with a verdict and a sparkline for people.

use crate::compose::patterns::{MEASURES, identity, measures};
use crate::compose::scene::Scene;
use crate::compose::{changes, launches};
use crate::period::Quarter;
use crate::report::{Align, Cell, Grid, Head, Section, Table};
use crate::taxonomy::Words;
use crate::toil::{Key, Level, Series, TimelineQuarter, Toil};
use crate::trend::{self, Comparison, Judgement, TrendRow, sparkline};

/// Terminal widths from which the last quarters are shown, newest first; machines get all.
const QUARTERS_FROM_WIDTH: [usize; 6] = [0, 0, 0, 0, 90, 120];

/// Columns of the comparison of a quarter with an earlier one, and of the change of level of its series.
const JUDGED: [&str; 19] = [
    "tickets_per_100_engineers",
    "tickets_per_responder",
    "tested_unit",
    "dispersion",
    "compared_with",
    "rate_ratio",
    "rate_ratio_lo",
    "rate_ratio_hi",
    "p_value",
    "q_value",
    "verdict",
    "change_since",
    "change_week",
    "change_ratio",
    "change_ratio_lo",
    "change_ratio_hi",
    "change_p_value",
    "change_q_value",
    "change_verdict",
];

/// Tells everything about quarters: patterns, the largest parts of them, and what changed.
pub(super) fn all(scene: &Scene<'_>) -> Vec<Section> {
    vec![
        pivot(scene),
        subpatterns(scene),
        changes::section(scene),
        launches::section(scene),
    ]
}

/// Shows patterns by quarter.
pub(super) fn pivot(scene: &Scene<'_>) -> Section {
    let mut table = machine(scene);
    table.pivot = Some(grid(scene));
    Section {
        title: scene.pick("四半期ごとの件数", "Tickets per quarter").to_owned(),
        lead: Vec::new(),
        table: Some(table),
        notes: notes(scene),
    }
}

fn notes(scene: &Scene<'_>) -> Vec<String> {
    let timeline = &scene.analysis.measures.timeline;
    let partial: Vec<String> = timeline
        .iter()
        .filter(|quarter| quarter.partial)
        .map(|quarter| quarter.quarter.to_string())
        .collect();
    let mut notes = Vec::new();
    if !partial.is_empty() {
        let names = partial.join(", ");
        let are = if partial.len() == 1 { "is" } else { "are" };
        notes.push(scene.pick(
            format!("* {names} は途中までの数で、他の四半期と比べない。"),
            format!("* {names} {are} not whole and {are} not compared with other quarters."),
        ));
    }
    let undated = scene
        .analysis
        .measures
        .total
        .undated
        .as_ref()
        .map_or(0, |toil| toil.tickets);
    if undated > 0 {
        notes.push(scene.pick(
            format!("日付のない {undated} 件は四半期の列に入っていない。"),
            match undated {
                1 => "1 ticket without a date is in no quarter.".to_owned(),
                _ => format!("{undated} tickets without a date are in no quarter."),
            },
        ));
    }
    let hidden = timeline.len().saturating_sub(QUARTERS_FROM_WIDTH.len());
    if hidden > 0 {
        notes.push(scene.pick(
            format!(
                "{} 四半期のうち最近のものだけを示す。すべては CSV・JSON に。",
                timeline.len()
            ),
            format!(
                "Only the latest of {} quarters are shown; all are in the CSV and JSON.",
                timeline.len()
            ),
        ));
    }
    notes.extend(changes::how_tested(scene));
    notes
}

fn machine(scene: &Scene<'_>) -> Table {
    let keys: Vec<&'static str> = [
        "level",
        "pattern",
        "subpattern",
        "group",
        "label_ja",
        "label_en",
        "quarter",
        "partial",
    ]
    .into_iter()
    .chain(MEASURES)
    .chain(JUDGED)
    .collect();
    let mut table = Table::new("trend", &keys);
    let order = scene.taxonomy.patterns.iter().flat_map(|pattern| {
        std::iter::once(pattern.id.as_str()).chain(pattern.subs.iter().map(|sub| sub.id.as_str()))
    });
    let (measured, judged) = (&scene.analysis.measures, &scene.analysis.judged);
    for row in trend::rows(measured, judged, &order.collect::<Vec<_>>()) {
        let mut cells = series_cells(
            scene,
            row.level,
            [&row.pattern, &row.subpattern, &row.group].map(Option::as_deref),
        );
        cells.extend([
            (
                "quarter",
                Cell::maybe_text(row.quarter.map(|quarter| quarter.to_string()).as_deref()),
            ),
            ("partial", Cell::Flag(row.partial)),
        ]);
        cells.extend(measures(row.toil));
        cells.extend(per_head(scene, row.quarter, row.toil));
        cells.extend(judged_cells(&row));
        table.push(cells);
    }
    table
}

/// Says which series a row is about: its level, its ids and its name in both languages.
pub(super) fn series_cells(
    scene: &Scene<'_>,
    level: Option<Level>,
    [pattern, subpattern, group]: [Option<&str>; 3],
) -> Vec<(&'static str, Cell)> {
    let mut cells = match (level, pattern) {
        (Some(Level::Pattern), Some(pattern)) => named(
            "pattern",
            pattern,
            scene.taxonomy.pattern(pattern).map(|pattern| &pattern.name),
        ),
        (Some(_), Some(pattern)) => identity(scene, pattern, subpattern.or(group)),
        _ => vec![("label_ja", Cell::text("計")), ("label_en", Cell::text("total"))],
    };
    let name = match level {
        None => "total",
        Some(Level::Pattern) => "pattern",
        Some(Level::SubPattern) => "subpattern",
        Some(Level::Group) => "group",
    };
    cells.push(("level", Cell::text(name)));
    cells
}

/// Tickets of a quarter per person, where the settings know how many there were.
fn per_head(scene: &Scene<'_>, quarter: Option<Quarter>, toil: &Toil) -> Vec<(&'static str, Cell)> {
    let people = quarter
        .map(|quarter| scene.settings.team.of(quarter))
        .unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let per = |people: Option<f64>, of: f64| people.map(|people| toil.tickets as f64 * of / people);
    vec![
        (
            "tickets_per_100_engineers",
            Cell::maybe_number(per(people.engineers, 100.0)),
        ),
        (
            "tickets_per_responder",
            Cell::maybe_number(per(people.responders, 1.0)),
        ),
    ]
}

fn judged_cells(row: &TrendRow<'_>) -> Vec<(&'static str, Cell)> {
    let mut cells = Vec::new();
    if let Some(judgement) = row.judgement.filter(|_| row.quarter.is_some()) {
        cells.extend([
            ("tested_unit", Cell::text(judgement.unit.as_str())),
            ("dispersion", Cell::maybe_number(judgement.dispersion)),
        ]);
        cells.extend(change_cells(judgement));
    }
    if let Some(comparison) = row.comparison {
        cells.extend(comparison_cells(comparison));
    }
    cells
}

fn comparison_cells(comparison: &Comparison) -> Vec<(&'static str, Cell)> {
    let ratio = comparison.ratio.as_ref();
    let tested = ratio.filter(|_| comparison.q.is_some());
    vec![
        ("compared_with", Cell::text(&comparison.with.to_string())),
        (
            "rate_ratio",
            Cell::maybe_number(ratio.and_then(|ratio| ratio.ratio)),
        ),
        ("rate_ratio_lo", Cell::maybe_number(ratio.map(|ratio| ratio.lo))),
        (
            "rate_ratio_hi",
            Cell::maybe_number(ratio.and_then(|ratio| ratio.hi)),
        ),
        ("p_value", Cell::maybe_number(tested.map(|ratio| ratio.p))),
        ("q_value", Cell::maybe_number(comparison.q)),
        ("verdict", Cell::text(comparison.verdict.as_str())),
    ]
}

fn change_cells(judgement: &Judgement) -> Vec<(&'static str, Cell)> {
    let Some(change) = &judgement.change else {
        return Vec::new();
    };
    vec![
        ("change_since", Cell::text(&change.since.to_string())),
        (
            "change_week",
            Cell::maybe_text(change.week.map(|week| week.to_string()).as_deref()),
        ),
        ("change_ratio", Cell::maybe_number(change.ratio.ratio)),
        ("change_ratio_lo", Cell::Number(change.ratio.lo)),
        ("change_ratio_hi", Cell::maybe_number(change.ratio.hi)),
        ("change_p_value", Cell::Number(change.ratio.p)),
        ("change_q_value", Cell::Number(change.q)),
        ("change_verdict", Cell::text(change.verdict.as_str())),
    ]
}

fn named(key: &'static str, id: &str, name: Option<&Words>) -> Vec<(&'static str, Cell)> {
    let label = |of: fn(&Words) -> &String| Cell::maybe_text(name.map(|name| of(name).as_str()));
    vec![
        (key, Cell::text(id)),
        ("label_ja", label(|words| &words.ja)),
        ("label_en", label(|words| &words.en)),
    ]
}

fn grid(scene: &Scene<'_>) -> Grid {
    let judged = &scene.analysis.judged;
    let patterns = scene.taxonomy.patterns.iter();
    let rows = patterns.filter_map(|pattern| {
        let key = Key::Pattern(pattern.id.clone());
        let series = scene.analysis.measures.series.get(&key)?;
        let name = scene.pattern_name(&pattern.id);
        Some(row(scene, name, (series, judged.series.get(&key))))
    });
    Grid {
        heads: heads(scene, scene.pick("パターン", "pattern")),
        rows: rows.collect(),
        total: Some(row(
            scene,
            scene.pick("計", "total").to_owned(),
            (&scene.analysis.measures.total, Some(&judged.total)),
        )),
    }
}

/// Most sub-patterns and groups that people are shown.
const PARTS_SHOWN: usize = 12;

/// Shows the largest sub-patterns and discovered groups by quarter: a kind of request that grows or shrinks rarely shows
/// in its pattern.
pub(super) fn subpatterns(scene: &Scene<'_>) -> Section {
    let series = &scene.analysis.measures.series;
    let judged = scene
        .analysis
        .judged
        .series
        .iter()
        .filter(|(key, _)| key.level() != Level::Pattern);
    let mut largest: Vec<(&Key, &Series, &Judgement)> = judged
        .filter_map(|(key, judgement)| Some((key, series.get(key)?, judgement)))
        .collect();
    largest.sort_by(|a, b| {
        b.1.whole
            .tickets
            .cmp(&a.1.whole.tickets)
            .then_with(|| a.0.cmp(b.0))
    });
    let rows = largest.iter().take(PARTS_SHOWN).map(|(key, series, judgement)| {
        let name = scene.group_name(key.subpattern().or(key.group()).unwrap_or_default());
        row(scene, name, (series, Some(judgement)))
    });
    let grid = Grid {
        heads: heads(
            scene,
            scene.pick("サブパターン・グループ", "sub-pattern or group"),
        ),
        rows: rows.collect(),
        total: None,
    };
    let table = Table {
        pivot: Some(grid),
        ..Table::new("subpattern_quarters", &[])
    };
    Section {
        title: scene
            .pick(
                "件数の多いサブパターンとグループ",
                "The largest sub-patterns and groups",
            )
            .to_owned(),
        table: Some(table),
        ..Section::default()
    }
}

fn heads(scene: &Scene<'_>, first: &str) -> Vec<Head> {
    let timeline = &scene.analysis.measures.timeline;
    let quarter = |at: &TimelineQuarter| format!("{}{}", at.quarter, if at.partial { "*" } else { "" });
    let mut heads = vec![Head::new(first, Align::Left, 0)];
    let shown = &timeline[first_shown(scene)..];
    heads.extend(shown.iter().enumerate().map(|(at, slot)| {
        Head::new(
            &quarter(slot),
            Align::Right,
            QUARTERS_FROM_WIDTH[shown.len() - 1 - at],
        )
    }));
    if scene.analysis.measures.total.undated.is_some() {
        heads.push(Head::new(scene.pick("日付なし", "no date"), Align::Right, 110));
    }
    heads.push(Head::new(scene.pick("変化", "change"), Align::Left, 0));
    heads.push(Head::new(scene.pick("推移", "trend"), Align::Left, 100));
    heads
}

/// Place of the first quarter that people are shown.
fn first_shown(scene: &Scene<'_>) -> usize {
    let quarters = scene.analysis.measures.timeline.len();
    quarters.saturating_sub(QUARTERS_FROM_WIDTH.len())
}

fn row(scene: &Scene<'_>, name: String, (series, judgement): (&Series, Option<&Judgement>)) -> Vec<String> {
    let counts: Vec<usize> = series.quarters.iter().map(|toil| toil.tickets).collect();
    let mut cells = vec![name];
    cells.extend(counts.iter().skip(first_shown(scene)).map(usize::to_string));
    if scene.analysis.measures.total.undated.is_some() {
        cells.push(series.undated.as_ref().map_or(0, |toil| toil.tickets).to_string());
    }
    cells.push(judgement.map_or_else(String::new, |judgement| changes::in_short(scene, judgement)));
    cells.push(sparkline(&counts));
    cells
}
