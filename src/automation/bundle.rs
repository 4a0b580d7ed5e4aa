//! What to recommend: not rows of a list but pieces of work, plays that share a foundation together.
//!
//! A row alone cannot see that the base which five plays need is paid once. So sets are judged. On hours a set grows
//! by the play that adds most while it adds anything. Where hours do not carry it, the other ledgers may, each by a
//! rule of its own; no ledger is ever turned into another.

use std::collections::BTreeMap;

use crate::taxonomy::{Estimation, Taxonomy};

use super::curve::positive;
use super::draws::{DRAWS, Deck};
use super::model::{Bundle, Candidate, Gate, Range3, Reason};
use super::simulate::{Draws, chance};

/// Chance of paying back from which hours alone are a reason: more likely than not.
const LIKELY: f64 = 0.5;

/// Tickets from which a kind of request goes along with others on a shared base.
const FEW: usize = 3;

/// A candidate with its draws.
pub(super) type Drawn<'a> = (&'a Candidate, &'a Draws);

/// What all bundles of a run share.
struct Room<'a> {
    taxonomy: &'a Taxonomy,
    estimation: Estimation,
    deck: &'a Deck,
}

/// Recommends what has a reason, best first: what pays on hours by its net hours, then the rest by the hours in which
/// requesters are really stopped, then by its id.
pub(super) fn bundles(drawn: &[Drawn<'_>], taxonomy: &Taxonomy, deck: &Deck) -> Vec<Bundle> {
    let room = Room {
        taxonomy,
        estimation: taxonomy.estimation,
        deck,
    };
    let mut sets: BTreeMap<&str, Vec<Drawn<'_>>> = BTreeMap::new();
    for one in drawn.iter().filter(|(candidate, _)| is_seen_enough(candidate)) {
        let id = one.0.foundation.as_deref().unwrap_or(&one.0.id);
        sets.entry(id).or_default().push(*one);
    }
    let mut bundles: Vec<Bundle> = sets.into_values().filter_map(|set| room.best(set)).collect();
    bundles.sort_by(|a, b| {
        let on_hours = |bundle: &Bundle| bundle.reasons.first() == Some(&Reason::Hours);
        let hours = |bundle: &Bundle| {
            if on_hours(bundle) {
                bundle.net_hours.p50
            } else {
                0.0
            }
        };
        let blocked = |bundle: &Bundle| bundle.requester_blocked_hours.map_or(0.0, |hours| hours.p50);
        on_hours(b)
            .cmp(&on_hours(a))
            .then(hours(b).total_cmp(&hours(a)))
            .then(blocked(b).total_cmp(&blocked(a)))
            .then_with(|| a.id.cmp(&b.id))
    });
    for (place, bundle) in bundles.iter_mut().enumerate() {
        bundle.rank = place + 1;
    }
    bundles
}

/// Says whether a candidate may be recommended: one with tickets enough of its own, or with a few on a base that others
/// share. What was asked for once or twice is no reason for anything.
fn is_seen_enough(candidate: &Candidate) -> bool {
    candidate.gate != Gate::Watch || (candidate.foundation.is_some() && candidate.tickets >= FEW)
}

impl Room<'_> {
    /// Finds the set of plays that is worth most together: on hours if any is, else for another reason.
    fn best(&self, mut set: Vec<Drawn<'_>>) -> Option<Bundle> {
        // A play adds its own net hours whatever else is in the set, so "add the best while it adds" is a filter.
        set.sort_by(|(a, _), (b, _)| {
            let by_net = b.net_hours.p50.total_cmp(&a.net_hours.p50);
            by_net.then_with(|| a.id.cmp(&b.id))
        });
        let adds = |(candidate, _): &&Drawn<'_>| candidate.net_hours.p50 >= 0.0;
        let paying: Vec<Drawn<'_>> = set.iter().filter(adds).copied().collect();
        let on_hours = self.bundle(&paying);
        if on_hours
            .as_ref()
            .is_some_and(|bundle| bundle.reasons.contains(&Reason::Hours))
        {
            return on_hours;
        }
        let worth: Vec<Drawn<'_>> = set
            .into_iter()
            .filter(|(one, _)| self.is_worth_running(one))
            .collect();
        let enough = self.estimation.min_tickets_per_year as usize;
        self.bundle(&worth)
            .filter(|bundle| !bundle.reasons.is_empty() && bundle.tickets >= enough)
    }

    /// Says whether a play is better run than not, its build aside: it saves the team hours, spares requesters more
    /// stopped hours than it costs the team, or ends something that stands open.
    fn is_worth_running(&self, candidate: &Candidate) -> bool {
        let cost = -candidate.sre_hours_saved_per_quarter.p50;
        let spares = candidate
            .requester_blocked_hours
            .is_some_and(|hours| hours.p50 >= cost);
        cost <= 0.0 || spares || candidate.risks.stand_open(FEW)
    }

    /// Adds the plays up, draw by draw, and the foundation once. `None` of no play.
    fn bundle(&self, set: &[Drawn<'_>]) -> Option<Bundle> {
        let (first, _) = set.first()?;
        let sum = self.sum(set);
        let mut net = sum.net(self.estimation.horizon_quarters);
        let candidates = || set.iter().map(|(candidate, _)| *candidate);
        let mut bundle = Bundle {
            id: first.foundation.clone().unwrap_or_else(|| first.id.clone()),
            foundation: first.foundation.clone(),
            candidates: candidates().map(|candidate| candidate.id.clone()).collect(),
            subpatterns: candidates()
                .flat_map(|candidate| candidate.subpatterns.clone())
                .collect(),
            tickets: candidates().map(|candidate| candidate.tickets).sum(),
            prob_saves: chance(&sum.saved, |hours| hours > 0.0),
            prob_payback: chance(&net, |hours| hours >= 0.0),
            build_hours: Range3::of(&mut sum.build.clone()),
            sre_hours_saved_per_quarter: Range3::of(&mut sum.saved.clone()),
            interruption_hours_saved_per_quarter: Range3::of(&mut sum.interruption.clone()),
            net_hours: Range3::of(&mut net),
            requester_wait_hours_saved: sum.wait.clone().map(|mut draws| Range3::of(&mut draws)),
            requester_blocked_hours: sum.blocked.clone().map(|mut draws| Range3::of(&mut draws)),
            risks: candidates().fold(super::Risks::default(), |sum, one| sum.with(one.risks)),
            reasons: Vec::new(),
            rank: 0,
        };
        bundle.reasons = self.reasons(&bundle);
        Some(bundle)
    }

    fn reasons(&self, bundle: &Bundle) -> Vec<Reason> {
        let day = self.estimation.hours_per_day;
        let habit = self.estimation.min_tickets_per_year as usize;
        let blocked = bundle.requester_blocked_hours;
        let holds = [
            (
                Reason::Hours,
                bundle.prob_payback >= LIKELY && bundle.net_hours.p50 > 0.0,
            ),
            (Reason::Waiting, blocked.is_some_and(|hours| hours.p50 >= day)),
            (Reason::Control, bundle.risks.stand_open(habit)),
        ];
        holds
            .into_iter()
            .filter_map(|(reason, holds)| holds.then_some(reason))
            .collect()
    }

    fn sum(&self, set: &[Drawn<'_>]) -> Draws {
        let mut sum = Draws {
            saved: vec![0.0; DRAWS],
            build: vec![0.0; DRAWS],
            interruption: vec![0.0; DRAWS],
            wait: None,
            blocked: None,
        };
        let id = set.first().and_then(|(first, _)| first.foundation.as_deref());
        if let Some(base) = id.and_then(|id| self.taxonomy.foundation(id)) {
            let days = positive(base.build_days);
            for (build, score) in sum.build.iter_mut().zip(self.deck.scores(&base.id, "build")) {
                *build = days(score) * self.estimation.hours_per_day;
            }
            sum.saved = vec![-base.upkeep_hours_per_quarter; DRAWS];
        }
        for (_, draws) in set {
            add(&mut sum.saved, &draws.saved);
            add(&mut sum.build, &draws.build);
            add(&mut sum.interruption, &draws.interruption);
            add_known(&mut sum.wait, draws.wait.as_deref());
            add_known(&mut sum.blocked, draws.blocked.as_deref());
        }
        sum
    }
}

fn add(sum: &mut [f64], more: &[f64]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Adds what is known; a sum of nothing known stays unknown.
fn add_known(sum: &mut Option<Vec<f64>>, more: Option<&[f64]>) {
    if let Some(more) = more {
        add(sum.get_or_insert_with(|| vec![0.0; DRAWS]), more);
    }
}
