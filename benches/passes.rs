//! Each pass by itself at 1k, 10k and 100k tickets, and what a run pays before its first ticket.

#![expect(clippy::expect_used, reason = "a bench stops at the first surprise")]

mod desk;

use std::collections::BTreeSet;

use desk::Desk;
use divan::Bencher;
use toilscope::classify::cluster;
use toilscope::classify::learner::{Learner, Observation};
use toilscope::classify::pass::observe;
use toilscope::classify::rules::Rules;
use toilscope::classify::{self, prose::Prose};
use toilscope::taxonomy::Taxonomy;
use toilscope::text::{Boilerplate, Document, Parts, Recognizer};
use toilscope::ticket::Ticket;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn parts(ticket: &Ticket) -> Parts<'_> {
    Parts {
        title: ticket.title.as_deref(),
        body: ticket.body.as_deref(),
        category: None,
        comments: Vec::new(),
    }
}

#[divan::bench(sample_count = 20)]
fn taxonomy_load() -> Taxonomy {
    Taxonomy::builtin().expect("the built-in taxonomy is valid")
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn text_documents(bencher: Bencher<'_, '_>, size: usize) {
    let tickets = desk::tickets(Desk::Ordinary, size);
    bencher.bench(|| {
        tickets
            .iter()
            .map(|t| Document::read(&parts(t), &Boilerplate::none()).passages.len())
            .sum::<usize>()
    });
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn text_mask(bencher: Bencher<'_, '_>, size: usize) {
    let tickets = desk::tickets(Desk::Ordinary, size);
    let recognizer = Recognizer::new(&BTreeSet::new());
    bencher.bench(|| {
        tickets
            .iter()
            .filter_map(|t| t.body.as_deref())
            .map(|body| recognizer.mask(body).len())
            .sum::<usize>()
    });
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn rules(bencher: Bencher<'_, '_>, size: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let rules = Rules::new(&taxonomy);
    let read = |t: &Ticket| Prose::read(&Document::read(&parts(t), &Boilerplate::none()), &taxonomy.engine);
    let prose: Vec<Prose> = desk::tickets(Desk::Ordinary, size).iter().map(read).collect();
    bencher.bench(|| {
        prose
            .iter()
            .map(|prose| rules.read(prose).votes.len())
            .sum::<usize>()
    });
}

/// What the learner costs before its first ticket.
#[divan::bench(sample_count = 20)]
fn learner_start(bencher: Bencher<'_, '_>) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    bencher.bench(|| Learner::new(&taxonomy).learnt());
}

/// Everything up to the features: documents, rules, entities, and the features themselves.
#[divan::bench(args = SIZES, sample_count = 3)]
fn learner_observe(bencher: Bencher<'_, '_>, size: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let tickets = desk::tickets(Desk::Ordinary, size);
    let tickets: Vec<&Ticket> = tickets.iter().collect();
    bencher.bench(|| observe(&tickets, &taxonomy).len());
}

/// The decision, once the features are there.
#[divan::bench(args = SIZES, sample_count = 3)]
fn learner_judge(bencher: Bencher<'_, '_>, size: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let seen = observed(size, &taxonomy);
    let learner = Learner::new(&taxonomy);
    bencher.bench(|| seen.iter().filter(|seen| learner.judge(seen).sure).count());
}

/// The search for the words that moved it.
#[divan::bench(args = SIZES, sample_count = 3)]
fn learner_reasons(bencher: Bencher<'_, '_>, size: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let seen = observed(size, &taxonomy);
    let learner = Learner::new(&taxonomy);
    bencher.bench(|| {
        seen.iter()
            .map(|seen| learner.reasons(0, seen).len())
            .sum::<usize>()
    });
}

/// Learning from an hour of a person's answers.
#[divan::bench(args = [60, 600], sample_count = 5)]
fn learner_teach(bencher: Bencher<'_, '_>, labels: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let patterns = taxonomy.patterns.len();
    let answers: Vec<_> = observed(labels, &taxonomy)
        .into_iter()
        .enumerate()
        .map(|(at, seen)| (seen, at % patterns, None))
        .collect();
    bencher.bench(|| Learner::new(&taxonomy).taught(&answers).learnt());
}

fn observed(size: usize, taxonomy: &Taxonomy) -> Vec<Observation> {
    let tickets = desk::tickets(Desk::Ordinary, size);
    observe(&tickets.iter().collect::<Vec<_>>(), taxonomy)
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn classify_all(bencher: Bencher<'_, '_>, size: usize) {
    let taxonomy = Taxonomy::builtin().expect("valid");
    let tickets = desk::tickets(Desk::Ordinary, size);
    let tickets: Vec<&Ticket> = tickets.iter().collect();
    let windows = vec![String::new(); size];
    bencher.bench(|| {
        classify::classify(
            &tickets,
            &windows,
            &BTreeSet::new(),
            &taxonomy,
            &classify::Given::default(),
            &cluster::Options::default(),
        )
        .groups
        .len()
    });
}
