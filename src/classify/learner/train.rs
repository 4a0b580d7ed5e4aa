//! Trains a multinomial logistic regression over sparse features, the same way on every machine.
//!
//! linfa-logistic takes dense arrays only: 1,600 examples with 30,000 features would be 400 MB of zeros, so this
//! small trainer of our own stands in. It is cyclic coordinate descent with the bound of Böhning (1992) on the second
//! derivative: every step lowers the penalised loss, there is no step size to choose, no random number, and the order
//! of sums is that of the rows. The exponential is computed here, since that of the system may differ in its last bit
//! from machine to machine, and trained weights must not.

use std::collections::BTreeMap;

/// Features of a row with their strengths.
pub type Row = Vec<(u32, f64)>;

/// How a fit is done.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Number of classes.
    pub classes: usize,
    /// Strength of the pull of every weight to 0.
    pub ridge: f64,
    /// Strength of the pull to 0 of what each class starts from.
    pub bias_ridge: f64,
    /// Rows that a feature must occur in.
    pub least: usize,
    /// Rounds over all features.
    pub rounds: usize,
}

/// Trained weights, by key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fit {
    /// Features in ascending order.
    pub keys: Vec<u32>,
    /// One weight a class for each feature, feature by feature.
    pub weights: Vec<f64>,
    /// What each class starts from.
    pub bias: Vec<f64>,
}

impl Fit {
    /// Adds what a row scores for each class.
    pub fn add(&self, row: &[(u32, f64)], scores: &mut [f64]) {
        for (score, bias) in scores.iter_mut().zip(&self.bias) {
            *score += bias;
        }
        if self.keys.is_empty() {
            return;
        }
        let classes = self.bias.len();
        for (key, value) in row {
            if let Ok(at) = self.keys.binary_search(key) {
                let weights = &self.weights[at * classes..(at + 1) * classes];
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * weight;
                }
            }
        }
    }
}

/// The pull of the bias to 0 where there is much to learn from.
pub(super) const BIAS_RIDGE: f64 = 0.01;

/// The rows as seen from one feature: in which it occurs, and how strongly.
type Column = Vec<(usize, f64)>;

/// Fits weights to rows, their classes, and the scores that each row has already.
#[must_use]
pub fn fit(rows: &[Row], targets: &[usize], offsets: &[Vec<f64>], plan: &Plan) -> Fit {
    let mut columns: BTreeMap<u32, Column> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (key, value) in row {
            columns.entry(*key).or_default().push((at, *value));
        }
    }
    columns.retain(|_, column| column.len() >= plan.least);
    let mut state = State {
        targets,
        scores: offsets.concat(),
        chances: offsets.iter().flat_map(|scores| softmax(scores)).collect(),
        step: vec![0.0; plan.classes],
    };
    let everywhere: Column = (0..rows.len()).map(|row| (row, 1.0)).collect();
    let mut bias = vec![0.0; plan.classes];
    let mut weights = vec![0.0; columns.len() * plan.classes];
    for _ in 0..plan.rounds {
        state.descend(&everywhere, &mut bias, plan.bias_ridge);
        for (column, weights) in columns.values().zip(weights.chunks_exact_mut(plan.classes)) {
            state.descend(column, weights, plan.ridge);
        }
    }
    Fit {
        keys: columns.into_keys().collect(),
        weights,
        bias,
    }
}

struct State<'a> {
    targets: &'a [usize],
    /// Scores and probabilities of the classes, row by row.
    scores: Vec<f64>,
    chances: Vec<f64>,
    step: Vec<f64>,
}

/// Steps below this change nothing that is kept.
const LEAST_STEP: f64 = 1e-7;

impl State<'_> {
    /// Moves the weights of one feature to the lowest point of the bound on the loss.
    fn descend(&mut self, column: &Column, weights: &mut [f64], ridge: f64) {
        let classes = self.step.len();
        self.step.fill(0.0);
        let mut curvature = 0.0;
        for (row, value) in column {
            curvature += value * value;
            let chances = &self.chances[row * classes..(row + 1) * classes];
            for (slope, chance) in self.step.iter_mut().zip(chances) {
                *slope += value * chance;
            }
            self.step[self.targets[*row]] -= value;
        }
        let bound = 0.5 * curvature + ridge;
        let mut largest: f64 = 0.0;
        for (step, weight) in self.step.iter_mut().zip(weights.iter_mut()) {
            *step = -(*step + ridge * *weight) / bound;
            *weight += *step;
            largest = largest.max(step.abs());
        }
        if largest < LEAST_STEP {
            return;
        }
        for (row, value) in column {
            let of_row = row * classes..(row + 1) * classes;
            let scores = &mut self.scores[of_row.clone()];
            for (score, step) in scores.iter_mut().zip(&self.step) {
                *score += value * step;
            }
            softmax_into(scores, &mut self.chances[of_row]);
        }
    }
}

/// Turns scores into probabilities.
#[must_use]
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let mut chances = vec![0.0; scores.len()];
    softmax_into(scores, &mut chances);
    chances
}

fn softmax_into(scores: &[f64], chances: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (chance, score) in chances.iter_mut().zip(scores) {
        *chance = exp(score - most);
        sum += *chance;
    }
    for chance in chances {
        *chance /= sum;
    }
}

/// e to the power of a number that is not positive: a power of two times a short series of what is left.
///
/// Nothing but sums, products and rounding, which are the same everywhere. The error is below 1e-9 of the value.
fn exp(x: f64) -> f64 {
    const SERIES: [f64; 9] = [
        1.0 / 40320.0,
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    if x < -700.0 {
        return 0.0;
    }
    let twos = (x * std::f64::consts::LOG2_E).round();
    let rest = x - twos * std::f64::consts::LN_2;
    let series = SERIES.iter().fold(0.0, |sum, term| sum * rest + term);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the exponent lies between 13 and 1023"
    )]
    let exponent = (twos + 1023.0) as u64;
    series * f64::from_bits(exponent << 52)
}

#[cfg(test)]
mod tests {
    use super::{BIAS_RIDGE, Plan, exp, fit, softmax};

    #[test]
    fn the_exponential_is_that_of_mathematics() {
        for x in [0.0, -0.001, -0.5, -1.0, -3.0, -12.5, -40.0, -300.0] {
            let wanted: f64 = f64::exp(x);
            assert!((exp(x) - wanted).abs() <= 1e-9 * wanted, "{x}");
        }
        assert!(exp(-1e9) < f64::MIN_POSITIVE);
    }

    #[test]
    fn what_tells_the_classes_apart_gets_the_weight() {
        let rows = vec![vec![(1, 1.0), (9, 1.0)], vec![(2, 1.0), (9, 1.0)], vec![(1, 1.0)]];
        let plan = Plan {
            classes: 2,
            ridge: 0.1,
            bias_ridge: BIAS_RIDGE,
            least: 1,
            rounds: 50,
        };
        let fit = fit(&rows, &[0, 1, 0], &vec![vec![0.0; 2]; 3], &plan);
        let mut scores = vec![0.0; 2];
        fit.add(&[(2, 1.0)], &mut scores);
        assert!(softmax(&scores)[1] > 0.7, "{scores:?}");
        assert_eq!(fit.keys, [1, 2, 9]);
    }

    #[test]
    fn a_feature_seen_too_rarely_is_not_learnt() {
        let plan = Plan {
            classes: 2,
            ridge: 0.1,
            bias_ridge: BIAS_RIDGE,
            least: 2,
            rounds: 5,
        };
        let fit = fit(
            &[vec![(1, 1.0), (2, 1.0)], vec![(1, 1.0)]],
            &[0, 1],
            &vec![vec![0.0; 2]; 2],
            &plan,
        );
        assert_eq!(fit.keys, [1]);
    }
}
