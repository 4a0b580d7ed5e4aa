//! A recognition rule: a pattern, the cheap test that spares most texts the pattern, and a guard.
//!
//! Patterns are over normalised text and ASCII classes: `\b` in its Unicode sense sees no border between
//! a Latin name and the kana that follows it, which is where most names in Japanese tickets end.

use std::ops::Range;

use regex::Regex;

use super::kind::EntityKind;

/// Characters of which one must occur in a text for a rule to be worth trying.
pub(super) type Gate = &'static [u8];

/// One way to recognise a kind of entity.
pub(super) struct Rule {
    pub(super) kind: EntityKind,
    /// Every one of these bytes occurs in a text that the pattern can match.
    gate: Gate,
    pattern: Regex,
    /// Confirms a match and may narrow it; sees the whole text, so it may look around.
    guard: fn(&str, Range<usize>) -> Option<Range<usize>>,
}

impl Rule {
    pub(super) fn new(
        kind: EntityKind,
        gate: Gate,
        pattern: &str,
        guard: fn(&str, Range<usize>) -> Option<Range<usize>>,
    ) -> Self {
        Self {
            kind,
            gate,
            pattern: compile(pattern),
            guard,
        }
    }

    /// Calls back with each confirmed match, in order.
    pub(super) fn each(&self, text: &str, seen: &ByteSet, mut found: impl FnMut(EntityKind, Range<usize>)) {
        if !self.gate.iter().all(|&byte| seen.has(byte)) {
            return;
        }
        for hit in self.pattern.find_iter(text) {
            if let Some(range) = (self.guard)(text, hit.range()) {
                found(self.kind, range);
            }
        }
    }
}

/// The ASCII bytes of a text; any digit counts as `0`.
pub(super) struct ByteSet(u128);

impl ByteSet {
    pub(super) fn of(text: &str) -> Self {
        let mut set = 0;
        for byte in text.bytes().filter(u8::is_ascii) {
            set |= 1 << if byte.is_ascii_digit() { b'0' } else { byte };
        }
        Self(set)
    }

    fn has(&self, byte: u8) -> bool {
        self.0 & (1 << byte) != 0
    }
}

/// Compiles a pattern of this module.
#[expect(
    clippy::expect_used,
    reason = "patterns are constants of this crate; a test compiles every one"
)]
pub(crate) fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern compiles")
}

/// Gives the ranges of one capture group over all matches, in order.
pub(crate) fn group<'a>(
    pattern: &'a Regex,
    text: &'a str,
    group: usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    pattern
        .captures_iter(text)
        .filter_map(move |captures| captures.get(group).map(|hit| hit.range()))
}
