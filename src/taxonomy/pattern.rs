//! The regex of a cue: written for normalised text, checked when it is loaded, built when it is first used.
//!
//! A run that reads three tickets must not pay for five hundred matchers, so loading only parses. Perl classes are
//! narrowed to ASCII on the way: `\b` in its Unicode meaning sees no border between "vpn" and "接続".

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::Parser;
use regex_syntax::hir::translate::Translator;

use super::check;
use crate::matching::{Lost, Matcher};

/// A regex over normalised text: NFKC, ASCII in lower case, no final ー in katakana words of 4 and more.
#[derive(Debug)]
pub struct CuePattern {
    source: String,
    ascii: String,
    needles: Vec<Vec<String>>,
    linewise: bool,
    matcher: Option<Matcher>,
    built: OnceLock<Regex>,
}

/// Why a regex is refused: what is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) hint: String,
}

impl CuePattern {
    /// Reads a regex as its author wrote it and refuses what could never speak.
    pub(super) fn parse(source: &str) -> Result<Self, Refusal> {
        let ascii = to_ascii_classes(source);
        let ast = Parser::new()
            .parse(&ascii)
            .map_err(|error| syntax(source, &error.kind()))?;
        check::long_vowels_are_optional(&ast)?;
        let hir = Translator::new()
            .translate(&ascii, &ast)
            .map_err(|error| syntax(source, &error.kind()))?;
        check::matches_something(&hir)?;
        check::fits_normalised_text(&hir)?;
        Ok(Self::of(source, ascii, Matcher::compile_any(&ast)))
    }

    /// Reads a regex that a test has sent through [`CuePattern::parse`]: a tenth of the time, only what is needed to
    /// find is read.
    pub(super) fn parse_trusted(source: &str) -> Result<Self, Refusal> {
        let ascii = to_ascii_classes(source);
        let plain = Matcher::read(&ascii);
        if plain.is_some() {
            return Ok(Self::of(source, ascii, plain));
        }
        let ast = Parser::new()
            .parse(&ascii)
            .map_err(|error| syntax(source, &error.kind()))?;
        Ok(Self::of(source, ascii, Matcher::compile_any(&ast)))
    }

    fn of(source: &str, ascii: String, matcher: Option<Matcher>) -> Self {
        Self {
            source: source.to_owned(),
            ascii,
            needles: matcher.as_ref().map(Matcher::needles).unwrap_or_default(),
            linewise: matcher.as_ref().is_some_and(Matcher::stays_on_line),
            matcher,
            built: OnceLock::new(),
        }
    }

    /// Returns the regex as its author wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns sets of literals: every match holds at least one literal of each set. No set, no promise.
    ///
    /// One search for the needles of all cues tells which few of them can speak in a text. Sets are sorted and never
    /// empty.
    #[must_use]
    pub fn needles(&self) -> &[Vec<String>] {
        &self.needles
    }

    /// Says whether a text holds the needles, without which there is no occurrence to look for.
    #[must_use]
    pub fn has_needles(&self, text: &str) -> bool {
        let holds_one = |set: &Vec<String>| set.iter().any(|needle| text.contains(needle.as_str()));
        self.needles.iter().all(holds_one)
    }

    /// Returns the regex as the crate builds it, on the first call.
    #[must_use]
    pub fn regex(&self) -> &Regex {
        self.built.get_or_init(|| build(&self.ascii))
    }

    /// Says whether the regex occurs in a normalised text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.find_iter(text).next().is_some()
    }

    /// Yields the byte ranges of its occurrences in a normalised text, in order, not overlapping, none empty.
    pub fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let track = self.matcher.as_ref().map(|matcher| matcher.track(text));
        let mut from = 0;
        std::iter::from_fn(move || {
            let walked = self.matcher.as_ref().zip(track.as_ref());
            let found = match walked.map(|(matcher, track)| matcher.walk(text, from, track)) {
                Some(Ok(found)) => found,
                Some(Err(Lost)) | None => self.regex().find_at(text, from).map(|found| found.range()),
            }?;
            from = found.end;
            Some(found)
        })
    }

    /// Says whether every occurrence lies within a line and is found when the line is all there is; such a pattern
    /// need only read the lines that hold its needles.
    #[must_use]
    pub fn is_linewise(&self) -> bool {
        self.linewise
    }

    /// Returns the regex with its classes narrowed to ASCII, as it is compiled.
    #[cfg(test)]
    pub(crate) fn ascii(&self) -> &str {
        &self.ascii
    }

    /// Says whether the regex is walked by our own matcher and not left to the crate.
    #[cfg(test)]
    pub(crate) fn is_walked(&self) -> bool {
        self.matcher.is_some()
    }
}

fn syntax(source: &str, kind: &dyn std::fmt::Display) -> Refusal {
    Refusal {
        message: format!("`{source}` is no regex: {kind}"),
        hint: "the syntax is that of the Rust crate regex, which has no look-around and no back-references"
            .to_owned(),
    }
}

#[expect(
    clippy::expect_used,
    reason = "`parse` has read this very text and bounded the size of its matcher"
)]
fn build(ascii: &str) -> Regex {
    let limit = usize::MAX;
    RegexBuilder::new(ascii)
        .size_limit(limit)
        .build()
        .expect("a checked regex builds")
}

/// Narrows `\b \d \w \s` and their opposites to what normalised text is made of; all else stays as written.
fn to_ascii_classes(source: &str) -> String {
    let mut ascii = String::with_capacity(source.len() + 16);
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            ascii.push(c);
            continue;
        }
        match chars.next() {
            Some(escaped) => push_escape(&mut ascii, escaped),
            None => ascii.push('\\'),
        }
    }
    ascii
}

/// Classes nest in this syntax, so one spelling serves inside and outside of brackets.
fn push_escape(ascii: &mut String, escaped: char) {
    match escaped {
        'b' => ascii.push_str(r"(?-u:\b)"),
        'd' => ascii.push_str("[0-9]"),
        'D' => ascii.push_str("[^0-9]"),
        'w' => ascii.push_str("[0-9a-z_]"),
        'W' => ascii.push_str("[^0-9a-z_]"),
        's' => ascii.push_str(r"[\t\n\r \u{3000}]"),
        'S' => ascii.push_str(r"[^\t\n\r \u{3000}]"),
        other => {
            ascii.push('\\');
            ascii.push(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cue(source: &str) -> CuePattern {
        CuePattern::parse(source).unwrap()
    }

    fn refused(source: &str) -> Refusal {
        CuePattern::parse(source).unwrap_err()
    }

    #[test]
    fn word_borders_hold_between_latin_and_japanese() {
        assert!(cue(r"\bvpn\b").is_match("社内vpnに接続"));
        assert!(!cue(r"\borg\b").is_match("organize"));
    }

    #[test]
    fn perl_classes_are_ascii_inside_and_outside_of_brackets() {
        assert_eq!(to_ascii_classes(r"[\w.-]+\d\.\\d"), r"[[0-9a-z_].-]+[0-9]\.\\d");
        assert!(cue(r"[\w.-]+/x").is_match("a-b.c/x"));
        assert!(!cue(r"^\w+$").is_match("日本"));
        assert!(cue(r"^a[\s,]b$").is_match("a b"));
    }

    #[test]
    fn matches_are_byte_ranges_in_order() {
        let found: Vec<_> = cue("招待").find_iter("招待と招待").collect();
        assert_eq!(found, [0..6, 9..15]);
    }

    #[test]
    fn upper_case_and_full_width_are_refused() {
        assert!(refused("GitHub").message.contains("`G`"));
        assert!(refused("[A-Z]+_key").message.contains("never"));
        assert!(refused("ＶＰＮ").message.contains("`Ｖ`"));
        assert!(refused("ｻｰﾊﾞ").message.contains("`ｻ`"));
    }

    #[test]
    fn a_final_long_vowel_must_be_optional() {
        assert!(refused("サーバー(を|の)").hint.contains("サーバー?"));
        assert!(refused("(本番|エラー)").hint.contains("エラー?"));
        assert!(cue("サーバー?の").is_match("サーバの"));
        assert!(cue("サーバーレス").is_match("サーバーレス"));
    }

    #[test]
    fn a_regex_that_says_nothing_is_refused() {
        assert!(refused("(招待)?").message.contains("empty"));
        assert!(refused(r"[^\s\S]").message.contains("never"));
        assert!(refused(r"(a{1000}){1000}").message.contains("large"));
        assert!(refused(r"(招待").message.contains("no regex"));
        assert!(refused(r"\").message.contains("no regex"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in "\\PC{0,40}") {
            if let Ok(cue) = CuePattern::parse(&source) {
                let _ = cue.is_match("some text 招待");
            }
        }
    }
}
