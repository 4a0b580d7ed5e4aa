//! Who gets a stretch of text when several recognisers want it: the first to ask.
//!
//! The order of asking is the order of precedence, so a mail asked for before handles keeps the handle
//! inside it. Every answer costs a logarithm, also in a body of five megabytes.

use std::collections::BTreeMap;
use std::ops::Range;

/// Ranges of a text that are taken, each with what it was taken for.
#[derive(Debug)]
pub(crate) struct Claims<T> {
    /// start -> (end, what for)
    taken: BTreeMap<usize, (usize, T)>,
}

impl<T> Claims<T> {
    pub(crate) fn new() -> Self {
        Self {
            taken: BTreeMap::new(),
        }
    }

    /// Takes a range unless it is empty or a part of it is taken.
    pub(crate) fn claim(&mut self, range: Range<usize>, what: T) {
        if !range.is_empty() && self.is_free(&range) {
            self.taken.insert(range.start, (range.end, what));
        }
    }

    /// Tells whether no part of a range is taken.
    pub(crate) fn is_free(&self, range: &Range<usize>) -> bool {
        let before = self.taken.range(..range.end).next_back();
        before.is_none_or(|(_, &(end, _))| end <= range.start)
    }

    /// The taken ranges in order of their start.
    pub(crate) fn into_sorted(self) -> impl Iterator<Item = (Range<usize>, T)> {
        self.taken
            .into_iter()
            .map(|(start, (end, what))| (start..end, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_claim_wins_and_neighbours_may_touch() {
        let mut claims = Claims::new();
        claims.claim(5..10, 'a');
        claims.claim(9..12, 'b');
        claims.claim(0..6, 'b');
        claims.claim(0..20, 'b');
        claims.claim(3..3, 'b');
        claims.claim(10..12, 'c');
        claims.claim(0..5, 'd');
        let kept: Vec<char> = claims.into_sorted().map(|(_, what)| what).collect();
        assert_eq!(kept, ['d', 'a', 'c']);
    }
}
