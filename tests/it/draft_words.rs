//! What a draft tells its reader: what its resources do to others, who approves, what it is worth, and what a bundle holds.

use toilscope::taxonomy::{Authority, Lang, Resource};

use crate::draft::{Desk, text};
use crate::tool::Room;

#[test]
fn only_additive_grants_are_called_additive() {
    let desk = Desk::new();
    let taxonomy = &desk.taxonomy;
    for play in taxonomy
        .plays
        .iter()
        .filter(|play| play.drafted().next().is_some())
    {
        let files = desk.drafts(&[&play.id], Lang::En, false).remove(0);
        let additive = |resource: &Resource| resource.data || resource.authority == Authority::Additive;
        let said = text(&files, "main.tf").contains("Its grants are additive");
        assert_eq!(said, play.drafted().all(additive), "{}", play.id);
    }
    let files = desk.drafts(&["slack_usergroup"], Lang::En, false).remove(0);
    assert!(
        text(&files, "main.tf")
            .contains("overwrite what is not written here, so import first: slack_usergroup")
    );
    assert!(text(&files, "entries.auto.tfvars").contains("an apply takes out what is not written here"));
    // A group without its list would be emptied.
    assert!(text(&files, "variables.tf").contains("slack_user_id = string"));
}

#[test]
fn approvers_are_told_in_the_language_of_the_draft_and_nobody_is_nobody() {
    let desk = Desk::new();
    let ids: Vec<&str> = desk.taxonomy.plays.iter().map(|play| play.id.as_str()).collect();
    for files in desk.drafts(&ids, Lang::Ja, false) {
        for (path, text) in &files {
            for english in [
                "project owner",
                "data owner",
                "team lead)",
                "none",
                "service owner",
            ] {
                let told = text
                    .lines()
                    .any(|line| line.contains("承認") && line.contains(english));
                assert!(!told, "{path} tells {english}:\n{text}");
            }
        }
    }
}

#[test]
fn the_proposal_tells_all_three_ledgers() {
    let room = Room::new();
    room.pipe(
        &["draft", "tf_gcp_iam", "-", "--output", "out", "--lang", "ja"],
        crate::tool::SAMPLE,
    )
    .good();
    let proposal = std::fs::read_to_string(room.path().join("out/proposal.md")).expect("a proposal");
    for told in [
        "削減 h / 四半期",
        "減る待ち",
        "手が止まる時間",
        "依頼者に移る作業",
        " 件中 ",
        "## チケットに残るリスク",
    ] {
        assert!(proposal.contains(told), "no {told}:\n{proposal}");
    }
}

#[test]
fn a_bundle_is_drafted_with_its_base_and_all_its_candidates() {
    let room = Room::new();
    let listed = room
        .pipe(
            &[
                "draft",
                "iac_self_service",
                "-",
                "--output",
                "out",
                "--lang",
                "ja",
                "--quiet",
            ],
            crate::tool::SAMPLE,
        )
        .good();
    let read = |path: &str| std::fs::read_to_string(room.path().join("out").join(path)).expect("a file");
    let proposal = read("proposal.md");
    for told in [
        "共通基盤を含む",
        "## チケットに残るリスク",
        "`tf_bigquery_iam/`",
        "共通基盤(一度だけ)",
        "中央値は足し算にならない",
    ] {
        assert!(proposal.contains(told), "no {told}:\n{proposal}");
    }
    assert!(read("checklist.md").contains("tf_bigquery_iam/checklist.md"));
    // Below stands what the candidate's own draft is.
    room.pipe(
        &[
            "draft",
            "tf_bigquery_iam",
            "-",
            "--output",
            "one",
            "--lang",
            "ja",
            "--quiet",
        ],
        crate::tool::SAMPLE,
    )
    .good();
    for path in ["README.md", "runbook.md", "terraform/tf_bigquery_iam/main.tf"] {
        let own = std::fs::read_to_string(room.path().join("one").join(path)).expect("a file");
        assert_eq!(read(&format!("tf_bigquery_iam/{path}")), own);
        assert!(
            listed.contains(&format!("out/tf_bigquery_iam/{path}")),
            "{listed}"
        );
    }
}

#[test]
fn a_base_that_is_not_recommended_lists_its_candidates() {
    let room = Room::new();
    // Two tickets are no reason to build anything, but they make candidates.
    let few: Vec<&str> = crate::tool::SAMPLE
        .lines()
        .filter(|line| line.contains("GitHub"))
        .take(4)
        .collect();
    let answer = room.pipe(
        &["draft", "iac_self_service", "-", "--output", "out"],
        few.join("\n"),
    );
    assert_eq!(answer.code, Some(2), "{}", answer.err);
    assert!(
        answer.err.contains("is a base that candidates share") && answer.err.contains("tf_github"),
        "{}",
        answer.err
    );
}
