//! What became of the tickets that an automation took over, beyond what happened to all others.
//!
//! Difference in differences on counts: treated against control, before against after. Growth of the company and its
//! seasons touch both and cancel. The control is everything that no automation took over and that tickets would not move
//! to; where they would move to, the neighbours, is compared with the same control.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::config::Launch;
use crate::taxonomy::OTHER;
use crate::toil::{DayCount, Key, Level, Measures, Series};
use crate::trend::dispersion::{self, Week};
use crate::trend::judge::FEWEST;
use crate::trend::odds::{TwoByTwo, compare_changes};
use crate::trend::ratio::{ALPHA, Exposed, Ratio, compare, real};
use crate::trend::timeline::{self, Context};
use crate::trend::verdict::Unit;

/// Working days of a quarter, 58 to 63 in Japan.
const QUARTER: i64 = 61;
/// Longest window on each side: a year.
const LONGEST: i64 = 4 * QUARTER;
/// Fewest working days after the washout for a judgement: four weeks.
const SHORTEST: i64 = 20;
/// Weekly variance over mean from which request events are counted.
const BURSTS: f64 = 1.3;
/// The pattern that requests become when the form no longer takes them.
const CONSULTATION: &str = "consultation";

/// What can be said of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Its window after the washout is too short, or has not begun.
    TooEarly,
    /// Too few tickets on one of the sides.
    TooFew,
    /// Fewer than without it, p < 0.10.
    Fell,
    /// More than without it, p < 0.10.
    Rose,
    /// No clear change beyond that of the control.
    Unclear,
}

impl Effect {
    /// Returns the effect as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooEarly => "too_early",
            Self::TooFew => "too_few",
            Self::Fell => "fell",
            Self::Rose => "rose",
            Self::Unclear => "none",
        }
    }
}

/// Hours a quarter: low, middle and high; the ends are those of an 80 % range.
pub type HoursRange = (f64, f64, f64);

/// A launch and what followed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The launch, with its sub-patterns by their present ids.
    pub launch: Launch,
    /// What can be said.
    pub effect: Effect,
    /// Working days before and after that are compared.
    pub days: [i64; 2],
    /// What was counted.
    pub unit: Unit,
    /// Treated and control, before and after.
    pub table: TwoByTwo,
    /// The change of the treated over that of the control; `None` where nothing is compared.
    pub ratio: Option<Ratio>,
    /// Neighbours that rose beyond the control, p < 0.10, by id of the pattern or sub-pattern.
    pub moved: Vec<(String, Ratio)>,
    /// Hours that the fall in tickets saved a quarter; below 0 where they rose. From recorded or estimated minutes.
    pub realised_hours: Option<HoursRange>,
    /// Whether it was launched after a peak, from which counts fall back by themselves; `None` if too little is known of
    /// the time before.
    pub after_peak: Option<bool>,
}

/// Looks at what followed each launch. They are checked ones (see [`Launch::checked`]).
#[must_use]
pub fn outcomes(launches: &[Launch], measures: &Measures, ctx: &Context<'_>) -> Vec<Outcome> {
    let looking = Looking {
        measures,
        ctx,
        all: launches
            .iter()
            .filter(|launch| launch.date.0 < ctx.until)
            .flat_map(|launch| &launch.subpatterns)
            .map(String::as_str)
            .collect(),
    };
    launches.iter().map(|launch| looking.outcome(launch)).collect()
}

struct Looking<'a> {
    measures: &'a Measures,
    ctx: &'a Context<'a>,
    /// Sub-patterns that any launch took over by now; one that lies ahead has not.
    all: Vec<&'a str>,
}

/// Numbers of working days, the second exclusive.
type Window = (i64, i64);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arm {
    Treated,
    Neighbour,
    Control,
    Neither,
}

impl Looking<'_> {
    fn outcome(&self, launch: &Launch) -> Outcome {
        let windows = self.windows(launch);
        let [treated, control] = [Arm::Treated, Arm::Control].map(|arm| self.days(launch, arm));
        let scatter = |days: &[DayCount], unit| self.scatter(days, windows, unit);
        let unit = if scatter(&treated, Unit::Tickets) > BURSTS {
            Unit::Events
        } else {
            Unit::Tickets
        };
        let count = |days: &[DayCount]| windows.map(|window| counted(days, window, unit));
        let table = TwoByTwo {
            treated: count(&treated),
            control: count(&control),
        };
        let dispersion = weighed([&treated, &control].map(|days| scatter(days, unit)), table);
        let days = windows.map(|(from, to)| (to - from).max(0));
        let ratio = |table, alpha| compare_changes(table, dispersion, alpha);
        let sum = |row: [usize; 2]| row[0] + row[1];
        let few = sum(table.treated) < FEWEST || table.control.contains(&0) || sum(table.control) < FEWEST;
        let found = ratio(table, ALPHA).filter(|_| !few && days[1] >= SHORTEST && days[0] >= SHORTEST);
        let effect = match &found {
            _ if days[1] < SHORTEST => Effect::TooEarly,
            None => Effect::TooFew,
            Some(found) if found.p >= ALPHA => Effect::Unclear,
            Some(found) if found.ratio.is_none_or(|ratio| ratio > 1.0) => Effect::Rose,
            Some(_) => Effect::Fell,
        };
        Outcome {
            launch: launch.clone(),
            effect,
            days,
            unit,
            table,
            moved: found
                .as_ref()
                .map_or_else(Vec::new, |_| self.moved(launch, windows, unit, &control)),
            realised_hours: found.as_ref().and_then(|_| {
                let tickets = windows.map(|window| counted(&treated, window, Unit::Tickets));
                self.realised(launch, tickets, days, ratio(table, 0.2)?)
            }),
            after_peak: after_peak(&treated, windows[0], unit),
            ratio: found,
        }
    }

    /// The working days before the launch and after its washout, a year at most on each side.
    fn windows(&self, launch: &Launch) -> [Window; 2] {
        let index = |date: Date| self.ctx.hours.day_index(date);
        let filed = self.measures.total.days.first().map_or(0, |day| day.day);
        let (begins, ends) = (index(self.ctx.since).max(filed), index(self.ctx.until));
        let live = index(launch.date.0);
        let settled = launch
            .date
            .0
            .checked_add(jiff::Span::new().weeks(i64::from(launch.washout_weeks)));
        let after = settled.map_or(ends, index);
        [
            (begins.max(live - LONGEST).min(live), live.min(ends)),
            (after, ends.min(after + LONGEST)),
        ]
    }

    fn arm(&self, launch: &Launch, key: &Key) -> Arm {
        let (pattern, subpattern) = (key.pattern(), key.subpattern());
        let is = |subs: &[String]| subpattern.is_some_and(|sub| subs.iter().any(|other| other == sub));
        let siblings = launch
            .subpatterns
            .iter()
            .any(|sub| self.pattern_of(sub) == Some(pattern));
        if is(&launch.subpatterns) {
            Arm::Treated
        } else if subpattern.is_some_and(|sub| self.all.contains(&sub)) {
            Arm::Neither
        } else if siblings || matches!(pattern, OTHER | CONSULTATION) {
            Arm::Neighbour
        } else {
            Arm::Control
        }
    }

    fn pattern_of(&self, subpattern: &str) -> Option<&str> {
        let mut keys = self.measures.level(Level::SubPattern).map(|(key, _)| key);
        keys.find(|key| key.subpattern() == Some(subpattern))
            .map(Key::pattern)
    }

    /// Variance over mean of weekly counts in both windows, each at a level of its own; 1 with too few weeks.
    fn scatter(&self, days: &[DayCount], windows: [Window; 2], unit: Unit) -> f64 {
        let weeks = windows.map(|window| {
            let borders = timeline::weeks(self.ctx.since, window, self.ctx.hours);
            let week = |pair: &[i64]| Week {
                count: real(counted(days, (pair[0], pair[1]), unit)),
                days: timeline::real(pair[1] - pair[0]),
            };
            borders.windows(2).map(week).collect()
        });
        dispersion::scatter(&weeks).dispersion().unwrap_or(1.0)
    }

    /// Days of all sub-patterns of an arm together.
    fn days(&self, launch: &Launch, arm: Arm) -> Vec<DayCount> {
        let of_arm = self
            .measures
            .level(Level::SubPattern)
            .filter(|(key, _)| self.arm(launch, key) == arm);
        together(of_arm.map(|(_, series)| series))
    }

    fn moved(
        &self,
        launch: &Launch,
        windows: [Window; 2],
        unit: Unit,
        control_days: &[DayCount],
    ) -> Vec<(String, Ratio)> {
        let count = |days: &[DayCount]| windows.map(|window| counted(days, window, unit));
        let scatter = |days: &[DayCount]| self.scatter(days, windows, unit);
        let (control, control_scatter) = (count(control_days), scatter(control_days));
        let mut neighbours: BTreeMap<String, Vec<&Series>> = BTreeMap::new();
        for (key, series) in self.measures.level(Level::SubPattern) {
            if self.arm(launch, key) == Arm::Neighbour {
                // Consultation and the rest are one neighbour each, siblings one by one.
                let name = match key.subpattern() {
                    Some(sub) if !matches!(key.pattern(), OTHER | CONSULTATION) => sub,
                    _ => key.pattern(),
                };
                neighbours.entry(name.to_owned()).or_default().push(series);
            }
        }
        let rose = |(name, series): (String, Vec<&Series>)| {
            let days = together(series.into_iter());
            let treated = count(&days);
            let table = TwoByTwo { treated, control };
            let ratio = compare_changes(table, weighed([scatter(&days), control_scatter], table), ALPHA)?;
            let is_more = ratio.ratio.is_none_or(|ratio| ratio > 1.0);
            (ratio.p < ALPHA && is_more && treated[0] + treated[1] >= FEWEST / 2).then_some((name, ratio))
        };
        neighbours.into_iter().filter_map(rose).collect()
    }

    /// Tickets that did not come, times their minutes; the two uncertainties are independent.
    fn realised(
        &self,
        launch: &Launch,
        tickets: [usize; 2],
        days: [i64; 2],
        ratio: Ratio,
    ) -> Option<HoursRange> {
        let hours = self
            .measures
            .level(Level::SubPattern)
            .filter(|(key, _)| self.arm(launch, key) == Arm::Treated);
        let (mut count, mut low, mut mid, mut high) = (0.0, 0.0, 0.0, 0.0);
        for (_, series) in hours {
            let Some(hours) = &series.whole.hours else {
                continue;
            };
            count += real(series.whole.tickets - hours.unestimated_tickets.min(series.whole.tickets));
            (low, mid, high) = (low + hours.p10, mid + hours.p50, high + hours.p90);
        }
        if count <= 0.0 {
            return None;
        }
        let (low, mid, high) = (low / count, mid / count, high / count);
        // What came is certain; what would have come without the launch is that over the ratio.
        let before = real(tickets[0]) / timeline::real(days[0]) * timeline::real(QUARTER);
        let after = real(tickets[1]) / timeline::real(days[1]) * timeline::real(QUARTER);
        let middle = ratio.ratio?;
        let without = if middle > 0.0 { after / middle } else { before };
        let avoided = |ratio: f64| without * (1.0 - ratio);
        let most = avoided(ratio.lo);
        let least = ratio.hi.map_or(f64::NEG_INFINITY, avoided);
        let mean = avoided(middle);
        let spread = |count: f64, minutes: f64| {
            (((count - mean) * mid).powi(2) + (mean * (minutes - mid)).powi(2)).sqrt()
        };
        let range = (
            mean * mid - spread(least, low),
            mean * mid,
            mean * mid + spread(most, high),
        );
        (range.0.is_finite() && range.2.is_finite()).then_some(range)
    }
}

/// Whether the last quarter before a launch was much busier than the time before it.
fn after_peak(days: &[DayCount], (from, to): Window, unit: Unit) -> Option<bool> {
    let border = to - QUARTER;
    if border - from < QUARTER {
        return None;
    }
    let side = |from, to| Exposed {
        count: counted(days, (from, to), unit),
        exposure: timeline::real(to - from),
    };
    let ratio = compare(side(from, border), side(border, to), 1.0, ALPHA)?;
    Some(ratio.ratio.is_none_or(|ratio| ratio >= 1.25) && ratio.p < 0.2)
}

/// How much more than Poisson counts those of a comparison scatter: of treated and control, each in the measure in which it
/// makes the ratio of their ratios uncertain, which is by the inverse of its counts.
fn weighed([treated, control]: [f64; 2], table: TwoByTwo) -> f64 {
    let share = |row: [usize; 2]| row.map(|count| 1.0 / real(count.max(1))).iter().sum::<f64>();
    let (treated_share, control_share) = (share(table.treated), share(table.control));
    (treated.max(1.0) * treated_share + control.max(1.0) * control_share) / (treated_share + control_share)
}

fn counted(days: &[DayCount], (from, to): Window, unit: Unit) -> usize {
    let first = days.partition_point(|day| day.day < from);
    let count = |day: &DayCount| match unit {
        Unit::Tickets => day.tickets,
        Unit::Events => day.events,
    };
    days[first..]
        .iter()
        .take_while(|day| day.day < to)
        .map(count)
        .sum()
}

fn together<'a>(series: impl Iterator<Item = &'a Series>) -> Vec<DayCount> {
    let mut days: BTreeMap<i64, DayCount> = BTreeMap::new();
    for day in series.flat_map(|series| &series.days) {
        let sum = days.entry(day.day).or_insert(DayCount {
            day: day.day,
            tickets: 0,
            events: 0,
        });
        sum.tickets += day.tickets;
        sum.events += day.events;
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scatter_of_a_small_side_weighs_more_than_that_of_a_large_one() {
        let table = TwoByTwo {
            treated: [20, 8],
            control: [180, 200],
        };
        assert!((weighed([1.0, 1.0], table) - 1.0).abs() < 1e-12);
        let (small, large) = (weighed([3.0, 1.0], table), weighed([1.0, 3.0], table));
        assert!(small > 2.8 && large > 1.05 && large < 1.2, "{small} {large}");
        assert!(
            (weighed([0.2, 0.4], table) - 1.0).abs() < 1e-12,
            "less than chance is chance"
        );
    }
}
