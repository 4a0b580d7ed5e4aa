//! Which of the words that a ticket says for a field are values of it, from the surest words down.

use super::seen::{Grade, Said};
use super::shape::Sieve;

/// What a field finds in what a ticket says for its slot.
pub(super) enum Fitting {
    /// Distinct values that fit, of one grade.
    Values(Vec<String>, Grade),
    /// The instant that a day in a form field stands for, and the words for it.
    Day(String, String),
    /// Words that ask for what no row may give.
    Refused(String, Grade),
    Nothing,
}

/// The values that words stand for: one, or each of a list that a form field was answered with.
fn fit_each(sieve: &Sieve<'_>, words: &str, grade: Grade) -> Vec<String> {
    let one = sieve.fit(words);
    if one.is_some() || grade != Grade::Answered {
        return one.into_iter().collect();
    }
    let parts = words.split([',', '、', '，', '､', ';']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let values: Option<Vec<String>> = parts.map(|part| sieve.fit(part)).collect();
    values.unwrap_or_default()
}

/// Puts longer words in the place of their pieces where they are a value as they are.
fn whole(sieve: &Sieve<'_>, words: &[String], said: &Said) -> Vec<String> {
    let mut words = words.to_vec();
    let fitting = said
        .wholes
        .iter()
        .filter(|whole| sieve.fit_whole(&whole.words).is_some());
    for whole in fitting {
        let Some(at) = words.iter().position(|word| whole.pieces.contains(word)) else {
            continue;
        };
        words[at].clone_from(&whole.words);
        let mut place = 0..;
        words.retain(|word| place.next() == Some(at) || !whole.pieces.contains(word));
    }
    words
}

/// Looks for values from the surest grade on, down to the first that has one or asks for too much.
pub(super) fn fitting(sieve: &Sieve<'_>, said: &Said) -> Fitting {
    let mut wholes = said.wholes.iter();
    if let Some(strong) = wholes.find(|whole| sieve.refuses(&whole.words)) {
        return Fitting::Refused(strong.words.clone(), Grade::Answered);
    }
    for (words, grade) in said.grades() {
        let words = &whole(sieve, words, said);
        if words.iter().any(|words| sieve.refuses(words)) {
            return Fitting::Refused(words.join(" / "), grade);
        }
        let mut values: Vec<String> = Vec::new();
        for value in words.iter().flat_map(|words| fit_each(sieve, words, grade)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if !values.is_empty() {
            return Fitting::Values(values, grade);
        }
        // In free text a day may be any day: that of the request, of joining, of a meeting.
        if let (Grade::Answered, [words]) = (grade, words.as_slice())
            && let Some(value) = sieve.day(words)
        {
            return Fitting::Day(value, words.clone());
        }
    }
    Fitting::Nothing
}
