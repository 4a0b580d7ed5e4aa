//! Counts and measures tickets: a series of rows for every pattern, sub-pattern and group.
//!
//! Every ticket is in exactly one row of each level and in exactly one quarter or the undated row, so that rows add up
//! to all tickets. How a single number is found is left to `lead`, `effort` and `backlog`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::period::{BusinessHours, Calendar, Quarter};
use crate::toil::backlog::Backlog;
use crate::toil::case::{Case, Context, Key, Level};
use crate::toil::effort::{Hours, Means};
use crate::toil::fact::{Fact, Facts};
use crate::toil::lead::{self, End, Lead};
use crate::toil::seen::Seen;

/// Quarters without any ticket that are still filled in between two with some: ten years. A longer silence is a
/// mistyped year, not a quiet decade.
const MAX_QUIET_QUARTERS: i32 = 40;

/// The measures of a set of tickets in a stretch of time. Excluded tickets are in `excluded` and nowhere else.
#[derive(Debug, Clone, PartialEq)]
pub struct Toil {
    /// Tickets filed.
    pub tickets: usize,
    /// Tickets that were left out.
    pub excluded: usize,
    /// Request events: tickets by the same people for the same sub-pattern on the same working day are one. At most
    /// the tickets; the events of quarters and groups may add up to more than those of the whole.
    pub events: usize,
    /// Tickets as a share of all tickets of the same stretch of time, 0 to 1; `None` if there were none at all.
    pub share: Option<f64>,
    /// Business hours from filing to done, of the tickets filed in this time.
    pub lead: Lead,
    /// Median business hours from filing to the first hand on it, where starts are recorded.
    pub response_p50: Option<f64>,
    /// Hands-on hours; `None` if nothing is known of any ticket's effort.
    pub hours: Option<Hours>,
    /// Tickets open at the end of the stretch of time or at the as-of date, whichever comes first, no matter when they
    /// were filed. Only the row for the whole period and the undated row know of undated tickets.
    pub backlog: usize,
    /// How many people asked, as the number of equally busy ones that would be as concentrated (Hill number of order
    /// 2, 1 / sum of squared shares). A ticket by two people counts for both.
    pub requesters_effective: Option<f64>,
    /// Probability that two assignments drawn at random are to one person (Simpson); near 1 is knowledge that one
    /// person holds. A ticket with two assignees is two assignments.
    pub assignee_simpson: Option<f64>,
    /// Tickets without a date of filing.
    pub undated: usize,
}

/// What was filed for one working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// Number of the working day (see [`BusinessHours::day_index`](crate::period::BusinessHours::day_index)); a closed
    /// day counts for the working day that follows.
    pub day: i64,
    /// Tickets.
    pub tickets: usize,
    /// Request events. An event lies within one working day, so that those of days add up.
    pub events: usize,
}

/// The measures of one set of tickets over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// All its tickets.
    pub whole: Toil,
    /// One row for each quarter of [`Measures::timeline`], in that order, with zeros where there was nothing.
    pub quarters: Vec<Toil>,
    /// Tickets without a date of filing, if there are any.
    pub undated: Option<Toil>,
    /// The working days for which something was filed, in order; excluded and undated tickets are not in it.
    pub days: Vec<DayCount>,
}

/// A quarter in which tickets were filed, or one between two such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineQuarter {
    /// The quarter.
    pub quarter: Quarter,
    /// Whether working days of it are still to come at the as-of date, or were not seen for another reason (see
    /// [`Measures::see`]): its numbers are not those of a whole quarter.
    pub partial: bool,
    /// Last instant of it that can be seen.
    horizon: Timestamp,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Quarters from the first to the last in which a ticket was filed, without gaps of up to ten years.
    pub timeline: Vec<TimelineQuarter>,
    /// All tickets.
    pub total: Series,
    /// Every pattern, sub-pattern and group that has a ticket, excluded ones included.
    pub series: BTreeMap<Key, Series>,
}

impl Measures {
    /// Returns the quarters that are over, oldest first: those that rates are taken from; all of them if none is.
    #[must_use]
    pub fn counted(&self) -> Vec<Quarter> {
        let quarters = |partial| self.timeline.iter().filter(move |at| partial || !at.partial);
        let whole: Vec<Quarter> = quarters(false).map(|at| at.quarter).collect();
        if whole.is_empty() {
            quarters(true).map(|at| at.quarter).collect()
        } else {
            whole
        }
    }

    /// Marks the quarters of which the tickets are not known from beginning to end. Until then only what the as-of date
    /// says counts.
    pub fn see(&mut self, seen: &Seen, calendar: &Calendar, hours: &BusinessHours) {
        for slot in &mut self.timeline {
            slot.partial = !seen.is_whole(slot.quarter, calendar, hours);
        }
    }

    /// Returns the series of one level, in the order of their keys. They add up to the total.
    pub fn level(&self, level: Level) -> impl Iterator<Item = (&Key, &Series)> {
        self.series.iter().filter(move |(key, _)| key.level() == level)
    }
}

/// Measures tickets per pattern, sub-pattern and group, for the whole period and for each quarter.
///
/// A ticket belongs to the quarter in which it was filed, and so does its lead time: a quarter's lead time is that of
/// the requests which came in then. What happened after the as-of date is not seen. The order of the cases does not
/// matter, and a row depends on the other rows only through its share.
#[must_use]
pub fn measure(cases: &[Case<'_>], ctx: &Context<'_>) -> Measures {
    let facts = Facts::read(cases, ctx);
    let measurer = Measurer {
        means: Means::draw(&facts, ctx),
        timeline: timeline(&facts.all, ctx),
        counted: count_by_quarter(&facts.all),
        as_of: ctx.as_of,
    };
    let all: Vec<&Fact> = facts.all.iter().collect();
    let (total, series) = rayon::join(
        || measurer.series(&all),
        || {
            let keyed = by_key(cases, &facts).into_par_iter();
            keyed.map(|(key, facts)| (key, measurer.series(&facts))).collect()
        },
    );
    Measures {
        timeline: measurer.timeline,
        total,
        series,
    }
}

/// Puts every ticket under its key of each level.
fn by_key<'f>(cases: &[Case<'_>], facts: &'f Facts<'_>) -> BTreeMap<Key, Vec<&'f Fact>> {
    let mut leaves: BTreeMap<_, Vec<&Fact>> = BTreeMap::new();
    for (case, fact) in cases.iter().zip(&facts.all) {
        leaves.entry((fact.kind, case.group)).or_default().push(fact);
    }
    let mut keyed: BTreeMap<Key, Vec<&Fact>> = BTreeMap::new();
    for ((kind, group), tickets) in leaves {
        let (pattern, subpattern) = facts.kinds[kind];
        let owned = |id: Option<&str>| id.map(str::to_owned);
        let keys = [
            Key::Pattern(pattern.to_owned()),
            Key::SubPattern(pattern.to_owned(), owned(subpattern)),
            Key::Group(pattern.to_owned(), owned(group)),
        ];
        for key in keys {
            keyed.entry(key).or_default().extend_from_slice(&tickets);
        }
    }
    keyed
}

/// Lists the quarters that tickets were filed in and the quiet ones between them.
fn timeline(facts: &[Fact], ctx: &Context<'_>) -> Vec<TimelineQuarter> {
    let seen: BTreeSet<Quarter> = facts.iter().filter_map(|fact| fact.dates.quarter).collect();
    let mut quarters: Vec<Quarter> = Vec::new();
    for quarter in seen {
        match quarters.last() {
            Some(&last) if distance(last, quarter) <= MAX_QUIET_QUARTERS => {
                quarters.extend(ctx.calendar.range(ctx.calendar.next(last), quarter));
            }
            _ => quarters.push(quarter),
        }
    }
    quarters
        .into_iter()
        .map(|quarter| timeline_quarter(quarter, ctx))
        .collect()
}

fn distance(from: Quarter, to: Quarter) -> i32 {
    let place = |quarter: Quarter| i32::from(quarter.year) * 4 + i32::from(quarter.number);
    place(to) - place(from)
}

fn timeline_quarter(quarter: Quarter, ctx: &Context<'_>) -> TimelineQuarter {
    let end = ctx.calendar.end(quarter);
    let seen = Seen::until_end_of(ctx.calendar.date(ctx.as_of));
    let last = end.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
    TimelineQuarter {
        quarter,
        partial: !seen.is_whole(quarter, ctx.calendar, ctx.hours),
        horizon: last.min(ctx.as_of),
    }
}

/// Counts the tickets that are not excluded, by quarter of filing; under `None` those without a date.
fn count_by_quarter(facts: &[Fact]) -> BTreeMap<Option<Quarter>, usize> {
    let mut counted = BTreeMap::new();
    for fact in facts.iter().filter(|fact| !fact.excluded) {
        *counted.entry(fact.dates.quarter).or_default() += 1;
    }
    counted
}

/// What all rows have in common.
struct Measurer {
    means: Means,
    timeline: Vec<TimelineQuarter>,
    counted: BTreeMap<Option<Quarter>, usize>,
    as_of: Timestamp,
}

impl Measurer {
    fn series(&self, facts: &[&Fact]) -> Series {
        let mut slots: BTreeMap<Option<Quarter>, Vec<&Fact>> = BTreeMap::new();
        for fact in facts {
            slots.entry(fact.dates.quarter).or_default().push(fact);
        }
        let backlog = Backlog::new(
            facts
                .iter()
                .filter(|fact| !fact.excluded)
                .filter_map(|fact| span(fact)),
        );
        let open_undated = facts.iter().filter(|fact| is_open_undated(fact)).count();
        let quarter = |slot: &TimelineQuarter| {
            let filed = slots.get(&Some(slot.quarter)).map_or(&[][..], Vec::as_slice);
            self.toil(
                filed,
                self.counted_in(Some(slot.quarter)),
                backlog.at(slot.horizon),
            )
        };
        Series {
            whole: self.toil(
                facts,
                self.counted.values().sum(),
                backlog.at(self.as_of) + open_undated,
            ),
            quarters: self.timeline.iter().map(quarter).collect(),
            undated: slots
                .get(&None)
                .map(|facts| self.toil(facts, self.counted_in(None), open_undated)),
            days: days(facts),
        }
    }

    fn counted_in(&self, quarter: Option<Quarter>) -> usize {
        self.counted.get(&quarter).copied().unwrap_or(0)
    }

    /// Measures one row; `of_all` is the number of tickets of all rows in the same time.
    fn toil(&self, facts: &[&Fact], of_all: usize, backlog: usize) -> Toil {
        let counted: Vec<&Fact> = facts.iter().copied().filter(|fact| !fact.excluded).collect();
        let requesters = tally(counted.iter().flat_map(|fact| fact.requesters.iter().copied()));
        let assignees = tally(counted.iter().flat_map(|fact| fact.assignees.iter().copied()));
        Toil {
            tickets: counted.len(),
            excluded: facts.len() - counted.len(),
            events: tally(counted.iter().map(|fact| fact.event)).len(),
            share: (of_all > 0).then(|| number(counted.len()) / number(of_all)),
            lead: Lead::of(counted.iter().map(|fact| fact.dates.lead)),
            response_p50: lead::median(counted.iter().map(|fact| fact.dates.response)),
            hours: self.means.hours(&counted),
            backlog,
            requesters_effective: effective(&requesters),
            assignee_simpson: simpson(&assignees),
            undated: counted.iter().filter(|fact| fact.dates.opened.is_none()).count(),
        }
    }
}

/// Counts tickets and events by working day.
fn days(facts: &[&Fact]) -> Vec<DayCount> {
    let counted = facts.iter().filter(|fact| !fact.excluded);
    let mut filed: Vec<(i64, usize)> = counted
        .filter_map(|fact| Some((fact.dates.working_day?, fact.event)))
        .collect();
    filed.sort_unstable();
    filed
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_day| DayCount {
            day: of_day[0].0,
            tickets: of_day.len(),
            events: of_day.chunk_by(|a, b| a.1 == b.1).count(),
        })
        .collect()
}

/// From when to when a ticket was open; `None` if that is not known.
fn span(fact: &Fact) -> Option<(Timestamp, Option<Timestamp>)> {
    match fact.dates.end {
        End::Open => Some((fact.dates.opened?, None)),
        End::Closed(closed) => Some((fact.dates.opened?, Some(closed.at))),
        End::Undated => None,
    }
}

fn is_open_undated(fact: &Fact) -> bool {
    !fact.excluded && fact.dates.opened.is_none() && fact.dates.end == End::Open
}

/// Counts how often each number occurs. The counts are sorted and come without their numbers.
fn tally(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    let mut counts: Vec<usize> = numbers.chunk_by(|a, b| a == b).map(<[usize]>::len).collect();
    counts.sort_unstable();
    counts
}

/// Hill number of order 2.
fn effective(counts: &[usize]) -> Option<f64> {
    let all: f64 = counts.iter().map(|count| number(*count)).sum();
    let squares: f64 = counts.iter().map(|count| number(*count).powi(2)).sum();
    (squares > 0.0).then(|| all * all / squares)
}

/// Simpson's index, drawing without replacement; needs two.
fn simpson(counts: &[usize]) -> Option<f64> {
    let pairs = |count: f64| count * (count - 1.0);
    let all: f64 = counts.iter().map(|count| number(*count)).sum();
    (all >= 2.0).then(|| counts.iter().map(|count| pairs(number(*count))).sum::<f64>() / pairs(all))
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
