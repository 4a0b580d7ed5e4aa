//! Tickets per quarter: every pattern, sub-pattern and group by quarter for machines, a pivot with a sparkline for people.

use crate::compose::patterns::{MEASURES, identity, measures};
use crate::compose::scene::Scene;
use crate::report::{Align, Cell, Grid, Head, Section, Table};
use crate::taxonomy::Words;
use crate::toil::{Key, Level, Series};
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
    let timeline = &scene.analysis.measures.timeline;
    let from = timeline.len().saturating_sub(QUARTERS_SHOWN);
    let undated = scene.analysis.measures.total.undated.is_some();
    let head = |text: String, align| Head {
        text,
        align,
        from_width: 0,
    };
    let mut heads = vec![head(scene.pick("パターン", "pattern").to_owned(), Align::Left)];
    heads.extend(timeline[from..].iter().map(|at| {
        head(
            format!("{}{}", at.quarter, if at.partial { "*" } else { "" }),
            Align::Right,
        )
    }));
    if undated {
        heads.push(head(scene.pick("日付なし", "no date").to_owned(), Align::Right));
    }
    heads.push(Head {
        from_width: 90,
        ..head(scene.pick("推移", "trend").to_owned(), Align::Left)
    });
    let row = |name: String, series: &Series| {
        let counts: Vec<usize> = series.quarters.iter().map(|toil| toil.tickets).collect();
        let mut cells = vec![name];
        cells.extend(counts[from.min(counts.len())..].iter().map(usize::to_string));
        if undated {
            cells.push(series.undated.as_ref().map_or(0, |toil| toil.tickets).to_string());
        }
        cells.push(sparkline(&counts));
        cells
    };
    let rows = scene.taxonomy.patterns.iter().filter_map(|pattern| {
        let series = scene
            .analysis
            .measures
            .series
            .get(&Key::Pattern(pattern.id.clone()))?;
        Some(row(scene.pattern_name(&pattern.id), series))
    });
    let rows = rows.collect();
    Grid {
        heads,
        rows,
        total: Some(row(
            scene.pick("計", "total").to_owned(),
            &scene.analysis.measures.total,
        )),
    }
}
