//! Verdicts and launches through the binary, and how honest verdicts are on desks whose truth is known.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::tool::Room;
use desk::{Desk, Planted, Weather, is_alarm, of_target};
use toilscope::trend::{self, Verdict};

#[path = "../../examples/honesty/desk.rs"]
mod desk;

/// Share of histories for which something holds.
fn share(desk: Desk, holds: impl Fn(&trend::Judged) -> bool) -> f64 {
    const HISTORIES: u32 = 200;
    let held = (0..HISTORIES)
        .filter(|seed| holds(&desk.judged(u64::from(*seed))))
        .count();
    held as f64 / f64::from(HISTORIES)
}

#[test]
fn a_desk_on_which_nothing_changed_raises_an_alarm_at_most_once_in_ten_reports() {
    for (weather, quarters) in [
        (Weather::Poisson, 4),
        (Weather::Scattered, 5),
        (Weather::Bursts, 5),
        (Weather::Dips, 5),
        (Weather::April, 8),
    ] {
        let desk = Desk {
            weather,
            planted: Planted::Nothing,
            quarters,
            size: 1.0,
        };
        let alarms = share(desk, is_alarm);
        assert!(alarms <= 0.1, "{desk:?}: {alarms}");
    }
}

/// A halving of 40 a quarter is told in seven of ten reports from its first whole quarter on, and called clear in as many
/// once it has lasted for a year and the year before is known. `docs/trend.md` has what lies between.
#[test]
fn a_halving_of_forty_a_quarter_is_found_in_seven_of_ten() {
    for (quarters, from, names) in [
        (5, 4, &[Verdict::ClearFall, Verdict::PossibleFall][..]),
        (8, 4, &[Verdict::ClearFall]),
    ] {
        let desk = Desk {
            weather: Weather::Poisson,
            planted: Planted::Halved(from),
            quarters,
            size: 1.0,
        };
        let is_found =
            |judged: &trend::Judged| of_target(judged).iter().any(|verdict| names.contains(verdict));
        let found = share(desk, is_found);
        assert!(found >= 0.7, "{desk:?}: {found}");
    }
}

#[test]
fn a_theme_that_grows_by_a_fifth_every_quarter_is_found_within_a_year_and_a_quarter() {
    let desk = Desk {
        weather: Weather::Poisson,
        planted: Planted::Growing,
        quarters: 5,
        size: 1.0,
    };
    let found = share(desk, |judged| of_target(judged).contains(&Verdict::ClearRise));
    assert!(found >= 0.7, "{found}");
}

/// Invitations to GitHub, 40 a quarter and 8 from 2026 on, beside questions that stay at 20; all labelled, so that this
/// says nothing about the classification.
fn desk_with_an_automation(room: &Room) {
    let (mut tickets, mut labels) = (String::new(), String::new());
    let mut file = |kind: &str, sub: Option<&str>, quarter: usize, count: usize| {
        let months = [(2025, 1), (2025, 4), (2025, 7), (2025, 10), (2026, 1), (2026, 4)];
        let (year, month) = months[quarter];
        for number in 0..count {
            let (month, day) = (month + number % 3, 1 + (number * 7 + quarter) % 27);
            let id = format!("{kind}-{quarter}-{number}");
            let ticket = json!({"id": id, "title": "invented", "created_at": format!("{year}-{month:02}-{day:02}T11:00:00+09:00"),
                "requester": format!("person {number}")});
            writeln!(tickets, "{ticket}").expect("text");
            writeln!(
                labels,
                "{}",
                json!({"id": id, "pattern": kind, "subpattern": sub})
            )
            .expect("text");
        }
    };
    for quarter in 0..6 {
        file(
            "account",
            Some("account.github"),
            quarter,
            if quarter < 4 { 40 } else { 8 },
        );
        file("investigation", Some("investigation.app_error"), quarter, 60);
        file("consultation", None, quarter, 20);
    }
    room.file("t.jsonl", tickets).file("l.jsonl", labels);
}

fn trend(room: &Room, as_of: &str) -> Vec<Value> {
    let all = [
        "trend", "t.jsonl", "--labels", "l.jsonl", "--as-of", as_of, "--format", "json",
    ];
    room.run(&all).json()["rows"].as_array().expect("rows").clone()
}

fn row<'a>(rows: &'a [Value], pattern: &str, quarter: &str) -> &'a Value {
    rows.iter()
        .find(|row| row["level"] == "pattern" && row["pattern"] == pattern && row["quarter"] == quarter)
        .expect("the row")
}

#[test]
fn a_fall_is_clear_a_steady_kind_is_not_and_the_year_before_is_the_reference() {
    let room = Room::new();
    desk_with_an_automation(&room);
    let rows = trend(&room, "2026-06-30");
    let fell = row(&rows, "account", "2026-Q2");
    assert_eq!(
        (&fell["verdict"], &fell["compared_with"]),
        (&json!("clear_fall"), &json!("2025-Q2"))
    );
    assert!(fell["rate_ratio_hi"].as_f64().expect("an end") < 0.5, "{fell}");
    assert_eq!(
        (&fell["change_verdict"], &fell["change_since"]),
        (&json!("clear_fall"), &json!("2026-Q1"))
    );
    assert_eq!(row(&rows, "investigation", "2026-Q2")["verdict"], "none");
    let total: Vec<&Value> = rows.iter().filter(|row| row["level"] == "total").collect();
    assert_eq!((total.len(), &total[5]["tickets_count"]), (6, &json!(88)));
    assert_eq!(row(&rows, "account", "2025-Q1")["verdict"], Value::Null);
}

#[test]
fn a_running_quarter_is_marked_and_has_no_verdict() {
    let room = Room::new();
    desk_with_an_automation(&room);
    let rows = trend(&room, "2026-05-10");
    let running = row(&rows, "account", "2026-Q2");
    assert_eq!(
        (&running["partial"], &running["verdict"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(row(&rows, "account", "2026-Q1")["verdict"], "clear_fall");
}

#[test]
fn the_size_of_the_team_is_in_the_rates() {
    let room = Room::new();
    desk_with_an_automation(&room);
    room.file(
        "toilscope.toml",
        "[team]\nengineers = 50\nresponders = 4\n[team.quarters.2026-Q2]\nengineers = 10",
    );
    let rows = trend(&room, "2026-06-30");
    let last = row(&rows, "investigation", "2026-Q2");
    assert_eq!(
        (&last["tickets_per_100_engineers"], &last["tickets_per_responder"]),
        (&json!(600.0), &json!(15.0))
    );
    assert_eq!(
        last["verdict"], "clear_rise",
        "five times as many per engineer: {last}"
    );
}

#[test]
fn a_launch_is_kept_listed_judged_and_removed() {
    let room = Room::new();
    desk_with_an_automation(&room);
    let added = room.run(&[
        "launch",
        "add",
        "tf_github_membership",
        "--sub-pattern",
        "account.github",
        "--date",
        "2026-01-05",
        "--projected-hours",
        "9",
    ]);
    assert!(added.good().contains("account.github"));
    assert!(room.run(&["launch", "list"]).good().contains("2026-01-05"));
    let report = room.run(&[
        "report",
        "t.jsonl",
        "--labels",
        "l.jsonl",
        "--as-of",
        "2026-06-30",
        "--store",
        "toilscope.db",
        "--format",
        "json",
    ]);
    let launch = report.json()["launches"][0].clone();
    assert_eq!(
        (&launch["effect"], &launch["projected_hours"]),
        (&json!("fell"), &json!(9.0)),
        "{launch}"
    );
    assert!(launch["ratio_hi"].as_f64().expect("an end") < 0.5, "{launch}");
    assert!(
        launch["realised_hours_mid"].as_f64().expect("hours") > 0.0,
        "{launch}"
    );
    for lang in ["ja", "en"] {
        let text = room
            .run(&[
                "trend",
                "t.jsonl",
                "--labels",
                "l.jsonl",
                "--as-of",
                "2026-06-30",
                "--store",
                "toilscope.db",
                "--width",
                "80",
                "--lang",
                lang,
            ])
            .good();
        assert!(text.contains("2026-01-05"), "{text}");
    }
    room.run(&["launch", "remove", "tf_github_membership"]).good();
    assert!(room.run(&["launch", "list"]).good().starts_with("no launches"));
}

#[test]
fn a_launch_of_what_does_not_exist_is_refused_with_the_nearest_names() {
    let room = Room::new();
    let wrong = room.run(&["launch", "add", "tf_github_member", "--date", "2026-01-05"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("tf_github_membership"), "{}", wrong.err);
    room.file(
        "toilscope.toml",
        "[[launches]]\nplay = \"tf_github_membership\"\nsubpatterns = [\"account.githb\"]\ndate = 2026-01-05",
    );
    let wrong = room.run(&["trend", "--sample"]);
    assert_eq!(wrong.code, Some(3));
    assert!(wrong.err.contains("account.github"), "{}", wrong.err);
    assert_eq!(
        room.run(&["launch", "remove", "tf_github_membership"]).code,
        Some(5),
        "there is no store"
    );
}
