//! The base of a bundle as files: where the state is kept, what the CI does, who owns what, how to take over what exists.
//!
//! What stands here is the same for every desk but for the folders and their providers; what only the team knows is a
//! REPLACE_ME. The files lie below `base/` as they belong into the repository.

use std::collections::BTreeSet;

use crate::automation::draft::{File, import_blocks};
use crate::automation::{Bundle, Candidate};
use crate::compose::scene::Scene;
use crate::compose::words::{members, play_title};
use crate::taxonomy::{Play, Provider};

use super::readme::owner_lines;
use super::words::Page;

/// The providers whose own store can keep the state, the first that a play uses, with the name of the backend.
const BACKENDS: [(&str, &str, &str); 2] = [("google", "gcs", "prefix"), ("aws", "s3", "key")];

/// The files of the base; none for plays without Terraform.
pub(super) fn files(scene: &Scene<'_>, bundle: &Bundle) -> Vec<File> {
    let plays = plays(scene, bundle);
    if plays.is_empty() {
        return Vec::new();
    }
    let mut files = vec![
        readme(scene, &plays),
        workflow(scene, &plays),
        owners(scene, bundle),
        imports(scene, &plays),
    ];
    for play in &plays {
        files.push(backend(scene, &plays, play));
        files.push(providers(scene, play));
    }
    files
}

/// The plays of a bundle that are drafted as Terraform, in the order of the bundle.
pub(super) fn plays<'a>(scene: &'a Scene<'_>, bundle: &'a Bundle) -> Vec<&'a Play> {
    let play = |candidate: &Candidate| scene.taxonomy.play(&candidate.play);
    members(scene, bundle)
        .filter_map(play)
        .filter(|play| play.drafted().next().is_some())
        .collect()
}

/// What is done to set the base up, in order.
pub(super) fn steps(scene: &Scene<'_>) -> Vec<String> {
    [
        (
            "リポジトリを 1 つ決め、base/ の中身を根に、各施策の terraform/ を terraform/ に置く",
            "Choose one repository; copy what is in base/ to its root and each automation's terraform/ below terraform/",
        ),
        (
            "state のバケットを作る(バージョニング有効、読み書きは CI と基盤の担当だけ)。名前を backend.tf に書く",
            "Make the bucket for the state (versioned, for the CI and those of the base alone); write its name into each backend.tf",
        ),
        (
            "CI の身元を 2 つ作る: plan 用は読み取りだけ、apply 用は main からだけ使える。鍵ファイルは作らない",
            "Make two identities for the CI: one for plans that only reads, one for applies that only main may use; no key files",
        ),
        (
            ".github/workflows/terraform.yml の REPLACE_ME を埋め、environment `terraform-apply` を main に限る",
            "Fill in REPLACE_ME in .github/workflows/terraform.yml; restrict the environment `terraform-apply` to main",
        ),
        (
            "各フォルダーで `terraform init` と `terraform providers lock -platform=linux_amd64` を実行し、.terraform.lock.hcl をコミットする(CI は書き換えない)",
            "In each folder run `terraform init` and `terraform providers lock -platform=linux_amd64`; commit .terraform.lock.hcl (the CI never changes it)",
        ),
        (
            "CODEOWNERS のチームを書き、main に「CODEOWNERS の承認必須」「チェック `plans` の成功必須」をかける",
            "Write the teams into CODEOWNERS; on main require the approval of code owners and the check `plans`",
        ),
        (
            "IMPORT.md のとおりに今あるものを取り込み、plan に追加も削除も出なくなるまで直す",
            "Take over what exists as IMPORT.md says, until the plan adds and destroys nothing",
        ),
        (
            "行を 1 つ足す PR を最後まで通す。続けてその行を消す PR も通し、戻せることを確かめる",
            "Carry one pull request that adds a row to its end, then one that deletes it: this is the way back",
        ),
        (
            "週 1 回のドリフト検知が通知する先と、見る人を決める",
            "Say who hears of the weekly drift check and who looks at it",
        ),
    ]
    .into_iter()
    .map(|(ja, en)| scene.pick(ja, en).to_owned())
    .collect()
}

fn readme(scene: &Scene<'_>, plays: &[&Play]) -> File {
    let mut page = Page::default();
    page.line(scene.pick("# 共通基盤", "# The base"));
    page.paragraph(scene.pick(
        "チームが PR で一覧を直し、CI が plan を見せ、持ち主が承認し、マージで apply される。その土台になるファイル。",
        "Teams change lists by pull request, the CI shows the plan, owners approve, a merge applies. These files carry that.",
    ));
    let head = [scene.pick("ファイル", "file"), scene.pick("内容", "what it is")];
    let mut rows = vec![
        (
            "`.github/workflows/terraform.yml`".to_owned(),
            scene.pick(
                "PR で fmt・validate・plan、main で apply、週 1 回のドリフト検知",
                "fmt, validate and plan on pull requests, apply on main, a drift check once a week",
            ),
        ),
        (
            "`.github/CODEOWNERS`".to_owned(),
            scene.pick("基盤と各一覧の持ち主", "the owners of the base and of each list"),
        ),
        (
            "`IMPORT.md`".to_owned(),
            scene.pick("今あるものの取り込み方", "how to take over what exists"),
        ),
    ];
    for play in plays {
        rows.push((
            format!("`terraform/{}/`", play.id),
            scene.pick(
                "state の置き場所とプロバイダー",
                "where the state is kept, and the providers",
            ),
        ));
    }
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, what)| vec![name, what.to_owned()])
        .collect();
    page.table(&head, &rows);
    page.heading(scene.pick("順序", "In which order"));
    page.list("1.", &steps(scene));
    page.paragraph(scene.pick(
        "フォルダーごとに state が 1 つ。1 つの施策の誤りがほかに及ばず、plan も速い。",
        "Each folder has a state of its own: a mistake in one reaches no other, and plans stay quick.",
    ));
    page.into_file("base/README.md")
}

/// Where the state of a folder is kept.
fn backend(scene: &Scene<'_>, plays: &[&Play], play: &Play) -> File {
    let used: BTreeSet<&str> = plays.iter().flat_map(|play| uses(play)).collect();
    let own = BACKENDS.iter().find(|(provider, ..)| used.contains(provider));
    let (provider, kind, place) = own.unwrap_or(&BACKENDS[0]);
    let id = &play.id;
    let path = match *provider {
        "aws" => format!("terraform/{id}/terraform.tfstate"),
        _ => format!("terraform/{id}"),
    };
    let mut arguments = vec![("bucket", "REPLACE_ME".to_owned()), (*place, path)];
    if *provider == "aws" {
        arguments.push(("region", "REPLACE_ME".to_owned()));
    }
    let width = arguments.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines: Vec<String> = arguments
        .iter()
        .map(|(name, value)| format!("    {name:width$} = \"{value}\""))
        .collect();
    let note = scene.pick(
        "# state の置き場所。バージョニングを有効にし、CI と基盤の担当だけが読み書きする",
        "# Where the state is kept: versioned, for the CI and those of the base alone",
    );
    File {
        path: format!("base/terraform/{id}/backend.tf"),
        text: format!(
            "{note}\nterraform {{\n  backend \"{kind}\" {{\n{}\n  }}\n}}\n",
            lines.join("\n")
        ),
    }
}

fn uses(play: &Play) -> BTreeSet<&str> {
    play.drafted().map(crate::taxonomy::Resource::provider).collect()
}

fn providers(scene: &Scene<'_>, play: &Play) -> File {
    let block = |id: &str| {
        let note = scene
            .taxonomy
            .provider(id)
            .and_then(|known: &Provider| known.note.as_ref());
        let note = note.map_or_else(String::new, |note| {
            let lines = note.get(scene.lang()).lines();
            lines.map(|line| format!("# {line}\n")).collect()
        });
        format!("{note}provider \"{id}\" {{}}\n")
    };
    let lead = scene.pick(
        "# 認証の値は CI の環境変数で渡す。ここには書かない\n\n",
        "# The CI gives credentials by its environment; none is written here\n\n",
    );
    let blocks: Vec<String> = uses(play).into_iter().map(block).collect();
    File {
        path: format!("base/terraform/{}/providers.tf", play.id),
        text: format!("{lead}{}", blocks.join("\n")),
    }
}

fn owners(scene: &Scene<'_>, bundle: &Bundle) -> File {
    let mut lines = vec![
        scene.pick("# @REPLACE_ME/REPLACE_ME を自分の組織とチームに直す。後の行が勝つ。", "# Correct each @REPLACE_ME/REPLACE_ME to your organisation and a team of it. The last line that fits wins.").to_owned(),
        String::new(),
        scene.pick("# 基盤: CI と権限を変えられるのは基盤のチームだけ", "# The base: nobody else changes the CI and who owns what").to_owned(),
        "/.github/ @REPLACE_ME/REPLACE_ME".to_owned(),
        "/terraform/ @REPLACE_ME/REPLACE_ME".to_owned(),
    ];
    for candidate in members(scene, bundle) {
        if let Some(subject) = scene.subject(&candidate.id) {
            lines.extend(owner_lines(&subject));
        }
    }
    File {
        path: "base/.github/CODEOWNERS".to_owned(),
        text: lines.join("\n") + "\n",
    }
}

fn imports(scene: &Scene<'_>, plays: &[&Play]) -> File {
    let mut page = Page::default();
    page.line(scene.pick("# 今あるものを取り込む", "# Take over what exists"));
    page.paragraph(scene.pick(
        "取り込まずに apply すると、すでにある付与を作ろうとして失敗するか、二重に持つことになる。import ブロック (Terraform 1.5 から) は PR で見られ、apply までは何も起こらない。",
        "An apply without it fails on what is there already, or holds it twice. Import blocks (from Terraform 1.5 on) are seen in the pull request, and nothing happens until they are applied.",
    ));
    let steps = [
        scene.pick("今あるものをプロバイダーの一覧から書き出し、entries.auto.tfvars に 1 行ずつ足す", "List what exists with the provider's own tools; add a row for each to entries.auto.tfvars"),
        scene.pick("同じフォルダーの imports.tf に、行ごとに下の形の import ブロックを書く。対応済みのチケットの分はもう入っている", "In imports.tf of the same folder write a block for each row, as below; those that tickets show are there already"),
        scene.pick("PR を出し、plan が「N to import, 0 to add, 0 to change, 0 to destroy」になるまで行を直す", "Open a pull request; correct the rows until the plan says \"N to import, 0 to add, 0 to change, 0 to destroy\""),
        scene.pick("マージで apply。終わったら imports.tf を消す", "The merge applies it; then delete imports.tf"),
    ];
    page.list("1.", &steps.map(str::to_owned));
    for play in plays {
        page.heading(&format!("terraform/{}", play.id));
        page.paragraph(play_title(scene, &play.id));
        let blocks = import_blocks(play);
        match blocks.is_empty() {
            true => page.paragraph(scene.pick("取り込むものはない。", "There is nothing to import.")),
            false => page.paragraph(format!("```hcl\n{}```", blocks.join("\n"))),
        };
    }
    page.into_file("base/IMPORT.md")
}

/// The workflow of the CI. Plans run with an identity that only reads, for a pull request may hold any code.
fn workflow(scene: &Scene<'_>, plays: &[&Play]) -> File {
    let folders: Vec<&str> = plays.iter().map(|play| play.id.as_str()).collect();
    let used: BTreeSet<&str> = plays.iter().flat_map(|play| uses(play)).collect();
    let login = |who: &str| {
        let mut steps = String::new();
        if used.contains("google") {
            steps.push_str(&format!("      - uses: google-github-actions/auth@v2\n        with:\n          workload_identity_provider: REPLACE_ME\n          service_account: REPLACE_ME # {who}\n"));
        }
        if used.contains("aws") {
            steps.push_str(&format!("      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: REPLACE_ME # {who}\n          aws-region: REPLACE_ME\n"));
        }
        steps
    };
    let others: Vec<&str> = used
        .iter()
        .copied()
        .filter(|id| !["google", "aws"].contains(id))
        .collect();
    let others = match others.is_empty() {
        true => String::new(),
        false => format!(
            "# {}: {}\n",
            scene.pick(
                "資格情報を env で足すプロバイダー",
                "Providers whose credentials are added under env"
            ),
            others.join(", ")
        ),
    };
    let reads = scene.pick("読み取りだけの身元", "an identity that only reads");
    let writes = scene.pick(
        "apply 用の身元。main からだけ使える",
        "the identity for applies, for main alone",
    );
    let text = include_str!("workflow.yml")
        .replace("{{HEAD}}", scene.pick(
            "# PR で fmt・validate・plan、main へのマージで apply、週 1 回のドリフト検知。\n# uses の版はコミットに固定する。fork からの PR には資格情報が渡らない。",
            "# fmt, validate and plan on pull requests, apply on a merge to main, a drift check once a week.\n# Pin each `uses` to a commit. Pull requests from forks get no credentials.",
        ))
        .replace("{{OTHERS}}", &others)
        .replace("{{FOLDERS}}", &folders.join(", "))
        .replace("{{LOGIN_READ}}", &login(reads))
        .replace("{{LOGIN_WRITE}}", &login(writes));
    File {
        path: "base/.github/workflows/terraform.yml".to_owned(),
        text,
    }
}
