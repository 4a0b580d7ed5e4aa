//! The story in one sentence, at the top of a report: how much there was, and what to do about it and for which reason,
//! also when that is "nothing here pays back on hours alone; this does for another reason".
//!
//! What it costs, what else there is to know and the first step are lines of their own below it (see
//! [`proposal`](super::proposal)).

use crate::automation::{Bundle, Candidate, Flag, Gate, Reason};
use crate::compose::bundles;
use crate::compose::scene::Scene;
use crate::compose::words::{
    counted, flag_name, horizon, joined, number_of, open_counts, play_title, range, short,
};
use crate::report::model::grouped;

/// Tells the story in one sentence.
pub(super) fn story(scene: &Scene<'_>) -> String {
    let ranking = &scene.analysis.ranking;
    let (all, rest) = (requests(scene), scene.pick("が、", ""));
    let told = match ranking.bundles.first() {
        Some(bundle) => match bundle.reasons.first() {
            Some(Reason::Hours) => pays(scene, bundle),
            _ => for_another_reason(scene, bundle),
        },
        None => match ranking.candidates.iter().find(|one| one.gate != Gate::Watch) {
            Some(best) => nothing_pays(scene, best),
            None => scene
                .pick(
                    "自動化を薦められるだけの件数はまだない。",
                    ", and of no kind are there enough yet to recommend an automation.",
                )
                .to_owned(),
        },
    };
    format!("{all}{rest}{told}")
}

/// How many requests there were, and the hours they took where those are known.
fn requests(scene: &Scene<'_>) -> String {
    let total = &scene.analysis.measures.total.whole;
    let (many, one) = (grouped(total.tickets), total.tickets == 1);
    let noun = if one { "request" } else { "requests" };
    match &total.hours {
        Some(hours) => {
            let [low, middle, high] = [hours.p10, hours.p50, hours.p90].map(|hours| number_of(hours, 0));
            let timed = grouped(hours.timed_tickets);
            scene.pick(
                format!("依頼 {many} 件に約 {middle} h ({low}〜{high} h、実測は {timed} 件) かかった"),
                format!("{many} {noun} took about {middle} h ({low} to {high} h, {timed} timed)"),
            )
        }
        None => scene.pick(
            format!("依頼は {many} 件あった"),
            format!("There {} {many} {noun}", if one { "was" } else { "were" }),
        ),
    }
}

fn pays(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let (name, span) = (name(scene, bundle), horizon(scene));
    let saved = range(bundle.sre_hours_saved_per_quarter, 1);
    let (build, chance) = (bundle.build_hours.p50, bundle.prob_payback * 100.0);
    scene.pick(
        format!("{name}は SRE の作業を四半期に {saved} h 減らし、構築約 {build:.0} h を {span}以内に {chance:.0} % の確率で回収する。"),
        format!(", and {name} would save SREs {saved} h a quarter, {chance:.0} % likely to pay back its {build:.0} h of building within {span}."),
    )
}

fn for_another_reason(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let (name, span) = (name(scene, bundle), horizon(scene));
    let why = bundle
        .reasons
        .iter()
        .filter_map(|reason| why(scene, bundle, *reason));
    let why = why.collect::<Vec<_>>().join(scene.pick("と、", " and that "));
    scene.pick(
        format!("作業時間だけで {span}以内に回収できる自動化はなく、{name}を作る理由は、{why}にある。"),
        format!(", and on hours alone no automation pays back within {span}; what speaks for {name} is that {why}."),
    )
}

/// A reason beside hours as a clause.
fn why(scene: &Scene<'_>, bundle: &Bundle, reason: Reason) -> Option<String> {
    match reason {
        Reason::Hours => None,
        Reason::Waiting => {
            let wait = number_of(bundle.requester_wait_hours_saved?.p50, 0);
            Some(scene.pick(
                format!("依頼者の待ちが四半期に約 {wait} 営業時間減ること"),
                format!("requesters would wait about {wait} business hours less a quarter"),
            ))
        }
        Reason::Control => {
            let is_grant = |flag: &Flag| matches!(flag, Flag::AdminWithoutEnd | Flag::GrantWithoutEnd);
            let (grants, others): (Vec<_>, Vec<_>) = open_counts(bundle.risks)
                .into_iter()
                .partition(|(flag, _)| is_grant(flag));
            let grants = counts(scene, grants).map(|counts| {
                scene.pick(
                    format!("これから付ける権限に終わりを決めさせ、今ある権限を見えるようにすること ({counts})"),
                    format!("every new grant would have to name its end and those of today would be seen ({counts})"),
                )
            });
            let others = counts(scene, others).map(|counts| {
                scene.pick(
                    format!("放置されたものを引き受けること ({counts})"),
                    format!("it would take up what stands open ({counts})"),
                )
            });
            let told: Vec<String> = others.into_iter().chain(grants).collect();
            (!told.is_empty()).then(|| told.join(scene.pick("と、", " and that ")))
        }
    }
}

/// What was found, with how often; `None` of nothing.
fn counts(scene: &Scene<'_>, found: Vec<(Flag, usize)>) -> Option<String> {
    let one = |(flag, count): (Flag, usize)| {
        let name = flag_name(scene, flag);
        scene.pick(format!("{name} {count} 件"), format!("{name}: {count}"))
    };
    let told: Vec<String> = found.into_iter().map(one).collect();
    (!told.is_empty()).then(|| joined(scene, &told))
}

fn nothing_pays(scene: &Scene<'_>, best: &Candidate) -> String {
    let (title, span) = (play_title(scene, &best.play), horizon(scene));
    let name = short(&title);
    scene.pick(
        format!("作業時間だけで {span}以内に回収できる自動化はなく、待ち時間やリスクにも急ぐ理由は見えない (最も近いのは「{name}」)。"),
        format!(", and on hours alone no automation pays back within {span}, nor do waiting or risk give a reason to hurry (closest is “{name}”)."),
    )
}

/// A bundle by its title; one on a base with how many automations it carries.
fn name(scene: &Scene<'_>, bundle: &Bundle) -> String {
    let title = bundles::title(scene, bundle);
    let title = short(&title);
    let plays = bundle.candidates.len();
    match bundle.foundation {
        Some(_) => scene.pick(
            format!("「{title}」({plays} 施策)"),
            format!("“{title}” ({})", counted(plays, "automation")),
        ),
        None => scene.pick(format!("「{title}」"), format!("“{title}”")),
    }
}

#[cfg(test)]
mod tests {
    use super::story;
    use crate::analysis::analyze;
    use crate::compose::candidate_story::tests::{datasets, few_beside_many, invitations};
    use crate::compose::{Scene, View};
    use crate::config::{Overrides, Settings};
    use crate::taxonomy::{Lang, Taxonomy};
    use crate::ticket::Ticket;

    /// The headline of a report, line by line; the story is checked to be its first.
    fn headline(tickets: &[Ticket], lang: Lang) -> Vec<String> {
        let overrides = Overrides::parse("t.toml", "as_of = \"2026-12-31\"").unwrap();
        let settings = Settings::resolve(overrides, lang).unwrap();
        let taxonomy = Taxonomy::builtin().unwrap();
        let analysis = analyze(tickets, &taxonomy, &settings).unwrap();
        let scene = Scene::new(&analysis, analysis.coverage, &taxonomy, &settings);
        let headline = scene.report(View::Report).headline;
        assert_eq!(headline[0], story(&scene));
        headline
    }

    /// Invitations that leave out what an automation needs, so that it spares nobody anything.
    fn bare() -> Vec<Ticket> {
        let mut tickets = invitations(&[(11, 12)]);
        for ticket in &mut tickets {
            ticket.body = ticket
                .body
                .take()
                .map(|body| body.replace("payments チームです。", ""));
        }
        tickets
    }

    /// Invitations that take hours each, so that hours alone pay.
    fn dear() -> Vec<Ticket> {
        let mut tickets = invitations(&[(2, 30), (5, 30), (8, 30), (11, 30)]);
        for ticket in &mut tickets {
            ticket.minutes_spent = Some(180.0);
        }
        tickets
    }

    #[test]
    fn the_story_is_one_sentence_whatever_it_is() {
        for tickets in [
            invitations(&[(11, 1)]),
            bare(),
            invitations(&[(10, 9), (11, 9)]),
            datasets(),
            few_beside_many(),
            dear(),
        ] {
            let en = &headline(&tickets, Lang::En)[0];
            assert!(en.ends_with('.') && !en.contains(". "), "{en}");
            let ja = &headline(&tickets, Lang::Ja)[0];
            assert!(ja.ends_with('。') && ja.matches('。').count() == 1, "{ja}");
        }
    }

    #[test]
    fn each_story_says_what_speaks_for_it() {
        let first = |tickets: &[Ticket]| headline(tickets, Lang::En).swap_remove(0);
        let few = first(&invitations(&[(11, 1)]));
        assert!(
            few.starts_with("1 request took about ") && few.contains("enough yet"),
            "{few}"
        );
        let nothing = first(&bare());
        assert!(
            nothing.contains("no automation pays back within a year, nor do waiting or risk"),
            "{nothing}"
        );
        let other = first(&few_beside_many());
        assert!(other.contains("(2 automations) is that"), "{other}");
        assert!(
            other.contains("every new grant would have to name its end and those of today would be seen (requests that name no end: 29)"),
            "{other}"
        );
        let pays = first(&dear());
        assert!(
            pays.contains("would save SREs") && pays.contains("likely to pay back its"),
            "{pays}"
        );
    }

    #[test]
    fn price_and_first_step_stand_on_lines_of_their_own() {
        let lines = headline(&datasets(), Lang::En);
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("To build: ") && line.contains("Price: ")),
            "{lines:?}"
        );
        assert!(
            lines.iter().any(|line| line.starts_with("First step: ")),
            "{lines:?}"
        );
        assert!(lines.iter().all(|line| !line.is_empty()));
    }
}
