//! Of which days the tickets of an analysis are known: as far as the settings say, else as far as the tickets themselves
//! show.

use jiff::civil::Date;

use crate::config::Settings;
use crate::toil::{Context, Measures, Seen};

/// The days of which tickets are known: those of the period of the settings, up to now, and not before the first ticket
/// if it came so late in its quarter that records must have begun then.
pub(super) fn seen(measures: &Measures, settings: &Settings, ctx: &Context<'_>) -> Seen {
    let today = ctx.calendar.date(ctx.as_of);
    let tomorrow = today.tomorrow().unwrap_or(today);
    let since = settings.since.map(|day| day.0);
    let until = settings.until.map(|day| day.0).filter(|until| *until <= tomorrow);
    let begins = records_begin(measures, ctx).filter(|begins| since.is_none_or(|since| since < *begins));
    Seen {
        days: begins.or(since).unwrap_or(Date::MIN)..until.unwrap_or(tomorrow),
        stated: [begins.is_none(), until.is_some() || settings.as_of.is_some()],
    }
}

/// Silence at the start of the first quarter that is more than chance, in tickets that would have been expected in it:
/// none at all where seven are expected happens once in a thousand.
const SILENCE: f64 = 7.0;

/// The day of the first ticket, if the records seem to begin within the quarter.
fn records_begin(measures: &Measures, ctx: &Context<'_>) -> Option<Date> {
    let (quarter, series) = (measures.timeline.first()?.quarter, &measures.total);
    let first = series.days.first()?.day;
    let starts = ctx.calendar.date(ctx.calendar.start(quarter));
    let ends = ctx.calendar.date(ctx.calendar.end(quarter));
    let last = ctx.hours.day_index(ends.min(ctx.calendar.date(ctx.as_of)));
    let filed: usize = series
        .days
        .iter()
        .take_while(|day| day.day < last)
        .map(|day| day.tickets)
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "tickets and days of a quarter")]
    let (filed, silent, rest) = (
        filed as f64,
        (first - ctx.hours.day_index(starts)) as f64,
        (last - first).max(1) as f64,
    );
    let dates = std::iter::successors(Some(starts), |date| date.tomorrow().ok());
    dates
        .take(100)
        .find(|date| ctx.hours.day_index(*date) == first)
        .filter(|_| filed / rest * silent > SILENCE)
}
