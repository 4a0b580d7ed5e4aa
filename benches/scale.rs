//! The whole analysis at 1k, 10k and 100k tickets: time and peak memory per ticket.
//!
//! Each size runs in a process of its own, since peak memory never goes down within one. Prints a table; asserts
//! nothing, because a timed test fails on a busy machine and tells nothing on an idle one.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise"
)]

mod desk;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::time::Instant;

use desk::Desk;
use toilscope::config::{Overrides, Settings};
use toilscope::taxonomy::{Lang, Taxonomy};
use toilscope::text;
use toilscope::ticket::Ticket;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    let given =
        |name: &str| std::env::args().find_map(|argument| Some(argument.strip_prefix(name)?.to_owned()));
    let desk = match given("desk=").as_deref() {
        Some("dense") => Desk::Dense,
        _ => Desk::Ordinary,
    };
    match given("size=").and_then(|size| size.parse().ok()) {
        Some(size) => run(desk, size),
        None => {
            println!(
                "| desk | tickets | bytes | distinct | wall s | CPU s | CPU µs a ticket | peak MB | KB a ticket |"
            );
            println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (desk, size) in ["ordinary", "dense"]
                .into_iter()
                .flat_map(|desk| SIZES.map(|size| (desk, size)))
            {
                let exe = std::env::current_exe().expect("this bench");
                Command::new(exe)
                    .args([format!("desk={desk}"), format!("size={size}")])
                    .status()
                    .expect("a child runs");
            }
        }
    }
}

fn run(desk: Desk, size: usize) {
    let tickets = desk::tickets(desk, size);
    let bytes = tickets
        .iter()
        .flat_map(|ticket| [&ticket.title, &ticket.body])
        .flatten()
        .map(String::len)
        .sum::<usize>();
    let distinct = distinct_share(&tickets);
    let (before_cpu, before_peak) = (cpu_seconds(), status_kb("VmRSS:"));
    let started = Instant::now();
    let taxonomy = Taxonomy::builtin().expect("the built-in taxonomy is valid");
    let settings = Settings::resolve(Overrides::default(), Lang::Ja).expect("defaults are valid");
    let analysis = toilscope::analyze(&tickets, &taxonomy, &settings).expect("there are tickets");
    assert_eq!(analysis.coverage.tickets(), size);
    let wall = started.elapsed().as_secs_f64();
    let cpu = cpu_seconds() - before_cpu;
    let peak = status_kb("VmHWM:") - before_peak;
    let each = |total: f64| total / size as f64;
    println!(
        "| {} | {size} | {:.0} | {:.0} % | {wall:.2} | {cpu:.2} | {:.1} | {:.0} | {:.1} |",
        if desk == Desk::Dense { "dense" } else { "ordinary" },
        each(bytes as f64),
        distinct * 100.0,
        each(cpu * 1e6),
        peak / 1024.0,
        each(peak)
    );
}

/// User and system time of this process so far; clock ticks are 1/100 s on Linux.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = after_name
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn status_kb(key: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(key))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse().ok())
        .unwrap_or(0.0)
}

/// Returns the share of tickets whose set of content words no other ticket has.
fn distinct_share(tickets: &[Ticket]) -> f64 {
    let sets: Vec<BTreeSet<String>> = tickets.iter().map(words).collect();
    let mut counts = BTreeMap::new();
    for set in &sets {
        *counts.entry(set).or_insert(0_usize) += 1;
    }
    let alone = sets.iter().filter(|set| counts[set] == 1).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets")]
    let share = alone as f64 / tickets.len().max(1) as f64;
    share
}

fn words(ticket: &Ticket) -> BTreeSet<String> {
    let mut tokens = Vec::new();
    for text in [&ticket.title, &ticket.body].into_iter().flatten() {
        text::tokens(&text::fold(text), &mut tokens);
    }
    tokens.into_iter().collect()
}
