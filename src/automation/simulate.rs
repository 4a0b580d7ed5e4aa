//! One play against the demand it serves: its hours as 4,000 draws.
//!
//! ```text
//! saved = sum over sub-patterns (volume * eligible * rate * max(minutes - residual, 0) / 60) - upkeep
//! net   = horizon * saved - build
//! wait  = sum over sub-patterns (volume * eligible * rate * max(lead - lead of self-service, 0))
//! ```
//!
//! The first two are the ledger of the team, the third that of those who ask; nothing adds them.
//!
//! The mean minutes of a sub-pattern are drawn once a draw and stand for all its tickets: a draw for each ticket
//! would average the doubt away. For the same reason all sub-patterns of a play share one score for their minutes:
//! the same people guessed them. Volumes and shares come from tickets and are independent.

use crate::taxonomy::{Estimation, Play};

use super::curve::{gamma, positive, share};
use super::draws::Deck;
use super::estimate::{Completeness, Flow, Volume};
use super::model::{Driver, Range3, Swing};

/// A play, the sub-patterns that it serves, and the settings that price it.
pub(super) struct Plan<'a> {
    pub(super) play: &'a Play,
    pub(super) flows: Vec<Flow<'a>>,
    pub(super) estimation: Estimation,
}

/// What the draws of a plan say.
pub(super) struct Outcome {
    pub(super) volume: Range3,
    pub(super) eligible: Range3,
    pub(super) minutes: Range3,
    /// Of each sub-pattern its volume and its eligible share, in the order of the flows.
    pub(super) parts: Vec<(Range3, Range3)>,
    pub(super) draws: Draws,
}

/// The figures of a plan draw by draw, for comparison and addition with other plans: hours a quarter, the build in
/// hours.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    pub(super) saved: Vec<f64>,
    pub(super) build: Vec<f64>,
    pub(super) interruption: Vec<f64>,
    /// `None` if no lead time is known.
    pub(super) wait: Option<Vec<f64>>,
    pub(super) blocked: Option<Vec<f64>>,
}

impl Draws {
    /// Returns the hours saved over some quarters less the build, draw by draw.
    pub(super) fn net(&self, quarters: u32) -> Vec<f64> {
        let quarters = f64::from(quarters);
        let pairs = self.saved.iter().zip(&self.build);
        pairs.map(|(saved, build)| quarters * saved - build).collect()
    }
}

/// Sums over the sub-patterns, one figure a draw; of shares their mean, weighted by expected tickets. All but volume
/// and share wait for the automation rate.
struct Sums {
    volume: Vec<f64>,
    eligible: Vec<f64>,
    handled: Vec<f64>,
    handled_hours: Vec<f64>,
    wait_hours: Vec<f64>,
    parts: Vec<(Range3, Range3)>,
}

impl Plan<'_> {
    /// Simulates the plan.
    pub(super) fn simulate(&self, deck: &Deck) -> Outcome {
        let sums = self.sum_flows(deck);
        let draws = self.draws(deck, &sums);
        // Of a single sub-pattern the sums are its own figures.
        let (volume, eligible) = match sums.parts[..] {
            [alone] => alone,
            _ => (Range3::of(&sums.volume), Range3::of(&sums.eligible)),
        };
        Outcome {
            volume,
            eligible,
            minutes: deck.range(|score| self.mean_minutes(score)),
            parts: sums.parts,
            draws,
        }
    }

    fn sum_flows(&self, deck: &Deck) -> Sums {
        let minutes_scores = deck.scores(&self.play.id, "minutes");
        let zeros = || vec![0.0; minutes_scores.len()];
        let mut sums = Sums {
            volume: zeros(),
            eligible: zeros(),
            handled: zeros(),
            handled_hours: zeros(),
            wait_hours: zeros(),
            parts: Vec::new(),
        };
        let total = self.volume_mean();
        for flow in &self.flows {
            let rate = volume_curve(flow.volume);
            let volume: Vec<f64> = self.scores(deck, "volume", flow).into_iter().map(rate).collect();
            let eligible = share_draws(flow.completeness, |input| self.scores(deck, input, flow));
            let curve = positive(flow.minutes.range);
            let (weight, wait) = (flow.volume_mean() / total, self.spared_wait(flow).unwrap_or(0.0));
            for (draw, &score) in minutes_scores.iter().enumerate() {
                let handled = volume[draw] * eligible[draw];
                sums.volume[draw] += volume[draw];
                sums.eligible[draw] += weight * eligible[draw];
                sums.handled[draw] += handled;
                sums.handled_hours[draw] += handled * self.spared_hours(curve(score));
                sums.wait_hours[draw] += handled * wait;
            }
            sums.parts.push((deck.range(rate), Range3::of(&eligible)));
        }
        sums
    }

    /// Turns what could be handled into what is: by the automation rate, the same score for all ledgers of a draw.
    fn draws(&self, deck: &Deck, sums: &Sums) -> Draws {
        let scores = |input| deck.scores(&self.play.id, input);
        let rate = share(self.play.automation_rate);
        let rates: Vec<f64> = scores("automation_rate").into_iter().map(rate).collect();
        let absorbed = |figures: &[f64]| -> Vec<f64> {
            figures
                .iter()
                .zip(&rates)
                .map(|(figure, rate)| figure * rate)
                .collect()
        };
        let upkeep = self.play.upkeep_hours_per_quarter;
        let (days, day) = (positive(self.play.build_days), self.estimation.hours_per_day);
        let each = positive(self.estimation.interruption_minutes);
        let interruptions = absorbed(&sums.handled).into_iter().zip(scores("interruption"));
        let has_lead = self.flows.iter().any(|flow| flow.lead_hours.is_some());
        let wait = has_lead.then(|| absorbed(&sums.wait_hours));
        let part = share(self.estimation.blocked_fraction);
        let blocked = wait.as_ref().map(|wait| {
            let pairs = wait.iter().zip(scores("blocked"));
            pairs.map(|(hours, score)| hours * part(score)).collect()
        });
        Draws {
            saved: absorbed(&sums.handled_hours)
                .into_iter()
                .map(|hours| hours - upkeep)
                .collect(),
            build: scores("build")
                .into_iter()
                .map(|score| days(score) * day)
                .collect(),
            interruption: interruptions
                .map(|(tickets, score)| tickets * each(score) / 60.0)
                .collect(),
            wait,
            blocked,
        }
    }

    /// The mean over the sub-patterns, weighted by expected tickets. It rises with the score they share.
    fn mean_minutes(&self, score: f64) -> f64 {
        let total = self.volume_mean();
        let weighted = |flow: &Flow<'_>| flow.volume_mean() / total * positive(flow.minutes.range)(score);
        self.flows.iter().map(weighted).sum()
    }

    fn scores(&self, deck: &Deck, input: &str, flow: &Flow<'_>) -> Vec<f64> {
        deck.scores(&self.play.id, &format!("{input}/{}", flow.sub.id))
    }

    /// Returns the expected tickets a quarter.
    pub(super) fn volume_mean(&self) -> f64 {
        self.flows.iter().map(Flow::volume_mean).sum()
    }

    /// Returns the mean of a figure of the sub-patterns, weighted by expected tickets.
    pub(super) fn weighted(&self, figure: impl Fn(&Flow<'_>) -> f64) -> f64 {
        let weigh = |flow: &Flow<'_>| flow.volume_mean() * figure(flow);
        self.flows.iter().map(weigh).sum::<f64>() / self.volume_mean()
    }

    /// Returns the tickets a quarter from which the plan pays back within the horizon, in the present mix.
    pub(super) fn breakeven(&self) -> Option<f64> {
        let a_ticket = self.absorbed_hours(|flow| flow.minutes.range.likely) / self.volume_mean();
        let build = self.play.build_days.likely * self.estimation.hours_per_day;
        let tickets = (build / self.horizon() + self.play.upkeep_hours_per_quarter) / a_ticket;
        tickets.is_finite().then_some(tickets)
    }

    /// Business hours of waiting that an absorbed ticket no longer takes; `None` if its lead time is not known.
    fn spared_wait(&self, flow: &Flow<'_>) -> Option<f64> {
        let lead = flow.lead_hours?;
        Some((lead - self.estimation.self_service_lead_hours).max(0.0))
    }

    /// Moves each input from its 10th to its 90th percentile, all others at their middle, and lists what that does to
    /// the hours saved a quarter, the widest first; of equal ones the first of [`Driver`]'s order.
    pub(super) fn sensitivity(&self, outcome: &Outcome) -> Vec<Swing> {
        let upkeep = self.play.upkeep_hours_per_quarter;
        let hours = self.absorbed_hours(|flow| flow.minutes.range.likely);
        let scaled = |low: f64, middle: f64, high: f64| {
            let part = |end: f64| if middle > 0.0 { end / middle } else { 1.0 };
            (hours * part(low), hours * part(high))
        };
        let (volume, eligible, rate) = (outcome.volume, outcome.eligible, self.play.automation_rate);
        let ends = [
            (
                Driver::Minutes,
                (
                    self.absorbed_hours(|flow| flow.minutes.range.low),
                    self.absorbed_hours(|flow| flow.minutes.range.high),
                ),
            ),
            (Driver::Volume, scaled(volume.p10, volume.p50, volume.p90)),
            (
                Driver::EligibleShare,
                scaled(eligible.p10, eligible.p50, eligible.p90),
            ),
            (Driver::AutomationRate, scaled(rate.low, rate.likely, rate.high)),
        ];
        let swing = |(driver, (low, high)): (Driver, (f64, f64))| Swing {
            driver,
            low: low - upkeep,
            high: high - upkeep,
        };
        let mut swings: Vec<Swing> = ends.into_iter().map(swing).collect();
        swings.sort_by(|a, b| (b.high - b.low).total_cmp(&(a.high - a.low)));
        swings
    }

    /// Hours a quarter that the play takes over before upkeep, all else at its middle.
    fn absorbed_hours(&self, minutes: impl Fn(&Flow<'_>) -> f64) -> f64 {
        let handled = |flow: &Flow<'_>| {
            flow.volume_mean() * flow.completeness.mean() * self.spared_hours(minutes(flow))
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

/// Tickets a quarter by the score of the volume.
fn volume_curve(volume: Volume) -> impl Fn(f64) -> f64 + Copy {
    let curve = gamma(volume.shape);
    move |score| curve(score) / volume.rate
}

/// A beta variable is the share of one gamma in the sum of two: it rises draw by draw with each complete ticket.
fn share_draws(completeness: Completeness, scores: impl Fn(&str) -> Vec<f64>) -> Vec<f64> {
    let (complete, incomplete) = (gamma(completeness.complete), gamma(completeness.incomplete));
    let pairs = scores("complete").into_iter().zip(scores("incomplete"));
    pairs
        .map(|(with, without)| complete(with) / (complete(with) + incomplete(without)))
        .collect()
}

/// The share of draws in which something holds.
pub(super) fn chance(draws: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    draws.iter().filter(|&&hours| holds(hours)).count() as f64 / draws.len() as f64
}
