//! The model that the binary carries, and how it is made from the examples.
//!
//! One head chooses the pattern, one more for each pattern its sub-pattern. Probabilities are calibrated by a
//! temperature that is fitted on tickets of hands whose examples the weights had not seen: desks differ more than
//! tickets of one desk do, so folds are made by hand and never by row.

use std::collections::BTreeSet;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::classify::learner::Observation;
use crate::classify::learner::features::row;
use crate::classify::learner::train::{self, BIAS_RIDGE, Fit, Plan, Row};
use crate::classify::learner::weights::{self, Damaged, Head, Rounded, SubHead};
use crate::taxonomy::{Lang, Taxonomy};

/// The trained model; `cargo run --release --example train` writes it anew.
static SHIPPED: &[u8] = include_bytes!("../../../data/learner.bin");

/// Returns the first 16 hexadecimal digits of the SHA-256 of the model that the binary carries.
#[must_use]
pub fn model_hash() -> String {
    Sha256::digest(SHIPPED)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// How scores become probabilities, and from which ones on a ticket need not be looked at again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Scores are divided by this before they become probabilities.
    pub temperature: f64,
    /// What a pattern must reach that the rules alone do not name.
    ///
    /// Of the examples over the two bars, 95 of 100 were right by a model that had not seen their hand; on other desks it
    /// may be fewer (docs/accuracy.md).
    pub alone: f64,
    /// What a pattern must reach that the rules name too. It is the higher bar: the learner has heard the rules, so they
    /// are part of what makes it sure, and a pattern that it is sure of without them is as sure with less.
    pub with_rules: f64,
}

impl Calibration {
    /// Returns the bar for a pattern that the rules name too, or do not.
    #[must_use]
    pub fn bar(&self, rules_agree: bool) -> f64 {
        if rules_agree { self.with_rules } else { self.alone }
    }
}

/// One calibration for each language: a model that is more often right in one is sure of more in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibrations {
    /// Of tickets in Japanese, English words among it or not.
    pub ja: Calibration,
    /// Of tickets in English alone.
    pub en: Calibration,
}

impl Calibrations {
    /// Returns that of a language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> Calibration {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

/// Weights to choose a pattern and its sub-pattern by.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// How its scores are to be taken.
    pub calibrations: Calibrations,
    /// Chooses the pattern.
    pub pattern: Head,
    /// Chooses the sub-pattern, by pattern id.
    pub subs: Vec<(String, SubHead)>,
}

impl Model {
    /// Reads the model that the binary carries.
    ///
    /// # Errors
    ///
    /// [`Damaged`]; a test keeps it whole.
    pub fn shipped() -> Result<Self, Damaged> {
        Self::read(SHIPPED)
    }

    /// Reads a model from bytes.
    ///
    /// # Errors
    ///
    /// [`Damaged`] if they are not the bytes of a model.
    pub fn read(mut bytes: &'static [u8]) -> Result<Self, Damaged> {
        let bytes = &mut bytes;
        let mut calibration = || -> Result<Calibration, Damaged> {
            Ok(Calibration {
                temperature: f64::from_le_bytes(weights::take(bytes)?),
                alone: f64::from_le_bytes(weights::take(bytes)?),
                with_rules: f64::from_le_bytes(weights::take(bytes)?),
            })
        };
        let calibrations = Calibrations {
            ja: calibration()?,
            en: calibration()?,
        };
        let pattern = Head::read(bytes)?;
        let mut subs = Vec::new();
        for _ in 0..weights::take::<1>(bytes)?[0] {
            subs.push((weights::read_text(bytes)?, SubHead::read(bytes)?));
        }
        let is_sound = |of: Calibration| of.temperature > 0.0;
        if is_sound(calibrations.ja) && is_sound(calibrations.en) && bytes.is_empty() {
            Ok(Self {
                calibrations,
                pattern,
                subs,
            })
        } else {
            Err(Damaged)
        }
    }

    /// Returns the bytes of the model that the binary carries.
    #[must_use]
    pub fn shipped_bytes() -> &'static [u8] {
        SHIPPED
    }
}

/// A ticket to learn from.
#[derive(Debug, Clone)]
pub struct Example {
    /// Who wrote it; calibration never learns from the hand that it tests on.
    pub hand: String,
    /// What the learner sees of it.
    pub observation: Observation,
    /// Place of its pattern in the taxonomy.
    pub pattern: usize,
    /// Place of its sub-pattern in the pattern, where one fits.
    pub sub: Option<usize>,
    /// Place of another pattern that would be as right.
    pub also: Option<usize>,
}

/// How the pattern is learnt; chosen by cross-validation by hand (docs/accuracy.md).
pub const PATTERN_PLAN: (f64, usize, usize) = (0.15, 2, 30);
/// How sub-patterns are learnt, likewise.
pub const SUB_PLAN: (f64, usize, usize) = (0.15, 2, 30);
/// Share of tickets not marked for review that must be right.
const WANTED: f64 = 0.95;

fn plan((ridge, least, rounds): (f64, usize, usize), classes: usize) -> Plan {
    Plan {
        classes,
        ridge,
        bias_ridge: BIAS_RIDGE,
        least,
        rounds,
    }
}

/// Fits the head for patterns.
#[must_use]
pub fn fit_patterns(examples: &[&Example], classes: usize) -> Fit {
    let rows: Vec<Row> = examples.iter().map(|e| row(&e.observation.features)).collect();
    let targets: Vec<usize> = examples.iter().map(|e| e.pattern).collect();
    let offsets = vec![vec![0.0; classes]; rows.len()];
    train::fit(&rows, &targets, &offsets, &plan(PATTERN_PLAN, classes))
}

/// Fits the head for the sub-patterns of one pattern; the class after the last sub-pattern is "none of them".
#[must_use]
pub fn fit_subs(examples: &[&Example], pattern: usize, subs: usize) -> Fit {
    let of_pattern: Vec<&&Example> = examples.iter().filter(|e| e.pattern == pattern).collect();
    let rows: Vec<Row> = of_pattern.iter().map(|e| row(&e.observation.features)).collect();
    let targets: Vec<usize> = of_pattern.iter().map(|e| e.sub.unwrap_or(subs)).collect();
    let offsets = vec![vec![0.0; subs + 1]; rows.len()];
    train::fit(&rows, &targets, &offsets, &plan(SUB_PLAN, subs + 1))
}

/// Scores every example by a model that has not seen its hand, in the order given.
#[must_use]
pub fn cross_validate(examples: &[Example], classes: usize) -> Vec<Vec<f64>> {
    let hands: BTreeSet<&str> = examples.iter().map(|e| e.hand.as_str()).collect();
    let hands: Vec<&str> = hands.into_iter().collect();
    let folds: Vec<Vec<(usize, Vec<f64>)>> = hands
        .par_iter()
        .map(|hand| {
            let seen: Vec<&Example> = examples.iter().filter(|e| e.hand != *hand).collect();
            let fit = fit_patterns(&seen, classes);
            let unseen = examples.iter().enumerate().filter(|(_, e)| e.hand == *hand);
            unseen
                .map(|(at, example)| {
                    let mut scores = vec![0.0; classes];
                    fit.add(&row(&example.observation.features), &mut scores);
                    (at, scores)
                })
                .collect()
        })
        .collect();
    let mut scored: Vec<(usize, Vec<f64>)> = folds.into_iter().flatten().collect();
    scored.sort_by_key(|(at, _)| *at);
    scored.into_iter().map(|(_, scores)| scores).collect()
}

/// Trains the whole model: the bytes to ship.
#[must_use]
pub fn train(examples: &[Example], taxonomy: &Taxonomy) -> Vec<u8> {
    let held_out = cross_validate(examples, taxonomy.patterns.len());
    let all: Vec<(&Example, &[f64])> = examples.iter().zip(held_out.iter().map(Vec::as_slice)).collect();
    train_calibrated(examples, taxonomy, calibrate(&all))
}

/// Chooses temperature and bar of each language by examples and the scores that models which had not seen their hands
/// gave them.
#[must_use]
pub fn calibrate(scored: &[(&Example, &[f64])]) -> Calibrations {
    let of = |lang: Lang| {
        let written: Vec<(&Example, &[f64])> = scored
            .iter()
            .copied()
            .filter(|(example, _)| example.observation.lang == lang)
            .collect();
        let temperature = temperature(&written);
        let (alone, with_rules) = bars(&written, temperature);
        Calibration {
            temperature,
            alone,
            with_rules,
        }
    };
    Calibrations {
        ja: of(Lang::Ja),
        en: of(Lang::En),
    }
}

/// Trains the weights only, for calibrations that are known already.
#[must_use]
pub fn train_calibrated(examples: &[Example], taxonomy: &Taxonomy, calibrations: Calibrations) -> Vec<u8> {
    let ids: Vec<String> = taxonomy.patterns.iter().map(|p| p.id.clone()).collect();
    let all: Vec<&Example> = examples.iter().collect();
    let mut bytes = Vec::new();
    for of in [calibrations.ja, calibrations.en] {
        for number in [of.temperature, of.alone, of.with_rules] {
            bytes.extend(number.to_le_bytes());
        }
    }
    let parted = || {
        taxonomy
            .patterns
            .iter()
            .enumerate()
            .filter(|(_, pattern)| !pattern.subs.is_empty())
    };
    let classes: Vec<Vec<String>> = parted()
        .map(|(_, pattern)| {
            let subs = pattern.subs.iter().map(|sub| sub.id.clone());
            subs.chain([String::new()]).collect()
        })
        .collect();
    let subs: Vec<Rounded<'_>> = parted()
        .zip(&classes)
        .map(|((at, pattern), classes)| Rounded::of(classes, &fit_subs(&all, at, pattern.subs.len())))
        .collect();
    let mut patterns = Rounded::of(&ids, &fit_patterns(&all, ids.len()));
    patterns.know(&subs);
    patterns.write(&mut bytes);
    bytes.push(u8::try_from(subs.len()).unwrap_or(u8::MAX));
    for ((_, pattern), sub) in parted().zip(&subs) {
        weights::write_text(&pattern.id, &mut bytes);
        sub.write_sub(&patterns, &mut bytes);
    }
    bytes
}

fn chances(scores: &[f64], temperature: f64) -> Vec<f64> {
    let scores: Vec<f64> = scores.iter().map(|score| score / temperature).collect();
    train::softmax(&scores)
}

/// Chooses the temperature, in steps of a twentieth, under which stated and found shares agree best: the least
/// squared distance of the probabilities from what was right (Brier's score, which needs no logarithm).
fn temperature(scored: &[(&Example, &[f64])]) -> f64 {
    let loss = |temperature: f64| -> f64 {
        let of_one = |(example, scores): &(&Example, &[f64])| -> f64 {
            let chances = chances(scores, temperature);
            let distance = |(at, chance): (usize, &f64)| {
                let wanted = if at == example.pattern { 1.0 } else { 0.0 };
                (chance - wanted) * (chance - wanted)
            };
            chances.iter().enumerate().map(distance).sum()
        };
        scored.iter().map(of_one).sum()
    };
    (8..=60)
        .map(|step| f64::from(step) / 20.0)
        .map(|temperature| (loss(temperature), temperature))
        .fold(
            (f64::INFINITY, 1.0),
            |best, next| {
                if next.0 < best.0 { next } else { best }
            },
        )
        .1
}

/// What scores say of an example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// Probability of the best pattern.
    pub sure: f64,
    /// Whether the rules alone name the same.
    pub rules_agree: bool,
    /// Whether it is right.
    pub right: bool,
}

/// Tells how sure scores are of the best pattern, and whether it is right.
#[must_use]
pub fn answer(example: &Example, scores: &[f64], temperature: f64) -> Answer {
    let chances = chances(scores, temperature);
    let best = best(&chances);
    Answer {
        sure: chances[best],
        rules_agree: example.observation.verdict.names(best),
        right: best == example.pattern || Some(best) == example.also,
    }
}

/// Bars that are tried, in hundredths: none lower, for below it the next ticket is as likely wrong as right, and one that
/// nothing reaches.
const BARS: std::ops::RangeInclusive<u8> = 50..=101;

/// Chooses the bars, without and with the rules: those over which most answers stand, enough of them right.
fn bars(scored: &[(&Example, &[f64])], temperature: f64) -> (f64, f64) {
    let answers: Vec<Answer> = scored
        .iter()
        .map(|(example, scores)| answer(example, scores, temperature))
        .collect();
    // Each bar, and how many answers stand over it and how many of these are right.
    let over = |rules_agree: bool| -> Vec<(f64, u32, u32)> {
        BARS.map(|step| f64::from(step) / 100.0)
            .map(|bar| {
                answers
                    .iter()
                    .filter(|answer| answer.rules_agree == rules_agree && answer.sure >= bar)
                    .fold((bar, 0, 0), |(bar, all, right), answer| {
                        (bar, all + 1, right + u32::from(answer.right))
                    })
            })
            .collect()
    };
    let (alone, with_rules) = (over(false), over(true));
    let mut chosen = (0, (1.0, 1.0));
    for one in &alone {
        for other in &with_rules {
            let (all, right) = (one.1 + other.1, one.2 + other.2);
            if all > chosen.0 && f64::from(right) >= WANTED * f64::from(all) {
                chosen = (all, (one.0, other.0));
            }
        }
    }
    chosen.1
}

/// The place of the greatest number; the first of equals.
pub(in crate::classify) fn best(numbers: &[f64]) -> usize {
    let mut best = 0;
    for (at, number) in numbers.iter().enumerate() {
        if *number > numbers[best] {
            best = at;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Model, train};
    use crate::classify::learner::examples;
    use crate::taxonomy::Taxonomy;

    #[test]
    fn the_shipped_model_is_what_training_on_the_examples_gives() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples");
        let examples = examples::read_folder(&folder, &taxonomy).expect("every example names known patterns");
        assert!(Model::shipped().is_ok());
        assert!(
            train(&examples, &taxonomy) == Model::shipped_bytes(),
            "run: cargo run --release --example train"
        );
    }
}
