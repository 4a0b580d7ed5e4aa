//! Which words of a ticket moved the learner, and how much.

use std::ops::Range;

use crate::classify::decide::Verdict;
use crate::classify::learner::features::{Kind, Place};
use crate::classify::learner::train::Row;
use crate::classify::learner::weights::Known;
use crate::classify::learner::{Learner, Observation};
use crate::classify::prose::Field;
use crate::taxonomy::Lang;

/// Words that moved the learner.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What they added to the score of the pattern, over the mean of all patterns.
    pub points: f64,
    /// The part of the ticket.
    pub field: Field,
    /// Bytes of the part's text.
    pub range: Range<usize>,
}

/// A ticket with what the learner found of it in its weights.
pub(in crate::classify) struct Heard<'o> {
    pub(super) seen: &'o Observation,
    pub(super) row: Row,
    /// Calibrated scores of the patterns.
    pub(super) scores: Vec<f64>,
    /// What the shipped model knows of the row, in its order.
    pub(super) known: Vec<Known>,
}

impl Heard<'_> {
    /// What the rules alone make of the ticket.
    pub(in crate::classify) fn verdict(&self) -> &Verdict {
        &self.seen.verdict
    }
}

impl Learner<'_> {
    /// Lists the words that spoke loudest for a pattern, loudest first. Features of the same words count together.
    #[must_use]
    pub fn reasons(&self, pattern: usize, seen: &Observation) -> Vec<Reason> {
        self.reasons_heard(pattern, &self.listen(seen))
    }

    pub(in crate::classify) fn reasons_heard(&self, pattern: usize, heard: &Heard<'_>) -> Vec<Reason> {
        let mut known = heard.known.iter().peekable();
        // Where a feature stands and which it is, in one number each: what stands in one place is added up in the order
        // of the features.
        let mut order: Vec<u128> = Vec::with_capacity(heard.row.len());
        let mut spoke: Vec<(f64, Place)> = Vec::with_capacity(heard.row.len());
        for (at, (feature, (key, value))) in heard.seen.features.iter().zip(&heard.row).enumerate() {
            let known = known.next_if(|known| known.place as usize == at);
            if let (Some(place), true) = (feature.place, feature.kind != Kind::Cue)
                && let Some(leaning) = self.leaning(*key, known, pattern, heard.seen.lang)
            {
                order.push(place.in_order() << 32 | spoke.len() as u128);
                spoke.push((value * leaning, place));
            }
        }
        order.sort_unstable();
        let place = |packed: &u128| packed >> 32;
        let mut reasons: Vec<Reason> = order
            .chunk_by(|one, other| place(one) == place(other))
            .filter_map(|same| {
                let of = |packed: &u128| spoke[(packed & u128::from(u32::MAX)) as usize];
                let points = same.iter().map(|packed| of(packed).0).sum::<f64>();
                let (_, place) = of(&same[0]);
                (points > 0.0).then(|| Reason {
                    points,
                    field: place.field,
                    range: place.range(),
                })
            })
            .collect();
        reasons.sort_unstable_by(|a, b| {
            let place = |reason: &Reason| (reason.field, reason.range.start, reason.range.end);
            b.points
                .total_cmp(&a.points)
                .then_with(|| place(a).cmp(&place(b)))
        });
        reasons
    }

    /// The weight of a feature for a pattern over its mean weight; `None` if it has none.
    fn leaning(&self, key: u32, known: Option<&Known>, pattern: usize, lang: Lang) -> Option<f64> {
        let shipped = self
            .model
            .as_ref()
            .zip(known)
            .and_then(|((model, classes), known)| {
                let weights = model.pattern.each_weight(*known);
                Some(over_mean(weights, classes[pattern])? / model.calibrations.of(lang).temperature)
            });
        let taught = self.taught.keys.binary_search(&key).ok().and_then(|at| {
            let classes = self.taught.bias.len();
            let weights = &self.taught.weights[at * classes..(at + 1) * classes];
            over_mean(weights.iter().copied(), pattern)
        });
        match (shipped, taught) {
            (None, None) => None,
            _ => Some(shipped.unwrap_or(0.0) + taught.unwrap_or(0.0)),
        }
    }
}

/// The weight of a class over the mean of all.
fn over_mean(weights: impl Iterator<Item = f64>, class: usize) -> Option<f64> {
    let (mut count, mut sum, mut of_class) = (0_u32, 0.0, None);
    for (at, weight) in weights.enumerate() {
        if at == class {
            of_class = Some(weight);
        }
        sum += weight;
        count += 1;
    }
    Some(of_class? - sum / f64::from(count))
}
