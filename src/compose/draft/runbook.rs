//! The runbook: how a request is carried out once the play is live, what was done by hand so far, risks, the way back.

use crate::automation::draft::File;
use crate::report::safe;

use super::heard::{Line, hear};
use super::words::{Page, code};
use super::{Subject, proposal};

/// Most lines of comments that are shown.
const MOST_LINES: usize = 12;

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let heard = hear(&subject.ground);
    let lang = subject.scene.lang();
    let mut page = Page::default();
    page.line(format!(
        "# {}: {}",
        subject.pick("手順書", "Runbook"),
        subject.title()
    ));
    let names: Vec<&str> = subject.subs.iter().map(|sub| sub.name.get(lang)).collect();
    page.paragraph(subject.pick(
        format!("対象の依頼: {}", names.join("、")),
        format!("For: {}", names.join("; ")),
    ));
    // What Terraform rows are is known; of other plays the steps are those of the build.
    let is_build = subject.configurations.is_empty() && subject.plays.iter().all(|play| play.live.is_empty());
    page.heading(match is_build {
        true => subject.pick("作って動かす順", "Build it and run it"),
        false => subject.pick("稼働後の流れ", "Once it is live"),
    });
    page.list("1.", &live(subject));
    page.heading(subject.pick("これまで手で行われたこと", "What was done by hand so far"));
    if heard.done.is_empty() {
        page.paragraph(subject.pick(
            "チケットのコメントに作業の記録がない。担当者に 1 件ずつ実演してもらい、ここに書く。",
            "The comments record no work. Watch one request being handled and write it down here.",
        ));
    } else {
        page.paragraph(subject.pick(
            "コメントから拾った文。数は同じ形の文があるチケットの数。順序と抜けは担当者が確かめる。",
            "Taken from comments; the number says how many tickets have such a line. Order and gaps are for the team to check.",
        ));
        page.list("-", &lines(subject, &heard.done));
    }
    if !heard.asked_back.is_empty() {
        page.heading(subject.pick("聞き返されたこと", "What had to be asked back"));
        page.list("-", &lines(subject, &heard.asked_back));
    }
    page.heading(subject.pick("危険と戻し方", "Risk and the way back"));
    let mut risks = proposal::risks(subject);
    risks.extend(traps(subject));
    page.list("-", &risks);
    page.into_file("runbook.md")
}

fn live(subject: &Subject<'_, '_>) -> Vec<String> {
    let approval = subject.approvers();
    if subject.configurations.is_empty() {
        let handled = |play: &&crate::taxonomy::Play| !play.live.is_empty();
        let steps = subject.plays.iter().flat_map(|play| match handled(play) {
            true => &play.live,
            false => &play.steps,
        });
        let mut live: Vec<String> = steps
            .map(|step| step.get(subject.scene.lang()).to_owned())
            .collect();
        if !approval.is_empty() {
            live.push(subject.pick(format!("承認: {approval}"), format!("Approval: {approval}")));
        }
        return live;
    }
    let mut live = vec![
        subject.pick("依頼者が entries.auto.tfvars に 1 行足す PR を出す(フォームからの依頼は SRE か bot が代わりに出す)", "The requester opens a pull request that adds a row to entries.auto.tfvars (for a request by form, SRE or a bot does)").to_owned(),
        subject.pick("CI が terraform plan を PR に貼る。増えるのはその 1 件だけであることを見る", "The CI posts the plan; it must add this one thing and nothing else").to_owned(),
    ];
    live.push(match approval.is_empty() {
        true => subject.pick(
            "CODEOWNERS の人が承認する".to_owned(),
            "A person of CODEOWNERS approves".to_owned(),
        ),
        false => subject.pick(
            format!("CODEOWNERS の人が承認する({approval})"),
            format!("A person of CODEOWNERS approves ({approval})"),
        ),
    });
    live.push(
        subject
            .pick(
                "マージで apply。失敗したら PR に理由が残り、SRE が見る",
                "The merge applies it; a failure shows on the pull request and SRE look at it",
            )
            .to_owned(),
    );
    live.push(
        subject
            .pick(
                "付けた権限が要らなくなったら、行を消す PR を出す",
                "When it is no longer needed, a pull request deletes the row",
            )
            .to_owned(),
    );
    live
}

/// Notes of the resources: defaults and neighbours that hurt.
fn traps(subject: &Subject<'_, '_>) -> Vec<String> {
    let lang = subject.scene.lang();
    let resources = subject.plays.iter().flat_map(|play| &play.resources);
    resources
        .filter_map(|resource| {
            Some(format!(
                "`{}`: {}",
                resource.name,
                resource.note.as_ref()?.get(lang)
            ))
        })
        .collect()
}

fn lines(subject: &Subject<'_, '_>, lines: &[Line]) -> Vec<String> {
    let show = |line: &Line| {
        let text = if line.is_command {
            code(&line.shown)
        } else {
            safe::markdown(&line.shown)
        };
        subject.pick(
            format!("{text} ({} 件)", line.tickets),
            format!("{text} (tickets: {})", line.tickets),
        )
    };
    lines.iter().take(MOST_LINES).map(show).collect()
}
