//! Which quarters can be compared with which, and what they stand for: working days and people.

use jiff::civil::{Date, Weekday};

use crate::config::Team;
use crate::period::{BusinessHours, Calendar, Quarter};
use crate::toil::TimelineQuarter;

/// What judging needs to know besides the measures.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Time zone and quarters.
    pub calendar: &'a Calendar,
    /// Working days.
    pub hours: &'a BusinessHours,
    /// First day of which the tickets are known.
    pub since: Date,
    /// First day of which they are not.
    pub until: Date,
    /// How many people ask.
    pub team: &'a Team,
}

/// One quarter in working days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) quarter: Quarter,
    /// First working day of it that was seen, and the first after the last one.
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) engineers: Option<f64>,
    /// Whether it was seen whole, as the timeline says: no other is compared. What little may be missing of it does not
    /// count as days without tickets.
    pub(super) whole: bool,
    /// First day of the quarter.
    begins: Date,
}

impl Stretch {
    pub(super) fn days(&self) -> f64 {
        real(self.to - self.from)
    }

    /// Returns the numbers of the first working days of its calendar weeks, and the end of the last one.
    pub(super) fn weeks(&self, hours: &BusinessHours) -> Vec<i64> {
        weeks(self.begins, (self.from, self.to), hours)
    }

    /// Returns the date of a working day of the quarter by its number.
    pub(super) fn date(&self, day: i64, hours: &BusinessHours) -> Option<Date> {
        let dates = std::iter::successors(Some(self.begins), |date| date.tomorrow().ok());
        dates
            .take(100)
            .find(|date| hours.day_index(*date) == day && hours.is_business_day(*date))
    }
}

/// Cuts a stretch of working days into calendar weeks: the numbers of their first days and the end of the last one. The
/// weeks that its ends cut are shorter. `before` is any date before the first week that must be told apart, at most some
/// years earlier.
pub(super) fn weeks(before: Date, (from, to): (i64, i64), hours: &BusinessHours) -> Vec<i64> {
    let dates = std::iter::successors(Some(before), |date| date.tomorrow().ok());
    let mut monday = dates.take(7).find(|date| date.weekday() == Weekday::Monday);
    let mut borders = vec![from];
    while let Some(date) = monday.filter(|date| hours.day_index(*date) < to) {
        let day = hours.day_index(date);
        if day > borders[borders.len() - 1] {
            borders.push(day);
        }
        monday = date.checked_add(jiff::Span::new().weeks(1)).ok();
    }
    if to > from {
        borders.push(to);
    }
    borders
}

#[expect(clippy::cast_precision_loss, reason = "working days of a lifetime")]
pub(super) fn real(days: i64) -> f64 {
    days as f64
}

/// Measures the quarters of the timeline.
pub(super) fn stretches(timeline: &[TimelineQuarter], ctx: &Context<'_>) -> Vec<Stretch> {
    let (since, until) = (ctx.hours.day_index(ctx.since), ctx.hours.day_index(ctx.until));
    let stretch = |slot: &TimelineQuarter| {
        let begins = ctx.calendar.date(ctx.calendar.start(slot.quarter));
        let ends = ctx.calendar.date(ctx.calendar.end(slot.quarter));
        let (first, last) = (ctx.hours.day_index(begins), ctx.hours.day_index(ends));
        let from = first.max(since).min(last);
        let to = last.min(until).max(from);
        Stretch {
            quarter: slot.quarter,
            from,
            to,
            engineers: ctx.team.of(slot.quarter).engineers,
            whole: to > from && !slot.partial,
            begins,
        }
    };
    timeline.iter().map(stretch).collect()
}

/// What the quarters of a set stand for: working days, times engineers if they are known for all of them. Days and
/// engineer-days must not be mixed in one comparison, hence the whole set at once.
pub(super) fn exposures(quarters: &[&Stretch]) -> Vec<f64> {
    let known = quarters.iter().all(|quarter| quarter.engineers.is_some());
    let people = |quarter: &Stretch| quarter.engineers.filter(|_| known).unwrap_or(1.0);
    quarters
        .iter()
        .map(|quarter| quarter.days() * people(quarter))
        .collect()
}

/// Whether one quarter is the same quarter of the year after the other.
pub(super) fn is_a_year_apart(stretches: &[Stretch], at: usize, before: usize) -> bool {
    let [new, old] = [at, before].map(|at| stretches[at].quarter);
    new.number == old.number && new.year.checked_sub(1) == Some(old.year)
}

/// The place of the quarter that a quarter is compared with: the same of the year before if it is whole, else the last
/// whole one before it.
pub(super) fn reference(stretches: &[Stretch], at: usize) -> Option<usize> {
    let quarter = stretches[at].quarter;
    let year_before = Quarter {
        year: quarter.year.checked_sub(1)?,
        ..quarter
    };
    let mut whole = (0..at).rev().filter(|before| stretches[*before].whole);
    let last = whole.clone().next();
    whole
        .find(|before| stretches[*before].quarter == year_before)
        .or(last)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::ticket::{Moment, Ticket, TicketId};
    use crate::toil::{self, Case, Seen, measure};
    use crate::trend::{JUDGED_QUARTERS, judge};

    fn tickets() -> Vec<Ticket> {
        let at = |nth: usize| {
            let day = date(2025, 1, 6).checked_add(jiff::Span::new().days(i64::try_from(nth * 4).unwrap()));
            Moment {
                at: day.unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp(),
                day_only: true,
            }
        };
        (0..160)
            .map(|nth| Ticket {
                created_at: Some(at(nth)),
                ..Ticket::new(TicketId::new(&nth.to_string()).unwrap())
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// What the table marks as partial is never compared, and nothing else is left out but what has no year before
        /// once the latest has its own.
        #[test]
        fn a_quarter_is_compared_if_and_only_if_it_is_whole(
            from in 0i64..300, to in 400i64..640, stated in prop::array::uniform2(any::<bool>()),
        ) {
            let tickets = tickets();
            let calendar = Calendar::new(TimeZone::UTC, None);
            let hours = BusinessHours::default();
            let day = |days: i64| date(2025, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let cases: Vec<Case<'_>> = tickets
                .iter()
                .filter(|ticket| {
                    let filed = calendar.date(ticket.created_at.unwrap().at);
                    day(from) <= filed && filed < day(to)
                })
                .map(|ticket| Case { ticket, pattern: "other", subpattern: None, group: None, excluded: false })
                .collect();
            let mut measures = measure(&cases, &toil::Context {
                calendar: &calendar,
                hours: &hours,
                as_of: day(to - 1).to_zoned(TimeZone::UTC).unwrap().timestamp(),
                done_statuses: &BTreeSet::new(),
                priors: &BTreeMap::new(),
                min_timed: 10,
                seed: 1,
            });
            measures.see(&Seen { days: day(from)..day(to), stated }, &calendar, &hours);
            let team = Team::default();
            let judged = judge(&measures, &Context {
                calendar: &calendar,
                hours: &hours,
                since: day(from),
                until: day(to),
                team: &team,
            });
            let whole = |slot: &&TimelineQuarter| !slot.partial;
            let all = measures.timeline.iter().filter(whole).count();
            let has_year_before = |quarter: Quarter| {
                let year_before = Quarter { year: quarter.year - 1, ..quarter };
                measures.timeline.iter().filter(whole).any(|slot| slot.quarter == year_before)
            };
            let latest = measures.timeline.iter().rfind(whole);
            let is_yearly = latest.is_some_and(|slot| has_year_before(slot.quarter));
            for (at, comparison) in judged.total.quarters.iter().enumerate() {
                let before = measures.timeline[..at].iter().filter(whole).count();
                let is_late = before + JUDGED_QUARTERS >= all;
                let slot = &measures.timeline[at];
                let expected = before > 0
                    && is_late
                    && !slot.partial
                    && (!is_yearly || has_year_before(slot.quarter));
                prop_assert_eq!(comparison.is_some(), expected, "{}", slot.quarter);
            }
        }
    }
}
