//! The numbers of a taxonomy that belong to no single rule: how votes are counted, how savings are estimated.
//!
//! Every key may be left out of a file; the defaults are those of the built-in taxonomy, and a test holds the two
//! together.

use super::estimate::ThreePoint;

/// How the votes of cues become a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Engine {
    /// Share of the pattern's own votes that each of its sub-patterns inherits, 0 to 1.
    pub pattern_share: f64,
    /// What a vote counts in each part of a ticket.
    pub field_weight: FieldWeights,
    /// What a vote counts by the role of the clause it stands in.
    pub clause_weight: ClauseWeights,
    /// Added to a sub-pattern when the ticket names one of its systems.
    pub system_bonus: f64,
    /// Taken from a sub-pattern that requires a system when none of its systems is named.
    pub missing_system_penalty: f64,
    /// Taken from a sub-pattern that requires a cue of its own when none of them spoke.
    pub missing_cue_penalty: f64,
    /// The most that the cues of one family may add together: synonyms are one witness.
    pub family_cap: f64,
    /// Below this score a decision is not sure.
    pub min_score: f64,
    /// Below this distance to the best other pattern a decision is not sure.
    pub min_margin: f64,
    /// A second pattern is kept when it reaches this share of the best score, 0 to 1.
    pub multi_label_ratio: f64,
}

/// What a vote counts in each part of a ticket; 1 is a vote in the body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldWeights {
    /// The title, which is short and often the whole request.
    pub title: f64,
    /// The body, and the value of a form field.
    pub body: f64,
    /// Comments: mostly answers and thanks.
    pub comments: f64,
    /// The form's drop-down, which requesters often get wrong.
    pub category: f64,
}

/// What a vote counts by the role of the clause it stands in; 1 is a vote in the request itself.
///
/// 「エラーが出るので権限を付けてください」 asks for a permission and only explains it by an error: the words of
/// the reason must not outvote the words of the request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClauseWeights {
    /// The clause that asks: 〜してください, please …
    pub request: f64,
    /// A sentence that neither asks nor explains.
    pub statement: f64,
    /// Why it is asked: 〜ので, 〜ため, because …
    pub reason: f64,
    /// What was tried or given in vain: 〜のに, 〜ですが, although …
    pub concession: f64,
    /// What has been done already: 〜済み, 〜していただいた, has been …
    pub done: f64,
    /// What is not asked: 〜ではなく, 〜は不要, instead of …
    pub negated: f64,
    /// Somebody else's words, or text struck out.
    pub quote: f64,
}

impl ClauseWeights {
    /// Returns the most that a place of a ticket can count: the loudest clause in the loudest stretch.
    #[must_use]
    pub fn loudest(&self) -> f64 {
        let clauses = [
            self.statement,
            self.reason,
            self.concession,
            self.done,
            self.negated,
        ];
        clauses.into_iter().fold(self.request, f64::max) * self.quote.max(1.0)
    }
}

/// How savings are estimated where tickets do not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimation {
    /// Productive engineering hours in an engineer-day.
    pub hours_per_day: f64,
    /// Quarters over which a saving is counted.
    pub horizon_quarters: u32,
    /// Minutes that one interruption costs beside the work; shown apart from the headline.
    pub interruption_minutes: ThreePoint,
    /// Share of a requester's waiting time that really stops work, 0 to 1.
    pub blocked_fraction: ThreePoint,
    /// Business hours that a requester still waits once a play is live.
    pub self_service_lead_hours: f64,
    /// Minutes of work that move to the requester with each absorbed ticket; reported, not counted as saved.
    pub transferred_minutes: f64,
    /// Timed tickets below which minutes stay priors and are marked as estimates.
    pub min_timed_tickets: u32,
    /// Tickets a year below which nothing is recommended, only watched.
    pub min_tickets_per_year: u32,
    /// Share of filled slots below which a better form comes first, 0 to 1.
    pub min_slot_completeness: f64,
    /// Share of tickets that are thought to be of their sub-pattern below which labels come first, 0 to 1.
    pub min_label_purity: f64,
    /// Share of incomplete tickets that a better form is thought to complete, 0 to 1; shown as potential, not counted.
    pub form_reach: f64,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            pattern_share: 1.0,
            field_weight: FieldWeights::default(),
            clause_weight: ClauseWeights::default(),
            system_bonus: 2.0,
            missing_system_penalty: 2.0,
            missing_cue_penalty: 3.0,
            family_cap: 4.0,
            min_score: 3.0,
            min_margin: 1.0,
            multi_label_ratio: 0.8,
        }
    }
}

impl Default for FieldWeights {
    fn default() -> Self {
        Self {
            title: 1.5,
            body: 1.0,
            comments: 0.3,
            category: 0.5,
        }
    }
}

impl Default for ClauseWeights {
    fn default() -> Self {
        Self {
            request: 1.0,
            statement: 0.7,
            reason: 0.35,
            concession: 0.25,
            done: 0.2,
            negated: 0.0,
            quote: 0.3,
        }
    }
}

impl Default for Estimation {
    fn default() -> Self {
        Self {
            hours_per_day: 6.0,
            horizon_quarters: 4,
            interruption_minutes: ThreePoint {
                low: 2.0,
                likely: 8.0,
                high: 20.0,
            },
            blocked_fraction: ThreePoint {
                low: 0.05,
                likely: 0.15,
                high: 0.4,
            },
            self_service_lead_hours: 0.5,
            transferred_minutes: 5.0,
            min_timed_tickets: 10,
            min_tickets_per_year: 8,
            min_slot_completeness: 0.5,
            min_label_purity: 0.8,
            form_reach: 0.7,
        }
    }
}
