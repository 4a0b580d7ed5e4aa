//! Trains the learner on `data/examples` and writes the model that the binary carries to `data/learner.bin`.
//!
//! Run it with `cargo run --release --example train` after a change to the examples, the taxonomy, or anything that
//! the features are made of; a test says when it is due.

#![expect(clippy::print_stdout, reason = "what it did is its answer")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use toilscope::classify::learner::model::{self, Example, Model};
use toilscope::classify::learner::{examples, train::softmax};
use toilscope::evaluate::{Share, calibration_error, calibration_of};
use toilscope::taxonomy::Taxonomy;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    let taxonomy = Taxonomy::builtin()?;
    let examples = examples::read_folder(format!("{folder}/examples").as_ref(), &taxonomy)?;
    let bytes = model::train(&examples, &taxonomy);
    fs::write(format!("{folder}/learner.bin"), &bytes)?;
    println!("{} examples, {} bytes of model", examples.len(), bytes.len());
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
    print_calibration(
        &examples,
        &scores,
        &Model::read(Box::leak(bytes.into_boxed_slice()))?,
    );
    Ok(())
}

/// Prints how often answers were right by how sure a model that had not seen the hand was of them.
///
/// The temperature, a single number, was chosen on these very folds; the weights never saw them.
fn print_calibration(examples: &[Example], scores: &[Vec<f64>], model: &Model) {
    let answers: Vec<(f64, bool)> = examples
        .iter()
        .zip(scores)
        .map(|(example, scores)| {
            let scores: Vec<f64> = scores.iter().map(|score| score / model.temperature).collect();
            let chances = softmax(&scores);
            let best =
                (0..chances.len()).fold(0, |best, at| if chances[at] > chances[best] { at } else { best });
            (
                chances[best],
                best == example.pattern || Some(best) == example.also,
            )
        })
        .collect();
    println!("\n| sure | tickets | mean | right | 95 % interval |\n| --- | ---: | ---: | ---: | --- |");
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
    let over: Vec<&(f64, bool)> = answers.iter().filter(|(sure, _)| *sure >= model.sure).collect();
    let right = Share::of(over.iter().map(|(_, right)| *right));
    println!(
        "\nexpected calibration error {error:.3}; {} of {} reach {:.2}, and {:.3} of those are right",
        over.len(),
        answers.len(),
        model.sure,
        right.value().unwrap_or_default()
    );
}
