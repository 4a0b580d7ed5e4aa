//! What a draft says of numbers and owners is what the rest of the tool says, and nothing that nobody told it.

use crate::draft::{borrowed, text};
use crate::draft_care::{desk, draft};
use crate::tool::{Room, SAMPLE};

use toilscope::taxonomy::Lang;

/// What a file of a draft of the sample says.
fn of_sample(room: &Room, id: &str, file: &str) -> String {
    room.file("tickets.jsonl", SAMPLE);
    let folder = format!("out-{id}");
    room.run(&["draft", id, "tickets.jsonl", "--lang", "en", "--output", &folder])
        .good();
    std::fs::read_to_string(room.path().join(folder).join(file)).expect("the file")
}

#[test]
fn the_form_counts_the_tickets_that_the_explanation_counts() {
    let room = Room::new();
    let form = of_sample(&room, "tf_bigquery_iam", "request-form.md");
    let told = room
        .run(&[
            "candidates",
            "tickets.jsonl",
            "--lang",
            "en",
            "--explain",
            "tf_bigquery_iam",
            "--format",
            "md",
        ])
        .good();
    let line = told
        .lines()
        .find(|line| line.contains("role / permission level") && line.contains(" of "))
        .expect("the slot is told");
    let counts: Vec<f64> = line
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let share = format!("{:.0} %", counts[0] / counts[1] * 100.0);
    let row = form
        .lines()
        .find(|line| line.starts_with("| role / permission level"))
        .expect("the slot is asked for");
    assert!(row.contains(&share), "{line}\n{row}");
    assert!(form.contains("of the last 4 whole quarters"), "{form}");
}

#[test]
fn every_number_of_tickets_names_its_period() {
    let room = Room::new();
    let proposal = of_sample(&room, "tf_bigquery_iam", "proposal.md");
    assert!(proposal.contains("in all, 2025-Q3 to 2026-Q3;"), "{proposal}");
    assert!(proposal.contains("of the last 4 whole quarters"), "{proposal}");
    let risk = "requests that name no end: ";
    let line = proposal.lines().find(|line| line.contains(risk)).expect("a risk");
    assert!(line.ends_with("in 2025-Q3 to 2026-Q3"), "{line}");
}

#[test]
fn nobody_knows_the_teams_of_the_owners() {
    for lang in [Lang::Ja, Lang::En] {
        let files = draft(&desk("permission.gcp_iam", |_| {}), "tf_gcp_iam", lang, true);
        let owners = text(&files, "CODEOWNERS");
        let mut paths = owners.lines().filter(|line| line.starts_with('/'));
        assert!(
            paths.all(|line| line.contains(" @REPLACE_ME/REPLACE_ME ")),
            "{owners}"
        );
        let counted = borrowed(&files).iter().any(|(_, text)| text.contains("1 rows"));
        assert!(!counted, "one row is no rows");
    }
}

#[test]
fn requests_for_leavers_are_no_waiting_rather_than_unrecorded() {
    let room = Room::new();
    let proposal = of_sample(&room, "offboarding_workflow", "proposal.md");
    assert!(proposal.contains("not counted as waiting"), "{proposal}");
    assert!(!proposal.contains("not recorded"), "{proposal}");
    assert!(!proposal.contains("own column"), "{proposal}");
}
