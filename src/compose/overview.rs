//! The whole story: one sentence at the top, the parts in reading order, and at the foot how it was made.

use crate::compose::proposal::proposal;
use crate::compose::scene::Scene;
use crate::compose::story::story;
use crate::compose::{
    bundles, candidates, changes, controls, effort_check, groups, history, launches, patterns, slots, trend,
};
use crate::plausible::{Doubt, MOST_MINUTES, Slip};
use crate::report::Section;
use crate::report::model::grouped;
use crate::taxonomy::Lang;
use crate::toil::{Level, Toil};

/// Most candidates in the report.
const CANDIDATES_SHOWN: usize = 8;

/// Most parameters in the report.
const SLOTS_SHOWN: usize = 10;

/// Builds title, headline and parts of the report.
pub(super) fn report(scene: &Scene<'_>) -> (String, Vec<String>, Vec<Section>) {
    let first = scene.analysis.measures.timeline.first();
    let last = scene.analysis.measures.timeline.last();
    let span = match (first, last) {
        (Some(first), Some(last)) if first.quarter == last.quarter => first.quarter.to_string(),
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
        Some(bundles::all(scene)),
        Some(candidates::best(scene, CANDIDATES_SHOWN)),
        Some(slots::all(scene, SLOTS_SHOWN)),
        Some(controls::all(scene)),
        effort_check::all(scene),
        Some(groups::discovered(scene)),
        history::lineage(scene),
        Some(patterns::detail(scene)),
        Some(groups::quality(scene)),
    ];
    let below = [volume(scene), changes::summary(scene)];
    let below = below.into_iter().chain(proposal(scene));
    let headline = std::iter::once(story(scene)).chain(below.filter(|line| !line.is_empty()));
    (
        title,
        headline.collect(),
        sections.into_iter().flatten().collect(),
    )
}

/// What was most, and what took most time; how many hours it was all in all is told by the story above it.
fn volume(scene: &Scene<'_>) -> String {
    let measures = &scene.analysis.measures;
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
    let mut text = String::new();
    if let Some((id, toil)) = most.filter(|(_, toil)| toil.tickets > 0) {
        let (name, share) = (scene.pattern_name(id), toil.share.unwrap_or(0.0) * 100.0);
        text += &scene.pick(
            format!("最多は「{name}」の {share:.0} %。"),
            format!("The most frequent kind is “{name}” ({share:.0} % of the requests). "),
        );
    }
    if let Some((id, _)) = longest {
        let name = scene.pattern_name(id);
        text += &scene.pick(
            format!("最も時間を使うのは「{name}」。"),
            format!("Most time goes to “{name}”."),
        );
    }
    text.trim_end().to_owned()
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
    let doubts = scene.doubts.iter().map(|doubt| set_aside(scene, doubt));
    std::iter::once(coverage).chain(doubts).chain([made]).collect()
}

/// What cannot be true and was treated as missing; the tickets themselves are in the terms above.
fn set_aside(scene: &Scene<'_>, doubt: &Doubt) -> String {
    if scene.lang() == Lang::En {
        return format!("Not believed: {doubt}");
    }
    let what = match doubt.slip {
        Slip::Minutes => format!("{MOST_MINUTES} 分 (1 人の 1 か月分) を超える作業時間"),
        Slip::FiledApart => "ほかのどのチケットからも四半期以上離れた起票日".to_owned(),
        Slip::LongAfter => "最後の起票から 2 年以上あとの着手・更新・完了日".to_owned(),
        Slip::ClosedBeforeFiled => "起票より前の完了日".to_owned(),
    };
    let (count, named) = (doubt.ids.len(), doubt.named(|rest| format!(" ほか {rest} 件")));
    format!("ありえない値: {what}は記録なしとして扱う ({count} 件: {named})")
}
