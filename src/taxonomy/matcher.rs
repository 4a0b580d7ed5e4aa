//! A small matcher for the regexes that cues are made of: words, bounded gaps, classes, borders.
//!
//! A short run needs most of the built-in cues, each on a few lines of text. Building 360 automata for that took two
//! thirds of the time of a report on the sample (290 of 450 ms); this matcher is built while the syntax tree is read
//! and walks it. It finds what the crate regex finds, leftmost first, which a law test holds for every built-in cue.
//! What it does not do (unbounded repetition, Unicode classes, flags) is left to the crate: see
//! [`CuePattern`](super::pattern::CuePattern).

use std::ops::Range;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassBracketed, ClassSet, ClassSetItem, Flag, Group, GroupKind,
};
use regex_syntax::ast::{Repetition, RepetitionKind, RepetitionRange};

/// Longest gap that is walked.
const LONGEST_GAP: usize = 64;
/// Most ways through the gaps of one regex from one start; more is left to the crate, whose time is linear.
const MOST_WAYS: usize = 20_000;

/// A compiled regex.
#[derive(Debug)]
pub(super) struct Matcher {
    root: Node,
    first: Option<Firsts>,
}

#[derive(Debug)]
enum Node {
    Word(String),
    Set(Set),
    /// Up to `most` characters of a set, at least `least`, as many as possible first.
    Gap {
        set: Set,
        least: usize,
        most: usize,
        greedy: bool,
    },
    Cat(Vec<Node>),
    Alt(Vec<(Option<Firsts>, Node)>),
    Optional {
        node: Box<Node>,
        greedy: bool,
    },
    Start,
    End,
    /// Between a word character of ASCII and anything else.
    Border,
}

/// Characters, or all others.
#[derive(Debug, Clone)]
struct Set {
    ranges: Vec<(char, char)>,
    negated: bool,
}

/// Which characters a match may begin with, by the low eight bits of the character.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Firsts([u64; 4]);

impl Matcher {
    /// Compiles a syntax tree; `None` if it holds something that is left to the crate.
    pub(super) fn compile(ast: &Ast) -> Option<Self> {
        let root = node(ast)?;
        (ways(&root) <= MOST_WAYS).then(|| Self {
            first: firsts(std::slice::from_ref(&root)),
            root,
        })
    }

    /// Finds the first match that begins at `from` or later.
    pub(super) fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let mut at = from;
        loop {
            if self.first.is_none_or(|first| first.may(text.as_bytes(), at))
                && let Some(end) = self.root.step(text, at, &mut Some)
            {
                return Some(at..end);
            }
            at += char_at(text, at)?.len_utf8();
        }
    }
}

impl Set {
    fn has(&self, c: char) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
            != self.negated
    }
}

impl Firsts {
    fn may(self, bytes: &[u8], at: usize) -> bool {
        let low = match bytes.get(at) {
            None => return false,
            Some(&byte) if byte < 0x80 => byte,
            // The low bits of a character stand in its last two bytes.
            Some(&byte) => {
                let last = at
                    + if byte < 0xe0 {
                        1
                    } else if byte < 0xf0 {
                        2
                    } else {
                        3
                    };
                (bytes[last - 1] & 3) << 6 | bytes[last] & 63
            }
        };
        self.0[usize::from(low >> 6)] >> (low & 63) & 1 == 1
    }

    fn of(c: char) -> Self {
        let low = (c as u32 & 0xff) as usize;
        let mut bits = [0; 4];
        bits[low >> 6] = 1 << (low & 63);
        Self(bits)
    }

    fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }
}

const NOTHING: Firsts = Firsts([0; 4]);
const ANYTHING: Firsts = Firsts([u64::MAX; 4]);

fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

impl Node {
    /// Matches at a place and goes on with `next`; returns the end of the whole match.
    fn step(&self, text: &str, at: usize, next: &mut dyn FnMut(usize) -> Option<usize>) -> Option<usize> {
        match self {
            Self::Word(word) => text.as_bytes()[at..]
                .starts_with(word.as_bytes())
                .then(|| next(at + word.len()))?,
            Self::Set(set) => {
                let c = char_at(text, at).filter(|c| set.has(*c))?;
                next(at + c.len_utf8())
            }
            Self::Gap {
                set,
                least,
                most,
                greedy,
            } => gap(text, at, set, *least..*most, *greedy, next),
            Self::Cat(nodes) => cat(nodes, text, at, next),
            Self::Alt(branches) => {
                let may = |first: &Option<Firsts>| first.is_none_or(|first| first.may(text.as_bytes(), at));
                branches
                    .iter()
                    .filter(|(first, _)| may(first))
                    .find_map(|(_, branch)| branch.step(text, at, next))
            }
            Self::Optional { node, greedy: true } => node.step(text, at, next).or_else(|| next(at)),
            Self::Optional { node, greedy: false } => next(at).or_else(|| node.step(text, at, next)),
            Self::Start => (at == 0).then(|| next(at))?,
            Self::End => (at == text.len()).then(|| next(at))?,
            Self::Border => is_border(text.as_bytes(), at).then(|| next(at))?,
        }
    }

    fn consumes_nothing(&self) -> bool {
        matches!(self, Self::Start | Self::End | Self::Border)
    }
}

fn cat(nodes: &[Node], text: &str, at: usize, next: &mut dyn FnMut(usize) -> Option<usize>) -> Option<usize> {
    match nodes {
        [] => next(at),
        [last] => last.step(text, at, next),
        [first, rest @ ..] => first.step(text, at, &mut |after| cat(rest, text, after, next)),
    }
}

fn gap(
    text: &str,
    at: usize,
    set: &Set,
    times: Range<usize>,
    greedy: bool,
    next: &mut dyn FnMut(usize) -> Option<usize>,
) -> Option<usize> {
    let mut ends = [at; LONGEST_GAP + 1];
    let mut reached = 0;
    while reached < times.end
        && let Some(c) = char_at(text, ends[reached]).filter(|c| set.has(*c))
    {
        ends[reached + 1] = ends[reached] + c.len_utf8();
        reached += 1;
    }
    let ends = ends[..=reached].get(times.start..)?;
    if greedy {
        ends.iter().rev().find_map(|end| next(*end))
    } else {
        ends.iter().find_map(|end| next(*end))
    }
}

fn is_border(bytes: &[u8], at: usize) -> bool {
    let word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    word(at.checked_sub(1)) != word(Some(at))
}

/// Counts the ways through the gaps and options of a node.
fn ways(node: &Node) -> usize {
    match node {
        Node::Word(_) | Node::Set(_) | Node::Start | Node::End | Node::Border => 1,
        Node::Gap { least, most, .. } => most - least + 1,
        Node::Cat(nodes) => nodes.iter().map(ways).fold(1, usize::saturating_mul),
        Node::Alt(branches) => branches.iter().map(|(_, branch)| ways(branch)).max().unwrap_or(1),
        Node::Optional { node, .. } => ways(node).saturating_add(1),
    }
}

/// Says what a match of a sequence may begin with; `None` if it may be empty, so that nothing can be said.
fn firsts(nodes: &[Node]) -> Option<Firsts> {
    let mut all = NOTHING;
    for node in nodes.iter().filter(|node| !node.consumes_nothing()) {
        let (own, empty) = begin(node);
        all = all.or(own);
        if !empty {
            return Some(all);
        }
    }
    None
}

/// What a node may begin with, and whether it may be empty.
fn begin(node: &Node) -> (Firsts, bool) {
    let of_set = |set: &Set| match (set.negated, &set.ranges[..]) {
        (false, ranges) if ranges.iter().all(|(a, b)| *b as u32 - (*a as u32) < 256) => ranges
            .iter()
            .flat_map(|(a, b)| *a..=*b)
            .map(Firsts::of)
            .fold(NOTHING, Firsts::or),
        _ => ANYTHING,
    };
    match node {
        Node::Word(word) => word
            .chars()
            .next()
            .map_or((NOTHING, true), |c| (Firsts::of(c), false)),
        Node::Set(set) => (of_set(set), false),
        Node::Gap { set, least, .. } => (of_set(set), *least == 0),
        Node::Cat(nodes) => firsts(nodes).map_or((ANYTHING, true), |firsts| (firsts, false)),
        Node::Alt(branches) => branches
            .iter()
            .map(|(_, branch)| begin(branch))
            .fold((NOTHING, false), |a, b| (a.0.or(b.0), a.1 || b.1)),
        Node::Optional { node, .. } => (begin(node).0, true),
        Node::Start | Node::End | Node::Border => (NOTHING, true),
    }
}

fn node(ast: &Ast) -> Option<Node> {
    match ast {
        Ast::Empty(_) => Some(Node::Cat(Vec::new())),
        Ast::Literal(literal) => Some(Node::Word(literal.c.to_string())),
        Ast::Dot(_) => Some(Node::Set(Set {
            ranges: vec![('\n', '\n')],
            negated: true,
        })),
        Ast::ClassBracketed(class) => Some(Node::Set(set(class)?)),
        Ast::Repetition(repetition) => repeated(repetition),
        Ast::Group(group) => grouped(group),
        Ast::Assertion(assertion) => anchor(assertion),
        Ast::Concat(concat) => Some(Node::Cat(joined(
            concat.asts.iter().map(node).collect::<Option<_>>()?,
        ))),
        Ast::Alternation(alternation) => {
            let branch = |ast| node(ast).map(|node| (firsts(std::slice::from_ref(&node)), node));
            Some(Node::Alt(
                alternation.asts.iter().map(branch).collect::<Option<_>>()?,
            ))
        }
        Ast::Flags(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => None,
    }
}

/// Joins neighbouring words.
fn joined(nodes: Vec<Node>) -> Vec<Node> {
    let mut all: Vec<Node> = Vec::new();
    for node in nodes {
        match (all.last_mut(), node) {
            (Some(Node::Word(before)), Node::Word(word)) => before.push_str(&word),
            (_, node) => all.push(node),
        }
    }
    all
}

fn grouped(group: &Group) -> Option<Node> {
    match &group.kind {
        GroupKind::CaptureIndex(_) | GroupKind::CaptureName { .. } => node(&group.ast),
        GroupKind::NonCapturing(flags) if flags.items.is_empty() => node(&group.ast),
        // `(?-u:\b)` is how a word border is written once its meaning is narrowed to ASCII.
        GroupKind::NonCapturing(flags) => match &*group.ast {
            Ast::Assertion(assertion)
                if assertion.kind == AssertionKind::WordBoundary
                    && flags.flag_state(Flag::Unicode) == Some(false) =>
            {
                Some(Node::Border)
            }
            _ => None,
        },
    }
}

fn anchor(assertion: &Assertion) -> Option<Node> {
    match assertion.kind {
        AssertionKind::StartLine | AssertionKind::StartText => Some(Node::Start),
        AssertionKind::EndLine | AssertionKind::EndText => Some(Node::End),
        _ => None,
    }
}

fn repeated(repetition: &Repetition) -> Option<Node> {
    let (least, most) = match repetition.op.kind {
        RepetitionKind::ZeroOrOne => (0, 1),
        RepetitionKind::Range(RepetitionRange::Exactly(times)) => (times, times),
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => (least, most),
        RepetitionKind::ZeroOrMore
        | RepetitionKind::OneOrMore
        | RepetitionKind::Range(RepetitionRange::AtLeast(_)) => return None,
    };
    let (least, most, greedy) = (least as usize, most as usize, repetition.greedy);
    match node(&repetition.ast)? {
        Node::Set(set) if most <= LONGEST_GAP => Some(Node::Gap {
            set,
            least,
            most,
            greedy,
        }),
        inner if (least, most) == (0, 1) => Some(Node::Optional {
            node: Box::new(inner),
            greedy,
        }),
        _ => None,
    }
}

fn set(class: &ClassBracketed) -> Option<Set> {
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    let mut ranges = Vec::new();
    push_ranges(item, &mut ranges)?;
    Some(Set {
        ranges,
        negated: class.negated,
    })
}

fn push_ranges(item: &ClassSetItem, ranges: &mut Vec<(char, char)>) -> Option<()> {
    match item {
        ClassSetItem::Literal(literal) => ranges.push((literal.c, literal.c)),
        ClassSetItem::Range(range) => ranges.push((range.start.c, range.end.c)),
        ClassSetItem::Union(union) => union
            .items
            .iter()
            .try_for_each(|item| push_ranges(item, ranges))?,
        ClassSetItem::Bracketed(class) if !class.negated => {
            let ClassSet::Item(item) = &class.kind else {
                return None;
            };
            push_ranges(item, ranges)?;
        }
        ClassSetItem::Empty(_) => {}
        ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Perl(_)
        | ClassSetItem::Bracketed(_) => return None,
    }
    Some(())
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
            r"\p{Han}",
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
