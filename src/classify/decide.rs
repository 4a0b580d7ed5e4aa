//! Turns votes into a decision: which pattern, how sure, and what came second.
//!
//! The score of a sub-pattern is what speaks for its pattern, what speaks for itself, and whether its system is
//! named; the score of a pattern is the best of its sub-patterns, or its own votes where no sub-pattern fits
//! (back-off: a clear pattern without a clear sub-pattern stays without one). The best pattern wins; its distance
//! to the best *other* pattern says how clear it was.

use crate::classify::rules::{Voice, Votes};
use crate::taxonomy::{Engine, Pattern, SubPattern, Taxonomy};

/// What the rules say of a ticket. Patterns are given by their places in the taxonomy.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The best pattern, `None` if no cue spoke for any.
    pub best: Option<Choice>,
    /// The best other pattern that any cue spoke for.
    pub second: Option<Choice>,
    /// Distance of their scores; the score itself where there is no second.
    pub margin: f64,
    /// Estimated probability that the best pattern is right, 0 to 1: a softmax over the scores.
    pub confidence: f64,
    /// Whether score and margin reach what the taxonomy demands.
    pub sure: bool,
    /// Points of every pattern, in the order of the taxonomy; negative where more spoke against.
    pub scores: Vec<f64>,
}

impl Verdict {
    /// Says whether a pattern is the best.
    #[must_use]
    pub fn names(&self, pattern: usize) -> bool {
        self.best.is_some_and(|best| best.pattern == pattern)
    }
}

/// A pattern with the score it reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Place of the pattern in the taxonomy.
    pub pattern: usize,
    /// Place of the sub-pattern in the pattern, where one fits.
    pub sub: Option<usize>,
    /// Points.
    pub score: f64,
}

/// Decides by the votes.
#[must_use]
pub fn decide(votes: &Votes<'_>, taxonomy: &Taxonomy) -> Verdict {
    let mut choices: Vec<Choice> = taxonomy
        .patterns
        .iter()
        .enumerate()
        .map(|(at, pattern)| choose(at, pattern, votes, taxonomy))
        .collect();
    let scores = choices.iter().map(|choice| choice.score).collect();
    choices.retain(|choice| choice.score > 0.0);
    choices.sort_by(|a, b| {
        let priority = |choice: &Choice| (taxonomy.patterns[choice.pattern].priority, choice.pattern);
        b.score
            .total_cmp(&a.score)
            .then_with(|| priority(a).cmp(&priority(b)))
    });
    let best = choices.first().copied();
    let second = choices.get(1).copied();
    let margin = best.map_or(0.0, |best| best.score - second.map_or(0.0, |second| second.score));
    let engine = &taxonomy.engine;
    let sure = best.is_some_and(|best| best.score >= engine.min_score && margin >= engine.min_margin);
    Verdict {
        best,
        second,
        margin,
        confidence: confidence(&choices),
        sure,
        scores,
    }
}

/// Points by which one pattern must lead another to be e times as probable.
const TEMPERATURE: f64 = 1.6;
/// Score of the silent possibility that none of the patterns is right.
pub(super) const SILENCE: f64 = 1.0;

/// Estimates the probability that the best of some choices is right: a softmax over their scores, with the
/// possibility that none is.
///
/// Temperature and silence were set by eye on the development tickets so that a stated 0.9 is right about nine
/// times in ten; calibration on labelled examples is the learner's work.
fn confidence(choices: &[Choice]) -> f64 {
    let Some(best) = choices.first() else { return 0.0 };
    let odds = |score: f64| ((score - best.score) / TEMPERATURE).exp();
    1.0 / (odds(SILENCE) + choices.iter().map(|choice| odds(choice.score)).sum::<f64>())
}

fn choose(at: usize, pattern: &Pattern, votes: &Votes<'_>, taxonomy: &Taxonomy) -> Choice {
    let engine = &taxonomy.engine;
    let own = votes.sum(Voice::Pattern(at), engine.family_cap);
    let alone = Choice {
        pattern: at,
        sub: None,
        score: own.support - own.against,
    };
    pattern
        .subs
        .iter()
        .enumerate()
        .filter_map(|(sub_at, sub)| {
            let score = sub_score((at, sub_at), sub, votes, taxonomy, own.support - own.against)?;
            Some(Choice {
                pattern: at,
                sub: Some(sub_at),
                score,
            })
        })
        .fold(
            alone,
            |best, next| if next.score > best.score { next } else { best },
        )
}

/// Scores a sub-pattern; `None` if neither a cue of its own nor one of its systems speaks for it, or if it demands
/// something that is not there.
fn sub_score(
    place: (usize, usize),
    sub: &SubPattern,
    votes: &Votes<'_>,
    taxonomy: &Taxonomy,
    of_pattern: f64,
) -> Option<f64> {
    let engine: &Engine = &taxonomy.engine;
    let own = votes.sum(Voice::Sub(place.0, place.1), engine.family_cap);
    let speaks = own.support > 0.0;
    if of_pattern <= 0.0 && (!speaks || sub.require_pattern_vote) {
        return None;
    }
    let named = sub
        .systems
        .iter()
        .any(|id| votes.systems.iter().any(|at| taxonomy.systems[*at].id == *id));
    if !(speaks || named) {
        return None;
    }
    let mut score = engine.pattern_share * of_pattern + own.support - own.against;
    if named {
        score += engine.system_bonus;
    } else if sub.require_system {
        score -= engine.missing_system_penalty;
    }
    if sub.require_own_cue && !speaks {
        score -= engine.missing_cue_penalty;
    }
    Some(score)
}
