//! What requests say and do not say: the parameters of every sub-pattern, how many tickets give each, what to ask.

use crate::automation::{Part, Risks, SlotFill};
use crate::compose::scene::Scene;
use crate::compose::words::{counted, counted_share, interval, joined, missing_slots, of_parts, slot_name};
use crate::report::{Cell, Section, Show, Table, View};

const COLUMNS: [&str; 15] = [
    "candidate_id",
    "subpattern",
    "label_ja",
    "label_en",
    "slot",
    "slot_label",
    "required",
    "tickets_count",
    "filled_count",
    "missing_count",
    "filled_share",
    "complete_count",
    "values_sample_count",
    "values",
    "values_counts",
];

/// Sub-patterns for which the report says in words what to ask.
const ASKED: usize = 5;

/// Tickets that must give a value before it is shown: one that stands alone may point at a person.
pub(super) const SHOWN_FROM: usize = 2;

/// Lists every slot of every sub-pattern that an automation would serve, `most` of them for people.
pub(super) fn all(scene: &Scene<'_>, most: usize) -> Section {
    let mut table = Table::new("slots", &COLUMNS);
    let raw = scene.settings.raw;
    let mut rows: Vec<(&str, &Part, &SlotFill)> = Vec::new();
    for candidate in &scene.analysis.ranking.candidates {
        for part in &candidate.parts {
            rows.extend(part.slots.iter().map(|slot| (candidate.id.as_str(), part, slot)));
        }
    }
    let missing = |part: &Part, slot: &SlotFill| part.tickets.saturating_sub(slot.filled);
    rows.sort_by(|a, b| {
        b.2.required
            .cmp(&a.2.required)
            .then(missing(b.1, b.2).cmp(&missing(a.1, a.2)))
            .then_with(|| a.1.subpattern.cmp(&b.1.subpattern))
            .then_with(|| a.2.slot.cmp(&b.2.slot))
    });
    rows.iter()
        .for_each(|(candidate, part, slot)| table.push(row(scene, candidate, part, slot)));
    table.shown = most;
    table.views = vec![
        View::words(
            scene.pick("サブパターン", "sub-pattern"),
            scene.pick("label_ja", "label_en"),
        ),
        View::words(scene.pick("項目", "parameter"), "slot_label"),
        View::words(scene.pick("必須", "required"), "required"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("書かれず", "missing"), Show::Cell("missing_count", 0)),
        View::number(scene.pick("書かれた割合", "given"), Show::Percent("filled_share")),
        View::words(scene.pick("多い値", "frequent values"), "values").from_width(120),
    ];
    Section {
        title: scene
            .pick("依頼に書かれていない項目", "What requests leave out")
            .to_owned(),
        lead: vec![
            scene
                .pick(
                    format!(
                        "自動化に要る項目のうち、書かれていないものの多い順。{}",
                        shown_ja(raw)
                    ),
                    format!(
                        "Parameters that an automation needs, those most often missing first. {}",
                        shown_en(raw)
                    ),
                )
                .to_owned(),
        ],
        notes: asks(scene),
        table: Some(table),
    }
}

/// Which values are shown: the same rule for every place that lists some.
fn shown_ja(raw: bool) -> String {
    let masked = if raw {
        ""
    } else {
        "そのうち人名・連絡先・秘密情報は伏せる。"
    };
    format!("値は {SHOWN_FROM} 件以上のチケットにあるものだけを示す。{masked}")
}

fn shown_en(raw: bool) -> String {
    let masked = if raw {
        ""
    } else {
        ", and people, addresses and secrets among them are masked"
    };
    format!("Only values that {SHOWN_FROM} or more tickets give are shown{masked}.")
}

/// What the form should ask, by sub-pattern, those with most incomplete tickets first.
fn asks(scene: &Scene<'_>) -> Vec<String> {
    let candidates = scene.analysis.ranking.candidates.iter();
    let mut parts: Vec<(Risks, &Part)> = candidates.flat_map(of_parts).collect();
    let incomplete = |part: &Part| part.tickets.saturating_sub(part.complete);
    parts.sort_by(|(_, a), (_, b)| {
        incomplete(b)
            .cmp(&incomplete(a))
            .then_with(|| a.subpattern.cmp(&b.subpattern))
    });
    parts
        .into_iter()
        .filter(|(_, part)| incomplete(part) > 0)
        .take(ASKED)
        .filter_map(|(risks, part)| ask(scene, risks, part))
        .collect()
}

/// What the form should ask of one sub-pattern, by what stands open in all of its candidate; `None` where tickets leave out
/// nothing that matters.
pub(super) fn ask(scene: &Scene<'_>, risks: Risks, part: &Part) -> Option<String> {
    let name = scene.subpattern_name(&part.subpattern);
    let missing = missing_slots(scene, std::iter::once((risks, part)), usize::MAX);
    if missing.is_empty() {
        return None;
    }
    let asked = joined(scene, &missing);
    let (tickets, complete) = (part.tickets, part.complete);
    let (now, doubt) = (counted_share(complete, tickets), interval(part.eligible_share));
    let (then, reach) = (
        part.reachable_share * 100.0,
        scene.taxonomy.estimation.form_reach * 100.0,
    );
    Some(scene.pick(
        format!("{name}: フォームで {asked} を聞く。自動化の必須項目が揃うのは {tickets} 件中 {complete} 件 ({now}、80 % の幅 {doubt})、フォーム改善後の見込みは {then:.0} % (残りの {reach:.0} % が揃うと見た分類表の見積り。どの数字にも算入しない)"),
        format!("{name}: let the form ask for {asked}. All that the automation needs is given in {complete} of {} ({now}, 80 % interval {doubt}); with the form perhaps {then:.0} % (the taxonomy supposes that a form completes {reach:.0} % of the rest; counted in no other number)", counted(tickets, "ticket")),
    ))
}

fn row(scene: &Scene<'_>, candidate: &str, part: &Part, slot: &SlotFill) -> Vec<(&'static str, Cell)> {
    let name = scene.taxonomy.sub(&part.subpattern).map(|(_, sub)| &sub.name);
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let share = (part.tickets > 0).then(|| slot.filled as f64 / part.tickets as f64);
    let values = values(scene, slot);
    vec![
        ("candidate_id", Cell::text(candidate)),
        ("subpattern", Cell::text(&part.subpattern)),
        ("label_ja", Cell::maybe_text(name.map(|name| name.ja.as_str()))),
        ("label_en", Cell::maybe_text(name.map(|name| name.en.as_str()))),
        ("slot", Cell::text(&slot.slot)),
        ("slot_label", Cell::text(&slot_name(scene, &slot.slot))),
        ("required", Cell::Flag(slot.required)),
        ("tickets_count", Cell::Count(part.tickets)),
        ("filled_count", Cell::Count(slot.filled)),
        (
            "missing_count",
            Cell::Count(part.tickets.saturating_sub(slot.filled)),
        ),
        ("filled_share", Cell::maybe_number(share)),
        ("complete_count", Cell::Count(part.complete)),
        ("values_sample_count", Cell::Count(part.looks.sample)),
        ("values", Cell::list(values.iter().map(|(value, _)| value))),
        (
            "values_counts",
            Cell::list(values.iter().map(|(_, count)| count.to_string())),
        ),
    ]
}

/// The frequent values of a slot as they may be shown.
pub(super) fn values(scene: &Scene<'_>, slot: &SlotFill) -> Vec<(String, usize)> {
    let frequent = slot.values.iter().filter(|(_, count)| *count >= SHOWN_FROM);
    frequent
        .map(|(value, count)| (scene.show(value), *count))
        .collect()
}
