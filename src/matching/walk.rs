//! The walk of a text over the nodes of a regex.
//!
//! Each node matches at a place and hands on to what follows; where that leads to no match, the next way is tried. The
//! steps are counted.

use std::cell::Cell;
use std::ops::Range;

use regex_syntax::is_word_character;

use super::heads::{Heads, Here};
use super::matcher::MOST_GROUPS;
use super::node::{Alternatives, Node, Times};
use super::set::Set;

/// Most rounds of a repeated group: each takes a little of the stack.
const MOST_ROUNDS: usize = 200;

/// What a walk may still do, and what it has seen: steps left, and where the named groups of the last match lie.
#[derive(Debug)]
pub(crate) struct Track {
    pub(super) steps: Cell<usize>,
    pub(super) groups: [Cell<Option<(usize, usize)>>; MOST_GROUPS],
}

impl Track {
    /// Where a named group lies, counted from 0; `None` if the match went past it.
    pub(crate) fn group(&self, index: usize) -> Option<Range<usize>> {
        self.groups[index].get().map(|(start, end)| start..end)
    }
}

/// The text that is walked over.
pub(super) struct Walk<'a> {
    pub(super) text: &'a str,
    pub(super) track: &'a Track,
}

pub(super) type Next<'n> = &'n mut dyn FnMut(usize) -> Option<usize>;

/// Bytes of the character that begins with this byte.
pub(super) fn char_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

impl Walk<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        match self.text.as_bytes().get(at)? {
            byte if byte.is_ascii() => Some(char::from(*byte)),
            _ => self.text.get(at..)?.chars().next(),
        }
    }

    /// The end of the character at a place, if a set has it.
    fn pass(&self, set: &Set, at: usize) -> Option<usize> {
        let c = self.char_at(at).filter(|c| set.has(*c))?;
        Some(at + c.len_utf8())
    }

    /// The end of a word, if it stands at a place.
    fn pass_word(&self, word: &str, at: usize) -> Option<usize> {
        let end = at + word.len();
        (self.text.as_bytes().get(at..end) == Some(word.as_bytes())).then_some(end)
    }

    fn before(&self, at: usize) -> usize {
        let char_start = (0..at).rev().find(|at| self.text.is_char_boundary(*at));
        char_start.unwrap_or(0)
    }

    fn take_step(&self) -> Option<()> {
        let left = self.track.steps.get().checked_sub(1)?;
        self.track.steps.set(left);
        (left > 0).then_some(())
    }

    fn is_border(&self, at: usize) -> bool {
        let word = |at: Option<usize>| {
            at.and_then(|at| self.text.as_bytes().get(at))
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        word(at.checked_sub(1)) != word(Some(at))
    }

    fn is_wide_border(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        before.is_some_and(is_word_character) != self.char_at(at).is_some_and(is_word_character)
    }
}

impl Node {
    /// Matches at a place and goes on with `next`; returns the end of the whole match.
    pub(super) fn step(&self, walk: &Walk<'_>, at: usize, next: Next<'_>) -> Option<usize> {
        walk.take_step()?;
        match self {
            Self::Gap { set, times, then } => gap(walk, at, set, *times, then.as_deref(), next),
            Self::Cat(nodes) => cat(nodes, walk, at, next),
            Self::Alt(alternatives) => alternatives.step(walk, at, next),
            Self::Optional { node, greedy: true } => node.step(walk, at, next).or_else(|| next(at)),
            Self::Optional { node, greedy: false } => next(at).or_else(|| node.step(walk, at, next)),
            Self::Repeat { node, times } => repeat(node, walk, at, *times, 0, next),
            Self::Named { slot, node } => named(*slot, node, walk, at, next),
            _ => next(self.simply(walk, at)??),
        }
    }

    /// Where a node ends that can end in one way only, if it matches; the outer `None` is for the others.
    fn simply(&self, walk: &Walk<'_>, at: usize) -> Option<Option<usize>> {
        let bytes = walk.text.as_bytes();
        let here = |holds: bool| Some(holds.then_some(at));
        match self {
            Self::Word(word) => Some(walk.pass_word(word, at)),
            Self::Set(set) => Some(walk.pass(set, at)),
            Self::Start => here(at == 0),
            Self::LineStart => here(at == 0 || bytes[at - 1] == b'\n'),
            Self::End => here(at == bytes.len()),
            Self::Border => here(walk.is_border(at)),
            Self::WideBorder => here(walk.is_wide_border(at)),
            _ => None,
        }
    }
}

impl Alternatives {
    fn step(&self, walk: &Walk<'_>, at: usize, next: Next<'_>) -> Option<usize> {
        let here = Here::at(walk.text.as_bytes(), at);
        if let Some(heads) = &self.heads
            && !here.is_some_and(|here| heads.may(here))
        {
            return None;
        }
        let open = self.openings.iter().zip(&self.branches);
        let mut open = open.filter(|(opening, _)| opening.may(here));
        open.find_map(|(_, branch)| match branch {
            Node::Word(word) => next(walk.pass_word(word, at)?),
            _ => branch.step(walk, at, next),
        })
    }
}

fn cat(mut nodes: &[Node], walk: &Walk<'_>, mut at: usize, next: Next<'_>) -> Option<usize> {
    while let [first, rest @ ..] = nodes {
        let Some(end) = first.simply(walk, at) else {
            return match rest {
                [] => first.step(walk, at, next),
                _ => first.step(walk, at, &mut |after| cat(rest, walk, after, next)),
            };
        };
        (nodes, at) = (rest, end?);
    }
    next(at)
}

fn gap(
    walk: &Walk<'_>,
    start: usize,
    set: &Set,
    times: Times,
    then: Option<&Heads>,
    next: Next<'_>,
) -> Option<usize> {
    let bytes = walk.text.as_bytes();
    let fits = |at| then.is_none_or(|then| Here::at(bytes, at).is_some_and(|here| then.may(here)));
    let (mut at, mut count) = (start, 0);
    let wanted = if times.greedy { times.most } else { times.least };
    while count < wanted
        && let Some(after) = walk.pass(set, at)
    {
        (at, count) = (after, count + 1);
    }
    if count < times.least {
        return None;
    }
    loop {
        walk.take_step()?;
        if fits(at)
            && let Some(end) = next(at)
        {
            return Some(end);
        }
        if times.greedy {
            if count == times.least {
                return None;
            }
            (at, count) = (walk.before(at), count - 1);
        } else {
            let after = walk.pass(set, at).filter(|_| count < times.most)?;
            (at, count) = (after, count + 1);
        }
    }
}

/// A round that takes in nothing ends the repetition.
fn repeat(
    node: &Node,
    walk: &Walk<'_>,
    at: usize,
    times: Times,
    round: usize,
    next: Next<'_>,
) -> Option<usize> {
    if round >= times.most {
        return next(at);
    }
    if round == MOST_ROUNDS {
        walk.track.steps.set(0);
        return None;
    }
    if round >= times.least
        && !times.greedy
        && let Some(end) = next(at)
    {
        return Some(end);
    }
    let again = node.step(walk, at, &mut |after| {
        (after > at).then(|| repeat(node, walk, after, times, round + 1, next))?
    });
    if again.is_none() && round >= times.least && times.greedy {
        return next(at);
    }
    again
}

/// The place is taken back if what follows does not match.
fn named(slot: usize, node: &Node, walk: &Walk<'_>, at: usize, next: Next<'_>) -> Option<usize> {
    let place = &walk.track.groups[slot];
    node.step(walk, at, &mut |after| {
        let before = place.replace(Some((at, after)));
        let end = next(after);
        if end.is_none() {
            place.set(before);
        }
        end
    })
}
