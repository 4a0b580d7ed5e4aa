//! Measures whether themes that the taxonomy does not know, planted into desks, come out as one group each.
//!
//! `cargo run --release --example planted -- FILE…` reads tickets of themes (JSONL: `id, theme, title, body`) and plants
//! three themes at a time into desks of hands that nothing was learnt from. For each theme it prints, over all desks and
//! all company it had, how well the nearest group agrees with it, into how many groups it broke, and who kept the rest;
//! for each desk, how well all groups agree with the kinds that people see. `--desk FILE` adds a desk of gold tickets
//! (`id, title, body, pattern, subpattern`), read by the shipped model.

#![expect(clippy::print_stdout, reason = "what it measured is its answer")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;

use serde::Deserialize;
use toilscope::classify::learner::model::Model;
use toilscope::evaluate::{agreement, nearest};
use toilscope::taxonomy::Taxonomy;
use toilscope::ticket::Ticket;

use crate::hands::{Hand, grouped, hands, learn, ticket};

#[path = "common/hands.rs"]
mod hands;

/// Desks by the hands they are of: a third of all hands is never learnt from, and the desk is of that third.
const DESKS: [(&str, &[&str]); 3] = [
    ("three Japanese companies", &["h26", "h29", "h32"]),
    ("four companies", &["h01", "h04", "h07", "h25"]),
    ("Japanese and English", &["h12", "h21", "h24"]),
];
/// Every third hand is left out of what is learnt for a desk.
const PARTS: usize = 3;
/// F1 from which a theme counts as found.
const FOUND: f64 = 0.6;
/// Fewest tickets of a theme in a group that counts as a piece of it.
const PIECE: usize = 3;

/// A ticket of a theme.
#[derive(Debug, Deserialize)]
struct Planted {
    id: String,
    #[serde(alias = "subpattern")]
    theme: String,
    title: String,
    #[serde(default)]
    body: String,
}

/// A ticket of a desk that somebody labelled.
#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    title: String,
    #[serde(default)]
    body: String,
    pattern: String,
    #[serde(default)]
    subpattern: Option<String>,
    #[serde(default)]
    excluded: serde_json::Value,
}

/// A desk: its tickets with the kinds that people see, `None` for what is no request, and who reads them.
struct Place {
    name: String,
    tickets: Vec<(Ticket, Option<String>)>,
    model: Model,
}

/// What became of one theme on one desk.
struct Fate {
    theme: String,
    tickets: usize,
    shared: usize,
    size: usize,
    f1: f64,
    /// Groups with at least three of its tickets.
    pieces: usize,
    /// Its tickets that a sub-pattern kept, by sub-pattern.
    kept: BTreeMap<String, usize>,
    /// Its tickets in no group.
    alone: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut planted, mut desks): (Vec<Planted>, Vec<String>) = (Vec::new(), Vec::new());
    let mut paths = env::args().skip(1);
    while let Some(path) = paths.next() {
        if path == "--desk" {
            desks.extend(paths.next());
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            let mut one: Planted = serde_json::from_str(line)?;
            one.id = format!("planted-{}-{}", planted.len(), one.id);
            planted.push(one);
        }
    }
    let mut themes: Vec<&str> = planted.iter().map(|one| one.theme.as_str()).collect();
    themes.sort_unstable();
    themes.dedup();
    let (hands, taxonomy) = (hands()?, Taxonomy::builtin()?);
    let mut fates: Vec<Fate> = Vec::new();
    println!(
        "| desk | tickets | themes | groups that nobody named | AMI |\n| --- | ---: | --- | ---: | ---: |"
    );
    let of_hands = DESKS
        .iter()
        .map(|(name, of_desk)| of_hands(name, &hands, of_desk, &taxonomy));
    for place in of_hands.chain(desks.iter().map(|path| of_file(path))) {
        let place = place?;
        for first in 0..themes.len() {
            let company: Vec<&str> = [0, 1, 3]
                .map(|step| themes[(first + step) % themes.len()])
                .to_vec();
            let tickets: Vec<&Planted> = planted
                .iter()
                .filter(|one| company.contains(&one.theme.as_str()))
                .collect();
            fates.extend(plant(&place, &tickets, &company, &taxonomy));
        }
    }
    print(&themes, &fates);
    Ok(())
}

/// A desk of some hands, read by what is learnt from all hands but the third that they are of.
fn of_hands(
    name: &str,
    hands: &[Hand],
    names: &[&str],
    taxonomy: &Taxonomy,
) -> Result<Place, Box<dyn Error>> {
    let of_desk = |hand: &Hand| {
        names
            .iter()
            .any(|name| hand.file.ends_with(&format!("{name}.jsonl")))
    };
    let part = hands.iter().position(of_desk).ok_or("no such hand")? % PARTS;
    let learnt: Vec<&Hand> = hands
        .iter()
        .enumerate()
        .filter(|(at, _)| at % PARTS != part)
        .map(|(_, hand)| hand)
        .collect();
    let written = hands
        .iter()
        .filter(|hand| of_desk(hand))
        .flat_map(|hand| &hand.lines);
    let tickets = written.filter_map(|(_, one)| {
        let kind = one.subpattern.as_ref().unwrap_or(&one.pattern);
        let kind = one.excluded.is_none().then(|| kind.clone());
        Some((ticket(&one.id, &one.title, &one.body)?, kind))
    });
    Ok(Place {
        name: name.to_owned(),
        tickets: tickets.collect(),
        model: learn(&learnt, taxonomy, None)?,
    })
}

/// A desk of a file, read by the shipped model.
fn of_file(path: &str) -> Result<Place, Box<dyn Error>> {
    let mut tickets = Vec::new();
    for line in fs::read_to_string(path)?.lines() {
        let one: Labelled = serde_json::from_str(line)?;
        let kind = one.subpattern.unwrap_or(one.pattern);
        if let Some(ticket) = ticket(&one.id, &one.title, &one.body) {
            let asks = matches!(
                one.excluded,
                serde_json::Value::Null | serde_json::Value::Bool(false)
            );
            tickets.push((ticket, asks.then_some(kind)));
        }
    }
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(Place {
        name,
        tickets,
        model: Model::shipped()?,
    })
}

/// Plants themes into a desk and looks for them.
fn plant(place: &Place, planted: &[&Planted], company: &[&str], taxonomy: &Taxonomy) -> Vec<Fate> {
    let of_desk = place
        .tickets
        .iter()
        .map(|(ticket, kind)| (ticket.clone(), kind.as_deref()));
    let of_themes = planted
        .iter()
        .filter_map(|one| Some((ticket(&one.id, &one.title, &one.body)?, Some(one.theme.as_str()))));
    let tickets: Vec<(Ticket, Option<&str>)> = of_desk.chain(of_themes).collect();
    let plain: Vec<&Ticket> = tickets.iter().map(|(ticket, _)| ticket).collect();
    let found = grouped(place.model.clone(), &plain, taxonomy);
    let pairs: Vec<(&str, Option<&str>)> = tickets
        .iter()
        .zip(&found.assignments)
        .filter_map(|((_, kind), assignment)| Some(((*kind)?, assignment.group.as_deref())))
        .collect();
    println!(
        "| {} | {} | {} | {} | {:.3} |",
        place.name,
        tickets.len(),
        company.join(", "),
        found.groups.len(),
        agreement(&pairs).map_or(0.0, |of| of.ami)
    );
    // Only groups that nobody named can be the theme's.
    let unnamed: Vec<(&str, Option<&str>)> = tickets
        .iter()
        .zip(&found.assignments)
        .map(|((_, kind), assignment)| {
            let group = assignment
                .group
                .as_deref()
                .filter(|_| assignment.subpattern.is_none());
            (kind.unwrap_or_default(), group)
        })
        .collect();
    let near = nearest(&unnamed);
    company
        .iter()
        .filter_map(|theme| {
            let near = near.iter().find(|near| near.kind == *theme)?;
            let mut pieces: BTreeMap<&str, usize> = BTreeMap::new();
            let (mut kept, mut alone) = (BTreeMap::new(), 0);
            for ((_, group), assignment) in unnamed
                .iter()
                .zip(&found.assignments)
                .filter(|((kind, _), _)| kind == theme)
            {
                match (group, &assignment.subpattern) {
                    (Some(group), _) => *pieces.entry(group).or_default() += 1,
                    (None, Some(sub)) => *kept.entry(sub.clone()).or_default() += 1,
                    (None, None) => alone += 1,
                }
            }
            Some(Fate {
                theme: (*theme).to_owned(),
                tickets: near.tickets,
                shared: near.shared,
                size: near.size,
                f1: near.f1(),
                pieces: pieces.values().filter(|count| **count >= PIECE).count(),
                kept,
                alone,
            })
        })
        .collect()
}

/// Prints what became of each theme, on average over its desks.
fn print(themes: &[&str], fates: &[Fate]) {
    println!(
        "\n| theme | tickets | runs | found | F1 | precision | recall | pieces | kept by sub-patterns | in no group | kept most by |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    );
    for theme in themes.iter().copied().chain(["all"]) {
        let of: Vec<&Fate> = fates
            .iter()
            .filter(|fate| theme == "all" || fate.theme == theme)
            .collect();
        let mean =
            |of_one: &dyn Fn(&Fate) -> f64| of.iter().map(|fate| of_one(fate)).sum::<f64>() / real(of.len());
        let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
        for (sub, count) in of.iter().flat_map(|fate| &fate.kept) {
            *kept.entry(sub).or_default() += count;
        }
        let mut kept: Vec<(&str, usize)> = kept.into_iter().collect();
        kept.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let most: Vec<String> = kept
            .iter()
            .take(3)
            .map(|(sub, count)| format!("{sub} {:.1}", real(*count) / real(of.len())))
            .collect();
        println!(
            "| {theme} | {:.0} | {} | {} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} | {:.1} | {} |",
            mean(&|fate| real(fate.tickets)),
            of.len(),
            of.iter().filter(|fate| fate.f1 >= FOUND).count(),
            mean(&|fate| fate.f1),
            mean(&|fate| real(fate.shared) / real(fate.size.max(1))),
            mean(&|fate| real(fate.shared) / real(fate.tickets)),
            mean(&|fate| real(fate.pieces)),
            mean(&|fate| real(fate.kept.values().sum())),
            mean(&|fate| real(fate.alone)),
            most.join(", ")
        );
    }
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
