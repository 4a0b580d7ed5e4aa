//! The words of the ranking: the demand it starts from and the candidates it ends with.
//!
//! Plain data. Every uncertain figure is a [`Range3`]; hours are hours of the team's work, a quarter is any window
//! that the caller counts as one.

/// What the tickets of one sub-pattern say, as far as automation cares.
///
/// Excluded tickets are not in it. Each sub-pattern has one demand at most.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// Id of the sub-pattern.
    pub subpattern: &'a str,
    /// Tickets in each whole quarter, oldest first; only the last four count. A sub-pattern that began later than
    /// others may leave out its leading zeros.
    pub tickets_per_quarter: &'a [usize],
    /// Tickets whose slots were looked at: those of these quarters.
    pub tickets: usize,
    /// Tickets among them that give every required slot.
    pub complete: usize,
    /// Recorded hands-on minutes, one figure a timed ticket. Figures that are not above 0 are ignored.
    pub timed_minutes: &'a [f64],
    /// Median business hours from filing to closing; `None` if nobody knows.
    pub lead_p50: Option<f64>,
}

/// An uncertain figure: its 10th, 50th and 90th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Ids of the sub-patterns served, in the order of the taxonomy.
    pub subpatterns: Vec<String>,
    /// Tickets of these in the quarters looked at.
    pub tickets: usize,
    /// Tickets expected a quarter: the mean rate, not the scatter of one quarter around it.
    pub volume_per_quarter: Range3,
    /// Expected share of tickets that give every required slot, 0 to 1.
    pub eligible_share: f64,
    /// Share of eligible tickets that the play is expected to absorb, 0 to 1.
    pub automation_rate: f64,
    /// Mean hands-on minutes of a ticket today.
    pub minutes: Range3,
    /// Where the minutes come from.
    pub minutes_origin: Origin,
    /// Hours of the team that it gives back in a quarter, upkeep taken off; below 0 where it costs more.
    pub sre_hours_saved_per_quarter: Range3,
    /// Hours to build it on a finished foundation.
    pub build_hours: Range3,
    /// Hours to build the foundation, paid once for all plays on it; in no other figure here.
    pub foundation_hours: Option<Range3>,
    /// Hours a quarter that keeping it alive takes, the foundation's own upkeep not counted.
    pub upkeep_hours_per_quarter: f64,
    /// Hours saved over the horizon less the hours to build.
    pub net_hours_4q: Range3,
    /// Chance that a quarter's saving is above its upkeep, 0 to 1.
    pub prob_saves: f64,
    /// Chance that the build is paid back within the horizon, 0 to 1.
    pub prob_payback_4q: f64,
    /// Tickets a quarter from which it pays back within the horizon, all else at its middle; `None` if no number
    /// of tickets is enough.
    pub breakeven_tickets_per_quarter: Option<f64>,
    /// Business hours of waiting a quarter that requesters would be spared, at the middle of all estimates; `None`
    /// without a known lead time. Beside the ranking, never in it.
    pub requester_wait_hours_saved_p50: Option<f64>,
    /// Chance of being the best candidate, 0 to 1.
    pub rank_top1_prob: f64,
    /// Chance of being among the best three, 0 to 1.
    pub rank_top3_prob: f64,
    /// The worst risk of the play and its sub-patterns, 1 to 4.
    pub risk: u8,
    /// Whether every request it serves can be undone without loss.
    pub reversible: bool,
    /// Who has to approve such requests, sorted.
    pub approval: Vec<String>,
    /// Who would own the result.
    pub owner: String,
    /// What the tickets advise.
    pub gate: Gate,
    /// Which figure, known better, would tell most.
    pub largest_driver: Driver,
    /// Place in the ranking, from 1.
    pub rank: usize,
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
}

/// Where minutes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// From enough timed tickets of every sub-pattern.
    Timed,
    /// From the taxonomy's priors alone.
    Estimate,
    /// From both.
    Mixed,
}

impl Origin {
    /// Returns the origin as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timed => "timed",
            Self::Estimate => "estimate",
            Self::Mixed => "mixed",
        }
    }
}

/// What the tickets advise about a candidate. The first that holds, in the order watch, assist, form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Nothing stands against it.
    Ok,
    /// Too few tickets to recommend anything.
    Watch,
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
    /// Hours to build it.
    Build,
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
            Self::Build => "build",
        }
    }
}
