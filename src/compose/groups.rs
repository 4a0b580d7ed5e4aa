//! The groups that the taxonomy does not name, each with a name, a typical ticket and a size; and how good the
//! grouping is with and without its k-means step.

use crate::classify::cluster::Quality;
use crate::compose::scene::Scene;
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::Lang;

const GROUP_COLUMNS: [&str; 10] = [
    "group",
    "group_name",
    "pattern",
    "tickets_count",
    "quarters_count",
    "requesters_count",
    "cohesion",
    "typical_id",
    "typical_title",
    "example_ids",
];
const QUALITY_COLUMNS: [&str; 7] = [
    "stratum",
    "tickets_count",
    "groups_linkage",
    "silhouette_linkage",
    "groups_kmeans",
    "silhouette_kmeans",
    "chosen",
];

/// Lists the discovered groups, the largest first.
pub(super) fn discovered(scene: &Scene<'_>) -> Section {
    let mut table = Table::new("groups", &GROUP_COLUMNS);
    let analysis = scene.analysis;
    let mut groups: Vec<_> = analysis.groups.iter().collect();
    groups.sort_by(|a, b| {
        b.members
            .len()
            .cmp(&a.members.len())
            .then_with(|| a.id.cmp(&b.id))
    });
    for group in groups {
        let quarters: std::collections::BTreeSet<_> = group
            .members
            .iter()
            .filter_map(|m| analysis.quarters[*m])
            .collect();
        let requesters: std::collections::BTreeSet<_> = group
            .members
            .iter()
            .flat_map(|m| &analysis.tickets[*m].requesters)
            .collect();
        let typical = analysis.tickets[group.medoid];
        let examples = group
            .examples
            .iter()
            .map(|e| analysis.tickets[*e].id.to_string())
            .collect();
        table.push(vec![
            ("group", Cell::text(&group.id)),
            ("group_name", Cell::Text(scene.discovered_name(group))),
            ("pattern", Cell::text(&group.pattern)),
            ("tickets_count", Cell::Count(group.members.len())),
            ("quarters_count", Cell::Count(quarters.len())),
            ("requesters_count", Cell::Count(requesters.len())),
            ("cohesion", Cell::Number(group.cohesion)),
            ("typical_id", Cell::text(typical.id.as_str())),
            (
                "typical_title",
                typical
                    .title
                    .as_deref()
                    .map_or(Cell::Missing, |title| Cell::Text(scene.show(title))),
            ),
            ("example_ids", Cell::List(examples)),
        ]);
    }
    table.views = vec![
        View::words(scene.pick("グループ", "group"), "group_name"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("四半期", "quarters"), Show::Cell("quarters_count", 0)).from_width(100),
        View::named(
            scene.pick("近いパターン", "nearest pattern"),
            "pattern",
            scene.pattern_names(),
        )
        .from_width(100),
        View::words(scene.pick("典型チケット", "typical ticket"), "typical_id"),
        View::words(scene.pick("その件名", "its title"), "typical_title"),
    ];
    let title = scene.pick("名前のないグループ", "Groups nobody named").to_owned();
    if table.rows.is_empty() {
        let none = scene.pick(
            "ルールが残したチケットに、3 件以上のまとまりはない。",
            "Among the tickets that the rules left, none form a group of three or more.",
        );
        return Section {
            title,
            lead: vec![none.to_owned()],
            table: Some(table),
            notes: Vec::new(),
        };
    }
    let lead = scene.pick(
        "ルールで決めきれなかったチケットを k-means でまとめたもの。分類表に足す候補。",
        "Tickets that the rules could not settle, gathered by clustering: candidates for the taxonomy.",
    );
    Section {
        title,
        lead: vec![lead.to_owned()],
        table: Some(table),
        notes: Vec::new(),
    }
}

/// Tells how good the grouping is, per stratum, before and after k-means.
pub(super) fn quality(scene: &Scene<'_>) -> Section {
    let mut table = Table::new("clustering", &QUALITY_COLUMNS);
    for stratum in &scene.analysis.quality {
        let cells = |q: &Quality| (Cell::Count(q.groups), Cell::maybe_number(q.silhouette));
        let ((linked, before), (moved, after)) = (cells(&stratum.linkage), cells(&stratum.kmeans));
        table.push(vec![
            (
                "stratum",
                Cell::text(stratum.stratum.as_deref().unwrap_or("pool")),
            ),
            ("tickets_count", Cell::Count(stratum.tickets)),
            ("groups_linkage", linked),
            ("silhouette_linkage", before),
            ("groups_kmeans", moved),
            ("silhouette_kmeans", after),
            ("chosen", Cell::text(stratum.chosen.as_str())),
        ]);
    }
    table.views = vec![
        View::words(scene.pick("対象", "stratum"), "stratum"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("群数", "groups"), Show::Cell("groups_kmeans", 0)),
        View::number(
            scene.pick("シルエット (連結のみ)", "silhouette, linkage only"),
            Show::Cell("silhouette_linkage", 3),
        ),
        View::number(
            scene.pick("シルエット (k-means 後)", "silhouette, with k-means"),
            Show::Cell("silhouette_kmeans", 3),
        ),
        View::words(scene.pick("採用", "kept"), "chosen"),
    ];
    let note = match scene.lang() {
        Lang::Ja => {
            "シルエットは −1〜1。0 に近いほどグループの境があいまい。pool はルールが決めきれなかった全パターン横断の集まり。"
        }
        Lang::En => {
            "Silhouette runs from −1 to 1; near 0 the borders of groups are vague. pool: tickets of all patterns that the rules were unsure of."
        }
    };
    let title = scene.pick("グループの質", "Quality of the groups").to_owned();
    Section {
        title,
        table: Some(table),
        notes: vec![note.to_owned()],
        ..Section::default()
    }
}
