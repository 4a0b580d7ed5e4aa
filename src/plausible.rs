//! What cannot be true: minutes beyond any day's work, a ticket filed years after all others, one closed before it was filed.
//!
//! Such a value is a slip or a placeholder, and one of it can move every figure of a report: the hours, the quarters that are
//! looked at, what counts as now. So it is treated as missing, like a value that cannot be read, and counted: nothing is
//! dropped in silence, and the ticket itself stays. Decided by the tickets alone, without a clock, so that the same
//! tickets give the same answer on any day.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ticket::{Moment, Ticket, TicketId};

/// Most minutes of work that one ticket may have taken: twenty days of eight hours, a month of one person. What is more is
/// the time for which a ticket lay open, or a slip.
pub const MOST_MINUTES: f64 = 20.0 * 8.0 * 60.0;

/// A silence between two dates of filing that may be one of a desk: a quarter. Only a longer one makes strays.
const SILENCE: SignedDuration = SignedDuration::from_hours(92 * 24);

/// Tickets that the usual rate lets expect in a silence before it is more than chance: none where ten are expected happens
/// once in twenty thousand.
const EXPECTED: f64 = 10.0;

/// Most tickets on the far side of a silence that are strays, in a hundred; one may always be. More are a desk that began
/// slowly or was taken up again.
const STRAYS_PERCENT: usize = 1;

/// How long after the last ticket was filed others may still be worked on.
const WORKED_ON: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// Most tickets that a line names.
const NAMED: usize = 5;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// More minutes than [`MOST_MINUTES`].
    Minutes,
    /// Filed far from all others.
    FiledApart,
    /// Begun, changed or closed long after the last ticket was filed.
    LongAfter,
    /// Closed before it was filed.
    ClosedBeforeFiled,
}

/// Tickets with a value that cannot be true. Displays as one line that says what, why and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// What is wrong.
    pub slip: Slip,
    /// The tickets, in order.
    pub ids: Vec<TicketId>,
}

impl Doubt {
    /// Names the first tickets, and says how many more there are in words of the caller's language.
    #[must_use]
    pub fn named(&self, more: impl Fn(usize) -> String) -> String {
        let first: Vec<&str> = self.ids.iter().take(NAMED).map(TicketId::as_str).collect();
        let first = first.join(", ");
        match self.ids.len().saturating_sub(NAMED) {
            0 => first,
            rest => format!("{first}{}", more(rest)),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tickets = match self.ids.len() {
            1 => "1 ticket".to_owned(),
            many => format!("{many} tickets"),
        };
        let named = self.named(|rest| format!(" and {rest} more"));
        match self.slip {
            Slip::Minutes => write!(
                f,
                "{tickets} with more than {MOST_MINUTES} minutes, a month of one person's work; \
                 the minutes are treated as missing: {named}"
            ),
            Slip::FiledApart => write!(
                f,
                "{tickets} filed more than a quarter apart from all others, where many would be expected; \
                 the date is treated as missing: {named}"
            ),
            Slip::LongAfter => write!(
                f,
                "{tickets} begun, changed or closed more than two years after the last one was filed; \
                 that date is treated as missing: {named}"
            ),
            Slip::ClosedBeforeFiled => write!(
                f,
                "{tickets} closed before filed; when it was closed is treated as missing: {named}"
            ),
        }
    }
}

/// Takes from the tickets what cannot be true, and says from which. Where the settings say what day is now, what lies after
/// it is left out anyway, and for a reason that the user gave.
pub fn set_aside(tickets: &mut [Ticket], is_now_stated: bool, zone: &TimeZone) -> Vec<Doubt> {
    let (first, last) = filed_between(tickets);
    let last = if is_now_stated { Timestamp::MAX } else { last };
    let mut doubts: Vec<(Slip, TicketId)> = Vec::new();
    for ticket in tickets {
        let slips = [
            minutes(ticket),
            filed_apart(ticket, first, last),
            long_after(ticket, last),
            closed_before_filed(ticket, zone),
        ];
        doubts.extend(slips.into_iter().flatten().map(|slip| (slip, ticket.id.clone())));
    }
    doubts.sort_unstable();
    let groups = doubts.chunk_by(|a, b| a.0 == b.0);
    groups
        .map(|group| Doubt {
            slip: group[0].0,
            ids: group.iter().map(|(_, id)| id.clone()).collect(),
        })
        .collect()
}

fn minutes(ticket: &mut Ticket) -> Option<Slip> {
    ticket.minutes_spent.take_if(|minutes| *minutes > MOST_MINUTES)?;
    Some(Slip::Minutes)
}

/// With the date of filing go those that follow from it.
fn filed_apart(ticket: &mut Ticket, first: Timestamp, last: Timestamp) -> Option<Slip> {
    ticket
        .created_at
        .take_if(|created| created.at < first || last < created.at)?;
    clear(ticket, |moment| last < moment.at);
    Some(Slip::FiledApart)
}

fn long_after(ticket: &mut Ticket, last: Timestamp) -> Option<Slip> {
    clear(ticket, |moment| moment.at.duration_since(last) > WORKED_ON).then_some(Slip::LongAfter)
}

fn closed_before_filed(ticket: &mut Ticket, zone: &TimeZone) -> Option<Slip> {
    let created = ticket.created_at?;
    ticket
        .closed_at
        .take_if(|closed| is_before(*closed, created, zone))?;
    ticket.done = Some(true);
    Some(Slip::ClosedBeforeFiled)
}

/// Takes the dates behind that of filing that are not to be believed, and says whether there was one. That somebody closed
/// the ticket is true all the same.
fn clear(ticket: &mut Ticket, is_wrong: impl Fn(&Moment) -> bool) -> bool {
    let take = |date: &mut Option<Moment>| date.take_if(|moment| is_wrong(moment)).is_some();
    let (updated, started) = (take(&mut ticket.updated_at), take(&mut ticket.started_at));
    let closed = take(&mut ticket.closed_at);
    if closed {
        ticket.done = Some(true);
    }
    updated || started || closed
}

/// Whether one moment lies before another; of days without a time, whether the day does.
fn is_before(one: Moment, other: Moment, zone: &TimeZone) -> bool {
    let day = |moment: Moment| zone.to_datetime(moment.at).date();
    if one.day_only || other.day_only {
        day(one) < day(other)
    } else {
        one.at < other.at
    }
}

/// The first and the last date of filing that belong to the rest.
fn filed_between(tickets: &[Ticket]) -> (Timestamp, Timestamp) {
    let mut filed: Vec<Timestamp> = tickets
        .iter()
        .filter_map(|ticket| Some(ticket.created_at?.at))
        .collect();
    filed.sort_unstable();
    let strays = (filed.len() * STRAYS_PERCENT / 100).max(1);
    let behind = strays_behind(&filed, strays, |a, b| b.duration_since(a));
    filed.truncate(filed.len() - behind);
    filed.reverse();
    let before = strays_behind(&filed, strays, |a, b| a.duration_since(b));
    filed.truncate(filed.len() - before);
    match (filed.last(), filed.first()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => (Timestamp::MIN, Timestamp::MAX),
    }
}

/// How many of the last ones stand behind a silence that is more than chance; at most `most`. At least three others tell
/// what is usual.
fn strays_behind(
    filed: &[Timestamp],
    most: usize,
    between: impl Fn(Timestamp, Timestamp) -> SignedDuration,
) -> usize {
    (1..=most)
        .rev()
        .filter(|strays| filed.len() >= strays + 3)
        .find(|strays| {
            let (rest, behind) = filed.split_at(filed.len() - strays);
            let (first, last) = (rest[0], rest[rest.len() - 1]);
            let (silence, span) = (between(last, behind[0]), between(first, last));
            #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
            let expected = (rest.len() - 1) as f64 * silence.as_secs_f64();
            silence > SILENCE && expected > EXPECTED * span.as_secs_f64()
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(text: &str) -> Option<Moment> {
        let day_only = text.len() == 10;
        let text = if day_only {
            format!("{text}T00:00:00Z")
        } else {
            text.to_owned()
        };
        Some(Moment {
            at: text.parse().expect("a time"),
            day_only,
        })
    }

    fn ticket(id: usize, created: &str) -> Ticket {
        let mut ticket = Ticket::new(TicketId::new(&format!("T-{id:03}")).expect("an id"));
        ticket.created_at = moment(created);
        ticket
    }

    /// A ticket a week through 2026.
    fn year() -> Vec<Ticket> {
        let week = |n: usize| ticket(n, &format!("2026-{:02}-{:02}", n / 4 + 1, n % 4 * 7 + 1));
        (0..48).map(week).collect()
    }

    fn found(tickets: &mut [Ticket]) -> Vec<(Slip, Vec<String>)> {
        let doubts = set_aside(tickets, false, &TimeZone::UTC);
        let ids = |doubt: Doubt| doubt.ids.iter().map(ToString::to_string).collect();
        doubts.into_iter().map(|doubt| (doubt.slip, ids(doubt))).collect()
    }

    #[test]
    fn a_year_of_tickets_holds_nothing_that_cannot_be() {
        let mut tickets = year();
        let before = tickets.clone();
        assert_eq!(found(&mut tickets), []);
        assert_eq!(tickets, before);
    }

    #[test]
    fn minutes_beyond_a_month_of_work_are_missing() {
        let mut tickets = year();
        tickets[3].minutes_spent = Some(99_999_999.0);
        tickets[4].minutes_spent = Some(MOST_MINUTES);
        assert_eq!(found(&mut tickets), [(Slip::Minutes, vec!["T-003".to_owned()])]);
        assert_eq!(
            (tickets[3].minutes_spent, tickets[4].minutes_spent),
            (None, Some(MOST_MINUTES))
        );
    }

    #[test]
    fn a_ticket_of_2030_or_1970_has_no_date() {
        for stray in ["2030-01-05", "1970-01-01"] {
            let mut tickets = year();
            tickets.push(ticket(99, stray));
            assert_eq!(
                found(&mut tickets),
                [(Slip::FiledApart, vec!["T-099".to_owned()])]
            );
            assert_eq!(tickets[48].created_at, None);
        }
    }

    #[test]
    fn a_desk_that_is_slow_or_began_anew_has_no_strays() {
        let slow = [
            "2023-01-10",
            "2023-09-01",
            "2024-06-01",
            "2025-03-01",
            "2026-01-01",
        ];
        let mut slow: Vec<Ticket> = slow.iter().enumerate().map(|(n, day)| ticket(n, day)).collect();
        assert_eq!(found(&mut slow), []);
        let mut anew = year();
        anew.extend((50..60).map(|n| ticket(n, &format!("2028-05-{:02}", n - 49))));
        assert_eq!(found(&mut anew), []);
    }

    #[test]
    fn what_was_closed_before_it_was_filed_is_done_without_a_date() {
        let mut tickets = year();
        tickets[5].created_at = moment("2026-02-08T10:00:00Z");
        tickets[5].closed_at = moment("2026-02-08T09:59:00Z");
        tickets[6].created_at = moment("2026-02-15T10:00:00Z");
        tickets[6].closed_at = moment("2026-02-15");
        assert_eq!(
            found(&mut tickets),
            [(Slip::ClosedBeforeFiled, vec!["T-005".to_owned()])]
        );
        assert_eq!((tickets[5].closed_at, tickets[5].done), (None, Some(true)));
        assert!(tickets[6].closed_at.is_some());
    }

    #[test]
    fn a_change_long_after_the_last_ticket_does_not_say_what_is_now() {
        let mut tickets = year();
        tickets[7].closed_at = moment("2031-03-01");
        tickets[8].updated_at = moment("2027-06-01");
        assert_eq!(found(&mut tickets), [(Slip::LongAfter, vec!["T-007".to_owned()])]);
        assert!(tickets[8].updated_at.is_some());
    }

    #[test]
    fn what_comes_after_the_day_of_the_settings_is_left_to_it() {
        let mut tickets = year();
        tickets.push(ticket(99, "2030-01-05"));
        assert_eq!(set_aside(&mut tickets, true, &TimeZone::UTC), []);
        assert!(tickets[48].created_at.is_some());
    }

    #[test]
    fn a_line_names_a_few_and_counts_the_rest() {
        let ids = (0..7).filter_map(|n| TicketId::new(&format!("T-{n}"))).collect();
        let doubt = Doubt {
            slip: Slip::Minutes,
            ids,
        };
        let text = doubt.to_string();
        assert!(
            text.starts_with("7 tickets with more than 9600 minutes"),
            "{text}"
        );
        assert!(text.ends_with(": T-0, T-1, T-2, T-3, T-4 and 2 more"), "{text}");
    }

    proptest! {
        #[test]
        fn what_is_left_is_plausible_and_free_of_the_order(days in prop::collection::vec(0_i64..9000, 0..40), seed in 0_usize..40) {
            let at = |day: &i64| Moment { at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day), day_only: false };
            let mut tickets: Vec<Ticket> = days.iter().enumerate().map(|(n, day)| Ticket {
                created_at: Some(at(day)),
                closed_at: Some(at(&days[(n + seed) % days.len()])),
                ..ticket(n, "2026-01-01")
            }).collect();
            let mut turned = tickets.clone();
            turned.reverse();
            let doubts = set_aside(&mut tickets, false, &TimeZone::UTC);
            prop_assert_eq!(&doubts, &set_aside(&mut turned, false, &TimeZone::UTC));
            turned.reverse();
            prop_assert_eq!(&tickets, &turned);
            prop_assert!(tickets.iter().all(|one| one.created_at.zip(one.closed_at).is_none_or(|(from, to)| from <= to)));
        }
    }
}
