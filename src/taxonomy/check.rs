//! What a cue's regex must be to be of any use: it can match, it can match what tickets look like once they are
//! normalised, and it stays small.
//!
//! A cue that can never speak is worse than none, for its author believes in it. These checks know regexes only;
//! where the text of a cue stands in a file is the loader's business.

use regex_syntax::ast::Ast;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::pattern::Refusal;

/// Characters that normalisation replaces: ASCII capitals, full-width forms, half-width kana, the wide space.
const REPLACED: [(char, char); 4] = [
    ('A', 'Z'),
    ('\u{ff01}', '\u{ff5e}'),
    ('\u{ff61}', '\u{ff9f}'),
    ('\u{3000}', '\u{3000}'),
];

/// Units of a matcher (about one a character or class range) above which a cue is refused: generous for prose,
/// far below what makes a matcher slow to build.
const SIZE_LIMIT: u64 = 50_000;

/// Refuses a regex that matches the empty text, matches nothing, or is too large to build.
pub(super) fn matches_something(hir: &Hir) -> Result<(), Refusal> {
    let (message, hint) = match hir.properties().minimum_len() {
        Some(0) => (
            "matches the empty text, so it would speak for every ticket",
            "make one part of it obligatory",
        ),
        None => (
            "can never match",
            "remove it, or mend the class that excludes everything",
        ),
        Some(_) if size(hir) > SIZE_LIMIT => ("is too large", "shorten its counted repetitions"),
        Some(_) => return Ok(()),
    };
    Err(refusal(format!("the regex {message}"), hint))
}

/// Refuses a regex one of whose parts waits for a character that normalised text does not have.
pub(super) fn fits_normalised_text(hir: &Hir) -> Result<(), Refusal> {
    match never_seen(hir) {
        Some(part) => Err(refusal(
            format!("`{part}` never stands in normalised text"),
            "write lower case, half-width Latin and full-width kana: that is what tickets are turned into",
        )),
        None => Ok(()),
    }
}

/// Refuses a katakana word that ends in an obligatory ー: normalisation drops it from words of 4 and more
/// characters, and any short word may be the tail of a long one (エラー in ビルドエラー).
pub(super) fn long_vowels_are_optional(ast: &Ast) -> Result<(), Refusal> {
    match final_long_vowel(ast) {
        Some(word) => Err(refusal(
            format!(
                "`{word}` misses tickets: the final ー of long katakana words is dropped before cues read them"
            ),
            &format!("write `{word}?`"),
        )),
        None => Ok(()),
    }
}

/// Says what is wrong with a plain word (a form label, a status, a concept) that is compared with normalised text.
pub(super) fn plain_word(word: &str) -> Result<(), Refusal> {
    if let Some(c) = word.chars().find(|&c| is_replaced(c)) {
        return Err(refusal(
            format!("`{word}` never stands in normalised text because of `{c}`"),
            "write lower case, half-width Latin and full-width kana",
        ));
    }
    let cut = fold_long_vowels(word);
    if cut != word {
        return Err(refusal(
            format!(
                "`{word}` never stands in normalised text, which drops the final ー of long katakana words"
            ),
            &format!("write `{cut}`"),
        ));
    }
    Ok(())
}

fn never_seen(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0)
            .chars()
            .find(|&c| is_replaced(c))
            .map(String::from),
        HirKind::Class(Class::Unicode(class)) => {
            let replaced = class
                .ranges()
                .iter()
                .all(|range| is_replaced_range(range.start(), range.end()));
            let first = class.ranges().first()?;
            replaced.then(|| format!("[{}-{}]", first.start(), first.end()))
        }
        HirKind::Repetition(repetition) => never_seen(&repetition.sub),
        HirKind::Capture(capture) => never_seen(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(never_seen),
        _ => None,
    }
}

fn final_long_vowel(ast: &Ast) -> Option<String> {
    match ast {
        Ast::Concat(concat) => {
            in_sequence(&concat.asts).or_else(|| concat.asts.iter().find_map(final_long_vowel))
        }
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(final_long_vowel),
        Ast::Group(group) => final_long_vowel(&group.ast),
        Ast::Repetition(repetition) => final_long_vowel(&repetition.ast),
        _ => None,
    }
}

/// Finds a run of katakana literals that ends in ー; a ー under a repetition is no literal and ends the run.
fn in_sequence(parts: &[Ast]) -> Option<String> {
    let mut run = String::new();
    for part in parts {
        match part {
            Ast::Literal(literal) if is_katakana(literal.c) => run.push(literal.c),
            _ if ends_long(&run) => return Some(run),
            _ => run.clear(),
        }
    }
    ends_long(&run).then_some(run)
}

/// Drops the final ー of every katakana word of 4 and more characters.
fn fold_long_vowels(word: &str) -> String {
    let runs = word.split_inclusive(|c| !is_katakana(c));
    let fold = |run: &str| {
        let word = run.trim_end_matches(|c| !is_katakana(c));
        let long = word.chars().count() >= 4 && word.ends_with('ー');
        let kept = if long { word.trim_end_matches('ー') } else { word };
        format!("{kept}{}", &run[word.len()..])
    };
    runs.map(fold).collect()
}

fn ends_long(run: &str) -> bool {
    run.ends_with('ー') && run.chars().count() >= 2
}

fn size(hir: &Hir) -> u64 {
    let of = |parts: &[Hir]| parts.iter().map(size).fold(1, u64::saturating_add);
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1));
            size(&repetition.sub).saturating_mul(u64::from(times.max(1)))
        }
        HirKind::Capture(capture) => size(&capture.sub).saturating_add(1),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => of(parts),
        _ => 1,
    }
}

fn is_replaced(c: char) -> bool {
    is_replaced_range(c, c)
}

fn is_replaced_range(start: char, end: char) -> bool {
    REPLACED.iter().any(|&(from, to)| from <= start && end <= to)
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

fn refusal(message: String, hint: &str) -> Refusal {
    Refusal {
        message,
        hint: hint.to_owned(),
    }
}
