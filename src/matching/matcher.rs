//! A matcher for regexes made of words, gaps, classes and borders, ready as soon as their syntax is read.
//!
//! A short run needs most of the built-in regexes, each on a few lines of text. Building automata for them took most
//! of the time of a report on the sample; this matcher is the syntax tree, and walks it. It finds what the crate regex
//! finds, leftmost first, which law tests hold for every regex of this crate. Walking may go back and try again,
//! so either the ways through a regex are few or the steps are counted ([`Matcher::track`]).

use std::cell::Cell;
use std::ops::Range;

use regex_syntax::ast::Ast;

use super::heads::{Heads, Here, heads};
use super::node::{Node, is_anchored, ways};
use super::walk::{Track, Walk, char_len};
use super::{lines, needles, syntax, tree};

/// Most ways through the gaps of one regex from one start; more is left to the crate, whose time is linear.
const MOST_WAYS: usize = 20_000;
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

/// More steps were needed than granted.
#[derive(Debug, PartialEq)]
pub(crate) struct Lost;

impl Matcher {
    /// Compiles a regex that is written plainly, without its syntax tree; `None` tells nothing.
    pub(crate) fn read(source: &str) -> Option<Self> {
        syntax::read(source).map(Self::of)
    }

    /// Compiles a syntax tree; `None` if it cannot be walked.
    pub(crate) fn compile_any(ast: &Ast) -> Option<Self> {
        tree::node(ast).map(Self::of)
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
