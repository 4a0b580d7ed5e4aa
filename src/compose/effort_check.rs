//! The top-down check: the hours that people say requests take, against the hours that tickets add up to.

use crate::compose::scene::Scene;
use crate::compose::words::number_of;
use crate::config::TopDown;
use crate::period::Quarter;
use crate::report::{Cell, Section, Show, Table, View};
use crate::toil::Toil;

const COLUMNS: [&str; 7] = [
    "quarter",
    "people_asked_count",
    "available_hours_per_person",
    "top_down_hours",
    "bottom_up_hours_p50",
    "kappa",
    "partial",
];

/// From this ratio on tickets do not hold what requests take; below its inverse they hold more than people feel.
const APART: f64 = 2.0;

/// Compares both for every quarter in which people were asked; `None` if they never were.
pub(super) fn all(scene: &Scene<'_>) -> Option<Section> {
    let asked = &scene.settings.effort.top_down;
    if asked.is_empty() {
        return None;
    }
    let mut table = Table::new("effort_check", &COLUMNS);
    let mut notes = Vec::new();
    for (quarter, answers) in asked {
        let found = found(scene, *quarter);
        let hours = found.and_then(|(toil, _)| toil.hours).map(|hours| hours.p50);
        // The tickets of a quarter that is not over say nothing of the hours of all of it.
        let partial = found.is_some_and(|(_, partial)| partial);
        let kappa = hours
            .filter(|hours| *hours > 0.0 && !partial)
            .map(|hours| answers.spent() / hours);
        table.push(vec![
            ("quarter", Cell::text(&quarter.to_string())),
            ("people_asked_count", Cell::Count(answers.shares.len())),
            ("available_hours_per_person", Cell::Number(answers.hours)),
            ("top_down_hours", Cell::Number(answers.spent())),
            ("bottom_up_hours_p50", Cell::maybe_number(hours)),
            ("kappa", Cell::maybe_number(kappa)),
            (
                "partial",
                found.map_or(Cell::Missing, |(_, partial)| Cell::Flag(partial)),
            ),
        ]);
        notes.push(if partial {
            unfinished(scene, *quarter)
        } else {
            note(scene, *quarter, answers, kappa)
        });
    }
    table.views = vec![
        View::words(scene.pick("四半期", "quarter"), "quarter"),
        View::number(
            scene.pick("回答者", "people asked"),
            Show::Cell("people_asked_count", 0),
        ),
        View::number(
            scene.pick("本人の答え h", "by their account h"),
            Show::Cell("top_down_hours", 0),
        ),
        View::number(
            scene.pick("チケットから h", "from tickets h"),
            Show::Cell("bottom_up_hours_p50", 0),
        ),
        View::number(scene.pick("比 κ", "ratio κ"), Show::Cell("kappa", 1)),
    ];
    Some(Section {
        title: scene
            .pick("工数の突き合わせ", "Hours checked from above")
            .to_owned(),
        lead: Vec::new(),
        notes,
        table: Some(table),
    })
}

/// The measures of a quarter, and whether it is not over.
fn found<'a>(scene: &'a Scene<'_>, quarter: Quarter) -> Option<(&'a Toil, bool)> {
    let measures = &scene.analysis.measures;
    let at = measures
        .timeline
        .iter()
        .position(|slot| slot.quarter == quarter)?;
    Some((measures.total.quarters.get(at)?, measures.timeline[at].partial))
}

fn unfinished(scene: &Scene<'_>, quarter: Quarter) -> String {
    scene.pick(
        format!("{quarter}: チケットが揃っていない四半期なので、まだ比べない"),
        format!("{quarter}: not all of its tickets are known yet, so it is not compared"),
    )
}

fn note(scene: &Scene<'_>, quarter: Quarter, answers: &TopDown, kappa: Option<f64>) -> String {
    let people = answers.shares.len();
    let Some(kappa) = kappa else {
        return scene.pick(
            format!("{quarter}: チケットからの工数がなく、{people} 人の答えと比べられない"),
            format!("{quarter}: no hours from tickets to compare the answers of {people} people with"),
        );
    };
    let meaning = if kappa > APART {
        scene.pick(
            "割込み、やり取りの往復、チケットにならない依頼が工数の多くを占める。1 件あたりの分を増やす理由にはならない",
            "interruptions, questions back and forth, or requests that never became tickets take the rest; it is no reason to raise the minutes a ticket",
        )
    } else if kappa < 1.0 / APART {
        scene.pick(
            "1 件あたりの分が高く見積もられているか、答えた人が一部だけ。上位の依頼で実測を",
            "the minutes a ticket are estimated too high, or not everybody was asked: time the most frequent kinds",
        )
    } else {
        scene.pick(
            "二つの見方は大きく食い違わない",
            "both agree as far as either can tell",
        )
    };
    let ratio = number_of(kappa, 1);
    scene.pick(
        format!("{quarter}: κ = {ratio} ({people} 人)。{meaning}"),
        format!("{quarter}: κ = {ratio} ({people} asked): {meaning}"),
    )
}
