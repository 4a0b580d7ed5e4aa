//! Judges every series of the measures, all tests of a report as one family.
//!
//! # What is tested
//!
//! * Every pattern, every sub-pattern, every discovered group and all tickets together; not the tickets without a
//!   sub-pattern, which have nothing in common, and not a group that is a sub-pattern, which would be tested twice.
//! * Of these, each of the last four whole quarters against the same quarter of the year before if that is whole, else
//!   against the last whole one; if the latest has its year before, only those that have theirs, since the others cannot
//!   tell a season from a change; and the one change of level that stands out most in the last eight whole quarters.
//! * Only where both sides together hold at least 20 tickets or events.
//!
//! All of these are one family: q is Benjamini and Hochberg over them, so that a report in which nothing changed raises a
//! clear alarm in fewer than one of ten. Quarters before the last four were judged by earlier reports; judging them again in
//! every report would drown this one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::period::BusinessHours;
use crate::toil::{DayCount, Key, Level as Depth, Measures, Series};
use crate::trend::change::{self, Level};
use crate::trend::cusum::{self, Dated, Step};
use crate::trend::dispersion::{self, Scatter, Week};
use crate::trend::family::q_values;
use crate::trend::ratio::{ALPHA, Exposed, Ratio, compare, real};
use crate::trend::timeline::{self, Context, Stretch};
use crate::trend::verdict::{Change, Comparison, Judgement, Unit, Verdict};

/// Whole quarters that a report judges.
pub const JUDGED_QUARTERS: usize = 4;
/// Whole quarters in which a change of level is looked for, and from which the scatter is estimated.
const LEVEL_QUARTERS: usize = 8;
/// Fewest tickets or events on both sides together for a test.
pub const FEWEST: usize = 20;
/// Variance over mean of weekly tickets from which request events are tested instead.
const BURSTS: f64 = 1.3;

/// What is said of all series.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// All tickets together.
    pub total: Judgement,
    /// Patterns, sub-patterns and discovered groups.
    pub series: BTreeMap<Key, Judgement>,
    /// How many tests were made: the family of every q.
    pub tests: usize,
    /// How many of these were comparisons of quarters with one a year before.
    pub year_on_year: usize,
    /// Whether rates are per engineer as well as per working day, in at least one comparison.
    pub per_engineer: bool,
}

/// Judges all series of the measures.
#[must_use]
pub fn judge(measures: &Measures, ctx: &Context<'_>) -> Judged {
    let mut judge = Judge::new(timeline::stretches(&measures.timeline, ctx), ctx);
    judge.usual = [Unit::Tickets, Unit::Events].map(|unit| judge.usual_scatter(measures, unit));
    let tested = measures.series.iter().filter(|(key, _)| is_tested(key, measures));
    let mut total = judge.look(&measures.total);
    let mut series: Vec<(&Key, Draft)> = tested.map(|(key, series)| (key, judge.look(series))).collect();
    let drafts = || std::iter::once(&total).chain(series.iter().map(|(_, draft)| draft));
    let p_values: Vec<f64> = drafts().flat_map(Draft::p_values).collect();
    let year_on_year = drafts().map(|draft| judge.year_on_year(draft)).sum();
    let mut q = q_values(&p_values).into_iter();
    total.settle(&mut q);
    series.iter_mut().for_each(|(_, draft)| draft.settle(&mut q));
    Judged {
        total: judge.finish(total),
        series: series
            .into_iter()
            .map(|(key, draft)| (key.clone(), judge.finish(draft)))
            .collect(),
        tests: p_values.len(),
        year_on_year,
        per_engineer: judge
            .stretches
            .iter()
            .filter(|quarter| quarter.engineers.is_some())
            .count()
            > 1,
    }
}

fn is_tested(key: &Key, measures: &Measures) -> bool {
    match key {
        Key::Pattern(_) => true,
        Key::SubPattern(_, subpattern) => subpattern.is_some(),
        Key::Group(..) => !super::rows::repeats_another(key, measures),
    }
}

struct Judge<'a> {
    stretches: Vec<Stretch>,
    /// Places of the quarters that are judged, and what each is compared with.
    judged: Vec<(usize, usize)>,
    /// Places of the last whole quarters.
    levels: Vec<usize>,
    /// Variance over mean of weekly tickets and of weekly events in all sub-patterns taken together.
    usual: [f64; 2],
    ctx: &'a Context<'a>,
}

/// A judgement whose q-values are still to come.
struct Draft {
    unit: Unit,
    dispersion: Option<f64>,
    /// The variance over mean that is allowed for.
    scatter: f64,
    /// By place of the quarter: place of the other, ratio, whether it is tested, and q once it is known.
    quarters: BTreeMap<usize, Tested>,
    /// Place of the first quarter at the new level.
    change: Option<(usize, Tested)>,
    days: Vec<DayCount>,
}

struct Tested {
    with: usize,
    before: Exposed,
    after: Exposed,
    ratio: Option<Ratio>,
    enough: bool,
    q: Option<f64>,
}

impl Tested {
    fn is_test(&self) -> bool {
        self.enough && self.ratio.is_some()
    }

    fn verdict(&self) -> Verdict {
        match (&self.ratio, self.q) {
            (Some(ratio), Some(q)) => Verdict::of(ratio, q),
            _ => Verdict::TooFew,
        }
    }
}

impl Draft {
    fn tests(&self) -> impl Iterator<Item = &Tested> {
        let change = self.change.iter().map(|(_, tested)| tested);
        self.quarters
            .values()
            .chain(change)
            .filter(|tested| tested.is_test())
    }

    fn p_values(&self) -> impl Iterator<Item = f64> {
        self.tests().filter_map(|tested| Some(tested.ratio.as_ref()?.p))
    }

    /// Takes the q-values of its tests, in the order of [`Draft::p_values`].
    fn settle(&mut self, q: &mut impl Iterator<Item = f64>) {
        let change = self.change.iter_mut().map(|(_, tested)| tested);
        for tested in self.quarters.values_mut().chain(change) {
            if tested.is_test() {
                tested.q = q.next();
            }
        }
    }
}

impl<'a> Judge<'a> {
    fn new(stretches: Vec<Stretch>, ctx: &'a Context<'a>) -> Self {
        let whole: Vec<usize> = (0..stretches.len()).filter(|at| stretches[*at].whole).collect();
        let last = |most: usize| whole[whole.len().saturating_sub(most)..].iter().copied();
        let compared = |at: usize| Some((at, timeline::reference(&stretches, at)?));
        let mut judged: Vec<(usize, usize)> = last(JUDGED_QUARTERS).filter_map(compared).collect();
        let is_year = |(at, with): &(usize, usize)| timeline::is_a_year_apart(&stretches, *at, *with);
        // Once seasons are known to the latest, a comparison that takes a season for a change has nothing left to tell.
        if judged.last().is_some_and(is_year) {
            judged.retain(is_year);
        }
        let levels = last(LEVEL_QUARTERS).collect();
        Self {
            stretches,
            judged,
            levels,
            usual: [1.0; 2],
            ctx,
        }
    }

    fn look(&self, series: &Series) -> Draft {
        let tickets = self.scatter(series, Unit::Tickets).dispersion();
        let unit = if tickets.is_some_and(|scatter| scatter > BURSTS) {
            Unit::Events
        } else {
            Unit::Tickets
        };
        let dispersion = match unit {
            Unit::Tickets => tickets,
            Unit::Events => self.scatter(series, Unit::Events).dispersion(),
        };
        let count = |at: usize| counted(&series.quarters[at], unit);
        let usual = self.usual[usize::from(unit == Unit::Events)];
        let scatter = dispersion.unwrap_or(1.0).max(usual);
        let quarter = |&(at, with): &(usize, usize)| (at, self.compared(at, with, &count, scatter));
        Draft {
            unit,
            dispersion,
            scatter,
            quarters: self.judged.iter().map(quarter).collect(),
            change: self.change(&count, scatter),
            days: series.days.clone(),
        }
    }

    fn compared(&self, at: usize, with: usize, count: &impl Fn(usize) -> usize, scatter: f64) -> Tested {
        let exposures = timeline::exposures(&[&self.stretches[with], &self.stretches[at]]);
        let side = |at: usize, exposure: f64| Exposed {
            count: count(at),
            exposure,
        };
        let (before, after) = (side(with, exposures[0]), side(at, exposures[1]));
        Tested {
            with,
            before,
            after,
            ratio: compare(before, after, scatter, ALPHA),
            enough: count(at) + count(with) >= FEWEST,
            q: None,
        }
    }

    fn change(&self, count: &impl Fn(usize) -> usize, scatter: f64) -> Option<(usize, Tested)> {
        let quarters: Vec<&Stretch> = self.levels.iter().map(|at| &self.stretches[*at]).collect();
        let exposures = timeline::exposures(&quarters);
        let level = |((at, quarter), exposure): ((&usize, &&Stretch), f64)| Level {
            count: count(*at),
            exposure,
            place: i32::from(quarter.quarter.year) * 4 + i32::from(quarter.quarter.number),
        };
        let levels: Vec<Level> = self
            .levels
            .iter()
            .zip(&quarters)
            .zip(exposures)
            .map(level)
            .collect();
        if levels.iter().map(|level| level.count).sum::<usize>() < FEWEST {
            return None;
        }
        let border = change::best_border(&levels, scatter)?;
        let tested = Tested {
            with: self.levels[border.at - 1],
            before: border.before,
            after: border.after,
            ratio: Some(border.ratio),
            enough: true,
            q: None,
        };
        Some((self.levels[border.at], tested))
    }

    /// The scatter that a series is taken to have at least: its own estimate rests on few weeks, and where it comes out low by
    /// chance, a change would be seen that is none.
    fn usual_scatter(&self, measures: &Measures, unit: Unit) -> f64 {
        let of_all = measures
            .level(Depth::SubPattern)
            .map(|(_, series)| self.scatter(series, unit));
        of_all
            .fold(Scatter::default(), Scatter::and)
            .dispersion()
            .unwrap_or(1.0)
            .max(1.0)
    }

    fn scatter(&self, series: &Series, unit: Unit) -> Scatter {
        let quarters = self.levels.iter().map(|at| {
            let weeks = weeks(&series.days, &self.stretches[*at], (unit, self.ctx.hours));
            weeks
                .into_iter()
                .map(|week| Week {
                    count: week.count,
                    days: week.days,
                })
                .collect()
        });
        dispersion::scatter(&quarters.collect::<Vec<_>>())
    }

    fn year_on_year(&self, draft: &Draft) -> usize {
        let apart = |(at, tested): (&usize, &Tested)| {
            tested.is_test() && timeline::is_a_year_apart(&self.stretches, *at, tested.with)
        };
        draft.quarters.iter().filter(|quarter| apart(*quarter)).count()
    }

    fn finish(&self, mut draft: Draft) -> Judgement {
        let quarters = (0..self.stretches.len()).map(|at| {
            let tested = draft.quarters.remove(&at)?;
            let verdict = tested.verdict();
            Some(Comparison {
                with: self.stretches[tested.with].quarter,
                before: tested.before,
                after: tested.after,
                ratio: tested.ratio,
                q: tested.q,
                verdict,
            })
        });
        let quarters = quarters.collect();
        let change = draft.change.take().and_then(|(at, tested)| {
            let verdict = tested.verdict();
            Some(Change {
                since: self.stretches[at].quarter,
                before: tested.before,
                after: tested.after,
                week: verdict
                    .is_change()
                    .then(|| self.week(at, tested.with, &draft, verdict))
                    .flatten(),
                ratio: tested.ratio?,
                q: tested.q?,
                verdict,
            })
        });
        Judgement {
            unit: draft.unit,
            dispersion: draft.dispersion,
            quarters,
            change,
        }
    }

    /// Finds the week of a change, from the quarter before it on. None where the counts themselves went the other way, as
    /// they may where the verdict is on rates per engineer.
    fn week(&self, at: usize, before: usize, draft: &Draft, verdict: Verdict) -> Option<Date> {
        let weeks_of = |quarter: &Stretch| weeks(&draft.days, quarter, (draft.unit, self.ctx.hours));
        let rate = |is_side: &dyn Fn(usize) -> bool| {
            let side = self.levels.iter().filter(|level| is_side(**level));
            let weeks = side.flat_map(|level| weeks_of(&self.stretches[*level]));
            let (count, days) = weeks.fold((0.0, 0.0), |(count, days), week| {
                (count + week.count, days + week.days)
            });
            count / days
        };
        let step = Step {
            from: self.stretches[at].from,
            before: rate(&|level| level < at),
            after: rate(&|level| level >= at),
            dispersion: draft.scatter,
        };
        let rose = matches!(verdict, Verdict::ClearRise | Verdict::PossibleRise);
        if (step.after > step.before) != rose {
            return None;
        }
        let since = self.levels.iter().filter(|level| **level >= at);
        let around: Vec<&Stretch> = std::iter::once(&before)
            .chain(since)
            .map(|level| &self.stretches[*level])
            .collect();
        let weeks: Vec<Dated> = around.iter().flat_map(|quarter| weeks_of(quarter)).collect();
        let day = cusum::onset(&weeks, step)?;
        around
            .iter()
            .find(|quarter| (quarter.from..quarter.to).contains(&day))?
            .date(day, self.ctx.hours)
    }
}

fn counted(toil: &crate::toil::Toil, unit: Unit) -> usize {
    match unit {
        Unit::Tickets => toil.tickets,
        Unit::Events => toil.events,
    }
}

/// Counts the calendar weeks of a quarter; those that its ends cut count with the days they have. People's weeks, not any five
/// days: what comes in one week must not be spread over two, or scatter is taken for less than it is.
fn weeks(days: &[DayCount], quarter: &Stretch, (unit, hours): (Unit, &BusinessHours)) -> Vec<Dated> {
    let borders = quarter.weeks(hours);
    let week = |pair: &[i64]| {
        let first = days.partition_point(|day| day.day < pair[0]);
        let of_week = days[first..].iter().take_while(|day| day.day < pair[1]);
        let count = |day: &DayCount| match unit {
            Unit::Tickets => day.tickets,
            Unit::Events => day.events,
        };
        Dated {
            day: pair[0],
            count: real(of_week.map(count).sum()),
            days: timeline::real(pair[1] - pair[0]),
        }
    };
    borders.windows(2).map(week).collect()
}
