//! The rows of the trend table: one a quarter for each pattern, sub-pattern and group.
//!
//! Promises an order that depends on nothing but the taxonomy's and the ids, and that the quarters of every row are
//! the same, so that tables and charts line up.

use crate::period::Quarter;
use crate::toil::{Key, Level, Measures, Series, TimelineQuarter, Toil};
use crate::trend::{Comparison, Judged, Judgement};

/// The measures of a pattern, sub-pattern or group, or of all tickets, in a quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendRow<'a> {
    /// What the row is about; `None` for all tickets. At the level of sub-patterns a missing `subpattern` stands for the
    /// tickets without one.
    pub level: Option<Level>,
    /// Pattern id; `None` for all tickets.
    pub pattern: Option<String>,
    /// Sub-pattern id, in the rows of sub-patterns.
    pub subpattern: Option<String>,
    /// Group id, in the rows of groups.
    pub group: Option<String>,
    /// Quarter of filing; `None` for the tickets without a date.
    pub quarter: Option<Quarter>,
    /// Whether working days of the quarter are still to come, so that its numbers will grow.
    pub partial: bool,
    /// What was measured.
    pub toil: &'a Toil,
    /// How the quarter compares with an earlier one; `None` where it is not compared.
    pub comparison: Option<&'a Comparison>,
    /// What is said of the series over all its quarters; `None` for tickets that have nothing in common.
    pub judgement: Option<&'a Judgement>,
}

/// Lays out measures in time, with what was judged of them.
///
/// Patterns and sub-patterns come in the given order of their ids, those that are not in it after them by id; within a
/// pattern its own rows, then its sub-patterns, the tickets without one, then its groups. The quarters of a row come in
/// time, the tickets without a date last. All tickets together close the list. A group that is a sub-pattern has no row of its own, nor have the tickets
/// without a group: both would repeat what stands above them.
#[must_use]
pub fn rows<'a>(measures: &'a Measures, judged: &'a Judged, order: &[&str]) -> Vec<TrendRow<'a>> {
    if measures.series.is_empty() {
        return Vec::new();
    }
    let mut series: Vec<(&Key, &Series)> = measures
        .series
        .iter()
        .filter(|(key, _)| !repeats_another(key, measures))
        .collect();
    let rank = |id: &str| order.iter().position(|known| *known == id).unwrap_or(order.len());
    series.sort_by_cached_key(|(key, _)| {
        let part = key
            .subpattern()
            .or(key.group())
            .map(|id| (rank(id), id.to_owned()));
        (
            rank(key.pattern()),
            key.pattern().to_owned(),
            key.level(),
            part.is_none(),
            part,
        )
    });
    let total = (None, &measures.total, Some(&judged.total));
    series
        .into_iter()
        .map(|(key, series)| (Some(key), series, judged.series.get(key)))
        .chain([total])
        .flat_map(|(key, series, judgement)| rows_of(key, series, judgement, measures))
        .collect()
}

pub(super) fn repeats_another(key: &Key, measures: &Measures) -> bool {
    match key {
        Key::Pattern(_) | Key::SubPattern(..) => false,
        Key::Group(_, None) => true,
        Key::Group(pattern, group) => measures
            .series
            .contains_key(&Key::SubPattern(pattern.clone(), group.clone())),
    }
}

fn rows_of<'a>(
    key: Option<&Key>,
    series: &'a Series,
    judgement: Option<&'a Judgement>,
    measures: &Measures,
) -> Vec<TrendRow<'a>> {
    let row = |quarter: Option<(usize, &TimelineQuarter)>, toil: &'a Toil| TrendRow {
        level: key.map(Key::level),
        pattern: key.map(|key| key.pattern().to_owned()),
        subpattern: key.and_then(Key::subpattern).map(str::to_owned),
        group: key.and_then(Key::group).map(str::to_owned),
        quarter: quarter.map(|(_, slot)| slot.quarter),
        partial: quarter.is_some_and(|(_, slot)| slot.partial),
        toil,
        comparison: quarter.and_then(|(at, _)| judgement?.quarters.get(at)?.as_ref()),
        judgement,
    };
    let quarters = measures.timeline.iter().enumerate().zip(&series.quarters);
    quarters
        .map(|(slot, toil)| row(Some(slot), toil))
        .chain(series.undated.iter().map(|toil| row(None, toil)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::tz::TimeZone;

    use super::*;
    use crate::period::{BusinessHours, Calendar};
    use crate::ticket::{Moment, Ticket, TicketId};
    use crate::toil::{Case, Context, measure};

    type Filed = (
        &'static str,
        &'static str,
        Option<&'static str>,
        Option<&'static str>,
    );

    fn ticket(filed: &str) -> Ticket {
        let mut ticket = Ticket::new(TicketId::new("invented").unwrap());
        ticket.created_at = filed.parse().ok().map(|at| Moment { at, day_only: false });
        ticket
    }

    fn measured(filed: &[Filed]) -> Measures {
        let tickets: Vec<Ticket> = filed.iter().map(|(at, ..)| ticket(at)).collect();
        let cases: Vec<Case<'_>> = tickets
            .iter()
            .zip(filed)
            .map(|(ticket, &(_, pattern, subpattern, group))| Case {
                ticket,
                pattern,
                subpattern,
                group,
                excluded: false,
            })
            .collect();
        let context = Context {
            calendar: &Calendar::new(TimeZone::UTC, None),
            hours: &BusinessHours::default(),
            as_of: "2026-08-14T12:00:00Z".parse().unwrap(),
            done_statuses: &BTreeSet::new(),
            priors: &BTreeMap::new(),
            min_timed: 10,
            seed: 1,
        };
        measure(&cases, &context)
    }

    fn judged(measures: &Measures) -> Judged {
        let context = crate::trend::Context {
            calendar: &Calendar::new(TimeZone::UTC, None),
            hours: &BusinessHours::default(),
            since: jiff::civil::date(2026, 1, 1),
            until: jiff::civil::date(2026, 8, 15),
            team: &crate::config::Team::default(),
        };
        crate::trend::judge(measures, &context)
    }

    fn names(rows: &[TrendRow<'_>]) -> Vec<String> {
        let part = |id: &Option<String>| id.clone().unwrap_or_else(|| "-".to_owned());
        let mut names: Vec<_> = rows
            .iter()
            .map(|row| [&row.pattern, &row.subpattern, &row.group].map(part).join("/"))
            .collect();
        names.dedup();
        names
    }

    const FILED: [Filed; 6] = [
        ("2026-01-10T03:00:00Z", "other", None, Some("g-7")),
        (
            "2026-01-11T03:00:00Z",
            "account",
            Some("account.b"),
            Some("account.b"),
        ),
        (
            "2026-07-11T03:00:00Z",
            "account",
            Some("account.a"),
            Some("account.a"),
        ),
        ("2026-07-12T03:00:00Z", "account", None, None),
        ("2026-07-12T03:00:00Z", "zebra", None, None),
        ("", "account", Some("account.a"), None),
    ];

    #[test]
    fn rows_follow_the_given_order_then_the_ids() {
        let measured = measured(&FILED);
        let expected = [
            "other/-/-", // the pattern, then its tickets without a sub-pattern, under one name here
            "other/-/g-7",
            "account/-/-",
            "account/account.b/-",
            "account/account.a/-",
            "account/-/-",
            "zebra/-/-",
            "-/-/-",
        ];
        let judged = judged(&measured);
        assert_eq!(
            names(&rows(&measured, &judged, &["other", "account", "account.b"])),
            expected
        );
    }

    #[test]
    fn quiet_quarters_are_zeros_and_undated_tickets_come_last() {
        let measured = measured(&FILED);
        let judged = judged(&measured);
        let rows = rows(&measured, &judged, &["other", "account"]);
        let of_a: Vec<_> = rows
            .iter()
            .filter(|row| row.subpattern.as_deref() == Some("account.a"))
            .map(|row| (row.quarter.map(|q| q.to_string()), row.toil.tickets, row.partial))
            .collect();
        let quarter = |name: &str| Some(name.to_owned());
        assert_eq!(
            of_a,
            [
                (quarter("2026-Q1"), 0, false),
                (quarter("2026-Q2"), 0, false),
                (quarter("2026-Q3"), 1, true),
                (None, 1, false),
            ]
        );
    }

    #[test]
    fn a_quarter_without_any_ticket_has_no_shares() {
        let measured = measured(&FILED);
        let judged = judged(&measured);
        let rows = rows(&measured, &judged, &[]);
        let quiet = rows
            .iter()
            .filter(|row| row.quarter.is_some_and(|quarter| quarter.number == 2));
        assert!(
            quiet.clone().count() > 0
                && quiet
                    .clone()
                    .all(|row| row.toil.share.is_none() && row.toil.hours.is_none())
        );
    }

    #[test]
    fn no_tickets_are_no_rows() {
        let nothing = measured(&[]);
        assert!(rows(&nothing, &judged(&nothing), &["account"]).is_empty());
    }
}
