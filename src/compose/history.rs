//! What changed since an earlier run: groups and where they went, answers and why they differ.

use std::collections::BTreeMap;

use crate::classify::identity::Relation;
use crate::compose::scene::Scene;
use crate::history::{Comparison, Difference, Reason};
use crate::report::model::grouped;
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::Lang;

/// The earlier run that a report is told against.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    /// Its number.
    pub number: i64,
    /// The day it was made, in the time zone of the settings.
    pub day: String,
    /// What it said and what is said now.
    pub comparison: Comparison,
    /// Names of the groups that it knew, by their ids: words and concepts.
    pub names: BTreeMap<String, (Vec<String>, Vec<String>)>,
}

/// Most lines of the lineage that people are shown.
const STEPS_SHOWN: usize = 15;

/// Tells what became of the groups of the run before, and how many answers changed; nothing before a second run.
pub(super) fn lineage(scene: &Scene<'_>) -> Option<Section> {
    let since = scene.since.as_ref()?;
    let mut table = Table::new(
        "lineage",
        &[
            "relation",
            "group",
            "group_name",
            "tickets_before",
            "tickets_now",
            "to",
            "applied",
        ],
    );
    for step in &scene.analysis.lineage {
        table.push(vec![
            ("relation", Cell::text(step.relation.as_str())),
            ("group", Cell::text(&step.group)),
            ("group_name", Cell::Text(name(scene, since, &step.group))),
            ("tickets_before", Cell::Count(step.before)),
            ("tickets_now", Cell::Count(step.now)),
            ("to", Cell::list(&step.to)),
            ("applied", Cell::Flag(step.applied)),
        ]);
    }
    table.shown = STEPS_SHOWN;
    table.views = vec![
        View::named(scene.pick("変化", "change"), "relation", relations(scene)),
        View::words(scene.pick("グループ", "group"), "group_name"),
        View::number(scene.pick("前回", "before"), Show::Cell("tickets_before", 0)),
        View::number(scene.pick("今回", "now"), Show::Cell("tickets_now", 0)),
        View::words(scene.pick("行き先", "went to"), "to"),
        View::words("id", "group").from_width(90),
    ];
    let mut notes = Vec::new();
    if scene.analysis.lineage.iter().any(|step| !step.applied) {
        notes.push(
            scene
                .pick(
                    "「実施」の印がない分割・統合は提案で、まだ行っていない。`toilscope report --recluster` で反映し、id の引き継ぎを示す。",
                    "A split or union that is only proposed was not made: `toilscope report --recluster` makes it and says what became of the ids.",
                )
                .to_owned(),
        );
        table
            .views
            .push(View::words(scene.pick("実施", "made"), "applied"));
    }
    Some(Section {
        title: scene.pick(
            format!("前回 (実行 {}、{}) からの変化", since.number, since.day),
            format!("Since the run before ({}, {})", since.number, since.day),
        ),
        lead: vec![
            tickets(scene, &since.comparison),
            answers(scene, &since.comparison),
        ],
        table: (!table.rows.is_empty()).then_some(table),
        notes,
    })
}

fn relations(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let name = |relation: Relation| match relation {
        Relation::Continued => scene.pick("継続", "goes on"),
        Relation::New => scene.pick("新規", "new"),
        Relation::Split => scene.pick("分割", "split"),
        Relation::Merged => scene.pick("統合", "united"),
        Relation::Named => scene.pick("分類表に入った", "named by the taxonomy"),
        Relation::Gone => scene.pick("今回なし", "none now"),
    };
    [
        Relation::Continued,
        Relation::New,
        Relation::Split,
        Relation::Merged,
        Relation::Named,
        Relation::Gone,
    ]
    .into_iter()
    .map(|relation| (relation.as_str().to_owned(), name(relation).to_owned()))
    .collect()
}

/// The name of a group of this run, else the one that it had.
fn name(scene: &Scene<'_>, since: &Since, id: &str) -> String {
    if scene.analysis.groups.iter().any(|group| group.id == id) {
        return scene.group_name(id);
    }
    match since.names.get(id) {
        Some((terms, concepts)) => scene.name_of(terms, concepts),
        None => id.to_owned(),
    }
}

/// How the tickets of two runs compare.
fn tickets(scene: &Scene<'_>, comparison: &Comparison) -> String {
    let count = |reason| grouped(comparison.changed.get(&reason).copied().unwrap_or(0));
    let (new, left, both) = (count(Reason::New), count(Reason::Left), grouped(comparison.both));
    scene.pick(
        format!(
            "前回もあったチケット {both} 件、新しいもの {new} 件、なくなったか期間外になったもの {left} 件。"
        ),
        format!("{both} tickets were in that run too, {new} are new, {left} left or are outside the period."),
    )
}

/// How many answers of tickets in both runs changed, and why.
fn answers(scene: &Scene<'_>, comparison: &Comparison) -> String {
    let changed = comparison
        .changed
        .iter()
        .filter(|(reason, _)| !matches!(reason, Reason::New | Reason::Left));
    let parts: Vec<String> = changed
        .map(|(reason, count)| format!("{} {}", reason_name(scene, *reason), grouped(*count)))
        .collect();
    let differs = differences(scene, comparison);
    let all = grouped(comparison.answers_changed());
    let why = if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    };
    scene.pick(
        format!("分類が変わった既存チケット {all} 件{why}。{differs}過去の四半期も今回の分類で数え直してある。"),
        format!("The answer changed for {all} of those in both{why}. {differs}All quarters are counted with today's answers."),
    )
}

/// What two runs do not have in common, as a sentence; nothing if that is tickets only.
fn differences(scene: &Scene<'_>, comparison: &Comparison) -> String {
    let name = |difference: &Difference| match difference {
        Difference::Taxonomy => scene.pick("分類表", "the taxonomy"),
        Difference::Labels => scene.pick("ラベル", "labels"),
        Difference::Version => scene.pick("toilscope の版", "the version of toilscope"),
        Difference::Settings => scene.pick("設定", "settings"),
    };
    let names: Vec<&str> = comparison.differences.iter().map(name).collect();
    match (names.as_slice(), scene.lang()) {
        ([], _) => String::new(),
        (names, Lang::Ja) => format!("前回と異なるもの: {}。", names.join("、")),
        (names, Lang::En) => format!("What differs from then: {}. ", names.join(", ")),
    }
}

fn reason_name<'a>(scene: &Scene<'_>, reason: Reason) -> &'a str {
    match reason {
        Reason::New => scene.pick("新規", "new"),
        Reason::Left => scene.pick("なし", "left"),
        Reason::Edited => scene.pick("編集", "edited"),
        Reason::Labels => scene.pick("ラベル", "labels"),
        Reason::Taxonomy => scene.pick("分類表", "taxonomy"),
        Reason::Version => scene.pick("版", "version"),
        Reason::Settings => scene.pick("設定", "settings"),
        Reason::Several => scene.pick("複数の変更", "several changes"),
        Reason::OtherTickets => scene.pick("他のチケット", "other tickets"),
    }
}

/// Compares what the earlier run said of every quarter and pattern with what is said now.
pub(super) fn since_run(scene: &Scene<'_>) -> Section {
    let Some(since) = &scene.since else {
        return Section::default();
    };
    let keys: Vec<&'static str> = ["run_then", "quarter", "pattern", "excluded", "tickets_then"]
        .into_iter()
        .chain(Reason::ALL.map(Reason::as_str))
        .chain(["tickets_now"])
        .collect();
    let mut table = Table::new("since_run", &keys);
    let order = |pattern: &Option<String>| {
        let place = |id: &String| scene.taxonomy.patterns.iter().position(|known| known.id == *id);
        pattern
            .as_ref()
            .map_or(usize::MAX, |id| place(id).unwrap_or(usize::MAX - 1))
    };
    let mut rows: Vec<_> = since.comparison.rows.iter().collect();
    rows.sort_by_key(|((quarter, pattern), _)| (quarter.is_none(), quarter.clone(), order(pattern)));
    for ((quarter, pattern), row) in rows {
        let mut cells = vec![
            ("run_then", Cell::Change(since.number)),
            ("quarter", Cell::maybe_text(quarter.as_deref())),
            ("pattern", Cell::maybe_text(pattern.as_deref())),
            ("excluded", Cell::Flag(pattern.is_none())),
            ("tickets_then", Cell::Count(row.then)),
            ("tickets_now", Cell::Count(row.now)),
        ];
        let moved = |reason| row.moved.get(&reason).copied().unwrap_or(0);
        cells.extend(Reason::ALL.map(|reason| (reason.as_str(), Cell::Change(moved(reason)))));
        table.push(cells);
    }
    table.views = views(scene, &since.comparison);
    Section {
        title: scene.pick(
            format!("実行 {} ({}) と今回", since.number, since.day),
            format!("Run {} ({}) and now", since.number, since.day),
        ),
        lead: vec![
            tickets(scene, &since.comparison),
            answers(scene, &since.comparison),
        ],
        table: Some(table),
        notes: notes(scene, &since.comparison),
    }
}

/// Columns for people: of the reasons those that moved anything.
fn views(scene: &Scene<'_>, comparison: &Comparison) -> Vec<View> {
    let mut names = scene.pattern_names();
    let excluded = scene.pick("対象外", "no request").to_owned();
    names.insert("–".to_owned(), excluded);
    let moved = |reason: &Reason| comparison.changed.contains_key(reason);
    let mut views = vec![
        View::words(scene.pick("四半期", "quarter"), "quarter"),
        View::named(scene.pick("パターン", "pattern"), "pattern", names),
        View::number(scene.pick("当時", "then"), Show::Cell("tickets_then", 0)),
    ];
    views.extend(
        Reason::ALL
            .into_iter()
            .filter(moved)
            .map(|reason| View::number(reason_name(scene, reason), Show::Cell(reason.as_str(), 0))),
    );
    views.push(View::number(
        scene.pick("今回", "now"),
        Show::Cell("tickets_now", 0),
    ));
    views
}

fn notes(scene: &Scene<'_>, comparison: &Comparison) -> Vec<String> {
    let mut notes = vec![
        scene
            .pick(
                "当時の件数にその間の列を足すと今回の件数になる。",
                "The number then and the columns between add up to the number now.",
            )
            .to_owned(),
    ];
    if comparison.changed.contains_key(&Reason::Several) {
        notes.push(
            scene
                .pick(
                    "複数の変更: 分類表・ラベル・版・設定のうち二つ以上が変わり、どれによるかは分けられない。",
                    "Several changes: more than one of taxonomy, labels, version and settings changed, and which of them it was cannot be told.",
                )
                .to_owned(),
        );
    }
    notes
}
