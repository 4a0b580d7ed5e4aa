//! The runbook: how a request is carried out once the play is live, what was done by hand so far, risks, the way back.

use std::collections::BTreeMap;

use crate::automation::draft::{File, Ground, Request};
use crate::report::safe;
use crate::text::{Block, Boilerplate, CodeKind, Document, Parts, Recognizer};

use super::words::{Page, code};
use super::{Subject, proposal};

/// Most lines of comments that are shown.
const MOST_LINES: usize = 12;
/// Lines of comments that say something, in characters.
const LINE_LENGTH: std::ops::RangeInclusive<usize> = 6..=160;

/// A line that people wrote under tickets, with how many tickets have one like it.
struct Line {
    shown: String,
    is_command: bool,
    tickets: usize,
    first: usize,
}

/// What comments say, by kind.
#[derive(Default)]
struct Heard {
    done: Vec<Line>,
    asked_back: Vec<Line>,
}

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
    page.heading(subject.pick("稼働後の流れ", "Once it is live"));
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
    let approvals = super::distinct(subject.subs.iter().map(|sub| sub.approval.as_str()));
    let approval = approvals.join(subject.pick("、", ", "));
    if subject.configurations.is_empty() {
        let steps = subject.plays.iter().flat_map(|play| &play.steps);
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

/// Gathers the lines under the requests, alike ones together, commonest first.
fn hear(ground: &Ground<'_>) -> Heard {
    let recognizer = Recognizer::new(ground.people);
    let mut done: BTreeMap<String, Line> = BTreeMap::new();
    let mut asked: BTreeMap<String, Line> = BTreeMap::new();
    for (at, request) in ground.requests.iter().enumerate() {
        let mut of_ticket: BTreeMap<String, (String, bool, bool)> = BTreeMap::new();
        for (text, is_command) in said(request) {
            let is_question = !is_command && asks(&text);
            of_ticket
                .entry(recognizer.skeleton(&text))
                .or_insert((text, is_command, is_question));
        }
        for (skeleton, (text, is_command, is_question)) in of_ticket {
            let into = if is_question { &mut asked } else { &mut done };
            let line = into.entry(skeleton).or_insert_with(|| Line {
                shown: ground.show(&text),
                is_command,
                tickets: 0,
                first: at,
            });
            line.tickets += 1;
        }
    }
    Heard {
        done: commonest(done),
        asked_back: commonest(asked),
    }
}

fn commonest(lines: BTreeMap<String, Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines
        .into_values()
        .filter(|line| !line.shown.is_empty())
        .collect();
    lines.sort_by(|a, b| {
        b.tickets
            .cmp(&a.tickets)
            .then(a.first.cmp(&b.first))
            .then_with(|| a.shown.cmp(&b.shown))
    });
    lines
}

/// The lines that others than the requester wrote under a ticket: prose and commands, no courtesies.
fn said(request: &Request<'_>) -> Vec<(String, bool)> {
    let ticket = request.ticket;
    let by_requester = |author: &Option<String>| {
        author
            .as_ref()
            .is_some_and(|author| ticket.requesters.contains(author))
    };
    let comments = ticket
        .comments
        .iter()
        .filter(|comment| !by_requester(&comment.author));
    let parts = Parts {
        comments: comments.map(|comment| comment.text.as_str()).collect(),
        ..Parts::default()
    };
    let document = Document::read(&parts, &Boilerplate::none());
    let mut said = Vec::new();
    for passage in &document.passages {
        let is_command = passage.block == Block::Code(CodeKind::Shell);
        if is_command || passage.block == Block::Prose {
            let ends: &[char] = if is_command { &['\n'] } else { &['\n', '。'] };
            let lines = passage.text.text().split(ends).map(str::trim);
            let telling = lines.filter(|line| LINE_LENGTH.contains(&line.chars().count()));
            said.extend(telling.map(|line| (line.to_owned(), is_command)));
        }
    }
    said
}

fn asks(line: &str) -> bool {
    line.ends_with(['?', 'か'])
        || line.contains("教えて")
        || line.starts_with("which ")
        || line.starts_with("could you")
}
