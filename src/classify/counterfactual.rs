//! What would have changed a decision: a ticket is decided again and again, each time without something.
//!
//! Every piece is left out alone, and each such trial is done once. Where none alone changes the pattern, pieces are
//! left out together, at each step the one that costs the pattern most; what turns out not to be needed is put back.
//! Found is then a change of which nothing can be spared, not the smallest that there is. Trials do not depend on each
//! other and run in parallel, their results in the order of the pieces.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;

use crate::classify::assignment::written;
use crate::classify::combine::Decision;
use crate::classify::explain::{Change, Outcome, Piece};
use crate::classify::reader::Reader;
use crate::text::Origin;
use crate::ticket::Ticket;

/// Most pieces that are left out together.
const MOST_TOGETHER: usize = 6;
/// What all trials with one piece left out may read together, and how many pieces are tried however long the ticket is.
const BYTES_READ: usize = 4 << 20;
const LEAST_TRIED: usize = 8;
/// Most changes that are told, and the least probability that one which flips nothing must have cost.
const CHANGES_TOLD: usize = 5;
const LEAST_COST: f64 = 0.05;

/// What the trials showed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Trials {
    /// Changes worth telling: those that flip the pattern first, the smallest of them leading.
    pub(super) changes: Vec<Change>,
    /// Pieces that were left out alone.
    pub(super) alone: usize,
    /// Most pieces that were left out together.
    pub(super) together: usize,
}

/// What is decided without some pieces.
#[derive(Debug, Clone, PartialEq)]
struct Tried {
    /// The decision.
    then: Outcome,
    /// Whether the pattern is another one.
    flips: bool,
    /// How probable the pattern of the whole ticket still is.
    still: f64,
}

impl Reader<'_> {
    /// Leaves out pieces of a ticket, alone and together, and decides without them.
    pub(super) fn without(&self, ticket: &Ticket, decision: &Decision, mut pieces: Vec<Piece>) -> Trials {
        pieces.retain(|piece| is_there(ticket, piece));
        let length: usize = [Origin::Title, Origin::Body]
            .into_iter()
            .filter_map(|origin| written(ticket, origin))
            .map(str::len)
            .sum();
        pieces.truncate((BYTES_READ / length.max(1)).max(LEAST_TRIED));
        let search = Search {
            pieces: &pieces,
            sizes: pieces.iter().map(|piece| size(ticket, piece)).collect(),
            before: decision.confidence,
            decide: &|left_out: &[&Piece]| {
                let silent: Vec<&str> = left_out
                    .iter()
                    .filter_map(|piece| match piece {
                        Piece::Cue(id) => Some(id.as_str()),
                        Piece::Words(..) | Piece::Whole(_) => None,
                    })
                    .collect();
                let seen = self.observe_without(&cut(ticket, left_out), &silent);
                let heard = self.learner.listen(&seen);
                let then = Decision::of(&self.learner, &heard, None);
                Tried {
                    flips: then.pattern != decision.pattern,
                    still: self.learner.judge_heard(&heard).chances[decision.pattern],
                    then: self.outcome(&then),
                }
            },
        };
        search.run()
    }
}

/// Looks for what changes a decision; how it is decided is not its business.
struct Search<'a> {
    pieces: &'a [Piece],
    /// How much each piece leaves out.
    sizes: Vec<usize>,
    /// How sure the decision is about the whole ticket.
    before: f64,
    decide: &'a (dyn Fn(&[&Piece]) -> Tried + Sync),
}

impl Search<'_> {
    fn run(&self) -> Trials {
        let places: Vec<usize> = (0..self.pieces.len()).collect();
        let alone: Vec<Tried> = places.par_iter().map(|at| self.try_without(&[*at])).collect();
        let mut trials = Trials {
            alone: alone.len(),
            ..Trials::default()
        };
        let mut told: Vec<(usize, Change)> = alone
            .iter()
            .enumerate()
            .map(|(at, tried)| (self.sizes[at], self.change(&[at], tried)))
            .collect();
        if !alone.iter().any(|tried| tried.flips) {
            let (most, found) = self.together(&alone);
            trials.together = most;
            told.extend(found.map(|(left_out, tried)| (usize::MAX, self.change(&left_out, &tried))));
        }
        told.retain(|(_, change)| change.flips || self.before - change.then.confidence >= LEAST_COST);
        told.sort_by(|(a_size, a), (b_size, b)| {
            let size = if a.flips {
                a_size.cmp(b_size)
            } else {
                Ordering::Equal
            };
            b.flips
                .cmp(&a.flips)
                .then(size)
                .then_with(|| a.then.confidence.total_cmp(&b.then.confidence))
        });
        told.truncate(CHANGES_TOLD);
        trials.changes = told.into_iter().map(|(_, change)| change).collect();
        trials
    }

    /// Leaves out one piece more at each step, and returns how many at the most, with what changed the pattern.
    ///
    /// Whole parts stay: without title and body there is no ticket.
    fn together(&self, alone: &[Tried]) -> (usize, Option<(Vec<usize>, Tried)>) {
        let mut open: Vec<usize> = (0..self.pieces.len())
            .filter(|at| !matches!(self.pieces[*at], Piece::Whole(_)))
            .collect();
        // The first step was done when every piece was left out alone.
        let still = |at: &usize| alone[*at].still;
        let first = open
            .iter()
            .copied()
            .min_by(|a, b| still(a).total_cmp(&still(b)).then(a.cmp(b)));
        let Some(first) = first else { return (0, None) };
        open.retain(|at| *at != first);
        let mut out = vec![first];
        while out.len() < MOST_TOGETHER && !open.is_empty() {
            let with = |at: &usize| [&out[..], &[*at]].concat();
            let tried: Vec<Tried> = open.par_iter().map(|at| self.try_without(&with(at))).collect();
            let best = (0..tried.len()).fold(0, |best, at| {
                if tried[at].still < tried[best].still {
                    at
                } else {
                    best
                }
            });
            out.push(open.remove(best));
            if let Some(found) = tried.into_iter().nth(best).filter(|tried| tried.flips) {
                let most = out.len();
                return (most, Some(self.needed(out, found)));
            }
        }
        (out.len(), None)
    }

    /// Puts back what is not needed for the change.
    fn needed(&self, mut out: Vec<usize>, mut found: Tried) -> (Vec<usize>, Tried) {
        // Two are the least that can be needed: none alone changes anything.
        let mut at = 0;
        while at < out.len() && out.len() > 2 {
            let mut less = out.clone();
            less.remove(at);
            let tried = self.try_without(&less);
            if tried.flips {
                (out, found) = (less, tried);
                at = 0;
            } else {
                at += 1;
            }
        }
        (out, found)
    }

    fn try_without(&self, left_out: &[usize]) -> Tried {
        let pieces: Vec<&Piece> = left_out.iter().map(|at| &self.pieces[*at]).collect();
        (self.decide)(&pieces)
    }

    fn change(&self, left_out: &[usize], tried: &Tried) -> Change {
        Change {
            left_out: left_out.iter().map(|at| self.pieces[*at].clone()).collect(),
            then: tried.then.clone(),
            flips: tried.flips,
        }
    }
}

/// The ticket without the words among some pieces.
fn cut(ticket: &Ticket, pieces: &[&Piece]) -> Ticket {
    let mut ticket = ticket.clone();
    let mut ranges: Vec<(Origin, Range<usize>)> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Cue(_) => {}
            Piece::Words(origin, range) => ranges.push((*origin, range.clone())),
            Piece::Whole(origin) => {
                let length = written(&ticket, *origin).map_or(0, str::len);
                ranges.push((*origin, 0..length));
            }
        }
    }
    ranges.sort_by_key(|(origin, range)| std::cmp::Reverse((*origin, range.start, range.end)));
    let mut last: Option<(Origin, usize)> = None;
    for (origin, range) in ranges {
        // From the end to the start, so that what is left keeps its place; what overlaps is cut once.
        let end = match last {
            Some((before, start)) if before == origin => range.end.min(start),
            _ => range.end,
        };
        if let Some(text) = written_mut(&mut ticket, origin)
            && range.start < end
        {
            text.replace_range(range.start..end, "");
        }
        last = Some((origin, range.start));
    }
    ticket
}

fn is_there(ticket: &Ticket, piece: &Piece) -> bool {
    match piece {
        Piece::Cue(_) => true,
        Piece::Words(_, range) => !range.is_empty(),
        Piece::Whole(origin) => written(ticket, *origin).is_some_and(|text| !text.trim().is_empty()),
    }
}

/// How much is left out, in bytes of text; a cue is one rule and the smallest thing there is.
fn size(ticket: &Ticket, piece: &Piece) -> usize {
    match piece {
        Piece::Cue(_) => 1,
        Piece::Words(_, range) => 1 + range.len(),
        Piece::Whole(origin) => 1 + written(ticket, *origin).map_or(0, str::len),
    }
}

fn written_mut(ticket: &mut Ticket, origin: Origin) -> Option<&mut String> {
    match origin {
        Origin::Title => ticket.title.as_mut(),
        Origin::Body => ticket.body.as_mut(),
        Origin::Category => ticket.category.as_mut(),
        Origin::Comment(at) => ticket.comments.get_mut(at).map(|comment| &mut comment.text),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::{Piece, Search, Tried};
    use crate::classify::explain::{Change, Outcome};
    use crate::text::Origin;

    /// Lets a rule decide by the names of the cues left out: whether the pattern flips, and how probable it still is.
    fn search(
        names: &str,
        rule: impl Fn(&BTreeSet<char>) -> (bool, f64) + Sync,
    ) -> (super::Trials, Vec<BTreeSet<char>>) {
        let pieces: Vec<Piece> = names
            .chars()
            .map(|name| match name {
                '*' => Piece::Whole(Origin::Body),
                name => Piece::Cue(name.to_string()),
            })
            .collect();
        let asked = Mutex::new(Vec::new());
        let name = |piece: &&Piece| match piece {
            Piece::Cue(id) => id.chars().next().expect("a name"),
            _ => '*',
        };
        let trials = Search {
            pieces: &pieces,
            sizes: (0..pieces.len()).collect(),
            before: 0.9,
            decide: &|left_out| {
                let left_out: BTreeSet<char> = left_out.iter().map(name).collect();
                let (flips, still) = rule(&left_out);
                asked.lock().expect("nobody panics").push(left_out);
                Tried {
                    then: Outcome {
                        pattern: if flips { "b" } else { "a" }.to_owned(),
                        confidence: still,
                        needs_review: false,
                    },
                    flips,
                    still,
                }
            },
        }
        .run();
        (trials, asked.into_inner().expect("nobody panics"))
    }

    fn flips(changes: &[Change]) -> Vec<&Vec<Piece>> {
        let flips = changes.iter().filter(|change| change.flips);
        flips.map(|change| &change.left_out).collect()
    }

    #[test]
    fn no_trial_is_done_twice() {
        let (trials, mut asked) = search("abcdefghij*", |_| (false, 0.9));
        let (count, together) = (asked.len(), trials.together);
        asked.sort();
        asked.dedup();
        assert_eq!(count, asked.len());
        // Eleven alone, then one more at each of five steps.
        assert_eq!((count, trials.alone, together), (11 + 9 + 8 + 7 + 6 + 5, 11, 6));
        assert!(trials.changes.is_empty());
    }

    #[test]
    fn what_is_not_needed_for_a_change_is_put_back() {
        // Leaving out "a" costs the pattern most and changes nothing; "b" and "d" do, together.
        let (trials, _) = search("abcd", |out| {
            let both = out.contains(&'b') && out.contains(&'d');
            (
                both,
                0.8 - 0.1 * out.len() as f64
                    - if out.contains(&'a') { 0.3 } else { 0.0 }
                    - if both { 0.1 } else { 0.0 },
            )
        });
        let wanted = vec![Piece::Cue("b".to_owned()), Piece::Cue("d".to_owned())];
        assert_eq!(flips(&trials.changes), [&wanted]);
    }

    #[test]
    fn one_piece_that_is_enough_leads_and_nothing_is_left_out_together() {
        let (trials, asked) = search("abc", |out| (out.contains(&'b'), 0.4));
        assert_eq!(flips(&trials.changes), [&vec![Piece::Cue("b".to_owned())]]);
        assert_eq!((asked.len(), trials.together), (3, 0));
    }

    #[test]
    fn no_piece_is_no_trial() {
        assert_eq!(search("", |_| (true, 0.0)).0, super::Trials::default());
        assert_eq!(search("*", |_| (false, 0.9)).0.together, 0);
    }

    proptest! {
        #[test]
        fn of_a_change_nothing_can_be_spared(needed in prop::collection::btree_set(0_usize..8, 2..5), costs in prop::collection::vec(0.0_f64..0.1, 8)) {
            let names: Vec<char> = ('a'..='h').collect();
            let needed: BTreeSet<char> = needed.iter().map(|at| names[*at]).collect();
            let cost = |out: &BTreeSet<char>| -> f64 { out.iter().map(|name| costs[*name as usize - 'a' as usize]).sum() };
            let (trials, _) = search("abcdefgh", |out| (out.is_superset(&needed), 0.9 - cost(out)));
            for left_out in flips(&trials.changes) {
                prop_assert_eq!(left_out.len(), needed.len());
            }
        }
    }
}
