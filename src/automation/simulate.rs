//! One play against the demand it serves: its hours as 4,000 draws.
//!
//! ```text
//! saved = sum over sub-patterns (volume * eligible * rate * max(minutes - residual, 0) / 60) - upkeep
//! net   = horizon * saved - build
//! ```
//!
//! The mean minutes of a sub-pattern are drawn once a draw and stand for all its tickets: a draw for each ticket
//! would average the doubt away. For the same reason all sub-patterns of a play share one score for their minutes:
//! the same people guessed them. Volumes and shares come from tickets and are independent.

use crate::taxonomy::{Estimation, Play};

use super::curve::{gamma, positive, share};
use super::draws::Deck;
use super::estimate::{Completeness, Flow, Volume};
use super::model::{Driver, Range3};

/// A play, the sub-patterns that it serves, and the settings that price it.
pub(super) struct Plan<'a> {
    pub(super) play: &'a Play,
    pub(super) flows: Vec<Flow<'a>>,
    pub(super) estimation: Estimation,
}

/// What the draws of a plan say. `saved` is in hours a quarter, `net` in hours over the horizon.
pub(super) struct Outcome {
    pub(super) volume: Range3,
    pub(super) eligible: Range3,
    pub(super) minutes: Range3,
    pub(super) saved: Range3,
    pub(super) net: Range3,
    pub(super) prob_saves: f64,
    pub(super) prob_payback: f64,
    /// Net hours draw by draw, for comparison with other plans.
    pub(super) net_draws: Vec<f64>,
}

/// Sums over the sub-patterns, one figure a draw; of shares their mean, weighted by expected tickets.
struct Sums {
    volume: Vec<f64>,
    eligible: Vec<f64>,
    handled_hours: Vec<f64>,
}

impl Plan<'_> {
    /// Simulates the plan.
    pub(super) fn simulate(&self, deck: &Deck) -> Outcome {
        let mut sums = self.sum_flows(deck);
        let mut saved = self.saved(deck, &sums.handled_hours);
        let net_draws = self.net(deck, &saved);
        let mut net = net_draws.clone();
        Outcome {
            volume: Range3::of(&mut sums.volume),
            eligible: Range3::of(&mut sums.eligible),
            minutes: deck.range(|score| self.mean_minutes(score)),
            prob_saves: chance(&saved, |hours| hours > 0.0),
            prob_payback: chance(&net_draws, |hours| hours >= 0.0),
            saved: Range3::of(&mut saved),
            net: Range3::of(&mut net),
            net_draws,
        }
    }

    fn sum_flows(&self, deck: &Deck) -> Sums {
        let minutes_scores = deck.scores(&self.play.id, "minutes");
        let zeros = || vec![0.0; minutes_scores.len()];
        let mut sums = Sums {
            volume: zeros(),
            eligible: zeros(),
            handled_hours: zeros(),
        };
        let total = self.volume_mean();
        for flow in &self.flows {
            let volume = volume_draws(flow.volume, |input| self.scores(deck, input, flow));
            let eligible = share_draws(flow.completeness, |input| self.scores(deck, input, flow));
            let curve = positive(flow.minutes.range);
            let weight = flow.volume.mean() / total;
            for (draw, &score) in minutes_scores.iter().enumerate() {
                let minutes = curve(score);
                sums.volume[draw] += volume[draw];
                sums.eligible[draw] += weight * eligible[draw];
                sums.handled_hours[draw] += volume[draw] * eligible[draw] * self.spared_hours(minutes);
            }
        }
        sums
    }

    /// The mean over the sub-patterns, weighted by expected tickets. It rises with the score they share.
    fn mean_minutes(&self, score: f64) -> f64 {
        let total = self.volume_mean();
        let weighted = |flow: &Flow<'_>| flow.volume.mean() / total * positive(flow.minutes.range)(score);
        self.flows.iter().map(weighted).sum()
    }

    fn scores(&self, deck: &Deck, input: &str, flow: &Flow<'_>) -> Vec<f64> {
        deck.scores(&self.play.id, &format!("{input}/{}", flow.sub.id))
    }

    fn saved(&self, deck: &Deck, handled_hours: &[f64]) -> Vec<f64> {
        let rate = share(self.play.automation_rate);
        let scores = deck.scores(&self.play.id, "automation_rate");
        let upkeep = self.play.upkeep_hours_per_quarter;
        scores
            .iter()
            .zip(handled_hours)
            .map(|(&score, hours)| rate(score) * hours - upkeep)
            .collect()
    }

    fn net(&self, deck: &Deck, saved: &[f64]) -> Vec<f64> {
        let days = positive(self.play.build_days);
        let scores = deck.scores(&self.play.id, "build");
        let (horizon, day) = (self.horizon(), self.estimation.hours_per_day);
        scores
            .iter()
            .zip(saved)
            .map(|(&score, hours)| horizon * hours - days(score) * day)
            .collect()
    }

    /// Returns the expected tickets a quarter.
    pub(super) fn volume_mean(&self) -> f64 {
        self.flows.iter().map(|flow| flow.volume.mean()).sum()
    }

    /// Returns the expected share of tickets with all required slots.
    pub(super) fn eligible_mean(&self) -> f64 {
        let eligible = |flow: &Flow<'_>| flow.volume.mean() * flow.completeness.mean();
        self.flows.iter().map(eligible).sum::<f64>() / self.volume_mean()
    }

    /// Returns the tickets a quarter from which the plan pays back within the horizon, in the present mix.
    pub(super) fn breakeven(&self) -> Option<f64> {
        let a_ticket = self.absorbed_hours(|flow| flow.minutes.range.likely) / self.volume_mean();
        let build = self.play.build_days.likely * self.estimation.hours_per_day;
        let tickets = (build / self.horizon() + self.play.upkeep_hours_per_quarter) / a_ticket;
        tickets.is_finite().then_some(tickets)
    }

    /// Returns the business hours of waiting a quarter that requesters are spared; `None` if no lead time is known.
    pub(super) fn wait_hours(&self) -> Option<f64> {
        let spared = |flow: &Flow<'_>| {
            let wait = (flow.lead_hours? - self.estimation.self_service_lead_hours).max(0.0);
            Some(flow.volume.mean() * flow.completeness.mean() * self.play.automation_rate.likely * wait)
        };
        self.flows
            .iter()
            .filter_map(spared)
            .reduce(|sum, hours| sum + hours)
    }

    /// Finds the input whose move from its 10th to its 90th percentile moves the net hours most, all others at
    /// their middle. Of equal ones the first of [`Driver`]'s order.
    pub(super) fn largest_driver(&self, outcome: &Outcome) -> Driver {
        let hours = self.horizon() * self.absorbed_hours(|flow| flow.minutes.range.likely);
        let minutes = self.horizon()
            * (self.absorbed_hours(|flow| flow.minutes.range.high)
                - self.absorbed_hours(|flow| flow.minutes.range.low));
        let (rate, build) = (self.play.automation_rate, self.play.build_days);
        let swings = [
            (Driver::Minutes, minutes),
            (Driver::Volume, hours * relative(outcome.volume)),
            (Driver::EligibleShare, hours * relative(outcome.eligible)),
            (
                Driver::AutomationRate,
                hours * (rate.high - rate.low) / rate.likely,
            ),
            (
                Driver::Build,
                (build.high - build.low) * self.estimation.hours_per_day,
            ),
        ];
        let first = swings[0];
        swings
            .into_iter()
            .fold(first, |best, swing| if swing.1 > best.1 { swing } else { best })
            .0
    }

    /// Hours a quarter that the play takes over before upkeep, all else at its middle.
    fn absorbed_hours(&self, minutes: impl Fn(&Flow<'_>) -> f64) -> f64 {
        let handled = |flow: &Flow<'_>| {
            flow.volume.mean() * flow.completeness.mean() * self.spared_hours(minutes(flow))
        };
        self.play.automation_rate.likely * self.flows.iter().map(handled).sum::<f64>()
    }

    /// Hours that an absorbed ticket no longer takes.
    fn spared_hours(&self, minutes: f64) -> f64 {
        (minutes - self.play.residual_minutes).max(0.0) / 60.0
    }

    fn horizon(&self) -> f64 {
        f64::from(self.estimation.horizon_quarters)
    }
}

fn volume_draws(volume: Volume, scores: impl Fn(&str) -> Vec<f64>) -> Vec<f64> {
    let curve = gamma(volume.shape);
    scores("volume")
        .into_iter()
        .map(|score| curve(score) / volume.rate)
        .collect()
}

/// A beta variable is the share of one gamma in the sum of two: it rises draw by draw with each complete ticket.
fn share_draws(completeness: Completeness, scores: impl Fn(&str) -> Vec<f64>) -> Vec<f64> {
    let (complete, incomplete) = (gamma(completeness.complete), gamma(completeness.incomplete));
    let pairs = scores("complete").into_iter().zip(scores("incomplete"));
    pairs
        .map(|(with, without)| complete(with) / (complete(with) + incomplete(without)))
        .collect()
}

fn chance(draws: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    draws.iter().filter(|&&hours| holds(hours)).count() as f64 / draws.len() as f64
}

/// Width of a range in parts of its middle.
fn relative(range: Range3) -> f64 {
    if range.p50 > 0.0 {
        (range.p90 - range.p10) / range.p50
    } else {
        0.0
    }
}
