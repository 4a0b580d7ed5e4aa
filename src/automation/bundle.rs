//! What to recommend: not rows of a list but pieces of work, plays that share a foundation together.
//!
//! A row alone cannot see that the base which five plays need is paid once. So sets are judged. On hours a set grows
//! by the play that adds most while it adds anything. Where hours do not carry it, the other ledgers may, each by a
//! rule of its own; no ledger is ever turned into another.

use std::collections::BTreeMap;

use crate::taxonomy::{Estimation, Taxonomy};

use super::curve::positive;
use super::draws::{DRAWS, Deck};
use super::model::{Bundle, Candidate, Gate, LeftOut, Range3, Reason};
use super::simulate::{Draws, chance};

/// Chance of paying back from which hours alone are a reason: more likely than not.
const LIKELY: f64 = 0.5;

/// Tickets from which a kind of request goes along with others on a shared base.
const FEW: usize = 3;

/// Hours a quarter in which requesters are really stopped from which that is worth running a play, beside others or
/// alone: less is within what anybody's day loses anyway.
const STOPPED: f64 = 1.0;

/// A candidate with its draws.
pub(super) type Drawn<'a> = (&'a Candidate, &'a Draws);

/// What all bundles of a run share.
struct Room<'a> {
    taxonomy: &'a Taxonomy,
    estimation: Estimation,
    deck: &'a Deck,
}

/// Candidates that are in no bundle, by id, each with the cause.
pub(super) type Rest = BTreeMap<String, LeftOut>;

/// Recommends what has a reason, best first: what pays on hours by its net hours, then the rest by the hours in which
/// requesters are really stopped, then by its id. Says of all others why they are not in it.
pub(super) fn bundles(drawn: &[Drawn<'_>], taxonomy: &Taxonomy, deck: &Deck) -> (Vec<Bundle>, Rest) {
    let room = Room {
        taxonomy,
        estimation: taxonomy.estimation,
        deck,
    };
    let mut rest = Rest::new();
    let mut sets: BTreeMap<&str, Vec<Drawn<'_>>> = BTreeMap::new();
    for one in drawn {
        if is_seen_enough(one.0) {
            let id = one.0.foundation.as_deref().unwrap_or(&one.0.id);
            sets.entry(id).or_default().push(*one);
        } else {
            rest.insert(one.0.id.clone(), LeftOut::TooFew);
        }
    }
    let best = sets.into_values().filter_map(|set| room.best(set, &mut rest));
    let mut bundles: Vec<Bundle> = best.collect();
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
    (bundles, rest)
}

/// Says whether a candidate may be recommended: one with tickets enough of its own, or with a few on a base that others
/// share. What was asked for once or twice is no reason for anything.
fn is_seen_enough(candidate: &Candidate) -> bool {
    candidate.gate != Gate::Watch || (candidate.foundation.is_some() && candidate.tickets >= FEW)
}

impl Room<'_> {
    /// Finds the set of plays that is worth most together: on hours if any is, else for another reason.
    fn best(&self, mut set: Vec<Drawn<'_>>, rest: &mut Rest) -> Option<Bundle> {
        let mut leave = |set: Vec<Drawn<'_>>, why: LeftOut| {
            rest.extend(set.into_iter().map(|(one, _)| (one.id.clone(), why)));
        };
        // A play adds its own net hours whatever else is in the set, so "add the best while it adds" is a filter.
        set.sort_by(|(a, _), (b, _)| {
            let by_net = b.net_hours.p50.total_cmp(&a.net_hours.p50);
            by_net.then_with(|| a.id.cmp(&b.id))
        });
        let (paying, others): (Vec<Drawn<'_>>, Vec<Drawn<'_>>) =
            set.iter().copied().partition(|(one, _)| one.net_hours.p50 >= 0.0);
        let on_hours = self.bundle(&paying);
        if on_hours
            .as_ref()
            .is_some_and(|bundle| bundle.reasons.contains(&Reason::Hours))
        {
            leave(others, LeftOut::CostsHours);
            return on_hours;
        }
        let (worth, others): (Vec<Drawn<'_>>, Vec<Drawn<'_>>) =
            set.into_iter().partition(|(one, _)| self.is_worth_running(one));
        leave(others, LeftOut::NotWorthRunning);
        let bundle = self.bundle(&worth)?;
        let enough = self.estimation.min_tickets_per_year as usize;
        if bundle.reasons.is_empty() {
            leave(worth, LeftOut::NoReason);
            return None;
        }
        if bundle.tickets < enough {
            leave(worth, LeftOut::TooFewTogether);
            return None;
        }
        Some(bundle)
    }

    /// Says whether a play is better run than not, its build aside. Each ledger is held against a bar of its own, and
    /// no hour of one is set against an hour of another: the play saves the team hours; or it spares requesters time in
    /// which they are really stopped, and keeping it alive takes no more than a working day a quarter; or it ends
    /// something that stands open.
    fn is_worth_running(&self, candidate: &Candidate) -> bool {
        let saved = candidate.sre_hours_saved_per_quarter.p50;
        let spares = candidate
            .requester_blocked_hours
            .is_some_and(|hours| hours.p50 >= STOPPED);
        saved >= 0.0 || (spares && saved >= -self.estimation.hours_per_day) || candidate.risks.stand_open(FEW)
    }

    /// Adds the plays up, draw by draw, and the foundation once. `None` of no play.
    fn bundle(&self, set: &[Drawn<'_>]) -> Option<Bundle> {
        let (first, _) = set.first()?;
        let sum = self.sum(set);
        let net = sum.net(self.estimation.horizon_quarters);
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
            build_hours: Range3::of(&sum.build),
            sre_hours_saved_per_quarter: Range3::of(&sum.saved),
            interruption_hours_saved_per_quarter: Range3::of(&sum.interruption),
            net_hours: Range3::of(&net),
            requester_wait_hours_saved: sum.wait.as_deref().map(Range3::of),
            requester_blocked_hours: sum.blocked.as_deref().map(Range3::of),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::model::{Demand, Ranking, Risks};
    use super::super::rank;
    use super::super::tests::{demand, taxonomy};
    use super::*;

    /// A year at the scale of the team that began this: 200 tickets, two in five of them accounts and permissions.
    fn seed_scale(share_without_end: usize) -> Vec<(&'static str, Vec<usize>, Risks)> {
        let grants = |grants: usize| Risks {
            grants,
            grants_without_end: grants * share_without_end / 100,
            ..Risks::default()
        };
        vec![
            ("account.github", vec![9, 8, 10, 9], Risks::default()),
            ("account.workspace_group", vec![6, 7, 6, 7], Risks::default()),
            ("permission.gcp_iam", vec![18, 17, 19, 18], grants(72)),
            ("permission.bigquery", vec![10, 11, 9, 10], grants(40)),
            ("permission.github_repo", vec![5, 6, 5, 6], grants(22)),
            ("investigation.app_error", vec![4, 4, 4, 4], Risks::default()),
        ]
    }

    fn rank_seed(lead: Option<f64>, share_without_end: usize) -> Ranking {
        let rows = seed_scale(share_without_end);
        let demands: Vec<Demand<'_>> = rows
            .iter()
            .map(|(id, counts, risks)| Demand {
                lead_p50: lead,
                risks: *risks,
                ..demand(id, counts, counts.iter().sum::<usize>() * 8 / 10)
            })
            .collect();
        rank(&demands, &Taxonomy::builtin().unwrap(), 1)
    }

    #[test]
    fn accounts_and_permissions_on_one_base_can_win_for_waiting() {
        let ranking = rank_seed(Some(6.0), 0);
        let first = &ranking.bundles[0];
        assert_eq!(first.id, "iac_self_service");
        assert_eq!(first.reasons, [Reason::Waiting]);
        assert!(first.net_hours.p50 < 0.0, "hours alone do not carry it");
        for pattern in ["account.", "permission."] {
            assert!(
                first.subpatterns.iter().any(|sub| sub.starts_with(pattern)),
                "{first:?}"
            );
        }
        for id in &first.candidates {
            assert_eq!(
                ranking.candidate(id).unwrap().bundle.as_deref(),
                Some("iac_self_service")
            );
        }
    }

    #[test]
    fn it_can_win_for_control_and_needs_a_reason() {
        let control = rank_seed(None, 100);
        assert_eq!(control.bundles[0].id, "iac_self_service");
        assert_eq!(control.bundles[0].reasons, [Reason::Control]);
        assert_eq!(
            rank_seed(None, 0).bundles,
            [],
            "no lead time, nothing open, no payback"
        );
    }

    #[test]
    fn it_can_win_on_hours_and_then_pays_the_base_once() {
        let rows = seed_scale(0);
        let many: Vec<Vec<usize>> = rows
            .iter()
            .map(|(_, counts, _)| counts.iter().map(|n| n * 60).collect())
            .collect();
        let demands: Vec<Demand<'_>> = rows
            .iter()
            .zip(&many)
            .map(|((id, _, _), counts)| demand(id, counts, counts.iter().sum()))
            .collect();
        let ranking = rank(&demands, &Taxonomy::builtin().unwrap(), 1);
        let bundle = ranking
            .bundles
            .iter()
            .find(|bundle| bundle.id == "iac_self_service")
            .unwrap();
        assert_eq!(bundle.reasons.first(), Some(&Reason::Hours));
        let alone: f64 = bundle
            .candidates
            .iter()
            .map(|id| ranking.candidate(id).unwrap().build_hours.p50)
            .sum();
        assert!(bundle.build_hours.p50 > alone, "the base is in it");
    }

    fn left_out(ranking: &Ranking, id: &str) -> Option<LeftOut> {
        ranking.candidate(id).unwrap().left_out
    }

    #[test]
    fn what_is_in_no_bundle_says_the_true_cause() {
        let few = rank(&[demand("account.how", &[1, 2, 1, 1], 5)], &taxonomy(), 1);
        assert_eq!(left_out(&few, "guide"), Some(LeftOut::TooFew));
        let costs = rank(&[demand("account.code", &[4; 4], 16)], &taxonomy(), 1);
        assert_eq!(left_out(&costs, "by_request"), Some(LeftOut::NotWorthRunning));
        let lean = Demand {
            lead_p50: Some(6.0),
            ..demand("account.code", &[6; 4], 24)
        };
        let no_reason = rank(&[lean], &taxonomy(), 1);
        let blocked = no_reason.candidates[0].requester_blocked_hours.unwrap().p50;
        assert!((STOPPED..6.0).contains(&blocked), "{blocked}");
        assert_eq!(left_out(&no_reason, "by_request"), Some(LeftOut::NoReason));
        let open = Demand {
            risks: Risks {
                secrets: 1,
                ..Risks::default()
            },
            ..demand("account.code", &[1; 4], 4)
        };
        let together = rank(&[open], &taxonomy(), 1);
        assert_eq!(left_out(&together, "by_request"), Some(LeftOut::TooFewTogether));
    }

    #[test]
    fn what_takes_hours_from_a_base_that_pays_is_left_out_for_that() {
        let mut taxonomy = taxonomy();
        for play in &mut taxonomy.plays {
            play.foundation = (play.id != "better_form").then(|| "base".to_owned());
        }
        let demands = [
            demand("account.code", &[900; 4], 3_600),
            demand("account.how", &[3; 4], 12),
        ];
        let ranking = rank(&demands, &taxonomy, 1);
        assert_eq!(ranking.bundles[0].candidates, ["by_request"]);
        assert_eq!(left_out(&ranking, "by_request"), None);
        assert_eq!(left_out(&ranking, "guide"), Some(LeftOut::CostsHours));
    }

    #[test]
    fn no_hour_of_one_ledger_is_set_against_an_hour_of_another() {
        // Requesters are stopped for about two hours a quarter; what the play costs the team moves past that.
        let members = |upkeep: f64| {
            let mut taxonomy = taxonomy();
            for play in taxonomy.plays.iter_mut().filter(|play| play.id == "by_request") {
                play.upkeep_hours_per_quarter = upkeep;
            }
            let row = Demand {
                lead_p50: Some(6.0),
                ..demand("account.code", &[6; 4], 24)
            };
            let one = rank(&[row], &taxonomy, 1).candidates.remove(0);
            (
                one.requester_blocked_hours.unwrap().p50,
                -one.sre_hours_saved_per_quarter.p50,
                one.left_out,
            )
        };
        let ((blocked, cheap, before), (_, dear, after)) = (members(2.0), members(5.0));
        assert!(cheap < blocked && blocked < dear, "{cheap} {blocked} {dear}");
        assert_eq!(before, after);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn no_ticket_counts_twice(counts in prop::collection::vec(0..40_usize, 6), secrets in 0..3_usize) {
            const SUBS: [&str; 6] = [
                "permission.gcp_iam", "permission.bigquery", "account.github", "account.offboard", "tool_config.dns_cert", "environment.create",
            ];
            let rows: Vec<[usize; 4]> = counts.iter().map(|&n| [n; 4]).collect();
            let risks = Risks { secrets, ..Risks::default() };
            let demands: Vec<Demand<'_>> = SUBS
                .iter()
                .zip(&rows)
                .map(|(id, row)| Demand { lead_p50: Some(9.0), risks, ..demand(id, row, row[0] * 3) })
                .collect();
            let ranking = rank(&demands, &Taxonomy::builtin().unwrap(), 1);
            let mut served: Vec<&String> = ranking.bundles.iter().flat_map(|bundle| &bundle.subpatterns).collect();
            for bundle in &ranking.bundles {
                let of = |sub: &String| {
                    SUBS.iter().position(|id| id == sub).map_or(0, |at| 4 * counts[at])
                };
                prop_assert_eq!(bundle.tickets, bundle.subpatterns.iter().map(of).sum::<usize>());
            }
            let all = served.len();
            served.sort_unstable();
            served.dedup();
            prop_assert_eq!(served.len(), all, "a sub-pattern is in one bundle at most");
            for one in &ranking.candidates {
                prop_assert_eq!(one.bundle.is_none(), one.left_out.is_some(), "{}", one.id);
            }
        }
    }
}
