//! Of which days the tickets of an analysis are known: as far as the settings say, else as far as the tickets themselves
//! show.

use jiff::civil::Date;

use crate::config::Settings;
use crate::toil::{Context, DayCount, Measures, Seen};

/// The days of which tickets are known: those of the period of the settings, up to now. Not before the tickets seem to
/// begin, and, unless somebody said until when they are known, not after they seem to end: a lone ticket of a test, or one
/// with a mistyped year, does not make a quarter without requests.
pub(super) fn seen(measures: &Measures, settings: &Settings, ctx: &Context<'_>) -> Seen {
    let today = ctx.calendar.date(ctx.as_of);
    let tomorrow = today.tomorrow().unwrap_or(today);
    let since = settings.since.map(|day| day.0);
    let until = settings.until.map(|day| day.0).filter(|until| *until <= tomorrow);
    let begins = records_begin(measures, ctx).filter(|begins| since.is_none_or(|since| since < *begins));
    let is_end_stated = until.is_some() || settings.as_of.is_some();
    let ends = records_end(measures, ctx).filter(|_| !is_end_stated);
    Seen {
        days: begins.or(since).unwrap_or(Date::MIN)..ends.or(until).unwrap_or(tomorrow),
        stated: [begins.is_none(), is_end_stated],
    }
}

/// Silence that is more than chance, in tickets that would have been expected in it: none at all where seven are expected
/// happens once in a thousand.
const SILENCE: f64 = 7.0;
/// Largest share of strays in the tickets of the quarter next to them: a desk that began slowly has no strays.
const STRAYS: f64 = 0.05;
/// Working days of which the usual rate is taken: a quarter.
const NEAR: i64 = 61;

/// The day on which the records begin, if that is not the beginning of their first quarter.
fn records_begin(measures: &Measures, ctx: &Context<'_>) -> Option<Date> {
    let starts = ctx
        .calendar
        .date(ctx.calendar.start(measures.timeline.first()?.quarter));
    let days: Vec<(i64, usize)> = measures.total.days.iter().map(of_day).collect();
    let at = edge(&days);
    let first = days.get(at)?.0;
    let silent = first - ctx.hours.day_index(starts);
    let begins_late = at > 0 || expected(&days[at..], silent) > SILENCE;
    let mut dates = dates_from(starts);
    dates
        .find(|date| ctx.hours.day_index(*date) == first)
        .filter(|_| begins_late)
}

/// The day after the last one of the records, if tickets after it stand apart.
fn records_end(measures: &Measures, ctx: &Context<'_>) -> Option<Date> {
    let starts = ctx
        .calendar
        .date(ctx.calendar.start(measures.timeline.first()?.quarter));
    let backwards = |day: &DayCount| (-day.day, day.tickets);
    let days: Vec<(i64, usize)> = measures.total.days.iter().rev().map(backwards).collect();
    let at = Some(edge(&days)).filter(|at| *at > 0)?;
    let last = -days[at].0;
    dates_from(starts).find(|date| ctx.hours.day_index(*date) > last)
}

fn of_day(day: &DayCount) -> (i64, usize) {
    (day.day, day.tickets)
}

fn dates_from(start: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(start), |date| date.tomorrow().ok())
}

/// The place of the first day that belongs to the rest: behind a few tickets that stand before a silence in which the rate
/// after it lets expect more than chance leaves out.
fn edge(days: &[(i64, usize)]) -> usize {
    let all: usize = days.iter().map(|(_, tickets)| tickets).sum();
    let (mut first, mut before) = (0, 0);
    for at in 1..days.len() {
        before += days[at - 1].1;
        if real(before) > STRAYS * real(all) {
            break;
        }
        let silent = days[at].0 - days[at - 1].0;
        if real(before) <= STRAYS * filed(&days[at..]) && expected(&days[at..], silent) > SILENCE {
            first = at;
        }
    }
    first
}

/// Tickets of the quarter that begins with these days.
fn filed(days: &[(i64, usize)]) -> f64 {
    let start = days.first().map_or(0, |(day, _)| *day);
    let near = days.iter().take_while(|(day, _)| day - start < NEAR);
    real(near.map(|(_, tickets)| tickets).sum())
}

/// Tickets expected in a silence, at the rate of the quarter that begins with these days.
#[expect(clippy::cast_precision_loss, reason = "working days of a lifetime")]
fn expected(days: &[(i64, usize)], silent: i64) -> f64 {
    filed(days) / NEAR as f64 * silent as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(from: i64, to: i64, tickets: usize) -> Vec<(i64, usize)> {
        (from..to).map(|day| (day, tickets)).collect()
    }

    #[test]
    fn a_few_tickets_before_a_long_silence_are_strays() {
        let lone = [vec![(0, 1)], daily(15, 300, 3)].concat();
        assert_eq!(edge(&lone), 1);
        let several = [vec![(0, 1), (30, 2), (50, 1)], daily(120, 300, 3)].concat();
        assert_eq!(edge(&several), 3);
    }

    #[test]
    fn a_desk_that_paused_or_grew_has_no_strays() {
        let paused = [daily(0, 60, 1), daily(180, 240, 1)].concat();
        assert_eq!(edge(&paused), 0);
        let slow: Vec<(i64, usize)> = (0..20).map(|nth| (nth * 6, 1)).collect();
        assert_eq!(edge(&slow), 0);
        assert_eq!(edge(&[(0, 1), (100, 1)]), 0);
        assert_eq!(edge(&[(0, 2), (60, 2), (120, 14), (180, 16)]), 0);
        assert_eq!(edge(&[]), 0);
    }
}
