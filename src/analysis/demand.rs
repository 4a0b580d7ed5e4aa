//! From measured tickets to what automation asks of each sub-pattern: counts, slots, minutes, looks and risks.
//!
//! Volume, slots and minutes are those of the last whole quarters; what stands open is that of the whole period,
//! because a door that was left open two years ago is still open.

use std::collections::{BTreeMap, BTreeSet};

use crate::automation::{self, Demand, Finding, Flag, Glance, Ranking, Risks, Sign, SlotFill};
use crate::classify::Assignment;
use crate::config::Settings;
use crate::period::Quarter;
use crate::taxonomy::{Pattern, SubPattern, Taxonomy, ThreePoint};
use crate::ticket::Ticket;
use crate::toil::{self, Context, Level, Measures, Origin, Prior, Toil};

/// Quarters whose tickets are looked at.
const QUARTERS: usize = 4;

/// From this concentration on, with enough tickets, what a kind of request takes is known to one person (facts 2.1).
const ONE_PERSON: f64 = 0.6;

/// What is known of the tickets when automations are ranked.
pub(super) struct Scene<'a> {
    pub(super) tickets: &'a [&'a Ticket],
    pub(super) assignments: &'a [Assignment],
    /// What each request of a sub-pattern shows.
    pub(super) glances: &'a [Option<Glance>],
    pub(super) quarters: &'a [Option<Quarter>],
    pub(super) measures: &'a Measures,
    pub(super) taxonomy: &'a Taxonomy,
    pub(super) settings: &'a Settings,
    pub(super) context: &'a Context<'a>,
    /// Whether the board says of any ticket that it is done, so that the others are known not to be.
    pub(super) closes: bool,
}

/// What is believed of the minutes of a ticket before any is measured, by sub-pattern and by pattern: what the people
/// said who do the work, else the taxonomy.
///
/// A ticket whose pattern is clear and whose sub-pattern is not may be any of the pattern's sub-patterns, so the
/// pattern's range spans all of theirs around the middle one.
pub(super) fn priors(taxonomy: &Taxonomy, settings: &Settings) -> BTreeMap<String, Prior> {
    let supposed = |range: ThreePoint| Prior {
        range,
        origin: Origin::Prior,
    };
    // What was stated of a whole pattern is one belief about all of its sub-patterns; it goes before what the taxonomy
    // supposes of each. Only what was stated of a sub-pattern itself is nearer to it.
    let unstated = |pattern: &&Pattern| !settings.effort.minutes.contains_key(&pattern.id);
    let subs = taxonomy
        .patterns
        .iter()
        .filter(unstated)
        .flat_map(|pattern| &pattern.subs);
    let of_subs = subs.filter_map(|sub| Some((sub.id.clone(), supposed(sub.minutes?))));
    let of_patterns = taxonomy
        .patterns
        .iter()
        .filter_map(|pattern| Some((pattern.id.clone(), supposed(spanning(pattern)?))));
    let stated = settings.effort.minutes.iter().map(|(id, range)| {
        let origin = Origin::ThreePoint;
        (
            id.clone(),
            Prior {
                range: *range,
                origin,
            },
        )
    });
    of_subs.chain(of_patterns).chain(stated).collect()
}

fn spanning(pattern: &Pattern) -> Option<ThreePoint> {
    let mut all: Vec<ThreePoint> = pattern.subs.iter().filter_map(|sub| sub.minutes).collect();
    all.sort_by(|a, b| a.likely.total_cmp(&b.likely));
    let middle = all.get(all.len().checked_sub(1)? / 2)?.likely;
    let low = all.iter().map(|m| m.low).fold(f64::INFINITY, f64::min);
    let high = all.iter().map(|m| m.high).fold(0.0, f64::max);
    Some(ThreePoint {
        low,
        likely: middle,
        high,
    })
}

/// What the tickets of one sub-pattern say.
#[derive(Default)]
struct Gathered<'a> {
    tickets_per_quarter: Vec<usize>,
    /// Tickets of the last quarters.
    recent: Vec<(&'a Assignment, Option<&'a Glance>)>,
    minutes: Vec<f64>,
    confidence: f64,
    slots: Vec<SlotFill>,
    looks: automation::Looks,
    risks: Risks,
}

/// Ranks automations by the demand of the last whole quarters; of the running one if there is no whole one. Returns
/// with it what stands open, ticket by ticket.
pub(super) fn rank(scene: &Scene<'_>) -> (Ranking, Vec<Finding>) {
    let gathered = gather(scene);
    let demands: Vec<Demand<'_>> = gathered.iter().map(|(sub, of)| demand(scene, sub, of)).collect();
    let ranking = automation::rank(&demands, scene.taxonomy, scene.settings.seed);
    (ranking, findings(scene, &gathered))
}

/// Lists what stands open, the most urgent first, then by sub-pattern.
fn findings(scene: &Scene<'_>, gathered: &BTreeMap<&str, Gathered<'_>>) -> Vec<Finding> {
    let mut found: BTreeMap<(Flag, Option<&str>), Finding> = BTreeMap::new();
    for (place, (ticket, assignment)) in scene.tickets.iter().zip(scene.assignments).enumerate() {
        let id = assignment.subpattern.as_deref();
        // What was withdrawn or is no request asks for nothing; a secret that it holds has leaked all the same.
        let is_request = assignment.excluded.is_none();
        let shown = risks(scene, ticket, assignment);
        let (asked, secrets) = if is_request {
            (shown, shown.secrets)
        } else {
            (Risks::default(), shown.secrets)
        };
        let of = id.filter(|_| is_request).and_then(|id| gathered.get(id));
        let one_person = of.map_or(0, |of| of.risks.one_person);
        for (flag, holds, could) in [
            (Flag::Secret, secrets, 1),
            (Flag::LeaverOpen, asked.leavers_open, asked.leavers),
            (Flag::LeaverLate, asked.leavers_late, asked.leavers),
            (Flag::AdminWithoutEnd, asked.admin_without_end, asked.grants),
            (Flag::GrantWithoutEnd, asked.grants_without_end, asked.grants),
            (Flag::OnePerson, one_person, one_person),
        ] {
            let finding = found.entry((flag, id)).or_insert_with(|| Finding {
                flag,
                subpattern: id.map(str::to_owned),
                tickets: Vec::new(),
                of: 0,
                oldest_days: None,
            });
            finding.of += could;
            if holds > 0 {
                finding.tickets.push(place);
                if flag == Flag::LeaverOpen {
                    finding.oldest_days = finding.oldest_days.max(asked.oldest_open_days);
                }
            }
        }
    }
    found
        .into_values()
        .filter(|finding| !finding.tickets.is_empty())
        .collect()
}

fn gather<'a>(scene: &Scene<'a>) -> BTreeMap<&'a str, Gathered<'a>> {
    let counted = scene.measures.counted();
    let first_recent = counted.len().saturating_sub(QUARTERS);
    let mut gathered: BTreeMap<&str, Gathered<'_>> = BTreeMap::new();
    let tickets = scene.tickets.iter().zip(scene.assignments);
    for (((ticket, assignment), glance), quarter) in tickets.zip(scene.glances).zip(scene.quarters) {
        let (Some(sub), None) = (assignment.subpattern.as_deref(), assignment.excluded) else {
            continue;
        };
        let of = gathered.entry(sub).or_default();
        of.tickets_per_quarter.resize(counted.len(), 0);
        of.risks = of.risks.with(risks(scene, ticket, assignment));
        of.looks.reworked += usize::from(assignment.signs.contains(&Sign::Reworked));
        if let Some(at) = quarter.and_then(|quarter| counted.binary_search(&quarter).ok()) {
            of.tickets_per_quarter[at] += 1;
            if at >= first_recent {
                of.minutes.extend(ticket.minutes_spent);
                of.confidence += assignment.confidence;
                of.recent.push((assignment, glance.as_ref()));
            }
        }
    }
    look(scene, &mut gathered);
    gathered
}

/// What stands open in one ticket. A grant that is only asked for stands nowhere yet: it counts when it is done, or
/// where the board says of nothing that it is done; and what nobody is sure to be a grant is none.
fn risks(scene: &Scene<'_>, ticket: &Ticket, assignment: &Assignment) -> Risks {
    let context = scene.context;
    let has = |sign| assignment.signs.contains(&sign);
    let waits = toil::is_open(ticket, context);
    let leaver = has(Sign::Leaver);
    let open = leaver && (waits || (has(Sign::Lingers) && !scene.closes));
    let grant = has(Sign::Grant) && !assignment.needs_review && !(waits && scene.closes);
    let filed = ticket.created_at.map(|created| context.calendar.date(created.at));
    let today = context.calendar.date(context.as_of);
    let age = |filed: jiff::civil::Date| filed.until(today).ok().map(|span| i64::from(span.get_days()));
    let service = grant && has(Sign::ForService);
    let endless = grant && !service && !has(Sign::Ends);
    Risks {
        leavers: usize::from(leaver),
        leavers_open: usize::from(open),
        oldest_open_days: filed.filter(|_| open).and_then(age),
        leavers_late: usize::from(leaver && !open && has(Sign::Lingers)),
        grants: usize::from(grant),
        grants_without_end: usize::from(endless),
        grants_for_services: usize::from(service),
        admin_without_end: usize::from(endless && has(Sign::Admin)),
        secrets: usize::from(has(Sign::Secret)),
        one_person: 0,
    }
}

/// Looks at the recent tickets of every sub-pattern and counts their slots.
fn look(scene: &Scene<'_>, gathered: &mut BTreeMap<&str, Gathered<'_>>) {
    for (id, of) in gathered {
        let Some((_, sub)) = scene.taxonomy.sub(id) else {
            continue;
        };
        let glances: Vec<&Glance> = of.recent.iter().filter_map(|(_, glance)| *glance).collect();
        let mut seen = automation::look(&glances);
        let whole = whole(scene.measures, id);
        of.looks = automation::Looks {
            requesters_effective: whole.and_then(|toil| toil.requesters_effective),
            assignee_simpson: whole.and_then(|toil| toil.assignee_simpson),
            reworked: of.looks.reworked,
            ..seen.looks
        };
        let enough = scene.taxonomy.estimation.min_tickets_per_year as usize;
        let one_person = of.looks.assignee_simpson.is_some_and(|share| share > ONE_PERSON);
        of.risks.one_person = usize::from(one_person && whole.is_some_and(|toil| toil.tickets >= enough));
        of.slots = slots(sub, &automation::needs(sub, scene.taxonomy), of, &mut seen.values);
    }
}

/// The slots of a sub-pattern with how many of the recent tickets fill each; what its automation cannot do without is
/// required, whatever the sub-pattern says.
fn slots(
    sub: &SubPattern,
    needs: &BTreeSet<&str>,
    of: &Gathered<'_>,
    values: &mut BTreeMap<String, Vec<(String, usize)>>,
) -> Vec<SlotFill> {
    let required = sub.slots.required.iter().map(|slot| (slot, true));
    let optional = sub.slots.optional.iter();
    let optional = optional.map(|slot| (slot, needs.contains(slot.as_str())));
    let filled = |slot: &String| {
        let gives =
            |(assignment, _): &&(&Assignment, Option<&Glance>)| assignment.slots_present.contains(slot);
        of.recent.iter().filter(gives).count()
    };
    required
        .chain(optional)
        .map(|(slot, required)| SlotFill {
            slot: slot.clone(),
            required,
            filled: filled(slot),
            values: values.remove(slot).unwrap_or_default(),
        })
        .collect()
}

fn demand<'a>(scene: &Scene<'_>, sub: &'a str, of: &'a Gathered<'_>) -> Demand<'a> {
    let lead = whole(scene.measures, sub).map(|toil| toil.lead);
    let needs = scene
        .taxonomy
        .sub(sub)
        .map_or_else(BTreeSet::new, |(_, sub)| automation::needs(sub, scene.taxonomy));
    let complete = |(assignment, _): &&(&Assignment, Option<&Glance>)| {
        let gives = |slot: &&str| assignment.slots_present.iter().any(|given| given == slot);
        assignment.complete == Some(true) && needs.iter().all(gives)
    };
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    let tickets = of.recent.len() as f64;
    Demand {
        subpattern: sub,
        tickets_per_quarter: &of.tickets_per_quarter,
        tickets: of.recent.len(),
        complete: of.recent.iter().filter(complete).count(),
        slots: &of.slots,
        timed_minutes: &of.minutes,
        prior: believed(scene, sub),
        lead_p50: lead.and_then(|lead| lead.p50),
        lead_p90: lead.and_then(|lead| lead.p90),
        purity: (tickets > 0.0).then(|| of.confidence / tickets),
        looks: of.looks,
        risks: of.risks,
    }
}

/// What is believed of the minutes of a sub-pattern: what was stated of it, else of its pattern, else the taxonomy.
///
/// A pattern's range in the taxonomy is not a belief about each of its sub-patterns; what people stated of it is.
fn believed(scene: &Scene<'_>, sub: &str) -> Option<Prior> {
    let priors = scene.context.priors;
    let stated = || {
        let (pattern, _) = scene.taxonomy.sub(sub)?;
        let of_pattern = priors.get(&pattern.id)?;
        (of_pattern.origin == Origin::ThreePoint).then_some(of_pattern)
    };
    priors.get(sub).or_else(stated).copied()
}

/// The measures of a sub-pattern over the whole period.
fn whole<'a>(measures: &'a Measures, sub: &str) -> Option<&'a Toil> {
    let mut rows = measures.level(Level::SubPattern);
    rows.find(|(key, _)| key.subpattern() == Some(sub))
        .map(|(_, series)| &series.whole)
}

#[cfg(test)]
mod tests;
