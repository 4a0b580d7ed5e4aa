//! Rules, learner and labels become one decision.
//!
//! A person's label always wins. Otherwise the learner decides, which has heard the rules; where the rules alone were
//! sure of the same, they get the credit, because their evidence is the plainer one.

use crate::classify::assignment::Method;
use crate::classify::labels::Placed;
use crate::classify::learner::{Heard, Learner, Learnt};

/// What holds for a ticket. Patterns and sub-patterns are given by their places in the taxonomy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision {
    pub(super) pattern: usize,
    /// Its sub-pattern, where one fits and the pattern is clear.
    pub(super) sub: Option<usize>,
    /// Whether the sub-pattern is no more than the best of doubtful ones: a group that nobody named may claim the
    /// ticket instead.
    pub(super) weak: bool,
    /// Probability that the pattern is `other`; 0 for a label that says otherwise.
    pub(super) outside: f64,
    pub(super) method: Method,
    /// Estimated probability that the pattern is right; 1 for a label.
    pub(super) confidence: f64,
    /// Distance of the two best probabilities.
    pub(super) margin: f64,
    /// The runner-up, if it nearly won.
    pub(super) runner_up: Option<usize>,
    pub(super) needs_review: bool,
    /// Whether the pattern leads clearly enough to look for sub-patterns and groups inside it.
    pub(super) clear: bool,
}

/// Margin from which groups are looked for inside the pattern.
///
/// Tickets with less are pooled across patterns: grouping them inside a doubtful pattern was measured to be worse, with
/// a bar between 0.2 and 0.4.
const CLEAR: f64 = 0.3;
/// Probability of pattern and sub-pattern together below which the sub-pattern is weak.
const WEAK: f64 = 0.5;
/// Least probability of a runner-up that is worth naming.
const SECOND: f64 = 0.2;

impl Decision {
    pub(super) fn of(learner: &Learner<'_>, heard: &Heard<'_>, label: Option<&Placed>) -> Self {
        let opinion = learner.judge_heard(heard);
        let second = runner_up(&opinion.chances, opinion.pattern);
        if let Some(label) = label {
            let other = second.filter(|_| label.pattern == opinion.pattern);
            return Self {
                pattern: label.pattern,
                weak: false,
                outside: if learner.is_other(label.pattern) { 1.0 } else { 0.0 },
                sub: label.sub.or_else(|| learner.sub_of(label.pattern, heard)),
                method: Method::Label,
                confidence: 1.0,
                margin: 1.0,
                runner_up: other.filter(|at| opinion.chances[*at] >= SECOND),
                needs_review: false,
                clear: true,
            };
        }
        let confidence = opinion.chances[opinion.pattern];
        let margin = (confidence - second.map_or(0.0, |at| opinion.chances[at])).max(0.0);
        let verdict = heard.verdict();
        let ruled = verdict
            .best
            .is_some_and(|best| verdict.sure && best.pattern == opinion.pattern);
        let clear = opinion.heard && margin >= CLEAR;
        Self {
            pattern: opinion.pattern,
            sub: opinion.sub.filter(|_| clear),
            outside: opinion.outside,
            weak: confidence * opinion.sub_chance < WEAK,
            method: match (opinion.heard, learner.learnt()) {
                (false, _) => Method::None,
                // No example and no label took part: the rules decided, sure or not.
                (true, Learnt::Nothing) => Method::Rules,
                (true, _) if ruled => Method::Rules,
                (true, _) => Method::Learner,
            },
            confidence,
            margin,
            runner_up: second.filter(|at| opinion.chances[*at] >= SECOND),
            needs_review: !opinion.sure,
            clear,
        }
    }
}

fn runner_up(chances: &[f64], best: usize) -> Option<usize> {
    (0..chances.len())
        .filter(|at| *at != best)
        .fold(None, |found: Option<usize>, at| match found {
            Some(found) if chances[found] >= chances[at] => Some(found),
            _ => Some(at),
        })
}
