//! Nothing is lost: every table adds up to the tickets that were read.

use proptest::prelude::*;
use serde_json::Value;
use toilscope::config::{Overrides, Settings};
use toilscope::source::{Input, ReadOptions, read};
use toilscope::taxonomy::{Lang, Taxonomy};
use toilscope::toil::Level;

use crate::tool::{Room, SAMPLE};

fn sum(rows: &Value, key: &str) -> u64 {
    rows.as_array()
        .expect("rows")
        .iter()
        .map(|row| row[key].as_u64().unwrap_or(0))
        .sum()
}

#[test]
fn coverage_adds_up_to_the_records_read() {
    let room = Room::new();
    let dirty = format!(
        "{SAMPLE}{}\nno json\n{{\"title\":\"no id\"}}\n",
        SAMPLE.lines().next().expect("a line")
    );
    room.file("t.jsonl", dirty);
    let report = room.run(&["report", "t.jsonl", "--format", "json"]).json();
    let coverage = report["coverage"].as_object().expect("coverage");
    let terms: u64 = coverage
        .iter()
        .filter(|(term, _)| *term != "records")
        .map(|(_, n)| n.as_u64().expect("a count"))
        .sum();
    assert_eq!(Some(terms), coverage["records"].as_u64());
    assert_eq!(terms as usize, SAMPLE.lines().count() + 3);
    assert_eq!(
        (coverage["merged"].as_u64(), coverage["skipped"].as_u64()),
        (Some(1), Some(2))
    );
}

#[test]
fn patterns_and_quarters_add_up_to_the_tickets() {
    let report = Room::new()
        .run(&["report", "--sample", "--format", "json"])
        .json();
    let tickets = SAMPLE.lines().count() as u64;
    let excluded = report["coverage"]["excluded"].as_u64().expect("a count");
    assert!(excluded > 0, "the sample has withdrawn tickets");
    assert_eq!(
        sum(&report["patterns"], "tickets_count") + sum(&report["patterns"], "excluded_count"),
        tickets
    );
    assert_eq!(
        sum(&report["pattern_totals"], "tickets_count"),
        tickets - excluded
    );
    for level in ["pattern", "subpattern"] {
        let rows: Vec<Value> = report["trend"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["level"] == level)
            .cloned()
            .collect();
        assert_eq!(sum(&rows.into(), "tickets_count"), tickets - excluded, "{level}");
    }
}

#[test]
fn what_lies_outside_the_period_is_counted() {
    let report = Room::new()
        .run(&[
            "report",
            "--sample",
            "--format",
            "json",
            "--since",
            "2026-04-01",
            "--until",
            "2026-07-01",
        ])
        .json();
    let coverage = &report["coverage"];
    let outside = coverage["outside"].as_u64().expect("a count");
    assert!(outside > 100);
    assert_eq!(coverage["records"].as_u64(), Some(SAMPLE.lines().count() as u64));
}

fn line() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "GitHubに招待してください",
        "権限をください",
        "",
        "なんか遅い",
        "テスト",
        "please add me",
        "環境を消して",
        "ご相談",
        "\u{202e}=1+1",
        "取り下げ",
    ]);
    let date = prop::sample::select(vec![
        "",
        "2025-08-01",
        "2026-01-05T10:00:00+09:00",
        "2026-02-30",
        "soon",
    ]);
    let id = prop::sample::select(vec!["", "A", "B", "C", "D", "E", "F"]);
    let status = prop::sample::select(vec!["", "完了", "取り下げ", "open"]);
    prop_oneof![
        9 => (id, words.clone(), words, date.clone(), date, status).prop_map(|(id, title, body, created, closed, status)| {
            serde_json::json!({"id": id, "title": title, "body": body, "created_at": created, "closed_at": closed, "status": status}).to_string()
        }),
        1 => Just("{broken".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_record_ends_up_in_exactly_one_term(lines in prop::collection::vec(line(), 1..40)) {
        let settings = Settings::resolve(Overrides::default(), Lang::En).expect("defaults are valid");
        let taxonomy = Taxonomy::builtin().expect("the built-in taxonomy is valid");
        let input = Input { name: "t.jsonl".to_owned(), bytes: lines.join("\n").into_bytes() };
        let options = ReadOptions { zone: settings.timezone.zone().clone(), columns: settings.columns.clone(), format: None };
        // A file without one readable line is an error and has no totals.
        if let Ok(reading) = read(&[input], &options) {
            prop_assert_eq!(reading.records, lines.len());
            if let Ok(analysis) = toilscope::analyze(&reading.tickets, &taxonomy, &settings) {
                let coverage = analysis.coverage.with_reading(&reading).expect("nothing is lost");
                prop_assert_eq!(coverage.sum(), lines.len());
                prop_assert_eq!(coverage.tickets(), analysis.assignments.len());
                let counted = analysis.assignments.iter().filter(|a| a.excluded.is_none()).count();
                for level in [Level::Pattern, Level::SubPattern, Level::Group] {
                    let rows: Vec<_> = analysis.measures.level(level).map(|(_, series)| series).collect();
                    let whole: usize = rows.iter().map(|series| series.whole.tickets).sum();
                    let quarters = rows.iter().flat_map(|series| series.quarters.iter().chain(&series.undated));
                    let of_quarters: usize = quarters.map(|toil| toil.tickets).sum();
                    prop_assert_eq!((whole, of_quarters), (counted, counted), "{:?}", level);
                }
            }
        }
    }
}
