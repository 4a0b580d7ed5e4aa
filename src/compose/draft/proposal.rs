//! The one-page proposal: what, why, the numbers with their origin, risks, and the first step.

use crate::automation::draft::File;
use crate::automation::{Candidate, Gate};
use crate::compose::scene::Scene;
use crate::compose::words::{counted, driver_name, gate_and_place, whole_period, window};

use super::Subject;
use super::figures::{figures, ledgers};
use super::words::{Page, number, percent, range};

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let mut page = Page::default();
    let lang = subject.scene.lang();
    page.line(format!(
        "# {}: {}",
        subject.pick("提案", "Proposal"),
        subject.title()
    ));
    page.paragraph(verdict(subject));
    for play in &subject.plays {
        if let Some(means) = &play.means {
            page.paragraph(means.get(lang));
        }
    }
    page.heading(subject.pick("根拠", "Why"));
    page.list("-", &reasons(subject));
    if let Some(candidate) = subject.candidate {
        let figures = figures(subject, candidate);
        ledgers(subject.scene, &mut page, &figures, candidate.risks);
    }
    page.heading(subject.pick("危険と戻し方", "Risk and the way back"));
    page.list("-", &risks(subject));
    page.heading(subject.pick("始める前に決めること", "To be settled first"));
    let prerequisites = subject.plays.iter().flat_map(|play| &play.prerequisites);
    page.list(
        "- [ ]",
        &prerequisites
            .map(|words| words.get(lang).to_owned())
            .collect::<Vec<_>>(),
    );
    page.heading(subject.pick("最初の一歩", "First step"));
    page.paragraph(first_step(subject));
    page.paragraph(foot(subject));
    page.into_file("proposal.md")
}

fn verdict(subject: &Subject<'_, '_>) -> String {
    let Some(candidate) = subject.candidate else {
        return subject.pick(
            "この施策は今回のチケットでは順位に入っていない。数字は出せないので、方法だけを示す。".to_owned(),
            "This play is not ranked on these tickets. There are no figures; what follows is the method alone.".to_owned(),
        );
    };
    let (chance, saved) = (
        percent(candidate.prob_payback_4q),
        range(candidate.sre_hours_saved_per_quarter),
    );
    let hours = if candidate.prob_payback_4q >= 0.5 {
        subject.pick(
            format!("SRE の作業時間だけで 4 四半期以内に回収する見込みは {chance}(四半期に {saved} h)。"),
            format!("It pays back on the team's hours alone within four quarters with a chance of {chance} ({saved} h a quarter)."),
        )
    } else {
        subject.pick(
            format!("SRE の作業時間だけでは 4 四半期で回収しない見込みが強い(回収 {chance}、四半期に {saved} h)。進めるなら、待ち時間・リスク・共通基盤が理由になる。"),
            format!("On the team's hours alone it will most likely not pay back within four quarters (chance {chance}, {saved} h a quarter). The reason to do it would be waiting, risk, or a base that other plays share."),
        )
    };
    let waiting = candidate.requester_wait_hours_saved.map(|hours| {
        let hours = number(hours.p50);
        subject.pick(
            format!("依頼者の待ちは四半期に営業時間で約 {hours} h 減る。"),
            format!(" Requesters would wait about {hours} business hours a quarter less."),
        )
    });
    hours + &waiting.unwrap_or_default()
}

fn reasons(subject: &Subject<'_, '_>) -> Vec<String> {
    let lang = subject.scene.lang();
    let mut reasons = Vec::new();
    let names: Vec<&str> = subject.subs.iter().map(|sub| sub.name.get(lang)).collect();
    let (count, names) = (
        subject.ground.requests.len(),
        names.join(subject.pick("、", "; ")),
    );
    let period = whole_period(subject.scene);
    let recent = subject.candidate.map_or_else(String::new, |candidate| {
        let (window, tickets) = (window(subject.scene), candidate.tickets);
        subject.pick(
            format!("。下の数字は{window}の {tickets} 件から"),
            format!(
                "; the figures below are made of {} of {window}",
                counted(tickets, "ticket")
            ),
        )
    });
    reasons.push(subject.pick(
        format!("対象の依頼: {names}。全期間 ({period}) に {count} 件{recent}"),
        format!("Requests served: {names}; {count} in all, {period}{recent}"),
    ));
    for play in &subject.plays {
        if let Some(fits) = &play.fits {
            let fits = fits.get(lang);
            reasons.push(subject.pick(
                format!("合う印(チケットで確かめる): {fits}"),
                format!("What shows that it fits (check it in the tickets): {fits}"),
            ));
        }
    }
    if let Some(candidate) = subject.candidate {
        let gate = gate_and_place(subject.scene, candidate);
        reasons.push(subject.pick(format!("判定: {gate}"), format!("Gate: {gate}")));
    }
    reasons
}

/// What can go wrong and how it is taken back.
pub(super) fn risks(subject: &Subject<'_, '_>) -> Vec<String> {
    let lang = subject.scene.lang();
    let risk = subject.plays.iter().map(|play| play.risk).max().unwrap_or(1);
    let risk = subject.candidate.map_or(risk, |candidate| candidate.risk);
    let meaning = match risk {
        1 => subject.pick(
            "間違いは見えて、数分で戻せる",
            "a mistake is seen and undone in minutes",
        ),
        2 => subject.pick(
            "間違いは戻せるが、人に影響する",
            "a mistake can be undone but touches people",
        ),
        3 => subject.pick(
            "間違うと余分な権限や停止につながる",
            "a mistake grants too much or stops something",
        ),
        _ => subject.pick(
            "間違うとデータの喪失や権限の昇格につながる",
            "a mistake loses data or escalates privileges",
        ),
    };
    let mut risks = vec![subject.pick(
        format!("危険度 {risk} / 4: {meaning}"),
        format!("Risk {risk} of 4: {meaning}"),
    )];
    if subject.candidate.is_some_and(Candidate::needs_confirmation) {
        risks.push(
            subject
                .pick(
                    "全自動にしない。試行、二人目の確認、削除までの猶予を置く",
                    "Never fully automatic: a dry run, a second person, a delay before anything is deleted",
                )
                .to_owned(),
        );
    }
    for rollback in subject.plays.iter().filter_map(|play| play.rollback.as_ref()) {
        let rollback = rollback.get(lang);
        risks.push(subject.pick(format!("戻し方: {rollback}"), format!("The way back: {rollback}")));
    }
    risks
}

fn first_step(subject: &Subject<'_, '_>) -> String {
    let lang = subject.scene.lang();
    let form_first = subject
        .candidate
        .is_some_and(|candidate| candidate.gate == Gate::FixForm);
    if form_first {
        return subject.pick(
            "request-form.md のとおりにフォームへ必須項目を足す(半日)。2 週間後に揃う割合を測り直し、それから作る。".to_owned(),
            "Add the mandatory fields of request-form.md to the form (half a day). Measure the share again after two weeks, then build.".to_owned(),
        );
    }
    let step = subject.play().steps.first().map_or("", |step| step.get(lang));
    let owner = subject.play().owner.get(lang);
    subject.pick(
        format!("{step}。担当: {owner}"),
        format!("Owner ({owner}): {step}."),
    )
}

fn foot(subject: &Subject<'_, '_>) -> String {
    let scene = subject.scene;
    let driver = subject
        .candidate
        .map(|candidate| driver_name(scene, candidate.largest_driver()));
    let driver = driver.map(|driver| {
        subject.pick(
            format!("結論を最も左右するのは{driver}。"),
            format!("What would change the conclusion most: {driver}. "),
        )
    });
    driver.unwrap_or_default() + &run(scene)
}

/// The run that the figures come from, so that they can be made again.
pub(super) fn run(scene: &Scene<'_>) -> String {
    let (version, seed, day, hash) = (
        env!("CARGO_PKG_VERSION"),
        scene.settings.seed,
        scene.as_of(),
        &scene.taxonomy.hash,
    );
    scene.pick(
        format!("toilscope {version}、{day} 時点、seed {seed}、分類表 {hash}。"),
        format!("toilscope {version}, as of {day}, seed {seed}, taxonomy {hash}."),
    )
}
