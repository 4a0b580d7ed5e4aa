//! Measures whether a theme that the taxonomy does not know comes out as one group.
//!
//! `cargo run --release --example discovery` takes one sub-pattern after the other away: its cues and slots from the
//! taxonomy, its examples from what the learner learns. Then tickets of hands that nothing was learnt from are
//! classified and grouped, and the group nearest to the theme is looked at: how many of the theme's tickets are in it,
//! and how many others. Only groups that nobody named count; where the rest of the theme went is told too. A number
//! names another third of the hands as the desk.

#![expect(clippy::print_stdout, reason = "what it measured is its answer")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;

use toilscope::classify::learner::examples::Written;
use toilscope::evaluate::nearest;
use toilscope::taxonomy::Taxonomy;
use toilscope::ticket::Ticket;

use crate::hands::{Hand, grouped, hands, learn, ticket};

#[path = "common/hands.rs"]
mod hands;

/// Every third hand is of the desk, the others are learnt from.
const PARTS: usize = 3;
/// Fewest tickets of a theme on the desk: a group of fewer is not worth a name.
const LEAST: usize = 8;
/// F1 from which a theme counts as found.
const FOUND: f64 = 0.6;

fn main() -> Result<(), Box<dyn Error>> {
    let part = env::args()
        .nth(1)
        .map_or(Ok(0), |number| number.parse::<usize>())?
        % PARTS;
    let hands = hands()?;
    let (desk, learnt): (Vec<_>, Vec<_>) = hands.iter().enumerate().partition(|(at, _)| at % PARTS == part);
    let tickets: Vec<(Ticket, &Written)> = desk
        .iter()
        .flat_map(|(_, hand)| &hand.lines)
        .filter_map(|(_, written)| Some((ticket(&written.id, &written.title, &written.body)?, written)))
        .collect();
    let mut themes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, written) in tickets.iter().filter(|(_, written)| written.excluded.is_none()) {
        if let Some(sub) = &written.subpattern {
            *themes.entry(sub).or_default() += 1;
        }
    }
    themes.retain(|_, count| *count >= LEAST);
    println!(
        "{} tickets of {} hands, learnt from {} others\n",
        tickets.len(),
        desk.len(),
        learnt.len()
    );
    println!(
        "| theme taken away | tickets | kept by another sub-pattern | in no group | in the nearest group | of | F1 |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let learnt: Vec<&Hand> = learnt.iter().map(|(_, hand)| *hand).collect();
    let (mut found, mut sum, mut kept, mut all) = (0, 0.0, 0, 0);
    for (theme, count) in &themes {
        let fate = without(theme, &tickets, &learnt)?;
        println!(
            "| {theme} | {count} | {} | {} | {} | {} | {:.2} |",
            fate.kept, fate.alone, fate.shared, fate.size, fate.f1
        );
        found += usize::from(fate.f1 >= FOUND);
        sum += fate.f1;
        kept += fate.kept;
        all += count;
    }
    let mean = sum / f64::from(u32::try_from(themes.len().max(1))?);
    println!(
        "\n{found} of {} themes come out as one group with F1 of {FOUND} or more; mean {mean:.2}; {kept} of {all} tickets are kept by other sub-patterns\n",
        themes.len()
    );
    Ok(())
}

/// What became of the tickets of a theme that nobody knows.
#[derive(Debug, Default)]
struct Fate {
    /// Tickets that another sub-pattern has.
    kept: usize,
    /// Tickets that are in no group.
    alone: usize,
    /// Tickets that the nearest group has, how many that has in all, and how well both agree.
    shared: usize,
    size: usize,
    f1: f64,
}

/// Takes a theme away and looks for its tickets.
fn without(theme: &str, tickets: &[(Ticket, &Written)], learnt: &[&Hand]) -> Result<Fate, Box<dyn Error>> {
    let mut taxonomy = Taxonomy::builtin()?;
    for pattern in &mut taxonomy.patterns {
        pattern.subs.retain(|sub| sub.id != theme);
    }
    let model = learn(learnt, &taxonomy, Some(theme))?;
    let of_desk: Vec<&Ticket> = tickets.iter().map(|(ticket, _)| ticket).collect();
    let found = grouped(model, &of_desk, &taxonomy);
    let mut fate = Fate::default();
    let mut pairs: Vec<(&str, Option<&str>)> = Vec::new();
    for ((_, written), assignment) in tickets.iter().zip(&found.assignments) {
        if written.excluded.is_some() {
            continue;
        }
        let kind = written.subpattern.as_deref().unwrap_or_default();
        let known = assignment.subpattern.is_some();
        if kind == theme {
            fate.kept += usize::from(known);
            fate.alone += usize::from(!known && assignment.group.is_none());
        }
        pairs.push((kind, assignment.group.as_deref().filter(|_| !known)));
    }
    if let Some(near) = nearest(&pairs).into_iter().find(|near| near.kind == theme) {
        (fate.shared, fate.size, fate.f1) = (near.shared, near.size, near.f1());
    }
    Ok(fate)
}
