//! A bundle told like a candidate: what is in it, why to build it, its three ledgers side by side, what to do first.

use crate::automation::Bundle;
use crate::compose::candidate_story::{Topic, ledgers, spared, stand_open};
use crate::compose::proposal::{bundle_name, first_step, reasons, upkeep};
use crate::compose::scene::Scene;
use crate::compose::words::{counted, gate_told, horizon, joined, members, play_title, range, reason_name};

/// Tells the topics of a bundle in reading order.
pub(super) fn topics(scene: &Scene<'_>, bundle: &Bundle) -> Vec<Topic> {
    let span = horizon(scene);
    let (saved, build, net) = (
        range(bundle.sre_hours_saved_per_quarter, 1),
        range(bundle.build_hours, 0),
        range(bundle.net_hours, 0),
    );
    let (saves, pays) = (bundle.prob_saves * 100.0, bundle.prob_payback * 100.0);
    let inside: Vec<String> = members(scene, bundle)
        .map(|one| {
            let (title, id, gate) = (play_title(scene, &one.play), &one.id, gate_told(scene, one));
            let saved = range(one.sre_hours_saved_per_quarter, 1);
            scene.pick(
                format!(
                    "{title} ({id}): {} 件、SRE {saved} h/四半期、判定は{gate}",
                    one.tickets
                ),
                format!(
                    "{title} ({id}): {}, {saved} SRE hours a quarter; gate {gate}",
                    counted(one.tickets, "ticket")
                ),
            )
        })
        .collect();
    let mut why: Vec<String> = bundle
        .reasons
        .iter()
        .map(|reason| reason_name(scene, *reason).to_owned())
        .collect();
    why = vec![joined(scene, &why)];
    why.extend(reasons(scene, bundle));
    let interrupts = range(bundle.interruption_hours_saved_per_quarter, 1);
    let upkeep = upkeep(scene, bundle);
    let hours = vec![
        scene.pick(
            format!("四半期に {saved} h (維持費を引いた後)。プラスになる確率 {saves:.0} %。{upkeep}"),
            format!("{saved} h a quarter, the upkeep taken off; above 0 in {saves:.0} % of draws. {upkeep}"),
        ),
        scene.pick(
            format!("{span}の収支 {net} h = 削減 × 四半期数 − 構築 {build} h (基盤を一度だけ含む)。回収する確率 {pays:.0} %"),
            format!("net over {span} {net} h = saved × quarters − {build} h to build, the base once; paid back in {pays:.0} % of draws"),
        ),
        scene.pick(
            format!("別の行: 割込みが減る分 {interrupts} h/四半期"),
            format!("apart from that: {interrupts} h of interruption a quarter"),
        ),
    ];
    let mut topics = vec![
        (
            "members",
            scene.pick("含む施策", "What is in it").to_owned(),
            inside,
        ),
        ("reasons", scene.pick("作る理由", "Why").to_owned(), why),
    ];
    let parts = members(scene, bundle).flat_map(|one| &one.parts);
    let open = stand_open(scene, bundle.risks, parts);
    topics.extend(ledgers(scene, [hours, waiting(scene, bundle), open]));
    topics.push((
        "next",
        scene.pick("次にすること", "What to do next").to_owned(),
        vec![first_step(scene, bundle), bundle_name(scene, bundle)],
    ));
    topics
}

/// Ledger B of a bundle: the sum over its members, and each of them.
fn waiting(scene: &Scene<'_>, bundle: &Bundle) -> Vec<String> {
    let (Some(wait), Some(blocked)) = (bundle.requester_wait_hours_saved, bundle.requester_blocked_hours)
    else {
        return vec![
            scene
                .pick(
                    "どの施策も減らす待ちが分からないか、待ちに数えない",
                    "of none of its plays a waiting is known, or it is not counted as one",
                )
                .to_owned(),
        ];
    };
    let mut lines = spared(scene, wait, blocked);
    for one in members(scene, bundle) {
        let title = play_title(scene, &one.play);
        let waits = one.requester_wait_hours_saved.zip(one.requester_blocked_hours);
        lines.push(match waits {
            Some((wait, blocked)) => {
                let (wait, blocked) = (range(wait, 0), range(blocked, 0));
                scene.pick(
                    format!("{title}: 待ち {wait} h、手が止まるのは {blocked} h"),
                    format!("{title}: {wait} h of waiting, really stopped in {blocked} h"),
                )
            }
            None => scene.pick(
                format!("{title}: 待ちは分からないか、数えない"),
                format!("{title}: unknown, or not counted as waiting"),
            ),
        });
    }
    lines
}
