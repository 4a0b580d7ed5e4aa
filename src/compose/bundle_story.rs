//! A bundle told like a candidate: what is in it, why to build it, its three ledgers side by side, what to do first.

use crate::automation::{Bundle, Candidate};
use crate::compose::candidate_story::{Topic, ledgers, stand_open};
use crate::compose::proposal::{bundle_name, first_step, reasons, upkeep};
use crate::compose::scene::Scene;
use crate::compose::waiting_story::{interruptions, spared};
use crate::compose::words::{
    counted, driver_name, gate_told, horizon, joined, members, number_of, play_title, range, reason_name,
};

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
        composed(scene, bundle),
        needed(scene, bundle),
        interruptions(scene, bundle.interruption_hours_saved_per_quarter),
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
        "sensitivity",
        scene
            .pick("何が結論を動かすか", "What moves the result")
            .to_owned(),
        members(scene, bundle).map(|one| moves(scene, one)).collect(),
    ));
    topics.push((
        "next",
        scene.pick("次にすること", "What to do next").to_owned(),
        vec![first_step(scene, bundle), bundle_name(scene, bundle)],
    ));
    topics
}

/// What the hours to build are made of, and whose word they are.
fn composed(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let base = members(scene, bundle).find_map(|one| one.foundation_hours);
    let base = base.filter(|_| bundle.foundation.is_some()).map(|hours| {
        let hours = range(hours, 0);
        scene.pick(format!("基盤 {hours} h"), format!("the base {hours} h"))
    });
    let own = members(scene, bundle).map(|one| format!("{} {} h", one.id, range(one.build_hours, 0)));
    let parts: Vec<String> = base.into_iter().chain(own).collect();
    let parts = parts.join(" + ");
    scene.pick(
        format!("構築の内訳: {parts}。どれも分類表の見積り (維持も同じ)。偏った幅の中央値なので、足しても計にならない"),
        format!("the build is {parts}: each from the taxonomy, as is the upkeep; medians of skewed ranges, which do not add up to that of the whole"),
    )
}

/// What would have to be saved for the build to be paid back, beside what is.
fn needed(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let quarters = f64::from(scene.analysis.ranking.horizon_quarters.max(1));
    let (needs, span) = (number_of(bundle.build_hours.p50 / quarters, 1), horizon(scene));
    let saves = number_of(bundle.sre_hours_saved_per_quarter.p50, 1);
    scene.pick(
        format!("損益分岐: {span}以内の回収には四半期に {needs} h の削減が要り、見込みは {saves} h"),
        format!("break-even: to pay back within {span} it would have to save {needs} h a quarter; it is expected to save {saves} h"),
    )
}

/// What moves the result of a member most, from where on it pays, and how it stands among all candidates.
fn moves(scene: &Scene<'_>, one: &Candidate) -> String {
    let (id, driver) = (&one.id, driver_name(scene, one.largest_driver()));
    let (first, third) = (one.rank_top1_prob * 100.0, one.rank_top3_prob * 100.0);
    let pays = one.breakeven_tickets_per_quarter.map_or_else(
        || {
            scene
                .pick(
                    "何件でも単独では回収しない",
                    "by itself no number of tickets pays it back",
                )
                .to_owned()
        },
        |tickets| {
            let (tickets, now) = (number_of(tickets, 1), number_of(one.volume_per_quarter.p50, 1));
            scene.pick(
                format!("基盤なしの損益分岐は四半期 {tickets} 件 (今の予想は {now} 件)"),
                format!("without the base it pays from {tickets} tickets a quarter on ({now} are expected)"),
            )
        },
    );
    scene.pick(
        format!("{id}: 最も左右するのは{driver}。{pays}。1 位になる確率 {first:.0} %、3 位以内 {third:.0} %"),
        format!("{id}: {driver} moves it most; {pays}; first in {first:.0} % of the draws, among the first three in {third:.0} %"),
    )
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
