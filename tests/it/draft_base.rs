//! The base of a bundle: files that start the work, in both languages, and the words where there is none.

use crate::tool::{Room, SAMPLE};

/// Grants on projects that name no end and leave nothing else open: with them a second play stands on the base.
fn grants() -> String {
    let ticket = |nth: u32| {
        let title = "GCPプロジェクトのIAMロール付与";
        let body = format!(
            "minamo-tsubame-prd プロジェクトの roles/logging.viewer を person-{nth}@example.com に付与してください"
        );
        let (opened, closed) = (
            format!("2026-0{}-05T10:00:00+09:00", 4 + nth % 5),
            format!("2026-0{}-06T10:00:00+09:00", 4 + nth % 5),
        );
        format!(
            "{{\"id\": \"G-{nth}\", \"title\": \"{title}\", \"body\": \"{body}\", \"created_at\": \"{opened}\", \"closed_at\": \"{closed}\", \"status\": \"完了\", \"requester\": \"r{nth}\"}}\n"
        )
    };
    (0..12).map(ticket).collect()
}

fn drafted(lang: &str) -> (Room, Vec<String>) {
    let room = Room::new();
    let command = [
        "draft",
        "iac_self_service",
        "-",
        "--output",
        "out",
        "--lang",
        lang,
        "--quiet",
    ];
    let listed = room.pipe(&command, SAMPLE.to_owned() + &grants()).good();
    let paths = listed.lines().map(str::to_owned).collect();
    (room, paths)
}

#[test]
fn a_base_is_drafted_as_the_files_that_carry_it() {
    for lang in ["ja", "en"] {
        let (room, paths) = drafted(lang);
        let read = |path: &str| std::fs::read_to_string(room.path().join(path)).expect("a file");
        let folders: Vec<&str> = paths
            .iter()
            .filter_map(|path| {
                path.strip_prefix("out/base/terraform/")?
                    .strip_suffix("/backend.tf")
            })
            .collect();
        assert!(folders.len() > 1, "{paths:?}");
        let workflow = read("out/base/.github/workflows/terraform.yml");
        assert!(
            workflow.contains(&format!("folder: [{}]", folders.join(", "))),
            "{workflow}"
        );
        for step in [
            "fmt -check",
            "terraform validate",
            "terraform plan",
            "terraform apply",
            "schedule:",
        ] {
            assert!(workflow.contains(step), "no {step}: {workflow}");
        }
        // What GitHub fills in begins with a dollar; nothing of ours is left.
        assert_eq!(
            workflow.matches("{{").count(),
            workflow.matches("${{").count(),
            "{workflow}"
        );
        let owners = read("out/base/.github/CODEOWNERS");
        let imports = read("out/base/IMPORT.md");
        let checklist = read("out/checklist.md");
        assert!(imports.contains("0 to destroy") && checklist.contains(".github/workflows/terraform.yml"));
        for folder in folders {
            assert!(
                paths
                    .iter()
                    .any(|path| path.ends_with(&format!("/terraform/{folder}/main.tf")))
            );
            assert!(
                owners.contains(&format!("/terraform/{folder}/entries.auto.tfvars @REPLACE_ME/")),
                "{owners}"
            );
            for file in ["backend.tf", "providers.tf"] {
                let text = read(&format!("out/base/terraform/{folder}/{file}"));
                hcl::parse(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
            }
            assert!(imports.contains(&format!("## terraform/{folder}\n")), "{imports}");
        }
        for block in imports.split("```hcl\n").skip(1) {
            let block = block.split("```").next().expect("a block");
            hcl::parse(block).unwrap_or_else(|fault| panic!("{fault}: {block}"));
        }
    }
}

#[test]
fn the_layout_of_the_base_is_terraforms_own_where_it_is_installed() {
    if std::process::Command::new("terraform")
        .arg("version")
        .output()
        .is_err()
    {
        eprintln!("terraform is not installed here: the layout was not looked at");
        return;
    }
    let (room, _) = drafted("en");
    let output = std::process::Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-recursive"])
        .current_dir(room.path().join("out/base"))
        .output()
        .expect("terraform runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_base_that_is_not_drafted_says_why() {
    let room = Room::new();
    let ask = |tickets: &str| {
        let answer = room.pipe(&["draft", "iac_self_service", "-", "--output", "out"], tickets);
        assert_eq!(answer.code, Some(2), "{}", answer.err);
        answer.err
    };
    let few: Vec<&str> = SAMPLE
        .lines()
        .filter(|line| line.contains("GitHub"))
        .take(4)
        .collect();
    let told = ask(&few.join("\n"));
    assert!(told.contains("4 quarters") || told.contains("tickets"), "{told}");
    assert!(told.contains("toilscope draft tf_"), "{told}");
    let told = ask("{\"id\": \"1\", \"title\": \"設計の相談をしたいです\"}\n");
    assert!(
        told.contains("none of these tickets") && told.contains("tf_github_membership"),
        "{told}"
    );
}
