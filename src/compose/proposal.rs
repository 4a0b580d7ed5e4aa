//! What stands behind the story at the top: what to build, for which reason and at what price, and the first step; or
//! that nothing pays and what comes closest.

use std::collections::BTreeSet;

use crate::automation::{Bundle, Candidate, Gate, Reason};
use crate::compose::scene::Scene;
use crate::compose::words::{
    Demand, counted, demand, driver_name, horizon, joined, members, missing_slots, number_of, of_parts,
    open_risks, play_title, range, short, slot_name, window,
};
use crate::toil::Origin;

/// Most automations that a sentence names one by one.
const NAMED: usize = 2;

/// What to do about it, said as plainly as the numbers allow: a line on what is built and its price, and one on the first
/// step. Nothing where the [story](super::story) has said it all.
pub(super) fn proposal(scene: &Scene<'_>) -> Vec<String> {
    let ranking = &scene.analysis.ranking;
    match ranking.bundles.first() {
        Some(bundle) => vec![built(scene, bundle), first_step(scene, bundle)],
        None => match ranking.candidates.iter().find(|one| one.gate != Gate::Watch) {
            Some(best) => vec![closest(scene, best)],
            None => Vec::new(),
        },
    }
}

/// What is built, what speaks for it and what it costs.
fn built(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let name = bundle_name(scene, bundle);
    // What stands open is told by the story already; of the waiting it tells less than there is to say.
    let waits = bundle.reasons.contains(&Reason::Waiting);
    let said = waits.then(|| waiting(scene, bundle)).flatten();
    let why = said.map_or_else(String::new, |said| {
        scene.pick(format!("。理由: {said}"), format!(". Why: {said}"))
    });
    let price = price(scene, bundle);
    scene.pick(
        format!("作るもの: {name}{why}。{price}。"),
        format!("To build: {name}{why}. Price: {price}."),
    )
}

/// Says why a bundle is worth building and what it costs.
pub(super) fn verdict(scene: &Scene<'_>, bundle: &Bundle) -> String {
    match bundle.reasons.first() {
        Some(Reason::Hours) => pays(scene, bundle),
        _ => for_another_reason(scene, bundle),
    }
}

fn pays(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let (name, span) = (bundle_name(scene, bundle), horizon(scene));
    let saved = range(bundle.sre_hours_saved_per_quarter, 1);
    let (build, chance) = (bundle.build_hours.p50, bundle.prob_payback * 100.0);
    let also = other_reasons(scene, bundle);
    let first = first_step(scene, bundle);
    scene.pick(
        format!("提案: {name}。SRE の作業を四半期に {saved} h 減らし、構築約 {build:.0} h を {span}以内に回収する確率は {chance:.0} %。{also}{first}"),
        format!("Proposal: {name}. It saves SREs {saved} h a quarter and is {chance:.0} % likely to pay back its {build:.0} h of building within {span}. {also}{first}"),
    )
    .trim_end()
    .to_owned()
}

fn other_reasons(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let said = reasons(scene, bundle);
    if said.is_empty() {
        return String::new();
    }
    let said = said.join(scene.pick("、", "; "));
    scene.pick(format!("ほかに {said}。"), format!("Besides: {said}. "))
}

fn for_another_reason(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let (name, span) = (bundle_name(scene, bundle), horizon(scene));
    let said = reasons(scene, bundle).join(scene.pick("、", "; "));
    let (price, first) = (price(scene, bundle), first_step(scene, bundle));
    scene.pick(
        format!("SRE の作業時間だけで {span}以内に回収できる自動化はない。作る理由が立つのは{name}: {said}。{price}。{first}"),
        format!("On SRE hours alone nothing pays back within {span}. What speaks for {name} is another reason: {said}. In return it costs {price}. {first}"),
    )
}

/// What SREs pay for a bundle, and what they get back of it.
fn price(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let (build, saved) = (bundle.build_hours.p50, bundle.sre_hours_saved_per_quarter.p50);
    if saved < 0.0 {
        let cost = number_of(-saved, 1);
        scene.pick(
            format!("代わりに SRE は構築に約 {build:.0} h、その後も四半期に {cost} h を払う"),
            format!("about {build:.0} SRE h to build and {cost} h a quarter after that"),
        )
    } else {
        let gain = number_of(saved, 1);
        scene.pick(
            format!("SRE は構築に約 {build:.0} h を払い、四半期に {gain} h を取り戻す"),
            format!("about {build:.0} SRE h to build, of which {gain} h come back a quarter"),
        )
    }
}

/// What comes closest to paying, and what would settle it.
fn closest(scene: &Scene<'_>, best: &Candidate) -> String {
    let title = play_title(scene, &best.play);
    let name = short(&title);
    let driver = driver_name(scene, best.largest_driver());
    let needed = best
        .breakeven_tickets_per_quarter
        .map_or_else(String::new, |tickets| {
            let (tickets, now) = (tickets.ceil(), number_of(best.volume_per_quarter.p50, 1));
            scene.pick(
                format!(": 回収には四半期に約 {tickets:.0} 件が要り、今は約 {now} 件"),
                format!(": it needs about {tickets:.0} tickets a quarter, and there are about {now}"),
            )
        });
    scene.pick(
        format!("最も近いのは「{name}」{needed}。結論を最も左右するのは{driver}。"),
        format!("Closest is “{name}”{needed}. What would settle it most is {driver}."),
    )
}

/// Names a bundle inside a sentence: what is built, where that is short, else the kinds of request it takes over; and
/// the base they share.
pub(super) fn bundle_name(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let foundation = bundle
        .foundation
        .as_deref()
        .and_then(|id| scene.taxonomy.foundation(id));
    let Some(foundation) = foundation else {
        let title = play_title(scene, &bundle.id);
        return scene.pick(format!("「{}」", short(&title)), format!("“{}”", short(&title)));
    };
    let named = bundle.candidates.len() <= NAMED;
    let kinds = if named {
        let titles = members(scene, bundle).map(|one| play_title(scene, &one.play));
        titles.map(|title| short(&title).to_owned()).collect()
    } else {
        patterns(scene, bundle)
    };
    let (base, plays) = (short(foundation.title.get(scene.lang())), bundle.candidates.len());
    let (kinds, window) = (kinds.join(scene.pick("」と「", "” and “")), window(scene));
    let (before, behind) = if named {
        ("", "")
    } else {
        ("automating ", "の自動化")
    };
    scene.pick(
        format!(
            "「{kinds}」{behind}を「{base}」に載せること ({plays} 施策、{window}の {} 件)",
            bundle.tickets
        ),
        format!(
            "{before}“{kinds}” on one base, “{base}” ({}, {} of {window})",
            counted(plays, "automation"),
            counted(bundle.tickets, "ticket")
        ),
    )
}

/// What keeping a bundle alive takes, and how much of it is the base's, which more automations on it do not raise.
pub(super) fn upkeep(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let own: f64 = members(scene, bundle)
        .map(|one| one.upkeep_hours_per_quarter)
        .sum();
    let id = bundle.foundation.as_deref();
    match id.and_then(|id| scene.taxonomy.foundation(id)) {
        Some(base) => {
            let shared = base.upkeep_hours_per_quarter;
            let (all, shared) = (number_of(own + shared, 1), number_of(shared, 1));
            scene.pick(
                format!("維持は四半期に {all} h、うち {shared} h は共通基盤の分"),
                format!("Upkeep is {all} h a quarter, {shared} h of it for the base"),
            )
        }
        None => {
            let own = number_of(own, 1);
            scene.pick(
                format!("維持は四半期に {own} h"),
                format!("Upkeep is {own} h a quarter"),
            )
        }
    }
}

/// The patterns that a bundle serves, in the order of the taxonomy.
fn patterns(scene: &Scene<'_>, bundle: &Bundle) -> Vec<String> {
    let served: BTreeSet<&str> = bundle
        .subpatterns
        .iter()
        .filter_map(|sub| scene.taxonomy.sub(sub))
        .map(|(pattern, _)| pattern.id.as_str())
        .collect();
    let all = scene.taxonomy.patterns.iter();
    all.filter(|pattern| served.contains(pattern.id.as_str()))
        .map(|pattern| pattern.name.get(scene.lang()).to_owned())
        .collect()
}

/// What speaks for a bundle beside hours, each reason with its own numbers.
pub(super) fn reasons(scene: &Scene<'_>, bundle: &Bundle) -> Vec<String> {
    let mut said = Vec::new();
    for reason in &bundle.reasons {
        match reason {
            Reason::Hours => {}
            Reason::Waiting => said.extend(waiting(scene, bundle)),
            Reason::Control => said.extend(open_risks(scene, bundle.risks)),
        }
    }
    said
}

fn waiting(scene: &Scene<'_>, bundle: &Bundle) -> Option<String> {
    let wait = number_of(bundle.requester_wait_hours_saved?.p50, 0);
    let blocked = range(bundle.requester_blocked_hours?, 0);
    Some(scene.pick(
        format!("依頼者の待ちが四半期に約 {wait} 営業時間減る (手が止まっているのはそのうち {blocked} h)"),
        format!("requesters wait about {wait} business hours less a quarter (really stopped in {blocked} h of them)"),
    ))
}

/// What can be done on Monday.
pub(super) fn first_step(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let members = members(scene, bundle);
    if members.clone().all(|one| one.gate == Gate::Relabel) {
        return scene
            .pick(
                "最初の一歩: 分類の確認 (`tickets --order review`)。",
                "First step: confirm the doubtful tickets (`tickets --order review`).",
            )
            .to_owned();
    }
    // A form that is to be mended anyway gets all that it lacks; else only what ends grants is urgent.
    let asked = |one: &&Candidate| one.gate == Gate::FixForm;
    let unformed = members.clone().filter(asked).flat_map(of_parts);
    let mut missing = missing_slots(scene, unformed, 3);
    let ends = members
        .clone()
        .flat_map(|one| one.parts.iter().map(move |part| (one, part)));
    for (one, part) in ends {
        for slot in &part.slots {
            let name = slot_name(scene, &slot.slot);
            let ends = demand(scene.taxonomy, one.risks, &slot.slot, slot.required) == Demand::ToEnd;
            if ends && part.tickets > slot.filled && !missing.contains(&name) {
                missing.push(name);
            }
        }
    }
    if !missing.is_empty() {
        let names = joined(scene, &missing);
        return scene.pick(
            format!("最初の一歩: 依頼フォームで {names} を必須にする。"),
            format!("First step: make {names} mandatory in the request form."),
        );
    }
    if members.clone().any(|one| one.minutes_origin != Origin::Timed) {
        return scene
            .pick(
                "最初の一歩: 上位の依頼で作業時間を 10 件ずつ記録する。",
                "First step: record the minutes of ten tickets each of its kinds.",
            )
            .to_owned();
    }
    scene
        .pick(
            "最初の一歩: `toilscope draft` のたたき台から始める。",
            "First step: start from what `toilscope draft` writes.",
        )
        .to_owned()
}
