//! The one call that runs everything from tickets to numbers.
//!
//! [`analyze`] touches no network, no clock, no environment and no terminal: the same tickets in any order, the same
//! taxonomy and the same settings give the same [`Analysis`], on any number of threads.

mod demand;
mod seen;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::automation::{Finding, Ranking};
use crate::classify::cluster::{self, StratumQuality};
use crate::classify::identity::Step;
use crate::classify::{self, Assignment, Given, Labels, Memory, NamedGroup};
use crate::config::{Day, Launch, Settings};
use crate::coverage::Coverage;
use crate::error::Error;
use crate::period::{Calendar, Period, Quarter};
use crate::taxonomy::Taxonomy;
use crate::ticket::{Moment, Ticket};
use crate::toil::{self, Case, Context, Measures};
use crate::trend::{self, Judged, Outcome};

/// Everything that was found about a set of tickets.
pub struct Analysis<'t> {
    /// The analysed tickets, ordered by id.
    pub tickets: Vec<&'t Ticket>,
    /// One assignment a ticket, in the same order.
    pub assignments: Vec<Assignment>,
    /// Quarter in which each ticket was created, in the same order; `None` without a date.
    pub quarters: Vec<Option<Quarter>>,
    /// Lead time of each ticket in business hours, where both ends are known, in the same order.
    pub lead_hours: Vec<Option<f64>>,
    /// Groups that the taxonomy does not name; members are places in `tickets`.
    pub groups: Vec<NamedGroup>,
    /// How good the grouping is, with and without the k-means step.
    pub quality: Vec<StratumQuality>,
    /// What the next run has to know to keep the ids of the groups.
    pub memory: Memory,
    /// What became of the groups of earlier runs; empty if nothing was known.
    pub lineage: Vec<Step>,
    /// Volume, lead time and effort per pattern, sub-pattern, group and quarter.
    pub measures: Measures,
    /// Which of them moved from quarter to quarter, as far as chance lets anybody say.
    pub judged: Judged,
    /// What followed the automations that went live.
    pub launches: Vec<Outcome>,
    /// Automations, best first.
    pub ranking: Ranking,
    /// What stands open in the tickets, the most urgent first.
    pub findings: Vec<Finding>,
    /// How the tickets were decided; the reader's terms are still zero.
    pub coverage: Coverage,
    /// The moment that counts as now.
    pub as_of: Timestamp,
    /// Everybody who asked, worked or commented, for redaction.
    pub people: BTreeSet<String>,
}

impl Analysis<'_> {
    /// Returns the name of the quarter of each ticket, empty without a date: what [`Desk`](classify::Desk) needs to
    /// read a ticket again as it was read.
    #[must_use]
    pub fn windows(&self) -> Vec<String> {
        windows(&self.quarters)
    }
}

fn windows(quarters: &[Option<Quarter>]) -> Vec<String> {
    let name = |quarter: &Option<Quarter>| quarter.map_or_else(String::new, |q| q.to_string());
    quarters.iter().map(name).collect()
}

/// Runs the whole analysis.
///
/// # Errors
///
/// [`Error::NothingToAnalyse`] if no ticket lies in the period of the settings; [`Error::Settings`] if a launch or a
/// stated effort names what the taxonomy does not have.
pub fn analyze<'t>(
    tickets: &'t [Ticket],
    taxonomy: &Taxonomy,
    settings: &Settings,
) -> Result<Analysis<'t>, Error> {
    analyze_given(tickets, taxonomy, &Given::default(), settings)
}

/// Runs the whole analysis with what people said of some tickets, which holds and teaches (see [`Labels`]).
///
/// # Errors
///
/// As for [`analyze`].
pub fn analyze_labelled<'t>(
    tickets: &'t [Ticket],
    taxonomy: &Taxonomy,
    labels: &Labels,
    settings: &Settings,
) -> Result<Analysis<'t>, Error> {
    let given = Given {
        labels: labels.clone(),
        ..Given::default()
    };
    analyze_given(tickets, taxonomy, &given, settings)
}

/// Runs the whole analysis with what people said, and with what earlier runs knew of the groups (see [`Given`]).
///
/// # Errors
///
/// As for [`analyze`].
pub fn analyze_given<'t>(
    tickets: &'t [Ticket],
    taxonomy: &Taxonomy,
    given: &Given,
    settings: &Settings,
) -> Result<Analysis<'t>, Error> {
    let launches = settings.launches.iter().map(|launch| launch.checked(taxonomy));
    let launches = launches.collect::<Result<Vec<_>, _>>()?;
    settings.effort.check(taxonomy)?;
    let mut coverage = Coverage::default();
    // What counts as now, and whom to hide, must not depend on the period that is looked at.
    let as_of = as_of(tickets, settings);
    let people = people(tickets);
    let tickets = select(tickets, settings, as_of, &mut coverage)?;
    let calendar = Calendar::new(
        settings.timezone.zone().clone(),
        settings.fiscal_year_start.map(|month| month.0),
    );
    let quarters: Vec<Option<Quarter>> = tickets
        .iter()
        .map(|ticket| ticket.created_at.map(|created| calendar.quarter(created.at)))
        .collect();

    let windows = windows(&quarters);
    let options = cluster::Options {
        seed: settings.seed,
        ..cluster::Options::default()
    };
    let found = classify::classify(&tickets, &windows, &people, taxonomy, given, &options);
    found
        .assignments
        .iter()
        .for_each(|assignment| coverage.count(assignment));

    let priors = demand::priors(taxonomy, settings);
    let context = Context {
        calendar: &calendar,
        hours: &settings.hours,
        as_of,
        done_statuses: &settings.done_statuses,
        priors: &priors,
        min_timed: taxonomy.estimation.min_timed_tickets as usize,
        seed: settings.seed,
    };
    let cases = cases(&tickets, &found.assignments);
    let mut measures = toil::measure(&cases, &context);
    let (judged, launches) = judge(&mut measures, &launches, settings, &context);
    let lead_hours = cases
        .iter()
        .map(|case| toil::lead_hours(case.ticket, &context))
        .collect();
    let (ranking, findings) = demand::rank(&demand::Scene {
        tickets: &tickets,
        assignments: &found.assignments,
        glances: &found.glances,
        quarters: &quarters,
        measures: &measures,
        taxonomy,
        settings,
        context: &context,
        closes: tickets.iter().any(|ticket| !toil::is_open(ticket, &context)),
    });
    Ok(Analysis {
        tickets,
        assignments: found.assignments,
        quarters,
        lead_hours,
        groups: found.groups,
        quality: found.quality,
        memory: found.memory,
        lineage: found.lineage,
        measures,
        judged,
        launches,
        ranking,
        findings,
        coverage,
        as_of,
        people,
    })
}

/// Says which quarters are whole, what changed between them and what launches did.
fn judge(
    measures: &mut Measures,
    launches: &[Launch],
    settings: &Settings,
    context: &Context<'_>,
) -> (Judged, Vec<Outcome>) {
    let seen = seen::seen(measures, settings, context);
    measures.see(&seen, context.calendar, context.hours);
    let looked_at = trend::Context {
        calendar: context.calendar,
        hours: context.hours,
        since: seen.days.start,
        until: seen.days.end,
        team: &settings.team,
    };
    (
        trend::judge(measures, &looked_at),
        trend::outcomes(launches, measures, &looked_at),
    )
}

/// Orders the tickets by id and keeps those of the period that were filed by now; a ticket without a date is in no
/// period but "all".
fn select<'t>(
    tickets: &'t [Ticket],
    settings: &Settings,
    as_of: Timestamp,
    coverage: &mut Coverage,
) -> Result<Vec<&'t Ticket>, Error> {
    let period = period(settings);
    let open = period == Period::default();
    let inside = |ticket: &&Ticket| match ticket.created_at {
        Some(created) => period.contains(created) && created.at <= as_of,
        None => open,
    };
    let mut kept: Vec<&Ticket> = tickets.iter().filter(inside).collect();
    kept.sort_by(|a, b| a.id.cmp(&b.id));
    coverage.outside = tickets.len() - kept.len();
    if kept.is_empty() {
        return Err(Error::NothingToAnalyse {
            read: tickets.len(),
            filters: filters(settings),
        });
    }
    Ok(kept)
}

/// The period of the settings: from the start of its first day to the start of the first day after it.
fn period(settings: &Settings) -> Period {
    let start = |day: Option<Day>| {
        Some(
            day?.0
                .to_zoned(settings.timezone.zone().clone())
                .ok()?
                .timestamp(),
        )
    };
    Period {
        since: start(settings.since),
        until: start(settings.until),
    }
}

/// Names the filters in force.
fn filters(settings: &Settings) -> Vec<String> {
    let named = [
        ("since", settings.since),
        ("until", settings.until),
        ("as of", settings.as_of),
    ];
    named
        .into_iter()
        .filter_map(|(name, day)| Some(format!("{name} {}", day?.0)))
        .collect()
}

/// The last instant of the day of the settings, else the latest time in the data.
fn as_of(tickets: &[Ticket], settings: &Settings) -> Timestamp {
    let end_of_day = settings.as_of.and_then(|day| {
        let next = day
            .0
            .tomorrow()
            .ok()?
            .to_zoned(settings.timezone.zone().clone())
            .ok()?;
        next.timestamp().checked_sub(SignedDuration::from_nanos(1)).ok()
    });
    let times = tickets
        .iter()
        .flat_map(|t| [t.created_at, t.updated_at, t.started_at, t.closed_at])
        .flatten();
    end_of_day
        .or_else(|| times.map(|moment: Moment| moment.at).max())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn people(tickets: &[Ticket]) -> BTreeSet<String> {
    let named = |ticket: &Ticket| -> Vec<String> {
        let authors = ticket
            .comments
            .iter()
            .filter_map(|comment| comment.author.clone());
        ticket
            .requesters
            .iter()
            .chain(&ticket.assignees)
            .cloned()
            .chain(authors)
            .collect()
    };
    tickets.iter().flat_map(named).collect()
}

fn cases<'a>(tickets: &[&'a Ticket], assignments: &'a [Assignment]) -> Vec<Case<'a>> {
    tickets
        .iter()
        .zip(assignments)
        .map(|(ticket, assignment)| Case {
            ticket,
            pattern: &assignment.pattern,
            subpattern: assignment.subpattern.as_deref(),
            group: assignment.group.as_deref(),
            excluded: assignment.excluded.is_some(),
        })
        .collect()
}
