//! What recurs and what it costs: by pattern, and by the finest sets that tickets belong to.

use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::OTHER;
use crate::toil::{Hours, Key, Level, Origin, Series, Toil};

/// Columns that measure a set of tickets, shared by every table that has them.
pub(super) const MEASURES: [&str; 20] = [
    "tickets_count",
    "excluded_count",
    "events_count",
    "tickets_share",
    "minutes_source",
    "toil_hours_p10",
    "toil_hours_p50",
    "toil_hours_p90",
    "timed_tickets_count",
    "unestimated_tickets_count",
    "lead_business_hours_p50",
    "lead_business_hours_p90",
    "lead_closed_count",
    "lead_censored_count",
    "lead_unknown_count",
    "response_business_hours_p50",
    "backlog_count",
    "undated_count",
    "requesters_effective",
    "assignee_simpson",
];

/// Shows the patterns against each other: tickets and hours side by side, since neither is the other.
pub(super) fn by_pattern(scene: &Scene<'_>) -> Section {
    let keys: Vec<&'static str> = ["pattern", "label_ja", "label_en", "toil_default"]
        .into_iter()
        .chain(MEASURES)
        .collect();
    let mut table = Table::new("pattern_totals", &keys);
    for pattern in &scene.taxonomy.patterns {
        let series = scene
            .analysis
            .measures
            .series
            .get(&Key::Pattern(pattern.id.clone()));
        let mut cells = vec![
            ("pattern", Cell::text(&pattern.id)),
            ("label_ja", Cell::text(&pattern.name.ja)),
            ("label_en", Cell::text(&pattern.name.en)),
            ("toil_default", Cell::Flag(pattern.toil_default)),
        ];
        match series {
            Some(series) => cells.extend(measures(&series.whole)),
            None => cells.extend([
                ("tickets_count", Cell::Count(0)),
                ("excluded_count", Cell::Count(0)),
            ]),
        }
        table.push(cells);
    }
    let name = scene.pick("label_ja", "label_en");
    table.views = vec![
        View::words(scene.pick("パターン", "pattern"), name),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("割合", "share"), Show::Percent("tickets_share")),
        View::words("", "tickets_share")
            .bar("tickets_share", 8)
            .from_width(120),
        View::number(scene.pick("工数 h [80 %]", "hours [80 %]"), HOURS),
        View::words("", "toil_hours_p50")
            .bar("toil_hours_p50", 8)
            .from_width(120),
        View::number(
            scene.pick("待ち p50 h", "lead p50 h"),
            Show::Cell("lead_business_hours_p50", 1),
        ),
        View::number(
            scene.pick("待ち p90 h", "lead p90 h"),
            Show::Cell("lead_business_hours_p90", 1),
        )
        .from_width(90),
        View::number(scene.pick("未完了", "open"), Show::Cell("backlog_count", 0)),
    ];
    let mut total = measures(&scene.analysis.measures.total.whole);
    total.push((name, Cell::text(scene.pick("計", "total"))));
    table.total = Some(total);
    Section {
        title: scene.pick("パターン", "Patterns").to_owned(),
        lead: Vec::new(),
        table: Some(table),
        notes: notes(scene),
    }
}

const HOURS: Show = Show::Interval(["toil_hours_p10", "toil_hours_p50", "toil_hours_p90"], 0);

fn notes(scene: &Scene<'_>) -> Vec<String> {
    let total = &scene.analysis.measures.total.whole;
    let mut notes = vec![format!(
        "{}{}",
        excluded(scene, total.excluded),
        scene.pick(
            "待ち時間は起票から完了までの営業時間、未完了は打ち切りとして数える。",
            "Lead time is filing to done in business hours, open tickets censored.",
        )
    )];
    if let Some(hours) = &total.hours {
        let added = scene.pick(
            "行の工数は中央値なので、足しても計にならない (計は全件をまとめて引いた中央値)。",
            " The hours of a row are a median, and medians do not add up to that of the total, which is drawn over all tickets.",
        );
        notes.push(format!("{}{added}", origin(scene, hours)));
    }
    notes
}

/// How many tickets are not counted; nothing where none is left out.
fn excluded(scene: &Scene<'_>, excluded: usize) -> String {
    let (tickets, are) = match excluded {
        0 => return String::new(),
        1 => ("1 ticket that is no request".to_owned(), "is"),
        _ => (format!("{excluded} tickets that are no request"), "are"),
    };
    scene.pick(
        format!("件数は対象外 {excluded} 件 (取り下げ・重複・テスト・お知らせ) を除く。"),
        format!("{tickets} (withdrawn, duplicate, test, announcement) {are} not counted. "),
    )
}

/// Where the hours come from; what there is none of is not spoken of.
fn origin(scene: &Scene<'_>, hours: &Hours) -> String {
    let (timed, blind) = (hours.timed_tickets, hours.unestimated_tickets);
    let tickets = counted(timed, "ticket");
    let source = match (timed, hours.origin) {
        (0, Origin::ThreePoint) => scene.pick(
            "工数: 実測はなく、担当者の見積りによる。".to_owned(),
            "Hours: no ticket has recorded minutes, so all are estimates of those who do the work.".to_owned(),
        ),
        (0, _) => scene.pick(
            "工数: 実測はなく、すべて見積り。".to_owned(),
            "Hours: no ticket has recorded minutes, so all are estimates.".to_owned(),
        ),
        (_, Origin::Timed) => scene.pick(
            format!("工数: 実測のあるチケット {timed} 件、残りはその平均。"),
            format!("Hours: {tickets} with recorded minutes, the rest is their mean."),
        ),
        _ => scene.pick(
            format!("工数: 実測のあるチケット {timed} 件、残りは実測の平均または見積り。"),
            format!("Hours: {tickets} with recorded minutes, the rest is estimated from these or from the taxonomy."),
        ),
    };
    let (without, are) = (counted(blind, "ticket"), if blind == 1 { "is" } else { "are" });
    match blind {
        0 => source,
        _ => scene.pick(
            format!("{source}見積りもないもの {blind} 件は工数に入っていない。"),
            format!("{source} {without} without an estimate {are} not in the hours."),
        ),
    }
}

/// Lists the finest sets for the report.
pub(super) fn detail(scene: &Scene<'_>) -> Section {
    let title = scene
        .pick("サブパターンとグループ", "Sub-patterns and groups")
        .to_owned();
    Section { title, ..all(scene) }
}

/// Lists every sub-pattern, discovered group and rest; each ticket is in exactly one row.
pub(super) fn all(scene: &Scene<'_>) -> Section {
    let keys: Vec<&'static str> = [
        "pattern",
        "subpattern",
        "group",
        "label_ja",
        "label_en",
        "slot_complete_share",
        "regularity",
        "repeated_errors_share",
        "reworked_count",
    ]
    .into_iter()
    .chain(MEASURES)
    .collect();
    let mut table = Table::new("patterns", &keys);
    let mut rows: Vec<(&Key, &Series)> = scene.analysis.measures.level(Level::Group).collect();
    rows.sort_by_key(|(key, _)| place(scene, key));
    for (key, series) in rows {
        let mut cells = identity(scene, key.pattern(), key.group());
        cells.push((
            "slot_complete_share",
            Cell::maybe_number(slot_share(scene, key.group())),
        ));
        cells.extend(looks(scene, key.group()));
        cells.extend(measures(&series.whole));
        table.push(cells);
    }
    let name = scene.pick("label_ja", "label_en");
    table.views = vec![
        View::named(
            scene.pick("パターン", "pattern"),
            "pattern",
            scene.pattern_names(),
        ),
        View::words(scene.pick("サブパターン・グループ", "sub-pattern or group"), name),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("割合", "share"), Show::Percent("tickets_share")).from_width(100),
        View::number(scene.pick("工数 h [80 %]", "hours [80 %]"), HOURS),
        View::number(
            scene.pick("待ち p50 h", "lead p50 h"),
            Show::Cell("lead_business_hours_p50", 1),
        ),
        View::number(
            scene.pick("必要項目", "all slots"),
            Show::Percent("slot_complete_share"),
        )
        .from_width(110),
        View::number(scene.pick("未完了", "open"), Show::Cell("backlog_count", 0)).from_width(110),
    ];
    let mut total = measures(&scene.analysis.measures.total.whole);
    total.push((name, Cell::text(scene.pick("計", "total"))));
    table.total = Some(total);
    Section {
        table: Some(table),
        notes: notes(scene),
        ..Section::default()
    }
}

/// Order of rows: patterns and sub-patterns as in the taxonomy, then discovered groups by size, then the rest.
fn place(scene: &Scene<'_>, key: &Key) -> (usize, usize, usize, String) {
    let last = usize::MAX;
    let pattern = scene
        .taxonomy
        .patterns
        .iter()
        .position(|pattern| pattern.id == key.pattern())
        .unwrap_or(last);
    let Some(group) = key.group() else {
        return (pattern, last, last, String::new());
    };
    let subs = scene
        .taxonomy
        .patterns
        .get(pattern)
        .map_or(&[][..], |pattern| &pattern.subs);
    let sub = subs.iter().position(|sub| sub.id == group);
    let size = scene
        .analysis
        .groups
        .iter()
        .find(|found| found.id == group)
        .map_or(0, |found| found.members.len());
    (pattern, sub.unwrap_or(last - 1), last - size, group.to_owned())
}

/// Names a finest set in both languages: a sub-pattern, a discovered group, or the rest of its pattern.
pub(super) fn identity(scene: &Scene<'_>, pattern: &str, group: Option<&str>) -> Vec<(&'static str, Cell)> {
    let sub = group
        .and_then(|group| scene.taxonomy.sub(group))
        .map(|(_, sub)| sub);
    let discovered = group.filter(|_| sub.is_none());
    let (ja, en) = match (sub, discovered) {
        (Some(sub), _) => (sub.name.ja.clone(), sub.name.en.clone()),
        (None, Some(group)) => (scene.group_name(group), scene.group_name(group)),
        (None, None) if pattern == OTHER => ("その他".to_owned(), "other".to_owned()),
        (None, None) => (
            "(サブパターン未定)".to_owned(),
            "(no clear sub-pattern)".to_owned(),
        ),
    };
    vec![
        ("pattern", Cell::text(pattern)),
        ("subpattern", Cell::maybe_text(sub.map(|sub| sub.id.as_str()))),
        ("group", Cell::maybe_text(group)),
        ("label_ja", Cell::text(&ja)),
        ("label_en", Cell::text(&en)),
    ]
}

/// Share of a sub-pattern's tickets that fill every required slot; `None` for sets without slots.
/// What the tickets of a sub-pattern look like, where an automation would serve them.
fn looks(scene: &Scene<'_>, group: Option<&str>) -> Vec<(&'static str, Cell)> {
    let mut parts = scene
        .analysis
        .ranking
        .candidates
        .iter()
        .flat_map(|one| &one.parts);
    let Some(part) = parts.find(|part| Some(part.subpattern.as_str()) == group) else {
        return Vec::new();
    };
    vec![
        ("regularity", Cell::maybe_number(part.looks.regularity)),
        (
            "repeated_errors_share",
            Cell::maybe_number(part.looks.repeated_errors),
        ),
        ("reworked_count", Cell::Count(part.looks.reworked)),
    ]
}

fn slot_share(scene: &Scene<'_>, group: Option<&str>) -> Option<f64> {
    let of_group = scene
        .analysis
        .assignments
        .iter()
        .filter(|a| a.excluded.is_none() && a.subpattern.as_deref() == group && group.is_some());
    let complete: Vec<bool> = of_group.filter_map(|assignment| assignment.complete).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    (!complete.is_empty()).then(|| {
        share(
            complete.iter().filter(|complete| **complete).count(),
            complete.len(),
        )
    })
}

/// Returns the cells of the shared columns.
pub(super) fn measures(toil: &Toil) -> Vec<(&'static str, Cell)> {
    let hours = toil.hours.as_ref();
    let number = |of: fn(&Hours) -> f64| Cell::maybe_number(hours.map(of));
    vec![
        ("tickets_count", Cell::Count(toil.tickets)),
        ("excluded_count", Cell::Count(toil.excluded)),
        ("events_count", Cell::Count(toil.events)),
        ("tickets_share", Cell::maybe_number(toil.share)),
        (
            "minutes_source",
            Cell::maybe_text(hours.map(|hours| hours.origin.as_str())),
        ),
        ("toil_hours_p10", number(|hours| hours.p10)),
        ("toil_hours_p50", number(|hours| hours.p50)),
        ("toil_hours_p90", number(|hours| hours.p90)),
        (
            "timed_tickets_count",
            hours.map_or(Cell::Missing, |hours| Cell::Count(hours.timed_tickets)),
        ),
        (
            "unestimated_tickets_count",
            hours.map_or(Cell::Missing, |hours| Cell::Count(hours.unestimated_tickets)),
        ),
        ("lead_business_hours_p50", Cell::maybe_number(toil.lead.p50)),
        ("lead_business_hours_p90", Cell::maybe_number(toil.lead.p90)),
        ("lead_closed_count", Cell::Count(toil.lead.closed)),
        ("lead_censored_count", Cell::Count(toil.lead.open_censored)),
        (
            "lead_unknown_count",
            Cell::Count(toil.lead.unknown + toil.lead.negative),
        ),
        (
            "response_business_hours_p50",
            Cell::maybe_number(toil.response_p50),
        ),
        ("backlog_count", Cell::Count(toil.backlog)),
        ("undated_count", Cell::Count(toil.undated)),
        (
            "requesters_effective",
            Cell::maybe_number(toil.requesters_effective),
        ),
        ("assignee_simpson", Cell::maybe_number(toil.assignee_simpson)),
    ]
}

#[cfg(test)]
mod tests {
    use super::notes;
    use crate::analysis::analyze;
    use crate::compose::Scene;
    use crate::compose::candidate_story::tests::invitations;
    use crate::config::{Overrides, Settings};
    use crate::taxonomy::{Lang, Taxonomy};

    #[test]
    fn what_there_is_none_of_is_not_spoken_of() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let mut tickets = invitations(&[(11, 6)]);
        let told = |tickets: &[crate::ticket::Ticket], lang| {
            let settings = Settings::resolve(Overrides::default(), lang).unwrap();
            let analysis = analyze(tickets, &taxonomy, &settings).unwrap();
            notes(&Scene::new(&analysis, analysis.coverage, &taxonomy, &settings)).join("\n")
        };
        let en = told(&tickets, Lang::En);
        assert!(
            en.contains("no ticket has recorded minutes, so all are estimates"),
            "{en}"
        );
        for lang in [Lang::En, Lang::Ja] {
            let text = told(&tickets, lang);
            let zero = text
                .split(|c: char| !c.is_ascii_digit())
                .any(|number| number == "0");
            assert!(!zero, "{text}");
        }
        tickets[0].minutes_spent = Some(12.0);
        let en = told(&tickets, Lang::En);
        assert!(en.contains("Hours: 1 ticket with recorded minutes"), "{en}");
    }
}
