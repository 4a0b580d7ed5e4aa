//! The checklist of the build, for plays of every kind, and the outline of answer pages for those that answer questions.

use crate::automation::draft::File;
use crate::report::safe;

use super::Subject;
use super::words::Page;

/// Kinds of play whose work begins with the tools that the tickets name.
const PER_TOOL: [&str; 2] = ["idp_provisioning", "workflow"];
/// Kinds of play that answer questions.
const ANSWERING: [&str; 1] = ["docs"];
/// Most questions in an outline.
const MOST_QUESTIONS: usize = 30;

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let lang = subject.scene.lang();
    let mut page = Page::default();
    page.line(format!(
        "# {}: {}",
        subject.pick("進め方", "Checklist"),
        subject.title()
    ));
    let bases = super::distinct(subject.plays.iter().filter_map(|play| play.foundation.as_deref()));
    let foundations: Vec<_> = bases
        .into_iter()
        .filter_map(|id| subject.ground.taxonomy.foundation(id))
        .collect();
    if !foundations.is_empty() {
        page.heading(subject.pick("共通基盤(一度だけ)", "Shared base, once"));
        let items = foundations.iter().map(|base| {
            let (title, owner) = (base.title.get(lang), &base.owner);
            subject.pick(
                format!("{title}(担当: {owner})"),
                format!("{title} (owner: {owner})"),
            )
        });
        page.list("- [ ]", &items.collect::<Vec<_>>());
    }
    for play in &subject.plays {
        if subject.plays.len() > 1 {
            page.heading(play.title.get(lang));
        }
        let words = |list: &[crate::taxonomy::Words]| {
            list.iter()
                .map(|words| words.get(lang).to_owned())
                .collect::<Vec<_>>()
        };
        if !play.prerequisites.is_empty() {
            page.heading(subject.pick("始める前に", "Before you begin"));
            page.list("- [ ]", &words(&play.prerequisites));
        }
        page.heading(subject.pick("作る順", "Build, in this order"));
        page.list("- [ ]", &words(&play.steps));
        if !play.actions.is_empty() {
            page.paragraph(subject.pick("ポータルの雛形の手順:", "Steps of the portal template:"));
            page.list(
                "1.",
                &play
                    .actions
                    .iter()
                    .map(|action| format!("`{action}`"))
                    .collect::<Vec<_>>(),
            );
        }
        if let Some(note) = &play.note {
            page.paragraph(note.get(lang));
        }
        if PER_TOOL.contains(&play.kind.as_str()) {
            tools(subject, &mut page);
        }
    }
    page.heading(subject.pick("3 か月後に確かめる", "After three months"));
    page.list("- [ ]", &review(subject));
    page.into_file("checklist.md")
}

fn review(subject: &Subject<'_, '_>) -> Vec<String> {
    let ids: Vec<&str> = subject.subs.iter().map(|sub| sub.id.as_str()).collect();
    let ids = ids.join(", ");
    vec![
        subject.pick(
            format!("件数が減ったか: `toilscope trend` の {ids}"),
            format!("Did the tickets go down? `toilscope trend`, rows {ids}"),
        ),
        subject.pick(
            "別の種類(相談・DM)に移っていないか".to_owned(),
            "Or did they only move to questions and direct messages?".to_owned(),
        ),
        subject.pick(
            "proposal.md の数字と実績を比べ、見積りを直す".to_owned(),
            "Compare the figures of proposal.md with what came; correct the estimates".to_owned(),
        ),
    ]
}

/// How often the requests name each tool, for plays that must go tool by tool.
fn tools(subject: &Subject<'_, '_>, page: &mut Page) {
    let texts: Vec<String> = subject
        .ground
        .requests
        .iter()
        .map(|request| {
            let parts = [&request.ticket.title, &request.ticket.body]
                .into_iter()
                .flatten();
            let text: Vec<&str> = parts.map(String::as_str).collect();
            crate::text::fold(&text.join("\n"))
        })
        .collect();
    let mut named: Vec<(usize, &str)> = subject
        .ground
        .taxonomy
        .systems
        .iter()
        .map(|system| {
            let names = |text: &&String| system.alias.iter().any(|alias| alias.is_match(text));
            (texts.iter().filter(names).count(), system.label.as_str())
        })
        .filter(|(count, _)| *count > 0)
        .collect();
    named.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    if named.is_empty() {
        return;
    }
    page.heading(subject.pick("チケットが名指しするツール", "Tools that the tickets name"));
    let head = [
        subject.pick("ツール", "tool"),
        subject.pick("件数", "tickets"),
        subject.pick("プランは SCIM を含むか", "plan includes SCIM?"),
        subject.pick("手順と担当", "how, and who"),
    ];
    let rows: Vec<Vec<String>> = named
        .into_iter()
        .map(|(count, label)| {
            vec![
                safe::markdown(label),
                count.to_string(),
                String::new(),
                String::new(),
            ]
        })
        .collect();
    page.table(&head, &rows);
}

/// The outline of answer pages: what was asked, as titles, for plays that answer questions.
pub(super) fn questions(subject: &Subject<'_, '_>) -> Option<File> {
    if !subject
        .plays
        .iter()
        .any(|play| ANSWERING.contains(&play.kind.as_str()))
    {
        return None;
    }
    let mut page = Page::default();
    page.line(subject.pick("# よくある質問の下書き", "# Outline of answer pages"));
    page.paragraph(subject.pick(
        "質問はチケットの題名。似たものを 1 つのページにまとめ、答えと見直し日を書く。",
        "Questions are titles of tickets. Join those alike into one page; write the answer and a review date.",
    ));
    for sub in &subject.subs {
        let asked: Vec<String> = subject
            .ground
            .requests
            .iter()
            .filter(|request| request.sub.id == sub.id)
            .filter_map(|request| {
                let title = subject.ground.show(request.ticket.title.as_deref()?);
                let id = safe::markdown(request.ticket.id.as_str());
                (!title.is_empty()).then(|| format!("{} ({id})", safe::markdown(&title)))
            })
            .collect();
        if asked.is_empty() {
            continue;
        }
        page.heading(sub.name.get(subject.scene.lang()));
        let more = asked.len().saturating_sub(MOST_QUESTIONS);
        page.list("- [ ]", &asked[..asked.len() - more]);
        if more > 0 {
            page.paragraph(subject.pick(format!("ほか {more} 件"), format!("and {more} more")));
        }
    }
    Some(page.into_file("faq-outline.md"))
}
