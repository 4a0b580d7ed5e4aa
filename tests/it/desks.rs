//! What is promised on a desk that nobody tuned for, held on three invented ones (`tests/desks/README.md`).

use serde_json::Value;

use crate::tool::Room;

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/desks/web.jsonl");
const PAYMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/desks/payments.jsonl");

/// A figure of the summary, by its name.
fn figure(evaluation: &Value, measure: &str) -> f64 {
    evaluation["evaluation_summary"]
        .as_array()
        .expect("a summary")
        .iter()
        .find(|row| row["measure"] == measure)
        .and_then(|row| row["value"].as_f64())
        .expect("a figure")
}

/// The bounds are the project's aims, not what was measured.
fn holds(desk: &str) {
    let evaluation = Room::new()
        .run(&["evaluate", desk, "--format", "json", "--quiet"])
        .json();
    for (measure, least) in [
        ("accuracy", 0.85),
        ("not_marked_for_review", 0.60),
        ("accuracy_not_marked", 0.95),
        ("group_ami", 0.60),
    ] {
        let value = figure(&evaluation, measure);
        assert!(value >= least, "{measure} is {value}, promised {least}");
    }
}

#[test]
fn a_web_company_can_trust_it() {
    holds(WEB);
}

#[test]
fn a_payment_service_can_trust_it() {
    holds(PAYMENTS);
}
