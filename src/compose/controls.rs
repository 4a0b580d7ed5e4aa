//! Ledger C: what stands open in the tickets, counted and listed, with no price on it.

use std::collections::BTreeSet;

use crate::automation::{Finding, Flag, Part};
use crate::compose::scene::Scene;
use crate::compose::words::{flag_name, whole_period, window};
use crate::report::{Cell, Section, Show, Table, View};

const COLUMNS: [&str; 8] = [
    "flag",
    "subpattern",
    "label_ja",
    "label_en",
    "tickets_count",
    "of_tickets_count",
    "oldest_open_days",
    "ticket_ids",
];

/// Ticket ids named in words; the table for machines has all.
const NAMED: usize = 10;

/// Lists what stands open, the most urgent first.
pub(super) fn all(scene: &Scene<'_>) -> Section {
    let mut table = Table::new("controls", &COLUMNS);
    let findings = &scene.analysis.findings;
    findings
        .iter()
        .for_each(|finding| table.push(row(scene, finding)));
    let names = Flag::ALL
        .iter()
        .map(|flag| (flag.as_str().to_owned(), flag_name(scene, *flag).to_owned()))
        .collect();
    table.views = vec![
        View::named(scene.pick("見つかったもの", "finding"), "flag", names),
        View::words(
            scene.pick("サブパターン", "sub-pattern"),
            scene.pick("label_ja", "label_en"),
        ),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("対象", "of"), Show::Cell("of_tickets_count", 0)),
        View::number(
            scene.pick("最長 日", "oldest, days"),
            Show::Cell("oldest_open_days", 0),
        )
        .from_width(90),
    ];
    let nothing = scene.pick(
        "秘密情報・退職者の残存アクセス・終わりを書かない権限の依頼・一人だけが知る作業は見つからなかった。",
        "No secrets, no access of leavers, no request for a permission that names no end and no work that one person alone knows were found.",
    );
    Section {
        title: scene
            .pick("リスクと統制 (帳簿 C)", "Risk and control (ledger C)")
            .to_owned(),
        lead: if findings.is_empty() {
            vec![nothing.to_owned()]
        } else {
            let period = whole_period(scene);
            vec![scene.pick(
                format!("全期間 ({period}) で数える: 前に開いたままの扉は今も開いているかもしれない。分かるのは依頼に終わりが書かれていないことまでで、権限が今も残るかは対象の側で確かめる。候補の件数は{}のもの。", window(scene)),
                format!("Counted over all of {period}, for a door left open long ago may still be open. What is known is that a request names no end, not that the permission still stands: that is for the system itself to show. Candidates count the tickets of {}.", window(scene)),
            )]
        },
        notes: notes(scene),
        table: (!findings.is_empty()).then_some(table),
    }
}

fn row(scene: &Scene<'_>, finding: &Finding) -> Vec<(&'static str, Cell)> {
    let sub = finding.subpattern.as_deref();
    let name = sub
        .and_then(|id| scene.taxonomy.sub(id))
        .map(|(_, sub)| &sub.name);
    let days = finding.oldest_days.and_then(|days| usize::try_from(days).ok());
    let listed = finding.flag != Flag::OnePerson;
    vec![
        ("flag", Cell::text(finding.flag.as_str())),
        ("subpattern", Cell::maybe_text(sub)),
        ("label_ja", Cell::maybe_text(name.map(|name| name.ja.as_str()))),
        ("label_en", Cell::maybe_text(name.map(|name| name.en.as_str()))),
        ("tickets_count", Cell::Count(finding.tickets.len())),
        ("of_tickets_count", Cell::Count(finding.of)),
        ("oldest_open_days", days.map_or(Cell::Missing, Cell::Count)),
        (
            "ticket_ids",
            if listed {
                Cell::list(ids(scene, finding))
            } else {
                Cell::Missing
            },
        ),
    ]
}

fn ids(scene: &Scene<'_>, finding: &Finding) -> Vec<String> {
    let id = |place: &usize| {
        scene
            .analysis
            .tickets
            .get(*place)
            .map(|ticket| ticket.id.to_string())
    };
    finding.tickets.iter().filter_map(id).collect()
}

/// Names all tickets behind what stands open in some parts, a line a flag: whoever doubts a count can look.
pub(super) fn named<'p>(scene: &Scene<'_>, parts: impl Iterator<Item = &'p Part>) -> Vec<String> {
    let subs: BTreeSet<&str> = parts.map(|part| part.subpattern.as_str()).collect();
    let listed = |flag: &Flag| {
        let findings = scene.analysis.findings.iter();
        let of = findings.filter(|finding| {
            finding.flag == *flag
                && finding
                    .subpattern
                    .as_deref()
                    .is_some_and(|sub| subs.contains(sub))
        });
        let mut ids: Vec<String> = of.flat_map(|finding| ids(scene, finding)).collect();
        ids.sort_unstable();
        let ids: Vec<String> = ids.iter().map(|id| scene.show(id)).collect();
        let (name, ids) = (flag_name(scene, *flag), ids.join(", "));
        (!ids.is_empty()).then(|| {
            scene.pick(
                format!("{name}のチケット: {ids}"),
                format!("{name}, by ticket: {ids}"),
            )
        })
    };
    let told = Flag::ALL.iter().filter(|flag| **flag != Flag::OnePerson);
    told.filter_map(listed).collect()
}

/// What must be done now, with the tickets.
fn notes(scene: &Scene<'_>) -> Vec<String> {
    let tickets = |flag: Flag| -> Vec<String> {
        let findings = scene
            .analysis
            .findings
            .iter()
            .filter(|finding| finding.flag == flag);
        let mut all: Vec<String> = findings.flat_map(|finding| ids(scene, finding)).collect();
        all.sort_unstable();
        all.into_iter().map(|id| scene.show(&id)).collect()
    };
    let named = |all: &[String]| {
        let first = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let rest = all.len().saturating_sub(NAMED);
        match rest {
            0 => first,
            rest => scene.pick(
                format!("{first} ほか {rest} 件"),
                format!("{first} and {rest} more"),
            ),
        }
    };
    let mut notes = Vec::new();
    let secrets = tickets(Flag::Secret);
    if !secrets.is_empty() {
        let named = named(&secrets);
        notes.push(scene.pick(
            format!("秘密情報は、まず値を無効化して作り直し、そのあと本文から消す: {named}"),
            format!("Secrets: revoke and replace them first, then delete the text: {named}"),
        ));
    }
    let leavers = tickets(Flag::LeaverOpen);
    if !leavers.is_empty() {
        let named = named(&leavers);
        notes.push(scene.pick(
            format!("退職・異動者のアクセスがまだ残る依頼 (起票からの日数。最終出社日が先のものも含む): {named}"),
            format!("Access of leavers not taken away yet (days since filing; a last day may still lie ahead): {named}"),
        ));
    }
    let late = tickets(Flag::LeaverLate);
    if !late.is_empty() {
        let named = named(&late);
        notes.push(scene.pick(
            format!("完了済みだが、退職・異動の後もアクセスが残っていたと書かれた依頼: {named}"),
            format!("Done by now, but they tell of access that outlived its leaver: {named}"),
        ));
    }
    notes
}
