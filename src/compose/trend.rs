//! Tickets per quarter: every pattern, sub-pattern and group by quarter for machines, a pivot with a sparkline for people.

use crate::compose::patterns::{MEASURES, identity, measures};
use crate::compose::scene::Scene;
use crate::report::{Align, Cell, Grid, Head, Section, Table};
use crate::taxonomy::Words;
use crate::toil::{Key, Level, Series, TimelineQuarter};
use crate::trend::{self, sparkline};

/// Most quarters that people are shown; machines get all.
const QUARTERS_SHOWN: usize = 6;

/// Lists every pattern, sub-pattern and discovered group in every quarter; the rows of the first two levels each add
/// up to all tickets.
pub(super) fn all(scene: &Scene<'_>) -> Section {
    let mut section = pivot(scene);
    section.title = String::new();
    section
}

/// Shows patterns by quarter.
pub(super) fn pivot(scene: &Scene<'_>) -> Section {
    let mut table = machine(scene);
    table.pivot = Some(grid(scene));
    let partial = scene
        .analysis
        .measures
        .timeline
        .iter()
        .filter(|quarter| quarter.partial);
    let partial: Vec<String> = partial.map(|quarter| quarter.quarter.to_string()).collect();
    let mut notes = Vec::new();
    if !partial.is_empty() {
        let names = partial.join(", ");
        notes.push(scene.pick(
            format!("* {names} は途中までの数。"),
            format!("* {names} is not over yet."),
        ));
    }
    let hidden = scene
        .analysis
        .measures
        .timeline
        .len()
        .saturating_sub(QUARTERS_SHOWN);
    if hidden > 0 {
        notes.push(scene.pick(
            format!("それ以前の {hidden} 四半期は CSV・JSON に。"),
            format!("{hidden} earlier quarters are in the CSV and JSON."),
        ));
    }
    notes.push(
        scene
            .pick(
                "件数のみ。増減が偶然かどうかの検定はまだしていない。",
                "Counts only: whether a change is more than chance is not tested yet.",
            )
            .to_owned(),
    );
    Section {
        title: scene.pick("四半期ごとの件数", "Tickets per quarter").to_owned(),
        lead: Vec::new(),
        table: Some(table),
        notes,
    }
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
    .collect();
    let mut table = Table::new("trend", &keys);
    let order = scene.taxonomy.patterns.iter().flat_map(|pattern| {
        std::iter::once(pattern.id.as_str()).chain(pattern.subs.iter().map(|sub| sub.id.as_str()))
    });
    for row in trend::rows(&scene.analysis.measures, &order.collect::<Vec<_>>()) {
        let mut cells = match row.level {
            Level::Pattern => named(
                "pattern",
                &row.pattern,
                scene.taxonomy.pattern(&row.pattern).map(|pattern| &pattern.name),
            ),
            Level::SubPattern | Level::Group => identity(
                scene,
                &row.pattern,
                row.subpattern.as_deref().or(row.group.as_deref()),
            ),
        };
        cells.extend([
            ("level", Cell::text(level(row.level))),
            (
                "quarter",
                Cell::maybe_text(row.quarter.map(|quarter| quarter.to_string()).as_deref()),
            ),
            ("partial", Cell::Flag(row.partial)),
        ]);
        cells.extend(measures(row.toil));
        table.push(cells);
    }
    table
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Pattern => "pattern",
        Level::SubPattern => "subpattern",
        Level::Group => "group",
    }
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
    let of = |id: &str| scene.analysis.measures.series.get(&Key::Pattern(id.to_owned()));
    let patterns = scene.taxonomy.patterns.iter();
    let rows =
        patterns.filter_map(|pattern| Some(row(scene, scene.pattern_name(&pattern.id), of(&pattern.id)?)));
    Grid {
        heads: heads(scene, scene.pick("パターン", "pattern")),
        rows: rows.collect(),
        total: Some(row(
            scene,
            scene.pick("計", "total").to_owned(),
            &scene.analysis.measures.total,
        )),
    }
}

/// Most sub-patterns in the report.
const SUBPATTERNS_SHOWN: usize = 10;

/// Shows the largest sub-patterns by quarter: a kind of request that grows or shrinks rarely shows in its pattern.
pub(super) fn subpatterns(scene: &Scene<'_>) -> Section {
    let level = scene.analysis.measures.level(Level::SubPattern);
    let mut largest: Vec<(&str, &Series)> = level
        .filter_map(|(key, series)| Some((key.subpattern()?, series)))
        .collect();
    largest.sort_by(|a, b| {
        b.1.whole
            .tickets
            .cmp(&a.1.whole.tickets)
            .then_with(|| a.0.cmp(b.0))
    });
    let rows = largest
        .iter()
        .take(SUBPATTERNS_SHOWN)
        .map(|(id, series)| row(scene, scene.subpattern_name(id), series));
    let grid = Grid {
        heads: heads(scene, scene.pick("サブパターン", "sub-pattern")),
        rows: rows.collect(),
        total: None,
    };
    let table = Table {
        pivot: Some(grid),
        ..Table::new("subpattern_quarters", &[])
    };
    Section {
        title: scene
            .pick("件数の多いサブパターン", "The largest sub-patterns")
            .to_owned(),
        table: Some(table),
        ..Section::default()
    }
}

fn heads(scene: &Scene<'_>, first: &str) -> Vec<Head> {
    let timeline = &scene.analysis.measures.timeline;
    let head = |text: &str, align| Head {
        text: text.to_owned(),
        align,
        from_width: 0,
    };
    let quarter = |at: &TimelineQuarter| format!("{}{}", at.quarter, if at.partial { "*" } else { "" });
    let mut heads = vec![head(first, Align::Left)];
    heads.extend(
        timeline[first_shown(scene)..]
            .iter()
            .map(|at| head(&quarter(at), Align::Right)),
    );
    if scene.analysis.measures.total.undated.is_some() {
        heads.push(head(scene.pick("日付なし", "no date"), Align::Right));
    }
    heads.push(Head {
        from_width: 90,
        ..head(scene.pick("推移", "trend"), Align::Left)
    });
    heads
}

/// Place of the first quarter that people are shown.
fn first_shown(scene: &Scene<'_>) -> usize {
    scene
        .analysis
        .measures
        .timeline
        .len()
        .saturating_sub(QUARTERS_SHOWN)
}

fn row(scene: &Scene<'_>, name: String, series: &Series) -> Vec<String> {
    let counts: Vec<usize> = series.quarters.iter().map(|toil| toil.tickets).collect();
    let mut cells = vec![name];
    cells.extend(counts.iter().skip(first_shown(scene)).map(usize::to_string));
    if scene.analysis.measures.total.undated.is_some() {
        cells.push(series.undated.as_ref().map_or(0, |toil| toil.tickets).to_string());
    }
    cells.push(sparkline(&counts));
    cells
}
