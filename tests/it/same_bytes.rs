//! Determinism: the same tickets, settings and version give the same bytes, in any order and on any number of threads.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256Plus;

use crate::tool::{Room, SAMPLE, every_answer};

fn shuffled(seed: u64) -> String {
    let mut lines: Vec<&str> = SAMPLE.lines().collect();
    lines.shuffle(&mut Xoshiro256Plus::seed_from_u64(seed));
    lines.join("\n")
}

#[test]
fn order_and_threads_change_nothing_in_any_format() {
    let room = Room::new();
    room.file("a.jsonl", SAMPLE)
        .file("b.jsonl", shuffled(1))
        .file("c.jsonl", shuffled(2));
    for (command, format) in every_answer() {
        let answer = |file: &str, threads: &str| {
            let output = room
                .command(&[command, file, "--format", format, "--lang", "ja"])
                .env("RAYON_NUM_THREADS", threads)
                .output();
            String::from_utf8(output.expect("the binary runs").stdout).expect("UTF-8")
        };
        let first = answer("a.jsonl", "1");
        assert!(!first.is_empty(), "{command} {format} says nothing");
        assert_eq!(
            first,
            answer("b.jsonl", "1"),
            "{command} {format}: the order of lines shows"
        );
        assert_eq!(
            first,
            answer("c.jsonl", "2"),
            "{command} {format}: order or threads show"
        );
        assert_eq!(
            first,
            answer("a.jsonl", "2"),
            "{command} {format}: the number of threads shows"
        );
    }
}

#[test]
fn files_may_come_in_any_order() {
    let room = Room::new();
    let (head, tail) = SAMPLE.split_at(SAMPLE.match_indices('\n').nth(120).map_or(0, |(at, _)| at + 1));
    room.file("head.jsonl", head)
        .file("tail.jsonl", tail)
        .file("all.jsonl", SAMPLE);
    let answer = |files: &[&str]| {
        let arguments: Vec<&str> = ["tickets", "--format", "json"]
            .into_iter()
            .chain(files.iter().copied())
            .collect();
        room.run(&arguments).good()
    };
    assert_eq!(
        answer(&["head.jsonl", "tail.jsonl"]),
        answer(&["tail.jsonl", "head.jsonl"])
    );
    assert_eq!(answer(&["head.jsonl", "tail.jsonl"]), answer(&["all.jsonl"]));
}

#[test]
fn the_embedded_sample_is_the_file() {
    let room = Room::new();
    room.file("tickets.jsonl", SAMPLE);
    assert_eq!(
        room.run(&["report", "--sample"]).good(),
        room.run(&["report", "tickets.jsonl"]).good()
    );
}

#[test]
fn the_seed_is_recorded_and_moves_what_is_drawn() {
    let room = Room::new();
    let report = |seed: &str| {
        room.run(&["report", "--sample", "--format", "json", "--seed", seed])
            .json()
    };
    let (one, two) = (report("1"), report("2"));
    assert_eq!((&one["seed"], &two["seed"]), (&1.into(), &2.into()));
    assert_eq!(one["coverage"]["records"], two["coverage"]["records"]);
    assert_eq!(one, report("1"));
    // Of all candidates: the middle of a single one may be the same to the last digit that is shown.
    let saved = |report: &serde_json::Value| -> Vec<serde_json::Value> {
        let candidates = report["candidates"].as_array().expect("candidates");
        candidates
            .iter()
            .map(|candidate| candidate["sre_hours_saved_per_quarter_p50"].clone())
            .collect()
    };
    assert_ne!(saved(&one), saved(&two));
}
