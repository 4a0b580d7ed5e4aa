//! How often verdicts are wrong where nothing changed, and how often they find what did: the figures of `docs/trend.md`.
//!
//! ```sh
//! cargo run --release --example honesty -- 200
//! ```

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "its answer; desks are built from what is known to be right"
)]

mod desk;

use desk::{Desk, Planted, Weather, is_alarm, of_target};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use toilscope::trend::Verdict;

fn main() {
    let histories: u64 = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(200);
    let sizes: &[f64] = if std::env::args().any(|argument| argument == "--small") {
        &[1.0]
    } else {
        &[1.0, 4.0]
    };
    let desk = |weather, planted, quarters, size| Desk {
        weather,
        planted,
        quarters,
        size,
    };
    println!("nothing planted: share of {histories} reports with any clear verdict, mean number of tests");
    for quarters in [3, 4, 5, 8] {
        for weather in [
            Weather::Poisson,
            Weather::Scattered,
            Weather::Bursts,
            Weather::Dips,
            Weather::April,
        ] {
            // A peak every April is a change to whoever has not seen two years of them.
            if weather == Weather::April && quarters < 8 {
                continue;
            }
            for size in sizes {
                let drawn = |seed| desk(weather, Planted::Nothing, quarters, *size).judged(seed);
                let judged: Vec<_> = (0..histories).into_par_iter().map(drawn).collect();
                let alarms = judged.iter().filter(|judged| is_alarm(judged)).count();
                let tests: usize = judged.iter().map(|judged| judged.tests).sum();
                let (alarms, tests) = (share(alarms, histories), share(tests, histories));
                println!("{quarters} quarters, {weather:?}, size {size}: {alarms:.3}, {tests:.0} tests");
            }
        }
    }
    println!("planted in a kind of 40 a quarter: found clearly, found clearly or possibly");
    for (quarters, planted) in [
        (4, Planted::Halved(3)),
        (4, Planted::Halved(2)),
        (5, Planted::Halved(4)),
        (5, Planted::Halved(3)),
        (5, Planted::Halved(2)),
        (8, Planted::Halved(7)),
        (8, Planted::Halved(6)),
        (8, Planted::Halved(4)),
        (4, Planted::Growing),
        (5, Planted::Growing),
    ] {
        for weather in [Weather::Poisson, Weather::Scattered] {
            let drawn = |seed| of_target(&desk(weather, planted, quarters, 1.0).judged(seed));
            let found: Vec<_> = (0..histories).into_par_iter().map(drawn).collect();
            let (clear, possible) = match planted {
                Planted::Growing => (Verdict::ClearRise, Verdict::PossibleRise),
                _ => (Verdict::ClearFall, Verdict::PossibleFall),
            };
            let clearly = found.iter().filter(|of| of.contains(&clear)).count();
            let any = found
                .iter()
                .filter(|of| of.contains(&clear) || of.contains(&possible))
                .count();
            println!(
                "{quarters} quarters, {planted:?}, {weather:?}: {:.2}, {:.2}",
                share(clearly, histories),
                share(any, histories)
            );
        }
    }
}

fn share(part: usize, whole: u64) -> f64 {
    part as f64 / whole as f64
}
