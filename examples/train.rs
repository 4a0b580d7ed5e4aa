//! Trains the learner on `data/examples` and writes the model that the binary carries to `data/learner.bin`.
//!
//! Run it with `cargo run --release --example train` after a change to the examples, the taxonomy, or anything that
//! the features are made of; a test says when it is due.

#![expect(clippy::print_stdout, reason = "what it did is its answer")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use toilscope::classify::learner::examples;
use toilscope::classify::learner::model::{self, Example};
use toilscope::evaluate::{Share, calibration_error, calibration_of};
use toilscope::taxonomy::{Lang, Taxonomy};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    let taxonomy = Taxonomy::builtin()?;
    let examples = examples::read_folder(format!("{folder}/examples").as_ref(), &taxonomy)?;
    let bytes = model::train(&examples, &taxonomy);
    fs::write(format!("{folder}/learner.bin"), &bytes)?;
    println!("{} examples, {} bytes of model", examples.len(), bytes.len());
    println!(
        "{:?}",
        model::Model::read(Box::leak(bytes.into_boxed_slice()))?.calibrations
    );
    let scores = model::cross_validate(&examples, taxonomy.patterns.len());
    let mut hands: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (example, scores) in examples.iter().zip(&scores) {
        let is_right = |place: usize| scores.iter().all(|score| *score <= scores[place]);
        let right = is_right(example.pattern) || example.also.is_some_and(is_right);
        for hand in [example.hand.as_str(), "all hands"] {
            let (count, all) = hands.entry(hand).or_default();
            *count += u32::from(right);
            *all += 1;
        }
    }
    for (hand, (right, all)) in hands {
        println!(
            "{hand}: {:.3} of {all} right, by a model that has not seen the hand",
            f64::from(right) / f64::from(all)
        );
    }
    print_calibration(&examples, &scores);
    Ok(())
}

/// What a model that had not seen the hand said of an example: how sure it was, whether that reached the bar, and
/// whether it was right.
struct Said<'a> {
    example: &'a Example,
    sure: f64,
    reaches: bool,
    right: bool,
}

/// Prints how often answers were right by how sure they were said to be.
///
/// Neither the weights nor temperatures nor bars had seen the hand that they are tried on: these are chosen anew for each
/// hand on all others. Those that are shipped are chosen on all.
fn print_calibration(examples: &[Example], scores: &[Vec<f64>]) {
    let scored: Vec<(&Example, &[f64])> = examples.iter().zip(scores.iter().map(Vec::as_slice)).collect();
    let mut hands: Vec<&str> = examples.iter().map(|example| example.hand.as_str()).collect();
    hands.sort_unstable();
    hands.dedup();
    let mut said: Vec<Said<'_>> = Vec::new();
    for hand in hands {
        let (of_hand, others): (Vec<_>, Vec<_>) = scored
            .iter()
            .copied()
            .partition(|(example, _)| example.hand == hand);
        let calibrations = model::calibrate(&others);
        said.extend(of_hand.into_iter().map(|(example, scores)| {
            let of = calibrations.of(example.observation.lang);
            let model::Answer {
                sure,
                rules_agree,
                right,
            } = model::answer(example, scores, of.temperature);
            Said {
                example,
                sure,
                reaches: sure >= of.bar(rules_agree),
                right,
            }
        }));
    }
    println!("\n| sure | tickets | mean | right | 95 % interval |\n| --- | ---: | ---: | ---: | --- |");
    let answers: Vec<(f64, bool)> = said.iter().map(|one| (one.sure, one.right)).collect();
    let bins = calibration_of(&answers);
    for bin in &bins {
        if let (Some(mean), Some(right), Some((low, high))) =
            (bin.mean, bin.right.value(), bin.right.interval())
        {
            println!(
                "| {:.1} to {:.1} | {} | {mean:.2} | {right:.2} | {low:.2} to {high:.2} |",
                bin.from, bin.to, bin.right.all
            );
        }
    }
    let error = calibration_error(&bins).unwrap_or_default();
    println!("\nexpected calibration error {error:.3}");
    print_over(&said);
}

/// Prints how right the answers are that reach the bar, by language and by hand.
fn print_over(said: &[Said<'_>]) {
    println!(
        "\n| tickets | all | not marked | right of these | 95 % interval |\n| --- | ---: | ---: | ---: | --- |"
    );
    let hands = said.iter().map(|one| one.example.hand.as_str());
    let parts: BTreeSet<&str> = hands.collect();
    for part in ["all hands", "Japanese", "English"].into_iter().chain(parts) {
        let is_of = |one: &&Said<'_>| match part {
            "all hands" => true,
            "Japanese" => one.example.observation.lang == Lang::Ja,
            "English" => one.example.observation.lang == Lang::En,
            hand => one.example.hand == hand,
        };
        let of_part: Vec<&Said<'_>> = said.iter().filter(is_of).collect();
        let right = Share::of(of_part.iter().filter(|one| one.reaches).map(|one| one.right));
        if let (Some(value), Some((low, high))) = (right.value(), right.interval()) {
            println!(
                "| {part} | {} | {} | {value:.2} | {low:.2} to {high:.2} |",
                of_part.len(),
                right.all
            );
        }
    }
}
