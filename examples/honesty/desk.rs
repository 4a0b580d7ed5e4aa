//! Invented desks whose truth is known: histories of tickets in which nothing changed, or one thing did.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use toilscope::config::Team;
use toilscope::period::{BusinessHours, Calendar};
use toilscope::ticket::{Moment, Ticket, TicketId};
use toilscope::toil::{self, Case, Key};
use toilscope::trend::{self, Judged, Verdict};

/// How the requests of a desk come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Independently.
    Poisson,
    /// With weekly counts of twice the variance.
    Scattered,
    /// With people who ask for eight accounts at once, twice a quarter.
    Bursts,
    /// With weeks around the holidays in which a third is asked for.
    Dips,
    /// With twice as many accounts in April to June of every year.
    April,
}

/// What is different about a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planted {
    /// Nothing.
    Nothing,
    /// The kind of 40 a quarter is halved from this quarter on, counted from 0.
    Halved(usize),
    /// The kind of 40 a quarter grows by a fifth of itself every quarter.
    Growing,
}

/// Pattern, sub-pattern and mean tickets a quarter.
const KINDS: [(&str, &str, f64); 14] = [
    ("account", "account.a", 40.0),
    ("account", "account.b", 12.0),
    ("account", "account.c", 6.0),
    ("permission", "permission.a", 22.0),
    ("permission", "permission.b", 9.0),
    ("investigation", "investigation.a", 15.0),
    ("investigation", "investigation.b", 11.0),
    ("consultation", "consultation.a", 10.0),
    ("consultation", "consultation.b", 5.0),
    ("environment", "environment.a", 12.0),
    ("environment", "environment.b", 4.0),
    ("tool_config", "tool_config.a", 14.0),
    ("tool_config", "tool_config.b", 6.0),
    ("other", "other.a", 8.0),
];
/// The kind that something is planted in.
pub(super) const TARGET: (&str, &str) = ("account", "account.a");

const QUARTER_WEEKS: f64 = 13.0;
const PEOPLE: u32 = 60;

/// A desk to draw histories of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk {
    pub(super) weather: Weather,
    pub(super) planted: Planted,
    /// Whole calendar quarters from April 2024 on.
    pub(super) quarters: usize,
    /// Multiplies every mean; 1 is 174 tickets a quarter.
    pub(super) size: f64,
}

impl Desk {
    /// Draws a history and judges it, all in one.
    pub(super) fn judged(&self, seed: u64) -> Judged {
        let tickets = self.tickets(seed);
        let cases: Vec<Case<'_>> = tickets
            .iter()
            .map(|(ticket, (pattern, subpattern))| Case {
                ticket,
                pattern,
                subpattern: Some(subpattern),
                group: Some(subpattern),
                excluded: false,
            })
            .collect();
        let (calendar, hours) = (Calendar::new(TimeZone::UTC, None), BusinessHours::default());
        let end = self.monday(self.weeks());
        let measures = toil::measure(
            &cases,
            &toil::Context {
                calendar: &calendar,
                hours: &hours,
                as_of: end.to_zoned(TimeZone::UTC).expect("a date").timestamp(),
                done_statuses: &BTreeSet::new(),
                priors: &BTreeMap::new(),
                min_timed: 10,
                seed: 1,
            },
        );
        let context = trend::Context {
            calendar: &calendar,
            hours: &hours,
            since: Self::START,
            until: end,
            team: &Team::default(),
        };
        trend::judge(&measures, &context)
    }

    const START: Date = date(2024, 4, 1);

    fn weeks(&self) -> i64 {
        13 * i64::try_from(self.quarters).expect("a few quarters") + 1
    }

    fn monday(&self, week: i64) -> Date {
        Self::START
            .checked_add(jiff::Span::new().days(7 * week))
            .expect("a date")
    }

    fn tickets(&self, seed: u64) -> Vec<(Ticket, (&'static str, &'static str))> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut tickets = Vec::new();
        for week in 0..self.weeks() {
            let monday = self.monday(week);
            for kind in KINDS {
                let mean = kind.2 * self.size / QUARTER_WEEKS * self.factor((kind.0, kind.1), monday, week);
                let scatter = if self.weather == Weather::Scattered {
                    gamma(&mut rng, mean)
                } else {
                    mean
                };
                for _ in 0..poisson(&mut rng, scatter) {
                    let person = rng.gen_range(0..PEOPLE);
                    file(
                        &mut tickets,
                        (kind.0, kind.1),
                        monday,
                        (rng.gen_range(0..5), person),
                    );
                }
            }
            if self.weather == Weather::Bursts && rng.r#gen::<f64>() < 2.0 / QUARTER_WEEKS {
                let (day, person) = (rng.gen_range(0..5), rng.gen_range(0..PEOPLE));
                for _ in 0..8 {
                    file(&mut tickets, TARGET, monday, (day, person));
                }
            }
        }
        tickets
    }

    fn factor(&self, kind: (&str, &str), monday: Date, week: i64) -> f64 {
        let dip = self.weather == Weather::Dips
            && matches!(
                (monday.month(), monday.day()),
                (12, 25..) | (1, ..=6) | (8, 8..=15) | (4, 26..) | (5, 1..=3)
            );
        let peak = self.weather == Weather::April && kind.0 == "account" && (4..=6).contains(&monday.month());
        let quarter = usize::try_from(week / 13).unwrap_or(0);
        let planted = match self.planted {
            Planted::Halved(from) if kind == TARGET && quarter >= from => 0.5,
            Planted::Growing if kind == TARGET => 1.2_f64.powi(i32::try_from(quarter).unwrap_or(0)),
            _ => 1.0,
        };
        planted * if dip { 0.33 } else { 1.0 } * if peak { 2.0 } else { 1.0 }
    }
}

type Filed = Vec<(Ticket, (&'static str, &'static str))>;

fn file(tickets: &mut Filed, kind: (&'static str, &'static str), monday: Date, (day, person): (i64, u32)) {
    let mut ticket = Ticket::new(TicketId::new(&format!("T-{}", tickets.len())).expect("an id"));
    let filed = monday
        .checked_add(jiff::Span::new().days(day))
        .expect("a date")
        .at(10, 0, 0, 0);
    let at = filed.to_zoned(TimeZone::UTC).expect("a time").timestamp();
    ticket.created_at = Some(Moment { at, day_only: false });
    ticket.requesters = vec![format!("person {person}")];
    tickets.push((ticket, kind));
}

/// Knuth's way; the means of a week are small.
fn poisson(rng: &mut impl Rng, mean: f64) -> u32 {
    let (bar, mut product, mut count) = ((-mean).exp(), rng.r#gen::<f64>(), 0);
    while product > bar {
        product *= rng.r#gen::<f64>();
        count += 1;
    }
    count
}

/// A gamma draw with variance equal to its mean, which makes a Poisson count around it vary twice as much as its mean.
/// As the sum of exponentials for the whole part of the shape, and Johnk's way for the rest.
fn gamma(rng: &mut impl Rng, shape: f64) -> f64 {
    let whole = shape.floor();
    let mut sum = 0.0;
    for _ in 0..whole as u32 {
        sum -= rng.r#gen::<f64>().max(f64::MIN_POSITIVE).ln();
    }
    let rest = shape - whole;
    if rest < 1e-9 {
        return sum;
    }
    loop {
        let (x, y) = (
            rng.r#gen::<f64>().powf(1.0 / rest),
            rng.r#gen::<f64>().powf(1.0 / (1.0 - rest)),
        );
        if x + y <= 1.0 && x + y > 0.0 {
            return sum - rng.r#gen::<f64>().max(f64::MIN_POSITIVE).ln() * x / (x + y);
        }
    }
}

/// What is said of a series: the verdicts of its quarters, and of its level.
pub(super) fn verdicts(judgement: &trend::Judgement) -> Vec<Verdict> {
    let quarters = judgement
        .quarters
        .iter()
        .flatten()
        .map(|comparison| comparison.verdict);
    quarters
        .chain(judgement.change.iter().map(|change| change.verdict))
        .collect()
}

/// Whether any verdict of a report is clear.
pub(super) fn is_alarm(judged: &Judged) -> bool {
    judged
        .series
        .values()
        .chain([&judged.total])
        .any(|of| verdicts(of).iter().any(|verdict| verdict.is_clear()))
}

/// What is said of the kind that something may be planted in.
pub(super) fn of_target(judged: &Judged) -> Vec<Verdict> {
    let key = Key::SubPattern(TARGET.0.to_owned(), Some(TARGET.1.to_owned()));
    judged.series.get(&key).map(verdicts).unwrap_or_default()
}
