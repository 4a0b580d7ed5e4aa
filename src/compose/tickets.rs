//! The table of tickets: every one with its pattern, how sure that is, and why.
//!
//! Its columns are a contract that other tools read.

use crate::classify::Assignment;
use crate::compose::scene::Scene;
use crate::report::{Cell, Section, Show, Table, View};
use crate::ticket::Ticket;

const COLUMNS: [&str; 17] = [
    "id",
    "title",
    "url",
    "quarter",
    "pattern",
    "subpattern",
    "group",
    "group_name",
    "method",
    "confidence",
    "margin",
    "secondary",
    "needs_review",
    "excluded",
    "slots_present",
    "lead_business_hours",
    "evidence",
];

/// Lists every analysed ticket, ordered by id.
pub(super) fn all(scene: &Scene<'_>) -> Section {
    let mut table = Table::new("tickets", &COLUMNS);
    let analysis = scene.analysis;
    for (at, (ticket, assignment)) in analysis.tickets.iter().zip(&analysis.assignments).enumerate() {
        let mut cells = decision(scene, assignment);
        cells.extend(record(scene, ticket));
        cells.push((
            "quarter",
            Cell::maybe_text(analysis.quarters[at].map(|q| q.to_string()).as_deref()),
        ));
        cells.push(("lead_business_hours", Cell::maybe_number(analysis.lead_hours[at])));
        table.push(cells);
    }
    table.views = vec![
        View::words("ID", "id"),
        View::named(
            scene.pick("パターン", "pattern"),
            "pattern",
            scene.pattern_names(),
        ),
        View::words(scene.pick("グループ", "group"), "group_name"),
        View::number(scene.pick("確度", "sure"), Show::Percent("confidence")),
        View::words(scene.pick("要確認", "review"), "needs_review"),
        View::words(scene.pick("除外", "excluded"), "excluded").from_width(110),
        View::words(scene.pick("件名", "title"), "title"),
        View::words(scene.pick("四半期", "quarter"), "quarter").from_width(110),
    ];
    let review = analysis
        .assignments
        .iter()
        .filter(|a| a.needs_review && a.excluded.is_none())
        .count();
    let notes = vec![match scene.lang() {
        crate::taxonomy::Lang::Ja => format!("要確認 {review} 件: ルールの票が足りないか、次点と近いもの。"),
        crate::taxonomy::Lang::En => {
            format!("{review} marked for review: too few votes, or another pattern close behind.")
        }
    }];
    Section {
        table: Some(table),
        notes,
        ..Section::default()
    }
}

fn record(scene: &Scene<'_>, ticket: &Ticket) -> Vec<(&'static str, Cell)> {
    let shown = |text: &Option<String>| {
        text.as_ref()
            .map_or(Cell::Missing, |text| Cell::Text(scene.show(text)))
    };
    vec![
        ("id", Cell::text(ticket.id.as_str())),
        ("title", shown(&ticket.title)),
        ("url", shown(&ticket.url)),
    ]
}

fn decision(scene: &Scene<'_>, assignment: &Assignment) -> Vec<(&'static str, Cell)> {
    let group_name = assignment.group.as_deref().map(|group| scene.group_name(group));
    vec![
        ("pattern", Cell::text(&assignment.pattern)),
        ("subpattern", Cell::maybe_text(assignment.subpattern.as_deref())),
        ("group", Cell::maybe_text(assignment.group.as_deref())),
        ("group_name", Cell::maybe_text(group_name.as_deref())),
        ("method", Cell::text(assignment.method.as_str())),
        ("confidence", Cell::Number(assignment.confidence)),
        ("margin", Cell::Number(assignment.margin)),
        ("secondary", Cell::maybe_text(assignment.secondary.as_deref())),
        ("needs_review", Cell::Flag(assignment.needs_review)),
        (
            "excluded",
            Cell::maybe_text(assignment.excluded.map(crate::taxonomy::Exclusion::as_str)),
        ),
        ("slots_present", Cell::List(assignment.slots_present.clone())),
        (
            "evidence",
            Cell::List(assignment.evidence.iter().map(|e| evidence(scene, e)).collect()),
        ),
    ]
}

/// Writes a piece of evidence as "+4.5 account.cue.1 title: 招待".
fn evidence(scene: &Scene<'_>, evidence: &crate::classify::Evidence) -> String {
    let quote = scene.show(&evidence.quote);
    format!(
        "{:+.1} {} {} {}: {quote}",
        evidence.points,
        evidence.target,
        evidence.cue,
        evidence.field.as_str()
    )
}
