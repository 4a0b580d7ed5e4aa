//! The ranking as a whole: an example worked on paper, gates, and what stands apart. Its laws are in `laws`.

use super::*;
use crate::taxonomy::{Taxonomy, ThreePoint};
use crate::toil::Origin;

/// Two patterns' worth of sub-patterns: two served by one play, one by a guide, one by a form alone, one by nothing.
const TEXT: &str = r#"
schema_version = 1
version = "1"

[slots.person]
ja = "対象者"
en = "person"
entities = ["person"]

[foundations.base]
ja = "基盤"
en = "Base"
build_days = { low = 3.0, likely = 6.0, high = 14.0 }
upkeep_hours_per_quarter = 4.0
owner = "platform"

[plays.better_form]
ja = "フォーム"
en = "Form"
kind = "form"
build_days = { low = 0.5, likely = 1.0, high = 2.0 }
automation_rate = { low = 0.1, likely = 0.2, high = 0.35 }
residual_minutes = 4.0
upkeep_hours_per_quarter = 0.25
owner = "SRE"
risk = 1

[plays.by_request]
ja = "PR で"
en = "By pull request"
kind = "terraform_self_service"
foundation = "base"
build_days = { low = 1.0, likely = 2.0, high = 5.0 }
automation_rate = { low = 0.5, likely = 0.75, high = 0.92 }
residual_minutes = 3.0
upkeep_hours_per_quarter = 1.0
owner = "product team"
risk = 2

[plays.guide]
ja = "手引き"
en = "Guide"
kind = "docs"
build_days = { low = 1.0, likely = 1.0, high = 1.0 }
automation_rate = { low = 0.5, likely = 0.5, high = 0.5 }
residual_minutes = 0.0
upkeep_hours_per_quarter = 2.0
owner = "SRE"
risk = 1

[[pattern]]
id = "account"
ja = "アカウント"
en = "Accounts"
priority = 1
toil_default = true
sub = [
  { id = "account.code", ja = "招待", en = "Invite", cues = [{ re = "invite", w = 1.0 }], slots = { required = ["person"] }, minutes = { low = 8.0, likely = 15.0, high = 45.0 }, plays = ["better_form", "by_request", "guide"], risk = 2, approval = "team lead", reversible = true },
  { id = "account.leave", ja = "退職", en = "Leaver", cues = [{ re = "leaver", w = 1.0 }], minutes = { low = 5.0, likely = 10.0, high = 20.0 }, plays = ["by_request"], risk = 4, approval = "HR", reversible = false },
  { id = "account.how", ja = "質問", en = "Question", cues = [{ re = "how", w = 1.0 }], minutes = { low = 60.0, likely = 60.0, high = 60.0 }, plays = ["guide"], risk = 1, approval = "none", reversible = true },
  { id = "account.form", ja = "形だけ", en = "Form only", cues = [{ re = "form", w = 1.0 }], minutes = { low = 1.0, likely = 2.0, high = 3.0 }, plays = ["better_form"], risk = 1, approval = "none", reversible = true },
  { id = "account.dark", ja = "不明", en = "Unpriced", cues = [{ re = "dark", w = 1.0 }], plays = ["by_request"], risk = 1, approval = "none", reversible = true },
]

[[pattern]]
id = "other"
ja = "その他"
en = "Other"
priority = 9
toil_default = false
"#;

pub(super) fn taxonomy() -> Taxonomy {
    Taxonomy::parse("test.toml", TEXT).unwrap()
}

pub(super) fn demand<'a>(
    subpattern: &'a str,
    tickets_per_quarter: &'a [usize],
    complete: usize,
) -> Demand<'a> {
    let tickets = tickets_per_quarter.iter().sum();
    Demand {
        subpattern,
        tickets_per_quarter,
        tickets,
        complete,
        ..Demand::default()
    }
}

pub(super) fn only(ranking: Ranking) -> Candidate {
    let [candidate] = <[Candidate; 1]>::try_from(ranking.candidates).unwrap();
    candidate
}

#[track_caller]
fn assert_close(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted}");
}

/// Five questions of 60 minutes in one quarter, all complete, and a guide that absorbs half of what it can.
#[test]
fn five_tickets_on_paper() {
    let ranking = rank(
        &[Demand {
            lead_p50: Some(8.5),
            ..demand("account.how", &[5], 5)
        }],
        &taxonomy(),
        1,
    );
    let found = only(ranking);
    // Nothing to compare with: volume is gamma(5.5), whose deciles are half those of chi-square with 11 degrees.
    assert_close(found.volume_per_quarter.p10, 5.578 / 2.0, 0.03);
    assert_close(found.volume_per_quarter.p50, 10.341 / 2.0, 0.03);
    assert_close(found.volume_per_quarter.p90, 17.275 / 2.0, 0.05);
    // Beta(5.5, 0.5).
    assert_close(found.eligible_share.p50, 0.959, 0.01);
    // Ranges without width stay as written: an hour a ticket, a day of six hours.
    let sure = |at| Range3 {
        p10: at,
        p50: at,
        p90: at,
    };
    for (range, wanted) in [(found.minutes, 60.0), (found.build_hours, 6.0)] {
        assert_close(range.p10, wanted, 1e-9);
        assert_close(range.p90, wanted, 1e-9);
    }
    assert_eq!(found.build_hours, sure(6.0));
    // To pay back in four quarters: (6 / 4 + 2) hours a quarter, of which a ticket brings 1 * 0.5 * 5.5 / 6.
    assert_close(
        found.breakeven_tickets_per_quarter.unwrap(),
        3.5 / (0.5 * 5.5 / 6.0),
        1e-9,
    );
    // Waiting is the hours saved before upkeep, but for (8.5 - 0.5) hours a ticket in place of one.
    assert_close(
        found.requester_wait_hours_saved.unwrap().p50,
        8.0 * (found.sre_hours_saved_per_quarter.p50 + 2.0),
        1e-9,
    );
    // A guide saves V * e * 0.5 - 2: below 0 more often than not, and never 4 hours a quarter for certain.
    assert!(found.sre_hours_saved_per_quarter.p10 < 0.0 && found.sre_hours_saved_per_quarter.p90 < 2.5);
    assert_close(
        found.sre_hours_saved_per_quarter.p50,
        5.17 * 0.96 * 0.5 - 2.0,
        0.15,
    );
    // With a certain build and a certain rate net is 4 * saved - 6, draw by draw.
    assert_close(
        found.net_hours_4q.p50,
        4.0 * found.sre_hours_saved_per_quarter.p50 - 6.0,
        1e-9,
    );
    assert_eq!(found.largest_driver(), Driver::Volume);
    assert_eq!((found.gate, found.rank, found.tickets), (Gate::Watch, 1, 5));
    assert_eq!((found.rank_top1_prob, found.rank_top3_prob), (1.0, 1.0));
}

#[test]
fn known_figures_give_the_paper_saving() {
    // 40,000 tickets leave no doubt about volume and share: 10,000 * 1 * 0.5 * 1 hour - 2, to 1 %.
    let found = only(rank(
        &[demand("account.how", &[10_000; 4], 40_000)],
        &taxonomy(),
        1,
    ));
    for saved in [
        found.sre_hours_saved_per_quarter.p10,
        found.sre_hours_saved_per_quarter.p90,
    ] {
        assert_close(saved, 4_998.0, 50.0);
    }
    assert_close(found.net_hours_4q.p50, 4.0 * 4_998.0 - 6.0, 20.0);
    assert_eq!((found.prob_saves, found.prob_payback_4q), (1.0, 1.0));
}

#[test]
fn a_ticket_counts_in_the_first_play_that_is_no_form() {
    let demands = [
        demand("account.leave", &[9; 4], 36),
        demand("account.code", &[9; 4], 36),
    ];
    let found = only(rank(&demands, &taxonomy(), 1));
    assert_eq!(found.id, "by_request");
    assert_eq!(found.subpatterns, ["account.code", "account.leave"]);
    assert_eq!(found.tickets, 72);
    assert_eq!(found.approval, ["HR", "team lead"]);
    assert_eq!(
        (found.risk, found.reversible, found.needs_confirmation()),
        (4, false, true)
    );
}

#[test]
fn what_cannot_be_ranked_is_listed() {
    let demands = [
        demand("account.form", &[3], 0),
        demand("account.dark", &[3], 0),
        demand("somewhere.else", &[3], 0),
        demand("account.how", &[0], 0),
    ];
    let ranking = rank(&demands, &taxonomy(), 1);
    assert!(ranking.candidates.is_empty());
    assert_eq!(ranking.not_covered, ["account.form", "somewhere.else"]);
    assert_eq!(ranking.unpriced, ["account.dark"]);
}

#[test]
fn recorded_minutes_price_what_has_no_prior() {
    let timed = [20.0; 12];
    let found = only(rank(
        &[Demand {
            timed_minutes: &timed,
            ..demand("account.dark", &[12], 12)
        }],
        &taxonomy(),
        1,
    ));
    assert_eq!(found.minutes_origin, Origin::Timed);
    assert_close(found.minutes.p50, 20.0, 1e-3);
}

#[test]
fn minutes_of_different_origin_are_mixed() {
    let timed = [20.0; 12];
    let demands = [
        Demand {
            timed_minutes: &timed,
            ..demand("account.code", &[12], 12)
        },
        demand("account.leave", &[12], 12),
    ];
    assert_eq!(only(rank(&demands, &taxonomy(), 1)).minutes_origin, Origin::Mixed);
    assert_eq!(
        only(rank(&demands[1..], &taxonomy(), 1)).minutes_origin,
        Origin::Prior
    );
}

#[test]
fn gates_follow_the_tickets() {
    let gate = |subpattern, quarters: &[usize], complete| {
        only(rank(&[demand(subpattern, quarters, complete)], &taxonomy(), 1)).gate
    };
    assert_eq!(gate("account.code", &[2, 2, 2, 1], 7), Gate::Watch);
    assert_eq!(gate("account.code", &[2, 2, 2, 2], 8), Gate::Ok);
    assert_eq!(
        gate("account.code", &[2], 2),
        Gate::Watch,
        "two tickets are no eight a year"
    );
    assert_eq!(gate("account.code", &[1], 1), Gate::Watch);
    assert_eq!(gate("account.code", &[9; 4], 17), Gate::FixForm);
    assert_eq!(gate("account.how", &[9; 4], 0), Gate::AssistOnly);
}

#[test]
fn the_foundation_is_shown_and_not_charged() {
    let mut taxonomy = taxonomy();
    let with = only(rank(&[demand("account.code", &[30; 4], 100)], &taxonomy, 1));
    assert_eq!(
        with.foundation_hours,
        Some(Range3 {
            p10: 18.0,
            p50: 36.0,
            p90: 84.0
        })
    );
    for play in &mut taxonomy.plays {
        play.foundation = None;
    }
    let without = only(rank(&[demand("account.code", &[30; 4], 100)], &taxonomy, 1));
    assert_eq!(
        (without.foundation_hours, without.net_hours_4q),
        (None, with.net_hours_4q)
    );
}

#[test]
fn no_saving_has_no_breakeven() {
    let mut taxonomy = taxonomy();
    for play in &mut taxonomy.plays {
        play.residual_minutes = 1e6;
    }
    let found = only(rank(&[demand("account.code", &[30; 4], 100)], &taxonomy, 1));
    assert_eq!(found.breakeven_tickets_per_quarter, None);
    assert_eq!((found.prob_saves, found.prob_payback_4q), (0.0, 0.0));
    assert_close(found.sre_hours_saved_per_quarter.p90, -1.0, 1e-12);
    assert!(
        found
            .sensitivity
            .iter()
            .all(|swing| (swing.high - swing.low).abs() < 1e-12)
    );
}

#[test]
fn breakeven_is_where_the_middle_pays_back() {
    let taxonomy = taxonomy();
    let few = only(rank(&[demand("account.code", &[10; 4], 40)], &taxonomy, 1));
    let many = only(rank(&[demand("account.code", &[100; 4], 400)], &taxonomy, 1));
    assert!(few.breakeven_tickets_per_quarter.unwrap() > few.volume_per_quarter.p90);
    assert!(few.net_hours_4q.p50 < 0.0);
    assert!(many.breakeven_tickets_per_quarter.unwrap() < many.volume_per_quarter.p10);
    assert!(many.net_hours_4q.p50 > 0.0);
}

#[test]
fn chances_of_the_top_add_up() {
    let demands = [
        demand("account.code", &[20; 4], 60),
        demand("account.how", &[4; 4], 16),
    ];
    let ranking = rank(&demands, &taxonomy(), 3);
    let sum = |chance: fn(&Candidate) -> f64| ranking.candidates.iter().map(chance).sum::<f64>();
    assert_close(sum(|candidate| candidate.rank_top1_prob), 1.0, 1e-9);
    assert_close(sum(|candidate| candidate.rank_top3_prob), 2.0, 1e-9);
    assert_eq!(
        ranking
            .candidates
            .iter()
            .map(|candidate| candidate.rank)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn equal_candidates_keep_the_order_of_their_ids_and_share_the_first_place() {
    let mut taxonomy = taxonomy();
    let [form, request, guide] = <[_; 3]>::try_from(taxonomy.plays.clone()).unwrap();
    let certain = |middle| ThreePoint {
        low: middle,
        likely: middle,
        high: middle,
    };
    let idle = |mut play: crate::taxonomy::Play| {
        play.residual_minutes = 1e6;
        play.build_days = certain(1.0);
        play.upkeep_hours_per_quarter = 1.0;
        play
    };
    taxonomy.plays = vec![idle(guide), form, idle(request)];
    let ranking = rank(
        &[
            demand("account.how", &[9; 4], 9),
            demand("account.code", &[9; 4], 9),
        ],
        &taxonomy,
        1,
    );
    let ids: Vec<&str> = ranking
        .candidates
        .iter()
        .map(|candidate| candidate.id.as_str())
        .collect();
    assert_eq!(ids, ["by_request", "guide"]);
    for one in &ranking.candidates {
        assert_close(one.rank_top1_prob, 0.5, 1e-9);
        assert_close(one.rank_top3_prob, 1.0, 1e-9);
    }
}

#[test]
fn another_candidate_moves_no_draw_of_this_one() {
    // Equal counts keep the usual volume the same, so all of the figures but the chances of the top must stay.
    let taxonomy = taxonomy();
    let alone = [
        demand("account.code", &[9; 4], 30),
        demand("account.leave", &[9; 4], 30),
    ];
    let beside = [alone[0], alone[1], demand("account.how", &[9; 4], 30)];
    let figures = |demands: &[Demand<'_>]| {
        let ranking = rank(demands, &taxonomy, 1);
        let found = ranking
            .candidates
            .into_iter()
            .find(|candidate| candidate.id == "by_request")
            .unwrap();
        (
            found.volume_per_quarter,
            found.sre_hours_saved_per_quarter,
            found.net_hours_4q,
            found.prob_payback_4q,
        )
    };
    assert_eq!(figures(&alone), figures(&beside));
}

#[test]
fn two_shares_of_one_guess_do_not_cancel_its_doubt() {
    // The same tickets as one sub-pattern or as two: the doubt of the minutes stays whole.
    let spread = |found: Candidate| found.minutes.p90 / found.minutes.p10;
    let taxonomy = taxonomy();
    let one = only(rank(&[demand("account.code", &[20; 4], 80)], &taxonomy, 1));
    let two = only(rank(
        &[
            demand("account.code", &[10; 4], 40),
            demand("account.leave", &[10; 4], 40),
        ],
        &taxonomy,
        1,
    ));
    assert!(spread(one) > 5.0);
    assert!(spread(two) > 4.5);
}

#[test]
fn no_quarter_means_no_rate() {
    let ranking = rank(&[demand("account.code", &[], 0)], &taxonomy(), 1);
    assert_eq!((ranking.quarters, ranking.candidates.len()), (0, 0));
    assert_eq!(rank(&[], &taxonomy(), 1).candidates, []);
}

#[test]
fn the_builtin_taxonomy_prices_most_of_what_it_names() {
    let taxonomy = Taxonomy::builtin().unwrap();
    let ids: Vec<&str> = taxonomy
        .patterns
        .iter()
        .flat_map(|pattern| &pattern.subs)
        .map(|sub| sub.id.as_str())
        .collect();
    let demands: Vec<Demand<'_>> = ids.iter().map(|id| demand(id, &[5, 7, 6, 9], 20)).collect();
    let ranking = rank(&demands, &taxonomy, 1);
    assert!(ranking.candidates.len() > 20);
    assert!(
        ranking
            .candidates
            .iter()
            .all(|candidate| candidate.gate != Gate::Watch)
    );
}

#[test]
fn a_leaver_request_blocks_nobody_who_asked() {
    let row = Demand {
        lead_p50: Some(90.0),
        ..demand("account.offboard", &[4; 4], 16)
    };
    let found = only(rank(&[row], &Taxonomy::builtin().unwrap(), 1));
    assert_eq!(found.requester_wait_hours_saved, None);
}

#[test]
fn growth_enters_only_where_it_is_clear() {
    let grown = only(rank(
        &[demand("account.code", &[3, 3, 14, 16], 30)],
        &taxonomy(),
        1,
    ));
    let flat = only(rank(&[demand("account.code", &[9, 9, 9, 9], 30)], &taxonomy(), 1));
    // 36 tickets in four quarters, 30 in two: the tenth percentile of gamma(30.5) is 23.67, twice that is 47.35.
    let factor = grown.parts[0].growth.unwrap().factor;
    assert_close(factor, 47.35 / 36.0, 2e-3);
    assert_eq!(flat.parts[0].growth, None);
    // As if that many tickets had been seen; the median of a gamma lies a third below its mean.
    assert_close(
        grown.volume_per_quarter.p50,
        (36.0 * factor + 0.5 - 1.0 / 3.0) / 4.0,
        0.01,
    );
}

#[test]
fn the_horizon_is_that_of_the_taxonomy_and_a_year_stays_a_year() {
    let mut taxonomy = taxonomy();
    taxonomy.estimation.horizon_quarters = 8;
    let found = only(rank(&[demand("account.how", &[10; 4], 40)], &taxonomy, 1));
    let saved = found.sre_hours_saved_per_quarter.p50;
    assert_close(found.net_hours.p50, 8.0 * saved - 6.0, 1e-9);
    assert_close(found.net_hours_4q.p50, 4.0 * saved - 6.0, 1e-9);
}
