//! The draft of a bundle: the base that is built once, and below it the draft of each candidate that goes on it.
//!
//! A folder for each candidate holds exactly what its own draft holds, so that nothing has to be known twice. What
//! stands above them speaks of the whole: its figures, its order, what it contains.

use crate::automation::draft::File;
use crate::automation::{Bundle, Candidate};
use crate::compose::bundles::title;
use crate::compose::proposal::{reasons, verdict};
use crate::compose::scene::Scene;
use crate::compose::words::{gate_name, horizon, members, play_title, window};

use super::figures::ledgers;
use super::words::{Page, cell, heads, number, percent, range};
use super::{Draft, base, proposal};

/// Drafts a bundle that is recommended; `None` if none has that id.
pub(super) fn draft(scene: &Scene<'_>, id: &str) -> Option<Draft> {
    let ranking = &scene.analysis.ranking;
    let bundle = ranking.bundles.iter().find(|bundle| bundle.id == id)?;
    let mut draft = Draft {
        files: vec![
            readme(scene, bundle),
            figures(scene, bundle),
            checklist(scene, bundle),
        ],
        notes: Vec::new(),
    };
    draft.files.extend(base::files(scene, bundle));
    for candidate in members(scene, bundle) {
        let own = scene.draft(&candidate.id)?;
        let below = |file: File| File {
            path: format!("{}/{}", candidate.id, file.path),
            ..file
        };
        draft.files.extend(own.files.into_iter().map(below));
        for note in own.notes {
            if !draft.notes.contains(&note) {
                draft.notes.push(note);
            }
        }
    }
    draft.files.sort_by(|a, b| a.path.cmp(&b.path));
    Some(draft)
}

fn readme(scene: &Scene<'_>, bundle: &Bundle) -> File {
    let mut page = Page::default();
    page.line(format!("# {}", title(scene, bundle)));
    page.paragraph(scene.pick(
        "toilscope がチケットから作った、共通基盤とそれに載せる施策の下書き。そのまま適用するものではない。",
        "A draft that toilscope made from tickets: a shared base and what goes on it. A beginning, not something to apply as it is.",
    ));
    let head = heads(scene, [("ファイル", "file"), ("内容", "what it is")]);
    let mut rows = vec![
        vec![
            "`proposal.md`".to_owned(),
            scene
                .pick(
                    "全体の提案。数字と出どころ",
                    "the proposal for the whole, with figures and origins",
                )
                .to_owned(),
        ],
        vec![
            "`checklist.md`".to_owned(),
            scene
                .pick(
                    "基盤から施策への作る順",
                    "the order: the base, then what goes on it",
                )
                .to_owned(),
        ],
    ];
    if !base::plays(scene, bundle).is_empty() {
        rows.push(vec![
            "`base/`".to_owned(),
            scene
                .pick(
                    "共通基盤: CI、state、CODEOWNERS、取り込み方",
                    "the base: CI, state, CODEOWNERS, how to take over what exists",
                )
                .to_owned(),
        ]);
    }
    rows.extend(members(scene, bundle).map(|candidate| {
        let name = cell(&play_title(scene, &candidate.play));
        vec![format!("`{}/`", candidate.id), name]
    }));
    page.table(&head, &rows);
    page.paragraph(scene.pick(
        "各フォルダーの README.md が、その中のファイルと順序を説明する。",
        "The README.md of each folder explains its files and their order.",
    ));
    page.into_file("README.md")
}

fn figures(scene: &Scene<'_>, bundle: &Bundle) -> File {
    let mut page = Page::default();
    page.line(format!(
        "# {}: {}",
        scene.pick("提案", "Proposal"),
        title(scene, bundle)
    ));
    page.paragraph(verdict(scene, bundle));
    page.heading(scene.pick("根拠", "Why"));
    page.list("-", &reasons(scene, bundle));
    ledgers(scene, &mut page, &rows(scene, bundle), bundle.risks);
    page.heading(scene.pick("載せる施策", "What goes on it"));
    let head = heads(
        scene,
        [
            ("フォルダー", "folder"),
            ("施策", "automation"),
            ("件数", "tickets"),
            ("構築 h", "hours to build"),
            ("判定", "gate"),
        ],
    );
    let mut each: Vec<Vec<String>> = base(scene, bundle).into_iter().collect();
    each.extend(members(scene, bundle).map(|one| member(scene, one)));
    page.table(&head, &each);
    page.paragraph(scene.pick(
        "構築 h の行を足しても上の値にはならない。どれも偏った幅の中央値で、中央値は足し算にならない。上の値は共通基盤を含む全体を一緒に試算したもの。",
        "The hours to build in these rows do not add up to the figure above: each is the median of a skewed range, and medians do not add. The figure above is simulated for the whole, the base included.",
    ));
    page.paragraph(proposal::run(scene));
    page.into_file("proposal.md")
}

/// The base as a row of what a bundle is made of; `None` for a single automation without one.
fn base(scene: &Scene<'_>, bundle: &Bundle) -> Option<Vec<String>> {
    let foundation = scene.taxonomy.foundation(bundle.foundation.as_deref()?)?;
    let hours = members(scene, bundle).find_map(|one| one.foundation_hours)?;
    let none = || "–".to_owned();
    Some(vec![
        none(),
        cell(&scene.pick(
            format!("共通基盤(一度だけ): {}", foundation.title.get(scene.lang())),
            format!("the base, once: {}", foundation.title.get(scene.lang())),
        )),
        none(),
        range(hours),
        none(),
    ])
}

fn member(scene: &Scene<'_>, candidate: &Candidate) -> Vec<String> {
    vec![
        format!("`{}/`", candidate.id),
        cell(&play_title(scene, &candidate.play)),
        candidate.tickets.to_string(),
        range(candidate.build_hours),
        gate_name(scene, candidate.gate).to_owned(),
    ]
}

fn rows(scene: &Scene<'_>, bundle: &Bundle) -> Vec<Vec<String>> {
    let window = window(scene);
    let tickets = scene.pick(format!("{window}のチケット"), format!("tickets of {window}"));
    let tickets = tickets.as_str();
    let prior = scene.pick("分類表の見積り", "estimate of the taxonomy");
    let simulated = scene.pick("試算", "simulated");
    let unknown = || scene.pick("記録なし", "not recorded").to_owned();
    let span = horizon(scene);
    let figures = [
        (
            scene.pick("対象の件数".to_owned(), "tickets served".to_owned()),
            bundle.tickets.to_string(),
            tickets,
        ),
        (
            scene.pick(
                "構築 h(共通基盤を含む)".to_owned(),
                "hours to build, the base included".to_owned(),
            ),
            range(bundle.build_hours),
            prior,
        ),
        (
            scene.pick("削減 h / 四半期".to_owned(), "hours saved a quarter".to_owned()),
            range(bundle.sre_hours_saved_per_quarter),
            simulated,
        ),
        (
            scene.pick(
                "割込み h / 四半期(削減に入れない)".to_owned(),
                "hours of interruption a quarter, in no saving".to_owned(),
            ),
            range(bundle.interruption_hours_saved_per_quarter),
            simulated,
        ),
        (
            scene.pick(format!("{span}の収支 h"), format!("net hours in {span}")),
            range(bundle.net_hours),
            simulated,
        ),
        (
            scene.pick(format!("{span}以内に回収"), format!("pays back within {span}")),
            percent(bundle.prob_payback),
            simulated,
        ),
        (
            scene.pick(
                "減る待ち 営業時間/四半期".to_owned(),
                "waiting spared, business hours a quarter".to_owned(),
            ),
            bundle.requester_wait_hours_saved.map_or_else(unknown, range),
            simulated,
        ),
        (
            scene.pick(
                "うち依頼者の手が止まる時間 h/四半期".to_owned(),
                "of it, hours a quarter in which requesters are stopped".to_owned(),
            ),
            bundle.requester_blocked_hours.map_or_else(unknown, range),
            simulated,
        ),
    ];
    let cells = |(name, value, origin): (String, String, &str)| vec![name, value, origin.to_owned()];
    figures.into_iter().map(cells).collect()
}

fn checklist(scene: &Scene<'_>, bundle: &Bundle) -> File {
    let mut page = Page::default();
    page.line(format!(
        "# {}: {}",
        scene.pick("進め方", "Checklist"),
        title(scene, bundle)
    ));
    let foundation = bundle
        .foundation
        .as_deref()
        .and_then(|id| scene.taxonomy.foundation(id));
    if let Some(base) = foundation {
        page.heading(scene.pick("共通基盤(一度だけ)", "Shared base, once"));
        let (name, owner) = (base.title.get(scene.lang()), &base.owner);
        let (low, high) = (number(base.build_days.low), number(base.build_days.high));
        let item = scene.pick(
            format!("{name}(担当: {owner}、{low} から {high} 人日)"),
            format!("{name} (owner: {owner}; {low} to {high} days of one person)"),
        );
        page.paragraph(item);
        if !base::plays(scene, bundle).is_empty() {
            page.list("- [ ]", &base::steps(scene));
        }
    }
    page.heading(scene.pick("載せる順", "What goes on it, in this order"));
    let items: Vec<String> = members(scene, bundle)
        .map(|one| format!("{}: `{}/checklist.md`", play_title(scene, &one.play), one.id))
        .collect();
    page.list("- [ ]", &items);
    page.heading(scene.pick("3 か月後に確かめる", "After three months"));
    let kinds = bundle.subpatterns.join(", ");
    let review = [
        scene.pick(
            format!("件数が減ったか: `toilscope trend` の {kinds}"),
            format!("Did the tickets go down? `toilscope trend`, rows {kinds}"),
        ),
        scene.pick(
            "proposal.md の数字と実績を比べ、見積りを直す".to_owned(),
            "Compare the figures of proposal.md with what came; correct the estimates".to_owned(),
        ),
    ];
    page.list("- [ ]", &review);
    page.into_file("checklist.md")
}
