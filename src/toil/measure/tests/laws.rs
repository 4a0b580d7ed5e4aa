//! What holds for any tickets, hostile ones included.

use proptest::prelude::*;

use super::*;

/// Any ticket, hostile ones included.
fn any_filed() -> impl Strategy<Value = Filed> {
    let day = || proptest::option::weighted(0.8, (0_i64..700, 0_i64..1440, any::<bool>()));
    let person = "[ab\u{202e}\u{0}]{0,2}";
    let minutes = proptest::option::weighted(0.4, prop_oneof![4 => 0.0..300.0, 1 => Just(f64::NAN)]);
    (
        (day(), day(), day()),
        (proptest::collection::vec(person, 0..3), minutes),
        (
            0_usize..3,
            0_usize..3,
            0_usize..3,
            proptest::bool::weighted(0.1),
            any::<bool>(),
        ),
    )
        .prop_map(
            |(days, (people, minutes), (pattern, subpattern, group, excluded, done))| {
                let mut filed = filed("", "");
                filed.ticket.created_at = days.0.map(any_moment);
                filed.ticket.closed_at = days.1.map(any_moment);
                filed.ticket.started_at = days.2.map(any_moment);
                filed.ticket.assignees = people.clone();
                filed.ticket.requesters = people;
                filed.ticket.minutes_spent = minutes;
                filed.ticket.status = done.then(|| "done".to_owned());
                filed.pattern = ["account", "other", "permission"][pattern];
                filed.subpattern = [None, Some("s-1"), Some("s-2")][subpattern];
                filed.group = [None, Some("g-1"), Some("s-1")][group];
                filed.excluded = excluded;
                filed
            },
        )
}

fn any_moment((day, minute, day_only): (i64, i64, bool)) -> Moment {
    let start = moment("2025-01-01").at.as_second() + day * 86_400;
    let second = if day_only { start } else { start + minute * 60 };
    Moment {
        at: Timestamp::from_second(second).unwrap(),
        day_only,
    }
}

fn tickets_of<'a>(rows: impl Iterator<Item = &'a Toil>) -> usize {
    rows.map(|toil| toil.tickets + toil.excluded).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_of_every_level_add_up_to_all_tickets(filed in proptest::collection::vec(any_filed(), 0..40)) {
        let measures = World::tokyo().with_prior("other", (5.0, 9.0, 30.0)).measure(&filed);
        for level in [Level::Pattern, Level::SubPattern, Level::Group] {
            prop_assert_eq!(tickets_of(measures.level(level).map(|(_, series)| &series.whole)), filed.len());
            let backlog: usize = measures.level(level).map(|(_, series)| series.whole.backlog).sum();
            prop_assert_eq!(backlog, measures.total.whole.backlog);
        }
        for series in measures.series.values().chain([&measures.total]) {
            let in_time = series.quarters.iter().chain(&series.undated);
            prop_assert_eq!(tickets_of(in_time), tickets_of([&series.whole].into_iter()));
            prop_assert_eq!(series.quarters.len(), measures.timeline.len());
        }
    }

    #[test]
    fn every_row_is_sound(filed in proptest::collection::vec(any_filed(), 0..40)) {
        let measures = World::tokyo().with_prior("other", (5.0, 9.0, 30.0)).measure(&filed);
        let all = measures.series.values().chain([&measures.total]);
        for toil in all.flat_map(|series| [&series.whole].into_iter().chain(&series.quarters).chain(&series.undated)) {
            let lead = toil.lead;
            prop_assert_eq!(lead.closed + lead.open_censored + lead.unknown + lead.negative, toil.tickets);
            prop_assert!(toil.events <= toil.tickets && (toil.events > 0) == (toil.tickets > 0));
            prop_assert!(toil.share.is_none_or(|share| (0.0..=1.0).contains(&share)));
            prop_assert!(toil.hours.is_none_or(|h| 0.0 <= h.p10 && h.p10 <= h.p50 && h.p50 <= h.p90));
            prop_assert!(toil.assignee_simpson.is_none_or(|p| (0.0..=1.0).contains(&p)));
            prop_assert!(toil.requesters_effective.is_none_or(|n| n >= 1.0));
        }
    }

    #[test]
    fn the_order_of_tickets_changes_nothing(
        (filed, shuffled) in proptest::collection::vec(any_filed(), 0..40)
            .prop_flat_map(|filed| (Just(filed.clone()), Just(filed).prop_shuffle())),
    ) {
        let world = World::tokyo().with_prior("other", (5.0, 9.0, 30.0));
        prop_assert_eq!(world.measure(&filed), world.measure(&shuffled));
    }
}
