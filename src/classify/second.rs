//! Finds the second request of a ticket that asks for two things of different kinds.
//!
//! Each piece that asks (see [`asks`]) is read alone, by the rules and the learner, as if it were a ticket. It is a second
//! request if it says of itself that it comes on top of another, or at least asks in words after another did; if it is
//! clearly of another pattern; and if something else in the ticket speaks for the pattern that the ticket has. The
//! runner-up of the whole ticket is no second request: it only says that the learner was in doubt. How often this finds
//! one, and how often it is right, was measured by hand (`docs/accuracy.md`).
//!
//! [`asks`]: crate::classify::asks

use std::ops::Range;

use crate::classify::asks::{self, Ask};
use crate::classify::learner::model::best;
use crate::classify::prose::{Field, Prose};
use crate::classify::reader::{Reader, Said};
use crate::taxonomy::OTHER;

/// A second request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Second {
    /// Place of its pattern in the taxonomy.
    pub(super) pattern: usize,
    /// The part it stands in.
    pub(super) field: Field,
    /// Bytes of the part's text.
    pub(super) range: Range<usize>,
}

/// Least probability of the pattern of a piece that says that it comes on top.
const ON_TOP: f64 = 0.4;
/// The same of a piece that only follows another request.
const FOLLOWS: f64 = 0.9;
/// What more is asked of a question or other work: "いつ頃になるかも教えてください" is manners as often as it is a request.
const MANNERS: f64 = 0.2;
/// Most probability that such a piece may leave to the pattern that the ticket has.
const MAIN_MOST: f64 = 0.3;
/// Least probability of the ticket's pattern in one of the other pieces.
const MAIN_LEAST: f64 = 0.5;
/// The pattern of questions.
const CONSULTATION: &str = "consultation";
/// Most pieces that are read: what comes after is not the request.
const PIECES: usize = 12;

impl Reader<'_> {
    /// Looks for a request of another pattern than `main`.
    pub(super) fn second(&self, prose: &Prose, said: &Said, main: usize) -> Option<Second> {
        let mut pieces = asks::asks(prose);
        pieces.truncate(PIECES);
        let candidates: Vec<usize> = (0..pieces.len())
            .filter(|at| may_be_second(&pieces, *at))
            .collect();
        if candidates.is_empty() {
            return None;
        }
        let mut read: Vec<Option<Vec<f64>>> = vec![None; pieces.len()];
        let mut chances = |at: usize| -> Vec<f64> {
            read[at]
                .get_or_insert_with(|| self.chances(&pieces[at], prose, said))
                .clone()
        };
        let mut found: Option<(f64, usize, usize)> = None;
        for at in candidates {
            let of_piece = chances(at);
            let pattern = best(&of_piece);
            let sure = of_piece[pattern];
            let louder = found.is_none_or(|(most, ..)| sure > most);
            if pattern == main
                || of_piece[main] > MAIN_MOST
                || sure < self.least(&pieces[at], pattern)
                || !louder
            {
                continue;
            }
            let mut others = (0..pieces.len()).filter(|other| *other != at);
            let speaks = |other: &usize| pieces[*other].asks || pieces[*other].field == Field::Title;
            if others.any(|other| speaks(&other) && chances(other)[main] >= MAIN_LEAST) {
                found = Some((sure, pattern, at));
            }
        }
        found.map(|(_, pattern, at)| Second {
            pattern,
            field: pieces[at].field,
            range: pieces[at].range.clone(),
        })
    }

    /// The least probability of a pattern for a piece to be a request of it; without bound where it cannot be.
    fn least(&self, piece: &Ask, pattern: usize) -> f64 {
        let id = self.rules.taxonomy().patterns[pattern].id.as_str();
        let vague = id == CONSULTATION || id == OTHER;
        match (piece.on_top, vague) {
            (true, true) => ON_TOP + MANNERS,
            (true, false) => ON_TOP,
            (false, true) => f64::INFINITY,
            (false, false) => FOLLOWS,
        }
    }

    /// Reads a piece as a ticket of its own: its words, clauses and entities are those that the whole ticket was read with.
    fn chances(&self, piece: &Ask, prose: &Prose, said: &Said) -> Vec<f64> {
        let Some(part) = prose.parts.iter().find(|part| part.field == piece.field) else {
            return Vec::new();
        };
        let alone = Prose::of_piece(&part.text[piece.range.clone()], piece.clauses.clone());
        let (start, entities) = said.within(part, &piece.range);
        let votes = self.rules.read(&alone);
        self.learner
            .chances(&self.observation(&alone, &votes, entities, &[(0, start)]))
    }
}

/// Whether the piece at a place asks for something on top of what the ticket asks for.
fn may_be_second(pieces: &[Ask], at: usize) -> bool {
    let piece = &pieces[at];
    if !piece.asks || (piece.field == Field::Title && !piece.joined) {
        return false;
    }
    let asked_before = || {
        pieces[..at]
            .iter()
            .any(|before| before.asks && before.field != Field::Title)
    };
    piece.on_top || (piece.firm && asked_before())
}
