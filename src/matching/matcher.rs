//! A matcher for regexes made of words, gaps, classes and borders, ready as soon as their syntax is read.
//!
//! A short run needs most of the built-in regexes, each on a few lines of text. Building automata for them took most
//! of the time of a report on the sample; this matcher is the syntax tree, and walks it. It finds what the crate regex
//! finds, leftmost first, which law tests hold for every regex of this crate. Walking may go back and try again,
//! so either the ways through a regex are few or the steps are counted ([`Matcher::track`]).

use std::cell::Cell;
use std::ops::Range;

use regex_syntax::ast::{Assertion, AssertionKind, Ast, Flag, Group, GroupKind};
use regex_syntax::ast::{Repetition, RepetitionKind, RepetitionRange};
use regex_syntax::is_word_character;

use super::heads::{Heads, Here, heads, heads_of_any};
use super::set::Set;
use super::{lines, needles, syntax};

/// Most ways through the gaps of one regex from one start; more is left to the crate, whose time is linear.
const MOST_WAYS: usize = 20_000;
/// Most rounds of a repeated group: each takes a little of the stack.
const MOST_ROUNDS: usize = 200;
/// Most named groups of a regex.
pub(super) const MOST_GROUPS: usize = 3;

/// A compiled regex.
#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Matcher {
    root: Node,
    heads: Option<Heads>,
    /// Whether a match begins at the start of the text or nowhere.
    anchored: bool,
    /// Whether the ways from one start are so few that nobody need count steps.
    tame: bool,
}

#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) enum Node {
    Word(String),
    Set(Set),
    /// Up to `most` characters of a set, at least `least`.
    Gap {
        set: Set,
        times: Times,
        /// What comes next in its sequence may begin with, to leave out most of the ends to try.
        then: Option<Box<Heads>>,
    },
    Cat(Vec<Node>),
    Alt(Alternatives),
    Optional {
        node: Box<Node>,
        greedy: bool,
    },
    /// A longer match, again and again.
    Repeat {
        node: Box<Node>,
        times: Times,
    },
    /// A part whose place is asked for.
    Named {
        slot: usize,
        node: Box<Node>,
    },
    Start,
    LineStart,
    End,
    /// Between a word character of ASCII and anything else.
    Border,
    /// Between a word character and anything else.
    WideBorder,
}

/// Branches of which the first that leads to a match is taken.
#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Alternatives {
    /// Each with what it may begin with; a word says so itself.
    pub(super) branches: Vec<(Option<Box<Heads>>, Node)>,
    /// What any of them may begin with.
    heads: Option<Box<Heads>>,
}

impl Alternatives {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        let with_heads = |node| match node {
            Node::Word(_) => (None, node),
            _ => (heads(std::slice::from_ref(&node)).map(Box::new), node),
        };
        Self {
            heads: heads_of_any(&nodes).map(Box::new),
            branches: nodes.into_iter().map(with_heads).collect(),
        }
    }

    fn step(&self, walk: &Walk<'_>, at: usize, next: Next<'_>) -> Option<usize> {
        let here = Here::at(walk.text.as_bytes(), at);
        let may = |heads: &Option<Box<Heads>>| match heads {
            Some(heads) => here.is_some_and(|here| heads.may(here)),
            None => true,
        };
        if !may(&self.heads) {
            return None;
        }
        self.branches.iter().find_map(|(heads, branch)| match branch {
            Node::Word(word) => next(walk.pass_word(word, at)?),
            _ if may(heads) => branch.step(walk, at, next),
            _ => None,
        })
    }
}

/// How often, and whether more often is tried first.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Times {
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) greedy: bool,
}

/// What a walk may still do, and what it has seen: steps left, and where the named groups of the last match lie.
#[derive(Debug)]
pub(crate) struct Track {
    steps: Cell<usize>,
    groups: [Cell<Option<(usize, usize)>>; MOST_GROUPS],
}

impl Track {
    /// Where a named group lies, counted from 0; `None` if the match went past it.
    pub(crate) fn group(&self, index: usize) -> Option<Range<usize>> {
        self.groups[index].get().map(|(start, end)| start..end)
    }
}

/// The text that is walked over.
struct Walk<'a> {
    text: &'a str,
    track: &'a Track,
}

/// More steps were needed than granted.
#[derive(Debug, PartialEq)]
pub(crate) struct Lost;

type Next<'n> = &'n mut dyn FnMut(usize) -> Option<usize>;

impl Matcher {
    /// Compiles a regex that is written plainly, without its syntax tree; `None` tells nothing.
    pub(crate) fn read(source: &str) -> Option<Self> {
        syntax::read(source).map(Self::of)
    }

    /// Compiles a syntax tree; `None` if it cannot be walked.
    pub(crate) fn compile_any(ast: &Ast) -> Option<Self> {
        node(ast).map(Self::of)
    }

    fn of(root: Node) -> Self {
        Self {
            heads: heads(std::slice::from_ref(&root)),
            anchored: is_anchored(&root),
            tame: ways(&root) <= MOST_WAYS,
            root,
        }
    }

    /// Returns sets of literals, the rarest first: every match holds at least one literal of each set. The literals
    /// of a set are sorted and distinct, none is empty.
    pub(crate) fn needles(&self) -> Vec<Vec<String>> {
        needles::needles(&self.root)
    }

    /// Says whether every match lies within a line and is found when the line is all there is.
    pub(crate) fn stays_on_line(&self) -> bool {
        lines::stays_on_line(&self.root)
    }

    /// Compiles a syntax tree that can be walked without counting.
    #[cfg(test)]
    pub(crate) fn compile(ast: &Ast) -> Option<Self> {
        Self::compile_any(ast).filter(|matcher| matcher.tame)
    }

    /// Makes what a walk over a text needs, with steps granted in proportion to it.
    pub(crate) fn track(&self, text: &str) -> Track {
        const STEPS_A_BYTE: usize = 40;
        const STEPS_AT_LEAST: usize = 4_000;
        let steps = if self.tame {
            usize::MAX
        } else {
            STEPS_AT_LEAST + STEPS_A_BYTE * text.len()
        };
        Track {
            steps: Cell::new(steps),
            groups: Default::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Finds the first match that begins at `from` or later.
    #[cfg(test)]
    pub(crate) fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        self.walk(text, from, &self.track(text)).ok().flatten()
    }

    /// Finds the first match that begins at `from` or later, and takes its steps off those granted.
    pub(crate) fn walk(&self, text: &str, from: usize, track: &Track) -> Result<Option<Range<usize>>, Lost> {
        let walk = Walk { text, track };
        track.groups.iter().for_each(|group| group.set(None));
        let mut from = from;
        while let Some(at) = self.place(text, from) {
            let end = self.root.step(&walk, at, &mut Some);
            if track.steps.get() == 0 {
                return Err(Lost);
            }
            if let Some(end) = end {
                return Ok(Some(at..end));
            }
            if self.anchored {
                break;
            }
            from = at + text.as_bytes().get(at).map_or(1, |byte| char_len(*byte));
        }
        Ok(None)
    }

    /// The first place from `from` on where a match may begin.
    fn place(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        match &self.heads {
            Some(heads) if self.anchored => Here::at(bytes, from)
                .is_some_and(|here| heads.may(here))
                .then_some(from),
            Some(heads) => heads.next(bytes, from),
            None => (from <= text.len()).then_some(from),
        }
    }
}

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
    fn step(&self, walk: &Walk<'_>, at: usize, next: Next<'_>) -> Option<usize> {
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

fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Cat(nodes) => nodes.first().is_some_and(is_anchored),
        Node::Alt(alternatives) => alternatives
            .branches
            .iter()
            .all(|(_, branch)| is_anchored(branch)),
        _ => false,
    }
}

/// Counts the ways through the gaps and options of a node.
fn ways(node: &Node) -> usize {
    match node {
        Node::Word(_)
        | Node::Set(_)
        | Node::Start
        | Node::LineStart
        | Node::End
        | Node::Border
        | Node::WideBorder => 1,
        Node::Gap { times, .. } => (times.most - times.least).saturating_add(1),
        Node::Cat(nodes) => nodes.iter().map(ways).fold(1, usize::saturating_mul),
        Node::Alt(alternatives) => alternatives
            .branches
            .iter()
            .map(|(_, branch)| ways(branch))
            .max()
            .unwrap_or(1),
        Node::Optional { node, .. } => ways(node).saturating_add(1),
        Node::Named { node, .. } => ways(node),
        Node::Repeat { .. } => usize::MAX,
    }
}

fn node(ast: &Ast) -> Option<Node> {
    match ast {
        Ast::Empty(_) => Some(Node::Cat(Vec::new())),
        Ast::Literal(literal) => Some(Node::Word(literal.c.to_string())),
        Ast::Dot(_) => Some(Node::Set(Set::new(vec![('\n', '\n')], true))),
        Ast::ClassBracketed(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => Set::of(ast).map(Node::Set),
        Ast::Repetition(repetition) => Some(repeated(node(&repetition.ast)?, times(repetition))),
        Ast::Group(group) => grouped(group),
        Ast::Assertion(assertion) => anchor(assertion),
        Ast::Concat(concat) => Some(sequence(concat.asts.iter().map(node).collect::<Option<_>>()?)),
        Ast::Alternation(alternation) => {
            let nodes = alternation.asts.iter().map(node).collect::<Option<_>>()?;
            Some(Node::Alt(Alternatives::new(nodes)))
        }
        Ast::Flags(_) => None,
    }
}

/// Makes one sequence of nodes and of the sequences among them, neighbouring words joined.
pub(super) fn sequence(nodes: Vec<Node>) -> Node {
    let mut all: Vec<Node> = Vec::new();
    let parts = nodes.into_iter().flat_map(|node| match node {
        Node::Cat(parts) => parts,
        single => vec![single],
    });
    for part in parts {
        match (all.last_mut(), part) {
            (Some(Node::Word(before)), Node::Word(word)) => before.push_str(&word),
            (_, part) => all.push(part),
        }
    }
    for at in 0..all.len() {
        let (before, rest) = all.split_at_mut(at + 1);
        if let Some(Node::Gap { then, .. }) = before.last_mut() {
            *then = heads(rest).map(Box::new);
        }
    }
    Node::Cat(all)
}

fn grouped(group: &Group) -> Option<Node> {
    match &group.kind {
        GroupKind::CaptureIndex(_) => node(&group.ast),
        GroupKind::CaptureName { name, .. } => {
            let slot = (name.index as usize)
                .checked_sub(1)
                .filter(|slot| *slot < MOST_GROUPS)?;
            let node = Box::new(node(&group.ast)?);
            Some(Node::Named { slot, node })
        }
        GroupKind::NonCapturing(flags) if flags.items.is_empty() => node(&group.ast),
        // `(?-u:\b)` is how a word border is written once its meaning is narrowed to ASCII.
        GroupKind::NonCapturing(flags) => match &*group.ast {
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::WordBoundary if flags.flag_state(Flag::Unicode) == Some(false) => {
                    Some(Node::Border)
                }
                AssertionKind::StartLine if flags.flag_state(Flag::MultiLine) == Some(true) => {
                    Some(Node::LineStart)
                }
                _ => None,
            },
            _ => None,
        },
    }
}

fn anchor(assertion: &Assertion) -> Option<Node> {
    match assertion.kind {
        AssertionKind::StartLine | AssertionKind::StartText => Some(Node::Start),
        AssertionKind::EndLine | AssertionKind::EndText => Some(Node::End),
        AssertionKind::WordBoundary => Some(Node::WideBorder),
        _ => None,
    }
}

fn times(repetition: &Repetition) -> Times {
    let (least, most) = match repetition.op.kind {
        RepetitionKind::ZeroOrOne => (0, 1),
        RepetitionKind::ZeroOrMore => (0, usize::MAX),
        RepetitionKind::OneOrMore => (1, usize::MAX),
        RepetitionKind::Range(RepetitionRange::Exactly(times)) => (times as usize, times as usize),
        RepetitionKind::Range(RepetitionRange::AtLeast(least)) => (least as usize, usize::MAX),
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => (least as usize, most as usize),
    };
    Times {
        least,
        most,
        greedy: repetition.greedy,
    }
}

/// Makes a node that matches another so many times.
pub(super) fn repeated(node: Node, times: Times) -> Node {
    match node {
        Node::Set(set) => Node::Gap {
            set,
            times,
            then: None,
        },
        inner if (times.least, times.most) == (0, 1) => Node::Optional {
            node: Box::new(inner),
            greedy: times.greedy,
        },
        // A single literal is a word by now; as a set it needs no rounds.
        Node::Word(word) if word.chars().nth(1).is_none() => Node::Gap {
            set: Set::new(word.chars().map(|c| (c, c)).collect(), false),
            times,
            then: None,
        },
        inner => Node::Repeat {
            node: Box::new(inner),
            times,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Matcher;
    use crate::taxonomy::{CuePattern, Taxonomy};
    use proptest::prelude::*;
    use regex_syntax::ast::parse::Parser;
    use std::ops::Range;

    fn compile(source: &str) -> Option<Matcher> {
        Matcher::compile(&Parser::new().parse(source).expect("a regex"))
    }

    fn all_cues(taxonomy: &Taxonomy) -> Vec<&CuePattern> {
        let patterns = taxonomy.patterns.iter().flat_map(|pattern| {
            let subs = pattern
                .subs
                .iter()
                .flat_map(|sub| sub.cues.iter().chain(&sub.negative));
            pattern.cues.iter().chain(&pattern.negative).chain(subs)
        });
        let excluded = taxonomy.exclusions.iter().flat_map(|rule| &rule.cues);
        let aliases = taxonomy.systems.iter().flat_map(|system| &system.alias);
        patterns
            .chain(excluded)
            .map(|cue| &cue.pattern)
            .chain(aliases)
            .collect()
    }

    #[test]
    fn what_is_not_bounded_is_left_to_the_crate() {
        for source in [
            "a+b",
            "a*",
            "(ab){2,3}",
            "(?i)a",
            r"\B",
            "[a-z]{3,}",
            "a.{0,60}b.{0,60}c.{0,60}d",
        ] {
            assert!(compile(source).is_none(), "{source}");
        }
    }

    #[test]
    fn nearly_all_built_in_cues_are_walked() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let cues = all_cues(&taxonomy);
        let left = cues.iter().filter(|cue| !cue.is_walked()).count();
        assert!(
            left * 20 < cues.len(),
            "{left} of {} cues are left to the crate",
            cues.len()
        );
    }

    #[test]
    fn the_longest_gap_is_tried_first() {
        let found = compile("a.{0,5}b").expect("bounded").find_at("xa--b-b", 0);
        assert_eq!(found, Some(1..7));
        assert_eq!(
            compile("a.{0,5}?b").expect("bounded").find_at("xa--b-b", 0),
            Some(1..5)
        );
    }

    /// A text of the words that the built-in cues are made of, so that many of them match.
    fn speech() -> impl Strategy<Value = String> {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let needles: Vec<String> = all_cues(&taxonomy)
            .iter()
            .flat_map(|cue| cue.needles())
            .flatten()
            .cloned()
            .collect();
        let glue = prop::sample::select(vec![
            "",
            " ",
            "を",
            "の",
            "。",
            "\n",
            "お願いします",
            " to the ",
            "a_b",
            "9",
        ]);
        prop::collection::vec((prop::sample::select(needles), glue), 0..14)
            .prop_map(|pairs| pairs.into_iter().map(|(needle, glue)| needle + glue).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

        #[test]
        fn every_built_in_cue_finds_what_the_crate_finds(texts in prop::collection::vec(speech(), 8)) {
            let taxonomy = Taxonomy::builtin().expect("valid");
            for cue in all_cues(&taxonomy) {
                for text in &texts {
                    let own: Vec<Range<usize>> = cue.find_iter(text).collect();
                    let crates: Vec<Range<usize>> = cue.regex().find_iter(text).map(|found| found.range()).collect();
                    prop_assert_eq!(own, crates, "{} in {:?}", cue.source(), text);
                }
            }
        }
    }
}
