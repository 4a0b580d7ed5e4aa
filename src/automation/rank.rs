//! From demand to the ranked list: which play serves which tickets, what stands against it, who comes first.
//!
//! Ranked by the median of net hours, then by the chance of payback, then by id. Medians that lie close together
//! do not tell candidates apart, so each also carries how often it came first when all were drawn side by side.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::taxonomy::{Play, SubPattern, Taxonomy, ThreePoint};

use super::bundle::{Drawn, bundles};
use super::draws::Deck;
use super::estimate::{Flow, MAX_QUARTERS, Usual, UsualVolume, tickets};
use super::growth::grown;
use super::model::{Bundle, Candidate, Demand, Gate, Part, Range3, Ranking, Risks};
use super::simulate::{Outcome, Plan, chance};
use super::top::{Tops, tops};
use crate::toil::Origin;

/// The kind of play that only improves the request form; it prepares an automation and is none.
const FORM: &str = "form";

/// Kinds of play that help people with work that needs their judgement.
const ASSISTING: [&str; 3] = ["docs", "process", "observability"];

/// Quarters of the columns that name four of them, whatever the horizon.
const YEAR: u32 = 4;

/// Ranks the automations that the demand gives a reason for.
///
/// The order of `demands` changes nothing, and neither do demands without a ticket. The same seed gives the same
/// figures; another seed moves them within the error of the simulation. The score is hours of the team, build and
/// upkeep taken off; foundations, waiting requesters and risk stand beside it.
#[must_use]
pub fn rank(demands: &[Demand<'_>], taxonomy: &Taxonomy, seed: u64) -> Ranking {
    let history = demands
        .iter()
        .map(|demand| demand.tickets_per_quarter.len())
        .max()
        .unwrap_or(0);
    let quarters = history.min(MAX_QUARTERS);
    let demands = by_subpattern(demands);
    let mut ranking = Ranking {
        bundles: Vec::new(),
        candidates: Vec::new(),
        quarters,
        horizon_quarters: taxonomy.estimation.horizon_quarters,
        not_covered: not_covered(&demands, taxonomy),
        unpriced: Vec::new(),
    };
    let counted = |demand: &&Demand<'_>| grown(demand.tickets_per_quarter, history).tickets;
    let counts: Vec<f64> = demands.values().map(counted).collect();
    let usual = Usual {
        volume: UsualVolume::fit(&counts, quarters),
        quarters,
        history,
        estimation: taxonomy.estimation,
    };
    let deck = Deck::new(seed);
    let simulated: Vec<Simulated<'_>> = plans(&demands, taxonomy, &usual, &mut ranking.unpriced)
        .into_par_iter()
        .map(|plan| {
            let outcome = plan.simulate(&deck);
            let net = outcome.draws.net(plan.estimation.horizon_quarters);
            Simulated { plan, outcome, net }
        })
        .collect();
    let watched: Vec<bool> = simulated
        .iter()
        .map(|one| gate(&one.plan) == Gate::Watch)
        .collect();
    let nets: Vec<&[f64]> = simulated.iter().map(|one| one.net.as_slice()).collect();
    let judged = simulated.iter().zip(tops(&nets, &watched));
    let mut candidates: Vec<Candidate> = judged.map(|(one, tops)| candidate(one, tops, taxonomy)).collect();
    let drawn: Vec<Drawn<'_>> = candidates
        .iter()
        .zip(&simulated)
        .map(|(candidate, one)| (candidate, &one.outcome.draws))
        .collect();
    let (bundles, mut left_out) = bundles(&drawn, taxonomy, &deck);
    ranking.bundles = bundles;
    for candidate in &mut candidates {
        let holds = |bundle: &&Bundle| bundle.candidates.contains(&candidate.id);
        candidate.bundle = ranking.bundles.iter().find(holds).map(|bundle| bundle.id.clone());
        candidate.left_out = left_out.remove(&candidate.id);
    }
    put_in_order(&mut candidates);
    ranking.candidates = candidates;
    ranking
}

/// A plan with what its draws say; `net` is in hours over the horizon, draw by draw.
struct Simulated<'a> {
    plan: Plan<'a>,
    outcome: Outcome,
    net: Vec<f64>,
}

fn by_subpattern<'d, 'a>(demands: &'d [Demand<'a>]) -> BTreeMap<&'a str, &'d Demand<'a>> {
    demands
        .iter()
        .filter(|demand| tickets(demand) > 0)
        .map(|demand| (demand.subpattern, demand))
        .collect()
}

fn not_covered(demands: &BTreeMap<&str, &Demand<'_>>, taxonomy: &Taxonomy) -> Vec<String> {
    let covered = |id: &str| {
        taxonomy
            .sub(id)
            .is_some_and(|(_, sub)| first_play(sub, taxonomy).is_some())
    };
    demands
        .keys()
        .filter(|id| !covered(id))
        .map(|id| (*id).to_owned())
        .collect()
}

/// The first play of a sub-pattern that does more than improve the form.
fn first_play<'t>(sub: &SubPattern, taxonomy: &'t Taxonomy) -> Option<&'t Play> {
    sub.plays
        .iter()
        .filter_map(|id| taxonomy.play(id))
        .find(|play| play.kind != FORM)
}

/// Lists the slots that the automation of a sub-pattern cannot do without, whatever the sub-pattern itself requires: a
/// ticket that leaves one out is none that a machine could carry out.
#[must_use]
pub fn needs<'t>(sub: &SubPattern, taxonomy: &'t Taxonomy) -> BTreeSet<&'t str> {
    first_play(sub, taxonomy).map_or_else(BTreeSet::new, Play::needs)
}

/// Groups the demand by play, plays by id and sub-patterns in the order of the taxonomy.
fn plans<'t>(
    demands: &BTreeMap<&str, &'t Demand<'t>>,
    taxonomy: &'t Taxonomy,
    usual: &Usual,
    unpriced: &mut Vec<String>,
) -> Vec<Plan<'t>> {
    let mut plans: BTreeMap<&str, Plan<'t>> = BTreeMap::new();
    for sub in taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs) {
        let (Some(demand), Some(play)) = (demands.get(sub.id.as_str()), first_play(sub, taxonomy)) else {
            continue;
        };
        match Flow::new(sub, demand, usual) {
            Some(flow) => {
                let new = || Plan {
                    play,
                    flows: Vec::new(),
                    estimation: taxonomy.estimation,
                };
                plans.entry(&play.id).or_insert_with(new).flows.push(flow);
            }
            None => unpriced.push(sub.id.clone()),
        }
    }
    unpriced.sort_unstable();
    plans.into_values().collect()
}

fn candidate(one: &Simulated<'_>, tops: Tops, taxonomy: &Taxonomy) -> Candidate {
    let Simulated { plan, outcome, net } = one;
    let (play, subs) = (plan.play, || plan.flows.iter().map(|flow| flow.sub));
    let day = plan.estimation.hours_per_day;
    let foundation = play.foundation.as_deref().and_then(|id| taxonomy.foundation(id));
    let (net_hours, prob_payback) = paid_back(net);
    // Nearly always the horizon is a year, and the same draws need no second look.
    let (net_hours_4q, prob_payback_4q) = if plan.estimation.horizon_quarters == YEAR {
        (net_hours, prob_payback)
    } else {
        paid_back(&outcome.draws.net(YEAR))
    };
    let of_known = |draws: &Option<Vec<f64>>| draws.as_deref().map(Range3::of);
    Candidate {
        id: play.id.clone(),
        play: play.id.clone(),
        foundation: play.foundation.clone(),
        bundle: None,
        left_out: None,
        subpatterns: subs().map(|sub| sub.id.clone()).collect(),
        parts: parts(plan, outcome),
        tickets: plan_tickets(plan),
        volume_per_quarter: outcome.volume,
        eligible_share: outcome.eligible,
        reachable_share: plan.weighted(|flow| reachable(plan, flow)),
        automation_rate: range(play.automation_rate),
        minutes: outcome.minutes,
        minutes_origin: origin(&plan.flows),
        prob_saves: chance(&outcome.draws.saved, |hours| hours > 0.0),
        prob_payback,
        prob_payback_4q,
        sre_hours_saved_per_quarter: Range3::of(&outcome.draws.saved),
        interruption_hours_saved_per_quarter: Range3::of(&outcome.draws.interruption),
        build_hours: hours(play.build_days, day),
        foundation_hours: foundation.map(|foundation| hours(foundation.build_days, day)),
        upkeep_hours_per_quarter: play.upkeep_hours_per_quarter,
        transferred_minutes_per_ticket: plan.estimation.transferred_minutes,
        net_hours,
        net_hours_4q,
        breakeven_tickets_per_quarter: plan.breakeven(),
        requester_wait_hours_saved: of_known(&outcome.draws.wait),
        requester_blocked_hours: of_known(&outcome.draws.blocked),
        risks: plan
            .flows
            .iter()
            .fold(Risks::default(), |sum, flow| sum.with(flow.demand.risks)),
        rank_top1_prob: tops.first,
        rank_top3_prob: tops.among,
        risk: subs().map(|sub| sub.risk).fold(play.risk, u8::max),
        reversible: subs().all(|sub| sub.reversible),
        approval: approvals(subs()),
        owner: play.owner.clone(),
        gate: gate(plan),
        sensitivity: plan.sensitivity(outcome),
        rank: 0,
    }
}

/// Net hours, and the chance that they pay for the build.
fn paid_back(net: &[f64]) -> (Range3, f64) {
    (Range3::of(net), chance(net, |hours| hours >= 0.0))
}

/// What is known of each sub-pattern of a plan.
fn parts(plan: &Plan<'_>, outcome: &Outcome) -> Vec<Part> {
    let pairs = plan.flows.iter().zip(&outcome.parts);
    let part = |(flow, (volume, eligible)): (&Flow<'_>, &(Range3, Range3))| Part {
        subpattern: flow.sub.id.clone(),
        tickets: flow.tickets,
        complete: flow.demand.complete,
        eligible_share: *eligible,
        reachable_share: reachable(plan, flow),
        slots: flow.demand.slots.to_vec(),
        volume_per_quarter: *volume,
        growth: flow.growth,
        minutes: range(flow.minutes.range),
        minutes_origin: flow.minutes.origin,
        timed_tickets: flow.minutes.timed_tickets,
        lead_p50: flow.demand.lead_p50,
        lead_p90: flow.demand.lead_p90,
        purity: flow.demand.purity,
        looks: flow.demand.looks,
        risks: flow.demand.risks,
    };
    pairs.map(part).collect()
}

/// The share that is complete, and of the rest what a better form is thought to complete.
fn reachable(plan: &Plan<'_>, flow: &Flow<'_>) -> f64 {
    let complete = flow.completeness.mean();
    complete + (1.0 - complete) * plan.estimation.form_reach
}

fn origin(flows: &[Flow<'_>]) -> Origin {
    let origins = flows.iter().map(|flow| flow.minutes.origin);
    origins.reduce(Origin::with).unwrap_or(Origin::Prior)
}

fn range(range: ThreePoint) -> Range3 {
    Range3 {
        p10: range.low,
        p50: range.likely,
        p90: range.high,
    }
}

fn hours(days: ThreePoint, hours_per_day: f64) -> Range3 {
    Range3 {
        p10: days.low * hours_per_day,
        p50: days.likely * hours_per_day,
        p90: days.high * hours_per_day,
    }
}

fn approvals<'s>(subs: impl Iterator<Item = &'s SubPattern>) -> Vec<String> {
    let mut approvals: Vec<String> = subs
        .filter_map(|sub| Some(sub.approval.as_ref()?.en.clone()))
        .collect();
    approvals.sort_unstable();
    approvals.dedup();
    approvals
}

fn gate(plan: &Plan<'_>) -> Gate {
    let (tickets, estimation) = (plan_tickets(plan), &plan.estimation);
    // The tickets themselves are counted, not a rate: two tickets in one quarter are no eight in a year.
    let share = |figure: fn(&Flow<'_>) -> f64| plan.weighted(figure);
    if tickets < estimation.min_tickets_per_year as usize {
        Gate::Watch
    } else if share(|flow| flow.demand.purity.unwrap_or(1.0)) < estimation.min_label_purity {
        Gate::Relabel
    } else if ASSISTING.contains(&plan.play.kind.as_str()) {
        Gate::AssistOnly
    } else if share(|flow| flow.completeness.mean()) < estimation.min_slot_completeness {
        Gate::FixForm
    } else {
        Gate::Ok
    }
}

fn plan_tickets(plan: &Plan<'_>) -> usize {
    plan.flows.iter().map(|flow| flow.tickets).sum()
}

/// Orders by what is left after the build, those with too few tickets to recommend last.
fn put_in_order(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        let watched = (a.gate == Gate::Watch).cmp(&(b.gate == Gate::Watch));
        let net = b.net_hours.p50.total_cmp(&a.net_hours.p50);
        watched
            .then(net)
            .then(b.prob_payback.total_cmp(&a.prob_payback))
            .then_with(|| a.id.cmp(&b.id))
    });
    for (place, candidate) in candidates.iter_mut().enumerate() {
        candidate.rank = place + 1;
    }
}
