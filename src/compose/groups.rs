//! The groups that the taxonomy does not name, each with a name, a typical ticket and a size; and how good the
//! grouping is with and without its k-means step.

use std::collections::{BTreeMap, BTreeSet};

use crate::classify::NamedGroup;
use crate::classify::cluster::Quality;
use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::report::{Cell, Grid, Section, Show, Table, View};
use crate::taxonomy::Lang;

const GROUP_COLUMNS: [&str; 11] = [
    "group",
    "group_name",
    "pattern",
    "tickets_count",
    "quarters_count",
    "requesters_count",
    "cohesion",
    "stability",
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
    let mut groups: Vec<&NamedGroup> = scene.analysis.groups.iter().collect();
    groups.sort_by(|a, b| {
        b.members
            .len()
            .cmp(&a.members.len())
            .then_with(|| a.id.cmp(&b.id))
    });
    groups.iter().for_each(|group| table.push(row(scene, group)));
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
        View::number(scene.pick("安定度", "stability"), Show::Cell("stability", 2)).from_width(120),
        View::words(scene.pick("典型チケット", "typical ticket"), "typical_id"),
        View::words(scene.pick("その件名", "its title"), "typical_title"),
    ];
    let lead = if groups.is_empty() {
        scene.pick(
            "ルールが残したチケットに、3 件以上のまとまりはない。",
            "Among the tickets that the rules left, none form a group of three or more.",
        )
    } else {
        scene.pick(
            "ルールで決めきれなかったチケットをクラスタリングでまとめたもの。分類表に足す候補。",
            "Tickets that the rules could not settle, gathered by clustering: candidates for the taxonomy.",
        )
    };
    if groups.is_empty() {
        // Machines get the empty table; people read the sentence.
        table.pivot = Some(Grid::default());
    }
    Section {
        title: scene.pick("名前のないグループ", "Groups nobody named").to_owned(),
        lead: vec![lead.to_owned()],
        table: Some(table),
        notes: how_many(scene, &groups),
    }
}

/// How many tickets the groups hold, and how that goes with the coverage, which counts fewer: a ticket of a group whose own
/// words tell its pattern is counted where these decided.
fn how_many(scene: &Scene<'_>, groups: &[&NamedGroup]) -> Vec<String> {
    if groups.is_empty() {
        return Vec::new();
    }
    let (all, clustered) = (groups.len(), scene.analysis.coverage.cluster);
    let tickets: usize = groups.iter().map(|group| group.members.len()).sum();
    vec![scene.pick(
        format!("{all} グループに {tickets} 件。末尾の内訳で「クラスタ」に数えるのは、そのうち自分の言葉ではパターンがはっきりしない {clustered} 件だけ。"),
        format!(
            "{} in {}. The coverage below counts as “cluster” only the {clustered} of them whose own words do not settle their pattern.",
            counted(tickets, "ticket"),
            counted(all, "group")
        ),
    )]
}

fn row(scene: &Scene<'_>, group: &NamedGroup) -> Vec<(&'static str, Cell)> {
    let analysis = scene.analysis;
    let tickets = || group.members.iter().map(|at| analysis.tickets[*at]);
    let quarters: BTreeSet<_> = group
        .members
        .iter()
        .filter_map(|at| analysis.quarters[*at])
        .collect();
    let requesters: BTreeSet<&String> = tickets().flat_map(|ticket| &ticket.requesters).collect();
    let typical = analysis.tickets[group.medoid];
    let title = typical.title.as_deref().map(|title| scene.show(title));
    let examples = group.examples.iter().map(|at| analysis.tickets[*at].id.as_str());
    vec![
        ("group", Cell::text(&group.id)),
        ("group_name", Cell::Text(scene.discovered_name(group))),
        ("pattern", Cell::text(&group.pattern)),
        ("tickets_count", Cell::Count(group.members.len())),
        ("quarters_count", Cell::Count(quarters.len())),
        ("requesters_count", Cell::Count(requesters.len())),
        ("cohesion", Cell::Number(group.cohesion)),
        ("stability", Cell::maybe_number(group.stability)),
        ("typical_id", Cell::text(typical.id.as_str())),
        ("typical_title", Cell::maybe_text(title.as_deref())),
        ("example_ids", Cell::list(examples)),
    ]
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
        View::named(scene.pick("対象", "stratum"), "stratum", strata(scene)),
        View::number(
            scene.pick("調べた件数", "tickets looked at"),
            Show::Cell("tickets_count", 0),
        ),
        View::number(
            scene.pick("分けた数", "divided into"),
            Show::Cell("groups_kmeans", 0),
        ),
        View::number(
            scene.pick("シルエット (連結のみ)", "silhouette, linkage only"),
            Show::Cell("silhouette_linkage", 3),
        ),
        View::number(
            scene.pick("シルエット (k-means 後)", "silhouette, with k-means"),
            Show::Cell("silhouette_kmeans", 3),
        ),
        View::named(scene.pick("採用", "kept"), "chosen", steps(scene)),
    ];
    let note = match scene.lang() {
        Lang::Ja => {
            "シルエットは −1〜1。0 に近いほどグループの境があいまい。「全体から」はルールが決めきれなかった、全パターン横断の集まり。分けたもののうち、3 件以上で、引き直しても出てきて、既知のサブパターンでないものだけが「名前のないグループ」になる。"
        }
        Lang::En => {
            "Silhouette runs from −1 to 1; near 0 the borders of groups are vague. “all patterns”: tickets of all patterns that the rules were unsure of. Only what has three tickets or more, comes out again when tickets are drawn anew and is no known sub-pattern is listed as a group nobody named."
        }
    };
    if scene.analysis.quality.is_empty() {
        // Nothing was grouped, so there is no quality to speak of.
        table.pivot = Some(Grid::default());
        return Section {
            table: Some(table),
            ..Section::default()
        };
    }
    let title = scene.pick("グループの質", "Quality of the groups").to_owned();
    Section {
        title,
        table: Some(table),
        notes: vec![note.to_owned()],
        ..Section::default()
    }
}

/// Names of what was grouped: a pattern, or what the rules left of all of them.
fn strata(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let mut names = scene.pattern_names();
    names.insert(
        "pool".to_owned(),
        scene.pick("全体から", "all patterns").to_owned(),
    );
    names
}

/// Names of the two steps of grouping by the codes of outputs.
fn steps(scene: &Scene<'_>) -> BTreeMap<String, String> {
    [
        ("linkage", "連結のみ", "linkage only"),
        ("kmeans", "k-means 後", "with k-means"),
    ]
    .map(|(code, ja, en)| (code.to_owned(), scene.pick(ja, en).to_owned()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::{discovered, quality};
    use crate::analysis::analyze;
    use crate::compose::Scene;
    use crate::compose::candidate_story::tests::invitations;
    use crate::config::{Overrides, Settings};
    use crate::report::Table;
    use crate::taxonomy::{Lang, Taxonomy};

    #[test]
    fn people_see_no_empty_tables() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let settings = Settings::resolve(Overrides::default(), Lang::En).unwrap();
        let tickets = invitations(&[(11, 2)]);
        let analysis = analyze(&tickets, &taxonomy, &settings).unwrap();
        let scene = Scene::new(&analysis, analysis.coverage, &taxonomy, &settings);
        for section in [discovered(&scene), quality(&scene)] {
            let is_empty = |table: &Table| table.rows.is_empty() && table.is_seen();
            assert!(!section.table.as_ref().is_some_and(is_empty), "{section:?}");
        }
    }
}
