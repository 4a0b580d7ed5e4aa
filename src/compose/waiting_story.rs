//! What requesters wait, and what interruptions cost, in words: each figure with what it is made of and whose word it is.

use crate::automation::{Candidate, Part, Range3};
use crate::compose::candidate_story::percents;
use crate::compose::scene::Scene;
use crate::compose::words::{number_of, range};
use crate::taxonomy::{Control, ThreePoint};

/// Ledger B of a candidate: what is spared, and the lead time of each kind.
pub(super) fn waiting(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let mut lines = match (one.requester_wait_hours_saved, one.requester_blocked_hours) {
        (Some(wait), Some(blocked)) => spared(scene, wait, blocked),
        _ if one.parts.iter().any(|part| part.lead_p50.is_some()) => Vec::new(),
        _ => vec![
            scene
                .pick(
                    "待ちの中央値が分からず (完了日時がないか、半数以上が未完了)、減る待ちも分からない",
                    "no median lead time is known (none closed, or half of them still open), so neither is the waiting",
                )
                .to_owned(),
        ],
    };
    lines.extend(one.parts.iter().map(|part| lead_line(scene, part)));
    lines
}

/// The interruptions that some candidates or one spare, with what they are made of.
pub(super) fn interruptions(scene: &Scene<'_>, hours: Range3) -> String {
    let (hours, each) = (range(hours, 1), scene.taxonomy.estimation.interruption_minutes);
    let [low, likely, high] = [each.low, each.likely, each.high].map(|minutes| number_of(minutes, 0));
    scene.pick(
        format!("別の行: 割込みが減る分 {hours} h/四半期 = 引き受ける件数 × {likely} 分 [{low}, {high}] (分類表の見積り。削減に含めない。割込み当番の人には 0)"),
        format!("apart from that: {hours} h of interruption a quarter = absorbed tickets × {likely} [{low}, {high}] minutes (the taxonomy's; not in the hours saved, and nothing for somebody on interrupt duty)"),
    )
}

/// The waiting that requesters of some candidates or of one are spared.
pub(super) fn spared(scene: &Scene<'_>, wait: Range3, blocked: Range3) -> Vec<String> {
    let (wait, blocked) = (range(wait, 0), range(blocked, 0));
    let estimation = scene.taxonomy.estimation;
    let self_service = number_of(estimation.self_service_lead_hours, 1);
    let stops = percents(shares(estimation.blocked_fraction));
    vec![
        scene.pick(
            format!("減る待ち {wait} 営業時間/四半期 = 引き受ける件数 × (待ちの中央値 − セルフサービスの {self_service} h (分類表の見積り))"),
            format!("{wait} business hours of waiting spared a quarter = absorbed tickets × (median lead − {self_service} h of self-service, the taxonomy's)"),
        ),
        scene.pick(
            format!("そのうち実際に手が止まるのは {blocked} h (止まる割合 {stops} は分類表の見積り)。SRE の時間には足さない"),
            format!("work really stops in {blocked} h of it (a share of {stops}, the taxonomy's); never added to hours of SREs"),
        ),
    ]
}

/// The lead time of one kind, and whether it counts as waiting.
fn lead_line(scene: &Scene<'_>, part: &Part) -> String {
    let name = scene.subpattern_name(&part.subpattern);
    let hours = |hours: Option<f64>| {
        hours.map_or_else(
            || scene.pick("不明", "unknown").to_owned(),
            |h| format!("{} h", number_of(h, 1)),
        )
    };
    let (median, slow) = (hours(part.lead_p50), hours(part.lead_p90));
    let sub = scene.taxonomy.sub(&part.subpattern);
    let leaver = sub.is_some_and(|(_, sub)| sub.control == Some(Control::Leaver));
    let apart = if leaver {
        scene.pick(
            "。退職・異動の依頼は期日より前に出され、頼んだ人の手は止まらないので、待ちには数えずリスクとして帳簿 C に載せる",
            "; requests for leavers are filed ahead of the day and stop nobody who asked: not counted as waiting, but as a risk in ledger C",
        )
    } else {
        ""
    };
    scene.pick(
        format!("{name}: 待ちの中央値 {median}、遅い 1 割 {slow} (完了 29 件未満では不明){apart}"),
        format!(
            "{name}: median lead {median}, slowest tenth {slow} (unknown below 29 closed tickets){apart}"
        ),
    )
}

fn shares(share: ThreePoint) -> Range3 {
    Range3 {
        p10: share.low,
        p50: share.likely,
        p90: share.high,
    }
}
