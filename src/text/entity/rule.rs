//! A recognition rule: a pattern, the stretches of text that it is tried on, and a guard.
//!
//! Patterns are over normalised text and ASCII classes: `\b` in its Unicode sense sees no border between
//! a Latin name and the kana that follows it, which is where most names in Japanese tickets end. No pattern
//! goes past the end of a line, which is what lets a text be tried piece by piece.

use std::ops::Range;

use super::kind::EntityKind;
use crate::matching::Pattern;

/// Looks at a match in its text: confirms it, narrows it or turns it down.
pub(super) type Guard = fn(&str, Range<usize>) -> Option<Range<usize>>;

/// One way to recognise a kind of entity.
pub(super) struct Rule {
    pub(super) kind: EntityKind,
    /// Every one of these bytes occurs in what the pattern can match.
    pub(super) bytes: ByteSet,
    pub(super) reach: Reach,
    pub(super) pattern: Pattern,
    guard: Guard,
}

/// What a match may lie across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Visible ASCII characters only.
    Word,
    /// Anything but a line break.
    Line,
}

impl Rule {
    /// A rule whose matches lie in one line.
    pub(super) fn new(kind: EntityKind, bytes: &[u8], pattern: &str, guard: Guard) -> Self {
        Self {
            kind,
            bytes: ByteSet::of(bytes),
            reach: Reach::Line,
            pattern: Pattern::new(pattern),
            guard,
        }
    }

    /// A rule whose matches hold no blank and nothing but ASCII.
    pub(super) fn in_word(kind: EntityKind, bytes: &[u8], pattern: &str, guard: Guard) -> Self {
        Self {
            reach: Reach::Word,
            ..Self::new(kind, bytes, pattern, guard)
        }
    }

    /// Calls back with each confirmed match in a stretch of a text, in order.
    pub(super) fn each(
        &self,
        text: &str,
        stretch: &Range<usize>,
        mut found: impl FnMut(EntityKind, Range<usize>),
    ) {
        for hit in self.pattern.find_iter(&text[stretch.clone()]) {
            let range = stretch.start + hit.start..stretch.start + hit.end;
            if let Some(range) = (self.guard)(text, range) {
                found(self.kind, range);
            }
        }
    }
}

/// A set of ASCII bytes; any digit counts as `0`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ByteSet(u128);

impl ByteSet {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut set = Self::default();
        bytes
            .iter()
            .filter(|byte| byte.is_ascii())
            .for_each(|&byte| set.add(byte));
        set
    }

    /// Adds a byte of ASCII.
    pub(super) fn add(&mut self, byte: u8) {
        self.0 |= 1 << if byte.is_ascii_digit() { b'0' } else { byte };
    }

    pub(super) fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Gives the ranges of the first named group over all matches, in order.
pub(crate) fn values<'a>(pattern: &'a Pattern, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    pattern.each(text).filter_map(|found| {
        let [value, ..] = found.groups;
        value
    })
}
