//! Many rules over one text: a single pass tells which of them can find anything, and where.
//!
//! A ticket has ten lines and a handful of identifiers; of fifty rules three or four can speak in each. The pass
//! notes the bytes of every line and word and the needles in it (see [`Pattern::needles`](crate::matching::Pattern)).

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::kind::EntityKind;
use super::rule::{ByteSet, Reach, Rule};

/// Rules in order of precedence, at most 64.
pub(super) struct Rules {
    rules: Vec<Rule>,
    needles: AhoCorasick,
    /// For each needle, the rules that wait for it.
    speaks_for: Vec<Open>,
    /// Rules that wait for no needle.
    always: Open,
}

/// For each of the two sets of needles a rule can have, the rules whose set has been met, by their bits.
#[derive(Clone, Copy, Debug, Default)]
struct Open([u64; 2]);

impl Open {
    fn add(&mut self, other: Self) {
        self.0[0] |= other.0[0];
        self.0[1] |= other.0[1];
    }

    fn rules(self) -> u64 {
        self.0[0] & self.0[1]
    }
}

/// The lines and words of a text that hold anything at all.
pub(super) struct Scan {
    lines: Vec<Stretch>,
    words: Vec<Stretch>,
    /// Rules that are open in some stretch.
    open: u64,
}

struct Stretch {
    range: Range<usize>,
    bytes: ByteSet,
    open: Open,
}

impl Rules {
    #[expect(
        clippy::expect_used,
        reason = "the needles come from constants of this crate; a test builds the automaton"
    )]
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        let mut needles: Vec<String> = Vec::new();
        let mut speaks_for = Vec::new();
        let mut always = Open([u64::MAX; 2]);
        for (at, rule) in rules.iter().enumerate() {
            // A single byte of ASCII filters nothing that the bytes of a rule do not.
            let sets = rule
                .pattern
                .needles()
                .iter()
                .filter(|words| words.iter().all(|word| word.len() > 1));
            for (set, words) in sets.enumerate() {
                let mut open = Open::default();
                open.0[set] = 1 << at;
                always.0[set] &= !(1 << at);
                needles.extend(words.iter().cloned());
                speaks_for.extend(words.iter().map(|_| open));
            }
        }
        Self {
            needles: AhoCorasick::new(needles).expect("constant words build"),
            rules,
            speaks_for,
            always,
        }
    }

    /// Looks a text over once.
    pub(super) fn scan(&self, text: &str) -> Scan {
        let mut scan = Scan::cut(text, self.always);
        let (mut line, mut word) = (0, 0);
        for hit in self.needles.find_overlapping_iter(text) {
            let open = self.speaks_for[hit.pattern().as_usize()];
            advance(&scan.lines, &mut line, hit.end());
            advance(&scan.words, &mut word, hit.end());
            for stretch in [scan.lines.get_mut(line), scan.words.get_mut(word)]
                .into_iter()
                .flatten()
            {
                if stretch.range.start <= hit.start() {
                    stretch.open.add(open);
                }
            }
        }
        let stretches = scan.lines.iter().chain(&scan.words);
        scan.open = stretches.fold(0, |open, stretch| open | stretch.open.rules());
        scan
    }

    /// Calls back with what some of the rules find, rule by rule.
    pub(super) fn each(
        &self,
        range: Range<usize>,
        text: &str,
        scan: &Scan,
        mut found: impl FnMut(EntityKind, Range<usize>),
    ) {
        for at in range.filter(|at| scan.open >> at & 1 == 1) {
            let rule = &self.rules[at];
            let stretches = match rule.reach {
                Reach::Line => &scan.lines,
                Reach::Word => &scan.words,
            };
            for stretch in stretches {
                if stretch.open.rules() >> at & 1 == 1 && stretch.bytes.has_all(rule.bytes) {
                    rule.each(text, &stretch.range, &mut found);
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rules.len()
    }
}

/// Moves on to the first stretch that does not end before a place.
fn advance(stretches: &[Stretch], current: &mut usize, end: usize) {
    while stretches
        .get(*current)
        .is_some_and(|stretch| stretch.range.end < end)
    {
        *current += 1;
    }
}

impl Scan {
    fn cut(text: &str, always: Open) -> Self {
        let stretch = |start| Stretch {
            range: start..start,
            bytes: ByteSet::default(),
            open: always,
        };
        let (mut lines, mut words) = (Vec::new(), Vec::new());
        let (mut line, mut word) = (stretch(0), None);
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            if byte.is_ascii_graphic() {
                line.bytes.add(byte);
                word.get_or_insert_with(|| stretch(at)).bytes.add(byte);
                continue;
            }
            words.extend(word.take().map(|word| word.ending_at(at)));
            if byte == b'\n' {
                lines.push(line.ending_at(at));
                line = stretch(at + 1);
            }
        }
        words.extend(word.map(|word| word.ending_at(text.len())));
        lines.push(line.ending_at(text.len()));
        Self {
            lines,
            words,
            open: 0,
        }
    }
}

impl Stretch {
    fn ending_at(mut self, end: usize) -> Self {
        self.range.end = end;
        self
    }
}
