//! What the files of a draft are and in which order they are used; who owns which of them.

use crate::automation::draft::File;
use crate::compose::words::counted;
use crate::taxonomy::Authority;
use crate::text::plain;

use super::Subject;
use super::words::Page;

pub(super) fn file(subject: &Subject<'_, '_>) -> File {
    let mut page = Page::default();
    page.line(format!("# {}", subject.title()));
    page.paragraph(subject.pick(
        "toilscope がチケットから作った下書き。そのまま適用するものではない。",
        "A draft that toilscope made from tickets. It is a beginning, not something to apply as it is.",
    ));
    let head = [
        subject.pick("ファイル", "file"),
        subject.pick("内容", "what it is"),
    ];
    page.table(&head, &contents(subject));
    page.heading(subject.pick("順序", "In which order"));
    page.list("1.", &order(subject));
    for (play, configuration) in &subject.configurations {
        page.heading(&format!("terraform/{}", play.id));
        let (rows, complete) = (configuration.rows, configuration.complete);
        let hidden = match configuration.hidden {
            0 => String::new(),
            hidden => subject.pick(
                format!("、人を伏せただけのもの {hidden} 件(--raw で揃う)"),
                format!(", but for hidden people: {hidden} (complete with --raw)"),
            ),
        };
        let mut facts = vec![subject.pick(
            format!(
                "データの行 {rows} 件、うち値が揃うもの {complete} 件{hidden}。残りは REPLACE_ME を値に置き換える"
            ),
            format!(
                "{} of data, complete: {complete}{hidden}; in the others replace REPLACE_ME",
                counted(rows, "row")
            ),
        )];
        let others = configuration.others.len();
        if others > 0 {
            facts.push(subject.pick(
                format!("この雛形が書くもの以外の依頼 {others} 件。行にはせず、ID をデータの先頭に挙げた"),
                format!(
                    "for something else than the skeleton sets: {}; no row, the ids stand at the top of the data",
                    counted(others, "ticket")
                ),
            ));
        }
        let others = configuration.removals.len() + configuration.silent.len();
        if others > 0 {
            facts.push(subject.pick(
                format!("行にしなかったチケット {others} 件(外す依頼、外して足す依頼、または値なし)。ID はデータの先頭にあり、人が見る"),
                format!("tickets that made no row, since they ask to remove, to remove and add, or give no value: {others}; their ids stand at the top of the data, for a person to look at"),
            ));
        }
        if !configuration.inputs.is_empty() {
            let inputs = configuration.inputs.join(", ");
            facts.push(subject.pick(
                format!("全体で 1 つの値: {inputs}"),
                format!("To be given once: {inputs}"),
            ));
        }
        let alternatives = play.resources.iter().filter(|resource| !resource.draft);
        facts.extend(alternatives.map(|resource| {
            let takes_away = subject.pick("一覧にないものを取り去る", "takes away what it does not list");
            let alternative = subject.pick("別のやり方", "another way");
            let usual = if resource.authority == Authority::Authoritative {
                takes_away
            } else {
                alternative
            };
            let note = resource
                .note
                .as_ref()
                .map_or(usual, |note| note.get(subject.scene.lang()));
            subject.pick(
                format!("雛形に入れていない `{}`: {note}", resource.name),
                format!("`{}` is not in the skeleton: {note}", resource.name),
            )
        }));
        page.list("-", &facts);
    }
    page.into_file("README.md")
}

fn contents(subject: &Subject<'_, '_>) -> Vec<Vec<String>> {
    let mut contents = vec![
        (
            "proposal.md",
            subject.pick(
                "1 枚の提案。数字と出どころ",
                "the proposal on one page, numbers with their origin",
            ),
        ),
        (
            "request-form.md",
            subject.pick(
                "依頼フォームの項目、Slack ワークフロー、Notion のプロパティ",
                "fields of the request form, Slack workflow, Notion properties",
            ),
        ),
        (
            "checklist.md",
            subject.pick("作る順のチェックリスト", "what to build, in order"),
        ),
        (
            "runbook.md",
            subject.pick(
                "稼働後の手順、危険、戻し方",
                "how requests are handled, risks, the way back",
            ),
        ),
    ];
    if super::checklist::questions(subject).is_some() {
        contents.push((
            "faq-outline.md",
            subject.pick("質問の一覧", "the questions that were asked"),
        ));
    }
    if !subject.configurations.is_empty() {
        contents.push((
            "terraform/",
            subject.pick(
                "Terraform の雛形とチケットから読んだ行",
                "the Terraform skeleton with rows from the tickets",
            ),
        ));
        contents.push((
            "CODEOWNERS",
            subject.pick("誰が何を承認するか", "who approves what"),
        ));
    }
    contents
        .into_iter()
        .map(|(name, what)| vec![format!("`{name}`"), what.to_owned()])
        .collect()
}

fn order(subject: &Subject<'_, '_>) -> Vec<String> {
    let mut order = vec![
        subject
            .pick(
                "proposal.md を直して合意を取る",
                "Correct proposal.md and get agreement",
            )
            .to_owned(),
        subject
            .pick(
                "request-form.md をフォームに反映する(これだけでも効く)",
                "Put request-form.md into the form (worth it by itself)",
            )
            .to_owned(),
    ];
    if !subject.configurations.is_empty() {
        order.extend([
            subject.pick("terraform/ をリポジトリに移し、`terraform init` と `terraform validate` を通す", "Move terraform/ into your repository; run `terraform init` and `terraform validate`").to_owned(),
            subject.pick("REPLACE_ME を埋め、`imports.tf` で今あるものを取り込み、`terraform plan` に未対応の行だけが残るまで直す", "Fill in REPLACE_ME, import what exists with `imports.tf`, correct until `terraform plan` adds only what is still open").to_owned(),
            subject.pick("CODEOWNERS のチーム名を直し、`.github/CODEOWNERS` に足す", "Correct the teams in CODEOWNERS and add it to `.github/CODEOWNERS`").to_owned(),
        ]);
    }
    order.push(
        subject
            .pick(
                "checklist.md のとおりに進め、runbook.md を実際の作業に合わせる",
                "Work through checklist.md; make runbook.md match what you really do",
            )
            .to_owned(),
    );
    order
}

/// CODEOWNERS for the Terraform folders; `None` without one. The last line that fits decides, so data comes last.
pub(super) fn owners(subject: &Subject<'_, '_>) -> Option<File> {
    if subject.configurations.is_empty() {
        return None;
    }
    let mut lines = vec![
        subject.pick("# .github/CODEOWNERS に足す。パスは置いた場所に、@REPLACE_ME/REPLACE_ME は自分の組織とチームに直す。", "# Add to .github/CODEOWNERS. Correct the paths, and each @REPLACE_ME/REPLACE_ME to your organisation and a team of it.").to_owned(),
        subject.pick("# 後の行が勝つ。コードは基盤の持ち主、データの行は依頼する側の持ち主が承認する。", "# The last line that fits wins: the code belongs to those of the base, the rows to the owners.").to_owned(),
    ];
    lines.extend(owner_lines(subject));
    Some(File {
        path: "CODEOWNERS".to_owned(),
        text: lines.join("\n") + "\n",
    })
}

/// The owners of each Terraform folder of a draft and of the rows in it, each behind a blank line.
pub(super) fn owner_lines(subject: &Subject<'_, '_>) -> Vec<String> {
    let lang = subject.scene.lang();
    let mut lines = Vec::new();
    for (play, _) in &subject.configurations {
        let owner = plain(play.owner.get(lang));
        lines.push(String::new());
        lines.push(subject.pick(
            format!("# {} の持ち主: {owner}", play.id),
            format!("# {}, owner: {owner}", play.id),
        ));
        let approval = plain(&subject.approvers());
        if !approval.is_empty() {
            lines.push(subject.pick(format!("# 承認: {approval}"), format!("# Approval: {approval}")));
        }
        lines.push(subject.pick(
            format!(
                "/terraform/{}/ @REPLACE_ME/REPLACE_ME # 基盤の持ち主のチーム",
                play.id
            ),
            format!(
                "/terraform/{}/ @REPLACE_ME/REPLACE_ME # the team that looks after the base",
                play.id
            ),
        ));
        lines.push(subject.pick(
            format!(
                "/terraform/{}/entries.auto.tfvars @REPLACE_ME/REPLACE_ME # 行を承認するチーム",
                play.id
            ),
            format!(
                "/terraform/{}/entries.auto.tfvars @REPLACE_ME/REPLACE_ME # the team that approves rows",
                play.id
            ),
        ));
    }
    lines
}
