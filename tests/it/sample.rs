//! What the sample is made to show comes out.

use serde_json::Value;

use crate::tool::Room;

fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().expect("rows")
}

#[test]
fn all_seven_patterns_occur() {
    let report = Room::new()
        .run(&["report", "--sample", "--format", "json"])
        .json();
    for pattern in rows(&report["pattern_totals"]) {
        assert!(pattern["tickets_count"].as_u64() > Some(0), "{pattern}");
    }
    assert_eq!(rows(&report["pattern_totals"]).len(), 7);
}

#[test]
fn a_missing_measure_stays_missing() {
    let report = Room::new()
        .run(&["report", "--sample", "--format", "json"])
        .json();
    let small: Vec<&Value> = rows(&report["patterns"])
        .iter()
        .filter(|row| row["tickets_count"].as_u64() < Some(20))
        .collect();
    assert!(!small.is_empty());
    assert!(
        small.iter().all(|row| row["lead_business_hours_p90"].is_null()),
        "a p90 of fewer than 29 closed tickets"
    );
}

#[test]
fn people_and_addresses_are_hidden_unless_raw() {
    let room = Room::new();
    let redacted = room.run(&["tickets", "--sample", "--format", "jsonl"]).good();
    let raw = room
        .run(&["tickets", "--sample", "--format", "jsonl", "--raw"])
        .good();
    assert!(raw.contains('@') || raw.contains("さん"));
    assert!(!redacted.contains("@example"), "an address came through");
    for person in ["早川", "長谷部", "小野寺", "野々村", "結城", "帆足"] {
        assert!(!redacted.contains(person), "{person} came through");
    }
}
