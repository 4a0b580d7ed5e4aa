//! Themes that no taxonomy names come out as one group each, beside a year of other tickets.
//!
//! The themes are invented (`tests/themes/README.md`). Floors are below what was measured, so that a better learner may
//! move a ticket or two without a red test.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::tool::Room;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/tickets.jsonl");
const AT_HAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/tickets.jsonl");
const UNSEEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/unseen.jsonl");
/// Themes in which every ticket is worded in its own way, with the fewest that come out; of the last the search knew none.
const VARIED: [(&str, usize, usize); 3] = [
    (
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/varied1.jsonl"),
        4,
        3,
    ),
    (
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/varied2.jsonl"),
        4,
        2,
    ),
    (
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/varied3.jsonl"),
        6,
        3,
    ),
];

/// F1 from which a theme counts as found.
const FOUND: f64 = 0.6;

/// Runs `evaluate` on the sample with themes planted in it.
fn evaluation(themes: &str) -> Value {
    Room::new()
        .run(&["evaluate", SAMPLE, themes, "--format", "json", "--quiet"])
        .json()
}

/// F1 of the group nearest to each planted theme.
fn themes(of: &Value) -> BTreeMap<String, f64> {
    let rows = of["evaluation_groups"].as_array().expect("a table of kinds");
    let planted = rows.iter().filter(|row| {
        let kind = row["kind"].as_str().expect("a kind");
        kind.starts_with("unnamed.")
    });
    planted
        .map(|row| {
            let f1 = row["f1"].as_f64().expect("a figure");
            (row["kind"].as_str().expect("a kind").to_owned(), f1)
        })
        .collect()
}

fn found(themes: &BTreeMap<String, f64>) -> usize {
    themes.values().filter(|f1| **f1 >= FOUND).count()
}

#[test]
fn planted_themes_come_out_as_one_group_each() {
    let evaluation = evaluation(AT_HAND);
    let themes = themes(&evaluation);
    assert_eq!(themes.len(), 5, "{themes:?}");
    assert!(found(&themes) >= 4, "{themes:?}");
    let summary = evaluation["evaluation_summary"].as_array().expect("a summary");
    let ami = summary
        .iter()
        .find(|row| row["measure"] == "group_ami")
        .expect("a figure for the groups");
    assert!(ami["value"].as_f64().expect("a number") > 0.5, "{ami}");
}

#[test]
fn most_themes_written_after_the_search_was_built_come_out_too() {
    let themes = themes(&evaluation(UNSEEN));
    assert_eq!(themes.len(), 4, "{themes:?}");
    assert!(found(&themes) >= 3, "{themes:?}");
}

#[test]
fn themes_worded_in_many_ways_and_two_languages_come_out_too() {
    for (file, planted, least) in VARIED {
        let themes = themes(&evaluation(file));
        assert_eq!(themes.len(), planted, "{themes:?}");
        assert!(found(&themes) >= least, "{themes:?}");
    }
}
