//! The words of the ranking: the demand it starts from and the candidates it ends with.
//!
//! Plain data. Every uncertain figure is a [`Range3`]; hours are hours of the team's work, a quarter is any window
//! that the caller counts as one. Three ledgers stand side by side and are never added: the team's hours, the hours
//! that requesters wait, and [`Risks`], which have no currency at all.

use crate::taxonomy::Words;
use crate::toil::{Origin, Prior};

/// What the tickets of one sub-pattern say, as far as automation cares.
///
/// Excluded tickets are not in it. Each sub-pattern has one demand at most.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demand<'a> {
    /// Id of the sub-pattern.
    pub subpattern: &'a str,
    /// Tickets in each whole quarter, oldest first. The last four make the volume, all of them the growth. A
    /// sub-pattern that began later than others may leave out its leading zeros.
    pub tickets_per_quarter: &'a [usize],
    /// Tickets whose slots were looked at: those of the last four quarters.
    pub tickets: usize,
    /// Tickets among them that give every required slot.
    pub complete: usize,
    /// How many of them give each slot, in the order of the needs.
    pub slots: &'a [SlotFill],
    /// Recorded hands-on minutes, one figure a timed ticket. Figures that are not above 0 are ignored.
    pub timed_minutes: &'a [f64],
    /// What is believed of the minutes beside the record; `None` for the taxonomy's prior.
    pub prior: Option<Prior>,
    /// Median business hours from filing to closing; `None` if nobody knows.
    pub lead_p50: Option<f64>,
    /// Business hours within which nine of ten are closed; `None` if nobody knows.
    pub lead_p90: Option<f64>,
    /// Share of its tickets that are thought to be of it, 0 to 1; `None` if nobody knows.
    pub purity: Option<f64>,
    /// What its tickets look like.
    pub looks: Looks,
    /// What stands open in its tickets.
    pub risks: Risks,
}

/// How many tickets of a sub-pattern give a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFill {
    /// Id of the slot.
    pub slot: String,
    /// Whether nobody can carry the request out without it.
    pub required: bool,
    /// Tickets that give it.
    pub filled: usize,
    /// Its most frequent values with the tickets that give them, most frequent first, as they were written: whoever
    /// shows one redacts it. Of a sample of the tickets, see [`Looks::sample`].
    pub values: Vec<(String, usize)>,
}

/// What the tickets of a sub-pattern look like. Each figure stands for itself; no average of them means anything.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Looks {
    /// Tickets whose words were compared.
    pub sample: usize,
    /// Chance that two of them, picked at random, say the same once names and values are masked; `None` below two.
    pub regularity: Option<f64>,
    /// Share of them whose error text occurs in at least three, 0 to 1; `None` if none shows an error.
    pub repeated_errors: Option<f64>,
    /// How many people ask, as the number of equally busy ones (1 / sum of squared shares).
    pub requesters_effective: Option<f64>,
    /// Chance that two assignments are to one person.
    pub assignee_simpson: Option<f64>,
    /// Tickets of the whole period that came back: done, and a comment says that it is not.
    pub reworked: usize,
}

/// What stands open in the tickets of a sub-pattern: counts of the whole period, and no currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Risks {
    /// Tickets that ask to take away the access of people who leave.
    pub leavers: usize,
    /// Of these, not done yet.
    pub leavers_open: usize,
    /// Of those, the days since the oldest was filed.
    pub oldest_open_days: Option<i64>,
    /// Of the leavers' tickets, done by now, and telling of somebody who had left and still had access.
    pub leavers_late: usize,
    /// Tickets that ask for a permission and are done, or all where the board says of none that it is.
    pub grants: usize,
    /// Of these, for people and without a word on when it ends. What a ticket names is all that is known: whether the
    /// permission still stands is not.
    pub grants_without_end: usize,
    /// Of the grants, for a service account: no end is missed there.
    pub grants_for_services: usize,
    /// Of those, for the role of an administrator or owner.
    pub admin_without_end: usize,
    /// Tickets with a password, key or token in them.
    pub secrets: usize,
    /// Sub-patterns that one person does nearly alone.
    pub one_person: usize,
}

impl Risks {
    /// Adds up the findings of two sub-patterns; the oldest stays the oldest.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            leavers: self.leavers + other.leavers,
            leavers_open: self.leavers_open + other.leavers_open,
            leavers_late: self.leavers_late + other.leavers_late,
            oldest_open_days: self.oldest_open_days.max(other.oldest_open_days),
            grants: self.grants + other.grants,
            grants_without_end: self.grants_without_end + other.grants_without_end,
            grants_for_services: self.grants_for_services + other.grants_for_services,
            admin_without_end: self.admin_without_end + other.admin_without_end,
            secrets: self.secrets + other.secrets,
            one_person: self.one_person + other.one_person,
        }
    }

    /// Says whether anything is open that an automation would take up: access of leavers, administrators' roles asked
    /// for with no end, secrets in tickets, or at least `habit` permissions asked for with no end, or as often access
    /// that outlived its leaver.
    #[must_use]
    pub fn stand_open(&self, habit: usize) -> bool {
        let urgent = self.leavers_open + self.admin_without_end + self.secrets;
        let often = |count: usize| count >= habit.max(1);
        urgent > 0 || often(self.grants_without_end) || often(self.leavers_late)
    }
}

/// An uncertain figure: its 10th, 50th and 90th percentile.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Range3 {
    /// 10th percentile.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
}

/// All automations that the demand gives a reason for, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// What to recommend, best first: automations that share a foundation together, others alone. Only those with a
    /// [`Reason`].
    pub bundles: Vec<Bundle>,
    /// Candidates by rank.
    pub candidates: Vec<Candidate>,
    /// Whole quarters that volumes were taken from, 0 to 4. Without one there is no rate and no candidate.
    pub quarters: usize,
    /// Quarters over which a saving is set against the build; the taxonomy's horizon, 4 unless it says otherwise.
    pub horizon_quarters: u32,
    /// Sub-patterns with tickets for which the taxonomy knows no play beside a better form, sorted.
    pub not_covered: Vec<String>,
    /// Sub-patterns with tickets and a play, but neither recorded minutes nor a prior for them, sorted.
    pub unpriced: Vec<String>,
}

impl Ranking {
    /// Finds a candidate by its id.
    #[must_use]
    pub fn candidate(&self, id: &str) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.id == id)
    }
}

/// One play with the sub-patterns it would serve first.
///
/// A sub-pattern belongs to the first of its plays that does more than improve the form, so that a ticket counts in
/// one candidate at most and the savings of all candidates may be added.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Id of the candidate, the same from run to run: that of its play.
    pub id: String,
    /// Id of the play.
    pub play: String,
    /// Id of the foundation that must exist first.
    pub foundation: Option<String>,
    /// Id of the bundle that it is recommended in, if it is in one.
    pub bundle: Option<String>,
    /// Why it is recommended in none; `None` where it is in one.
    pub left_out: Option<LeftOut>,
    /// Ids of the sub-patterns served, in the order of the taxonomy.
    pub subpatterns: Vec<String>,
    /// What is known of each of these, in the same order.
    pub parts: Vec<Part>,
    /// Tickets of these in the quarters looked at.
    pub tickets: usize,
    /// Tickets expected a quarter: the mean rate, not the scatter of one quarter around it.
    pub volume_per_quarter: Range3,
    /// Share of tickets that give every required slot, 0 to 1.
    pub eligible_share: Range3,
    /// What that share would be with a better form; potential, counted nowhere.
    pub reachable_share: f64,
    /// Share of eligible tickets that the play is expected to absorb, 0 to 1.
    pub automation_rate: Range3,
    /// Mean hands-on minutes of a ticket today.
    pub minutes: Range3,
    /// Where the minutes come from.
    pub minutes_origin: Origin,
    /// Ledger A: hours of the team that it gives back in a quarter, upkeep taken off; below 0 where it costs more.
    pub sre_hours_saved_per_quarter: Range3,
    /// Beside ledger A: hours a quarter that the interruptions by these tickets cost; not in the hours saved.
    pub interruption_hours_saved_per_quarter: Range3,
    /// Hours to build it on a finished foundation.
    pub build_hours: Range3,
    /// Hours to build the foundation, paid once for all plays on it; in no other figure here.
    pub foundation_hours: Option<Range3>,
    /// Hours a quarter that keeping it alive takes, the foundation's own upkeep not counted.
    pub upkeep_hours_per_quarter: f64,
    /// Minutes of work that move to the requester with each absorbed ticket; in no saving.
    pub transferred_minutes_per_ticket: f64,
    /// Hours saved over the horizon less the hours to build.
    pub net_hours: Range3,
    /// The same over four quarters, whatever the horizon.
    pub net_hours_4q: Range3,
    /// Chance that a quarter's saving is above its upkeep, 0 to 1.
    pub prob_saves: f64,
    /// Chance that the build is paid back within the horizon, 0 to 1.
    pub prob_payback: f64,
    /// Chance that it is paid back within four quarters, 0 to 1.
    pub prob_payback_4q: f64,
    /// Tickets a quarter from which it pays back within the horizon, all else at its middle; `None` if no number
    /// of tickets is enough.
    pub breakeven_tickets_per_quarter: Option<f64>,
    /// Ledger B: business hours of waiting a quarter that requesters would be spared; `None` without a known lead
    /// time. Beside the ranking, never in it.
    pub requester_wait_hours_saved: Option<Range3>,
    /// The part of these in which work really stops.
    pub requester_blocked_hours: Option<Range3>,
    /// Ledger C: what stands open in the tickets it serves.
    pub risks: Risks,
    /// Chance of being the best candidate, 0 to 1; who is equal in a draw shares it.
    pub rank_top1_prob: f64,
    /// Chance of being among the best three, 0 to 1, shared alike.
    pub rank_top3_prob: f64,
    /// The worst risk of the play and its sub-patterns, 1 to 4.
    pub risk: u8,
    /// Whether every request it serves can be undone without loss.
    pub reversible: bool,
    /// Who has to approve such requests, sorted.
    pub approval: Vec<String>,
    /// Who would own the result.
    pub owner: Words,
    /// What the tickets advise.
    pub gate: Gate,
    /// How far each input moves the hours saved a quarter, the widest first.
    pub sensitivity: Vec<Swing>,
    /// Place in the ranking, from 1.
    pub rank: usize,
}

/// What is known of one sub-pattern that a candidate serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Id of the sub-pattern.
    pub subpattern: String,
    /// Its tickets in the quarters looked at.
    pub tickets: usize,
    /// Of these, with every required slot.
    pub complete: usize,
    /// Share of tickets with every required slot.
    pub eligible_share: Range3,
    /// What that share would be with a better form.
    pub reachable_share: f64,
    /// How many tickets give each slot, required ones first.
    pub slots: Vec<SlotFill>,
    /// Tickets expected a quarter, growth included.
    pub volume_per_quarter: Range3,
    /// How the tickets of late compare with those before, where that is clear.
    pub growth: Option<Growth>,
    /// Mean hands-on minutes of a ticket.
    pub minutes: Range3,
    /// Where they come from.
    pub minutes_origin: Origin,
    /// Timed tickets in them.
    pub timed_tickets: usize,
    /// Median business hours from filing to closing.
    pub lead_p50: Option<f64>,
    /// Business hours within which nine of ten are closed.
    pub lead_p90: Option<f64>,
    /// Share of its tickets that are thought to be of it.
    pub purity: Option<f64>,
    /// What its tickets look like.
    pub looks: Looks,
    /// What stands open in its tickets.
    pub risks: Risks,
}

/// A rise or fall of the tickets that is clear: its 80 % interval excludes "no change".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// What is compared with what.
    pub compared: Compared,
    /// Tickets before.
    pub before: usize,
    /// Tickets after.
    pub after: usize,
    /// Quarters on each side.
    pub quarters: usize,
    /// Ratio of the rates with its interval.
    pub ratio: Range3,
    /// What the tickets are multiplied with: the end of the interval that is nearest to 1, capped at 0.5 and 1.5.
    pub factor: f64,
}

/// What growth is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compared {
    /// The last quarter against the same one a year ago.
    YearAgo,
    /// With less history the younger half of the quarters against all of them.
    YoungerHalf,
}

/// How far an input moves the hours saved a quarter: all others at their middle, this at its 10th and 90th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// The input.
    pub driver: Driver,
    /// Hours saved at its 10th percentile.
    pub low: f64,
    /// Hours saved at its 90th percentile.
    pub high: f64,
}

/// What is recommended as one piece of work: the plays on one foundation that are worth it together, or a single
/// play that needs none.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Id, the same from run to run: that of the foundation, or of the single play.
    pub id: String,
    /// Id of the foundation that is paid once for all of them.
    pub foundation: Option<String>,
    /// Ids of its candidates, in the order in which they were taken in.
    pub candidates: Vec<String>,
    /// Ids of all sub-patterns served.
    pub subpatterns: Vec<String>,
    /// Tickets of these in the quarters looked at.
    pub tickets: usize,
    /// Hours to build all of it, the foundation included.
    pub build_hours: Range3,
    /// Ledger A: hours a quarter, all upkeep taken off.
    pub sre_hours_saved_per_quarter: Range3,
    /// Beside ledger A: hours of interruption a quarter.
    pub interruption_hours_saved_per_quarter: Range3,
    /// Hours saved over the horizon less the hours to build.
    pub net_hours: Range3,
    /// Chance that a quarter's saving is above its upkeep, 0 to 1.
    pub prob_saves: f64,
    /// Chance that all of it is paid back within the horizon, 0 to 1.
    pub prob_payback: f64,
    /// Ledger B: hours of waiting a quarter that requesters would be spared.
    pub requester_wait_hours_saved: Option<Range3>,
    /// The part of these in which work really stops.
    pub requester_blocked_hours: Option<Range3>,
    /// Ledger C: what stands open in the tickets it serves.
    pub risks: Risks,
    /// Why to build it, the strongest first; never empty.
    pub reasons: Vec<Reason>,
    /// Place among the bundles, from 1.
    pub rank: usize,
}

/// Why to build something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is more likely than not to pay back within the horizon in hours of the team alone.
    Hours,
    /// Requesters get back at least a working day a quarter in which they are really stopped.
    Waiting,
    /// Something is open that it would take up: access of leavers, permissions asked for with no end, secrets.
    Control,
}

/// Why a candidate is recommended in no bundle: the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It has too few tickets, of its own or for a place among others on a shared base.
    TooFew,
    /// What is recommended on its base pays back in hours, and it would take hours from that.
    CostsHours,
    /// Run alone it gives no hours back, spares requesters too little and ends nothing that stands open.
    NotWorthRunning,
    /// With all that is worth running on its base there is still no reason to build.
    NoReason,
    /// There is a reason, but all of it together serves too few tickets.
    TooFewTogether,
}

impl Reason {
    /// Returns the reason as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "sre_hours",
            Self::Waiting => "requester_waiting",
            Self::Control => "risk_control",
        }
    }
}

impl Candidate {
    /// Says whether a person must confirm each run: a mistake would be grave or could not be undone.
    ///
    /// Such a play is built with a dry run, a second pair of eyes and a delay before anything is deleted, whatever
    /// its [`Gate`] says.
    #[must_use]
    pub fn needs_confirmation(&self) -> bool {
        self.risk >= 4 || !self.reversible
    }

    /// Returns the input that moves the result most; knowing it better tells most.
    #[must_use]
    pub fn largest_driver(&self) -> Driver {
        self.sensitivity
            .first()
            .map_or(Driver::Minutes, |swing| swing.driver)
    }
}

/// What the tickets advise about a candidate. The first that holds, in the order watch, relabel, assist, form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Nothing stands against it.
    Ok,
    /// Too few tickets to recommend anything.
    Watch,
    /// Too many tickets may not be of this kind: labels come first.
    Relabel,
    /// Too few tickets say what an automation must know: a better form comes first.
    FixForm,
    /// The work needs judgement: the play helps people and replaces nobody.
    AssistOnly,
}

impl Gate {
    /// Returns the gate as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Watch => "watch",
            Self::Relabel => "relabel",
            Self::FixForm => "fix_form",
            Self::AssistOnly => "assist_only",
        }
    }
}

/// The inputs of a candidate, as causes of its doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Driver {
    /// Hands-on minutes of a ticket.
    Minutes,
    /// Tickets a quarter.
    Volume,
    /// Share of tickets with all required slots.
    EligibleShare,
    /// Share of eligible tickets that the play absorbs.
    AutomationRate,
}

impl Driver {
    /// Returns the driver as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Volume => "volume",
            Self::EligibleShare => "eligible_share",
            Self::AutomationRate => "automation_rate",
        }
    }
}
