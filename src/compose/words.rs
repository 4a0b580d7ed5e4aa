//! What codes of the ranking are called, in Japanese and English: gates, inputs, reasons, what stands open.

use std::collections::BTreeMap;

use crate::automation::{Candidate, Driver, Flag, Gate, LeftOut, Part, Range3, Reason, Risks, SlotFill};
use crate::compose::scene::Scene;
use crate::taxonomy::{Exclusion, Lang, Taxonomy};
use crate::toil::Origin;

/// Writes a count with its English noun: "1 ticket", "2 tickets".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Every gate, in the order in which the legend explains them.
pub(super) const GATES: [Gate; 5] = [
    Gate::Ok,
    Gate::FixForm,
    Gate::Relabel,
    Gate::Watch,
    Gate::AssistOnly,
];

pub(super) fn gate_names(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let name = |gate: &Gate| (gate.as_str().to_owned(), gate_name(scene, *gate).to_owned());
    GATES.iter().map(name).collect()
}

/// Names a gate in the reader's language.
pub(super) fn gate_name(scene: &Scene<'_>, gate: Gate) -> &'static str {
    match gate {
        Gate::Ok => scene.pick("条件は揃う", "ready"),
        Gate::Watch => scene.pick("様子見", "watch"),
        Gate::Relabel => scene.pick("分類の確認が先", "labels first"),
        Gate::FixForm => scene.pick("フォーム改善が先", "form first"),
        Gate::AssistOnly => scene.pick("補助のみ", "assist only"),
    }
}

pub(super) fn gate_meaning(scene: &Scene<'_>, gate: Gate) -> &'static str {
    match gate {
        Gate::Ok => scene.pick(
            "件数と必要項目は足りる。回収するかどうかはこれとは別",
            "enough tickets with all parameters, which does not say whether it pays",
        ),
        Gate::Watch => scene.pick(
            "それだけで薦めるには件数が少ない。共通基盤に載るものはまとまりとして判断する",
            "too few tickets to recommend it by itself; what goes on a shared base is judged with the others on it",
        ),
        Gate::Relabel => scene.pick(
            "別の種類の依頼が混ざっているおそれがあり、先に `tickets --order review` で分類を確かめる",
            "other kinds of request may be among them: confirm the doubtful ones first, `tickets --order review`",
        ),
        Gate::FixForm => scene.pick(
            "必要項目が書かれていない依頼が多く、先にフォームを直す",
            "too few requests give the parameters: mend the form first",
        ),
        Gate::AssistOnly => scene.pick(
            "人の判断が要る仕事で、置き換えではなく助けになる",
            "the work needs judgement: it helps people and replaces nobody",
        ),
    }
}

/// Says what the gate of a candidate is and what it means for it: one with few tickets may be worth its place in a
/// bundle all the same, and both are said in one sentence.
pub(super) fn gate_told(scene: &Scene<'_>, one: &Candidate) -> String {
    let name = gate_name(scene, one.gate);
    match (one.gate, one.bundle.as_deref()) {
        (Gate::Watch, Some(bundle)) => scene.pick(
            format!("{name}。それだけで薦めるには件数が少ないが、基盤をほかの施策と分け合うまとまり {bundle} の中では薦める"),
            format!("{name}: too few tickets to recommend it by itself, but recommended within the bundle {bundle}, where others share the base"),
        ),
        (Gate::Watch, None) => scene.pick(
            format!("{name}。薦めるには件数が少ない"),
            format!("{name}: too few tickets to recommend it"),
        ),
        _ => {
            let meaning = gate_meaning(scene, one.gate);
            scene.pick(format!("{name}。{meaning}"), format!("{name}: {meaning}"))
        }
    }
}

/// The same for a page on the candidate alone, which has to say that it is recommended among others.
pub(super) fn gate_and_place(scene: &Scene<'_>, one: &Candidate) -> String {
    let told = gate_told(scene, one);
    match one.bundle.as_deref().filter(|_| one.gate != Gate::Watch) {
        Some(bundle) => scene.pick(
            format!("{told}。まとまり {bundle} の中で薦める"),
            format!("{told}; recommended within the bundle {bundle}"),
        ),
        None => told,
    }
}

/// Names the input that moves a candidate's saving most.
pub(super) fn driver_name(scene: &Scene<'_>, driver: Driver) -> &'static str {
    match driver {
        Driver::Minutes => scene.pick("1 件あたりの作業分", "minutes a ticket"),
        Driver::Volume => scene.pick("件数", "the number of tickets"),
        Driver::EligibleShare => scene.pick("必要項目が揃う割合", "the share with all parameters"),
        Driver::AutomationRate => scene.pick("自動化率", "the share absorbed"),
    }
}

/// Names where minutes come from.
pub(super) fn minutes_name(scene: &Scene<'_>, origin: Origin) -> &'static str {
    match origin {
        Origin::Timed => scene.pick("実測", "timed tickets"),
        Origin::ThreePoint => scene.pick(
            "担当者の 3 点見積り (設定)",
            "three points stated in the settings",
        ),
        Origin::Prior => scene.pick("分類表の見積り", "the taxonomy's prior"),
        Origin::Mixed => scene.pick("実測と見積りの組合せ", "timed tickets and estimates combined"),
    }
}

pub(super) fn reason_name(scene: &Scene<'_>, reason: Reason) -> &'static str {
    match reason {
        Reason::Hours => scene.pick("SRE の作業時間", "SRE hours"),
        Reason::Waiting => scene.pick("依頼者の待ち時間", "requesters' waiting"),
        Reason::Control => scene.pick("リスクと統制", "risk and control"),
    }
}

/// Says why a candidate is recommended in no bundle.
pub(super) fn left_out_name(scene: &Scene<'_>, why: LeftOut) -> &'static str {
    match why {
        LeftOut::TooFew => scene.pick(
            "件数が少なく、薦めるかどうかを判断しない",
            "it has too few tickets to be recommended",
        ),
        LeftOut::CostsHours => scene.pick(
            "同じ基盤の施策は作業時間で回収するが、これを加えると時間が減る",
            "what shares its base pays back in hours, and this would take hours from it",
        ),
        LeftOut::NotWorthRunning => scene.pick(
            "構築費を別にしても、作業時間は戻らず、依頼者の手が止まる時間もほとんど減らず、放置されたリスクも解消しない",
            "even with the build paid it gives the team no hours back, spares requesters hardly an hour in which they are stopped, and ends nothing that stands open",
        ),
        LeftOut::NoReason => scene.pick(
            "動かす価値はあるが、同じ基盤の施策と合わせても、時間・待ち・リスクのどれも作る理由に届かない",
            "worth running, but with all that shares its base neither hours nor waiting nor risk is enough of a reason to build",
        ),
        LeftOut::TooFewTogether => scene.pick(
            "理由は立つが、同じ基盤の施策と合わせても件数が少なすぎる",
            "there is a reason, but with all that shares its base it serves too few tickets",
        ),
    }
}

pub(super) fn flag_name(scene: &Scene<'_>, flag: Flag) -> &'static str {
    match flag {
        Flag::Secret => scene.pick("チケットに書かれた秘密情報", "secrets written in tickets"),
        Flag::LeaverOpen => scene.pick("退職・異動者の残存アクセス", "access of leavers left open"),
        Flag::LeaverLate => scene.pick(
            "退職・異動後に残っていて、後から外したアクセス",
            "access of leavers found late and taken away since",
        ),
        Flag::AdminWithoutEnd => scene.pick(
            "終わりを書かない管理者権限の依頼",
            "requests for an admin role that name no end",
        ),
        Flag::GrantWithoutEnd => scene.pick("終わりを書かない権限の依頼", "requests that name no end"),
        Flag::OnePerson => scene.pick("一人だけが知る作業", "work that one person knows"),
    }
}

/// Names of the reasons for which a ticket is counted apart, by their codes.
pub(super) fn exclusion_names(scene: &Scene<'_>) -> BTreeMap<String, String> {
    [
        (Exclusion::Withdrawn, "withdrawn"),
        (Exclusion::Duplicate, "duplicate"),
        (Exclusion::Test, "test"),
        (Exclusion::Announcement, "announcement"),
        (Exclusion::Deleted, "deleted"),
    ]
    .map(|(reason, en)| {
        let name = scene.pick(exclusion_ja(reason), en).to_owned();
        (reason.as_str().to_owned(), name)
    })
    .into()
}

/// The Japanese name of the reason for which a ticket is counted apart.
pub(super) fn exclusion_ja(reason: Exclusion) -> &'static str {
    match reason {
        Exclusion::Withdrawn => "取り下げ",
        Exclusion::Duplicate => "重複",
        Exclusion::Test => "テスト",
        Exclusion::Announcement => "お知らせ",
        Exclusion::Deleted => "削除済み",
    }
}

/// Returns the title of a play.
pub(super) fn play_title(scene: &Scene<'_>, play: &str) -> String {
    scene
        .taxonomy
        .play(play)
        .map_or(play, |play| play.title.get(scene.lang()))
        .to_owned()
}

/// A title without what it explains behind a bracket, a colon or a comma, for use inside a sentence.
pub(super) fn short(title: &str) -> &str {
    title.split(['(', '(', ':', ':']).next().unwrap_or(title).trim()
}

/// "5.0 [3.1, 9.0]", without the minus of a zero.
pub(super) fn range(range: Range3, decimals: usize) -> String {
    let [p10, p50, p90] = [range.p10, range.p50, range.p90].map(|number| number_of(number, decimals));
    format!("{p50} [{p10}, {p90}]")
}

/// "80 %": the share that was counted, "–" of nothing.
pub(super) fn counted_share(some: usize, all: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let share = (all > 0).then(|| some as f64 / all as f64 * 100.0);
    share.map_or_else(|| "–".to_owned(), |share| format!("{share:.0} %"))
}

/// "[58, 93] %": the 80 % interval of a share.
pub(super) fn interval(share: Range3) -> String {
    let [low, high] = [share.p10, share.p90].map(|end| end * 100.0);
    format!("[{low:.0}, {high:.0}] %")
}

/// A number with so many decimals, without the minus of a zero.
pub(super) fn number_of(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|c| matches!(c, '0' | '.'));
    if zero {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// Joins names as the language does.
pub(super) fn joined(scene: &Scene<'_>, names: &[String]) -> String {
    names.join(scene.pick("、", ", "))
}

/// What is asked for a parameter, by the automation and by the request form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// The automation cannot do without it, so the form asks for it too.
    Required,
    /// The automation can do without it, but the form has to ask for it: without it nobody says when a grant ends.
    ToEnd,
    /// Neither asks for it.
    Optional,
}

/// Says what is asked for a parameter of a candidate: the one place that headline, table, explanation and form go by.
pub(super) fn demand(taxonomy: &Taxonomy, risks: Risks, slot: &str, required: bool) -> Demand {
    match required {
        true => Demand::Required,
        // What makes requests that name no end a reason to automate must not let them name none.
        false if risks.grants_without_end > 0 && says_end(taxonomy, slot) => Demand::ToEnd,
        false => Demand::Optional,
    }
}

/// Names the parameters that a form has to ask for and most of the tickets lack, the most missed first, each once; each
/// part comes with the risks of its candidate.
pub(super) fn missing_slots<'p>(
    scene: &Scene<'_>,
    parts: impl Iterator<Item = (Risks, &'p Part)>,
    most: usize,
) -> Vec<String> {
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    for (risks, part) in parts {
        let asked =
            |slot: &&SlotFill| demand(scene.taxonomy, risks, &slot.slot, slot.required) != Demand::Optional;
        for slot in part.slots.iter().filter(asked) {
            *missing.entry(&slot.slot).or_default() += part.tickets.saturating_sub(slot.filled);
        }
    }
    let mut missing: Vec<(&str, usize)> = missing.into_iter().filter(|(_, count)| *count > 0).collect();
    missing.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    missing
        .into_iter()
        .take(most)
        .map(|(slot, _)| slot_name(scene, slot))
        .collect()
}

/// Whether a slot says until when something holds.
pub(super) fn says_end(taxonomy: &Taxonomy, slot: &str) -> bool {
    taxonomy
        .slot(slot)
        .is_some_and(|slot| slot.entities.iter().any(|kind| kind == "duration"))
}

/// Returns the name of a slot.
pub(super) fn slot_name(scene: &Scene<'_>, slot: &str) -> String {
    scene
        .taxonomy
        .slot(slot)
        .map_or(slot, |slot| slot.name.get(scene.lang()))
        .to_owned()
}

/// Names the time that demand was counted in: whole quarters, or the running one if there is no whole one.
pub(super) fn window(scene: &Scene<'_>) -> String {
    let whole = scene.analysis.measures.timeline.iter().any(|at| !at.partial);
    match (scene.analysis.ranking.quarters, whole) {
        (_, false) => scene
            .pick("途中の四半期", "a quarter that is not over")
            .to_owned(),
        (1, true) => scene.pick("直近 1 四半期", "the last whole quarter").to_owned(),
        (n, true) => scene.pick(format!("直近 {n} 四半期"), format!("the last {n} whole quarters")),
    }
}

/// "within a year", or the horizon of the taxonomy.
pub(super) fn horizon(scene: &Scene<'_>) -> String {
    match (scene.analysis.ranking.horizon_quarters, scene.lang()) {
        (4, Lang::Ja) => "1 年".to_owned(),
        (4, Lang::En) => "a year".to_owned(),
        (quarters, Lang::Ja) => format!("{quarters} 四半期"),
        (quarters, Lang::En) => counted(quarters as usize, "quarter"),
    }
}

/// Names all the time that was looked at, which is what risks are counted over: a door that was left open long ago is
/// still open.
pub(super) fn whole_period(scene: &Scene<'_>) -> String {
    let timeline = &scene.analysis.measures.timeline;
    match (timeline.first(), timeline.last()) {
        (Some(first), Some(last)) if first.quarter != last.quarter => scene.pick(
            format!("{}〜{}", first.quarter, last.quarter),
            format!("{} to {}", first.quarter, last.quarter),
        ),
        (Some(only), _) => only.quarter.to_string(),
        (None, _) => scene.pick("全件", "all tickets").to_owned(),
    }
}

/// Says what stands open in the tickets of a candidate or bundle, one phrase a finding with the time it was counted
/// over.
pub(super) fn open_risks(scene: &Scene<'_>, risks: Risks) -> Vec<String> {
    let period = whole_period(scene);
    let say = |(flag, count): (Flag, usize)| {
        let name = flag_name(scene, flag);
        let age = risks
            .oldest_open_days
            .filter(|_| flag == Flag::LeaverOpen)
            .map_or_else(String::new, |days| {
                scene.pick(
                    format!(" (最長 {days} 日)"),
                    format!(" (the oldest for {days} day{})", if days == 1 { "" } else { "s" }),
                )
            });
        scene.pick(
            format!("{name} {count} 件{age} ({period})"),
            format!("{name}: {count}{age} in {period}"),
        )
    };
    open_counts(risks).into_iter().map(say).collect()
}

/// What stands open, with how often, the most urgent first; nothing that was not found.
pub(super) fn open_counts(risks: Risks) -> Vec<(Flag, usize)> {
    let mut counted = vec![
        (Flag::Secret, risks.secrets),
        (Flag::LeaverOpen, risks.leavers_open),
        (Flag::LeaverLate, risks.leavers_late),
        (Flag::AdminWithoutEnd, risks.admin_without_end),
        (Flag::GrantWithoutEnd, risks.grants_without_end),
    ];
    counted.retain(|(_, count)| *count > 0);
    counted
}

/// The parts of a candidate, each with what stands open in all of it: it has one form.
pub(super) fn of_parts(one: &Candidate) -> impl Iterator<Item = (Risks, &Part)> + Clone {
    one.parts.iter().map(|part| (one.risks, part))
}

/// The candidates of a bundle.
pub(super) fn members<'a>(
    scene: &'a Scene<'_>,
    bundle: &'a crate::automation::Bundle,
) -> impl Iterator<Item = &'a Candidate> + Clone {
    let ranking = &scene.analysis.ranking;
    bundle.candidates.iter().filter_map(|id| ranking.candidate(id))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular() {
        assert_eq!(
            ["0 tickets", "1 ticket", "2 tickets"],
            [0, 1, 2]
                .map(|count| counted(count, "ticket"))
                .each_ref()
                .map(String::as_str)
        );
    }
}
