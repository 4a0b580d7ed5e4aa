//! Hands-on hours of a set of tickets, with an interval that says how little is known.
//!
//! Tickets with recorded minutes count those. The others count the mean of their kind, which is drawn once for each
//! simulation and not for each ticket: an unknown mean is wrong for all of them alike, and drawing per ticket would
//! average that away. All rows use the same draws, so a pattern's hours are the sum of its sub-patterns', draw by
//! draw. Minutes are never derived from lead times.

use rayon::prelude::*;

use crate::chance::Marks;
use crate::toil::case::Context;
use crate::toil::draws::{DRAWS, draws};
use crate::toil::fact::{Fact, Facts, Kind};
use crate::toil::minutes::{Minutes, Origin};

/// Hands-on hours of the tickets of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hours {
    /// The hours are below this with a probability of 10 %.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// The hours are below this with a probability of 90 %.
    pub p90: f64,
    /// Where they come from.
    pub origin: Origin,
    /// Tickets whose own minutes were recorded.
    pub timed_tickets: usize,
    /// Tickets that are missing in these hours, because there is neither a recorded time nor a prior for them.
    pub unestimated_tickets: usize,
}

/// The mean minutes of each kind of ticket, as draws.
#[derive(Debug)]
pub(super) struct Means {
    /// In the order of [`Facts::kinds`]; `None` where nothing is known, or every ticket has minutes of its own.
    by_kind: Vec<Option<Mean>>,
}

#[derive(Debug)]
struct Mean {
    draws: Vec<f64>,
    marks: Marks,
    origin: Origin,
}

impl Mean {
    fn new(draws: Vec<f64>, origin: Origin) -> Self {
        let marks = Marks::of(&draws);
        Self { draws, marks, origin }
    }
}

impl Means {
    pub(super) fn draw(facts: &Facts<'_>, ctx: &Context<'_>) -> Self {
        let mut timed: Vec<Vec<f64>> = vec![Vec::new(); facts.kinds.len()];
        let mut is_needed = vec![false; facts.kinds.len()];
        for fact in facts.all.iter().filter(|fact| !fact.excluded) {
            timed[fact.kind].extend(fact.minutes);
            is_needed[fact.kind] |= fact.minutes.is_none();
        }
        let kinds = facts.kinds.par_iter().zip(timed).zip(is_needed);
        let mean = |((kind, timed), is_needed): ((&Kind<'_>, Vec<f64>), bool)| {
            is_needed.then(|| mean_of(*kind, &timed, ctx)).flatten()
        };
        Self {
            by_kind: kinds.map(mean).collect(),
        }
    }

    /// Adds up the hours of tickets; `None` if nothing is known of any.
    pub(super) fn hours(&self, tickets: &[&Fact]) -> Option<Hours> {
        let (timed, untimed) = self.split(tickets);
        let sum = Sum::of(&timed, &untimed, &self.by_kind);
        let origin = sum.origin()?;
        let [p10, p50, p90] = sum.marks().quantiles().map(|minutes| minutes / 60.0);
        Some(Hours {
            p10,
            p50,
            p90,
            origin,
            timed_tickets: timed.len(),
            unestimated_tickets: sum.unestimated,
        })
    }

    /// Separates recorded minutes, sorted so that their sum does not depend on the order of the tickets, from the
    /// number of tickets of each kind without any.
    fn split(&self, tickets: &[&Fact]) -> (Vec<f64>, Vec<u32>) {
        let mut timed = Vec::new();
        let mut untimed = vec![0; self.by_kind.len()];
        for ticket in tickets {
            match ticket.minutes {
                Some(minutes) => timed.push(minutes),
                None => untimed[ticket.kind] += 1,
            }
        }
        timed.sort_unstable_by(f64::total_cmp);
        (timed, untimed)
    }
}

/// Draws the mean of one kind: from its timed tickets, its own prior, else its pattern's, combined as [`Minutes`] are.
///
/// Kinds that share a pattern's prior share its draws as well: it is one belief, wrong for all of them alike. Without
/// a prior a single timed ticket says nothing of the others.
fn mean_of((pattern, subpattern): Kind<'_>, timed: &[f64], ctx: &Context<'_>) -> Option<Mean> {
    let prior = |id| Some((id, *ctx.priors.get(id)?));
    let believed = subpattern.and_then(prior).or_else(|| prior(pattern));
    if believed.is_none() && timed.len() < ctx.min_timed.max(2) {
        return None;
    }
    let minutes = Minutes::of(timed, believed.map(|(_, prior)| prior), ctx.min_timed)?;
    let name = match believed {
        Some((id, _)) if minutes.timed_tickets == 0 => format!("prior\n{id}"),
        _ => format!("timed\n{pattern}\n{}", subpattern.unwrap_or_default()),
    };
    Some(Mean::new(draws(minutes.range, ctx.seed, &name), minutes.origin))
}

/// What the minutes of a set of tickets are the sum of.
struct Sum<'m> {
    recorded: f64,
    has_recorded: bool,
    /// Kinds of ticket without recorded minutes whose mean is known, with their tickets.
    estimated: Vec<(f64, &'m Mean)>,
    unestimated: usize,
}

impl<'m> Sum<'m> {
    fn of(timed: &[f64], untimed: &[u32], means: &'m [Option<Mean>]) -> Self {
        let mut sum = Self {
            recorded: timed.iter().sum(),
            has_recorded: !timed.is_empty(),
            estimated: Vec::new(),
            unestimated: 0,
        };
        for (tickets, mean) in untimed.iter().zip(means).filter(|(tickets, _)| **tickets > 0) {
            match mean {
                Some(mean) => sum.estimated.push((f64::from(*tickets), mean)),
                None => sum.unestimated += *tickets as usize,
            }
        }
        sum
    }

    /// Adds up the minutes draw by draw. With one kind of ticket they rise with its mean, so that the marks of the mean
    /// are enough; most rows have one kind.
    fn marks(&self) -> Marks {
        if let [(tickets, mean)] = self.estimated[..] {
            return mean.marks.map(|drawn| self.recorded + tickets * drawn);
        }
        let mut minutes = [self.recorded; DRAWS];
        for (tickets, mean) in &self.estimated {
            for (sum, drawn) in minutes.iter_mut().zip(&mean.draws) {
                *sum += tickets * drawn;
            }
        }
        Marks::of(&minutes)
    }

    fn origin(&self) -> Option<Origin> {
        let recorded = self.has_recorded.then_some(Origin::Timed);
        let estimated = self.estimated.iter().map(|(_, mean)| mean.origin);
        recorded.into_iter().chain(estimated).reduce(Origin::with)
    }
}
