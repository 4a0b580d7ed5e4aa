//! What the measures need of each ticket, read once: dates turned into waits, people and events into numbers.
//!
//! Numbers given to people and events depend on the order of the tickets and are compared, never shown, so that no
//! result depends on that order.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::period::Quarter;
use crate::text;
use crate::ticket::Ticket;
use crate::toil::case::{Case, Context};
use crate::toil::lead::{self, End, Wait};

/// One ticket as the measures see it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) excluded: bool,
    pub(super) dates: Dates,
    /// Its pattern and sub-pattern, as an index into [`Facts::kinds`].
    pub(super) kind: usize,
    /// Recorded hands-on minutes, finite and at least 0.
    pub(super) minutes: Option<f64>,
    /// Tickets of one request event have one number.
    pub(super) event: usize,
    pub(super) requesters: Vec<usize>,
    pub(super) assignees: Vec<usize>,
}

/// What the dates of a ticket say, seen from the as-of date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    pub(super) opened: Option<Timestamp>,
    /// Quarter in which it was filed.
    pub(super) quarter: Option<Quarter>,
    /// Working day in which it was filed, as a number (see [`BusinessHours::day_index`](crate::period::BusinessHours::day_index)).
    pub(super) working_day: Option<i64>,
    pub(super) end: End,
    pub(super) lead: Wait,
    pub(super) response: Wait,
}

impl Dates {
    fn read(ticket: &Ticket, ctx: &Context<'_>) -> Self {
        let opened = ticket.created_at.map(|moment| moment.at);
        let end = end(ticket, ctx);
        Self {
            opened,
            quarter: opened.map(|at| ctx.calendar.quarter(at)),
            working_day: opened.map(|at| ctx.hours.day_index(ctx.calendar.date(at))),
            end,
            lead: lead::lead(ticket, end, ctx),
            response: lead::response(ticket, end, ctx),
        }
    }
}

fn end(ticket: &Ticket, ctx: &Context<'_>) -> End {
    let by_status = |status: &str| ctx.done_statuses.contains(text::fold(status).trim());
    let is_done = ticket.done == Some(true) || ticket.status.as_deref().is_some_and(by_status);
    End::of(ticket, is_done, ctx)
}

/// Says whether a ticket still waits to be done, seen from the as-of date.
#[must_use]
pub fn is_open(ticket: &Ticket, ctx: &Context<'_>) -> bool {
    end(ticket, ctx) == End::Open
}

/// A pattern and, if one was found, its sub-pattern.
pub(super) type Kind<'a> = (&'a str, Option<&'a str>);

/// All tickets, in the order in which they came.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) all: Vec<Fact>,
    /// The kinds that occur, in order.
    pub(super) kinds: Vec<Kind<'a>>,
}

impl<'a> Facts<'a> {
    pub(super) fn read(cases: &[Case<'a>], ctx: &Context<'_>) -> Self {
        let kinds: BTreeSet<Kind<'a>> = cases.iter().map(|case| (case.pattern, case.subpattern)).collect();
        let kinds: Vec<_> = kinds.into_iter().collect();
        let kind_of = |case: &Case<'_>| kinds.partition_point(|kind| *kind < (case.pattern, case.subpattern));
        let read: Vec<(usize, Dates)> = cases
            .par_iter()
            .map(|case| (kind_of(case), Dates::read(case.ticket, ctx)))
            .collect();
        let mut reader = Reader::default();
        let all = cases
            .iter()
            .zip(read)
            .map(|(case, (kind, dates))| reader.fact(case, kind, dates))
            .collect();
        Self { all, kinds }
    }
}

/// What makes two tickets one request event: who asked, for what kind of thing, on which working day.
type Event = (Vec<usize>, usize, i64);

#[derive(Default)]
struct Reader<'a> {
    people: Numbers<&'a str>,
    events: Numbers<Event>,
}

impl<'a> Reader<'a> {
    fn fact(&mut self, case: &Case<'a>, kind: usize, dates: Dates) -> Fact {
        let requesters = self.numbered(&case.ticket.requesters);
        Fact {
            excluded: case.excluded,
            dates,
            kind,
            minutes: recorded_minutes(case.ticket),
            event: self.event(&requesters, kind, dates.working_day),
            assignees: self.numbered(&case.ticket.assignees),
            requesters,
        }
    }

    /// Numbers the people of a ticket, each once, in order.
    fn numbered(&mut self, people: &'a [String]) -> Vec<usize> {
        let mut numbers: Vec<usize> = people
            .iter()
            .map(|person| self.people.of(person.as_str()))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Numbers the request event. A ticket without a requester or a date is an event of its own: nobody can say what
    /// it belongs with.
    fn event(&mut self, requesters: &[usize], kind: usize, working_day: Option<i64>) -> usize {
        match working_day {
            Some(day) if !requesters.is_empty() => self.events.of((requesters.to_vec(), kind, day)),
            _ => self.events.fresh(),
        }
    }
}

fn recorded_minutes(ticket: &Ticket) -> Option<f64> {
    ticket
        .minutes_spent
        .filter(|minutes| minutes.is_finite() && *minutes >= 0.0)
}

/// Gives each distinct value a number.
#[derive(Debug)]
struct Numbers<T> {
    known: HashMap<T, usize>,
    next: usize,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            next: 0,
        }
    }
}

impl<T: Eq + Hash> Numbers<T> {
    fn of(&mut self, value: T) -> usize {
        let next = self.next;
        let number = *self.known.entry(value).or_insert(next);
        self.next = next.max(number + 1);
        number
    }

    /// Gives a number that no value has or will have.
    fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_stable_and_fresh_ones_unique() {
        let mut numbers = Numbers::default();
        let given = [
            numbers.of("a"),
            numbers.of("b"),
            numbers.fresh(),
            numbers.of("a"),
            numbers.of("c"),
        ];
        assert_eq!(given, [0, 1, 2, 0, 3]);
    }
}
