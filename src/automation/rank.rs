//! From demand to the ranked list: which play serves which tickets, what stands against it, who comes first.
//!
//! Ranked by the median of net hours, then by the chance of payback, then by id. Medians that lie close together
//! do not tell candidates apart, so each also carries how often it came first when all were drawn side by side.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::taxonomy::{Play, SubPattern, Taxonomy, ThreePoint};

use super::draws::Deck;
use super::estimate::{Flow, MAX_QUARTERS, UsualVolume, tickets};
use super::model::{Candidate, Demand, Gate, Origin, Range3, Ranking};
use super::simulate::{Outcome, Plan};

/// The kind of play that only improves the request form; it prepares an automation and is none.
const FORM: &str = "form";

/// Kinds of play that help people with work that needs their judgement.
const ASSISTING: [&str; 3] = ["docs", "process", "observability"];

/// Places that count as the top of a list.
const TOP: usize = 3;

/// Ranks the automations that the demand gives a reason for.
///
/// The order of `demands` changes nothing, and neither do demands without a ticket. The same seed gives the same
/// figures; another seed moves them within the error of the simulation. The score is hours of the team, build and
/// upkeep taken off; foundations, waiting requesters and risk stand beside it.
#[must_use]
pub fn rank(demands: &[Demand<'_>], taxonomy: &Taxonomy, seed: u64) -> Ranking {
    let quarters = demands
        .iter()
        .map(|demand| demand.tickets_per_quarter.len().min(MAX_QUARTERS))
        .max()
        .unwrap_or(0);
    let demands = by_subpattern(demands);
    let mut ranking = Ranking {
        candidates: Vec::new(),
        quarters,
        horizon_quarters: taxonomy.estimation.horizon_quarters,
        not_covered: not_covered(&demands, taxonomy),
        unpriced: Vec::new(),
    };
    let deck = Deck::new(seed);
    let simulated: Vec<(Plan<'_>, Outcome)> = plans(&demands, taxonomy, quarters, &mut ranking.unpriced)
        .into_par_iter()
        .map(|plan| {
            let outcome = plan.simulate(&deck);
            (plan, outcome)
        })
        .collect();
    let tops = top_counts(&simulated);
    let judged = simulated.iter().zip(tops);
    ranking.candidates = judged
        .map(|((plan, outcome), tops)| candidate(plan, outcome, tops, taxonomy))
        .collect();
    put_in_order(&mut ranking.candidates);
    ranking
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

/// Groups the demand by play, plays by id and sub-patterns in the order of the taxonomy.
fn plans<'t>(
    demands: &BTreeMap<&str, &Demand<'_>>,
    taxonomy: &'t Taxonomy,
    quarters: usize,
    unpriced: &mut Vec<String>,
) -> Vec<Plan<'t>> {
    let counts: Vec<usize> = demands.values().map(|demand| tickets(demand)).collect();
    let usual = UsualVolume::fit(&counts, quarters);
    let mut plans: BTreeMap<&str, Plan<'t>> = BTreeMap::new();
    for sub in taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs) {
        let (Some(demand), Some(play)) = (demands.get(sub.id.as_str()), first_play(sub, taxonomy)) else {
            continue;
        };
        match Flow::new(
            sub,
            demand,
            usual,
            quarters,
            taxonomy.estimation.min_timed_tickets,
        ) {
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

/// How often a candidate came first and among the first, in draws.
#[derive(Debug, Clone, Copy, Default)]
struct TopCounts {
    first: usize,
    among: usize,
}

/// Compares the plans draw by draw; of equal ones the first id leads. Those with too few tickets to recommend come
/// after all others: a play that hardly anybody needs costs least, and that must not make it the best.
fn top_counts(simulated: &[(Plan<'_>, Outcome)]) -> Vec<TopCounts> {
    let mut counts = vec![TopCounts::default(); simulated.len()];
    let watched: Vec<bool> = simulated
        .iter()
        .map(|(plan, _)| gate(plan) == Gate::Watch)
        .collect();
    let draws = simulated
        .first()
        .map_or(0, |(_, outcome)| outcome.net_draws.len());
    for draw in 0..draws {
        let figures = simulated.iter().zip(&watched);
        let leaders = leaders(figures.map(|((_, outcome), watched)| {
            if *watched {
                f64::NEG_INFINITY
            } else {
                outcome.net_draws[draw]
            }
        }));
        for (place, leader) in leaders.into_iter().flatten().enumerate() {
            counts[leader].first += usize::from(place == 0);
            counts[leader].among += 1;
        }
    }
    counts
}

/// Positions of the highest figures, best first.
fn leaders(figures: impl Iterator<Item = f64>) -> [Option<usize>; TOP] {
    let mut best = [(f64::NEG_INFINITY, None); TOP];
    for (position, figure) in figures.enumerate() {
        let mut entering = (figure, Some(position));
        for place in &mut best {
            if place.1.is_none() || entering.0 > place.0 {
                std::mem::swap(place, &mut entering);
            }
        }
    }
    best.map(|(_, position)| position)
}

fn candidate(plan: &Plan<'_>, outcome: &Outcome, tops: TopCounts, taxonomy: &Taxonomy) -> Candidate {
    let (play, subs) = (plan.play, || plan.flows.iter().map(|flow| flow.sub));
    let (day, draws) = (plan.estimation.hours_per_day, outcome.net_draws.len() as f64);
    let foundation = play.foundation.as_deref().and_then(|id| taxonomy.foundation(id));
    Candidate {
        id: play.id.clone(),
        play: play.id.clone(),
        foundation: play.foundation.clone(),
        subpatterns: subs().map(|sub| sub.id.clone()).collect(),
        tickets: plan_tickets(plan),
        volume_per_quarter: outcome.volume,
        eligible_share: plan.eligible_mean(),
        automation_rate: play.automation_rate.likely,
        minutes: outcome.minutes,
        minutes_origin: origin(&plan.flows),
        sre_hours_saved_per_quarter: outcome.saved,
        build_hours: hours(play.build_days, day),
        foundation_hours: foundation.map(|foundation| hours(foundation.build_days, day)),
        upkeep_hours_per_quarter: play.upkeep_hours_per_quarter,
        net_hours_4q: outcome.net,
        prob_saves: outcome.prob_saves,
        prob_payback_4q: outcome.prob_payback,
        breakeven_tickets_per_quarter: plan.breakeven(),
        requester_wait_hours_saved_p50: plan.wait_hours(),
        rank_top1_prob: tops.first as f64 / draws,
        rank_top3_prob: tops.among as f64 / draws,
        risk: subs().map(|sub| sub.risk).fold(play.risk, u8::max),
        reversible: subs().all(|sub| sub.reversible),
        approval: approvals(subs()),
        owner: play.owner.en.clone(),
        gate: gate(plan),
        largest_driver: plan.largest_driver(outcome),
        rank: 0,
    }
}

fn origin(flows: &[Flow<'_>]) -> Origin {
    let all = |origin| flows.iter().all(|flow| flow.minutes.origin == origin);
    [Origin::Timed, Origin::Estimate]
        .into_iter()
        .find(|&origin| all(origin))
        .unwrap_or(Origin::Mixed)
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
        .map(|sub| sub.approval.clone())
        .filter(|who| !who.is_empty())
        .collect();
    approvals.sort_unstable();
    approvals.dedup();
    approvals
}

fn gate(plan: &Plan<'_>) -> Gate {
    let (tickets, estimation) = (plan_tickets(plan), &plan.estimation);
    // The tickets themselves are counted, not a rate: two tickets in one quarter are no eight in a year.
    if tickets < estimation.min_tickets_per_year as usize {
        Gate::Watch
    } else if ASSISTING.contains(&plan.play.kind.as_str()) {
        Gate::AssistOnly
    } else if plan.eligible_mean() < estimation.min_slot_completeness {
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
        let net = b.net_hours_4q.p50.total_cmp(&a.net_hours_4q.p50);
        watched
            .then(net)
            .then(b.prob_payback_4q.total_cmp(&a.prob_payback_4q))
            .then_with(|| a.id.cmp(&b.id))
    });
    for (place, candidate) in candidates.iter_mut().enumerate() {
        candidate.rank = place + 1;
    }
}
