//! Trains the learner on `data/examples` and writes the model that the binary carries to `data/learner.bin`.
//!
//! Run it with `cargo run --release --example train` after a change to the examples, the taxonomy, or anything that
//! the features are made of; a test says when it is due.

#![expect(clippy::print_stdout, reason = "what it did is its answer")]

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
    Ok(())
}
