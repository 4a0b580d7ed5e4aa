//! Trains the learner on `data/examples` and writes the model that the binary carries to `data/learner.bin`.
//!
//! Run it with `cargo run --release --example train` after a change to the examples, the taxonomy, or anything that
//! the features are made of; a test says when it is due.

#![expect(clippy::print_stdout, reason = "what it did is its answer")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use toilscope::classify::learner::{examples, model};
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
    Ok(())
}
