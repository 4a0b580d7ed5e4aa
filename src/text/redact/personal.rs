//! Numbers and lines that belong to a person or a customer: postal codes, addresses, My Number, ids.
//!
//! Telephone numbers are entities and so not in here. A number of twelve digits is a My Number only next to
//! the word, for AWS accounts have as many.

use std::ops::Range;
use std::sync::LazyLock;

use crate::matching::Pattern;
use crate::text::entity::{is_my_number, values};

/// Digits from which a number outside a date is taken for the id of a customer.
static LONG_NUMBER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("[0-9]{8,}"));
static POSTAL: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:〒|郵便番号)\s?[:=]?\s?(?P<postal>[0-9]{3}-?[0-9]{4})"));
/// A Japanese address down to its numbers: 見本市港町1-2-3.
static ADDRESS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\p{Han}{1,12}[市区町村][\p{Han}ぁ-ゖァ-ヺー]{1,15}[0-9]{1,4}(?:丁目|番地?|号|-[0-9])[0-9丁目番地号の-]*",
    )
});
static TWELVE_DIGITS: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}"));

/// Calls back with each personal number or address of a normalised text and its placeholder.
pub(super) fn hide(text: &str, mut hidden: impl FnMut(Range<usize>, &'static str)) {
    if text.contains('〒') || text.contains("郵便番号") {
        values(&POSTAL, text).for_each(|range| hidden(range, "〔postal〕"));
    }
    if text.contains(['市', '区', '町', '村']) {
        ADDRESS.find_iter(text).for_each(|hit| hidden(hit, "〔address〕"));
    }
    let twelve_digits = TWELVE_DIGITS.find_iter(text);
    twelve_digits
        .filter(|range| is_my_number(text, range))
        .for_each(|range| hidden(range, "〔my-number〕"));
}

/// Finds long numbers that stand by themselves, which are ids of customers unless something else claims them.
pub(super) fn long_numbers(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bound = |byte: Option<&u8>| {
        byte.is_some_and(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'#' | b'@' | b'=')
        })
    };
    LONG_NUMBER.find_iter(text).filter(move |range| {
        let bytes = text.as_bytes();
        let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
        !bound(before) && !bound(bytes.get(range.end))
    })
}

/// Finds what begins with one of the prefixes that the user named for customer ids.
pub(super) fn prefixed<'a>(text: &'a str, prefixes: &'a [String]) -> impl Iterator<Item = Range<usize>> + 'a {
    prefixes.iter().flat_map(move |prefix| {
        text.match_indices(prefix.as_str())
            .filter_map(move |(start, found)| {
                let tail = &text[start + found.len()..];
                let length = tail
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
                    .unwrap_or(tail.len());
                (length > 0).then(|| start..start + found.len() + length)
            })
    })
}
