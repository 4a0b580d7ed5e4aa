//! The demand of a candidate in words: which quarters were counted, what is expected of the next, from which number on
//! it pays.

use crate::automation::{Candidate, Compared, Growth, Part};
use crate::compose::scene::Scene;
use crate::compose::words::{counted, horizon, number_of, range, window};
use crate::trend::Verdict;

/// Quarters between a quarter and the same one a year ago.
const YEAR: usize = 4;

/// Tells how many requests there are, how many are expected, and how many it takes.
pub(super) fn demand(scene: &Scene<'_>, one: &Candidate) -> Vec<String> {
    let (window, tickets, volume) = (window(scene), one.tickets, range(one.volume_per_quarter, 1));
    let mut lines = vec![scene.pick(
        format!("{window}に {tickets} 件、予想は四半期に {volume} 件。少ない種類ほど全体の平均へ寄せる (ガンマ・ポアソン): 偶然の多さは翌期に戻るため"),
        format!("{} in {window}, {volume} expected a quarter: small counts are drawn towards the mean of all kinds (gamma-Poisson), for what is high by chance falls back", counted(tickets, "ticket")),
    )];
    for part in &one.parts {
        lines.push(part_demand(scene, part));
    }
    if let Some(tickets) = one.breakeven_tickets_per_quarter {
        let (tickets, span) = (number_of(tickets, 1), horizon(scene));
        lines.push(scene.pick(
            format!("損益分岐: ほかが中央値なら四半期に {tickets} 件から {span}以内に回収する"),
            format!("break-even: from {tickets} tickets a quarter on it pays back within {span}, all else at its middle"),
        ));
    } else {
        lines.push(
            scene
                .pick(
                    "損益分岐: 何件あっても回収しない (残る作業が今の作業より短くない)",
                    "break-even: no number of tickets pays it back, for it leaves as much work as there is",
                )
                .to_owned(),
        );
    }
    lines
}

fn part_demand(scene: &Scene<'_>, part: &Part) -> String {
    let (name, tickets) = (scene.subpattern_name(&part.subpattern), part.tickets);
    let growth = part.growth.map_or_else(
        || scene.pick("増減ははっきりしない", "no clear growth").to_owned(),
        |growth| growth_line(scene, &part.subpattern, growth),
    );
    let expected = expected(scene, part);
    scene.pick(
        format!("{name}: {tickets} 件。{growth}。{expected}"),
        format!("{name}: {}; {growth}. {expected}", counted(tickets, "ticket")),
    )
}

/// From the tickets that were seen to those that are expected, step by step.
fn expected(scene: &Scene<'_>, part: &Part) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let (tickets, quarters) = (part.tickets as f64, scene.analysis.ranking.quarters.max(1) as f64);
    let factor = part.growth.map_or(1.0, |growth| growth.factor);
    let (seen, grown) = (
        number_of(tickets / quarters, 2),
        number_of(tickets * factor / quarters, 2),
    );
    let (factor, drawn) = (number_of(factor, 2), range(part.volume_per_quarter, 1));
    let steps = if part.growth.is_some() {
        format!("{seen} × {factor} = {grown}")
    } else {
        seen
    };
    scene.pick(
        format!("四半期あたり {steps} 件、平均へ寄せて {drawn} 件"),
        format!("A quarter: {steps}, drawn towards the mean {drawn}"),
    )
}

/// Says which quarters were compared, and what that makes of the volume.
fn growth_line(scene: &Scene<'_>, subpattern: &str, growth: Growth) -> String {
    let (before, after) = (growth.before, growth.after);
    let (ratio, factor) = (range(growth.ratio, 2), number_of(growth.factor, 2));
    let first = match growth.compared {
        Compared::YearAgo => quarters(scene, YEAR, 1),
        Compared::YoungerHalf => quarters(scene, growth.quarters, growth.quarters),
    };
    let last = quarters(scene, 0, growth.quarters);
    let against = match growth.compared {
        Compared::YearAgo => scene.pick("率の比", "a ratio of"),
        Compared::YoungerHalf => {
            scene.pick("全期間の率との比", "against the rate of all quarters a ratio of")
        }
    };
    let same = match part_verdict(scene, subpattern) {
        Some(Verdict::ClearRise | Verdict::ClearFall) => String::new(),
        _ => scene.pick(
            "。四半期の表の判定は多くの検定をまとめて補正した厳しい基準によるので、「明確な変化なし」や「件数不足」と並びうる: ここでは期待値を控えめに動かすだけで、変化があったとは言わない".to_owned(),
            ". The verdicts by quarter ask for more (an exact test, many of them corrected together) and may well say “no clear change” or “too few to tell” of the same numbers: here the expectation is moved with care, and no change is claimed".to_owned(),
        ),
    };
    scene.pick(
        format!("{first}の {before} 件から{last}の {after} 件へ、{against} {ratio} (両側に半件を足してならした比と、その 80 % の幅)。幅が 1 を含まないので、1 に近い側の端 {factor} を件数に掛ける (0.5〜1.5 で頭打ち){same}"),
        format!("from {before} in {first} to {after} in {last}, {against} {ratio} (smoothed by half a ticket, with its 80 % interval). The interval leaves out 1, so the tickets are multiplied by its end nearest to 1, {factor} (bounded by 0.5 and 1.5){same}"),
    )
}

/// The last verdict of the tables by quarter on a sub-pattern.
fn part_verdict(scene: &Scene<'_>, subpattern: &str) -> Option<Verdict> {
    let series = scene.analysis.judged.series.iter();
    let mut of = series.filter(|(key, _)| key.subpattern() == Some(subpattern));
    let (_, judgement) = of.next()?;
    let last = judgement.quarters.iter().flatten().next_back();
    last.map(|comparison| comparison.verdict)
}

/// Names `many` counted quarters, the last of them `ago` quarters before the last one.
fn quarters(scene: &Scene<'_>, ago: usize, many: usize) -> String {
    let quarters = scene.analysis.measures.counted();
    let end = quarters.len().saturating_sub(ago);
    let named = &quarters[end.saturating_sub(many)..end];
    match named {
        [first, .., last] => scene.pick(format!("{first}〜{last} "), format!("{first} to {last}")),
        [only] => scene.pick(format!("{only} "), only.to_string()),
        [] => scene.pick("それより前", "earlier quarters").to_owned(),
    }
}
