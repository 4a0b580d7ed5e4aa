//! The table of tickets: every one with its pattern, how sure that is, and why.
//!
//! Its columns are a contract that other tools read.

use crate::classify::{Assignment, Evidence, review};
use crate::compose::quotes::{Around, Quotes};
use crate::compose::scene::{Order, Scene};
use crate::compose::words::exclusion_names;
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

/// The table without rows.
pub(super) fn empty() -> Table {
    Table::new("tickets", &COLUMNS)
}

/// The row of the ticket at a place of the analysis.
pub(super) fn row(scene: &Scene<'_>, at: usize) -> Vec<(&'static str, Cell)> {
    let analysis = scene.analysis;
    let (ticket, assignment) = (analysis.tickets[at], &analysis.assignments[at]);
    let mut cells = decision(scene, ticket, assignment);
    cells.extend(record(scene, ticket));
    cells.push((
        "quarter",
        Cell::maybe_text(analysis.quarters[at].map(|q| q.to_string()).as_deref()),
    ));
    cells.push(("lead_business_hours", Cell::maybe_number(analysis.lead_hours[at])));
    cells
}

/// Lists every analysed ticket in an order.
pub(super) fn all(scene: &Scene<'_>, order: Order) -> Section {
    let mut table = empty();
    let analysis = scene.analysis;
    let places = match order {
        Order::Id => (0..analysis.tickets.len()).collect(),
        Order::Review => review::order(&analysis.assignments),
    };
    places.into_iter().for_each(|at| table.push(row(scene, at)));
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
        View::named(scene.pick("除外", "excluded"), "excluded", exclusion_names(scene)),
        View::words(scene.pick("件名", "title"), "title"),
        View::words(scene.pick("四半期", "quarter"), "quarter").from_width(110),
    ];
    let review = analysis
        .assignments
        .iter()
        .filter(|a| a.needs_review && a.excluded.is_none())
        .count();
    let notes = vec![match scene.lang() {
        crate::taxonomy::Lang::Ja => {
            format!(
                "要確認 {review} 件: 見直さなくてよいとする確度の線に届かないもの。線の根拠は `--explain ID` が示す。"
            )
        }
        crate::taxonomy::Lang::En => {
            format!(
                "{review} marked for review: below the bar for answers that need no second look. `--explain ID` says what the bar rests on."
            )
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

fn decision(scene: &Scene<'_>, ticket: &Ticket, assignment: &Assignment) -> Vec<(&'static str, Cell)> {
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
        ("slots_present", Cell::list(&assignment.slots_present)),
        ("evidence", evidence_cell(scene, ticket, assignment)),
    ]
}

/// Writes what spoke in a ticket, loudest first.
pub(super) fn evidence_cell(scene: &Scene<'_>, ticket: &Ticket, assignment: &Assignment) -> Cell {
    let quotes = Quotes::new(ticket, Around::Lines, |text| scene.redacted(text));
    Cell::list(assignment.evidence.iter().map(|one| evidence(&quotes, one)))
}

/// Longest quote that is shown, in characters.
const LONGEST_QUOTE: usize = 40;

/// Writes a piece of evidence as "+4.5 account account.cue.1 title: 招待".
fn evidence(quotes: &Quotes<'_>, evidence: &Evidence) -> String {
    let quote = quotes.quote(evidence.origin, &evidence.range, LONGEST_QUOTE);
    let (points, target, cue, field) = (
        evidence.points,
        &evidence.target,
        &evidence.cue,
        evidence.field.as_str(),
    );
    format!("{points:+.1} {target} {cue} {field}: {quote}")
}
