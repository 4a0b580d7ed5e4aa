//! Measures what labels teach: how much more is right after a person answered the tickets that the tool asks for first,
//! against as many chosen at random.
//!
//! `cargo run --release --example review_gain` plays it on each hand of `data/examples`, with a model that has not seen
//! the hand; `-- GOLD.jsonl …` plays it on labelled tickets of your own, with the model as it is shipped. Three shares
//! are told before and after: of all tickets (labelled ones are right then), of those without a label, and of a half
//! that nobody could label, which alone shows what was learnt and not what was corrected. `--ridge NUMBER,…` and
//! `--bias NUMBER,…` try other pulls back to the examples than the one in force (docs/accuracy.md has the table);
//! `--draws NUMBER` says how many random choices are averaged.

#![expect(clippy::print_stdout, reason = "what it measured is its answer")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;
use std::str::FromStr;

use jiff::tz::TimeZone;
use rayon::prelude::*;
use toilscope::classify::learner::examples::read_folder;
use toilscope::classify::learner::model::{Example, Model, train_calibrated};
use toilscope::classify::learner::{Learner, Observation, Teaching};
use toilscope::classify::pass::observe;
use toilscope::classify::{Assignment, Method, review};
use toilscope::evaluate::Gold;
use toilscope::source::{self, Input, ReadOptions};
use toilscope::taxonomy::Taxonomy;
use toilscope::ticket::TicketId;

/// Answers that a person gives.
const LABELS: usize = 60;
/// Answers after which the tool is asked again what to ask next.
const ROUND: usize = 20;
/// Random choices that are averaged, unless the command line says.
const DRAWS: u64 = 10;

/// A ticket with its answer.
struct Known {
    observation: Observation,
    pattern: usize,
    sub: Option<usize>,
    also: Option<usize>,
}

/// Labelled tickets of one desk, and the model that meets them.
struct Desk {
    name: String,
    model: Model,
    tickets: Vec<Known>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let taxonomy = Taxonomy::builtin()?;
    let asked = Asked::of(env::args().skip(1))?;
    let desks = if asked.files.is_empty() {
        hands(&taxonomy)?
    } else {
        let read = |file: &String| gold(file, &taxonomy);
        asked.files.iter().map(read).collect::<Result<_, _>>()?
    };
    println!(
        "{:<24} {:>5} {:>7} | {:>17} | {:>17} | {:>17}",
        "desk", "n", "labels", "all", "without a label", "unseen half"
    );
    for teaching in asked.teachings {
        println!(
            "pull of words {}, of the start {}",
            teaching.ridge, teaching.bias_ridge
        );
        let played: Vec<[[f64; 7]; 2]> = desks
            .par_iter()
            .map(|desk| {
                [true, false].map(|chosen| {
                    play(
                        desk,
                        &taxonomy,
                        if chosen { None } else { Some(asked.draws) },
                        teaching,
                    )
                })
            })
            .collect();
        for (desk, gains) in desks.iter().zip(&played) {
            for (choice, gains) in CHOICES.iter().zip(gains) {
                print_row(&format!("{} {choice}", desk.name), desk.tickets.len(), gains);
            }
        }
        for (at, choice) in CHOICES.iter().enumerate() {
            let mean = |column: usize| {
                played.iter().map(|gains| gains[at][column]).sum::<f64>() / number(played.len().max(1))
            };
            print_row(
                &format!("mean, {choice}"),
                0,
                &std::array::from_fn::<_, 7, _>(mean),
            );
        }
    }
    Ok(())
}

/// How tickets are chosen for a label.
const CHOICES: [&str; 2] = ["chosen", "random"];

/// What the command line asks for: labelled files, and pulls to try in place of the one in force.
struct Asked {
    files: Vec<String>,
    teachings: Vec<Teaching>,
    draws: u64,
}

impl Asked {
    /// Reads `[--ridge NUMBER,…] [--bias NUMBER,…] [--draws NUMBER] [GOLD.jsonl …]`; each is tried with
    /// each.
    fn of(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let usual = Teaching::OVER_EXAMPLES;
        let (mut files, mut ridges, mut biases) = (Vec::new(), vec![usual.ridge], vec![usual.bias_ridge]);
        let mut draws = vec![DRAWS];
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--ridge" => ridges = numbers(arguments.next())?,
                "--bias" => biases = numbers(arguments.next())?,
                "--draws" => draws = numbers(arguments.next())?,
                _ => files.push(argument),
            }
        }
        let mut teachings = Vec::new();
        for ridge in ridges {
            teachings.extend(biases.iter().map(|bias_ridge| Teaching {
                ridge,
                bias_ridge: *bias_ridge,
            }));
        }
        let draws = draws.first().copied().unwrap_or(DRAWS).max(1);
        Ok(Self {
            files,
            teachings,
            draws,
        })
    }
}

fn numbers<T: FromStr<Err: Error + 'static>>(list: Option<String>) -> Result<Vec<T>, Box<dyn Error>> {
    let list = list.ok_or("a list of numbers is missing")?;
    Ok(list.split(',').map(str::parse).collect::<Result<_, _>>()?)
}

fn print_row(name: &str, tickets: usize, shares: &[f64; 7]) {
    let [labels, all, all_after, rest, rest_after, half, half_after] = *shares;
    let pair = |before: f64, after: f64| format!("{before:.3} → {after:.3} {:+.1}", 100.0 * (after - before));
    println!(
        "{name:<24} {tickets:>5} {labels:>7.0} | {:>17} | {:>17} | {:>17}",
        pair(all, all_after),
        pair(rest, rest_after),
        pair(half, half_after)
    );
}

/// The hands of the examples, each with a model trained on the others.
fn hands(taxonomy: &Taxonomy) -> Result<Vec<Desk>, Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/examples");
    let examples = read_folder(folder.as_ref(), taxonomy)?;
    let mut names: Vec<&str> = examples.iter().map(|e| e.hand.as_str()).collect();
    names.dedup();
    names
        .into_iter()
        .map(|hand| one_hand(hand, &examples, taxonomy))
        .collect()
}

fn one_hand(hand: &str, examples: &[Example], taxonomy: &Taxonomy) -> Result<Desk, Box<dyn Error>> {
    let (of_hand, others): (Vec<Example>, Vec<Example>) =
        examples.iter().cloned().partition(|example| example.hand == hand);
    // The model borrows its bytes for as long as the program runs.
    let shipped = Model::shipped()?;
    let bytes = train_calibrated(&others, taxonomy, shipped.calibrations);
    let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
    let known = |example: Example| Known {
        observation: example.observation,
        pattern: example.pattern,
        sub: example.sub,
        also: example.also,
    };
    Ok(Desk {
        name: hand.to_owned(),
        model: Model::read(bytes)?,
        tickets: of_hand.into_iter().map(known).collect(),
    })
}

/// Labelled tickets from a file, for the shipped model.
fn gold(file: &str, taxonomy: &Taxonomy) -> Result<Desk, Box<dyn Error>> {
    let input = Input {
        name: file.to_owned(),
        bytes: fs::read(file)?,
    };
    let options = ReadOptions {
        zone: TimeZone::UTC,
        columns: BTreeMap::new(),
        format: None,
    };
    let reading = source::read(&[input], &options)?;
    let place = |id: &str| taxonomy.patterns.iter().position(|pattern| pattern.id == id);
    let (mut tickets, mut answers) = (Vec::new(), Vec::new());
    for ticket in &reading.tickets {
        let Ok(gold) = Gold::of(ticket, taxonomy) else {
            continue;
        };
        let Some(pattern) = place(&gold.pattern) else {
            continue;
        };
        let subs = &taxonomy.patterns[pattern].subs;
        let sub = gold
            .subpattern
            .and_then(|id| subs.iter().position(|sub| sub.id == id));
        answers.push((pattern, sub, gold.also.as_deref().and_then(place)));
        tickets.push(ticket);
    }
    let known = |(observation, (pattern, sub, also))| Known {
        observation,
        pattern,
        sub,
        also,
    };
    Ok(Desk {
        name: file.rsplit('/').next().unwrap_or(file).to_owned(),
        model: Model::shipped()?,
        tickets: observe(&tickets, taxonomy)
            .into_iter()
            .zip(answers)
            .map(known)
            .collect(),
    })
}

/// Plays a desk in the tool's order or in so many random ones.
///
/// Labels given, then the share right before and after: of all, of those without a label, of the unseen half.
fn play(desk: &Desk, taxonomy: &Taxonomy, random: Option<u64>, teaching: Teaching) -> [f64; 7] {
    let all: Vec<usize> = (0..desk.tickets.len()).collect();
    let draws = random.unwrap_or(1);
    let mut sum = [0.0; 7];
    for draw in 0..draws {
        let order = if random.is_some() {
            Order::Drawn(draw)
        } else {
            Order::Asked
        };
        let whole = Game {
            desk,
            taxonomy,
            pool: all.clone(),
            teaching,
        }
        .run(order);
        let (pool, unseen): (Vec<usize>, Vec<usize>) = all
            .iter()
            .partition(|at| shuffled(**at, u64::MAX).is_multiple_of(2));
        let half = Game {
            desk,
            taxonomy,
            pool,
            teaching,
        }
        .run(order);
        let before = Learner::with(Some(desk.model.clone()), taxonomy);
        let rest: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| !whole.labelled.contains(at))
            .collect();
        let correct = all
            .iter()
            .filter(|at| whole.labelled.contains(at) || is_right(desk, &whole.learner, **at));
        let labels = whole.labelled.len();
        let shares = [
            number(labels),
            share(desk, &before, &all),
            number(correct.count()) / number(all.len()),
            share(desk, &before, &rest),
            share(desk, &whole.learner, &rest),
            share(desk, &before, &unseen),
            share(desk, &half.learner, &unseen),
        ];
        for (total, share) in sum.iter_mut().zip(shares) {
            *total += share / number(usize::try_from(draws).unwrap_or(1));
        }
    }
    sum
}

/// In which order tickets get their labels.
#[derive(Clone, Copy)]
enum Order {
    /// As the tool asks.
    Asked,
    /// At random, by the number of the draw.
    Drawn(u64),
}

struct Game<'a> {
    desk: &'a Desk,
    taxonomy: &'a Taxonomy,
    /// Tickets that may be asked about.
    pool: Vec<usize>,
    /// How strongly the labels may move the learner.
    teaching: Teaching,
}

struct Played<'a> {
    labelled: Vec<usize>,
    learner: Learner<'a>,
}

impl<'a> Game<'a> {
    /// Lets a person answer, by the tool's order or in the random order of a draw.
    fn run(&self, order: Order) -> Played<'a> {
        let fresh = || Learner::with(Some(self.desk.model.clone()), self.taxonomy);
        let mut labelled: Vec<usize> = Vec::new();
        let mut learner = fresh();
        while labelled.len() < LABELS && labelled.len() < self.pool.len() {
            let open: Vec<usize> = self
                .pool
                .iter()
                .copied()
                .filter(|at| !labelled.contains(at))
                .collect();
            let next = match order {
                Order::Asked => self.asked(&learner, &labelled),
                Order::Drawn(draw) => {
                    let mut open = open.clone();
                    open.sort_by_key(|at| shuffled(*at, draw));
                    open
                }
            };
            labelled.extend(next.into_iter().take(ROUND.min(LABELS - labelled.len())));
            let answers: Vec<_> = labelled
                .iter()
                .map(|at| &self.desk.tickets[*at])
                .map(|known| (known.observation.clone(), known.pattern, known.sub))
                .collect();
            learner = fresh().taught_as(&answers, self.teaching);
        }
        Played { labelled, learner }
    }

    /// Open tickets in the order in which the tool asks for them.
    fn asked(&self, learner: &Learner<'_>, labelled: &[usize]) -> Vec<usize> {
        let assignments: Vec<Assignment> = self
            .pool
            .iter()
            .map(|at| assignment(*at, self.desk, learner, self.taxonomy, labelled.contains(at)))
            .collect();
        let order = review::order(&assignments);
        let open = order.into_iter().map(|place| self.pool[place]);
        open.filter(|at| !labelled.contains(at)).collect()
    }
}

fn assignment(
    at: usize,
    desk: &Desk,
    learner: &Learner<'_>,
    taxonomy: &Taxonomy,
    labelled: bool,
) -> Assignment {
    let opinion = learner.judge(&desk.tickets[at].observation);
    let mut by_chance: Vec<usize> = (0..opinion.chances.len()).collect();
    by_chance.sort_by(|a, b| opinion.chances[*b].total_cmp(&opinion.chances[*a]).then(a.cmp(b)));
    let second = by_chance.into_iter().find(|other| *other != opinion.pattern);
    let chance = |at: Option<usize>| at.map_or(0.0, |at| opinion.chances[at]);
    let pattern = &taxonomy.patterns[opinion.pattern];
    let sub = opinion.sub.map(|sub| pattern.subs[sub].id.clone());
    Assignment {
        id: TicketId::new(&format!("{at:06}")).unwrap_or_else(|| unreachable!("it has digits")),
        pattern: pattern.id.clone(),
        subpattern: sub.clone(),
        group: sub,
        method: if labelled { Method::Label } else { Method::Learner },
        confidence: chance(Some(opinion.pattern)),
        margin: chance(Some(opinion.pattern)) - chance(second),
        secondary: None,
        runner_up: second
            .filter(|at| opinion.chances[*at] >= 0.2)
            .map(|at| taxonomy.patterns[at].id.clone()),
        needs_review: !opinion.sure,
        excluded: None,
        slots_present: Vec::new(),
        signs: Vec::new(),
        complete: None,
        evidence: Vec::new(),
    }
}

fn is_right(desk: &Desk, learner: &Learner<'_>, at: usize) -> bool {
    let known = &desk.tickets[at];
    let found = learner.judge(&known.observation).pattern;
    found == known.pattern || Some(found) == known.also
}

fn share(desk: &Desk, learner: &Learner<'_>, of: &[usize]) -> f64 {
    number(of.iter().filter(|at| is_right(desk, learner, **at)).count()) / number(of.len().max(1))
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A number that looks random and depends on nothing but the place and the draw (SplitMix64).
fn shuffled(at: usize, draw: u64) -> u64 {
    let mut state =
        draw.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (at as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
