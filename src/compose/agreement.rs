//! How well the groups agree with the kinds that people see: figures, and the group nearest to each kind.

use crate::compose::scene::Scene;
use crate::evaluate::{Evaluation, Nearest};
use crate::report::{Cell, Grid, Section, Show, Table, View};

/// The figures that say how well groups and kinds agree, by the name that tables give them.
pub(super) fn figures(evaluation: &Evaluation<'_>) -> Vec<(&'static str, f64)> {
    evaluation.agreement.map_or_else(Vec::new, |of| {
        vec![
            ("group_ami", of.ami),
            ("group_ari", of.ari),
            ("group_bcubed", of.bcubed),
        ]
    })
}

const COLUMNS: [&str; 8] = [
    "kind",
    "tickets_count",
    "group",
    "group_name",
    "group_count",
    "shared_count",
    "precision",
    "recall",
];

/// Lists every kind of the answers with the group that comes nearest to it, worst first.
pub(super) fn kinds(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys: Vec<&'static str> = COLUMNS.into_iter().chain(["f1"]).collect();
    let mut table = Table::new("evaluation_groups", &keys);
    let mut kinds: Vec<&Nearest> = evaluation.nearest.iter().collect();
    kinds.sort_by(|a, b| a.f1().total_cmp(&b.f1()).then_with(|| a.kind.cmp(&b.kind)));
    for near in kinds {
        let group = near.group.as_deref();
        let share = |of: usize| Cell::maybe_number((of > 0).then(|| near.shared as f64 / of as f64));
        table.push(vec![
            ("kind", Cell::Text(scene.show(&near.kind))),
            ("tickets_count", Cell::Count(near.tickets)),
            ("group", Cell::maybe_text(group)),
            (
                "group_name",
                Cell::maybe_text(group.map(|id| scene.group_name(id)).as_deref()),
            ),
            ("group_count", Cell::maybe_count(group.map(|_| near.size))),
            ("shared_count", Cell::maybe_count(group.map(|_| near.shared))),
            ("precision", share(near.size)),
            ("recall", share(near.tickets)),
            ("f1", Cell::Number(near.f1())),
        ]);
    }
    table.views = vec![
        View::named(scene.pick("正解の分類", "kind"), "kind", scene.subpattern_names()),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::words(scene.pick("最も近いグループ", "nearest group"), "group_name"),
        View::number(
            scene.pick("その件数", "its tickets"),
            Show::Cell("group_count", 0),
        ),
        View::number(scene.pick("適合率", "precision"), Show::Percent("precision")),
        View::number(scene.pick("再現率", "recall"), Show::Percent("recall")),
        View::number("F1", Show::Cell("f1", 2)),
    ];
    if table.rows.is_empty() {
        // The answers name no finer kinds: machines get the empty table, people nothing.
        table.pivot = Some(Grid::default());
        return Section {
            table: Some(table),
            ..Section::default()
        };
    }
    Section {
        title: scene
            .pick("グループと正解の細かい分類", "Groups against known kinds")
            .to_owned(),
        table: Some(table),
        ..Section::default()
    }
}
