//! The worked example of the documentation is what the tool computes, figure by figure.

use serde_json::{Map, Value};

use crate::tool::Room;

const PAGE: &str = include_str!("../../docs/worked-example.md");

/// The code block that follows a mark.
fn block(mark: &str) -> &'static str {
    let after = PAGE
        .split_once(&format!("<!-- {mark} -->"))
        .unwrap_or_else(|| panic!("the page has no {mark}"))
        .1;
    let body = after.split_once("```").expect("a block").1;
    let body = body.split_once('\n').expect("a first line").1;
    body.split_once("```").expect("the block ends").0
}

fn answer(command: &str) -> Map<String, Value> {
    let room = Room::new();
    room.file("tickets.jsonl", block("tickets"))
        .file("taxonomy.toml", block("taxonomy"));
    let arguments = [
        command,
        "tickets.jsonl",
        "--taxonomy",
        "taxonomy.toml",
        "--as-of",
        "2026-03-31",
        "--format",
        "json",
        "--lang",
        "en",
    ];
    let answer = room.run(&arguments).json();
    let rows = answer["rows"].as_array().expect("rows");
    let row = rows
        .iter()
        .find(|row| row["tickets_count"] == 5)
        .expect("the five tickets");
    row.as_object().expect("a row").clone()
}

/// Holds each figure to the last digit that the page writes.
fn hold(found: &Map<String, Value>, mark: &str) {
    let text = block(mark);
    let wanted: Map<String, Value> = serde_json::from_str(text).expect("figures");
    for (key, wanted) in &wanted {
        let written = text
            .split_once(&format!("\"{key}\": "))
            .expect("as written")
            .1
            .split([',', '}'])
            .next()
            .expect("a number");
        let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let found = found[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key} is missing: {found:?}"));
        let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).expect("few"));
        let wanted = wanted.as_f64().expect("a number");
        assert!(
            (found - wanted).abs() <= half + 1e-6,
            "{key}: the page says {written}, the tool {found}"
        );
    }
}

#[test]
fn what_is_worked_out_on_paper_is_what_the_tool_says() {
    hold(&answer("candidates"), "paper");
    hold(&answer("patterns"), "looks");
}

#[test]
fn simulated_figures_are_those_of_the_page_and_keep_their_relations() {
    let found = answer("candidates");
    hold(&found, "simulated");
    let figure = |key: &str| found[key].as_f64().expect("a number");
    let (saved, net) = (
        figure("sre_hours_saved_per_quarter_p50"),
        figure("net_hours_4q_p50"),
    );
    assert!((net - (4.0 * saved - 6.0)).abs() < 1e-3);
    let (wait, blocked) = (
        figure("requester_wait_hours_saved_p50"),
        figure("requester_blocked_hours_p50"),
    );
    assert!((blocked - 0.15 * wait).abs() < 1e-3);
    let interruption = figure("interruption_hours_saved_per_quarter_p50");
    assert!((interruption - wait * (8.0 / 60.0) / 5.5).abs() < 1e-3);
}

#[test]
fn nothing_adds_the_ledgers() {
    let found = answer("candidates");
    let figure = |key: &str| found[key].as_f64().expect("a number");
    let (saved, wait) = (
        figure("sre_hours_saved_per_quarter_p50"),
        figure("requester_wait_hours_saved_p50"),
    );
    let blocked = figure("requester_blocked_hours_p50");
    for (key, value) in &found {
        let Some(value) = value.as_f64() else { continue };
        for sum in [saved + wait, saved + blocked] {
            assert!((value - sum).abs() > 1e-6, "{key} is a sum of two ledgers");
        }
    }
}
