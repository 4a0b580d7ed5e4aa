//! A candidate or a bundle row by row: where each number comes from, what stands in the way, what to do next.
//!
//! One sentence a fact, each with its inputs and their origin, so that nobody has to believe a row.

use crate::automation::{Candidate, Gate, Part, Range3, Risks, Swing};
use crate::compose::scene::Scene;
use crate::compose::words::{
    Demand, counted, counted_share, demand, driver_name, gate_told, horizon, interval, joined, left_out_name,
    minutes_name, number_of, open_risks, play_title, range, reason_name, slot_name,
};
use crate::compose::{bundle_story, bundles, controls, demand_story, slots, waiting_story};
use crate::report::model::Grid;
use crate::report::{Cell, Section, Table};
use crate::toil::Origin;

/// A topic with its sentences.
pub(super) type Topic = (&'static str, String, Vec<String>);

/// Tells the story of a candidate or bundle; `None` if there is none with this id.
pub(super) fn story(scene: &Scene<'_>, id: &str) -> Option<(String, Vec<Section>)> {
    let ranking = &scene.analysis.ranking;
    let (title, topics) = if let Some(candidate) = ranking.candidate(id) {
        let title = play_title(scene, &candidate.play);
        (title, candidate_topics(scene, candidate))
    } else {
        let bundle = ranking.bundles.iter().find(|bundle| bundle.id == id)?;
        (bundles::title(scene, bundle), bundle_story::topics(scene, bundle))
    };
    let mut sections: Vec<Section> = topics
        .iter()
        .map(|(_, heading, lines)| Section {
            title: heading.clone(),
            lead: Vec::new(),
            notes: lines.clone(),
            table: None,
        })
        .collect();
    sections.push(Section {
        table: Some(machine(id, &topics)),
        ..Section::default()
    });
    Some((format!("{title} ({id})"), sections))
}

/// Lists every id that has a story: candidates by rank, then bundles that are no candidate.
pub(super) fn ids(scene: &Scene<'_>) -> Vec<String> {
    let ranking = &scene.analysis.ranking;
    let mut ids: Vec<String> = ranking.candidates.iter().map(|one| one.id.clone()).collect();
    for bundle in &ranking.bundles {
        if !ids.contains(&bundle.id) {
            ids.push(bundle.id.clone());
        }
    }
    ids
}

/// The same sentences as rows, for machines.
fn machine(id: &str, topics: &[Topic]) -> Table {
    let mut table = Table::new("explanation", &["candidate_id", "topic", "sentence"]);
    table.pivot = Some(Grid::default());
    for (topic, _, lines) in topics {
        for line in lines {
            table.push(vec![
                ("candidate_id", Cell::text(id)),
                ("topic", Cell::text(topic)),
                ("sentence", Cell::text(line)),
            ]);
        }
    }
    table
}

fn candidate_topics(scene: &Scene<'_>, one: &Candidate) -> Vec<Topic> {
    let mut topics = vec![
        (
            "verdict",
            scene.pick("結論", "In short").to_owned(),
            verdict(scene, one),
        ),
        (
            "demand",
            scene.pick("依頼の数", "How many requests").to_owned(),
            demand_story::demand(scene, one),
        ),
        (
            "slots",
            scene.pick("書かれている項目", "What they say").to_owned(),
            said(scene, one),
        ),
        (
            "looks",
            scene.pick("依頼の見た目", "What they look like").to_owned(),
            looks(scene, one),
        ),
        (
            "minutes",
            scene.pick("1 件あたりの作業", "Minutes a ticket").to_owned(),
            minutes(scene, one),
        ),
    ];
    topics.extend(ledgers(
        scene,
        [
            hours(scene, one),
            waiting_story::waiting(scene, one),
            risks(scene, one),
        ],
    ));
    topics.push((
        "sensitivity",
        scene
            .pick("何が結論を動かすか", "What moves the result")
            .to_owned(),
        one.sensitivity
            .iter()
            .map(|swing| swing_line(scene, swing))
            .collect(),
    ));
    topics.push((
        "next",
        scene.pick("次にすること", "What to do next").to_owned(),
        next(scene, one),
    ));
    topics
}

/// The three ledgers side by side, the same of a candidate and of a bundle.
pub(super) fn ledgers(scene: &Scene<'_>, lines: [Vec<String>; 3]) -> impl Iterator<Item = Topic> {
    let headings = [
        (
            "ledger_a",
            scene.pick("帳簿 A: SRE の時間", "Ledger A: hours of the SREs"),
        ),
        (
            "ledger_b",
            scene.pick("帳簿 B: 依頼者の待ち", "Ledger B: waiting of requesters"),
        ),
        (
            "ledger_c",
            scene.pick("帳簿 C: リスクと統制", "Ledger C: risk and control"),
        ),
    ];
    let topics = headings.into_iter().zip(lines);
    topics.map(|((topic, heading), lines)| (topic, heading.to_owned(), lines))
}

fn verdict(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let (rank, all) = (one.rank, scene.analysis.ranking.candidates.len());
    let (first, third) = (one.rank_top1_prob * 100.0, one.rank_top3_prob * 100.0);
    let gate = gate_told(scene, one);
    let mut lines = vec![
        scene.pick(
            format!("{all} 件中 {rank} 位 (件数の少ない「様子見」は後ろ、ほかは{}の収支の中央値で並べる)。同時に引いた乱数の中で 1 位になる確率 {first:.0} %、3 位以内 {third:.0} %", horizon(scene)),
            format!("rank {rank} of {all} (those with too few tickets last, else by the median of net hours over {}); first in {first:.0} % of the draws, among the first three in {third:.0} %", horizon(scene)),
        ),
        scene.pick(format!("判定: {gate}"), format!("gate: {gate}")),
    ];
    if one.needs_confirmation() {
        let why = if one.reversible {
            scene.pick(format!("リスク {}", one.risk), format!("risk {}", one.risk))
        } else {
            scene
                .pick("取り消せない操作がある", "some of it cannot be undone")
                .to_owned()
        };
        lines.push(scene.pick(
            format!("完全自動にはしない ({why}): 二人の確認、予行、削除は猶予を置いてから"),
            format!("never fully automatic ({why}): a second pair of eyes, a dry run, a delay before anything is deleted"),
        ));
    }
    let bundle = one
        .bundle
        .as_deref()
        .and_then(|id| scene.analysis.ranking.bundles.iter().find(|b| b.id == id));
    lines.push(match bundle {
        Some(bundle) => {
            let names: Vec<String> = bundle
                .reasons
                .iter()
                .map(|reason| reason_name(scene, *reason).to_owned())
                .collect();
            let (id, names) = (&bundle.id, joined(scene, &names));
            scene.pick(
                format!("まとまり {id} の一部として薦める。理由: {names}"),
                format!("recommended within the bundle {id}, for {names}"),
            )
        }
        None => {
            let why = one.left_out.map_or_else(
                || scene.pick("理由が立たない", "there is no reason"),
                |why| left_out_name(scene, why),
            );
            scene.pick(
                format!("どのまとまりにも薦めていない: {why}"),
                format!("recommended in no bundle: {why}"),
            )
        }
    });
    lines
}

fn said(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let complete: usize = one.parts.iter().map(|part| part.complete).sum();
    let share = counted_share(complete, one.tickets);
    let doubt = interval(one.eligible_share);
    let mut lines = vec![scene.pick(
        format!("必要項目がすべて揃うのは {} 件中 {complete} 件 ({share}、標本の不確かさ込みで {doubt}、ベータ分布)。揃った依頼だけを自動化の対象に数える", one.tickets),
        format!("every required parameter is given in {complete} of {} ({share}; {doubt} with the doubt of the sample, a beta distribution); only these count as automatable", counted(one.tickets, "ticket")),
    )];
    for part in &one.parts {
        for slot in &part.slots {
            let (name, label) = (
                scene.subpattern_name(&part.subpattern),
                slot_name(scene, &slot.slot),
            );
            let kind = match demand(scene.taxonomy, one.risks, &slot.slot, slot.required) {
                Demand::Required => scene.pick("必須", "required"),
                Demand::ToEnd => scene.pick(
                    "なくても自動化できるが、権限の終わりを決めるためフォームでは必須",
                    "the automation can do without, but the form must ask for it, or nobody says when a grant ends",
                ),
                Demand::Optional => scene.pick("任意", "optional"),
            };
            let (filled, tickets) = (slot.filled, part.tickets);
            let values: Vec<String> = slots::values(scene, slot)
                .into_iter()
                .map(|(value, count)| format!("{value} ×{count}"))
                .collect();
            let seen = if values.is_empty() {
                String::new()
            } else {
                scene.pick(
                    format!("。多い値: {}", values.join("、")),
                    format!("; often {}", values.join(", ")),
                )
            };
            lines.push(scene.pick(
                format!("{name} / {label} ({kind}): {tickets} 件中 {filled} 件に書かれている{seen}"),
                format!(
                    "{name} / {label} ({kind}): given in {filled} of {}{seen}",
                    counted(tickets, "ticket")
                ),
            ));
        }
        lines.extend(slots::ask(scene, one.risks, part));
    }
    lines
}

fn looks(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    one.parts.iter().map(|part| part_looks(scene, part)).collect()
}

fn part_looks(scene: &Scene<'_>, part: &Part) -> String {
    let looks = part.looks;
    let unknown = || scene.pick("不明", "unknown").to_owned();
    let percent = |share: Option<f64>| share.map_or_else(unknown, |share| format!("{:.0} %", share * 100.0));
    let alike = percent(looks.regularity);
    let people = looks
        .requesters_effective
        .map_or_else(unknown, |people| number_of(people, 1));
    let held = percent(looks.assignee_simpson);
    let errors = looks.repeated_errors.map_or_else(
        || scene.pick("エラー文なし", "no error texts").to_owned(),
        |share| {
            let share = format!("{:.0} %", share * 100.0);
            scene.pick(
                format!("同じエラーの繰り返し {share}"),
                format!("{share} show an error that repeats"),
            )
        },
    );
    let purity = percent(part.purity);
    let (name, sample, again) = (
        scene.subpattern_name(&part.subpattern),
        looks.sample,
        looks.reworked,
    );
    scene.pick(
        format!("{name} ({sample} 件を比較): 値を伏せた 2 件が似ている確率 {alike}、実質の依頼者数 {people}、2 件の担当者が同じ確率 {held}、{errors}、やり直し {again} 件、分類の確かさ {purity}"),
        format!("{name} ({sample} compared): two picked at random look alike in {alike} of cases once values are masked; {people} effective requesters; two assignments are to one person in {held}; {errors}; {again} came back; {purity} are thought to be of this kind"),
    )
}

fn minutes(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let mean = range(one.minutes, 0);
    let mut lines = vec![scene.pick(
        format!("1 件の平均 {mean} 分。平均は試行ごとに一度だけ引き、全件に使う: 件ごとに引くと幅が見かけ上狭まる。リードタイムからは推定しない"),
        format!("mean of a ticket {mean} minutes, drawn once a simulation for all its tickets (a draw for each would look surer than it is); never taken from lead times"),
    )];
    for part in &one.parts {
        let (name, mean) = (scene.subpattern_name(&part.subpattern), range(part.minutes, 0));
        let (origin, timed) = (minutes_name(scene, part.minutes_origin), part.timed_tickets);
        lines.push(scene.pick(
            format!("{name}: {mean} 分、出所は{origin} (実測 {timed} 件)"),
            format!("{name}: {mean} minutes, from {origin} ({timed} timed)"),
        ));
    }
    let play = scene.taxonomy.play(&one.play);
    if let Some(play) = play {
        let (rate, left) = (percents(one.automation_rate), number_of(play.residual_minutes, 1));
        lines.push(scene.pick(
            format!("施策が引き受ける割合 {rate}、引き受けた後も SRE に残る {left} 分/件 (どちらも分類表の見積り)"),
            format!("the play absorbs {rate} of these and leaves {left} minutes each to SREs (both from the taxonomy)"),
        ));
    }
    lines
}

fn hours(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let (saved, upkeep) = (
        range(one.sre_hours_saved_per_quarter, 1),
        number_of(one.upkeep_hours_per_quarter, 1),
    );
    let (build, net, span) = (range(one.build_hours, 0), range(one.net_hours, 0), horizon(scene));
    let (saves, pays) = (one.prob_saves * 100.0, one.prob_payback * 100.0);
    let mut lines = vec![
        scene.pick(
            format!("四半期の削減 {saved} h = 予想件数 × 揃う割合 × 引き受ける割合 × (分/件 − 残る分) / 60 − 維持 {upkeep} h (分類表の見積り)。プラスになる確率 {saves:.0} %"),
            format!("{saved} h saved a quarter = expected tickets × share complete × share absorbed × (minutes − minutes left) / 60 − upkeep of {upkeep} h (the taxonomy's); above 0 in {saves:.0} % of draws"),
        ),
        scene.pick(
            format!("{span}の収支 {net} h = 削減 × 四半期数 − 構築 {build} h (分類表の見積り)。{span}以内に回収する確率 {pays:.0} %"),
            format!("net over {span} {net} h = saved × quarters − {build} h to build (the taxonomy's); paid back within {span} in {pays:.0} % of draws"),
        ),
    ];
    if let Some(foundation) = one.foundation_hours {
        let base = range(foundation, 0);
        lines.push(scene.pick(
            format!("共通基盤 {base} h はここに含まない。一度だけ払い、まとまりの側で数える"),
            format!("the shared base, {base} h, is not in here: it is paid once and counted with the bundle"),
        ));
    }
    let interrupts = waiting_story::interruptions(scene, one.interruption_hours_saved_per_quarter);
    let moved = number_of(one.transferred_minutes_per_ticket, 0);
    lines.push(interrupts);
    lines.push(scene.pick(
        format!("依頼者へ移る作業 {moved} 分/件 (分類表の見積り。削減に数えない)"),
        format!("{moved} minutes a ticket move to the requester (the taxonomy's; not counted as saved)"),
    ));
    lines
}

fn risks(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    stand_open(scene, one.risks, one.parts.iter())
}

/// What stands open in the tickets of some parts.
pub(super) fn stand_open<'p>(
    scene: &Scene<'_>,
    risks: Risks,
    parts: impl Iterator<Item = &'p Part> + Clone,
) -> Vec<String> {
    let mut lines = open_risks(scene, risks);
    lines.extend(controls::named(scene, parts.clone()));
    if risks.grants_for_services > 0 {
        let count = risks.grants_for_services;
        let (tickets, are) = (counted(count, "request"), if count == 1 { "is" } else { "are" });
        lines.push(scene.pick(
            format!("サービスアカウントへの権限 {count} 件は、終わりがないものに数えない (要るのは期限ではなく、持ち主と見直し日)"),
            format!("{tickets} for a service account {are} not counted as naming no end: it wants an owner and a review date"),
        ));
    }
    if risks.one_person > 0 {
        let kinds: Vec<String> = parts
            .filter(|part| part.risks.one_person > 0)
            .map(|part| scene.subpattern_name(&part.subpattern))
            .collect();
        let kinds = joined(scene, &kinds);
        lines.push(scene.pick(
            format!("ほぼ一人が対応: {kinds}"),
            format!("done by one person nearly alone: {kinds}"),
        ));
    }
    if lines.is_empty() {
        lines.push(
            scene
                .pick("放置されたものは見つからない", "nothing found that stands open")
                .to_owned(),
        );
    }
    lines
}

fn swing_line(scene: &Scene<'_>, swing: &Swing) -> String {
    let (low, high) = (number_of(swing.low, 1), number_of(swing.high, 1));
    let name = driver_name(scene, swing.driver);
    scene.pick(
        format!("{name}が 80 % の幅の端から端まで動くと、四半期の削減は {low} h から {high} h"),
        format!("{name} from one end of its 80 % range to the other: {low} to {high} h saved a quarter"),
    )
}

fn next(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let mut lines = Vec::new();
    match one.gate {
        Gate::Watch => lines.push(match one.bundle.as_deref() {
            Some(bundle) => scene.pick(
                format!("単独では作らず、まとまり {bundle} の一部として作る"),
                format!("build it as a part of {bundle}, not by itself"),
            ),
            None => scene
                .pick("件数が増えるまで待つ", "wait until there are more tickets")
                .to_owned(),
        }),
        Gate::Relabel => lines.push(
            scene
                .pick(
                    "`tickets --order review` で疑わしい依頼の分類を確かめる",
                    "confirm the doubtful tickets: `tickets --order review`",
                )
                .to_owned(),
        ),
        Gate::FixForm => lines.push(
            scene
                .pick(
                    "依頼フォームで足りない項目を必須にする",
                    "make the request form ask for what is missing",
                )
                .to_owned(),
        ),
        Gate::Ok | Gate::AssistOnly => {}
    }
    if one.minutes_origin != Origin::Timed {
        let enough = scene.taxonomy.estimation.min_timed_tickets;
        lines.push(scene.pick(
            format!("次の {enough} 件で作業分を記録する。{enough} 件そろえば見積りに代わる"),
            format!("record the minutes of the next {enough} tickets; so many replace the estimate"),
        ));
    }
    let driver = driver_name(scene, one.largest_driver());
    lines.push(scene.pick(
        format!("結論を最も左右するのは{driver}。ここを確かめる価値が最も高い"),
        format!("what would settle it most is {driver}: look there first"),
    ));
    let (owner, id) = (one.owner.get(scene.lang()), &one.id);
    lines.push(scene.pick(format!("持ち主: {owner}"), format!("owner: {owner}")));
    lines.push(scene.pick(
        format!("たたき台: `toilscope draft {id} --output DIR`"),
        format!("a first draft: `toilscope draft {id} --output DIR`"),
    ));
    lines
}

/// A share with its interval, in percent.
pub(super) fn percents(range: Range3) -> String {
    let [p10, p50, p90] = [range.p10, range.p50, range.p90].map(|share| share * 100.0);
    format!("{p50:.0} % [{p10:.0}, {p90:.0}]")
}

#[cfg(test)]
pub(super) mod tests;
