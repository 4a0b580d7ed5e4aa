//! The whole story: one sentence at the top, the parts in reading order, and at the foot how it was made.

use crate::automation::{Candidate, Gate};
use crate::compose::scene::Scene;
use crate::compose::{candidates, changes, groups, history, launches, patterns, trend};
use crate::report::Section;
use crate::report::model::grouped;
use crate::taxonomy::Lang;
use crate::toil::{Level, Toil};

/// Most candidates in the report.
const CANDIDATES_SHOWN: usize = 8;

/// Builds title, headline and parts of the report.
pub(super) fn report(scene: &Scene<'_>) -> (String, Vec<String>, Vec<Section>) {
    let first = scene.analysis.measures.timeline.first();
    let last = scene.analysis.measures.timeline.last();
    let span = match (first, last) {
        (Some(first), Some(last)) => format!("{} – {}", first.quarter, last.quarter),
        _ => scene.pick("日付なし", "no dates").to_owned(),
    };
    let title = scene.pick(
        format!("SRE 依頼レポート {span}"),
        format!("SRE request report {span}"),
    );
    let sections: Vec<Option<Section>> = vec![
        Some(patterns::by_pattern(scene)),
        Some(trend::pivot(scene)),
        Some(trend::subpatterns(scene)),
        Some(changes::section(scene)),
        Some(launches::section(scene)),
        Some(candidates::best(scene, CANDIDATES_SHOWN)),
        Some(groups::discovered(scene)),
        history::lineage(scene),
        Some(patterns::detail(scene)),
        Some(groups::quality(scene)),
    ];
    (
        title,
        vec![volume(scene), changes::summary(scene), proposal(scene)],
        sections.into_iter().flatten().collect(),
    )
}

/// How much there was, what was most, and what took most time.
fn volume(scene: &Scene<'_>) -> String {
    let measures = &scene.analysis.measures;
    let total = &measures.total.whole;
    let patterns: Vec<(&str, &Toil)> = measures
        .level(Level::Pattern)
        .map(|(key, series)| (key.pattern(), &series.whole))
        .collect();
    let most = patterns
        .iter()
        .max_by(|a, b| a.1.tickets.cmp(&b.1.tickets).then_with(|| b.0.cmp(a.0)));
    let longest = patterns
        .iter()
        .filter_map(|(id, toil)| Some((*id, toil.hours.as_ref()?.p50)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    let requests = grouped(total.tickets);
    let mut text = scene.pick(
        format!("依頼 {requests} 件。"),
        if total.tickets == 1 {
            "1 request. ".to_owned()
        } else {
            format!("{requests} requests. ")
        },
    );
    if let Some((id, toil)) = most.filter(|(_, toil)| toil.tickets > 0) {
        let (name, share) = (scene.pattern_name(id), toil.share.unwrap_or(0.0) * 100.0);
        text += &scene.pick(
            format!("最多は「{name}」の {share:.0} %。"),
            format!("The most frequent kind is “{name}” ({share:.0} %). "),
        );
    }
    if let (Some(hours), Some((id, _))) = (&total.hours, longest) {
        let name = scene.pattern_name(id);
        let range = format!("{:.0} h [{:.0}, {:.0}]", hours.p50, hours.p10, hours.p90);
        let origin = patterns::origin_name(scene, hours.origin);
        text += &scene.pick(
            format!("対応工数は {range} ({origin})、最も時間を使うのは「{name}」。"),
            format!("They took {range} of hands-on time ({origin}), the largest part for “{name}”."),
        );
    }
    text.trim_end().to_owned()
}

/// What to do about it, said as plainly as the numbers allow.
fn proposal(scene: &Scene<'_>) -> String {
    let worth = |candidate: &&Candidate| candidate.gate != Gate::Watch;
    let candidates = &scene.analysis.ranking.candidates;
    let Some(best) = candidates.iter().find(worth) else {
        return scene
            .pick(
                "自動化を薦められるだけの件数はまだない。",
                "There are too few requests yet to recommend an automation.",
            )
            .to_owned();
    };
    if best.prob_payback_4q >= 0.5 && best.net_hours_4q.p50 > 0.0 {
        return pays(scene, best);
    }
    let nothing = scene.pick(
        "SRE の作業時間だけで 1 年以内に回収できそうな自動化はない。",
        "On SRE hours alone no automation is likely to pay back within a year. ",
    );
    let waits = candidates
        .iter()
        .filter(worth)
        .filter_map(|c| Some((c, c.requester_wait_hours_saved_p50?)));
    let longest = waits.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.id.cmp(&a.0.id)));
    match longest {
        Some((candidate, hours)) => format!("{nothing}{}", spares(scene, candidate, hours)),
        None => format!("{nothing}{}", measure_first(scene, best)),
    }
}

/// The reason to automate that is not hours of the team: what requesters wait.
fn spares(scene: &Scene<'_>, candidate: &Candidate, hours: f64) -> String {
    let (name, driver) = (
        title(scene, candidate),
        candidates::driver_name(scene, candidate.largest_driver),
    );
    let form = candidate.gate == Gate::FixForm;
    match scene.lang() {
        Lang::Ja => format!(
            "件数が足りる候補のうち、依頼者の待ち時間を最も減らすのは「{name}」(四半期に営業時間で約 {hours:.0} h)。{}結論を最も左右するのは{driver}。",
            if form {
                "ただし先に依頼フォームで必要項目を聞くこと。"
            } else {
                ""
            }
        ),
        Lang::En => format!(
            "Of those with enough tickets, “{name}” would spare requesters most waiting (about {hours:.0} business hours a quarter).{} What would settle it most is {driver}.",
            if form {
                " The request form should ask for the missing parameters first."
            } else {
                ""
            }
        ),
    }
}

fn measure_first(scene: &Scene<'_>, best: &Candidate) -> String {
    let (name, driver) = (
        title(scene, best),
        candidates::driver_name(scene, best.largest_driver),
    );
    scene.pick(
        format!("最も近いのは「{name}」。結論を最も左右するのは{driver}。"),
        format!("Closest is “{name}”. What would settle it most is {driver}."),
    )
}

fn pays(scene: &Scene<'_>, best: &Candidate) -> String {
    let name = title(scene, best);
    let saved = best.sre_hours_saved_per_quarter;
    let range = format!("{:.1} h [{:.1}, {:.1}]", saved.p50, saved.p10, saved.p90);
    let chance = best.prob_payback_4q * 100.0;
    match scene.lang() {
        Lang::Ja => {
            format!("提案: {name}。四半期あたり {range} を削減し、1 年で回収する確率は {chance:.0} %。")
        }
        Lang::En => format!(
            "Proposal: {name}. It saves {range} a quarter and is {chance:.0} % likely to pay back within a year."
        ),
    }
}

fn title(scene: &Scene<'_>, candidate: &Candidate) -> String {
    scene
        .taxonomy
        .play(&candidate.play)
        .map_or(candidate.play.as_str(), |play| play.title.get(scene.lang()))
        .to_owned()
}

/// Says where every record ended up and how the run can be made again.
pub(super) fn foot(scene: &Scene<'_>) -> Vec<String> {
    let names = scene.pick(
        [
            "ラベル",
            "ルール",
            "学習",
            "クラスタ",
            "該当なし",
            "対象外",
            "期間外",
            "統合",
            "読めず",
        ],
        [
            "label", "rules", "learner", "cluster", "none", "excluded", "outside", "merged", "skipped",
        ],
    );
    let terms: Vec<String> = scene
        .coverage
        .terms()
        .iter()
        .zip(names)
        .filter(|((term, count), _)| *count > 0 || matches!(*term, "rules" | "cluster" | "none" | "excluded"))
        .map(|((_, count), name)| format!("{name} {}", grouped(*count)))
        .collect();
    let sum = grouped(scene.coverage.sum());
    let coverage = scene.pick(
        format!("内訳: {} = 読み込んだ記録 {sum}", terms.join(" + ")),
        format!("Coverage: {} = {sum} records read", terms.join(" + ")),
    );
    let (version, hash, seed, as_of) = (
        env!("CARGO_PKG_VERSION"),
        &scene.taxonomy.hash,
        scene.settings.seed,
        scene.as_of(),
    );
    let zone = scene.settings.timezone.name();
    let made = scene.pick(
        format!(
            "toilscope {version}, 分類表 {} ({hash}), seed {seed}, 基準日 {as_of} ({zone})",
            scene.taxonomy.version
        ),
        format!(
            "toilscope {version}, taxonomy {} ({hash}), seed {seed}, as of {as_of} ({zone})",
            scene.taxonomy.version
        ),
    );
    vec![coverage, made]
}
