//! Small cases computed on paper. What holds for any tickets is in `laws`.

mod laws;

use jiff::tz::TimeZone;

use super::*;
use crate::period::{BusinessHours, Calendar};
use crate::taxonomy::ThreePoint;
use crate::ticket::{Moment, Ticket, TicketId};
use crate::toil::{Origin, Prior};

/// A ticket, where it belongs, and whether it is left out.
#[derive(Debug, Clone)]
struct Filed {
    ticket: Ticket,
    pattern: &'static str,
    subpattern: Option<&'static str>,
    group: Option<&'static str>,
    excluded: bool,
}

/// The settings of a run, owned.
struct World {
    calendar: Calendar,
    hours: BusinessHours,
    as_of: Timestamp,
    done: BTreeSet<String>,
    priors: BTreeMap<String, Prior>,
}

impl World {
    fn new(zone: &str, as_of: &str) -> Self {
        Self {
            calendar: Calendar::new(TimeZone::get(zone).unwrap(), None),
            hours: BusinessHours::default(),
            as_of: moment(as_of).at,
            done: ["完了", "done"].map(str::to_owned).into(),
            priors: BTreeMap::new(),
        }
    }

    fn tokyo() -> Self {
        Self::new("Asia/Tokyo", "2026-11-30T18:00+09")
    }

    fn with_prior(mut self, id: &str, (low, likely, high): (f64, f64, f64)) -> Self {
        let range = ThreePoint { low, likely, high };
        let origin = Origin::Prior;
        self.priors.insert(id.to_owned(), Prior { range, origin });
        self
    }

    fn measure(&self, filed: &[Filed]) -> Measures {
        let cases: Vec<Case<'_>> = filed.iter().map(case).collect();
        let context = Context {
            calendar: &self.calendar,
            hours: &self.hours,
            as_of: self.as_of,
            done_statuses: &self.done,
            priors: &self.priors,
            min_timed: 3,
            seed: 7,
        };
        measure(&cases, &context)
    }
}

fn case(filed: &Filed) -> Case<'_> {
    Case {
        ticket: &filed.ticket,
        pattern: filed.pattern,
        subpattern: filed.subpattern,
        group: filed.group,
        excluded: filed.excluded,
    }
}

/// "2026-11-24T10:00+09", or "2026-11-24" for a date alone (in Tokyo).
fn moment(text: &str) -> Moment {
    let day_only = text.len() == 10;
    let full = if day_only {
        format!("{text}T00:00+09")
    } else {
        text.to_owned()
    };
    Moment {
        at: full.parse().unwrap(),
        day_only,
    }
}

/// A ticket for `permission.a`; dates may be empty.
fn filed(created: &str, closed: &str) -> Filed {
    let mut ticket = Ticket::new(TicketId::new("invented").unwrap());
    let dated = |text: &str| (!text.is_empty()).then(|| moment(text));
    ticket.created_at = dated(created);
    ticket.closed_at = dated(closed);
    Filed {
        ticket,
        pattern: "permission",
        subpattern: Some("permission.a"),
        group: None,
        excluded: false,
    }
}

impl Filed {
    fn by(mut self, requester: &str, assignee: &str) -> Self {
        self.ticket.requesters = vec![requester.to_owned()];
        self.ticket.assignees = vec![assignee.to_owned()];
        self
    }

    fn sub(mut self, subpattern: Option<&'static str>) -> Self {
        self.subpattern = subpattern;
        self
    }

    fn minutes(mut self, minutes: f64) -> Self {
        self.ticket.minutes_spent = Some(minutes);
        self
    }

    fn status(mut self, status: &str) -> Self {
        self.ticket.status = Some(status.to_owned());
        self
    }

    fn started(mut self, started: &str) -> Self {
        self.ticket.started_at = Some(moment(started));
        self
    }

    fn excluded(mut self) -> Self {
        self.excluded = true;
        self
    }
}

fn near(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() < 1e-6)
}

fn key(subpattern: Option<&str>) -> Key {
    Key::SubPattern("permission".to_owned(), subpattern.map(str::to_owned))
}

/// Five tickets whose every number can be found with a pencil.
fn five() -> Vec<Filed> {
    vec![
        // Tuesday 10:00 to 12:00: two hours.
        filed("2026-11-24T10:00+09", "2026-11-24T12:00+09").by("req-a", "sre-x"),
        // The same person on the same day: one event. Tuesday 17:00 to Wednesday 12:00: four hours.
        filed("2026-11-24T17:00+09", "2026-11-25T12:00+09").by("req-a", "sre-x"),
        // Friday 17:00 to Monday 10:00: two hours.
        filed("2026-11-27T17:00+09", "2026-11-30T10:00+09").by("req-b", "sre-y"),
        // Open since Monday 09:00: nine hours until 18:00.
        filed("2026-11-30T09:00+09", "").by("req-c", "sre-x"),
        // Closed before it was filed.
        filed("2026-11-25T10:00+09", "2026-11-24T10:00+09").by("req-a", "sre-y"),
    ]
}

#[test]
fn five_tickets_on_paper() {
    let whole = World::tokyo().measure(&five()).total.whole;
    assert_eq!(
        (whole.tickets, whole.events, whole.excluded, whole.undated),
        (5, 4, 0, 0)
    );
    assert_eq!((whole.lead.closed, whole.lead.open_censored), (3, 1));
    assert_eq!((whole.lead.unknown, whole.lead.negative), (0, 1));
    // Two of four are over at 2 hours, the next at 4: the curve lies flat on one half between them.
    assert!(near(whole.lead.p50, 3.0), "{:?}", whole.lead.p50);
    assert_eq!(whole.lead.p90, None);
    assert_eq!(whole.backlog, 1);
    assert!(near(whole.requesters_effective, 25.0 / 11.0)); // 3, 1, 1
    assert!(near(whole.assignee_simpson, 8.0 / 20.0)); // 3, 2
    assert_eq!(whole.hours, None);
    assert_eq!(whole.share, Some(1.0));
}

#[test]
fn no_tickets_measure_nothing() {
    let measures = World::tokyo().measure(&[]);
    assert!(measures.series.is_empty() && measures.timeline.is_empty());
    let whole = measures.total.whole;
    assert_eq!(
        (
            whole.tickets,
            whole.share,
            whole.hours,
            whole.requesters_effective
        ),
        (0, None, None, None)
    );
}

#[test]
fn excluded_tickets_are_counted_as_such_and_nowhere_else() {
    let mut tickets = five();
    tickets.push(
        filed("2026-11-24T10:00+09", "")
            .by("req-z", "sre-z")
            .minutes(600.0)
            .excluded(),
    );
    let measures = World::tokyo().measure(&tickets);
    let plain = World::tokyo().measure(&five()).total.whole;
    assert_eq!(measures.total.whole, Toil { excluded: 1, ..plain });
}

#[test]
fn done_without_a_date_is_closed_and_of_unknown_length() {
    for status in ["完了", " Ｄｏｎｅ ", "DONE"] {
        let whole = World::tokyo()
            .measure(&[filed("2026-11-24T10:00+09", "").status(status)])
            .total
            .whole;
        assert_eq!(
            (whole.lead.unknown, whole.lead.open_censored, whole.backlog),
            (1, 0, 0),
            "{status}"
        );
    }
    let whole = World::tokyo()
        .measure(&[filed("2026-11-24T10:00+09", "").status("対応中")])
        .total
        .whole;
    assert_eq!(
        (whole.lead.unknown, whole.lead.open_censored, whole.backlog),
        (0, 1, 1)
    );
}

#[test]
fn what_happened_after_the_as_of_date_is_not_seen() {
    let world = World::new("Asia/Tokyo", "2026-11-24T18:00+09");
    let whole = world
        .measure(&[filed("2026-11-24T10:00+09", "2026-11-25T10:00+09")])
        .total
        .whole;
    assert_eq!(
        (whole.lead.closed, whole.lead.open_censored, whole.backlog),
        (0, 1, 1)
    );
}

#[test]
fn dates_without_a_time_are_whole_days() {
    let whole = World::tokyo()
        .measure(&[filed("2026-11-24", "2026-11-24")])
        .total
        .whole;
    assert!(near(whole.lead.p50, 9.0));
    // Filed at 15:00, closed "on that day": not out of order although midnight comes before 15:00.
    let whole = World::tokyo()
        .measure(&[filed("2026-11-24T15:00+09", "2026-11-24")])
        .total
        .whole;
    assert!(near(whole.lead.p50, 3.0) && whole.lead.negative == 0);
    let whole = World::tokyo()
        .measure(&[filed("2026-11-24T15:00+09", "2026-11-23")])
        .total
        .whole;
    assert_eq!(whole.lead.negative, 1);
}

#[test]
fn the_response_is_the_wait_for_the_first_hand() {
    let tickets = [
        filed("2026-11-24T10:00+09", "2026-11-25T12:00+09").started("2026-11-24T11:00+09"),
        filed("2026-11-24T10:00+09", "").started("2026-11-24T13:00+09"),
        filed("2026-11-24T10:00+09", ""),                    // still waiting
        filed("2026-11-24T10:00+09", "2026-11-25T12:00+09"), // start not recorded
    ];
    assert!(near(
        World::tokyo().measure(&tickets).total.whole.response_p50,
        3.0
    ));
    assert_eq!(World::tokyo().measure(&five()).total.whole.response_p50, None);
}

#[test]
fn summer_time_moves_the_working_day_with_the_clock() {
    let world = World::new("America/New_York", "2026-03-31T18:00-04");
    // Friday 17:00 in winter time to Monday 10:00 in summer time.
    let whole = world
        .measure(&[filed("2026-03-06T17:00-05", "2026-03-09T10:00-04")])
        .total
        .whole;
    assert!(near(whole.lead.p50, 2.0));
}

#[test]
fn a_weekend_belongs_to_the_event_of_the_working_day_after_it() {
    let at = |created| filed(created, "").by("req-a", "sre-x");
    let weekend = [
        at("2026-11-28T23:00+09"),
        at("2026-11-29T08:00+09"),
        at("2026-11-30T09:00+09"),
    ];
    assert_eq!(World::tokyo().measure(&weekend).total.whole.events, 1);
    let nobody = [filed("2026-11-30T09:00+09", ""), filed("2026-11-30T09:00+09", "")];
    assert_eq!(World::tokyo().measure(&nobody).total.whole.events, 2);
    let other_kind = [at("2026-11-30T09:00+09"), at("2026-11-30T09:00+09").sub(None)];
    assert_eq!(World::tokyo().measure(&other_kind).total.whole.events, 2);
}

#[test]
fn backlog_is_what_lay_open_when_the_quarter_ended() {
    let tickets = [
        filed("2026-02-02T10:00+09", "2026-04-02T10:00+09"), // open over the end of Q1
        filed("2026-02-03T10:00+09", "2026-02-04T10:00+09"),
        filed("2026-05-01T10:00+09", ""), // open ever since
        filed("2026-10-01T10:00+09", ""), // the last quarter is seen at the as-of date
        filed("2026-10-02T10:00+09", "2026-12-02T10:00+09"),
        filed("", ""),
    ];
    let measures = World::tokyo().measure(&tickets);
    let backlog: Vec<_> = measures.total.quarters.iter().map(|toil| toil.backlog).collect();
    assert_eq!(backlog, [1, 1, 1, 3]);
    assert_eq!(measures.total.whole.backlog, 4);
    assert_eq!(
        measures
            .total
            .undated
            .map(|toil| (toil.tickets, toil.backlog, toil.undated)),
        Some((1, 1, 1))
    );
}

#[test]
fn a_quarter_is_partial_until_its_last_working_day() {
    let partial = |as_of| {
        let measures = World::new("Asia/Tokyo", as_of).measure(&[filed("2026-10-01T10:00+09", "")]);
        measures.timeline[0].partial
    };
    assert!(partial("2026-12-30T23:59+09"));
    assert!(!partial("2026-12-31T00:10+09"));
    assert!(!partial("2027-02-01T00:00+09"));
    assert!(partial("2026-08-01T00:00+09")); // filed after the as-of date
}

#[test]
fn a_mistyped_year_does_not_stretch_the_timeline() {
    let tickets = [
        filed("0202-11-24T10:00+09", ""),
        filed("2026-01-05T10:00+09", ""),
        five().remove(0),
    ];
    let quarters: Vec<_> = World::tokyo()
        .measure(&tickets)
        .timeline
        .iter()
        .map(|slot| slot.quarter.to_string())
        .collect();
    assert_eq!(quarters, ["0202-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]);
}

#[test]
fn a_prior_is_drawn_once_for_all_tickets_of_its_kind() {
    let tickets: Vec<Filed> = (0..18).map(|_| filed("2026-11-24T10:00+09", "")).collect();
    let hours = World::tokyo()
        .with_prior("permission.a", (8.0, 15.0, 45.0))
        .measure(&tickets)
        .total
        .whole
        .hours;
    let hours = hours.unwrap();
    // 18 tickets at 8, 15 and 45 minutes: [2.4, 13.5] hours around 4.5, as wide as the belief itself.
    assert!(
        near_share(hours.p10, 2.4) && near_share(hours.p50, 4.5) && near_share(hours.p90, 13.5),
        "{hours:?}"
    );
    assert_eq!(
        (hours.origin, hours.timed_tickets, hours.unestimated_tickets),
        (Origin::Prior, 0, 0)
    );
}

fn near_share(value: f64, expected: f64) -> bool {
    (value / expected - 1.0).abs() < 0.01
}

#[test]
fn timed_tickets_count_their_own_minutes_and_replace_the_prior_when_there_are_enough() {
    let timed = |count: usize| -> Vec<Filed> {
        let minutes = [30.0, 60.0, 90.0].into_iter().cycle();
        let mut tickets: Vec<_> = minutes
            .take(count)
            .map(|m| filed("2026-11-24T10:00+09", "").minutes(m))
            .collect();
        tickets.push(filed("2026-11-24T10:00+09", ""));
        tickets
    };
    let world = World::tokyo().with_prior("permission", (6.0, 6.0, 6.0));
    let few = world.measure(&timed(2)).total.whole.hours.unwrap();
    assert_eq!((few.origin, few.timed_tickets), (Origin::Mixed, 2));
    // 30 + 60 minutes, and 6 drawn towards 45 with the weight 2 / 7: 10.7.
    assert!(near_share(few.p50, (90.0 + 6.0 * 7.5_f64.powf(2.0 / 7.0)) / 60.0));
    let enough = world.measure(&timed(3)).total.whole.hours.unwrap();
    assert_eq!((enough.origin, enough.timed_tickets), (Origin::Timed, 3));
    assert!(near_share(enough.p50, 4.0) && enough.p10 < 4.0 && enough.p90 > 4.0); // 180 + about 60
}

#[test]
fn tickets_of_unknown_effort_are_said_to_be_missing() {
    let tickets = [
        filed("2026-11-24T10:00+09", "").minutes(30.0),
        filed("2026-11-24T10:00+09", ""),
    ];
    let hours = World::tokyo().measure(&tickets).total.whole.hours.unwrap();
    assert_eq!((hours.p10, hours.p90, hours.origin), (0.5, 0.5, Origin::Timed));
    assert_eq!((hours.timed_tickets, hours.unestimated_tickets), (1, 1));
    for hostile in [f64::NAN, f64::INFINITY, -5.0] {
        let unusable = [filed("2026-11-24T10:00+09", "").minutes(hostile)];
        assert_eq!(World::tokyo().measure(&unusable).total.whole.hours, None);
    }
}

#[test]
fn other_rows_never_move_a_row() {
    let world = World::tokyo()
        .with_prior("permission.a", (8.0, 15.0, 45.0))
        .with_prior("permission.b", (20.0, 30.0, 90.0));
    let alone = world.measure(&five());
    let mut more = five();
    more.extend((0..9).map(|_| filed("2026-11-24T10:00+09", "").sub(Some("permission.b"))));
    let together = world.measure(&more);
    let row = key(Some("permission.a"));
    assert_eq!(alone.series[&row].whole.hours, together.series[&row].whole.hours);
    // Independent beliefs partly cancel: the sum is narrower than the sum of the ranges.
    let width = |hours: Option<Hours>| hours.map_or(0.0, |hours| hours.p90 - hours.p10);
    let parts = [row, key(Some("permission.b"))].map(|key| width(together.series[&key].whole.hours));
    assert!(width(together.total.whole.hours) < parts.iter().sum());
}

#[test]
fn kinds_that_share_a_pattern_prior_are_wrong_together() {
    let world = World::tokyo().with_prior("permission", (8.0, 15.0, 45.0));
    let tickets = [
        filed("2026-11-24T10:00+09", "").sub(Some("permission.b")),
        filed("2026-11-24T10:00+09", "").sub(None),
    ];
    let measures = world.measure(&tickets);
    let (one, both) = (
        measures.series[&key(None)].whole.hours.unwrap(),
        measures.total.whole.hours.unwrap(),
    );
    assert!(near(Some(both.p10), 2.0 * one.p10) && near(Some(both.p90), 2.0 * one.p90));
}
