//! A regex that stands in the source of this crate: walked, and left to the crate regex where that takes too long.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::Regex;
use regex_syntax::ast::parse::Parser;

use super::matcher::{Lost, MOST_GROUPS, Matcher};

/// A constant regex. Finds what the crate regex finds, and pays for building that only on tangled or hostile text.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    matcher: Matcher,
    needles: Vec<Vec<String>>,
    /// Finds the rarest of the needles; `None` if there are none.
    gate: OnceLock<Option<AhoCorasick>>,
    built: OnceLock<Regex>,
}

/// An occurrence: where it lies, and its named groups in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) whole: Range<usize>,
    pub(crate) groups: [Option<Range<usize>>; MOST_GROUPS],
}

impl Pattern {
    /// Reads a regex that stands in the source. A test of every file that has one reads it, so a faulty one cannot ship.
    #[expect(clippy::expect_used, reason = "the source is a constant that a test reads")]
    pub(crate) fn new(source: &str) -> Self {
        let matcher = Matcher::read(source).unwrap_or_else(|| {
            let ast = Parser::new().parse(source).expect("a constant regex is one");
            Matcher::compile_any(&ast).expect("a constant regex can be walked")
        });
        Self {
            source: source.to_owned(),
            needles: matcher.needles(),
            matcher,
            gate: OnceLock::new(),
            built: OnceLock::new(),
        }
    }

    /// Returns sets of literals: every match holds at least one literal of each set.
    pub(crate) fn needles(&self) -> &[Vec<String>] {
        &self.needles
    }

    /// Says whether a text holds what no occurrence can do without: one search, for a regex that may begin nearly
    /// anywhere and a text that hardly ever has it.
    pub(crate) fn may_occur(&self, text: &str) -> bool {
        let gate = self
            .gate
            .get_or_init(|| AhoCorasick::new(self.needles.first()?).ok());
        gate.as_ref().is_none_or(|gate| gate.is_match(text))
    }

    /// Says whether it occurs in a text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Finds its first occurrence.
    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.find_iter(text).next()
    }

    /// Yields its occurrences in order, not overlapping. No constant regex matches nothing, so none is empty.
    pub(crate) fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.each(text).map(|found| found.whole)
    }

    /// Yields its occurrences with the places of its named groups, which are no other groups than those.
    pub(crate) fn each<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Found> + 't {
        let track = self.matcher.track(text);
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = match self.matcher.walk(text, from, &track) {
                Ok(whole) => Found {
                    whole: whole?,
                    groups: std::array::from_fn(|index| track.group(index)),
                },
                Err(Lost) => self.look_up(text, from)?,
            };
            from = found.whole.end;
            Some(found)
        })
    }

    fn look_up(&self, text: &str, from: usize) -> Option<Found> {
        let captures = self.regex().captures_at(text, from)?;
        let group = |index| captures.get(index).map(|group| group.range());
        Some(Found {
            whole: group(0)?,
            groups: std::array::from_fn(|index| group(index + 1)),
        })
    }

    /// Returns the regex as the crate builds it, on the first call.
    #[expect(clippy::expect_used, reason = "the source is a constant that a test builds")]
    pub(crate) fn regex(&self) -> &Regex {
        self.built
            .get_or_init(|| Regex::new(&self.source).expect("a constant regex is one"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Regexes with everything that can be walked.
    const SOURCES: &[&str] = &[
        r"(?P<key>[a-c]+)=(?P<value>\w*?)(?:;|$)",
        r"^(?:@[^ ]+ *(?:さん|様)?[ 、,]*)*(?:a|b)",
        r"(?m:^)[^\n]{0,3}a(?-u:\b)",
        r"\p{Han}{1,2}(?:々|\s)*\d+",
        "(?:a(?:b|c)?)+,?b{2,}",
        "(?:ab|a)(?:c|bcd)(?:d*)",
    ];

    fn as_the_crate_finds(pattern: &Pattern, text: &str) -> Vec<Found> {
        let group = |captures: &regex::Captures<'_>, index| captures.get(index).map(|group| group.range());
        let captures = pattern.regex().captures_iter(text);
        let found = captures.map(|captures| Found {
            whole: group(&captures, 0).unwrap_or_default(),
            groups: std::array::from_fn(|index| group(&captures, index + 1)),
        });
        found.collect()
    }

    #[test]
    fn what_takes_too_many_steps_is_left_to_the_crate() {
        let pattern = Pattern::new("^(?:@[^ ]+)*$");
        let text = "@".repeat(200) + " ";
        assert!(!pattern.is_match(&text));
        assert!(pattern.built.get().is_some());
        let pattern = Pattern::new("^(?:ab)+$");
        assert!(pattern.is_match(&"ab".repeat(2_000_000)));
        assert!(pattern.built.get().is_some());
    }

    proptest! {
        #[test]
        fn what_occurs_may_occur(text in "[a-d@=;, \n様さん権々3_]{0,16}") {
            for source in SOURCES {
                let pattern = Pattern::new(source);
                prop_assert!(pattern.may_occur(&text) || !pattern.is_match(&text), "{}", source);
            }
        }

        #[test]
        fn everything_is_found_as_the_crate_finds_it(text in "[a-d@=;, \n様さん権々3_]{0,16}") {
            for source in SOURCES {
                let pattern = Pattern::new(source);
                let own: Vec<Found> = pattern.each(&text).collect();
                prop_assert_eq!(own, as_the_crate_finds(&pattern, &text), "{}", source);
            }
        }
    }
}
