//! Lead time: business hours from filing to done, with open tickets counted as not done yet.
//!
//! Turns a ticket's dates into a [`Wait`] and many waits into a [`Lead`]. Promises that the four counts add up to the
//! tickets and that no quantile is given that so few tickets cannot support.

use crate::ticket::{Moment, Ticket};
use crate::toil::case::Context;
use crate::toil::survival::{Curve, Duration};

/// Closed tickets below which a 90 % quantile has no upper bound at 95 % confidence (0.9^29 < 0.05), so that none is
/// given.
const MIN_CLOSED_FOR_P90: usize = 29;

/// How long tickets took, in business hours. The four counts add up to the tickets of the row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Lead {
    /// Closed tickets whose lead time is known.
    pub closed: usize,
    /// Tickets that are still open; they count as "at least this long".
    pub open_censored: usize,
    /// Tickets without a date of filing, or closed without a date.
    pub unknown: usize,
    /// Tickets closed before they were filed; counted, not used.
    pub negative: usize,
    /// Half of the tickets are done within this time; `None` if less than half ever were.
    pub p50: Option<f64>,
    /// Nine of ten are done within this time; `None` also below 29 closed tickets.
    pub p90: Option<f64>,
}

impl Lead {
    pub(super) fn of(waits: impl Iterator<Item = Wait> + Clone) -> Self {
        let mut lead = Self::default();
        for wait in waits.clone() {
            *match wait {
                Wait::Over(_) => &mut lead.closed,
                Wait::Running(_) => &mut lead.open_censored,
                Wait::Unknown => &mut lead.unknown,
                Wait::Reversed => &mut lead.negative,
            } += 1;
        }
        let curve = curve(waits);
        lead.p50 = curve.quantile(0.5);
        lead.p90 = curve.quantile(0.9).filter(|_| lead.closed >= MIN_CLOSED_FOR_P90);
        lead
    }
}

/// Returns the time within which half of the waits were over.
pub(super) fn median(waits: impl Iterator<Item = Wait>) -> Option<f64> {
    curve(waits).quantile(0.5)
}

fn curve(waits: impl Iterator<Item = Wait>) -> Curve {
    let known = waits.filter_map(|wait| match wait {
        Wait::Over(hours) => Some(Duration { hours, ended: true }),
        Wait::Running(hours) => Some(Duration { hours, ended: false }),
        Wait::Unknown | Wait::Reversed => None,
    });
    Curve::fit(known.collect())
}

/// What the dates of one ticket say about one wait, in business hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wait {
    /// It took this long.
    Over(f64),
    /// It has lasted this long and goes on.
    Running(f64),
    /// A date is missing.
    Unknown,
    /// The dates are out of order.
    Reversed,
}

/// What can be said of a ticket's end, seen from the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Open,
    Closed(Moment),
    /// Done by its status, nobody knows when.
    Undated,
}

impl End {
    /// Reads the end of a ticket. What happened after the as-of date has not happened yet, so that a later run with
    /// the same date gives the same answer.
    pub(super) fn of(ticket: &Ticket, is_done: bool, ctx: &Context<'_>) -> Self {
        match ticket.closed_at {
            Some(closed) if closed.at <= ctx.as_of => Self::Closed(closed),
            Some(_) => Self::Open,
            None if is_done => Self::Undated,
            None => Self::Open,
        }
    }
}

/// Measures from filing to done.
pub(super) fn lead(ticket: &Ticket, end: End, ctx: &Context<'_>) -> Wait {
    let Some(created) = ticket.created_at else {
        return Wait::Unknown;
    };
    match end {
        End::Closed(closed) => between(created, closed, ctx),
        End::Open => still_running(created, ctx),
        End::Undated => Wait::Unknown,
    }
}

/// Returns the business hours from filing to done of one ticket; `None` while it is open, and where a date is missing
/// or out of order.
#[must_use]
pub fn lead_hours(ticket: &Ticket, ctx: &Context<'_>) -> Option<f64> {
    let closed = ticket.closed_at.filter(|closed| closed.at <= ctx.as_of)?;
    match between(ticket.created_at?, closed, ctx) {
        Wait::Over(hours) => Some(hours),
        Wait::Running(_) | Wait::Unknown | Wait::Reversed => None,
    }
}

/// Measures from filing to the first hand on it. A ticket that was closed without a recorded start says nothing.
pub(super) fn response(ticket: &Ticket, end: End, ctx: &Context<'_>) -> Wait {
    let Some(created) = ticket.created_at else {
        return Wait::Unknown;
    };
    match (ticket.started_at, end) {
        (Some(started), _) if started.at <= ctx.as_of => between(created, started, ctx),
        (Some(_), _) | (None, End::Open) => still_running(created, ctx),
        (None, End::Closed(_) | End::Undated) => Wait::Unknown,
    }
}

fn between(from: Moment, to: Moment, ctx: &Context<'_>) -> Wait {
    let reversed = if from.day_only || to.day_only {
        ctx.calendar.date(to.at) < ctx.calendar.date(from.at)
    } else {
        to.at < from.at
    };
    if reversed {
        return Wait::Reversed;
    }
    Wait::Over(ctx.hours.hours_between(from, to, ctx.calendar.zone()))
}

fn still_running(from: Moment, ctx: &Context<'_>) -> Wait {
    let now = Moment {
        at: ctx.as_of,
        day_only: false,
    };
    Wait::Running(ctx.hours.hours_between(from, now, ctx.calendar.zone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(count: u8) -> impl Iterator<Item = Wait> + Clone {
        (1..=count).map(|hours| Wait::Over(f64::from(hours)))
    }

    #[test]
    fn every_wait_is_counted_once() {
        let waits = [
            Wait::Over(2.0),
            Wait::Running(9.0),
            Wait::Unknown,
            Wait::Reversed,
            Wait::Over(4.0),
        ];
        let lead = Lead::of(waits.into_iter());
        let counts = (lead.closed, lead.open_censored, lead.unknown, lead.negative);
        assert_eq!(counts, (2, 1, 1, 1));
        assert_eq!(lead.p50, Some(4.0)); // 2/3 are left after 2 hours, 1/3 after 4
    }

    #[test]
    fn the_slowest_tenth_needs_twenty_nine_closed_tickets() {
        assert_eq!(Lead::of(over(28)).p90, None);
        assert_eq!(Lead::of(over(29)).p90, Some(27.0));
        assert_eq!(Lead::of(over(28).chain([Wait::Running(50.0)])).p90, None);
    }

    #[test]
    fn without_any_known_end_there_is_no_median() {
        assert_eq!(
            Lead::of([Wait::Running(3.0), Wait::Unknown].into_iter()).p50,
            None
        );
        assert_eq!(median([Wait::Reversed].into_iter()), None);
    }
}
